/*
 * What people ask to be said of findings: the texts of a command line, or the rows of a list that a
 * provider or an auditor has filled in, in a spreadsheet or by hand.
 *
 *   finding_id,…,status,amount,because,evidence      the list of `vouch findings --format csv` with
 *   9Q2KX7M1ZD…,answered,,"the carer …",rota.pdf     columns put behind it is such a list
 *
 * Columns are known by their names, in any order; others are left alone. Rows in which nothing was
 * filled in are left out.
 */
#ifndef VOUCH_INTERP_EVENT_LIST_H
#define VOUCH_INTERP_EVENT_LIST_H

#include "interp/case_event.h"

/* As it was typed, trimmed; empty: nothing was. */
typedef struct EventAsked {
	int64_t line;            /* of the list; 0: of the command line */
	Str finding, run, role, status, amount, pence, because, cause, evidence, by;
} EventAsked;

typedef struct EventList {
	VEC(EventAsked) row;
	int64_t left_out;        /* rows in which nothing was filled in */
	const char *path;        /* of the list; NULL: the command line */
} EventList;

/* Texts are the arena's. A file that cannot be read, or has not the columns that are needed,
 * gives a Status after a diagnostic. event_list_free in any case. */
Status event_list_read(const char *path, Arena *arena, Diags *diags, EventList *out);
void event_list_free(EventList *list);

/* "£1,234.50", "-3", "£-3.00" as pence; false when it is no sum of whole pence, or beyond any. */
bool event_pence(Str text, int64_t *pence);
/* One line, without control characters, in the arena: what an event's texts may be. */
Str event_clean(Arena *arena, Str text);

#endif
