/*
 * The moves, and what they come to. The table of moves is the whole of the procedure: who may say
 * what when, each with its reason; the program, its messages and its tests all go by it.
 */
#include "interp/case_event.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"

/* Sets of statuses are bits: at most 32 of them. */
#define FROM(name) (1u << EVENT_##name)
/* The auditor has decided, and no money has moved. */
#define DECIDED (FROM(UPHELD) | FROM(PART_UPHELD) | FROM(AGREED) | FROM(DISPUTED))
/* The matter is with somebody: it can be decided, dropped or passed on. */
#define OPEN (FROM(RAISED) | FROM(ANSWERED) | DECIDED | FROM(REFERRED))

/* X(who, what, from where, why so). One line for each thing that a side can say. */
#define EVENT_MOVES(X) \
	X(AUDITOR, RAISED, FROM(NONE) | FROM(RAISED) | FROM(WITHDRAWN) | FROM(SETTLED) | FROM(REFERRED), \
		"first, again with another sum, or anew when something new has come to light") \
	X(AUDITOR, UPHELD, OPEN, \
		"at any time while it is open: also when no answer has come, or after one was disputed") \
	X(AUDITOR, PART_UPHELD, OPEN, "as upheld, for a part of the sum") \
	X(AUDITOR, WITHDRAWN, FROM(NONE) | OPEN, \
		"at any time before money has moved; also of one that is not worth raising") \
	X(AUDITOR, SETTLED, FROM(SETTLED) | DECIDED, \
		"once it is decided, whether or not it was agreed; again when more was paid, with the sum" \
		" in all") \
	X(AUDITOR, REFERRED, FROM(NONE) | OPEN, \
		"at any time before money has moved; before it is raised where a word would warn somebody") \
	X(PROVIDER, ANSWERED, FROM(RAISED) | FROM(ANSWERED) | FROM(REFERRED) | DECIDED, \
		"as often as there is something to say, until it is settled") \
	X(PROVIDER, AGREED, FROM(RAISED) | FROM(ANSWERED) | DECIDED, \
		"to what was raised or decided, also after it was disputed") \
	X(PROVIDER, DISPUTED, FROM(RAISED) | FROM(ANSWERED) | DECIDED, \
		"what was raised or decided, also after it was agreed, until money has moved")

typedef struct Move {
	EventRole role;
	EventStatus to;
	unsigned from;
	const char *why;
} Move;

/* A side says a thing in one line only, so that the first that matches is the only one. */
static const Move move[] = {
#define X(who, to, from, why) {EVENT_##who, EVENT_##to, from, why},
	EVENT_MOVES(X)
#undef X
};

enum { MOVES = sizeof move / sizeof *move };

/* Words, texts and meanings in the order of the list, which is that of the enum. */
const char *const event_word[EVENT_STATUS_COUNT] = {
#define X(name, word, text, meaning) word,
	EVENT_STATUSES(X)
#undef X
};

const char *const event_text[EVENT_STATUS_COUNT] = {
#define X(name, word, text, meaning) text,
	EVENT_STATUSES(X)
#undef X
};

const char *const event_meaning[EVENT_STATUS_COUNT] = {
#define X(name, word, text, meaning) meaning,
	EVENT_STATUSES(X)
#undef X
};

const char *const event_role[EVENT_ROLE_COUNT] = {"provider", "auditor"};

/* People write "Part upheld" and "part-upheld" into spreadsheets. */
static bool same_word(Str typed, const char *word)
{
	if (typed.len != strlen(word))
		return false;
	/* ASCII is all that the words have. */
	for (size_t i = 0; i < typed.len; i++) {
		char c = typed.ptr[i];
		c = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c == ' ' || c == '-' ? '_' : c);
		if (c != word[i])
			return false;
	}
	return true;
}

/* Lists are short: they are looked through. */
EventStatus event_status_of(Str word)
{
	int i = 0;
	while (i < EVENT_STATUS_COUNT && !same_word(word, event_word[i]))
		i++;
	return (EventStatus)i;
}

EventRole event_role_of(Str word)
{
	int i = 0;
	while (i < EVENT_ROLE_COUNT && !same_word(word, event_role[i]))
		i++;
	return (EventRole)i;
}

/* What the table does not name is not allowed. */
bool event_allowed(EventStatus from, EventRole role, EventStatus to)
{
	for (int i = 0; i < MOVES; i++)
		if (move[i].role == role && move[i].to == to)
			return (move[i].from & 1u << from) != 0;
	return false;
}

/* For the message of a move that comes at the wrong time. */
const char *event_why(EventRole role, EventStatus to)
{
	for (int i = 0; i < MOVES; i++)
		if (move[i].role == role && move[i].to == to)
			return move[i].why;
	return NULL;
}

/* "the auditor can say upheld, part_upheld or withdrawn"; nothing when there is nothing to say. */
static bool put_choices(Buf *buf, EventStatus from, EventRole role)
{
	/* Counted first, because the last one is joined by "or". */
	int n = 0, told = 0;
	for (int i = 0; i < MOVES; i++)
		n += move[i].role == role && (move[i].from & 1u << from) != 0;
	if (n == 0)
		return false;
	buf_puts(buf, buf->n > 0 ? "; " : "");
	buf_printf(buf, "the %s can say ", event_role[role]);
	for (int i = 0; i < MOVES; i++) {
		if (move[i].role != role || (move[i].from & 1u << from) == 0)
			continue;
		buf_puts(buf, told == 0 ? "" : told == n - 1 ? " or " : ", ");
		buf_puts(buf, event_word[move[i].to]);
		told++;
	}
	return true;
}

/* The auditor can always say something; the provider not before it is asked, nor after the end. */
void event_choices(Buf *buf, EventStatus from)
{
	Buf all = {0};
	put_choices(&all, from, EVENT_AUDITOR);
	if (!put_choices(&all, from, EVENT_PROVIDER))
		buf_puts(&all, "; the provider can say nothing");
	buf_str(buf, buf_view(&all));
	buf_free(&all);
}

/* ---- what events come to ---- */

/* Not £0.00: nobody has named a sum. */
static const EventSum unknown = {false, 0};

/* A finding that is raised anew begins anew, except that money which has moved stays moved. */
void event_apply(EventState *state, const CaseEvent *event)
{
	EventSum sum = {event->has_amount, event->has_amount ? event->amount : 0};
	state->status = event->status;
	state->events++;
	switch (event->status) {
	case EVENT_RAISED:
		state->raised = sum;
		state->upheld = state->agreed = unknown;
		break;
	case EVENT_UPHELD:
	case EVENT_PART_UPHELD:
		state->upheld = sum;
		state->agreed = unknown;
		break;
	case EVENT_WITHDRAWN:
		/* A decision as well: for nothing. That is known, and not the same as no decision. */
		state->upheld = (EventSum){true, 0};
		state->agreed = unknown;
		break;
	case EVENT_AGREED:
		state->agreed = sum;
		break;
	case EVENT_DISPUTED:
		/* What the auditor decided stands; only the consent to it is gone. */
		state->agreed = unknown;
		break;
	case EVENT_SETTLED:
		state->settled = sum;
		break;
	case EVENT_NONE:
	case EVENT_ANSWERED:
	case EVENT_REFERRED:
	case EVENT_STATUS_COUNT:
		/* What is said, or passed on, moves no sum. A figure in an answer is the provider's own:
		 * it stands in the event, and counts only when it is agreed or upheld. */
		break;
	}
}

/* Of one that was settled and is open again, what was paid stays paid until it is decided. */
int64_t event_owed(const EventState *state)
{
	if (state->status != EVENT_SETTLED && state->agreed.known)
		return state->agreed.pence;
	if (state->status != EVENT_SETTLED && state->upheld.known)
		return state->upheld.pence;
	return state->settled.known ? state->settled.pence : 0;
}

/* Each sum goes over into the next step unless another is named. A finding that was not raised
 * for a sum is upheld for what it puts at stake. */
EventSum event_usual(const EventState *state, EventStatus to, EventSum stake)
{
	/*
	 * stake ──> raised ──> upheld ──> agreed ──> settled
	 *
	 * Each falls back on the one before it.
	 */
	EventSum raised = state->raised.known ? state->raised : stake;
	EventSum upheld = state->upheld.known ? state->upheld : raised;
	switch (to) {
	case EVENT_RAISED:
		return stake;
	case EVENT_UPHELD:
		return raised;
	case EVENT_AGREED:
		return upheld;
	case EVENT_SETTLED:
		return state->agreed.known ? state->agreed : upheld;
	case EVENT_NONE:
	case EVENT_ANSWERED:
	case EVENT_PART_UPHELD:
	case EVENT_WITHDRAWN:
	case EVENT_DISPUTED:
	case EVENT_REFERRED:
	case EVENT_STATUS_COUNT:
		break;
	}
	return unknown;
}

/* A part is less than the whole, and goes the same way. */
static bool is_part(int64_t part, int64_t whole)
{
	return whole >= 0 ? part >= 0 && part < whole : part <= 0 && part > whole;
}

/* Only what would contradict the status itself: sums above the finding are a warning, since
 * people may know more than the data. */
const char *event_sum_fault(const EventState *state, EventStatus to, EventSum sum)
{
	if (sum.known && (to == EVENT_WITHDRAWN || to == EVENT_REFERRED))
		return "takes no sum";
	if (to == EVENT_PART_UPHELD && !sum.known)
		return "needs the sum that is upheld";
	if (to == EVENT_PART_UPHELD && state->raised.known && !is_part(sum.pence, state->raised.pence))
		return "needs a sum that is a part of the one that was raised; the whole is upheld";
	return NULL;
}

/* ---- the text that is hashed ---- */

/* A line that is absent differs from one that is empty. */
static void put_line(Buf *buf, const char *name, Str text)
{
	if (text.len > 0)
		buf_printf(buf, "%s: %.*s\n", name, STR_ARG(text));
}

/* In decimal, a minus in front. */
static void put_number(Buf *buf, const char *name, int64_t n)
{
	buf_printf(buf, "%s: %lld\n", name, (long long)n);
}

/* The order of lines is part of the format, whose number stands in the first. */
void case_event_canonical(Buf *buf, const CaseEvent *event)
{
	buf_puts(buf, "vouch event 1\n");
	put_number(buf, "number", event->number);
	put_line(buf, "finding", event->finding_id);
	put_line(buf, "run", event->run_id);
	put_line(buf, "at", event->at);
	put_line(buf, "role", str_of(event_role[event->role]));
	put_line(buf, "by", event->by);
	put_line(buf, "status", str_of(event_word[event->status]));
	put_line(buf, "because", event->because);
	if (event->has_amount)
		put_number(buf, "amount", event->amount);
	put_line(buf, "cause", event->cause);
	put_line(buf, "evidence", event->evidence_name);
	put_line(buf, "evidence-sha256", event->evidence_sha256);
	if (event->evidence_name.len > 0)
		put_number(buf, "evidence-size", event->evidence_size);
	put_line(buf, "previous", event->previous);
}
