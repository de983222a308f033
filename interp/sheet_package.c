/*
 * libzip and expat behind one interface. Nothing that a file says of its own sizes is believed:
 * what comes out is counted.
 *
 *   part of the archive   [####------------]  64 kB inflated, straight into expat's own buffer
 *                              └ a tag that the piece cuts in two waits there for the next
 *
 * A check sum is looked at when its part ends, so a part counts as read only when it was read to
 * its end: rows that came out of it before may be wrong, and whoever took them gives them up.
 */
#include "interp/sheet_package.h"

#include <errno.h>
#include <expat.h>
#include <stdio.h>
#include <string.h>
#include <zip.h>

#include "base/digest.h"
#include "base/limits.h"

#define PIECE_BYTES 65536

static const Span nowhere = {-1, 0, 0};

struct Package {
	Sheet *sheet;
	zip_t *zip;
};

struct PackagePart {
	Package *package;
	zip_file_t *file;
	XML_Parser parser;
	const PackageSink *sink;
	void *user;
	Str what;
	int64_t row;
	int64_t bytes, most;      /* that came out, that may */
	int64_t packed, expected; /* as the archive says */
	bool ended;
	Buf wrong;
};

/* ---- the archive ---- */

/* A pass of its own: libzip reads the end of the file first, and never all of it. */
static Status digest_file(Sheet *sheet, Diags *diags)
{
	char bytes[PIECE_BYTES];
	Digest digest;
	size_t n;
	FILE *file = fopen(sheet->path, "rb");
	digest_begin(&digest);
	while (file != NULL && (n = fread(bytes, 1, sizeof bytes, file)) > 0) {
		digest_bytes(&digest, bytes, n);
		sheet->bytes += (int64_t)n;
	}
	bool failed = file == NULL || ferror(file);
	if (failed)
		diag_add(diags, DIAG_NO_FILE, nowhere, "%s: %s", sheet->path, strerror(errno));
	if (file != NULL)
		fclose(file);
	digest_end(&digest, sheet->sha256);
	return failed ? STATUS_WORLD : STATUS_OK;
}

/* An archive's list of contents stands at its end, and that is what a cut file lacks. */
static Status not_opened(Sheet *sheet, Diags *diags, int code)
{
	zip_error_t error;
	zip_error_init_with_code(&error, code);
	Status status = code == ZIP_ER_NOZIP
		? sheet_wrong(sheet, diags, "begins like a workbook, but its end is missing or damaged: ask"
			" for the file again")
		: sheet_wrong(sheet, diags, "damaged: %s", zip_error_strerror(&error));
	zip_error_fini(&error);
	return status;
}

/* Of two parts of one name a spreadsheet may take the one and this program the other. */
static Status no_twins(Package *package, Diags *diags)
{
	Arena arena = {0};
	StrMap names;
	Status status = STATUS_OK;
	zip_int64_t n = zip_get_num_entries(package->zip, 0);
	strmap_init(&names, &arena);
	for (zip_int64_t i = 0; i < n && status == STATUS_OK; i++) {
		bool added = true;
		const char *name = zip_get_name(package->zip, (zip_uint64_t)i, 0);
		size_t length = name != NULL ? strlen(name) : 0;
		char *lower = arena_copy(&arena, name != NULL ? name : "", length + 1);
		for (size_t k = 0; k < length; k++)
			if (lower[k] >= 'A' && lower[k] <= 'Z')
				lower[k] = (char)(lower[k] + 32);
		strmap_at(&names, (Str){lower, length}, &added);
		if (!added)
			status = sheet_wrong(package->sheet, diags, "damaged: it has two parts %s", name);
	}
	arena_free(&arena);
	return status;
}

Status package_open(Sheet *sheet, Diags *diags, Package **out)
{
	int code = 0;
	Package *package = mem_alloc(sizeof *package);
	*out = package;
	package->sheet = sheet;
	Status status = digest_file(sheet, diags);
	if (status != STATUS_OK)
		return status;
	package->zip = zip_open(sheet->path, ZIP_RDONLY, &code);
	if (package->zip == NULL)
		return not_opened(sheet, diags, code);
	if (zip_get_num_entries(package->zip, 0) > LIMIT_BOOK_ENTRIES)
		return sheet_wrong(sheet, diags, "an archive of more than %d parts, as no workbook is",
			LIMIT_BOOK_ENTRIES);
	return no_twins(package, diags);
}

void package_close(Package *package)
{
	if (package == NULL)
		return;
	if (package->zip != NULL)
		zip_discard(package->zip);
	free(package);
}

/* Names of parts do not differ by capitals alone. */
static zip_int64_t locate(const Package *package, Str path)
{
	Arena arena = {0};
	zip_int64_t index = zip_name_locate(package->zip, str_z(&arena, path), ZIP_FL_NOCASE);
	arena_free(&arena);
	return index;
}

bool package_has(const Package *package, Str path)
{
	return locate(package, path) >= 0;
}

/* For what is no workbook, and has no XML to be asked. */
Str package_head(Package *package, Str path, char *room, size_t most)
{
	zip_int64_t index = locate(package, path);
	zip_file_t *file = index < 0 ? NULL : zip_fopen_index(package->zip, (zip_uint64_t)index, 0);
	zip_int64_t n = file == NULL ? 0 : zip_fread(file, room, most);
	if (file != NULL)
		zip_fclose(file);
	return (Str){room, n > 0 ? (size_t)n : 0};
}

/* ---- what expat calls ----
 *
 *   expat ──prefixed name──> on_begin ──name──> the sink ──what is wrong──> package_wrong
 *                                                                            └ expat is stopped
 */

/* <x:row> and <row> are the same: nothing that rows are made of is told apart by a prefix. */
static Str local_name(const char *name)
{
	const char *colon = strchr(name, ':');
	return str_of(colon != NULL ? colon + 1 : name);
}

/* Behind XML_StopParser expat still ends the element at hand, and a sink wants no more of it. */
static void XMLCALL on_begin(void *user, const XML_Char *name, const XML_Char **attribute)
{
	PackagePart *part = user;
	if (!package_failed(part))
		part->sink->begin(part->user, local_name(name), (const char *const *)attribute);
}

static void XMLCALL on_end(void *user, const XML_Char *name)
{
	PackagePart *part = user;
	if (!package_failed(part))
		part->sink->end(part->user, local_name(name));
}

static void XMLCALL on_text(void *user, const XML_Char *text, int n)
{
	PackagePart *part = user;
	if (!package_failed(part))
		part->sink->text(part->user, (Str){text, (size_t)n});
}

/* Entities of entities make gigabytes of a few lines; none can be declared but in one of these. */
static void XMLCALL on_doctype(void *user, const XML_Char *name, const XML_Char *system,
	const XML_Char *public, int inside)
{
	(void)name, (void)system, (void)public, (void)inside;
	package_wrong(user, "declares a document type, as no workbook does");
}

/* ---- a part ---- */

void package_wrong(PackagePart *part, const char *format, ...)
{
	va_list args;
	if (package_failed(part))
		return;
	va_start(args, format);
	buf_vprintf(&part->wrong, format, args);
	va_end(args);
	XML_StopParser(part->parser, XML_FALSE);
}

bool package_failed(const PackagePart *part)
{
	return part->wrong.n > 0;
}

void package_row(PackagePart *part, int64_t row)
{
	if (!package_failed(part))
		part->row = row;
}

int64_t package_done(const PackagePart *part)
{
	/* The sheet is nearly all of the file, so what is done of it is done of the file. */
	int64_t all = part->package->sheet->bytes;
	return part->ended || part->expected <= 0 || part->bytes >= part->expected ? all
		: (int64_t)((__int128)all * part->bytes / part->expected);
}

Str package_attribute(const char *const *attribute, const char *name)
{
	for (; attribute[0] != NULL; attribute += 2) {
		const char *is = attribute[0];
		if (name[0] == ':' && (is = strchr(is, ':')) == NULL)
			continue;
		if (strcmp(is, name) == 0)
			return str_of(attribute[1]);
	}
	return (Str){NULL, 0};
}

/* A row that has begun is where people look; what comes behind the last one is told there, too. */
static Status tell(PackagePart *part, Diags *diags, const char *what)
{
	Sheet *sheet = part->package->sheet;
	if (part->row > 0)
		return sheet_wrong(sheet, diags, "%.*s, row %lld: %s", STR_ARG(part->what),
			(long long)part->row, what);
	return sheet_wrong(sheet, diags, "%.*s: %s", STR_ARG(part->what), what);
}

/* In the encoding that the part itself declares. */
static void start_parser(PackagePart *part)
{
	/* Memory that runs out ends the program there as everywhere. */
	static const XML_Memory_Handling_Suite memory = {mem_alloc, mem_resize, free};
	part->parser = XML_ParserCreate_MM(NULL, &memory, NULL);
	XML_SetUserData(part->parser, part);
	XML_SetElementHandler(part->parser, on_begin, on_end);
	XML_SetCharacterDataHandler(part->parser, on_text);
	XML_SetStartDoctypeDeclHandler(part->parser, on_doctype);
}

/* An archive may lock its parts one by one; that of Office locks the file as a whole, and is no
 * archive any more. */
Status package_part(Package *package, Diags *diags, Str path, Str what, const PackageSink *sink,
	void *user, PackagePart **out)
{
	zip_stat_t info;
	PackagePart *part = mem_alloc(sizeof *part);
	zip_int64_t index = locate(package, path);
	*out = part;
	*part = (PackagePart){.package = package, .sink = sink, .user = user, .what = what,
		.most = LIMIT_BOOK_PART};
	if (index < 0 || zip_stat_index(package->zip, (zip_uint64_t)index, 0, &info) != 0)
		return sheet_wrong(package->sheet, diags, "damaged: it has no part %.*s", STR_ARG(path));
	if ((info.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && info.encryption_method != ZIP_EM_NONE)
		return sheet_wrong(package->sheet, diags, "is encrypted: ask for it without a password");
	part->packed = (info.valid & ZIP_STAT_COMP_SIZE) != 0 ? (int64_t)info.comp_size : 0;
	part->expected = (info.valid & ZIP_STAT_SIZE) != 0 ? (int64_t)info.size : 0;
	/* Said to be larger than the file that it lies in: the ratio would be hidden. */
	if (part->packed > package->sheet->bytes || part->packed < 0)
		part->packed = package->sheet->bytes;
	part->file = zip_fopen_index(package->zip, (zip_uint64_t)index, 0);
	if (part->file == NULL)
		return tell(part, diags, zip_strerror(package->zip));
	start_parser(part);
	return STATUS_OK;
}

/* A sheet of a million rows packs to a tenth or a thirtieth; what is said by one byte in hundreds
 * is not data. */
static Status too_large(PackagePart *part, Diags *diags)
{
	bool ratio = part->bytes > LIMIT_BOOK_RATIO_FROM &&
		part->bytes / LIMIT_BOOK_RATIO > part->packed;
	if (ratio)
		return tell(part, diags, "unpacks to more than 250 times its size, as no table does");
	return part->bytes <= part->most ? STATUS_OK : tell(part, diags, "is larger than can be read");
}

/* Bytes that do not inflate, and sums that do not hold when a part ends. */
static Status not_inflated(PackagePart *part, Diags *diags)
{
	char text[192];
	zip_error_t *error = zip_file_get_error(part->file);
	snprintf(text, sizeof text, "damaged (%.100s): ask for the file again",
		zip_error_strerror(error));
	return tell(part, diags, text);
}

/* Either the sink was not content, or expat was not. */
static Status not_parsed(PackagePart *part, Diags *diags)
{
	char text[192];
	if (package_failed(part))
		return tell(part, diags, part->wrong.at);
	snprintf(text, sizeof text, "damaged (%.120s)",
		XML_ErrorString(XML_GetErrorCode(part->parser)));
	return tell(part, diags, text);
}

Status package_more(PackagePart *part, Diags *diags)
{
	if (part->ended)
		return STATUS_NO;
	/* Nothing is copied: what is inflated lands where expat reads it. */
	void *room = XML_GetBuffer(part->parser, PIECE_BYTES);
	if (room == NULL)
		return not_parsed(part, diags);
	zip_int64_t n = zip_fread(part->file, room, PIECE_BYTES);
	if (n < 0)
		return not_inflated(part, diags);
	part->bytes += n;
	Status status = too_large(part, diags);
	if (status != STATUS_OK)
		return status;
	if (XML_ParseBuffer(part->parser, (int)n, n == 0) != XML_STATUS_OK || package_failed(part))
		return not_parsed(part, diags);
	/* Where expat stands is where the tag begins that it has not seen the end of. */
	if (part->bytes - XML_GetCurrentByteIndex(part->parser) > LIMIT_BOOK_TAG)
		return tell(part, diags, "damaged (a tag of more than a megabyte)");
	part->ended = n == 0;
	return part->ended ? STATUS_NO : STATUS_OK;
}

Status package_read(Package *package, Diags *diags, Str path, Str what, const PackageSink *sink,
	void *user, PackagePart **at, int64_t most)
{
	Status status = package_part(package, diags, path, what, sink, user, at);
	if (status == STATUS_OK)
		(*at)->most = most;
	while (status == STATUS_OK)
		status = package_more(*at, diags);
	package_part_close(*at);
	*at = NULL;
	return status == STATUS_NO ? STATUS_OK : status;
}

void package_part_close(PackagePart *part)
{
	if (part == NULL)
		return;
	if (part->file != NULL)
		zip_fclose(part->file);
	if (part->parser != NULL)
		XML_ParserFree(part->parser);
	buf_free(&part->wrong);
	free(part);
}
