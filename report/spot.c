/*
 * A spot check as people and programs see it. All of it is read back from the case file, so
 * that what is printed is what is kept; nothing is worked out here but texts.
 *
 *   plan, frame, tickets ──────────────────┬─ text: head, groups, what to ask for, how to redo it
 *                                          ├─ CSV:  a row for each ticket
 *                                          └─ JSON: plan and tickets
 *   outcomes, strata, verdicts, changes ───┬─ text: rates, strata, sums, notes, rows, what is next
 *                                          └─ JSON: all of it
 *
 * Text is gathered in one buffer and written at the end: a case file that turns out to be
 * unreadable half way leaves no half of a page. CSV and JSON begin only when everything has
 * been read.
 *
 * Units: money is whole pence; rates are billionths; confidence, tolerable and serious are
 * basis points (9500 is 95%). Limits are rounded away from the estimate, never towards it, so
 * that what is printed is no narrower than what was worked out.
 *
 * A choice by risk never gets a rate, a limit or a claim: each table and object asks is_risk
 * first.
 */
#include "report/spot.h"

#include <stdlib.h>

#include "base/civil.h"
#include "interp/sampling.h"
#include "interp/spot_case.h"
#include "report/csv.h"
#include "report/jsontext.h"
#include "report/layout.h"

/* What the case file has of one plan. */
typedef struct Printed {
	CaseReader *reader;
	Arena *arena;
	SpotPlan plan;
	SpotFrame frame;
	SpotTickets ticket;
	Buf text;
	int width;
} Printed;

/* A plan that is not there is told as a file that cannot be read: the commands have found it before
 * they ask for it to be printed. Whatever this gives, printed_close comes after it. */
static Status printed_open(Printed *p, CaseReader *reader, Str plan, int width)
{
	sqlite3 *db = casereader_database(reader);
	bool found;
	*p = (Printed){.reader = reader, .arena = casereader_arena(reader), .width = width};
	if (!spot_case_plan(db, plan, p->arena, &p->plan, &found) || !found ||
			!spot_case_frame(db, p->plan.id, &p->frame) ||
			!spot_case_drawn(db, p->plan.id, p->arena, &p->ticket))
		return casereader_unreadable(reader);
	return STATUS_OK;
}

/* Writes the text, if the format was text, and frees; the reader's arena keeps the plan's texts. */
static Status printed_close(Printed *p, FILE *out, Status status)
{
	if (status == STATUS_OK && p->text.n > 0 && fwrite(p->text.at, 1, p->text.n, out) != p->text.n)
		status = STATUS_WORLD;
	spot_frame_free(&p->frame);
	vec_free(&p->ticket);
	buf_free(&p->text);
	return status;
}

/* The plan's words for how rows were chosen: random, money, risk. */
static bool is_money(const Printed *p)
{
	return str_eq(p->plan.selection, STR("money"));
}

/* Rows that somebody chose: of them nothing may be said that speaks of other rows. */
static bool is_risk(const Printed *p)
{
	return str_eq(p->plan.selection, STR("risk"));
}

/* ---- cells ---- */

/* Cells live as long as their table, so each text is copied out of its buffer into the arena. */
static Str count_text(Arena *arena, int64_t n)
{
	Buf buf = {0};
	layout_number(&buf, n);
	return buf_keep(&buf, arena);
}

/* "1 row", "1,204 rows": thousands are set apart for people, never for programs. */
static Str rows_text(Arena *arena, int64_t n)
{
	return str_format(arena, "%.*s %s", STR_ARG(count_text(arena, n)), n == 1 ? "row" : "rows");
}

/* One place behind the point. Lower limits come with ROUND_DOWN and upper ones with ROUND_UP: an
 * interval must not shrink by being shown. */
static Str percent_text(Arena *arena, int64_t billionths, RoundMode mode)
{
	Buf buf = {0};
	sampling_percent(&buf, billionths, 1, mode);
	return buf_keep(&buf, arena);
}

/* 9500 is 95%, 9750 is 97.5%. */
static Str share_text(Arena *arena, int64_t points)
{
	Buf buf = {0};
	ratio_print(&buf, (Ratio){points % 100 == 0 ? points / 100 : points,
		points % 100 == 0 ? 1 : 100}, 0, false);
	buf_char(&buf, '%');
	return buf_keep(&buf, arena);
}

/* A plan without groups has one that has no name. */
static Str group_text(Str group)
{
	return group.len > 0 ? group : STR("all");
}

/* The row of the frame that a ticket drew. NULL when somebody changed the case file: the ticket is
 * still listed, with empty cells, and vouch verify says what is wrong. */
static const SpotRow *row_of(const Printed *p, const SpotTicket *ticket)
{
	int32_t g = spot_group_find(&p->frame, ticket->group);
	int32_t row = g < 0 ? -1 : spot_frame_find(&p->frame, ticket->key);
	return row < 0 ? NULL : &p->frame.row.at[row];
}

/* ISO, as the case file writes days; empty where the row has none. */
static Str day_text(Arena *arena, int32_t day)
{
	Buf buf = {0};
	if (day != NO_DAY)
		day_print_iso(&buf, day);
	Str out = buf.n > 0 ? str_copy(arena, buf_view(&buf)) : STR("");
	buf_free(&buf);
	return out;
}

/* ---- the sample as text ---- */

/* "  clause      Schedule 4, 2.1". What was not said has no line. Values may come from data or from
 * rule files, so control characters are made harmless. */
static void print_line(Printed *p, const char *name, Str value)
{
	if (value.len == 0)
		return;
	buf_puts(&p->text, "  ");
	layout_pad(&p->text, str_of(name), 12, false);
	layout_clean(&p->text, value);
	buf_char(&p->text, '\n');
}

/* "visit.service; 61 rows in proportion, at least 2 of each". */
static void print_strata(Printed *p)
{
	const SpotPlan *plan = &p->plan;
	Str how = str_format(p->arena, plan->draw_each ? "%lld rows of each" : "%lld rows in proportion"
		" to theirs, largest remainders first", (long long)plan->draw);
	if (is_risk(p))
		how = STR("of no account to a choice");
	else if (plan->least > 0)
		how = str_format(p->arena, "%.*s, and %lld at least from each", STR_ARG(how),
			(long long)plan->least);
	print_line(p, "strata", str_format(p->arena, "by %.*s: %.*s", STR_ARG(plan->strata),
		STR_ARG(how)));
	if (plan->draw_each && plan->draw < SPOT_LEAST && !is_risk(p))
		print_line(p, "", STR("one row says nothing of how rows differ: there will be no interval"));
}

/*
 * Whatever the draw rests on, so that a printed page can stand for itself:
 *
 *   Spot check weekly_audit of hampshire/ccsh v3
 *     plan        7QK2…
 *     population  visit, 2025-09-01 to 2025-09-30: 1,204 rows, £25,310.40
 *     frame       5f1a…                         the hash to publish before a seed is agreed on
 *     seed        31415926
 */
static void print_head(Printed *p)
{
	const SpotPlan *plan = &p->plan;
	buf_printf(&p->text, "Spot check %.*s of %.*s %.*s\n", STR_ARG(plan->name),
		STR_ARG(plan->contract), STR_ARG(plan->version));
	print_line(p, "plan", plan->id);
	print_line(p, "clause", plan->clause);
	print_line(p, "population", str_format(p->arena, "%.*s, %.*s to %.*s: %.*s, %.*s",
		STR_ARG(plan->dataset), STR_ARG(plan->from), STR_ARG(plan->to),
		STR_ARG(rows_text(p->arena, plan->rows)), STR_ARG(plan->has_money
		? layout_pounds(p->arena, plan->pence) : STR("no sum declared"))));
	if (plan->unpriced > 0 && plan->has_money)
		print_line(p, "no sum", str_format(p->arena, "%.*s whose sum is not known",
			STR_ARG(rows_text(p->arena, plan->unpriced))));
	if (plan->unknown > 0)
		print_line(p, "left out", str_format(p->arena, "%.*s not known to belong to it or not",
			STR_ARG(rows_text(p->arena, plan->unknown))));
	if (plan->strata.len > 0)
		print_strata(p);
	print_line(p, "frame", plan->frame_sha256);
	if (is_risk(p))
		print_line(p, "selection", STR("by risk: these rows were chosen, and say nothing of the"
			" others"));
	else if (plan->seed.len > 0)
		print_line(p, "seed", plan->seed);
	if (plan->assumed.len > 0)
		print_line(p, "assumed", plan->assumed);
}

/* Tickets come by group and stratum: *t is the first of the others behind these. */
static int64_t count_tickets(const Printed *p, Str group, Str stratum, size_t *t)
{
	size_t from = *t;
	while (*t < p->ticket.n && str_eq(p->ticket.at[*t].group, group) &&
	       str_eq(p->ticket.at[*t].stratum, stratum))
		++*t;
	return (int64_t)(*t - from);
}

/* A line for each stratum; a group without strata has one that is the whole of it. Frame and
 * tickets are both sorted by group and stratum, so *t goes through the tickets once for all
 * groups. */
static void print_group(Printed *p, LayoutTable *table, const SpotGroup *group, size_t *t)
{
	for (int32_t i = 0; i < group->nstrata; i++) {
		const SpotGroup *stratum = &p->frame.stratum.at[group->stratum + i];
		layout_cell(table, group_text(group->name));
		if (p->frame.in_strata)
			layout_cell(table, stratum->name);
		layout_cell(table, count_text(p->arena, stratum->n));
		layout_cell(table, p->plan.has_money ? layout_pounds(p->arena, stratum->pence) : STR(""));
		layout_cell(table, count_text(p->arena, count_tickets(p, group->name, stratum->name, t)));
	}
}

/* How many rows and pounds each group has, and how many of them were drawn. */
static void print_groups(Printed *p)
{
	static const LayoutColumn column[] = {{"group", false, 8}, {"rows", true, 0},
		{"sum", true, 0}, {"drawn", true, 0}};
	static const LayoutColumn parted[] = {{"group", false, 8}, {"stratum", false, 8},
		{"rows", true, 0}, {"sum", true, 0}, {"drawn", true, 0}};
	LayoutTable table;
	size_t t = 0;
	bool strata = p->frame.in_strata;
	layout_begin(&table, p->arena, strata ? parted : column, strata ? 5 : 4);
	for (size_t g = 0; g < p->frame.group.n; g++)
		print_group(p, &table, &p->frame.group.at[g], &t);
	buf_char(&p->text, '\n');
	layout_end(&table, &p->text, p->width);
}

/* Without strata the table has no column of them; and the reason is last, of a choice alone. */
static int asked_columns(const Printed *p, LayoutColumn to[9])
{
	static const LayoutColumn column[] = {{"group", false, 8}, {"stratum", false, 8},
		{"no", true, 0}, {"stage", true, 0}, {"row", false, 8}, {"provider", false, 8},
		{"date", false, 0}, {"sum", true, 0}, {"why", false, 8}};
	int n = 0;
	for (int i = 0; i < (is_risk(p) ? 9 : 8); i++)
		if (i != 1 || p->frame.in_strata)
			to[n++] = column[i];
	return n;
}

/* 0 where nothing was drawn; a plan has two stages at most. */
static int64_t last_stage(const Printed *p)
{
	int64_t last = 0;
	for (size_t t = 0; t < p->ticket.n; t++)
		last = p->ticket.at[t].stage > last ? p->ticket.at[t].stage : last;
	return last;
}

/* What was asked for after the first stage is not asked for again. */
static void print_asked(Printed *p)
{
	LayoutColumn column[9];
	LayoutTable table;
	int64_t last = last_stage(p);
	buf_printf(&p->text, "\n%.*s to ask for%s\n", STR_ARG(p->plan.no_log_dataset.len > 0
		? str_format(p->arena, "Each row's %.*s", STR_ARG(p->plan.no_log_dataset))
		: STR("Evidence of each row")), last > 1 ? ", of the second stage alone (the table drawn"
		" has both)" : "");
	layout_begin(&table, p->arena, column, asked_columns(p, column));
	for (size_t t = 0; t < p->ticket.n; t++) {
		const SpotTicket *ticket = &p->ticket.at[t];
		const SpotRow *row = row_of(p, ticket);
		if (ticket->stage < last)
			continue;
		layout_cell(&table, group_text(ticket->group));
		if (p->frame.in_strata)
			layout_cell(&table, ticket->stratum);
		layout_cell(&table, count_text(p->arena, ticket->number));
		layout_cell(&table, count_text(p->arena, ticket->stage));
		layout_cell(&table, ticket->key);
		layout_cell(&table, row != NULL ? row->provider : STR(""));
		layout_cell(&table, row != NULL ? day_text(p->arena, row->on) : STR(""));
		layout_cell(&table, row != NULL && row->priced ? layout_pounds(p->arena, row->pence)
			: STR(""));
		if (is_risk(p))
			layout_cell(&table, ticket->reason);
	}
	layout_end(&table, &p->text, p->width);
}

/* ---- how to redo it ---- */

/* Inside single quotes of a shell. */
static void put_quoted(Buf *out, Str s)
{
	buf_char(out, '\'');
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '\'')
			buf_puts(out, "'\\''");
		else
			buf_char(out, s.ptr[i]);
	}
	buf_char(out, '\'');
}

/* A text of SQL inside double quotes of a shell: O'Neill & Co. "$5" becomes 'O''Neill & Co.
 * \"\$5\"'. Keys come from data, and a line that is printed to be copied must not run what
 * stands in them. */
static void put_sql(Buf *out, Str s)
{
	buf_char(out, '\'');
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '\'')
			buf_char(out, '\'');
		else if (strchr("\"$`\\", s.ptr[i]) != NULL)
			buf_char(out, '\\');
		buf_char(out, s.ptr[i]);
	}
	buf_char(out, '\'');
}

/* The rows of one group or stratum in the table `frame`, as the lines below select them. */
static void put_where(Printed *p, Str group, Str stratum)
{
	buf_puts(&p->text, "where plan_id = ");
	put_sql(&p->text, p->plan.id);
	buf_puts(&p->text, " and grp = ");
	put_sql(&p->text, group);
	if (!p->frame.in_strata)
		return;
	buf_puts(&p->text, " and stratum = ");
	put_sql(&p->text, stratum);
}

/*
 *   sqlite3 -separator TAB CASE.db "select key, grp, … order by ord" | sha256sum
 *
 * Prints exactly what spot_frame_line hashed: key, group, pence, with tabs between, in the order of
 * `ord`. A row whose sum is not known has an empty cell, which is not 0.
 */
static void print_frame_line(Printed *p, Str path)
{
	buf_puts(&p->text, "  sqlite3 -separator \"$(printf '\\t')\" ");
	put_quoted(&p->text, path);
	buf_printf(&p->text, " \"select key, grp, coalesce(pence, '')%s from frame where plan_id = ",
		p->frame.in_strata ? ", stratum" : "");
	put_sql(&p->text, p->plan.id);
	buf_puts(&p->text, " order by ord\" | sha256sum\n");
}

/*
 * key ──> sha256(hex of the seed's hash, key) ──> "hash key" ──> sort ──> the first n
 *
 * IFS= and -r keep blanks and backslashes of keys; printf adds no line feed to what is hashed;
 * a sort in the locale of the user could order digits and letters otherwise than bytes.
 */
static void print_random_line(Printed *p, Str path, Str group, Str stratum, int64_t n)
{
	buf_puts(&p->text, "  sqlite3 ");
	put_quoted(&p->text, path);
	buf_puts(&p->text, " \"select key from frame ");
	put_where(p, group, stratum);
	buf_printf(&p->text, "\" | while IFS= read -r k; do printf '%%s %%s\\n' \"$(printf %%s \"$s$k\" |"
		" sha256sum | cut -c1-64)\" \"$k\"; done | LC_ALL=C sort | head -n %lld | cut -d' ' -f2-\n",
		(long long)n);
}

/* Ticket i names a penny, and the first row whose running sum lies beyond it is drawn. Fifteen hex
 * digits are 60 bits, which bash's signed integers hold. Rows below zero have no pennies. The group
 * stands inside the line that is hashed, so in single quotes beside $s. */
static void print_money_line(Printed *p, Str path, const SpotGroup *group, int64_t n)
{
	buf_printf(&p->text, "  for i in $(seq %lld); do h=$(printf %%s \"$s\"", (long long)n);
	put_quoted(&p->text, group->name);
	buf_printf(&p->text, "\"/$i\" | sha256sum); sqlite3 ");
	put_quoted(&p->text, path);
	buf_puts(&p->text, " \"select key from (select key, sum(max(coalesce(pence, 0), 0)) over (order"
		" by ord) as e from frame ");
	put_where(p, group->name, STR(""));
	buf_printf(&p->text, ") where e > $((16#${h:0:15} %% %lld)) order by e limit 1\"; done\n",
		(long long)group->pence);
}

/*
 * For the first group or stratum; the others differ in its name and the number alone.
 *
 *   To check the frame (bash):
 *     sqlite3 … | sha256sum                        gives the hash that was published
 *   To draw … again:
 *     s=$(printf %s '31415926' | sha256sum …)      the seed's hash, which all tickets begin with
 *     sqlite3 … | while read … | sort | head       gives the keys that are listed above
 *
 * Nothing of ours is needed for it, so the other side can redo the draw without trusting the
 * program.
 */
static void print_redo(Printed *p, Str path)
{
	if (p->frame.group.n == 0)
		return;
	buf_puts(&p->text, "\nTo check the frame (bash):\n");
	print_frame_line(p, path);
	if (is_risk(p) || p->ticket.n == 0)
		return;
	Str name = p->ticket.at[0].group, stratum = p->ticket.at[0].stratum;
	int32_t g = spot_group_find(&p->frame, name);
	size_t behind = 0;
	int64_t n = count_tickets(p, name, stratum, &behind);
	if (p->frame.in_strata)
		buf_printf(&p->text, "To draw the stratum %.*s of %.*s again (%s; others alike, each with"
			" its own number of rows):\n", STR_ARG(stratum), STR_ARG(group_text(name)),
			SPOT_VARIANT);
	else
		buf_printf(&p->text, "To draw %.*s again (%s; other groups alike):\n",
			STR_ARG(group_text(name)), SPOT_VARIANT);
	buf_puts(&p->text, "  s=$(printf %s ");
	put_quoted(&p->text, p->plan.seed);
	buf_puts(&p->text, " | sha256sum | cut -c1-64)\n");
	if (is_money(p) && g >= 0)
		print_money_line(p, path, &p->frame.group.at[g], n);
	else
		print_random_line(p, path, name, stratum, n);
}

/* Without tickets the page is what to publish: the frame and its hash, before a seed is known. */
static void print_sample(Printed *p, Str path)
{
	print_head(p);
	if (p->frame.row.n == 0) {
		buf_puts(&p->text, "\nThe population has no rows: there is nothing to draw.\n");
		return;
	}
	print_groups(p);
	if (p->ticket.n > 0)
		print_asked(p);
	else
		buf_puts(&p->text, "\nNothing is drawn yet. Publish the frame's hash, agree on a seed, then"
			" run the same command with --seed.\n");
	print_redo(p, path);
}

/* ---- the sample for programs ---- */

/* The columns of `drawn` and `frame` by their names there, for CSV and JSON alike. In step with
 * asked_cells, `plain` and the numbers of json_sample; new ones go to the end, because people write
 * formulas that count columns. */
static const char *const asked_name[] = {"grp", "number", "stage", "key", "provider", "on_date",
	"pence", "ticket", "reason", "stratum"};
enum { ASKED = sizeof asked_name / sizeof *asked_name };

/* Money in pence and without a point: a program must not have to read "£1,234.50". */
static void asked_cells(Printed *p, const SpotTicket *ticket, Str cell[ASKED])
{
	const SpotRow *row = row_of(p, ticket);
	cell[0] = ticket->group;
	cell[1] = str_format(p->arena, "%lld", (long long)ticket->number);
	cell[2] = str_format(p->arena, "%lld", (long long)ticket->stage);
	cell[3] = ticket->key;
	cell[4] = row != NULL ? row->provider : STR("");
	cell[5] = row != NULL ? day_text(p->arena, row->on) : STR("");
	cell[6] = row != NULL && row->priced ? str_format(p->arena, "%lld", (long long)row->pence)
		: STR("");
	cell[7] = ticket->ticket;
	cell[8] = ticket->reason;
	cell[9] = ticket->stratum;
}

/* plain: numbers, days and hashes of ours, which no spreadsheet takes for a formula; keys and names
 * come from data, and csv_row guards them. */
static void csv_sample(Printed *p, FILE *out)
{
	static const bool plain[ASKED] = {[1] = true, [2] = true, [5] = true, [6] = true, [7] = true};
	Str cell[ASKED];
	for (int i = 0; i < ASKED; i++)
		cell[i] = str_of(asked_name[i]);
	csv_row(out, cell, NULL, ASKED);
	for (size_t t = 0; t < p->ticket.n; t++) {
		asked_cells(p, &p->ticket.at[t], cell);
		csv_row(out, cell, plain, ASKED);
	}
}

/* Keys are the columns of the table `plan`. Empty texts are null; a 0 stays 0, and means that the
 * plan has no such step. */
static json_t *json_plan(const Printed *p)
{
	const SpotPlan *plan = &p->plan;
	json_t *out = json_object();
	const struct {
		const char *name;
		Str text;
	} texts[] = {{"plan_id", plan->id}, {"contract", plan->contract}, {"version", plan->version},
		{"name", plan->name}, {"selection", plan->selection}, {"dataset", plan->dataset},
		{"clause", plan->clause}, {"assumed", plan->assumed}, {"extrapolates", plan->extrapolates},
		{"from_date", plan->from}, {"to_date", plan->to}, {"known_on", plan->known_on},
		{"provider", plan->provider}, {"frame_sha256", plan->frame_sha256}, {"seed", plan->seed},
		{"strata", plan->strata}, {"variant", STR(SPOT_VARIANT)}, {"rulebook_sha256", plan->rulebook_sha256},
		{"data_sha256", plan->data_sha256}, {"program", plan->program}};
	const struct {
		const char *name;
		int64_t n;
	} numbers[] = {{"draw", plan->draw}, {"then_draw", plan->then_draw},
		{"then_when", plan->then_when}, {"full_when", plan->full_when},
		{"confidence", plan->confidence}, {"tolerable", plan->tolerable},
		{"serious", plan->serious}, {"rows", plan->rows}, {"pence", plan->pence},
		{"unpriced", plan->unpriced}, {"unknown", plan->unknown}, {"least", plan->least},
		{"draw_each", plan->draw_each}, {"then_each", plan->then_each}};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		json_object_set_new(out, texts[i].name, texts[i].text.len > 0 ? jsontext(texts[i].text)
			: json_null());
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		json_object_set_new(out, numbers[i].name, json_integer(numbers[i].n));
	return out;
}

/* Takes the object over. */
static void json_print(json_t *object, FILE *out)
{
	json_dumpf(object, out, JSON_INDENT(1));
	fputc('\n', out);
	json_decref(object);
}

/* The cells of CSV with types: a group without a name is "", any other empty cell is null. */
static void json_sample(Printed *p, FILE *out)
{
	json_t *drawn = json_array();
	for (size_t t = 0; t < p->ticket.n; t++) {
		Str cell[ASKED];
		json_t *one = json_object();
		asked_cells(p, &p->ticket.at[t], cell);
		for (int i = 0; i < ASKED; i++) {
			bool number = i == 1 || i == 2 || i == 6;
			json_object_set_new(one, asked_name[i], cell[i].len == 0 && i > 0 ? json_null()
				: number ? json_integer(strtoll(cell[i].ptr, NULL, 10)) : jsontext(cell[i]));
		}
		json_array_append_new(drawn, one);
	}
	json_t *object = json_object();
	json_object_set_new(object, "plan", json_plan(p));
	json_object_set_new(object, "drawn", drawn);
	json_print(object, out);
}

/* Only text is gathered in p.text; the others write to `out`, and there only when all was read. */
Status spot_print_sample(CaseReader *reader, Str plan, Str path, SpotFormat format, int width,
	FILE *out)
{
	Printed p;
	Status status = printed_open(&p, reader, plan, width);
	if (status == STATUS_OK && format == SPOT_TEXT)
		print_sample(&p, path);
	else if (status == STATUS_OK && format == SPOT_CSV)
		csv_sample(&p, out);
	else if (status == STATUS_OK)
		json_sample(&p, out);
	return printed_close(&p, out, status);
}

/* ---- evaluations ---- */

/* One evaluation of a plan. Its lists are vectors of ours; their texts are the reader's. */
typedef struct Evaluated {
	Printed p;
	Str id;
	SpotOutcomes outcome;
	SpotStratumOutcomes stratum;
	SpotVerdicts verdict;
	SpotChanges change;
} Evaluated;

/* "0 of 61" */
static Str of_text(Arena *arena, int64_t k, int64_t n)
{
	return str_format(arena, "%lld of %lld", (long long)k, (long long)n);
}

/*
 *   group  rows   stage  wrong    rate   at least  at most  no log  not assessed  what follows
 *   all    1,204      1  2 of 61  3.3%       0.6%    10.0%                     1  draw again
 *
 * Each limit is one-sided. A group of which nothing was looked at has no rate, rather than 0%.
 */
static void print_rates(Evaluated *e)
{
	static const LayoutColumn column[] = {{"group", false, 8}, {"rows", true, 0},
		{"stage", true, 0}, {"wrong", true, 0}, {"rate", true, 0}, {"at least", true, 0},
		{"at most", true, 0}, {"no log", true, 0}, {"not assessed", true, 0},
		{"what follows", false, 0}};
	LayoutTable table;
	Arena *arena = e->p.arena;
	bool risk = is_risk(&e->p);
	layout_begin(&table, arena, column, 10);
	for (size_t i = 0; i < e->outcome.n; i++) {
		const SpotOutcome *outcome = &e->outcome.at[i];
		const SpotFigures *figures = &outcome->figures;
		bool rated = !risk && figures->n > 0;
		layout_cell(&table, group_text(outcome->group));
		layout_cell(&table, count_text(arena, outcome->rows));
		layout_count_cell(&table, outcome->stage);
		layout_cell(&table, of_text(arena, figures->wrong, figures->n));
		layout_cell(&table, rated ? percent_text(arena, figures->rate, ROUND_HALF_AWAY) : STR(""));
		layout_cell(&table, rated ? percent_text(arena, figures->rate_lower, ROUND_DOWN) : STR(""));
		layout_cell(&table, rated ? percent_text(arena, figures->rate_upper, ROUND_UP) : STR(""));
		layout_count_cell(&table, outcome->no_log);
		layout_count_cell(&table, outcome->not_assessed);
		layout_cell(&table, risk ? STR("") : outcome->decision == SPOT_DRAW ? STR("draw again")
			: str_of(spot_decision_word(outcome->decision)));
	}
	buf_char(&e->p.text, '\n');
	layout_end(&table, &e->p.text, e->p.width);
}

/* What was found in each; what it says of the whole is told of the group alone, as a stratum
 * has too few rows for limits of its own. */
static void print_parts(Evaluated *e)
{
	static const LayoutColumn column[] = {{"group", false, 8}, {"stratum", false, 8},
		{"rows", true, 0}, {"looked at", true, 0}, {"wrong", true, 0}, {"overpaid", true, 0},
		{"underpaid", true, 0}};
	LayoutTable table;
	Arena *arena = e->p.arena;
	layout_begin(&table, arena, column, e->p.plan.has_money ? 7 : 5);
	for (size_t i = 0; i < e->stratum.n; i++) {
		const SpotStratumOutcome *stratum = &e->stratum.at[i];
		layout_cell(&table, group_text(stratum->group));
		layout_cell(&table, stratum->stratum);
		layout_cell(&table, count_text(arena, stratum->rows));
		layout_cell(&table, stratum->looked == stratum->rows ? STR("all")
			: count_text(arena, stratum->looked));
		layout_count_cell(&table, stratum->wrong);
		if (!e->p.plan.has_money)
			continue;
		layout_cell(&table, layout_pounds(arena, stratum->over));
		layout_cell(&table, layout_pounds(arena, stratum->under));
	}
	buf_puts(&e->p.text, "\nStratum by stratum\n");
	layout_end(&table, &e->p.text, e->p.width);
}

/* Of a group that was looked at whole the sum is known, and has no interval. */
static Str interval_text(Arena *arena, const SpotFigures *figures)
{
	if (figures->census && figures->has_estimate)
		return layout_pounds(arena, figures->estimate);
	return !figures->has_estimate ? STR("") : str_format(arena, "%.*s (%.*s to %.*s)",
		STR_ARG(layout_pounds(arena, figures->estimate)), STR_ARG(layout_pounds(arena, figures->lower)),
		STR_ARG(layout_pounds(arena, figures->upper)));
}

/*
 * Found in the rows looked at                     of the whole
 *   group  overpaid  underpaid     net | overpaid at most  …  net estimate        at least   claim
 *   all      £61.20      £3.00  £58.20 |        £4,120.00  …  £1,148 (£210 to …)   £190.00  £58.20
 *
 * A choice by risk has the left half alone. The last two columns are there only when a clause
 * lets a claim be made.
 */
static void print_sums(Evaluated *e)
{
	static const LayoutColumn column[] = {{"group", false, 8}, {"overpaid", true, 0},
		{"underpaid", true, 0}, {"net", true, 0}, {"overpaid at most", true, 0},
		{"underpaid at most", true, 0}, {"net estimate", true, 0}, {"at least in all", true, 0},
		{"claim", true, 0}};
	LayoutTable table;
	Arena *arena = e->p.arena;
	bool risk = is_risk(&e->p), allowed = e->p.plan.extrapolates.len > 0;
	layout_begin(&table, arena, column, risk ? 4 : allowed ? 9 : 7);
	for (size_t i = 0; i < e->outcome.n; i++) {
		const SpotFigures *f = &e->outcome.at[i].figures;
		layout_cell(&table, group_text(e->outcome.at[i].group));
		layout_cell(&table, layout_pounds(arena, f->over));
		layout_cell(&table, layout_pounds(arena, f->under));
		layout_cell(&table, layout_pounds(arena, f->net));
		if (risk)
			continue;
		layout_cell(&table, f->has_money ? layout_pounds(arena, f->over_upper) : STR(""));
		layout_cell(&table, f->has_money ? layout_pounds(arena, f->under_upper) : STR(""));
		layout_cell(&table, interval_text(arena, f));
		if (!allowed)
			continue;
		layout_cell(&table, f->has_money ? layout_pounds(arena, f->minimum) : STR(""));
		layout_cell(&table, f->has_money ? layout_pounds(arena, f->claim) : STR(""));
	}
	buf_puts(&e->p.text, "\nFound in the rows looked at (overpaid, underpaid, net), and what it says"
		" of the whole\n");
	layout_end(&table, &e->p.text, e->p.width);
}

/* A width of 0 is no terminal: then each note is one line, for grep. */
static void put_note(Evaluated *e, Str note)
{
	layout_wrap(&e->p.text, note, 2, e->p.width == 0 ? 0 : e->p.width);
	if (e->p.text.at[e->p.text.n - 1] != '\n')
		buf_char(&e->p.text, '\n');
}

/* The law behind each limit, in the words of the manual. In step with what interp/spot_figures.c
 * works out: another method there needs another sentence here. */
static const char *rates_text(const Evaluated *e)
{
	const SpotPlan *plan = &e->p.plan;
	if (is_money(&e->p))
		return "binomial, of pounds, exact. At most: Stringer, binomial";
	if (plan->strata.len == 0)
		return "hypergeometric, of rows, exact. At most: as many of the dearest rows as may be wrong"
			" by the limit of their number, in full";
	return plan->draw_each || plan->then_each
		? "the exact limits of each stratum, added, each with its part of the risk. At most: as many"
			" of the dearest rows as may be wrong by the limit of their number, in full"
		: "binomial, which hold for a sample in proportion (Hoeffding), and exact where one stratum"
			" alone is open. At most: as many of the dearest rows as may be wrong by the limit of"
			" their number, in full";
}

/* Nobody has to wonder why there is no interval. */
static void put_thin_notes(Evaluated *e)
{
	for (size_t i = 0; i < e->outcome.n; i++) {
		int64_t thin = e->outcome.at[i].figures.thin;
		Str group = group_text(e->outcome.at[i].group);
		if (thin > 0 && e->p.plan.strata.len > 0)
			put_note(e, str_format(e->p.arena, "No interval for %.*s: in %lld of its strata fewer"
				" than two rows were looked at, so how much their rows differ is not known.",
				STR_ARG(group), (long long)thin));
		else if (thin > 0)
			put_note(e, str_format(e->p.arena, "No interval for %.*s: one row does not say how much"
				" rows differ.", STR_ARG(group)));
	}
}

/* What each figure is, so that nobody has to guess. */
static void print_notes(Evaluated *e)
{
	const SpotPlan *plan = &e->p.plan;
	Arena *arena = e->p.arena;
	buf_char(&e->p.text, '\n');
	if (is_risk(&e->p)) {
		put_note(e, STR("These rows were chosen by risk. Nothing that is found in them is projected to"
			" other rows: no rate, no limit, no claim."));
		return;
	}
	Str confidence = share_text(arena, plan->confidence);
	put_note(e, str_format(arena, "Each limit holds by itself with %.*s confidence. Rates: %s.",
		STR_ARG(confidence), rates_text(e)));
	put_thin_notes(e);
	if (!is_money(&e->p))
		put_note(e, str_format(arena, "Net estimate: difference%s, with its two-sided %.*s interval by"
			" Student's t and the correction sqrt(1 - n/N)%s; it leans on the normal law, and misses"
			" more often than stated where few rows are wrong.", plan->strata.len > 0
			? ", stratum by stratum and added up" : "", STR_ARG(confidence), plan->strata.len > 0
			? " in each" : ""));
	if (plan->extrapolates.len == 0) {
		put_note(e, STR("No claim is made: the plan names no clause that allows a sample to speak for"
			" the rest (`extrapolates under …`). The limits above say what is exposed."));
		return;
	}
	put_note(e, str_format(arena, "At least in all: minimum sum, rows wrong by %.*s or more. Claim:"
		" the one-sided lower limit, and no less than what was found, under %.*s.",
		STR_ARG(share_text(arena, plan->serious)), STR_ARG(plan->extrapolates)));
}

/* Only rows of which there is something to say. A row that counts as right all the same, as one
 * that was not assessed, is listed too and says so. */
static void print_verdicts(Evaluated *e)
{
	static const LayoutColumn column[] = {{"group", false, 8}, {"row", false, 8},
		{"paid", true, 0}, {"overpaid", true, 0}, {"underpaid", true, 0}, {"why", false, 12}};
	LayoutTable table;
	Arena *arena = e->p.arena;
	size_t n = 0;
	layout_begin(&table, arena, column, 6);
	for (size_t i = 0; i < e->verdict.n; i++) {
		const SpotVerdict *verdict = &e->verdict.at[i];
		if (verdict->why.len == 0)
			continue;
		n++;
		layout_cell(&table, group_text(verdict->group));
		layout_cell(&table, verdict->key);
		layout_cell(&table, layout_pounds(arena, verdict->paid));
		layout_cell(&table, layout_pounds(arena, verdict->over));
		layout_cell(&table, layout_pounds(arena, verdict->under));
		layout_cell(&table, verdict->wrong ? verdict->why
			: str_format(arena, "%.*s (does not count)", STR_ARG(verdict->why)));
	}
	if (n > 0)
		buf_puts(&e->p.text, "\nRows of which something was found\n");
	layout_end(&table, &e->p.text, e->p.width);
}

/* "changed V7: £10.00 > £12.00", "vanished V9". Said of each row, since a frame that moved is
 * either a correction, which the provider can explain, or something that nobody should have
 * touched. A hundred lines say enough; the table has them all. */
static void print_changes(Evaluated *e)
{
	enum { MOST = 100 };
	if (e->change.n == 0)
		return;
	buf_puts(&e->p.text, "\nThe data no longer holds the frame as it was frozen: ");
	layout_plural(&e->p.text, (int64_t)e->change.n, "row differs\n", "rows differ\n");
	for (size_t i = 0; i < e->change.n && i < MOST; i++) {
		const SpotChange *change = &e->change.at[i];
		buf_printf(&e->p.text, "  %.*s %.*s", STR_ARG(change->change), STR_ARG(change->key));
		if (change->was.len > 0 && change->now.len > 0) {
			buf_puts(&e->p.text, ": ");
			layout_clean(&e->p.text, change->was);
			buf_puts(&e->p.text, " > ");
			layout_clean(&e->p.text, change->now);
		}
		buf_char(&e->p.text, '\n');
	}
	if (e->change.n > MOST)
		buf_puts(&e->p.text, "  … the others are in the table frame_change\n");
}

/* The commands that the decisions ask for, ready to be copied; nothing when all groups passed. */
static void print_next(Evaluated *e)
{
	int64_t draw = 0, full = 0;
	const SpotPlan *plan = &e->p.plan;
	for (size_t i = 0; i < e->outcome.n; i++) {
		draw += e->outcome.at[i].decision == SPOT_DRAW;
		full += e->outcome.at[i].decision == SPOT_FULL;
	}
	if (is_risk(&e->p) || draw + full == 0)
		return;
	buf_char(&e->p.text, '\n');
	if (draw > 0) {
		layout_plural(&e->p.text, draw, "group", "groups");
		buf_printf(&e->p.text, " to be drawn from again, %lld %s: vouch sample --next\n",
			(long long)plan->then_draw, plan->then_each ? "from each stratum" : "each");
	}
	if (full > 0) {
		layout_plural(&e->p.text, full, "group", "groups");
		buf_printf(&e->p.text, " for a full audit, once all logs are in: vouch audit %.*s -c %.*s --from"
			" %.*s --to %.*s -o audit.db\n", STR_ARG(plan->data_path), STR_ARG(plan->contract),
			STR_ARG(plan->from), STR_ARG(plan->to));
	}
}

/* In the order of the questions: of what, how often wrong, for how much, what the figures mean,
 * which rows, whether the data moved, what to do. */
static void print_evaluation(Evaluated *e)
{
	print_head(&e->p);
	print_line(&e->p, "evaluation", e->id);
	print_rates(e);
	if (e->stratum.n > 0)
		print_parts(e);
	if (e->p.plan.has_money)
		print_sums(e);
	print_notes(e);
	print_verdicts(e);
	print_changes(e);
	print_next(e);
}

/* ---- evaluations for programs ---- */

/* null says "not known or not said", which 0 would not. */
static void json_set(json_t *object, const char *name, int64_t n, bool there)
{
	json_object_set_new(object, name, there ? json_integer(n) : json_null());
}

/* Each figure stands beside the condition under which it may be shown: no rates of a choice by
 * risk, no sums where the plan has none, no claim without the clause that allows it. A program
 * that reads the file must not find what the page would not print. */
static json_t *json_outcome(const Evaluated *e, const SpotOutcome *outcome)
{
	const SpotFigures *f = &outcome->figures;
	bool rated = !is_risk(&e->p) && f->n > 0, money = rated && f->has_money;
	bool allowed = e->p.plan.extrapolates.len > 0;
	const struct {
		const char *name;
		int64_t n;
		bool there;
	} numbers[] = {{"rows", outcome->rows, true}, {"pence", outcome->book, e->p.plan.has_money},
		{"stage", outcome->stage, true}, {"looked", outcome->looked, true}, {"n", f->n, true},
		{"thin_strata", f->thin, true},
		{"wrong", f->wrong, true}, {"no_log", outcome->no_log, true},
		{"not_assessed", outcome->not_assessed, true}, {"vanished", outcome->vanished, true},
		{"rate", f->rate, rated}, {"rate_lower", f->rate_lower, rated},
		{"rate_upper", f->rate_upper, rated},
		{"count_lower", f->count_lower, rated && f->count_lower >= 0},
		{"count_upper", f->count_upper, rated && f->count_upper >= 0},
		{"over", f->over, true}, {"under", f->under, true}, {"net", f->net, true},
		{"over_upper", f->over_upper, money}, {"under_upper", f->under_upper, money},
		{"exposure", f->exposure, money}, {"estimate", f->estimate, money && f->has_estimate},
		{"estimate_lower", f->lower, money && f->has_estimate},
		{"estimate_upper", f->upper, money && f->has_estimate},
		{"minimum", f->minimum, money && allowed}, {"claim", f->claim, money && allowed}};
	json_t *out = json_object();
	json_object_set_new(out, "group", jsontext(outcome->group));
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		json_set(out, numbers[i].name, numbers[i].n, numbers[i].there);
	json_object_set_new(out, "decision", is_risk(&e->p) ? json_null()
		: json_string(spot_decision_word(outcome->decision)));
	return out;
}

/* Without rate and limits, for the reason that the page has none either. */
static json_t *json_stratum(const SpotStratumOutcome *stratum)
{
	json_t *out = json_object();
	json_object_set_new(out, "group", jsontext(stratum->group));
	json_object_set_new(out, "stratum", jsontext(stratum->stratum));
	json_set(out, "rows", stratum->rows, true);
	json_set(out, "pence", stratum->book, true);
	json_set(out, "looked", stratum->looked, true);
	json_set(out, "wrong", stratum->wrong, true);
	json_set(out, "over", stratum->over, true);
	json_set(out, "under", stratum->under, true);
	return out;
}

/* All rows that were drawn, also those that are right: a program can count them itself. */
static json_t *json_verdict(const SpotVerdict *verdict)
{
	json_t *out = json_object();
	json_object_set_new(out, "group", jsontext(verdict->group));
	json_object_set_new(out, "key", jsontext(verdict->key));
	json_object_set_new(out, "wrong", json_boolean(verdict->wrong));
	json_set(out, "paid", verdict->paid, true);
	json_set(out, "over", verdict->over, true);
	json_set(out, "under", verdict->under, true);
	json_object_set_new(out, "why", jsontext(verdict->why));
	return out;
}

/* "drawn" are verdicts on what was drawn; "changes" are all, where the page stops at a hundred. */
static void json_evaluation(Evaluated *e, FILE *out)
{
	json_t *object = json_object(), *groups = json_array(), *rows = json_array(),
		*strata = json_array(), *changes = json_array();
	for (size_t i = 0; i < e->outcome.n; i++)
		json_array_append_new(groups, json_outcome(e, &e->outcome.at[i]));
	for (size_t i = 0; i < e->stratum.n; i++)
		json_array_append_new(strata, json_stratum(&e->stratum.at[i]));
	for (size_t i = 0; i < e->verdict.n; i++)
		json_array_append_new(rows, json_verdict(&e->verdict.at[i]));
	for (size_t i = 0; i < e->change.n; i++) {
		const SpotChange *change = &e->change.at[i];
		json_t *one = json_object();
		json_object_set_new(one, "key", jsontext(change->key));
		json_object_set_new(one, "change", jsontext(change->change));
		json_object_set_new(one, "was", change->was.len > 0 ? jsontext(change->was) : json_null());
		json_object_set_new(one, "now", change->now.len > 0 ? jsontext(change->now) : json_null());
		json_array_append_new(changes, one);
	}
	json_object_set_new(object, "plan", json_plan(&e->p));
	json_object_set_new(object, "evaluation_id", jsontext(e->id));
	json_object_set_new(object, "groups", groups);
	json_object_set_new(object, "strata", strata);
	json_object_set_new(object, "drawn", rows);
	json_object_set_new(object, "changes", changes);
	json_print(object, out);
}

/* There is no CSV of an evaluation: SPOT_CSV gives text. */
Status spot_print_evaluation(CaseReader *reader, Str plan, Str evaluation, SpotFormat format,
	int width, FILE *out)
{
	Evaluated e = {.id = evaluation};
	sqlite3 *db = casereader_database(reader);
	Status status = printed_open(&e.p, reader, plan, width);
	if (status == STATUS_OK && (!spot_case_outcomes(db, evaluation, e.p.arena, &e.outcome) ||
			!spot_case_strata(db, evaluation, e.p.arena, &e.stratum) ||
			!spot_case_verdicts(db, evaluation, e.p.arena, &e.verdict) ||
			!spot_case_changes(db, evaluation, e.p.arena, &e.change)))
		status = casereader_unreadable(reader);
	if (status == STATUS_OK && format == SPOT_JSON)
		json_evaluation(&e, out);
	else if (status == STATUS_OK)
		print_evaluation(&e);
	vec_free(&e.outcome);
	vec_free(&e.stratum);
	vec_free(&e.verdict);
	vec_free(&e.change);
	return printed_close(&e.p, out, status);
}
