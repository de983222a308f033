/*
 * Diagnostics: what a rule author (or the owner of the data) did wrong, each with a code, a place,
 * labelled partner places, notes, and help. They are queued, and printed sorted by place, without
 * repeats, at most LIMIT_DIAGNOSTICS in one run.
 *
 *   rules/hampshire/ccsh.vouch:41:13: error[E0207]: a rate and a sum of money cannot be compared
 *      41 |   require   visit.rate >= £19.00
 *         |             ^^^^^^^^^^    ------ this is money
 *         |             this is money per hour
 *      help: write £19.00 per hour
 *
 * The codes, their severity and titles are in dsl/codes.h; docs/errors/E0207.md is the page.
 */
#ifndef VOUCH_DSL_DIAG_H
#define VOUCH_DSL_DIAG_H

#include <stdbool.h>

#include "dsl/codes.h"
#include "dsl/source.h"

typedef enum DiagCode {
#define X(name, code, severity, title) DIAG_##name,
	DIAG_CODES(X)
#undef X
	DIAG_CODE_COUNT
} DiagCode;

typedef enum DiagSeverity { DIAG_ERROR, DIAG_WARNING } DiagSeverity;

typedef struct DiagLabel {
	Span at;
	Str text;
} DiagLabel;

#define DIAG_LABELS 3

typedef struct Diag {
	DiagCode code;
	Span at;             /* the primary place */
	Str message;         /* lower case, no full stop */
	Str here;            /* label under the primary place; may be empty */
	DiagLabel label[DIAG_LABELS];
	int labels;
	Str note, help;      /* may be empty */
} Diag;

typedef struct Diags {
	Arena *arena;
	const Sources *sources;
	VEC(Diag) list;
	size_t errors, warnings;
} Diags;

void diags_init(Diags *diags, Arena *arena, const Sources *sources);

/* Queues a diagnostic and gives it back, valid until the next one, so that labels, note and help
 * can be put on it: diag_help(diag_add(diags, DIAG_X, span, "…"), "write %s", …). */
typedef struct DiagRef {
	Diags *diags;
	size_t index;
} DiagRef;

DiagRef diag_add(Diags *diags, DiagCode code, Span at, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
DiagRef diag_here(DiagRef ref, const char *format, ...) __attribute__((format(printf, 2, 3)));
DiagRef diag_label(DiagRef ref, Span at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
DiagRef diag_note(DiagRef ref, const char *format, ...) __attribute__((format(printf, 2, 3)));
DiagRef diag_help(DiagRef ref, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Copies one queue's diagnostics, texts and all, to the end of another over the same sources. */
void diags_move(Diags *into, const Diags *from);

DiagSeverity diag_severity(DiagCode code);
const char *diag_code_text(DiagCode code);  /* "E0207" */
const char *diag_title(DiagCode code);      /* the page's title */
bool diag_code_of(Str text, DiagCode *code); /* "E0207" or "e0207" */

/* Sorts, drops repeats, and writes the first LIMIT_DIAGNOSTICS as text, then how many more there
 * are. colour: with terminal colours. */
void diags_print(Diags *diags, Buf *out, bool colour);
/* The one-line form: "error E0207: message" (vouch eval --batch). */
void diag_print_short(const Diag *diag, Buf *out);
/* All of them as a JSON array: code, severity, message, file, line, column, end_line, end_column,
 * labels, note, help. */
void diags_print_json(Diags *diags, Buf *out);

/* The candidate most like a misspelt word, or an empty Str when none is near. */
typedef struct Nearest {
	Str word, best;
	int distance;
} Nearest;

void nearest_start(Nearest *nearest, Str word);
void nearest_try(Nearest *nearest, Str candidate);
Str nearest_best(const Nearest *nearest);

#endif
