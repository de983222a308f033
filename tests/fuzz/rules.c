/*
 * Fuzz target: any bytes at all as a rule file. Nothing may crash, hang or leak; and where the
 * bytes do parse, their canonical layout must parse too and be its own canonical layout. The same
 * bytes then go the whole way from a file to a rulebook, so the checker sees them as well.
 *
 * The entry point is libFuzzer's; tests/fuzz/driver.c calls it where there is no libFuzzer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "dsl/check.h"
#include "dsl/diag.h"
#include "dsl/format.h"
#include "dsl/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void broken(const char *what, const Buf *once, const Buf *twice)
{
	fprintf(stderr, "%s\n--- laid out\n%.*s\n--- laid out again\n%.*s\n", what, (int)once->n,
		once->n > 0 ? once->at : "", (int)twice->n, twice->n > 0 ? twice->at : "");
	abort();
}

static void print_all(Diags *diags)
{
	Buf out = {0};
	diags_print(diags, &out, true);
	buf_clear(&out);
	diags_print_json(diags, &out);
	buf_free(&out);
}

/* Writes the canonical layout of the text; false when the text is not sound. */
static bool lay_out(Str text, Buf *out)
{
	Arena arena = {0};
	Sources sources = {.arena = &arena};
	*vec_push(&sources.file) = (Source){STR("fuzz.vouch"), str_copy(&arena, text), {0}};
	Diags diags;
	diags_init(&diags, &arena, &sources);
	const Ast *file = parse_file(&arena, &sources, 0, &diags);
	bool sound = diags.errors == 0;
	print_all(&diags);
	if (sound)
		format_file(&sources, file, out);
	vec_free(&diags.list);
	vec_free(&sources.file);
	arena_free(&arena);
	return sound;
}

static void layout_is_stable(Str text)
{
	Buf once = {0}, twice = {0};
	if (lay_out(text, &once)) {
		if (!lay_out(buf_view(&once), &twice))
			broken("a sound file was laid out as one that is not", &once, &twice);
		if (!str_eq(buf_view(&once), buf_view(&twice)))
			broken("laying out twice differs from laying out once", &once, &twice);
	}
	buf_free(&once);
	buf_free(&twice);
}

static bool write_file(const char *path, const uint8_t *data, size_t size)
{
	FILE *file = fopen(path, "wb");
	if (file == NULL)
		return false;
	bool written = fwrite(data, 1, size, file) == size;
	return fclose(file) == 0 && written;
}

/* The path of a file beside the others of this run. */
static void path_of(const char *name, char *path, size_t room)
{
	const char *folder = getenv("VOUCH_TMP");
	int length = snprintf(path, room, "%s/%s", folder != NULL ? folder : ".", name);
	if (length < 0 || (size_t)length >= room)
		abort();
}

/* What stands behind a form feed is a file of its own in the same folder, and so may amend what
 * stands before it. */
static void load(const uint8_t *data, size_t size)
{
	char path[4096], later[4096];
	path_of("fuzz.vouch", path, sizeof path);
	path_of("fuzz-later.vouch", later, sizeof later);
	const uint8_t *cut = size > 0 ? memchr(data, '\f', size) : NULL;
	size_t first = cut != NULL ? (size_t)(cut - data) : size;
	remove(later);
	if (!write_file(path, data, first) ||
			(cut != NULL && !write_file(later, cut + 1, size - first - 1)))
		abort();
	Compilation compilation = {0};
	compile_begin(&compilation, NULL);
	rulebook_load(&compilation, str_of(path));
	print_all(&compilation.diags);
	compile_end(&compilation);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > LIMIT_FILE_BYTES)
		return 0;
	Str text = {(const char *)data, size};
	/* The parser is promised valid text; the loader is not, and says what is wrong with it. */
	if (size > 0 && utf8_first_bad(text) < 0)
		layout_is_stable(text);
	load(data, size);
	return 0;
}
