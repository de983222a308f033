/*
 * Lines of evidence: what is written, under which name, and only once.
 *
 * Lines come in the order in which values are worked out: the parts before the whole, the
 * conditions in the order of the rule. That order depends on the rule and on keys alone, so two
 * runs over the same facts write the same evidence, byte for byte (law 8).
 *
 *   value ─ trace_wants? ─ trace_first? ─> label ─> line
 *             │              └ written before: nothing
 *             └ muted: inside a collection, a row that is only looked at
 *
 * A label is what is the same of a line in all findings: the words, the table, the column. A line
 * has the value, the key of its row and a note. Lists of assumptions and of missing facts stand
 * beside the lines, each text once.
 */
#include "interp/walk_private.h"

#include <stdlib.h>
#include <string.h>

#define SEEN_FIRST 64

/* ---- whether to write ---- */

/* Expressions are small trees, and this is asked only inside a collection. Slots of inner
 * collections are higher than those outside, so one comparison tells. */
bool expr_uses_slot(const Expr *expr, int32_t from)
{
	if (expr == NULL)
		return false;
	if (expr->op == EXPR_SLOT)
		return expr->ref >= from;
	for (int32_t i = 0; i < expr->nargs; i++)
		if (expr_uses_slot(expr->arg[i], from))
			return true;
	return false;
}

/* Facts about the row outside are written even from inside a condition that refuses every row: the
 * reader needs what was looked for. */
bool trace_wants(const Eval *eval, const Frame *frame, const Expr *expr)
{
	if (eval->walk->trace == NULL)
		return false;
	return frame->mute_from == NOT_MUTED || !expr_uses_slot(expr, frame->mute_from);
}

/* ---- only once ---- */

/* The mixing steps of MurmurHash3's finaliser. */
uint64_t trace_mix(uint64_t hash, uint64_t with)
{
	hash = (hash ^ with) + 0x9e3779b97f4a7c15u;
	hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdu;
	hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53u;
	return hash ^ (hash >> 33);
}

uint64_t trace_hash(Type type, Value value)
{
	uint64_t hash = trace_mix(type.kind, value.state);
	if (value.state != STATE_KNOWN)
		return hash;
	if (type.kind == TYPE_TEXT)
		return trace_mix(hash, str_hash(value.text));
	if (type.kind != TYPE_QUANTITY)
		return trace_mix(hash, (uint64_t)value.n);
	hash = trace_mix(hash, (uint64_t)value.q.n);
	return trace_mix(trace_mix(hash, (uint64_t)(value.q.n >> 64)), (uint64_t)value.q.d);
}

/* Linear probing; 64 bits of hash stand for the line, which is as good as never wrong. A false
 * "seen" would drop a line of evidence: at a thousand lines its chance is below 10^-13. */
static bool seen_put(Seen *seen, uint64_t hash)
{
	for (uint64_t i = hash;; i++) {
		uint64_t *at = &seen->at[i & (seen->room - 1)];
		if (*at == hash)
			return false;
		if (*at == 0) {
			*at = hash;
			seen->n++;
			return true;
		}
	}
}

/* Four times as large: a long list of rows has some hundreds of lines, and each would be put again
 * and again. The old places go with the arena. */
static void seen_grow(Seen *seen, Arena *arena)
{
	Seen more = {.room = seen->room == 0 ? SEEN_FIRST : seen->room * 4};
	more.at = ARENA_ARRAY(arena, uint64_t, more.room);
	for (uint32_t i = 0; i < seen->room; i++)
		if (seen->at[i] != 0)
			seen_put(&more, seen->at[i]);
	*seen = more;
}

/* No hash is 0, which marks a free place. The hash says what the line is about: what is asked, of
 * which row or value. */
bool trace_first(Eval *eval, uint64_t hash)
{
	Seen *seen = &eval->seen;
	if (seen->n * 2 >= seen->room)
		seen_grow(seen, eval->walk->arena);
	return seen_put(seen, hash | 1);
}

/* ---- names ---- */

/* What the scanner skips between words. */
static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Text of one line without blanks in a run stands as it is. Nearly all expressions are, and are
 * then names without a copy. */
static bool plain(Str written)
{
	for (size_t i = 0; i < written.len; i++)
		if (is_blank(written.ptr[i]) && (written.ptr[i] != ' ' || is_blank(written.ptr[i + 1])))
			return false;
	return true;
}

/* Runs of blanks become one, and comments go; neither inside a text. A blank at the end cannot be:
 * an expression ends with its last word. */
static Str tidy(Arena *arena, Str written)
{
	char *out = arena_alloc(arena, written.len + 1);
	size_t n = 0;
	bool quoted = false;
	for (size_t i = 0; i < written.len; i++) {
		char c = written.ptr[i];
		quoted ^= c == '"';
		while (c == '#' && !quoted && i + 1 < written.len && written.ptr[i + 1] != '\n')
			i++;
		if (c == '#' && !quoted)
			continue;
		if (!quoted && is_blank(c)) {
			if (n > 0 && out[n - 1] != ' ')
				out[n++] = ' ';
			continue;
		}
		out[n++] = c;
	}
	return (Str){out, n};
}

/* Of expressions that nobody wrote: a name from what they are. The checker makes some of them: what
 * a contract covers, the way to a provider. */
static Str unwritten(const Rulebook *book, const Expr *expr)
{
	if (expr->op == EXPR_FIELD)
		return book->dataset[expr->arg[0]->type.ref].field[expr->ref].name;
	if (expr->op == EXPR_DERIVED || expr->op == EXPR_CALL)
		return book->define[expr->ref].decl.name;
	if (expr->op == EXPR_ROUND)
		return book->rounding[expr->ref].decl.name;
	if (expr->op == EXPR_TABLE)
		return book->table[expr->ref].decl.name;
	return STR("value");
}

/* The place of an expression is a range of bytes in its file. */
static Str written_in(const Rulebook *book, Arena *arena, const Expr *expr)
{
	if (book->sources == NULL || expr->at.hi <= expr->at.lo)
		return unwritten(book, expr);
	Str written = source_text(book->sources, expr->at);
	return plain(written) ? written : tidy(arena, written);
}

Str trace_written(Eval *eval, const Expr *expr)
{
	return written_in(eval->walk->book, eval->walk->arena, expr);
}

/* ---- labels ---- */

/*
 * A finding has some fifteen lines, a group's some hundreds, and what each is called, with table
 * and column, is the same in all findings of a rule. So it is worked out once for an expression and
 * stands in the case file once; lines speak of it by its number.
 *
 *   expression 17 ─ self, words, item ─> labels 51, 52, 53
 */

/* As it is written; where nobody wrote it, as in what a contract covers, "dataset.field". */
static Str field_name(const Rulebook *book, Arena *arena, const Expr *expr)
{
	const Dataset *dataset = &book->dataset[expr->arg[0]->type.ref];
	Str written = written_in(book, arena, expr), name = dataset->field[expr->ref].name;
	if (written.len > name.len && written.ptr[written.len - name.len - 1] == '.' &&
	    str_eq((Str){written.ptr + written.len - name.len, name.len}, name))
		return written;
	return str_format(arena, "%.*s.%.*s", STR_ARG(dataset->decl.name), STR_ARG(name));
}

/* The dataset of the row that a line about this expression starts from, or -1. */
static int32_t starts_from(const Rulebook *book, const Expr *expr)
{
	if (expr->op == EXPR_DERIVED || expr->op == EXPR_CALL)
		return book->define[expr->ref].dataset;
	bool steps = expr->op == EXPR_FIELD || expr->op == EXPR_MATCHED || expr->op == EXPR_LINKED ||
		expr->op == EXPR_NEIGHBOUR;
	return steps ? expr->arg[0]->type.ref : -1;
}

/* A bank's rows stand in no table; they go by the name of their dataset. */
static Str table_name(const Dataset *dataset)
{
	return dataset->table.len > 0 ? dataset->table : dataset->decl.name;
}

static void label_self(Label *label, const Rulebook *book, Arena *arena, const Expr *expr)
{
	int32_t dataset = starts_from(book, expr);
	if (expr->op == EXPR_FIELD) {
		label->name = field_name(book, arena, expr);
		label->column = book->dataset[dataset].field[expr->ref].column;
	} else if (expr->op == EXPR_PARAMETER) {
		label->name = book->parameter[expr->ref].decl.name;
	} else {
		label->name = written_in(book, arena, expr);
	}
	if (dataset >= 0)
		label->table = table_name(&book->dataset[dataset]);
}

/* Numbers are unlike within a book: three for each expression. */
static const Label *label_new(const Rulebook *book, Arena *arena, const Expr *expr, LabelRole role)
{
	Label *label = ARENA_NEW(arena, Label);
	label->number = expr->id * LABEL_ROLES + (int32_t)role;
	if (role == LABEL_SELF) {
		label_self(label, book, arena, expr);
	} else if (role == LABEL_WORDS) {
		label->name = written_in(book, arena, expr);
	} else {
		label->name = written_in(book, arena, walk_item_value(expr));
		label->table = table_name(&book->dataset[expr->arg[0]->type.ref]);
	}
	label->name_hash = str_hash(label->name);
	label->hash = trace_mix(trace_mix(label->name_hash, str_hash(label->table)),
		str_hash(label->column));
	return label;
}

/* Where a label of the book is, or will be, kept: there is a place for each that there can be. */
static const Label **label_place(Labels *labels, const Rulebook *book, int32_t number)
{
	if (labels->at == NULL)
		labels->at = ARENA_ARRAY(&labels->arena, const Label *, (size_t)labels_most(book));
	return &labels->at[number];
}

/* Kept for the thread where there is a place for it; the finding's own without (scenarios, `vouch
 * eval`). */
const Label *trace_label(Eval *eval, const Expr *expr, LabelRole role)
{
	const Walk *walk = eval->walk;
	Labels *labels = walk->trace->labels;
	if (labels == NULL)
		return label_new(walk->book, walk->arena, expr, role);
	const Label **at = label_place(labels, walk->book, expr->id * LABEL_ROLES + (int32_t)role);
	if (*at == NULL) {
		*at = label_new(walk->book, &labels->arena, expr, role);
		*vec_push(&labels->made) = *at;
	}
	*vec_push(&walk->trace->asked) = *at;
	return *at;
}

/* The same but for its number, which is made of the expression's as everywhere. */
const Label *labels_twin(Labels *labels, const Rulebook *book, const Label *label,
	const int32_t *twin)
{
	int32_t expr = twin[label->number / LABEL_ROLES];
	if (expr < 0)
		return NULL;
	int32_t number = expr * LABEL_ROLES + label->number % LABEL_ROLES;
	const Label **at = label_place(labels, book, number);
	if (*at == NULL) {
		Label *like = ARENA_NEW(&labels->arena, Label);
		*like = *label;
		like->number = number;
		*at = like;
		*vec_push(&labels->made) = like;
	}
	return *at;
}

/* The checker numbers expressions from 0, through all declarations. */
int32_t labels_most(const Rulebook *book)
{
	return book->nexprs * LABEL_ROLES;
}

/* Whoever was told of them has copied them. */
void labels_free(Labels *labels)
{
	vec_free(&labels->made);
	arena_free(&labels->arena);
	labels->at = NULL;
}

/* ---- keys ---- */

/* The place of this row, or the free one where it goes. Places are one more than they are, so that
 * zeroed memory is free. */
static KeyPlace *key_place(const Eval *eval, int32_t dataset, int32_t row)
{
	uint64_t hash = trace_mix((uint64_t)(uint32_t)dataset, (uint64_t)(uint32_t)row);
	for (uint32_t i = (uint32_t)hash;; i++) {
		KeyPlace *at = &eval->key[i & (eval->key_room - 1)];
		if (at->place == 0 || (at->row == row && at->dataset == dataset))
			return at;
	}
}

static void keys_grow(Eval *eval)
{
	KeyPlace *old = eval->key;
	uint32_t room = eval->key_room;
	eval->key_room = room == 0 ? SEEN_FIRST : room * 4;
	eval->key = ARENA_ARRAY(eval->walk->arena, KeyPlace, eval->key_room);
	for (uint32_t i = 0; i < room; i++)
		if (old[i].place != 0)
			*key_place(eval, old[i].dataset, old[i].row) = old[i];
}

/* A key is fetched once, and stands in the evidence once. A key may have to be fetched from the
 * database, which costs more than all else here. Lines about one row mostly come together. */
int32_t trace_row_key(Eval *eval, int32_t dataset, int32_t row)
{
	const Walk *walk = eval->walk;
	if (eval->key_last.place != 0 && eval->key_last.row == row && eval->key_last.dataset == dataset)
		return eval->key_last.place - 1;
	if (eval->key_n * 2 >= eval->key_room)
		keys_grow(eval);
	KeyPlace *at = key_place(eval, dataset, row);
	if (at->place == 0) {
		*vec_push(&walk->trace->key) = store_key(walk->store, dataset, row, walk->arena);
		*at = (KeyPlace){dataset, row, (int32_t)walk->trace->key.n};
		eval->key_n++;
	}
	eval->key_last = *at;
	return at->place - 1;
}

Str trace_key(const Trace *trace, const TraceLine *line)
{
	return line->key == NO_KEY ? (Str){0} : trace->key.at[line->key];
}

/* The memory stays, for the next subject; texts were the arena's. */
void trace_clear(Trace *trace)
{
	trace->line.n = trace->asked.n = trace->key.n = trace->assumed.n = trace->missing.n = 0;
	trace->broken = (Str){0};
}

void trace_free(Trace *trace)
{
	vec_free(&trace->line);
	vec_free(&trace->asked);
	vec_free(&trace->key);
	vec_free(&trace->assumed);
	vec_free(&trace->missing);
	buf_free(&trace->text);
}

/* The key as the store has it, for people. */
void trace_put_row(Eval *eval, int32_t dataset, int32_t row)
{
	Type type = {.kind = TYPE_ROW, .ref = dataset, .scale = 1};
	buf_str(&eval->buf, eval->walk->book->dataset[dataset].decl.name);
	buf_char(&eval->buf, ' ');
	value_print(&eval->buf, eval->walk->store, eval->walk->book, type, known_n(row),
		eval->walk->arena);
}

void trace_put_rows(Eval *eval, int32_t n, int32_t of)
{
	int128_print(&eval->buf, n);
	if (n != of) {
		buf_puts(&eval->buf, " of ");
		int128_print(&eval->buf, of);
	}
	buf_puts(&eval->buf, of == 1 ? " row" : " rows");
}

/* ---- lines ---- */

/* Printing goes through the one text buffer: it must be empty, so notes are taken out of it
 * before. */
void trace_value(Eval *eval, TraceLine line, Type type, Value value)
{
	const Walk *walk = eval->walk;
	value_print(&eval->buf, walk->store, walk->book, type, value, walk->arena);
	Str text = walk_text(eval);
	TraceLine *at = vec_push(&walk->trace->line);
	*at = line;
	at->value = text;
}

/* Law 11: whoever rests on a figure that no document gives says so, muted or not. A figure that is
 * looked up while it is muted still decides the verdict. */
void trace_assumed(Eval *eval, const char *kind, Str name, Str reason)
{
	Trace *trace = eval->walk->trace;
	if (trace == NULL || reason.len == 0)
		return;
	/* The same declaration comes again and again; another one may say the same. */
	if (!trace_first(eval, trace_mix((uintptr_t)reason.ptr, (uintptr_t)name.ptr)))
		return;
	uint64_t hash = trace_mix(trace_mix(str_hash(str_of(kind)), str_hash(name)), str_hash(reason));
	if (!trace_first(eval, hash))
		return;
	buf_puts(&eval->buf, kind);
	buf_char(&eval->buf, ' ');
	buf_str(&eval->buf, name);
	buf_puts(&eval->buf, ": ");
	buf_str(&eval->buf, reason);
	*vec_push(&trace->assumed) = walk_text(eval);
}

/* A handful, so they are simply compared. */
static bool listed(const Trace *trace, Str fact)
{
	for (size_t i = 0; i < trace->missing.n; i++)
		if (str_eq(trace->missing.at[i], fact))
			return true;
	return false;
}

void trace_missing(Eval *eval, const Why *why)
{
	Trace *trace = eval->walk->trace;
	for (; trace != NULL && why != NULL; why = why->next)
		if (!listed(trace, why->text))
			*vec_push(&trace->missing) = why->text;
}
