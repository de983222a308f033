/*
 * vouch import: providers' files into the database that an audit reads, and what was refused of
 * them out of it again.
 *
 *   vouch import DATA.db -c CONTRACT FILE…           ──> rows, control totals
 *   vouch import --rejected DATA.db -o OUT.csv       <── rows as they came, with a reason
 *
 * All files go in with one transaction, so what is printed of one holds for all: either each
 * has its rows in the database or none has. For each file and each field with a unit
 *
 *   read = imported + rejected
 *
 * which the page shows, so that the provider's own totals can be held against the first of
 * them.
 *
 * Exit status: 0 imported, also where rows were rejected; 2 a layout that does not fit, a file
 * that was imported before; 3 a file that cannot be read or written; 64 misused; 130
 * interrupted.
 */
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/exact.h"
#include "cli/commands.h"
#include "interp/import.h"
#include "report/csv.h"
#include "report/layout.h"

static const OptionSpec option[] = {
	{"contract", 'c', "CONTRACT", false, "whose datasets and layouts hold; or a file of layouts, as"
		" lib/layouts"},
	{"layout", 0, "NAME", false, "the layout of the files; otherwise the one that fits"},
	{"dataset", 0, "NAME", false, "no layout: columns are called as the fields of this dataset"},
	{"sheet", 0, "NAME", false, "of a workbook: the sheet; otherwise the one that fits"},
	{"rejected", 0, NULL, false, "write rows that were refused, as they came, with the reason"},
	{"file", 0, "FILE", false, "with --rejected: of this file alone"},
	{"output", 'o', "OUT.csv", false, "with --rejected: where to write"},
	{NULL, 0, NULL, false, NULL},
};

static const Span nowhere = {-1, 0, 0};

/* ---- what was imported ---- */

/* Exact, in the unit of the field: "imported 1,204 hours 30 minutes". */
static void put_amount(Buf *buf, const char *word, Type type, Ratio amount)
{
	buf_printf(buf, "%s ", word);
	quantity_print(buf, type, amount);
}

/* "  declared: read 40 hours, imported 39 hours, rejected 1 hour; 2 cells could not be read". Cells
 * that could not be read are in none of the three, so they are said beside them. */
static void put_total(Buf *buf, const ImportTotal *total)
{
	Type type = total->field->type;
	buf_printf(buf, "  %.*s: ", STR_ARG(total->field->name));
	put_amount(buf, "read", type, total->read);
	put_amount(buf, ", imported", type, total->imported);
	put_amount(buf, ", rejected", type, total->rejected);
	if (total->unread > 0)
		buf_printf(buf, "; %lld cell%s could not be read", (long long)total->unread,
			total->unread == 1 ? "" : "s");
	buf_char(buf, '\n');
}

/* A line of names with commas between; none gives no line. */
static void put_names(Buf *buf, const char *what, const Str *name, int32_t n)
{
	for (int32_t i = 0; i < n; i++)
		buf_printf(buf, "%s%.*s", i == 0 ? what : ", ", STR_ARG(name[i]));
	if (n > 0)
		buf_char(buf, '\n');
}

#define VALUE_TOLD 40 /* of a cell */

/* "  2 rows: Date: there is no such day (first on line 4: 31/09/2025)" */
static void put_reason(Buf *buf, const ImportReason *reason)
{
	Arena arena = {0};
	Str value = layout_cleaned(&arena, reason->value);
	buf_puts(buf, "  ");
	layout_plural(buf, reason->rows, "row", "rows");
	buf_printf(buf, ": %.*s%s%.*s (%sline %lld", STR_ARG(reason->column),
		reason->column.len > 0 ? ": " : "", STR_ARG(reason->reason),
		reason->rows == 1 ? "" : "first on ", (long long)reason->line);
	buf_puts(buf, value.len > 0 ? ": " : "");
	layout_cut(buf, value, VALUE_TOLD);
	buf_puts(buf, ")\n");
	arena_free(&arena);
}

/* The commonest first, and no more than were kept; each row with its own is in --rejected. */
static void put_reasons(Buf *buf, const ImportResult *result)
{
	int64_t told = result->nreasons < IMPORT_REASONS ? result->nreasons : IMPORT_REASONS;
	for (int64_t i = 0; i < told; i++)
		put_reason(buf, &result->reason[i]);
	if (result->nreasons > told)
		buf_printf(buf, "  and %lld reasons more\n", (long long)(result->nreasons - told));
}

/*
 *   visits.csv: 1,204 rows read, 1,198 imported into visit, 6 rejected
 *     layout ccsh/visits, CSV, UTF-8, header on line 1
 *     declared: read …
 *     2 rows: Date: there is no such day (first on line 4: 31/09/2025)
 *
 * How the file was understood (encoding, sheet, line of the header, dates from 1904) is always
 * said: a wrong guess shows here and nowhere else until an audit. Hidden rows are imported all
 * the same.
 */
static void put_result(Buf *buf, const ImportResult *result)
{
	buf_printf(buf, "%s: ", result->file);
	layout_plural(buf, result->read, "row", "rows");
	buf_puts(buf, " read, ");
	layout_number(buf, result->imported);
	buf_printf(buf, " imported into %.*s, ", STR_ARG(result->dataset->table));
	layout_number(buf, result->rejected);
	buf_puts(buf, " rejected\n");
	if (result->layout.len > 0)
		buf_printf(buf, "  layout %.*s", STR_ARG(result->layout));
	else
		buf_printf(buf, "  dataset %.*s", STR_ARG(result->dataset->decl.name));
	buf_printf(buf, ", %s", result->format);
	if (result->encoding != NULL)
		buf_printf(buf, ", %s", result->encoding);
	if (result->sheet.len > 0)
		buf_printf(buf, ", sheet %.*s", STR_ARG(result->sheet));
	if (result->reference.len > 0)
		buf_printf(buf, ", reference %.*s", STR_ARG(result->reference));
	buf_printf(buf, ", header on line %lld\n", (long long)result->header_line);
	if (result->created)
		buf_printf(buf, "  table %.*s was made\n", STR_ARG(result->dataset->table));
	if (result->date1904)
		buf_puts(buf, "  dates of this workbook count from 1904\n");
	if (result->empty > 0) {
		buf_puts(buf, "  ");
		layout_plural(buf, result->empty, "empty row", "empty rows");
		buf_puts(buf, " passed over\n");
	}
	if (result->hidden > 0) {
		buf_puts(buf, "  ");
		layout_plural(buf, result->hidden, "row is", "rows are");
		buf_puts(buf, " hidden in the workbook\n");
	}
	put_names(buf, "  columns that are not in the layout: ", result->unknown, result->nunknown);
	put_names(buf, "  columns that may be missing, and are: ", result->absent, result->nabsent);
	for (int32_t i = 0; i < result->ntotals; i++)
		put_total(buf, &result->total[i]);
	put_reasons(buf, result);
}

/* Each file goes back to the provider that sent it: the command that writes its rejected rows. */
static void put_way_back(Buf *buf, const char *path, const ImportResult *result)
{
	const char *slash = strrchr(result->file, '/');
	const char *base = slash != NULL ? slash + 1 : result->file;
	if (result->rejected > 0)
		buf_printf(buf, "for the provider: vouch import --rejected %s --file %s -o rejected-%.*s.csv\n",
			path, base, (int)strcspn(base, "."), base);
}

/* What came of the files first, what to do with them last. */
static void print_results(const ImportOptions *run, const ImportResult *result)
{
	Buf buf = {0};
	for (int i = 0; i < run->nfiles; i++)
		put_result(&buf, &result[i]);
	for (int i = 0; i < run->nfiles; i++)
		put_way_back(&buf, run->path, &result[i]);
	fwrite(buf.at, 1, buf.n, stdout);
	buf_free(&buf);
}

/* ---- importing ---- */

/* One contract, because two could read a table of one name in two ways. Warnings about its
 * rules are for vouch check. */
static Status load_book(const Options *options, Compilation *compilation, const Rulebook **book)
{
	StrVec paths = {0};
	const char *word = options_value(options, "contract");
	Status status = contract_find(compilation, str_of(word), &paths);
	*book = NULL;
	if (status == STATUS_OK && paths.n != 1) {
		diag_add(&compilation->diags, DIAG_NO_SUCH_CONTRACT, nowhere,
			"%s stands for %zu contracts; one is needed", word, paths.n);
		status = STATUS_WRONG;
	}
	if (status == STATUS_OK)
		*book = rulebook_load(compilation, paths.at[0]);
	vec_free(&paths);
	if (*book != NULL)
		compilation->diags.list.n = compilation->diags.warnings = 0;
	return status == STATUS_OK && *book == NULL ? STATUS_WRONG : status;
}

/* The time goes into the database beside each file, in UTC; it is read once, so that all files of
 * one command have the same. */
static Status run_import(const Options *options, Compilation *compilation, const Rulebook *book)
{
	Progress progress;
	ImportResult *result;
	char when[32];
	time_t now = time(NULL);
	struct tm utc;
	strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
	ImportOptions run = {.path = options->operand[0], .book = book,
		.layout = options_value(options, "layout"), .dataset = options_value(options, "dataset"),
		.sheet = options_value(options, "sheet"),
		.file = (const char *const *)options->operand + 1, .nfiles = options->noperands - 1,
		.when = when, .progress = progress_show, .user = &progress, .stop = terminal_stop()};
	progress_begin(&progress);
	Status status = import_files(&run, &compilation->arena, &compilation->diags, &result);
	progress_end(&progress);
	if (status == STATUS_INTERRUPTED)
		fputs("vouch: interrupted; nothing was imported\n", stderr);
	if (status == STATUS_OK)
		print_results(&run, result);
	return status;
}

/* Options of the other half of the command are refused rather than passed over. */
static Status import_command(const Options *options)
{
	Compilation compilation;
	const Rulebook *book;
	if (options->noperands < 2)
		return options_misused(options->command, "a database and a file are needed");
	if (options_value(options, "contract") == NULL)
		return options_misused(options->command, "a contract is needed: -c hampshire/ccsh");
	if (options_value(options, "layout") != NULL && options_value(options, "dataset") != NULL)
		return options_misused(options->command, "--layout and --dataset exclude each other");
	if (options_value(options, "file") != NULL || options_value(options, "output") != NULL)
		return options_misused(options->command, "--file and -o go with --rejected");
	compile_begin(&compilation, NULL);
	Status status = load_book(options, &compilation, &book);
	if (status == STATUS_OK)
		status = run_import(options, &compilation, book);
	terminal_diags(&compilation.diags, stderr);
	compile_end(&compilation);
	return status;
}

/* ---- what was refused ---- */

/* The file of rejected rows: the columns of the provider's file, then line and reason. */
typedef struct Writing {
	const char *path;
	FILE *out;
	Arena arena;
	Str *header;
	int32_t n;
	int64_t rows;
	bool differs;
} Writing;

#define OWN_COLUMNS 2 /* behind those of the file */

/* A spreadsheet would not run a number, whatever sign it begins with. */
static bool is_number(Str text)
{
	Ratio ratio;
	return text.len > 0 && ratio_parse(text, &ratio);
}

/* Rows that are shorter than the header are filled up with empty cells and longer ones are kept
 * whole, with line and reason behind: what came is never cut. Cells that a spreadsheet would
 * run get an apostrophe, numbers do not. */
static void write_cells(Writing *writing, const Str *cell, int32_t n, Str line, Str reason)
{
	Arena arena = {0};
	int32_t all = (n > writing->n ? n : writing->n) + OWN_COLUMNS;
	Str *row = ARENA_ARRAY(&arena, Str, (size_t)all);
	bool *plain = ARENA_ARRAY(&arena, bool, (size_t)all);
	for (int32_t i = 0; i < n; i++)
		row[i] = cell[i];
	row[all - 2] = line;
	row[all - 1] = reason;
	for (int32_t i = 0; i < all; i++)
		plain[i] = is_number(row[i]);
	csv_row(writing->out, row, plain, all);
	arena_free(&arena);
}

/* All files in one have to have the same columns: under one header cells of another file would
 * stand in the wrong place. STATUS_USAGE stops the walk, and write_rejected says what to do. */
static Status on_header(void *user, Str file, const Str *cell, int32_t n)
{
	Writing *writing = user;
	(void)file;
	if (writing->header != NULL) {
		bool same = n == writing->n;
		for (int32_t i = 0; i < n && same; i++)
			same = str_eq(cell[i], writing->header[i]);
		writing->differs = !same;
		return same ? STATUS_OK : STATUS_USAGE;
	}
	writing->n = n;
	writing->header = ARENA_ARRAY(&writing->arena, Str, (size_t)n + 1);
	for (int32_t i = 0; i < n; i++)
		writing->header[i] = str_copy(&writing->arena, cell[i]);
	write_cells(writing, cell, n, STR("Vouch line"), STR("Vouch reason"));
	return STATUS_OK;
}

/* What column and value are meant stands in the reason: the provider sees it beside the row. */
static Status on_row(void *user, const RejectedRow *row)
{
	Writing *writing = user;
	Arena arena = {0};
	Str line = str_format(&arena, "%lld", (long long)row->line);
	Str reason = row->column.len == 0 ? row->reason
		: str_format(&arena, "%.*s: %.*s", STR_ARG(row->column), STR_ARG(row->reason));
	write_cells(writing, row->cell, row->n, line, reason);
	writing->rows++;
	arena_free(&arena);
	return STATUS_OK;
}

/* Files are known by their names without folders, as the database has them. */
static Status write_rejected(const Options *options, Writing *writing, Diags *diags)
{
	const char *file = options_value(options, "file");
	const char *base = file != NULL && strrchr(file, '/') != NULL ? strrchr(file, '/') + 1 : file;
	RejectedSink sink = {writing, on_header, on_row};
	Status status = import_rejected(options->operand[0], base, &sink, diags);
	if (status == STATUS_NO)
		diag_add(diags, DIAG_IMPORT_DATABASE, nowhere, file == NULL ? "%s: no file was imported into it"
			: "%s: no file %s was imported into it", options->operand[0], file);
	if (status == STATUS_USAGE && writing->differs)
		return options_misused(options->command,
			"rows of files with different columns were rejected: say which by --file");
	return status == STATUS_NO ? STATUS_WRONG : status;
}

/* A file that was not written whole is removed: half a list of what was refused would look like all
 * of it. | and not ||: the file is closed whatever its state. */
static Status rejected_command(const Options *options)
{
	Compilation compilation;
	Writing writing = {.path = options_value(options, "output")};
	if (options->noperands != 1)
		return options_misused(options->command, "one database is needed");
	if (writing.path == NULL)
		return options_misused(options->command, "a file to write is needed: -o rejected.csv");
	writing.out = fopen(writing.path, "w");
	if (writing.out == NULL)
		return terminal_failed("%s: %s", writing.path, strerror(errno));
	compile_begin(&compilation, NULL);
	Status status = write_rejected(options, &writing, &compilation.diags);
	if ((ferror(writing.out) | fclose(writing.out)) != 0 && status == STATUS_OK)
		status = terminal_failed("%s: cannot be written", writing.path);
	if (status == STATUS_OK)
		printf("%lld rejected row%s in %s\n", (long long)writing.rows, writing.rows == 1 ? "" : "s",
			writing.path);
	else
		unlink(writing.path);
	terminal_diags(&compilation.diags, stderr);
	compile_end(&compilation);
	arena_free(&writing.arena);
	return status;
}

/* Two commands under one name, since what goes in and what comes back belong together. */
static Status run_command(const Options *options)
{
	return options_value(options, "rejected") != NULL ? rejected_command(options)
		: import_command(options);
}

const Command command_import = {
	.name = "import",
	.operands = "DATA.db -c CONTRACT FILE…",
	.summary = "take providers' files into a database",
	.about = "Reads CSV files and workbooks (.xlsx) into the tables that the contract's datasets"
		" are read from, all in one go or not at all. A layout says which column is which and how dates and"
		" times are written. Rows that cannot be read are kept apart with their reason, and a file"
		" that was imported before is refused.\n"
		"Of each file the control totals are printed and kept: rows, minutes and pounds, read and"
		" imported and rejected.",
	.example = "  vouch import county.db -c hampshire/ccsh --dataset visit visits.csv",
	.option = option,
	.run = run_command,
};
