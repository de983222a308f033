/*
 * Who may bid for what: registrations, trainings, concordats and charters of providers, and what is
 * wrong with bids and awards. All providers have all of them all the time, but for single days: a
 * paper that ends on the day of an award (or the day before it) and is renewed on the next.
 *
 *   2020 ────────── paper ──────────┤ award's day ├────────── its renewal ────────── open
 *
 * Rules B1 to B6 are worked out from the papers, bids and awards alone, once all visits are made:
 * what is found here does not change how thickly other plants are sown.
 */
#ifndef CORPUS_BIDS_H
#define CORPUS_BIDS_H

#include "corpus/plan.h"

struct Writer;

/* What a paper is for: three kinds of care of the first two, as CareKind has them. */
enum { LINE_REGISTERED = 0, LINE_TRAINED = 3, LINE_CONCORDAT = 6, LINE_CHARTER, LINES };

typedef struct Paper {
	int32_t start, end; /* end CAL_NO_DAY: it holds */
	uint16_t provider;
	uint8_t line;
} Paper;

/* A day on which a paper ends, begins, or (between two) is missing. */
typedef enum CutKind { CUT_NONE, CUT_GAP, CUT_LAST, CUT_FIRST } CutKind;

typedef struct Cut {
	int32_t day;
	uint16_t provider;
	uint8_t line, kind;
} Cut;

/* What is odd about a package's award. */
typedef struct Odd {
	uint8_t plant, care, bid;
} Odd;

typedef struct Bids {
	const Plan *plan;
	Odd *odd;          /* by package */
	Cut *cut;
	Paper *paper;      /* provider by provider */
	uint32_t *first;   /* by provider: its first paper; one more at the end */
	size_t cuts, cuts_room, papers_room;
	uint32_t papers, turn;
} Bids;

/* After the plan is made, strangers and all. */
void bids_make(Bids *bids, const Plan *plan);
void bids_free(Bids *bids);

/* The award as it is written down. */
void bids_award(const Bids *bids, uint32_t package, Award *award);

/* Tells of B1 to B6. */
void bids_judge(const Bids *bids, struct Writer *writer);

#endif
