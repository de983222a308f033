/*
 * The syntax tree of one rule file, as written: for the formatter and the checker. One shape of
 * node for everything; what its parts mean is said beside each kind below. Nothing is resolved.
 *
 *   a, b, c, d   fixed children (NULL when left out)
 *   items        first of a list of children, in the order written; `next` is a child's sibling
 *   text         a name, or the spelling of a literal, or the content of a text
 *   how          a small choice: an operator, yes/no, a side
 *   n            a whole number: a date, a clock time, a count
 */
#ifndef VOUCH_DSL_AST_H
#define VOUCH_DSL_AST_H

#include <stdbool.h>
#include <stdint.h>

#include "dsl/source.h"

/* X(NAME, "word") — the word names the kind in messages and in tree dumps. */
#define AST_KINDS(X)                                                                              \
	X(FILE, "file")            /* items: declarations */                                             \
	X(ERROR, "error")          /* could not be read; causes no further message */                    \
	/* declarations */                                                                               \
	X(CONTRACT, "contract")    /* text: path; items: clauses */                                      \
	X(USES, "uses")            /* text: path */                                                      \
	X(DATASET, "dataset")      /* text: name; a: COLUMN of the table; items: clauses and FIELDs */   \
	X(CALENDAR, "calendar")    /* text: name; items: PERIODS, EXCEPT_DATES, DATES rows, CITES … */   \
	X(PARAMETER, "parameter")  /* text: name; a: TYPE; items: VALUE, CITES */                        \
	X(ROUNDING, "rounding")    /* text: name; a: TYPE; items: steps, ROWs, CITES … */                \
	X(TABLE, "table")          /* text: name; a: PARAMS; b: TYPE; items */                           \
	X(DEFINE, "define")        /* text: name; a: PARAMS (how=0) or PARAM of `for` (how=1); b: TYPE;  \
	                              c: base expression; d: TEST_RANGE or NULL; items: ON, CITES,       \
	                              ASSUMED, EXCEPTION */                                              \
	X(MATCH, "match")          /* text: left dataset; a: NAME of the right one; items */             \
	X(SEQUENCE, "sequence")    /* text: name; a: NAME of the dataset; items */                       \
	X(BANK, "bank")            /* text: name; items */                                               \
	X(BY_HAND, "by hand")      /* text: id; a: TEXT title; items: CITES, BECAUSE */                  \
	X(RULE, "rule")            /* text: id; a: TEXT title; items */                                  \
	X(MEASURE, "measure")      /* text: id; a: TEXT title; items */                                  \
	X(KPI, "kpi")              /* text: id; a: TEXT title; items */                                  \
	X(SPOT_CHECK, "spot check") /* text: name; items */                                              \
	X(LAYOUT, "layout")        /* text: name; a: NAME of its dataset; items: LAYOUT_FIELD, REFERENCE, \
	                              IGNORES, CITES … */                                                \
	X(EXAMPLE, "example")      /* a: expression; b: DATE of `on` */                                  \
	X(SCENARIO, "scenario")    /* a: TEXT; items: GIVEN, WITH, KNOWN_ON, AUDIT, EXPECT… */           \
	X(REPLACE, "replace")      /* a: declaration */                                                  \
	X(WITHDRAW, "withdraw")    /* text: name; a: NAME of the kind */                                 \
	X(ADDS, "adds")            /* text: name; how: AstKind of what is added to; items */             \
	/* clauses of contract */                                                                        \
	X(TITLE, "title")          /* a: TEXT */                                                         \
	X(COUNCIL, "council")      /* a: TEXT */                                                         \
	X(VERSION, "version")      /* a: TEXT */                                                         \
	X(AMENDS, "amends")        /* a: TEXT */                                                         \
	X(IN_FORCE, "in force")    /* a: DATE from; b: DATE to */                                        \
	X(PUBLISHED, "published")  /* a: DATE */                                                         \
	X(COVERS, "covers")        /* text: dataset; a: condition; b: path expression of `through` */    \
	X(SOURCE, "source")        /* text: name; a: TEXT; how: 1 unpublished */                         \
	/* clauses of dataset */                                                                         \
	X(COLUMN, "column")        /* text: name of a table or column */                                 \
	X(KEY, "key")              /* items: NAME */                                                     \
	X(WHERE, "where")          /* a: condition */                                                    \
	X(LASTS, "lasts")          /* text: first field; a: NAME of the last */                          \
	X(NEWEST_BY, "newest by")  /* text: field */                                                     \
	X(KNOWN_FROM, "known from") /* text: field (dataset) or a: DATE (elsewhere) */                   \
	X(BELONGS_TO, "belongs to") /* text: dataset; a: NAME of `for`; items: NAME fields; b: NAME of   \
	                              `as at`; c: NAME of `which has` */                                 \
	X(FIELD, "field")          /* text: name; a: TYPE; b: COLUMN of `from`; c: UNIT of `in`;         \
	                              d: NAME of `which has`; n: decimals of `read to`, -1 none; items:  \
	                              a TEST_RANGE of `within` */                                        \
	X(UNIT, "unit")            /* text: unit; a: NAME of `per` */                                    \
	X(TYPE, "type")            /* text: name (yes/no is "yes/no"); a: NAME of `per`; items: CODEs of \
	                              `one of`, then how=1 */                                            \
	X(CODE, "code")            /* text: name; a: TEXT as the database spells it */                   \
	X(LAYOUT_FIELD, "field")   /* text: field; a: FROM_COLUMNS or CONSTANT */                        \
	X(FROM_COLUMNS, "columns") /* items: FROM_COLUMN; b: NAME of `after` */                          \
	X(FROM_COLUMN, "column")   /* how: 0 the first, 1 behind `at`, 2 behind `+`; items: TEXTs that   \
	                              name it, TEST_MISSING, FORMAT, UNIT, PADDED, TYPE (codes) */       \
	X(FORMAT, "as")            /* text: "as DD/MM/YYYY" */                                           \
	X(PADDED, "padded to")     /* n: characters */                                                   \
	X(CONSTANT, "is")          /* a: sum */                                                          \
	X(REFERENCE, "reference")  /* items: TEXTs */                                                    \
	X(IGNORES, "ignores")      /* items: TEXTs */                                                    \
	/* clauses of calendar, parameter, rounding, table, define */                                    \
	X(PERIODS, "periods")      /* n: count; text: unit (weeks, months …); a: anchor: WEEKDAY, DATE   \
	                              or DAYMONTH */                                                     \
	X(EXCEPT_DATES, "except")  /* a: DATE; b: DATE */                                                \
	X(DATES, "dates")          /* items: ROWs: date, name, known from; 1 and 3, unless empty, have   \
	                              a: DATE (or ERROR) beside their raw text */                        \
	X(CITES, "cites")          /* items: CITE */                                                     \
	X(CITE, "cite")            /* text: source; a: TEXT section; n: page, 0 none */                  \
	X(ASSUMED, "assumed")      /* a: TEXT */                                                         \
	X(VALUE, "value")          /* a: DATE, NULL for `throughout`; b: expression; c: DATE published;  \
	                              d: ASSUMED */                                                      \
	X(NEAREST, "nearest")      /* a: step; how: 0 away from zero, 1 towards zero, 2 to even */       \
	X(UP_TO_NEXT, "up to the next") /* a: step */                                                    \
	X(DOWN_TO_LAST, "down to the last") /* a: step */                                                \
	X(COUNTS, "counts")        /* a: sum; b: sum of `from` */                                        \
	X(AT_LEAST_CLAUSE, "at least") /* a: least value of a rounding */                                \
	X(AT_MOST_CLAUSE, "at most") /* a: greatest value of a rounding */                               \
	X(HIT, "hit rule")         /* how: 0 one row fits, 1 first row that fits, 2 add the rows */      \
	X(HEADER, "header")        /* items: CELL */                                                     \
	X(ROW, "row")              /* items: CELLs */                                                    \
	X(CELL, "cell")            /* of a `given` or header: text, raw, trimmed; of a table: items:     \
	                              tests (either of them fits); none = empty */                       \
	X(TABLE_PERIOD, "period")  /* a: DATE, NULL for `throughout`; c: DATE published */               \
	X(PARAMS, "parameters")    /* items: PARAM */                                                    \
	X(PARAM, "parameter")      /* text: name; a: TYPE; the `for X : T` of a define is one too: text  \
	                              X the dataset, a: TYPE */                                          \
	X(EXCEPTION, "except")     /* text: label; items: NAME of `over`; a: when; b: then (NULL in a    \
	                              rule without then); c: ASSUMED */                                  \
	/* clauses of match, sequence, bank, rule, measure, kpi, spot check */                           \
	X(WHEN, "when")            /* a: condition */                                                    \
	X(NEAR, "near")            /* a: sum; b: sum of `to`; c: sum of `within` */                      \
	X(TAKE, "take")            /* a: sum */                                                          \
	X(LINKED_AS, "linked as")  /* a: postfix (visit.logs, log.previous); b: postfix or NULL */       \
	X(FOR_EACH, "for each")    /* items: GROUP_… */                                                  \
	X(GROUP_KEY, "key")        /* a: postfix expression; text: NAME of `for NAME`, may be empty */   \
	X(GROUP_IN, "in")          /* text: name; a: collection; b: where */                             \
	X(GROUP_PERIOD, "period")  /* text: calendar; a: date expression (`week of visit.date`); how=1:  \
	                              `rolling`, n: periods of a window */                               \
	X(GROUP_EVERY, "every")    /* text: calendar; a: from; b: to; NULLs in `every quarter` */        \
	X(AMONG, "among")          /* a: postfix; b: where */                                            \
	X(ON, "on")                /* a: sum */                                                          \
	X(APPLIES_WHEN, "applies when") /* a: condition */                                               \
	X(SEVERITY, "severity")    /* text */                                                            \
	X(REQUIRE, "require")      /* a: condition */                                                    \
	X(OTHERWISE, "otherwise")  /* a: TEXT or TEMPLATE */                                             \
	X(AT_STAKE, "at stake")    /* a: sum */                                                          \
	X(SHOW, "show")            /* items: sums */                                                     \
	X(BECAUSE, "because")      /* a: TEXT */                                                         \
	X(ORDER_BY, "order by")    /* items: sums */                                                     \
	X(CREDIT, "credit")        /* a: sum; text: calendar of `every`; b, c: from, to; or d: ON with   \
	                              a: sum, b: AMONG (NULL: one entry) */                              \
	X(OPENS, "opens with")     /* a: sum; d: ON with a: sum */                                       \
	X(DEBIT, "debit")          /* a: sum; d: ON with a: sum, b: AMONG */                             \
	X(EXPIRES, "expires")      /* a: sum of `after credit`, how: 1 that day not included; or text:   \
	                              calendar of `with` */                                              \
	X(HOLDS, "holds")          /* a: sum */                                                          \
	X(FIRST_USED, "order of use") /* how: 0 oldest first, 1 newest first, 2 in proportion */         \
	X(FIGURE, "figure")        /* a: sum */                                                          \
	X(PART, "part")            /* text: name; a: sum */                                              \
	X(TARGET, "target")        /* a: test; b: ASSUMED */                                             \
	X(FAILS, "fails")          /* a: test; b: ASSUMED */                                             \
	X(NEEDS, "needs")          /* a: sum */                                                          \
	X(COMPARE, "compare")      /* a: sum; b: where */                                                \
	X(POPULATION, "population") /* text: dataset; b: where */                                        \
	X(DRAW, "draw")            /* n; text: `random`, `money`; how: 1 then draw, 2 `by` for `at`, 4   \
	                              from each stratum (may come with 1); a: FINDINGS of `when` */      \
	X(STRATA, "in strata by")  /* items: sums; a: SPLIT_AT or NULL */                                \
	X(SPLIT_AT, "split at")    /* items: sums */                                                     \
	X(SPOT_SHARE, "share")     /* text: confidence, tolerable …; a: PERCENT */                       \
	X(NO_LOG, "missing")       /* text: dataset; text2: what it counts as; b: NAME of `as` */        \
	X(EXTRAPOLATES, "extrapolates") /* a: NAME of `under`; items: CITE */                            \
	X(FULL_AUDIT, "full audit") /* a: FINDINGS */                                                    \
	X(FINDINGS, "findings")    /* n; text: severity */                                               \
	/* scenarios */                                                                                  \
	X(GIVEN, "given")          /* text: dataset; items: HEADER, then ROWs */                         \
	X(WITH, "with parameter")  /* text: parameter; a: sum */                                         \
	X(KNOWN_ON, "known on")    /* a: DATE */                                                         \
	X(AUDIT, "audit")          /* a: DATE from; b: DATE to */                                        \
	X(EXPECT, "expect")        /* text: rule; b: NAME verdict (fails, passes …; how=1: not VERDICT); \
	                              items: SUBJECT; c: DATE of `on`; d: sum of `at stake`, or a        \
	                              TEST_RANGE or TEST_COMPARE of what it could come to; n: 1 when d   \
	                              stands behind `is`: what a figure could come to */                 \
	X(EXPECT_VALUE, "expect")  /* text: name; items: SUBJECT; c: DATE of `on`; b: test */            \
	X(EXPECT_NO_OTHER, "expect no other") /* text: failure, …  */                                    \
	X(SUBJECT, "subject")      /* text: dataset or calendar; a: NAME, NUMBER, TEXT or DATE */        \
	/* expressions */                                                                                \
	X(IF, "if")                /* a: condition; b: then; c: else */                                  \
	X(OR, "or")                /* a, b */                                                            \
	X(AND, "and")              /* a, b */                                                            \
	X(NOT, "not")              /* a */                                                               \
	X(COMPARISON, "comparison") /* a, b; how: AstCompare */                                          \
	X(IS, "is")                /* a: sum; b: a TEST_…; how: 1 for `is not` */                        \
	X(ADD, "+")                /* a, b */                                                            \
	X(SUBTRACT, "-")           /* a, b */                                                            \
	X(MULTIPLY, "*")           /* a, b */                                                            \
	X(DIVIDE, "/")             /* a, b */                                                            \
	X(NEGATE, "negation")      /* a */                                                               \
	X(OR_ELSE, "or else")      /* a, b */                                                            \
	X(AS_AT, "as at")          /* a; b: date */                                                      \
	X(OF, "of")                /* text: calendar; a: postfix (`week of d`) */                        \
	X(PERCENT_OF, "percent of") /* a: PERCENT; b: postfix */                                         \
	X(AT, "at")                /* a: date; b: clock time */                                          \
	X(DOT, "field")            /* a: postfix; text: field */                                         \
	X(CALL, "call")            /* text: function; items: arguments */                                \
	X(AGGREGATE, "aggregate")  /* text: function; a: value or condition (NULL in `any(s in c …)`);   \
	                              text2: row name (empty when implied); b: collection; c: where;     \
	                              d: by */                                                           \
	X(BRACKETS, "brackets")    /* a; kept for the formatter */                                       \
	X(NAME, "name")            /* text */                                                            \
	X(NUMBER, "number")        /* text */                                                            \
	X(MEASURE_OF, "quantity")  /* items: NUMBERs each with a: NAME of its unit; b: NAME of `per` */  \
	X(PERCENT, "percent")      /* text: without the sign */                                          \
	X(MONEY, "money")          /* text: the number; how: 1 in pence; a: NAME of `per` */             \
	X(DATE, "date")            /* n: day; text: as written */                                        \
	X(DAYMONTH, "day and month") /* n: month * 100 + day */                                          \
	X(MOMENT, "date and time") /* n: day; m: seconds */                                              \
	X(CLOCK, "clock time")     /* n: seconds */                                                      \
	X(WEEKDAY, "weekday")      /* n: Monday 0 */                                                     \
	X(YES_NO, "yes or no")     /* n */                                                               \
	X(TEXT, "text")            /* text: content, quotes off, {{ and }} undone */                     \
	X(TEMPLATE, "text")        /* items: TEXT and expressions in turn */                             \
	/* tests after `is`, in cells, targets */                                                        \
	X(TEST_VALUE, "value")     /* a */                                                               \
	X(TEST_KNOWN, "known")                                                                           \
	X(TEST_MISSING, "missing")                                                                       \
	X(TEST_ANY, "any")         /* a cell only */                                                     \
	X(TEST_COMPARE, "test")    /* a; how: AstCompare (at least, at most, below, above) */            \
	X(TEST_BEFORE, "before")   /* a */                                                               \
	X(TEST_AFTER, "after")     /* a */                                                               \
	X(TEST_RANGE, "to")        /* a, b; how: 1 `to below` */                                         \
	X(TEST_ONE_OF, "one of")   /* items: sums */                                                     \
	X(TEST_ONE_OF_NAME, "one of") /* text: calendar */                                               \
	X(TEST_WITHIN, "within")   /* a: what; no side */                                                \
	X(TEST_WITHIN_SIDE, "within") /* a: amount; b: of what; how: AstSide */                          \
	X(TEST_NOT, "not")         /* a: test; in cells */

typedef enum AstKind {
#define X(name, word) AST_##name,
	AST_KINDS(X)
#undef X
	AST_KIND_COUNT
} AstKind;

typedef enum AstCompare { AST_LT, AST_LE, AST_EQ, AST_NE, AST_GE, AST_GT } AstCompare;
typedef enum AstSide { AST_BEFORE, AST_AFTER, AST_EITHER_SIDE } AstSide;

typedef struct Ast Ast;
struct Ast {
	AstKind kind;
	int32_t how;
	uint32_t depth; /* 1 in a leaf, else 1 + its deepest child's; at most LIMIT_TREE */
	int64_t n, m;
	Span at;       /* the whole of it */
	Span name_at;  /* of `text`, where it is a name */
	Str text, text2;
	Ast *a, *b, *c, *d;
	Ast *items, *last; /* list and its end, for appending */
	Ast *next;
};

const char *ast_word(AstKind kind);

/* Two trees mean the same: alike but for places, brackets that change nothing, and spelling of
 * literals. Used by the round-trip tests of the formatter. */
bool ast_same(const Ast *a, const Ast *b);

/* Writes the tree, a node a line, children indented: `comparison [how=1]`, `a: name "visit"`. For
 * tests; places are left out. */
void ast_dump(const Ast *ast, Buf *out);

#endif
