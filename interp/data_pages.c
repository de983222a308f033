/*
 * A table is a tree of pages. Interior ones have the numbers of their children, leaves have the
 * rows in order of their rowids; all leaves are equally deep, so that the tree is taken level by
 * level and not by recursion.
 *
 *   leaf     [0d | .. | cells: 2 | ..][offset of each cell: 2 ..] .. [cell] .. [cell][reserved]
 *   cell     [bytes of the record: varint][rowid: varint][record .. ][next page: 4, if it spills]
 *   record   [bytes of this header: varint][type of each value: varint ..][values ..]
 *
 * Numbers are big-endian. A varint has seven bits a byte, all but its last byte with the high bit
 * set; a ninth byte counts whole. Every buffer has SLACK bytes behind its last page, so that a
 * varint or a word may be read before it is known to end inside the page; what was read so is not
 * used.
 */
#include "interp/data_pages.h"

#include <stdlib.h>
#include <string.h>

#define SLACK 40                /* four words and a varint */
#define HEADER_BYTES 100        /* of the file */
#define INTERIOR 0x05
#define LEAF 0x0d
#define DEEPEST 20              /* levels; SQLite goes no deeper */
#define LEAST_USABLE 480
#define WINDOW_BYTES (64u << 10) /* read at once: 16 usual pages; larger ones leave the cache */
#define WIDEST_GAP 4            /* pages of an index in between that are read along and ignored */
#define MOST_HEADER 98307       /* bytes of a record's header: 32,767 columns, as in SQLite */

/* ---- bytes ---- */

static inline uint32_t be16(const unsigned char *at)
{
	return (uint32_t)at[0] << 8 | at[1];
}

static inline uint32_t be32(const unsigned char *at)
{
	return be16(at) << 16 | be16(at + 2);
}

static inline uint64_t be64(const unsigned char *at)
{
	uint64_t word;
	memcpy(&word, at, sizeof word);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word;
}

static const unsigned char *long_varint(const unsigned char *at, uint64_t *out)
{
	uint64_t n = 0;
	for (int i = 0; i < 8; i++) {
		n = n << 7 | (at[i] & 0x7f);
		if (at[i] < 0x80) {
			*out = n;
			return at + i + 1;
		}
	}
	*out = n << 8 | at[8];
	return at + 9;
}

/* Lengths take one or two bytes, rowids three or four. */
static inline const unsigned char *varint(const unsigned char *at, uint64_t *out)
{
	*out = at[0];
	if (at[0] < 0x80)
		return at + 1;
	if (at[1] < 0x80) {
		*out = (uint64_t)(at[0] & 0x7f) << 7 | at[1];
		return at + 2;
	}
	return long_varint(at, out);
}

/* ---- the file ---- */

/* Databases in memory have a handle without methods. */
static sqlite3_file *file_of(sqlite3 *db)
{
	sqlite3_file *file = NULL;
	int rc = sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
	return rc == SQLITE_OK && file != NULL && file->pMethods != NULL ? file : NULL;
}

/* SQLite fills up with zeros what it could not read. */
static int read_pages(sqlite3_file *file, const PageTable *table, uint32_t first, uint32_t n,
	unsigned char *into)
{
	sqlite3_int64 from = (sqlite3_int64)(first - 1) * table->page_bytes;
	int rc = file->pMethods->xRead(file, into, (int)(n * table->page_bytes), from);
	return rc == SQLITE_IOERR_SHORT_READ ? SQLITE_CORRUPT : rc;
}

/*
 * Text in UTF-8, not in WAL mode (1 at both places), and readable at all: an encrypted file has no
 * such header. A journal that was left behind is no matter here, since the transaction rolled it
 * back as it began, or could not begin.
 *
 *   at 16: bytes of a page (1: 65536) | 18, 19: versions | 20: reserved bytes of each page
 *   at 56: encoding
 */
static bool look_at_header(sqlite3_file *file, PageTable *out)
{
	unsigned char header[HEADER_BYTES];
	sqlite3_int64 size = 0;
	if (file->pMethods->xRead(file, header, HEADER_BYTES, 0) != SQLITE_OK ||
	    file->pMethods->xFileSize(file, &size) != SQLITE_OK ||
	    memcmp(header, "SQLite format 3", 16) != 0)
		return false;
	uint32_t bytes = be16(header + 16);
	out->page_bytes = bytes == 1 ? 65536 : bytes;
	if (out->page_bytes < 512 || (out->page_bytes & (out->page_bytes - 1)) != 0)
		return false;
	out->usable = out->page_bytes - header[20];
	out->most_local = out->usable - 35;
	sqlite3_int64 pages = size / out->page_bytes;
	out->pages = pages > UINT32_MAX ? UINT32_MAX : (uint32_t)pages;
	return out->usable >= LEAST_USABLE && header[18] == 1 && header[19] == 1 &&
		be32(header + 56) == 1;
}

/* ---- the table ---- */

/* With one text bound, at its first row; NULL: it has none, or there was an error. */
static sqlite3_stmt *first_row(sqlite3 *db, const char *sql, Str text)
{
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_bind_text(stmt, 1, text.ptr, (int)text.len, SQLITE_TRANSIENT) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		return stmt;
	sqlite3_finalize(stmt);
	return NULL;
}

static int64_t one_number(sqlite3 *db, const char *sql, Str text)
{
	sqlite3_stmt *stmt = first_row(db, sql, text);
	int64_t n = stmt != NULL ? sqlite3_column_int64(stmt, 0) : -1;
	sqlite3_finalize(stmt);
	return n;
}

static Str column_str(sqlite3_stmt *stmt, int i)
{
	const void *text = sqlite3_column_text(stmt, i);
	return (Str){text, text != NULL ? (size_t)sqlite3_column_bytes(stmt, i) : 0};
}

/* In whatever case; names of types are free text, and any part of them counts. */
static bool type_has(Str type, const char *part)
{
	size_t n = strlen(part);
	for (size_t i = 0; i + n <= type.len; i++)
		if (sqlite3_strnicmp(type.ptr + i, part, (int)n) == 0)
			return true;
	return false;
}

/* The documented rules on the name of the type, of which earlier ones win. */
static bool is_real(Str type)
{
	static const char *const other[] = {"INT", "CHAR", "CLOB", "TEXT", "BLOB"};
	for (size_t i = 0; i < sizeof other / sizeof *other; i++)
		if (type_has(type, other[i]))
			return false;
	return type_has(type, "REAL") || type_has(type, "FLOA") || type_has(type, "DOUB");
}

/* Names are the same whatever the case of their ASCII letters. */
static int32_t slot_of(Str name, const Str *column, size_t ncolumns)
{
	for (size_t i = 0; i < ncolumns; i++)
		if (name.len == column[i].len &&
		    sqlite3_strnicmp(name.ptr, column[i].ptr, (int)name.len) == 0)
			return (int32_t)i + 1;
	return -1;
}

/*
 * Columns as records have them. A primary key of one column without an index of its own is the
 * rowid under another name; that is how INTEGER PRIMARY KEY shows. False: generated columns, of
 * which some are not stored.
 */
static bool list_fields(sqlite3 *db, Str table, const Str *column, size_t ncolumns, Arena *arena,
	PageTable *out)
{
	bool alias = one_number(db, "select count(*) from pragma_table_info(?1) where pk > 0",
		table) == 1 && one_number(db, "select count(*) from pragma_index_list(?1) where "
		"origin = 'pk'", table) == 0;
	int64_t n = one_number(db, "select count(*) from pragma_table_xinfo(?1)", table);
	int64_t plain = one_number(db, "select count(*) from pragma_table_info(?1)", table);
	sqlite3_stmt *stmt = first_row(db, "select name, type, dflt_value is not null, pk "
		"from pragma_table_info(?1) order by cid", table);
	if (stmt == NULL || n != plain) {
		sqlite3_finalize(stmt);
		return false;
	}
	int rc = SQLITE_ROW;
	out->field = ARENA_ARRAY(arena, PageField, (size_t)n);
	for (int32_t i = 0; i < n && rc == SQLITE_ROW; i++, rc = sqlite3_step(stmt)) {
		int32_t slot = slot_of(column_str(stmt, 0), column, ncolumns);
		bool is_rowid = alias && sqlite3_column_int(stmt, 3) > 0;
		if (is_rowid)
			out->rowid_slot = slot;
		out->field[i] = (PageField){.slot = is_rowid ? -1 : slot,
			.real = is_real(column_str(stmt, 1)), .has_default = sqlite3_column_int(stmt, 2) != 0};
		out->nfields = slot >= 0 && !is_rowid ? i + 1 : out->nfields;
	}
	sqlite3_finalize(stmt);
	return rc == SQLITE_DONE;
}

/* ---- the tree ---- */

typedef VEC(uint32_t) PageList;

/* No page twice: a ring of pages would never end, and a page that two parents share would give its
 * rows twice. So there are never more children than the file has pages. */
static bool add_child(const PageTable *table, uint32_t child, unsigned char *seen, PageList *into)
{
	if (child < 2 || child > table->pages || (seen[child / 8] >> child % 8 & 1) != 0)
		return false;
	seen[child / 8] |= (unsigned char)(1 << child % 8);
	*vec_push(into) = child;
	return true;
}

/* Those of one interior page, in order; the last one stands in its head. */
static bool add_children(const PageTable *table, const unsigned char *page, unsigned char *seen,
	PageList *into)
{
	uint32_t n = be16(page + 3);
	if (page[0] != INTERIOR || 12 + 2 * n > table->usable)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t at = be16(page + 12 + 2 * i);
		if (at < 12 + 2 * n || at + 4 > table->usable ||
		    !add_child(table, be32(page + at), seen, into))
			return false;
	}
	return add_child(table, be32(page + 8), seen, into);
}

/* From the pages of one level to those of the next. */
static bool one_deeper(const PageTable *table, sqlite3_file *file, PageList *level,
	unsigned char *page, unsigned char *seen)
{
	PageList next = {0};
	bool good = true;
	for (size_t i = 0; i < level->n && good; i++)
		good = read_pages(file, table, level->at[i], 1, page) == SQLITE_OK &&
			add_children(table, page, seen, &next);
	vec_free(level);
	*level = next;
	return good;
}

/*
 * A root that is neither is that of a table WITHOUT ROWID. Of the leaves only the first is looked
 * at here: one page in a hundred is read before the scan begins, and threads can have equal shares
 * of the rest.
 */
static bool list_leaves(sqlite3_file *file, uint32_t root, PageTable *out)
{
	unsigned char *page = mem_alloc(out->page_bytes + SLACK);
	unsigned char *seen = mem_alloc((size_t)out->pages / 8 + 1);
	PageList level = {0};
	bool good = add_child(out, root, seen, &level), leaf = false;
	for (int depth = 0; depth < DEEPEST && good && !leaf; depth++) {
		good = read_pages(file, out, level.at[0], 1, page) == SQLITE_OK;
		leaf = page[0] == LEAF;
		if (good && !leaf)
			good = one_deeper(out, file, &level, page, seen);
	}
	out->leaf.at = level.at;
	out->leaf.n = level.n;
	out->leaf.cap = level.cap;
	free(seen);
	free(page);
	return good && leaf;
}

bool pages_open(sqlite3 *db, Str table, const Str *column, size_t ncolumns, Arena *arena,
	PageTable *out)
{
	*out = (PageTable){.rowid_slot = -1};
	sqlite3_file *file = file_of(db);
	if (file == NULL || !look_at_header(file, out))
		return false;
	int64_t root = one_number(db, "select rootpage from main.sqlite_schema where type = 'table' "
		"and name = ?1 collate nocase", table);
	return root >= 2 && root <= out->pages &&
		list_fields(db, table, column, ncolumns, arena, out) &&
		list_leaves(file, (uint32_t)root, out);
}

void pages_close(PageTable *table)
{
	vec_free(&table->leaf);
}

/* ---- shapes ---- */

/*
 * Most records of a table have one of a few headers: the types of the same columns. What a header
 * says is worked out once and kept with its first bytes; a record with these bytes is then read
 * without looking at its types. Measured: a third of the instructions.
 *
 *   header   0b 1d 1d 21 17 01 01 1f 00 09 07      step   slot 1: text of 8 from 11
 *            (its first `bytes`, masked)                  slot 2: text of 8 from 19 ..
 */
enum { STEP_BYTES, STEP_NUMBER, STEP_GIVEN, STEP_REAL };

/* Bytes behind the types of wanted columns differ from row to row: they are not looked at. */
static void shapes_look_at(PageShapes *shapes, uint32_t bytes)
{
	shapes->bytes = bytes;
	shapes->nwords = (int32_t)(bytes + 7) / 8;
	for (uint32_t i = 0; i < PAGE_HEAD_WORDS; i++)
		shapes->mask[i] = 8 * i + 8 <= bytes ? UINT64_MAX
			: 8 * i >= bytes ? 0 : (UINT64_C(1) << 8 * (bytes - 8 * i)) - 1;
	for (int i = 0; i < PAGE_SHAPES; i++)
		shapes->at[i].end = 0;
}

/* At first as if each type took one byte. NULL: such headers are too long. */
static PageShapes *shapes_new(const PageTable *table)
{
	if (table->nfields >= PAGE_HEAD_WORDS * 8)
		return NULL;
	PageShapes *shapes = mem_alloc(sizeof *shapes);
	for (int i = 0; i < PAGE_SHAPES; i++)
		shapes->at[i].step = mem_alloc(((size_t)table->nfields + 1) * sizeof(PageStep));
	shapes_look_at(shapes, 1 + (uint32_t)table->nfields);
	return shapes;
}

static void shapes_free(PageShapes *shapes)
{
	for (int i = 0; i < PAGE_SHAPES && shapes != NULL; i++)
		free(shapes->at[i].step);
	free(shapes);
}

/* ---- a scan ---- */

void pages_scan(const PageTable *table, sqlite3 *db, size_t from, size_t to, int64_t least,
	int64_t last, PageScan *out)
{
	uint32_t room = WINDOW_BYTES / table->page_bytes; /* no page is larger */
	*out = (PageScan){.table = table, .file = file_of(db), .leaf = table->leaf.at + from,
		.end = table->leaf.at + to, .room = room, .least = least, .last = last,
		.longest = (uint32_t)sqlite3_limit(db, SQLITE_LIMIT_LENGTH, -1)};
	out->link = mem_alloc(table->page_bytes);
	out->shapes = shapes_new(table);
	out->window = mem_resize(NULL, (size_t)room * table->page_bytes + SLACK);
	memset(out->window + (size_t)room * table->page_bytes, 0, SLACK);
}

void pages_scan_end(PageScan *scan)
{
	free(scan->window);
	free(scan->spill);
	free(scan->link);
	shapes_free(scan->shapes);
}

/* As many leaves as follow each other closely in the file: a table that is filled together with its
 * indexes has their pages among its own, and a page more costs less than a call more. */
static int fill_window(PageScan *scan)
{
	const uint32_t *leaf = scan->leaf;
	uint32_t first = *leaf;
	while (leaf + 1 < scan->end && leaf[1] > leaf[0] && leaf[1] - leaf[0] <= WIDEST_GAP &&
	       leaf[1] - first < scan->room)
		leaf++;
	scan->first = first;
	scan->held = *leaf - first + 1;
	return read_pages(scan->file, scan->table, first, scan->held, scan->window);
}

static int next_leaf(PageScan *scan)
{
	const PageTable *table = scan->table;
	if (scan->leaf == scan->end)
		return SQLITE_DONE;
	if (*scan->leaf - scan->first >= scan->held) {
		int rc = fill_window(scan);
		if (rc != SQLITE_OK)
			return rc;
	}
	scan->page = scan->window + (size_t)(*scan->leaf - scan->first) * table->page_bytes;
	scan->leaf++;
	scan->cell = 0;
	scan->ncells = be16(scan->page + 3);
	return scan->page[0] != LEAF || 8 + 2 * scan->ncells > table->usable ? SQLITE_CORRUPT
		: SQLITE_OK;
}

/* ---- records ---- */

/* Bytes of a value by its type, which is even for blobs and odd for texts from 12 on. */
static inline uint64_t value_bytes(uint64_t type)
{
	static const uint8_t number[12] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
	return type >= 12 ? (type - 12) / 2 : number[type];
}

/* Whole numbers have one to eight bytes: the word that begins with them, the rest shifted out. */
static inline void read_number(const PageField *field, uint64_t type, const unsigned char *at,
	Raw *raw)
{
	if (type == 7) {
		uint64_t bits = be64(at);
		memcpy(&raw->real, &bits, sizeof bits);
		raw->type = raw->real == raw->real ? SQLITE_FLOAT : SQLITE_NULL;
		return;
	}
	int64_t n = type >= 8 ? (int64_t)type - 8 : (int64_t)be64(at) >> (64 - 8 * value_bytes(type));
	raw->type = SQLITE_INTEGER;
	raw->integer = n;
	if (field->real) {
		raw->type = SQLITE_FLOAT;
		raw->real = (double)n;
	}
}

static inline void read_value(const PageField *field, uint64_t type, const unsigned char *at,
	Raw *raw)
{
	if (type >= 12) {
		raw->bytes = (const char *)at;
		raw->len = (uint32_t)value_bytes(type);
		raw->type = (type & 1) != 0 ? SQLITE_TEXT : SQLITE_BLOB;
	} else if (type == 0 || type >= 10) {
		raw->type = SQLITE_NULL;
	} else {
		read_number(field, type, at, raw);
	}
}

/* Columns that were added after the row was written. ALTER TABLE leaves rows as they are. */
static int read_absent(const PageField *field, const PageField *end, Raw *raw)
{
	for (; field < end; field++) {
		if (field->slot < 0)
			continue;
		if (field->has_default)
			return PAGES_SHORT;
		raw[field->slot].type = SQLITE_NULL;
	}
	return SQLITE_ROW;
}

/* A record of n bytes, of which those up to the last wanted value are at hand. */
static int read_record(const PageTable *table, const unsigned char *record, uint64_t n, Raw *raw)
{
	const PageField *field = table->field, *end = field + table->nfields;
	uint64_t at, type;
	const unsigned char *head = varint(record, &at);
	if (at > n)
		return SQLITE_CORRUPT;
	const unsigned char *head_end = record + at;
	for (; field < end && head < head_end; field++) {
		head = varint(head, &type);
		uint64_t bytes = value_bytes(type);
		if (bytes > n - at)
			return SQLITE_CORRUPT;
		if (field->slot >= 0)
			read_value(field, type, record + at, &raw[field->slot]);
		at += bytes;
	}
	return head > head_end ? SQLITE_CORRUPT : read_absent(field, end, raw);
}

/* ---- records of a known shape ---- */

static PageStep step_of(const PageField *field, uint64_t type, uint32_t at)
{
	PageStep step = {.slot = field->slot, .at = at, .kind = STEP_GIVEN, .type = SQLITE_NULL};
	if (type >= 12) {
		step.kind = STEP_BYTES;
		step.type = (type & 1) != 0 ? SQLITE_TEXT : SQLITE_BLOB;
		step.len = (uint32_t)value_bytes(type);
	} else if (type == 7) {
		step.kind = STEP_REAL;
	} else if (type >= 8 && type < 10) {
		step.type = SQLITE_INTEGER;
		step.at = (uint32_t)type - 8;
	} else if (type > 0 && type < 7) {
		step.kind = STEP_NUMBER;
		step.type = SQLITE_INTEGER;
		step.shift = (uint32_t)(64 - 8 * value_bytes(type));
	}
	return step;
}

/* By insertion: behind those of its kind, in front of those of later kinds. */
static void add_step(PageShape *shape, PageStep step)
{
	int32_t n = 0;
	for (int kind = 0; kind < PAGE_KINDS; kind++)
		n += shape->nsteps[kind];
	for (; n > 0 && shape->step[n - 1].kind > step.kind; n--)
		shape->step[n] = shape->step[n - 1];
	shape->step[n] = step;
	shape->nsteps[step.kind]++;
}

/* Of a record that was read well, so its header is sound. False: it has fewer columns than are
 * wanted, or whole numbers where there should be REAL ones, which are seldom. */
static bool make_steps(const PageTable *table, const unsigned char *record, PageShape *out,
	uint32_t *bytes)
{
	uint64_t at, type;
	const unsigned char *head = varint(record, &at), *head_end = record + at;
	memset(out->nsteps, 0, sizeof out->nsteps);
	for (int32_t i = 0; i < table->nfields; i++) {
		if (head >= head_end)
			return false;
		head = varint(head, &type);
		if (table->field[i].real && type != 0 && type != 7)
			return false;
		if (table->field[i].slot >= 0)
			add_step(out, step_of(&table->field[i], type, (uint32_t)at));
		at += value_bytes(type);
	}
	*bytes = (uint32_t)(head - record);
	out->end = (uint32_t)at;
	return at <= UINT32_MAX;
}

/* Where the shape with this header is, or would be. */
static inline PageShape *shape_place(PageShapes *shapes, const unsigned char *record,
	uint64_t head[PAGE_HEAD_WORDS])
{
	uint64_t hash = 0;
	for (int32_t i = 0; i < shapes->nwords; i++) {
		memcpy(&head[i], record + 8 * i, sizeof head[i]);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
		head[i] = __builtin_bswap64(head[i]);
#endif
		head[i] &= shapes->mask[i];
		hash = (hash ^ head[i]) * 0x9e3779b97f4a7c15u;
	}
	return &shapes->at[(hash ^ hash >> 32) >> 26 & (PAGE_SHAPES - 1)];
}

/* The types of wanted columns may take more bytes than were looked at: from now on those are. A
 * table with ever new headers is not worth the trouble. */
static void learn_shape(const PageTable *table, PageShapes *shapes, const unsigned char *record)
{
	uint64_t head[PAGE_HEAD_WORDS];
	uint32_t bytes;
	if (shapes->made > PAGE_SHAPES + shapes->hits / 8)
		return;
	PageShape *shape = shape_place(shapes, record, head);
	shape->end = 0;
	shapes->made++;
	if (!make_steps(table, record, shape, &bytes)) {
		shape->end = 0;
		return;
	}
	if (bytes > shapes->bytes) {
		shapes_look_at(shapes, bytes);
		if (bytes > PAGE_HEAD_WORDS * 8)
			shapes->made = UINT64_MAX;
		return;
	}
	memcpy(shape->head, head, sizeof head);
}

/* One short loop for each kind of value: no step is asked what it is. */
static inline void take_steps(const PageShape *shape, const unsigned char *record, Raw *row)
{
	const PageStep *step = shape->step, *end = step + shape->nsteps[STEP_BYTES];
	for (; step < end; step++)
		row[step->slot] = (Raw){.bytes = (const char *)record + step->at, .len = step->len,
			.type = step->type};
	for (end += shape->nsteps[STEP_NUMBER]; step < end; step++)
		row[step->slot] = (Raw){.integer = (int64_t)be64(record + step->at) >> step->shift,
			.type = SQLITE_INTEGER};
	for (end += shape->nsteps[STEP_GIVEN]; step < end; step++)
		row[step->slot] = (Raw){.integer = step->at, .type = step->type};
	for (end += shape->nsteps[STEP_REAL]; step < end; step++) {
		uint64_t bits = be64(record + step->at);
		Raw *raw = &row[step->slot];
		memcpy(&raw->real, &bits, sizeof bits);
		raw->type = raw->real == raw->real ? SQLITE_FLOAT : SQLITE_NULL;
	}
}

/* False: a header of another shape, or a record that ends too early. The two are told apart by
 * reading it the long way. */
static inline bool read_known(PageShapes *shapes, const unsigned char *record, uint64_t n, Raw *raw)
{
	uint64_t head[PAGE_HEAD_WORDS], differ = 0;
	const PageShape *shape = shape_place(shapes, record, head);
	for (int32_t i = 0; i < shapes->nwords; i++)
		differ |= head[i] ^ shape->head[i];
	if (differ != 0 || shape->end == 0 || n < shape->end)
		return false;
	shapes->hits++;
	take_steps(shape, record, raw);
	return true;
}

/* A record of n bytes that is all on its page. */
static inline int read_local(const PageScan *scan, const unsigned char *record, uint64_t n,
	Raw *raw)
{
	if (scan->shapes != NULL && read_known(scan->shapes, record, n, raw))
		return SQLITE_ROW;
	int rc = read_record(scan->table, record, n, raw);
	if (rc == SQLITE_ROW && scan->shapes != NULL)
		learn_shape(scan->table, scan->shapes, record);
	return rc;
}

/* ---- records of several pages ---- */

/* The documented share of a record that stays on its page, so that the rest fills pages. */
static uint32_t local_bytes(const PageTable *table, uint64_t payload)
{
	uint32_t least = (table->usable - 12) * 32 / 255 - 23;
	uint32_t local = least + (uint32_t)((payload - least) % (table->usable - 4));
	return local <= table->most_local ? local : least;
}

/* Where the last wanted value of a record of n bytes ends, so that a picture behind it is never
 * read. The record's header is at hand. */
static int wanted_bytes(const PageScan *scan, const unsigned char *record, uint64_t n,
	uint64_t *out)
{
	const PageTable *table = scan->table;
	uint64_t at, type;
	const unsigned char *head = varint(record, &at), *head_end = record + at;
	*out = at;
	for (int32_t i = 0; i < table->nfields && head < head_end; i++) {
		head = varint(head, &type);
		at += value_bytes(type);
		if (at > n)
			return SQLITE_CORRUPT;
		if (table->field[i].slot >= 0 && value_bytes(type) > scan->longest)
			return SQLITE_TOOBIG;
		*out = table->field[i].slot >= 0 ? at : *out;
	}
	return SQLITE_OK;
}

static void append(PageScan *scan, const unsigned char *from, size_t n)
{
	if (scan->spilled + n > scan->spill_room) {
		scan->spill_room = (scan->spilled + n) * 2;
		scan->spill = mem_resize(scan->spill, scan->spill_room + SLACK);
		memset(scan->spill + scan->spill_room, 0, SLACK);
	}
	memcpy(scan->spill + scan->spilled, from, n);
	scan->spilled += n;
}

/* Follows the chain until n bytes are there; *next is the page after them. No chain can go on for
 * ever, since n is at most what the file has. */
static int gather(PageScan *scan, uint32_t *next, uint64_t n)
{
	const PageTable *table = scan->table;
	while (scan->spilled < n) {
		if (*next < 2 || *next > table->pages)
			return SQLITE_CORRUPT;
		int rc = read_pages(scan->file, table, *next, 1, scan->link);
		if (rc != SQLITE_OK)
			return rc;
		*next = be32(scan->link);
		append(scan, scan->link + 4, table->usable - 4);
	}
	return SQLITE_OK;
}

/*
 * The header first: it tells how much else is wanted. Often that is on the page itself. Else the
 * record is put together in scan->spill, no further than it is wanted.
 *
 *   page [.. | local bytes | next] -> [next | bytes ..] -> [next | bytes ..]
 */
static int read_spilled(PageScan *scan, const unsigned char *record, uint64_t n, Raw *raw)
{
	const PageTable *table = scan->table;
	uint32_t local = local_bytes(table, n);
	uint64_t header, wanted;
	if (local + 4 > (uint64_t)(scan->page + table->usable - record) ||
	    n > (uint64_t)table->pages * table->usable)
		return SQLITE_CORRUPT;
	varint(record, &header);
	if (header > MOST_HEADER || header > n)
		return SQLITE_CORRUPT;
	if (header <= local) {
		int rc = wanted_bytes(scan, record, n, &wanted);
		if (rc != SQLITE_OK || wanted <= local)
			return rc != SQLITE_OK ? rc : read_record(table, record, n, raw);
	}
	uint32_t next = be32(record + local);
	scan->is_spilled = true;
	scan->spilled = 0;
	append(scan, record, local);
	int rc = gather(scan, &next, header);
	if (rc == SQLITE_OK)
		rc = wanted_bytes(scan, scan->spill, n, &wanted);
	if (rc == SQLITE_OK)
		rc = gather(scan, &next, wanted);
	return rc == SQLITE_OK ? read_record(table, scan->spill, n, raw) : rc;
}

/* ---- rows ---- */

/* Rows that do not rise would be in partitions twice, and row numbers outside the table's range do
 * not fit where they are packed. */
static inline int take_rowid(PageScan *scan, int64_t rowid, Raw *raw)
{
	if (rowid < scan->least || rowid > scan->last)
		return SQLITE_CORRUPT;
	scan->least = rowid < INT64_MAX ? rowid + 1 : rowid;
	raw[0].type = SQLITE_INTEGER;
	raw[0].integer = rowid;
	if (scan->table->rowid_slot >= 0)
		raw[scan->table->rowid_slot] = raw[0];
	return SQLITE_OK;
}

/* The next of the page. The offset is checked first; lengths are read on trust, thanks to the
 * slack, and checked before anything behind them is. */
static inline int next_row(PageScan *scan, Raw *raw)
{
	const PageTable *table = scan->table;
	const unsigned char *page = scan->page;
	uint32_t offset = be16(page + 8 + 2 * scan->cell++);
	if (offset < 8 + 2 * scan->ncells || offset > table->usable - 4)
		return SQLITE_CORRUPT;
	uint64_t n, rowid;
	const unsigned char *record = varint(varint(page + offset, &n), &rowid);
	if (record > page + table->usable || take_rowid(scan, (int64_t)rowid, raw) != SQLITE_OK)
		return SQLITE_CORRUPT;
	if (n > table->most_local)
		return read_spilled(scan, record, n, raw);
	if (n > (uint64_t)(page + table->usable - record))
		return SQLITE_CORRUPT;
	return read_local(scan, record, n, raw);
}

/* A row that was put together in scan->spill is the last of its batch: the next one would go there
 * too. */
int pages_rows(PageScan *scan, Raw *raw, size_t width, int32_t most, int32_t *n)
{
	int rc = SQLITE_ROW;
	*n = 0;
	while (scan->cell == scan->ncells) {
		rc = next_leaf(scan);
		if (rc != SQLITE_OK)
			return rc;
	}
	scan->is_spilled = false;
	do {
		rc = next_row(scan, raw);
		*n += rc == SQLITE_ROW;
		raw += width;
	} while (rc == SQLITE_ROW && *n < most && scan->cell < scan->ncells && !scan->is_spilled);
	return rc;
}
