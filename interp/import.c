/*
 * One transaction over all files:
 *
 *   begin ─> file: which layout and sheet ─> header ─> rows ─> read back ─> recorded ─> … ─> commit
 *
 * Whatever goes wrong in between, the database is as it was.
 */
#include "interp/import.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/civil.h"
#include "interp/casefile.h"
#include "interp/import_private.h"

#define STOP_ROWS 64 /* between two looks at `stop` */
#define CACHE_KIB 65536
#define BUSY_MILLISECONDS 2000

static const Span nowhere = {-1, 0, 0};

/* ---- the database ---- */

Status import_wrong(Import *import, DiagCode code, const char *format, ...)
{
	Buf text = {0};
	va_list args;
	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	diag_add(import->diags, code, nowhere, "%s", text.at);
	buf_free(&text);
	return STATUS_WRONG;
}

Status import_sql_failed(Import *import)
{
	int rc = sqlite3_errcode(import->db) & 0xff;
	const char *path = import->options->path;
	if (rc == SQLITE_NOTADB) {
		diag_add(import->diags, DIAG_NOT_A_DATABASE, nowhere,
			"%s: not a SQLite database, or an encrypted one", path);
	} else if (rc == SQLITE_BUSY || rc == SQLITE_LOCKED) {
		diag_add(import->diags, DIAG_DATA_LOCKED, nowhere, "%s: another program is using it", path);
	} else {
		diag_add(import->diags, DIAG_IMPORT_DATABASE, nowhere, "%s: %s", path,
			sqlite3_errmsg(import->db));
	}
	return STATUS_WORLD;
}

Status import_exec(Import *import, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *sql = sqlite3_vmprintf(format, args);
	va_end(args);
	int rc = sql == NULL ? SQLITE_NOMEM : sqlite3_exec(import->db, sql, NULL, NULL, NULL);
	sqlite3_free(sql);
	return rc == SQLITE_OK ? STATUS_OK : import_sql_failed(import);
}

sqlite3_stmt *import_prepare(Import *import, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v2(import->db, sql, -1, &stmt, NULL) != SQLITE_OK)
		import_sql_failed(import);
	return stmt;
}

void import_bind(sqlite3_stmt *stmt, int i, Str s)
{
	sqlite3_bind_text(stmt, i, s.ptr == NULL ? "" : s.ptr, (int)s.len, SQLITE_TRANSIENT);
}

/* ---- rows ---- */

bool import_counts(const Field *field)
{
	Unit time = {{0}}, money = {{0}};
	time.of[DIM_TIME] = 1;
	money.of[DIM_MONEY] = 1;
	return field->type.kind == TYPE_QUANTITY && (unit_same(field->type.unit, time) ||
		unit_same(field->type.unit, money));
}

static bool is_empty(const SheetRow *row)
{
	for (int32_t i = 0; i < row->n; i++)
		if (str_trim(row->cell[i].text).len > 0)
			return false;
	return true;
}

/* Files that were put together have the header more than once. */
static bool is_header(const Columns *columns, const SheetRow *row)
{
	if (row->n != columns->nheader)
		return false;
	for (int32_t i = 0; i < row->n; i++) {
		Str text = str_trim(row->cell[i].text), name = columns->header[i];
		if (text.len != name.len || strncasecmp(text.ptr, name.ptr, name.len) != 0)
			return false;
	}
	return true;
}

/* A workbook leaves empty cells at the end of a row out; in a text file one that lacks cells has
 * lost something in the middle, as far as anyone can tell. */
static const char *ragged(Import *import, const Sheet *sheet, const SheetRow *row)
{
	int32_t want = import->columns.nheader;
	bool more = false, lines = false;
	for (int32_t i = 0; i < row->n; i++) {
		more |= i >= want && row->cell[i].text.len > 0;
		lines |= row->cell[i].text.len > 0 &&
			memchr(row->cell[i].text.ptr, '\n', row->cell[i].text.len) != NULL;
	}
	if (!more && (row->n >= want || sheet->encoding == NULL))
		return NULL;
	return str_format(&import->scratch, "the row has %d cells, the header %d%s", (int)row->n,
		(int)want, lines ? "; a quotation mark may be missing" : "").ptr;
}

/* The first thing that is wrong with a row; further ones are named in its reason. */
typedef struct Fault {
	Str column, value;
	Buf reason;
} Fault;

static void add_fault(Fault *fault, Str column, Str value, const char *why)
{
	if (fault->reason.n == 0) {
		fault->column = column;
		fault->value = value;
		buf_puts(&fault->reason, why);
	} else if (!str_eq(column, fault->column)) {
		buf_printf(&fault->reason, "; %.*s: %s", STR_ARG(column), why);
	}
}

static const SheetCell no_cell = {SHEET_EMPTY, {"", 0}};

static const SheetCell *cell_at(const SheetRow *row, int32_t at)
{
	return at >= 0 && at < row->n ? &row->cell[at] : &no_cell;
}

/* The text of the first of its cells that is not empty, for people. */
static void name_cell(Import *import, const Fill *fill, const SheetRow *row, Str *column,
	Str *value)
{
	const Columns *columns = &import->columns;
	int32_t at = fill->plan.n > 0 ? fill->at[0] : -1;
	*column = at >= 0 && at < columns->nheader ? columns->header[at] : fill->field->name;
	*value = at >= 0 && at < row->n ? import_shown(import, row, at) : STR("");
}

#define MOST_CELLS 16

static void read_fill(Import *import, const SheetRow *row, const Fill *fill, Stored *out,
	Fault *fault)
{
	const SheetCell *cell[MOST_CELLS];
	Str column, value;
	if (fill->plan.n == 0) {
		value_constant(&import->scratch, &fill->plan, fill->constant, out);
		return;
	}
	for (int32_t i = 0; i < fill->plan.n && i < MOST_CELLS; i++)
		cell[i] = cell_at(row, fill->at[i]);
	const char *why = value_read(&import->scratch, &fill->plan, cell, out);
	if (why == NULL)
		return;
	name_cell(import, fill, row, &column, &value);
	add_fault(fault, column, value, why);
	if (fill->total >= 0)
		import->result->total[fill->total].unread++;
	*out = (Stored){.kind = STORED_NULL, .amount = {0, 1}};
}

/* In the hour that autumn repeats an end may read earlier than its beginning, and be of the same
 * day: it is the second of the two, as the audit takes it. */
static bool second_time(const Stored *end, const Stored *begin)
{
	ClockFold fold = CLOCK_PLAIN;
	int32_t day = (int32_t)(end->moment / DAY_SECONDS);
	if (end->moment >= 0)
		moment_of(day, (int32_t)(end->moment % DAY_SECONDS), &fold);
	return fold == CLOCK_TWICE && end->moment < begin->moment &&
		end->moment + HOUR_SECONDS > begin->moment;
}

static void read_row(Import *import, const Sheet *sheet, const SheetRow *row, Stored *value,
	Fault *fault)
{
	const Columns *columns = &import->columns;
	const char *why = is_header(columns, row) ? "the header again" : ragged(import, sheet, row);
	if (why != NULL)
		add_fault(fault, STR(""), STR(""), why);
	for (int32_t i = 0; i < columns->nfills; i++) {
		value[i] = (Stored){.kind = STORED_NULL, .amount = {0, 1}};
		if (why == NULL)
			read_fill(import, row, &columns->fill[i], &value[i], fault);
	}
	for (int32_t i = 0; i < columns->nfills; i++) {
		int32_t after = columns->fill[i].after;
		if (after >= 0 && value[i].kind == STORED_TEXT && value[after].kind == STORED_TEXT &&
				value[i].moment <= value[after].moment && !second_time(&value[i], &value[after]))
			value_next_day(&import->scratch, &value[i]);
	}
}

static Status take_reference(Import *import, const SheetRow *row, Fault *fault)
{
	if (import->columns.nreferences == 0)
		return STATUS_OK;
	int32_t at = import->columns.reference[0];
	Str text = at < row->n ? str_trim(import_shown(import, row, at)) : STR("");
	if (text.len > 0)
		return record_reference(import, text);
	add_fault(fault, import->columns.header[at], text, "the reference of the file is missing");
	return STATUS_OK;
}

/* False when a sum does not fit any more. */
static bool add_totals(Import *import, const Stored *value, bool imported)
{
	ImportResult *result = import->result;
	bool good = true;
	for (int32_t i = 0; i < import->columns.nfills; i++) {
		int32_t at = import->columns.fill[i].total;
		if (at < 0)
			continue;
		ImportTotal *total = &result->total[at];
		good &= ratio_add(total->read, value[i].amount, &total->read);
		Ratio *part = imported ? &total->imported : &total->rejected;
		good &= ratio_add(*part, value[i].amount, part);
	}
	return good;
}

static Status take_row(Import *import, const Sheet *sheet, const SheetRow *row, Stored *value)
{
	ImportResult *result = import->result;
	Fault fault = {0};
	const char *why = NULL;
	result->read++;
	result->hidden += row->hidden;
	read_row(import, sheet, row, value, &fault);
	Status status = fault.reason.n == 0 ? take_reference(import, row, &fault) : STATUS_OK;
	if (status == STATUS_OK && fault.reason.n == 0) {
		status = table_insert(import, value, &why);
		if (status == STATUS_NO) {
			Str column, cell;
			name_cell(import, &import->columns.fill[0], row, &column, &cell);
			for (int32_t i = 0; i < import->columns.nfills; i++)
				if (import->columns.fill[i].plan.is_key && value[i].kind == STORED_TEXT)
					cell = value[i].text;
			add_fault(&fault, column, cell, why);
			status = STATUS_OK;
		}
	}
	bool imported = status == STATUS_OK && fault.reason.n == 0;
	result->imported += imported;
	if (status == STATUS_OK && !imported)
		status = record_rejected(import, row, fault.column, fault.value, buf_view(&fault.reason));
	if (status == STATUS_OK && !add_totals(import, value, imported))
		status = import_wrong(import, DIAG_IMPORT_DATABASE, "%s: its sums are too large to be held",
			sheet->path);
	buf_free(&fault.reason);
	return status;
}

static Status take_rows(Import *import, Sheet *sheet)
{
	const ImportOptions *options = import->options;
	Stored *value = ARENA_ARRAY(import->arena, Stored, (size_t)import->columns.nfills + 1);
	SheetRow row;
	Status status = STATUS_OK;
	for (int64_t n = 0; status == STATUS_OK; n++) {
		arena_reset(&import->scratch);
		if (n % STOP_ROWS == 0 && options->stop != NULL && *options->stop != 0)
			return STATUS_INTERRUPTED;
		if (n % STOP_ROWS == 0 && options->progress != NULL)
			options->progress(options->user, import->bytes_before + sheet->done,
				import->bytes_all);
		status = sheet_next(sheet, &row, import->diags);
		if (status != STATUS_OK)
			break;
		if (is_empty(&row))
			import->result->empty++;
		else
			status = take_row(import, sheet, &row, value);
	}
	return status == STATUS_NO ? STATUS_OK : status;
}

/* ---- which layout, which sheet ---- */

typedef struct Fit {
	int32_t part, n;         /* the sheet that fits, and how many do */
	const FileLayout *layout;
	const Dataset *dataset;
	Buf told;                /* why others do not */
	Buf fitting;             /* those that do, for the message that there are several */
} Fit;

static Status try_fit(Import *import, Sheet *sheet, int32_t part, const FileLayout *layout,
	const Dataset *dataset, Fit *fit)
{
	Columns columns;
	Str why = {NULL, 0};
	Status status = sheet_select(sheet, part, import->diags);
	if (status == STATUS_OK)
		status = columns_find(import, sheet, layout, dataset, &columns, &why);
	if (status == STATUS_NO) {
		Str name = layout != NULL ? layout->decl.name : dataset->decl.name;
		buf_printf(&fit->told, "%s%.*s%s%.*s: %.*s", fit->told.n > 0 ? "; " : "", STR_ARG(name),
			sheet->nparts > 1 ? ", sheet " : "", STR_ARG(sheet->part[part].name), STR_ARG(why));
		return STATUS_OK;
	}
	if (status == STATUS_OK) {
		Str name = layout != NULL ? layout->decl.name : dataset->decl.name;
		buf_printf(&fit->fitting, "%s%.*s%s%.*s", fit->n > 0 ? "; " : "", STR_ARG(name),
			sheet->nparts > 1 ? ", sheet " : "", STR_ARG(sheet->part[part].name));
	}
	if (status == STATUS_OK && fit->n++ == 0) {
		fit->part = part;
		fit->layout = layout;
		fit->dataset = dataset;
	}
	return status;
}

/* What is hidden was not meant to be sent, perhaps: it has to be asked for by name. */
static bool is_wanted(const ImportOptions *options, const Sheet *sheet, int32_t part)
{
	return options->sheet == NULL ? !sheet->part[part].hidden
		: str_eq(str_of(options->sheet), sheet->part[part].name);
}

/* The one layout that was named, the dataset, or every layout that there is. */
static Status try_all(Import *import, Sheet *sheet, Fit *fit)
{
	const ImportOptions *options = import->options;
	const Rulebook *book = options->book;
	Status status = STATUS_OK;
	for (int32_t p = 0; p < sheet->nparts && status == STATUS_OK; p++) {
		if (!is_wanted(options, sheet, p))
			continue;
		for (int32_t i = 0; i < book->nlayouts && options->dataset == NULL &&
				status == STATUS_OK; i++) {
			const FileLayout *layout = &book->layout[i];
			if (options->layout == NULL || str_eq(str_of(options->layout), layout->decl.name))
				status = try_fit(import, sheet, p, layout, &book->dataset[layout->dataset], fit);
		}
		for (int32_t i = 0; i < book->ndatasets && options->dataset != NULL &&
				status == STATUS_OK; i++)
			if (book->dataset[i].origin == ORIGIN_TABLE &&
			    str_eq(str_of(options->dataset), book->dataset[i].decl.name))
				status = try_fit(import, sheet, p, NULL, &book->dataset[i], fit);
	}
	return status;
}

static Status no_such_sheet(Import *import, const Sheet *sheet)
{
	Buf names = {0};
	const char *wanted = import->options->sheet;
	for (int32_t i = 0; i < sheet->nparts; i++)
		buf_printf(&names, "%s%.*s%s", i > 0 ? ", " : "", STR_ARG(sheet->part[i].name),
			sheet->part[i].hidden ? " (hidden)" : "");
	Status status = sheet->part[0].name.len == 0
		? import_wrong(import, DIAG_IMPORT_COLUMNS, "%s: has no sheet %s, for it is no workbook",
			sheet->path, wanted)
		: import_wrong(import, DIAG_IMPORT_COLUMNS, "%s: has no sheet %s; it has %.300s",
			sheet->path, wanted, names.at);
	buf_free(&names);
	return status;
}

static Status choose(Import *import, Sheet *sheet, Fit *fit)
{
	bool found = false;
	for (int32_t p = 0; p < sheet->nparts; p++)
		found |= is_wanted(import->options, sheet, p);
	if (!found && import->options->sheet != NULL)
		return no_such_sheet(import, sheet);
	if (!found)
		return import_wrong(import, DIAG_IMPORT_COLUMNS, "%s: all of its sheets are hidden; name one"
			" by --sheet", sheet->path);
	Status status = try_all(import, sheet, fit);
	if (status != STATUS_OK || fit->n == 1)
		return status;
	if (fit->n > 1)
		return import_wrong(import, DIAG_IMPORT_COLUMNS, "%s: several %s fit (%.300s); say which by"
			" %s", sheet->path, sheet->nparts > 1 ? "sheets or layouts" : "layouts", fit->fitting.at,
			sheet->nparts > 1 ? "--sheet or --layout" : "--layout");
	if (fit->told.n == 0)
		return import_wrong(import, DIAG_IMPORT_COLUMNS, "%s: the contract has no layout; name a"
			" dataset, as in --dataset visit", sheet->path);
	return import_wrong(import, DIAG_IMPORT_COLUMNS, "%s: %.400s", sheet->path, fit->told.at);
}

/* ---- one file ---- */

static void begin_result(Import *import, const Sheet *sheet, const Fit *fit)
{
	ImportResult *result = import->result;
	Columns *columns = &import->columns;
	*result = (ImportResult){.file = sheet->path, .dataset = fit->dataset,
		.layout = fit->layout != NULL ? fit->layout->decl.name : STR(""),
		.sheet = str_copy(import->arena, sheet->part[fit->part].name),
		.format = sheet->format->name, .encoding = sheet->encoding, .date1904 = sheet->date1904,
		.header_line = columns->line, .unknown = columns->unknown, .nunknown = columns->nunknown,
		.absent = columns->absent, .nabsent = columns->nabsent};
	result->total = ARENA_ARRAY(import->arena, ImportTotal, (size_t)columns->nfills + 1);
	for (int32_t i = 0; i < columns->nfills; i++) {
		Fill *fill = &columns->fill[i];
		fill->plan.date1904 = sheet->date1904;
		if (!import_counts(fill->field))
			continue;
		fill->total = result->ntotals;
		result->total[result->ntotals++] = (ImportTotal){fill->field, {0, 1}, {0, 1}, {0, 1}, 0};
	}
	import->reference.n = 0;
	strmap_init(&import->references, import->arena);
}

static Status import_sheet(Import *import, Sheet *sheet, const Fit *fit)
{
	Str why;
	Status status = sheet_select(sheet, fit->part, import->diags);
	if (status == STATUS_OK)
		status = columns_find(import, sheet, fit->layout, fit->dataset, &import->columns, &why);
	if (status != STATUS_OK)
		return status;
	begin_result(import, sheet, fit);
	status = record_known(import, sheet);
	if (status == STATUS_OK)
		status = table_ready(import);
	if (status == STATUS_OK)
		status = record_begin(import, sheet);
	if (status == STATUS_OK)
		status = take_rows(import, sheet);
	if (status == STATUS_OK)
		status = table_agrees(import);
	if (status == STATUS_OK)
		status = record_end(import);
	sqlite3_finalize(import->rejected);
	import->rejected = NULL;
	table_done(import);
	return status;
}

static Status import_file(Import *import, const char *path)
{
	Sheet *sheet;
	Fit fit = {0};
	Status status = sheet_open(path, import->diags, &sheet);
	if (status != STATUS_OK)
		return status;
	import->result->file = path;
	status = choose(import, sheet, &fit);
	if (status == STATUS_OK)
		status = import_sheet(import, sheet, &fit);
	import->bytes_before += sheet->bytes;
	buf_free(&fit.told);
	buf_free(&fit.fitting);
	sheet_close(sheet);
	return status;
}

/* ---- all of them ---- */

/* As one thinks of it: NULL, or a name that the contract has. */
static Status check_names(Import *import)
{
	const ImportOptions *options = import->options;
	const Rulebook *book = options->book;
	Nearest nearest;
	const char *word = options->layout != NULL ? options->layout : options->dataset;
	if (word == NULL)
		return STATUS_OK;
	nearest_start(&nearest, str_of(word));
	for (int32_t i = 0; i < book->nlayouts && options->layout != NULL; i++) {
		if (str_eq(book->layout[i].decl.name, str_of(word)))
			return STATUS_OK;
		nearest_try(&nearest, book->layout[i].decl.name);
	}
	for (int32_t i = 0; i < book->ndatasets && options->layout == NULL; i++) {
		if (str_eq(book->dataset[i].decl.name, str_of(word)))
			return STATUS_OK;
		nearest_try(&nearest, book->dataset[i].decl.name);
	}
	Str best = nearest_best(&nearest);
	return import_wrong(import, DIAG_IMPORT_COLUMNS, "no %s is called %s%s%.*s%s",
		options->layout != NULL ? "layout" : "dataset", word, best.len > 0 ? "; did you mean " : "",
		STR_ARG(best), best.len > 0 ? "?" : "");
}

/* A case file is evidence: rows of providers have no business in it. */
static Status refuse_case(Import *import)
{
	sqlite3_stmt *stmt = import_prepare(import, "PRAGMA application_id");
	if (stmt == NULL)
		return STATUS_WORLD;
	bool is_case = sqlite3_step(stmt) == SQLITE_ROW &&
		sqlite3_column_int64(stmt, 0) == CASE_APPLICATION_ID;
	sqlite3_finalize(stmt);
	return !is_case ? STATUS_OK : import_wrong(import, DIAG_IMPORT_DATABASE,
		"%s is a case file; name the database that is audited", import->options->path);
}

static Status open_database(Import *import)
{
	int rc = sqlite3_open_v2(import->options->path, &import->db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
	if (rc != SQLITE_OK)
		return import_sql_failed(import);
	sqlite3_busy_timeout(import->db, BUSY_MILLISECONDS);
	Status status = import_exec(import, "PRAGMA cache_size = -%d; PRAGMA trusted_schema = off",
		CACHE_KIB);
	if (status == STATUS_OK)
		status = refuse_case(import);
	if (status == STATUS_OK)
		status = import_exec(import, "BEGIN IMMEDIATE");
	return status == STATUS_OK ? record_tables(import) : status;
}

static void count_bytes(Import *import)
{
	struct stat info;
	for (int i = 0; i < import->options->nfiles; i++)
		if (stat(import->options->file[i], &info) == 0)
			import->bytes_all += info.st_size;
}

/* A database that was made for this, and got nothing, goes again. */
static Status close_database(Import *import, Status status, bool existed)
{
	if (status == STATUS_OK)
		status = import_exec(import, "COMMIT");
	else if (import->db != NULL)
		sqlite3_exec(import->db, "ROLLBACK", NULL, NULL, NULL);
	sqlite3_close(import->db);
	if (status != STATUS_OK && !existed)
		unlink(import->options->path);
	return status;
}

Status import_files(const ImportOptions *options, Arena *arena, Diags *diags,
	ImportResult **result)
{
	Import import = {.options = options, .arena = arena, .diags = diags};
	ImportResult *results = ARENA_ARRAY(arena, ImportResult, (size_t)options->nfiles + 1);
	bool existed = access(options->path, F_OK) == 0;
	import.result = results;
	*result = results;
	Status status = check_names(&import);
	if (status != STATUS_OK)
		return status;
	count_bytes(&import);
	status = open_database(&import);
	for (int i = 0; i < options->nfiles && status == STATUS_OK; i++) {
		import.result = &results[i];
		status = import_file(&import, options->file[i]);
	}
	status = close_database(&import, status, existed);
	vec_free(&import.range);
	vec_free(&import.reference);
	arena_free(&import.scratch);
	return status;
}
