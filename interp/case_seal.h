/*
 * Versions in a case file: what each run stood under, and the seal on those that were used.
 *
 * A version that a run has used is sealed by the hash of its text. A later run into the same case
 * file that uses another text under the same name is refused, since findings of the two could not
 * be told apart: a change is an amendment, with a version and dates of its own.
 */
#ifndef VOUCH_INTERP_CASE_SEAL_H
#define VOUCH_INTERP_CASE_SEAL_H

#include "interp/casefile.h"

/* STATUS_WRONG, after a diagnostic with both hashes, when a version that the run would use differs
 * from the sealed one. Nothing is written. */
Status case_seal_check(CaseFile *file, const Rulebook *book, const Law *law);
/* Lists the versions known to the run, and seals those that it used. */
Status case_seal_write(CaseFile *file, Str run_id, const Rulebook *book, const Law *law);

#endif
