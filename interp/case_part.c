/*
 * Why each part is read by one of two ways:
 *
 *   step 1    rows have names of their own and are sorted by them: they may lie in any order in the
 *             table, and a row that was taken out is told by its name
 *   step 64   rows have no name that is theirs alone and there may be millions: an entry stands for
 *             64 of them in the table's order, and what it tells is where to look
 *
 * A table that were left out could be changed unseen. Those that are: finding_place, which follows
 * from the findings, and the events, which have a chain of their own.
 *
 * Names are read from the first columns of a row and joined by blanks, so they are what people know
 * a row by: "9Q2KX7M1ZD…", "town/care T1 2025.1".
 *
 *   an entry as bytes:  length of the name (1) | name | mark (8) | number of columns (1) | bytes
 */
#include "interp/case_part.h"

#include <assert.h>
#include <stdlib.h>

#include "interp/case_hash.h"
#include "interp/case_row.h"

/* Rows of an entry, where there may be so many that the list must not have one for each. */
#define STEP 64
#define PART_COLUMNS 64  /* more than any part has */

/* What hangs on a finding belongs to the run of the finding's rule. */
#define RUN_OF_RULE " JOIN rule_total t USING (rule_key) WHERE t.run_id = ?1"

/* Outside what is hashed: when a run was written. `sealed` names the first run that used a
 * version, and belongs to it. */
static const CasePart run_parts[] = {
	{"asked", "asked", "SELECT f.finding_id, a.dataset, a.source_key, a.field FROM asked a"
		" JOIN finding_row f ON f.rowid = a.row" RUN_OF_RULE " ORDER BY a.rowid", 3, STEP},
	{"assumption", "assumption", "SELECT assumed, findings FROM assumption WHERE run_id = ?1", 1, 1},
	{"bank_entry", "bank_entry", "SELECT contract, bank, keys, on_date, kind, amount, used, expired,"
		" shortfall, balance, source_key FROM bank_entry WHERE run_id = ?1 ORDER BY rowid", 5,
		STEP},
	{"bank_total", "bank_total", "SELECT contract, bank, unit, scale, accounts, entries,"
		" not_assessed, credited, used, expired, held, lost, shortfall, all_listed FROM bank_total"
		" WHERE run_id = ?1", 2, 1},
	{"bounds_total", "bounds_total", "SELECT t.contract, t.rule, t.version, b.findings, b.open,"
		" b.least_exact, b.most_exact FROM bounds_total b" RUN_OF_RULE, 3, 1},
	{"claim", "claim", "SELECT over_pence, under_pence, without_sum FROM claim WHERE run_id = ?1",
		0, 1},
	{"contract_version", "contract_version", "SELECT contract, version, number, from_date, to_date,"
		" published, path, sha256, changes FROM contract_version WHERE run_id = ?1", 2, 1},
	{"dataset_result", "dataset_result", "SELECT dataset, source_table, rows_read, rows_judged,"
		" rows_rejected, rows_superseded, rows_not_known, rows_left_out, values_rejected,"
		" orphan_links, seconds_cut, clock_absent, clock_twice, offsets, read_to FROM"
		" dataset_result WHERE run_id = ?1", 2, 1},
	{"evidence_label", "evidence_label", "SELECT contract, label, name, source_table, source_column"
		" FROM evidence_label WHERE run_id = ?1", 2, 1},
	{"finding", "finding_row", "SELECT f.finding_id, t.contract, t.rule, t.version, t.dataset,"
		" f.subject_key, f.verdict, f.provider, f.on_date, f.message, f.at_stake_pence,"
		" f.at_stake_exact, b.at_least_pence, b.at_least_exact, b.at_most_pence, b.at_most_exact,"
		" b.certain, b.least_at, b.most_at, a.assumed, f.missing, f.content, f.evidence,"
		" m.members FROM finding_row f LEFT JOIN bounds b ON b.row = f.rowid LEFT JOIN assumption a"
		" USING (assumed_key) LEFT JOIN money_of m ON m.row = f.rowid" RUN_OF_RULE, 1, 1},
	{"measure_result", "measure_result", "SELECT contract, measure, written_in, keys, kpi, title,"
		" clause, subject, period, provider, on_date, value, numerator, denominator, unit, parts,"
		" target, fails, needs, status, overflow, margin, reported, reported_status, difference,"
		" previous, rows, reason, missing, assumed, least, least_exact, most, most_exact, certain,"
		" target_value, fails_value FROM measure_result WHERE run_id = ?1", 4, 1},
	{"money_of", "money_of", "SELECT f.finding_id, m.members FROM money_of m JOIN finding_row f ON"
		" f.rowid = m.row" RUN_OF_RULE, 1, 1},
	{"rejected", "rejected", "SELECT dataset, source_key, \"column\", value, reason, whole_row FROM"
		" rejected WHERE run_id = ?1 ORDER BY rowid", 3, STEP},
	{"remedy", "remedy", "SELECT f.finding_id, r.ord, r.dataset, r.source_key, r.field, r.recorded,"
		" r.value, r.or_more FROM remedy r JOIN finding_row f ON f.rowid = r.row" RUN_OF_RULE
		" ORDER BY r.row, r.ord", 2, STEP},
	{"rule_result", "rule_result", "SELECT contract, rule, version, title, clause, severity, path,"
		" line, text, assumed, seen, outside, passed, failed, not_assessed, not_applicable,"
		" conflict, overflow FROM rule_result WHERE run_id = ?1", 3, 1},
	{"rule_total", "rule_total", "SELECT contract, rule, version, dataset, over_exact, under_exact,"
		" first_finding FROM rule_total WHERE run_id = ?1", 3, 1},
	{"run", "run", "SELECT contract, version, title, council, rulebook_sha256, data_sha256,"
		" from_date, to_date, known_on, provider, program, rows_read, data_path, contract_path,"
		" data_of, data_to FROM run WHERE run_id = ?1", 1, 1},
	{"sealed", "sealed", "SELECT contract, version, sha256 FROM sealed WHERE run_id = ?1", 2, 1},
};

/* A seed comes behind the plan that it is for, and belongs to what was drawn by it. */
static const CasePart plan_parts[] = {
	{"frame", "frame", "SELECT key, grp, stratum, ord, provider, on_date, pence FROM frame WHERE"
		" plan_id = ?1", 1, 1},
	{"plan", "plan", "SELECT name, plan_id, number, contract, version, selection, dataset, text,"
		" clause, assumed, then_severity, full_severity, no_log, no_log_dataset, extrapolates,"
		" from_date, to_date, known_on, provider, frame_sha256, program, rulebook_sha256,"
		" data_sha256, data_path, contract_path, strata, draw, then_draw, then_when, full_when,"
		" confidence, tolerable, serious, rows, pence, unpriced, unknown, draw_each, then_each,"
		" least, has_money, variant FROM plan WHERE plan_id = ?1", 2, 1},
};

/* A draw and then a second one: what the second adds leaves the manifest of the first as it is. */
static const CasePart draw_parts[] = {
	{"drawn", "drawn", "SELECT grp, stratum, number, key, stage, draw, ticket, penny, reason FROM"
		" drawn WHERE plan_id || '/' || draw = ?1", 3, 1},
	{"seed", NULL, "SELECT plan_id, seed FROM plan WHERE seed IS NOT NULL AND"
		" substr(?1, 1, length(plan_id) + 1) = plan_id || '/'", 1, 1},
};

/* Each evaluation by itself: a later one changes nothing of an earlier. */
static const CasePart evaluation_parts[] = {
	{"drawn_finding", "drawn_finding", "SELECT key, finding_id, rule, severity, verdict,"
		" at_stake_pence, message FROM drawn_finding WHERE evaluation_id = ?1", 2, 1},
	{"drawn_result", "drawn_result", "SELECT grp, key, provider, wrong, paid_pence, over_pence,"
		" under_pence, why FROM drawn_result WHERE evaluation_id = ?1", 2, 1},
	{"evaluation", "evaluation", "SELECT evaluation_id, number, plan_id, data_sha256 FROM"
		" evaluation WHERE evaluation_id = ?1", 1, 1},
	{"evaluation_group", "evaluation_group", "SELECT grp, rows, book_pence, looked, stage,"
		" without_log, not_assessed, vanished, n, wrong, rate, rate_lower, rate_upper, count_lower,"
		" count_upper, over_pence, under_pence, net_pence, over_upper, under_upper, beyond,"
		" estimate, estimate_lower, estimate_upper, claim_lower, thin, serious, serious_lower,"
		" minimum, claim, exposure, census, has_money, has_estimate, decision FROM"
		" evaluation_group WHERE evaluation_id = ?1", 1, 1},
	{"evaluation_stratum", "evaluation_stratum", "SELECT grp, stratum, rows, book_pence, looked,"
		" wrong, over_pence, under_pence FROM evaluation_stratum WHERE evaluation_id = ?1", 2, 1},
	{"frame_change", "frame_change", "SELECT key, change, was, now FROM frame_change WHERE"
		" evaluation_id = ?1", 1, 1},
};

/* ---- kinds ---- */

/* By CaseKind. `most` is the part whose rows a manifest is mostly about. */
static const struct {
	const char *word, *most;
	const CasePart *part;
	int parts;
} kinds[CASE_KINDS] = {
#define KIND(word, most, list) {word, most, list, (int)(sizeof list / sizeof *list)}
	KIND("run", "finding", run_parts), KIND("plan", "frame", plan_parts),
	KIND("draw", "drawn", draw_parts), KIND("evaluation", "drawn_result", evaluation_parts),
#undef KIND
};

const char *case_kind_word(CaseKind kind)
{
	return kinds[kind].word;
}

const char *case_kind_main(CaseKind kind)
{
	return kinds[kind].most;
}

/* CASE_KINDS when the word is none of them. */
CaseKind case_kind_of(Str word)
{
	int kind = 0;
	while (kind < CASE_KINDS && !str_eq(str_of(kinds[kind].word), word))
		kind++;
	return (CaseKind)kind;
}

/* Sorted by name, as they stand above. */
const CasePart *case_parts(CaseKind kind, int *n)
{
	*n = kinds[kind].parts;
	return kinds[kind].part;
}

/* Some twenty: they are looked through. */
const CasePart *case_part_named(Str name)
{
	for (int kind = 0; kind < CASE_KINDS; kind++)
		for (int i = 0; i < kinds[kind].parts; i++)
			if (str_eq(str_of(kinds[kind].part[i].name), name))
				return &kinds[kind].part[i];
	return NULL;
}

/* ---- reading ---- */

void part_canonical(Buf *buf, sqlite3_stmt *stmt)
{
	for (int i = 0; i < sqlite3_column_count(stmt); i++) {
		CaseCell cell = cell_of_column(stmt, i);
		cell_canonical(buf, &cell);
	}
}

typedef struct Reading {
	const CasePart *part;
	sqlite3_stmt *stmt;
	Arena *arena;
	int ncolumns;
	int64_t rows;
	CaseHash *hash;
	CaseCell cell[PART_COLUMNS];
	Buf name;
} Reading;

/* An entry is named by its first row. */
static void take_row(Reading *in)
{
	Str name = STR("");
	for (int i = 0; i < in->ncolumns; i++)
		in->cell[i] = cell_of_column(in->stmt, i);
	if (in->rows++ % in->part->step == 0)
		name = case_row_name(&in->name, in->cell, in->part->names);
	Buf *text = case_hash_row(in->hash, name);
	for (int i = 0; i < in->ncolumns; i++) {
		cell_canonical(text, &in->cell[i]);
		case_hash_column(in->hash);
	}
}

static void name_columns(const Reading *in, PartRows *out)
{
	out->ncolumns = in->ncolumns;
	out->column = ARENA_ARRAY(in->arena, Str, (size_t)in->ncolumns);
	for (int i = 0; i < in->ncolumns; i++)
		out->column[i] = str_copy(in->arena, str_of(sqlite3_column_name(in->stmt, i)));
}

/* The tree is made as the rows come where their order is the table's, else once they are sorted. */
Status case_part_read(sqlite3 *db, const CasePart *part, Str id, bool beside, Arena *arena,
	PartRows *out)
{
	Reading in = {.part = part, .arena = arena};
	int rc = sqlite3_prepare_v2(db, part->sql, -1, &in.stmt, NULL);
	*out = (PartRows){.rows = 0};
	if (rc == SQLITE_OK) {
		sqlite3_bind_text(in.stmt, 1, id.ptr, (int)id.len, SQLITE_STATIC);
		in.ncolumns = sqlite3_column_count(in.stmt);
		assert(in.ncolumns <= PART_COLUMNS);
		in.hash = case_hash_new(in.ncolumns, part->step, beside, arena);
		while ((rc = sqlite3_step(in.stmt)) == SQLITE_ROW)
			take_row(&in);
		case_hash_end(in.hash, rc == SQLITE_DONE ? out : NULL);
	}
	if (rc == SQLITE_DONE)
		name_columns(&in, out);
	sqlite3_finalize(in.stmt);
	buf_free(&in.name);
	return rc == SQLITE_DONE ? STATUS_OK : STATUS_WORLD;
}

/* The texts are the arena's. */
void part_rows_free(PartRows *rows)
{
	vec_free(&rows->entry);
}

/* ---- entries as bytes ---- */

/* Counts fit a byte: names are cut above, and no table has as many columns. */
void part_pack(Buf *buf, const PartRows *rows, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		const PartEntry *entry = &rows->entry.at[i];
		buf_char(buf, (char)entry->name.len);
		buf_str(buf, entry->name);
		buf_str(buf, (Str){(const char *)entry->mark, PART_MARK});
		buf_char(buf, (char)rows->ncolumns);
		buf_str(buf, (Str){(const char *)entry->column, (size_t)rows->ncolumns});
	}
}

/* Nothing is believed: a case file may have been made by whoever wants it to pass. */
bool part_unpack(Str bytes, PartRows *into)
{
	/* The length of a name is in the first byte, and the least entry has no more behind it than
	 * its mark and the number of columns. */
	const char *at = bytes.ptr, *end = bytes.ptr + bytes.len;
	while (at < end) {
		PartEntry entry = {.name = {at + 1, (unsigned char)*at}};
		if ((size_t)(end - at) < entry.name.len + PART_MARK + 2)
			return false;
		at += 1 + entry.name.len;
		memcpy(entry.mark, at, PART_MARK);
		at += PART_MARK;
		int ncolumns = (unsigned char)*at++;
		/* One number for all entries, also of several stretches of bytes: whoever compares them
		 * goes by it, and would else read behind an entry that has fewer. */
		if (end - at < ncolumns || (into->entry.n > 0 && ncolumns != into->ncolumns))
			return false;
		into->ncolumns = ncolumns;
		entry.column = (const uint8_t *)at;
		at += into->ncolumns;
		*vec_push(&into->entry) = entry;
	}
	return true;
}

/* ---- what differs ---- */

/* Columns can be named only where both sides have the same ones and one knows their names. */
static void tell_changed(const PartRows *then, const PartRows *now, const PartEntry *a,
	const PartEntry *b, PartDiffer *differ, void *user)
{
	Buf columns = {0};
	int n = then->ncolumns == now->ncolumns && now->column != NULL ? now->ncolumns : 0;
	for (int i = 0; i < n; i++) {
		if (a->column[i] == b->column[i])
			continue;
		buf_puts(&columns, columns.n > 0 ? ", " : "");
		buf_str(&columns, now->column[i]);
	}
	differ(user, PART_CHANGED, b->name, buf_view(&columns));
	buf_free(&columns);
}

/* Eight bytes of a hash: enough to find what differs. That nothing differs is the root's to say. */
static bool same_mark(const PartEntry *a, const PartEntry *b)
{
	return memcmp(a->mark, b->mark, PART_MARK) == 0;
}

/* By name, as a merge of two sorted lists. */
static void compare_sorted(const PartRows *then, const PartRows *now, PartDiffer *differ,
	void *user)
{
	/* `then` is at i, `now` at k; the lesser name goes on, equal ones both. */
	size_t i = 0, k = 0;
	while (i < then->entry.n || k < now->entry.n) {
		const PartEntry *a = i < then->entry.n ? &then->entry.at[i] : NULL;
		const PartEntry *b = k < now->entry.n ? &now->entry.at[k] : NULL;
		int c = a == NULL ? 1 : b == NULL ? -1 : str_cmp(a->name, b->name);
		if (c < 0)
			differ(user, PART_REMOVED, a->name, STR(""));
		else if (c > 0)
			differ(user, PART_ADDED, b->name, STR(""));
		else if (!same_mark(a, b))
			tell_changed(then, now, a, b, differ, user);
		i += c <= 0;
		k += c >= 0;
	}
}

/* By place: behind a row that was taken out or put in nothing is where it was, so the first entry
 * that differs is told, and whether rows were lost or gained. */
static void compare_steps(const PartRows *then, const PartRows *now, PartDiffer *differ, void *user)
{
	size_t least = then->entry.n < now->entry.n ? then->entry.n : now->entry.n;
	for (size_t i = 0; i < least; i++) {
		const PartEntry *a = &then->entry.at[i], *b = &now->entry.at[i];
		if (same_mark(a, b))
			continue;
		if (then->rows != now->rows) {
			differ(user, then->rows > now->rows ? PART_REMOVED : PART_ADDED, a->name, STR(""));
			return;
		}
		tell_changed(then, now, a, b, differ, user);
	}
	/* All common entries are alike: rows were lost or gained at the end. */
	if (then->entry.n > least)
		differ(user, PART_REMOVED, then->entry.at[least].name, STR(""));
	if (now->entry.n > least)
		differ(user, PART_ADDED, now->entry.at[least].name, STR(""));
}

void part_compare(const CasePart *part, const PartRows *then, const PartRows *now,
	PartDiffer *differ, void *user)
{
	if (part->step == 1)
		compare_sorted(then, now, differ, user);
	else
		compare_steps(then, now, differ, user);
}
