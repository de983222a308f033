/*
 * The explaining evaluator: a plain walk over the checked tree for one subject, which keeps every
 * value on the way. It writes the evidence of each finding, runs scenarios, examples and `vouch
 * eval`, and is the oracle that the fast evaluator is held against. It computes with Ratio
 * throughout, and tests at each node that the value fits the fixed denominator that the compiler
 * chose: a value whose n leaves int64 is the same fault in both evaluators.
 */
#ifndef VOUCH_INTERP_WALK_H
#define VOUCH_INTERP_WALK_H

#include "interp/value.h"

/* What is the same of a line in every finding: it hangs on the expression alone. */
typedef struct Label {
	int32_t number;    /* from the expression's id: unlike within a rulebook */
	Str name;          /* as the rule writes it: visit.declared, quarter_hour(visit.logged) */
	Str table, column; /* of a value from the database; of a define, and of a step to other rows,
	                      the table alone of the row it starts from; else empty */
	uint64_t name_hash, hash; /* of the name; of all three texts */
} Label;

/* The labels of a rulebook, made when they are first wanted: one thread's. */
typedef struct Labels {
	Arena arena;
	const Label **at;          /* by number; NULL: not made yet */
	VEC(const Label *) made;   /* in the order in which they were */
} Labels;

/* One line of evidence: a value on the way, and where it came from. */
typedef struct TraceLine {
	const Label *label;
	Str value;     /* as the language writes it; `unknown` */
	int32_t key;   /* of the row that it came from: place in Trace.key; NO_KEY: of none */
	Str note;      /* "in force from 28 April 2025", "row: at least 1 hour", "16 minutes before
	                  rounding", "except no_access" …; may be empty */
} TraceLine;

#define NO_KEY (-1)

typedef struct Trace {
	Labels *labels;    /* of the rulebook; NULL: each label is made anew, in the walk's arena */
	VEC(TraceLine) line;
	VEC(const Label *) asked; /* those of the lines, and of lines that stood there already */
	VEC(Str) key;      /* of the rows that lines came from, each once */
	VEC(Str) assumed;  /* "parameter rate_floor: the floor is not published", no repeats */
	VEC(Str) missing;  /* the facts that were missing, no repeats */
	Buf text;          /* of an evaluation that goes on; between two of them empty */
	Str broken;        /* what the two evaluators disagree on beside the verdict; or empty */
} Trace;

/* Stands for a fact that is missing, while it is asked what it could come to: a field of a row, or
 * a define of a row under a law date. A state above unknown: it has a value, but not one alone. */
typedef struct Filling {
	int32_t dataset, field; /* -1: a define */
	int32_t define, law_day;
	int32_t row;
	Value value;
} Filling;

/* What a judgement asks, one after the other. */
enum {
	PART_SUBJECT = 1, /* the law date, and whether it is covered */
	PART_APPLIES = 2, /* applies when */
	PART_TEST = 4     /* exceptions and require */
};

/* Fields of rows that a walk looked at, each once, up to `most`; `full`: there were more. */
typedef struct FieldRead {
	int32_t dataset, field, row;
	int parts; /* that looked at it */
} FieldRead;

typedef struct FieldReads {
	FieldRead *at;
	int32_t n, most;
	bool full;
	int part;  /* that looks now */
} FieldReads;

/*
 * How far the two sides were apart of the last comparison that looked at what was filled in, and
 * what the last rounding on the way to one made of it. For guesses: nothing hangs on them.
 */
typedef struct FillGap {
	bool known, rounded;
	Ratio off;          /* at least 0; days, seconds, or the quantity's own unit */
	Ratio in;           /* what was rounded, */
	Ratio least, most;  /* and about where what comes to the same begins and ends */
} FillGap;

/* What is noted while one fact is moved, from trial to trial: {0}, with an arena, to begin with. */
typedef struct FillNotes {
	int32_t looks;      /* at what was filled in, so far */
	FillGap gap;        /* of one trial, whoever asks for it empties it before */
	struct SieveMemo *sieves; /* what does not hang on the fact (interp/walk_sift.c), … */
	Arena *arena;       /* … and where it lives */
} FillNotes;

typedef struct Fillings {
	const Filling *at;
	int32_t n;
	bool over;         /* fields that are known are replaced as well: what if it were otherwise */
	FieldReads *reads; /* NULL: nobody asks */
	FillNotes *notes;  /* the same */
} Fillings;

/*
 * What was worked out about one subject and rests on the data alone: no fact that is missing, and
 * none that is filled in, had a part in it. So it holds whatever is filled in later, and who looks
 * at the subject again need not work it out again. Fields that are known must stay as they are.
 *
 *   walk_judge ──> defines by row, figures of the group ──> bounds_of, once for each box
 */
typedef struct MemoTable {
	struct Memo **at;          /* open addressing; NULL: free */
	uint32_t room, n;          /* room is 0 or a power of two */
} MemoTable;

typedef struct Keep {
	Arena *arena;              /* lasts as long as this does */
	MemoTable memo;
	const struct Figure *figure;
} Keep;

typedef struct Walk {
	const Rulebook *book;
	const Store *store;
	const Law *law;
	Arena *arena;      /* everything handed out lives here */
	Trace *trace;      /* NULL: keep nothing */
	const Fillings *fill; /* NULL: what is missing is missing */
	struct Sifts *sifts;  /* long lists of the store in order; NULL: all are gone through */
	Keep *keep;           /* of the subject at hand; NULL: nothing is kept for the next look */
} Walk;

/* Empties it; the memory stays for the next subject. */
void trace_clear(Trace *trace);
void trace_free(Trace *trace);
/* The key of a line, or empty. */
Str trace_key(const Trace *trace, const TraceLine *line);
void labels_free(Labels *labels);
/* A label of one rulebook in another, which has a like for the expression: twin by expression of the
 * first (data_same_rule). NULL when that knows none. The texts stay those of the first. */
const Label *labels_twin(Labels *labels, const Rulebook *book, const Label *label,
	const int32_t *twin);
/* Numbers of labels are below this. */
int32_t labels_most(const Rulebook *book);

/* Works out one expression. slots has as many entries as its scope needs; law_day NO_DAY: no law
 * date (a parameter is then unknown). */
Value walk_expr(Walk *walk, const Expr *expr, Value *slots, int32_t law_day, RowSpan group);

/* What was found about one subject of a rule. */
typedef struct Judgement {
	bool covered, inside;  /* inside: `on` lies in the window and the contract's life (S5) */
	Verdict verdict;
	bool overflow;         /* not assessed because of a fault */
	int32_t on;            /* law date; NO_DAY when unknown */
	bool has_stake, stake_known;
	Ratio stake;           /* pounds, exact */
	Str message, reason;   /* reason: the labels of a conflict, the label of an exception */
} Judgement;

/*
 * slots: the subject (row; row and period; keys); nslots entries, the rest scratch. A slot of the
 * subject that is not known makes it not assessed, and the reasons are looked for. group: rows with
 * these keys; those that the contract does not cover, or that `among … where` refuses, are left out
 * here. covered says no when that leaves nobody to look at.
 */
void walk_judge(Walk *walk, const Rule *rule, Value *slots, RowSpan group, Judgement *out);

/*
 * The verdict alone, without sum and message, of a subject of a row that failed, on the law date
 * `on`, when facts were filled that only these parts looked at: the other parts stand as they were.
 */
void walk_verdict(Walk *walk, const Rule *rule, Value *slots, int parts, int32_t on,
	Judgement *out);

/* Pounds to whole pence, halves away from zero (S82). */
int64_t stake_pence(Ratio pounds);

#endif
