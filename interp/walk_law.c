/*
 * What the contract says: parameters, tables, defines and their exceptions, law dates.
 *
 * The law date comes down from the subject (S1). It changes in two places alone: in a define with
 * an `on` of its own, and under `as at`. Whatever is dated is looked up by that date, and by what
 * was published when the run is to know of (law 6).
 *
 *   rule on visit.date ── define ── table            all under visit.date
 *                            └───── define on D ──── parameter    under D
 *
 * What each declaration makes of something that is not known:
 *
 *   parameter    no value in force on that date            unknown, with the date (S11)
 *   table        a row that may fit, above one that does   unknown (S28)
 *                two that surely fit, `take only`          conflict, naming the rows
 *   exceptions   one that may hold                         matters only if its value differs (S30)
 *                two that surely hold, not ranked          conflict, naming both (law 7)
 *   define       its own date is not known                 unknown, naming the date (S3)
 */
#include "interp/walk_private.h"

#include <string.h>

#include "base/civil.h"

#define MEMO_FIRST 8

/* ---- parameters ---- */

/* Law 12: since when the figure holds, as the contract dates it. NO_DAY as a beginning means that
 * it always held. */
static void put_in_force(Eval *eval, int32_t from)
{
	if (from == NO_DAY) {
		buf_puts(&eval->buf, "in force throughout");
		return;
	}
	buf_puts(&eval->buf, "in force from ");
	day_print(&eval->buf, from);
}

/* A scenario's `with parameter` replaces the whole history. */
static const Expr *override_of(const Law *law, int32_t parameter)
{
	for (int32_t i = 0; i < law->nwith; i++)
		if (law->with[i].parameter == parameter)
			return law->with[i].value;
	return NULL;
}

/* "no value of parameter rate_floor is in force on 1 April 2024" (S11): a gap before the first
 * value, or a value that nobody could know of yet. No version is guessed, not even the nearest
 * (S3). */
static Value not_in_force(Eval *eval, const char *what, Str name, int32_t law_day)
{
	buf_puts(&eval->buf, what);
	buf_str(&eval->buf, name);
	buf_puts(&eval->buf, " is in force");
	if (law_day == NO_DAY) {
		buf_puts(&eval->buf, ": the law date is not known");
	} else {
		buf_puts(&eval->buf, " on ");
		day_print(&eval->buf, law_day);
	}
	return lost(STATE_UNKNOWN, walk_why(eval, walk_text(eval)));
}

/* `dated` NULL: the scenario set it. Both the declaration and this one value may be assumed (law
 * 11). */
static void trace_parameter(Eval *eval, const Expr *expr, const DatedExpr *dated, Value value)
{
	const Parameter *parameter = &eval->walk->book->parameter[expr->ref];
	if (dated != NULL) {
		trace_assumed(eval, "parameter", parameter->decl.name, parameter->decl.assumed);
		trace_assumed(eval, "parameter", parameter->decl.name, dated->assumed);
	}
	uint64_t hash = trace_mix(trace_mix(EXPR_PARAMETER, (uint64_t)expr->ref),
		(uint64_t)(uintptr_t)dated);
	if (!trace_first(eval, hash))
		return;
	if (dated == NULL)
		buf_puts(&eval->buf, "set by the scenario");
	else
		put_in_force(eval, dated->from);
	if (dated != NULL && dated->assumed.len > 0)
		buf_puts(&eval->buf, ", assumed");
	Str note = walk_text(eval);
	trace_value(eval, (TraceLine){trace_label(eval, expr, LABEL_SELF), .key = NO_KEY, .note = note},
		parameter->type, value);
}

/* It has no slots, so nothing of it is ever muted. Its value may use other parameters, on the same
 * date (S12). */
Value walk_parameter(Eval *eval, const Frame *frame, const Expr *expr)
{
	const Law *law = eval->walk->law;
	const Parameter *parameter = &eval->walk->book->parameter[expr->ref];
	const Expr *value = override_of(law, expr->ref);
	const DatedExpr *dated = NULL;
	if (value == NULL) {
		int32_t i = law_value(parameter->value, parameter->nvalues, law, frame->law_day);
		if (i < 0)
			return not_in_force(eval, "no value of parameter ", parameter->decl.name,
				frame->law_day);
		dated = &parameter->value[i];
		value = dated->value;
	}
	Frame own = {NULL, frame->law_day, NOT_MUTED};
	Value out = walk_eval(eval, &own, value);
	if (eval->walk->trace != NULL)
		trace_parameter(eval, expr, dated, out);
	return out;
}

/* S4: of a moment its local date. */
static int32_t day_of_value(Type type, Value value)
{
	return type.kind == TYPE_MOMENT ? moment_day(value.n) : (int32_t)value.n;
}

/* The same expression under the law of another day. Slots and muting stay as they are. */
Value walk_as_at(Eval *eval, const Frame *frame, const Expr *expr)
{
	Value day = walk_eval(eval, frame, expr->arg[1]);
	if (day.state != STATE_KNOWN)
		return lost(day.state, day.why);
	Frame then = {frame->slot, day_of_value(expr->arg[1]->type, day), frame->mute_from};
	return walk_eval(eval, &then, expr->arg[0]);
}

/* Of the texts that amendments gave to a name the one that holds on the law date (S7). All of them
 * see the same slots; only the one that holds is worked out. */
Value walk_in_force(Eval *eval, const Frame *frame, const Expr *expr)
{
	const Walk *walk = eval->walk;
	Str name = walk->book->amended[expr->ref].name;
	int32_t i = law_amended(walk->book, expr->ref, walk->law, frame->law_day);
	if (i < 0)
		return not_in_force(eval, "no version of ", name, frame->law_day);
	if (expr->arg[i] != NULL)
		return walk_eval(eval, frame, expr->arg[i]);
	buf_str(&eval->buf, name);
	buf_puts(&eval->buf, " was withdrawn before ");
	day_print(&eval->buf, frame->law_day);
	return lost(STATE_UNKNOWN, walk_why(eval, walk_text(eval)));
}

/* ---- frames of their own ---- */

/* Arguments go to the first slots of the callee; *hash identifies the call. Evidence of a call is
 * written once for the same arguments on the same date. */
static Frame enter(Eval *eval, const Frame *frame, const Expr *expr, int32_t nslots, uint64_t *hash)
{
	Frame own = {NULL, frame->law_day, NOT_MUTED};
	if (eval->walk->trace == NULL || !trace_wants(eval, frame, expr))
		own.mute_from = 0;
	*hash = trace_mix(trace_mix(expr->op, (uint64_t)expr->ref), (uint64_t)frame->law_day);
	int32_t n = nslots > expr->nargs ? nslots : expr->nargs;
	own.slot = walk_push(eval, n);
	for (int32_t i = 0; i < expr->nargs; i++) {
		own.slot[i] = walk_eval(eval, frame, expr->arg[i]);
		*hash = trace_mix(*hash, trace_hash(expr->arg[i]->type, own.slot[i]));
	}
	return own;
}

/* Gives the slots of enter() back. */
static void leave(Eval *eval, const Expr *expr, int32_t nslots)
{
	walk_pop(eval, nslots > expr->nargs ? nslots : expr->nargs);
}

/* ---- tables ---- */

/* One pass over the rows fills it. */
typedef struct Fits {
	const TableRow *row;    /* the first that fits */
	int32_t sure;           /* rows that fit */
	Value open;             /* state and reasons of those that may */
	Value sum;              /* HIT_ADD */
} Fits;

/* The row as it stands in the table: its text begins behind the first bar. The words are the
 * author's own, so that they can be found in the file. */
static void put_row(Eval *eval, const TableRow *row)
{
	Str written = trace_written(eval, row->fits);
	if (eval->buf.n > 0)
		buf_puts(&eval->buf, "; ");
	bool barred = written.len > 0 && written.ptr[written.len - 1] == '|';
	buf_puts(&eval->buf, barred ? "row: | " : "row: ");
	buf_str(&eval->buf, written);
}

static Value add_row(Eval *eval, const Frame *own, const Expr *expr, Value sum, const Expr *value)
{
	Value next = walk_eval(eval, own, value), out;
	Ratio q = {0, 1};
	if (!walk_both(eval, sum, next, &out))
		return out;
	/* Only the whole sum is tested against the scale, so that order cannot matter (S79). */
	return ratio_add(sum.q, next.q, &q) ? known_q(q) : walk_fault(eval, expr);
}

/* S27: each cell says itself what it makes of a missing value. */
static Fits find_fits(Eval *eval, const Frame *own, const Expr *expr, const TablePeriod *period,
	TableHit hit)
{
	Fits fits = {.open = lost(STATE_KNOWN, NULL), .sum = known_q((Ratio){0, 1})};
	for (int32_t i = 0; i < period->nrows; i++) {
		const TableRow *row = &period->row[i];
		Value fit = walk_eval(eval, own, row->fits);
		walk_spread(eval, &fits.open, fit);
		if (fit.state == STATE_KNOWN && fit.n != 0) {
			fits.sure++;
			fits.row = fits.row == NULL ? row : fits.row;
			if (hit == HIT_ADD)
				fits.sum = add_row(eval, own, expr, fits.sum, row->value);
		}
		/* S28: what stands below a row that fits, or may fit, is not asked. */
		if (hit == HIT_FIRST && (fits.row != NULL || fits.open.state != STATE_KNOWN))
			break;
	}
	return fits;
}

/* Names the rows, for the contract contradicts itself there (S28). They are asked again: this is
 * rare, and remembering them for every table would not be free. */
static Value two_rows_fit(Eval *eval, const Frame *own, const Table *table,
	const TablePeriod *period)
{
	buf_puts(&eval->buf, "table ");
	buf_str(&eval->buf, table->decl.name);
	buf_puts(&eval->buf, ": several rows fit");
	Str text = walk_text(eval);
	for (int32_t i = 0; i < period->nrows; i++) {
		Value fit = walk_eval(eval, own, period->row[i].fits);
		if (fit.state == STATE_KNOWN && fit.n != 0)
			text = str_format(eval->walk->arena, "%.*s, %.*s", STR_ARG(text),
				STR_ARG(trace_written(eval, period->row[i].fits)));
	}
	return lost(STATE_CONFLICT, walk_why(eval, text));
}

/* The checker shows the gap where it can (S28). */
static Value no_row_fits(Eval *eval, const Table *table)
{
	buf_puts(&eval->buf, "no row fits in table ");
	buf_str(&eval->buf, table->decl.name);
	return lost(STATE_UNKNOWN, walk_why(eval, walk_text(eval)));
}

/* What outranks what: a fault in any row asked; two rows that surely fit; a row that may fit; no
 * row. */
static Value table_value(Eval *eval, const Frame *own, const Expr *expr, const Table *table,
	const TablePeriod *period)
{
	Fits fits = find_fits(eval, own, expr, period, table->hit);
	if (fits.open.state == STATE_FAULT)
		return fits.open;
	if (table->hit == HIT_ONE && fits.sure > 1)
		return two_rows_fit(eval, own, table, period);
	if (fits.open.state != STATE_KNOWN)
		return fits.open;
	if (fits.row == NULL)
		return no_row_fits(eval, table);
	if (table->hit == HIT_ADD)
		return fits.sum.state == STATE_KNOWN ? walk_settle(eval, expr, true, fits.sum.q)
			: fits.sum;
	return walk_eval(eval, own, fits.row->value);
}

/* Names the rows that fit; they are asked once more, which costs little and happens once. Nothing
 * is traced twice, so evidence of the conditions is not repeated. */
static void trace_table(Eval *eval, const Frame *own, const Expr *expr, const TablePeriod *period,
	Value value)
{
	const Table *table = &eval->walk->book->table[expr->ref];
	Str note = {0};
	for (int32_t i = 0; i < period->nrows; i++) {
		Value fit = walk_eval(eval, own, period->row[i].fits);
		if (fit.state != STATE_KNOWN || fit.n == 0)
			continue;
		buf_str(&eval->buf, note);
		put_row(eval, &period->row[i]);
		note = walk_text(eval);
		if (table->hit == HIT_FIRST)
			break;
	}
	buf_str(&eval->buf, note);
	if (note.len > 0)
		buf_puts(&eval->buf, ", ");
	put_in_force(eval, period->from);
	note = walk_text(eval);
	trace_value(eval, (TraceLine){trace_label(eval, expr, LABEL_SELF), .key = NO_KEY, .note = note},
		expr->type, value);
}

/* A table's rows are those of one dated block, chosen by the law date like a parameter's value. A
 * block is a whole table: its rows are never mixed with another block's. */
Value walk_table(Eval *eval, const Frame *frame, const Expr *expr)
{
	const Table *table = &eval->walk->book->table[expr->ref];
	int32_t i = law_period(table, eval->walk->law, frame->law_day);
	if (i < 0)
		return not_in_force(eval, "no row of table ", table->decl.name, frame->law_day);
	uint64_t hash;
	Frame own = enter(eval, frame, expr, table->nslots, &hash);
	Value value = table_value(eval, &own, expr, table, &table->period[i]);
	trace_assumed(eval, "table", table->decl.name, table->decl.assumed);
	trace_assumed(eval, "table", table->decl.name, table->period[i].assumed);
	if (own.mute_from == NOT_MUTED && trace_first(eval, hash))
		trace_table(eval, &own, expr, &table->period[i], value);
	leave(eval, expr, table->nslots);
	return value;
}

/* ---- exceptions ---- */

/* Those that hold, or may hold, and that none which surely holds ranks over. */
typedef struct Holding {
	uint64_t sure, maybe;
	bool fault;
	Value open;      /* state and reasons of those that may, or of the faults */
} Holding;

/* Ranks are closed: whoever is over one that is over another is over that too (S32). */
static bool ranked_below(const Choices *choices, uint64_t set, int32_t i)
{
	for (int32_t j = 0; j < choices->nexcepts; j++)
		if ((set >> j & 1) && (choices->except[j].over >> i & 1))
			return true;
	return false;
}

/*
 * All conditions are looked at: a conflict is not found otherwise.
 *
 *   sure     2        2 over 0: 0 drops out, whatever it says
 *   maybe    0 1      1 is left, and leaves the value open unless it would give the same
 *
 * First all are asked, for faults and for who is sure; then those that a sure one ranks over drop
 * out.
 */
static Holding find_holding(Eval *eval, const Frame *frame, const Choices *choices)
{
	Holding holding = {.open = lost(STATE_KNOWN, NULL)};
	Value when[MAX_EXCEPTIONS];
	uint64_t sure = 0, maybe = 0;
	for (int32_t i = 0; i < choices->nexcepts; i++) {
		when[i] = walk_eval(eval, frame, choices->except[i].when);
		if (when[i].state == STATE_KNOWN && when[i].n != 0)
			sure |= (uint64_t)1 << i;
		else if (when[i].state != STATE_KNOWN)
			maybe |= (uint64_t)1 << i;
		if (when[i].state == STATE_FAULT)
			walk_spread(eval, &holding.open, when[i]);
	}
	holding.fault = holding.open.state == STATE_FAULT;
	for (int32_t i = 0; i < choices->nexcepts; i++) {
		uint64_t bit = (uint64_t)1 << i;
		if (!((sure | maybe) & bit) || ranked_below(choices, sure, i))
			continue;
		holding.sure |= sure & bit;
		holding.maybe |= maybe & bit;
		if (maybe & bit)
			walk_spread(eval, &holding.open, when[i]);
	}
	return holding;
}

/* What would hold if this exception did; -1: the base. Worked out only for those that could be
 * it. */
static Value candidate(Eval *eval, const Frame *frame, const Choices *choices, int32_t i)
{
	const Expr *expr = i < 0 ? choices->base : choices->except[i].then;
	return expr == NULL ? known_n(CHOICE_NONE) : walk_eval(eval, frame, expr);
}

/* A conflict inside a define is named by it, since the rule that reads it has other words (S34).
 * With the row: several may be looked at by one rule. */
static void put_define(Eval *eval, const Define *define, Value row)
{
	buf_str(&eval->buf, define->decl.name);
	if (define->dataset >= 0) {
		buf_puts(&eval->buf, " of ");
		trace_put_row(eval, define->dataset, (int32_t)row.n);
	}
	buf_puts(&eval->buf, ": ");
}

/* "payable of visit VS1: short_notice and no_access both hold" */
static Value conflict(Eval *eval, const Frame *frame, const Choices *choices, uint64_t sure)
{
	int32_t left = __builtin_popcountll(sure), all = left;
	if (choices->define != NULL)
		put_define(eval, choices->define, frame->slot[0]);
	for (int32_t i = 0; i < choices->nexcepts; i++) {
		if (!(sure >> i & 1))
			continue;
		buf_str(&eval->buf, choices->except[i].label);
		left--;
		buf_puts(&eval->buf, left > 1 ? ", " : left == 1 ? " and " : "");
	}
	buf_puts(&eval->buf, all == 2 ? " both hold" : " all hold");
	return lost(STATE_CONFLICT, walk_why(eval, walk_text(eval)));
}

/* S30: two that surely hold are a conflict, unless one that ranks over all of them may hold. Were
 * that one to hold, there would be no conflict: so it is not proved. */
static Value several(Eval *eval, const Frame *frame, const Choices *choices,
	const Holding *holding)
{
	for (int32_t i = 0; i < choices->nexcepts; i++)
		if ((holding->maybe >> i & 1) &&
		    (choices->except[i].over & holding->sure) == holding->sure)
			return holding->open;
	return conflict(eval, frame, choices, holding->sure);
}

/* Whether two exceptions that may hold are not ranked: should both do, they are in conflict, even
 * where they give the same (S31). Only those below i, so that each pair is asked once. */
static bool may_clash(const Choices *choices, uint64_t maybe, int32_t i)
{
	for (int32_t j = 0; j < i; j++)
		if ((maybe >> j & 1) && !(choices->except[i].over >> j & 1) &&
		    !(choices->except[j].over >> i & 1))
			return true;
	return false;
}

/* S30: an exception that may hold does not matter when it would give the same; if it is not ranked
 * over the one that surely holds, the two may be in conflict. */
static bool open_matters(Eval *eval, const Frame *frame, const Choices *choices,
	const Holding *holding, int32_t pick, Value value)
{
	for (int32_t i = 0; i < choices->nexcepts; i++) {
		if (!(holding->maybe >> i & 1))
			continue;
		if ((pick >= 0 && !(choices->except[i].over >> pick & 1)) ||
		    may_clash(choices, holding->maybe, i))
			return true;
		Value other = candidate(eval, frame, choices, i);
		if (value.state != STATE_KNOWN || other.state != STATE_KNOWN ||
		    !value_same(choices->type, value, other))
			return true;
	}
	return false;
}

/*
 *   conditions ──> one surely holds, none may        its value
 *                  none holds, none may              the base
 *                  several surely hold               conflict, unless one over them all may hold
 *                  some may                          the same value whichever does, or open
 */
Value walk_choose(Eval *eval, const Frame *frame, const Choices *choices, int32_t *held)
{
	*held = -1;
	Holding holding = find_holding(eval, frame, choices);
	if (holding.fault)
		return holding.open;
	if (__builtin_popcountll(holding.sure) > 1)
		return several(eval, frame, choices, &holding);
	int32_t pick = holding.sure == 0 ? -1 : __builtin_ctzll(holding.sure);
	Value value = candidate(eval, frame, choices, pick);
	if (open_matters(eval, frame, choices, &holding, pick, value))
		return holding.open;
	*held = pick;
	if (pick >= 0)
		trace_assumed(eval, "exception", choices->except[pick].label,
			choices->except[pick].assumed);
	return value;
}

/* ---- defines ---- */

/* The place of this define, row and date, or the free one where it goes. The row's dataset is the
 * define's. */
static Memo **memo_place(const MemoTable *table, int32_t define, int32_t row, int32_t law_day)
{
	uint64_t hash = trace_mix((uint64_t)(uint32_t)define << 32 | (uint32_t)row, (uint64_t)law_day);
	for (uint32_t i = (uint32_t)hash;; i++) {
		Memo **at = &table->at[i & (table->room - 1)];
		const Memo *memo = *at;
		if (memo == NULL || (memo->define == define && memo->row == row &&
		    memo->law_day == law_day))
			return at;
	}
}

/* Values stay where they are: only the places are made anew. */
static void memo_grow(MemoTable *table, Arena *arena)
{
	MemoTable old = *table;
	table->room = old.room == 0 ? MEMO_FIRST : old.room * 4;
	table->at = ARENA_ARRAY(arena, Memo *, table->room);
	for (uint32_t i = 0; i < old.room; i++)
		if (old.at[i] != NULL)
			*memo_place(table, old.at[i]->define, old.at[i]->row, old.at[i]->law_day) = old.at[i];
}

/* Replaces what was worked out without evidence. A define may put others while it is worked out, so
 * its place is looked for again. */
static void memo_put(MemoTable *table, Arena *arena, const Memo *memo)
{
	if (table->n * 2 >= table->room)
		memo_grow(table, arena);
	Memo **place = memo_place(table, memo->define, memo->row, memo->law_day);
	if (*place == NULL) {
		*place = ARENA_NEW(arena, Memo);
		table->n++;
	}
	**place = *memo;
}

/* What rests on the data alone outlasts this evaluation, where somebody keeps it. */
static void memo_keep(Eval *eval, Memo *memo, int64_t before, Type type)
{
	if (walk_keeps(eval, before, type, &memo->value)) {
		memo_put(&eval->keep->memo, eval->keep->arena, memo);
		return;
	}
	memo->cost = 0;
	memo_put(&eval->memo, eval->walk->arena, memo);
}

static const Memo *memo_in(const MemoTable *table, const Memo *memo)
{
	return table->room == 0 ? NULL : *memo_place(table, memo->define, memo->row, memo->law_day);
}

static const Memo *memo_had(const Eval *eval, const Memo *memo)
{
	const Memo *had = eval->keep == NULL ? NULL : memo_in(&eval->keep->memo, memo);
	return had != NULL ? had : memo_in(&eval->memo, memo);
}

/* S1: the law date comes from outside, unless the define has one of its own; without that date no
 * version is guessed. *held: the exception whose value it is. `own` is given the new date, under
 * which its line is written too. */
static Value define_value(Eval *eval, Frame *own, const Define *define, int32_t *held)
{
	*held = -1;
	if (define->on != NULL) {
		Value on = walk_eval(eval, own, define->on);
		if (on.state != STATE_KNOWN)
			return lost(on.state, on.why);
		own->law_day = day_of_value(define->on->type, on);
	}
	trace_assumed(eval, "define", define->decl.name, define->decl.assumed);
	if (define->nexcepts == 0)
		return walk_eval(eval, own, define->base);
	Choices choices = {define->base, define->except, define->nexcepts, define->type, define};
	return walk_choose(eval, own, &choices, held);
}

/*
 * The line stands behind the lines of what it was worked out from.
 *
 *   payable    £11.30    visit VS1    except no_access, on 5 May 2025
 */
static void trace_define(Eval *eval, const Expr *expr, const Define *define, const Frame *own,
	int32_t held, Value value)
{
	TraceLine line = {trace_label(eval, expr, LABEL_SELF), .key = NO_KEY};
	if (define->dataset >= 0)
		line.key = trace_row_key(eval, define->dataset, (int32_t)own->slot[0].n);
	if (held >= 0) {
		buf_puts(&eval->buf, "except ");
		buf_str(&eval->buf, define->except[held].label);
	}
	if (define->on != NULL && own->law_day != NO_DAY) {
		buf_puts(&eval->buf, held >= 0 ? ", on " : "on ");
		day_print(&eval->buf, own->law_day);
	}
	line.note = walk_text(eval);
	trace_value(eval, line, define->type, value);
}

/* While bounds are sought a define with `within` may stand for its facts. Fillings are few. */
const Value *walk_filled_define(const Walk *walk, int32_t define, int64_t row, int32_t law_day)
{
	for (int32_t i = 0; walk->fill != NULL && i < walk->fill->n; i++) {
		const Filling *fill = &walk->fill->at[i];
		if (fill->field < 0 && fill->define == define && fill->row == row &&
		    fill->law_day == law_day)
			return &fill->value;
	}
	return NULL;
}

/* Worked out once for each row and law date; again when its evidence is wanted and was not. A
 * define that is worked out for many rows in a loop is remembered for each, since a rule mostly
 * asks for it again. */
Value walk_derived(Eval *eval, const Frame *frame, const Expr *expr)
{
	const Define *define = &eval->walk->book->define[expr->ref];
	Value room;
	const Value *row = walk_place(eval, frame, expr->arg[0], &room);
	if (row->state != STATE_KNOWN)
		return lost(row->state, row->why);
	const Value *filled = walk_filled_define(eval->walk, expr->ref, row->n, frame->law_day);
	if (filled != NULL) {
		eval->open++;
		return *filled;
	}
	bool wanted = trace_wants(eval, frame, expr);
	Memo memo = {.define = expr->ref, .row = (int32_t)row->n, .law_day = frame->law_day};
	const Memo *had = memo_had(eval, &memo);
	if (had != NULL && (had->listed || !wanted)) {
		eval->open += had->open;
		eval->spared += had->cost;
		return had->value;
	}
	int64_t before = eval->open, from = eval->steps + eval->spared;
	int32_t nslots = define->nslots > 0 ? define->nslots : 1;
	Frame own = {walk_push(eval, nslots), frame->law_day, wanted ? NOT_MUTED : 0};
	int32_t held;
	slot_row(&own.slot[0], memo.row);
	memo.value = define_value(eval, &own, define, &held);
	memo.listed = wanted;
	memo.open = eval->open != before;
	memo.cost = eval->steps + eval->spared - from;
	memo_keep(eval, &memo, before, define->type);
	if (wanted)
		trace_define(eval, expr, define, &own, held, memo.value);
	walk_pop(eval, nslots);
	return memo.value;
}

/* Functions are not remembered: their arguments are values, and seldom come twice. */
Value walk_call(Eval *eval, const Frame *frame, const Expr *expr)
{
	const Define *define = &eval->walk->book->define[expr->ref];
	uint64_t hash;
	int32_t held;
	Frame own = enter(eval, frame, expr, define->nslots, &hash);
	Value value = define_value(eval, &own, define, &held);
	if (own.mute_from == NOT_MUTED && trace_first(eval, hash))
		trace_define(eval, expr, define, &own, held, value);
	leave(eval, expr, define->nslots);
	return value;
}
