/*
 * What the modules of the data layer share; nobody else includes this.
 *
 *   data_plan.c     which tables and columns the rules need, and how each column is read
 *   data_reach.c    which rows a rule reaches, and whether a partition key keeps them together
 *   data_same.c     what two books have in common
 *   data_pass.c     passes, partition keys, layouts of packed rows, memory estimate
 *   data_file.c     connections on one snapshot, what SQLite reports
 *   data_schema.c   tables and columns against the database
 *   data_convert.c  cell -> value
 *   data_text.c     texts in eight bytes
 *   data_pages.c    rows from the pages of the file
 *   data_where.c    which rows of a table are in a dataset
 *   data_read.c     the sink, its threads, batches of rows, fingerprint
 *   data_pack.c     rows packed into partitions
 *   data_chunk.c    memory for packed rows
 *   data_twin.c     rows that share a key
 *   data_shape.c    keys of one shape (GUIDs) in sixteen bytes
 *   data_order.c    rows in order of their keys
 *   data_rows.c     packed rows -> columns
 *   data_whole.c    small tables as columns, rows found by key
 *   data_part.c     one partition -> stores; lists of rows by row
 *   data_match.c    matches of one store
 *   data_derive.c   sequences and banks of one store
 *
 * Datasets of several books over one table (and one key) are one DataTable; a field is one
 * DataColumn for all books that read it in the same way.
 *
 *   book, dataset, field ──> DataColumn ──> Cell of a packed row ──> Column of a store
 */
#ifndef VOUCH_INTERP_DATA_INTERNAL_H
#define VOUCH_INTERP_DATA_INTERNAL_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <string.h>

#include "base/limits.h"
#include "interp/data.h"
#include "interp/data_pages.h"
#include "interp/derive.h"

#define CHUNK_ROWS 256          /* rows of a chunk of a partition */
#define MAX_PARTS 1024
#define EPOCH_2000 946684800  /* moments are packed as seconds from 2000-01-01 */
#define DEFAULT_PARTITION_ROWS 32768
#define LEAST_PARTITION_ROWS 4096
#define DEFAULT_PARTS 16        /* at least, so that several threads have something to do */
#define DEFAULT_WHOLE_ROWS 30000
#define DEFAULT_MEMORY ((int64_t)1536 << 20)
#define MAX_SINK_ARGS 100       /* SQLite's own limit on arguments of a function */

/* ---- links followed from a row, as one number ---- */

/* Up to five links, the first in the lowest 12 bits, each a column number + 1; 0 is no step. */
typedef uint64_t Path;
#define PATH_BITS 12
#define PATH_STEPS 5
#define NO_PATH UINT64_MAX

static inline int32_t path_first(Path path) /* -1: it has no step */
{
	return (int32_t)(path & ((1u << PATH_BITS) - 1)) - 1;
}

static inline Path path_rest(Path path)
{
	return path >> PATH_BITS;
}

Path path_join(int32_t column, Path rest); /* NO_PATH when it gets too long */

/* ---- the plan ---- */

typedef enum Reading {
	AS_TEXT, AS_LINK, AS_CODE, AS_YES_NO, AS_DATE, AS_CLOCK, AS_MOMENT, AS_WEEKDAY,
	AS_NUMBER,              /* v * 10^decimals, an integer; times `times` gives n */
	AS_DURATION             /* v * times, whole seconds */
} Reading;

typedef struct Span2 {
	int32_t from, to;       /* columns: two moments, the first not after the second (S41) */
} Span2;

typedef struct DataColumn {
	int32_t table;
	int32_t place;          /* in its table's list of columns */
	Str name;               /* in the database */
	Reading reading;
	const Rulebook *book;   /* of the first dataset that asked, and its field */
	const Field *field;
	const CodeList *codes;
	int64_t times;          /* of the reading; 1 where the packed value is n itself */
	int32_t target;         /* AS_LINK: the table pointed to */
	Str *part;              /* AS_LINK by several columns, or as at a day: the columns that make the
	                           key; */
	int32_t *part_arg;      /* their arguments of the sink */
	int32_t nparts;         /* 0: its own column holds it */
	int32_t as_at;          /* column of the day on which the row that is meant holds; -1: none */
	Span2 lasts;            /* then over there: from when to when a row holds */
	bool is_end;            /* of the span of a row */
	bool late;              /* AS_LINK, until all whole tables are read: kept as text */
	bool in_key;
	bool is_key;            /* a text that is the table's whole key: not converted again */
	bool stored;            /* some rule looks at it; else it is only read */
	int32_t arg;            /* of the sink */
	int64_t tried, failed;  /* values that were there; those that could not be read */
} DataColumn;

/* A key of a shape: up to 32 digits of four bits, the first one highest, so that these numbers are
 * in order as the texts are. hi WIDE_OTHER: the key has not the shape; lo is the row's rowid, or in
 * a table without rowids the code of the text. */
typedef struct WideKey {
	uint64_t hi, lo;
} WideKey;

#define WIDE_OTHER UINT64_MAX
#define SHAPE_DIGITS 32
#define SHAPE_LEAST 8       /* bytes of a text that may have a shape */
#define SHAPE_MOST 64
#define SHAPE_WORDS (SHAPE_MOST / 8)

/* Up to eight digits that stand side by side, read as the word at `at`, less its first bytes. */
typedef struct ShapeRun {
	uint8_t from, len;      /* in the text */
	uint8_t at, shift;
	uint8_t to;             /* the place of the first digit among all digits */
} ShapeRun;

/* What all keys of a table look like: so many bytes, hex digits of one case in some places and the
 * same bytes in all others. */
typedef struct KeyShape {
	size_t len;
	int32_t ndigits, nruns, nwords;
	bool upper;
	uint8_t word_at[SHAPE_WORDS];
	uint64_t fixed[SHAPE_WORDS], mask[SHAPE_WORDS];
	ShapeRun run[SHAPE_DIGITS];
	char text[SHAPE_MOST];  /* '0' where a digit stands */
} KeyShape;

typedef struct Whole Whole;
typedef struct PassTable PassTable;

/* A key that several rows have. One of them may stay: the one with this value in `newest`. */
typedef struct Dropped {
	Str key;
	bool one_stays;
	int64_t value;
} Dropped;

typedef struct DataTable {
	const Rulebook *book;   /* of the first dataset on it */
	const Dataset *decl;
	Str name;
	Str *key;               /* columns of the key, in order; */
	int32_t *key_arg;       /* their arguments of the sink */
	int32_t nkey;
	VEC(int32_t) column;
	VEC(Span2) span;
	VEC(Str) arg;           /* distinct SQL columns, in order of the table */
	const Expr *where;      /* rows for which it holds are in the dataset; NULL: all are */
	VEC(int32_t) where_field; /* the fields of decl that it looks at */
	int32_t newest, known;  /* columns: of rows with one key the one with the greatest value stays
	                           (S59); since when a row is known (S10); -1: none */
	bool used, linked;      /* some rule reaches it; something points to it */
	bool whole;
	/* what the database says */
	const char *rowid;      /* a name of its row number that no column hides; NULL: it has none */
	bool key_unique;
	bool late_links;        /* some link is by several columns or as at a day: read after the others */
	int64_t first, last, rows; /* rowids; rows is an estimate before reading, exact afterwards */
	bool patterned;         /* sampled keys are patterns: coded, and packed in five bytes */
	bool coded;             /* keys in eight bytes of text; else */
	const KeyShape *shape;  /* in sixteen; NULL: the rowid and the key's lead */
	Str stem;               /* what all sampled keys begin with */
	/* what reading found */
	DataCount count;
	uint64_t sum[2];
	int64_t *dropped_row;   /* rowids of rows that leave since they share their key, rising; and */
	Dropped *dropped_key;   /* these keys, rising by bytes */
	size_t ndropped, ndropped_keys;
	Str *absent_key;        /* of rows that are left out or not known yet, rising; if something
	                           links here */
	size_t nabsent;
	PassTable **use;        /* where its rows are packed */
	int32_t nuses;
	Whole *data;            /* of a whole table */
} DataTable;

/* One cell of a packed row: 1, 2, 3, 4 or 8 bytes, and two bits: known, and too large for four bytes
 * (then the four bytes are the number of an entry in the reader's list of such values). Two and
 * three bytes are for columns none of whose values can need more. */
typedef struct Cell {
	int32_t column, place;
	uint16_t at;
	uint8_t width;          /* 0: the key itself, which stands elsewhere */
	bool is_moment;         /* seconds from 2000 on */
} Cell;

typedef struct Layout {
	Cell *cell;
	int32_t ncells;
	int32_t bits_at, key_at, lead_at; /* lead_at -1: none */
	int32_t key_width;      /* 8, or 5: put_pattern, or 4 for small rowids, or 16: a WideKey */
	int32_t size;
} Layout;

typedef struct Piece Piece;

typedef struct Chunk {
	struct Chunk *next;
	Piece *piece;           /* that it was cut out of; NULL: a block of its own */
	int32_t n, reader;
	unsigned char row[];
} Chunk;

/* Where the chunks of a pass come from: data_chunk.c. */
typedef struct Pieces {
	int32_t groups, shift;  /* part >> shift is its group */
	bool huge;
	Piece **open;           /* by reader, by group; NULL: none yet */
} Pieces;

/* While it grows: the place of the next row, and how many more the last chunk takes. */
typedef struct ChunkList {
	Chunk *first, *last;
	unsigned char *at;
	int32_t left;
	int32_t chunks;         /* so many */
} ChunkList;

/* A table as one pass packs it. */
struct PassTable {
	int32_t table;
	Path path;              /* to the row whose key is the partition key; NO_PATH: all in part 0 */
	Layout layout;
	int32_t parts;
	ChunkList *part;
	Pieces *pieces;         /* NULL: of a whole table */
	const uint32_t *hash;   /* by row of the table that the path's first link points to */
	bool *need;             /* by column */
};

/* Rows of a whole table by partition, for rules about them. */
typedef struct Home {
	int32_t table;
	Path path;
	int32_t *start, *row;   /* rows of part p: row[start[p]] .. row[start[p + 1]] exclusive */
} Home;

typedef struct Needs {
	bool *table;            /* by DataTable */
	bool *column;           /* by DataColumn */
	bool **link, **match;   /* by book; of the book */
	bool **sequence, **bank;
	bool *owner;            /* by DataTable: its rows make accounts */
} Needs;

typedef struct Pass {
	int32_t parts;
	VEC(PassTable *) table; /* large tables */
	VEC(Home) home;
	Pieces pieces;
	int32_t **rule, *nrules; /* by book */
	bool **report;          /* by book, by bank: its accounts are told of in this pass */
	bool **together;        /* by book, by rule: rows of a group are in one partition all the same */
	Needs needs;
} Pass;

/* ---- reading ---- */

/* What the value of one column of the row at hand came to. */
typedef struct Got {
	int64_t value;
	uint64_t print;         /* what goes into the fingerprint */
	uint8_t known, events;
	uint8_t lost;           /* the end of a span is there, but could not be read */
} Got;

/* A date that was read, and how far its local time lies from UTC. */
typedef struct Day {
	uint64_t head;          /* its ten characters: the first eight, */
	uint16_t tail;          /* the last two */
	bool full;              /* the entry is in use */
	int32_t day;
	int32_t offset;         /* on all of that day, or -1 */
} Day;

#define DAY_SLOTS 1024

/* What the last text or number of a column came to: the next one is often the same. */
typedef struct Memo {
	int8_t kind;            /* 0: empty; else SQLITE_TEXT or SQLITE_FLOAT */
	bool known;
	uint8_t events, len;
	char text[40];
	double real;
	int64_t value;
	uint64_t print;
	int32_t template;       /* of the last text + 1 */
	int32_t misses;
	/* figures: whole numbers of up to 31 bits are multiplied by this; 0: the long way */
	int64_t factor, least;
	int64_t ten_thousandths; /* of a REAL, in one of the value; 0: the long way */
	int64_t low, high;       /* values outside the field's range are refused */
	const Whole *whole;     /* what a link points to, if it is there */
} Memo;

enum { EVENT_CUT = 1, EVENT_ABSENT = 2, EVENT_TWICE = 4, EVENT_OFFSET = 8, EVENT_READ_TO = 16,
	EVENT_ORPHAN = 32 };

typedef struct Refused {
	int32_t table, column;  /* column -1: the key */
	Str key, value;
	Str reason;
	bool row, orphan;
} Refused;

/* The key of a row at hand. */
typedef struct RowKey {
	Str text;
	uint64_t hash;
	int64_t code;           /* or the rowid */
	WideKey wide;           /* where the table's keys have a shape */
} RowKey;

#define BATCH_ROWS 64       /* as many as a word has bits */

/* Rows whose texts are all there still: converted column by column, then packed. */
typedef struct Batch {
	int32_t n;
	size_t nraw, ngot;      /* of each row */
	Raw *raw;               /* of row i: raw[i * nraw], its rowid, then table->arg */
	Got *got;               /* got[i * ngot], then by place */
	RowKey *key;
} Batch;

#define HASH_BUCKETS 256

typedef VEC(uint64_t) HashVec;

typedef struct Reader {
	Data *data;
	sqlite3 *db;
	int number;
	Arena arena;            /* texts that stay */
	Arena scratch;
	VEC(int64_t) big;       /* values that do not fit into four bytes */
	VEC(Refused) refused;
	VEC(Str) absent;        /* keys of rows of the table at hand that are left out or not known yet */
	/* of the table at hand */
	DataTable *table;
	const PageTable *pages; /* NULL: SQLite is asked for the rows */
	size_t from_leaf, to_leaf; /* the share of the pages, or */
	int64_t from, to;       /* the rowids */
	Batch batch;
	Raw *raw;               /* of the batch, the row at hand */
	struct RowTest *test;   /* of its `where`; NULL: it has none */
	const DataColumn **column; /* by place */
	Memo *memo;             /* by place */
	Memo key_memo;
	Got *got;               /* of the row at hand, by place */
	Day *day;               /* DAY_SLOTS of them, found by the date's text */
	int32_t at;             /* the number of the row at hand */
	uint64_t eventful;      /* rows of the batch with an event in some column, by bit */
	ChunkList **list;       /* by use, by part */
	DataCount count;
	int64_t *missing, *failed; /* by place */
	uint64_t sum[2];
	Buf joined;             /* the key of a link by several columns */
	Buf key;                /* put together here, unless the database has it as it stands */
	Str key_text;           /* of the row at hand */
	uint64_t key_code;      /* where it is a pattern */
	bool key_coded;
	bool key_changed;       /* by trimming, normalising or printing a number */
	bool looking;           /* what is refused is taken back: look_begin */
	HashVec *hash;          /* of keys, in buckets by their top bits; NULL: not wanted */
	HashVec suspect;        /* hashes of keys that were changed, of a table with unique keys */
	int64_t rows;
	Status status;
} Reader;

/* How texts such as VS00001234 are laid out. */
typedef struct Template {
	Str prefix;
	int32_t digits;
	size_t len;             /* of both */
	bool in_words;          /* 4 bytes or more, prefix shorter than 8, at most 8 digits: then */
	uint64_t head, mask;    /* the prefix in the first eight bytes, */
	uint64_t keep, zeros;   /* the digits in the last eight; '0' where others stand */
} Template;

#define MAX_TEMPLATES 256

/* How the digits of keys are laid out: filled while reading, under the lock; then only read. */
typedef struct Templates {
	pthread_mutex_t lock;
	Template at[MAX_TEMPLATES];
	int32_t n;
	Arena arena;
} Templates;

/* ---- rows as columns ---- */

typedef struct KeySource {
	const Data *data;
	const DataTable *table;
	DataWorker *worker;     /* to ask the database; NULL in a whole table */
	const uint64_t *code;   /* coded keys, or */
	const WideKey *wide;    /* keys of a shape, or */
	const int64_t *rowid;   /* row numbers */
	const Str *text;        /* or the keys themselves */
} KeySource;

/* The rows of one table or partition in order of their keys. */
typedef struct Rows {
	DataTable *table;
	int32_t n;
	Column *column;         /* by place in the table's list */
	int32_t *order;         /* 0 .. n-1 */
	KeySource keys;
} Rows;

struct Whole {
	Rows rows;
	struct KeySlot *slot;   /* by a hash of the key: data_whole.c */
	uint32_t mask;
	/* Keys of one pattern whose numbers lie close together are found by their number. */
	Template pattern;       /* len 0: none */
	uint64_t first, span;
	int32_t *by_number;     /* row + 1 of first, first + 1, .. */
	Arena arena;
};

/* A sequence that an earlier book has too; book -1: none has it. */
typedef struct SameSequence {
	int32_t book, number;
} SameSequence;

/* What all stores share: whole tables, and what lies between them. */
typedef struct Base {
	Store *store;           /* by book; table entries NULL: partitioned or not needed */
	StoreTable ***table;    /* the arrays in it: by book, by dataset */
	RowLists **inverse;     /* by book, by link */
	StoreMatch **matched;   /* by book, by match */
	bool **done;            /* by book, by match: worked out */
	const DerivedStep **step; /* by book: in which order matches, sequences and banks are made */
	StoreSequence **sequence; /* by book, by sequence */
	bool **sequence_done;
	int32_t **same_book, **same_match; /* by book, by match: the one of an earlier book, or -1 */
	SameSequence **same_sequence;      /* by book, by sequence */
	Arena arena;
} Base;

struct DataWorker {
	Data *data;
	sqlite3 *db;
	int connection;         /* of data->reader, or -1: its own */
	Arena arena;            /* of the partition at hand */
	Arena scratch;
	Fast **fast;            /* by book */
	sqlite3_stmt **fetch;   /* by table: the key of a rowid */
	Rows *rows;             /* by table: of the partition at hand; table NULL: not in it */
	Store *store;           /* by book */
	bool from_base;         /* the stores of the base, not of a partition */
};

typedef struct BookPlan {
	const Rulebook *book;
	int32_t *table;         /* by dataset; -1: not used */
	int32_t **column;       /* by dataset and field; -1: not used */
	bool *link, *match;     /* used by some rule */
} BookPlan;

struct Data {
	DataOptions options;
	Arena arena;            /* of the plan */
	BookPlan *book;
	VEC(DataTable *) table;
	VEC(DataColumn *) column;
	int32_t *order;         /* tables in the order in which they are read: whole ones first */
	Needs *need;            /* by rule, over all books in turn; then by bank likewise */
	VEC(Pass *) pass;
	Reader *reader;         /* options.threads */
	sqlite3 *watch;         /* idle: sees whether the file changes */
	int64_t version;        /* of the data, as `watch` sees it */
	bool *taken;            /* connections that a worker has */
	Templates templates;
	Base base;
	Fast **fast;            /* for matches of whole tables */
	atomic_llong rows_done, refused;
	int64_t rows_all;
	VEC(Rejected) rejected;
	DataCount *count;
	int32_t *count_of;      /* by table */
	int32_t ncounts;
};

static inline bool data_stopped(const Data *data)
{
	return data->options.stop != NULL && __atomic_load_n(data->options.stop, __ATOMIC_RELAXED) != 0;
}

static inline int32_t table_at(const Data *data, int32_t book, int32_t dataset)
{
	return data->book[book].table[dataset];
}

/* ---- data_plan.c ---- */

/* Tables and columns that the rules of all books need; data->need. */
void data_plan(Data *data);
/* Numbers of a field's column and of a dataset's table, made when nobody asked before. */
int32_t plan_table(Data *data, int32_t book, int32_t dataset);
int32_t plan_column(Data *data, int32_t book, int32_t dataset, int32_t field);
Needs needs_new(Data *data);

/* ---- data_reach.c ---- */

/* A partition key tried out: by table, the path from its rows to the key's row; NO_PATH where none
 * has been settled. */
typedef struct KeyTry {
	const Path *path;
} KeyTry;

/* Marks in `needs` all that a rule looks at. */
void reach_needs(Data *data, int32_t book, const Rule *rule, Needs *needs);
/* Whether under this key all rows that a subject reaches are in the subject's partition. */
bool reach_fits(Data *data, int32_t book, const Rule *rule, const KeyTry *key);
/* The table whose rows decide where this dataset's rows stand: itself, but for a bank's rows. */
int32_t reach_subject(const Data *data, int32_t book, int32_t dataset);
/* The same of the accounts of a bank, whether or not a rule looks at them. */
void reach_bank_needs(Data *data, int32_t book, int32_t bank, Needs *needs);
bool reach_bank_fits(Data *data, int32_t book, int32_t bank, const KeyTry *key);
void reach_sequence_needs(Data *data, int32_t book, int32_t sequence, Needs *needs);

/* ---- data_same.c ---- */

/* Whether the conditions of two datasets let the same rows in. */
bool same_where(const Data *data, int32_t book, const Dataset *dataset, int32_t other_book,
	const Dataset *other);
/* Whether two fields are read in the same way, into the same values. */
bool fields_alike(const Rulebook *book, const Field *a, const Rulebook *other, const Field *b);
/* Whether two matches of two books are the same, so that they can be worked once. */
bool same_match(const Data *data, int32_t book, int32_t match, int32_t other_book, int32_t other);
bool same_sequence(const Data *data, int32_t book, int32_t sequence, int32_t other_book,
	int32_t other);

/* ---- data_pass.c ---- */

void data_passes_plan(Data *data);
int32_t rule_number(const Data *data, int32_t book, int32_t rule); /* over all books */
int32_t bank_number(const Data *data, int32_t book, int32_t bank); /* behind all rules */
void layout_make(Data *data, const DataTable *table, const bool *need, Layout *out);
/* Once all whole tables are there: partition numbers of their rows, for tables packed by a link and
 * for homes of whole rows; and cells as narrow as the row numbers that links come to. */
void data_ready_to_pack(Data *data);

/* ---- data_memory.c ---- */

/* E0602 when the plan needs more than the limit; also gives up shapes of keys where that much
 * memory is not to be had. */
Status data_memory_check(Data *data, Diags *diags);

/* ---- data_file.c ---- */

Status file_open(Data *data, Diags *diags);   /* all connections, on one snapshot */
Status file_connect(const Data *data, sqlite3 **out, Diags *diags);
bool file_unchanged(Data *data);
Status file_error(const Data *data, sqlite3 *db, int rc, Diags *diags);
/* The first column of the first row; `none` when there is no row or it is NULL. */
Status file_number(const Data *data, sqlite3 *db, const char *sql, int64_t none, int64_t *out,
	Diags *diags);

/* ---- data_schema.c ---- */

Status data_schema(Data *data, Diags *diags);
/* Row numbers and counts; whether keys are short patterns. */
Status data_sizes(Data *data, Diags *diags);
const char *sql_name(Arena *arena, Str name); /* quoted */

/* ---- data_convert.c ---- */

/* The row of the batch that is at hand from now on: one of those there are, or the next. */
void reader_at(Reader *reader, int32_t i);
/* Reads the raw values of the batch, whose keys are there, and refuses a check-out before its
 * check-in. Of a column that is the key only the fingerprint is made. */
void convert_rows(Reader *reader);
/* What a value of the column, as it is packed, lies between. */
void convert_range(const DataColumn *column, int64_t *least, int64_t *most);
/* How the column may be read the short way. */
void convert_begin(const Data *data, const DataColumn *column, Memo *memo);
/* As SQLite has it; the text is SQLite's. */
Raw convert_raw(sqlite3_value *value);
/* The text of a value as a key has it: trimmed, NFC. *out is valid until the next call on the
 * reader's scratch. False: blank, NULL or not a text; *why says which. */
bool convert_text(Arena *scratch, sqlite3_value *value, Str *out, bool *changed, const char **why);
/* The key's text into reader->key_text; NULL, or the reason why there is none. */
const char *convert_key(Reader *reader);
void refuse(Reader *reader, int32_t column, const Raw *raw, const char *reason);
/* Between these two values are only looked at: what is refused goes again, and counts for nothing,
 * so that the limit of refusals cannot be met by it. */
size_t look_begin(Reader *reader);
void look_end(Reader *reader, size_t refused);
/* Some values of the row at hand before its turn, and the spans that they end: nothing is counted,
 * and nothing refused. */
void convert_ahead(Reader *reader, const int32_t *place, int32_t n, const Span2 *span,
	int32_t nspans);

/* ---- narrow cells ---- */

static inline void put_three(unsigned char *at, int64_t value)
{
	at[0] = (unsigned char)value;
	at[1] = (unsigned char)(value >> 8);
	at[2] = (unsigned char)(value >> 16);
}

static inline int32_t get_three(const unsigned char *at)
{
	return (int32_t)(at[0] | (uint32_t)at[1] << 8 | (uint32_t)(int8_t)at[2] << 16);
}

/* ---- texts of a pattern ---- */

/* The word at any address, its first byte the lowest. */
static inline uint64_t word_at(const char *at)
{
	uint64_t word;
	memcpy(&word, at, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word;
}

/* memcmp of some tens of bytes, without the call. */
static inline bool same_bytes(const char *a, const char *b, size_t n)
{
	/* Differences are gathered: one question at the end instead of one for each word. */
	uint64_t x, y, differ = 0;
	if (n < 8) {
		for (size_t i = 0; i < n; i++)
			differ |= (uint64_t)(a[i] != b[i]);
		return differ == 0;
	}
	for (size_t i = 0; i + 8 < n; i += 8) {
		memcpy(&x, a + i, sizeof x);
		memcpy(&y, b + i, sizeof y);
		differ |= x ^ y;
	}
	memcpy(&x, a + n - 8, sizeof x);
	memcpy(&y, b + n - 8, sizeof y);
	return (differ | (x ^ y)) == 0;
}

/*
 * Eight digits at once. A byte is a digit when its upper half is 3, also after 6 is added. Then
 * pairs, fours and eights are put together, each by one multiplication.
 */
static inline bool eight_digits(uint64_t word, uint64_t *number)
{
	const uint64_t upper = 0xf0f0f0f0f0f0f0f0u, pair = 0x000000ff000000ffu;
	if (((word & upper) | ((word + 0x0606060606060606u) & upper) >> 4) != 0x3333333333333333u)
		return false;
	word -= 0x3030303030303030u;
	word = word * 10 + (word >> 8);
	*number = ((word & pair) * 0x000f424000000064u + (word >> 16 & pair) * 0x0000271000000001u) >> 32;
	return true;
}

static inline bool digit_by_digit(const char *at, int32_t digits, uint64_t *number)
{
	*number = 0;
	for (int32_t i = 0; i < digits; i++) {
		unsigned digit = (unsigned)(unsigned char)at[i] - '0';
		if (digit > 9)
			return false;
		*number = *number * 10 + digit;
	}
	return true;
}

/* Four bytes likewise. */
static inline uint64_t half_at(const char *at)
{
	uint32_t half;
	memcpy(&half, at, sizeof half);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	half = __builtin_bswap32(half);
#endif
	return half;
}

/*
 * The number that a text of this pattern writes. Its first and its last eight bytes are looked at
 * as words; of a shorter text both are made of two halves that overlap. What stands before the
 * digits in the last word is taken for zeros.
 */
static inline bool template_number(const Template *template, Str text, uint64_t *number)
{
	if (text.len != template->len)
		return false;
	if (!template->in_words) {
		return memcmp(text.ptr, template->prefix.ptr, template->prefix.len) == 0 &&
			digit_by_digit(text.ptr + template->prefix.len, template->digits, number);
	}
	uint64_t head, tail;
	if (text.len >= 8) {
		head = word_at(text.ptr);
		tail = word_at(text.ptr + text.len - 8);
	} else {
		head = half_at(text.ptr) | half_at(text.ptr + text.len - 4) << 8 * (text.len - 4);
		tail = head << 8 * (8 - text.len);
	}
	return (head & template->mask) == template->head &&
		eight_digits((tail & template->keep) | template->zeros, number);
}

/* For keys of the common pattern; false: whole_find has to look, once the text is cleaned. The
 * answer is final, -1 included: a key of this pattern stands in the array or nowhere. */
static inline bool whole_quick(const Whole *whole, Str key, int64_t *row)
{
	uint64_t number;
	if (whole->by_number == NULL || !template_number(&whole->pattern, key, &number))
		return false;
	number -= whole->first;
	*row = number < whole->span ? whole->by_number[number] - 1 : -1;
	return true;
}

#define DIGIT_BITS 48       /* of a code; above them its template */

/*
 * A code in five bytes: four of the number, one of the template. All ones there: the code stands in
 * the reader's list of large values, at the number.
 */
#define PATTERN_BYTES 5
#define PATTERN_ASIDE 255

static inline bool put_pattern(unsigned char *at, uint64_t code)
{
	uint32_t number = (uint32_t)code;
	memcpy(at, &number, sizeof number);
	at[4] = (unsigned char)(code >> DIGIT_BITS);
	/* Other texts have their highest bit set, so they are above all templates. */
	return code >> DIGIT_BITS < PATTERN_ASIDE && (code & (((uint64_t)1 << DIGIT_BITS) - 1)) == number;
}

static inline uint64_t get_pattern(const unsigned char *at, const int64_t *aside)
{
	uint32_t number;
	memcpy(&number, at, sizeof number);
	if (at[4] == PATTERN_ASIDE)
		return (uint64_t)aside[number];
	return (uint64_t)at[4] << DIGIT_BITS | number;
}

/* The code of a text that has the pattern of the last one: clean, as it begins and ends with
 * characters that are no blanks. */
static inline bool text_quick_code(const Reader *reader, const Memo *memo, Str text, uint64_t *code)
{
	uint64_t number;
	if (memo->template == 0 ||
	    !template_number(&reader->data->templates.at[memo->template - 1], text, &number))
		return false;
	*code = (uint64_t)(memo->template - 1) << DIGIT_BITS | number;
	return true;
}

/* ---- data_text.c ---- */

Template template_new(Str prefix, int32_t digits);
int32_t text_digits(Str text); /* at its end; of those, what fits into a code */
uint64_t text_hash(Str text); /* the same in every run */

uint64_t text_code(Reader *reader, Memo *memo, bool patterned, Str text);
/* Whether text_code would need no memory for it. */
bool text_is_pattern(Str text);
Str text_of_code(const Data *data, uint64_t code, Arena *arena);
const TextCell *text_cell(Arena *arena, Str text);
const TextCell *text_cell_of_code(const Data *data, uint64_t code, Arena *arena);
/* A number that orders codes of one prefix as their texts; false when it cannot. *prefix is -1 at
 * first, then stands for the prefix of those before. */
bool text_code_rank(const Data *data, uint64_t code, int32_t *prefix, uint64_t *rank);
bool text_codes_equal(const Data *data, uint64_t a, uint64_t b, Arena *scratch); /* as texts */
bool text_codes_alike(const uint64_t *code, int32_t n); /* then they rise as their texts do */
uint32_t text_lead(Str stem, Str text); /* rises with the text */
Str key_text(const KeySource *keys, int32_t row, Arena *arena);
Str store_key_of(const StoreTable *table, int32_t row, Arena *arena);

/* ---- data_where.c ---- */

/* Whether a row is in the dataset; in doubt it is not, and is listed. */
typedef enum WherePlace { WHERE_IN, WHERE_OUT, WHERE_OPEN } WherePlace;

/* The reader's test for rows of its table; nothing where the dataset has no `where`. */
void where_begin(Reader *reader);
void where_end(Reader *reader);
/* Of the row at hand, before its turn. */
WherePlace where_place(Reader *reader);
/* Whether this place is that of a field that the test looks at; the first whose value is not known,
 * or else the first of all. */
bool where_looks_at(const Reader *reader, int32_t place);
int32_t where_open_at(const Reader *reader);

/* ---- data_read.c ---- */

Status data_read_table(Data *data, DataTable *table, Diags *diags);
/* Whether the row at hand is not in the dataset, or was entered after the day by whose knowledge the
 * run judges (S10). */
bool read_is_out(Reader *reader);
/* Whether a row with this key is there, but left out or not known yet: such a link is no orphan. */
bool read_was_absent(const DataTable *table, Str key);
/* The same of a key that begins so. */
bool read_was_absent_from(const DataTable *table, Str start);
int32_t first_from(const Str *key, int32_t n, Str start); /* of rising keys: the first not below it */
/* A select of the rowid and the table's arguments. `where` goes on from the rowid. */
Str read_rows_sql(Reader *reader, const char *open, const char *close, const char *where);
uint32_t part_hash(Str key);
/* The upper half, whose lowest bits are the number of the part. */
static inline uint32_t part_of_hash(uint64_t key_hash)
{
	return (uint32_t)(key_hash >> 32);
}

/* ---- data_pack.c ---- */

/* The batch, converted, for each pass that wants the table. */
void pack_rows(Reader *reader);

/* ---- data_chunk.c ---- */

/* Of a pass whose tables have their layouts. */
void pieces_plan(Data *data, Pass *pass);
/* Bytes that its last pieces leave free, on average. */
int64_t pieces_spare(const Data *data, const Pass *pass);
/* Room for CHUNK_ROWS rows of so many bytes; pieces may be NULL. */
Chunk *chunk_new(Pieces *pieces, int reader, int32_t part, int32_t row_bytes);
void chunk_free(Chunk *chunk);
/* Once everything is packed: a piece then goes with the last of its chunks. */
void pieces_close(const Data *data, Pieces *pieces);

/* ---- data_twin.c ---- */

/* Finds the rows of a partitioned table that share a key, lists them, and has them dropped. */
Status data_twins(Data *data, DataTable *table, Diags *diags);

/* The value by which one of several rows with one key is newest. */
typedef struct TwinValue {
	bool known;
	int64_t value;
} TwinValue;

/* Of n rows that share a key the number of the one that stays, or -1. Those that leave are counted,
 * and refused unless one of them is newer. */
int32_t twins_settle(Data *data, DataTable *table, Str key, const TwinValue *row, int32_t n);
int key_cmp(const void *a, const void *b); /* of two Str, for qsort and bsearch */

/* ---- data_shape.c ---- */

/* The shape that nine in ten of the samples have; false when there is none. `stem` is what all
 * samples begin with. */
bool shape_learn(const Str *sample, int32_t n, Str stem, KeyShape *out);
bool shape_pack(const KeyShape *shape, Str text, WideKey *out); /* false: it has not the shape */
Str shape_text(const KeyShape *shape, WideKey key, Arena *arena);
void shape_write(const KeyShape *shape, WideKey key, char *at); /* shape->len bytes */

/* ---- data_order.c ---- */

/* Sorts numbers 0 .. n-1 in index by key; equal keys by compare (or left as they are). */
typedef int (*RowCompare)(void *user, int32_t a, int32_t b);
void rows_sort(uint64_t *key, int32_t *index, int32_t n, RowCompare compare, void *user,
	Arena *scratch);
/* The numbers of n keys in order of their texts; NULL when they stand so already. lead: of keys
 * that are rowids. Scratch memory. */
int32_t *keys_order(const KeySource *keys, const uint32_t *lead, int32_t n, Arena *scratch);

/* ---- data_rows.c ---- */

/* Rows of a pass table's partition; its chunks are freed. Memory from the arena. */
void rows_make(Data *data, PassTable *use, int32_t part, DataWorker *worker, Arena *arena,
	Arena *scratch, Rows *out);

/* ---- data_whole.c ---- */

void whole_make(Data *data, DataTable *table);
int32_t whole_find(const Whole *whole, Str key); /* row, or -1 */
/* Up to BATCH_ROWS of them at once; an empty key is nowhere. */
void whole_find_all(const Whole *whole, const Str *key, int32_t n, int32_t *row);

/* Where a link by several columns, or as at a day, leads. */
typedef enum LinkEnd { LINK_ROW, LINK_NO_KEY, LINK_NOT_YET, LINK_NO_DAY, LINK_TWO, LINK_OPEN }
	LinkEnd;

/* key: of LINK_ROW the whole key; of fewer parts, these, each followed by KEY_JOINT. row[1]: of
 * LINK_TWO the second; of LINK_OPEN row[0] is the one of which it is not known. */
LinkEnd whole_link(const Data *data, const DataColumn *column, Str key, int32_t day, int32_t row[2]);
/* Why such a link is refused; NULL: it is missing, and nobody's mistake. */
const char *whole_link_reason(const Data *data, const DataColumn *column, LinkEnd end, int32_t day,
	const int32_t row[2], Arena *arena);
void whole_free(DataTable *table);
/* Links between tables that were read before their targets. */
void whole_late_links(Data *data, DataTable *table);

/* ---- data_part.c ---- */

/* left: rows of the table pointed to; the column holds their numbers, -1 for none. */
RowLists lists_new(Arena *arena, const Column *column, int32_t n, int32_t left);
Status base_make(Data *data, Diags *diags);
Status part_make(DataWorker *worker, const Pass *pass, int32_t part, Diags *diags);
void data_done(Data *data); /* counts and rejected, sorted */

/* ---- data_match.c ---- */

typedef struct MatchJob {
	Data *data;
	int32_t book;
	Store *store;           /* its matched entries are filled in */
	const Store *stores;    /* by book, of the same rows: those of earlier books are complete */
	StoreMatch *matched;
	Fast *fast;
	Arena *arena, *scratch;
	Diags *diags;
} MatchJob;

/* Works out the matches of one store that `wanted` names, in the order in which they need each
 * other. done marks those that are there already. */
Status match_all(MatchJob *job, const bool *wanted, bool *done);

/* An expression over all rows of a dataset, each in the slot, in scratch memory. */
RowValues match_rows(const MatchJob *job, const Expr *expr, int32_t slot, int32_t dataset);

/* ---- data_derive.c ---- */

/* Before the matches of whole tables: in which order things are worked out. */
void derived_begin(Data *data, int32_t book);
/* Matches that look at a sequence or a bank are left to the partitions. */
bool derived_match_waits(const Data *data, int32_t book, int32_t match);
void derived_whole(MatchJob *job);
bool derived_in_base(const Data *data, const Pass *pass);
/* Matches, sequences and banks that the pass needs; table: of the store, where the rows of banks
 * go. done: matches that are there already. */
Status derived_part(MatchJob *job, const Pass *pass, StoreTable **table, bool *done);

#endif
