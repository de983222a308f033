/*
 * What a run, or a step of a spot check, consists of in a case file, part by part, and a hash of
 * each. Whoever checks a manifest reads the rows by these statements, as does whoever writes it;
 * only of a run's largest parts the rows were hashed before they were written (interp/case_put.h).
 *
 *   rows of a part ──> canonical text of each ──> leaf ──> Merkle root over all
 *                              └─> an entry: the row's name, a mark, a byte for each column
 *
 * The canonical text of a row is that of its columns, one behind the other: n; for NULL, i-12; for
 * a whole number, t5:hello; for a text and x2:..; for bytes, each with its length in bytes. Leaf
 * and root are those of base/merkle.h.
 *
 * The root alone says that something has changed; the entries, which are kept beside it, say what.
 */
#ifndef VOUCH_INTERP_CASE_PART_H
#define VOUCH_INTERP_CASE_PART_H

#include <sqlite3.h>

#include "base/merkle.h"
#include "base/status.h"

#define PART_MARK 8      /* bytes of a leaf that an entry keeps */

/* What has a manifest of its own, since it is written in one go and never changed behind that. */
typedef enum CaseKind {
	CASE_RUN,
	CASE_PLAN,           /* a spot check with its frame, frozen; all but its seed */
	CASE_DRAW,           /* rows that were drawn at one time, with the seed: "PLAN/1" */
	CASE_EVALUATION,
	CASE_KINDS
} CaseKind;

/* "run", "plan", "draw", "evaluation", as manifests have it; CASE_KINDS: that is none. */
const char *case_kind_word(CaseKind kind);
CaseKind case_kind_of(Str word);
/* The part that most of it is: "finding", "frame", "drawn", "drawn_result". */
const char *case_kind_main(CaseKind kind);

typedef struct CasePart {
	const char *name;    /* "finding" */
	const char *table;   /* beneath it; every row of it belongs to some run or step. NULL: it is
	                        a part of the rows of another part's table */
	const char *sql;     /* ?1: the run, or the id of the step */
	int names;           /* that many columns in front name a row */
	int step;            /* rows of an entry: 1, and the rows are sorted by name; or several, in the
	                        order of the table, where there may be very many */
} CasePart;

/* All parts of the kind, sorted by name. */
const CasePart *case_parts(CaseKind kind, int *n);
const CasePart *case_part_named(Str name); /* NULL: there is none */

typedef struct PartEntry {
	Str name;                     /* "V1 2025.1"; of several rows that of the first */
	uint8_t mark[PART_MARK];
	const uint8_t *column;        /* a byte for each, which most often differs when it does */
} PartEntry;

typedef struct PartRows {
	int64_t rows;
	MerkleHash root;
	int ncolumns;
	Str *column;                  /* their names; of entries that were unpacked there are none */
	VEC(PartEntry) entry;         /* in the order of the leaves */
} PartRows;

/* Texts live in the arena. beside: a second thread may hash what is read (interp/case_hash.h).
 * STATUS_WORLD without a diagnostic when SQLite fails. */
Status case_part_read(sqlite3 *db, const CasePart *part, Str id, bool beside, Arena *arena,
	PartRows *out);
void part_rows_free(PartRows *rows);

/* Entries from..to-1 as the bytes that the case file keeps, and back again. Entries point into the
 * bytes; false when these are not what was packed. */
void part_pack(Buf *buf, const PartRows *rows, size_t from, size_t to);
bool part_unpack(Str bytes, PartRows *into);

typedef enum PartChange { PART_ADDED, PART_REMOVED, PART_CHANGED } PartChange;

/* columns: those that are known to differ, joined by ", "; empty where it cannot be told. */
typedef void PartDiffer(void *user, PartChange change, Str name, Str columns);

/* Each entry of which the two sides do not say the same. Column names are those of `now`. */
void part_compare(const CasePart *part, const PartRows *then, const PartRows *now,
	PartDiffer *differ, void *user);

/* Appends the canonical text of a row's columns. */
void part_canonical(Buf *buf, sqlite3_stmt *stmt);

#endif
