/*
 * A line is kept by its latest log alone: for each carer in the truth, for each person in the
 * package, as one package is all that a provider has of a person. Lines go on over weeks.
 *
 *   carer K1   ─ C1 ███ ─── C2 ██ ─ C2 ██ ──────   each beside the one before
 *                      C2?      C3?
 */
#define _GNU_SOURCE /* qsort_r */
#include "corpus/follow.h"

#include <stdlib.h>
#include <string.h>

/* What the comparisons of the sort look at. */
typedef struct Order {
	const Truth *truth;
	const Rows *rows;
	bool by_carer; /* else by package */
} Order;

/* Keys of 36 characters are in no order of their numbers. */
static int by_key(const Truth *truth, uint64_t x, uint64_t y)
{
	char one[KEY_TEXT], other[KEY_TEXT];
	writer_key(truth->writer, one, KEY_LOG, x);
	writer_key(truth->writer, other, KEY_LOG, y);
	return strcmp(one, other);
}

static int by_line(const void *a, const void *b, void *context)
{
	const Order *order = context;
	const Log *x = &order->rows->log[*(const uint32_t *)a];
	const Log *y = &order->rows->log[*(const uint32_t *)b];
	uint32_t one = order->by_carer ? x->carer : x->package;
	uint32_t other = order->by_carer ? y->carer : y->package;
	if (one != other)
		return one < other ? -1 : 1;
	if (x->in != y->in)
		return x->in < y->in ? -1 : 1;
	return by_key(order->truth, x->no, y->no);
}

/* Carers are taken on as weeks are made. */
static Last *last_of(Truth *truth, uint32_t carer)
{
	truth->last = room_to(truth->last, &truth->last_room, carer, sizeof *truth->last);
	return &truth->last[carer];
}

/* Only who has left is on the way; being at both places at once is another rule's. */
static uint32_t carer_breaks(const Truth *truth, const Log *log, const Last *last, uint32_t client)
{
	const Client *clients = truth->plan->client;
	if (!last->log)
		return 0;
	if (last->out == CAL_NO_MOMENT || log->in < last->in)
		grow_disagree("carer", "the log before is not told of rightly");
	if (last->client == client)
		return log->in <= last->out ? BIT(RULE_C3) : 0;
	if (clients[last->client].postcode == clients[client].postcode || log->in < last->out)
		return 0;
	return log->in - last->out < TRAVEL_SECONDS ? BIT(RULE_C2) : 0;
}

/* Two carers of one visit may come as they like. */
static bool next_visit(const Last *last, uint64_t visit)
{
	return last->log && last->visit && visit && last->visit != visit;
}

/* Plants of C1 and C2 were given their carers by the roster, which noted what they break. */
static void tell_carer(Truth *truth, const Log *log)
{
	uint32_t client = truth->plan->package[log->package].client;
	Last *last = last_of(truth, log->carer);
	uint32_t found = carer_breaks(truth, log, last, client);
	Rule near = (Rule)plant_near[log->plant];
	if (found != (log->fails & (BIT(RULE_C2) | BIT(RULE_C3))))
		grow_disagree("log", "follows the one before other than planted");
	if (found)
		truth_tell_log(truth, found & BIT(RULE_C2) ? RULE_C2 : RULE_C3, log, VERDICT_FAIL);
	else if (near == RULE_C2 || near == RULE_C3)
		truth_tell_log(truth, near, log, VERDICT_PASS);
	*last = (Last){log->in, log->out, log->no, 0, client};
}

/* A log whose end is missing leaves the next in doubt, whatever else is planted. */
static void tell_person(Truth *truth, const Rows *rows, uint32_t index)
{
	const Log *log = &rows->log[index];
	Last *last = &truth->plan->package[log->package].last_log;
	int32_t of = truth->visit_of[index];
	uint64_t visit = of < 0 ? 0 : rows->visit[of].no;
	bool next = next_visit(last, visit), open = next && last->out == CAL_NO_MOMENT;
	bool early = next && !open && log->in < last->out;
	if (early != ((log->fails & BIT(RULE_C4)) != 0))
		grow_disagree("log", "begins during another visit, other than planted");
	if (early || open)
		truth_tell_log(truth, RULE_C4, log, early ? VERDICT_FAIL : VERDICT_UNSURE);
	else if (plant_near[log->plant] == RULE_C4)
		truth_tell_log(truth, RULE_C4, log, VERDICT_PASS);
	*last = (Last){log->in, log->out, log->no, visit, 0};
}

/* Sorted once for each kind of line: persons first, then carers. */
void follow_week(Truth *truth, const Rows *rows)
{
	size_t n = rows->logs;
	uint32_t *index = room_grow(NULL, n + 1, sizeof *index);
	for (int by_carer = 0; by_carer < 2; by_carer++) {
		Order order = {truth, rows, by_carer != 0};
		for (size_t i = 0; i < n; i++)
			index[i] = (uint32_t)i;
		qsort_r(index, n, sizeof *index, by_line, &order);
		for (size_t i = 0; i < n; i++)
			if (by_carer)
				tell_carer(truth, &rows->log[index[i]]);
			else
				tell_person(truth, rows, index[i]);
	}
	free(index);
}
