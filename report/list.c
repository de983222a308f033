/*
 * Findings as lines of text. Columns are as wide as their widest cell, so the findings are read
 * twice; columns that hold nothing are left out.
 *
 *   finding     rule  verdict  date        about       at stake  what was found
 *   9Q2KX7M1ZD  V1    failed   2025-09-01  visit VS1      £5.65  Declared 30 minutes; the care log
 *                                                                supports 15 minutes
 *   1 finding: 1 failed, 0 not assessed, 0 conflicts
 *
 * The second reading comes from SQLite's page cache; holding the texts instead would take memory
 * without bound.
 */
#include "report/list.h"

#include <string.h>

#include "report/layout.h"

#define GAP 2
#define MESSAGE_LEAST 36 /* with fewer columns left the message stands on lines of its own */

/* The order of the enum is the order on the line; column_title stands in step with it. */
typedef enum ListColumn { COLUMN_ID, COLUMN_CONTRACT, COLUMN_RULE, COLUMN_VERDICT, COLUMN_ON,
	COLUMN_PROVIDER, COLUMN_SUBJECT, COLUMN_STAKE, LIST_COLUMNS } ListColumn;

static const char *const column_title[LIST_COLUMNS] = {"finding", "contract", "rule", "verdict",
	"date", "provider", "about", "at stake"};

/* The cells are buffers that are filled again for each finding: no allocation a row. */
typedef struct TextList {
	CaseReader *reader;
	const ListOptions *options;
	Buf cell[LIST_COLUMNS];
	int width[LIST_COLUMNS];
	bool used[LIST_COLUMNS];
	Buf line;
	int64_t failed, not_assessed, conflict;
} TextList;

/* The case file has identifiers, people get words. */
Str list_verdict(Str verdict)
{
	if (str_eq(verdict, STR("fail")))
		return STR("failed");
	if (str_eq(verdict, STR("not_assessed")))
		return STR("not assessed");
	return verdict;
}

/* Asked once a row, by all three formats: an interrupt, or a stream that takes no more. */
Status list_go_on(const ListOptions *options)
{
	if (options->stop != NULL && *options->stop != 0)
		return STATUS_INTERRUPTED;
	return ferror(options->out) ? STATUS_WORLD : STATUS_OK;
}

/* Cells of one finding, as they are printed. */
static void fill_cells(TextList *list, const ReadFinding *finding)
{
	for (int c = 0; c < LIST_COLUMNS; c++)
		buf_clear(&list->cell[c]);
	layout_clean(&list->cell[COLUMN_ID], casereader_short_id(list->reader, finding->id));
	layout_clean(&list->cell[COLUMN_CONTRACT], finding->contract);
	layout_clean(&list->cell[COLUMN_RULE], finding->rule);
	layout_clean(&list->cell[COLUMN_VERDICT], list_verdict(finding->verdict));
	layout_clean(&list->cell[COLUMN_ON], finding->on);
	layout_clean(&list->cell[COLUMN_PROVIDER], finding->provider);
	layout_subject(&list->cell[COLUMN_SUBJECT], finding->dataset, finding->key);
	if (finding->has_stake) {
		layout_pence(&list->cell[COLUMN_STAKE], finding->pence);
	} else if (finding->has_least && finding->has_most) {
		layout_pence(&list->cell[COLUMN_STAKE], finding->least_pence);
		buf_puts(&list->cell[COLUMN_STAKE], " to ");
		layout_pence(&list->cell[COLUMN_STAKE], finding->most_pence);
	}
}

/* A column is used when one finding has something in it; no provider anywhere, no column. */
static void measure(TextList *list)
{
	for (int c = 0; c < LIST_COLUMNS; c++) {
		int width = (int)utf8_width(buf_view(&list->cell[c]));
		list->used[c] = list->used[c] || width > 0;
		if (width > list->width[c])
			list->width[c] = width;
	}
}

/* The widths are those of all findings, so they are read twice. */
static Status measure_all(TextList *list, Str run_id, const FindingList *rows)
{
	ReadRuns contracts;
	ReadFinding finding;
	Status status = casereader_contracts(list->reader, run_id, &contracts);
	for (int c = 0; c < LIST_COLUMNS; c++)
		list->width[c] = (int)utf8_width(str_of(column_title[c]));
	for (size_t i = 0; i < rows->n && status == STATUS_OK; i++) {
		status = list_go_on(list->options);
		if (status == STATUS_OK)
			status = casereader_finding(list->reader, rows->at[i], &finding);
		if (status != STATUS_OK)
			return status;
		fill_cells(list, &finding);
		measure(list);
	}
	list->used[COLUMN_CONTRACT] = contracts.n > 1;
	return status;
}

/* Columns up to where the message begins. */
static int message_column(const TextList *list)
{
	int at = 0;
	for (int c = 0; c < LIST_COLUMNS; c++)
		at += list->used[c] ? list->width[c] + GAP : 0;
	return at;
}

/* Sums stand to the right so that their pence line up. */
static void put_columns(TextList *list, bool titles)
{
	buf_clear(&list->line);
	for (int c = 0; c < LIST_COLUMNS; c++) {
		if (!list->used[c])
			continue;
		Str text = titles ? str_of(column_title[c]) : buf_view(&list->cell[c]);
		layout_pad(&list->line, text, list->width[c], c == COLUMN_STAKE);
		buf_pad(&list->line, ' ', GAP);
	}
}

/*
 *   ...  £5.65  Declared 30 minutes; the care log          ... £5.65
 *               supports 15 minutes                            Declared 30 minutes; the care log …
 *   (room for the message)                                 (none)
 */
static void put_message(TextList *list, Str message)
{
	int at = message_column(list), width = list->options->width;
	Buf *line = &list->line;
	if (width == 0) {
		buf_str(line, message);
		buf_char(line, '\n');
		return;
	}
	if (width - at < MESSAGE_LEAST) {
		buf_char(line, '\n');
		if (message.len > 0)
			layout_wrap(line, message, 4, width);
		return;
	}
	buf_str(line, layout_line(&message, width - at));
	buf_char(line, '\n');
	if (message.len > 0)
		layout_wrap(line, message, at, width);
}

/* Writes the line, or lines, without the blanks at their ends. */
static void write_line(TextList *list)
{
	FILE *out = list->options->out;
	Str rest = buf_view(&list->line);
	while (rest.len > 0) {
		const char *end = memchr(rest.ptr, '\n', rest.len);
		size_t n = (size_t)(end - rest.ptr), kept = n;
		while (kept > 0 && rest.ptr[kept - 1] == ' ')
			kept--;
		fwrite(rest.ptr, 1, kept, out);
		fputc('\n', out);
		rest = (Str){rest.ptr + n + 1, rest.len - n - 1};
	}
}

/* Passed rows are no findings, so there are three kinds. */
static void count_verdict(TextList *list, Str verdict)
{
	if (str_eq(verdict, STR("fail")))
		list->failed++;
	else if (str_eq(verdict, STR("conflict")))
		list->conflict++;
	else
		list->not_assessed++;
}

/* What could not be assessed may have no message: then what is missing stands in its place. Cells
 * come out of the same function as in the first reading, so they fit the widths. */
static Status write_rows(TextList *list, const FindingList *rows)
{
	Buf message = {0};
	ReadFinding finding;
	Status status = STATUS_OK;
	for (size_t i = 0; i < rows->n && status == STATUS_OK; i++) {
		status = list_go_on(list->options);
		if (status == STATUS_OK)
			status = casereader_finding(list->reader, rows->at[i], &finding);
		if (status != STATUS_OK)
			break;
		fill_cells(list, &finding);
		put_columns(list, false);
		buf_clear(&message);
		layout_clean(&message, finding.message.len > 0 ? finding.message : finding.missing);
		put_message(list, buf_view(&message));
		write_line(list);
		count_verdict(list, finding.verdict);
	}
	buf_free(&message);
	return status;
}

/* The last line, which `tail` shows. All three verdicts are named, also those of which there are
 * none: whoever compares two runs compares these lines, and a word that comes and goes would be in
 * the way. */
static void write_end(TextList *list)
{
	Buf *line = &list->line;
	int64_t all = list->failed + list->not_assessed + list->conflict;
	buf_clear(line);
	layout_plural(line, all, "finding", "findings");
	if (all > 0) {
		buf_puts(line, ": ");
		layout_number(line, list->failed);
		buf_puts(line, " failed, ");
		layout_number(line, list->not_assessed);
		buf_puts(line, " not assessed, ");
		layout_plural(line, list->conflict, "conflict\n", "conflicts\n");
	} else {
		buf_char(line, '\n');
	}
	fwrite(line->at, 1, line->n, list->options->out);
}

/* Without findings there are no titles, only the last line, which says 0. */
Status list_text(CaseReader *reader, Str run_id, const FindingList *rows,
	const ListOptions *options)
{
	TextList list = {.reader = reader, .options = options};
	Status status = measure_all(&list, run_id, rows);
	if (status == STATUS_OK && rows->n > 0) {
		put_columns(&list, true);
		put_message(&list, STR("what was found"));
		write_line(&list);
		status = write_rows(&list, rows);
	}
	if (status == STATUS_OK)
		write_end(&list);
	for (int c = 0; c < LIST_COLUMNS; c++)
		buf_free(&list.cell[c]);
	buf_free(&list.line);
	return status == STATUS_OK ? list_go_on(options) : status;
}
