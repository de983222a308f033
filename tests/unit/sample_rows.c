/*
 * Rows for random rule files: cells biased to the edges, and what SQL and a scenario write of them.
 */
#include "tests/unit/sample.h"

#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "dsl/rulebook.h"

/* Codes are as in the text of the types. */
const SampleShape sample_shape[SAMPLE_SETS] = {
	{"provider", "providers", "provider_ref", NULL, 'P', 2, {
		{.name = "provider_ref", .column = "provider_ref", .type = "text", .kind = CELL_KEY},
		{.name = "registered", .column = "registered", .type = "yes/no", .kind = CELL_YES_NO}}},
	{"provision", "provisions", "provision_ref",
		"lasts start to finish belongs to tariff by client as at start", 'R', 9, {
		{.name = "provision_ref", .column = "provision_ref", .type = "text", .kind = CELL_KEY},
		{.name = "provider", .column = "provider_ref", .kind = CELL_LINK, .role = ROLE_KEY,
			.type = "provider from provider_ref which has provisions", .to = SAMPLE_PROVIDER},
		{.name = "client", .column = "client", .type = "text", .kind = CELL_TEXT, .role = ROLE_KEY,
			.values = 2, .value = {"C1", "C2"}},
		{.name = "contract", .column = "contract", .type = "one of (ccsh, csah)",
			.kind = CELL_CODE, .values = 2, .value = {"ccsh", "csah"}},
		{.name = "service", .column = "service", .type = "one of (home_care, take_a_break)",
			.kind = CELL_CODE, .values = 2, .value = {"home_care", "take_a_break"}},
		{.name = "weekly_hours", .column = "weekly_minutes", .kind = CELL_MINUTES,
			.type = "duration from weekly_minutes in minutes within 0 minutes to 336 hours"},
		{.name = "rate", .column = "rate", .type = "money per hour", .kind = CELL_RATE},
		{.name = "start", .column = "start", .type = "date", .kind = CELL_DATE, .role = ROLE_KEY},
		{.name = "finish", .column = "finish", .type = "date", .kind = CELL_DATE,
			.role = ROLE_OPEN}}},
	{"visit", "visits", "visit_ref", "newest by entered known from entered", 'V', 12, {
		{.name = "visit_ref", .column = "visit_ref", .type = "text", .kind = CELL_KEY},
		{.name = "provision", .column = "provision_ref", .kind = CELL_LINK, .role = ROLE_KEY,
			.type = "provision from provision_ref which has visits", .to = SAMPLE_PROVISION},
		{.name = "date", .column = "visit_date", .type = "date from visit_date",
			.kind = CELL_DATE, .role = ROLE_KEY},
		{.name = "start", .column = "start_time", .type = "time from start_time",
			.kind = CELL_TIME},
		{.name = "planned", .column = "planned_seconds", .kind = CELL_SECONDS,
			.type = "duration from planned_seconds in seconds"},
		{.name = "declared", .column = "declared_minutes", .kind = CELL_MINUTES,
			.type = "duration from declared_minutes in minutes within 0 minutes to 48 hours"},
		{.name = "outcome", .column = "outcome", .type = "one of (delivered, cancelled, missed)",
			.kind = CELL_CODE, .values = 3, .value = {"delivered", "cancelled", "missed"}},
		{.name = "notice", .column = "notice_minutes", .kind = CELL_MINUTES,
			.type = "duration from notice_minutes in minutes"},
		{.name = "carers", .column = "carers", .type = "count", .kind = CELL_COUNT},
		{.name = "rate", .column = "rate", .type = "money per hour", .kind = CELL_RATE},
		{.name = "paid", .column = "paid", .type = "money", .kind = CELL_MONEY},
		{.name = "entered", .column = "entered", .type = "date", .kind = CELL_DATE,
			.role = ROLE_OPEN}}},
	{"log", "logs", "log_ref",
		"lasts check_in to check_out belongs to tariff by client as at check_in", 'L', 6, {
		{.name = "log_ref", .column = "log_ref", .type = "text", .kind = CELL_KEY},
		{.name = "provider", .column = "provider_ref", .kind = CELL_LINK, .role = ROLE_KEY,
			.type = "provider from provider_ref which has logs", .to = SAMPLE_PROVIDER},
		{.name = "client", .column = "client", .type = "text", .kind = CELL_TEXT, .role = ROLE_KEY,
			.values = 2, .value = {"C1", "C2"}},
		{.name = "carer", .column = "carer", .type = "text", .kind = CELL_TEXT, .role = ROLE_KEY,
			.values = 2, .value = {"K1", "K2"}},
		{.name = "check_in", .column = "check_in", .type = "moment", .kind = CELL_MOMENT},
		{.name = "check_out", .column = "check_out", .type = "moment", .kind = CELL_MOMENT,
			.role = ROLE_OPEN}}},
	{"submission", "submissions", "submission_ref", NULL, 'S', 4, {
		{.name = "submission_ref", .column = "submission_ref", .type = "text", .kind = CELL_KEY},
		{.name = "provider", .column = "provider_ref", .kind = CELL_LINK, .role = ROLE_KEY,
			.type = "provider from provider_ref which has submissions", .to = SAMPLE_PROVIDER},
		{.name = "week", .column = "week_start", .type = "date from week_start",
			.kind = CELL_DATE},
		{.name = "submitted", .column = "submitted_at", .type = "moment from submitted_at",
			.kind = CELL_MOMENT}}},
	/* Logs and provisions lead here by their client, as at a day of their own. A first day that is
	 * filled in may turn out to lie behind the last. */
	{"tariff", "tariffs", "client, tariff_ref", "lasts first to last", 'T', 5, {
		{.name = "tariff_ref", .column = "tariff_ref", .type = "text", .kind = CELL_KEY},
		{.name = "client", .column = "client", .type = "text", .kind = CELL_TEXT, .role = ROLE_KEY,
			.values = 2, .value = {"C1", "C2"}},
		{.name = "first", .column = "first", .type = "date", .kind = CELL_DATE, .role = ROLE_KEY},
		{.name = "last", .column = "last", .type = "date", .kind = CELL_DATE, .role = ROLE_OPEN},
		{.name = "price", .column = "price", .type = "money per hour from price",
			.kind = CELL_RATE}}},
};

/* ---- cells ---- */

static int64_t pick(Random *random, const int64_t *from, size_t n)
{
	return from[random_below(random, n)];
}

#define PICK(random, ...) pick(random, (const int64_t[]){__VA_ARGS__}, \
	sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

/* Windows are six weeks around 31 March 2024, 26 October 2025 or 29 March 2026: clocks change in
 * each, and each has ends of months; the first has a leap day and two of them a 6 April. */
int32_t sample_day(const Sample *sample, Random *random)
{
	static const int32_t feast[][3] = {{2024, 2, 29}, {2024, 3, 31}, {2024, 4, 6}, {2025, 10, 26},
		{2025, 10, 31}, {2025, 11, 30}, {2026, 3, 29}, {2026, 3, 31}, {2026, 4, 6}};
	uint64_t way = random_below(random, 20);
	int32_t beside = (int32_t)PICK(random, -1, 0, 0, 1);
	if (way == 0)
		return sample->from + beside;
	if (way == 1)
		return sample->to + beside;
	if (way < 12) {
		for (int tries = 0; tries < 20; tries++) {
			const int32_t *day = feast[random_below(random, sizeof feast / sizeof *feast)];
			int32_t at = day_of(day[0], day[1], day[2]);
			if (at >= sample->from && at <= sample->to)
				return at + beside;
		}
	}
	return sample->from + (int32_t)random_below(random, (uint64_t)(sample->to - sample->from + 1));
}

/* Midnight, the hour that spring skips and autumn repeats, and the ends of a night. */
static int32_t clock_time(Random *random)
{
	return (int32_t)PICK(random, 0, 60, 3599, 3600, 5400, 7199, 7200, 25200, 28800, 28860, 28800,
		79200, 86340, 86399);
}

/* Figures stand at and beside the steps of roundings and the lines of tables; money may be below
 * zero; one link in some leads nowhere. */
static SampleCell value_of(const Sample *sample, const SampleField *field, Random *random)
{
	SampleCell cell = {.known = true};
	switch (field->kind) {
	case CELL_KEY:
		break;
	case CELL_LINK:
		cell.n = (int64_t)random_below(random, (uint64_t)sample->rows[field->to].n + 1);
		cell.known = cell.n < sample->rows[field->to].n || random_below(random, 4) == 0;
		break;
	case CELL_TEXT: case CELL_CODE:
		cell.n = (int64_t)random_below(random, (uint64_t)field->values);
		break;
	case CELL_YES_NO:
		cell.n = (int64_t)random_below(random, 2);
		break;
	case CELL_MOMENT: case CELL_DATE: case CELL_TIME:
		cell.n = sample_day(sample, random);
		cell.clock = clock_time(random);
		cell.zulu = random_below(random, 6) == 0;
		break;
	case CELL_MINUTES:
		cell.n = PICK(random, 0, 1, 14, 15, 16, 29, 30, 31, 44, 45, 59, 60, 61, 1439, 1440, 1441);
		break;
	case CELL_SECONDS:
		cell.n = PICK(random, 0, 1, 899, 900, 901, 1349, 1350, 1799, 1800, 1801, 3599, 3600, 3601);
		break;
	case CELL_MONEY:
		cell.n = PICK(random, 0, 1, -1, 564, 565, 566, 1000, -1000, 2259);
		break;
	case CELL_RATE:
		cell.n = PICK(random, 0, 1899, 1900, 1901, 2259, 2260, 2400);
		break;
	case CELL_COUNT:
		cell.n = PICK(random, 0, 1, 1, 2, 3);
		break;
	}
	return cell;
}

/* One that leads to a row, where the field is a link; missing when there is none. */
SampleCell sample_cell(const Sample *sample, const SampleField *field, Random *random)
{
	SampleCell cell = value_of(sample, field, random);
	for (int tries = 0; tries < 20; tries++) {
		if (cell.known && (field->kind != CELL_LINK || cell.n < sample->rows[field->to].n))
			return cell;
		cell = value_of(sample, field, random);
	}
	return (SampleCell){.known = false};
}

/* ---- rows ---- */

/* By the name of its field, which is there. */
static SampleCell *cell_named(const Sample *sample, int32_t set, int32_t row, const char *name)
{
	const SampleShape *shape = &sample_shape[set];
	for (int32_t f = 0; f < shape->nfields; f++)
		if (str_eq(str_of(shape->field[f].name), str_of(name)))
			return &sample->rows[set].at[row].cell[f];
	return NULL;
}

/* Seconds later by the clock on the wall. */
static void later(SampleCell *cell, int64_t seconds)
{
	int64_t clock = cell->clock + seconds;
	int64_t days = clock < 0 ? -((86399 - clock) / 86400) : clock / 86400;
	cell->n += days;
	cell->clock = (int32_t)(clock - days * 86400);
}

/* Most logs belong to a visit, at or just beyond the reach of the match. */
static void lean_log(const Sample *sample, int32_t row, Random *random)
{
	SampleCell *in = cell_named(sample, SAMPLE_LOG, row, "check_in");
	SampleCell *out = cell_named(sample, SAMPLE_LOG, row, "check_out");
	if (sample->rows[SAMPLE_VISIT].n > 0 && random_below(random, 4) != 0) {
		int32_t visit = (int32_t)random_below(random, (uint64_t)sample->rows[SAMPLE_VISIT].n);
		const SampleCell *date = cell_named(sample, SAMPLE_VISIT, visit, "date");
		const SampleCell *start = cell_named(sample, SAMPLE_VISIT, visit, "start");
		const SampleCell *provision = cell_named(sample, SAMPLE_VISIT, visit, "provision");
		in->n = date->n;
		in->clock = start->clock;
		later(in, PICK(random, 0, 0, 60, -60, 5399, 5400, 5401, -5400, -5401));
		if (provision->known && provision->n < sample->rows[SAMPLE_PROVISION].n &&
		    random_below(random, 5) != 0) {
			int32_t at = (int32_t)provision->n;
			*cell_named(sample, SAMPLE_LOG, row, "client") =
				*cell_named(sample, SAMPLE_PROVISION, at, "client");
			*cell_named(sample, SAMPLE_LOG, row, "provider") =
				*cell_named(sample, SAMPLE_PROVISION, at, "provider");
		}
	}
	out->n = in->n;
	out->clock = in->clock;
	out->zulu = in->zulu;
	later(out, PICK(random, 0, 1, 899, 900, 960, 1349, 1350, 1800, 1801, 3600, 7200, 36000, -60));
}

/* One fact in fourteen is missing; the cell keeps its value, which nobody reads. */
static void make_row(Sample *sample, int32_t set, int32_t row, Random *random)
{
	const SampleShape *shape = &sample_shape[set];
	SampleRow *out = &sample->rows[set].at[row];
	for (int32_t f = 0; f < shape->nfields; f++)
		out->cell[f] = value_of(sample, &shape->field[f], random);
	if (set == SAMPLE_LOG)
		lean_log(sample, row, random);
	if (set == SAMPLE_PROVISION && random_below(random, 3) != 0)
		cell_named(sample, set, row, "start")->n = sample->from - (int32_t)random_below(random, 9);
	if (set == SAMPLE_TARIFF && random_below(random, 2) != 0)
		cell_named(sample, set, row, "first")->n = sample->from - (int32_t)random_below(random, 9);
	/* Now and then the key of the row before, or none: such rows leave. */
	out->cell[0].n = row > 0 && random_below(random, 40) == 0 ? row - 1 : row;
	out->cell[0].known = random_below(random, 60) != 0;
	for (int32_t f = 1; f < shape->nfields; f++)
		if (random_below(random, 14) == 0)
			out->cell[f].known = false;
}

/* Few enough that a case is quickly tried, many enough for partitions; one dataset in twelve is
 * empty. Links lead to datasets that were made before. */
void sample_rows(Sample *sample, Random *random)
{
	static const int32_t most[SAMPLE_SETS] = {4, 6, 26, 26, 8, 5};
	for (int32_t set = 0; set < SAMPLE_SETS; set++) {
		SampleRows *rows = &sample->rows[set];
		rows->n = random_below(random, 12) == 0 ? 0
			: 1 + (int32_t)random_below(random, (uint64_t)most[set]);
		rows->at = ARENA_ARRAY(&sample->arena, SampleRow, (size_t)rows->n + 1);
		for (int32_t row = 0; row < rows->n; row++)
			make_row(sample, set, row, random);
	}
}

/* ---- written ---- */

/* Local time, which may be absent or occur twice, or UTC with a Z. */
static void put_moment(Buf *out, const SampleCell *cell)
{
	Civil civil;
	ClockFold fold;
	int64_t n = cell->n * 86400 + cell->clock;
	if (cell->zulu)
		n = moment_of((int32_t)cell->n, cell->clock, &fold);
	civil = civil_of((int32_t)(n / 86400));
	n %= 86400;
	buf_printf(out, "%04d-%02d-%02d %02d:%02d", (int)civil.year, (int)civil.month, (int)civil.day,
		(int)(n / 3600), (int)(n / 60 % 60));
	if (n % 60 != 0)
		buf_printf(out, ":%02d", (int)(n % 60));
	buf_puts(out, cell->zulu ? "Z" : "");
}

/* Seconds only where there are some. */
static void put_clock(Buf *out, int32_t clock)
{
	buf_printf(out, "%02d:%02d", (int)(clock / 3600), (int)(clock / 60 % 60));
	if (clock % 60 != 0)
		buf_printf(out, ":%02d", (int)(clock % 60));
}

/* Pence as pounds. */
static void put_pounds(Buf *out, const char *sign, int64_t pence)
{
	int64_t size = pence < 0 ? -pence : pence;
	buf_printf(out, "%s%s%lld.%02lld", pence < 0 ? "-" : "", sign, (long long)(size / 100),
		(long long)(size % 100));
}

/* What SQL and a scenario write alike. */
static void put_text(Buf *out, const SampleField *field, const SampleCell *cell, char letter)
{
	if (field->kind == CELL_KEY || field->kind == CELL_LINK)
		buf_printf(out, "%c%lld", field->kind == CELL_KEY ? letter
			: sample_shape[field->to].letter, (long long)cell->n + 1);
	else if (field->kind == CELL_TEXT || field->kind == CELL_CODE)
		buf_puts(out, field->value[cell->n]);
	else if (field->kind == CELL_YES_NO)
		buf_puts(out, cell->n != 0 ? "yes" : "no");
	else if (field->kind == CELL_DATE)
		day_print_iso(out, (int32_t)cell->n);
	else if (field->kind == CELL_TIME)
		put_clock(out, cell->clock);
	else if (field->kind == CELL_MOMENT)
		put_moment(out, cell);
	else
		buf_printf(out, "%lld", (long long)cell->n);
}

/* A scenario writes facts as the language does, with their units. */
static void put_given(Buf *out, const SampleField *field, const SampleCell *cell, char letter)
{
	if (!cell->known)
		return;
	if (field->kind == CELL_MONEY || field->kind == CELL_RATE)
		put_pounds(out, "£", cell->n);
	else
		put_text(out, field, cell, letter);
	if (field->kind == CELL_RATE)
		buf_puts(out, " per hour");
	else if (field->kind == CELL_MINUTES)
		buf_puts(out, cell->n == 1 ? " minute" : " minutes");
	else if (field->kind == CELL_SECONDS)
		buf_puts(out, cell->n == 1 ? " second" : " seconds");
}

/* Missing facts are NULL or an empty text, which means the same (S25). */
static void put_sql(Buf *out, const SampleField *field, const SampleCell *cell, char letter)
{
	bool figure = field->kind >= CELL_MINUTES;
	if (!cell->known) {
		buf_puts(out, cell->n % 2 == 0 ? "NULL" : "''");
	} else if (field->kind == CELL_MONEY || field->kind == CELL_RATE) {
		put_pounds(out, "", cell->n);
	} else {
		buf_puts(out, figure ? "" : "'");
		put_text(out, field, cell, letter);
		buf_puts(out, figure ? "" : "'");
	}
}

/* As the language writes days. */
static void put_day(Buf *out, const char *before, int32_t day)
{
	buf_puts(out, before);
	day_print(out, day);
}

/* A row that says when it was entered, later than this day. */
static bool came_later(const SampleShape *shape, const SampleRow *row, int32_t known)
{
	const SampleField *last = &shape->field[shape->nfields - 1];
	const SampleCell *cell = &row->cell[shape->nfields - 1];
	return strcmp(last->name, "entered") == 0 && cell->known && cell->n > known;
}

/* All datasets are given, so that all rules run (S93), an empty one by its header. */
void sample_scenario(const Sample *sample, int32_t known, Buf *out)
{
	buf_puts(out, "\nscenario \"random rows\"\n");
	for (int32_t set = 0; set < SAMPLE_SETS; set++) {
		const SampleShape *shape = &sample_shape[set];
		buf_printf(out, "  given %s\n    |", shape->name);
		for (int32_t f = 0; f < shape->nfields; f++)
			buf_printf(out, " %s |", shape->field[f].name);
		for (int32_t row = 0; row < sample->rows[set].n; row++) {
			const SampleRow *at = &sample->rows[set].at[row];
			if (at->dropped || came_later(shape, at, known))
				continue;
			for (int32_t f = 0; f < shape->nfields; f++) {
				buf_puts(out, f == 0 ? "\n    | " : " ");
				put_given(out, &shape->field[f], &at->cell[f], shape->letter);
				buf_puts(out, " |");
			}
		}
		buf_puts(out, "\n");
	}
	if (known == LAST_DAY && sample->known_on != LAST_DAY) {
		put_day(out, "  known on ", sample->known_on);
		buf_puts(out, "\n");
	}
	put_day(out, "  audit from ", sample->from);
	put_day(out, " to ", sample->to);
	buf_puts(out, "\n  expect no other failure\n");
}

/* Rows that were left out, by whom ever, are in neither of the two. */
static void put_row(const Sample *sample, int32_t set, int32_t row, int32_t known, Buf *out)
{
	const SampleShape *shape = &sample_shape[set];
	const SampleRow *at = &sample->rows[set].at[row];
	if (at->dropped || came_later(shape, at, known))
		return;
	buf_printf(out, "INSERT INTO %s VALUES(", shape->table);
	for (int32_t f = 0; f < shape->nfields; f++) {
		buf_puts(out, f > 0 ? ", " : "");
		put_sql(out, &shape->field[f], &at->cell[f], shape->letter);
	}
	buf_puts(out, ");\n");
}

/* No keys and no constraints: the program finds out by itself. Shuffled as Fisher and Yates do. */
void sample_sql(const Sample *sample, uint64_t order, int32_t known, Buf *out)
{
	Random random = {order};
	for (int32_t set = 0; set < SAMPLE_SETS; set++) {
		const SampleShape *shape = &sample_shape[set];
		int32_t n = sample->rows[set].n;
		int32_t *place = mem_alloc(sizeof(int32_t) * (size_t)(n + 1));
		buf_printf(out, "CREATE TABLE %s(", shape->table);
		for (int32_t f = 0; f < shape->nfields; f++)
			buf_printf(out, "%s%s %s", f > 0 ? ", " : "", shape->field[f].column,
				shape->field[f].kind < CELL_MINUTES ? "TEXT" : "NUMERIC");
		buf_puts(out, ");\n");
		for (int32_t i = 0; i < n; i++) {
			int32_t k = order == 0 ? i : (int32_t)random_below(&random, (uint64_t)i + 1);
			place[i] = place[k];
			place[k] = i;
		}
		for (int32_t i = 0; i < n; i++)
			put_row(sample, set, place[i], known, out);
		free(place);
	}
}
