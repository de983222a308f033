/*
 * Rows of an ordinary table straight from the pages of the database file, several times as fast as
 * a statement that steps over them. Pages are had through SQLite's own file handle
 * (SQLITE_FCNTL_FILE_POINTER), inside the read transaction that the connection holds: its lock
 * keeps writers away from the file as long as it is not in WAL mode. A file descriptor of our own
 * would not do, since closing it drops the locks that the process holds on the file.
 *
 * Only what is laid out as the file format documentation has it (www.sqlite.org/fileformat2.html)
 * is read so; pages_open says no to the rest, and the caller asks SQLite as ever. Nothing that
 * stands in a file is trusted: each offset, length and page number is checked before it is used.
 */
#ifndef VOUCH_INTERP_DATA_PAGES_H
#define VOUCH_INTERP_DATA_PAGES_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "base/text.h"

/* A value as the database has it. What it points to stays until rows are read again. */
typedef struct Raw {
	union {
		int64_t integer;
		double real;
		const char *bytes;  /* of a text or a blob; no NUL behind them */
	};
	uint32_t len;           /* of the bytes */
	int32_t type;           /* SQLITE_INTEGER, FLOAT, TEXT, BLOB or NULL */
} Raw;

/* One column as a record has it. */
typedef struct PageField {
	int32_t slot;           /* of the row's values; -1: passed over */
	bool real;              /* REAL affinity: whole numbers are stored as integers */
	bool has_default;       /* other than NULL, for rows older than the column */
} PageField;

/* Where the rows of a table are. Read-only while threads scan it. */
typedef struct PageTable {
	uint32_t page_bytes;
	uint32_t usable;        /* of a page: less what extensions keep at its end */
	uint32_t pages;         /* whole ones, by the size of the file */
	uint32_t most_local;    /* bytes of a record that stay on its page */
	PageField *field;       /* up to the last one that is wanted */
	int32_t nfields;
	int32_t rowid_slot;     /* of an INTEGER PRIMARY KEY; -1: none, or not wanted */
	VEC(uint32_t) leaf;     /* pages that hold rows, in order of rowid */
} PageTable;

/*
 * Finds the table's leaves. column[i] is wanted in slot i + 1, the rowid in slot 0. False: ask
 * SQLite for the rows (WAL, UTF-16, a view, a virtual table, WITHOUT ROWID, generated columns,
 * encryption, or a tree that is damaged). The connection is inside a read transaction. Fields are
 * the arena's; pages_close frees the rest, after a refusal too.
 */
bool pages_open(sqlite3 *db, Str table, const Str *column, size_t ncolumns, Arena *arena,
	PageTable *out);
void pages_close(PageTable *table);

/* Returned for a row that is older than a column with a default: SQLite knows the value. The rowid
 * is in slot 0. */
#define PAGES_SHORT (-1)

/* One value of a record whose header is known. */
typedef struct PageStep {
	int32_t slot;
	uint32_t at;            /* in the record; of a number that takes no bytes, itself */
	uint32_t kind, shift;
	uint32_t len;
	int32_t type;
} PageStep;

#define PAGE_KINDS 4
#define PAGE_HEAD_WORDS 4       /* of a header, that are looked at: all types of one byte, mostly */
#define PAGE_SHAPES 64

/* What all records with these first bytes of a header look like. */
typedef struct PageShape {
	uint64_t head[PAGE_HEAD_WORDS];
	uint32_t end;           /* where the last wanted value ends; 0: the place is free */
	int32_t nsteps[PAGE_KINDS]; /* those of one kind side by side */
	PageStep *step;
} PageShape;

/* The shapes that were met last, found by their headers. */
typedef struct PageShapes {
	PageShape at[PAGE_SHAPES];
	uint64_t mask[PAGE_HEAD_WORDS];
	uint32_t bytes;         /* of a header, that are looked at */
	int32_t nwords;
	uint64_t hits, made;
} PageShapes;

/* One thread's way through some of the leaves. */
typedef struct PageScan {
	const PageTable *table;
	sqlite3_file *file;
	const uint32_t *leaf, *end;     /* not looked at yet */
	unsigned char *window;          /* pages that follow each other in the file */
	uint32_t first, held, room;     /* the window's first page; how many it has; has room for */
	const unsigned char *page;      /* at hand */
	uint32_t cell, ncells;          /* of it */
	int64_t least, last;            /* what the next rowid may be */
	uint32_t longest;               /* value, by the limit of the connection */
	unsigned char *spill;           /* a record put together from several pages */
	size_t spilled, spill_room;
	bool is_spilled;                /* the last row points into it */
	unsigned char *link;            /* one page of its chain */
	PageShapes *shapes;
} PageScan;

/* Leaves `from` to `to`, exclusive; rowids have to lie between least and last and to rise. */
void pages_scan(const PageTable *table, sqlite3 *db, size_t from, size_t to, int64_t least,
	int64_t last, PageScan *out);
/* Up to `most` rows, as many as one page has: row i is at raw + i * width, and how many there are
 * in *n. SQLITE_ROW, SQLITE_DONE, PAGES_SHORT (of the row behind them), or what is wrong:
 * SQLITE_CORRUPT, SQLITE_TOOBIG, or an error of reading. */
int pages_rows(PageScan *scan, Raw *raw, size_t width, int32_t most, int32_t *n);
void pages_scan_end(PageScan *scan);

#endif
