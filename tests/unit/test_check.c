/*
 * Names, types, units, dates and limits: what the checker accepts, refuses and
 * hands on (dsl/check.h).
 *
 *   golden cases      files of tests/golden/check with what they raise, to the letter
 *   text_raises       a few lines and the codes that they raise, in order
 *   load_sound        a few lines that must be sound, and what the rulebook then holds
 *
 * VOUCH_RECORD=1 writes the golden files anew, for somebody to read in the
 * difference. Limits are tried at the last that is allowed and the first that is
 * not.
 */
#define _GNU_SOURCE

#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/limits.h"
#include "tests/unit/support.h"

Suite *check_suite(void);

/* Codes of all diagnostics in the order raised: "E0201 W0702". */
static void codes_are(const Compilation *comp, const char *wanted)
{
	Buf codes = {0};
	buf_puts(&codes, "");
	for (size_t i = 0; i < comp->diags.list.n; i++)
		buf_printf(&codes, "%s%s", i > 0 ? " " : "", diag_code_text(comp->diags.list.at[i].code));
	ck_assert_str_eq(codes.at, wanted);
	buf_free(&codes);
}

/*
 * What the examples below speak of; {visit} is a dataset of fields of every
 * kind. In few lines, as each test's own lines should be the first to be read.
 */
static const char vocabulary[] =
	"dataset client from clients\n key ref\n ref : text\n"
	"dataset visit from visits\n key ref\n ref : text\n"
	" client : client which has visits\n"
	" date : date\n start : time\n outcome : one of (delivered, missed \"M\", cancelled)\n"
	" length : duration in minutes\n hours : duration in hours\n rate : money per hour\n"
	" paid : money read to 2 decimals\n pence : money in pence\n share : percent\n"
	" carers : count\n odd : number\n way : distance in miles\n nights : nights\n"
	" span : days\n seen : moment\n done : yes/no\n day : weekday\n"
	"dataset log from logs\n key ref\n lasts begun to ended\n ref : text\n client : client\n"
	" begun : moment\n ended : moment\n";

/* The vocabulary comes first, so places in the test's own text are shifted. */
static const Rulebook *load_text(Box *box, const char *text)
{
	Buf buf = {0};
	buf_puts(&buf, vocabulary);
	buf_puts(&buf, text);
	box_write(box, "case.vouch", "", buf.at);
	buf_free(&buf);
	return box_load(box, "case.vouch");
}

/* Prints what is wrong instead of failing with a NULL. */
static const Rulebook *load_sound(Box *box, const char *text)
{
	const Rulebook *book = load_text(box, text);
	Buf out = {0};
	diags_print(&box->comp.diags, &out, false);
	ck_assert_msg(book != NULL, "%s", out.at);
	buf_free(&out);
	return book;
}

/* Codes alone: the wording is the golden files' business. */
static void text_raises(const char *text, const char *codes)
{
	Box box;
	box_begin(&box);
	load_text(&box, text);
	codes_are(&box.comp, codes);
	box_end(&box);
}

/* The condition of a rule for each visit. */
static const Expr *requirement(Box *box, const char *condition)
{
	Str text = str_format(&box->comp.arena,
		"rule V1 \"A rule\"\n for each visit\n on visit.date\n require %s\n", condition);
	return load_sound(box, text.ptr)->rule[0].require;
}

/* ---- golden cases */

/* automake sets srcdir; without it the tests run in the source tree. */
static const char *top(void)
{
	const char *folder = getenv("top_srcdir");
	if (folder == NULL)
		folder = getenv("srcdir");
	return folder != NULL ? folder : ".";
}

/* Compares, or records anew when VOUCH_RECORD is set. */
static void expect_file(const char *path, Str got)
{
	Buf wanted = {0};
	char bytes[4096];
	FILE *file = fopen(path, getenv("VOUCH_RECORD") != NULL ? "w" : "r");
	ck_assert_msg(file != NULL, "%s", path);
	if (getenv("VOUCH_RECORD") != NULL) {
		fwrite(got.ptr, 1, got.len, file);
	} else {
		for (size_t n; (n = fread(bytes, 1, sizeof bytes, file)) > 0;)
			buf_str(&wanted, (Str){bytes, n});
		ck_assert_msg(str_eq(buf_view(&wanted), got), "%s differs; got\n%.*s", path, STR_ARG(got));
	}
	fclose(file);
	buf_free(&wanted);
}

/* The name of a case is a promise as well: E0207-… must raise E0207. */
static void golden(const char *name)
{
	Compilation comp;
	Buf out = {0};
	compile_begin(&comp, "tests/data");
	Str path = str_format(&comp.arena, "tests/golden/check/%s", name);
	size_t stem = path.len - strlen(".vouch");
	rulebook_load(&comp, path);
	buf_puts(&out, "");
	diags_print(&comp.diags, &out, false);
	/* A case named for a code raises it. */
	if (strchr("EW", name[0]) != NULL)
		ck_assert_msg(memmem(out.at, out.n, name, 5) != NULL, "%s does not raise it:\n%s", name,
			out.at);
	expect_file(str_format(&comp.arena, "%.*s.diag", (int)stem, path.ptr).ptr, buf_view(&out));
	buf_free(&out);
	compile_end(&comp);
}

/*
 * A count at least, so that a folder that is not found cannot pass as a folder
 * without cases.
 */
START_TEST(golden_diagnostics)
{
	ck_assert_int_eq(chdir(top()), 0);
	DIR *folder = opendir("tests/golden/check");
	struct dirent *entry;
	int cases = 0;
	ck_assert_ptr_nonnull(folder);
	while ((entry = readdir(folder)) != NULL) {
		size_t n = strlen(entry->d_name);
		if (n > 6 && strcmp(entry->d_name + n - 6, ".vouch") == 0) {
			golden(entry->d_name);
			cases++;
		}
	}
	closedir(folder);
	ck_assert_int_ge(cases, 70);
}
END_TEST

/* ---- the sample contract */

static const Rulebook *sample(Compilation *comp)
{
	ck_assert_int_eq(chdir(top()), 0);
	compile_begin(comp, "tests/data");
	const Rulebook *book = rulebook_load(comp, STR("tests/data/hampshire/ccsh.vouch"));
	ck_assert_ptr_nonnull(book);
	return book;
}

/* The help is the last thing that is said: whatever its length, its line ends, or the next message
 * would begin behind it. */
START_TEST(the_last_line_has_an_end)
{
	Sources sources = {0};
	char help[1200] = "";
	for (int n = 0; n < 300; n++) {
		Arena arena = {0};
		Diags diags;
		Buf out = {0}, wanted = {0};
		diags_init(&diags, &arena, &sources);
		strcat(help, "\xE2\x80\xA6");
		diag_help(diag_add(&diags, DIAG_EXPECT_UNKNOWN, (Span){-1, 0, 0}, "said"), "%s", help);
		diags_print(&diags, &out, false);
		buf_printf(&wanted, "error[E0803]: said\n   help: %s\n", help);
		ck_assert_str_eq(out.at, wanted.at);
		buf_free(&out);
		buf_free(&wanted);
		vec_free(&diags.list);
		arena_free(&arena);
	}
}
END_TEST

/*
 * A contract with something of everything; counts show a declaration that was
 * dropped silently.
 */
START_TEST(sample_contract_is_checked_end_to_end)
{
	Compilation comp;
	const Rulebook *book = sample(&comp);
	ck_assert_uint_eq(comp.diags.errors, 0);
	ck_assert_int_eq(book->contract.from, day_of(2025, 4, 28));
	ck_assert_int_eq(book->contract.to, LAST_DAY);
	ck_assert_int_eq(book->nrules, 6);
	ck_assert_int_eq(book->nscenarios, 1);
	ck_assert_int_eq(book->nby_hand, 1);
	ck_assert_int_eq(book->nmatches, 1);
	ck_assert_int_eq(book->match[0].nkeys, 2);
	ck_assert(str_eq(book->match[0].left_name, STR("logs")));
	const Scenario *scenario = &book->scenario[0];
	ck_assert_int_eq(scenario->ngiven, 3);
	ck_assert_int_eq(scenario->from, day_of(2025, 5, 5));
	ck_assert_int_eq(scenario->to, day_of(2025, 9, 1));
	ck_assert_int_eq(scenario->nwith, 1);
	ck_assert_int_eq(scenario->nexpects, 3);
	ck_assert_int_eq(scenario->expect[1].kind, EXPECT_VALUE);
	compile_end(&comp);
}
END_TEST

/* By name, since the order of rules means nothing (law 8). */
static const Rule *rule_called(const Rulebook *book, const char *name)
{
	for (int32_t i = 0; i < book->nrules; i++)
		if (str_eq(book->rule[i].decl.name, str_of(name)))
			return &book->rule[i];
	ck_abort_msg("no rule %s", name);
}

/* How `for each` was read decides what a finding is about (S54, S47). */
START_TEST(sample_rules_have_the_four_subjects)
{
	Compilation comp;
	const Rulebook *book = sample(&comp);
	const Rule *v1 = rule_called(book, "V1"), *w1 = rule_called(book, "W1");
	const Rule *w2 = rule_called(book, "W2"), *l1 = rule_called(book, "L1");
	ck_assert_int_eq(v1->subject, SUBJECT_ROW);
	ck_assert_int_eq(v1->severity, SEVERITY_MAJOR);
	ck_assert_int_eq(v1->decl.cites.n, 2);
	ck_assert_int_eq(w1->subject, SUBJECT_ROW_PERIOD);
	ck_assert(w1->every_open);
	ck_assert_int_eq(w2->subject, SUBJECT_GROUP);
	ck_assert_int_eq(w2->nkeys, 2);
	ck_assert(str_eq(w2->key[1].name, STR("week")));
	ck_assert_int_eq(w2->key[1].expr->op, EXPR_PERIOD_OF);
	ck_assert_ptr_nonnull(w2->filter);
	ck_assert_int_eq(l1->subject, SUBJECT_ROW_IN);
	ck_assert_int_eq(l1->collection->op, EXPR_MATCHED);
	compile_end(&comp);
}
END_TEST

/* S67: from a visit the one path of links leads by its provision. */
START_TEST(covers_follows_the_one_path_of_links)
{
	Compilation comp;
	const Rulebook *book = sample(&comp);
	const Expr *covered = rule_called(book, "V1")->covered;
	ck_assert_ptr_nonnull(covered);
	ck_assert_int_eq(covered->op, EXPR_COMPARE);
	const Expr *row = covered->arg[0]->arg[0];
	ck_assert_int_eq(row->op, EXPR_FIELD);
	ck_assert_int_eq(row->arg[0]->op, EXPR_SLOT);
	ck_assert_int_eq(row->arg[0]->ref, 0);
	ck_assert_int_eq(rule_called(book, "W1")->covered->arg[0]->arg[0]->op, EXPR_SLOT);
	ck_assert_int_eq(rule_called(book, "W2")->covered->arg[0]->arg[0]->arg[0]->ref, 2);
	compile_end(&comp);
}
END_TEST

/*
 * By content and not by path: the same rules elsewhere are the same rules. A
 * comment counts, because the hash is of what people signed.
 */
START_TEST(a_rulebook_has_a_hash_of_all_its_files)
{
	Box one, two;
	box_begin(&one);
	box_begin(&two);
	box_write(&one, "lib.vouch", "", "define f(x : money) : money is x\n");
	box_write(&two, "lib.vouch", "", "define f(x : money) : money is x\n");
	box_write(&one, "a.vouch", "", "uses lib\n");
	box_write(&two, "a.vouch", "", "uses lib\n");
	const Rulebook *first = box_load(&one, "a.vouch"), *second = box_load(&two, "a.vouch");
	ck_assert_mem_eq(first->sha256, second->sha256, 32);
	box_write(&two, "b.vouch", "", "uses lib\n# changed\n");
	ck_assert_mem_ne(first->sha256, box_load(&two, "b.vouch")->sha256, 32);
	box_end(&one);
	box_end(&two);
}
END_TEST

/* ---- law 1 and engine: denominators */

/* Wrapped in `is known`, which takes any type. */
static const Expr *value_of(Box *box, const char *expression)
{
	Str text = str_format(&box->comp.arena, "%s is known", expression);
	return requirement(box, text.ptr)->arg[0];
}

/* The denominator that the compiler has worked out; the evaluators trust it. */
static void scale_is(const char *expression, int64_t scale)
{
	Box box;
	box_begin(&box);
	const Expr *value = value_of(&box, expression);
	ck_assert_msg(!value->type.ratio, "%s", expression);
	ck_assert_msg(value->type.scale == scale, "%s has %lld", expression,
		(long long)value->type.scale);
	box_end(&box);
}

/*
 * Too small a scale would round, too large a one would overflow on ordinary
 * sums.
 */
START_TEST(law_1_denominators_are_known_and_reduced)
{
	scale_is("visit.rate", 36000000);
	scale_is("visit.rate * visit.length", 36000000);
	scale_is("visit.rate * 30 minutes", 20000);
	scale_is("visit.rate * 5%", 720000000);
	scale_is("visit.paid + £0.005", 200);
	scale_is("visit.paid / 3", 300);
	scale_is("visit.paid * 0", 1);
	scale_is("£22.59 per hour", 40000);
	scale_is("£22.59 per hour * 25 minutes", 80);
	scale_is("least(visit.paid, £0.001)", 1000);
	scale_is("(if visit.done then 5% else 0.25%)", 400);
	scale_is("visit.odd or else 0.00001", 100000);
	scale_is("visit.length + visit.hours", 1);
	scale_is("60% of visit.paid", 500);
	scale_is("total(v.paid for v in visit.client.visits)", 100);
}
END_TEST

/* Ratios have no scale; it must be 1. */
static void is_ratio(const char *expression, bool ratio)
{
	Box box;
	box_begin(&box);
	const Expr *value = value_of(&box, expression);
	ck_assert_msg(value->type.ratio == ratio, "%s", expression);
	ck_assert_int_eq(value->type.scale, 1);
	box_end(&box);
}

/*
 * S77; and S78 in the last line: adding fractions of unknown denominators needs
 * a rounding first.
 */
START_TEST(law_1_quotients_of_data_are_ratios)
{
	is_ratio("visit.paid / visit.hours", true);
	is_ratio("count(v in visit.client.visits where v.done) / count(visit.client.visits)", true);
	is_ratio("average(v.paid for v in visit.client.visits)", true);
	is_ratio("share(v in visit.client.visits where v.done)", true);
	is_ratio("visit.paid / visit.hours * 2", true);
	is_ratio("least(visit.paid / visit.hours, £3 per hour)", true);
	is_ratio("(if visit.done then visit.paid / visit.hours else £3 per hour)", true);
	text_raises("define x for visit : money per hour is visit.paid / visit.hours + £1 per hour\n",
		"E0218");
}
END_TEST

/*
 * Every branch of a define must have one denominator, or a sum over rows would
 * add thousandths to hundredths.
 */
START_TEST(branches_are_brought_to_one_scale)
{
	Box box;
	box_begin(&box);
	const Expr *sum = value_of(&box, "visit.paid + visit.pence");
	ck_assert_int_eq(sum->op, EXPR_ADD);
	ck_assert_int_eq(sum->type.scale, 10000);
	ck_assert_int_eq(sum->arg[0]->op, EXPR_RESCALE);
	ck_assert_int_eq(sum->arg[0]->type.scale, 10000);
	ck_assert_int_eq(sum->arg[1]->op, EXPR_FIELD);
	const Define *define = &load_sound(&box, "define pay for visit : money\n is visit.paid\n"
		" except a when visit.done then £0.001\n except b over a when visit.carers = 2 then £3\n")
		->define[0];
	ck_assert_int_eq(define->type.scale, 1000);
	ck_assert_int_eq(define->base->op, EXPR_RESCALE);
	ck_assert_int_eq(define->except[0].then->type.scale, 1000);
	ck_assert_int_eq(define->except[1].then->n, 3000);
	ck_assert_uint_eq(define->except[1].over, 1);
	box_end(&box);
}
END_TEST

/* The limit of 10^12, and the step beyond it. */
START_TEST(limit_scale_on_both_sides)
{
	scale_is("visit.odd * visit.odd * visit.odd", LIMIT_SCALE);
	text_raises("define x for visit : number is visit.odd * visit.odd * visit.odd / 2\n", "E0217");
}
END_TEST

/*
 * Unit, scale and decimals of each kind: the reader multiplies by `times` and
 * keeps so many places.
 */
START_TEST(fields_say_how_their_columns_are_read)
{
	static const struct {
		const char *name;
		int64_t times, scale;
		int decimals;
		bool read_to;
	} fields[] = {
		{"length", 60, 1, 9, false}, {"hours", 3600, 1, 9, false},
		{"rate", 1, 36000000, 4, false}, {"paid", 1, 100, 2, true}, {"pence", 1, 10000, 2, false},
		{"share", 1, 10000, 2, false}, {"carers", 1, 1, 0, false}, {"odd", 1, 10000, 4, false},
		{"way", 12573, 78125, 4, false}, {"nights", 1, 1, 0, false}, {"span", 1, 1, 0, false},
	};
	Box box;
	box_begin(&box);
	const Dataset *visit = &load_sound(&box, "")->dataset[1];
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		const Field *field = visit->field;
		while (!str_eq(field->name, str_of(fields[i].name)))
			field++;
		ck_assert_msg(field->times == fields[i].times && field->type.scale == fields[i].scale &&
			field->decimals == fields[i].decimals && field->read_to == fields[i].read_to,
			"%s: times %lld scale %lld decimals %d", fields[i].name, (long long)field->times,
			(long long)field->type.scale, field->decimals);
	}
	box_end(&box);
}
END_TEST

/* ---- law 2 */

/*
 * Sound and wrong side by side: a checker that refuses all would pass the
 * second list alone.
 */
START_TEST(law_2_units_are_types)
{
	static const char *const sound[] = {
		"visit.rate * visit.length >= £3", "visit.paid / visit.hours > visit.rate",
		"visit.seen + 30 minutes > visit.seen", "visit.seen + 3 days > visit.date",
		"visit.date - visit.date <= 3 days", "visit.seen - visit.seen < 2 hours",
		"visit.carers > visit.odd", "visit.share < 5%", "visit.paid = 3 * visit.paid",
		"visit.length / visit.hours < 2", "visit.nights * £80 per night > visit.paid",
		"visit.way * £0.45 per mile > 70p", "visit.date is Monday",
		"visit.day = weekday of visit.seen",
		"count(visit.client.visits) / 2 * 100% > 5%", "5 visits > 3 visits",
		"visit.date at visit.start = visit.seen", "visit.start is 22:00 to below 07:00",
	};
	static const char *const wrong[][2] = {
		{"visit.rate >= £19.00", "E0207"}, {"visit.paid + visit.length > £3", "E0208"},
		{"visit.length + 1 day > 3 days", "E0223"}, {"visit.date + visit.length > visit.date",
		"E0223"},
		{"visit.paid * visit.paid > £3", "E0207"}, {"visit.share + 1 > 5%", "E0208"},
		{"visit.date > visit.start", "E0210"}, {"visit.paid * visit.hours > £3", "E0207"},
		{"visit.done + 1 > 2", "E0208"}, {"least(visit.paid, visit.length) > £1", "E0206"},
		{"visit.paid > 5", "E0207"}, {"visit.outcome is M", "E0205"}, {"5 vists > 3", "E0204"},
	};
	Box box;
	box_begin(&box);
	for (size_t i = 0; i < sizeof sound / sizeof *sound; i++)
		requirement(&box, sound[i]);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		Str text = str_format(&box.comp.arena,
			"rule V1 \"A rule\"\n for each visit\n on visit.date\n require %s\n", wrong[i][0]);
		text_raises(text.ptr, wrong[i][1]);
	}
	box_end(&box);
}
END_TEST

/* ---- law 7 */

/* Base, two exceptions, and room for a rank between them. */
static const char two_exceptions[] = "define pay for visit : money\n is £1\n"
	" except a when %s then £2\n except b %s when %s then £3\n";

static void exceptions_raise(const char *a, const char *rank, const char *b, const char *codes)
{
	char text[512];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(text, sizeof text, two_exceptions, a, rank, b);
#pragma GCC diagnostic pop
	text_raises(text, codes);
}

/*
 * Only what can be proved is warned of: one missing warning hides a
 * contradiction, one too many teaches people not to read them. Boundaries
 * differ by one sign (<, <=) or one minute.
 */
START_TEST(law_7_overlapping_exceptions_are_warned_of)
{
	exceptions_raise("visit.carers > 1", "", "visit.carers > 2", "W0701");
	exceptions_raise("visit.carers > 1", "over a", "visit.carers > 2", "");
	exceptions_raise("visit.carers > 2", "", "visit.carers <= 2", "");
	exceptions_raise("visit.carers < 2", "", "visit.carers > 1", "");
	exceptions_raise("visit.odd < 2", "", "visit.odd > 1", "W0701");
	exceptions_raise("visit.outcome is missed", "", "visit.outcome is one of (missed, delivered)",
		"W0701");
	exceptions_raise("visit.outcome is not missed", "", "visit.outcome is missed", "");
	exceptions_raise("visit.done", "", "not visit.done", "");
	exceptions_raise("visit.paid is missing", "", "visit.paid > £3", "");
	exceptions_raise("visit.length <= 30 minutes", "", "visit.length >= 30 minutes", "W0701");
	exceptions_raise("visit.length < 30 minutes", "", "visit.length >= 30 minutes", "");
	exceptions_raise("visit.paid > £3", "", "visit.done", "W0701");
	/* What rests on other facts can be proved apart, but not together. */
	exceptions_raise("visit.paid > visit.pence", "", "visit.done", "");
	exceptions_raise("visit.rate * visit.hours > £5", "", "visit.done", "");
}
END_TEST

/* ---- law 10 */

/* The comparison that the words of a boundary became. */
static void how_is(const Expr *expr, int how)
{
	ck_assert_int_eq(expr->op, EXPR_COMPARE);
	ck_assert_int_eq(expr->how, how);
}

/*
 * Each form of words is one comparison; `to` has both ends in, `to below` only
 * the first, and a clock range over midnight is an `or` (S42).
 */
START_TEST(law_10_boundaries_each_mean_one_thing)
{
	Box box;
	box_begin(&box);
	how_is(requirement(&box, "visit.length is at most 30 minutes"), COMPARE_LE);
	how_is(requirement(&box, "visit.length is at least 30 minutes"), COMPARE_GE);
	how_is(requirement(&box, "visit.length is below 30 minutes"), COMPARE_LT);
	how_is(requirement(&box, "visit.length is above 30 minutes"), COMPARE_GT);
	how_is(requirement(&box, "visit.date is before 1 May 2025"), COMPARE_LT);
	how_is(requirement(&box, "visit.date is after 1 May 2025"), COMPARE_GT);
	const Expr *range = requirement(&box, "visit.length is 30 minutes to 45 minutes");
	ck_assert_int_eq(range->op, EXPR_AND);
	how_is(range->arg[0], COMPARE_GE);
	how_is(range->arg[1], COMPARE_LE);
	ck_assert_ptr_eq(range->arg[0]->arg[0], range->arg[1]->arg[0]);
	how_is(requirement(&box, "visit.length is 30 minutes to below 45 minutes")->arg[1], COMPARE_LT);
	const Expr *side = requirement(&box, "visit.paid is within 1p either side of visit.pence");
	how_is(side->arg[0], COMPARE_GE);
	how_is(side->arg[1], COMPARE_LE);
	ck_assert_int_eq(side->arg[0]->arg[1]->op, EXPR_SUBTRACT);
	const Expr *after = requirement(&box, "visit.seen is within 3 days after visit.date");
	ck_assert_int_eq(after->arg[0]->arg[1]->type.kind, TYPE_DATE);
	ck_assert_int_eq(after->arg[1]->arg[1]->op, EXPR_DATE_ADD);
	ck_assert_int_eq(requirement(&box, "visit.start is 22:00 to below 07:00")->op, EXPR_OR);
	ck_assert_int_eq(requirement(&box, "visit.start is 07:00 to below 22:00")->op, EXPR_AND);
	box_end(&box);
}
END_TEST

/* A stay without a discharge goes on, which is not the same as unknown (S47). */
START_TEST(is_within_a_span_is_open_while_its_end_is_missing)
{
	Box box;
	box_begin(&box);
	const Expr *test = requirement(&box, "any(l in log where visit.seen is within l.span)")->arg[1];
	ck_assert_int_eq(test->op, EXPR_AND);
	how_is(test->arg[0], COMPARE_GE);
	ck_assert_int_eq(test->arg[1]->op, EXPR_OR);
	ck_assert_int_eq(test->arg[1]->arg[0]->op, EXPR_NOT);
	text_raises("rule V1 \"A\"\n for each visit\n on visit.date\n"
		" require visit.seen is within visit.client.span\n", "E0202");
	box_end(&box);
}
END_TEST

/* ---- law 13 */

/*
 * By a link to a file and by a link to a folder: a rule file must not read what
 * it was not given.
 */
START_TEST(law_13_uses_stays_inside)
{
	Box box;
	char outside[] = "/tmp/vouch-outside-XXXXXX";
	box_begin(&box);
	ck_assert_ptr_nonnull(mkdtemp(outside));
	Str secret = str_format(&box.comp.arena, "%s/secret.vouch", outside);
	FILE *file = fopen(secret.ptr, "w");
	fputs("define f(x : money) : money is x\n", file);
	fclose(file);
	ck_assert_int_eq(symlink(secret.ptr, box_path(&box, "link.vouch").ptr), 0);
	ck_assert_int_eq(symlink(outside, box_path(&box, "folder").ptr), 0);
	box_write(&box, "a.vouch", "", "uses link\n");
	box_write(&box, "b.vouch", "", "uses folder/secret\n");
	ck_assert_ptr_null(box_load(&box, "a.vouch"));
	ck_assert_ptr_null(box_load(&box, "b.vouch"));
	codes_are(&box.comp, "E0402 E0402");
	unlink(secret.ptr);
	rmdir(outside);
	box_end(&box);
}
END_TEST

/* The near miss of the test above. */
START_TEST(law_13_a_link_within_the_rules_is_followed)
{
	Box box;
	box_begin(&box);
	box_write(&box, "real.vouch", "", "define f(x : money) : money is x\n");
	ck_assert_int_eq(symlink("real.vouch", box_path(&box, "link.vouch").ptr), 0);
	box_write(&box, "a.vouch", "", "uses link\nexample f(£1) is £1\n");
	ck_assert_ptr_nonnull(box_load(&box, "a.vouch"));
	box_end(&box);
}
END_TEST

/* Over three files and over one. */
START_TEST(law_13_circles_of_files_end)
{
	Box box;
	box_begin(&box);
	box_write(&box, "a.vouch", "", "uses b\n");
	box_write(&box, "b.vouch", "", "uses c\n");
	box_write(&box, "c.vouch", "", "uses a\n");
	box_write(&box, "self.vouch", "", "uses self\n");
	ck_assert_ptr_null(box_load(&box, "a.vouch"));
	ck_assert_ptr_null(box_load(&box, "self.vouch"));
	codes_are(&box.comp, "E0403 E0403");
	box_end(&box);
}
END_TEST

/* One file that uses n others. */
static const Rulebook *load_many(Box *box, int n)
{
	Buf all = {0};
	char name[32];
	for (int i = 0; i < n; i++) {
		snprintf(name, sizeof name, "f%d.vouch", i);
		box_write(box, name, "", "# nothing\n");
		buf_printf(&all, "uses f%d\n", i);
	}
	box_write(box, "many.vouch", "", all.at);
	buf_free(&all);
	return box_load(box, "many.vouch");
}

START_TEST(limit_files_on_both_sides)
{
	Box box;
	box_begin(&box);
	ck_assert_ptr_nonnull(load_many(&box, LIMIT_FILES - 1));
	box_end(&box);
	box_begin(&box);
	ck_assert_ptr_null(load_many(&box, LIMIT_FILES));
	codes_are(&box.comp, "E0404");
	box_end(&box);
}
END_TEST

/* n defines, each using the next: evaluators recurse so deep. */
static const Rulebook *load_chain(Box *box, int n)
{
	Buf all = {0};
	for (int i = 1; i < n; i++)
		buf_printf(&all, "define f%d(x : money) : money is f%d(x)\n", i, i + 1);
	buf_printf(&all, "define f%d(x : money) : money is x\n", n);
	const Rulebook *book = load_text(box, all.at);
	buf_free(&all);
	return book;
}

/*
 * Names used before they are declared are sound, so the chain is followed, not
 * read top down.
 */
START_TEST(limit_chain_on_both_sides)
{
	Box box;
	box_begin(&box);
	ck_assert_ptr_nonnull(load_chain(&box, LIMIT_CHAIN));
	ck_assert_ptr_null(load_chain(&box, LIMIT_CHAIN + 1));
	codes_are(&box.comp, "E0104");
	box_end(&box);
}
END_TEST

/* One expression that is n levels deep on its left. */
static const Rulebook *load_sum(Box *box, int n)
{
	Buf all = {0};
	buf_puts(&all, "define f(x : duration) : duration is x");
	for (int i = 1; i < n; i++)
		buf_puts(&all, " + x");
	buf_puts(&all, "\n");
	const Rulebook *book = load_text(box, all.at);
	buf_free(&all);
	return book;
}

START_TEST(limit_depth_on_both_sides)
{
	Box box;
	box_begin(&box);
	ck_assert_ptr_nonnull(load_sum(&box, LIMIT_DEPTH));
	ck_assert_ptr_null(load_sum(&box, LIMIT_DEPTH + 1));
	codes_are(&box.comp, "E0104 E0104"); /* both operands of the innermost sign */
	box_end(&box);
}
END_TEST

/*
 * Each step uses the one before twice: 2^n parts. A few lines that would take
 * longer than the universe has: the checker must count, not unfold.
 */
START_TEST(limit_steps_stops_doubling)
{
	Box box;
	Buf all = {0};
	box_begin(&box);
	buf_puts(&all, "define f0(x : duration) : duration is x\n");
	for (int i = 1; i < 30; i++)
		buf_printf(&all, "define f%d(x : duration) : duration is f%d(x) + f%d(x)\n", i, i - 1,
			i - 1);
	ck_assert_ptr_null(load_text(&box, all.at));
	codes_are(&box.comp, "E0104");
	buf_free(&all);
	box_end(&box);
}
END_TEST

/* Opening a pipe would wait for ever for somebody to write. */
START_TEST(what_is_no_file_is_refused)
{
	Box box;
	box_begin(&box);
	ck_assert_int_eq(mkfifo(box_path(&box, "pipe.vouch").ptr, 0600), 0);
	ck_assert_int_eq(mkdir(box_path(&box, "dir.vouch").ptr, 0700), 0);
	ck_assert_ptr_null(box_load(&box, "pipe.vouch"));
	ck_assert_ptr_null(box_load(&box, "dir.vouch"));
	ck_assert_ptr_null(box_load(&box, "absent.vouch"));
	codes_are(&box.comp, "E0401 E0401 E0401");
	box_end(&box);
}
END_TEST

/* A sparse file one byte too long, and one full of blanks that just fits. */
START_TEST(limit_file_bytes_on_both_sides)
{
	Box box;
	box_begin(&box);
	Str path = box_path(&box, "big.vouch");
	box_write(&box, "big.vouch", "", "");
	ck_assert_int_eq(truncate(path.ptr, (off_t)LIMIT_FILE_BYTES + 1), 0);
	ck_assert_ptr_null(box_load(&box, "big.vouch"));
	codes_are(&box.comp, "E0103");
	box_end(&box);
	box_begin(&box);
	char *text = malloc(LIMIT_FILE_BYTES + 1);
	memset(text, ' ', LIMIT_FILE_BYTES);
	text[LIMIT_FILE_BYTES] = '\0';
	box_write(&box, "full.vouch", "", text);
	ck_assert_ptr_nonnull(box_load(&box, "full.vouch"));
	free(text);
	box_end(&box);
}
END_TEST

/* ---- finding contracts */

/* The word in a comment is no declaration; a misspelt name gets its neighbour. */
START_TEST(contracts_are_found_by_name_folder_and_path)
{
	Box box;
	StrVec paths = {0};
	box_begin(&box);
	ck_assert_int_eq(mkdir(box_path(&box, "kent").ptr, 0700), 0);
	box_write(&box, "kent/one.vouch", "", "# first\ncontract kent/one\n");
	box_write(&box, "kent/two.vouch", "", "contract kent/two\n");
	box_write(&box, "kent/shared.vouch", "", "# contract in a comment\n");
	ck_assert_int_eq(contract_find(&box.comp, STR("kent/one"), &paths), STATUS_OK);
	ck_assert_uint_eq(paths.n, 1);
	ck_assert_int_eq(contract_find(&box.comp, STR("kent"), &paths), STATUS_OK);
	ck_assert_uint_eq(paths.n, 3);
	ck_assert(str_cmp(paths.at[1], paths.at[2]) < 0);
	ck_assert_int_eq(contract_find(&box.comp, box_path(&box, "kent/two.vouch"), &paths), STATUS_OK);
	ck_assert_uint_eq(paths.n, 4);
	ck_assert_int_eq(contract_find(&box.comp, STR("kent/onee"), &paths), STATUS_WRONG);
	codes_are(&box.comp, "E0408");
	ck_assert(str_eq(box.comp.diags.list.at[0].help, STR("did you mean kent/one?")));
	vec_free(&paths);
	box_end(&box);
}
END_TEST

/* ---- tables, functions, parameters, calendars */

/*
 * Two for three uses: the same types share one, other denominators need their
 * own.
 */
START_TEST(functions_have_an_instance_for_each_set_of_scales)
{
	Box box;
	box_begin(&box);
	const Rulebook *book = load_sound(&box, "define twice(x : money) : money is x + x\n"
		"define a for visit : money is twice(visit.paid)\n"
		"define b for visit : money is twice(visit.pence)\n"
		"define d for visit : money is twice(visit.paid)\n");
	int32_t instances = 0;
	for (int32_t i = 0; i < book->ndefines; i++)
		instances += str_eq(book->define[i].decl.name, STR("twice"));
	ck_assert_int_eq(instances, 2);
	box_end(&box);
}
END_TEST

/* Every kind of cell once; outputs share a scale like branches. */
START_TEST(tables_become_conditions_over_their_inputs)
{
	Box box;
	box_begin(&box);
	const Rulebook *book = load_sound(&box,
		"table t (x : duration, o : one of (delivered, missed \"M\","
		" cancelled)) : money\n"
		" | x | o | pay |\n"
		" | below 30 minutes | any | £5.50 |\n"
		" | 30 minutes to below 1 hour | not missed | £20 per hour * x |\n"
		" | at least 1 hour | delivered, cancelled | 70p |\n"
		" | missing | missed | £0 |\n"
		" | at least 30 minutes | missed | £1 |\n"
		"define pay for visit : money is t(visit.length, visit.outcome)\n");
	codes_are(&box.comp, "");
	ck_assert_int_eq(book->ntables, 1);
	ck_assert_int_eq(book->table[0].nperiods, 1);
	ck_assert_int_eq(book->table[0].period[0].nrows, 5);
	ck_assert_int_eq(book->table[0].type.scale, 180);
	ck_assert_int_eq(book->table[0].period[0].row[2].value->n, 126);
	box_end(&box);
}
END_TEST

/* S12: by an earlier literal date. A later one would be a circle. */
START_TEST(parameters_may_speak_of_their_own_past)
{
	Box box;
	box_begin(&box);
	const Rulebook *book = load_sound(&box, "parameter p: money\n"
		" from 6 April 2026 (p as at 1 May 2025) * 103%\n from 1 May 2025 £19.05\n"
		"parameter q: money\n throughout p + 1p\n");
	ck_assert_int_eq(book->parameter[0].value[0].from, day_of(2025, 5, 1));
	ck_assert_int_eq(book->parameter[0].value[0].published, NO_DAY);
	ck_assert_int_eq(book->parameter[0].type.scale, 2000);
	ck_assert(book->parameter[1].value[0].value->dated);
	text_raises("parameter p: money\n from 1 May 2025 (p as at 1 June 2025) * 2\n", "E0304");
	box_end(&box);
}
END_TEST

/* Two values of one day, told apart by when they were published (S10, S11). */
START_TEST(a_history_may_be_restated_later)
{
	Box box;
	box_begin(&box);
	const Rulebook *book = load_sound(&box, "parameter p: money\n"
		" from 1 May 2025 £2 published 1 June 2025\n from 1 May 2025 £1\n");
	ck_assert_int_eq(book->parameter[0].value[0].published, NO_DAY);
	ck_assert_int_eq(book->parameter[0].value[1].published, day_of(2025, 6, 1));
	box_end(&box);
}
END_TEST

static const Calendar *calendar_called(const Rulebook *book, const char *name)
{
	for (int32_t i = 0; i < book->ncalendars; i++)
		if (str_eq(book->calendar[i].decl.name, str_of(name)))
			return &book->calendar[i];
	ck_abort_msg("no calendar %s", name);
}

/*
 * Before 1970, over the new year, the 53rd week, both ends of the financial
 * year.
 */
START_TEST(built_in_calendars)
{
	Box box;
	box_begin(&box);
	const Rulebook *book = load_sound(&box, "");
	const Calendar *week = calendar_called(book, "week"), *quarter = calendar_called(book,
		"quarter");
	const Calendar *year = calendar_called(book, "financial_year");
	int32_t day = day_of(2025, 9, 3);
	ck_assert_int_eq(calendar_first(week, day), day_of(2025, 9, 1));
	ck_assert_int_eq(calendar_last(week, day_of(2025, 9, 1)), day_of(2025, 9, 7));
	ck_assert_int_eq(calendar_first(week, day_of(1969, 12, 31)), day_of(1969, 12, 29));
	ck_assert_int_eq(calendar_number(week, day_of(2024, 12, 30)), 1);
	ck_assert_int_eq(calendar_number(week, day_of(2020, 12, 28)), 53);
	ck_assert_int_eq(calendar_first(quarter, day), day_of(2025, 7, 1));
	ck_assert_int_eq(calendar_last(quarter, day_of(2025, 7, 1)), day_of(2025, 9, 30));
	ck_assert_int_eq(calendar_number(quarter, day_of(2025, 7, 1)), 3);
	ck_assert_int_eq(calendar_first(year, day_of(2025, 3, 31)), day_of(2024, 4, 1));
	ck_assert_int_eq(calendar_first(year, day_of(2025, 4, 1)), day_of(2025, 4, 1));
	ck_assert_int_eq(calendar_last(year, day_of(2025, 4, 1)), day_of(2026, 3, 31));
	ck_assert_int_eq(calendar_next(year, day_of(2025, 4, 1)), day_of(2026, 4, 1));
	ck_assert_int_eq(calendar_previous(year, day_of(2025, 4, 1)), day_of(2024, 4, 1));
	box_end(&box);
}
END_TEST

/* S53: a five-week period, after which the four weeks go on. */
START_TEST(an_exception_moves_the_count_of_periods)
{
	Box box;
	box_begin(&box);
	const Rulebook *book = load_sound(&box, "calendar pay\n periods of 4 weeks from 28 April 2025\n"
		" except 26 May 2025 to 29 June 2025\n");
	const Calendar *pay = calendar_called(book, "pay");
	ck_assert_int_eq(calendar_first(pay, day_of(2025, 5, 25)), day_of(2025, 4, 28));
	ck_assert_int_eq(calendar_last(pay, day_of(2025, 4, 28)), day_of(2025, 5, 25));
	ck_assert_int_eq(calendar_first(pay, day_of(2025, 6, 29)), day_of(2025, 5, 26));
	ck_assert_int_eq(calendar_last(pay, day_of(2025, 5, 26)), day_of(2025, 6, 29));
	ck_assert_int_eq(calendar_next(pay, day_of(2025, 5, 26)), day_of(2025, 6, 30));
	ck_assert_int_eq(calendar_first(pay, day_of(2025, 7, 27)), day_of(2025, 6, 30));
	ck_assert_int_eq(calendar_first(pay, day_of(2025, 7, 28)), day_of(2025, 7, 28));
	ck_assert_int_eq(calendar_previous(pay, day_of(2025, 6, 30)), day_of(2025, 5, 26));
	ck_assert_int_eq(calendar_number(pay, day_of(2025, 4, 28)), 1);
	ck_assert_int_eq(calendar_number(pay, day_of(2025, 5, 26)), 2);
	ck_assert_int_eq(calendar_number(pay, day_of(2025, 6, 30)), 3);
	box_end(&box);
}
END_TEST

/*
 * On the day of publication, the day before, and without one: known since
 * always.
 */
START_TEST(holidays_are_known_from_their_publication)
{
	Box box;
	box_begin(&box);
	const Rulebook *book = load_sound(&box, "calendar bank_holiday\n dates\n"
		" | 2025-12-26 | Boxing Day | |\n | 2025-12-25 | Christmas Day | 2025-01-01 |\n");
	const Calendar *holiday = calendar_called(book, "bank_holiday");
	ck_assert(calendar_has(holiday, day_of(2025, 12, 25), LAST_DAY));
	ck_assert(calendar_has(holiday, day_of(2025, 12, 25), day_of(2025, 1, 1)));
	ck_assert(!calendar_has(holiday, day_of(2025, 12, 25), day_of(2024, 12, 31)));
	ck_assert(calendar_has(holiday, day_of(2025, 12, 26), day_of(2000, 1, 1)));
	ck_assert(!calendar_has(holiday, day_of(2025, 12, 24), LAST_DAY));
	ck_assert_int_eq(calendar_next(holiday, day_of(2025, 12, 25)), day_of(2025, 12, 26));
	ck_assert_int_eq(calendar_next(holiday, day_of(2025, 12, 26)), INT32_MIN);
	box_end(&box);
}
END_TEST

/*
 * Steps, minimum and bands over one denominator, and bands sorted by their
 * ends.
 */
START_TEST(roundings_share_the_scale_of_their_figures)
{
	Box box;
	box_begin(&box);
	const Rulebook *book = load_sound(&box,
		"rounding r: money\n up to the next 4p\n at least 5.5p\n"
		"rounding b: duration\n"
		" | 8 minutes to below 23 minutes | 15 minutes |\n | below 8 minutes | 0 minutes |\n"
		" | at least 23 minutes | 30 minutes |\n"
		"rounding n: duration\n counts 60 minutes from 53 minutes\n");
	const Rounding *money = &book->rounding[0], *bands = &book->rounding[1];
	ck_assert_int_eq(money->type.scale, 200);
	ck_assert_int_eq(money->step, 8);
	ck_assert_int_eq(money->least, 11);
	ck_assert_int_eq(money->mode, ROUND_UP);
	ck_assert_int_eq(bands->how, STEP_BANDS);
	ck_assert_int_eq(bands->nbands, 3);
	ck_assert_int_eq(bands->band[0].lo, INT64_MIN);
	ck_assert_int_eq(bands->band[1].to, 900);
	ck_assert(bands->band[2].no_hi);
	ck_assert_int_eq(book->rounding[2].counts_from, 3180);
	codes_are(&box.comp, "");
	box_end(&box);
}
END_TEST

/* ---- flags that evaluators rely on */

/*
 * What is not dated may be worked out once for all rows; a mark too few would
 * freeze a law.
 */
START_TEST(dated_values_are_marked)
{
	Box box;
	box_begin(&box);
	const Rulebook *book = load_sound(&box, "parameter p: money\n from 1 May 2025 £1\n"
		"parameter q: money\n throughout £1\n"
		"define a for visit : money is p\ndefine b for visit : money is q\n"
		"define d for visit : money\n on visit.date\n is visit.a\n"
		"define e for visit : money is p as at visit.date\n");
	bool dated[4];
	for (int32_t i = 0; i < 4; i++)
		dated[i] = book->define[i].dated;
	ck_assert(dated[0] && !dated[1] && !dated[2] && !dated[3]);
	box_end(&box);
}
END_TEST

/*
 * For `vouch eval`: it may add instances of functions, and a wrong one must
 * leave the book as it was.
 */
START_TEST(an_expression_is_checked_against_a_rulebook)
{
	Box box;
	int32_t slots = -1;
	box_begin(&box);
	const Rulebook *book = load_sound(&box, "define twice(x : money) : money is x + x\n");
	const Expr *value = rulebook_expression(&box.comp, book, STR("£22.59 per hour * 25 minutes"),
		&slots);
	ck_assert_int_eq(value->op, EXPR_CONST);
	ck_assert_int_eq(value->n, 753);
	ck_assert_int_eq(value->type.scale, 80);
	ck_assert_int_eq(slots, 0);
	int32_t defines = book->ndefines;
	value = rulebook_expression(&box.comp, book, STR("twice(£0.001)"), &slots);
	ck_assert_int_eq(value->type.scale, 1000);
	ck_assert_int_eq(book->ndefines, defines + 1);
	value = rulebook_expression(&box.comp, book, STR("count(v in visit where v.done)"), &slots);
	ck_assert_int_eq(slots, 1);
	ck_assert_ptr_null(rulebook_expression(&box.comp, book, STR("£1 + 1"), &slots));
	ck_assert_ptr_null(rulebook_expression(&box.comp, book, STR("£1 +"), &slots));
	box_end(&box);
}
END_TEST

/* ---- speed: no quadratic scans */

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void many_rules(Box *box, Buf *text, int rules)
{
	buf_puts(text, vocabulary);
	for (int i = 0; i < rules; i++)
		buf_printf(text, "parameter p%d: money per hour\n throughout £%d.50 per hour\n"
			"define d%d for visit : money is visit.rate * visit.length\n"
			"rule R%d \"Rule\"\n for each visit\n on visit.date\n"
			" applies when visit.outcome is delivered\n"
			" require visit.rate <= p%d and visit.d%d >= £1\n", i, i, i, i, i, i);
	box_write(box, "many.vouch", "", text->at);
}

/* A scan of all names for each name would take minutes. */
START_TEST(ten_thousand_rules_take_a_moment)
{
	Box box;
	Buf text = {0};
	box_begin(&box);
	many_rules(&box, &text, 10000);
	double begun = seconds();
	const Rulebook *book = box_load(&box, "many.vouch");
	double taken = seconds() - begun;
	ck_assert_ptr_nonnull(book);
	ck_assert_int_eq(book->nrules, 10000);
	/* A second on a quiet machine; ten leave room for sanitizers and for neighbours. */
	ck_assert_msg(taken < 10, "%.2f s", taken);
	buf_free(&text);
	box_end(&box);
}
END_TEST

static void add_laws(TCase *tcase)
{
	tcase_add_test(tcase, law_1_denominators_are_known_and_reduced);
	tcase_add_test(tcase, law_1_quotients_of_data_are_ratios);
	tcase_add_test(tcase, branches_are_brought_to_one_scale);
	tcase_add_test(tcase, limit_scale_on_both_sides);
	tcase_add_test(tcase, fields_say_how_their_columns_are_read);
	tcase_add_test(tcase, law_2_units_are_types);
	tcase_add_test(tcase, law_7_overlapping_exceptions_are_warned_of);
	tcase_add_test(tcase, law_10_boundaries_each_mean_one_thing);
	tcase_add_test(tcase, is_within_a_span_is_open_while_its_end_is_missing);
	tcase_add_test(tcase, law_13_uses_stays_inside);
	tcase_add_test(tcase, law_13_a_link_within_the_rules_is_followed);
	tcase_add_test(tcase, law_13_circles_of_files_end);
	tcase_add_test(tcase, limit_files_on_both_sides);
	tcase_add_test(tcase, limit_chain_on_both_sides);
	tcase_add_test(tcase, limit_depth_on_both_sides);
	tcase_add_test(tcase, limit_steps_stops_doubling);
	tcase_add_test(tcase, what_is_no_file_is_refused);
	tcase_add_test(tcase, limit_file_bytes_on_both_sides);
}

static void add_declarations(TCase *tcase)
{
	tcase_add_test(tcase, contracts_are_found_by_name_folder_and_path);
	tcase_add_test(tcase, functions_have_an_instance_for_each_set_of_scales);
	tcase_add_test(tcase, tables_become_conditions_over_their_inputs);
	tcase_add_test(tcase, parameters_may_speak_of_their_own_past);
	tcase_add_test(tcase, a_history_may_be_restated_later);
	tcase_add_test(tcase, built_in_calendars);
	tcase_add_test(tcase, an_exception_moves_the_count_of_periods);
	tcase_add_test(tcase, holidays_are_known_from_their_publication);
	tcase_add_test(tcase, roundings_share_the_scale_of_their_figures);
	tcase_add_test(tcase, dated_values_are_marked);
	tcase_add_test(tcase, an_expression_is_checked_against_a_rulebook);
	tcase_add_test(tcase, ten_thousand_rules_take_a_moment);
}

Suite *check_suite(void)
{
	Suite *suite = suite_create("check");
	TCase *tcase = tcase_create("check");
	tcase_add_test(tcase, golden_diagnostics);
	tcase_add_test(tcase, sample_contract_is_checked_end_to_end);
	tcase_add_test(tcase, the_last_line_has_an_end);
	tcase_add_test(tcase, sample_rules_have_the_four_subjects);
	tcase_add_test(tcase, covers_follows_the_one_path_of_links);
	tcase_add_test(tcase, a_rulebook_has_a_hash_of_all_its_files);
	add_laws(tcase);
	add_declarations(tcase);
	suite_add_tcase(suite, tcase);
	return suite;
}
