/*
 * Findings of which nothing was said are only counted, by SQLite: a run may have a million of them.
 * Those that were spoken of are held in memory.
 *
 *   read_all: find_previous ─> count_changes ─> read_items ─> count_once ─> group_items
 *                                               │             │             │
 *        what was said, against the run ────────┘             │             │
 *        counted.pence of each item: its share ───────────────┘             │
 *        provider, rule, all: counts by SQLite, then items moved ───────────┘
 *
 * Every finding of the run is first counted as "not raised"; an item then takes itself out of that
 * and into its own status. So the statuses of a group always add up to its findings and those gone.
 */
#include "report/case_status.h"

#include <stdlib.h>
#include <string.h>

#include "interp/claim.h"

typedef VEC(CaseItem) Items;

typedef struct Reading {
	CaseReader *reader;
	const FindingFilter *filter;
	Arena *arena;
	CaseStatus *out;
	sqlite3_stmt *place, *earlier, *mark;
	Items item;
	StrMap provider, rule;
	VEC(CaseGroup) providers, rules;
	Items silent;             /* of the run, of which nobody is to know here that they are there */
} Reading;

/* Worked out here alone, so that no two places can disagree. */
int64_t case_outstanding(const CaseSums *sums, int direction)
{
	return sums->pence[CASE_OWED][direction] - sums->pence[CASE_SETTLED][direction];
}

/* ---- queries ---- */

/* The statement is the caller's to finalise, also when it failed. */
static Status prepare(Reading *r, const char *sql, sqlite3_stmt **out)
{
	return sqlite3_prepare_v2(casereader_database(r->reader), sql, -1, out, NULL) == SQLITE_OK
		? STATUS_OK : casereader_unreadable(r->reader);
}

/* The argument outlives the step. */
static void bind(sqlite3_stmt *stmt, int i, Str s)
{
	sqlite3_bind_text(stmt, i, s.ptr == NULL ? "" : s.ptr, (int)s.len, SQLITE_STATIC);
}

/* Of texts and hashes alike; SQLite's own until the next step. */
static Str text(sqlite3_stmt *stmt, int i)
{
	const void *at = sqlite3_column_blob(stmt, i);
	return at == NULL ? STR("") : (Str){at, (size_t)sqlite3_column_bytes(stmt, i)};
}

/*
 * The newest earlier run that audited the same: contracts, days, provider. A run is a row for each
 * of its contracts, so they are put together first, sorted, to be compared as one text. Earlier is
 * by rowid, the order in which runs were added: clocks may be wrong.
 */
static Status find_previous(Reading *r)
{
	static const char sql[] = "WITH c AS (SELECT run_id, min(added) AS added,"
		" group_concat(contract, ' ') AS contracts, min(from_date) AS f, min(to_date) AS t,"
		" min(coalesce(provider, '')) AS p FROM (SELECT rowid AS added, * FROM run ORDER BY contract)"
		" GROUP BY run_id) SELECT o.run_id FROM c o, c r WHERE r.run_id = ?1 AND o.added < r.added"
		" AND o.contracts = r.contracts AND o.f = r.f AND o.t = r.t AND o.p = r.p"
		" ORDER BY o.added DESC LIMIT 1";
	sqlite3_stmt *stmt = NULL;
	Status status = prepare(r, sql, &stmt);
	if (status != STATUS_OK)
		return status;
	bind(stmt, 1, r->filter->run);
	int rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		r->out->previous = str_copy(r->arena, text(stmt, 0));
	sqlite3_finalize(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? STATUS_OK : casereader_unreadable(r->reader);
}

/* Both sides through one reader: only ids and marks are read. */
static Status count_changes(Reading *r, const ListOptions *options)
{
	CaseStatus *out = r->out;
	RestateSide before = {r->reader, out->previous}, after = {r->reader, r->filter->run};
	return out->previous.len == 0 ? STATUS_OK
		: restate_count(&before, &after, options, out->change);
}

/* The row of a finding in a run, 0: it has none; of the statement `earlier`, in the newest of the
 * runs before that one. */
static int64_t row_of(sqlite3_stmt *stmt, Str id, Str run)
{
	bind(stmt, 1, id);
	bind(stmt, 2, run);
	int64_t row = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
	sqlite3_reset(stmt);
	return row;
}

/* What tells whether it is the same; copied, since two are held side by side. */
static RestateMark mark_of(Reading *r, int64_t row)
{
	RestateMark mark = {STR(""), STR(""), STR("")};
	sqlite3_bind_int64(r->mark, 1, row);
	if (sqlite3_step(r->mark) == SQLITE_ROW)
		mark = (RestateMark){str_copy(r->arena, text(r->mark, 0)),
			str_copy(r->arena, text(r->mark, 1)), str_copy(r->arena, text(r->mark, 2))};
	sqlite3_reset(r->mark);
	return mark;
}

/* ---- items ---- */

/* All but the evidence, which nobody asks for here and which is most of a finding. */
static ReadFinding kept(Arena *arena, ReadFinding f)
{
	Str *const part[] = {&f.id, &f.run_id, &f.contract, &f.rule, &f.version, &f.written_in, &f.title,
		&f.clause, &f.severity, &f.verdict, &f.dataset, &f.key, &f.provider, &f.on, &f.message,
		&f.exact, &f.assumed, &f.missing, &f.least_exact, &f.most_exact, &f.least_at, &f.most_at};
	for (size_t i = 0; i < sizeof part / sizeof *part; i++)
		*part[i] = str_copy(arena, *part[i]);
	f.evidence = STR("");
	return f;
}

/* As casereader_select does it for findings of the run; for those that are gone there is nothing to
 * select from. */
static bool wanted(const FindingFilter *filter, const ReadFinding *f)
{
	return (filter->contract.len == 0 || str_eq(filter->contract, f->contract)) &&
		(filter->rule.len == 0 || str_eq(filter->rule, f->rule)) &&
		(filter->provider.len == 0 || str_eq(filter->provider, f->provider));
}

/* Could the run have found it? Else it is not gone, the run merely looked elsewhere. */
static bool covered(const ReadRuns *runs, const ReadFinding *f)
{
	for (size_t i = 0; i < runs->n; i++) {
		const ReadRun *run = &runs->at[i];
		if (str_eq(run->contract, f->contract))
			return (run->provider.len == 0 || str_eq(run->provider, f->provider)) &&
				(f->on.len == 0 || (str_cmp(run->from, f->on) <= 0 && str_cmp(f->on, run->to) <= 0));
	}
	return false;
}

/*
 * What people want to know is whether it is still what they spoke of: so it is held against the run
 * in which it was last spoken of. If that is this run, nothing can have changed since, and the run
 * before it is taken.
 */
static RestateKind change_of(Reading *r, const CaseItem *item, int64_t here)
{
	Str spoken = item->history.at[item->history.n - 1].run_id;
	Str base = str_eq(spoken, r->filter->run) ? r->out->previous : spoken;
	if (here == 0)
		return RESTATE_GONE;
	if (base.len == 0)
		return RESTATE_ALL_KINDS;
	int64_t there = row_of(r->place, item->finding.id, base);
	if (there == 0)
		return RESTATE_NEW;
	RestateMark before = mark_of(r, there), after = mark_of(r, here);
	return restate_same(&before, &after) ? RESTATE_SAME : RESTATE_CHANGED;
}

/*
 * One that only a later run has cannot be gone from this one.
 *
 *   here  earlier  covered   said
 *   yes   -        -         yes  ──> item
 *   yes   -        -         no   ──> silent: all that was said is hidden; counted out again
 *   no    yes      yes       yes  ──> item, gone
 *   no    yes      no        yes  ──> elsewhere
 *   no    no       -         yes  ──> elsewhere
 */
static Status take_item(Reading *r, const EventHistory *history)
{
	CaseItem item = {.history = *history};
	Str id = history->finding_id;
	int64_t here = row_of(r->place, id, r->filter->run);
	item.row = here != 0 ? here : row_of(r->earlier, id, r->filter->run);
	if (item.row == 0) {
		r->out->elsewhere += history->n > 0; /* only a later run has it */
		return STATUS_OK;
	}
	Status status = casereader_finding(r->reader, item.row, &item.finding);
	if (status != STATUS_OK || !wanted(r->filter, &item.finding))
		return status;
	item.finding = kept(r->arena, item.finding);
	if (here == 0 && !covered(&r->out->runs, &item.finding)) {
		r->out->elsewhere += history->n > 0;
		return STATUS_OK;
	}
	if (history->n == 0) {
		if (here != 0)
			*vec_push(&r->silent) = item;
		return STATUS_OK;
	}
	item.short_id = str_copy(r->arena, casereader_short_id(r->reader, item.finding.id));
	item.change = change_of(r, &item, here);
	r->out->gone += here == 0;
	*vec_push(&r->item) = item;
	return STATUS_OK;
}

/* Statements are kept: there may be thousands of findings that were spoken of. */
static Status read_items(Reading *r, const ListOptions *options)
{
	EventHistory *history;
	size_t n;
	Status status = prepare(r, "SELECT p.row FROM finding_place p JOIN rule_total t USING (rule_key)"
		" WHERE p.finding_id = ?1 AND t.run_id = ?2 LIMIT 1", &r->place);
	if (status == STATUS_OK)
		status = prepare(r, "SELECT p.row FROM finding_place p JOIN rule_total t USING (rule_key)"
			" WHERE p.finding_id = ?1 AND (SELECT min(rowid) FROM run WHERE run_id = t.run_id) <"
			" (SELECT min(rowid) FROM run WHERE run_id = ?2) ORDER BY p.row DESC LIMIT 1",
			&r->earlier);
	if (status == STATUS_OK)
		status = prepare(r, "SELECT verdict, content, at_stake_exact FROM finding_row WHERE rowid ="
			" ?1", &r->mark);
	if (status == STATUS_OK)
		status = case_histories(r->reader, &history, &n);
	for (size_t i = 0; status == STATUS_OK && i < n; i++) {
		status = take_item(r, &history[i]);
		if (status == STATUS_OK)
			status = list_go_on(options);
	}
	return status;
}

/* ---- each visit's money once ---- */

/* The money of an item, in one column and one direction. */
static int64_t said(const EventState *state, int column)
{
	const EventSum sum[] = {[CASE_RAISED] = state->raised, [CASE_UPHELD] = state->upheld,
		[CASE_AGREED] = state->agreed, [CASE_OWED] = {true, event_owed(state)},
		[CASE_SETTLED] = state->settled};
	return sum[column].known ? sum[column].pence : 0;
}

/*
 * Rows whose money it is: of a finding about a row itself, or as the run kept them. One member is
 * the row itself, so that a group of one and a finding about that visit are the same money.
 */
static void money_of(Reading *r, sqlite3_stmt *stmt, const CaseItem *item, Claim *out)
{
	*out = (Claim){.row = claim_row(item->finding.dataset, item->finding.key)};
	memcpy(out->id, item->finding.id.ptr, item->finding.id.len < 16 ? item->finding.id.len : 16);
	sqlite3_bind_int64(stmt, 1, item->row);
	if (sqlite3_step(stmt) == SQLITE_ROW) {
		Str rows = text(stmt, 0);
		int32_t n = (int32_t)(rows.len / sizeof(ClaimRow));
		if (n == 1)
			memcpy(&out->row, rows.ptr, sizeof out->row);
		else
			out->member = arena_copy(r->arena, rows.ptr, rows.len);
		out->nmembers = n == 1 ? 0 : n;
	}
	sqlite3_reset(stmt);
}

/*
 * What each item counts of one column, in pence: by claims_share, as the run's own claim is
 * reckoned (law 14). Columns are shared one by one, since the largest raised need not be the
 * largest upheld; find_owners then puts together what belongs together.
 */
static void share_column(Reading *r, Claim *money, int column)
{
	size_t n = r->item.n;
	Claims claims = {.list = {money, n, n}};
	Ratio *share = ARENA_ARRAY(r->arena, Ratio, n + 1);
	for (size_t i = 0; i < n; i++)
		money[i].stake = (Ratio){said(&r->item.at[i].history.state, column), 1};
	claims_share(&claims, share);
	for (size_t i = 0; i < n; i++) {
		int64_t *pence = r->item.at[i].counted.pence[column];
		pence[FOR_COUNCIL] = share[i].n > 0 ? (int64_t)share[i].n : 0;
		pence[FOR_PROVIDER] = share[i].n < 0 ? -(int64_t)share[i].n : 0;
	}
}

typedef struct Owner {
	ClaimRow row;
	CaseItem *item;
} Owner;

/* By row, then by id, so that of equals always the same one is taken. */
static int by_money(const void *left, const void *right)
{
	const Owner *a = left, *b = right;
	int c = memcmp(&a->row, &b->row, sizeof a->row);
	return c != 0 ? c : str_cmp(a->item->finding.id, b->item->finding.id);
}

/* Of findings about one row, one stands for all its columns: else what was upheld on the one and
 * settled on the other would stand as owed here and overpaid there. */
static CaseItem *owner_of(const Owner *owner, size_t n, int direction)
{
	CaseItem *best = owner[0].item;
	for (size_t i = 1; i < n; i++) {
		const int64_t (*a)[DIRECTIONS] = owner[i].item->counted.pence;
		const int64_t (*b)[DIRECTIONS] = best->counted.pence;
		if (a[CASE_OWED][direction] > b[CASE_OWED][direction] ||
		    (a[CASE_OWED][direction] == b[CASE_OWED][direction] &&
		     a[CASE_RAISED][direction] > b[CASE_RAISED][direction]))
			best = owner[i].item;
	}
	return best;
}

/*
 * Direction by direction: what is owed to the provider is no excuse for what is owed by it. Sums
 * are moved, never added or dropped, so totals over all items stay what claims_share made them.
 */
static void give_to_owner(const Owner *owner, size_t n)
{
	for (int direction = 0; direction < DIRECTIONS; direction++) {
		CaseItem *best = owner_of(owner, n, direction);
		for (size_t i = 0; i < n; i++) {
			for (int c = 0; c < CASE_COLUMNS && owner[i].item != best; c++) {
				best->counted.pence[c][direction] += owner[i].item->counted.pence[c][direction];
				owner[i].item->counted.pence[c][direction] = 0;
			}
		}
	}
}

/* Findings about groups keep what they add: they have several rows, and no one owner. */
static void find_owners(Reading *r, const Claim *money)
{
	Owner *owner = ARENA_ARRAY(r->arena, Owner, r->item.n + 1);
	size_t n = 0, from = 0;
	for (size_t i = 0; i < r->item.n; i++)
		if (money[i].member == NULL)
			owner[n++] = (Owner){money[i].row, &r->item.at[i]};
	if (n > 1)
		qsort(owner, n, sizeof *owner, by_money);
	for (size_t i = 1; i <= n; i++) {
		if (i < n && memcmp(&owner[i].row, &owner[from].row, sizeof owner->row) == 0)
			continue;
		give_to_owner(owner + from, i - from);
		from = i;
	}
}

/* Items come in the order of their ids, which says which of equal claims counts. */
static Status count_once(Reading *r)
{
	sqlite3_stmt *stmt = NULL;
	if (r->item.n == 0)
		return STATUS_OK; /* also of files that are older than this table */
	Status status = prepare(r, "SELECT members FROM money_of WHERE row = ?1", &stmt);
	Claim *money = ARENA_ARRAY(r->arena, Claim, r->item.n + 1);
	for (size_t i = 0; i < r->item.n && status == STATUS_OK; i++)
		money_of(r, stmt, &r->item.at[i], &money[i]);
	sqlite3_finalize(stmt);
	if (status != STATUS_OK)
		return status;
	for (int c = 0; c < CASE_COLUMNS; c++)
		share_column(r, money, c);
	find_owners(r, money);
	return STATUS_OK;
}

/* ---- groups ---- */

/* Pointers hold until the next group is added. "" is a name too: of findings that lead to no
 * provider. */
static CaseGroup *provider_group(Reading *r, Str provider)
{
	bool added;
	int32_t *at = strmap_at(&r->provider, provider, &added);
	if (added) {
		*at = (int32_t)r->providers.n;
		*vec_push(&r->providers) = (CaseGroup){.name = str_copy(r->arena, provider)};
	}
	return &r->providers.at[*at];
}

/* Two contracts may have rules of one name. */
static CaseGroup *rule_group(Reading *r, Str contract, Str rule, Str title)
{
	bool added;
	Str name = str_format(r->arena, "%.*s\n%.*s", STR_ARG(contract), STR_ARG(rule));
	int32_t *at = strmap_at(&r->rule, name, &added);
	if (added) {
		*at = (int32_t)r->rules.n;
		*vec_push(&r->rules) = (CaseGroup){.contract = str_copy(r->arena, contract),
			.name = str_copy(r->arena, rule), .title = str_copy(r->arena, title)};
	}
	return &r->rules.at[*at];
}

/* One that is gone is no finding of the run, and was not counted before. */
static void add_item(CaseGroup *group, const CaseItem *item)
{
	const EventState *state = &item->history.state;
	bool here = item->change != RESTATE_GONE;
	group->at[state->status]++;
	group->gone += !here;
	if (here)
		group->at[EVENT_NONE]--; /* was counted among those of which nothing was said */
	group->without_sum += state->status != EVENT_SETTLED && state->status != EVENT_WITHDRAWN &&
		!state->raised.known && !state->upheld.known && !state->agreed.known;
	for (int c = 0; c < CASE_COLUMNS; c++)
		for (int d = 0; d < DIRECTIONS; d++)
			group->sums.pence[c][d] += item->counted.pence[c][d];
}

/* Not raised, until an item says otherwise. */
static void add_run(CaseGroup *group, int64_t findings)
{
	group->findings += findings;
	group->at[EVENT_NONE] += findings;
}

/* All findings of the run, by rule and provider: as many rows as there are pairs of these, however
 * many findings. */
static Status count_run(Reading *r)
{
	static const char sql[] = "SELECT t.contract, t.rule, r.title, coalesce(f.provider, ''), count(*)"
		" FROM finding_row f JOIN rule_total t USING (rule_key) JOIN rule_result r USING (run_id,"
		" contract, rule, version) WHERE t.run_id = ?1 AND (?2 = '' OR t.contract = ?2) AND (?3 = ''"
		" OR t.rule = ?3) AND (?4 = '' OR f.provider = ?4) GROUP BY 1, 2, 3, 4";
	const FindingFilter *filter = r->filter;
	const Str arg[] = {filter->run, filter->contract, filter->rule, filter->provider};
	sqlite3_stmt *stmt = NULL;
	int rc = SQLITE_ERROR;
	Status status = prepare(r, sql, &stmt);
	for (int i = 0; i < 4 && status == STATUS_OK; i++)
		bind(stmt, i + 1, arg[i]);
	while (status == STATUS_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		int64_t findings = sqlite3_column_int64(stmt, 4);
		add_run(provider_group(r, text(stmt, 3)), findings);
		add_run(rule_group(r, text(stmt, 0), text(stmt, 1), text(stmt, 2)), findings);
		add_run(&r->out->all, findings);
	}
	sqlite3_finalize(stmt);
	return status != STATUS_OK || rc == SQLITE_DONE ? status : casereader_unreadable(r->reader);
}

/* By bytes: the locale has no say. */
static int by_name(const void *left, const void *right)
{
	const CaseGroup *a = left, *b = right;
	int c = str_cmp(a->contract, b->contract);
	return c != 0 ? c : str_cmp(a->name, b->name);
}

/* A copy in the arena, which outlives the reading. */
static CaseGroup *sorted(Arena *arena, const CaseGroup *group, size_t n)
{
	CaseGroup *out = ARENA_ARRAY(arena, CaseGroup, n + 1);
	for (size_t i = 0; i < n; i++)
		out[i] = group[i];
	if (n > 1)
		qsort(out, n, sizeof *out, by_name);
	return out;
}

/* Each item goes into three groups with the same numbers, so that they must add up. */
static Status group_items(Reading *r)
{
	Status status = count_run(r);
	for (size_t i = 0; i < r->silent.n && status == STATUS_OK; i++) {
		const ReadFinding *f = &r->silent.at[i].finding;
		add_run(provider_group(r, f->provider), -1);
		add_run(rule_group(r, f->contract, f->rule, f->title), -1);
		add_run(&r->out->all, -1);
	}
	for (size_t i = 0; i < r->item.n && status == STATUS_OK; i++) {
		const CaseItem *item = &r->item.at[i];
		const ReadFinding *f = &item->finding;
		add_item(provider_group(r, f->provider), item);
		add_item(rule_group(r, f->contract, f->rule, f->title), item);
		add_item(&r->out->all, item);
	}
	r->out->providers = r->providers.n;
	r->out->rules = r->rules.n;
	r->out->provider = sorted(r->arena, r->providers.at, r->providers.n);
	r->out->rule = sorted(r->arena, r->rules.at, r->rules.n);
	return status;
}

/* Those that are gone last; else as reports have it. */
static int by_report(const void *left, const void *right)
{
	const CaseItem *a = left, *b = right;
	const Str one[] = {a->finding.contract, a->finding.rule, a->finding.dataset, a->finding.key,
		a->finding.id};
	const Str two[] = {b->finding.contract, b->finding.rule, b->finding.dataset, b->finding.key,
		b->finding.id};
	if ((a->change == RESTATE_GONE) != (b->change == RESTATE_GONE))
		return a->change == RESTATE_GONE ? 1 : -1;
	for (int i = 0; i < 5; i++) {
		int c = str_cmp(one[i], two[i]);
		if (c != 0)
			return c;
	}
	return 0;
}

/* In the order in which each step needs the one before. */
static Status read_all(Reading *r, const ListOptions *options)
{
	Status status = casereader_contracts(r->reader, r->filter->run, &r->out->runs);
	FindingList list = {0};
	if (status == STATUS_OK && r->filter->rule.len + r->filter->contract.len > 0)
		status = casereader_select(r->reader, r->filter, &list); /* says what is misspelt */
	vec_free(&list);
	if (status == STATUS_OK)
		status = find_previous(r);
	if (status == STATUS_OK)
		status = count_changes(r, options);
	if (status == STATUS_OK)
		status = read_items(r, options);
	if (status == STATUS_OK)
		status = count_once(r);
	return status == STATUS_OK ? group_items(r) : status;
}

/* Items are in the order of their ids while money is counted, and of reports afterwards. */
Status case_status_read(CaseReader *reader, const FindingFilter *filter, const ListOptions *options,
	CaseStatus *out)
{
	Reading r = {.reader = reader, .filter = filter, .arena = casereader_arena(reader), .out = out};
	*out = (CaseStatus){.reader = reader};
	strmap_init(&r.provider, r.arena);
	strmap_init(&r.rule, r.arena);
	Status status = read_all(&r, options);
	if (r.item.n > 0) {
		out->item = arena_copy(r.arena, r.item.at, r.item.n * sizeof *out->item);
		qsort(out->item, r.item.n, sizeof *out->item, by_report);
	}
	out->n = r.item.n;
	sqlite3_finalize(r.place);
	sqlite3_finalize(r.earlier);
	sqlite3_finalize(r.mark);
	vec_free(&r.item);
	vec_free(&r.silent);
	vec_free(&r.providers);
	vec_free(&r.rules);
	return status;
}
