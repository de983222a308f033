/*
 * Rows of bad data, about one in ten thousand: dates that are none, codes of no list, links to
 * nothing, logs that end before they begin and, where the tables have no primary keys, two rows of
 * one key. They belong to a client, provision and carers made up for them at each provider, so that
 * nothing else hangs on them; the truth file excuses findings that name these.
 */
#ifndef CORPUS_BROKEN_H
#define CORPUS_BROKEN_H

#include "corpus/roster.h"
#include "corpus/truth.h"
#include "corpus/write.h"

typedef struct Breaker {
	Plan *plan;
	Writer *writer;
	Roster *roster;
	Truth *truth;
	uint32_t first;     /* the package of the first provider's stranger */
	bool loose, wanted;
	uint64_t made;
	uint64_t *visits;   /* the last number given */
} Breaker;

/* Adds the strangers to the plan; before the plan is written. */
void breaker_plan(Plan *plan);

/* After the writer is open; tells the truth file what to excuse. */
void breaker_start(Breaker *breaker);

/* Makes what is due after so many rows, in the given week of a provider. */
void breaker_week(Breaker *breaker, uint32_t provider, int32_t monday, uint64_t rows);

/* A stay of a stranger whose entries nobody can put in order. */
void breaker_close(Breaker *breaker);

#endif
