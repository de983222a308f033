/*
 * Pieces of SARIF that have to be right to the letter, as validators look at them.
 *
 *   rules/v 1.vouch ──> "rules/v%201.vouch"     unreserved characters of RFC 3986, and `/`, stay
 *
 * A relative path stays relative: it is for who looks at the log to say where the rules lie.
 */
#include "report/sariftext.h"

#include <string.h>

#include "report/jsontext.h"

json_t *sarif_uri(Str path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
		"/-._~";
	Buf buf = {0};
	buf_puts(&buf, ""); /* so that an empty path has an address too: jansson wants one */
	for (size_t i = 0; i < path.len; i++) {
		if (path.ptr[i] != '\0' && strchr(plain, path.ptr[i]) != NULL)
			buf_char(&buf, path.ptr[i]);
		else
			buf_printf(&buf, "%%%02X", (unsigned char)path.ptr[i]);
	}
	json_t *text = json_stringn(buf.at, buf.n);
	buf_free(&buf);
	return text;
}

json_t *sarif_message(Str text)
{
	json_t *object = json_object();
	json_object_set_new(object, "text", jsontext(text));
	return object;
}
