/*
 * One database while it is written: its tables, rows of typed cells, and keys. It is written under
 * another name and renamed at the end, so that a run cut short leaves nothing that looks whole. An
 * error is fatal: it is printed, the unfinished files are removed and the program ends with status
 * 3.
 *
 * A row is written as
 *   tables_row(tables, visits, ROW(cell_key(KEY_VISIT, 7), cell_day(day), cell_pounds(2259)));
 */
#ifndef CORPUS_TABLES_H
#define CORPUS_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "corpus/cal.h"

#define KEY_TEXT 40

/* Keys of the shared vocabulary; a council's own kinds follow from KEY_OWN on. */
typedef enum KeyKind {
	KEY_PROVIDER,
	KEY_CLIENT,
	KEY_CARER,
	KEY_PROVISION,
	KEY_VISIT,
	KEY_LOG,
	KEY_SUBMISSION,
	KEY_STAY,
	KEY_AWARD,
	KEY_BID,
	KEY_HANDBACK,
	KEY_RETURN,
	KEY_OWN
} KeyKind;

/* A short key is the prefix and the number with zeros before it: no two kinds of a county may share
 * a prefix. */
typedef struct KeyShape {
	char prefix[6];
	int width;
} KeyShape;

typedef struct Tables Tables;

typedef struct TablesOptions {
	const char *path, *suffix; /* of the file's name, joined */
	uint64_t seed;
	bool shuffle;   /* large tables have their rows in random order */
	bool long_keys; /* 36 characters, no order in them */
	bool loose;     /* tables without primary keys */
	const KeyShape *own_keys; /* by kind, from KEY_OWN on */
	int own_kinds;
	Tables *beside; /* if one of the two fails, the other is removed too; may be NULL */
} TablesOptions;

Tables *tables_open(const TablesOptions *options);

/* Runs SQL that declares tables. */
void tables_declare(Tables *tables, const char *sql);

/* Opens a table for rows of the columns, written as in SQL; returns its number. With large other
 * than 0 its rows are shuffled where that is asked for, and its key is built when the rows are all
 * there; the number makes one shuffle another than the next. */
int tables_add(Tables *tables, const char *name, const char *columns, uint64_t large);

/* Renames the file into place and frees; or removes what was written, also of the one beside. */
void tables_close(Tables *tables);
void tables_abandon(Tables *tables);

/* Rows so far, and names, by number; NULL behind the last. */
uint64_t tables_rows(const Tables *tables, int table);
const char *tables_name(const Tables *tables, int table);

void tables_key(const Tables *tables, char out[KEY_TEXT], int kind, uint64_t no);

typedef enum CellKind {
	CELL_MISSING,
	CELL_TEXT,
	CELL_WHOLE,
	CELL_REAL,
	CELL_KEY,
	CELL_DAY,
	CELL_CLOCK,
	CELL_MOMENT
} CellKind;

/* `more` is a divisor, a kind of key or a Stamp. Texts stay the caller's. */
typedef struct Cell {
	CellKind kind;
	int32_t more;
	int64_t value, after;
	const char *text;
} Cell;

#define ROW(...) \
	(const Cell[]){__VA_ARGS__}, (int)(sizeof((const Cell[]){__VA_ARGS__}) / sizeof(Cell))

/* As many cells as the table was opened with columns; anything else stops the program. */
void tables_row(Tables *tables, int table, const Cell *cells, int count);

static inline Cell cell_missing(void)
{
	return (Cell){.kind = CELL_MISSING};
}

/* NULL is missing. */
static inline Cell cell_text(const char *text)
{
	return (Cell){.kind = text ? CELL_TEXT : CELL_MISSING, .text = text};
}

static inline Cell cell_yes(bool yes)
{
	return cell_text(yes ? "yes" : "no");
}

static inline Cell cell_whole(int64_t value)
{
	return (Cell){.kind = CELL_WHOLE, .value = value};
}

/* value / divisor as a REAL: the very double that its decimal reads as, for powers of ten. */
static inline Cell cell_real(int64_t value, int32_t divisor)
{
	return (Cell){.kind = CELL_REAL, .value = value, .more = divisor};
}

/* Pence, written as pounds. */
static inline Cell cell_pounds(int64_t pence)
{
	return cell_real(pence, 100);
}

/* Numbers begin at 1. */
static inline Cell cell_key(int kind, uint64_t no)
{
	return (Cell){.kind = CELL_KEY, .more = kind, .value = (int64_t)no};
}

/* CAL_NO_DAY is missing. */
static inline Cell cell_day(int32_t day)
{
	return (Cell){.kind = day == CAL_NO_DAY ? CELL_MISSING : CELL_DAY, .value = day};
}

/* Minutes from midnight; 24:45 is written 00:45. */
static inline Cell cell_clock(int32_t minute)
{
	return (Cell){.kind = CELL_CLOCK, .value = minute};
}

/* CAL_NO_MOMENT is missing; stamp and after as for cal_print_moment. */
static inline Cell cell_moment(int64_t moment, Stamp stamp, int64_t after)
{
	return (Cell){.kind = moment == CAL_NO_MOMENT ? CELL_MISSING : CELL_MOMENT,
		.more = (int32_t)stamp, .value = moment, .after = after};
}

#endif
