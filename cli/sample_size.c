/*
 * vouch sample --size: reads what a commissioner knows before a rule is written, and has the sizes
 * worked out.
 *
 *   --tolerable 5% ───────────────────────> binomial        rows of very many
 *   --tolerable 5% --population 1000 ─────> hypergeometric  rows of a frame that is counted
 *   --find 25 --population 5000 ──────────> hypergeometric  to meet one of 25
 *   --book £1,000,000 --tolerable £50,000 > Poisson         pounds
 *
 * Rates and sums are read as exact fractions and stay so: 3.5% of 400 rows are 14 rows, and a size
 * that was worked out in floating point may be another one.
 */
#include "cli/sample_size.h"

#include <string.h>

#include "report/spot_size.h"

/* What a draw from data is about: none of it goes with a size. */
static const char *const of_data[] = {"contract", "plan", "output", "from", "to", "known-on",
	"provider", "seed", "next", "risk", "top", NULL};
/* Any of these leads here, where all but --size itself are refused without it: a draw from data
 * must not take --tolerable for something that it heeds. */
static const char *const of_size[] = {"size", "tolerable", "expected", "confidence", "stages",
	"population", "law", "find", "book", "draw", NULL};

/* As far as the exact sums answer within a second or so. */
enum { POPULATION = SAMPLING_MOST_POPULATION, SIZE = SAMPLING_MOST_SIZE };

/* The first of the names that was given; NULL: none was. */
static const char *given(const Options *options, const char *const *name)
{
	while (*name != NULL && options_value(options, *name) == NULL)
		name++;
	return *name;
}

bool sample_size_asked(const Options *options)
{
	return given(options, of_size) != NULL;
}

/* ---- figures ---- */

/* "5%", as a part of one: 0 or more, below 1. A number without the sign is refused, as nobody can
 * tell whether 5 is 5% or 5 rows. */
static bool read_percent(const char *value, Ratio *out)
{
	Str text = str_of(value);
	Ratio percent;
	if (text.len < 2 || text.ptr[text.len - 1] != '%')
		return false;
	text.len--;
	return ratio_parse(text, &percent) && percent.n >= 0
		&& ratio_div(percent, (Ratio){100, 1}, out) && out->n < out->d;
}

/* "£1,000.50" in pence, whole ones, and no more than £10 thousand million: products with it fit. */
static bool read_sum(const char *value, int64_t *pence)
{
	Str text = str_of(value), pound = STR("£");
	Ratio sum;
	if (!str_starts(text, pound))
		return false;
	text = (Str){text.ptr + pound.len, text.len - pound.len};
	if (!ratio_parse(text, &sum) || !ratio_mul(sum, (Ratio){100, 1}, &sum) || sum.d != 1
			|| sum.n < 0 || sum.n > 1000000000000)
		return false;
	*pence = (int64_t)sum.n;
	return true;
}

/* What was given, and what is needed in its place. */
static Status wanted(const Options *options, const char *name, const char *what)
{
	return options_misused(options->command, "--%s %s: %s", name, options_value(options, name), what);
}

/* A rate, or beside a book a sum, which is a part of it; *sum is left alone for a rate. */
static bool read_part(const Options *options, const char *name, int64_t book, Ratio *part,
	int64_t *sum)
{
	const char *value = options_value(options, name);
	if (read_percent(value, part))
		return true;
	return book > 0 && read_sum(value, sum) && *sum < book && ratio_make(*sum, book, part);
}

/* Certainty would need all rows, and has no sample. */
static Status read_confidence(const Options *options, int32_t *points)
{
	Ratio part;
	*points = 9500;
	if (options_value(options, "confidence") == NULL)
		return STATUS_OK;
	if (!read_percent(options_value(options, "confidence"), &part) || part.n == 0
			|| !ratio_mul(part, (Ratio){SAMPLING_CERTAIN, 1}, &part) || part.d != 1)
		return wanted(options, "confidence", "a rate below 100%, to hundredths of a per cent, is"
			" needed, such as 95%");
	*points = (int32_t)part.n;
	return STATUS_OK;
}

/* ---- the plan ---- */

/* What stands by itself; what depends on others is read after the law is known. */
static Status read_numbers(const Options *options, SpotSizeAsk *ask, bool *has_law)
{
	static const char *const word[] = {"binomial", "poisson", "hypergeometric", NULL};
	long population = 0, stages = 1, find = 0, draw = 0;
	int law = LAW_BINOMIAL;
	if (!options_number(options, "population", 2, POPULATION, &population)
			|| !options_number(options, "stages", 1, 2, &stages)
			|| !options_number(options, "find", 1, POPULATION, &find)
			|| !options_number(options, "draw", 1, SIZE, &draw)
			|| !options_choice(options, "law", word, &law))
		return STATUS_USAGE;
	*has_law = options_value(options, "law") != NULL;
	ask->plan.population = population;
	ask->plan.law = (SamplingLaw)law;
	ask->two = stages == 2;
	ask->find = find;
	ask->draw = draw;
	if (options_value(options, "book") != NULL
			&& (!read_sum(options_value(options, "book"), &ask->book) || ask->book == 0))
		return wanted(options, "book", "a sum is needed, such as £1,000,000");
	return read_confidence(options, &ask->plan.confidence);
}

/* Where none is named, the law follows from what is known. Pounds have one law, and a population is
 * counted by one. */
static Status choose_law(const Options *options, SpotSizeAsk *ask, bool has_law)
{
	const Command *command = options->command;
	SizeAsk *plan = &ask->plan;
	if (!has_law)
		plan->law = ask->book > 0 ? LAW_POISSON
			: plan->population > 0 ? LAW_HYPERGEOMETRIC : LAW_BINOMIAL;
	if (ask->book > 0 && (plan->law != LAW_POISSON || plan->population > 0))
		return options_misused(command, "pounds are drawn by the Poisson law: --book goes neither with"
			" --population nor with another --law");
	if (plan->law == LAW_HYPERGEOMETRIC && plan->population == 0)
		return options_misused(command, "the hypergeometric law needs the rows there are:"
			" --population 5000");
	if (plan->law != LAW_HYPERGEOMETRIC && plan->population > 0 && ask->find == 0)
		return options_misused(command, "--population goes with the hypergeometric law");
	return STATUS_OK;
}

/* So many wrong rows of all are a rate, with which none may be met. */
static Status read_find(const Options *options, SpotSizeAsk *ask)
{
	const Command *command = options->command;
	if (ask->plan.population <= ask->find)
		return options_misused(command, "--find %lld needs a larger --population",
			(long long)ask->find);
	if (ask->two || ask->book > 0 || options_value(options, "tolerable") != NULL
			|| options_value(options, "expected") != NULL)
		return options_misused(command, "--find says what is wrong: it goes with none of --tolerable,"
			" --expected, --book and --stages 2");
	ask->plan.fixed = true;
	return ratio_make(ask->find, ask->plan.population, &ask->plan.tolerable) ? STATUS_OK
		: STATUS_USAGE;
}

/* Without a rate there is nothing that the sample could promise. */
static Status read_tolerable(const Options *options, SpotSizeAsk *ask)
{
	if (options_value(options, "tolerable") == NULL)
		return options_misused(options->command, "the rate that must not pass is needed:"
			" --tolerable 5%%");
	if (!read_part(options, "tolerable", ask->book, &ask->plan.tolerable, &ask->tolerable)
			|| ask->plan.tolerable.n == 0)
		return wanted(options, "tolerable", ask->book > 0 ? "a rate such as 5%, or a sum such as"
			" £50,000 below the book, is needed" : "a rate is needed, such as 5%");
	return STATUS_OK;
}

/* A whole number of errors, or a rate (or sum) of them; without the option none, or one that the
 * second stage is for. */
static Status read_expected(const Options *options, SpotSizeAsk *ask)
{
	const char *value = options_value(options, "expected");
	long errors = ask->two ? 1 : 0;
	bool number = value == NULL || strspn(value, "0123456789") == strlen(value);
	ask->plan.fixed = number;
	if (number && !options_number(options, "expected", errors, 1000, &errors))
		return STATUS_USAGE;
	ask->plan.errors = errors;
	if (number)
		return STATUS_OK;
	if (!read_part(options, "expected", ask->book, &ask->plan.expected, &ask->expected))
		return wanted(options, "expected", ask->book > 0 ? "a number of errors, a rate such as 1%, or"
			" a sum such as £10,000 is needed" : "a number of rows, or a rate such as 1%, is needed");
	if (ask->two || (ask->draw > 0 && ask->plan.law == LAW_POISSON && ask->plan.expected.n > 0))
		return wanted(options, "expected", "with --stages 2, and with --draw by money, a number is"
			" needed");
	if (ratio_cmp(ask->plan.expected, ask->plan.tolerable) >= 0)
		return wanted(options, "expected", "it has to lie below --tolerable");
	return STATUS_OK;
}

/* Each step leans on the one before: the law says what a book and a population may mean. */
static Status read_plan(const Options *options, SpotSizeAsk *ask)
{
	bool has_law;
	Status status = read_numbers(options, ask, &has_law);
	if (status == STATUS_OK)
		status = choose_law(options, ask, has_law);
	if (status == STATUS_OK && ask->find > 0)
		return read_find(options, ask);
	if (status == STATUS_OK)
		status = read_tolerable(options, ask);
	return status == STATUS_OK ? read_expected(options, ask) : status;
}

/* ---- the whole ---- */

/* The command's other forms draw from data; a mixture of both is a mistake that is told. */
static Status check_usage(const Options *options, SpotFormat *format)
{
	static const char *const word[] = {"text", "json", NULL};
	const char *other = given(options, of_data);
	int choice = 0;
	if (options_value(options, "size") == NULL)
		return options_misused(options->command, "--%s goes with --size", given(options, of_size));
	if (other != NULL || options->noperands > 0)
		return options_misused(options->command, "--size needs no data: it goes without %s%s",
			other != NULL ? "--" : "a database", other != NULL ? other : "");
	if (!options_choice(options, "format", word, &choice))
		return STATUS_USAGE;
	*format = choice == 1 ? SPOT_JSON : SPOT_TEXT;
	return STATUS_OK;
}

/* A plan that no size meets is told as what it is, a demand that cannot be met as it was put. */
Status sample_size(const Options *options)
{
	SpotSizeAsk ask = {0};
	SpotSize size;
	SpotFormat format = SPOT_TEXT;
	Status status = check_usage(options, &format);
	if (status == STATUS_OK)
		status = read_plan(options, &ask);
	if (status != STATUS_OK)
		return status;
	SamplingStatus found = spot_size(&ask, &size);
	if (found != SAMPLING_OK)
		return options_misused(options->command, "%s", sampling_status_text(found));
	return spot_print_size(&ask, &size, format, stdout);
}
