/*
 * What can be asked of a tree without knowing what it means: whether two are the same, and how
 * one looks. The test that a formatted file still says what it said, and the goldens of the
 * parser, rest on these two.
 *
 *   £19.00 = 1900p        same         a + (b)  =  a + b      same
 *   1 April = 01 April    same         a + b    =  b + a      not the same
 */
#include "dsl/ast.h"

#include "base/exact.h"

/* From the one list of kinds, as are the enum and the parser's names: nothing has to be kept in
 * step. */
const char *ast_word(AstKind kind)
{
	static const char *const words[] = {
#define X(name, word) word,
		AST_KINDS(X)
#undef X
	};
	return words[kind];
}

/* Brackets are only kept for the formatter: the tree's own shape says what goes with what. */
static const Ast *unbracketed(const Ast *ast)
{
	while (ast != NULL && ast->kind == AST_BRACKETS)
		ast = ast->a;
	return ast;
}

/* By value, pence as hundredths of a pound. What
 * does not fit an exact ratio is compared as written. */
static bool same_number(const Ast *a, const Ast *b)
{
	Ratio left, right;
	if (!ratio_parse(a->text, &left) || !ratio_parse(b->text, &right))
		return a->how == b->how && str_eq(a->text, b->text);
	const Ratio hundred = {100, 1};
	bool fits = (a->how == 1 || ratio_mul(left, hundred, &left)) &&
		(b->how == 1 || ratio_mul(right, hundred, &right));
	return fits ? ratio_cmp(left, right) == 0 : str_eq(a->text, b->text);
}

/* A date says what it is in `n`; how it was written, in `text`, does not matter. */
static bool same_self(const Ast *a, const Ast *b)
{
	if (a->kind == AST_NUMBER || a->kind == AST_PERCENT || a->kind == AST_MONEY)
		return same_number(a, b);
	bool timed = a->kind == AST_DATE || a->kind == AST_DAYMONTH || a->kind == AST_MOMENT ||
		a->kind == AST_CLOCK;
	return a->how == b->how && a->n == b->n && a->m == b->m && str_eq(a->text2, b->text2) &&
		(timed || str_eq(a->text, b->text));
}

/* In order: clauses that were moved are another text, even where the meaning stays. */
static bool same_items(const Ast *a, const Ast *b)
{
	for (; a != NULL && b != NULL; a = a->next, b = b->next)
		if (!ast_same(a, b))
			return false;
	return a == NULL && b == NULL;
}

/* Places are left out, since laying a file out anew moves everything. The recursion is as deep as
 * the tree, which LIMIT_TREE bounds. */
bool ast_same(const Ast *a, const Ast *b)
{
	a = unbracketed(a);
	b = unbracketed(b);
	if (a == NULL || b == NULL)
		return a == b;
	return a->kind == b->kind && same_self(a, b) && ast_same(a->a, b->a) && ast_same(a->b, b->b) &&
		ast_same(a->c, b->c) && ast_same(a->d, b->d) && same_items(a->items, b->items);
}

/* role: which child of the node above it is, `a: ` or `- ` for one of a list. */
static void dump(const Ast *ast, const char *role, size_t indent, Buf *out)
{
	if (ast == NULL)
		return;
	buf_pad(out, ' ', indent * 2);
	buf_printf(out, "%s%s", role, ast_word(ast->kind));
	if (ast->text.len > 0)
		buf_printf(out, " \"%.*s\"", STR_ARG(ast->text));
	if (ast->text2.len > 0)
		buf_printf(out, " \"%.*s\"", STR_ARG(ast->text2));
	if (ast->how != 0)
		buf_printf(out, " [how=%d]", ast->how);
	if (ast->n != 0 || ast->m != 0)
		buf_printf(out, " [%lld %lld]", (long long)ast->n, (long long)ast->m);
	buf_char(out, '\n');
	dump(ast->a, "a: ", indent + 1, out);
	dump(ast->b, "b: ", indent + 1, out);
	dump(ast->c, "c: ", indent + 1, out);
	dump(ast->d, "d: ", indent + 1, out);
	for (const Ast *item = ast->items; item != NULL; item = item->next)
		dump(item, "- ", indent + 1, out);
}

/* One line a node, so that a golden's difference shows the node that changed. */
void ast_dump(const Ast *ast, Buf *out)
{
	dump(ast, "", 0, out);
}
