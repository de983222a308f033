/*
 * Who came: gives each log of a provider's week a carer who is free, with five minutes between two
 * visits, and a number in the order of check-ins. A carer busy over a week's end stays busy. Logs
 * that wish for it get a carer who is with somebody else (C1), or who leaves there in the very
 * second; a log without a check-out gets a carer who has no other, as its end is unknown.
 */
#ifndef CORPUS_ROSTER_H
#define CORPUS_ROSTER_H

#include "corpus/rows.h"

typedef struct Carer {
	uint32_t no;
	uint32_t client; /* of the last log */
	int64_t free_at; /* CAL_NO_MOMENT: never again */
	size_t log;      /* index of the last log, in the week it was made */
	int32_t week;
	bool doubled;
} Carer;

typedef struct Team {
	Carer *carer;
	uint32_t carers, room;
} Team;

typedef struct Roster {
	const Plan *plan;
	Team *team;             /* one for each provider */
	uint16_t *provider_of;  /* by carer number */
	uint32_t carers, room;
	uint64_t logs;          /* numbers given so far */
} Roster;

void roster_init(Roster *roster, const Plan *plan);
void roster_free(Roster *roster);

/* Sorts the logs by check-in, numbers them and gives them carers. */
void roster_week(Roster *roster, uint32_t provider, int32_t monday, Rows *rows);

/* A carer who has nothing else to do, for rows of bad data. */
uint32_t roster_stranger(Roster *roster, uint32_t provider);

#endif
