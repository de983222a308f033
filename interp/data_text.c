/*
 * Texts in eight bytes. Keys in exports look like VS00001234: a prefix and digits. Such a text is
 * the number of its template (prefix, count of digits) and the digits as an integer; any other is
 * the address of a cell in the reader's arena.
 *
 *   0 | template, 15 bits | digits, 48 bits           VS00001234: template {VS, 8}, 1234
 *   1 | address of a TextCell
 *
 * Where not even that is wanted (ten million keys without a pattern), a row holds its rowid and the
 * key's lead: 32 bits that never fall as the text rises, enough to put almost all rows in order
 * without asking the database for their keys.
 */
#include "interp/data_internal.h"

#include <assert.h>
#include <string.h>

#define IS_CELL ((uint64_t)1 << 63)
#define MOST_DIGITS 14      /* below 2^48 */
#define MOST_PREFIX 48
#define GIVE_UP 2000        /* texts without a template, after which none is looked for */

/* At most as many as 48 bits hold. */
int32_t text_digits(Str text)
{
	int32_t n = 0;
	while ((size_t)n < text.len && n < MOST_DIGITS &&
	       (unsigned char)(text.ptr[text.len - 1 - (size_t)n] - '0') <= 9)
		n++;
	return n;
}

bool text_is_pattern(Str text)
{
	int32_t digits = text_digits(text);
	return digits > 0 && text.len - (size_t)digits <= MOST_PREFIX;
}

/* The prefix is not copied. */
Template template_new(Str prefix, int32_t digits)
{
	Template out = {.prefix = prefix, .digits = digits, .len = prefix.len + (size_t)digits};
	out.in_words = out.len >= 4 && prefix.len < 8 && digits > 0 && digits <= 8;
	if (!out.in_words)
		return out;
	out.mask = ~(UINT64_MAX << 8 * prefix.len);
	out.keep = UINT64_MAX << 8 * (8 - digits);
	out.zeros = ~out.keep & 0x3030303030303030u;
	for (size_t i = 0; i < prefix.len; i++)
		out.head |= (uint64_t)(unsigned char)prefix.ptr[i] << 8 * i;
	return out;
}

/* Sixteen bytes more. */
static inline void mix_in(const char *at, uint64_t *a, uint64_t *b)
{
	Uint128 product = (Uint128)(word_at(at) ^ *a) * (word_at(at + 8) ^ *b);
	*a ^= (uint64_t)product;
	*b += (uint64_t)(product >> 64);
}

/* The last sixteen bytes overlap those before. */
static uint64_t long_hash(Str text)
{
	uint64_t a = 0x9e3779b97f4a7c15u ^ text.len, b = 0xe7037ed1a0b428dbu;
	for (size_t i = 0; i + 16 < text.len; i += 16)
		mix_in(text.ptr + i, &a, &b);
	mix_in(text.ptr + text.len - 16, &a, &b);
	uint64_t mixed = (a ^ b) * 0xd6e8feb86659fd93u;
	return mixed ^ mixed >> 32;
}

/* Keys have 8 to 16 bytes more often than not: one multiplication. */
uint64_t text_hash(Str text)
{
	if (text.len > 16)
		return long_hash(text);
	if (text.len < 8)
		return str_hash(text);
	uint64_t a = word_at(text.ptr) ^ 0x9e3779b97f4a7c15u ^ text.len;
	uint64_t b = word_at(text.ptr + text.len - 8) ^ 0xe7037ed1a0b428dbu;
	Uint128 product = (Uint128)a * b;
	uint64_t mixed = ((uint64_t)product ^ (uint64_t)(product >> 64)) * 0xd6e8feb86659fd93u;
	return mixed ^ mixed >> 32;
}

static bool template_fits(const Template *template, Str prefix, int32_t digits)
{
	return template->digits == digits && str_eq(template->prefix, prefix);
}

/* The template's number, or -1 when there are too many. */
static int32_t find_template(Templates *all, Str prefix, int32_t digits)
{
	int32_t found = -1;
	pthread_mutex_lock(&all->lock);
	for (int32_t i = 0; i < all->n && found < 0; i++)
		if (template_fits(&all->at[i], prefix, digits))
			found = i;
	/* Readers go on reading entries without the lock: none is ever moved or changed. */
	if (found < 0 && all->n < MAX_TEMPLATES) {
		all->at[all->n] = template_new(str_copy(&all->arena, prefix), digits);
		found = all->n++;
	}
	pthread_mutex_unlock(&all->lock);
	return found;
}

/* Cells live as long as the arena. */
const TextCell *text_cell(Arena *arena, Str text)
{
	TextCell *cell = arena_alloc(arena, sizeof(TextCell) + text.len);
	cell->len = (uint32_t)text.len;
	if (text.len > 0)
		memcpy(cell->bytes, text.ptr, text.len);
	return cell;
}

static uint64_t number_of(Str text, int32_t digits)
{
	uint64_t n = 0;
	for (size_t i = text.len - (size_t)digits; i < text.len; i++)
		n = n * 10 + (uint64_t)(text.ptr[i] - '0');
	return n;
}

/* memo->template is that of the last text + 1: one lookup serves all texts of a run. An entry never
 * changes once its number is out, and this thread has seen that number under the lock. */
static int32_t template_of(Reader *reader, Memo *memo, Str prefix, int32_t digits)
{
	Templates *all = &reader->data->templates;
	if (memo->template > 0 && template_fits(&all->at[memo->template - 1], prefix, digits))
		return memo->template - 1;
	int32_t found = find_template(all, prefix, digits);
	if (found >= 0)
		memo->template = found + 1;
	return found;
}

/* Free text would fill the templates with prefixes that never come again, hence `patterned`;
 * and a reader that keeps finding none stops looking. */
uint64_t text_code(Reader *reader, Memo *memo, bool patterned, Str text)
{
	int32_t digits = patterned && memo->misses < GIVE_UP ? text_digits(text) : 0;
	if (digits > 0 && text.len - (size_t)digits <= MOST_PREFIX) {
		Str prefix = {text.ptr, text.len - (size_t)digits};
		int32_t template = template_of(reader, memo, prefix, digits);
		if (template >= 0)
			return (uint64_t)template << DIGIT_BITS | number_of(text, digits);
	}
	memo->misses++;
	return IS_CELL | (uint64_t)(uintptr_t)text_cell(&reader->arena, text);
}

/* Addresses of user memory have the highest bit free. */
static const TextCell *cell_of(uint64_t code)
{
	return (const TextCell *)(uintptr_t)(code & ~IS_CELL);
}

/* Writes the text of a patterned code behind `at`, which has room for it. */
static void write_pattern(const Template *template, uint64_t number, char *at)
{
	memcpy(at, template->prefix.ptr, template->prefix.len);
	char *end = at + template->prefix.len + template->digits;
	for (int32_t i = 0; i < template->digits; i++) {
		*--end = (char)('0' + number % 10);
		number /= 10;
	}
}

/* Templates are complete and no longer changed when codes are turned back into texts. */
static const Template *template_at(const Data *data, uint64_t code, uint64_t *number)
{
	*number = code & (((uint64_t)1 << DIGIT_BITS) - 1);
	return &data->templates.at[code >> DIGIT_BITS];
}

Str text_of_code(const Data *data, uint64_t code, Arena *arena)
{
	if (code & IS_CELL)
		return (Str){cell_of(code)->bytes, cell_of(code)->len};
	uint64_t number;
	const Template *template = template_at(data, code, &number);
	size_t len = template->prefix.len + (size_t)template->digits;
	char *at = arena_alloc(arena, len + 1);
	write_pattern(template, number, at);
	return (Str){at, len};
}

/* A text that is a cell already is not copied. */
const TextCell *text_cell_of_code(const Data *data, uint64_t code, Arena *arena)
{
	if (code & IS_CELL)
		return cell_of(code);
	uint64_t number;
	const Template *template = template_at(data, code, &number);
	size_t len = template->prefix.len + (size_t)template->digits;
	TextCell *cell = arena_alloc(arena, sizeof(TextCell) + len);
	cell->len = (uint32_t)len;
	write_pattern(template, number, cell->bytes);
	return cell;
}

/* Of two patterns the numbers tell; a reader that gave up on patterns made cells of the same
 * texts. */
bool text_codes_equal(const Data *data, uint64_t a, uint64_t b, Arena *scratch)
{
	if (a == b || ((a | b) & IS_CELL) == 0)
		return a == b;
	return str_eq(text_of_code(data, a, scratch), text_of_code(data, b, scratch));
}

/* Codes of one pattern rise as their texts do. */
bool text_codes_alike(const uint64_t *code, int32_t n)
{
	uint64_t differ = 0;
	for (int32_t i = 0; i < n; i++)
		differ |= code[i] ^ code[0];
	return n == 0 || ((code[0] & IS_CELL) == 0 && differ >> DIGIT_BITS == 0);
}

/* Digits as if written to the left of fourteen places, then how many there are: "V1" < "V10" <
 * "V2", as bytes have it. */
bool text_code_rank(const Data *data, uint64_t code, int32_t *prefix, uint64_t *rank)
{
	static const uint64_t power[MOST_DIGITS + 1] = {1, 10, 100, 1000, 10000, 100000, 1000000,
		10000000, 100000000, 1000000000, 10000000000, 100000000000, 1000000000000,
		10000000000000, 100000000000000};
	if (code & IS_CELL)
		return false;
	uint64_t number;
	const Template *template = template_at(data, code, &number);
	if (*prefix >= 0 && !str_eq(data->templates.at[*prefix].prefix, template->prefix))
		return false;
	*prefix = (int32_t)(code >> DIGIT_BITS);
	*rank = number * power[MOST_DIGITS - template->digits] << 4 | (uint64_t)template->digits;
	return true;
}

/* ---- leads ---- */

/* The four bytes behind what all samples begin with, as a number; a key that begins otherwise
 * stands before or behind all of them. Equal leads say nothing. */
uint32_t text_lead(Str stem, Str text)
{
	Str head = {text.ptr, text.len < stem.len ? text.len : stem.len};
	int order = str_cmp(head, stem);
	if (order != 0)
		return order < 0 ? 0 : UINT32_MAX;
	uint32_t lead = 0;
	for (size_t i = stem.len; i < stem.len + sizeof lead; i++)
		lead = lead << 8 | (i < text.len ? (unsigned char)text.ptr[i] : 0u);
	return lead;
}

/* ---- keys of rows ---- */

/* Prepared once for each worker and table. */
static sqlite3_stmt *fetch_statement(DataWorker *worker, int32_t number)
{
	const DataTable *table = worker->data->table.at[number];
	if (worker->fetch[number] == NULL) {
		Buf sql = {0};
		for (int32_t i = 0; i < table->nkey; i++)
			buf_printf(&sql, "%s %s", i > 0 ? "," : "select",
				sql_name(&worker->scratch, table->key[i]));
		buf_printf(&sql, " from %s where %s = ?1", sql_name(&worker->scratch, table->name),
			table->rowid);
		sqlite3_prepare_v3(worker->db, sql.at, (int)sql.n, SQLITE_PREPARE_PERSISTENT,
			&worker->fetch[number], NULL);
		buf_free(&sql);
	}
	return worker->fetch[number];
}

/* Tens of tables, and only where a key has to be asked for. */
static int32_t number_of_table(const KeySource *keys)
{
	int32_t t = 0;
	while (keys->data->table.at[t] != keys->table)
		t++;
	return t;
}

/* The row was read in this snapshot, so it is still there; should the disk fail now, the row goes
 * by its number. */
static Str fetch_key(const KeySource *keys, int64_t rowid, Arena *arena)
{
	sqlite3_stmt *stmt = fetch_statement(keys->worker, number_of_table(keys));
	Buf key = {0};
	bool good = stmt != NULL && sqlite3_bind_int64(stmt, 1, rowid) == SQLITE_OK &&
		sqlite3_step(stmt) == SQLITE_ROW;
	for (int32_t i = 0; i < keys->table->nkey && good; i++) {
		Str part;
		bool changed;
		const char *why;
		/* The same trimming and normalising as when the row was read. */
		good = convert_text(arena, sqlite3_column_value(stmt, i), &part, &changed, &why);
		if (i > 0)
			buf_char(&key, KEY_JOINT);
		if (good)
			buf_str(&key, part);
	}
	if (stmt != NULL)
		sqlite3_reset(stmt);
	Str out = good ? str_copy(arena, buf_view(&key))
		: str_format(arena, "rowid %lld", (long long)rowid);
	buf_free(&key);
	return out;
}

/* A key that did not fit is a rowid, or in a table without rowids a code. */
static Str wide_text(const KeySource *keys, WideKey key, Arena *arena)
{
	if (key.hi != WIDE_OTHER)
		return shape_text(keys->table->shape, key, arena);
	if (keys->table->rowid == NULL)
		return text_of_code(keys->data, key.lo, arena);
	return fetch_key(keys, (int64_t)key.lo, arena);
}

/* In this order: whole tables have the texts, coded keys give them, others are asked for. */
Str key_text(const KeySource *keys, int32_t row, Arena *arena)
{
	if (keys->text != NULL)
		return keys->text[row];
	if (keys->code != NULL)
		return text_of_code(keys->data, keys->code[row], arena);
	if (keys->wide != NULL)
		return wide_text(keys, keys->wide[row], arena);
	return fetch_key(keys, keys->rowid[row], arena);
}

Str store_key_of(const StoreTable *table, int32_t row, Arena *arena)
{
	return key_text(table->keys, row, arena);
}
