/*
 * People under pseudonyms: whatever is read from a case file afterwards has P-7K2M9QX4ZD in place
 * of a client's key or name, C-… in place of a carer's.
 *
 * A pseudonym is the beginning of HMAC-SHA256 of the case file (its first run), the dataset and the
 * key or name, under a key that the council keeps: the same in every output of a case, another one
 * in another case. Without the key it cannot be made again, nor be tried out.
 *
 *   rules' own datasets ──> keys and names in the case file ──> pseudonyms
 *   tables of the case file ──> views of the same names, over which everything is read
 *
 * Who has the key can still tell who is meant: such outputs stay personal data.
 */
#ifndef VOUCH_REPORT_PSEUDONYM_H
#define VOUCH_REPORT_PSEUDONYM_H

#include "report/casereader.h"

/* people: names of datasets, with commas between them. Key and people need not outlive the call. */
Status pseudonyms_show(CaseReader *reader, Str key, Str people);

#endif
