/*
 * Rows on their way into a case file: what is hashed of them when they are made must be what is
 * read back from the tables, for every part, whatever stands in the texts.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "interp/case_bank.h"
#include "interp/case_measure.h"

Suite *case_put_suite(void);

#define RUN STR("R")
#define FINDINGS 333 /* more than go into one statement, and than an entry in steps has */

/* What SQLite could take for a number, what is no UTF-8, what ends a text elsewhere. */
static Str awkward(int i)
{
	static const Str text[] = {{"", 0}, {"VS1", 3}, {"0012", 4}, {"1e3", 3}, {" 5", 2}, {"-7", 2},
		{"\xff\xfe", 2}, {"a\0b", 3}, {"n;i5;", 5}, {"x\x1fy", 3}, {"na\xc3\xafve", 6},
		{"9223372036854775808", 19}, {"0x10", 4}};
	return text[(size_t)i % (sizeof text / sizeof *text)];
}

typedef struct Bench {
	char path[64];
	Arena arena;
	Buf scratch;
	Diags diags;
	CaseFile *file;
	Rule rule[2];
	Bank bank;
	Expr figure;
	Measure measure[2];
	Rulebook book;
} Bench;

static void begin(Bench *bench)
{
	*bench = (Bench){.rule = {{.decl.name = STR("V1")}, {.decl.name = STR("V2"), .title = STR("two")}},
		.bank = {.decl.name = STR("banked")}, .figure.type = {.kind = TYPE_QUANTITY, .scale = 1}};
	bench->measure[0] = (Measure){.rule.decl.name = STR("K2"), .kpi = true, .figure = &bench->figure};
	bench->measure[1] = (Measure){.rule.decl.name = STR("K1"), .figure = &bench->figure};
	bench->book = (Rulebook){.contract.decl.name = STR("town"), .contract.version = STR("1"),
		.rule = bench->rule, .nrules = 2, .bank = &bench->bank, .nbanks = 1,
		.measure = bench->measure, .nmeasures = 2, .nexprs = 1};
	snprintf(bench->path, sizeof bench->path, "put-%ld.db", (long)getpid());
	unlink(bench->path);
	diags_init(&bench->diags, &bench->arena, NULL);
	ck_assert_int_eq(case_create(bench->path, &bench->diags, &bench->file), STATUS_OK);
}

static void end(Bench *bench)
{
	case_abandon(bench->file);
	buf_free(&bench->scratch);
	vec_free(&bench->diags.list);
	arena_free(&bench->arena);
}

/* ---- rows of all kinds ---- */

static const Bounds *bounds(Bench *bench, int i)
{
	Bounds *of = ARENA_NEW(&bench->arena, Bounds);
	*of = (Bounds){.has_stake = true, .has_least = i % 2 == 0, .has_most = i % 3 == 0,
		.least = {i, 7}, .most = {i + 9, 1}, .certain = i % 5 == 0, .least_at = awkward(i),
		.most_at = awkward(i + 1), .nasked = i % 4};
	of->asked = ARENA_ARRAY(&bench->arena, AskedFact, 4);
	for (int k = 0; k < of->nasked; k++)
		of->asked[k] = (AskedFact){STR("log"), awkward(k + 1), STR("check_out")};
	return of;
}

static const Remedies *remedies(Bench *bench, int i)
{
	Remedies *of = ARENA_NEW(&bench->arena, Remedies);
	of->n = i % (REMEDIES_MOST + 1);
	for (int k = 0; k < of->n; k++)
		of->at[k] = (Remedy){awkward(i + k), awkward(i + k + 1), STR("claimed"), awkward(i + k + 2),
			awkward(i + k + 3), k % 2 == 0};
	return of;
}

/* Ids in no order; every third finding shares its id with the one before, of the other rule. */
static Finding finding(Bench *bench, int i)
{
	Finding f = {.rule = i % 3 == 2, .verdict = i % 4 == 0 ? VERDICT_NOT_ASSESSED : VERDICT_FAIL,
		.dataset = STR("visit"), .key = awkward(i), .provider = awkward(i + 1),
		.on = i % 7 == 0 ? NO_DAY : 20332 + i, .message = awkward(i + 2), .evidence = awkward(i + 3),
		.missing = awkward(i + 4), .assumed = awkward(i % 3 + 1), .has_stake = i % 2 == 0,
		.stake_known = i % 4 == 0, .stake = {i - 100, 3}};
	int same = i % 3 == 2 ? i - 1 : i;
	f.id[0] = (uint8_t)(same * 37);
	f.id[1] = (uint8_t)(same >> 8);
	f.id[9] = (uint8_t)same;
	f.content[i % 16] = (uint8_t)i;
	f.bounds = i % 4 == 0 ? bounds(bench, i) : NULL;
	f.remedies = i % 4 != 0 ? remedies(bench, i) : NULL;
	return f;
}

static void put_findings(Bench *bench)
{
	for (int i = 0; i < FINDINGS; i++) {
		CaseFound found;
		Finding one = finding(bench, i);
		const Finding *kept = arena_copy(&bench->arena, &one, sizeof one);
		Str members = i % 5 == 0 ? STR("sixteen bytes..!and sixteen more") : STR("");
		case_found(&bench->book, kept, members, &bench->arena, &bench->scratch, &found);
		ck_assert_int_eq(case_finding_rows(bench->file, RUN, &bench->book, kept, &found), STATUS_OK);
	}
	ck_assert_int_eq(case_flush(bench->file), STATUS_OK);
}

/* More lines than the bank has room for: those that are not written are not hashed either. */
static void put_lines(Bench *bench)
{
	const Rulebook *book = &bench->book;
	BankBatch batch = {.row = NULL};
	BankRoom room = bank_room_new(&bench->arena, &book, 1);
	room.most = 150;
	for (int i = 0; i < 200; i++)
		*vec_push(&batch.line) = (BankLine){.keys = awkward(i), .source = i % 3 == 0 ? (Str){NULL, 0}
			: awkward(i), .kind = (BankLineKind)(i % 4), .day = i % 9 == 0 ? NO_DAY : i, .known =
			(uint8_t)i, .is_balance = i % 2 == 0, .amount = i - 50, .used = INT64_MIN, .expired =
			INT64_MAX, .shortfall = -i, .balance = i};
	ck_assert_int_eq(case_bank_begin(bench->file), STATUS_OK);
	bank_seal(&batch, &bench->arena, &bench->scratch, &book);
	ck_assert_int_eq(case_bank_lines(bench->file, RUN, &batch, &room), STATUS_OK);
	ck_assert_int_eq(case_flush(bench->file), STATUS_OK);
	bank_batch_free(&batch);
}

static void put_figures(Bench *bench, bool beside)
{
	CaseMeasure row[100];
	const CaseMeasure *at[100];
	const Rulebook *book = &bench->book;
	for (int i = 0; i < 100; i++) {
		CaseNumber known = {awkward(i), STR("-3"), i % 2 == 0 ? STR("1") : STR("40")};
		row[i] = (CaseMeasure){.measure = i / 50, .on = i % 3 == 0 ? NO_DAY : 20332,
			.subject = awkward(i), .period = awkward(i + 1), .provider = awkward(i + 2),
			.keys = str_format(&bench->arena, "P%d\x1f%d", 99 - i, i), .status = STR("met"),
			.rows = i % 4 - 1, .overflow = i % 5 == 0, .parts = awkward(i + 3), .reason = awkward(i)};
		row[i].value = known;
		row[i].least = i % 2 == 0 ? known : (CaseNumber){.text = {NULL, 0}};
		row[i].most = known;
		at[i] = &row[i];
	}
	ck_assert_int_eq(case_measure_write(bench->file, RUN, &book, at, 100, beside), STATUS_OK);
}

/* ---- what is read back ---- */

/* As bytes: names, marks, and the byte of each column. */
static void same_entries(const PartRows *a, const PartRows *b, const char *name)
{
	Buf left = {0}, right = {0};
	part_pack(&left, a, 0, a->entry.n);
	part_pack(&right, b, 0, b->entry.n);
	ck_assert_msg(str_eq(buf_view(&left), buf_view(&right)), "entries of %s", name);
	buf_free(&left);
	buf_free(&right);
}

static int parts_as_read(Bench *bench)
{
	int n, made = 0;
	const CasePart *part = case_parts(CASE_RUN, &n);
	for (int i = 0; i < n; i++) {
		const PartRows *rows = case_made(bench->file, &part[i]);
		PartRows read;
		if (rows == NULL)
			continue;
		made++;
		ck_assert_int_eq(case_part_read(case_database(bench->file), &part[i], RUN, false,
			&bench->arena, &read), STATUS_OK);
		ck_assert_msg(rows->rows == read.rows, "%s: %lld rows made, %lld read", part[i].name,
			(long long)rows->rows, (long long)read.rows);
		ck_assert_int_eq(rows->ncolumns, read.ncolumns);
		ck_assert_msg(merkle_same(&rows->root, &read.root), "root of %s", part[i].name);
		same_entries(rows, &read, part[i].name);
		part_rows_free(&read);
	}
	return made;
}

/* All six tables that have very many rows, with a second thread and without one. */
START_TEST(what_is_hashed_is_what_is_read_back)
{
	Bench bench;
	begin(&bench);
	put_findings(&bench);
	put_lines(&bench);
	if (_i == 1)
		case_close_findings(bench.file);
	put_figures(&bench, _i == 1);
	ck_assert_int_eq(case_totals(bench.file), STATUS_OK);
	ck_assert_int_eq(parts_as_read(&bench), 6);
	end(&bench);
}
END_TEST

/* Without a row the trees are empty, and no table need be there. */
START_TEST(nothing_found_is_an_empty_tree)
{
	Bench bench;
	begin(&bench);
	ck_assert_int_eq(case_bank_begin(bench.file), STATUS_OK);
	put_figures(&bench, false);
	ck_assert_int_eq(case_totals(bench.file), STATUS_OK);
	ck_assert_int_eq(parts_as_read(&bench), 6);
	end(&bench);
}
END_TEST

/* A run that is added numbers its rows behind those that are there, and proves its own alone. */
START_TEST(a_second_run_has_leaves_of_its_own)
{
	Bench bench;
	begin(&bench);
	put_findings(&bench);
	ck_assert_int_eq(case_commit(bench.file), STATUS_OK);
	ck_assert_int_eq(case_create(bench.path, &bench.diags, &bench.file), STATUS_OK);
	Finding f = finding(&bench, 3);
	ck_assert_int_eq(case_finding(bench.file, STR("S"), &bench.book, &f), STATUS_OK);
	ck_assert_int_eq(case_totals(bench.file), STATUS_OK);
	const CasePart *part = case_part_named(STR("finding"));
	const PartRows *rows = case_made(bench.file, part);
	PartRows read;
	ck_assert_int_eq(case_part_read(case_database(bench.file), part, STR("S"), false, &bench.arena,
		&read), STATUS_OK);
	ck_assert_int_eq(read.rows, 1);
	ck_assert(merkle_same(&rows->root, &read.root));
	part_rows_free(&read);
	end(&bench);
	unlink(bench.path);
}
END_TEST

/* ---- trees ---- */

/* An entry for 64 rows, and yet the root over all of them. */
START_TEST(steps_have_the_root_over_all_rows)
{
	static const int count[] = {0, 1, 2, 63, 64, 65, 128, 129, 191, 193, 256, 257, 320};
	int n = count[_i];
	MerkleHash leaf[320];
	CaseLeaves leaves;
	Arena arena = {0};
	PartRows rows = {.rows = 0};
	case_leaves_begin(&leaves, 1, 64, &arena);
	for (int i = 0; i < n; i++) {
		const uint8_t column = (uint8_t)i;
		leaf[i] = merkle_leaf((Str){(const char *)&i, sizeof i});
		ck_assert_int_eq(case_leaves_at_entry(&leaves), i % 64 == 0);
		case_leaves_add(&leaves, STR("name"), &leaf[i], &column);
	}
	case_leaves_end(&leaves, &rows);
	MerkleHash wanted = merkle_root_of(leaf, (size_t)n);
	ck_assert(merkle_same(&rows.root, &wanted));
	ck_assert_int_eq(rows.rows, n);
	ck_assert_uint_eq(rows.entry.n, (size_t)(n + 63) / 64);
	part_rows_free(&rows);
	arena_free(&arena);
}
END_TEST

/* Names that begin alike in their first eight bytes, and one that is the beginning of another. */
START_TEST(leaves_go_by_name)
{
	static const char *const name[] = {"provider b", "provider", "z", "provider a", "", "provide"};
	static const char *const sorted[] = {"", "provide", "provider", "provider a", "provider b", "z"};
	const uint8_t column = 0;
	CaseLeaves leaves;
	Arena arena = {0};
	PartRows rows = {.rows = 0};
	case_leaves_begin(&leaves, 1, 1, &arena);
	for (int i = 0; i < 6; i++) {
		MerkleHash leaf = merkle_leaf(str_of(name[i]));
		case_leaves_add(&leaves, str_of(name[i]), &leaf, &column);
	}
	case_leaves_end(&leaves, &rows);
	for (int i = 0; i < 6; i++)
		ck_assert(str_eq(rows.entry.at[i].name, str_of(sorted[i])));
	part_rows_free(&rows);
	arena_free(&arena);
}
END_TEST

/* ---- cells ---- */

START_TEST(a_row_is_hashed_as_its_text)
{
	CaseCell cell[] = {cell_text(STR("a;")), cell_int(INT64_MIN), cell_int(0), cell_some(STR("")),
		cell_text((Str){NULL, 0}), cell_bytes("\0\1", 2)};
	static const char text[] = "t2:a;;i-9223372036854775808;i0;n;t0:;x2:\0\1;";
	Arena arena = {0};
	Buf scratch = {0};
	CaseRow row = {.cell = cell};
	case_row_seal(&row, 6, &arena, &scratch);
	MerkleHash wanted = merkle_leaf((Str){text, sizeof text - 1});
	ck_assert(merkle_same(&row.leaf, &wanted));
	ck_assert_int_eq(row.column[3], case_row_byte(STR("n;")));
	buf_free(&scratch);
	arena_free(&arena);
}
END_TEST

/* 200 bytes, and no character of two bytes is cut in half. */
START_TEST(names_are_shown)
{
	Buf buf = {0}, text = {0};
	CaseCell cell[] = {cell_text(STR("P1\x1f")), cell_some(STR("")), cell_int(-4), cell_text(STR(""))};
	ck_assert(str_eq(case_row_name(&buf, cell, 4), STR("P1  -4")));
	buf_pad(&text, 'x', 199);
	buf_puts(&text, "\xc3\xa9");
	cell[0] = cell_text(buf_view(&text));
	ck_assert_uint_eq(case_row_name(&buf, cell, 1).len, 199);
	cell[0].of.s.len = 199;
	ck_assert_uint_eq(case_row_name(&buf, cell, 1).len, 199);
	buf_free(&buf);
	buf_free(&text);
}
END_TEST

Suite *case_put_suite(void)
{
	Suite *suite = suite_create("case_put");
	TCase *tests = tcase_create("rows");
	tcase_add_loop_test(tests, what_is_hashed_is_what_is_read_back, 0, 2);
	tcase_add_test(tests, nothing_found_is_an_empty_tree);
	tcase_add_test(tests, a_second_run_has_leaves_of_its_own);
	tcase_add_loop_test(tests, steps_have_the_root_over_all_rows, 0, 13);
	tcase_add_test(tests, leaves_go_by_name);
	tcase_add_test(tests, a_row_is_hashed_as_its_text);
	tcase_add_test(tests, names_are_shown);
	suite_add_tcase(suite, tests);
	return suite;
}
