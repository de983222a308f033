/*
 * A workbook's archive, and its parts as events of XML.
 *
 *   file ──SHA-256──> libzip ──inflated 64 kB at a time──> expat ──> begin, end, text of a sink
 *
 * Names of elements come without their prefix, so that files with and without one, and of both
 * editions of the standard, read alike. A sink that finds something wrong calls package_wrong; the
 * reading then ends, and the message names the part and the row at which it was.
 *
 * Refused here: an archive that is cut off or damaged (its sums are checked), two parts of one
 * name, encrypted parts, a part that inflates beyond all measure (base/limits.h), XML with a document type, for entities
 * need one.
 */
#ifndef VOUCH_INTERP_SHEET_PACKAGE_H
#define VOUCH_INTERP_SHEET_PACKAGE_H

#include "interp/sheet.h"

typedef struct Package Package;
typedef struct PackagePart PackagePart;

typedef struct PackageSink {
	void (*begin)(void *user, Str name, const char *const *attribute); /* name, value … NULL */
	void (*end)(void *user, Str name);
	void (*text)(void *user, Str text); /* in pieces */
} PackageSink;

/* Sets the sheet's sha256 and bytes. On failure, too, *out is to be closed. */
Status package_open(Sheet *sheet, Diags *diags, Package **out);
void package_close(Package *package); /* NULL is fine */
bool package_has(const Package *package, Str path);
/* The first bytes of a part as they are, for a look at what it is; empty when it is not there. */
Str package_head(Package *package, Str path, char *room, size_t most);

/* `what` names the part in messages ("sheet Visits") and must outlast it. */
Status package_part(Package *package, Diags *diags, Str path, Str what, const PackageSink *sink,
	void *user, PackagePart **out);
/* Gives the sink one piece more. STATUS_NO: that was all, and all of it was sound. */
Status package_more(PackagePart *part, Diags *diags);
void package_part_close(PackagePart *part); /* NULL is fine */
/* A whole part, of at most `most` bytes. */
Status package_read(Package *package, Diags *diags, Str path, Str what, const PackageSink *sink,
	void *user, PackagePart **at, int64_t most);

/* For sinks: what is wrong. Only the first counts. */
void package_wrong(PackagePart *part, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
bool package_failed(const PackagePart *part);
void package_row(PackagePart *part, int64_t row); /* for messages */
int64_t package_done(const PackagePart *part);    /* of the file's bytes, for a progress bar */
/* Value of an attribute; ptr is NULL when it is not there. A name ":id" asks for any prefix. */
Str package_attribute(const char *const *attribute, const char *name);

#endif
