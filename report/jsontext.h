/* Texts of a case file as JSON values; the caller owns what it gets. */
#ifndef VOUCH_REPORT_JSONTEXT_H
#define VOUCH_REPORT_JSONTEXT_H

#include <jansson.h>

#include "base/text.h"

/* Text of the data that is no UTF-8 is made clean, because JSON cannot hold it. */
json_t *jsontext(Str s);
/* In the case file an absent text is empty; in JSON the difference is worth a null. */
json_t *jsontext_or_null(Str s);

#endif
