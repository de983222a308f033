/*
 * The tables of plants all come from the one list in the header.
 *
 * Besides, the room for one provider's week of visits and logs, which is used
 * again for every week: memory does not grow with the county.
 */
#include "corpus/rows.h"

#include <stdlib.h>
#include <string.h>

const char *const plant_notes[PLANT_COUNT] = {
#define X(id, weight, near, note) note,
	CORPUS_PLANTS(X)
#undef X
};

const uint8_t plant_near[PLANT_COUNT] = {
#define X(id, weight, near, note) RULE_##near,
	CORPUS_PLANTS(X)
#undef X
};

const uint8_t plant_weights[PLANT_COUNT] = {
#define X(id, weight, near, note) weight,
	CORPUS_PLANTS(X)
#undef X
};

/* Rooms grow by half, and are kept from week to week: after the first few nothing is allocated. */
Visit *rows_visit(Rows *rows)
{
	rows->visit = room_to(rows->visit, &rows->visits_room, rows->visits, sizeof *rows->visit);
	Visit *visit = &rows->visit[rows->visits++];
	memset(visit, 0, sizeof *visit);
	return visit;
}

Log *rows_log(Rows *rows)
{
	rows->log = room_to(rows->log, &rows->logs_room, rows->logs, sizeof *rows->log);
	Log *log = &rows->log[rows->logs++];
	memset(log, 0, sizeof *log);
	return log;
}

void rows_free(Rows *rows)
{
	free(rows->visit);
	free(rows->log);
	*rows = (Rows){0};
}

/* In the night of a change of the clocks this is the first of two, or the time with the old
 * offset. */
int64_t visit_begins(const Visit *visit)
{
	return cal_moment(visit->day, visit->start);
}

/* 30 minutes are reached from 22 minutes and a half: half a quantum below the step above. */
int32_t least_logged(int32_t declared)
{
	int32_t up = (declared + QUANTUM - 1) / QUANTUM * QUANTUM;
	return up * 60 - QUANTUM * 30;
}
