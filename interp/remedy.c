/*
 *   the rule as it is ──> fields that it read ──> each of them, in both directions:
 *
 *      recorded          boundary                 far end
 *   ───fails───fails─────fails│passes─────────────passes──>     bisected in the fact's own grain
 *
 * A fact that does not matter costs two trials, one at each far end; one that does some fifteen
 * more, or two where the boundary lies where it is looked for first: at another fact that it is held
 * against, or as far off as that of the fact before. The number of trials is bounded, by what the
 * subject reads alone, so that the outcome does not depend on how a run was divided up.
 *
 * Where the words of the test say which way it goes with a fact (interp/remedy_way.h), the other way
 * is not tried, and there is one boundary, to be found from anywhere: where the comparison turns that
 * the trial at the far end has made. Of 27 trials for a claim above the logged time 9 are left.
 */
#include "interp/remedy.h"

#include "interp/remedy_way.h"

#include <string.h>

#define READS_MOST 24    /* facts: with more of them no single one is the cause */
#define TRIALS_MOST 160  /* of one subject */
#define TRIAL_BYTES 65536

/* How far off a value is looked for: what lies further is no slip of the pen. */
#define MOMENT_FAR 43200 /* seconds: half a day */
#define DATE_FAR 31      /* days */
#define TIMES_FAR 4      /* of a quantity: up to so many times as much */

typedef struct Search {
	const Walk *asked;
	const Rule *rule;
	const Value *subject;
	Arena *arena;            /* of what is handed out */
	Arena *scratch;          /* of one trial */
	FieldRead read[READS_MOST];
	FieldReads reads;
	FillNotes notes;         /* of the fact at hand */
	RemedyDesk *desk;
	struct RuleWays *ways;
	int32_t on;              /* its law date */
	int32_t trials;
	TypeKind kind;           /* of the fact whose boundary was found last, */
	int64_t slip;            /* and how far off it lay, as the column has it; 0: none was */
} Search;

/* ---- trials ---- */

/* A walk under these fillings, in scratch memory, and the subject's slots for it. */
static Walk walk_under(Search *s, const Fillings *fill, Value **slots)
{
	Walk walk = *s->asked;
	size_t n = (size_t)s->rule->nslots + 1;
	arena_reset(s->scratch);
	walk.arena = s->scratch;
	walk.trace = NULL;
	walk.fill = fill;
	*slots = ARENA_ROOM(s->scratch, Value, n);
	memcpy(*slots, s->subject, n * sizeof **slots);
	return walk;
}

/* As it is, to see what the rule looks at. */
static void look_on(Search *s)
{
	Fillings fill = {.over = true, .reads = &s->reads};
	Value *slots;
	Judgement found;
	Walk walk = walk_under(s, &fill, &slots);
	walk_verdict(&walk, s->rule, slots, PART_SUBJECT, NO_DAY, &found);
	s->on = found.on;
}

/* ---- which way ---- */

typedef struct FieldWay {
	struct FieldWay *next;
	int32_t dataset, field;
	Way way;
} FieldWay;

/* What is known of a rule's test: it is asked for finding after finding. */
typedef struct RuleWays {
	struct RuleWays *next;
	const Rule *rule;
	bool dated;
	FieldWay *way;
} RuleWays;

static RuleWays *ways_of(RemedyDesk *desk, const Rule *rule)
{
	RuleWays *ways = desk->ways;
	while (ways != NULL && ways->rule != rule)
		ways = ways->next;
	if (ways != NULL)
		return ways;
	ways = ARENA_NEW(&desk->kept, RuleWays);
	*ways = (RuleWays){desk->ways, rule, remedy_test_dated(rule), NULL};
	desk->ways = ways;
	return ways;
}

static Way way_of(Search *s, int32_t dataset, int32_t field)
{
	FieldWay *way = s->ways->way;
	if (s->desk->plain)
		return WAY_ANY;
	while (way != NULL && (way->field != field || way->dataset != dataset))
		way = way->next;
	if (way != NULL)
		return way->way;
	way = ARENA_NEW(&s->desk->kept, FieldWay);
	*way = (FieldWay){s->ways->way, dataset, field,
		remedy_way(s->asked->book, s->rule, dataset, field)};
	s->ways->way = way;
	return way->way;
}

/* ---- one fact ---- */

typedef struct Fact {
	FieldRead place;
	const Field *field;
	Way way;                 /* of the test with the fact */
	int64_t n;               /* as the column has it */
	int64_t grain;
	int64_t steps[2];        /* that may be taken down, up */
} Fact;

/* A date, or how the column holds a quantity; quantities below zero only where they were. */
static bool limits(Fact *fact, int64_t *low, int64_t *high)
{
	const Field *field = fact->field;
	int64_t far = 0;
	switch ((TypeKind)field->type.kind) {
	case TYPE_MOMENT:
	case TYPE_CLOCK:
		far = MOMENT_FAR;
		fact->grain = fact->n % 60 == 0 ? 60 : 1;
		break;
	case TYPE_DATE:
		far = DATE_FAR;
		fact->grain = 1;
		break;
	case TYPE_QUANTITY:
		fact->grain = field->times > 0 ? field->times : 1;
		if (field->type.ratio || fact->n < 0 || fact->n > INT64_MAX / 64
				|| fact->grain > INT64_MAX / 64)
			return false;
		*low = 0;
		*high = fact->n * TIMES_FAR + fact->grain * TIMES_FAR;
		return true;
	case TYPE_ERROR: case TYPE_YES_NO: case TYPE_WEEKDAY: case TYPE_TEXT: case TYPE_CODE:
	case TYPE_ROW: case TYPE_ROWS: case TYPE_PERIOD:
		return false;
	}
	*low = fact->n - far;
	*high = fact->n + far;
	return true;
}

/* False for a fact that is missing, or of a kind that has no nearest value. */
static bool fact_of(Search *s, FieldRead read, Fact *out)
{
	int64_t low, high;
	*out = (Fact){.place = read, .way = way_of(s, read.dataset, read.field),
		.field = &s->asked->book->dataset[read.dataset].field[read.field]};
	if (!store_get(s->asked->store, read.dataset, read.field, read.row, &out->n)
			|| !limits(out, &low, &high))
		return false;
	if (out->field->has_range) {
		low = low < out->field->least ? out->field->least : low;
		high = high > out->field->most ? out->field->most : high;
	}
	if (out->field->type.kind == TYPE_CLOCK) {
		low = low < 0 ? 0 : low;
		high = high > 86399 ? 86399 : high;
	}
	out->steps[0] = (out->n - low) / out->grain;
	out->steps[1] = (high - out->n) / out->grain;
	return true;
}

/* The value so many steps off, up or down. */
static Value value_at(const Fact *fact, bool up, int64_t steps)
{
	int64_t n = up ? fact->n + steps * fact->grain : fact->n - steps * fact->grain;
	return value_of_column(fact->field->type, n);
}

static bool passes_at(Search *s, const Fact *fact, bool up, int64_t steps)
{
	Filling filling = {.dataset = fact->place.dataset, .field = fact->place.field, .define = -1,
		.row = fact->place.row, .value = value_at(fact, up, steps)};
	Fillings fill = {.at = &filling, .n = 1, .over = true,
		.notes = s->desk->plain ? NULL : &s->notes};
	Value *slots;
	Judgement found;
	Walk walk = walk_under(s, &fill, &slots);
	s->notes.gap = (FillGap){0};
	walk_verdict(&walk, s->rule, slots, fact->place.parts, s->on, &found);
	s->trials++;
	return found.covered && found.inside && found.verdict == VERDICT_PASS;
}

static Str print(Search *s, const Fact *fact, Value value)
{
	Buf buf = {0};
	value_print(&buf, s->asked->store, s->asked->book, fact->field->type, value, s->arena);
	return buf_keep(&buf, s->arena);
}

static void put(Search *s, const Fact *fact, bool up, int64_t steps, Remedies *out)
{
	const Dataset *dataset = &s->asked->book->dataset[fact->place.dataset];
	if (out->n == REMEDIES_MOST)
		return;
	out->at[out->n++] = (Remedy){
		.dataset = str_copy(s->arena, dataset->decl.name),
		.key = str_copy(s->arena, store_key(s->asked->store, fact->place.dataset,
			fact->place.row, s->scratch)),
		.field = str_copy(s->arena, fact->field->name),
		.was = print(s, fact, value_at(fact, up, 0)),
		.value = print(s, fact, value_at(fact, up, steps)), .more = up};
}

/* So many steps off (the lesser) it fails, so many off it passes: between them lies the boundary. */
typedef struct Boundary {
	int64_t fails, ok;
} Boundary;

static void try_at(Search *s, const Fact *fact, bool up, int64_t steps, Boundary *between)
{
	if (steps <= between->fails || steps >= between->ok || s->trials >= TRIALS_MOST)
		return;
	if (passes_at(s, fact, up, steps))
		between->ok = steps;
	else
		between->fails = steps;
}

/* How far off the other fact lies, in steps of this one, rounded up; 0: not on this side, or of
 * another kind. */
static int64_t steps_to(const Search *s, const Fact *fact, bool up, const FieldRead *other)
{
	int64_t n;
	const Field *field = &s->asked->book->dataset[other->dataset].field[other->field];
	if (field->type.kind != fact->field->type.kind || field->type.scale != fact->field->type.scale
			|| !store_get(s->asked->store, other->dataset, other->field, other->row, &n))
		return 0;
	int64_t off = up ? n - fact->n : fact->n - n;
	return off > 0 ? (off + fact->grain - 1) / fact->grain : 0;
}

/* There, and on the other side of the boundary if it should lie right there. */
static void try_near(Search *s, const Fact *fact, bool up, int64_t steps, Boundary *between)
{
	try_at(s, fact, up, steps, between);
	try_at(s, fact, up, steps == between->ok ? steps - 1 : steps + 1, between);
}

/* A check-out too early by so much is a check-in too late by as much. */
static void try_slip(Search *s, const Fact *fact, bool up, Boundary *between)
{
	if (s->slip > 0 && s->kind == (TypeKind)fact->field->type.kind)
		try_near(s, fact, up, (s->slip + fact->grain - 1) / fact->grain, between);
}

/* At each fact that this one may be held against. */
static void try_facts(Search *s, const Fact *fact, bool up, Boundary *between)
{
	for (int32_t i = 0; i < s->reads.n && between->ok - between->fails > 1; i++)
		try_near(s, fact, up, steps_to(s, fact, up, &s->read[i]), between);
}

/* A test that goes one way with the fact has one boundary, wherever it is looked for. What only the
 * test reads cannot make the rule pass by, nor put the subject elsewhere. */
static bool is_sure(const Fact *fact)
{
	return fact->place.parts == PART_TEST && fact->way != WAY_ANY && fact->way != WAY_NONE;
}

/* So much as steps of the fact, cut; -1: more than there can be. */
static int64_t steps_of(const Fact *fact, Ratio much)
{
	Type type = fact->field->type;
	Int128 per = type.kind == TYPE_QUANTITY ? type.scale : 1;
	Ratio steps;
	if (!ratio_make(much.n * per, (Int128)much.d * fact->grain, &steps)
			|| steps.n / steps.d > fact->steps[0] + fact->steps[1])
		return -1;
	return (int64_t)(steps.n / steps.d);
}

/*
 * Where the comparison turns is so much nearer than the far end, if what it compares moves as the
 * fact does. A rounding lies between them:
 *
 *      fails│passes
 *   ────────┼─────────────────────────────>   the fact
 *    30  30 │ 45     45     45 │ 60           rounded
 *         least      turn                     so the boundary is as far behind as `least` is
 */
static void try_turn(Search *s, const Fact *fact, bool up, const FillGap *far, Boundary *between)
{
	const FillGap *near = &s->notes.gap; /* of the last trial: that at `at`, or near it */
	Ratio behind;
	int64_t off = far->known ? steps_of(fact, far->off) : -1, at = fact->steps[up] - off;
	if (off < 0 || at <= between->fails || at > between->ok)
		return;
	if (!far->rounded) {
		try_near(s, fact, up, at, between);
		return;
	}
	try_at(s, fact, up, at, between);
	if (between->ok != at || !near->rounded)
		return;
	bool rises = ratio_cmp(far->in, near->in) > 0;
	if (rises ? ratio_sub(near->in, near->least, &behind)
			: ratio_sub(near->most, near->in, &behind))
		try_near(s, fact, up, at - steps_of(fact, behind), between);
}

/* The last trial was that at the far end. The boundary is told when the trials suffice. */
static void find_boundary(Search *s, const Fact *fact, bool up, Remedies *out)
{
	FillGap far = s->notes.gap;
	Boundary between = {0, fact->steps[up]};
	try_slip(s, fact, up, &between);
	if (is_sure(fact))
		try_turn(s, fact, up, &far, &between);
	else
		try_facts(s, fact, up, &between);
	while (between.ok - between.fails > 1 && s->trials < TRIALS_MOST)
		try_at(s, fact, up, between.fails + (between.ok - between.fails) / 2, &between);
	if (between.ok - between.fails != 1)
		return;
	put(s, fact, up, between.ok, out);
	s->kind = (TypeKind)fact->field->type.kind;
	s->slip = between.ok * fact->grain;
}

/* ---- all of them ---- */

/* Rows of submissions and logs alone: what contracts and derived tables say is nobody's to mend. */
static bool is_of_data(const Search *s, int32_t dataset)
{
	return s->asked->book->dataset[dataset].origin == ORIGIN_TABLE;
}

void remedy_desk_free(RemedyDesk *desk)
{
	arena_free(&desk->scratch);
	arena_free(&desk->fact);
	arena_free(&desk->kept);
}

/* A trial asks for little, but several times a microsecond: with one chunk that has room for it an
 * arena goes to malloc for none of them. */
static Arena *scratch_of(RemedyDesk *desk)
{
	if (desk->scratch.chunk == NULL)
		arena_room(&desk->scratch, TRIAL_BYTES);
	return &desk->scratch;
}

/* A fact that only `applies when` looks at makes the rule pass by, never the subject pass; nor does
 * one that the test does not speak of, unless it decides under which law the test stands. */
static bool may_help(Search *s, FieldRead read)
{
	if (read.parts == PART_APPLIES || !is_of_data(s, read.dataset))
		return false;
	return ((read.parts & PART_SUBJECT) != 0 && s->ways->dated) ||
		way_of(s, read.dataset, read.field) != WAY_NONE;
}

/* Up or down as the test goes, or both where that is not known: as it is where the law date hangs on
 * the fact. What the fact does to all but the test cannot help. */
static bool may_go(const Search *s, const Fact *fact, bool up)
{
	if ((fact->place.parts & PART_SUBJECT) != 0 && s->ways->dated)
		return true;
	return (fact->way & (up ? WAY_UP : WAY_DOWN)) != 0;
}

static void look_at(Search *s, FieldRead read, Remedies *out)
{
	Fact fact;
	if (!may_help(s, read) || !fact_of(s, read, &fact))
		return;
	arena_reset(&s->desk->fact);
	s->notes = (FillNotes){.arena = &s->desk->fact};
	for (int up = 0; up < 2; up++)
		if (fact.steps[up] > 0 && s->trials < TRIALS_MOST && may_go(s, &fact, up != 0)
				&& passes_at(s, &fact, up != 0, fact.steps[up]))
			find_boundary(s, &fact, up != 0, out);
}

void remedies_of(const Walk *walk, const Rule *rule, const Value *slots, RemedyDesk *desk,
	Arena *arena, Remedies *out)
{
	Search s = {.asked = walk, .rule = rule, .subject = slots, .arena = arena, .desk = desk,
		.scratch = scratch_of(desk), .ways = ways_of(desk, rule), .reads = {.most = READS_MOST}};
	s.reads.at = s.read;
	out->n = 0;
	if (rule->subject != SUBJECT_GROUP)
		look_on(&s);
	for (int32_t i = 0; i < s.reads.n && !s.reads.full; i++)
		look_at(&s, s.read[i], out);
}
