/*
 * The tests of a rulebook: examples, which are claims without rows, and
 * scenarios, which bring their own. Both use the explaining evaluator alone: a
 * test that differs must say why, and has few rows.
 *
 *   example  quarter_hour(23 minutes) is 30 minutes     ──> one claim that must be yes
 *   scenario "…" given … expect …                       ──> interp/scenario.h
 *   eval     an expression typed by somebody            ──> the same walk, printed
 *
 * A claim that is unknown has not passed (law 4).
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* memmem */
#endif
#include "interp/testrun.h"

#include <stdlib.h>
#include <string.h>

/* ---- a store without rows ---- */

/*
 * Tables without rows would do as well; NULL ones fail at once should something
 * read them, as the checker lets no example speak of rows.
 */
static const Store *empty_store(const Rulebook *book, Arena *arena)
{
	Store *store = ARENA_NEW(arena, Store);
	*store = (Store){
		.book = book,
		.table = ARENA_ARRAY(arena, StoreTable *, (size_t)book->ndatasets + 1),
		.inverse = ARENA_ARRAY(arena, RowLists, (size_t)book->nlinks + 1),
		.matched = ARENA_ARRAY(arena, StoreMatch, (size_t)book->nmatches + 1),
	};
	return store;
}

/* S9, S94: without `known on` all that was ever published is known. */
static const Law everything = {.known_on = LAST_DAY, .from = NO_DAY, .to = LAST_DAY};

/* A slot that nothing was put into is unknown. */
static Value *new_slots(Arena *arena, int32_t n)
{
	Value *slots = ARENA_ARRAY(arena, Value, (size_t)n + 1);
	for (int32_t i = 0; i < n; i++)
		slots[i].state = STATE_UNKNOWN;
	return slots;
}

/* Reasons stand behind the value in the order in which the evaluator met them. */
static void put_value(Buf *buf, const Walk *walk, Type type, Value value, bool reasons)
{
	value_print(buf, walk->store, walk->book, type, value, walk->arena);
	for (const Why *why = value.why; reasons && why != NULL; why = why->next) {
		buf_puts(buf, why == value.why ? ": " : "; ");
		buf_str(buf, why->text);
	}
}

/* S80: a value whose decimals do not end is printed as a quotient that reads back: £10.00 / 3. The
 * divisor is the least that leaves decimals which end, in whatever unit the value is printed. */
static void put_exact(Buf *buf, Type type, Ratio q)
{
	enum { MOST_TRIED = 1000000 };
	static const char cut[] = "…";
	for (int64_t by = 1; by <= q.d; by = by < MOST_TRIED ? by + 1 : q.d) {
		size_t before = buf->n;
		Ratio whole;
		if (q.d % by != 0 || !ratio_make(q.n, q.d / by, &whole))
			continue;
		quantity_print(buf, type, whole);
		if (by == q.d || memmem(buf->at + before, buf->n - before, cut, sizeof cut - 1) == NULL) {
			if (by > 1)
				buf_printf(buf, " / %lld", (long long)by);
			return;
		}
		buf->n = before;
	}
}

/* Nothing stays behind: a batch may call this a million times. */
State testrun_eval(const Rulebook *book, const Expr *expr, int32_t nslots, int32_t law_day,
	bool reasons, Buf *out)
{
	Arena arena = {0};
	Walk walk = {book, empty_store(book, &arena), &everything, &arena, NULL, NULL, NULL, NULL};
	Value value = walk_expr(&walk, expr, new_slots(&arena, nslots), law_day, (RowSpan){NULL, 0});
	if (value.state == STATE_KNOWN && expr->type.kind == TYPE_QUANTITY)
		put_exact(out, expr->type, value.q);
	else
		put_value(out, &walk, expr->type, value, reasons);
	State state = (State)value.state;
	arena_free(&arena);
	return state;
}

/* ---- examples ---- */

/*
 * Each side is worked out again by itself, since the claim kept only its yes or
 * no.
 */
static Str print_side(const Walk *walk, const Expr *expr, Value *slots, int32_t day)
{
	Buf buf = {0};
	Walk quiet = *walk;
	Value value = walk_expr(&quiet, expr, slots, day, (RowSpan){NULL, 0});
	put_value(&buf, walk, expr->type, value, true);
	return buf_keep(&buf, walk->arena);
}

/* S96: exactly, on the day that it names or the contract's first. The claim must be yes; of an
 * equality both sides are shown. */
static void run_example(const Rulebook *book, const Example *example, Arena *arena,
	Differences *differences)
{
	Walk walk = {book, empty_store(book, arena), &everything, arena, NULL, NULL, NULL, NULL};
	Value *slots = new_slots(arena, example->nslots);
	Value claim = walk_expr(&walk, example->claim, slots, example->on, (RowSpan){NULL, 0});
	if (claim.state == STATE_KNOWN && claim.n != 0)
		return;
	Difference difference = {.at = example->decl.at};
	difference.what = source_text(book->sources, example->claim->at);
	difference.expected = STR("yes");
	if (example->right != NULL)
		difference.expected = print_side(&walk, example->right, slots, example->on);
	difference.actual = print_side(&walk, example->left != NULL ? example->left : example->claim,
		slots, example->on);
	difference_add(differences, difference);
}

/* ---- all of them ---- */

/* A test passes when nothing differed. */
static void close_result(TestRun *out, Arena *arena, TestResult result, Differences *differences)
{
	size_t n = differences->list.n;
	result.passed = n == 0;
	result.ndifferences = (int32_t)n;
	result.difference = arena_copy(arena, differences->list.at, n * sizeof(Difference));
	vec_free(&differences->list);
	out->passed += result.passed;
	out->failed += !result.passed;
	out->result[out->nresults++] = result;
}

/* An example may be written over several lines. */
static Str one_line(Arena *arena, Str written)
{
	char *out = arena_alloc(arena, written.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < written.len; i++) {
		char c = written.ptr[i];
		bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
		if (blank && n > 0 && out[n - 1] == ' ')
			continue;
		out[n++] = blank ? ' ' : c;
	}
	return (Str){out, n};
}

/*
 * Examples first, then scenarios, each in the order of the files; results do
 * not depend on each other.
 */
void testrun(const Rulebook *book, Arena *arena, TestRun *out)
{
	size_t n = (size_t)book->nexamples + (size_t)book->nscenarios;
	*out = (TestRun){.result = ARENA_ARRAY(arena, TestResult, n + 1)};
	out->verdicts = arena_alloc(arena, mem_product(sizeof *out->verdicts,
		(size_t)book->nrules + 1));
	for (int32_t i = 0; i < book->nexamples; i++) {
		const Example *example = &book->example[i];
		Differences differences = {.arena = arena};
		run_example(book, example, arena, &differences);
		Str name = one_line(arena, source_text(book->sources, example->claim->at));
		TestResult result = {.name = name, .at = example->decl.at, .is_example = true};
		close_result(out, arena, result, &differences);
	}
	for (int32_t i = 0; i < book->nscenarios; i++) {
		const Scenario *scenario = &book->scenario[i];
		Differences differences = {.arena = arena};
		scenario_run(book, scenario, arena, &differences, out->verdicts);
		TestResult result = {.name = scenario->decl.name, .at = scenario->decl.at};
		close_result(out, arena, result, &differences);
	}
}
