/*
 * Which rows of a table are in a dataset: `where COND` over the fields of the row. A row for which
 * it holds is in, one for which it does not is left out and counted; where it is not known, the row
 * could belong, and is listed as rejected.
 *
 * The condition is asked while rows are read, before anything else is: rows of another kind may lack
 * the dataset's key, share it, or hold what its fields cannot. It is worked out by the fast
 * evaluator, over a store of one row:
 *
 *   values ahead of the row's turn ─> met before? ─> the answer
 *                                └──> one row ─> fast evaluator ─┘
 *
 * Kinds and states repeat from row to row, so answers are kept by the values that led to them.
 */
#include "interp/data_internal.h"

#include <stdlib.h>
#include <string.h>

#include "interp/value.h"

#define ANSWERS 512         /* kept; a power of two */

/* A field that the condition looks at. */
typedef struct TestField {
	int32_t field, place;
	bool is_text;
	int64_t value;          /* of the row at hand, as a column has it */
	uint64_t known, lost;
} TestField;

/* A slot is overwritten by the next set of values that falls into it. */
typedef struct Answer {
	bool full;
	WherePlace place;
} Answer;

struct RowTest {
	Fast *fast;
	TestField *field;
	int32_t nfields;
	int32_t *place;         /* of these fields, and of what begins the spans that they end */
	int32_t nplaces;
	Span2 *span;
	int32_t nspans;
	Answer *answer;         /* ANSWERS of them, each with */
	Got *got;               /* nfields values */
	Column *column;         /* by field of the dataset */
	StoreTable table;
	StoreTable **tables;    /* by dataset */
	Store store;
};

/* ---- making it */

static void add_place(struct RowTest *test, int32_t place)
{
	for (int32_t i = 0; i < test->nplaces; i++)
		if (test->place[i] == place)
			return;
	test->place[test->nplaces++] = place;
}

/* The end of a span is unknown where it lies before the beginning, so that is read too. */
static void add_spans(const Reader *reader, struct RowTest *test)
{
	const DataTable *table = reader->table;
	int32_t n = test->nplaces;
	for (size_t s = 0; s < table->span.n; s++) {
		for (int32_t i = 0; i < n; i++) {
			if (table->column.at[test->place[i]] != table->span.at[s].to)
				continue;
			test->span[test->nspans++] = table->span.at[s];
			add_place(test, reader->data->column.at[table->span.at[s].from]->place);
		}
	}
}

/* A store in which the dataset has one row and no other has a table. */
static void make_store(const Reader *reader, struct RowTest *test)
{
	const DataTable *table = reader->table;
	const Rulebook *book = table->book;
	test->column = mem_alloc(((size_t)table->decl->nfields + 1) * sizeof *test->column);
	test->tables = mem_alloc(((size_t)book->ndatasets + 1) * sizeof(StoreTable *));
	for (int32_t i = 0; i < test->nfields; i++) {
		TestField *field = &test->field[i];
		const DataColumn *column = reader->column[field->place];
		test->column[field->field] = (Column){.at = &field->value, .known = &field->known,
			.lost = &field->lost, .times = column->times, .width = 8};
	}
	test->table = (StoreTable){.rows = 1, .column = test->column};
	test->tables[table->decl - book->dataset] = &test->table;
	test->store = (Store){.book = book, .table = test->tables};
}

/* The book that a table was first planned for says which columns its dataset's fields are. */
static int32_t place_of(const Reader *reader, int32_t field)
{
	const Data *data = reader->data;
	const DataTable *table = reader->table;
	int32_t b = 0;
	while (data->book[b].book != table->book)
		b++;
	return data->column.at[data->book[b].column[table->decl - table->book->dataset][field]]->place;
}

void where_begin(Reader *reader)
{
	const DataTable *table = reader->table;
	size_t n = table->where_field.n;
	reader->test = NULL;
	if (table->where == NULL)
		return;
	struct RowTest *test = mem_alloc(sizeof *test);
	reader->test = test;
	test->fast = fast_new(table->book, reader->data->options.law);
	test->field = mem_alloc((n + 1) * sizeof *test->field);
	test->place = mem_alloc((table->column.n + 1) * sizeof *test->place);
	test->span = mem_alloc((table->span.n * n + 1) * sizeof *test->span);
	for (size_t i = 0; i < n; i++) {
		int32_t field = table->where_field.at[i], place = place_of(reader, field);
		test->field[test->nfields++] = (TestField){.field = field, .place = place,
			.is_text = reader->column[place]->reading == AS_TEXT};
		add_place(test, place);
	}
	add_spans(reader, test);
	make_store(reader, test);
	test->answer = mem_alloc(ANSWERS * sizeof *test->answer);
	test->got = mem_alloc(ANSWERS * (n + 1) * sizeof *test->got);
}

void where_end(Reader *reader)
{
	struct RowTest *test = reader->test;
	if (test == NULL)
		return;
	fast_free(test->fast);
	free(test->field);
	free(test->place);
	free(test->span);
	free(test->answer);
	free(test->got);
	free(test->column);
	free(test->tables);
	free(test);
	reader->test = NULL;
}

/* ---- asking */

/* One text may have several codes. */
static bool same_got(Reader *reader, bool is_text, const Got *a, const Got *b)
{
	if (a->known != b->known || a->lost != b->lost)
		return false;
	if (!a->known || a->value == b->value)
		return true;
	return is_text && text_codes_equal(reader->data, (uint64_t)a->value, (uint64_t)b->value,
		&reader->scratch);
}

static Answer *find_answer(Reader *reader, bool *found)
{
	const struct RowTest *test = reader->test;
	uint64_t hash = 0;
	for (int32_t i = 0; i < test->nfields; i++) {
		const Got *got = &reader->got[test->field[i].place];
		hash = (hash ^ (got->known ? got->print : 1)) * 0x9e3779b97f4a7c15u;
		hash ^= hash >> 29;
	}
	/* Equal prints only say where to look: the values themselves are compared. */
	Answer *answer = &test->answer[hash % ANSWERS];
	const Got *kept = test->got + (answer - test->answer) * test->nfields;
	*found = answer->full;
	for (int32_t i = 0; i < test->nfields && *found; i++)
		*found = same_got(reader, test->field[i].is_text, &kept[i],
			&reader->got[test->field[i].place]);
	return answer;
}

/* Any state but known leaves it open, a value that cannot be held as well. */
static WherePlace work_out(Reader *reader)
{
	static const int64_t row = 0;
	const int64_t *slot[] = {&row};
	struct RowTest *test = reader->test;
	Subjects subjects = {.n = 1, .nslots = 1, .slot = slot};
	int64_t value = 0;
	uint8_t state = STATE_UNKNOWN;
	for (int32_t i = 0; i < test->nfields; i++) {
		TestField *field = &test->field[i];
		const Got *got = &reader->got[field->place];
		field->known = got->known;
		field->lost = got->lost;
		field->value = got->value;
		if (field->is_text && got->known)
			field->value = (int64_t)(intptr_t)text_cell_of_code(reader->data, (uint64_t)got->value,
				&reader->scratch);
	}
	/* One row of one slot: the evaluator is made for many, but answers are mostly kept. */
	fast_over(test->fast, &test->store, reader->table->where, &subjects, &value, &state);
	if (state != STATE_KNOWN)
		return WHERE_OPEN;
	return value != 0 ? WHERE_IN : WHERE_OUT;
}

WherePlace where_place(Reader *reader)
{
	struct RowTest *test = reader->test;
	bool found;
	if (test == NULL)
		return WHERE_IN;
	convert_ahead(reader, test->place, test->nplaces, test->span, test->nspans);
	Answer *answer = find_answer(reader, &found);
	if (found)
		return answer->place;
	*answer = (Answer){true, work_out(reader)};
	Got *kept = test->got + (answer - test->answer) * test->nfields;
	for (int32_t i = 0; i < test->nfields; i++)
		kept[i] = reader->got[test->field[i].place];
	return answer->place;
}

/* What the fingerprint of a row that is left out still tells of it. */
bool where_looks_at(const Reader *reader, int32_t place)
{
	const struct RowTest *test = reader->test;
	for (int32_t i = 0; test != NULL && i < test->nfields; i++)
		if (test->field[i].place == place)
			return true;
	return false;
}

int32_t where_open_at(const Reader *reader)
{
	const struct RowTest *test = reader->test;
	for (int32_t i = 0; i < test->nfields; i++)
		if (!reader->got[test->field[i].place].known)
			return test->field[i].place;
	return test->nfields > 0 ? test->field[0].place : 0;
}
