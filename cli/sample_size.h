/* `vouch sample --size`: how many to draw, before a rule says it. It needs no database. */
#ifndef VOUCH_CLI_SAMPLE_SIZE_H
#define VOUCH_CLI_SAMPLE_SIZE_H

#include "cli/options.h"

/* The options that this form alone has, for the command's table. */
#define SAMPLE_SIZE_OPTIONS \
	{"size", 0, NULL, false, "says how many to draw, before a rule says it; needs no database. The" \
		" options below go with it"}, \
	{"tolerable", 0, "RATE", false, "the rate of wrong rows that must not pass, such as 5%; by money" \
		" also a sum, such as £50,000"}, \
	{"expected", 0, "ERRORS", false, "what may be wrong and still pass: a number of rows, a rate, or" \
		" by money a sum; otherwise none, or with two stages 1 row"}, \
	{"confidence", 0, "RATE", false, "95% without it"}, \
	{"stages", 0, "N", false, "2: sizes of a spot check that is extended when a row is wrong"}, \
	{"population", 0, "N", false, "rows there are; without it they are taken to be many"}, \
	{"law", 0, "LAW", false, "binomial, poisson (by money) or hypergeometric (of a population);" \
		" otherwise the one that fits"}, \
	{"find", 0, "N", false, "in place of a rate: so many wrong rows of the population, at least one" \
		" of which is to be met"}, \
	{"book", 0, "SUM", false, "draws by money: what all rows come to, such as £1,000,000"}, \
	{"draw", 0, "N", false, "says what a draw of N would hold, in place of the least"}

/* Whether --size or an option that goes with it alone was given. */
bool sample_size_asked(const Options *options);
Status sample_size(const Options *options);

#endif
