/*
 * The order in which matches, sequences and banks are worked out (S65): each may rest on the
 * results of others, through whatever its expressions are derived from.
 *
 *   match visit with log ──> visit.logs ──> define logged ──> bank take_a_break ──> its debits
 *
 * A declaration that reaches itself is in error: it would come out differently with the order of
 * work (law 8). Each one's needs are gathered by itself; then a walk along them, with a stack of
 * its own, gives the order and finds every circle.
 */
#include "dsl/checker.h"

#include <stdlib.h>
#include <string.h>

/* One declaration, and the numbers of those that it rests on; some stand there twice. */
typedef struct Node {
	LIST(int32_t) needs;
	Progress progress;
	bool told;
} Node;

typedef struct Order {
	Checker *c;
	uint64_t *seen;      /* bit an expression, while the needs of one node are gathered */
	Node *node;          /* matches, then sequences, then banks */
	int32_t n, at;       /* nodes; the one whose needs are gathered */
	int32_t *stack, *next; /* nodes on the way, and which of its needs each has come to */
	int32_t depth;
	Derivation *out;
	int32_t nout;
} Order;

/* One row of numbers for three kinds of declarations. */
static int32_t node_of(const Checker *c, DerivationKind kind, int32_t index)
{
	return index + (kind == DERIVE_MATCH ? 0 : c->match.n) +
		(kind == DERIVE_BANK ? c->sequence.n : 0);
}

static Derivation derivation_of(const Checker *c, int32_t node)
{
	if (node < c->match.n)
		return (Derivation){DERIVE_MATCH, node};
	node -= c->match.n;
	if (node < c->sequence.n)
		return (Derivation){DERIVE_SEQUENCE, node};
	return (Derivation){DERIVE_BANK, node - c->sequence.n};
}

/* Of the node whose needs are gathered. */
static void need(Order *order, DerivationKind kind, int32_t index)
{
	Node *node = &order->node[order->at];
	*list_push(order->c, &node->needs) = node_of(order->c, kind, index);
}

static void look(Order *order, const Expr *expr);

static void look_all(Order *order, Expr *const *expr, int32_t n)
{
	for (int32_t i = 0; i < n; i++)
		look(order, expr[i]);
}

/* Through defines, not through other nodes: those have needs of their own. */
static void look_define(Order *order, const Define *define)
{
	look(order, define->base);
	look(order, define->on);
	for (int32_t i = 0; i < define->nexcepts; i++) {
		look(order, define->except[i].when);
		look(order, define->except[i].then);
	}
}

/* A row or rows of a bank's dataset, wherever they come from, are there only after the bank was
 * worked out. The bits spare a visit to what is shared: without them a tangle of defines would be
 * walked once for each way through it. */
static void look(Order *order, const Expr *expr)
{
	Checker *c = order->c;
	if (expr == NULL || (order->seen[expr->id >> 6] >> (expr->id & 63) & 1))
		return;
	order->seen[expr->id >> 6] |= (uint64_t)1 << (expr->id & 63);
	look_all(order, expr->arg, expr->nargs);
	if (expr->type.kind == TYPE_ROW || expr->type.kind == TYPE_ROWS) {
		const Dataset *dataset = &c->dataset.at[expr->type.ref];
		if (dataset->origin != ORIGIN_TABLE)
			need(order, DERIVE_BANK, dataset->bank);
	}
	if (expr->op == EXPR_MATCHED)
		need(order, DERIVE_MATCH, expr->ref);
	else if (expr->op == EXPR_NEIGHBOUR)
		need(order, DERIVE_SEQUENCE, expr->ref);
	else if (expr->op == EXPR_DERIVED || expr->op == EXPR_CALL)
		look_define(order, &c->define.at[expr->ref]);
}

/* The same parts as an evaluator works out; `after` is `before` once more. */
static void look_match(Order *order, const Match *match)
{
	Expr *part[] = {match->left_when, match->right_when, match->left_at, match->right_at,
		match->before, match->take};
	look_all(order, part, (int32_t)(sizeof part / sizeof *part));
	look_all(order, match->left_key, match->nkeys);
	look_all(order, match->right_key, match->nkeys);
}

static void look_sequence(Order *order, const Sequence *sequence)
{
	look_all(order, sequence->key, sequence->nkeys);
	look_all(order, sequence->order, sequence->norder);
	look(order, sequence->applies);
}

/* A bank over another's entries has that one's rows in its keys and flows. */
static void look_bank(Order *order, const Bank *bank)
{
	for (int32_t i = 0; i < bank->nkeys; i++)
		look(order, bank->key[i].expr);
	look(order, bank->covered);
	look(order, bank->applies);
	look(order, bank->expires);
	look(order, bank->holds);
	for (int32_t i = 0; i < bank->nflows; i++) {
		const BankFlow *flow = &bank->flow[i];
		Expr *part[] = {flow->amount, flow->from, flow->to, flow->rows, flow->where, flow->on};
		look_all(order, part, (int32_t)(sizeof part / sizeof *part));
		if (flow->dataset >= 0 && order->c->dataset.at[flow->dataset].origin != ORIGIN_TABLE)
			need(order, DERIVE_BANK, order->c->dataset.at[flow->dataset].bank);
	}
}

/* What was seen is forgotten for each: two nodes may share an expression, and both need what it
 * needs. */
static void gather(Order *order, int32_t node)
{
	Checker *c = order->c;
	Derivation of = derivation_of(c, node);
	memset(order->seen, 0, ((size_t)c->book->nexprs / 64 + 1) * sizeof *order->seen);
	order->at = node;
	if (of.kind == DERIVE_MATCH)
		look_match(order, &c->match.at[of.index]);
	else if (of.kind == DERIVE_SEQUENCE)
		look_sequence(order, &c->sequence.at[of.index]);
	else
		look_bank(order, &c->bank.at[of.index]);
}

/* Each member of a circle once, at its own place: any of them may be the one to change. */
static void tell(Order *order, int32_t node)
{
	static const char *const words[] = {
		[DERIVE_MATCH] = "match", [DERIVE_SEQUENCE] = "sequence", [DERIVE_BANK] = "bank"
	};
	Checker *c = order->c;
	Derivation of = derivation_of(c, node);
	Decl decl = of.kind == DERIVE_MATCH ? c->match.at[of.index].decl
		: of.kind == DERIVE_SEQUENCE ? c->sequence.at[of.index].decl : c->bank.at[of.index].decl;
	if (!order->node[node].told)
		diag_add(c->diags, DIAG_CYCLE, decl.at, "the %s needs its own result to be worked out",
			words[of.kind]);
	order->node[node].told = true;
}

/* The stack is an array, since ten thousand sequences may stand on each other. */
static void step_into(Order *order, int32_t node)
{
	order->node[node].progress = CHECKING;
	order->stack[order->depth] = node;
	order->next[order->depth++] = 0;
}

/* Depth first; what is met again while it is on the way closes a circle, and all on the way from
 * there are members of it. A node is put out behind everything that it needs. */
static void walk_from(Order *order, int32_t start)
{
	step_into(order, start);
	while (order->depth > 0) {
		int32_t top = order->depth - 1;
		Node *node = &order->node[order->stack[top]];
		if (order->next[top] == node->needs.n) {
			node->progress = DONE;
			order->out[order->nout++] = derivation_of(order->c, order->stack[top]);
			order->depth--;
			continue;
		}
		int32_t to = node->needs.at[order->next[top]++];
		if (order->node[to].progress == UNTRIED)
			step_into(order, to);
		else if (order->node[to].progress == CHECKING)
			for (int32_t i = top; ; i--) {
				tell(order, order->stack[i]);
				if (order->stack[i] == to)
					break;
			}
	}
}

/* When all bodies are complete. Declarations that need nothing keep the order of their kinds and
 * of the file. */
void check_order(Checker *c)
{
	Order order = {.c = c, .n = c->match.n + c->sequence.n + c->bank.n};
	size_t n = (size_t)order.n;
	if (n == 0)
		return;
	order.node = ARENA_ARRAY(c->arena, Node, n);
	order.out = ARENA_ARRAY(c->arena, Derivation, n);
	order.stack = ARENA_ARRAY(c->arena, int32_t, n);
	order.next = ARENA_ARRAY(c->arena, int32_t, n);
	order.seen = mem_alloc(((size_t)c->book->nexprs / 64 + 1) * sizeof *order.seen);
	for (int32_t i = 0; i < order.n; i++)
		gather(&order, i);
	for (int32_t i = 0; i < order.n; i++)
		if (order.node[i].progress == UNTRIED)
			walk_from(&order, i);
	free(order.seen);
	c->book->order = order.out;
	c->book->norder = order.nout;
}
