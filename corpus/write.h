/*
 * Hampshire's rows as texts and numbers of the tables of rules/lib/homecare.sql. What is missing is
 * left NULL, what is broken gets the text that a clerk might have typed.
 */
#ifndef CORPUS_WRITE_H
#define CORPUS_WRITE_H

#include "corpus/bids.h"
#include "corpus/grow.h"
#include "corpus/rows.h"

/* What a provider says of its own quarter: tenths of a percent, below zero where it says
 * nothing. */
typedef struct Form {
	int32_t copies; /* sent in */
	int32_t handbacks, missed, late;
} Form;

/* What was entered for a week of a provision. */
typedef struct Entry {
	uint64_t no;
	int64_t entered; /* CAL_NO_MOMENT: missing */
	int32_t week;    /* its Monday */
	int32_t minutes; /* MINUTES_MISSING */
	uint8_t plant;
} Entry;

/* The passes of a payment. */
enum { PASS_CORE, PASS_SETTLEMENT, PASS_LATE, PASSES };

/* What was paid at the end of a payment period. */
typedef struct Statement {
	uint64_t no;
	int32_t period;       /* its first day */
	int64_t paid[PASSES]; /* pence; NO_STAKE: missing */
	uint32_t fails, unsure; /* BIT(rule): what is meant */
	uint8_t plant[RULE_COUNT];
} Statement;

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
	TABLE_REGISTRATIONS,
	TABLE_TRAININGS,
	TABLE_PLEDGES,
	TABLE_REQUESTS,
	TABLE_VARIATIONS,
	TABLE_STATEMENTS,
	TABLE_COUNT
} WriteTable;

/* Keys beyond those of the shared tables. */
typedef enum HampshireKey {
	KEY_REGISTRATION = KEY_OWN,
	KEY_TRAINING,
	KEY_PLEDGE,
	KEY_REQUEST,
	KEY_VARIATION,
	KEY_STATEMENT,
	HAMPSHIRE_KEYS_END
} HampshireKey;

typedef struct Writer {
	Grow *grow;
	const Plan *plan;
	const Bids *bids;
	int table[TABLE_COUNT];
	uint64_t submissions, returns, requests;
} Writer;

void writer_open(Writer *writer, Grow *grow, const Plan *plan, const Bids *bids);

/* Providers, clients, stays, provisions and their brokerage. */
void writer_plan(Writer *writer);
void writer_visit(Writer *writer, const Visit *visit);
void writer_log(Writer *writer, const Log *log);
void writer_submission(Writer *writer, uint32_t provider, int32_t monday, int64_t submitted);
/* The request that the provider's form for a quarter is due by a day; returns its number. */
uint64_t writer_request(Writer *writer, uint32_t provider, int32_t quarter_first, int32_t due);
void writer_return(Writer *writer, uint32_t provider, int32_t quarter_first, const Form *form,
	int32_t received);

/* Entries and statements are numbered by those who make them. Sums are pence; NO_STAKE: missing. */
void writer_variation(Writer *writer, uint64_t no, uint32_t package, const Entry *entry);
void writer_statement(Writer *writer, uint64_t no, uint32_t package, const Statement *statement);

/* Two entries of a stay of a stranger at one moment, behind an earlier one. */
void writer_tie(Writer *writer, uint32_t client, int64_t admitted);
/* Numbers 0 .. carers - 1 with their providers. */
void writer_carers(Writer *writer, const uint16_t *provider_of, uint32_t carers);

void writer_key(const Writer *writer, char out[KEY_TEXT], KeyKind kind, uint64_t no);

#endif
