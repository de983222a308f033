/*
 * A case file may hold what a database had in it, and that need not be UTF-8, which JSON has to be:
 * what is no text is replaced as it is on a terminal, rather than losing the whole document.
 */
#include "report/jsontext.h"

#include "report/layout.h"

json_t *jsontext(Str s)
{
	json_t *value = json_stringn(s.ptr == NULL ? "" : s.ptr, s.len);
	if (value != NULL)
		return value;
	Buf clean = {0};
	layout_clean(&clean, s);
	value = json_stringn(clean.at, clean.n);
	buf_free(&clean);
	return value;
}

json_t *jsontext_or_null(Str s)
{
	return s.len > 0 ? jsontext(s) : json_null();
}
