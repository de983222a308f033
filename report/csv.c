/*
 * Findings as CSV, through libcsv, which knows the quotes.
 *
 * One row a finding, every column always there, in the order of put_names: people write formulas
 * that count columns. Line ends are CR LF as RFC 4180 has them; sums are whole pence without a
 * sign of money, so that a spreadsheet can add them, with the exact fraction beside (law 3).
 *
 *   put          as it is: words of ours           put_figure   what must stay a number, if it is
 *   put_text     people's: formulas are guarded    put_pence    empty when it is not known
 *
 * The guard is an apostrophe in front, which spreadsheets take for "this is text".
 */
#include "report/csv.h"
#include "report/list.h"

#include <csv.h>
#include <string.h>

#include "report/case_history.h"
#include "report/layout.h"

/* Bytes of a blank that s begins with, as somebody may trim before he looks; 0: none. Blanks beyond
 * ASCII: no-break, en to hair, zero width, ideographic, and the mark that begins files. */
static size_t blank(Str s)
{
	static const char *const wide[] = {"\xC2\xA0", "\xE2\x80\x80", "\xE2\x80\x81", "\xE2\x80\x82",
		"\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86", "\xE2\x80\x87",
		"\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\x8B", "\xE2\x80\xAF",
		"\xE3\x80\x80", "\xEF\xBB\xBF"};
	if (s.len > 0 && s.ptr[0] == ' ')
		return 1;
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		if (str_starts(s, str_of(wide[i])))
			return strlen(wide[i]);
	return 0;
}

/*
 * A spreadsheet takes a cell that begins with one of these for a formula and runs it; so do some
 * with their full-width forms, and some after blanks, tabs and line ends were taken off.
 */
static bool formula(Str text)
{
	static const char *const start[] = {"=", "+", "-", "@", "\t", "\r", "\n", "\xEF\xBC\x9D",
		"\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};
	Str rest = text;
	for (size_t n; (n = blank(rest)) > 0;)
		rest = (Str){rest.ptr + n, rest.len - n};
	for (size_t i = 0; i < sizeof start / sizeof *start; i++)
		if (str_starts(rest, str_of(start[i])))
			return true;
	return false;
}

/* Takes digits off; false when there is none. */
static bool digits(Str *s)
{
	size_t n = 0;
	while (n < s->len && s->ptr[n] >= '0' && s->ptr[n] <= '9')
		n++;
	*s = (Str){s->ptr + n, s->len - n};
	return n > 0;
}

/* A number, n/d or a date: -5.65 must stay a number, but what only should be one is guarded like
 * any text, as a case file can have been written to. */
static bool is_figure(Str text)
{
	Str rest = text;
	if (str_starts(rest, STR("-")))
		rest = (Str){rest.ptr + 1, rest.len - 1};
	if (!digits(&rest))
		return false;
	if (rest.len == 6 && rest.ptr[0] == '-' && rest.ptr[3] == '-')
		return text.ptr[0] != '-' && is_figure((Str){rest.ptr + 1, 2}) && is_figure(
			(Str){rest.ptr + 4, 2});
	if (rest.len > 0 && (rest.ptr[0] == '.' || rest.ptr[0] == '/')) {
		rest = (Str){rest.ptr + 1, rest.len - 1};
		return digits(&rest) && rest.len == 0;
	}
	return rest.len == 0;
}

/* The row that is being written; `guarded` is scratch for the one cell that has to be changed. */
typedef struct CsvRow {
	FILE *out;
	int cells;
	Buf guarded;
} CsvRow;

/* csv_fwrite quotes every cell, so commas, quotes and line ends in messages are safe. */
static void put(CsvRow *row, Str text)
{
	if (row->cells++ > 0)
		fputc(',', row->out);
	csv_fwrite(row->out, text.ptr == NULL ? "" : text.ptr, text.len);
}

static void put_text(CsvRow *row, Str text)
{
	if (!formula(text)) {
		put(row, text);
		return;
	}
	buf_clear(&row->guarded);
	buf_char(&row->guarded, '\'');
	buf_str(&row->guarded, text);
	put(row, buf_view(&row->guarded));
}

static void put_figure(CsvRow *row, Str text)
{
	if (is_figure(text))
		put(row, text);
	else
		put_text(row, text);
}

/*
 * No sum is an empty cell, not 0: a total over the column must not count what is not known
 * (S71).
 */
static void put_pence(CsvRow *row, bool has, int64_t pence)
{
	buf_clear(&row->guarded);
	if (has)
		buf_printf(&row->guarded, "%lld", (long long)pence);
	put(row, buf_view(&row->guarded));
}

static void end_row(CsvRow *row)
{
	fputs("\r\n", row->out);
	row->cells = 0;
}

void csv_row(FILE *out, const Str *cell, const bool *plain, int n)
{
	CsvRow row = {.out = out};
	for (int i = 0; i < n; i++) {
		if (plain != NULL && plain[i])
			put_figure(&row, cell[i]);
		else
			put_text(&row, cell[i]);
	}
	end_row(&row);
	buf_free(&row.guarded);
}

/*
 * The same names as the columns of the case file, so that either can be read with the other's
 * help.
 */
static void put_names(CsvRow *row)
{
	static const char *const name[] = {"finding_id", "run_id", "contract", "rule", "rule_version",
		"title", "clause", "severity", "verdict", "dataset", "subject_key", "provider", "on_date",
		"message", "at_stake_pence", "at_stake_exact", "assumed", "missing",
		"at_least_pence", "at_least_exact", "at_most_pence", "at_most_exact", "certain", "stands",
		"raised_pence", "upheld_pence", "agreed_pence", "settled_pence", "outstanding_pence"};
	for (size_t i = 0; i < sizeof name / sizeof *name; i++)
		put(row, str_of(name[i]));
	end_row(row);
}

/* `stands` is not called status: a list of findings that is filled in and given to `vouch respond`
 * has a column of that name for what is said next. */
static void put_state(CsvRow *row, const EventState *state)
{
	const EventSum sum[] = {state->raised, state->upheld, state->agreed, state->settled};
	put(row, str_of(event_word[state->status]));
	for (int i = 0; i < 4; i++)
		put_pence(row, sum[i].known, sum[i].pence);
	put_pence(row, state->events > 0, event_owed(state) -
		(state->settled.known ? state->settled.pence : 0));
}

static void put_finding(CsvRow *row, const ReadFinding *finding, const EventState *state)
{
	const Str before[] = {finding->id, finding->run_id, finding->contract, finding->rule,
		finding->version, finding->title, finding->clause, finding->severity, finding->verdict,
		finding->dataset, finding->key, finding->provider};
	for (size_t i = 0; i < sizeof before / sizeof *before; i++)
		put_text(row, before[i]);
	put_figure(row, finding->on);
	put_text(row, finding->message);
	put_pence(row, finding->has_stake, finding->pence);
	put_figure(row, finding->exact);
	put_text(row, finding->assumed);
	put_text(row, finding->missing);
	put_pence(row, finding->has_least, finding->least_pence);
	put_figure(row, finding->least_exact);
	put_pence(row, finding->has_most, finding->most_pence);
	put_figure(row, finding->most_exact);
	put(row, finding->certain ? STR("1") : STR(""));
	put_state(row, state);
	end_row(row);
}

/* Looks for a stop and for a full disk at each row: a list may have a million of them. */
Status csv_findings(CaseReader *reader, Str run_id, const FindingList *list,
	const ListOptions *options)
{
	CsvRow row = {.out = options->out};
	ReadFinding finding;
	EventHistory history;
	CaseSaid said;
	Arena arena = {0};
	Status status = case_said_begin(&said, reader, run_id);
	put_names(&row);
	for (size_t i = 0; i < list->n && status == STATUS_OK; i++) {
		status = list_go_on(options);
		if (status == STATUS_OK)
			status = casereader_finding(reader, list->at[i], &finding);
		arena_reset(&arena);
		if (status == STATUS_OK)
			status = case_said(&said, finding.id, &arena, &history);
		if (status == STATUS_OK)
			put_finding(&row, &finding, &history.state);
	}
	case_said_end(&said);
	arena_free(&arena);
	buf_free(&row.guarded);
	return status == STATUS_OK ? list_go_on(options) : status;
}
