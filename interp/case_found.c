/*
 * Each of these rows is hashed as the part has it that its table is read back by (run_parts of
 * interp/case_part.c): there the columns are named that the cells stand for. A part's first column
 * is the finding's id, where its table has the number of the row.
 *
 *   part remedy    9Q2KX7M1ZD…  0  visit  VS1  claimed  30 minutes  15 minutes  0
 *   table remedy   17           0  visit  VS1  claimed  30 minutes  15 minutes  0
 *
 * Cells point to the finding's own texts. What is printed for them lives in the arena.
 */
#include "interp/case_found.h"

/* ---- cells ---- */

static CaseCell cell_exact(Ratio pounds, Arena *arena)
{
	Buf buf = {0};
	ratio_print_whole(&buf, pounds);
	return cell_text(buf_keep(&buf, arena));
}

/* Pence and the exact sum; what is not known stays NULL, never 0 (law 4). */
static void put_sum(CaseCell *cell, bool has, Ratio pounds, Arena *arena)
{
	if (!has)
		return;
	cell[0] = cell_int(stake_pence(pounds));
	cell[1] = cell_exact(pounds, arena);
}

/* As long as the case file keeps it; reports show less of it. */
static Str id_text(const Finding *finding, Arena *arena)
{
	Buf buf = {0};
	finding_id_print(&buf, finding->id, 25);
	return buf_keep(&buf, arena);
}

/* ---- rows ---- */

/* Of a finding without bounds these columns are NULL, as a row that is not there is read. */
static void put_bounds(CaseCell *cell, const Bounds *bounds, Arena *arena)
{
	if (bounds == NULL)
		return;
	put_sum(&cell[FOUND_LEAST_PENCE], bounds->has_least, bounds->least, arena);
	put_sum(&cell[FOUND_MOST_PENCE], bounds->has_most, bounds->most, arena);
	cell[FOUND_CERTAIN] = cell_int(bounds->certain);
	cell[FOUND_LEAST_AT] = cell_some(bounds->least_at);
	cell[FOUND_MOST_AT] = cell_some(bounds->most_at);
}

/* In the order of the columns. Where nothing is said they stay NULL: cells of zeros are that. */
static CaseCell *finding_cells(const Rulebook *book, const Finding *finding, Str members,
	Arena *arena)
{
	const Rule *rule = &book->rule[finding->rule];
	CaseCell *cell = ARENA_ARRAY(arena, CaseCell, FOUND_CELLS);
	cell[FOUND_ID] = cell_text(id_text(finding, arena));
	cell[FOUND_CONTRACT] = cell_text(book->contract.decl.name);
	cell[FOUND_RULE] = cell_text(rule->decl.name);
	cell[FOUND_VERSION] = cell_text(rule_version(book, rule));
	cell[FOUND_DATASET] = cell_text(finding->dataset);
	cell[FOUND_SUBJECT] = cell_text(finding->key);
	cell[FOUND_VERDICT] = cell_text(str_of(verdict_word(finding->verdict)));
	cell[FOUND_PROVIDER] = cell_some(finding->provider);
	/* The day without end is no day either: a view must not compare it as a date. */
	cell[FOUND_ON] = cell_day(finding->on == LAST_DAY ? NO_DAY : finding->on, arena);
	cell[FOUND_MESSAGE] = cell_some(finding->message);
	put_sum(&cell[FOUND_PENCE], finding->has_stake && finding->stake_known, finding->stake, arena);
	put_bounds(cell, finding->bounds, arena);
	cell[FOUND_ASSUMED] = cell_some(finding->assumed);
	cell[FOUND_MISSING] = cell_some(finding->missing);
	cell[FOUND_CONTENT] = cell_bytes(finding->content, sizeof finding->content);
	cell[FOUND_EVIDENCE] = cell_text(finding->evidence);
	if (members.len > 0)
		cell[FOUND_MEMBERS] = cell_bytes(members.ptr, members.len);
	return cell;
}

/* Copied from a list of cells that is easier to read than eight assignments. */
static void put_remedies(const Finding *finding, CaseCell id, Arena *arena, Buf *scratch,
	CaseFound *out)
{
	const Remedies *all = finding->remedies;
	out->nremedies = all == NULL ? 0 : all->n;
	out->remedy = ARENA_ARRAY(arena, CaseRow, (size_t)out->nremedies + 1);
	for (int32_t i = 0; i < out->nremedies; i++) {
		/* `ord` keeps them in the order in which they were found. */
		const Remedy *one = &all->at[i];
		const CaseCell cell[REMEDY_CELLS] = {id, cell_int(i), cell_text(one->dataset),
			cell_text(one->key), cell_text(one->field), cell_text(one->was),
			cell_text(one->value), cell_int(one->more)};
		out->remedy[i].cell = arena_copy(arena, cell, sizeof cell);
		case_row_seal(&out->remedy[i], REMEDY_CELLS, arena, scratch);
	}
}

/* Facts that bounds were looked for without: they stand in the order in which they were met. */
static void put_asked(const Finding *finding, CaseCell id, Arena *arena, Buf *scratch,
	CaseFound *out)
{
	out->nasked = finding->bounds == NULL ? 0 : finding->bounds->nasked;
	out->asked = ARENA_ARRAY(arena, CaseRow, (size_t)out->nasked + 1);
	for (int32_t i = 0; i < out->nasked; i++) {
		const AskedFact *fact = &finding->bounds->asked[i];
		const CaseCell cell[ASKED_CELLS] = {id, cell_some(fact->dataset), cell_some(fact->key),
			cell_some(fact->field)};
		out->asked[i].cell = arena_copy(arena, cell, sizeof cell);
		case_row_seal(&out->asked[i], ASKED_CELLS, arena, scratch);
	}
}

/* Also a column of the finding itself, so that a report of what changed names it there. */
static void put_money(CaseCell id, Str members, Arena *arena, Buf *scratch, CaseFound *out)
{
	out->nmoney = members.len > 0;
	if (out->nmoney == 0)
		return;
	const CaseCell cell[MONEY_CELLS] = {id, cell_bytes(members.ptr, members.len)};
	out->money = ARENA_NEW(arena, CaseRow);
	out->money->cell = arena_copy(arena, cell, sizeof cell);
	case_row_seal(out->money, MONEY_CELLS, arena, scratch);
}

void case_found(const Rulebook *book, const Finding *finding, Str members, Arena *arena,
	Buf *scratch, CaseFound *out)
{
	*out = (CaseFound){.finding.cell = finding_cells(book, finding, members, arena)};
	CaseCell id = out->finding.cell[FOUND_ID];
	case_row_seal(&out->finding, FOUND_CELLS, arena, scratch);
	put_remedies(finding, id, arena, scratch, out);
	put_asked(finding, id, arena, scratch, out);
	put_money(id, members, arena, scratch, out);
}
