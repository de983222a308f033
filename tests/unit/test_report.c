/*
 * Layout of reports, and reading back a case file that was written by hand.
 *
 *   layout      columns, sums, harmless text: no case file needed
 *   case file   written here through interp/casefile.h, read back and listed in each format
 *
 * The hand-made case has what is awkward: two ids that share many characters, a
 * message that a spreadsheet would run, a sum below zero, a finding without a
 * sum, a reason with "; " in it.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report/casereader.h"
#include "report/explain.h"
#include "report/layout.h"
#include "report/list.h"
#include "report/summary.h"

Suite *report_suite(void);

/* ---- layout ---- */

/* Compares and empties, so that one buffer serves a whole test. */
#define CHECK_TEXT(buf, expected)                                                                 \
	do {                                                                                          \
		buf_puts(&(buf), "");                                                                     \
		ck_assert_str_eq((buf).at, (expected));                                                   \
		buf_clear(&(buf));                                                                        \
	} while (0)

/*
 * Text of the data may hold escapes that repaint a terminal, forge lines or
 * turn the direction of writing; it is shown as numbers, never dropped.
 */
START_TEST(clean_makes_harmless)
{
	Buf buf = {0};
	layout_clean(&buf, STR("Smith\x1b[2J\x07"));
	CHECK_TEXT(buf, "Smith\\x1b[2J\\x07");
	layout_clean(&buf, STR("two\nlines\tand\rmore"));
	CHECK_TEXT(buf, "two lines and more");
	layout_clean(&buf, STR("PR1\x1f" "2025-09-01"));
	CHECK_TEXT(buf, "PR1, 2025-09-01");
	layout_clean(&buf, STR("caf\xc3\xa9 \xff\xc3"));
	CHECK_TEXT(buf, "café \\xff\\xc3");
	layout_clean(&buf, (Str){"a\0b", 3});
	CHECK_TEXT(buf, "a\\x00b");
	/* C1 controls and the marks that turn the direction of writing */
	layout_clean(&buf, STR("\xc2\x9bx\xe2\x80\xaey"));
	CHECK_TEXT(buf, "\\xc2\\x9bx\\xe2\\x80\\xaey");
	layout_clean(&buf, STR("£5.65 – “yes”"));
	CHECK_TEXT(buf, "£5.65 – “yes”");
	layout_clean(&buf, (Str){NULL, 0});
	CHECK_TEXT(buf, "");
	buf_free(&buf);
}
END_TEST

static void wrap(Buf *buf, const char *text, int indent, int width)
{
	layout_wrap(buf, str_of(text), indent, width);
}

/*
 * The width exactly and one less; a word longer than the line; no room at all
 * must still end.
 */
START_TEST(wrap_at_blanks)
{
	Buf buf = {0};
	wrap(&buf, "one two three", 0, 7);
	CHECK_TEXT(buf, "one two\nthree\n");
	wrap(&buf, "one two three", 0, 6);
	CHECK_TEXT(buf, "one\ntwo\nthree\n");
	wrap(&buf, "one two", 2, 9);
	CHECK_TEXT(buf, "  one two\n");
	wrap(&buf, "one two", 2, 8);
	CHECK_TEXT(buf, "  one\n  two\n");
	wrap(&buf, "abcdefghij", 0, 4);
	CHECK_TEXT(buf, "abcd\nefgh\nij\n");
	wrap(&buf, "££££ ££", 0, 4);
	CHECK_TEXT(buf, "££££\n££\n");
	wrap(&buf, "as it is, however long", 1, 0);
	CHECK_TEXT(buf, " as it is, however long\n");
	wrap(&buf, "", 2, 10);
	CHECK_TEXT(buf, "  \n");
	wrap(&buf, "ab", 5, 3); /* no room at all: still ends */
	CHECK_TEXT(buf, "     a\n     b\n");
	buf_free(&buf);
}
END_TEST

/* £ is two bytes and one column. */
START_TEST(pad_and_cut_by_columns)
{
	Buf buf = {0};
	layout_pad(&buf, STR("£5"), 4, true);
	CHECK_TEXT(buf, "  £5");
	layout_pad(&buf, STR("£5"), 4, false);
	CHECK_TEXT(buf, "£5  ");
	layout_pad(&buf, STR("long"), 2, false);
	CHECK_TEXT(buf, "long");
	layout_cut(&buf, STR("abcdef"), 6);
	CHECK_TEXT(buf, "abcdef");
	layout_cut(&buf, STR("abcdef"), 5);
	CHECK_TEXT(buf, "abcd…");
	layout_cut(&buf, STR("abc def"), 5);
	CHECK_TEXT(buf, "abc…");
	buf_free(&buf);
}
END_TEST

/*
 * S80, S81: whole pence, more places where needed, a fraction that has no end,
 * and what is no figure.
 */
START_TEST(numbers_and_sums)
{
	Buf buf = {0};
	layout_number(&buf, 999);
	CHECK_TEXT(buf, "999");
	layout_number(&buf, 1000);
	CHECK_TEXT(buf, "1,000");
	layout_number(&buf, -1234567);
	CHECK_TEXT(buf, "-1,234,567");
	layout_pence(&buf, 0);
	CHECK_TEXT(buf, "£0.00");
	layout_pence(&buf, 1);
	CHECK_TEXT(buf, "£0.01");
	layout_pence(&buf, -300);
	CHECK_TEXT(buf, "-£3.00");
	layout_pence(&buf, 123456789);
	CHECK_TEXT(buf, "£1,234,567.89");
	layout_exact(&buf, STR("113/20"));
	CHECK_TEXT(buf, "£5.65");
	layout_exact(&buf, STR("22590/4000"));
	CHECK_TEXT(buf, "£5.6475");
	layout_exact(&buf, STR("-10/3"));
	CHECK_TEXT(buf, "-£3.333333…, exactly -£10/3");
	layout_exact(&buf, STR("12"));
	CHECK_TEXT(buf, "£12.00");
	layout_exact(&buf, STR("nonsense"));
	CHECK_TEXT(buf, "nonsense");
	layout_plural(&buf, 1, "row", "rows");
	CHECK_TEXT(buf, "1 row");
	layout_plural(&buf, 0, "row", "rows");
	CHECK_TEXT(buf, "0 rows");
	layout_day(&buf, STR("2025-09-01"));
	CHECK_TEXT(buf, "1 September 2025");
	layout_day(&buf, STR("soon"));
	CHECK_TEXT(buf, "soon");
	buf_free(&buf);
}
END_TEST

/* What is damaged in a case file is refused and not taken for 0. */
START_TEST(exact_sums_are_read)
{
	Ratio sum;
	ck_assert(layout_ratio(STR("-941/100"), &sum));
	ck_assert(sum.n == -941 && sum.d == 100);
	ck_assert(layout_ratio(STR("10/4"), &sum));
	ck_assert(sum.n == 5 && sum.d == 2);
	ck_assert(!layout_ratio(STR("1/0"), &sum));
	ck_assert(!layout_ratio(STR(""), &sum));
	ck_assert(!layout_ratio(STR("/2"), &sum));
	ck_assert(!layout_ratio(STR("1/"), &sum));
}
END_TEST

/* A count of 0 is an empty cell, without blanks behind it. */
START_TEST(tables_line_up)
{
	static const LayoutColumn column[] = {{"name", false, 0}, {"rows", true, 0}};
	Arena arena = {0};
	Buf buf = {0};
	LayoutTable table;
	layout_begin(&table, &arena, column, 2);
	layout_cell(&table, STR("visit"));
	layout_count_cell(&table, 12345);
	layout_cell(&table, STR("£"));
	layout_count_cell(&table, 0);
	layout_end(&table, &buf, 0);
	CHECK_TEXT(buf, "  name     rows\n  visit  12,345\n  £\n");
	buf_free(&buf);
	arena_free(&arena);
}
END_TEST

/* Only the column that may. */
START_TEST(tables_shrink_and_wrap)
{
	static const LayoutColumn column[] = {{NULL, false, 0}, {NULL, false, 5}};
	Arena arena = {0};
	Buf buf = {0};
	LayoutTable table;
	layout_begin(&table, &arena, column, 2);
	layout_cell(&table, STR("keep me"));
	layout_cell(&table, STR("words that wrap"));
	layout_cell(&table, STR("b"));
	layout_cell(&table, STR("x"));
	layout_end(&table, &buf, 20);
	CHECK_TEXT(buf, "  keep me  words\n           that wrap\n  b        x\n");
	buf_free(&buf);
	arena_free(&arena);
}
END_TEST

/*
 * A long title above two figures must not make its column wide; a spanning line
 * has no part in widths.
 */
START_TEST(titles_of_figures_wrap)
{
	static const LayoutColumn column[] = {{"a rule", false, 0}, {"not assessed", true, 0},
		{"all", true, 0}};
	Arena arena = {0};
	Buf buf = {0};
	LayoutTable table;
	layout_begin(&table, &arena, column, 3);
	table.indent = 0;
	layout_span(&table, STR("town/care, which is a long name"));
	layout_cell(&table, STR("V1"));
	layout_count_cell(&table, 7);
	layout_count_cell(&table, 7);
	layout_end(&table, &buf, 0);
	CHECK_TEXT(buf, "             not\na rule  assessed  all\ntown/care, which is a long name\n"
		"V1             7    7\n");
	buf_free(&buf);
	arena_free(&arena);
}
END_TEST

/* Kinds and keys are paired only where there are as many of each. */
START_TEST(subjects)
{
	Buf buf = {0};
	layout_subject(&buf, STR("visit"), STR("VS1"));
	CHECK_TEXT(buf, "visit VS1");
	layout_subject(&buf, STR("provision, week"), STR("PR1, 2025-09-01"));
	CHECK_TEXT(buf, "provision PR1, week 2025-09-01");
	layout_subject(&buf, STR("visit"), STR("VS1, 2"));
	CHECK_TEXT(buf, "visit VS1, 2");
	layout_subject(&buf, STR("provider, week"), STR("?"));
	CHECK_TEXT(buf, "provider, week ?");
	layout_subject(&buf, STR(""), STR(""));
	CHECK_TEXT(buf, "");
	buf_free(&buf);
}
END_TEST

/* ---- a case file ---- */

#define RUN "RUN0000000000001"

static char case_path[64];

/*
 * Ids by their first bytes; the rest is the same, so that some share many
 * characters. A finding of the first day that matters here: 2025-09-01.
 */
static Finding finding(int rule, Verdict verdict, uint8_t first, uint8_t last, const char *key)
{
	Finding f = {.rule = rule, .verdict = verdict, .dataset = STR("visit"), .key = str_of(key),
		.provider = STR("P1"), .on = 20332, .evidence = STR("[[]]")};
	f.id[0] = first;
	f.id[15] = last;
	return f;
}

/* Not in the order in which they are to be listed. */
static void write_findings(CaseFile *file, const Rulebook *book)
{
	Finding f = finding(0, VERDICT_FAIL, 0x10, 0, "VS2");
	f.message = STR("Declared 30 minutes; the care log supports 15 minutes");
	f.has_stake = f.stake_known = true;
	ck_assert(ratio_make(56475, 10000, &f.stake));
	f.assumed = STR("rounding quarter_hour: not published; parameter floor: said; guessed");
	f.evidence = STR("[[\"VS2\"],[4,\"30 minutes\",0],[2,\"15 minutes\",null,"
		"\"16 minutes before\"]]");
	Label declared = {.number = 4, .name = STR("visit.declared"), .table = STR("visits"),
		.column = STR("declared")};
	Label rounded = {.number = 2, .name = STR("quarter_hour(visit.logged)")};
	case_label(file, book, &declared);
	case_label(file, book, &rounded);
	case_label(file, book, &declared);
	ck_assert_int_eq(case_finding(file, STR(RUN), book, &f), STATUS_OK);
	f = finding(0, VERDICT_FAIL, 0x10, 0x10, "VS1");
	f.message = STR("=cmd|' /C calc'!A0");
	f.has_stake = f.stake_known = true;
	f.stake = (Ratio){-3, 1};
	ck_assert_int_eq(case_finding(file, STR(RUN), book, &f), STATUS_OK);
	f = finding(1, VERDICT_NOT_ASSESSED, 0x20, 0, "VS1");
	f.missing = STR("log.check_out of log L1 is missing");
	ck_assert_int_eq(case_finding(file, STR(RUN), book, &f), STATUS_OK);
	f = finding(1, VERDICT_CONFLICT, 0x30, 0, "VS9");
	ck_assert_int_eq(case_finding(file, STR(RUN), book, &f), STATUS_OK);
}

static void write_case(void)
{
	Rule rule[2] = {{.decl.name = STR("V1")}, {.decl.name = STR("V2")}};
	Rulebook book = {.contract.decl.name = STR("hampshire/ccsh"),
		.contract.version = STR("2025.1"), .rule = rule, .nrules = 2, .nexprs = 2};
	Arena arena = {0};
	Diags diags;
	CaseFile *file;
	diags_init(&diags, &arena, NULL);
	snprintf(case_path, sizeof case_path, "report-%ld.db", (long)getpid());
	unlink(case_path);
	ck_assert_int_eq(case_create(case_path, &diags, &file), STATUS_OK);
	CaseRun run = {.run_id = STR(RUN), .contract = STR("hampshire/ccsh"), .version = STR("2025.1"),
		.title = STR("Care"), .council = STR("Hampshire"), .rulebook_sha256 = STR("aa"),
		.data_sha256 = STR("bb"), .from = 20206, .to = 20570, .known_on = LAST_DAY,
		.program = STR("vouch 0"), .rows_read = 20};
	ck_assert_int_eq(case_run(file, &run), STATUS_OK);
	CaseRule v1 = {.contract = STR("hampshire/ccsh"), .rule = STR("V1"), .title = STR("Too long"),
		.clause = STR("rules, Rounding"), .severity = STR("major"), .version = STR("2025.1"),
		.path = STR("a.vouch"), .line = 3, .text = STR("rule V1 \"Too long\"\n  on visit.date")};
	v1.count = (FastCount){.seen = 5, .verdict = {3, 2, 0, 0, 0}};
	CaseRule v2 = v1;
	v2.rule = STR("V2");
	v2.count = (FastCount){.seen = 2, .verdict = {0, 0, 1, 0, 1}};
	ck_assert_int_eq(case_rule(file, STR(RUN), &v1), STATUS_OK);
	ck_assert_int_eq(case_rule(file, STR(RUN), &v2), STATUS_OK);
	write_findings(file, &book);
	DataCount count = {.dataset = STR("visit"), .table = STR("visits"), .read = 20, .held = 19,
		.rejected_rows = 1};
	CaseClaim claim = {565, 300, 1};
	ck_assert_int_eq(case_dataset(file, STR(RUN), &count), STATUS_OK);
	ck_assert_int_eq(case_claim(file, STR(RUN), &claim), STATUS_OK);
	ck_assert_int_eq(case_commit(file), STATUS_OK);
	arena_free(&arena);
}

/* What the tests of a case file share. */
static Arena memory;
static Diags told;
static CaseReader *reader;

/* For each test anew: Check runs them in processes of their own. */
static void open_case(void)
{
	write_case();
	memory = (Arena){0};
	diags_init(&told, &memory, NULL);
	reader = NULL;
	ck_assert_int_eq(casereader_open(case_path, &told, &reader), STATUS_OK);
}

static void close_case(void)
{
	casereader_close(reader);
	vec_free(&told.list);
	arena_free(&memory);
	unlink(case_path);
}

/* The text that a writer of lists gives. */
static char *listed(ListWriter *writer, const FindingFilter *filter, int width)
{
	char *text = NULL;
	size_t n = 0;
	FindingList list = {0};
	ListOptions options = {open_memstream(&text, &n), width, NULL};
	ck_assert_int_eq(casereader_select(reader, filter, &list), STATUS_OK);
	ck_assert_int_eq(writer(reader, filter->run, &list, &options), STATUS_OK);
	fclose(options.out);
	vec_free(&list);
	return text;
}

/* No prefix is the newest run. */
START_TEST(runs_by_prefix)
{
	Str run;
	ck_assert_int_eq(casereader_run(reader, STR(""), &run), STATUS_OK);
	ck_assert(str_eq(run, STR(RUN)));
	ck_assert_int_eq(casereader_run(reader, STR("run"), &run), STATUS_OK);
	ck_assert_int_eq(casereader_run(reader, STR("X"), &run), STATUS_WRONG);
	ck_assert_uint_eq(told.list.n, 1);
}
END_TEST

/*
 * Ids are read from paper: O for 0 and small letters; a prefix of two findings
 * is refused.
 */
START_TEST(findings_by_prefix)
{
	int64_t row = 0;
	ReadFinding found;
	ck_assert_int_eq(casereader_find(reader, STR("4"), STR(""), &row), STATUS_OK);
	ck_assert_int_eq(casereader_finding(reader, row, &found), STATUS_OK);
	ck_assert(str_eq(found.rule, STR("V2")));
	/* O stands for 0, and small letters will do. */
	ck_assert_int_eq(casereader_find(reader, STR("4oo"), STR("")  , &row), STATUS_OK);
	ck_assert_int_eq(casereader_find(reader, STR("20"), STR(""), &row), STATUS_WRONG);
	ck_assert(strstr(told.list.at[0].message.ptr, "more than one") != NULL);
	ck_assert_int_eq(casereader_find(reader, STR("Z"), STR(""), &row), STATUS_WRONG);
	ck_assert_int_eq(casereader_find(reader, STR("4"), STR("NONE"), &row), STATUS_WRONG);
}
END_TEST

/* Ten characters unless two findings would look alike. */
START_TEST(short_ids_grow_where_shared)
{
	Str one = STR("2000000000000000000000000"), other = STR("4000000000000000000000000");
	ck_assert_uint_eq(casereader_short_id(reader, other).len, 10);
	ck_assert_uint_gt(casereader_short_id(reader, one).len, 10);
}
END_TEST

/*
 * A rule that does not exist is a slip, and is answered with those that do; a
 * provider may have none.
 */
START_TEST(filters)
{
	FindingFilter filter = {.run = STR(RUN), .verdict = STR("fail")};
	FindingList list = {0};
	ck_assert_int_eq(casereader_select(reader, &filter, &list), STATUS_OK);
	ck_assert_uint_eq(list.n, 2);
	list.n = 0;
	filter.provider = STR("P2");
	ck_assert_int_eq(casereader_select(reader, &filter, &list), STATUS_OK);
	ck_assert_uint_eq(list.n, 0);
	filter.rule = STR("V3");
	ck_assert_int_eq(casereader_select(reader, &filter, &list), STATUS_WRONG);
	ck_assert(strstr(told.list.at[0].help.ptr, "V1") != NULL);
	vec_free(&list);
}
END_TEST

/*
 * By subject, without blanks at line ends, and with the message below where
 * there is no room.
 */
START_TEST(list_as_text)
{
	FindingFilter filter = {.run = STR(RUN)};
	char *text = listed(list_text, &filter, 0);
	ck_assert(strstr(text, "V1    failed        2025-09-01  P1        visit VS1    -£3.00  =cmd")
		!= NULL);
	ck_assert(strstr(text, "visit VS2     £5.65  Declared 30 minutes; the care log") != NULL);
	ck_assert(strstr(text, "4 findings: 2 failed, 1 not assessed, 1 conflict\n") != NULL);
	ck_assert(strstr(text, "VS1") < strstr(text, "VS2"));
	ck_assert(strstr(text, " \n") == NULL);
	free(text);
	text = listed(list_text, &filter, 60);
	ck_assert(strstr(text, "\n    Declared 30 minutes; the care log") != NULL);
	free(text);
	filter.provider = STR("nobody");
	text = listed(list_text, &filter, 0);
	ck_assert_str_eq(text, "0 findings\n");
	free(text);
}
END_TEST

/* The formula is disarmed, the negative sum stays a number. */
START_TEST(list_as_csv)
{
	FindingFilter filter = {.run = STR(RUN)};
	char *text = listed(csv_findings, &filter, 0);
	ck_assert(strncmp(text, "\"finding_id\",\"run_id\",", 22) == 0);
	ck_assert(strstr(text, "\"'=cmd|' /C calc'!A0\",\"-300\",\"-3\"") != NULL);
	ck_assert(strstr(text, ",\"565\",\"2259/400\",") != NULL);
	ck_assert(strstr(text, "\"\r\n") != NULL);
	free(text);
}
END_TEST

/* No time of day in it: the same run gives the same bytes (law 8). */
START_TEST(list_as_json)
{
	FindingFilter filter = {.run = STR(RUN)};
	char *text = listed(json_findings, &filter, 0);
	ck_assert(strstr(text, "\"run\":{\"run_id\":\"" RUN "\"") != NULL);
	ck_assert(strstr(text, "\"at_stake_pence\":565,\"at_stake_exact\":\"2259/400\"") != NULL);
	ck_assert(strstr(text, "\"evidence\":[{\"name\":\"visit.declared\",\"value\":\"30 minutes\","
		"\"table\":\"visits\",\"key\":\"VS2\",\"column\":\"declared\"},{\"name\":"
		"\"quarter_hour(visit.logged)\",\"value\":\"15 minutes\",\"note\":") != NULL);
	ck_assert(strstr(text, "\"message\":null") != NULL);
	ck_assert(strstr(text, "started") == NULL);
	free(text);
	filter.provider = STR("nobody");
	text = listed(json_findings, &filter, 0);
	ck_assert(strstr(text, "\"findings\":[]}\n") != NULL);
	free(text);
}
END_TEST

/* One text of the case file, as somebody with another tool would ask for it. */
static void check_sql(const char *sql, const char *wanted)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;
	ck_assert_int_eq(sqlite3_open(case_path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
	const char *text = (const char *)sqlite3_column_text(stmt, 0);
	ck_assert_str_eq(text == NULL ? "NULL" : text, wanted);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
}

/* What is kept once for many findings comes back in the views, where docs/case-file.md has it. */
START_TEST(views_spell_out_what_is_kept_once)
{
	check_sql("SELECT count(*) FROM finding", "4");
	check_sql("SELECT group_concat(name || '=' || value, ' ') FROM evidence",
		"visit.declared=30 minutes quarter_hour(visit.logged)=15 minutes");
	check_sql("SELECT source_table || ' ' || source_key || ' ' || source_column FROM evidence"
		" WHERE ord = 0", "visits VS2 declared");
	check_sql("SELECT source_key FROM evidence WHERE ord = 1", "NULL");
	check_sql("SELECT note FROM evidence WHERE ord = 1", "16 minutes before");
	check_sql("SELECT dataset || ' ' || run_id || ' ' || contract || ' ' || rule || ' ' || title"
		" FROM finding WHERE subject_key = 'VS9'", "visit " RUN " hampshire/ccsh V2 Too long");
	check_sql("SELECT assumed FROM finding WHERE subject_key = 'VS2'", "rounding quarter_hour: not"
		" published; parameter floor: said; guessed");
	check_sql("SELECT assumed FROM finding WHERE subject_key = 'VS9'", "NULL");
	check_sql("SELECT length(content) FROM finding WHERE subject_key = 'VS9'", "32");
}
END_TEST

/* Over and under apart (S70), exact until they are shown (S82). */
START_TEST(totals)
{
	ReadRules rules;
	ReadAssumptions assumed;
	ck_assert_int_eq(casereader_rules(reader, STR(RUN), &rules), STATUS_OK);
	ck_assert_int_eq(casereader_totals(reader, STR(RUN), &rules, &assumed), STATUS_OK);
	ck_assert(ratio_cmp(rules.at[0].over, (Ratio){2259, 400}) == 0);
	ck_assert(ratio_cmp(rules.at[0].under, (Ratio){3, 1}) == 0);
	ck_assert_int_eq(assumed.findings, 1);
	ck_assert_uint_eq(assumed.n, 2);
	/* A reason may hold what joins them. */
	ck_assert(str_eq(assumed.at[0].what, STR("parameter floor: said; guessed")));
}
END_TEST

START_TEST(summary)
{
	Buf text = {0};
	SummaryOptions options = {"my case.db", false, 0};
	ck_assert_int_eq(summary_print(reader, STR(RUN), &options, &text), STATUS_OK);
	ck_assert(strstr(text.at, "Audit from 28 April 2025 to 27 April 2026 (run " RUN ")") != NULL);
	ck_assert(strstr(text.at, "\n  visit        visits    20      19         1       0      0\n")
		!= NULL);
	ck_assert(strstr(text.at, "£5.65 -£3.00") != NULL);
	ck_assert(strstr(text.at, "counted once: £5.65 claimed beyond what the evidence supports;"
		" £3.00\nowed to providers; and 1 finding without a sum\n") != NULL);
	ck_assert(strstr(text.at, "vouch findings 'my case.db' --rule V1\n") != NULL);
	ck_assert(strstr(text.at, "1 finding rests on figures") != NULL);
	buf_free(&text);
}
END_TEST

/*
 * Law 12 on one page, without colour when it was not asked for; and the other
 * one says whom to ask.
 */
START_TEST(explained)
{
	Buf text = {0};
	int64_t row;
	ExplainOptions options = {90, false};
	FindingFilter filter = {.run = STR(RUN)};
	FindingList list = {0};
	ck_assert_int_eq(casereader_select(reader, &filter, &list), STATUS_OK);
	row = list.at[1];
	ck_assert_int_eq(explain_print(reader, row, &options, &text), STATUS_OK);
	ck_assert(strstr(text.at, "V1 Too long\nfailed, major: visit VS2, provider P1, on 1 September"
		" 2025\n") != NULL);
	ck_assert(strstr(text.at, "    rule V1 \"Too long\"\n      on visit.date\n") != NULL);
	ck_assert(strstr(text.at, "visits VS2, declared") != NULL);
	ck_assert(strstr(text.at, "£5.65 claimed beyond what is supported; before rounding to the"
		" nearest penny, halves\n  away from zero: £5.6475\n") != NULL);
	ck_assert(strstr(text.at, "  parameter floor: said; guessed\n") != NULL);
	ck_assert(strstr(text.at, "\033") == NULL);
	buf_clear(&text);
	ck_assert_int_eq(casereader_find(reader, STR("4"), STR(""), &row), STATUS_OK);
	ck_assert_int_eq(explain_print(reader, row, &options, &text), STATUS_OK);
	ck_assert(strstr(text.at, "not assessed, major: visit VS1") != NULL);
	ck_assert(strstr(text.at, "log.check_out of log L1 is missing") != NULL);
	ck_assert(strstr(text.at, "To settle it, ask provider P1") != NULL);
	vec_free(&list);
	buf_free(&text);
}
END_TEST

/* Absent, a text, empty: SQLite takes an empty file for a database. */
START_TEST(other_files_are_refused)
{
	CaseReader *other = NULL;
	ck_assert_int_eq(casereader_open("no-such-file.db", &told, &other), STATUS_WORLD);
	FILE *file = fopen("not-a-case.txt", "w");
	fputs("this is a text, and a rather long one, so that it cannot pass for a database\n", file);
	fclose(file);
	ck_assert_int_eq(casereader_open("not-a-case.txt", &told, &other), STATUS_WORLD);
	file = fopen("not-a-case.txt", "w"); /* an empty file is an empty database */
	fclose(file);
	ck_assert_int_eq(casereader_open("not-a-case.txt", &told, &other), STATUS_WORLD);
	unlink("not-a-case.txt");
	ck_assert_uint_eq(told.list.n, 3);
	ck_assert_ptr_null(other);
}
END_TEST

Suite *report_suite(void)
{
	Suite *suite = suite_create("report");
	TCase *layout = tcase_create("layout"), *files = tcase_create("case file");
	tcase_add_test(layout, clean_makes_harmless);
	tcase_add_test(layout, wrap_at_blanks);
	tcase_add_test(layout, pad_and_cut_by_columns);
	tcase_add_test(layout, numbers_and_sums);
	tcase_add_test(layout, exact_sums_are_read);
	tcase_add_test(layout, tables_line_up);
	tcase_add_test(layout, tables_shrink_and_wrap);
	tcase_add_test(layout, titles_of_figures_wrap);
	tcase_add_test(layout, subjects);
	suite_add_tcase(suite, layout);
	tcase_add_checked_fixture(files, open_case, close_case);
	tcase_add_test(files, runs_by_prefix);
	tcase_add_test(files, findings_by_prefix);
	tcase_add_test(files, short_ids_grow_where_shared);
	tcase_add_test(files, filters);
	tcase_add_test(files, list_as_text);
	tcase_add_test(files, list_as_csv);
	tcase_add_test(files, list_as_json);
	tcase_add_test(files, views_spell_out_what_is_kept_once);
	tcase_add_test(files, totals);
	tcase_add_test(files, summary);
	tcase_add_test(files, explained);
	tcase_add_test(files, other_files_are_refused);
	suite_add_tcase(suite, files);
	return suite;
}
