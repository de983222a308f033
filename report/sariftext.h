/* Pieces of SARIF that every log of ours has; the caller owns what it gets. */
#ifndef VOUCH_REPORT_SARIFTEXT_H
#define VOUCH_REPORT_SARIFTEXT_H

#include <jansson.h>

#include "base/text.h"

/* A name, not an address that is fetched. */
#define SARIF_SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

/* A path as a URI reference: what such a reference cannot hold is percent-encoded. */
json_t *sarif_uri(Str path);
/* SARIF wraps every text in an object of its own, so that it could be translated. */
json_t *sarif_message(Str text);

#endif
