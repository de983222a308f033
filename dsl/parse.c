/*
 * Between the scanner and the grammar. Three things are decided here that neither can decide
 * alone: where parsing takes up again after an error, where a word heads a declaration though it
 * may be a name, and what an unexpected token is told to be.
 *
 *   severity major          a clause
 *   require  visit. >= 3    error: all is dropped up to the next line that begins a clause
 *   otherwise "…"           taken up again here: one run tells all errors of the file
 *
 * The grammar has `error` alternatives in its lists of clauses only; the words of begins_clause()
 * are what can follow one. A word that is missing there would swallow the clause behind an error.
 */
#include "dsl/parse.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "dsl/parsing.h"

int scan_lex_init_extra(Mark *mark, void **scanner);
int scan_lex_destroy(void *scanner);
struct yy_buffer_state *scan__scan_buffer(char *base, size_t size, void *scanner);

/* The words that may begin a declaration or a clause, where they are the first of a line: what
 * parsing goes on at after an error. */
static bool begins_clause(int token)
{
	switch (token) {
	case TOK_CONTRACT: case TOK_USES: case TOK_BY_HAND: case TOK_DATASET: case TOK_CALENDAR:
	case TOK_PARAMETER: case TOK_ROUNDING: case TOK_TABLE: case TOK_DEFINE: case TOK_MATCH:
	case TOK_SEQUENCE: case TOK_BANK: case TOK_RULE: case TOK_MEASURE: case TOK_KPI:
	case TOK_SPOT_CHECK: case TOK_EXAMPLE: case TOK_SCENARIO: case TOK_REPLACE: case TOK_WITHDRAW:
	case TOK_TITLE: case TOK_COUNCIL: case TOK_VERSION: case TOK_AMENDS: case TOK_IN_FORCE:
	case TOK_PUBLISHED: case TOK_COVERS: case TOK_SOURCE: case TOK_BECAUSE: case TOK_LABEL:
	case TOK_KEY: case TOK_WHERE: case TOK_LASTS: case TOK_NEWEST_BY: case TOK_KNOWN:
	case TOK_BELONGS_TO: case TOK_PERIODS: case TOK_EXCEPT: case TOK_DATES: case TOK_CITES:
	case TOK_ASSUMED: case TOK_FROM: case TOK_THROUGHOUT: case TOK_NEAREST: case TOK_UP_TO_NEXT:
	case TOK_DOWN_TO_LAST: case TOK_COUNTS: case TOK_AT_LEAST: case TOK_AT_MOST:
	case TOK_ONE_ROW_FITS: case TOK_FIRST_ROW_FITS: case TOK_ADD_ROWS_FIT: case TOK_ROW:
	case TOK_RAW_ROW: case TOK_ON: case TOK_IS: case TOK_WHEN: case TOK_NEAR: case TOK_TAKE:
	case TOK_LINKED_AS: case TOK_FOR_EACH: case TOK_ORDER_BY: case TOK_APPLIES_WHEN:
	case TOK_AMONG: case TOK_CREDIT: case TOK_DEBIT: case TOK_EXPIRES: case TOK_HOLDS:
	case TOK_OLDEST_FIRST: case TOK_NEWEST_FIRST: case TOK_IN_PROPORTION: case TOK_IN_STRATA_BY:
	case TOK_OPENS_WITH:
	case TOK_SEVERITY: case TOK_REQUIRE:
	case TOK_OTHERWISE: case TOK_AT_STAKE: case TOK_SHOW: case TOK_FIGURE: case TOK_PART:
	case TOK_TARGET:
	case TOK_FAILS: case TOK_NEEDS: case TOK_COMPARE: case TOK_POPULATION: case TOK_DRAW:
	case TOK_CONFIDENCE: case TOK_SERIOUS: case TOK_TOLERABLE: case TOK_EXTRAPOLATES:
	case TOK_THEN: case TOK_FULL_AUDIT: case TOK_GIVEN: case TOK_WITH: case TOK_AUDIT:
	case TOK_EXPECT: case TOK_LAYOUT: case TOK_REFERENCE: case TOK_IGNORES:
		return true;
	default:
		return false;
	}
}

/* A word that begins a clause counts only where it begins its line: `from` and `is` stand inside
 * clauses as well. Rows end at their own line end, so that one bad row costs one row. */
bool parse_resumes(const Parse *parse)
{
	int token = parse->mark.token;
	bool ends = token == TOK_YYEOF || token == TOK_ROW_END;
	return ends || (parse->mark.leads && begins_clause(token));
}

/* Also what the grammar says when its own stack is full, which these limits should keep from
 * happening. */
void parse_too_deep(Parse *parse, Span at)
{
	diag_help(diag_add(parse->build.diags, DIAG_TOO_DEEP, at,
		"more than %d brackets, signs or branches stand inside each other", LIMIT_NESTING),
		"break it up with a `define`");
}

/* Counts what the parser has to keep in mind, so that no text can fill its stack: open brackets,
 * the branches of one clause, and signs in a row. */
static bool nests_too_deeply(Parse *parse, int token)
{
	bool sign = token == TOK_MINUS || token == TOK_NOT;
	parse->signs = sign ? parse->signs + 1 : 0;
	parse->brackets += (token == TOK_LEFT) - (token == TOK_RIGHT && parse->brackets > 0);
	if (parse->mark.leads && begins_clause(token) && token != TOK_THEN && token != TOK_IS)
		parse->branches = 0;
	parse->branches += token == TOK_IF;
	return parse->signs > LIMIT_NESTING || parse->brackets > LIMIT_NESTING ||
		parse->branches > LIMIT_NESTING;
}

/* What was open is forgotten with the clause that it stood in. */
static void nest_anew(Parse *parse)
{
	parse->signs = parse->brackets = parse->branches = 0;
}

/* skip: drop tokens up to where parsing resumes. A nesting that is too deep is turned into an
 * error token, so that recovery, not a full stack, ends it. */
static int next_token(Parse *p, bool skip)
{
	int token = scan_token(p->scanner);
	while (skip && !parse_resumes(p))
		token = scan_token(p->scanner);
	if (skip)
		nest_anew(p);
	if (!nests_too_deeply(p, token))
		return token;
	nest_anew(p);
	parse_too_deep(p, p->mark.at);
	return TOK_GRAMMAR_error;
}

/* A word that may be a name or head a declaration, in the first column and no row (`rule.x`). In
 * the first column a declaration's word is a head whatever the clause before it still wants; one
 * that is indented is a name if the grammar can use a name. parse_lex then gives FRESH first,
 * which no expression can go on with. */
static bool heads_line(const Parse *p, int token)
{
	const char *text = p->build.source.ptr;
	if (token < TOK_CONTRACT || token > TOK_DATASET)
		return false;
	bool first = p->mark.at.lo == 0 || text[p->mark.at.lo - 1] == '\n';
	return first && text[p->mark.at.hi] != '.';
}

/* Known only when the contract has been read: as the declaration behind the next one begins. */
static bool is_past_head(const Parse *p)
{
	const Ast *item = p->head ? p->build.root->items : NULL;
	while (item != NULL && item->kind != AST_CONTRACT)
		item = item->next;
	return item != NULL;
}

/* *recovering is the parser's own count: 3 after an error until a token is taken, then less, and
 * errors are told again at 0. What it drops on the way is dropped up to the next line that begins
 * with a clause; once the word that begins that clause is taken, an error behind it is news. */
int parse_lex(union GRAMMAR_STYPE *value, Span *at, Parse *p, int *recovering)
{
	if (p->start != 0) {
		int start = p->start;
		p->start = 0;
		*at = (Span){p->build.file, 0, 0};
		return start;
	}
	bool dropped = *recovering == 3;
	if (!dropped)
		*recovering = 0;
	int token = p->held;
	if (token == 0)
		token = next_token(p, dropped);
	value->TOK_NAME = p->mark.value;
	*at = p->mark.at;
	bool fresh = p->held == 0 && heads_line(p, token);
	if (fresh && is_past_head(p))
		return TOK_YYEOF;
	p->held = fresh ? token : 0;
	return fresh ? TOK_FRESH : token;
}

/* ---- E0106: what was expected, in a reader's words ---- */

/* The parser knows which tokens could have come; often half the language. People are told of a few
 * that matter, or else only that this one does not fit. */
#define EXPECTED_SHOWN 4

typedef struct Expected {
	const char *const *name;
	int count;
} Expected;

/* By the names that the grammar gives its tokens: they are what is printed. */
static bool expects(Expected all, const char *name)
{
	for (int i = 0; i < all.count; i++)
		if (strcmp(all.name[i], name) == 0)
			return true;
	return false;
}

/* Kinds of tokens, as against words, which are put between backticks. */
static bool is_class(const char *name)
{
	return strncmp(name, "a ", 2) == 0 || strncmp(name, "an ", 3) == 0 ||
		strncmp(name, "the ", 4) == 0 || strcmp(name, "more of the text") == 0;
}

/* A list of words ends with NULL. */
static bool listed(const char *name, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(name, *list) == 0)
			return true;
	return false;
}

static const char *const value_starts[] = {
	"a name", "a number", "a percentage", "a sum of money", "a date", "a date and time",
	"a day and month", "a clock time", "a weekday", "a text", "yes", "no", "(", "-", "if", "not",
	NULL
};
static const char *const test_starts[] = {
	"known", "missing", "at least", "at most", "below", "above", "before", "after", "one of",
	"within", "not", NULL
};
static const char *const operators[] = {
	"a field", "a name", "a number", "+", "-", "*", "/", "<", ">", "=", "<=", ">=", "<>",
	"is", "and", "or", "or else", "as at", "at", "of", "per", "(", NULL
};
static const char *const names_too[] = {
	"contract", "calendar", "table", "match", "sequence", "bank", "rule", "measure", "kpi",
	"example", "scenario", "parameter", "rounding", "dataset", "title", "council", "version",
	"source", "key", "periods", "dates", "credit", "debit", "figure", "part", "target",
	"population", "rolling", "severity", "audit", "other", "confidence", "serious", "tolerable",
	"extrapolates", "layout", "reference", "ignores", NULL
};

/* What covers a token in a list of what was expected, so that it need not be named: `a value`
 * covers all that a value begins with, and where an expression could have gone on, its operators
 * are not what the reader missed. */
static bool is_covered(Expected all, const char *name)
{
	bool value = expects(all, "a sum of money") && expects(all, "a number");
	bool test = value && expects(all, "missing");
	bool goes_on = expects(all, "+") && expects(all, "*");
	if (strcmp(name, "a text with values") == 0)
		return true;
	return (value && listed(name, value_starts)) || (test && listed(name, test_starts)) ||
		(goes_on && listed(name, operators)) || (expects(all, "a name") && listed(name, names_too));
}

/* Most sets of expected tokens come down to `a value`, or to three or four words. */
static int what_is_left(Expected all, const char *left[EXPECTED_SHOWN + 2])
{
	int count = 0;
	if (expects(all, "a sum of money") && expects(all, "a number"))
		left[count++] = expects(all, "missing") ? "a value or a test" : "a value";
	/* `parameter NAME` without a colon: to the grammar that can only go on as an addition. */
	if (all.count == 1 && expects(all, "adds"))
		left[count++] = ":";
	for (int i = 0; i < all.count && count <= EXPECTED_SHOWN; i++)
		if (!is_covered(all, all.name[i]))
			left[count++] = all.name[i];
	return count;
}

/* Words of the language stand in backticks, kinds of tokens do not: expected `is` or a name. */
static void list_expected(Buf *out, const char *const *name, int count)
{
	for (int i = 0; i < count; i++) {
		buf_puts(out, i == 0 ? "" : i + 1 < count ? ", " : " or ");
		buf_printf(out, is_class(name[i]) ? "%s" : "`%s`", name[i]);
	}
}

/* What stands there: a few words of it. A text may be pages long and cut within a character, so
 * it is cut before one. */
static void name_found(const Parse *parse, Span at, Buf *out)
{
	Str text = {parse->build.source.ptr + at.lo, at.hi - at.lo};
	int token = parse->mark.token;
	if (token == TOK_YYEOF) {
		buf_puts(out, "the end of the file");
	} else if (token == TOK_ROW_END) {
		buf_puts(out, "the end of the row");
	} else if (text.len == 0 || token == TOK_TEXT_TAIL || token == TOK_TEXT_MID) {
		buf_puts(out, "the end of the braces");
	} else {
		size_t shown = text.len;
		for (shown = shown > 30 ? 30 : shown; shown < text.len && (text.ptr[shown] & 0xC0) == 0x80;)
			shown--;
		buf_printf(out, "`%.*s%s`", (int)shown, text.ptr, shown < text.len ? "…" : "");
	}
}

/* A word of the language that the word found is nearly like, first words of longer signs
 * included. */
static const char *near_word(Expected all, Str found)
{
	Nearest nearest;
	nearest_start(&nearest, found);
	for (int i = 0; i < all.count; i++) {
		Str name = str_of(all.name[i]);
		const char *blank = memchr(name.ptr, ' ', name.len);
		if (is_class(all.name[i]) || name.len < 2)
			continue;
		nearest_try(&nearest, blank == NULL ? name : (Str){name.ptr, (size_t)(blank - name.ptr)});
	}
	Str best = nearest_best(&nearest);
	for (int i = 0; i < all.count && best.len > 0; i++)
		if (best.ptr == all.name[i])
			return all.name[i];
	return NULL;
}

/* The word found may be misspelt, or the one that its line begins with, which was taken for a unit
 * of the number before it. */
static void suggest(const Parse *parse, Expected all, DiagRef told)
{
	Str word = parse->mark.token == TOK_NAME ? parse->mark.value : parse->mark.lead;
	const char *meant = word.len > 0 ? near_word(all, word) : NULL;
	if (meant != NULL)
		diag_help(told, "did you mean `%s` for `%.*s`?", meant, STR_ARG(word));
}

/* What was expected is worth saying when it is short; otherwise only what does not fit is named,
 * and where it stands tells the reader more than a list would. */
static void describe(const Parse *parse, Span at, Expected all, Buf *message)
{
	const char *left[EXPECTED_SHOWN + 2];
	int shown = what_is_left(all, left);
	if (shown > 0 && shown <= EXPECTED_SHOWN) {
		buf_puts(message, "expected ");
		list_expected(message, left, shown);
		buf_puts(message, ", found ");
		name_found(parse, at, message);
		return;
	}
	name_found(parse, at, message);
	buf_puts(message, parse->mark.leads && parse->mark.token != TOK_YYEOF
		? " does not begin a clause that may stand here" : " does not fit here");
}

/* Where the scanner complained of the line already, what follows from it is left unsaid. */
void parse_unexpected(Parse *parse, Span at, const char *const *expected, int count)
{
	if (parse->mark.told)
		return;
	Expected all = {expected, count};
	Buf message = {0};
	describe(parse, at, all, &message);
	suggest(parse, all, diag_add(parse->build.diags, DIAG_UNEXPECTED, at, "%s", message.at));
	buf_free(&message);
}

/* ---- the file ---- */

/* What cannot be text at all is not scanned: its errors would be nonsense. */
static bool is_readable(Parse *parse)
{
	Str text = parse->build.source;
	if (text.len > LIMIT_FILE_BYTES) {
		diag_add(parse->build.diags, DIAG_FILE_TOO_LARGE, (Span){parse->build.file, 0, 0},
			"the file has %zu bytes; a rule file has at most %u", text.len, LIMIT_FILE_BYTES);
		return false;
	}
	ptrdiff_t bad = utf8_first_bad(text);
	if (bad < 0)
		return true;
	Span at = {parse->build.file, (uint32_t)bad, (uint32_t)bad + 1};
	if (text.ptr[bad] == '\0')
		diag_add(parse->build.diags, DIAG_NUL_BYTE, at, "a rule file cannot hold a NUL byte");
	else
		diag_help(diag_add(parse->build.diags, DIAG_BAD_UTF8, at,
			"the byte %02X is not UTF-8 here", (unsigned char)text.ptr[bad]),
			"save the file as UTF-8");
	return false;
}

/* flex scans in place and wants two NULs at the end; the newline lets every line end alike. A byte
 * order mark is passed over. */
static void scan_all(Parse *parse)
{
	Str text = parse->build.source;
	char *copy = mem_alloc(text.len + 3);
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\n';
	if (text.len >= 3 && memcmp(copy, "\xEF\xBB\xBF", 3) == 0)
		memset(copy, ' ', 3);
	scan_lex_init_extra(&parse->mark, &parse->scanner);
	scan__scan_buffer(copy, text.len + 3, parse->scanner);
	grammar_parse(parse);
	scan_lex_destroy(parse->scanner);
	free(copy);
}

static Parse parse_of(Arena *arena, const Sources *sources, int32_t file, Diags *diags)
{
	return (Parse){.build = {
		.arena = arena, .diags = diags, .source = sources->file.at[file].text, .file = file
	}};
}

/* Both ways begin with an empty file: an expression with errors is recovered from as if it were
 * one, and takes the file's place when it has none. */
static Ast *parse_whole(Parse *parse)
{
	Span whole = {parse->build.file, 0, (uint32_t)parse->build.source.len};
	parse->mark = (Mark){.build = &parse->build, .line_start = true};
	parse->build.root = ast_make(&parse->build, AST_FILE, whole, (AstParts){.n = 0});
	if (is_readable(parse))
		scan_all(parse);
	return parse->build.root;
}

/* Always a tree, with what could be read of the file; errors are in the diagnostics. */
Ast *parse_file(Arena *arena, const Sources *sources, int32_t file, Diags *diags)
{
	Parse parse = parse_of(arena, sources, file, diags);
	return parse_whole(&parse);
}

Ast *parse_head(Arena *arena, const Sources *sources, int32_t file, Diags *diags)
{
	Parse parse = parse_of(arena, sources, file, diags);
	parse.head = true;
	return parse_whole(&parse);
}

/* One grammar for both: a first token that no file can hold says which is meant. NULL after an
 * error, because half an expression is worth nothing. */
Ast *parse_expression(Arena *arena, const Sources *sources, int32_t file, Diags *diags)
{
	Parse parse = parse_of(arena, sources, file, diags);
	parse.start = TOK_EXPRESSION;
	size_t errors = diags->errors;
	Ast *expression = parse_whole(&parse);
	return diags->errors == errors ? expression : NULL;
}
