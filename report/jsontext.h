/* Texts of a case file as JSON values; the caller owns what it gets. */
#ifndef VOUCH_REPORT_JSONTEXT_H
#define VOUCH_REPORT_JSONTEXT_H

#include <jansson.h>

#include "base/text.h"

/* What every document says of itself, as its first key: docs/findings.schema.json has the shapes.
 * It rises when the keys of a shape change, as the schema of a format allows no others. A literal, as
 * the frames are written by hand. */
#define JSON_FORMAT "\"format\":2"

/* Text of the data that is no UTF-8 is made clean, because JSON cannot hold it. */
json_t *jsontext(Str s);
/* In the case file an absent text is empty; in JSON the difference is worth a null. */
json_t *jsontext_or_null(Str s);

#endif
