/*
 * The formatter: the same tree, the same comments, and nothing to do the second time.
 *
 * check_layout does the three at once for any text, so most tests are a text
 * before and after. The worst mistake of a formatter is to change what a rule
 * means: the tree is compared every time.
 */
#include <check.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dsl/format.h"
#include "dsl/parse.h"

Suite *format_suite(void);

/* Several texts in one set of sources: the text given and the text laid out. */
typedef struct Bench {
	Arena arena;
	Sources sources;
	Diags diags;
} Bench;

static Ast *parse(Bench *bench, const char *text)
{
	Str copy = str_copy(&bench->arena, str_of(text));
	*vec_push(&bench->sources.file) = (Source){.path = STR("test.vouch"), .text = copy};
	bench->diags.list.n = bench->diags.errors = 0;
	Ast *tree = parse_file(&bench->arena, &bench->sources, (int32_t)bench->sources.file.n - 1,
		&bench->diags);
	Buf said = {0};
	diags_print(&bench->diags, &said, false);
	ck_assert_msg(bench->diags.errors == 0, "%s", said.at == NULL ? "" : said.at);
	buf_free(&said);
	return tree;
}

static void bench_begin(Bench *bench)
{
	*bench = (Bench){0};
	bench->sources.arena = &bench->arena;
	diags_init(&bench->diags, &bench->arena, &bench->sources);
}

static void bench_end(Bench *bench)
{
	vec_free(&bench->sources.file);
	vec_free(&bench->diags.list);
	arena_free(&bench->arena);
}

/* `expected` is NULL where only the promises matter, not the exact layout. */
static void check_layout(const char *given, const char *expected)
{
	Bench bench;
	Buf once = {0}, twice = {0};
	bench_begin(&bench);
	Ast *first = parse(&bench, given);
	format_file(&bench.sources, first, &once);
	if (expected != NULL)
		ck_assert_str_eq(once.at, expected);
	Ast *second = parse(&bench, once.at == NULL ? "" : once.at);
	ck_assert_msg(ast_same(first, second), "the tree differs after formatting:\n%s", once.at);
	format_file(&bench.sources, second, &twice);
	if (once.n > 0)
		ck_assert_str_eq(once.at, twice.at);
	buf_free(&once);
	buf_free(&twice);
	bench_end(&bench);
}

/* So that a rule reads like a form. */
START_TEST(clause_words_of_a_rule_line_up)
{
	check_layout("rule V1 \"Too much\"\n severity major\n   for   each visit\non visit.date\n"
		"require visit.declared<=visit.logged\n",
		"rule V1 \"Too much\"\n"
		"  severity  major\n"
		"  for each  visit\n"
		"  on        visit.date\n"
		"  require   visit.declared <= visit.logged\n");
}
END_TEST

/* Above, behind and below; a comment at the end of a rule stays in it. */
START_TEST(comments_keep_their_places)
{
	check_layout("# about the file\n\n# about the rule\nrule V1 \"T\" # title\n  # why\n"
		"  require yes   # always\n  # last of the rule\n# last of the file\n",
		"# about the file\n\n# about the rule\nrule V1 \"T\"  # title\n  # why\n"
		"  require  yes  # always\n  # last of the rule\n# last of the file\n");
}
END_TEST

/* Cutting there would lose the rest of the message. */
START_TEST(a_hash_in_a_text_is_no_comment)
{
	check_layout("rule V1 \"number #1\"\n  otherwise \"see {count(visit)} # of them\"\n", NULL);
}
END_TEST

/* It binds closer than it reads; beside comparisons and words it reads as it binds. Brackets that are
 * there are not doubled. */
START_TEST(or_else_is_bracketed_beside_arithmetic)
{
	check_layout("rule V1 \"T\"\n"
		"  require a or else b+c<d or else e\n"
		"  at stake -a or else b*(c or else d)-e/f or else g or else h # why\n"
		"parameter p : money\n  from 1 April 2025 £1*q or else £2\n"
		"table t (l : money) : money\n  | l | s |\n  | £1 | 2*l or else £3 |\n",
		"rule V1 \"T\"\n"
		"  require   (a or else b) + c < d or else e\n"
		"  at stake  - (a or else b) * (c or else d) - e / (f or else g or else h)  # why\n"
		"\n"
		"parameter p : money\n  from 1 April 2025  £1 * (q or else £2)\n"
		"\n"
		"table t (l : money) : money\n  | l  | s                  |\n  | £1 | 2 * (l or else £3) |\n");
}
END_TEST

/* Addresses have both; a comment behind a row stays one. */
START_TEST(cells_may_hold_hashes_and_quotes)
{
	check_layout("scenario \"s\"\n  given p\n    | name | n |\n    | Flat #2, \"Elms | 1 | # why\n"
		"    | O'Brien | 2 |\n",
		"scenario \"s\"\n  given p\n    | name           | n |\n    | Flat #2, \"Elms | 1 |  # why\n"
		"    | O'Brien        | 2 |\n");
}
END_TEST

START_TEST(signs_of_word_processors_become_those_of_the_language)
{
	check_layout("example 1 \xE2\x89\xA4 2\n", "example 1 <= 2\n");
	check_layout("example 2 \xC3\x97 2 \xE2\x89\xA0 5\n", "example 2 * 2 <> 5\n");
}
END_TEST

/* -b in brackets keeps them: a--b would be another text. */
/* A no-break space shares its first byte with the pound sign. */
START_TEST(a_no_break_space_is_a_blank)
{
	check_layout("example 1\xC2\xA0< \xC2\xA3" "2\xC2\xA0/ \xC2\xA3" "1\n",
		"example 1 < \xC2\xA3" "2 / \xC2\xA3" "1\n");
}
END_TEST

START_TEST(a_minus_is_a_sign_or_an_operator)
{
	check_layout("example -1 < 2-1 and a-(-b)=-c\n", "example -1 < 2 - 1 and a - (-b) = -c\n");
}
END_TEST

/* No blank may come into 11,048 or 08:30. */
START_TEST(numbers_dates_and_times_stay_whole)
{
	check_layout("example f( 11,048 hours ,2025-04-28,08:30 , \xC2\xA3" "1,234.50 per hour)\n",
		"example f(11,048 hours, 2025-04-28, 08:30, \xC2\xA3" "1,234.50 per hour)\n");
}
END_TEST

/* By columns of the terminal, not bytes. */
START_TEST(rows_get_even_columns)
{
	check_layout("table share (length : duration) : percent\n| length|share |\n| 30 minutes | 60% |\n"
		"|at least 1 hour|100%|\n one row fits\n",
		"table share (length : duration) : percent\n"
		"  | length          | share |\n"
		"  | 30 minutes      | 60%   |\n"
		"  | at least 1 hour | 100%  |\n"
		"  one row fits\n");
}
END_TEST

START_TEST(values_of_a_parameter_line_up)
{
	check_layout("parameter p : money\nfrom 28 April 2025 \xC2\xA3" "1 assumed \"a\"\n"
		"from 6 April 2026 \xC2\xA3" "20 published 2 March 2026\n",
		"parameter p : money\n"
		"  from 28 April 2025  \xC2\xA3" "1                           assumed \"a\"\n"
		"  from 6 April 2026   \xC2\xA3" "20  published 2 March 2026\n");
}
END_TEST

/* Within the width, and to the same tree. */
START_TEST(long_clauses_break_before_and)
{
	char text[400] = "rule V1 \"T\"\n  require a is known";
	for (int i = 0; i < 12; i++)
		strcat(text, " and bbbbbbbbbbbb is known");
	strcat(text, "\n");
	Bench bench;
	Buf out = {0};
	bench_begin(&bench);
	format_file(&bench.sources, parse(&bench, text), &out);
	const char *line = out.at;
	for (const char *end; (end = strchr(line, '\n')) != NULL; line = end + 1)
		ck_assert_int_le(end - line, FORMAT_WIDTH);
	buf_free(&out);
	bench_end(&bench);
	check_layout(text, NULL);
}
END_TEST

/* Also one with only a comment. */
/* The two words are one: the scanner looks for both on a line. */
START_TEST(or_else_stays_together)
{
	char text[400] = "rule V1 \"T\"\n  require (a or else 0 minutes";
	for (int i = 0; i < 8; i++)
		strcat(text, " + bbbbbbbbbbb or else 0 minutes");
	strcat(text, ") > 1 minute\n");
	check_layout(text, NULL);
}
END_TEST

/* The brackets that the grammar sees are written where a reader may see others, and only there. */
START_TEST(or_else_beside_a_sign_gets_brackets)
{
	check_layout("example a or else b+c < 1\n", "example (a or else b) + c < 1\n");
	check_layout("example a*b or else c < 1\n", "example a * (b or else c) < 1\n");
	check_layout("example 1 - x.a or else\n    0 or else y.b / f(c or else d)/e or else 2 > 1\n",
		"example 1 - (x.a or else 0 or else y.b) / f(c or else d) / (e or else 2) > 1\n");
	check_layout("example -a or else b = c\n", "example - (a or else b) = c\n");
	check_layout("example (a or else b) + (c + d) or else e < 1\n",
		"example (a or else b) + ((c + d) or else e) < 1\n");
	check_layout("example a or else b < c or else d\n", "example a or else b < c or else d\n");
	check_layout("example f(a or else b, c) + g(d or else e) < least(h or else i)\n",
		"example f(a or else b, c) + g(d or else e) < least(h or else i)\n");
}
END_TEST

/* In cells, values, messages: where columns are counted, and where nothing is touched. */
START_TEST(or_else_everywhere)
{
	check_layout("table t (length : duration) : money\n| length|pay |\n| 30 minutes | a or else b*2 |\n"
		"| any | b |\n",
		"table t (length : duration) : money\n"
		"  | length     | pay               |\n"
		"  | 30 minutes | (a or else b) * 2 |\n"
		"  | any        | b                 |\n");
	check_layout("parameter p : money\n  throughout q or else r + s\n",
		"parameter p : money\n  throughout  (q or else r) + s\n");
	check_layout("rule V1 \"T\"\n  require a or else b + c > d # why\n  otherwise \"{a or else b + c}\"\n",
		"rule V1 \"T\"\n  require    (a or else b) + c > d  # why\n"
		"  otherwise  \"{a or else b + c}\"\n");
}
END_TEST

START_TEST(an_empty_file_stays_empty)
{
	check_layout("", NULL);
	check_layout("# only this\n", "# only this\n");
}
END_TEST

static void check_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	ck_assert_msg(file != NULL, "%s cannot be opened", path);
	char *text = mem_alloc(1 << 20);
	size_t n = fread(text, 1, (1 << 20) - 1, file);
	fclose(file);
	ck_assert_uint_gt(n, 0);
	check_layout(text, NULL);
	free(text);
}

/* Every rule file that is shipped, and the one that holds the whole language. */
START_TEST(shipped_files_survive)
{
	const char *top = getenv("srcdir") != NULL ? getenv("srcdir") : ".";
	char pattern[4096];
	glob_t found;
	snprintf(pattern, sizeof pattern, "%s/rules/*/*.vouch", top);
	ck_assert_int_eq(glob(pattern, 0, NULL, &found), 0);
	snprintf(pattern, sizeof pattern, "%s/tests/golden/whole-language.vouch", top);
	ck_assert_int_eq(glob(pattern, GLOB_APPEND, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		check_file(found.gl_pathv[i]);
	globfree(&found);
}
END_TEST

Suite *format_suite(void)
{
	Suite *suite = suite_create("format");
	TCase *tests = tcase_create("layout");
	tcase_add_test(tests, clause_words_of_a_rule_line_up);
	tcase_add_test(tests, comments_keep_their_places);
	tcase_add_test(tests, a_hash_in_a_text_is_no_comment);
	tcase_add_test(tests, cells_may_hold_hashes_and_quotes);
	tcase_add_test(tests, signs_of_word_processors_become_those_of_the_language);
	tcase_add_test(tests, a_no_break_space_is_a_blank);
	tcase_add_test(tests, a_minus_is_a_sign_or_an_operator);
	tcase_add_test(tests, numbers_dates_and_times_stay_whole);
	tcase_add_test(tests, rows_get_even_columns);
	tcase_add_test(tests, values_of_a_parameter_line_up);
	tcase_add_test(tests, long_clauses_break_before_and);
	tcase_add_test(tests, or_else_stays_together);
	tcase_add_test(tests, or_else_is_bracketed_beside_arithmetic);
	tcase_add_test(tests, or_else_beside_a_sign_gets_brackets);
	tcase_add_test(tests, or_else_everywhere);
	tcase_add_test(tests, an_empty_file_stays_empty);
	tcase_add_test(tests, shipped_files_survive);
	suite_add_tcase(suite, tests);
	return suite;
}
