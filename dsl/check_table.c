/*
 * Decision tables. Each row becomes a condition over the table's inputs and a value:
 *
 *   | length                     | area      | share |      fits                     value
 *   | 30 minutes to below 1 hour | not urban | 60%   |  ─>  x >= 30m and x < 1h and  3/5
 *                                                           not (y = urban)
 *
 * so that evaluators need to know nothing of cells. Unknown inputs follow from the logic of `and`
 * and `or` (S27). All values share one denominator. Two rows that can be proved to fit the same
 * input are an error where one row has to fit (S29); holes between ranges are a warning.
 *
 * Tables and functions are templates: declared with types, checked once for each set of
 * denominators that a call brings along.
 *
 *   call_share(visit.planned)      duration over 1     instance 0
 *   call_share(minutes / calls)    a quotient          instance 1
 *
 * What can be proved of the rows does not depend on that, and is proved once.
 */
#include "dsl/checker.h"

/* ---- templates: shared by tables and defines */

/* Inputs are told apart by name inside cells. The declared type stands in for a caller's until
 * there is one. */
static void param_add(Checker *c, Template *template, const Ast *param, int32_t at)
{
	for (int32_t i = 0; i < at; i++)
		if (str_eq(template->param[i], param->text))
			diag_add(c->diags, DIAG_DUPLICATE, param->at, "two inputs are called %.*s",
				STR_ARG(param->text));
	template->param[at] = param->text;
	template->param_type[at] = check_type(c, param->a);
	template->failed |= template->param_type[at].kind == TYPE_ERROR;
}

/* Once for each declaration; instances differ in denominators only. */
void template_params(Checker *c, int32_t index)
{
	Template *template = &c->template.at[index];
	const Ast *params = template->ast->a;
	const Ast *first = params != NULL ? params->items : NULL;
	if (template->param != NULL || template->dataset >= 0)
		return;
	int32_t n = 0;
	for (const Ast *param = first; param != NULL; param = param->next)
		n++;
	template->param = ARENA_ARRAY(c->arena, Str, (size_t)n + 1);
	template->param_type = ARENA_ARRAY(c->arena, Type, (size_t)n + 1);
	if (n > LIMIT_ARGUMENTS) {
		diag_add(c->diags, DIAG_ARGUMENT_COUNT, params->at, "%.*s takes %d inputs, more than %d",
			STR_ARG(template->name), (int)n, LIMIT_ARGUMENTS);
		template->failed = true;
		return;
	}
	for (const Ast *param = first; param != NULL; param = param->next)
		param_add(c, template, param, template->nparams++);
}

/* The key is the denominator of each argument. -1 until an instance exists; the pointer holds
 * until the next look-up. Types need not be in the key: they are the declaration's for every
 * caller. */
int32_t *instance_at(Checker *c, int32_t template, const Type *arg)
{
	Buf buf = {0};
	bool added;
	buf_printf(&buf, "instance %d", (int)template);
	for (int32_t i = 0; i < c->template.at[template].nparams; i++)
		buf_printf(&buf, " %lld%s", (long long)arg[i].scale, arg[i].ratio ? "r" : "");
	int32_t *at = strmap_at(&c->instances, buf_view(&buf), &added);
	if (added)
		*at = -1;
	buf_free(&buf);
	return at;
}

/* Every declaration that waits for another passes here: circles end, and so do chains that the
 * evaluators' stacks could not follow (law 13). True must be paired with chain_leave. A circle is
 * told at the use that closes it. */
bool chain_enter(Checker *c, bool checking, Str name, Span declared, Span at)
{
	if (checking) {
		DiagRef diag = diag_add(c->diags, DIAG_CYCLE, at, "%.*s needs itself to be worked out",
			STR_ARG(name));
		diag_label(diag, declared, "declared here");
		return false;
	}
	if (c->chain >= LIMIT_CHAIN) {
		diag_add(c->diags, DIAG_TOO_DEEP, at, "more than %d declarations rest on each other here",
			LIMIT_CHAIN);
		return false;
	}
	c->chain++;
	return true;
}

/* Pairs with a chain_enter that gave true. */
void chain_leave(Checker *c)
{
	c->chain--;
}

/* ---- one row of a table */

typedef struct TableWork {
	Scope scope;
	Table out;
	const Template *template;
	LIST(Expr *) value;      /* of all periods, for one scale */
	LIST(TablePeriod) period;
	LIST(TableRow) row;      /* of the period being read */
	bool bad;
} TableWork;

/* Cells hang together by `next`. */
static int32_t count_cells(const Ast *row)
{
	int32_t n = 0;
	for (const Ast *cell = row->items; cell != NULL; cell = cell->next)
		n++;
	return n;
}

/* Tests of one cell are alternatives, cells of one row conditions together. An empty cell could
 * mean `any` or a slip, so it has to say. S27: `any` fits a missing input, `missing` asks for
 * one, every other test of it is unknown. */
static Expr *cell_condition(Checker *c, TableWork *work, int32_t input, const Ast *cell)
{
	Expr *value = expr_copy(c, work->scope.name.at[input].value, cell->at);
	Expr *out = NULL;
	if (cell->items == NULL) {
		DiagRef diag = diag_add(c->diags, DIAG_ROW_CELLS, cell->at, "the cell is empty");
		diag_help(diag, "write `any` when it does not matter, `missing` when the fact is absent");
		return expr_error(c, cell->at);
	}
	for (const Ast *test = cell->items; test != NULL; test = test->next) {
		Expr *next = check_test(c, &work->scope, value, test);
		out = out == NULL ? next : build_both(c, true, out, next, cell->at);
	}
	return out;
}

/* May use the inputs: a fixed fee and so much for each minute beyond it. A test such as `at
 * least` is no value, nor are two of them. */
static Expr *output_cell(Checker *c, TableWork *work, const Ast *cell)
{
	const Ast *test = cell->items;
	if (test == NULL || test->next != NULL || test->kind != AST_TEST_VALUE) {
		DiagRef diag = diag_add(c->diags, DIAG_ROW_CELLS, cell->at,
			"the last cell of a row holds one value");
		diag_here(diag, "a value of type %.*s belongs here",
			STR_ARG(phrase(c, work->template->type)));
		return expr_error(c, cell->at);
	}
	return check_typed(c, &work->scope, test->a, work->template->type, NULL);
}

/* The value waits in a list until all rows are known; the row's condition is complete. A table
 * without inputs has one row that always fits: a dated constant. */
static void read_row(Checker *c, TableWork *work, const Ast *row)
{
	int32_t inputs = work->template->nparams, n = count_cells(row);
	if (n != inputs + 1) {
		diag_add(c->diags, DIAG_ROW_CELLS, row->at, "the row has %d cell%s, the table %d columns",
			(int)n, n == 1 ? "" : "s", (int)inputs + 1);
		work->bad = true;
		return;
	}
	const Ast *cell = row->items;
	Expr *fits = NULL;
	for (int32_t i = 0; i < inputs; i++, cell = cell->next) {
		Expr *next = cell_condition(c, work, i, cell);
		fits = fits == NULL ? next : build_both(c, false, fits, next, row->at);
	}
	if (fits == NULL)
		fits = expr_plain(c, type_of(TYPE_YES_NO), 1, row->at);
	fits->at = row->at;
	Expr *value = output_cell(c, work, cell);
	work->bad |= is_error(fits) || is_error(value);
	*list_push(c, &work->row) = (TableRow){fits, NULL, row->at};
	*list_push(c, &work->value) = value;
}

/* ---- header and periods */

/* Headings repeat the inputs in their order: a table whose columns stand under wrong names would
 * still compute. The result's heading is free: it has no other name to repeat. */
static void check_header(Checker *c, TableWork *work, const Ast *header)
{
	int32_t inputs = work->template->nparams, i = 0;
	if (header == NULL)
		return;
	if (count_cells(header) != inputs + 1) {
		diag_add(c->diags, DIAG_ROW_CELLS, header->at,
			"the heading has %d cells; the table has %d input%s and a result",
			(int)count_cells(header), (int)inputs, inputs == 1 ? "" : "s");
		work->bad = true;
		return;
	}
	for (const Ast *cell = header->items; cell != NULL && i < inputs; cell = cell->next, i++) {
		if (str_eq(cell->text, work->template->param[i]))
			continue;
		DiagRef diag = diag_add(c->diags, DIAG_ROW_CELLS, cell->at,
			"this column must be headed %.*s, like the table's input",
			STR_ARG(work->template->param[i]));
		diag_here(diag, "columns stand in the order of the inputs");
		work->bad = true;
	}
}

/* Rows before the first date hold always. Rows belong to the block that they stand below. */
static void close_period(Checker *c, TableWork *work)
{
	if (work->period.n == 0 && work->row.n > 0)
		*list_push(c, &work->period) = (TablePeriod){.from = NO_DAY, .published = NO_DAY};
	if (work->period.n == 0 || work->row.n == 0)
		return;
	TablePeriod *period = &work->period.at[work->period.n - 1];
	period->row = work->row.at;
	period->nrows = work->row.n;
	work->row.at = NULL;
	work->row.n = work->row.cap = 0;
}

/* A dated block replaces the whole table from its day on. S11, for tables: two blocks of one day
 * leave no answer to which holds. */
static void new_period(Checker *c, TableWork *work, TablePeriod period, Span at)
{
	if (work->period.n > 0 || work->row.n > 0)
		close_period(c, work);
	for (int32_t i = 0; i < work->period.n; i++)
		if (work->period.at[i].from == period.from &&
				work->period.at[i].published == period.published)
			diag_add(c->diags, DIAG_TWO_VALUES, at, "two blocks of rows begin on the same day");
	*list_push(c, &work->period) = period;
}

/* S8: a block of an amendment that does not say when it was published was so with the amendment. */
static void open_period(Checker *c, TableWork *work, const Ast *ast)
{
	TablePeriod period = {.from = NO_DAY, .published = version_known(c, ast->at)};
	day_literal(ast->a, &period.from);
	day_literal(ast->c, &period.published);
	new_period(c, work, period, ast->at);
}

/* Remarks and sources stand between blocks without effect on them; a reason for being assumed
 * belongs to the block above it. */
static void read_items(Checker *c, TableWork *work, const Ast *ast)
{
	for (const Ast *item = ast->items; item != NULL; item = item->next) {
		if (item->kind == AST_TABLE_PERIOD)
			open_period(c, work, item);
		else if (item->kind == AST_ROW)
			read_row(c, work, item);
		else if (item->kind == AST_ASSUMED && work->period.n > 0 && item->a != NULL)
			work->period.at[work->period.n - 1].assumed = item->a->text;
	}
	close_period(c, work);
}

/* `table X adds`: more dated blocks. Rows without a date hold from the first day of the version
 * that adds them. */
static void read_adds(Checker *c, TableWork *work, const Ast *ast)
{
	const Contract *contract = &c->book->contract;
	const Ast *adds;
	int32_t at = 0;
	Life life = c->life;
	while ((adds = amend_adds(c, ast->text, life, &at)) != NULL && !work->bad) {
		int32_t version = version_of(c, adds->at);
		const Ast *first = adds->items, *hit = clause(c, adds, AST_HIT);
		while (first != NULL && first->kind != AST_ROW && first->kind != AST_TABLE_PERIOD)
			first = first->next;
		c->life.from = version;
		if (hit != NULL)
			diag_add(c->diags, DIAG_AMENDED_SHAPE, hit->at, "what is added does not change which "
				"row fits");
		check_header(c, work, clause(c, adds, AST_HEADER));
		if (first != NULL && first->kind == AST_ROW)
			new_period(c, work, (TablePeriod){.published = version_known(c, adds->at),
				.from = version > 0 ? contract->ver[version].from : contract->from}, adds->at);
		read_items(c, work, adds);
	}
	c->life = life;
}

/* Periods by date, as the other histories are; the value expressions stay in their rows. By
 * insertion: blocks are few, and nearly always in order already. */
static void sort_periods(TableWork *work)
{
	for (int32_t i = 1; i < work->period.n; i++)
		for (int32_t k = i; k > 0; k--) {
			TablePeriod *one = &work->period.at[k - 1], *two = &work->period.at[k], kept = *one;
			if (one->from < two->from ||
					(one->from == two->from && one->published <= two->published))
				break;
			*one = *two;
			*two = kept;
		}
}

/* Rows in the order in which they were read take the values in that order. */
static bool share_scale(Checker *c, TableWork *work)
{
	if (work->value.n == 0)
		return false;
	Type type = join(c, work->value.at, work->value.n, work->template->ast->name_at);
	if (type.kind == TYPE_ERROR)
		return false;
	work->out.type = work->template->type;
	work->out.type.scale = type.scale;
	work->out.type.ratio = type.ratio;
	int32_t at = 0;
	for (int32_t i = 0; i < work->period.n; i++)
		for (int32_t k = 0; k < work->period.at[i].nrows; k++)
			work->period.at[i].row[k].value = work->value.at[at++];
	return true;
}

/* ---- what can be proved of the rows */

/* The first pair only: one range too wide meets many rows. S29: proved, it is an error; not
 * proved, it is found at run time as a conflict (S28). */
static void rows_overlap(Checker *c, const TablePeriod *period)
{
	enum { MOST_ROWS = 400 }; /* pairs are compared; beyond it the run finds conflicts */
	for (int32_t i = 0; i < period->nrows && period->nrows <= MOST_ROWS; i++)
		for (int32_t k = 0; k < i; k++) {
			if (conditions_overlap(c, period->row[i].fits, period->row[k].fits) != OVERLAP_YES)
				continue;
			DiagRef diag = diag_add(c->diags, DIAG_ROWS_OVERLAP, period->row[i].at,
				"two rows of the table fit the same input");
			diag_label(diag, period->row[k].at, "this row fits it too");
			diag_help(diag, "change a cell, or say `first row that fits`");
			return;
		}
}

/* Adding tables may overlap on purpose, and an input that none fits adds nothing. `first row that
 * fits` may overlap, since its order is the answer; its holes are holes all the same. */
static void analyse(Checker *c, const TableWork *work)
{
	for (int32_t i = 0; i < work->period.n; i++) {
		if (work->out.hit == HIT_ONE)
			rows_overlap(c, &work->period.at[i]);
		if (work->out.hit != HIT_ADD)
			table_holes(c, &work->out, &work->period.at[i]);
	}
}

/* Which way a value depends on the date, can overflow, and what it costs: its users inherit that.
 * Adding rows up can overflow though none of them does (S79). */
static void set_flags(Checker *c, TableWork *work, int32_t *cost)
{
	Table *out = &work->out;
	int64_t sum = 1;
	out->dated = work->period.n > 1 || (work->period.n == 1 && work->period.at[0].from != NO_DAY);
	out->can_fault = out->hit == HIT_ADD;
	for (int32_t i = 0; i < work->period.n; i++)
		for (int32_t k = 0; k < work->period.at[i].nrows; k++) {
			const TableRow *row = &work->period.at[i].row[k];
			out->dated |= row->fits->dated || row->value->dated;
			out->can_fault |= row->fits->can_fault || row->value->can_fault;
			sum += c->cost.at[row->fits->id] + c->cost.at[row->value->id];
		}
	*cost = (int32_t)(sum > LIMIT_STEPS ? LIMIT_STEPS : sum);
}

/* The inputs are slots of these very types. The table's own reason for being assumed is one that
 * stands before any block. An `assumed` below a dated block is that block's alone. */
static void begin_table(Checker *c, TableWork *work, const Template *template, const Type *arg)
{
	const Ast *ast = template->ast, *hit = clause(c, ast, AST_HIT);
	*work = (TableWork){.template = template};
	scope_begin(&work->scope);
	work->out = (Table){.decl = decl_of(c, ast), .param = template->param,
		.nparams = template->nparams, .hit = hit != NULL ? (TableHit)hit->how : HIT_ONE};
	work->out.param_type = arena_copy(c->arena, arg, sizeof *arg * (size_t)template->nparams);
	for (int32_t i = 0; i < template->nparams; i++)
		scope_slot(c, &work->scope, template->param[i], arg[i]);
	for (const Ast *item = ast->items; item != NULL; item = item->next) {
		if (item->kind == AST_ASSUMED)
			break;
		if (item->kind == AST_TABLE_PERIOD)
			work->out.decl.assumed = (Str){NULL, 0};
	}
	if (hit != NULL && hit->how == HIT_ADD && template->type.kind != TYPE_QUANTITY) {
		diag_add(c->diags, DIAG_TYPE_MISMATCH, hit->at, "only quantities can be added up");
		work->bad = true;
	}
}

/* -1 in error; then no instance of the table is tried again. */
static int32_t build_table(Checker *c, int32_t index, const Type *arg)
{
	Template *template = &c->template.at[index];
	const Ast *ast = template->ast;
	TableWork work;
	int32_t cost = 0;
	begin_table(c, &work, template, arg);
	check_header(c, &work, clause(c, ast, AST_HEADER));
	if (!work.bad)
		read_items(c, &work, ast);
	read_adds(c, &work, ast);
	if (!work.bad && work.value.n == 0) {
		diag_add(c->diags, DIAG_CLAUSE_MISSING, ast->name_at, "the table has no rows");
		work.bad = true;
	}
	if (work.bad || !share_scale(c, &work))
		return -1;
	sort_periods(&work);
	work.out.period = work.period.at;
	work.out.nperiods = work.period.n;
	work.out.nslots = work.scope.nslots;
	set_flags(c, &work, &cost);
	if (template->first < 0)
		analyse(c, &work);
	*list_push(c, &c->table_cost) = cost;
	*list_push(c, &c->table) = work.out;
	return c->table.n - 1;
}

/* What can be proved of the rows is the same for all denominators, so it is looked at once. */
int32_t table_instance(Checker *c, int32_t index, const Type *arg, Span at)
{
	Template *template = &c->template.at[index];
	int32_t known = *instance_at(c, index, arg), depth = c->depth;
	if (template->failed || known >= 0)
		return template->failed ? -1 : known;
	if (template->type.kind == TYPE_ERROR)
		template->type = check_type(c, template->ast->b);
	if (template->type.kind == TYPE_ERROR ||
			!chain_enter(c, template->checking, template->name, template->ast->name_at, at)) {
		template->failed = true;
		return -1;
	}
	Life life = c->life;
	template->checking = true;
	c->depth = 0;
	c->life = template->life;
	int32_t out = build_table(c, index, arg);
	template = &c->template.at[index];
	c->depth = depth;
	c->life = life;
	template->checking = false;
	chain_leave(c);
	template->failed |= out < 0;
	if (template->first < 0)
		template->first = out;
	*instance_at(c, index, arg) = out;
	return template->failed ? -1 : out;
}
