/*
 * The manifest of a run: what it was made with, from what, and a hash of all that it found. It is
 * written to the case file in the run's own transaction, when everything else is there. A spot check
 * is no run, but what it writes is as final: its plan with the frozen frame, each draw and each
 * evaluation have manifests in the same chain.
 *
 *   manifest 1  <── previous ──  manifest 2  <── previous ──  manifest 3
 *      │ roots of the parts         │                            │
 *      └─ the rows of a run         └─ plan and frame            └─ seed and rows drawn
 *
 * Its text is JSON with sorted keys and no blanks, so the same run gives the same bytes. Outside of
 * it is when the run was written; on which machine and by whom is recorded nowhere.
 */
#ifndef VOUCH_INTERP_MANIFEST_H
#define VOUCH_INTERP_MANIFEST_H

#include <jansson.h>

#include "interp/case_part.h"
#include "interp/run.h"

#define MANIFEST_FORMAT "vouch manifest 2"

/* The tables: inside the case file's transaction. */
Status manifest_begin(CaseFile *file);
/* The triggers that keep what is written, then the run's manifest; behind case_totals. */
Status manifest_write(CaseFile *file, Str run_id, const RunOptions *options, const Data *data);

/* Of a step of a spot check, behind its rows: an id as case_part.h says. */
Status manifest_add(CaseFile *file, CaseKind kind, Str id);

/* The SHA-256 of what CREATE says of each table, index, view and trigger, by type and name, as the
 * manifest has it; *ok is false when SQLite failed. A new reference. */
json_t *manifest_schema(sqlite3 *db, bool *ok);

/* What was made of a run: a file's name without its folder, its format, size and SHA-256. */
typedef struct OutputNote {
	Str run_id, name, format;
	int64_t bytes;
	uint8_t sha256[32];
} OutputNote;

/* Notes it in the case file, which is opened for it: nobody may be reading it at the time. */
Status output_note(const char *case_path, const OutputNote *note, Diags *diags);
/* The root over the first n outputs of the file, in the order in which they were noted. *found: how
 * many there are. */
Status output_root(sqlite3 *db, int64_t n, MerkleHash *root, int64_t *found);

#endif
