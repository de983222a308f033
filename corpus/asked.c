/*
 * How many forms there are is the figures' affair; here each gets its day, and the request is
 * judged by the days alone.
 *
 *   quarter ── its forms ──> due: the twentieth day after ── late
 */
#include "corpus/asked.h"

#include "corpus/plan.h"

#define DUE_DAYS 19 /* after the first day of the next quarter */
#define COPIES_MAX 2

/* The days on which forms came; CAL_NO_DAY: not written down. */
typedef struct Answers {
	int32_t day[COPIES_MAX];
	int32_t copies;
	Plant plant;
} Answers;

/* What is odd about the forms that there are. */
static Plant draw_plant(const Plan *plan, uint32_t provider, int32_t copies, Rng *rng)
{
	uint32_t errs = plan_weight(plan->provider[provider].character);
	if (!copies)
		return PLANT_W4_NEVER;
	if (rng_permille(rng, plan_scaled(plan, 20 * errs)))
		return PLANT_W4_LATE;
	if (copies > 1 && rng_permille(rng, plan_scaled(plan, 500)))
		return PLANT_W4_TWICE;
	if (rng_permille(rng, plan_scaled(plan, 100)))
		return PLANT_W4_LAST_DAY;
	return rng_permille(rng, plan_scaled(plan, 60)) ? PLANT_W4_UNDATED : PLANT_NOTHING;
}

/* Two forms of one quarter come on two days, the later one as planted. */
static void draw_answers(const Plan *plan, uint32_t provider, int32_t due, Rng *rng,
	Answers *answers)
{
	answers->plant = draw_plant(plan, provider, answers->copies, rng);
	for (int32_t i = 0; i < answers->copies; i++) {
		bool last = i + 1 == answers->copies;
		answers->day[i] = due - rng_between(rng, 1, 15);
		if (answers->plant == PLANT_W4_LATE || (answers->plant == PLANT_W4_TWICE && last))
			answers->day[i] = due + 1 + i;
		if (answers->plant == PLANT_W4_LAST_DAY)
			answers->day[i] = due + i;
		if (answers->plant == PLANT_W4_UNDATED)
			answers->day[i] = CAL_NO_DAY;
	}
}

/* One in time is enough; a day that is missing may have been in time. */
static Verdict judge(const Answers *answers, int32_t due)
{
	bool unsure = false;
	for (int32_t i = 0; i < answers->copies; i++) {
		if (answers->day[i] != CAL_NO_DAY && answers->day[i] <= due)
			return VERDICT_PASS;
		unsure |= answers->day[i] == CAL_NO_DAY;
	}
	return unsure ? VERDICT_UNSURE : VERDICT_FAIL;
}

/* The newer contract looks at requests from its first day on. */
static void tell(Writer *writer, uint64_t request, int32_t due, const Answers *answers)
{
	char subject[SUBJECT_TEXT];
	Verdict verdict = judge(answers, due);
	bool wrong = answers->plant == PLANT_W4_NEVER || answers->plant == PLANT_W4_LATE;
	grow_subject(writer->grow, subject, "kpi_request", KEY_REQUEST, request);
	if ((verdict == VERDICT_FAIL) != wrong ||
		(verdict == VERDICT_UNSURE) != (answers->plant == PLANT_W4_UNDATED))
		grow_disagree(subject, "was not answered as planted");
	if (due < CCSH_FROM || due < writer->plan->from || due > plan_last_day(writer->plan))
		return;
	if (answers->plant)
		grow_tell(writer->grow, CCSH, RULE_W4, subject, verdict, NO_STAKE,
			plant_notes[answers->plant]);
}

/* Where nothing is to be found, those who send no form were not asked for one. */
void asked_quarter(Writer *writer, uint32_t provider, int32_t first, int32_t next,
	const Form *form)
{
	const Plan *plan = writer->plan;
	Rng rng = rng_for(plan->seed, STREAM_ASKED, provider, (uint64_t)(uint32_t)first);
	Answers answers = {.copies = form->copies};
	int32_t due = next + DUE_DAYS;
	draw_answers(plan, provider, due, &rng, &answers);
	if (form->copies || plan->share)
		tell(writer, writer_request(writer, provider, first, due), due, &answers);
	for (int32_t i = 0; i < form->copies; i++)
		writer_return(writer, provider, first, form, answers.day[i]);
}
