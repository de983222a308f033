/*
 * A plan's sizes as text:
 *
 *   draw 61, and 61 more when 1 of them is wrong; …  <- what was asked for
 *   law             binomial: …                      <- what it rests on, label by label
 *   chance to pass  4.992% …
 *   in the rule file                                 <- clauses of `spot check`, to be copied
 *     draw          61 at random
 *
 * Chances are billionths, money is pence, confidence basis points. What speaks against the plan is
 * rounded up and what speaks for it down, so that a size that is printed as good is good.
 */
#include "report/spot_size.h"

#include "report/jsontext.h"
#include "report/layout.h"

/* Columns of a line's label, and of text in all. */
enum { LABEL = 16, WIDTH = 90 };

/* As the option --law has them. */
static const char *law_word(SamplingLaw law)
{
	static const char *const word[] = {"binomial", "poisson", "hypergeometric"};
	return word[law];
}

/* ---- pieces of text ---- */

/* 5%, 2.5%; 3.333333…% where it does not end. */
static void put_percent(Buf *buf, Ratio rate)
{
	Ratio percent;
	if (ratio_mul(rate, (Ratio){100, 1}, &percent))
		ratio_print(buf, percent, 0, false);
	buf_char(buf, '%');
}

/* A label, and text wrapped beside it; empties the text. */
static void put_line(Buf *out, const char *label, Buf *text)
{
	Str rest = buf_view(text);
	const char *beside = label;
	while (rest.len > 0) {
		Str line = layout_line(&rest, WIDTH - LABEL);
		layout_pad(out, str_of(beside), LABEL, false);
		buf_str(out, line);
		buf_char(out, '\n');
		beside = "";
	}
	buf_clear(text);
}

/* "5% of the rows wrong", "5% of the pounds wrong", "25 of 5,000 rows wrong" */
static void put_tolerable(Buf *buf, const SpotSizeAsk *ask)
{
	if (ask->find > 0) {
		layout_number(buf, ask->find);
		buf_puts(buf, " of ");
		layout_plural(buf, ask->plan.population, "row", "rows");
		buf_puts(buf, " wrong");
		return;
	}
	put_percent(buf, ask->plan.tolerable);
	buf_printf(buf, " of the %s wrong", ask->plan.law == LAW_POISSON ? "pounds" : "rows");
}

/* ---- the lines ---- */

/* The answer first, in words that a clerk can act on. */
static void print_sizes(Buf *out, const SpotSize *size)
{
	buf_puts(out, "draw ");
	layout_number(out, size->first);
	if (size->second > 0) {
		buf_puts(out, ", and ");
		layout_number(out, size->second);
		buf_puts(out, " more when 1 of them is wrong");
	}
	buf_puts(out, size->second > 0 ? "; with both, " : "; ");
	if (size->taints.n > 0) {
		buf_puts(out, "what is wrong of them may come to ");
		ratio_print(out, size->taints, 0, false);
		buf_puts(out, "\n\n");
	} else if (size->errors == 0) {
		buf_puts(out, "none may be wrong\n\n");
	} else {
		buf_printf(out, "no more than %lld may be wrong\n\n", (long long)size->errors);
	}
}

/* Whoever wants to check the figures needs the law by name. */
static void print_law(Buf *out, Buf *text, const SpotSizeAsk *ask)
{
	static const char *const what[] = {"binomial: rows drawn from very many",
		"Poisson: pounds drawn, each with the same chance; a row may be wrong in part",
		"hypergeometric: rows drawn from "};
	buf_puts(text, what[ask->plan.law]);
	if (ask->plan.law == LAW_HYPERGEOMETRIC)
		layout_number(text, ask->plan.population);
	put_line(out, "law", text);
}

/* Chances to pass are rounded up, so that what is printed is held; and that to find down. */
static void print_risk(Buf *out, Buf *text, const SpotSizeAsk *ask, const SpotSize *size)
{
	sampling_percent(text, size->risk, 3, ROUND_UP);
	buf_puts(text, " with ");
	put_tolerable(text, ask);
	buf_printf(text, "; a confidence of ");
	put_percent(text, (Ratio){ask->plan.confidence, SAMPLING_CERTAIN});
	buf_puts(text, " leaves ");
	put_percent(text, (Ratio){size->leaves, SAMPLING_ONE});
	buf_puts(text, size->risk > size->leaves ? ": too few are drawn" : "");
	put_line(out, "chance to pass", text);
	if (ask->find == 0)
		return;
	sampling_percent(text, size->met, 4, ROUND_DOWN);
	buf_puts(text, " to meet one of them at least");
	put_line(out, "chance to find", text);
}

/* The plan that would be taken by mistake, beside the one that holds. */
static void print_alone(Buf *out, Buf *text, const SpotSize *size)
{
	if (size->alone == 0)
		return;
	buf_printf(text, "%lld, which one stage needs, and then %lld would pass with a chance of ",
		(long long)size->alone, (long long)size->alone);
	sampling_percent(text, size->alone_risk, 2, ROUND_UP);
	put_line(out, "not", text);
}

/* What can be said afterwards: none wrong is a limit, and no pass. */
static void print_outlook(Buf *out, Buf *text, const SpotSizeAsk *ask, const SpotSize *size)
{
	const char *unit = ask->plan.law == LAW_POISSON ? "pounds" : "rows";
	if (size->second > 0)
		return;
	buf_puts(text, "if none is wrong, at most ");
	sampling_percent(text, size->upper_none, 2, ROUND_UP);
	buf_printf(text, " of the %s are", unit);
	if (size->errors > 0) {
		buf_printf(text, "; with %lld wrong, at most ", (long long)size->errors);
		sampling_percent(text, size->upper_most, 2, ROUND_UP);
	}
	put_line(out, "it will say", text);
}

/* The interval is for those who select at even steps; vouch draws each pound by its own ticket. The
 * plan by printed factors stands beside the exact one, since that is what a textbook gives. */
static void print_money(Buf *out, Buf *text, const SpotSizeAsk *ask, const SpotSize *size)
{
	if (ask->book == 0)
		return;
	layout_pence(text, size->interval);
	buf_puts(text, " a selection, of ");
	layout_pence(text, ask->book);
	put_line(out, "interval", text);
	if (size->expansion == 0)
		return;
	buf_printf(text, "%lld selections, every ", (long long)size->table.selections);
	layout_pence(text, (int64_t)(size->table.interval.n / size->table.interval.d));
	buf_puts(text, ", by printed factors");
	if (ask->expected > 0) {
		buf_puts(text, " and an expansion of ");
		ratio_print(text, (Ratio){size->expansion, 100}, 0, false);
		buf_puts(text, ": a rule of thumb, and not the exact size");
	}
	put_line(out, "by tables", text);
}

/* A rule that is to find one names no tolerable rate, so nothing is checked. */
static void print_checker(Buf *out, Buf *text, const SpotSizeAsk *ask, const SpotSize *size)
{
	if (ask->find > 0 || size->large_risk <= size->leaves)
		return;
	buf_puts(text, "warns of these sizes (W0711): it knows no population, and of very many rows the"
		" chance to pass is ");
	sampling_percent(text, size->large_risk, 2, ROUND_UP);
	put_line(out, "vouch check", text);
}

/* ---- for the rule file ---- */

/* Columns as `vouch fmt` has them. */
static void put_clause(Buf *out, const char *clause)
{
	buf_puts(out, "  ");
	layout_pad(out, str_of(clause), LABEL - 2, false);
}

/* From which severity on a finding counts is for the contract to say; major is a beginning. A rate
 * that is no whole number of hundredths of a per cent is rounded up: what holds for a rate holds
 * for a higher one. */
static void print_clauses(Buf *out, const SpotSizeAsk *ask, const SpotSize *size)
{
	const SizeAsk *plan = &ask->plan;
	Int128 points = (plan->tolerable.n * SAMPLING_CERTAIN + plan->tolerable.d - 1)
		/ plan->tolerable.d;
	buf_puts(out, "\nin the rule file\n");
	put_clause(out, "draw");
	buf_printf(out, "%lld %s\n", (long long)size->first, plan->law == LAW_POISSON ? "by money"
		: "at random");
	if (size->second > 0) {
		put_clause(out, "then draw");
		buf_printf(out, "%lld when 1 finding of severity major\n", (long long)size->second);
	}
	put_clause(out, "full audit");
	buf_printf(out, "when %lld %s of severity major\n", (long long)size->errors + 1,
		size->errors == 0 ? "finding" : "findings");
	put_clause(out, "confidence");
	put_percent(out, (Ratio){plan->confidence, SAMPLING_CERTAIN});
	if (ask->find == 0) {
		buf_char(out, '\n');
		put_clause(out, "tolerable");
		put_percent(out, (Ratio){points, SAMPLING_CERTAIN});
	}
	buf_char(out, '\n');
}

/* The order is that of the questions: how many, why, what of it, what to write. Each part adds
 * nothing where it has nothing to say, so that forms without money or stages stay short. `text` is
 * one buffer for all of them, which put_line empties. */
static void print_text(const SpotSizeAsk *ask, const SpotSize *size, FILE *to)
{
	Buf out = {0}, text = {0};
	print_sizes(&out, size);
	print_law(&out, &text, ask);
	print_risk(&out, &text, ask, size);
	print_alone(&out, &text, size);
	print_outlook(&out, &text, ask, size);
	print_money(&out, &text, ask, size);
	print_checker(&out, &text, ask, size);
	print_clauses(&out, ask, size);
	fwrite(out.at, 1, out.n, to);
	buf_free(&text);
	buf_free(&out);
}

/* ---- JSON ---- */

/* Chances and rates in billionths, money in pence, confidence in basis points, as in the JSON of an
 * evaluation; null where the form has no such figure. */
static void print_json(const SpotSizeAsk *ask, const SpotSize *size, FILE *out)
{
	bool two = size->second > 0, find = ask->find > 0, table = size->expansion > 0;
	const struct { const char *name; int64_t n; bool there; } numbers[] = {
		{"confidence", ask->plan.confidence, true},
		{"population", ask->plan.population, ask->plan.population > 0},
		{"draw", size->first, true}, {"then_draw", size->second, two},
		{"errors", size->errors, true}, {"risk", size->risk, true}, {"leaves", size->leaves, true},
		{"found", size->met, find}, {"upper_none", size->upper_none, !two},
		{"upper_most", size->upper_most, !two}, {"alone", size->alone, size->alone > 0},
		{"alone_risk", size->alone_risk, size->alone > 0},
		{"large_risk", size->large_risk, size->large_risk > 0},
		{"interval", size->interval, ask->book > 0},
		{"table_selections", size->table.selections, table}};
	json_t *object = json_object();
	json_object_set_new(object, "law", json_string(law_word(ask->plan.law)));
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		json_object_set_new(object, numbers[i].name, numbers[i].there
			? json_integer(numbers[i].n) : json_null());
	json_dumpf(object, out, JSON_INDENT(1));
	fputc('\n', out);
	json_decref(object);
}

/* STATUS_WORLD when `out` takes no more. */
Status spot_print_size(const SpotSizeAsk *ask, const SpotSize *size, SpotFormat format, FILE *out)
{
	if (format == SPOT_JSON)
		print_json(ask, size, out);
	else
		print_text(ask, size, out);
	return ferror(out) ? STATUS_WORLD : STATUS_OK;
}
