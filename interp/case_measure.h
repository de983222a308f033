/*
 * Figures in a case file: the table measure_result, a row for each subject of a measure or KPI.
 * What a row says is settled here, in words and exact numbers, while the store is at hand that the
 * subject's keys belong to. docs/case-file.md describes the columns.
 */
#ifndef VOUCH_INTERP_CASE_MEASURE_H
#define VOUCH_INTERP_CASE_MEASURE_H

#include "interp/casefile.h"
#include "interp/measure.h"

/* A number as the language writes it, cut behind six places (S80), and exact as a fraction of base
 * units. Empty: not known. */
typedef struct CaseNumber {
	Str text, n, d;
} CaseNumber;

typedef struct CaseMeasure {
	int32_t book, measure;
	Str keys;          /* key texts, periods by their first day, joined by U+001F */
	Str subject;       /* "provider P1, quarter of 1 April 2025" */
	Str period;        /* first day, or empty */
	Str provider;      /* key of the provider that the subject leads to, or empty */
	int32_t on;
	CaseNumber value, margin, reported, difference, previous;
	CaseNumber least, most; /* of one that is not assessed; empty: it has no bound on that side */
	Str parts;         /* JSON: [{"name", "value", "n", "d"}], or "least" and "most" in place of
	                      the last three; empty: it has none */
	Str status, reported_status, reason, missing, assumed;
	Str target, fails; /* of lines that parameters draw: with their value on this figure's date, as
	                      "at least 63%"; else empty */
	Str certain;       /* the status that it has whatever the missing facts are, or empty */
	bool overflow, has_previous;
	int64_t rows;      /* -1: no group */
} CaseMeasure;

/* All texts live in the arena; walk->store is the one that the result comes from. */
CaseMeasure case_measure_of(const Walk *walk, const Measure *measure, const MeasureResult *result,
	Arena *arena);
/* Texts joined by "; ". */
Str case_measure_join(const Str *list, int32_t n, Arena *arena);
/* The order of rows in the table: by contract, measure, keys. Of pointers to rows, which are large.
 */
int case_measure_cmp(const void *left, const void *right);
/* Inside the transaction; makes the table when it is not there. beside: a second thread may hash
 * what this one writes. */
Status case_measure_write(CaseFile *file, Str run_id, const Rulebook *const *book,
	const CaseMeasure *const *row, size_t n, bool beside);

#endif
