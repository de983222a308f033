/*
 * Sequences and banks as the checker hands them on: names, slots, datasets, links, and the order
 * in which they are to be worked out. What they come to is tested with the evaluators.
 */
#define _GNU_SOURCE
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/civil.h"
#include "dsl/check.h"
#include "interp/needs.h"

Suite *derived_suite(void);

static const char vocabulary[] =
	"contract council/care\n title \"Care\"\n council \"A council\"\n version \"1\"\n"
	" in force from 1 April 2025\n"
	" covers provision where provision.service is take_a_break\n"
	"dataset provider from providers\n key ref\n ref : text\n"
	"dataset provision from provisions\n key ref\n lasts start to end\n ref : text\n"
	" provider : provider\n service : one of (take_a_break, home_care)\n"
	" weekly_hours : duration in hours\n start : date\n end : date\n paid : money\n"
	"dataset visit from visits\n key ref\n ref : text\n"
	" provision : provision which has visits\n carer : text\n date : date\n begins : moment\n"
	" declared : duration in minutes\n planned : duration in minutes\n";

static const char take_a_break[] =
	"bank take_a_break\n for each provision\n"
	" opens with 1 hour on provision.start\n"
	" credit provision.weekly_hours * 0.5 every week\n"
	" debit visit.declared / 3 on visit.begins among provision.visits\n"
	" expires 6 weeks after credit\n";

typedef struct Book {
	char path[64];
	Compilation comp;
	const Rulebook *book;
} Book;

static void book_begin(Book *book, const char *first, const char *second)
{
	strcpy(book->path, "/tmp/vouch-derived-XXXXXX");
	int file = mkstemp(book->path);
	ck_assert_int_ge(file, 0);
	FILE *out = fdopen(file, "w");
	fprintf(out, "%s%s%s", vocabulary, first, second);
	fclose(out);
	compile_begin(&book->comp, "/tmp");
	book->book = rulebook_load(&book->comp, str_of(book->path));
}

static void book_sound(Book *book, const char *first, const char *second)
{
	Buf out = {0};
	book_begin(book, first, second);
	diags_print(&book->comp.diags, &out, false);
	ck_assert_msg(book->book != NULL, "%s", out.at);
	buf_free(&out);
}

static void book_end(Book *book)
{
	compile_end(&book->comp);
	unlink(book->path);
}

/* One code, which the text must raise as its first. */
static void raises(const char *first, const char *second, const char *code)
{
	Book book;
	book_begin(&book, first, second);
	ck_assert_ptr_null(book.book);
	ck_assert_uint_gt(book.comp.diags.list.n, 0);
	ck_assert_str_eq(diag_code_text(book.comp.diags.list.at[0].code), code);
	book_end(&book);
}

/* "provision date amount …" */
static void fields_are(const Rulebook *book, int32_t dataset, const char *wanted)
{
	Buf got = {0};
	buf_puts(&got, "");
	for (int32_t i = 0; i < book->dataset[dataset].nfields; i++)
		buf_printf(&got, "%s%.*s", i > 0 ? " " : "",
			STR_ARG(book->dataset[dataset].field[i].name));
	ck_assert_str_eq(got.at, wanted);
	buf_free(&got);
}

START_TEST(s66_a_sequence_gives_rows_of_its_dataset)
{
	Book book;
	book_sound(&book, "sequence day of visit\n for each visit.carer, week of visit.date\n"
		" order by visit.begins, visit.planned\n linked as visit.previous and visit.next\n"
		" applies when visit.declared > 0 minutes\n",
		"rule S1 \"Second before the first\"\n for each visit\n on visit.date\n"
		" applies when visit.previous is known\n"
		" require visit.previous.begins <= visit.next.begins\n");
	const Sequence *sequence = &book.book->sequence[0];
	const Expr *require = book.book->rule[0].require;
	ck_assert_int_eq(sequence->nkeys, 2);
	ck_assert_int_eq(sequence->key[1]->type.kind, TYPE_PERIOD);
	ck_assert_int_eq(sequence->norder, 2);
	ck_assert_ptr_nonnull(sequence->applies);
	const Expr *before = require->arg[0]->arg[0], *after = require->arg[1]->arg[0];
	ck_assert_int_eq(before->op, EXPR_NEIGHBOUR);
	ck_assert_int_eq(before->how, 0);
	ck_assert_int_eq(after->how, 1);
	ck_assert_int_eq(before->type.kind, TYPE_ROW);
	ck_assert_int_eq(before->type.ref, sequence->dataset);
	book_end(&book);
}
END_TEST

START_TEST(a_sequence_may_go_by_the_day_of_a_moment)
{
	Book book;
	book_sound(&book, "sequence day of visit\n for each date of visit.begins\n"
		" order by visit.begins\n linked as visit.previous\n", "");
	ck_assert_int_eq(book.book->sequence[0].key[0]->type.kind, TYPE_DATE);
	ck_assert_uint_eq(book.book->sequence[0].next_name.len, 0);
	book_end(&book);
}
END_TEST

START_TEST(a_banks_datasets_have_the_fields_that_are_enumerated)
{
	Book book;
	book_sound(&book, take_a_break, "");
	const Bank *bank = &book.book->bank[0];
	fields_are(book.book, bank->credits,
		"provision date amount used expired lost held last_day entry");
	fields_are(book.book, bank->debits, "provision date amount used shortfall visit entry");
	fields_are(book.book, bank->balances,
		"provision date credited used expired lost shortfall balance");
	const Dataset *debits = &book.book->dataset[bank->debits];
	ck_assert_int_eq(debits->origin, ORIGIN_DEBITS);
	ck_assert_int_eq(debits->nkey, 2);
	ck_assert_int_eq(debits->key[1], debits->nfields - 1);
	const Field *source = &debits->field[1 + DEBIT_FIELDS];
	ck_assert_int_eq(source->type.kind, TYPE_ROW);
	ck_assert_int_eq(book.book->link[source->link].field, 1 + DEBIT_FIELDS);
	const Dataset *balances = &book.book->dataset[bank->balances];
	ck_assert_int_eq(balances->key[1], 1 + BALANCE_DATE);
	book_end(&book);
}
END_TEST

/* Halves and thirds of a second: sixths for all. */
START_TEST(amounts_of_all_flows_have_one_denominator)
{
	Book book;
	book_sound(&book, take_a_break, "");
	const Bank *bank = &book.book->bank[0];
	ck_assert_int_eq(bank->type.scale, 6);
	for (int32_t i = 0; i < bank->nflows; i++)
		ck_assert_int_eq(bank->flow[i].amount->type.scale, 6);
	const Dataset *credits = &book.book->dataset[bank->credits];
	ck_assert_int_eq(credits->field[1 + CREDIT_HELD].type.scale, 6);
	book_end(&book);
}
END_TEST

START_TEST(s47_every_week_lasts_as_long_as_its_owner)
{
	Book book;
	book_sound(&book, take_a_break, "");
	const BankFlow *flow = book.book->bank[0].flow;
	ck_assert_int_eq(flow[0].calendar, -1);
	ck_assert_int_eq(flow[0].dataset, -1);
	ck_assert_ptr_null(flow[0].rows);
	ck_assert_int_ge(flow[1].calendar, 0);
	ck_assert(flow[1].open_end);
	ck_assert_int_eq(flow[1].from->op, EXPR_FIELD);
	ck_assert_int_eq(flow[2].rows->op, EXPR_LINKED);
	ck_assert(!flow[2].credit && flow[2].dataset >= 0);
	book_end(&book);
	raises("bank b\n for each visit\n credit 1 hour every week\n", "", "E0331");
}
END_TEST

/* One place to change, and both ways of writing it. */
START_TEST(s49_the_last_day_is_in_unless_it_is_said_not_to_be)
{
	Book book;
	book_sound(&book, "bank a\n for each provision\n credit 1 hour every week\n"
		" expires 6 weeks after credit\n"
		"bank b\n for each provision\n credit 1 hour every week\n"
		" expires 3 months after credit, that day not included\n in proportion\n"
		"bank c\n for each provision\n credit 1 hour every week\n"
		" expires 1 day after credit, that day included\n",
		"bank d\n for each provision\n credit 1 hour every week\n expires with month\n");
	const Bank *bank = book.book->bank;
	ck_assert(bank[0].last_day_in && !bank[1].last_day_in && bank[2].last_day_in);
	ck_assert_int_eq(bank[0].expires->n, 42);
	ck_assert_int_eq(bank[0].order, BANK_OLDEST_FIRST);
	ck_assert_int_eq(bank[1].order, BANK_IN_PROPORTION);
	ck_assert_ptr_null(bank[3].expires);
	ck_assert_int_ge(bank[3].expires_with, 0);
	book_end(&book);
	raises("bank a\n for each provision\n credit 1 hour every week\n"
		" expires 48 hours after credit\n", "", "E0223");
	raises("bank a\n for each provision\n credit 1 hour every week\n"
		" expires 0 days after credit, that day not included\n", "", "E0332");
}
END_TEST

/* Its keys are fields too, periods among them; its rows are those of `among`. */
START_TEST(a_bank_for_groups_has_its_keys_as_fields)
{
	Book book;
	book_sound(&book, "bank rolled\n for each visit.provision, visit.carer, month of visit.date\n"
		" credit visit.planned on visit.date among visit\n"
		" debit visit.declared on visit.date among visit where visit.declared > 0 minutes\n"
		" expires with month\n", "");
	const Bank *bank = &book.book->bank[0];
	ck_assert_int_eq(bank->subject, SUBJECT_GROUP);
	ck_assert_int_eq(bank->nkeys, 3);
	fields_are(book.book, bank->debits,
		"provision carer month date amount used shortfall visit entry");
	ck_assert_int_eq(book.book->dataset[bank->debits].field[2].type.kind, TYPE_PERIOD);
	ck_assert_ptr_null(bank->flow[0].rows);
	ck_assert_int_eq(bank->flow[0].dataset, bank->dataset);
	ck_assert_ptr_nonnull(bank->covered);
	book_end(&book);
}
END_TEST

/* By its account, not by the visit as well: that would be two ways to one provision. */
START_TEST(s67_a_debit_is_covered_by_way_of_its_account)
{
	Book book;
	book_sound(&book, take_a_break, "rule TB1 \"More than banked\"\n"
		" for each taken in take_a_break.debits\n on taken.date\n"
		" require taken.shortfall = 0 minutes\n otherwise \"{taken.visit.ref}\"\n");
	const Rule *rule = &book.book->rule[0];
	ck_assert_int_eq(rule->subject, SUBJECT_ROW);
	ck_assert_int_eq(rule->dataset, book.book->bank[0].debits);
	ck_assert_ptr_nonnull(rule->covered);
	ck_assert_ptr_nonnull(rule->provider);
	ck_assert_int_eq(rule->provider->op, EXPR_FIELD);
	book_end(&book);
}
END_TEST

START_TEST(rows_of_a_bank_are_spoken_of_like_a_dataset)
{
	Book book;
	book_sound(&book, take_a_break, "rule G \"Short by month\"\n"
		" for each take_a_break.debits.provision, month of take_a_break.debits.date\n"
		" among take_a_break.debits where take_a_break.debits.shortfall > 0 minutes\n"
		" on month.last\n require total(take_a_break.debits.shortfall) < 1 hour\n"
		"rule B \"In credit\"\n for each provision\n on provision.start\n"
		" require count(take_a_break.credits where take_a_break.credits.held > 0 hours) < 7\n"
		"  and last(b.balance for b in take_a_break.balances where b.provision = provision\n"
		"  by b.date) >= 0 hours\n");
	const Rule *rule = book.book->rule;
	ck_assert_int_eq(rule[0].subject, SUBJECT_GROUP);
	ck_assert_int_eq(rule[0].require->arg[0]->arg[0]->op, EXPR_GROUP_ROWS);
	ck_assert_int_eq(rule[1].require->arg[0]->arg[0]->arg[0]->op, EXPR_ALL_ROWS);
	book_end(&book);
}
END_TEST

/* The bank is written first, and needs the define that needs the sequence. */
START_TEST(s65_what_is_needed_comes_first)
{
	Book book;
	book_sound(&book, "bank gaps\n for each provision\n"
		" credit visit.gap on visit.date among provision.visits\n"
		"bank carried\n for each provision\n"
		" credit total(c.held for c in gaps.credits) on provision.start\n",
		"sequence day of visit\n for each visit.carer\n order by visit.begins\n"
		" linked as visit.previous\n"
		"define gap for visit : duration is visit.begins - visit.previous.begins\n");
	const Derivation *order = book.book->order;
	ck_assert_int_eq(book.book->norder, 3);
	ck_assert_int_eq(order[0].kind, DERIVE_SEQUENCE);
	ck_assert_int_eq(order[1].kind, DERIVE_BANK);
	ck_assert_int_eq(order[1].index, 0);
	ck_assert_int_eq(order[2].index, 1);
	book_end(&book);
	raises("bank a\n for each provision\n credit visit.late on visit.date among provision.visits\n",
		"define late for visit : duration is total(d.used for d in a.debits)\n", "E0304");
}
END_TEST

static const char scenario[] =
	"rule TB1 \"More than banked\"\n for each taken in take_a_break.debits\n on taken.date\n"
	" require taken.shortfall = 0 minutes\n"
	"rule TB2 \"Ends in credit\"\n for each left in take_a_break.balances\n on left.date\n"
	" require left.balance >= 0 minutes\n"
	"scenario \"s\"\n given provision\n | ref |\n | PR1 |\n"
	" expect TB1 fails for provision PR1, entry 2\n"
	" expect TB2 passes for provision PR1, date 8 June 2025\n"
	" expect take_a_break for provision PR1 on 8 June 2025 is 4 hours\n";

START_TEST(a_scenario_expects_balances_and_rows_of_banks)
{
	Book book;
	int32_t day;
	book_sound(&book, take_a_break, scenario);
	const Expect *expect = book.book->scenario[0].expect;
	ck_assert_int_eq(book.book->scenario[0].nexpects, 3);
	ck_assert(str_eq(expect[0].subject[0].key.text, STR("PR1\x1f" "2")));
	ck_assert(str_eq(expect[1].subject[0].key.text, STR("PR1\x1f" "2025-06-08")));
	ck_assert_int_eq(expect[1].nsubjects, 1);
	ck_assert_int_eq(expect[2].kind, EXPECT_BALANCE);
	ck_assert_int_eq(day_parse(STR("2025-06-08"), &day), READ_OK);
	ck_assert_int_eq(expect[2].on, day);
	ck_assert_ptr_nonnull(expect[2].test);
	book_end(&book);
}
END_TEST

/* What the bank reads, and never its own rows, which nobody can give. */
START_TEST(s93_a_rule_about_debits_needs_what_the_bank_reads)
{
	Book book;
	book_sound(&book, take_a_break, scenario);
	bool *needed = calloc((size_t)book.book->ndatasets, sizeof *needed);
	needs_of_rule(book.book, &book.book->rule[0], needed);
	for (int32_t i = 0; i < book.book->ndatasets; i++) {
		Str name = book.book->dataset[i].decl.name;
		bool wanted = str_eq(name, STR("provision")) || str_eq(name, STR("visit"));
		ck_assert_msg(needed[i] == wanted, "%.*s", STR_ARG(name));
	}
	free(needed);
	book_end(&book);
}
END_TEST

Suite *derived_suite(void)
{
	Suite *suite = suite_create("derived");
	TCase *tcase = tcase_create("checker");
	tcase_add_test(tcase, s66_a_sequence_gives_rows_of_its_dataset);
	tcase_add_test(tcase, a_sequence_may_go_by_the_day_of_a_moment);
	tcase_add_test(tcase, a_banks_datasets_have_the_fields_that_are_enumerated);
	tcase_add_test(tcase, amounts_of_all_flows_have_one_denominator);
	tcase_add_test(tcase, s47_every_week_lasts_as_long_as_its_owner);
	tcase_add_test(tcase, s49_the_last_day_is_in_unless_it_is_said_not_to_be);
	tcase_add_test(tcase, a_bank_for_groups_has_its_keys_as_fields);
	tcase_add_test(tcase, s67_a_debit_is_covered_by_way_of_its_account);
	tcase_add_test(tcase, rows_of_a_bank_are_spoken_of_like_a_dataset);
	tcase_add_test(tcase, s65_what_is_needed_comes_first);
	tcase_add_test(tcase, a_scenario_expects_balances_and_rows_of_banks);
	tcase_add_test(tcase, s93_a_rule_about_debits_needs_what_the_bank_reads);
	suite_add_tcase(suite, tcase);
	return suite;
}
