/*
 * vouch respond: adds to a case file what a provider or the auditor says of findings.
 *
 *   command line ─┐                 case file, read           case file, written
 *   list ─────────┴─> EventAsked ──> finding, run, sum ──────> where it stands ──> event
 *                     what is wrong is said of every line; if anything is, nothing is added
 *
 * The file is read and closed before it is written to: a reader would keep the commit from going
 * through. What a move may be is looked at inside the transaction, so that two people who answer at
 * once cannot both be first.
 *
 * Sums are whole pence; one below zero is owed to the provider.
 *
 * Exit status: 0 all was added, or had been said already; 2 a line is wrong or a move is not
 * allowed, and nothing was added; 3 a file that cannot be read or written; 64 misused.
 */
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/listing.h"
#include "interp/event_list.h"
#include "report/layout.h"

static const OptionSpec option[] = {
	{"as", 0, "ROLE", false, "who speaks: provider or auditor"},
	{"status", 0, "STATUS", false, "raised, answered, upheld, part_upheld, withdrawn, agreed,"
		" disputed, settled or referred"},
	{"because", 0, "TEXT", false, "why, in words that the other side can follow"},
	{"amount", 0, "SUM", false, "in pounds; below zero: owed to the provider. Otherwise the sum that"
		" was spoken of last"},
	{"cause", 0, "CODE", false, "the cause, as a code of your own: missed_log_out"},
	{"evidence", 0, "FILE", false, "what it rests on: its name, size and SHA-256 are kept"},
	{"by", 0, "NAME", false, "the person or office that speaks"},
	{"from", 0, "LIST", false, "instead of one finding, all rows of a list (CSV) that were filled in;"
		" --as and --by hold for rows that do not say so"},
	{"run", 0, "RUN", false, "the finding as this run found it; otherwise the newest run that did"},
	{NULL, 0, NULL, false, NULL},
};

/* One line of what was asked, with the finding that it speaks of. A line that is not sound is kept,
 * so that all that is wrong with it is said; it is never added. */
typedef struct Resolved {
	const EventAsked *asked;
	CaseEvent event;
	Str short_id, rule, subject;
	EventSum stake;
	bool sound;
	bool said;               /* already, word for word */
} Resolved;

/* Texts of what was asked and found live in the arena, beyond the reader of the case file. */
typedef struct Respond {
	const Options *options;
	const char *case_path;
	Arena arena;
	Diags diags;
	EventList list;
	VEC(Resolved) row;
	Str run;                 /* of --run, whole */
	bool wrong;              /* something was said already of what is wrong */
} Respond;

/* ---- what is wrong, and where ---- */

/* Diagnostics since `from` get the line of the list in front; they are sorted by it, as `at`
 * has the line where others have bytes. Line 0 is the command line, which needs no place. A
 * warning does not make the list wrong. */
static void place(Respond *respond, const EventAsked *asked, size_t from)
{
	Diags *diags = &respond->diags;
	for (size_t i = from; i < diags->list.n; i++) {
		Diag *diag = &diags->list.at[i];
		respond->wrong = respond->wrong || diag_severity(diag->code) == DIAG_ERROR;
		if (asked->line == 0)
			continue;
		diag->at.lo = diag->at.hi = (uint32_t)asked->line;
		diag->message = str_format(&respond->arena, "%s, line %lld: %.*s", respond->list.path,
			(long long)asked->line, STR_ARG(diag->message));
	}
}

/* No more are printed at once than LIMIT_DIAGNOSTICS; of a list every line must be. Half of
 * them are gathered before they are told, so that a line with many faults still fits behind. */
static void tell(Respond *respond, bool all)
{
	if (!all && respond->diags.list.n < LIMIT_DIAGNOSTICS / 2)
		return;
	terminal_diags(&respond->diags, stderr);
	respond->diags.list.n = 0;
}

/* False, so that a check is one expression: the line goes on to be checked, but not to be added. */
static bool wrong_text(Respond *respond, const char *what, Str text, const char *help)
{
	diag_help(diag_add(&respond->diags, DIAG_EVENT_LIST, (Span){-1, 0, 0}, "%s %.*s", what,
		STR_ARG(text)), "%s", help);
	return false;
}

/* ---- reading what was asked ---- */

/* A path in a list is one beside the list. */
static const char *evidence_path(Respond *respond, Str name)
{
	const char *list = respond->list.path, *end = list == NULL ? NULL : strrchr(list, '/');
	if (end == NULL || (name.len > 0 && name.ptr[0] == '/'))
		return str_z(&respond->arena, name);
	return str_format(&respond->arena, "%.*s/%.*s", (int)(end - list), list, STR_ARG(name)).ptr;
}

/* Name, size and SHA-256; the file itself stays where it is. The name goes without its folders,
 * which are nobody else's business. */
static bool read_evidence(Respond *respond, Str name, CaseEvent *event)
{
	const char *path = evidence_path(respond, name), *base = strrchr(path, '/');
	FILE *file = fopen(path, "rb");
	char block[65536];
	uint8_t hash[32];
	Digest digest;
	digest_begin(&digest);
	for (size_t n; file != NULL && (n = fread(block, 1, sizeof block, file)) > 0;) {
		digest_bytes(&digest, block, n);
		event->evidence_size += (int64_t)n;
	}
	bool whole = file != NULL && !ferror(file);
	if (file != NULL)
		fclose(file);
	if (!whole)
		return wrong_text(respond, "the evidence cannot be read:", str_of(path),
			"its SHA-256 is kept, so that nobody can put another file in its place later");
	digest_end(&digest, hash);
	event->evidence_name = str_of(base == NULL ? path : base + 1);
	event->evidence_sha256 = hex_text(&respond->arena, hash, sizeof hash);
	return true;
}

/* Either column: amount in pounds, as people write it, or amount_pence, as programs do. Where both
 * are there the pounds go first, which somebody wrote. Nothing is rounded: a part of a penny is
 * refused. */
static bool read_amount(Respond *respond, const EventAsked *asked, CaseEvent *event)
{
	Ratio pence;
	if (asked->amount.len > 0 && !event_pence(asked->amount, &event->amount))
		return wrong_text(respond, "no sum in pounds and whole pence:", asked->amount,
			"write £1,234.50, or -3.00 for what is owed to the provider");
	if (asked->amount.len == 0 && asked->pence.len > 0) {
		if (!ratio_parse(asked->pence, &pence) || pence.d != 1 || !fits64(pence.n))
			return wrong_text(respond, "no whole number of pence:", asked->pence, "write 123450 for"
				" £1,234.50");
		event->amount = (int64_t)pence.n;
	}
	event->has_amount = asked->amount.len > 0 || asked->pence.len > 0;
	return true;
}

/* What can be told without the case file; every slip of a line is named at once. */
static bool read_asked(Respond *respond, const EventAsked *asked, CaseEvent *event)
{
	bool sound = true;
	event->role = event_role_of(asked->role);
	event->status = event_status_of(asked->status);
	if (asked->finding.len == 0)
		sound = wrong_text(respond, "names no finding", STR(""), "copy its id from the list of"
			" findings");
	if (event->role == EVENT_ROLE_COUNT)
		sound = wrong_text(respond, asked->role.len == 0 ? "does not say who speaks" :
			"neither provider nor auditor:", asked->role, "write provider or auditor in the column"
			" role, or give --as");
	if (event->status == EVENT_STATUS_COUNT || event->status == EVENT_NONE)
		sound = wrong_text(respond, asked->status.len == 0 ? "does not say what becomes of the"
			" finding" : "no status:", asked->status, "raised, answered, upheld, part_upheld,"
			" withdrawn, agreed, disputed, settled or referred");
	if (asked->because.len == 0)
		sound = wrong_text(respond, "gives no reason", STR(""), "say why: --because, or the column"
			" because");
	if (utf8_first_bad(asked->because) >= 0 || utf8_first_bad(asked->by) >= 0 ||
	    utf8_first_bad(asked->cause) >= 0 || utf8_first_bad(asked->evidence) >= 0)
		sound = wrong_text(respond, "a text is not UTF-8", STR(""), "save the list as UTF-8");
	event->because = asked->because;
	event->by = asked->by;
	event->cause = asked->cause;
	sound = read_amount(respond, asked, event) && sound;
	if (sound && asked->evidence.len > 0)
		sound = read_evidence(respond, asked->evidence, event);
	return sound;
}

/* ---- the finding ---- */

/* Texts are copied: the reader is closed before anything is written. A run that the list names
 * goes before that of the command. The stake is that of this run, which a later one may see
 * otherwise. */
static Status find(Respond *respond, CaseReader *reader, Resolved *out)
{
	ReadFinding finding;
	int64_t row;
	Str run = respond->run;
	Status status = STATUS_OK;
	if (out->asked->run.len > 0)
		status = casereader_run(reader, out->asked->run, &run);
	if (status == STATUS_OK)
		status = casereader_find(reader, out->asked->finding, run, &row);
	if (status == STATUS_OK)
		status = casereader_finding(reader, row, &finding);
	if (status != STATUS_OK)
		return status;
	Buf subject = {0};
	layout_subject(&subject, finding.dataset, finding.key);
	out->event.finding_id = str_copy(&respond->arena, finding.id);
	out->event.run_id = str_copy(&respond->arena, finding.run_id);
	out->short_id = str_copy(&respond->arena, casereader_short_id(reader, finding.id));
	out->rule = str_copy(&respond->arena, finding.rule);
	out->subject = layout_cleaned(&respond->arena, buf_view(&subject));
	out->stake = (EventSum){finding.has_stake, finding.pence};
	buf_free(&subject);
	return STATUS_OK;
}

/* Texts of the reader's diagnostics end with it: they are told before it is closed. */
static Status find_all(Respond *respond)
{
	CaseReader *reader = NULL;
	Str run = listing_value(respond->options, "run");
	Status status = casereader_open(respond->case_path, &respond->diags, &reader);
	if (status == STATUS_OK && run.len > 0)
		status = casereader_run(reader, run, &respond->run);
	respond->run = str_copy(&respond->arena, respond->run);
	for (size_t i = 0; i < respond->list.row.n && status == STATUS_OK; i++) {
		size_t before = respond->diags.list.n;
		Resolved one = {.asked = &respond->list.row.at[i]};
		one.sound = read_asked(respond, one.asked, &one.event);
		if (one.asked->finding.len > 0) {
			Status found = find(respond, reader, &one);
			one.sound = found == STATUS_OK && one.sound;
			status = found == STATUS_WORLD ? found : status;
		}
		place(respond, one.asked, before);
		*vec_push(&respond->row) = one;
		tell(respond, false);
	}
	tell(respond, true);
	casereader_close(reader);
	return status;
}

/* ---- adding ---- */

/* "£6.00 is more than the £5.65 that the finding puts at stake": said, and done all the same. */
static void warn_of_sum(Respond *respond, const Resolved *one)
{
	int64_t amount = one->event.amount, stake = one->stake.pence;
	bool beyond = stake >= 0 ? amount > stake : amount < stake;
	bool other = (amount > 0 && stake < 0) || (amount < 0 && stake > 0);
	if (!one->event.has_amount || !one->stake.known || (!beyond && !other))
		return;
	Buf text = {0};
	buf_printf(&text, "%.*s: ", STR_ARG(one->short_id));
	layout_pence(&text, amount);
	buf_puts(&text, other ? " goes the other way than the " : " is more than the ");
	layout_pence(&text, stake);
	buf_puts(&text, " that the finding puts at stake");
	diag_add(&respond->diags, DIAG_W_EVENT_SUM, (Span){-1, 0, 0}, "%s", text.at);
	buf_free(&text);
}

/* Where it stands, when such a thing can be said, and what can be said now: enough to go on without
 * the manual. Always false, so that fit can return it. */
static bool refuse(Respond *respond, const Resolved *one, const EventState *state)
{
	const CaseEvent *event = &one->event;
	const char *why = event_why(event->role, event->status);
	Buf choices = {0};
	event_choices(&choices, state->status);
	DiagRef ref = diag_add(&respond->diags, DIAG_EVENT_MOVE, (Span){-1, 0, 0}, "%.*s is %s: the %s"
		" cannot say %s of it", STR_ARG(one->short_id), event_text[state->status],
		event_role[event->role], event_word[event->status]);
	if (why != NULL)
		diag_note(ref, "%s: %s", event_word[event->status], why);
	else
		diag_note(ref, "%s: %s; it is never for the %s to say", event_word[event->status],
			event_meaning[event->status], event_role[event->role]);
	diag_help(ref, "%s", choices.at);
	buf_free(&choices);
	return false;
}

/*
 * May it be said where the finding stands, and for that sum?
 *
 *   no sum given   that which was spoken of last, or what the finding puts at stake
 *   sum given      held against what was raised
 *
 * The sum that goes without saying is written down too: an event must be read without those before
 * it.
 */
static bool fit(Respond *respond, Resolved *one, const EventState *state)
{
	CaseEvent *event = &one->event;
	if (!event_allowed(state->status, event->role, event->status))
		return refuse(respond, one, state);
	EventSum sum = {event->has_amount, event->amount};
	if (!sum.known)
		sum = event_usual(state, event->status, one->stake);
	const char *fault = event_sum_fault(state, event->status, sum);
	if (fault != NULL) {
		DiagRef ref = diag_add(&respond->diags, DIAG_EVENT_MOVE, (Span){-1, 0, 0}, "%.*s: %s %s",
			STR_ARG(one->short_id), event_word[event->status], fault);
		if (state->raised.known) {
			Buf raised = {0};
			layout_pence(&raised, state->raised.pence);
			diag_note(ref, "%s was raised", raised.at);
			buf_free(&raised);
		}
		return false;
	}
	event->has_amount = sum.known;
	event->amount = sum.pence;
	warn_of_sum(respond, one);
	return true;
}

/* A list that is read a second time adds nothing: what was said last is compared word for word. So
 * a command that was broken off, or of which nobody knows, can simply be given again. */
static Status add_once(EventWriter *writer, Resolved *one)
{
	Status status = case_event_said(writer, &one->event, &one->said);
	return status == STATUS_OK && !one->said ? case_event_add(writer, &one->event) : status;
}

/* In the order of the list: a later line sees what an earlier one has said, so that a finding
 * may be raised and answered in one list. */
static Status add_all(Respond *respond, CaseFile *file)
{
	EventWriter *writer = NULL;
	EventState state;
	Status status = case_event_open(file, &writer);
	for (size_t i = 0; i < respond->row.n && status == STATUS_OK; i++) {
		Resolved *one = &respond->row.at[i];
		size_t before = respond->diags.list.n;
		if (one->event.finding_id.len == 0 || !one->sound)
			continue;
		status = case_event_state(writer, one->event.finding_id, &state);
		if (status == STATUS_OK && fit(respond, one, &state))
			status = add_once(writer, one);
		place(respond, one->asked, before);
		tell(respond, false);
	}
	case_event_close(writer);
	return status;
}

/* Moves of sound lines are tried also when others are wrong, so that all that is wrong is said at
 * once; then nothing is kept. All or none, because a list that was added in part would have to be
 * taken apart by hand before it could be read again. */
static Status write_all(Respond *respond)
{
	CaseFile *file = NULL;
	Status status = case_create(respond->case_path, &respond->diags, &file);
	if (status == STATUS_OK)
		status = add_all(respond, file);
	if (status == STATUS_OK && respond->wrong)
		status = STATUS_WRONG;
	if (status == STATUS_OK)
		status = case_commit(file);
	else
		case_abandon(file);
	tell(respond, true);
	return status;
}

/* ---- the command ---- */

/* "9Q2KX7M1ZD V1 visit VS1: raised by the auditor, £5.65" */
static void put_added(Buf *line, const Resolved *one)
{
	buf_printf(line, "%.*s %.*s %.*s: %s by the %s", STR_ARG(one->short_id), STR_ARG(one->rule),
		STR_ARG(one->subject), event_text[one->event.status], event_role[one->event.role]);
	buf_puts(line, one->event.has_amount ? ", " : "");
	if (one->event.has_amount)
		layout_pence(line, one->event.amount);
	buf_puts(line, one->said ? "; that is what was said last, and nothing is added" : "");
}

/* A list may have thousands: `vouch case` shows them, and here they are counted. Lines on which
 * nothing was filled in are counted too, lest a column that was not saved look like an answer. */
static void print_added(const Respond *respond)
{
	Buf line = {0};
	if (respond->list.path == NULL) {
		put_added(&line, &respond->row.at[0]);
	} else {
		int64_t said = 0;
		for (size_t i = 0; i < respond->row.n; i++)
			said += respond->row.at[i].said;
		layout_plural(&line, (int64_t)respond->row.n - said, "event", "events");
		buf_puts(&line, " added");
		if (said > 0) {
			buf_puts(&line, "; ");
			layout_plural(&line, said, "line says", "lines say");
			buf_puts(&line, " what was said last already");
		}
		if (respond->list.left_out > 0) {
			buf_puts(&line, "; nothing was filled in on ");
			layout_plural(&line, respond->list.left_out, "line", "lines");
		}
	}
	puts(line.at);
	buf_free(&line);
}

/* Where a row does not say who speaks, the command line does. */
static Status read_list(Respond *respond, const char *path)
{
	Status status = event_list_read(path, &respond->arena, &respond->diags, &respond->list);
	for (size_t i = 0; i < respond->list.row.n; i++) {
		EventAsked *asked = &respond->list.row.at[i];
		if (asked->role.len == 0)
			asked->role = listing_value(respond->options, "as");
		if (asked->by.len == 0)
			asked->by = event_clean(&respond->arena, listing_value(respond->options, "by"));
	}
	return status;
}

/* The command line is a list of one line, so that there is one way for both: what is refused in the
 * one is refused in the other, in the same words. Its line number is 0. */
static Status read_line(Respond *respond)
{
	const Options *options = respond->options;
	EventAsked asked = {.finding = str_of(options->operand[1]),
		.role = listing_value(options, "as"), .status = listing_value(options, "status"),
		.amount = listing_value(options, "amount"),
		.because = event_clean(&respond->arena, listing_value(options, "because")),
		.cause = event_clean(&respond->arena, listing_value(options, "cause")),
		.evidence = listing_value(options, "evidence"),
		.by = event_clean(&respond->arena, listing_value(options, "by"))};
	*vec_push(&respond->list.row) = asked;
	return STATUS_OK;
}

/* A list has its own columns for what is said of each finding: a word on the command line that
 * held for all of them would be a slip. --as and --by do hold for all, where a row is silent. */
static Status check_usage(const Options *options)
{
	static const char *const of_one[] = {"status", "because", "amount", "cause", "evidence"};
	static const char *const needed[] = {"as", "status", "because"};
	bool list = options_value(options, "from") != NULL;
	if (options->noperands != (list ? 1 : 2))
		return options_misused(options->command, list ? "with --from one case file is needed"
			: "a case file and a finding are needed, or --from and a list");
	for (int i = 0; i < 5 && list; i++)
		if (options_value(options, of_one[i]) != NULL)
			return options_misused(options->command, "--%s stands in the list", of_one[i]);
	for (int i = 0; i < 3 && !list; i++)
		if (options_value(options, needed[i]) == NULL)
			return options_misused(options->command, "--%s is needed", needed[i]);
	return STATUS_OK;
}

/* Nothing is printed before the commit: what was printed has been kept. */
static Status run_respond(const Options *options)
{
	Respond respond = {.options = options};
	const char *list = options_value(options, "from");
	Status status = check_usage(options);
	if (status != STATUS_OK)
		return status;
	respond.case_path = options->operand[0];
	diags_init(&respond.diags, &respond.arena, NULL);
	status = list != NULL ? read_list(&respond, list) : read_line(&respond);
	if (status == STATUS_OK)
		status = find_all(&respond);
	if (status == STATUS_OK)
		status = write_all(&respond);
	tell(&respond, true);
	if (status == STATUS_OK)
		print_added(&respond);
	event_list_free(&respond.list);
	vec_free(&respond.row);
	vec_free(&respond.diags.list);
	arena_free(&respond.arena);
	return status;
}

const Command command_respond = {
	.name = "respond",
	.operands = "CASE.db FINDING | CASE.db --from LIST",
	.summary = "add what a provider or the auditor says of a finding",
	.about = "Adds to a case file what is said of a finding: that it is raised, answered, upheld,"
		" withdrawn, agreed, disputed, settled or referred, by whom, why, and for what sum. Nothing"
		" that was said is ever changed or removed; a slip is put right by saying something else, and"
		" what was said last is not added again."
		" What can be said depends on where the finding stands, and a move that it does not allow"
		" names those that it does.\n"
		"With --from all rows of a list are added, or none when one of them is wrong. The CSV list of"
		" `vouch findings`, with columns status, amount, because and evidence put"
		" behind it and filled in, is such a list.",
	.example = "  vouch respond case.db 9Q2KX7M1ZD --as auditor --status raised --because 'rounded"
		" up'\n  vouch respond case.db --from answers.csv --as provider",
	.option = option,
	.run = run_respond,
};
