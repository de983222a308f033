/*
 * Where each finding stands: the table finding_place of the case file, in order of the ids.
 *
 * Ids are hashes, and come in any order. To put each into the table at once would look for its
 * place a hundred thousand times; so they are held until all are there, sorted, and written one
 * behind the other.
 */
#ifndef VOUCH_INTERP_CASE_PLACE_H
#define VOUCH_INTERP_CASE_PLACE_H

#include <sqlite3.h>
#include <stdint.h>

#include "base/mem.h"

typedef struct CasePlace {
	uint64_t head, tail;      /* the id as two numbers, so that they compare as its bytes do */
	int64_t row, rule_key;
} CasePlace;

typedef struct CasePlaces {
	VEC(CasePlace) list;
} CasePlaces;

void places_add(CasePlaces *places, const uint8_t id[16], int64_t row, int64_t rule_key);
/* SQLITE_OK, or what SQLite said. The list is empty afterwards. */
int places_write(CasePlaces *places, sqlite3 *db);
void places_free(CasePlaces *places);

#endif
