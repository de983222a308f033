/*
 * A small rulebook and a store to go with it, put together by hand: for tests of the evaluators
 * that do without the checker. Four datasets of the same shape stand for visit, provision, provider
 * and log; each has one field of every type, a link to the next one, and there is one match.
 *
 *   visit ──link 0──> provision ──link 1──> provider <──link 2── log      match 0: visit, log
 */
#ifndef VOUCH_TESTS_HAND_BOOK_H
#define VOUCH_TESTS_HAND_BOOK_H

#include "interp/walk.h"

enum { VISIT, PROVISION, PROVIDER, LOG, DATASETS };
enum {
	F_LINK, F_DATE, F_UNTIL, F_MOMENT, F_END, F_CLOCK, F_MONEY, F_TIME, F_NUMBER, F_COUNT, F_DAYS,
	F_MONTHS, F_CODE, F_TEXT, F_YES, F_WEEKDAY, FIELDS
};
enum { LINK_PROVISION, LINK_PROVIDER, LINK_LOG_PROVIDER, LINKS };
enum { CAL_WEEK, CAL_FOUR_WEEKS, CAL_MONTH, CAL_HOLIDAYS, CALENDARS };

#define MOST_ARGS_BY_HAND 5

typedef struct Hand {
	Arena arena;
	Rulebook book;
	Sources sources;
} Hand;

/* An empty book with the schema above; all arrays have room for a few dozen declarations. */
void hand_begin(Hand *hand);
void hand_end(Hand *hand);

Type hand_type(TypeKind kind, int32_t ref);
Type hand_quantity(int64_t scale);
Type hand_unit(Dim dim);               /* scale 1 */
Type hand_field_type(int32_t dataset, int32_t field);
int32_t hand_link_target(int32_t dataset); /* -1: none */

/* One node, with id, dated and can_fault filled in. nargs arguments follow; some may be NULL. */
Expr *hand_expr(Hand *hand, ExprOp op, int how, int32_t ref, Type type, int32_t nargs, ...);
Expr *hand_const(Hand *hand, Type type, int64_t n);
Expr *hand_text(Hand *hand, const char *text);
Expr *hand_slot(Hand *hand, Type type, int32_t slot);
Expr *hand_field(Hand *hand, Expr *row, int32_t field);
Expr *hand_compare(Hand *hand, CompareHow how, Expr *a, Expr *b);
Expr *hand_and(Hand *hand, Expr *a, Expr *b);
Expr *hand_aggregate(Hand *hand, AggregateKind kind, Type type, int32_t slot, Expr *rows,
	Expr *where, Expr *value, Expr *by);

/* A rule over each row of a dataset on its F_DATE; the caller goes on filling it in. */
Rule *hand_rule(Hand *hand, SubjectKind subject, int32_t dataset);

/* ---- a store ---- */

typedef struct HandStore {
	Arena arena;
	Store store;
	StoreTable table[DATASETS];
	StoreTable *tables[DATASETS];
	RowLists inverse[LINKS];
	StoreMatch match;
	int32_t *left_of_right;
	uint64_t *known[DATASETS][FIELDS];
} HandStore;

/* Rows of each dataset; every value 0 (texts empty) and unknown. */
void hand_store_begin(HandStore *hs, const Hand *hand, const int32_t *rows);
void hand_set(HandStore *hs, int32_t dataset, int32_t field, int32_t row, int64_t n);
void hand_set_text(HandStore *hs, int32_t dataset, int32_t row, const char *text);
/* Lists of links and matches out of the columns; hashed: by hash of the row number. */
void hand_store_link(HandStore *hs, bool hashed);
void hand_store_end(HandStore *hs);

#endif
