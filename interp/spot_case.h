/*
 * Spot checks in the case file: plans with their frozen frames, what was drawn, what came of it.
 * docs/case-file.md describes the tables. Everything is only added: a plan's frame and seed never
 * change once they stand, a larger sample adds rows to `drawn`, and each evaluation stands beside
 * those before it.
 *
 * Texts that are read live in the arena handed in.
 */
#ifndef VOUCH_INTERP_SPOT_CASE_H
#define VOUCH_INTERP_SPOT_CASE_H

#include "interp/casefile.h"
#include "interp/spot.h"
#include "interp/spot_figures.h"

/* A plan as it was when its frame was frozen. Hashes are in hex; days are ISO texts, or empty. */
typedef struct SpotPlan {
	Str id, contract, version, name, selection; /* random, money or risk */
	Str dataset, text, clause, assumed;
	int64_t draw, then_draw, then_when, full_when;  /* 0: no such step */
	Str then_severity, full_severity;
	int64_t confidence, tolerable, serious;         /* basis points; tolerable 0: none */
	Str no_log, no_log_dataset;                     /* wrong or right */
	Str extrapolates;                               /* the clause, or empty */
	Str from, to, known_on, provider;
	int64_t rows, pence, unpriced, unknown;
	bool has_money;
	Str frame_sha256, seed;                         /* seed: empty until something is drawn */
	Str strata;                                     /* what parts the groups, as written; or empty */
	int64_t draw_each, then_each;                   /* 1: so many from each stratum */
	int64_t least;                                  /* of a stratum, where it has as many; or 0 */
	Str program, rulebook_sha256, data_sha256, data_path, contract_path;
} SpotPlan;

/* As it stands in `drawn`. */
typedef struct SpotTicket {
	Str group, stratum, key, ticket, reason; /* reason: of a choice by risk */
	int64_t number, stage, penny;   /* penny -1: at random */
} SpotTicket;

typedef VEC(SpotTicket) SpotTickets;

/* What follows for a group from what was found. */
typedef enum SpotDecision {
	SPOT_PASSED,   /* no more is drawn */
	SPOT_DRAW,     /* the plan's second stage follows */
	SPOT_FULL,     /* a full audit follows */
	SPOT_WHOLE     /* every row was looked at */
} SpotDecision;

const char *spot_decision_word(SpotDecision decision); /* passed, draw, full audit, whole */

/* One group's line of an evaluation. */
typedef struct SpotOutcome {
	Str group;
	int64_t rows, book, looked, no_log, not_assessed, vanished, stage;
	SpotFigures figures;
	SpotDecision decision;
} SpotOutcome;

typedef VEC(SpotOutcome) SpotOutcomes;

/* What was looked at and found in a stratum; pence of `book` as of a group. */
typedef struct SpotStratumOutcome {
	Str group, stratum;
	int64_t rows, book, looked, wrong, over, under;
} SpotStratumOutcome;

typedef VEC(SpotStratumOutcome) SpotStratumOutcomes;

/* A row that was drawn, and what was found of it. */
typedef struct SpotVerdict {
	Str group, key, provider;
	bool wrong;
	int64_t paid, over, under;
	Str why;       /* "V1, V2"; "no log"; "not assessed: V1"; "no longer in the data" */
} SpotVerdict;

typedef VEC(SpotVerdict) SpotVerdicts;

/* A row that stands otherwise in the data than in the frame. */
typedef struct SpotChange {
	Str key, change, was, now; /* change: vanished, changed, new */
} SpotChange;

typedef VEC(SpotChange) SpotChanges;

/* ---- writing, inside the case file's transaction. A plan and what is drawn have manifests behind
 * them at once; an evaluation when it is ended. */

Status spot_case_begin(CaseFile *file); /* makes the tables where they are missing */
Status spot_case_add_plan(CaseFile *file, const SpotPlan *plan, const SpotFrame *frame);
Status spot_case_set_seed(CaseFile *file, Str plan, Str seed);
/* reason: by row of the frame, or NULL. */
Status spot_case_add_drawn(CaseFile *file, Str plan, const SpotFrame *frame,
	const SpotSample *sample, int stage, const Str *reason);
/* id of the evaluation; false in *added when it stands there already. */
Status spot_case_add_evaluation(CaseFile *file, Str plan, Str id, Str data_sha256, bool *added);
Status spot_case_end_evaluation(CaseFile *file, Str evaluation);
Status spot_case_add_outcome(CaseFile *file, Str evaluation, const SpotOutcome *outcome);
Status spot_case_add_stratum(CaseFile *file, Str evaluation, const SpotStratumOutcome *outcome);
Status spot_case_add_verdict(CaseFile *file, Str evaluation, const SpotVerdict *verdict);
Status spot_case_add_change(CaseFile *file, Str evaluation, const SpotChange *change);
Status spot_case_add_finding(CaseFile *file, Str evaluation, Str key, const Finding *finding,
	const Rule *rule);

/* ---- reading; false: the file cannot be read, or has no spot checks */

/* The newest plan whose id begins with the text, or of that name; of any where it is empty. */
bool spot_case_plan(sqlite3 *db, Str which, Arena *arena, SpotPlan *out, bool *found);
bool spot_case_frame(sqlite3 *db, Str plan, SpotFrame *out); /* sealed */
bool spot_case_drawn(sqlite3 *db, Str plan, Arena *arena, SpotTickets *out);
/* The evaluation that was added last; empty where there is none. */
bool spot_case_evaluation(sqlite3 *db, Str plan, Arena *arena, Str *id);
bool spot_case_outcomes(sqlite3 *db, Str evaluation, Arena *arena, SpotOutcomes *out);
bool spot_case_strata(sqlite3 *db, Str evaluation, Arena *arena, SpotStratumOutcomes *out);
bool spot_case_verdicts(sqlite3 *db, Str evaluation, Arena *arena, SpotVerdicts *out);
bool spot_case_changes(sqlite3 *db, Str evaluation, Arena *arena, SpotChanges *out);

#endif
