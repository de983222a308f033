/* What a case, and one finding of it, look like in each format: for report/case_list.c alone. */
#ifndef VOUCH_REPORT_CASE_FORMATS_H
#define VOUCH_REPORT_CASE_FORMATS_H

#include "report/case_status.h"

/* A run that found it. */
typedef struct CaseSighting {
	Str run_id, started;
	RestateMark mark;
	bool has_stake;
	int64_t pence;
	RestateKind change;       /* against the sighting before; of the first: new */
} CaseSighting;

/* One finding, through all runs. Texts are the reader's arena's. */
typedef struct CaseOne {
	ReadFinding finding;      /* as the newest run has it */
	Str short_id;
	const CaseSighting *sighting; /* in the order of the runs; never none */
	size_t nsightings;
	bool gone;                /* the newest run that looked at the same does not have it */
	EventHistory history;
} CaseOne;

Status case_write_text(const CaseStatus *status, const ListOptions *options);
Status case_write_csv(const CaseStatus *status, const ListOptions *options);
Status case_write_json(const CaseStatus *status, const ListOptions *options);
Status case_write_one_text(const CaseOne *one, const ListOptions *options);
Status case_write_one_csv(const CaseOne *one, const ListOptions *options);
Status case_write_one_json(const CaseOne *one, const ListOptions *options);

#endif
