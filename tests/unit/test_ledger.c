/*
 * Finding ids and the evidence column.
 *
 * An id is a promise kept over years (S58): what an auditor said of a finding is
 * kept under it. A test that fails here after a change means that every note of
 * every council would lose its finding.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "interp/ledger.h"

Suite *ledger_suite(void);

/*
 * One or two parts of a key; NULL for no second one, which is not the same as
 * an empty one.
 */
static void id_of(uint8_t out[16], const char *contract, const char *rule, const char *kind,
	const char *first, const char *second)
{
	Str part[2] = {str_of(first), str_of(second == NULL ? "" : second)};
	finding_id(out, str_of(contract), str_of(rule), str_of(kind), part, second == NULL ? 1 : 2);
}

/* Nothing but the arguments may go in: no clock, no address, no counter. */
START_TEST(law8_the_same_subject_has_the_same_id)
{
	uint8_t a[16], b[16];
	id_of(a, "hampshire/ccsh", "V1", "visit", "VS1", NULL);
	id_of(b, "hampshire/ccsh", "V1", "visit", "VS1", NULL);
	ck_assert_mem_eq(a, b, 16);
}
END_TEST

/*
 * The last of the five has one part more, which is empty: a join of the parts
 * would not see it.
 */
START_TEST(s58_another_contract_rule_kind_or_key_is_another_finding)
{
	uint8_t a[16], b[5][16];
	id_of(a, "hampshire/ccsh", "V1", "visit", "VS1", NULL);
	id_of(b[0], "hampshire/csah", "V1", "visit", "VS1", NULL);
	id_of(b[1], "hampshire/ccsh", "V2", "visit", "VS1", NULL);
	id_of(b[2], "hampshire/ccsh", "V1", "log", "VS1", NULL);
	id_of(b[3], "hampshire/ccsh", "V1", "visit", "VS2", NULL);
	id_of(b[4], "hampshire/ccsh", "V1", "visit", "VS1", "");
	for (int i = 0; i < 5; i++)
		ck_assert(memcmp(a, b[i], 16) != 0);
}
END_TEST

/* Without lengths "a" + "bc" and "ab" + "c" would be one finding. */
START_TEST(s58_lengths_keep_parts_apart)
{
	uint8_t a[16], b[16];
	id_of(a, "c", "r", "k", "a", "bc");
	id_of(b, "c", "r", "k", "ab", "c");
	ck_assert(memcmp(a, b, 16) != 0);
}
END_TEST

/* Ids are typed from paper: I and L look like 1, O like 0, and U makes words. */
START_TEST(an_id_is_shown_in_letters_that_are_not_mistaken)
{
	uint8_t id[16];
	Buf buf = {0};
	id_of(id, "hampshire/ccsh", "V1", "visit", "VS1", NULL);
	finding_id_print(&buf, id, 10);
	ck_assert_uint_eq(buf.n, 10);
	ck_assert(strpbrk(buf.at, "ILOUilou") == NULL);
	buf_free(&buf);
}
END_TEST

/* Whatever stands in the data, the column is JSON and gives it back. */
START_TEST(evidence_survives_quotes_and_control_characters)
{
	const Label note = {.number = 7, .name = STR("visit.note"), .hash = 1};
	Trace trace = {0};
	*vec_push(&trace.key) = STR("V\"1");
	*vec_push(&trace.line) = (TraceLine){.label = &note,
		.value = STR("a \"b\" \\ \n\t\x01 \xc2\xa3 \x1f"), .key = 0};
	*vec_push(&trace.line) = (TraceLine){.label = &note, .value = STR("unknown"), .key = NO_KEY};
	Evidence evidence = {0};
	evidence_write(&evidence, &trace);
	json_t *array = json_loads(evidence.json.at, 0, NULL);
	ck_assert_ptr_nonnull(array);
	ck_assert_uint_eq(json_array_size(array), 3);
	ck_assert_str_eq(json_string_value(json_array_get(json_array_get(array, 0), 0)), "V\"1");
	json_t *line = json_array_get(array, 1);
	ck_assert_str_eq(json_string_value(json_array_get(line, 1)),
		"a \"b\" \\ \n\t\x01 \xc2\xa3 \x1f");
	ck_assert_uint_eq(json_array_size(line), 3);
	ck_assert_uint_eq(json_array_size(json_array_get(array, 2)), 2);
	json_decref(array);
	evidence_free(&evidence);
	trace_free(&trace);
}
END_TEST

/* Texts are copied by eights: wherever the one byte stands that has to be escaped, in a text of any
 * length, it comes back as it was. */
START_TEST(evidence_survives_one_quote_or_control_character_at_any_place)
{
	const Label label = {.number = 12345678};
	char text[32];
	for (size_t n = 1; n < sizeof text; n++) {
		for (size_t at = 0; at < n; at++) {
			Trace trace = {0};
			Evidence evidence = {0};
			memset(text, 'x', n);
			text[at] = "\"\\\x1f"[n % 3];
			*vec_push(&trace.line) = (TraceLine){&label, {text, n}, NO_KEY, {text, n}};
			evidence_write(&evidence, &trace);
			json_t *array = json_loads(evidence.json.at, 0, NULL);
			ck_assert_ptr_nonnull(array);
			json_t *line = json_array_get(array, 1);
			ck_assert_int_eq(json_integer_value(json_array_get(line, 0)), 12345678);
			for (size_t part = 1; part < 4; part += 2) {
				const char *back = json_string_value(json_array_get(line, part));
				ck_assert(str_eq(str_of(back), (Str){text, n}));
			}
			json_decref(array);
			evidence_free(&evidence);
			trace_free(&trace);
		}
	}
}
END_TEST

/* The form that others read: docs/case-file.md shows it. */
START_TEST(a_line_names_its_row_by_place_and_its_label_by_number)
{
	const Label declared = {.number = 33}, rounded = {.number = 63};
	Trace trace = {0};
	*vec_push(&trace.key) = STR("VS1");
	*vec_push(&trace.line) = (TraceLine){&declared, STR("30 minutes"), 0, STR("")};
	*vec_push(&trace.line) = (TraceLine){&rounded, STR("15 minutes"), NO_KEY, STR("16 minutes")};
	*vec_push(&trace.line) = (TraceLine){&declared, STR("none"), 0, STR("0 rows")};
	Evidence evidence = {0};
	evidence_write(&evidence, &trace);
	ck_assert_str_eq(evidence.json.at, "[[\"VS1\"],[33,\"30 minutes\",0],[63,\"15 minutes\",null,"
		"\"16 minutes\"],[33,\"none\",0,\"0 rows\"]]");
	evidence_free(&evidence);
	trace_free(&trace);
}
END_TEST

/* Nothing else changes, though a text looks like the beginning of a line, and a number gets longer,
 * shorter or none: the second time there are no lines at all. */
START_TEST(another_book_has_other_numbers_in_the_same_lines)
{
	const Label one = {.number = 7}, two = {.number = 1250};
	const int32_t number[] = {4100, 0};
	Trace trace = {0};
	Evidence evidence = {0};
	Buf json = {0};
	*vec_push(&trace.key) = STR("],[7,");
	*vec_push(&trace.line) = (TraceLine){&one, STR("],[7,\"x\""), 0, STR("],[1250,")};
	*vec_push(&trace.line) = (TraceLine){&two, STR("7"), NO_KEY, STR("")};
	evidence_write(&evidence, &trace);
	evidence_renumbered(&json, &evidence, number);
	ck_assert_str_eq(json.at, "[[\"],[7,\"],[4100,\"],[7,\\\"x\\\"\",0,\"],[1250,\"],[0,\"7\"]]");
	trace.line.n = trace.key.n = 0;
	evidence_write(&evidence, &trace);
	buf_clear(&json);
	evidence_renumbered(&json, &evidence, number);
	ck_assert_str_eq(json.at, "[[]]");
	buf_free(&json);
	evidence_free(&evidence);
	trace_free(&trace);
}
END_TEST

/* Facts of one line under a label, for the content hash. */
static Buf facts_of(const Label *label, const char *value)
{
	Trace trace = {0};
	Evidence evidence = {0};
	*vec_push(&trace.line) = (TraceLine){label, str_of(value), NO_KEY, STR("")};
	evidence_write(&evidence, &trace);
	Buf facts = evidence.facts;
	evidence.facts = (Buf){0};
	evidence_free(&evidence);
	trace_free(&trace);
	return facts;
}

/* A rule written above another moves the numbers of labels; the facts are the same. */
START_TEST(facts_do_not_hang_on_the_numbers_of_labels)
{
	const Label before = {.number = 3, .hash = 99}, after = {.number = 36, .hash = 99};
	const Label other = {.number = 3, .hash = 98};
	Buf a = facts_of(&before, "1"), b = facts_of(&after, "1");
	Buf c = facts_of(&other, "1"), d = facts_of(&before, "2");
	ck_assert(str_eq(buf_view(&a), buf_view(&b)));
	ck_assert(!str_eq(buf_view(&a), buf_view(&c)));
	ck_assert(!str_eq(buf_view(&a), buf_view(&d)));
	buf_free(&a);
	buf_free(&b);
	buf_free(&c);
	buf_free(&d);
}
END_TEST

/* Readers parse the column without looking first. */
START_TEST(no_evidence_has_no_keys_and_no_lines)
{
	Trace trace = {0};
	Evidence evidence = {0};
	evidence_write(&evidence, &trace);
	ck_assert_str_eq(evidence.json.at, "[[]]");
	evidence_free(&evidence);
}
END_TEST

Suite *ledger_suite(void)
{
	Suite *suite = suite_create("ledger");
	TCase *tests = tcase_create("findings");
	tcase_add_test(tests, law8_the_same_subject_has_the_same_id);
	tcase_add_test(tests, s58_another_contract_rule_kind_or_key_is_another_finding);
	tcase_add_test(tests, s58_lengths_keep_parts_apart);
	tcase_add_test(tests, an_id_is_shown_in_letters_that_are_not_mistaken);
	tcase_add_test(tests, evidence_survives_quotes_and_control_characters);
	tcase_add_test(tests, evidence_survives_one_quote_or_control_character_at_any_place);
	tcase_add_test(tests, a_line_names_its_row_by_place_and_its_label_by_number);
	tcase_add_test(tests, another_book_has_other_numbers_in_the_same_lines);
	tcase_add_test(tests, facts_do_not_hang_on_the_numbers_of_labels);
	tcase_add_test(tests, no_evidence_has_no_keys_and_no_lines);
	suite_add_tcase(suite, tests);
	return suite;
}
