/*
 * Hampshire's rows as texts and numbers of the tables of rules/lib/homecare.sql. What is missing is
 * left NULL, what is broken gets the text that a clerk might have typed.
 */
#ifndef CORPUS_WRITE_H
#define CORPUS_WRITE_H

#include "corpus/grow.h"
#include "corpus/rows.h"

/* What a provider says of its own quarter: tenths of a percent, below zero where it says
 * nothing. */
typedef struct Form {
	int32_t copies; /* sent in */
	int32_t handbacks, missed, late;
} Form;

typedef enum WriteTable {
	TABLE_VISITS,
	TABLE_LOGS,
	TABLE_PROVIDERS,
	TABLE_CLIENTS,
	TABLE_CARERS,
	TABLE_PROVISIONS,
	TABLE_SUBMISSIONS,
	TABLE_STAYS,
	TABLE_AWARDS,
	TABLE_BIDS,
	TABLE_HANDBACKS,
	TABLE_RETURNS,
	TABLE_COUNT
} WriteTable;

typedef struct Writer {
	Grow *grow;
	const Plan *plan;
	int table[TABLE_COUNT];
	uint64_t submissions, returns;
} Writer;

void writer_open(Writer *writer, Grow *grow, const Plan *plan);

/* Providers, clients, stays, provisions and their brokerage. */
void writer_plan(Writer *writer);
void writer_visit(Writer *writer, const Visit *visit);
void writer_log(Writer *writer, const Log *log);
void writer_submission(Writer *writer, uint32_t provider, int32_t monday, int64_t submitted);
void writer_return(Writer *writer, uint32_t provider, int32_t quarter_first, const Form *form);
/* Numbers 0 .. carers - 1 with their providers. */
void writer_carers(Writer *writer, const uint16_t *provider_of, uint32_t carers);

void writer_key(const Writer *writer, char out[KEY_TEXT], KeyKind kind, uint64_t no);

#endif
