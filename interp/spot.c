#include "interp/spot.h"

#include <stdlib.h>
#include <string.h>

/* ---- the frame ---- */

static int row_cmp(const void *left, const void *right)
{
	const SpotRow *a = left, *b = right;
	int c = str_cmp(a->group, b->group);
	c = c != 0 ? c : str_cmp(a->stratum, b->stratum);
	return c != 0 ? c : str_cmp(a->key, b->key);
}

void spot_frame_line(Buf *out, const SpotFrame *frame, const SpotRow *row)
{
	buf_str(out, row->key);
	buf_char(out, '\t');
	buf_str(out, row->group);
	buf_char(out, '\t');
	if (row->priced)
		buf_printf(out, "%lld", (long long)row->pence);
	if (frame->in_strata) {
		buf_char(out, '\t');
		buf_str(out, row->stratum);
	}
	buf_char(out, '\n');
}

static void count_row(SpotGroup *group, const SpotRow *row)
{
	group->n++;
	group->pence += row->pence > 0 ? row->pence : 0;
}

/* Rows come sorted: a group or stratum is the last one, or a new one. */
static void add_to_group(SpotFrame *frame, int32_t i)
{
	const SpotRow *row = &frame->row.at[i];
	SpotGroup *group = frame->group.n > 0 ? &frame->group.at[frame->group.n - 1] : NULL;
	SpotGroup *stratum = frame->stratum.n > 0 ? &frame->stratum.at[frame->stratum.n - 1] : NULL;
	bool opens = group == NULL || !str_eq(group->name, row->group);
	if (opens) {
		group = vec_push(&frame->group);
		*group = (SpotGroup){.name = row->group, .first = i,
			.stratum = (int32_t)frame->stratum.n};
	}
	if (opens || !str_eq(stratum->name, row->stratum)) {
		stratum = vec_push(&frame->stratum);
		*stratum = (SpotGroup){.name = row->stratum, .first = i};
		group->nstrata++;
	}
	count_row(group, row);
	count_row(stratum, row);
	frame->pence += row->pence;
	frame->unpriced += !row->priced;
}

void spot_frame_seal(SpotFrame *frame)
{
	Digest digest;
	Buf line = {0};
	if (frame->row.n > 1)
		qsort(frame->row.at, frame->row.n, sizeof *frame->row.at, row_cmp);
	frame->group.n = frame->stratum.n = 0;
	frame->pence = frame->unpriced = 0;
	digest_begin(&digest);
	for (size_t i = 0; i < frame->row.n; i++) {
		add_to_group(frame, (int32_t)i);
		buf_clear(&line);
		spot_frame_line(&line, frame, &frame->row.at[i]);
		digest_bytes(&digest, line.at, line.n);
	}
	digest_end(&digest, frame->sha256);
	buf_free(&line);
}

int32_t spot_group_find(const SpotFrame *frame, Str name)
{
	for (size_t g = 0; g < frame->group.n; g++)
		if (str_eq(frame->group.at[g].name, name))
			return (int32_t)g;
	return -1;
}

int32_t spot_stratum_find(const SpotFrame *frame, const SpotGroup *group, Str name)
{
	for (int32_t i = 0; i < group->nstrata; i++)
		if (str_eq(frame->stratum.at[group->stratum + i].name, name))
			return i;
	return -1;
}

/* Rows are sorted by key within each stratum, which is searched by halves. */
static int32_t find_in(const SpotFrame *frame, const SpotGroup *group, Str key)
{
	int32_t lo = group->first, hi = group->first + group->n;
	while (lo < hi) {
		int32_t mid = lo + (hi - lo) / 2;
		int c = str_cmp(frame->row.at[mid].key, key);
		if (c == 0)
			return mid;
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return -1;
}

int32_t spot_frame_find(const SpotFrame *frame, Str key)
{
	int32_t found = -1;
	for (size_t g = 0; g < frame->stratum.n && found < 0; g++)
		found = find_in(frame, &frame->stratum.at[g], key);
	return found;
}

void spot_frame_free(SpotFrame *frame)
{
	vec_free(&frame->row);
	vec_free(&frame->group);
	vec_free(&frame->stratum);
	vec_free(&frame->unknown);
	arena_free(&frame->arena);
}

/* ---- shares of strata ---- */

/* What is left of n times the stratum's part of all rows, in parts of all rows. */
typedef struct Remainder {
	int64_t part, rows;
	int32_t stratum;
} Remainder;

static int remainder_cmp(const void *left, const void *right)
{
	const Remainder *a = left, *b = right;
	if (a->part != b->part)
		return a->part > b->part ? -1 : 1;
	if (a->rows != b->rows)
		return a->rows > b->rows ? -1 : 1;
	return a->stratum - b->stratum;
}

/* n is at most the number of rows, so that no stratum is given more than it has: its exact share is
 * no more than its rows, which are whole. Sizes are below 2^32: products fit. */
static void share_out(const int64_t *rows, int32_t count, int64_t n, int64_t all, int64_t *share)
{
	Remainder *rest = mem_alloc(mem_product((size_t)count + 1, sizeof *rest));
	int64_t left = n;
	for (int32_t i = 0; i < count; i++) {
		share[i] = n * rows[i] / all;
		rest[i] = (Remainder){n * rows[i] % all, rows[i], i};
		left -= share[i];
	}
	qsort(rest, (size_t)count, sizeof *rest, remainder_cmp);
	for (int32_t i = 0; i < left; i++)
		share[rest[i].stratum]++;
	free(rest);
}

void spot_allocate(const int64_t *rows, int32_t count, int64_t n, int64_t least, int64_t *share)
{
	int64_t all = 0;
	for (int32_t i = 0; i < count; i++) {
		all += rows[i];
		share[i] = 0;
	}
	if (all > 0)
		share_out(rows, count, n < all ? n : all, all, share);
	for (int32_t i = 0; i < count; i++) {
		int64_t fewest = rows[i] < least ? rows[i] : least;
		share[i] = share[i] < fewest ? fewest : share[i];
	}
}

/* A second stage is shared out over the rows that were not drawn yet. */
void spot_shares(const SpotFrame *frame, const SpotGroup *group, int64_t n, bool each,
	const int64_t *drawn, int64_t *share)
{
	int64_t *rows = mem_alloc(mem_product((size_t)group->nstrata + 1, sizeof *rows));
	for (int32_t i = 0; i < group->nstrata; i++) {
		rows[i] = frame->stratum.at[group->stratum + i].n - (drawn != NULL ? drawn[i] : 0);
		rows[i] = rows[i] < 0 ? 0 : rows[i];
		share[i] = rows[i] < n ? rows[i] : n;
	}
	if (!each)
		spot_allocate(rows, group->nstrata, n, drawn == NULL && frame->in_strata ? SPOT_LEAST : 0,
			share);
	free(rows);
}

/* ---- tickets ---- */

void spot_seed_hex(Str seed, char out[65])
{
	uint8_t hash[32];
	Digest digest;
	Buf buf = {0};
	digest_begin(&digest);
	digest_bytes(&digest, seed.ptr, seed.len);
	digest_end(&digest, hash);
	hex_print(&buf, hash, sizeof hash);
	memcpy(out, buf.at, 65);
	buf_free(&buf);
}

void spot_ticket(const char seed_hex[65], Str text, uint8_t out[32])
{
	Digest digest;
	digest_begin(&digest);
	digest_bytes(&digest, seed_hex, 64);
	digest_bytes(&digest, text.ptr, text.len);
	digest_end(&digest, out);
}

/* The order of bytes is the order of the digits that print them. */
static int ticket_cmp(const void *left, const void *right)
{
	const SpotDrawn *a = left, *b = right;
	int c = memcmp(a->ticket, b->ticket, sizeof a->ticket);
	return c != 0 ? c : a->row - b->row;
}

static void draw_random(const SpotFrame *frame, const SpotGroup *group, const char seed_hex[65],
	int64_t from, int64_t to, SpotSample *out)
{
	SpotDrawn *all = mem_alloc(mem_product((size_t)group->n + 1, sizeof *all));
	for (int32_t i = 0; i < group->n; i++) {
		all[i] = (SpotDrawn){.row = group->first + i, .penny = -1};
		spot_ticket(seed_hex, frame->row.at[all[i].row].key, all[i].ticket);
	}
	qsort(all, (size_t)group->n, sizeof *all, ticket_cmp);
	for (int64_t i = from; i < to && i < group->n; i++) {
		all[i].number = (int32_t)i + 1;
		*vec_push(out) = all[i];
	}
	free(all);
}

/* The first 15 hex digits are 60 bits: any shell can divide them. What the remainder favours is less
 * than the group's pence over 2^60. */
static int64_t ticket_penny(const uint8_t ticket[32], int64_t pence)
{
	uint64_t n = 0;
	for (int i = 0; i < 8; i++)
		n = n << 8 | ticket[i];
	return (int64_t)((n >> 4) % (uint64_t)pence);
}

/* ends[i]: pence of the rows up to and with the i-th of the group. */
static int32_t row_of_penny(const int64_t *ends, int32_t n, int64_t penny)
{
	int32_t lo = 0, hi = n - 1;
	while (lo < hi) {
		int32_t mid = lo + (hi - lo) / 2;
		if (ends[mid] > penny)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

static void draw_money(const SpotFrame *frame, const SpotGroup *group, const char seed_hex[65],
	int64_t from, int64_t to, SpotSample *out)
{
	int64_t *ends = mem_alloc(mem_product((size_t)group->n + 1, sizeof *ends)), sum = 0;
	Buf text = {0};
	for (int32_t i = 0; i < group->n; i++) {
		int64_t pence = frame->row.at[group->first + i].pence;
		ends[i] = sum += pence > 0 ? pence : 0;
	}
	for (int64_t i = from; i < to && sum > 0; i++) {
		SpotDrawn drawn = {.number = (int32_t)i + 1};
		buf_clear(&text);
		buf_str(&text, group->name);
		buf_printf(&text, "/%d", (int)drawn.number);
		spot_ticket(seed_hex, buf_view(&text), drawn.ticket);
		drawn.penny = ticket_penny(drawn.ticket, sum);
		drawn.row = group->first + row_of_penny(ends, group->n, drawn.penny);
		*vec_push(out) = drawn;
	}
	buf_free(&text);
	free(ends);
}

void spot_draw(const SpotFrame *frame, const SpotGroup *group, SpotMethod method,
	const char seed_hex[65], int64_t from, int64_t to, SpotSample *out)
{
	if (method == SPOT_MONEY)
		draw_money(frame, group, seed_hex, from, to, out);
	else
		draw_random(frame, group, seed_hex, from, to, out);
}

/* ---- by risk ---- */

typedef struct Priced {
	int64_t pence;
	int32_t row;
} Priced;

static int priced_cmp(const void *left, const void *right)
{
	const Priced *a = left, *b = right;
	if (a->pence != b->pence)
		return a->pence > b->pence ? -1 : 1;
	return a->row - b->row;
}

void spot_top(const SpotFrame *frame, const SpotGroup *group, int64_t n, SpotSample *out)
{
	Priced *all = mem_alloc(mem_product((size_t)group->n + 1, sizeof *all));
	for (int32_t i = 0; i < group->n; i++)
		all[i] = (Priced){frame->row.at[group->first + i].pence, group->first + i};
	qsort(all, (size_t)group->n, sizeof *all, priced_cmp);
	for (int32_t i = 0; i < group->n && i < n; i++)
		*vec_push(out) = (SpotDrawn){.row = all[i].row, .number = i + 1, .penny = -1};
	free(all);
}
