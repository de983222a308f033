/*
 * Examples and scenarios: tests that are written in the language by those who write the rules.
 *
 *   given visit                          facts, read by the fields' types as an import would
 *   | visit_ref | rate            |
 *   | VS1       | £22.59 per hour |      an empty cell is a missing fact
 *   expect V1 fails for visit VS1        a verdict about one subject
 *   expect payable for visit VS1 is £5   a value
 *
 * The window of a scenario is the smallest span of all dates in its facts, unless it says
 * otherwise (S94); which rules run depends on the datasets given, and is the runner's to decide
 * (S93).
 *
 * A scenario is a small database, a window and what is expected of it. It is checked as strictly
 * as data are read: a figure that no column could hold, or a code that no list has, is told at
 * its cell. What is not given is missing, and never taken for zero (law 4).
 */
#define _GNU_SOURCE
#include "dsl/checker.h"

#include <string.h>

#include "base/civil.h"

/* ---- examples */

/* `L is R` keeps both sides, so that a failing example shows what came out. S96: parameters at
 * the `on` date, the first day of the version under test when none is said. The comparison is
 * exact. */
void check_example(Checker *c, const Ast *ast)
{
	Scope scope;
	scope_begin(&scope);
	Example out = {.decl = decl_of(c, ast), .on = c->book->contract.from};
	if (c->life.from > 0)
		out.on = c->book->contract.ver[c->life.from].from;
	Expr *claim = check_expr(c, &scope, ast->a, NULL);
	if (is_error(claim))
		return;
	if (claim->type.kind != TYPE_YES_NO) {
		DiagRef diag = diag_add(c->diags, DIAG_EXAMPLE_FORM, ast->a->at,
			"an example is an expression that must be yes");
		diag_here(diag, "this is %.*s", STR_ARG(phrase(c, claim->type)));
		diag_help(diag, "write what it is: %.*s is …",
			STR_ARG(source_text(&c->comp->sources, ast->a->at)));
		return;
	}
	out.claim = claim;
	if (claim->op == EXPR_COMPARE && claim->how == COMPARE_EQ) {
		out.left = claim->arg[0];
		out.right = claim->arg[1];
	}
	day_literal(ast->b, &out.on);
	out.nslots = scope.nslots;
	*list_push(c, &c->example) = out;
}

/* ---- given: facts as a table of raw cells */

/* The lists grow here and are handed to the scenario at the end. */
typedef struct ScenarioWork {
	const Ast *ast;
	Scenario out;
	LIST(Given) given;
	LIST(Override) with;
	LIST(Expect) expect;
	int32_t least, most;   /* days met; least > most: none */
} ScenarioWork;

/* Facts are typed in by hand, so the message shows how such a fact is written. */
static void bad_cell(Checker *c, const Ast *cell, const Field *field, const char *like)
{
	DiagRef diag = diag_add(c->diags, DIAG_GIVEN_CELL, cell->at, "this cannot be read as %.*s",
		STR_ARG(phrase(c, field->type)));
	diag_label(diag, field->at, "the field is declared here");
	if (like != NULL)
		diag_help(diag, "write it like %s", like);
}

/* Moments count by their local date (S4). Every date in the facts counts, a birthday too; who
 * does not want that writes `audit from`. */
static void saw_day(ScenarioWork *work, int64_t day)
{
	if (day < work->least)
		work->least = (int32_t)day;
	if (day > work->most)
		work->most = (int32_t)day;
}

/* The fact must be whole at the field's denominator: a column could not hold it otherwise, and
 * nothing rounds by itself. Units must be written: 30 alone is neither minutes nor hours, though
 * a column would know. */
static bool read_quantity(const Field *field, Str text, int64_t *n)
{
	Type type;
	Ratio value;
	if (!quantity_read(text, &type, &value) || !unit_same(type.unit, field->type.unit))
		return false;
	if (unit_none(type.unit) && (type.form == FORM_PERCENT) != (field->type.form == FORM_PERCENT))
		return false;
	if (!ratio_mul(value, (Ratio){field->type.scale, 1}, &value) || value.d != 1 ||
			!fits64(value.n) || (field->type.form == FORM_COUNT && value.n < 0))
		return false;
	*n = (int64_t)value.n;
	return true;
}

/* As rules write codes, or as the database spells them. Both spellings, as facts are often pasted
 * from an export. */
static bool read_code(Checker *c, const Ast *cell, const Field *field, CellValue *out)
{
	const CodeList *codes = &c->codes.at[field->type.ref];
	int32_t code = code_index(codes, cell->text);
	for (int32_t i = 0; i < codes->n && code < 0; i++)
		if (str_eq(codes->spelling[i], cell->text))
			code = i;
	out->n = code;
	if (code >= 0)
		return true;
	Nearest nearest;
	nearest_start(&nearest, cell->text);
	for (int32_t i = 0; i < codes->n; i++)
		nearest_try(&nearest, codes->code[i]);
	suggest_best(diag_add(c->diags, DIAG_GIVEN_CELL, cell->at, "the field has no code %.*s",
		STR_ARG(cell->text)), &nearest);
	return false;
}

/* In full, as rules write them. */
static bool read_weekday(Str text, int64_t *n)
{
	for (int i = 0; i < 7; i++)
		if (str_eq(text, str_of(weekday_names[i]))) {
			*n = i;
			return true;
		}
	return false;
}

/* Dates as the language writes them too: 1 September 2025. The months' names are looked for in
 * the middle, so neither order of blanks nor a leading zero matters. */
static bool read_day(Str text, int32_t *day)
{
	if (day_parse(text, day) == READ_OK)
		return true;
	Buf buf = {0};
	bool found = false;
	for (int m = 0; m < 12 && !found; m++) {
		Str month = str_of(month_names[m]);
		const char *at = memmem(text.ptr, text.len, month.ptr, month.len);
		if (at == NULL)
			continue;
		size_t before = (size_t)(at - text.ptr);
		Str d = str_trim((Str){text.ptr, before});
		Str y = str_trim((Str){at + month.len, text.len - before - month.len});
		buf_printf(&buf, "%.*s-%02d-%s%.*s", STR_ARG(y), m + 1, d.len == 1 ? "0" : "", STR_ARG(d));
		found = day_parse(buf_view(&buf), day) == READ_OK;
		break;
	}
	buf_free(&buf);
	return found;
}

/* Local time unless it says otherwise, as in the database. S40: in the hour that autumn repeats
 * it is the first, unless an offset is given. */
static bool read_moment(Str text, int64_t *n)
{
	ClockFold fold;
	bool offset, cut;
	return moment_parse(text, n, &fold, &offset, &cut) == READ_OK;
}

/* Hours and minutes, seconds if need be. */
static bool read_clock(Str text, int64_t *n)
{
	int32_t seconds;
	bool cut;
	if (clock_parse(text, &seconds, &cut) != READ_OK)
		return false;
	*n = seconds;
	return true;
}

/* Those two words alone. */
static bool read_yes_no(Str text, int64_t *n)
{
	*n = str_eq(text, STR("yes"));
	return *n == 1 || str_eq(text, STR("no"));
}

/* A cell that holds a fact of one kind; *like is how such a fact is written. Each case says first
 * what such a fact looks like, for the message should it not be one. */
static bool read_fact(ScenarioWork *work, const Field *field, Str text, CellValue *out,
	const char **like)
{
	int32_t day = 0;
	bool good = true;
	switch ((int)field->type.kind) {
	case TYPE_DATE:
		*like = "2025-09-01";
		good = read_day(text, &day);
		out->n = day;
		break;
	case TYPE_MOMENT:
		*like = "2025-09-01 08:02";
		good = read_moment(text, &out->n);
		day = good ? moment_day(out->n) : 0;
		break;
	case TYPE_CLOCK: *like = "08:00"; return read_clock(text, &out->n);
	case TYPE_WEEKDAY: *like = "Monday"; return read_weekday(text, &out->n);
	case TYPE_YES_NO: *like = "yes or no"; return read_yes_no(text, &out->n);
	case TYPE_QUANTITY: *like = NULL; return read_quantity(field, text, &out->n);
	default: return true;
	}
	if (good)
		saw_day(work, day);
	return good;
}

/* NULL where no example would help. */
static const char *quantity_like(Type type)
{
	if (unit_same(type.unit, unit_of(DIM_TIME)))
		return "30 minutes";
	if (unit_same(type.unit, unit_of(DIM_MONEY)))
		return "£22.59";
	if (unit_same(type.unit, unit_over(unit_of(DIM_MONEY), unit_of(DIM_TIME))))
		return "£22.59 per hour";
	return unit_none(type.unit) && type.form == FORM_PERCENT ? "7.5%" : NULL;
}

/* In error the fact is missing, which keeps the rest of the scenario readable. S25: an empty cell
 * is a missing fact. Texts are normalised as those of the database are. */
static CellValue read_cell(Checker *c, ScenarioWork *work, const Ast *cell, const Field *field)
{
	CellValue out = {.known = cell->text.len > 0, .at = cell->at};
	const char *like = NULL;
	if (!out.known || field->type.kind == TYPE_ERROR)
		return out;
	out.text = cell->text;
	if (field->type.kind == TYPE_TEXT)
		out.text = utf8_nfc(c->arena, cell->text);
	if (field->type.kind == TYPE_CODE) {
		out.known = read_code(c, cell, field, &out);
	} else if (!read_fact(work, field, cell->text, &out, &like)) {
		bad_cell(c, cell, field, like != NULL ? like : quantity_like(field->type));
		out.known = false;
	} else if (field->has_range && (out.n < field->least || out.n > field->most)) {
		diag_label(diag_add(c->diags, DIAG_GIVEN_CELL, cell->at,
			"%.*s is not within the field's range", STR_ARG(cell->text)), field->at,
			"the range is here");
		out.known = false;
	}
	return out;
}

/* Rows and cells hang together by `next`. */
static int32_t count_list(const Ast *first)
{
	int32_t n = 0;
	for (; first != NULL; first = first->next)
		n++;
	return n;
}

/* Derived fields cannot be given: they follow from the facts. One complaint a column; its cells
 * are not read. */
static int32_t header_field(Checker *c, int32_t dataset, const Ast *cell)
{
	const Member *member = member_find(c, dataset, cell->text);
	if (member != NULL && member->kind == MEMBER_FIELD) {
		const Field *field = &c->info.at[dataset].field.at[member->index];
		if (!field_follows(field))
			return member->index;
		diag_add(c->diags, DIAG_GIVEN_UNKNOWN, cell->at,
			"%.*s follows from other fields of the row; give these", STR_ARG(cell->text));
		return -1;
	}
	Nearest nearest;
	nearest_start(&nearest, cell->text);
	for (int32_t i = 0; i < c->info.at[dataset].field.n; i++)
		nearest_try(&nearest, c->info.at[dataset].field.at[i].name);
	suggest_best(diag_add(c->diags, DIAG_GIVEN_UNKNOWN, cell->at, "%.*s has no field %.*s",
		STR_ARG(c->dataset.at[dataset].decl.name), STR_ARG(cell->text)), &nearest);
	return -1;
}

/*
 * Columns in any order, not all of them; the key is needed, or expectations could not name a row.
 *
 *   | visit_ref | date       | rate |       field[] = 0, 3, 7: where in the dataset each stands
 */
static bool given_header(Checker *c, const Ast *header, Given *out)
{
	const Dataset *dataset = &c->dataset.at[out->dataset];
	bool good = true;
	out->ncells = count_list(header->items);
	out->field = ARENA_ARRAY(c->arena, int32_t, (size_t)out->ncells);
	int32_t at = 0;
	for (const Ast *cell = header->items; cell != NULL; cell = cell->next) {
		int32_t field = header_field(c, out->dataset, cell);
		for (int32_t i = 0; i < at && field >= 0; i++)
			if (out->field[i] == field) {
				diag_add(c->diags, DIAG_GIVEN_UNKNOWN, cell->at, "two columns are headed %.*s",
					STR_ARG(cell->text));
				good = false;
			}
		out->field[at++] = field;
		good &= field >= 0;
	}
	for (int32_t i = 0; i < dataset->nkey && good; i++) {
		int32_t k = 0;
		while (k < at && out->field[k] != dataset->key[i])
			k++;
		if (k < at)
			continue;
		diag_add(c->diags, DIAG_GIVEN_UNKNOWN, header->at, "the key %.*s needs a column",
			STR_ARG(dataset->field[dataset->key[i]].name));
		good = false;
	}
	return good;
}

/* A row of another length would shift facts under wrong headings, so none of it is read. Cells
 * lie in one array, row after row. */
static void given_row(Checker *c, ScenarioWork *work, const Ast *row, Given *out)
{
	if (count_list(row->items) != out->ncells) {
		diag_add(c->diags, DIAG_ROW_CELLS, row->at, "the row has %d cell%s, the heading %d",
			(int)count_list(row->items), row->items->next == NULL ? "" : "s", (int)out->ncells);
		return;
	}
	CellValue *to = out->cell + (size_t)out->nrows * (size_t)out->ncells;
	const int32_t *field = out->field;
	for (const Ast *cell = row->items; cell != NULL; cell = cell->next)
		*to++ = read_cell(c, work, cell, &c->dataset.at[out->dataset].field[*field++]);
	out->nrows++;
}

/* Each dataset once, with all of its rows: a second block would leave open which heading holds.
 * S93: a heading alone gives an empty dataset, which is not the same as one that is not given. */
static void check_given(Checker *c, ScenarioWork *work, const Ast *ast)
{
	Symbol *symbol = symbol_of(c, ast->text, SYM_DATASET);
	const Ast *header = ast->items;
	if (symbol == NULL) {
		suggest_kind(c, diag_add(c->diags, DIAG_GIVEN_UNKNOWN, ast->name_at,
			"no dataset is called %.*s", STR_ARG(ast->text)), ast->text, SYM_DATASET);
		return;
	}
	symbol->used = true;
	Given out = {.dataset = symbol->index, .at = ast->at};
	for (int32_t i = 0; i < work->given.n; i++)
		if (work->given.at[i].dataset == out.dataset) {
			DiagRef diag = diag_add(c->diags, DIAG_CLAUSE_TWICE, ast->at, "%.*s is given twice",
				STR_ARG(ast->text));
			diag_label(diag, work->given.at[i].at, "the first is here");
			return;
		}
	if (header == NULL || header->kind != AST_HEADER || !given_header(c, header, &out))
		return;
	out.cell = ARENA_ARRAY(c->arena, CellValue,
		mem_product((size_t)count_list(header->next), (size_t)out.ncells));
	for (const Ast *row = header->next; row != NULL; row = row->next)
		if (row->kind == AST_ROW)
			given_row(c, work, row, &out);
	*list_push(c, &work->given) = out;
}

/* ---- with parameter */

/*
 * Gathered before anything is checked; a list for each parameter, threaded through one array.
 *
 *   with_names["rate_floor"] = 1 + newest of its overrides ─ next ─> older ─ next ─> -1
 */
void collect_with(Checker *c, const Ast *ast)
{
	for (const Ast *item = ast->items; item != NULL; item = item->next) {
		bool added;
		if (item->kind != AST_WITH)
			continue;
		int32_t *first = strmap_at(&c->with_names, item->text, &added);
		*list_push(c, &c->with) = (WithValue){item->a, item->text, NULL, added ? -1 : *first - 1};
		*first = c->with.n;
	}
}

/* Overrides were checked with the parameter; here they are only picked up, in the order in which
 * they were gathered. The cursor moves on even in error, or every later override would be
 * another's. */
static void check_with(Checker *c, ScenarioWork *work, const Ast *ast)
{
	const WithValue *with = &c->with.at[c->with_next++];
	Symbol *symbol = symbol_of(c, ast->text, SYM_PARAMETER);
	if (symbol == NULL) {
		suggest_kind(c, diag_add(c->diags, DIAG_UNKNOWN_NAME, ast->name_at,
			"no parameter is called %.*s", STR_ARG(ast->text)), ast->text, SYM_PARAMETER);
		return;
	}
	Texts texts;
	symbol_texts(c, symbol, &texts);
	for (int32_t i = 0; i < texts.n; i++) {
		int32_t index = texts.at[i] < 0 ? -1
			: parameter_index(c, &c->symbol.at[texts.at[i]], ast->at);
		Expr *value = index >= 0 && texts.n > 1 ? parameter_override(c, with->ast, index)
			: with->value;
		if (index >= 0 && value != NULL && !is_error(value))
			*list_push(c, &work->with) = (Override){index, value};
	}
}

/* ---- expect */

/* One code for all that an expectation cannot mean. The words around the name are the caller's. */
static DiagRef unknown_expect(Checker *c, Span at, const char *what, Str name)
{
	return diag_add(c->diags, DIAG_EXPECT_UNKNOWN, at, "%s %.*s", what, STR_ARG(name));
}

/*
 * `not assessed` and `not applicable` are verdicts of their own; `not` before any other turns it
 * round.
 *
 *   V1 fails for …            fail
 *   V1 not fails for …        anything but fail
 *   V1 not assessed for …     a verdict, not a negation
 */
static bool verdict_of(Checker *c, const Ast *ast, Expect *out)
{
	static const struct {
		const char *word;
		bool negated;
		Verdict verdict;
	} words[] = {
		{"passes", false, VERDICT_PASS}, {"fails", false, VERDICT_FAIL},
		{"conflicts", false, VERDICT_CONFLICT}, {"assessed", true, VERDICT_NOT_ASSESSED},
		{"applicable", true, VERDICT_NOT_APPLICABLE},
	};
	Str word = ast->b != NULL ? ast->b->text : (Str){NULL, 0};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!str_eq(word, str_of(words[i].word)) || (words[i].negated && ast->how != 1))
			continue;
		out->verdict = words[i].verdict;
		out->negated = ast->how == 1 && !words[i].negated;
		return true;
	}
	DiagRef diag = unknown_expect(c, ast->b != NULL ? ast->b->at : ast->at, "no verdict is called",
		word);
	diag_help(diag, "write passes, fails, conflicts, not assessed or not applicable");
	return false;
}

/* The text of a key as the database would hold it. A date in the place of a key keeps its day
 * beside its text, for subjects that are periods. */
static CellValue subject_key(const Ast *key)
{
	CellValue out = {.known = true, .at = key->at, .text = key->text, .n = key->n};
	return out;
}

/* One part of the subject of a rule: what it is called and what it is. */
typedef struct SubjectPart {
	Str name;
	Type type;
} SubjectPart;

/*
 * What identifies a subject of the rule, in the order of its slots.
 *
 *   for each provision, every week …     provision …, week …
 *   for each visit.provision, week of …  provision …, week …     by the keys' names
 */
static int32_t rule_parts(Checker *c, const Rule *rule, SubjectPart part[LIMIT_ARGUMENTS])
{
	int32_t n = 0;
	for (int32_t i = 0; i < rule->nkeys && n < LIMIT_ARGUMENTS; i++)
		part[n++] = (SubjectPart){rule->key[i].name, rule->key[i].expr->type};
	if (rule->subject == SUBJECT_GROUP || rule->dataset < 0)
		return n;
	part[n++] = (SubjectPart){c->dataset.at[rule->dataset].decl.name,
		type_ref(TYPE_ROW, rule->dataset)};
	if (rule->subject == SUBJECT_ROW_PERIOD)
		part[n++] = (SubjectPart){c->calendar.at[rule->calendar].decl.name,
			type_ref(TYPE_PERIOD, rule->calendar)};
	if (rule->subject == SUBJECT_ROW_IN)
		part[n++] = (SubjectPart){c->dataset.at[rule->item_dataset].decl.name,
			type_ref(TYPE_ROW, rule->item_dataset)};
	return n;
}

/* Keys stay as written, to be compared with the key as the database holds it; a period may be
 * named by any of its days. `week 2025-09-03` is the week from Monday the 1st. */
static bool fill_subject(Checker *c, const Ast *ast, Type type, ExpectSubject *out)
{
	int32_t day;
	*out = (ExpectSubject){.kind = ast->text, .key = subject_key(ast->a), .ref = type.ref};
	if (type.kind == TYPE_PERIOD) {
		out->is_period = true;
		if (!day_literal(ast->a, &day) && day_parse(ast->a->text, &day) != READ_OK) {
			diag_add(c->diags, DIAG_EXPECT_UNKNOWN, ast->a->at,
				"a period is named by one of its days");
			return false;
		}
		out->key.n = calendar_first(&c->calendar.at[type.ref], day);
	} else if (type.kind == TYPE_DATE) {
		if (!day_literal(ast->a, &day) && day_parse(ast->a->text, &day) != READ_OK) {
			diag_add(c->diags, DIAG_EXPECT_UNKNOWN, ast->a->at, "this is no date");
			return false;
		}
		out->key.n = day;
	} else if (type.kind == TYPE_CODE) {
		out->key.n = code_index(&c->codes.at[type.ref], ast->a->text);
		if (out->key.n < 0) {
			unknown_expect(c, ast->a->at, "the list has no code", ast->a->text);
			return false;
		}
	}
	return true;
}

/* All parts in the rule's own order: a subject that is named by half could be several. The help
 * spells out the whole subject, so that it can be copied. */
static bool expect_subjects(Checker *c, const Ast *ast, const SubjectPart *part, int32_t n,
	Expect *out)
{
	Buf buf = {0};
	bool good = count_list(ast->items) == n;
	out->subject = ARENA_ARRAY(c->arena, ExpectSubject, (size_t)n);
	out->nsubjects = n;
	int32_t at = 0;
	for (const Ast *item = ast->items; item != NULL && good; item = item->next, at++)
		good = str_eq(item->text, part[at].name);
	if (!good) {
		for (int32_t i = 0; i < n; i++)
			buf_printf(&buf, "%s%.*s …", i > 0 ? ", " : "", STR_ARG(part[i].name));
		DiagRef diag = unknown_expect(c, ast->items != NULL ? ast->items->at : ast->at,
			"this is not the subject of", ast->text);
		diag_help(diag, "write for %.*s", STR_ARG(str_copy(c->arena, buf_view(&buf))));
		buf_free(&buf);
		return false;
	}
	at = 0;
	for (const Ast *item = ast->items; item != NULL; item = item->next, at++)
		good &= fill_subject(c, item, part[at].type, &out->subject[at]);
	return good;
}

/* ---- expect: rows and balances of banks */

/* The fields that make the key of a bank's row: its account, and which of the account's rows. */
static int32_t bank_parts(Checker *c, int32_t dataset, SubjectPart part[LIMIT_ARGUMENTS])
{
	const Dataset *of = &c->dataset.at[dataset];
	int32_t n = 0;
	for (int32_t i = 0; i < of->nkey && n < LIMIT_ARGUMENTS; i++)
		part[n++] = (SubjectPart){of->field[of->key[i]].name, of->field[of->key[i]].type};
	return n;
}

/* The texts of the parts as one key, as every table's key of several fields is held. */
static void join_subjects(Checker *c, const SubjectPart *part, int32_t dataset, Expect *out)
{
	Buf buf = {0};
	for (int32_t i = 0; i < out->nsubjects; i++) {
		const CellValue *key = &out->subject[i].key;
		TypeKind kind = (TypeKind)part[i].type.kind;
		if (i > 0)
			buf_char(&buf, '\x1f');
		if (kind == TYPE_PERIOD || kind == TYPE_DATE)
			day_print_iso(&buf, (int32_t)key->n);
		else
			buf_str(&buf, key->text);
	}
	out->subject[0].kind = c->dataset.at[dataset].decl.name;
	out->subject[0].ref = dataset;
	out->subject[0].is_period = false;
	out->subject[0].key.text = str_copy(c->arena, buf_view(&buf));
	out->nsubjects = 1;
	buf_free(&buf);
}

/* The row that a rule over a bank's rows looked at: `for provision PR1, entry 2`. */
static bool expect_bank_row(Checker *c, const Ast *ast, int32_t dataset, Expect *out)
{
	SubjectPart part[LIMIT_ARGUMENTS];
	int32_t n = bank_parts(c, dataset, part);
	if (n == 0 || !expect_subjects(c, ast, part, n, out))
		return false;
	join_subjects(c, part, dataset, out);
	return true;
}

/* `expect take_a_break for provision PR1 on 8 June 2025 is 4 hours`: what is left at the end of
 * that day, so the day cannot be left out. */
static void expect_balance(Checker *c, ScenarioWork *work, const Ast *ast, Symbol *symbol)
{
	Expect out = {.kind = EXPECT_BALANCE, .rule = -1, .define = -1, .bank = symbol->index,
		.on = NO_DAY, .at = ast->at};
	SubjectPart part[LIMIT_ARGUMENTS];
	Scope scope;
	int32_t n = 0;
	if (ast->kind != AST_EXPECT_VALUE || !day_literal(ast->c, &out.on)) {
		diag_help(unknown_expect(c, ast->at, "a bank has a balance on a day, which this does not say:",
			ast->text), "write `expect %.*s for … on DATE is …`", STR_ARG(ast->text));
		return;
	}
	if (bank_index(c, symbol, ast->at) < 0)
		return;
	const Bank *bank = &c->bank.at[symbol->index];
	for (; n < bank->nkeys && n < LIMIT_ARGUMENTS; n++)
		part[n] = (SubjectPart){bank->key[n].name, bank->key[n].expr->type};
	scope_begin(&scope);
	Expr *balance = scope_slot(c, &scope, STR(""), bank->type);
	out.test = check_test(c, &scope, expr_copy(c, balance, ast->name_at), ast->b);
	if (is_error(out.test) || !expect_subjects(c, ast, part, n, &out))
		return;
	work->out.nslots = work->out.nslots > scope.nslots ? work->out.nslots : scope.nslots;
	*list_push(c, &work->expect) = out;
}

/* S95: compared in whole pence or exactly, by the figure that is written here. No formula, or the
 * test would repeat the rule instead of testing it. */
static Expr *expect_stake(Checker *c, const Ast *ast)
{
	Scope scope;
	scope_begin(&scope);
	Expr *stake = check_typed(c, &scope, ast, type_quantity(unit_of(DIM_MONEY), FORM_NUMBER, 1),
		"what is at stake");
	if (is_error(stake) || stake->op == EXPR_CONST)
		return stake;
	diag_add(c->diags, DIAG_NOT_CONSTANT, stake->at, "an expected sum is written out");
	return expr_error(c, stake->at);
}

/* ---- expect: what is not assessed could come to */

static bool written_out(Checker *c, const Expr *end)
{
	if (is_error(end))
		return false;
	if (end->op == EXPR_CONST || end->op == EXPR_CONST_RATIO)
		return true;
	diag_add(c->diags, DIAG_NOT_CONSTANT, end->at, "an expected bound is written out");
	return false;
}

/*
 *   £0.00 to £11.30    the least and the most
 *   at least £3.00     the least, and no most
 *
 * Read as a test of a value of the type, so that units are looked at in one place; its ends are
 * what it compares with.
 */
static bool expect_bounds(Checker *c, ScenarioWork *work, const Ast *of, Type type, Expect *out)
{
	Scope scope;
	const Ast *ast = of->d;
	bool range = ast->kind == AST_TEST_RANGE && ast->how == 0;
	bool one = ast->kind == AST_TEST_COMPARE && (ast->how == AST_GE || ast->how == AST_LE);
	if (!range && !one) {
		diag_help(diag_add(c->diags, DIAG_EXPECT_UNKNOWN, ast->at,
			"this is no least and no most"), "write `A to B`, or `at least A` or `at most B` where "
			"there is one bound alone");
		return false;
	}
	scope_begin(&scope);
	const Expr *value = scope_slot(c, &scope, STR(""), type);
	const Expr *test = check_test(c, &scope, expr_copy(c, value, of->name_at), ast);
	if (is_error(test))
		return false;
	work->out.nslots = work->out.nslots > scope.nslots ? work->out.nslots : scope.nslots;
	if (range || ast->how == AST_GE)
		out->least = (range ? test->arg[0] : test)->arg[1];
	if (range || ast->how == AST_LE)
		out->most = (range ? test->arg[1] : test)->arg[1];
	return (out->least == NULL || written_out(c, out->least)) &&
		(out->most == NULL || written_out(c, out->most));
}

/* One sum of what has one; bounds of what could come to several. */
static bool expect_at_stake(Checker *c, ScenarioWork *work, const Ast *of, Expect *out)
{
	const Ast *ast = of->d;
	bool open = out->verdict == VERDICT_NOT_ASSESSED;
	if (out->negated && out->verdict == VERDICT_FAIL) {
		diag_add(c->diags, DIAG_EXPECT_UNKNOWN, ast->at, "what does not fail puts nothing at stake");
		return false;
	}
	if (ast->kind != AST_TEST_RANGE && ast->kind != AST_TEST_COMPARE) {
		if (open)
			diag_help(diag_add(c->diags, DIAG_EXPECT_UNKNOWN, ast->at,
				"what is not assessed has a least and a most at stake"),
				"write `at stake A to B`");
		out->stake = expect_stake(c, ast);
		return !open;
	}
	if (open || out->verdict == VERDICT_FAIL)
		return expect_bounds(c, work, of, type_quantity(unit_of(DIM_MONEY), FORM_NUMBER, 1), out);
	diag_help(diag_add(c->diags, DIAG_EXPECT_UNKNOWN, ast->at,
		"only what is not assessed, or fails without a sum, has a least and a most"),
		"write `not assessed` or `fails`");
	return false;
}

/* Clauses by hand have names too, but no verdicts. */
static void suggest_rule(Checker *c, DiagRef diag, Str name)
{
	Nearest nearest;
	nearest_start(&nearest, name);
	for (int32_t i = 0; i < c->rule.n; i++)
		nearest_try(&nearest, c->rule.at[i].decl.name);
	for (int32_t i = 0; i < c->measure.n; i++)
		nearest_try(&nearest, c->measure.at[i].rule.decl.name);
	suggest_best(diag, &nearest);
}

/* ---- expect: figures */

/* -1: no measure and no kpi is called so. Marks all of the name as tested. */
static int32_t measure_named(Checker *c, Str name)
{
	int32_t found = -1;
	for (int32_t i = c->measure.n; i-- > 0;) {
		if (!str_eq(c->measure.at[i].rule.decl.name, name))
			continue;
		c->measure_tested.at[i] = true;
		found = i;
	}
	return found;
}

/* `fails` is the verdict's own word; the others are the statuses of S98. */
static bool status_of(Checker *c, const Ast *ast, Expect *out)
{
	static const struct {
		const char *word;
		bool negated;
		MeasureStatus status;
	} words[] = {
		{"met", false, STATUS_MET}, {"watch", false, STATUS_WATCH}, {"fails", false, STATUS_FAILED},
		{"insufficient", false, STATUS_INSUFFICIENT}, {"conflicts", false, STATUS_CONFLICT},
		{"assessed", true, STATUS_NOT_ASSESSED}, {"applicable", true, STATUS_NOT_APPLICABLE},
	};
	Str word = ast->b->text;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!str_eq(word, str_of(words[i].word)) || (words[i].negated && ast->how != 1))
			continue;
		out->status = words[i].status;
		out->negated = ast->how == 1 && !words[i].negated;
		return true;
	}
	DiagRef diag = unknown_expect(c, ast->b->at, "no status is called", word);
	diag_help(diag, "write met, watch, fails, insufficient, conflicts, not assessed or not "
		"applicable");
	return false;
}

/* The status, and of a figure that is not assessed what it could come to. */
static bool expect_status(Checker *c, ScenarioWork *work, const Ast *ast, const Measure *measure,
	Expect *out)
{
	if (ast->d != NULL && ast->n == 0) {
		diag_add(c->diags, DIAG_EXPECT_UNKNOWN, ast->d->at, "a figure puts nothing at stake");
		return false;
	}
	if (!status_of(c, ast, out))
		return false;
	if (ast->d == NULL)
		return true;
	if (out->status == STATUS_NOT_ASSESSED)
		return expect_bounds(c, work, ast, measure->figure->type, out);
	diag_help(diag_add(c->diags, DIAG_EXPECT_UNKNOWN, ast->d->at,
		"only a figure that is not assessed has a least and a most"),
		"write `expect %.*s for … is …` for the figure, and its status beside it",
		STR_ARG(ast->text));
	return false;
}

/*
 *   expect handbacks for provider P1, quarter 2025-04-01 is 5%      a test of the figure
 *   expect handbacks met for provider P1, quarter 2025-04-01        its status
 *   expect handbacks not assessed for provider P1, quarter 2025-04-01 is 3% to 5%
 *
 * A measure in error has no parts or no figure, and was complained of.
 */
static void expect_figure(Checker *c, ScenarioWork *work, const Ast *ast, int32_t index)
{
	const Measure *measure = &c->measure.at[index];
	Expect out = {.kind = EXPECT_FIGURE, .rule = -1, .define = -1, .measure = index, .on = NO_DAY,
		.at = ast->at};
	SubjectPart part[LIMIT_ARGUMENTS + 2];
	int32_t n = rule_parts(c, &measure->rule, part);
	if (n == 0 || measure->figure == NULL || is_error(measure->figure) ||
			!expect_subjects(c, ast, part, n, &out))
		return;
	if (ast->kind == AST_EXPECT_VALUE) {
		Scope scope;
		scope_begin(&scope);
		Expr *figure = scope_slot(c, &scope, STR(""), measure->figure->type);
		out.test = check_test(c, &scope, expr_copy(c, figure, ast->name_at), ast->b);
		if (is_error(out.test))
			return;
		work->out.nslots = work->out.nslots > scope.nslots ? work->out.nslots : scope.nslots;
	} else if (!expect_status(c, work, ast, measure, &out)) {
		return;
	}
	day_literal(ast->c, &out.on);
	*list_push(c, &work->expect) = out;
}

/* ---- expect: verdicts and values */

/* Of a rule that amendments replaced, the last text whose subject is named so; outcomes of any of
 * its texts are held against the expectation. */
static int32_t text_meant(Checker *c, const Ast *ast, int32_t first)
{
	SubjectPart part[LIMIT_ARGUMENTS + 2];
	int32_t meant = first;
	for (int32_t i = first + 1; i < c->rule.n && c->rule.at[i].follows; i++) {
		int32_t n = rule_parts(c, &c->rule.at[i], part), at = 0;
		const Ast *item = ast->items;
		for (; item != NULL && at < n && str_eq(item->text, part[at].name); item = item->next)
			at++;
		if (item == NULL && at == n)
			meant = i;
	}
	return meant;
}

/* Marks the rule as tested, whatever the verdict. A rule in error has no parts, and was
 * complained of. */
static void expect_verdict(Checker *c, ScenarioWork *work, const Ast *ast)
{
	const int32_t *id = strmap_get(&c->ids, ast->text);
	Expect out = {.kind = EXPECT_VERDICT, .define = -1, .on = NO_DAY, .at = ast->at};
	SubjectPart part[LIMIT_ARGUMENTS + 2];
	if (id == NULL || *id < 0 || *id >= c->rule.n) {
		suggest_rule(c, unknown_expect(c, ast->name_at, "no rule is called", ast->text), ast->text);
		return;
	}
	out.rule = text_meant(c, ast, *id);
	c->has_scenario.at[*id] = true;
	const Rule *rule = &c->rule.at[out.rule];
	bool bank = rule->subject == SUBJECT_ROW && rule->dataset >= 0 &&
		c->dataset.at[rule->dataset].origin != ORIGIN_TABLE;
	int32_t n = rule_parts(c, rule, part);
	if (!verdict_of(c, ast, &out) || n == 0)
		return;
	if (!(bank ? expect_bank_row(c, ast, rule->dataset, &out)
			: expect_subjects(c, ast, part, n, &out)))
		return;
	day_literal(ast->c, &out.on);
	if (ast->d != NULL && ast->n == 1) {
		diag_help(diag_add(c->diags, DIAG_EXPECT_UNKNOWN, ast->d->at,
			"%.*s is a rule, and has no figure", STR_ARG(ast->text)), "write `at stake A to B`");
		return;
	}
	if (ast->d != NULL && !expect_at_stake(c, work, ast, &out))
		return;
	*list_push(c, &work->expect) = out;
}

/* Read as if a rule had written visit.payable; any member of the dataset may be expected, facts
 * included. A tree is put together for `DATASET.NAME` and checked, so that there is one reading
 * of a field. */
static void expect_value(Checker *c, ScenarioWork *work, const Ast *ast)
{
	Expect out = {.kind = EXPECT_VALUE, .rule = -1, .define = -1, .on = NO_DAY, .at = ast->at};
	const Ast *subject = ast->items;
	Symbol *symbol = subject != NULL ? symbol_of(c, subject->text, SYM_DATASET) : NULL;
	Scope scope;
	if (symbol == NULL) {
		unknown_expect(c, subject != NULL ? subject->at : ast->at, "no dataset is called",
			subject != NULL ? subject->text : ast->text);
		return;
	}
	SubjectPart part = {symbol->name, type_ref(TYPE_ROW, symbol->index)};
	scope_begin(&scope);
	Expr *row = scope_slot(c, &scope, symbol->name, part.type);
	Ast name = {.kind = AST_NAME, .text = symbol->name, .at = subject->at, .name_at = subject->at};
	Ast dot = {.kind = AST_DOT, .text = ast->text, .a = &name, .at = ast->name_at,
		.name_at = ast->name_at};
	(void)row;
	out.value = check_expr(c, &scope, &dot, NULL);
	out.test = check_test(c, &scope, out.value, ast->b);
	if (is_error(out.value) || is_error(out.test) || !expect_subjects(c, ast, &part, 1, &out))
		return;
	if (out.value->op == EXPR_DERIVED)
		out.define = out.value->ref;
	day_literal(ast->c, &out.on);
	work->out.nslots = work->out.nslots > scope.nslots ? work->out.nslots : scope.nslots;
	*list_push(c, &work->expect) = out;
}

/* Over the rules that run in this scenario (S93). Other than those that the expectations before
 * and behind it name. */
static void expect_no_other(Checker *c, ScenarioWork *work, const Ast *ast)
{
	if (!str_eq(ast->text, STR("failure")) && !str_eq(ast->text, STR("failures"))) {
		diag_help(unknown_expect(c, ast->at, "nothing can be said of no other", ast->text),
			"write `expect no other failure`");
		return;
	}
	*list_push(c, &work->expect) = (Expect){.kind = EXPECT_NO_OTHER, .rule = -1, .define = -1,
		.on = NO_DAY, .at = ast->at};
}

/* A measure's name goes before that of a field: figures have the names of what they sum up. */
static void check_expect(Checker *c, ScenarioWork *work, const Ast *ast)
{
	int32_t measure = measure_named(c, ast->text);
	Symbol *bank = symbol_of(c, ast->text, SYM_BANK);
	if (bank != NULL)
		expect_balance(c, work, ast, bank);
	else if (measure >= 0)
		expect_figure(c, work, ast, measure);
	else if (ast->kind == AST_EXPECT)
		expect_verdict(c, work, ast);
	else
		expect_value(c, work, ast);
}

/* ---- the scenario */
/* Clauses without effect on others are read when the window is set. */
static void check_item(Checker *c, ScenarioWork *work, const Ast *item)
{
	switch ((int)item->kind) {
	case AST_GIVEN: check_given(c, work, item); break;
	case AST_WITH: check_with(c, work, item); break;
	case AST_EXPECT:
	case AST_EXPECT_VALUE: check_expect(c, work, item); break;
	case AST_EXPECT_NO_OTHER: expect_no_other(c, work, item); break;
	default: break;
	}
}

/* S94: as written, or the smallest span of all dates given; without any, the contract's life.
 * Both ends are in; `audit from D` alone is open to the end. */
static void set_window(Checker *c, ScenarioWork *work)
{
	const Ast *audit = clause(c, work->ast, AST_AUDIT), *known = clause(c, work->ast, AST_KNOWN_ON);
	Scenario *out = &work->out;
	out->known_on = NO_DAY;
	out->from = c->book->contract.from;
	out->to = c->book->contract.to;
	if (known != NULL)
		day_literal(known->a, &out->known_on);
	if (work->least <= work->most) {
		out->from = work->least;
		out->to = work->most;
	}
	if (audit != NULL) {
		day_literal(audit->a, &out->from);
		out->to = LAST_DAY;
		day_literal(audit->b, &out->to);
	}
}

/* Kept also when some of its parts are wrong: the error stops the rulebook anyway. Its title is
 * its name. */
void check_scenario(Checker *c, const Ast *ast)
{
	ScenarioWork work = {.ast = ast, .least = INT32_MAX, .most = INT32_MIN};
	work.out.decl = decl_of(c, ast);
	if (ast->a != NULL)
		work.out.decl.name = ast->a->text;
	for (const Ast *item = ast->items; item != NULL; item = item->next)
		check_item(c, &work, item);
	set_window(c, &work);
	work.out.given = work.given.at;
	work.out.ngiven = work.given.n;
	work.out.with = work.with.at;
	work.out.nwith = work.with.n;
	work.out.expect = work.expect.at;
	work.out.nexpects = work.expect.n;
	*list_push(c, &c->scenario) = work.out;
}
