/*
 * From the cells of a row to the value that a table keeps: dates become ISO, lengths of time and
 * sums what the dataset's columns count, codes what the database spells. Nothing is guessed: what may be
 * meant in two ways is refused, with the reason in words for the provider.
 */
#ifndef VOUCH_INTERP_IMPORT_VALUE_H
#define VOUCH_INTERP_IMPORT_VALUE_H

#include "dsl/rulebook.h"
#include "interp/sheet.h"

/* How one field is read from a row. */
typedef struct ValuePlan {
	const Rulebook *book;
	const Field *field;
	const FileColumn *column; /* with the pictures; n of them */
	int32_t n;
	bool is_key;
	bool date1904;
	int32_t width;            /* digits of the references that are there already, when all have as many
	                             and some begin with 0; else 0 */
} ValuePlan;

typedef enum StoredKind { STORED_NULL, STORED_INTEGER, STORED_TEXT } StoredKind;

typedef struct Stored {
	StoredKind kind;
	int64_t integer;
	Str text;
	Ratio amount;   /* of a quantity, in base units */
	int64_t moment; /* of a moment that was put together: local seconds since 1970 */
} Stored;

/* cell[i] goes with column[i]. NULL when it was read (an empty cell gives STORED_NULL), else the
 * reason, lower case, no full stop. Texts live in the arena. */
const char *value_read(Arena *arena, const ValuePlan *plan, const SheetCell *const *cell,
	Stored *out);
/* A constant of a layout. */
void value_constant(Arena *arena, const ValuePlan *plan, const Expr *constant, Stored *out);
/* A moment put together that is not after another belongs to the next day. */
void value_next_day(Arena *arena, Stored *value);

/* A cell's number as spreadsheets keep them: 15 digits count, and 18 decimal places. */
bool value_decimal(Str text, Ratio *out);
/* A spreadsheet's date: whole days and the seconds of the day, to the nearest. False for no number or
 * one below zero. */
bool value_serial(Str text, int64_t *days, int64_t *seconds);
/* Its day; the reason when there is none. */
const char *value_serial_day(int64_t days, bool date1904, int32_t *day);
/* What a database column holds of a quantity, back in base units. */
bool value_back(const Field *field, Ratio stored, Ratio *amount);

#endif
