/*
 *   hit ──> subject ──> walk_judge ──> same? ──> evidence ──> finding ──> bounds, claim, labels
 *    the fast one's       the explaining one's │
 *    verdict and sum      with its trace       └── no: the difference in words, and the run ends
 *
 * Scratch memory is that of one subject. What outlives it (texts of the finding, labels met for the
 * first time) is copied into the batch, which the writer frees when it has written it.
 *
 * Two evaluators that share no arithmetic have to agree on verdict, law date, overflow and sum;
 * only then is a finding made. That is what makes it safe to have a fast one. A difference is a
 * fault of the program: it is told in words, with rule and row, and the run writes nothing.
 *
 * The finding's id says what was found where (S58); its content hash says what exactly was found.
 * So an auditor's note stays with a finding whose facts have changed, and it can be told that they
 * have.
 */
#include "interp/judge.h"

#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "base/digest.h"
#include "interp/subject.h"

/* Also of a batch that was never written, after a failure. */
void batch_free(Batch *batch)
{
	arena_free(&batch->arena);
	vec_free(&batch->finding);
	vec_free(&batch->label);
	claims_free(&batch->claims);
	vec_free(&batch->keyless);
	bank_batch_free(&batch->bank);
}

/* Labels are by book, and last as long as the thread: findings of all partitions share them. */
void judge_free(Judge *judge)
{
	arena_free(&judge->scratch);
	buf_free(&judge->text);
	trace_free(&judge->trace);
	evidence_free(&judge->evidence);
	sifts_free(&judge->sifts);
	remedy_desk_free(&judge->remedy);
	for (size_t b = 0; b < judge->books.n; b++)
		labels_free(&judge->books.at[b].labels);
	vec_free(&judge->books);
}

/* Ids and keys have days in the one form that sorts. */
static Str iso_day(Arena *arena, int32_t day)
{
	Buf buf = {0};
	day_print_iso(&buf, day);
	return buf_keep(&buf, arena);
}

static Str integer_text(Arena *arena, int64_t n)
{
	return str_format(arena, "%lld", (long long)n);
}

/* One key value as the id has it: texts as stored, dates ISO, moments in UTC seconds. Numbers are
 * decimal without sign of plus or zeros in front, so that one key has one text. */
static Str key_text(Judge *judge, Type type, int64_t n)
{
	Arena *arena = &judge->batch->arena;
	switch ((TypeKind)type.kind) {
	case TYPE_ROW:
		return store_key(judge->store, type.ref, (int32_t)n, arena);
	case TYPE_DATE:
	case TYPE_PERIOD:
		return iso_day(arena, (int32_t)n);
	case TYPE_CODE:
		return judge->book->codes[type.ref].code[n];
	case TYPE_TEXT: {
		const TextCell *cell = (const TextCell *)(intptr_t)n;
		return (Str){cell->bytes, cell->len};
	}
	case TYPE_ERROR: case TYPE_YES_NO: case TYPE_QUANTITY: case TYPE_MOMENT: case TYPE_CLOCK:
	case TYPE_WEEKDAY: case TYPE_ROWS:
		break;
	}
	return integer_text(arena, n);
}

/* A composite key is several parts, joined by U+001F in the store. */
static int32_t count_parts(Str key)
{
	int32_t n = 1;
	for (size_t i = 0; i < key.len; i++)
		n += key.ptr[i] == KEY_JOINT;
	return n;
}

/* There is room for them. */
static void add_parts(Subject *subject, Str key)
{
	size_t from = 0;
	for (size_t i = 0; i <= key.len; i++) {
		if (i < key.len && key.ptr[i] != KEY_JOINT)
			continue;
		subject->part[subject->nparts++] = (Str){key.ptr + from, i - from};
		from = i + 1;
	}
}

/* "P1, 2025-06-02": of one part itself, since most subjects have one. */
static Str join(Arena *arena, const Str *part, int32_t n)
{
	Buf buf = {0};
	if (n == 1)
		return part[0];
	for (int32_t i = 0; i < n; i++) {
		buf_puts(&buf, i > 0 ? ", " : "");
		buf_str(&buf, part[i]);
	}
	return buf_keep(&buf, arena);
}

/*
 * For people `?` stands where the key is not known, as in the keys of the case file. Kinds and keys
 * go with the finding; the parts are only needed for its id.
 *
 *   slots     row VS1            row P1 (key "A" U+001F "7"), week of 2 June 2025
 *   parts     VS1                A   7   2025-06-02              what the id is made of
 *   shown     VS1                A, 7, 2025-06-02
 *   kind      visit              provision, week
 */
static void describe_subject(Judge *judge, const Rule *rule, const FastHit *hit, Subject *out)
{
	Arena *arena = &judge->batch->arena;
	int32_t n = subject_nslots(rule), parts = 0;
	Str *name = ARENA_ARRAY(&judge->scratch, Str, (size_t)n);
	Str *shown = ARENA_ARRAY(&judge->scratch, Str, (size_t)n);
	for (int32_t i = 0; i < n; i++) {
		name[i] = subject_name(judge->book, rule, i);
		shown[i] = hit->slot_state[i] != STATE_KNOWN ? STR("?")
			: key_text(judge, subject_type(rule, i), hit->slot[i]);
		parts += count_parts(shown[i]);
	}
	out->part = ARENA_ARRAY(&judge->scratch, Str, (size_t)parts);
	out->nparts = 0;
	for (int32_t i = 0; i < n; i++) {
		int32_t before = out->nparts;
		add_parts(out, shown[i]);
		shown[i] = join(arena, out->part + before, out->nparts - before);
	}
	out->kind = join(arena, name, n);
	out->shown = join(arena, shown, n);
}

/* As the explaining evaluator takes them: with room behind for the rule's own slots. A slot that is
 * not known keeps its state: the judgement then says why. */
static Value *subject_values(Judge *judge, const Rule *rule, const FastHit *hit)
{
	Value *slots = ARENA_ARRAY(&judge->scratch, Value, (size_t)rule->nslots + 1);
	for (int32_t i = 0; i < subject_nslots(rule); i++) {
		if (hit->slot_state[i] == STATE_KNOWN)
			slots[i] = value_of_column(subject_type(rule, i), hit->slot[i]);
		else
			slots[i].state = hit->slot_state[i];
	}
	return slots;
}

/* Of what is not assessed the fast one does not work out the sum: nobody would see it. Compared as
 * fractions, exactly. */
static bool same_stake(const FastHit *hit, const Judgement *found)
{
	if (hit->verdict == VERDICT_NOT_ASSESSED)
		return true;
	if (hit->has_stake != found->has_stake || hit->stake_known != found->stake_known)
		return false;
	return !hit->has_stake || !hit->stake_known || ratio_cmp(hit->stake, found->stake) == 0;
}

/* Exact, or two sums that differ would read alike. */
static void print_stake(Buf *buf, bool has, bool known, Ratio stake)
{
	if (!has)
		buf_puts(buf, "none");
	else if (!known)
		buf_puts(buf, "unknown");
	else
		ratio_print(buf, stake, 2, true);
}

/* Compares the two evaluators; on a difference says what each of them found. Reasons and messages
 * are the explaining one's alone, and are not compared. */
static bool agree(const FastHit *hit, const Judgement *found, const Rule *rule,
	const Subject *subject, Buf *difference)
{
	if (hit->verdict == found->verdict && hit->on == found->on && hit->overflow == found->overflow
			&& same_stake(hit, found))
		return true;
	buf_printf(difference, "rule %.*s for %.*s %.*s: the fast evaluator has %s, at stake ",
		STR_ARG(rule->decl.name), STR_ARG(subject->kind), STR_ARG(subject->shown),
		verdict_word(hit->verdict));
	print_stake(difference, hit->has_stake, hit->stake_known, hit->stake);
	buf_printf(difference, "; the explaining one has %s, at stake ", verdict_word(found->verdict));
	print_stake(difference, found->has_stake, found->stake_known, found->stake);
	if (hit->on != found->on)
		buf_printf(difference, "; their law dates are days %d and %d", (int)hit->on, (int)found->on);
	return false;
}

/* Most findings have neither assumption nor missing fact: nothing is kept of nothing. */
static Str keep(Judge *judge, Str s)
{
	return s.len == 0 ? (Str){0} : str_copy(&judge->batch->arena, s);
}

/* As `; ` joins them in the case file; casereader_next_assumed takes them apart again. */
static Str join_texts(Judge *judge, const Str *text, size_t n)
{
	buf_clear(&judge->text);
	for (size_t i = 0; i < n; i++) {
		buf_puts(&judge->text, i > 0 ? "; " : "");
		buf_str(&judge->text, text[i]);
	}
	return n == 0 ? (Str){0} : str_copy(&judge->batch->arena, buf_view(&judge->text));
}

/* Whose finding it is: reports filter by it, and --provider rests on it. Without a trace, since it
 * is no evidence of the rule. The walk's trace is off from here on: nothing that follows is
 * evidence. */
static Str provider_key(Judge *judge, Walk *walk, const Rule *rule, Value *slots, RowSpan group)
{
	if (rule->provider == NULL)
		return (Str){0};
	walk->trace = NULL;
	Value value = walk_expr(walk, rule->provider, slots, NO_DAY, group);
	if (value.state != STATE_KNOWN)
		return (Str){0};
	return store_key(judge->store, rule->provider->type.ref, (int32_t)value.n, &judge->batch->arena);
}

/* What was found, so that the same finding with other facts is recognised. `facts` is the evidence
 * without what may differ between two runs over the same facts, such as numbers of labels. */
static void content_digest(Finding *finding, Str facts)
{
	uint8_t hash[32];
	Digest digest;
	digest_begin(&digest);
	digest_field(&digest, 'v', str_of(verdict_word(finding->verdict)));
	digest_field(&digest, 'm', finding->message);
	digest_field(&digest, 'e', facts);
	digest_end(&digest, hash);
	memcpy(finding->content, hash, sizeof finding->content);
}

/* A debit of a visit is the visit's money. Derived rows come from rows that may be derived
 * themselves; at the end of the way there is a row of a table. */
static ClaimRow money_of(Judge *judge, int32_t dataset, int32_t row)
{
	while (derive_source(judge->store, dataset, row, &dataset, &row))
		continue;
	return claim_row(judge->book->dataset[dataset].decl.name,
		store_key(judge->store, dataset, row, &judge->scratch));
}

/*
 * Law 14 needs to know whose money a failed finding speaks of.
 *
 *   group                 each of its rows is a member: the group claims what these have not
 *   row of a bank         the row of the table behind the entry
 *   any other             the subject itself
 */
static void note_claim(Judge *judge, const Rule *rule, const FastHit *hit, Finding *finding)
{
	Claims *claims = &judge->batch->claims;
	if (!finding->has_stake || finding->verdict == VERDICT_NOT_ASSESSED)
		return;
	if (!finding->stake_known) {
		claims->without_sum++;
		return;
	}
	Claim claim = {.stake = finding->stake};
	memcpy(claim.id, finding->id, sizeof claim.id);
	if (rule->subject == SUBJECT_GROUP) {
		claim.nmembers = hit->group.n;
		claim.member = mem_alloc(mem_product((size_t)hit->group.n + 1, sizeof *claim.member));
		for (int32_t i = 0; i < hit->group.n; i++)
			claim.member[i] = money_of(judge, rule->dataset, hit->group.at[i]);
	} else if (rule->subject == SUBJECT_ROW &&
	    judge->book->dataset[rule->dataset].origin != ORIGIN_TABLE) {
		claim.row = money_of(judge, rule->dataset, (int32_t)hit->slot[0]);
	} else {
		claim.row = claim_row(finding->dataset, finding->key);
	}
	*vec_push(&claims->list) = claim;
	finding->claim = (int32_t)claims->list.n;
}

/* Places move when a book comes that has none yet, so nobody keeps one from hit to hit. */
static JudgeBook *book_at(Judge *judge, int32_t number)
{
	while (judge->books.n <= (size_t)number)
		*vec_push(&judge->books) = (JudgeBook){0};
	return &judge->books.at[number];
}

/* Labels that this subject was the first to need go with its batch, which may outlive the judge.
 * Other threads may tell the same label: the writer keeps the first, and all are alike. */
static void tell_labels(Batch *batch, int32_t book, Labels *labels)
{
	Arena *arena = &batch->arena;
	for (size_t i = 0; i < labels->made.n; i++) {
		BookLabel *told = vec_push(&batch->label);
		*told = (BookLabel){book, *labels->made.at[i]};
		told->label.name = str_copy(arena, told->label.name);
	}
	labels->made.n = 0;
}

/* Findings come rule by rule: what their ids have in common is hashed once. A digest that has begun
 * is copied and ended for each subject, which spares half the hashing. */
static void put_id(JudgeBook *at, const Rulebook *book, int32_t rule, const Subject *subject,
	uint8_t id[16])
{
	if (!at->has_id || at->rule != rule) {
		at->rule = rule;
		at->has_id = true;
		finding_id_begin(&at->id, book->contract.decl.name, book->rule[rule].decl.name,
			subject->kind);
	}
	finding_id_of(&at->id, subject->part, subject->nparts, id);
}

/* What a finding says is hashed apart from its id: verdict, message and facts (S58). The
 * judgement's texts are scratch, so what is kept is copied. */
static void fill_finding(Judge *judge, const Judgement *found, Finding *out)
{
	const Trace *trace = &judge->trace;
	const Subject *subject = &judge->subject;
	put_id(book_at(judge, judge->book_number), judge->book, out->rule, subject, out->id);
	out->book = judge->book_number;
	out->verdict = found->verdict;
	out->dataset = subject->kind;
	out->key = subject->shown;
	out->on = found->on;
	out->overflow = found->overflow;
	out->has_stake = found->has_stake;
	out->stake_known = found->stake_known;
	out->stake = found->stake;
	out->message = keep(judge, found->message.len > 0 ? found->message : found->reason);
	out->assumed = join_texts(judge, trace->assumed.at, trace->assumed.n);
	out->missing = join_texts(judge, trace->missing.at, trace->missing.n);
	evidence_write(&judge->evidence, trace);
	out->evidence = str_copy(&judge->batch->arena, buf_view(&judge->evidence.json));
	content_digest(out, buf_view(&judge->evidence.facts));
}

/* Rows without a key gather under one subject; a row whose weeks cannot be told keeps its own.
 * These are told once for the whole run, since they may lie in every partition (S56). */
static bool key_unknown(const Rule *rule, const FastHit *hit)
{
	if (rule->subject != SUBJECT_GROUP)
		return false;
	for (int32_t i = 0; i < subject_nslots(rule); i++) {
		if (hit->slot_state[i] != STATE_KNOWN)
			return true;
	}
	return false;
}

/* S17, S71: what is not assessed for lack of facts, but not what overflowed, and what fails without
 * a sum, may come to this much. An overflow is no lack of facts: no fact that could be had would
 * cure it. */
static bool wants_bounds(const Judgement *found)
{
	if (found->verdict == VERDICT_NOT_ASSESSED)
		return !found->overflow;
	return found->verdict == VERDICT_FAIL && found->has_stake && !found->stake_known;
}

/* The search works in scratch memory; what it found goes with the finding. `least_at` and `most_at`
 * name the values that would give each end. */
static const Bounds *find_bounds(Judge *judge, Walk *walk, const Rule *rule, const Value *slots,
	RowSpan group)
{
	Arena *arena = &judge->batch->arena;
	Bounds *out = ARENA_NEW(arena, Bounds);
	bounds_of(walk, rule, slots, group, out);
	AskedFact *asked = ARENA_ARRAY(arena, AskedFact, (size_t)out->nasked + 1);
	for (int32_t i = 0; i < out->nasked; i++)
		asked[i] = (AskedFact){keep(judge, out->asked[i].dataset), keep(judge, out->asked[i].key),
			keep(judge, out->asked[i].field)};
	out->asked = asked;
	out->least_at = keep(judge, out->least_at);
	out->most_at = keep(judge, out->most_at);
	return out;
}

/* Half of it is scratch; what is handed out goes with the finding. What would have had to be
 * otherwise for the rule to pass. */
static const Remedies *find_remedies(Judge *judge, Walk *walk, const Rule *rule,
	const Value *slots)
{
	Remedies *out = ARENA_NEW(&judge->batch->arena, Remedies);
	remedies_of(walk, rule, slots, &judge->remedy, &judge->batch->arena, out);
	return out;
}

/* Rows without a key have no subject to judge: they are counted, and named together at the end.
 * Bounds and remedies are sought behind everything else, with the trace off: they ask the evaluator
 * many times over. */
Status judge_hit(Judge *judge, const FastHit *hit, Buf *difference)
{
	const Rule *rule = &judge->book->rule[hit->rule];
	if (key_unknown(rule, hit)) {
		*vec_push(&judge->batch->keyless) = (Keyless){judge->book_number, hit->rule,
			hit->group.n};
		return STATUS_OK;
	}
	arena_reset(&judge->scratch);
	trace_clear(&judge->trace);
	judge->trace.labels = &book_at(judge, judge->book_number)->labels;
	Keep keep = {.arena = &judge->scratch};
	Walk walk = {judge->book, judge->store, judge->law, &judge->scratch, &judge->trace, NULL,
		&judge->sifts, &keep};
	Value *slots = subject_values(judge, rule, hit);
	Judgement found = {0};
	walk_judge(&walk, rule, slots, hit->whole, &found);
	describe_subject(judge, rule, hit, &judge->subject);
	bool same = agree(hit, &found, rule, &judge->subject, difference);
	if (judge->trace.broken.len > 0) {
		buf_str(difference, judge->trace.broken);
		same = false;
	}
	if (same) {
		Finding *finding = vec_push(&judge->batch->finding);
		*finding = (Finding){.rule = hit->rule};
		fill_finding(judge, &found, finding);
		finding->provider = provider_key(judge, &walk, rule, slots, hit->whole);
		note_claim(judge, rule, hit, finding);
		if (wants_bounds(&found))
			finding->bounds = find_bounds(judge, &walk, rule, slots, hit->whole);
		if (found.verdict == VERDICT_FAIL)
			finding->remedies = find_remedies(judge, &walk, rule, slots);
		tell_labels(judge->batch, judge->book_number, judge->trace.labels);
	}
	return same ? STATUS_OK : STATUS_WORLD;
}

/* ---- the same in another book ---- */

/* The evidence with the numbers that labels have there. Labels that were asked for and given no line
 * are told as well, as if the rule had been explained there. False when one has no like, which can
 * only be if the rules are not the same after all. */
static bool put_evidence(Judge *judge, const JudgeTwin *twin, Finding *out)
{
	const Trace *trace = &judge->trace;
	Labels *labels = &book_at(judge, twin->book_number)->labels;
	int32_t *number = ARENA_ARRAY(&judge->scratch, int32_t, trace->line.n + 1);
	for (size_t i = 0; i < trace->asked.n; i++)
		if (labels_twin(labels, twin->book, trace->asked.at[i], twin->expr) == NULL)
			return false;
	for (size_t i = 0; i < trace->line.n; i++)
		number[i] = labels_twin(labels, twin->book, trace->line.at[i].label, twin->expr)->number;
	buf_clear(&judge->text);
	evidence_renumbered(&judge->text, &judge->evidence, number);
	out->evidence = str_copy(&judge->batch->arena, buf_view(&judge->text));
	tell_labels(judge->batch, twin->book_number, labels);
	return true;
}

/* Each contract claims for itself, the same rows. */
static void claim_again(Judge *judge, Finding *finding)
{
	Claims *claims = &judge->batch->claims;
	if (finding->has_stake && !finding->stake_known && finding->verdict != VERDICT_NOT_ASSESSED)
		claims->without_sum++;
	if (finding->claim == 0)
		return;
	Claim claim = claims->list.at[finding->claim - 1];
	memcpy(claim.id, finding->id, sizeof claim.id);
	if (claim.member != NULL) {
		size_t bytes = mem_product((size_t)claim.nmembers + 1, sizeof *claim.member);
		claim.member = memcpy(mem_alloc(bytes), claim.member, bytes);
	}
	*vec_push(&claims->list) = claim;
	finding->claim = (int32_t)claims->list.n;
}

/*
 * Contract, rule, id and the numbers of labels differ; all else is that of the finding before, down
 * to texts, bounds and remedies, which both point to. Its content hash speaks of what labels are
 * called, so it is the same too.
 *
 *   finding of book 0 ─┬─> id, numbers of labels, claim of book 1
 *                      └─> verdict, message, bounds .. as they are
 */
Status judge_twin(Judge *judge, const FastHit *hit, const JudgeTwin *twin, Buf *difference)
{
	const Rule *rule = &twin->book->rule[twin->rule];
	Batch *batch = judge->batch;
	if (key_unknown(rule, hit)) {
		*vec_push(&batch->keyless) = (Keyless){twin->book_number, twin->rule, hit->group.n};
		return STATUS_OK;
	}
	Finding *finding = vec_push(&batch->finding);
	*finding = finding[-1];
	finding->book = twin->book_number;
	finding->rule = twin->rule;
	put_id(book_at(judge, twin->book_number), twin->book, twin->rule, &judge->subject, finding->id);
	claim_again(judge, finding);
	if (put_evidence(judge, twin, finding))
		return STATUS_OK;
	buf_printf(difference, "rule %.*s for %.*s %.*s: a line of evidence has no like in contract %.*s",
		STR_ARG(rule->decl.name), STR_ARG(judge->subject.kind), STR_ARG(judge->subject.shown),
		STR_ARG(twin->book->contract.decl.name));
	return STATUS_WORLD;
}

/* There is no evidence to show: which part of the key is missing differs from row to row. Its id is
 * that of the subject `?`, so that it is the same finding from run to run. */
void judge_keyless(Batch *batch, const Rulebook *book, int32_t book_number, int32_t rule,
	int64_t rows)
{
	const Rule *of = &book->rule[rule];
	Str part = STR("?"), *name = ARENA_ARRAY(&batch->arena, Str, (size_t)of->nkeys + 1);
	Finding *finding = vec_push(&batch->finding);
	*finding = (Finding){.book = book_number, .rule = rule, .verdict = VERDICT_NOT_ASSESSED,
		.on = NO_DAY, .key = part, .evidence = STR("[[]]")};
	for (int32_t i = 0; i < of->nkeys; i++)
		name[i] = of->key[i].name;
	finding->dataset = join(&batch->arena, name, of->nkeys);
	finding_id(finding->id, book->contract.decl.name, of->decl.name, finding->dataset, &part, 1);
	Str dataset = book->dataset[of->dataset].decl.name;
	finding->message = str_format(&batch->arena, "%lld %s of %.*s in no group: part of the key is"
		" missing", (long long)rows, rows == 1 ? "row" : "rows", STR_ARG(dataset));
	finding->missing = str_copy(&batch->arena, STR("the key of the group"));
	content_digest(finding, (Str){0});
}
