/*
 * The text of random rule files: declarations in an order in which each uses only what stands
 * before it, and expressions made by type.
 *
 *   a type and what is in sight ─ put ─> a field, a literal, a call, a collection …, to some depth
 *
 * Names of declarations are numbered; a shrunk file loses declarations, never words.
 */
#include "tests/unit/sample.h"

#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "dsl/rulebook.h"

/* Types of expressions. WIDE ones may be quotients, which can be compared but not added up. */
typedef enum Kind { TRUTH, DURATION, MONEY, RATE, NUMBER, PERCENT, DATE, MOMENT, KINDS } Kind;

static const char *const type_name[KINDS] = {"yes/no", "duration", "money", "money per hour",
	"number", "percent", "date", "moment"};

typedef struct Named {
	Kind kind;
	int32_t set;      /* a define's dataset; -1: a parameter, or a function of one value */
	const char *name;
	int32_t last;     /* of a parameter: the day from which its last value holds */
} Named;

/* A row in sight, by the name that the text has for it. */
typedef struct Var {
	const char *name;
	int32_t set;
} Var;

typedef struct Scope {
	Var var[4];
	int32_t nvars;
	int32_t group;       /* the dataset whose rows a group has; -1: none */
	const char *period;  /* the name of a period in sight; NULL: none */
	bool bare;           /* no parameters and other dated things: who is a subject, or in a line */
} Scope;

typedef struct Maker {
	Sample *sample;
	Random random;
	Buf buf;             /* the line at hand */
	SamplePiece *piece;
	VEC(Named) parameter, define, rounding;
	bool has_match, has_sequence, has_table, has_bank, has_group_bank;
	size_t bank, measure; /* a piece that an amendment may replace; 0: none */
	Kind measured;       /* what the measure comes to */
	int32_t rules;
	int32_t inner;       /* names of rows of collections: r1, r2 … */
} Maker;

/* One time in so many. */
static bool chance(Maker *m, uint64_t in)
{
	return random_below(&m->random, in) == 0;
}

static int32_t below(Maker *m, int32_t n)
{
	return (int32_t)random_below(&m->random, (uint64_t)n);
}

/* One of some texts: WORD(m, "a", "b"). A text that stands twice comes twice as often. */
static const char *word(Maker *m, const char *const *from, size_t n)
{
	return from[random_below(&m->random, n)];
}

#define WORD(m, ...) word(m, (const char *const[]){__VA_ARGS__}, \
	sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void say(Maker *m, const char *text)
{
	buf_puts(&m->buf, text);
}

/* Any expression of the kind; depth 0 is a field, a name or a literal. */
static void put(Maker *m, Kind kind, const Scope *scope, int depth);

/* ---- what stands alone ---- */

/* Each pool holds what is special about its kind, and a step to either side of it: zero, the step
 * of a rounding, half a step, the figures that parameters and tables turn on. */
static void put_literal(Maker *m, Kind kind)
{
	static const char *const duration[] = {"0 minutes", "1 second", "1 minute", "14 minutes",
		"15 minutes", "16 minutes", "22 minutes 30 seconds", "30 minutes", "59 minutes", "1 hour",
		"24 hours"};
	static const char *const money[] = {"£0", "1p", "£5.64", "£5.65", "£10.00", "£22.59"};
	static const char *const rate[] = {"£0 per hour", "£18.99 per hour", "£19.00 per hour",
		"£22.59 per hour"};
	static const char *const number[] = {"0", "1", "2", "3"};
	static const char *const percent[] = {"0%", "50%", "100%", "7.5%"};
	switch (kind) {
	case TRUTH: say(m, WORD(m, "yes", "no")); break;
	case DURATION: say(m, word(m, duration, 11)); break;
	case MONEY: say(m, word(m, money, 6)); break;
	case RATE: say(m, word(m, rate, 4)); break;
	case NUMBER: say(m, word(m, number, 4)); break;
	case PERCENT: say(m, word(m, percent, 4)); break;
	case DATE: case MOMENT: case KINDS:
		day_print(&m->buf, sample_day(m->sample, &m->random));
		if (kind == MOMENT)
			say(m, WORD(m, " at 00:00", " at 01:30", " at 08:00", " at 23:59", " at 22:00"));
		break;
	}
}

/* What a field is in an expression; KINDS: nothing that figures are made of. */
static Kind kind_of(const SampleField *field)
{
	static const Kind kind[] = {[CELL_KEY] = KINDS, [CELL_TEXT] = KINDS, [CELL_LINK] = KINDS,
		[CELL_CODE] = KINDS, [CELL_YES_NO] = TRUTH, [CELL_DATE] = DATE, [CELL_TIME] = KINDS,
		[CELL_MOMENT] = MOMENT, [CELL_MINUTES] = DURATION, [CELL_SECONDS] = DURATION,
		[CELL_MONEY] = MONEY, [CELL_RATE] = RATE, [CELL_COUNT] = NUMBER};
	return kind[field->kind];
}

/* From a row in sight along a link or two: "visit", "visit.provision". */
static int32_t put_row(Maker *m, const Var *var, Buf *path)
{
	int32_t set = var->set;
	buf_puts(path, var->name);
	for (int steps = 0; steps < 2 && chance(m, 3); steps++) {
		const SampleField *link = &sample_shape[set].field[1];
		if (set == SAMPLE_LOG && chance(m, 2) && (m->has_match || m->has_sequence)) {
			bool matched = m->has_match && (!m->has_sequence || chance(m, 2));
			buf_puts(path, matched ? ".visit" : WORD(m, ".previous", ".next"));
			set = matched ? SAMPLE_VISIT : SAMPLE_LOG;
			continue;
		}
		if ((set == SAMPLE_LOG || set == SAMPLE_PROVISION) && chance(m, 3)) {
			buf_puts(path, ".tariff");
			set = SAMPLE_TARIFF;
			continue;
		}
		if (link->kind != CELL_LINK)
			break;
		buf_printf(path, ".%s", link->name);
		set = link->to;
	}
	return set;
}

/* A field or a define of the kind; false when none was found. */
static bool put_field(Maker *m, Kind kind, const Scope *scope)
{
	for (int tries = 0; scope->nvars > 0 && tries < 6; tries++) {
		Buf path = {0};
		int32_t set = put_row(m, &scope->var[below(m, scope->nvars)], &path);
		const char *found[16];
		int32_t n = 0;
		for (int32_t f = 0; f < sample_shape[set].nfields; f++)
			if (kind_of(&sample_shape[set].field[f]) == kind)
				found[n++] = sample_shape[set].field[f].name;
		for (size_t d = 0; d < m->define.n && n < 16 && !scope->bare; d++)
			if (m->define.at[d].set == set && m->define.at[d].kind == kind)
				found[n++] = m->define.at[d].name;
		if (n > 0)
			buf_printf(&m->buf, "%.*s.%s", (int)path.n, path.at, found[below(m, n)]);
		buf_free(&path);
		if (n > 0)
			return true;
	}
	return false;
}

/* False, and nothing written, when none of the kind was met. */
static bool put_parameter(Maker *m, Kind kind, const Scope *scope)
{
	for (int tries = 0; !scope->bare && m->parameter.n > 0 && tries < 4; tries++) {
		const Named *named = &m->parameter.at[random_below(&m->random, m->parameter.n)];
		if (named->kind != kind)
			continue;
		say(m, named->name);
		return true;
	}
	return false;
}

/* Facts are preferred: an expression of literals alone says nothing about the data. */
static void put_leaf(Maker *m, Kind kind, const Scope *scope)
{
	if (kind == DATE && scope->period != NULL && chance(m, 2)) {
		buf_printf(&m->buf, "%s.%s", scope->period, WORD(m, "first", "last"));
		return;
	}
	if (chance(m, 4) && put_parameter(m, kind, scope))
		return;
	if (chance(m, 5) || !put_field(m, kind, scope))
		put_literal(m, kind);
}

/* ---- collections ---- */

/* Rows that a row in sight, or a group, has: gives "visit.logs" and so on; NULL: none. */
static const char *list_of(Maker *m, const Scope *scope, int32_t *set)
{
	if (scope->group >= 0) {
		*set = scope->group;
		return sample_shape[scope->group].name;
	}
	if (scope->nvars == 0 || scope->nvars > 2)
		return NULL;
	const Var *of = &scope->var[below(m, scope->nvars)];
	const char *list = NULL;
	if (of->set == SAMPLE_PROVIDER) {
		int32_t way = below(m, 3);
		list = way == 0 ? "provisions" : way == 1 ? "logs" : "submissions";
		*set = way == 0 ? SAMPLE_PROVISION : way == 1 ? SAMPLE_LOG : SAMPLE_SUBMISSION;
	} else if (of->set == SAMPLE_PROVISION) {
		list = "visits";
		*set = SAMPLE_VISIT;
	} else if (of->set == SAMPLE_VISIT && m->has_match) {
		list = "logs";
		*set = SAMPLE_LOG;
	}
	return list == NULL ? NULL
		: str_format(&m->sample->arena, "%s.%s", of->name, list).ptr;
}

/* What stands in the brackets behind "for": "r1 in visit.logs"; its row is the last in `inner`. */
static const char *rows_of(Maker *m, const Scope *scope, Scope *inner)
{
	int32_t set = 0;
	const char *list = list_of(m, scope, &set);
	*inner = *scope;
	if (list == NULL)
		return NULL;
	const char *name = str_format(&m->sample->arena, "r%d", (int)++m->inner).ptr;
	inner->var[inner->nvars++] = (Var){name, set};
	inner->group = -1;
	return str_format(&m->sample->arena, "%s in %s", name, list).ptr;
}

/* Half of all collections are cut down; the condition may be about rows outside too. */
static void put_where(Maker *m, const Scope *inner, int depth)
{
	if (!chance(m, 2))
		return;
	say(m, " where ");
	put(m, TRUTH, inner, depth - 1);
}

/* total(…) and its like; false, and nothing written, when there is nothing to go over. */
static bool put_aggregate(Maker *m, Kind kind, const Scope *scope, int depth, const char *what)
{
	Scope inner;
	const char *rows = rows_of(m, scope, &inner);
	if (rows == NULL)
		return false;
	buf_printf(&m->buf, "%s(", what);
	put(m, kind, &inner, depth > 1 ? 1 : 0);
	buf_printf(&m->buf, " for %s", rows);
	put_where(m, &inner, depth);
	say(m, ")");
	return true;
}

/* any(…), none(…), count(…). */
static bool put_count(Maker *m, const Scope *scope, int depth, const char *what)
{
	Scope inner;
	const char *rows = rows_of(m, scope, &inner);
	if (rows == NULL)
		return false;
	buf_printf(&m->buf, "%s(%s", what, rows);
	put_where(m, &inner, depth);
	say(m, ")");
	return true;
}

/* `all` has its condition in front. Of no rows it is yes, which the empty datasets see to. */
static bool put_all(Maker *m, const Scope *scope, int depth)
{
	Scope inner;
	const char *rows = rows_of(m, scope, &inner);
	if (rows == NULL)
		return false;
	say(m, "all(");
	put(m, TRUTH, &inner, depth - 1);
	buf_printf(&m->buf, " for %s)", rows);
	return true;
}

/* A quotient, which is missing where there are no rows. */
static bool put_share(Maker *m, const Scope *scope, int depth)
{
	Scope inner;
	const char *rows = rows_of(m, scope, &inner);
	if (rows == NULL)
		return false;
	say(m, "(share(");
	put(m, TRUTH, &inner, depth - 1);
	buf_printf(&m->buf, " for %s) %s)", rows, WORD(m, ">= 50%", "< 100%", "<= 33.3%"));
	return true;
}

/* How many of a text or a code there are. */
static bool put_distinct(Maker *m, const Scope *scope)
{
	Scope inner;
	const char *rows = rows_of(m, scope, &inner);
	if (rows == NULL)
		return false;
	const Var *row = &inner.var[inner.nvars - 1];
	static const char *const by[SAMPLE_SETS] = {"registered", "client", "outcome", "carer",
		"week"};
	buf_printf(&m->buf, "distinct(%s.%s for %s)", row->name, by[row->set], rows);
	return true;
}

/* The first or last row's value, where several may stand at one time. */
static bool put_first(Maker *m, Kind kind, const Scope *scope)
{
	Scope inner;
	const char *rows = rows_of(m, scope, &inner);
	if (rows == NULL)
		return false;
	const Var *row = &inner.var[inner.nvars - 1];
	Scope only = {.var = {*row}, .nvars = 1, .group = -1, .bare = scope->bare};
	static const char *const by[SAMPLE_SETS] = {NULL, "start", "date", "check_in", "submitted"};
	if (by[row->set] == NULL)
		return false;
	buf_printf(&m->buf, "%s(", WORD(m, "first", "last"));
	put(m, kind, &only, 0);
	buf_printf(&m->buf, " for %s by %s.%s)", rows, row->name, by[row->set]);
	return true;
}

/* ---- conditions ---- */

/* Groups by a text have none. */
static bool row_in_sight(Maker *m, const Scope *scope, const char **row, int32_t *set)
{
	if (scope->nvars == 0)
		return false;
	const Var *var = &scope->var[below(m, scope->nvars)];
	*row = var->name;
	*set = var->set;
	return true;
}

/* Codes, texts, links: what is equal or not. */
static bool put_sameness(Maker *m, const Scope *scope)
{
	const char *row;
	int32_t set;
	if (!row_in_sight(m, scope, &row, &set))
		return false;
	for (int tries = 0; tries < 6; tries++) {
		const SampleField *field = &sample_shape[set].field[below(m, sample_shape[set].nfields)];
		if (field->kind == CELL_CODE) {
			const char *code = field->value[below(m, field->values)];
			if (chance(m, 3))
				buf_printf(&m->buf, "%s.%s is one of (%s, %s)", row, field->name, field->value[0],
					field->value[1]);
			else
				buf_printf(&m->buf, "%s.%s %s %s", row, field->name, WORD(m, "is", "is not"), code);
			return true;
		}
		if (field->kind == CELL_YES_NO) {
			buf_printf(&m->buf, "%s.%s is %s", row, field->name, WORD(m, "yes", "no"));
			return true;
		}
		if (field->kind == CELL_DATE) {
			buf_printf(&m->buf, "%s.%s is one of holiday", row, field->name);
			return true;
		}
	}
	return false;
}

/* Whether a fact is there at all: not steady, as filling it in turns the answer about. */
static bool put_presence(Maker *m, const Scope *scope)
{
	const char *row;
	int32_t set;
	if (m->sample->style == SAMPLE_STEADY || !row_in_sight(m, scope, &row, &set))
		return false;
	const SampleShape *shape = &sample_shape[set];
	const SampleField *field = &shape->field[1 + below(m, shape->nfields - 1)];
	buf_printf(&m->buf, "%s.%s %s", row, field->name, WORD(m, "is known", "is missing"));
	return true;
}

/* A day against the span of a row that has one, with or without an end. */
static bool put_within_span(Maker *m, const Scope *scope)
{
	const char *row;
	int32_t set;
	if (!row_in_sight(m, scope, &row, &set) ||
	    (set != SAMPLE_PROVISION && set != SAMPLE_TARIFF && set != SAMPLE_VISIT))
		return false;
	put(m, DATE, scope, 0);
	buf_printf(&m->buf, " is within %s%s.span", row, set == SAMPLE_VISIT ? ".provision" : "");
	return true;
}

/* One that may be a quotient, or an average. */
static void put_wide(Maker *m, Kind kind, const Scope *scope, int depth)
{
	if (depth > 1 && chance(m, 6) && put_aggregate(m, kind, scope, 1, "average"))
		return;
	put(m, kind, scope, depth - 1);
}

/*
 * Every way that the language has of drawing a line: `at most` and its like against a literal,
 * spans of days and of time, and the six signs. Times are not compared for equality with a
 * quotient, so they take the signs of order alone.
 */
static void put_comparison(Maker *m, const Scope *scope, int depth)
{
	static const Kind kinds[] = {DURATION, DURATION, MONEY, RATE, NUMBER, DATE, MOMENT};
	Kind kind = kinds[below(m, 7)];
	int32_t way = below(m, 5);
	bool stretch = kind == DATE || kind == MOMENT;
	if (depth <= 2 && !chance(m, 4)) {
		/* A fact on one side at least: what compares two literals says little. */
		for (int tries = 0; tries < 4 && !put_field(m, kind, scope); tries++) {
			kind = kinds[below(m, 7)];
			if (tries == 3)
				put(m, kind, scope, 0);
		}
		stretch = kind == DATE || kind == MOMENT;
	} else if (stretch || kind == RATE || kind == NUMBER)
		put(m, kind, scope, depth - 1);
	else
		put_wide(m, kind, scope, depth);
	if (way == 0 && !stretch) {
		buf_printf(&m->buf, " is %s ", WORD(m, "at most", "at least", "below", "above"));
		put_literal(m, kind);
	} else if (way == 1 && kind == DATE) {
		buf_printf(&m->buf, " is within %s %s ", WORD(m, "0 days", "1 day", "1 month"),
			WORD(m, "before", "after", "either side of"));
		put(m, kind, scope, 0);
	} else if (way == 1 && kind == DURATION) {
		buf_printf(&m->buf, " is %s", WORD(m, "15 minutes to 30 minutes",
			"0 minutes to below 30 minutes"));
	} else {
		buf_printf(&m->buf, " %s ", stretch ? WORD(m, "<=", ">=", "<", ">")
			: WORD(m, "<=", ">=", "<", ">", "=", "<>"));
		put(m, kind, scope, depth - 1);
	}
}

/* Brackets are written wherever two parts meet: how tightly words bind is tried elsewhere. */
static void put_truth(Maker *m, const Scope *scope, int depth)
{
	int32_t way = depth <= 0 ? 8 + below(m, 4) : below(m, 12);
	if (way < 2) {
		say(m, "(");
		put(m, TRUTH, scope, depth - 1);
		say(m, way == 0 ? " and " : " or ");
		put(m, TRUTH, scope, depth - 1);
		say(m, ")");
		return;
	}
	if (way == 2) {
		say(m, "not (");
		put(m, TRUTH, scope, depth - 1);
		say(m, ")");
		return;
	}
	if (way == 3 && put_count(m, scope, depth, WORD(m, "any", "none")))
		return;
	if (way == 4 && put_all(m, scope, depth))
		return;
	if (way == 5 && chance(m, 2) && put_share(m, scope, depth))
		return;
	if (way == 8 && put_sameness(m, scope))
		return;
	if (way == 9 && chance(m, 2) && put_presence(m, scope))
		return;
	if (way == 10 && chance(m, 2) && put_within_span(m, scope))
		return;
	say(m, "(");
	put_comparison(m, scope, depth);
	say(m, ")");
}

/* ---- figures ---- */

/* NULL for kinds that no rounding was declared for. */
static const char *rounding_of(Maker *m, Kind kind)
{
	for (size_t i = 0; i < m->rounding.n; i++)
		if (m->rounding.at[i].kind == kind)
			return m->rounding.at[i].name;
	return NULL;
}

/* In brackets of their own. */
static void put_two(Maker *m, Kind a, const char *between, Kind b, const Scope *scope, int depth)
{
	say(m, "(");
	put(m, a, scope, depth - 1);
	say(m, between);
	put(m, b, scope, depth - 1);
	say(m, ")");
}

/* What only figures of one kind have. */
static bool put_special(Maker *m, Kind kind, const Scope *scope, int depth)
{
	if (kind == MONEY && chance(m, 2)) {
		put_two(m, RATE, " * ", DURATION, scope, depth);
		return true;
	}
	if (kind == DURATION && chance(m, 3)) {
		put_two(m, MOMENT, " - ", MOMENT, scope, 0);
		return true;
	}
	if (kind == DURATION && chance(m, 4)) {
		say(m, "overlap(");
		put(m, MOMENT, scope, 0);
		say(m, ", ");
		put(m, MOMENT, scope, 0);
		say(m, WORD(m, ", 22:00, 07:00)", ", 00:00, 02:00)", ", 07:00, 22:00)"));
		return true;
	}
	if (kind == DURATION && m->has_table && !scope->bare && chance(m, 3)) {
		say(m, "portion(");
		put(m, DURATION, scope, 0);
		say(m, ") * ");
		put(m, DURATION, scope, 0);
		return true;
	}
	if (kind == NUMBER && chance(m, 3))
		return put_distinct(m, scope);
	if (kind == NUMBER)
		return put_count(m, scope, depth, "count");
	return false;
}

/* Where something cannot be had (no rows to go over, no rounding of the kind) a leaf stands. */
static void put_figure(Maker *m, Kind kind, const Scope *scope, int depth)
{
	int32_t way = below(m, 8);
	const char *rounding = scope->bare ? NULL : rounding_of(m, kind);
	if (way < 2) {
		put_two(m, kind, way == 0 ? " + " : " - ", kind, scope, depth);
	} else if (way == 2) {
		buf_printf(&m->buf, "%s(", WORD(m, "least", "greatest"));
		put(m, kind, scope, depth - 1);
		say(m, ", ");
		put(m, kind, scope, depth - 1);
		say(m, ")");
	} else if (way == 3) {
		say(m, "(if ");
		put(m, TRUTH, scope, depth - 1);
		say(m, " then ");
		put(m, kind, scope, depth - 1);
		say(m, " else ");
		put(m, kind, scope, depth - 1);
		say(m, ")");
	} else if (way == 4 && rounding != NULL) {
		buf_printf(&m->buf, "%s(", rounding);
		put(m, kind, scope, depth - 1);
		say(m, ")");
	} else if (way == 5 && put_aggregate(m, kind, scope, depth,
	    kind == RATE ? "greatest" : WORD(m, "total", "total", "least", "greatest"))) {
		return;
	} else if (way == 6 && m->sample->style == SAMPLE_ANY) {
		say(m, "(");
		put(m, kind, scope, 0);
		say(m, " or else ");
		put_literal(m, kind);
		say(m, ")");
	} else if (!put_special(m, kind, scope, depth)) {
		put_leaf(m, kind, scope);
	}
}

/* To a mark on the clock: a moment, or a visit's own time on its day. */
static bool put_marked(Maker *m, const Scope *scope)
{
	if (scope->bare || rounding_of(m, MOMENT) == NULL)
		return false;
	for (int32_t v = 0; v < scope->nvars && chance(m, 2); v++)
		if (scope->var[v].set == SAMPLE_VISIT) {
			buf_printf(&m->buf, "(%s.date at to_mark(%s.start))", scope->var[v].name,
				scope->var[v].name);
			return true;
		}
	say(m, "to_mark(");
	put_leaf(m, MOMENT, scope);
	say(m, ")");
	return true;
}

/* Days and moments go over ends of months and clock changes by the spans added here. */
static void put_time(Maker *m, Kind kind, const Scope *scope, int depth)
{
	if (chance(m, 4) && put_first(m, kind, scope))
		return;
	if (chance(m, 4) && put_aggregate(m, kind, scope, depth, WORD(m, "least", "greatest")))
		return;
	if (kind == MOMENT && chance(m, 4) && put_marked(m, scope))
		return;
	if (!chance(m, 3)) {
		put_leaf(m, kind, scope);
		return;
	}
	if (kind == DATE && !scope->bare && chance(m, 4)) {
		say(m, "working_days_after(");
		put_leaf(m, kind, scope);
		say(m, WORD(m, ", 0, holiday)", ", 1, holiday)", ", 3, holiday)"));
		return;
	}
	say(m, "(");
	put_leaf(m, kind, scope);
	buf_printf(&m->buf, " %s %s)", WORD(m, "+", "-"), kind == DATE
		? WORD(m, "1 day", "0 days", "1 week", "1 month", "1 year")
		: WORD(m, "1 second", "1 hour", "1 day", "24 hours", "1 month"));
}

/* Percentages stand alone: they are multiplied with elsewhere. */
static void put(Maker *m, Kind kind, const Scope *scope, int depth)
{
	if (kind == TRUTH)
		put_truth(m, scope, depth);
	else if (depth <= 0 || kind == PERCENT)
		put_leaf(m, kind, scope);
	else if (kind == DATE || kind == MOMENT)
		put_time(m, kind, scope, depth);
	else
		put_figure(m, kind, scope, depth);
}

/* ---- declarations ---- */

/* Begins a declaration, to which lines go from now on. */
static void piece(Maker *m, int32_t file)
{
	m->piece = vec_push(&m->sample->piece);
	*m->piece = (SamplePiece){.file = file};
}

/* Ends the line at hand. */
/* Lines that became known on a day can be left out by it: see sample_text. */
static void line_known(Maker *m, int32_t known)
{
	Str copy = str_copy(&m->sample->arena, buf_view(&m->buf));
	*vec_push(&m->piece->line) = (SampleLine){copy, known};
	buf_clear(&m->buf);
}

static void line(Maker *m)
{
	line_known(m, 0);
}

static void text(Maker *m, const char *line_text)
{
	say(m, line_text);
	line(m);
}

static void put_day(Maker *m, const char *before, int32_t day)
{
	say(m, before);
	day_print(&m->buf, day);
}

/* R1, d0, p5: no name is ever used for two things. */
static const char *number_name(Maker *m, const char *stem, size_t n)
{
	return str_format(&m->sample->arena, "%s%d", stem, (int)n).ptr;
}

/* One field of the row against a figure or a code. */
static void put_own_test(Maker *m, const SampleShape *shape)
{
	const SampleField *field = &shape->field[1 + below(m, shape->nfields - 1)];
	Kind kind = kind_of(field);
	buf_printf(&m->buf, "%s.%s ", shape->name, field->name);
	if (field->kind == CELL_CODE) {
		buf_printf(&m->buf, "is %s%s", chance(m, 2) ? "not " : "", field->value[below(m,
			field->values)]);
	} else if (field->kind == CELL_TEXT) {
		buf_printf(&m->buf, "%s \"%s\"", WORD(m, "=", "<>"), field->value[below(m, field->values)]);
	} else if (kind == KINDS || kind == TRUTH || chance(m, 4)) {
		m->buf.n -= strlen(shape->name) + strlen(field->name) + 2;
		say(m, "yes");
	} else {
		buf_printf(&m->buf, "%s ", WORD(m, "<", "<=", ">=", ">", "<>"));
		put_literal(m, kind);
	}
}

/* Some tables hold rows of other kinds too. A fact that is missing there decides whether the row is
 * one, so none of it is steady. */
static void make_where(Maker *m, const SampleShape *shape)
{
	if (m->sample->style == SAMPLE_STEADY || !chance(m, 5))
		return;
	say(m, "  where ");
	put_own_test(m, shape);
	for (int more = below(m, 3); more > 0; more--) {
		say(m, WORD(m, " and ", " or ", " or "));
		put_own_test(m, shape);
	}
	line(m);
}

static void make_contract(Maker *m)
{
	Sample *sample = m->sample;
	piece(m, 0);
	text(m, "contract random/care");
	text(m, "  title \"Random\"");
	text(m, "  council \"A council\"");
	text(m, "  version \"1\"");
	put_day(m, "  in force from ", sample->from + (chance(m, 4) ? 3 : -400));
	line(m);
	if (!chance(m, 3))
		text(m, "  covers provision where provision.contract is ccsh");
	for (int32_t set = 0; set < SAMPLE_SETS; set++) {
		const SampleShape *shape = &sample_shape[set];
		piece(m, 0);
		buf_printf(&m->buf, "dataset %s from %s", shape->name, shape->table);
		line(m);
		buf_printf(&m->buf, "  key %s", shape->key);
		line(m);
		if (shape->extra != NULL) {
			buf_printf(&m->buf, "  %s", shape->extra);
			line(m);
		}
		make_where(m, shape);
		for (int32_t f = 0; f < shape->nfields; f++) {
			buf_printf(&m->buf, "  %s : %s", shape->field[f].name, shape->field[f].type);
			line(m);
		}
	}
}

/* Some of them announced late. */
static void make_calendars(Maker *m)
{
	Sample *sample = m->sample;
	int32_t last = sample->from - 20;
	piece(m, 0);
	text(m, "calendar pay_period");
	put_day(m, "  periods of 4 weeks from ", sample->from - below(m, 28));
	line(m);
	piece(m, 0);
	text(m, "calendar holiday");
	text(m, "  dates");
	for (int i = 0; i < 4; i++) {
		last += 1 + below(m, 20);
		int32_t known = chance(m, 3) ? last - 3 + below(m, 9) : 0;
		say(m, "  | ");
		day_print_iso(&m->buf, last);
		buf_printf(&m->buf, " | Day %d | ", i);
		if (known > 0)
			day_print(&m->buf, known);
		say(m, " |");
		line_known(m, known);
	}
}

/* Of each kind of figure one, with one to three values. One in three begins within the window, so
 * that it is missing on the days before; some values are published late, some early. */
static void make_parameters(Maker *m)
{
	static const Kind kinds[] = {DURATION, MONEY, RATE, NUMBER, PERCENT};
	for (int i = 0; i < 5; i++) {
		const char *name = number_name(m, "p", m->parameter.n + 1);
		piece(m, 0);
		buf_printf(&m->buf, "parameter %s : %s", name, type_name[kinds[i]]);
		line(m);
		int32_t day = m->sample->from - (chance(m, 3) ? -2 : 500), last = day;
		for (int k = chance(m, 2) ? 1 : 3; k > 0; k--) {
			int32_t known = chance(m, 3) ? day + below(m, 12) - 6 : 0;
			put_day(m, "  from ", day);
			say(m, " ");
			put_literal(m, kinds[i]);
			if (known > 0)
				put_day(m, " published ", known);
			if (chance(m, 4))
				say(m, " assumed \"not published\"");
			line_known(m, known);
			last = day;
			int32_t next = sample_day(m->sample, &m->random);
			day = next > day ? next : day + 1 + below(m, 20);
		}
		*vec_push(&m->parameter) = (Named){kinds[i], -1, name, last};
	}
}

/* Time and money only; a minimum makes zero a case of its own (S87). */
static void make_roundings(Maker *m)
{
	piece(m, 0);
	text(m, "rounding round_time : duration");
	text(m, WORD(m, "  nearest 15 minutes, halves away from zero",
		"  nearest 1 minute, halves to even",
		"  up to the next 15 minutes", "  down to the last 5 minutes",
		"  counts 60 minutes from 53 minutes"));
	if (chance(m, 2))
		text(m, "  at least 30 minutes");
	*vec_push(&m->rounding) = (Named){.kind = DURATION, .set = -1, .name = "round_time"};
	piece(m, 0);
	text(m, "rounding round_money : money");
	text(m, WORD(m, "  nearest 1p, halves away from zero", "  nearest 1p, halves towards zero",
		"  up to the next 4p", "  down to the last 1p"));
	*vec_push(&m->rounding) = (Named){.kind = MONEY, .set = -1, .name = "round_money"};
	piece(m, 0);
	text(m, "rounding to_mark : time");
	text(m, WORD(m, "  nearest 15 minutes, halves away from zero", "  up to the next 1 hour",
		"  down to the last 5 minutes", "  nearest 30 minutes, halves to even"));
	*vec_push(&m->rounding) = (Named){.kind = MOMENT, .set = -1, .name = "to_mark"};
}

/* Each line's share is a figure of its own, so a wrong line shows. */
static void make_table(Maker *m)
{
	if (chance(m, 3))
		return;
	int32_t day = sample_day(m->sample, &m->random);
	piece(m, 0);
	text(m, "table portion (length : duration) : percent");
	put_day(m, "  from ", m->sample->from - 500);
	line(m);
	text(m, "  | length | share |");
	text(m, "  | below 15 minutes | 0% |");
	text(m, WORD(m, "  | 15 minutes to below 30 minutes | 50% |", "  | 15 minutes | 50% |"));
	text(m, "  | at least 30 minutes | 100% |");
	if (chance(m, 2)) {
		put_day(m, "  from ", day);
		line(m);
		text(m, "  | at most 1 hour | 75% |");
		text(m, "  | any | 110% |");
		text(m, "  first row that fits");
	}
	m->has_table = true;
}

/* None, one, or two of which the second may be ranked: else both holding is a conflict. */
static void make_exceptions(Maker *m, const Scope *scope, Kind kind, bool rule)
{
	int n = below(m, 3);
	for (int i = 0; i < n; i++) {
		buf_printf(&m->buf, "  except e%d %s when ", i, i > 0 && chance(m, 2) ? "over e0" : "");
		put(m, TRUTH, scope, 1);
		if (!rule) {
			say(m, " then ");
			put(m, kind, scope, 1);
		} else if (chance(m, 2)) {
			say(m, " then require ");
			put(m, TRUTH, scope, 1);
		}
		line(m);
	}
}

/* In either file: replaced word for word but for what it comes to. */
static void define_text(Maker *m, int32_t file, const Named *named, bool dated)
{
	const char *row = sample_shape[named->set].name;
	Scope scope = {.var = {{row, named->set}}, .nvars = 1, .group = -1};
	piece(m, file);
	buf_printf(&m->buf, "%sdefine %s for %s : %s", file == 1 ? "replace " : "", named->name, row,
		type_name[named->kind]);
	line(m);
	if (dated) {
		buf_printf(&m->buf, "  on %s.%s", row, named->set == SAMPLE_LOG ? "check_in" : "date");
		line(m);
	}
	say(m, "  is ");
	put(m, named->kind, &scope, file == 1 ? 1 : 2);
	line(m);
	make_exceptions(m, &scope, named->kind, false);
}

/* By the name, so that a replacement stands on the same date, as it must. */
static bool define_dated(const Named *named)
{
	return named->set != SAMPLE_PROVISION && (named->name[1] - '0') % 2 == 0;
}

/* Some before the matches and sequences, which use none of them, and some behind, which may go over
 * matched rows and neighbours. */
static void make_defines(Maker *m, int n)
{
	static const int32_t sets[] = {SAMPLE_VISIT, SAMPLE_VISIT, SAMPLE_LOG, SAMPLE_PROVISION};
	static const Kind kinds[] = {DURATION, MONEY, DURATION, RATE};
	for (int i = 0; i < n; i++) {
		int which = below(m, 4);
		Named named = {kinds[which], sets[which], number_name(m, "d", m->define.n), 0};
		define_text(m, 0, &named, define_dated(&named));
		*vec_push(&m->define) = named;
	}
}

/* By client alone, or by provider too; with and without room for a second carer. */
static void make_match(Maker *m)
{
	if (chance(m, 4))
		return;
	piece(m, 0);
	text(m, "match visit with log");
	text(m, WORD(m, "  when visit.provision.client = log.client",
		"  when visit.provision.provider = log.provider and visit.provision.client = log.client"));
	text(m, "  near visit.date at visit.start to log.check_in within 90 minutes");
	if (chance(m, 2))
		text(m, WORD(m, "  take at most visit.carers", "  take at most 2"));
	text(m, "  linked as visit.logs and log.visit");
	m->has_match = true;
}

/* Keys that are a text, a text and a day, or a link. */
static void make_sequence(Maker *m)
{
	Scope scope = {.var = {{"log", SAMPLE_LOG}}, .nvars = 1, .group = -1, .bare = true};
	if (chance(m, 3))
		return;
	piece(m, 0);
	text(m, "sequence day of log");
	text(m, WORD(m, "  for each log.carer", "  for each log.carer, date of log.check_in",
		"  for each log.provider"));
	text(m, WORD(m, "  order by log.check_in", "  order by log.check_out, log.check_in"));
	if (chance(m, 2)) {
		bool matched = m->has_match;
		m->has_match = false; /* or it might rest on itself */
		say(m, "  applies when ");
		put(m, TRUTH, &scope, 1);
		line(m);
		m->has_match = matched;
	}
	text(m, "  linked as log.previous and log.next");
	m->has_sequence = true;
}

/* Spans of each unit, the boundary both ways, a ceiling low enough to be met, each order. */
static void make_bank_terms(Maker *m)
{
	if (chance(m, 2))
		text(m, WORD(m, "  expires 2 weeks after credit",
			"  expires 10 days after credit, that day not included", "  expires with month",
			"  expires 1 month after credit"));
	if (chance(m, 2))
		text(m, WORD(m, "  holds at most 1 hour", "  holds at most 45 minutes"));
	text(m, WORD(m, "  oldest first", "  newest first", "  in proportion"));
}

/* One for each row of a dataset, with credits of every kind, and one for groups. */
static void make_banks(Maker *m)
{
	if (chance(m, 2)) {
		piece(m, 0);
		m->bank = m->sample->piece.n - 1;
		text(m, "bank hours");
		text(m, "  for each provision");
		if (chance(m, 2))
			text(m, "  applies when provision.service is take_a_break");
		text(m, WORD(m, "  credit provision.weekly_hours every week",
			"  credit 30 minutes every week from provision.start to provision.finish",
			"  credit provision.weekly_hours on provision.start"));
		text(m, WORD(m, "  debit visit.declared on visit.date among provision.visits",
			"  debit visit.declared on visit.date among provision.visits"
			" where visit.outcome is delivered"));
		make_bank_terms(m);
		m->has_bank = true;
	}
	if (chance(m, 3)) {
		piece(m, 0);
		m->bank = m->sample->piece.n - 1;
		text(m, "bank minutes");
		text(m, WORD(m, "  for each visit.provision.client", "  for each visit.provision"));
		text(m, "  credit visit.planned on visit.date among visit");
		text(m, "  debit visit.declared on visit.date among visit"
			" where visit.outcome is delivered");
		make_bank_terms(m);
		m->has_group_bank = true;
	}
}

/* ---- rules ---- */

typedef struct Subject {
	Scope scope;
	int32_t of;          /* what `for each` says: an entry of subject_text */
	const char *on;
} Subject;

static const char *const subject_text[] = {
	"  for each visit", "  for each log", "  for each provision", "  for each submission",
	"  for each provision, every week", "  for each provider, every week",
	"  for each provision, every month from provision.start to provision.finish",
	"  for each log in provider.logs", "  for each visit in provision.visits",
	"  for each visit.provision, week of visit.date", "  for each visit.provision.client",
	"  for each log.provider, month of log.check_in", "  for each taken in hours.debits",
	"  for each taken in minutes.debits",
};
enum { SUBJECT_FIRST_GROUP = 9, SUBJECT_FIRST_BANK = 12, SUBJECTS_ALL = 14 };

static const Subject subject[SUBJECTS_ALL] = {
	{{.var = {{"visit", SAMPLE_VISIT}}, .nvars = 1, .group = -1}, 0, "visit.date"},
	{{.var = {{"log", SAMPLE_LOG}}, .nvars = 1, .group = -1}, 1, "log.check_in"},
	{{.var = {{"provision", SAMPLE_PROVISION}}, .nvars = 1, .group = -1}, 2, "provision.start"},
	{{.var = {{"submission", SAMPLE_SUBMISSION}}, .nvars = 1, .group = -1}, 3, "submission.week"},
	{{.var = {{"provision", SAMPLE_PROVISION}}, .nvars = 1, .group = -1, .period = "week"}, 4,
		"week.first"},
	{{.var = {{"provider", SAMPLE_PROVIDER}}, .nvars = 1, .group = -1, .period = "week"}, 5,
		"week.last"},
	{{.var = {{"provision", SAMPLE_PROVISION}}, .nvars = 1, .group = -1, .period = "month"}, 6,
		"month.last"},
	{{.var = {{"log", SAMPLE_LOG}}, .nvars = 1, .group = -1}, 7, "log.check_in"},
	{{.var = {{"visit", SAMPLE_VISIT}}, .nvars = 1, .group = -1}, 8, "visit.date"},
	{{.var = {{"provision", SAMPLE_PROVISION}}, .nvars = 1, .group = SAMPLE_VISIT,
		.period = "week"}, 9, "week.first"},
	{{.group = SAMPLE_VISIT}, 10, "least(visit.date)"},
	{{.var = {{"provider", SAMPLE_PROVIDER}}, .nvars = 1, .group = SAMPLE_LOG,
		.period = "month"}, 11, "month.last"},
	{{.group = -1}, 12, "taken.date"},
	{{.group = -1}, 13, "taken.date"},
};

/* Debits are there when their bank is. */
static bool subject_is_there(const Maker *m, int32_t of)
{
	if (of == SUBJECT_FIRST_BANK)
		return m->has_bank;
	return of != SUBJECT_FIRST_BANK + 1 || m->has_group_bank;
}

/* Groups say what they are gathered from. */
static void put_for_each(Maker *m, const Subject *s)
{
	text(m, subject_text[s->of]);
	if (s->scope.group >= 0) {
		const char *name = sample_shape[s->scope.group].name;
		Scope row = {.var = {{name, s->scope.group}}, .nvars = 1, .group = -1};
		buf_printf(&m->buf, "  among %s", name);
		put_where(m, &row, 1);
		line(m);
	}
}

/* Of a debit: what it found, and what it did not. */
static void bank_rule(Maker *m)
{
	text(m, WORD(m, "  require taken.shortfall = 0 minutes", "  require taken.used >= 15 minutes",
		"  require taken.amount <= 30 minutes and taken.shortfall is below 1 minute"));
	text(m, "  otherwise \"{taken.amount}, of which {taken.shortfall} is short\"");
	text(m, "  at stake £20.00 per hour * taken.shortfall");
}

/* Two in three have a sum at stake. */
static void plain_rule(Maker *m, const Subject *s)
{
	if (chance(m, 3)) {
		say(m, "  applies when ");
		put(m, TRUTH, &s->scope, 1);
		line(m);
	}
	make_exceptions(m, &s->scope, TRUTH, true);
	say(m, "  require ");
	put(m, TRUTH, &s->scope, 3);
	line(m);
	say(m, "  otherwise \"Found {");
	put(m, chance(m, 2) ? DURATION : MONEY, &s->scope, 1);
	text(m, "}\"");
	if (chance(m, 3))
		return;
	say(m, "  at stake ");
	put(m, MONEY, &s->scope, 2);
	line(m);
}

/* In file 1: another text of the same rule, about the same subjects. */
static void rule_text(Maker *m, int32_t file, const char *name, int32_t of)
{
	const Subject *s = &subject[of];
	piece(m, file);
	buf_printf(&m->buf, "%srule %s \"A rule about %s\"", file == 1 ? "replace " : "", name,
		subject_text[of] + 2);
	line(m);
	if (chance(m, 2))
		text(m, WORD(m, "  severity minor", "  severity major", "  severity critical"));
	put_for_each(m, s);
	buf_printf(&m->buf, "  on %s", s->on);
	line(m);
	if (of >= SUBJECT_FIRST_BANK)
		bank_rule(m);
	else
		plain_rule(m, s);
}

/* of_rule remembers whom each is about, for the amendment. */
static void make_rules(Maker *m, int32_t *of_rule, int32_t n)
{
	for (int32_t i = 0; i < n; i++) {
		int32_t of = below(m, SUBJECTS_ALL);
		if (!subject_is_there(m, of))
			of = below(m, SUBJECT_FIRST_BANK);
		of_rule[i] = of;
		rule_text(m, 0, number_name(m, "R", (size_t)++m->rules), of);
	}
}

/* ---- measures ---- */

/* Whose rows, and what they come to. */
static void measure_body(Maker *m)
{
	Scope group = {.group = SAMPLE_VISIT};
	say(m, "  among visit");
	put_where(m, &(Scope){.var = {{"visit", SAMPLE_VISIT}}, .nvars = 1, .group = -1}, 1);
	line(m);
	say(m, "  figure ");
	if (!put_aggregate(m, m->measured, &group, 1, WORD(m, "total", "average", "greatest")))
		put_literal(m, m->measured);
	line(m);
}

/* Calendar periods and rolling ones; sums, which are merged from partitions, and others. */
static void measure_of(Maker *m, const char *name)
{
	piece(m, 0);
	m->measure = m->sample->piece.n - 1;
	m->measured = chance(m, 2) ? DURATION : MONEY;
	buf_printf(&m->buf, "measure %s \"A figure\"", name);
	line(m);
	text(m, WORD(m, "  for each visit.provision.provider, month of visit.date",
		"  for each visit.provision, week of visit.date",
		"  for each visit.provision.provider, rolling 3 weeks of visit.date"));
	measure_body(m);
}

/* A ratio with a target, a failure line and now and then the least evidence. */
static void kpi_of(Maker *m, const char *name)
{
	Scope group = {.group = SAMPLE_LOG};
	piece(m, 0);
	buf_printf(&m->buf, "kpi %s \"A share\"", name);
	line(m);
	text(m, WORD(m, "  for each log.provider, month of log.check_in",
		"  for each log.provider, week of log.check_in"));
	text(m, "  among log");
	say(m, "  figure ");
	put_count(m, &group, 1, "count");
	say(m, " / ");
	put_count(m, &group, 1, "count");
	line(m);
	bool high = chance(m, 2);
	text(m, high ? "  target at least 100%" : "  target at most 20%");
	text(m, high ? "  fails below 75%" : "  fails above 50%");
	if (chance(m, 2))
		text(m, "  needs at least 2 logs");
}

/* Each in half of the files. */
static void make_measures(Maker *m)
{
	if (chance(m, 2))
		measure_of(m, "M1");
	if (chance(m, 2))
		measure_of(m, "M2");
	if (chance(m, 2))
		kpi_of(m, "K1");
}

/* ---- the amendment ---- */

/* Behind the values that are there, as two from one day are an error. */
static void amend_parameter(Maker *m)
{
	const Named *named = &m->parameter.at[random_below(&m->random, m->parameter.n)];
	int32_t day = named->last + 1 + below(m, 9);
	/* A value may be known before its amendment is; no text without the amendment says that. */
	int32_t known = chance(m, 2) ? m->sample->published + below(m, 9) : 0;
	piece(m, 1);
	buf_printf(&m->buf, "parameter %s adds", named->name);
	line(m);
	put_day(m, "  from ", day);
	say(m, " ");
	put_literal(m, named->kind);
	if (known > 0)
		put_day(m, " published ", known);
	line_known(m, known);
}

/* The same declaration as in the first file, up to the clauses that may differ, which the caller
 * writes anew. Gives the number of lines. */
static size_t replace_piece(Maker *m, size_t number, const char *until)
{
	piece(m, 1);
	const SamplePiece *from = &m->sample->piece.at[number];
	size_t i = 0;
	say(m, "replace ");
	for (; i < from->line.n; i++) {
		const char *at = from->line.at[i].text.ptr;
		if (i > 0 && strchr(until, at[2]) != NULL && strncmp(at, "  applies", 9) != 0)
			break;
		text(m, at);
	}
	return i;
}

/* Another span, or another ceiling, in a clause of the same form. */
static const char *other_term(const char *term)
{
	static const char *const other[][2] = {
		{"  expires 2 weeks after credit", "  expires 1 week after credit"},
		{"  expires 1 month after credit", "  expires 2 months after credit"},
		{"  expires 10 days after credit, that day not included",
			"  expires 3 weeks after credit, that day not included"},
		{"  holds at most 1 hour", "  holds at most 30 minutes"},
		{"  holds at most 45 minutes", "  holds at most 2 hours"}};
	for (size_t i = 0; i < sizeof other / sizeof *other; i++)
		if (strcmp(term, other[i][0]) == 0)
			return other[i][1];
	return term;
}

/* Entries keep the terms of their own day (S52), figures the text of their period's. */
static void amend_accounts(Maker *m)
{
	if (m->bank > 0 && chance(m, 2)) {
		size_t done = replace_piece(m, m->bank, "ehoni");
		for (; done < m->sample->piece.at[m->bank].line.n; done++)
			text(m, other_term(m->sample->piece.at[m->bank].line.at[done].text.ptr));
	}
	if (m->measure > 0 && chance(m, 2)) {
		replace_piece(m, m->measure, "a");
		measure_body(m);
	}
}

/* A version that begins on one of the window's special days, published before or after it, and that
 * adds, replaces and withdraws. */
static void make_amendment(Maker *m, const int32_t *of)
{
	Sample *sample = m->sample;
	int32_t day = sample_day(sample, &m->random);
	sample->amended = true;
	day = day > sample->from + 4 ? day : sample->from + 4;
	sample->published = chance(m, 2) ? day - 10 + below(m, 20) : day;
	piece(m, 1);
	text(m, "contract random/care");
	text(m, "  version \"2\"");
	text(m, "  amends \"1\"");
	put_day(m, "  in force from ", day);
	line(m);
	put_day(m, "  published ", sample->published);
	line(m);
	if (chance(m, 2))
		amend_parameter(m);
	if (m->define.n > 0 && chance(m, 2)) {
		const Named *named = &m->define.at[0];
		m->define.n = 0; /* or it might rest on itself */
		define_text(m, 1, named, define_dated(named));
		m->define.n = 1;
	}
	if (chance(m, 2)) {
		piece(m, 1);
		text(m, "replace rounding round_time : duration");
		text(m, "  up to the next 1 hour");
	}
	amend_accounts(m);
	for (int32_t r = 0; r < m->rules; r++) {
		if (!chance(m, 3))
			continue;
		const char *name = number_name(m, "R", (size_t)r + 1);
		if (chance(m, 3)) {
			piece(m, 1);
			buf_printf(&m->buf, "withdraw rule %s", name);
			line(m);
		} else {
			rule_text(m, 1, name, of[r]);
		}
	}
}

/* ---- the whole ---- */

/* One of the three times of year; see sample_day. A third of the samples are judged by what was
 * known on a day. */
static void choose_window(Sample *sample, Random *random)
{
	static const int32_t start[][3] = {{2024, 2, 26}, {2025, 10, 20}, {2026, 3, 9}};
	const int32_t *day = start[random_below(random, 3)];
	sample->from = day_of(day[0], day[1], day[2]) + (int32_t)random_below(random, 4);
	sample->to = sample->from + 34 + (int32_t)random_below(random, 10);
	sample->known_on = random_below(random, 3) != 0 ? LAST_DAY : sample_day(sample, random);
}

/* The order of declarations is that in which they may use each other. */
void sample_make(Sample *sample, uint64_t seed, SampleStyle style)
{
	Maker m = {.sample = sample, .random = {seed * 2 + 1}};
	int32_t of[16];
	*sample = (Sample){.seed = seed, .style = style};
	choose_window(sample, &m.random);
	sample_rows(sample, &m.random);
	make_contract(&m);
	make_calendars(&m);
	make_parameters(&m);
	make_roundings(&m);
	make_table(&m);
	make_defines(&m, 2);
	make_match(&m);
	make_sequence(&m);
	make_banks(&m);
	make_defines(&m, 2);
	make_rules(&m, of, 6);
	make_measures(&m);
	if (chance(&m, 2))
		make_amendment(&m, of);
	vec_free(&m.parameter);
	vec_free(&m.define);
	vec_free(&m.rounding);
	buf_free(&m.buf);
}

void sample_free(Sample *sample)
{
	for (size_t i = 0; i < sample->piece.n; i++)
		vec_free(&sample->piece.at[i].line);
	vec_free(&sample->piece);
	arena_free(&sample->arena);
}

/* Declarations stand apart by an empty line, as the formatter has them. */
void sample_text(const Sample *sample, int32_t file, int32_t known, Buf *out)
{
	for (size_t i = 0; i < sample->piece.n; i++) {
		const SamplePiece *at = &sample->piece.at[i];
		if (at->file != file || at->dropped)
			continue;
		buf_puts(out, out->n > 0 ? "\n" : "");
		for (size_t k = 0; k < at->line.n; k++)
			if (at->line.at[k].known <= known)
				buf_printf(out, "%.*s\n", STR_ARG(at->line.at[k].text));
	}
}
