/*
 * The two files: the county itself, with the tables of rules/lib/homecare.sql, and beside it
 * FILE.truth.db, which the rules never see. Both are written under another name and renamed at the
 * end, so that a run cut short leaves nothing that looks whole. An error is fatal: it is printed,
 * the unfinished files are removed and the program ends with status 3.
 *
 * The truth file holds
 *   planted(contract, rule, subject, verdict, at_stake_pence, note)
 *   planted_rejected(dataset, source_key, source_column, value, note)   rows of bad data
 *   figure(contract, measure, keys, numerator, denominator, status, reported)   measures and KPIs
 *   balance(contract, provision, credited, used, expired, held, shortfall, debits)   minutes banked
 *                   and drawn of Take a Break, as it stands at the end of the last day
 *   excused(part)   findings whose subject contains one of these hang on bad data: not to be judged
 *   made(name, value)   what the county was made with
 */
#ifndef CORPUS_WRITE_H
#define CORPUS_WRITE_H

#include "corpus/rows.h"

#define KEY_TEXT 40

typedef enum KeyKind {
	KEY_PROVIDER,
	KEY_CLIENT,
	KEY_CARER,
	KEY_PROVISION,
	KEY_VISIT,
	KEY_LOG,
	KEY_SUBMISSION,
	KEY_STAY,
	KEY_AWARD,
	KEY_BID,
	KEY_HANDBACK,
	KEY_RETURN,
	KEY_KINDS
} KeyKind;

typedef struct WriteOptions {
	const char *path;
	uint64_t seed;
	bool shuffle;   /* rows in random order */
	bool long_keys; /* 36 characters, no order in them */
	bool loose;     /* tables without primary keys */
	bool truth;
} WriteOptions;

/* What a provider says of its own quarter: tenths of a percent, below zero where it says
 * nothing. */
typedef struct Form {
	int32_t copies; /* sent in */
	int32_t handbacks, missed, late;
} Form;

typedef struct Writer Writer;

Writer *writer_open(const WriteOptions *options, const Plan *plan);

/* Renames the files into place and frees the writer; or removes what was written. */
void writer_close(Writer *writer);
void writer_abandon(Writer *writer);

/* Providers, clients, stays, provisions and their brokerage. */
void writer_plan(Writer *writer);
void writer_visit(Writer *writer, const Visit *visit);
void writer_log(Writer *writer, const Log *log);
void writer_submission(Writer *writer, uint32_t provider, int32_t monday, int64_t submitted);
void writer_return(Writer *writer, uint32_t provider, int32_t quarter_first, const Form *form);
/* Numbers 0 .. carers - 1 with their providers. */
void writer_carers(Writer *writer, const uint16_t *provider_of, uint32_t carers);

void writer_key(const Writer *writer, char out[KEY_TEXT], KeyKind kind, uint64_t no);

#define NO_STAKE INT64_MIN

void writer_verdict(Writer *writer, Contract contract, Rule rule, const char *subject,
	const char *verdict, int64_t pence, const char *note);
/* Keys are joined by U+001F; status and reported are empty for a measure. */
void writer_figure(Writer *writer, Contract contract, const char *measure, const char *keys,
	uint64_t numerator, uint64_t denominator, const char *status, const char *reported);
void writer_balance(Writer *writer, Contract contract, uint32_t package, const Account *account);
void writer_rejected(Writer *writer, const char *dataset, const char *key, const char *column,
	const char *value, const char *note);
void writer_excused(Writer *writer, const char *part);

#endif
