/*
 * Values as people read them, and the order among them. What is printed here reads back as the
 * language writes it, but for collections, which have no literal.
 */
#include "interp/value.h"

#include <string.h>

#include "base/civil.h"

#define KEYS_SHOWN 10 /* of a collection; a reader who wants all of them has the rows listed */

/* Also of what is no column: slots of a subject hold values likewise. */
Value value_of_column(Type type, int64_t n)
{
	Value value = {.state = STATE_KNOWN, .n = n};
	if (type.kind == TYPE_QUANTITY)
		ratio_make(n, type.scale, &value.q);
	if (type.kind == TYPE_TEXT)
		value.text = (Str){((const TextCell *)(intptr_t)n)->bytes,
			((const TextCell *)(intptr_t)n)->len};
	return value;
}

/* ---- printing ---- */

/* As it is, which most keys are; parts are put apart (key_shown). */
static void print_key(Buf *out, const Store *store, int32_t dataset, int32_t row, Arena *scratch)
{
	Str key = store_key(store, dataset, row, scratch);
	bool parts = key.len > 0 && memchr(key.ptr, KEY_JOINT, key.len) != NULL;
	buf_str(out, parts ? key_shown(scratch, key) : key);
}

/* "L1, L2 and 3 more" */
static void print_rows(Buf *out, const Store *store, int32_t dataset, RowSpan rows, Arena *scratch)
{
	if (rows.n == 0)
		buf_puts(out, "none");
	for (int32_t i = 0; i < rows.n && i < KEYS_SHOWN; i++) {
		if (i > 0)
			buf_puts(out, ", ");
		print_key(out, store, dataset, rows.at[i], scratch);
	}
	if (rows.n > KEYS_SHOWN)
		buf_printf(out, " and %d more", (int)(rows.n - KEYS_SHOWN));
}

/* As it would be written: "week of 1 September 2025". */
static void print_period(Buf *out, const Rulebook *book, int32_t calendar, int64_t first)
{
	buf_str(out, book->calendar[calendar].decl.name);
	buf_puts(out, " of ");
	day_print(out, (int32_t)first);
}

/* Quantities carry their unit; all else says by its look what it is. */
void value_print(Buf *out, const Store *store, const Rulebook *book, Type type, Value value,
	Arena *scratch)
{
	if (value.state != STATE_KNOWN) {
		buf_puts(out, "unknown");
		return;
	}
	switch ((TypeKind)type.kind) {
	case TYPE_ERROR:
		buf_puts(out, "unknown");
		return;
	case TYPE_YES_NO:
		buf_puts(out, value.n != 0 ? "yes" : "no");
		return;
	case TYPE_QUANTITY:
		quantity_print(out, type, value.q);
		return;
	case TYPE_DATE:
		day_print(out, (int32_t)value.n);
		return;
	case TYPE_MOMENT:
		moment_print(out, value.n);
		return;
	case TYPE_CLOCK:
		clock_print(out, (int32_t)value.n);
		return;
	case TYPE_WEEKDAY:
		buf_puts(out, weekday_names[value.n]);
		return;
	case TYPE_TEXT:
		buf_str(out, value.text);
		return;
	case TYPE_CODE:
		buf_str(out, book->codes[type.ref].code[value.n]);
		return;
	case TYPE_ROW:
		print_key(out, store, type.ref, (int32_t)value.n, scratch);
		return;
	case TYPE_ROWS:
		print_rows(out, store, type.ref, value.rows, scratch);
		return;
	case TYPE_PERIOD:
		print_period(out, book, type.ref, value.n);
		return;
	}
}

/* ---- comparing ---- */

/* Quantities are in lowest terms, so equal values have equal parts. Of rows, periods, codes and
 * times the number says it all. */
bool value_same(Type type, Value a, Value b)
{
	if (type.kind == TYPE_QUANTITY)
		return a.q.n == b.q.n && a.q.d == b.q.d;
	if (type.kind == TYPE_TEXT)
		return str_eq(a.text, b.text);
	return a.n == b.n;
}

/* Rows go by key, since their numbers hang on how the database was read (law 8). */
int value_order(const Store *store, Type type, Value a, Value b, Arena *scratch)
{
	if (type.kind == TYPE_QUANTITY)
		return ratio_cmp(a.q, b.q);
	if (type.kind == TYPE_TEXT)
		return str_cmp(a.text, b.text);
	if (type.kind == TYPE_ROW)
		return store_key_cmp(store, type.ref, (int32_t)a.n, (int32_t)b.n, scratch);
	return a.n < b.n ? -1 : a.n > b.n;
}
