/*
 * The rulebook: what comes out of checking a contract and the files it uses. Everything is resolved
 * and typed; nothing here changes afterwards, so that any number of threads may read it.
 *
 * An expression (Expr) is a tree whose leaves are constants, slots (variables of the scope that the
 * expression belongs to), fields of rows, and parameters. Scopes:
 *
 *   rule for each row       slot 0: the row; slot 1: the period, with `every …`, or the row of
 *                           `for each NAME in COLLECTION` (then slot 0 is the row it came from)
 *   rule for each group     slots 0..k-1: the keys; slot k: a row of `among`
 *   define for a dataset    slot 0: the row
 *   define, a function      slots 0..: the arguments
 *   table                   slots 0..: the arguments
 *   match                   slot 0: a row of the left dataset, slot 1: of the right one
 *   sequence                slot 0: the row
 *   bank                    slots 0..k-1: the keys (one row, of a bank for each row); slot k: the
 *                           row of a flow's collection, or the period of `every …`
 *   measure                 as the rule that it holds; then one slot for its figure
 *   spot check              slot 0: the row
 *
 * Aggregates take further slots of the same scope for their rows.
 *
 * Every expression is worked out under a law date: the subject's `on` date, fixed once (S1), but
 * for a define with an `on` of its own and for `as at`.
 */
#ifndef VOUCH_DSL_RULEBOOK_H
#define VOUCH_DSL_RULEBOOK_H

#include "dsl/source.h"
#include "dsl/types.h"

#define NO_DAY INT32_MIN   /* no date given: open, or known since always */
#define LAST_DAY INT32_MAX /* no end */

/* X(NAME): what `arg`, `ref`, `how` and `n` are. */
#define EXPR_OPS(X)                                                                               \
	X(CONST)        /* n (at the type's scale), or text of a TYPE_TEXT */                            \
	X(CONST_RATIO)  /* q: a constant that has no fixed scale (type.ratio) */                         \
	X(SLOT)         /* ref: the slot */                                                              \
	X(FIELD)        /* arg 0: row; ref: field of its dataset (a link field gives a row) */           \
	X(MATCHED)      /* arg 0: row; ref: match; how: 0 the right rows of a left row (visit.logs),     \
	                   1 the left row of a right one (log.visit) */                                  \
	X(LINKED)       /* arg 0: row; ref: link; the rows of link.from that point to it */              \
	X(NEIGHBOUR)    /* arg 0: row; ref: sequence; how: 0 the row before it, 1 the one after it */     \
	X(ALL_ROWS)     /* ref: dataset; every row of it */                                              \
	X(GROUP_ROWS)   /* the rows of the group under judgement (after `among … where`) */              \
	X(DERIVED)      /* arg 0: row; ref: define (for a dataset) */                                    \
	X(CALL)         /* args; ref: define (a function) */                                             \
	X(PARAMETER)    /* ref */                                                                        \
	X(ROUND)        /* arg 0; ref: rounding */                                                       \
	X(TABLE)        /* args; ref: table */                                                           \
	X(NEGATE)       /* arg 0 */                                                                      \
	X(ADD)          /* args 0, 1: quantities of one unit; the scale is the lcm */                    \
	X(SUBTRACT)                                                                                      \
	X(MULTIPLY)     /* args 0, 1; the scale is the product, reduced when one is a constant; at most  \
	                   one of them a ratio … or both */                                              \
	X(DIVIDE)       /* args 0, 1; a ratio unless arg 1 is a constant */                              \
	X(RESCALE)      /* arg 0: the same value over a larger scale, or as a ratio */                   \
	X(DATE_ADD)     /* arg 0: date; arg 1: a quantity of days or of months; how: 1 subtract */       \
	X(MOMENT_ADD)   /* arg 0: moment; arg 1: a duration, or days or months (which keep the clock     \
	                   time); how: 1 subtract */                                                     \
	X(DATE_DIFF)    /* args 0, 1: dates; days */                                                     \
	X(MOMENT_DIFF)  /* args 0, 1: moments; elapsed time */                                           \
	X(MOMENT_OF)    /* arg 0: date; arg 1: clock time */                                             \
	X(DATE_OF)      /* arg 0: moment; its local date */                                              \
	X(CLOCK_OF)     /* arg 0: moment; its local clock time */                                        \
	X(WEEKDAY_OF)   /* arg 0: date */                                                                \
	X(COMPARE)      /* args 0, 1; how: CompareHow; quantities may differ in scale; a date and a      \
	                   moment as in S37 */                                                           \
	X(AND)          /* args 0, 1: Kleene; both always looked at (S23) */                             \
	X(OR)                                                                                            \
	X(NOT)                                                                                           \
	X(IF)           /* args 0, 1, 2 (S22) */                                                         \
	X(OR_ELSE)      /* args 0, 1 */                                                                  \
	X(IS_KNOWN)     /* arg 0; how: 1 it is the end of a span, a field: not known whether, where it is \
	                   there and could not be read */                                             \
	X(AS_AT)        /* arg 0; arg 1: date; arg 0 under the law of that date */                       \
	X(IN_FORCE)     /* args: what amendments made of it, in their order; ref: amended, which says     \
	                   from which version on each holds; arg NULL: withdrawn. By the law date */      \
	X(PERIOD_OF)    /* arg 0: date; ref: calendar; the period that holds the date */                 \
	X(PERIOD_PART)  /* arg 0: period; ref: calendar; how: PeriodPart; arg 1, 2: dates of days_in */  \
	X(IN_PERIOD)    /* arg 0: date; arg 1: period; ref: calendar */                                  \
	X(IN_DATES)     /* arg 0: date; ref: calendar of dates */                                        \
	X(LEAST)        /* args: quantities, dates or moments of one type */                             \
	X(GREATEST)                                                                                      \
	X(AGGREGATE)    /* how: AggregateKind; ref: slot of its row; arg 0: the rows; arg 1: where or    \
	                   NULL; arg 2: value or NULL; arg 3: by or NULL */                              \
	X(TEXT)         /* args in turn: texts and values; for messages */                               \
	X(OVERLAP)      /* args 0, 1: moments; args 2, 3: clock times; time within a daily band */       \
	X(WORKING_DAYS_AFTER) /* arg 0: date; arg 1: count; ref: calendar of dates */                    \
	X(ABSOLUTE)     /* arg 0: quantity */

typedef enum ExprOp {
#define X(name) EXPR_##name,
	EXPR_OPS(X)
#undef X
	EXPR_OP_COUNT
} ExprOp;

/* In step with AstCompare of dsl/ast.h. */
typedef enum CompareHow {
	COMPARE_LT, COMPARE_LE, COMPARE_EQ, COMPARE_NE, COMPARE_GE, COMPARE_GT
} CompareHow;

typedef enum AggregateKind {
	AGG_ANY,       /* yes when a row satisfies `where`; S16 */
	AGG_NONE,      /* not any */
	AGG_ALL,       /* `value` holds for every row that satisfies `where` */
	AGG_COUNT,     /* rows that satisfy `where` */
	AGG_TOTAL,     /* sum of `value`; 0 when empty */
	AGG_LEAST,     /* missing when empty */
	AGG_GREATEST,
	AGG_AVERAGE,   /* total / count, a ratio; missing when empty */
	AGG_DISTINCT,  /* number of different values */
	AGG_FIRST,     /* `value` (or the row) of the row with the least `by`; ties by key */
	AGG_LAST,
	AGG_SHARE,     /* rows with value = yes over all rows, a ratio */
	AGG_ONLY_VALUE,/* the common value, missing when they differ */
	AGG_LIST       /* the values as a text, first 10 and a count; in messages only */
} AggregateKind;

typedef enum PeriodPart {
	PART_FIRST, PART_LAST,      /* dates, both in the period */
	PART_NEXT, PART_PREVIOUS,   /* periods */
	PART_DAYS,                  /* days (DIM_DAY) */
	PART_NUMBER,                /* count: position in its year (weeks ISO-like), or from the anchor */
	PART_DAYS_IN                /* days of the period within date A to date B, both in */
} PeriodPart;

typedef struct Expr Expr;
struct Expr {
	uint8_t op;      /* ExprOp */
	uint8_t how;
	bool dated;      /* its value can depend on the law date */
	bool can_fault;  /* its own arithmetic, or that of a part, can overflow */
	int32_t ref;
	int32_t id;      /* number within the rulebook, for tables beside the tree */
	int32_t nargs;
	Expr **arg;      /* entries may be NULL where the op says so */
	Type type;
	int64_t n;
	Ratio q;
	Str text;
	Span at;         /* as written; source_text() of it names the value in evidence */
};

/* A place in a document that a declaration cites. */
typedef struct Cite {
	int32_t source;  /* index into contract.source; -1 in shared files that only name it */
	Str name, section;
	int32_t page;    /* 0: none */
} Cite;

typedef struct Cites {
	Cite *at;
	int32_t n;
} Cites;

/* What every declaration has. */
typedef struct Decl {
	Str name;
	Span at;         /* the whole declaration: its text is shown beside a finding */
	Span name_at;
	Cites cites;
	Str assumed;     /* the reason, or empty (law 11) */
} Decl;

typedef struct CodeList {
	Str *code;       /* as rules write them */
	Str *spelling;   /* as the database spells them; the same text when not given */
	int32_t n;
} CodeList;

/* How a column's values become the field's. */
typedef struct Field {
	Str name, column;
	Type type;
	/* A quantity that stands in the column as v of its unit is v * 10^decimals * times = n, over
	 * type.scale; a decimal with more places than `decimals` is rejected, unless read_to. A duration
	 * is whole seconds, scale 1: v * times = n, its fraction cut and counted (S45). */
	int64_t times;
	int8_t decimals;
	bool read_to;    /* `read to N decimals` was written: nearest within rounding noise */
	Ratio unit;      /* base units in one of the column's unit, for messages */
	int32_t link;    /* of a TYPE_ROW field: its link; else -1 */
	/* `belongs to X by a, b`: fields of the same dataset that make the key of X; nby 0: the link's
	 * own column holds it. With `as at D` they make the beginning of the key, and the link leads to
	 * the row among these whose span holds the day of D: field + 1, of a date or moment; 0: none. */
	int32_t *by;
	int32_t nby, as_at;
	/* `within A to B`: the admissible values, both in, at the type's scale. They bound what a missing
	 * one could be; a value outside is rejected. */
	bool has_range;
	int64_t least, most;
	Span at;
} Field;

/* Whether several columns, or a day, decide where a link leads: no cell can hold that. */
static inline bool field_follows(const Field *field)
{
	return field->nby > 1 || field->as_at > 0;
}

/* Rows of `from` point to a row of `to` by its key. */
typedef struct Link {
	int32_t from, to;      /* datasets */
	int32_t field;         /* the TYPE_ROW field of `from` that holds it */
	Str inverse;           /* name of the collection on `to` (provision.visits), or empty */
} Link;

/* What makes the rows of a dataset. Those of a bank are worked out from it: their fields stand in
 * the order of the enumerations below, behind one field for each key of the bank. */
typedef enum DatasetOrigin { ORIGIN_TABLE, ORIGIN_CREDITS, ORIGIN_DEBITS, ORIGIN_BALANCES }
	DatasetOrigin;

/* credits: date is the day of the credit; last_day the last on which it can be used (missing: it
 * never expires); lost what a ceiling refused; amount = lost + used + expired + held. */
enum { CREDIT_DATE, CREDIT_AMOUNT, CREDIT_USED, CREDIT_EXPIRED, CREDIT_LOST, CREDIT_HELD,
	CREDIT_LAST_DAY, CREDIT_FIELDS };
/* debits: amount = used + shortfall. */
enum { DEBIT_DATE, DEBIT_AMOUNT, DEBIT_USED, DEBIT_SHORTFALL, DEBIT_FIELDS };
/* balances: one row for each key and day on which something came in, went out or expired; what was
 * credited is after what was lost; balance is at the end of the day. */
enum { BALANCE_DATE, BALANCE_CREDITED, BALANCE_USED, BALANCE_EXPIRED, BALANCE_LOST,
	BALANCE_SHORTFALL, BALANCE_BALANCE, BALANCE_FIELDS };
/* Behind these, in credits and debits: one link field for each dataset that a flow goes over, with
 * its name (`visit`); missing in entries of another flow. Last comes a count, `entry`: 1, 2, …
 * in order of (date, source key), by which tests name a row of an account. In the store the key of
 * the row ends with the key of the row that it came from, or with its day, instead: a number would
 * shift when an earlier entry is added, and the findings' identities with it (S58). */

typedef struct Dataset {
	Decl decl;
	DatasetOrigin origin;
	int32_t bank;          /* of an origin other than a table */
	Str table;             /* table or view in the database; empty when it comes from a bank */
	Field *field;
	int32_t nfields;
	int32_t *key;          /* fields that make the key, in order */
	int32_t nkey;
	int32_t lasts_from, lasts_to; /* fields, or -1 */
	bool open_end;         /* `lasts a to b`: a missing b means still running (S47) */
	Expr *where;           /* rows of the table that belong to it, over slot 0; NULL: all */
	int32_t newest_by;     /* field + 1: of rows with one key the one with its greatest value holds
	                          (S59); 0: a key stands once */
	int32_t known_from;    /* field + 1, a date or moment: under --known-on D rows known later than D
	                          are absent (S10); 0: all are known */
	int32_t nslots;        /* of `where` */
} Dataset;

/* How a date, a clock time or a length of time is written in a file: D/M/Y and h:m:s. */
typedef enum PartKind { PART_OTHER, PART_D, PART_M, PART_MONTH_NAME, PART_Y, PART_YEAR_OF_CENTURY,
	PART_HOURS, PART_MINUTES, PART_SECONDS } PartKind;

#define PICTURE_PARTS 12

typedef struct Picture {
	Str text;              /* "DD/MM/YYYY", for messages; empty: as the language writes it */
	struct { uint8_t kind; char sign; } part[PICTURE_PARTS]; /* of PART_OTHER: the sign itself */
	int32_t n;
	bool has_date, has_time;
} Picture;

/* A column of a provider's file. */
typedef struct FileColumn {
	Str *name;             /* that it may have */
	int32_t nnames;
	bool optional;         /* `or missing` */
	uint8_t how;           /* FILE_FIRST … */
	Picture picture;
	Ratio unit;            /* base units in one of the column's, of a figure without a picture */
	bool has_unit;
	int32_t padded;        /* characters of a reference, zeros in front; 0: as it stands */
	Str *spelling;         /* `one of`: what the file writes … */
	int32_t *code;         /* … for which code */
	int32_t ncodes;
} FileColumn;

/* How a column goes with those before it. */
enum { FILE_FIRST, FILE_AT, FILE_PLUS };

typedef struct FileField {
	int32_t field;         /* of the dataset */
	FileColumn *column;
	int32_t ncolumns;      /* 0: a constant */
	Expr *constant;        /* at the field's type; of a link a text, its key */
	int32_t after;         /* a clock time that is not after this field's is of the next day; -1 */
	Span at;
} FileField;

/* A provider's file: which of its columns make the fields of a dataset, and how they are written. */
typedef struct FileLayout {
	Decl decl;
	int32_t dataset;
	FileField *field;
	int32_t nfields;
	Str *reference;        /* names of the column that names the file */
	int32_t nreferences;
	Str *ignored;
	int32_t nignored;
} FileLayout;

typedef enum CalendarKind {
	CALENDAR_DAYS,   /* periods of n days, one of which begins on `anchor` */
	CALENDAR_MONTHS, /* periods of n months, beginning on day `anchor_day` of anchor_month + k*n */
	CALENDAR_DATES   /* single days: holidays */
} CalendarKind;

typedef struct CalendarDate {
	int32_t day, published; /* NO_DAY: known since always */
	Str name;
} CalendarDate;

typedef struct Calendar {
	Decl decl;
	CalendarKind kind;
	int32_t n, anchor;             /* days; anchor is a first day */
	int32_t anchor_month, anchor_day;
	struct { int32_t from, to; } *except; /* S53: one longer period; the count goes on after it */
	int32_t nexcept;
	CalendarDate *date;            /* sorted by day */
	int32_t ndates;
} Calendar;

/* Whether `a how b` holds, given how a stands to b: below zero, 0, above. */
static inline bool compare_holds(int how, int order)
{
	switch (how) {
	case COMPARE_LT: return order < 0;
	case COMPARE_LE: return order <= 0;
	case COMPARE_EQ: return order == 0;
	case COMPARE_NE: return order != 0;
	case COMPARE_GE: return order >= 0;
	default: return order > 0;
	}
}

/* The period that holds the day: its first day. INT32_MIN when the calendar has none. */
int32_t calendar_first(const Calendar *calendar, int32_t day);
int32_t calendar_last(const Calendar *calendar, int32_t first); /* last day, in the period */
int32_t calendar_next(const Calendar *calendar, int32_t first);
int32_t calendar_previous(const Calendar *calendar, int32_t first);
int32_t calendar_number(const Calendar *calendar, int32_t first);
bool calendar_has(const Calendar *calendar, int32_t day, int32_t known_on); /* of dates */

/* A history: from each `from` (a day) on, that expression. Sorted by from, then published. */
typedef struct DatedExpr {
	int32_t from, published; /* NO_DAY: always */
	Expr *value;
	Str assumed;
	Span at;
} DatedExpr;

typedef struct Parameter {
	Decl decl;
	Type type;
	DatedExpr *value;
	int32_t nvalues;
} Parameter;

typedef enum RoundStep { STEP_NONE, STEP_TO, STEP_COUNTS, STEP_BANDS } RoundStep;

/* lo <= x, and x < hi or x <= hi: becomes `to`. All at the rounding's scale. */
typedef struct Band {
	int64_t lo, hi;
	bool lo_open, hi_in, no_hi;
	int64_t to;
} Band;

/* S86-S88: round (or bands), then minimum, then maximum. All figures are n over type.scale; of a
 * TYPE_CLOCK they are seconds, and a moment may be rounded too. */
typedef struct Rounding {
	Decl decl;
	Type type;
	RoundStep how;
	RoundMode mode;
	int64_t step;          /* STEP_TO: the quantum; STEP_COUNTS: the unit that counts … */
	int64_t counts_from;   /* … from this remainder on */
	Band *band;
	int32_t nbands;
	bool has_least, has_most;
	int64_t least, most;   /* the least applies to amounts above zero only (S87) */
} Rounding;

typedef enum TableHit { HIT_ONE, HIT_FIRST, HIT_ADD } TableHit;

/* `fits` is the condition of all its cells over the table's slots; its text names the row. */
typedef struct TableRow {
	Expr *fits, *value;
	Span at;
} TableRow;

typedef struct TablePeriod {
	int32_t from, published;
	TableRow *row;
	int32_t nrows;
	Str assumed;
} TablePeriod;

typedef struct Table {
	Decl decl;
	Str *param;
	Type *param_type;
	int32_t nparams, nslots;
	Type type;
	TableHit hit;
	TablePeriod *period;
	int32_t nperiods;
	bool dated, can_fault; /* as of an expression: what a use of it inherits */
} Table;

typedef struct Exception {
	Str label;
	uint64_t over;   /* bit i: ranks over exception i (transitively closed) */
	Expr *when;
	Expr *then;      /* define: the value. rule: another test, or NULL: not applicable (S33) */
	Str assumed;
	Span at;
} Exception;

#define MAX_EXCEPTIONS 64

/* What amendments made of one declaration: value i holds from version `introduced` on, until the
 * next one does. The alternatives are args of the EXPR_IN_FORCE that names it. */
typedef struct Amended {
	Str name;              /* "define payable" */
	int32_t *introduced;   /* rising */
	int32_t n;
} Amended;

typedef struct Define {
	Decl decl;
	int32_t dataset;   /* of a define `for` a dataset; -1: a function */
	Str *param;
	int32_t nparams, nslots;
	Type type;
	Expr *on;          /* its own law date, or NULL */
	Expr *base;
	Exception *except;
	int32_t nexcepts;
	bool dated, can_fault; /* as of an expression: what a use of it inherits */
	/* `within A to B`, of a define for a dataset: where its value lies while it is not known, both
	 * ends in, at the type's scale. What is known stays as it is. */
	bool has_range;
	int64_t least, most;
} Define;

/* S60-S66. All expressions over slot 0 (left) or slot 1 (right) alone. */
typedef struct Match {
	Decl decl;
	int32_t left, right;      /* datasets: visit, log */
	Expr **left_key, **right_key; /* equal pairwise */
	int32_t nkeys;
	Expr *left_when, *right_when; /* conditions on one side alone, or NULL */
	Expr *left_at, *right_at;     /* moments */
	Expr *before, *after;     /* durations over slot 0: the window is at - before .. at + after */
	Expr *take;               /* count over slot 0; NULL: 1 */
	Str left_name, right_name; /* logs (on the left dataset), visit (on the right one) */
	int32_t nslots;
} Match;

/* The row before and the row after each row, among those with equal keys, in order of `order` and
 * then of the dataset's key (S66). A row that `applies` refuses, or without a key, stands outside:
 * nothing is before or after it. Where the place of one row is not known (its condition, or what
 * it is ordered by), no row of that key knows its neighbours. */
typedef struct Sequence {
	Decl decl;
	int32_t dataset;
	Expr **key;            /* over slot 0 */
	int32_t nkeys;
	Expr *applies;         /* or NULL */
	Expr **order;          /* over slot 0: dates, moments, clock times, quantities */
	int32_t norder;
	Str previous_name, next_name; /* log.previous, log.next; either may be empty */
	int32_t nslots;
} Sequence;

/* One of what is worked out from the datasets before any rule is judged. */
typedef enum DerivationKind { DERIVE_MATCH, DERIVE_SEQUENCE, DERIVE_BANK } DerivationKind;

typedef struct Derivation {
	DerivationKind kind;
	int32_t index;
} Derivation;

typedef enum Severity { SEVERITY_MINOR, SEVERITY_MAJOR, SEVERITY_CRITICAL } Severity;

typedef enum SubjectKind {
	SUBJECT_ROW,        /* each row of `dataset` */
	SUBJECT_ROW_PERIOD, /* each row of `dataset`, every period of `calendar` from … to … */
	SUBJECT_ROW_IN,     /* each row of a collection of each row */
	SUBJECT_GROUP       /* each group of rows of `among` with equal keys */
} SubjectKind;

typedef struct GroupKey {
	Str name;       /* inside the rule, and in the subject's text */
	Expr *expr;     /* over slot `nkeys` (the among row); a period key is an EXPR_PERIOD_OF */
} GroupKey;

typedef struct Rule {
	Decl decl;             /* name: V1 */
	Str title;
	Severity severity;
	SubjectKind subject;
	int32_t dataset;       /* of the row, or of `among` */
	int32_t calendar;      /* SUBJECT_ROW_PERIOD */
	Expr *every_from, *every_to; /* dates, or NULL (the run's window); a missing `to` is open when
	                                every_open */
	bool every_open;
	Expr *collection;      /* SUBJECT_ROW_IN */
	int32_t item_dataset;  /* SUBJECT_ROW_IN: dataset of slot 1 */
	GroupKey *key;
	int32_t nkeys;
	Expr *filter;          /* group: `among … where`, over slot nkeys; ROW_IN: where; or NULL */
	Expr *covered;         /* yes when the contract covers the row (slot 0, or the among row); NULL:
	                          looked at whole (S67) */
	Expr *on;              /* date or moment over the subject's slots; never NULL */
	Expr *applies;         /* or NULL */
	Expr *require;
	Exception *except;
	int32_t nexcepts;
	Expr *message;         /* EXPR_TEXT or CONST, or NULL */
	Expr *stake;           /* money, or NULL */
	Expr *provider;        /* the row of the dataset `provider` that the subject leads to (itself, a
	                          key, or a field or define called provider); NULL: there is none */
	Expr **show;
	int32_t nshow;
	int32_t nslots;
	/* The versions in which it is written so: introduced <= version < ended, which is 0 when it never
	 * ended. A rule that an amendment replaces is two rules of one name, which stand together. */
	int32_t introduced, ended;
	bool follows;          /* an earlier rule has this name; it names the subjects without a date */
	/* A measure's, given to the data layer: the rows of a group may lie apart, since its figures are
	 * put together from what each partition gives. */
	bool in_parts;
} Rule;

typedef enum BankOrder { BANK_OLDEST_FIRST, BANK_NEWEST_FIRST, BANK_IN_PROPORTION } BankOrder;

/* One `credit`, `debit` or `opens with` clause. Amounts have the bank's type; an amount below zero
 * is a fault of its entry. */
typedef struct BankFlow {
	bool credit;
	Expr *amount;
	int32_t calendar;      /* `every CALENDAR`: slot k is the period, the day its first; else -1 */
	Expr *from, *to;       /* of `every … from … to …`: dates over the keys; a missing `to` is open
	                          when open_end: to the end of the run's window (S47) */
	bool open_end;
	Expr *rows;            /* collection over the keys, its row in slot k; NULL: a single entry for
	                          the keys, or, in a bank for groups, the group's rows */
	int32_t dataset;       /* of slot k when it is a row; else -1: a period, or a single entry */
	Expr *where;           /* over slot k, or NULL */
	Expr *on;              /* date or moment of the entry; NULL with a calendar */
	Span at;
} BankFlow;

/* S49 to S52. On one day: what is past its last day expires, credits come in (what the ceiling
 * refuses is lost), then debits by moment, then by key of their row. */
typedef struct Bank {
	Decl decl;
	SubjectKind subject;   /* SUBJECT_ROW: one account for each row of `dataset` (slot 0);
	                          SUBJECT_GROUP: for each set of equal keys over rows of `dataset` */
	int32_t dataset;
	GroupKey *key;         /* SUBJECT_ROW: one, the row itself */
	int32_t nkeys;
	Expr *covered;         /* as of a rule */
	Expr *applies;         /* over the keys, or NULL */
	BankFlow *flow;
	int32_t nflows;
	Expr *expires;         /* days or months after the day of the credit, under the law of that day
	                          (S52); NULL: see expires_with */
	bool last_day_in;      /* the day so reached is the last on which the credit can be used; else
	                          the day before it is */
	int32_t expires_with;  /* calendar: usable through the last day of its period; -1 */
	Expr *holds;           /* ceiling of the balance, under the law of the day, or NULL */
	BankOrder order;
	Type type;             /* of all amounts, and of every quantity in its datasets */
	int32_t credits, debits, balances; /* datasets */
	int32_t nslots;
} Bank;

/* One of the sums that make up a figure: `part core is …`. */
typedef struct MeasurePart {
	Str name;
	Expr *value;
	Span at;
} MeasurePart;

/* A figure for each subject of `rule` (its require, message and stake are NULL). A key that is a
 * rolling window has as its value the last period of the window; the group then holds the rows of
 * all its periods. */
typedef struct Measure {
	Rule rule;
	bool kpi;
	int32_t window;        /* periods that one figure goes over: 13 of `rolling 13 weeks`; else 1 */
	int32_t window_key;    /* the key that rolls, or -1 */
	int32_t period_key;    /* the slot that is a period (for the trend), or -1 */
	Expr *figure;
	MeasurePart *part;     /* none, or the figure is their sum */
	int32_t nparts;
	int32_t figure_slot;
	Expr *target, *fails;  /* conditions over figure_slot, or NULL */
	Str target_assumed, fails_assumed;
	Expr *needs;           /* least count of rows of the group, or NULL */
	Expr *reported_rows;   /* `compare`: how many rows the provider's own figure could be (S99), */
	Expr *reported;        /* and the figure; NULL without `compare` */
} Measure;

/* `then draw 61 when 1 finding of severity major`; n 0: no such clause. A row of the sample counts
 * once, by its gravest finding, when that is of the severity or a graver one. */
typedef struct SpotStep {
	int64_t n;             /* how many are drawn then; of a full audit 1 */
	bool each;             /* so many from each stratum */
	int64_t when;          /* findings */
	Severity severity;
	Span at;
} SpotStep;

typedef enum SpotMethod { SPOT_RANDOM, SPOT_MONEY } SpotMethod;

/* What a row without a log, or one that cannot be assessed, counts as. */
typedef enum SpotMissing { SPOT_MISSING_WRONG, SPOT_MISSING_RIGHT } SpotMissing;

/*
 * A declared plan of a sample, over the rows of rule.dataset that the contract covers and `applies`
 * lets in, on `on`. The rule asks for nothing: every row of the population fails it, which is how
 * the frame is read. Keys, money and logs are over slot 0 and stand in its `show` as well, so that
 * what they look at is read.
 */
typedef struct SpotCheck {
	Rule rule;
	GroupKey *key;         /* each group is a population with a sample of its own; over slot 0 */
	int32_t nkeys;
	Expr **stratum;        /* what parts a group in strata, over slot 0; none: it is drawn whole */
	int32_t nstrata;
	Expr **cut;            /* constants, rising: where the one figure of `stratum` is split */
	int32_t ncuts;
	Span strata_at;        /* both, as written */
	Expr *money;           /* pounds that could be wrong in a row, or NULL */
	Expr *logs;            /* count of the row's logs, or NULL */
	Str logs_dataset;
	SpotMethod method;
	int64_t draw;
	bool draw_each;        /* so many from each stratum */
	SpotStep then, full;
	SpotMissing missing;
	int32_t confidence;    /* basis points */
	int32_t tolerable;     /* basis points; 0: none is declared */
	int32_t serious;       /* basis points of a row's money from which an error is a serious one */
	Cite extrapolates;     /* the clause that lets a sample speak for the rest; name empty: none */
	Span draw_at;
} SpotCheck;

/* S98; a figure that is not known is not assessed, and so is a test that is not. A conflict is one
 * whose figure is. */
typedef enum MeasureStatus { STATUS_NONE, STATUS_MET, STATUS_WATCH, STATUS_FAILED,
	STATUS_INSUFFICIENT, STATUS_NOT_ASSESSED, STATUS_CONFLICT, STATUS_NOT_APPLICABLE, STATUSES }
	MeasureStatus;

typedef struct ByHand {
	Decl decl;
	Str title, because;
} ByHand;

typedef struct DocSource {
	Str name, title;
	bool unpublished;
} DocSource;

/* A contract as first made, or an amendment of it. */
typedef struct Version {
	Str name;              /* "2025.1" */
	int32_t from, to;      /* in force, both in; LAST_DAY when open; behind `to` the one before it
	                          is in force again (S7) */
	int32_t published;     /* or NO_DAY; an amendment without one is known from its first day (S8) */
	Str path;              /* its file */
	uint8_t sha256[32];    /* of the texts of its own file and of the files it uses: what is sealed
	                          when the version has been used in a run */
	Str *change;           /* "replaces rule V1", "withdraws rule W2", … for an amendment */
	int32_t nchanges;
	Span at;
} Version;

/* The day from which the version is known; NO_DAY: always (S8). */
static inline int32_t version_published(const Version *version, bool amends)
{
	return version->published == NO_DAY && amends ? version->from : version->published;
}

typedef struct Contract {
	Decl decl;             /* name: hampshire/ccsh */
	Str title, council, version; /* of the first version; as it was made */
	int32_t from, to;      /* days, both in; LAST_DAY when open: of all versions together */
	int32_t published;     /* or NO_DAY */
	DocSource *source;
	int32_t nsources;
	Version *ver;          /* in their order, each amending the one before; at least one, but in a
	                          library */
	int32_t nversions;
} Contract;

/* A constant of a scenario's cell, at the field's scale; text of TYPE_TEXT and of the raw key of a
 * TYPE_ROW. */
typedef struct CellValue {
	bool known;
	int64_t n;
	Str text;
	Span at;
} CellValue;

typedef struct Given {
	int32_t dataset;
	int32_t *field;   /* of each column */
	int32_t ncells, nrows;
	CellValue *cell;  /* nrows x ncells */
	Span at;
} Given;

typedef enum Verdict { VERDICT_PASS, VERDICT_FAIL, VERDICT_NOT_ASSESSED, VERDICT_NOT_APPLICABLE,
	VERDICT_CONFLICT, VERDICTS } Verdict;

typedef struct ExpectSubject {
	Str kind;         /* visit, week … as written */
	CellValue key;    /* text of a row's key; n (a day) of a period */
	bool is_period;
	int32_t ref;      /* dataset or calendar */
} ExpectSubject;

typedef enum ExpectKind {
	EXPECT_VERDICT,   /* V1 fails for visit VS1 [on D] [at stake £5.65] */
	EXPECT_NO_OTHER,  /* no other failure */
	EXPECT_VALUE,     /* payable for visit VS1 is £10 */
	EXPECT_FIGURE,    /* handbacks for provider P1, quarter 2025-04-01 is 5%, or is met */
	EXPECT_BALANCE    /* take_a_break for provision PR1 on 1 June 2025 is 4 hours */
} ExpectKind;

typedef struct Expect {
	ExpectKind kind;
	int32_t rule;     /* EXPECT_VERDICT */
	int32_t define;   /* EXPECT_VALUE: a define for a dataset; its test is `test`, slot 0 the row */
	int32_t measure;  /* EXPECT_FIGURE: `test` is over slot 0, the figure; NULL with a status */
	MeasureStatus status; /* EXPECT_FIGURE */
	int32_t bank;     /* EXPECT_BALANCE: `test` is over slot 0, the balance at the end of `on` */
	Verdict verdict;
	bool negated;     /* not VERDICT */
	ExpectSubject *subject;
	int32_t nsubjects;
	int32_t on;       /* day or NO_DAY */
	Expr *stake;      /* constant money or NULL (S95) */
	/* What is not assessed could come to, of the sum at stake or of the figure; either end is NULL
	 * where there is to be no bound on its side, and both without such an expectation. */
	Expr *least, *most;
	Expr *value, *test; /* EXPECT_VALUE: the define's value, and the condition; over slot 0 */
	Span at;
} Expect;

typedef struct Override {
	int32_t parameter;
	Expr *value;
} Override;

typedef struct Scenario {
	Decl decl;        /* name: its title */
	Given *given;
	int32_t ngiven;
	Override *with;
	int32_t nwith;
	int32_t known_on; /* or NO_DAY */
	int32_t from, to; /* the window: as written, or the smallest span of all dates given (S94) */
	Expect *expect;
	int32_t nexpects;
	int32_t nslots;   /* of its expressions */
} Scenario;

typedef struct Example {
	Decl decl;
	Expr *claim;      /* must be yes */
	Expr *left, *right; /* of `L is R`, to show expected and actual; or NULL */
	int32_t on;       /* day; the contract's first day when not given */
	int32_t nslots;
} Example;

typedef struct Rulebook {
	const Sources *sources;
	Contract contract;
	bool is_library;       /* no contract: only `uses`-able declarations (vouch eval, vouch test) */
	Dataset *dataset;
	CodeList *codes;
	Link *link;
	Calendar *calendar;
	Parameter *parameter;
	Rounding *rounding;
	Table *table;
	Define *define;        /* instances: a function appears once for each set of argument types */
	Match *match;
	Sequence *sequence;
	Bank *bank;
	Amended *amended;
	Rule *rule;
	Measure *measure;
	SpotCheck *spot;
	ByHand *by_hand;
	Scenario *scenario;
	Example *example;
	FileLayout *layout;
	int32_t ndatasets, ncodes, nlinks, ncalendars, nparameters, nroundings, ntables, ndefines,
		nmatches, nsequences, nbanks, namended, nrules, nmeasures, nspots, nby_hand, nscenarios,
		nexamples, nlayouts;
	Derivation *order;     /* all matches, sequences and banks, each behind those that it reaches:
	                          to be worked out in this order (S65) */
	int32_t norder;
	int32_t nexprs;        /* ids of expressions are 0 .. nexprs-1 */
	uint8_t sha256[32];    /* of program version, paths and texts of all files, sorted by path */
} Rulebook;

/* Slots of the scope that has most, scratch and all. */
int32_t rulebook_slots(const Rulebook *book);
/* The version that wrote the rule as it stands. */
Str rule_version(const Rulebook *book, const Rule *rule);

/* Whether two numbers of rules are texts of one rule. */
bool rule_same(const Rulebook *book, int32_t a, int32_t b);

/* "money per hour", "a visit", "the week"; for messages. */
void type_describe(Buf *buf, const Rulebook *book, Type type);
bool type_same(Type a, Type b); /* but for scale and ratio */

#endif
