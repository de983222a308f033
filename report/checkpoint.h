/*
 * Checkpoints: lines that pin down a case file, as C2SP tlog-checkpoint has them, and
 * optionally a signature, as C2SP signed-note has it. Who keeps them can hold any later state of
 * the file against them: more may have been added behind, nothing in front may have changed.
 *
 *   vouch.case/D3PF8M2K7Q1ZX0AB                          the file, by its first manifest
 *   2                                                    manifests
 *   Tm9 … 0=                                             the root of the Merkle tree over them
 *   events 12 5f1a …                                     the last event's hash, where there are any
 *
 *   — vouch aGVsbG8 …                                    base64 of the key's id and the signature
 *
 * Keys are texts of one line: "vouch+ID+KEY" for whoever checks, "PRIVATE+KEY+vouch+ID+KEY" for
 * whoever signs. Signatures are Ed25519, by nettle.
 */
#ifndef VOUCH_REPORT_CHECKPOINT_H
#define VOUCH_REPORT_CHECKPOINT_H

#include "report/casereader.h"

Status checkpoint_print(CaseReader *reader, Buf *out);
/* Holds a checkpoint against the file and says how that went; *holds: nothing speaks against. */
Status checkpoint_compare(CaseReader *reader, Str text, Buf *out, bool *holds);

/* A new pair of keys. False when the system gives no random numbers. */
bool checkpoint_make_key(Buf *secret, Buf *open);
/* Appends the line of the signature to a checkpoint. False when that is no key to sign with. */
bool checkpoint_sign(Buf *checkpoint, Str secret);
/* Whether the text is signed with the key; *is_key: it is one. */
bool checkpoint_signed(Str text, Str open, bool *is_key);

#endif
