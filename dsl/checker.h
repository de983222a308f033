/*
 * What the modules of the checker share; nobody else includes this.
 *
 *   check.c           the order of the work, names
 *   load.c            files and `uses`
 *   check_scope.c     names in sight, words for types
 *   check_build.c     expression nodes, arithmetic
 *   check_expr.c      literals, names, fields, operators
 *   check_test.c      comparisons and `is`
 *   check_call.c      functions and aggregates
 *   check_data.c      types, datasets, links
 *   check_law.c       contract, calendars, parameters, roundings
 *   check_table.c     tables
 *   check_define.c    defines, exceptions, matches
 *   check_sequence.c  sequences
 *   check_bank.c      banks and their datasets
 *   check_dateless.c  what goes over rows of all dates asks for no date
 *   check_order.c     what must be worked out before what
 *   check_rule.c      rules
 *   check_spot.c      spot checks
 *   check_scenario.c  examples and scenarios
 *   check_domain.c    conditions as boxes: what can be proved of them
 *   check_amend.c     versions, and what each changed
 *
 * Everything lives in the compilation's arena. Declarations are registered by name first; bodies
 * are checked when they are first needed, because the denominator of a value is known only then.
 * An expression whose type is TYPE_ERROR has been complained of and is silent from then on.
 */
#ifndef VOUCH_DSL_CHECKER_H
#define VOUCH_DSL_CHECKER_H

#include "base/limits.h"
#include "dsl/check.h"

/* A growing array in the arena, indexed by int32_t; what it outgrows stays until the arena goes. */
#define LIST(T) struct { T *at; int32_t n, cap; }
#define list_push(c, list) \
	((list)->n == (list)->cap \
		? (void)((list)->at = list_grow((c)->arena, (list)->at, &(list)->cap, sizeof *(list)->at)) \
		: (void)0, \
	 &(list)->at[(list)->n++])
void *list_grow(Arena *arena, const void *at, int32_t *cap, size_t item);

typedef LIST(Str) StrList;

typedef enum SymbolKind {
	SYM_DATASET, SYM_CALENDAR, SYM_PARAMETER, SYM_BANK, SYM_ROUNDING, SYM_TABLE, SYM_FUNCTION
} SymbolKind;

/* The versions in which a declaration is written so: from <= version < to, which is 0 when no
 * amendment changed it. */
typedef struct Life {
	int32_t from, to;
} Life;

typedef enum Progress { UNTRIED, CHECKING, DONE, FAILED } Progress;

/* A name that every expression sees. */
typedef struct Symbol {
	SymbolKind kind;
	Str name;
	const Ast *ast;
	int32_t index;     /* in the rulebook's array; a template for tables and functions */
	bool used, own;    /* own: declared in the contract's own file */
	Progress progress; /* of parameters, roundings and banks */
	Life life;
	int32_t later;     /* 1 + the symbol of the text that an amendment gives it next; 0: none */
	bool again;        /* such a text: no name leads here */
	int32_t adds, adds_last; /* 1 + the first and the last that `adds` gives it; 0: none */
} Symbol;

/* A `KIND NAME adds`. */
typedef struct Added {
	const Ast *ast;
	int32_t next;      /* 1 + the next for the same name, in the order of versions; 0: none */
} Added;

/* A table or define before its denominators are known: one instance for each set of them. */
typedef struct Template {
	const Ast *ast;
	Str name;
	int32_t dataset;   /* of a define for a dataset, else -1 */
	bool table, own, used, checking, failed;
	Type *param_type;
	Str *param;
	int32_t nparams;
	Type type;         /* as declared */
	int32_t first;     /* an instance, for those that do not mind which; -1 before there is one */
	Life life;
	int32_t later;     /* 1 + the template of the text that an amendment gives it next; 0: none */
	int32_t dated;     /* 1 + the define that dates it for all its texts; 0: none yet */
	bool again;        /* such a text: no name leads here */
} Template;

/* A rule, measure or kpi as it is written in some versions. */
typedef struct Entry {
	const Ast *ast;
	Life life;
	bool follows;      /* the text before it in the list has the same name */
	int32_t later;     /* 1 + the text that an amendment gives it next; until they are lined up */
} Entry;

typedef enum MemberKind {
	MEMBER_FIELD, MEMBER_LINKED, MEMBER_MATCHED, MEMBER_NEIGHBOUR, MEMBER_DERIVED
} MemberKind;

/* What may stand behind a dot. */
typedef struct Member {
	MemberKind kind;
	Str name;
	int32_t index;     /* field, link, match, sequence, template */
	int32_t how;       /* MATCHED: side; NEIGHBOUR: 0 before, 1 after */
	Span at;
} Member;

typedef struct DatasetInfo {
	const Ast *ast;
	StrMap names;      /* to member + 1 */
	LIST(Member) member;
	LIST(Field) field;
	LIST(int32_t) out; /* links that start here */
} DatasetInfo;

typedef struct Binding {
	Str name;
	Expr *value;
} Binding;

/* The names and slots of one body. */
typedef struct Scope {
	LIST(Binding) name;
	int32_t nslots;
	int32_t group;     /* dataset whose bare name is the rows of the group under judgement, or -1 */
	bool message;      /* inside a message: list(…) may stand */
} Scope;

/* `with parameter` of a scenario: its value takes part in the parameter's denominator. */
typedef struct WithValue {
	const Ast *ast;
	Str name;
	Expr *value;
	int32_t next;      /* of the same parameter, -1 at the end */
} WithValue;

/* One file of the contract. */
typedef struct LoadedFile {
	Ast *tree;
	int32_t file;      /* its number among the sources */
	Str name;          /* as its place under the rules root, or its own name: what the hash sees */
	bool own;          /* the contract's or an amendment's, not used by another */
	int32_t version;   /* the first version that needs it */
} LoadedFile;

typedef struct Checker {
	Compilation *comp;
	Arena *arena;
	Diags *diags;
	Rulebook *book;
	const LoadedFile *file; /* those used before those that use them */
	int32_t nfiles;
	const Ast *main;       /* the contract's own file */
	StrMap names, ids, instances, sources;
	LIST(Symbol) symbol;
	LIST(DatasetInfo) info;
	LIST(Template) template;
	LIST(WithValue) with;
	StrMap with_names;     /* parameter to the first of its overrides + 1 */
	int32_t with_next;     /* scenarios are checked in the order in which these were collected */
	LIST(Dataset) dataset;
	LIST(CodeList) codes;
	LIST(Link) link;
	LIST(Calendar) calendar;
	LIST(Parameter) parameter;
	LIST(Rounding) rounding;
	LIST(Table) table;
	LIST(Define) define;
	LIST(Match) match;
	LIST(Sequence) sequence;
	LIST(Bank) bank;
	LIST(Amended) amended;
	StrMap amended_names;  /* name and versions to the entry in `amended` */
	LIST(Added) adds;      /* to what has a name of its own; see Symbol */
	LIST(Entry) entry;     /* rules in the order of their numbers, measures and kpis of theirs */
	Life life;             /* of the declaration whose body is being checked */
	LIST(Rule) rule;
	LIST(Measure) measure;
	LIST(SpotCheck) spot;
	LIST(ByHand) by_hand;
	LIST(Scenario) scenario;
	LIST(Example) example;
	LIST(FileLayout) layout;
	StrMap layouts;        /* their names */
	LIST(bool) has_scenario;     /* by rule */
	LIST(bool) measure_tested;   /* by measure */
	LIST(int32_t) cost;          /* by expression: see weigh */
	LIST(int32_t) define_cost, table_cost;
	LIST(bool) unrounded;        /* by define: its value is a product that nothing rounded */
	const Ast *covers;     /* the contract's main `covers`, or NULL */
	int32_t covers_dataset;
	LIST(const Ast *) through; /* its `covers … through` clauses */
	int depth, chain;      /* of expressions being checked; of declarations that wait for another */
	struct {               /* the parameter whose history is being checked, for S12 */
		int32_t parameter; /* -1: none */
		int32_t from;      /* the day of the value being checked */
		const DatedExpr *value;
		int32_t n;
	} self;
} Checker;

/* ---- load.c */
/* Reads a file and all that it uses, those first. Their number; 0 after an error in finding one. */
int32_t load_files(Compilation *comp, Str path, LoadedFile **out);
void load_seal(Compilation *comp, const LoadedFile *own, uint8_t out[32]);
void load_digest(Compilation *comp, LoadedFile *file, int32_t n, uint8_t out[32]);
/* Makes a source of a text and gives its number. */
int32_t load_text(Compilation *comp, Str path, Str text);

/* ---- check.c */
void book_sync(Checker *c); /* the rulebook's arrays show what the lists hold */
Decl decl_of(Checker *c, const Ast *ast);
void not_built(Checker *c, Span at, const char *what);
/* The clause of a kind among items; a second one is complained of. NULL when absent. */
const Ast *clause(Checker *c, const Ast *decl, AstKind kind);
bool day_literal(const Ast *ast, int32_t *day); /* NULL ast: false */

/* ---- check_amend.c */
/* The version that a file, or the text at a place, belongs to; 0 without amendments. */
int32_t version_of(const Checker *c, Span at);
/* When the figures of a text are known, unless they say so themselves (S8). */
int32_t version_known(const Checker *c, Span at);
void amend_contract(Checker *c);
bool is_entry(AstKind kind); /* what judges rows: rules, figures, spot checks */
/* Replaces and withdraws what stands by a name of its own; derived fields and rules by the next. */
void amend_names(Checker *c);
void amend_derived(Checker *c);
void amend_rules(Checker *c);
/* Once all is checked: texts of one name must have one type. */
void amend_finish(Checker *c);
/* The next `KIND NAME adds` in the versions of a life; NULL: no more. *at begins as 0, and names
 * are told apart by kind before. */
const Ast *amend_adds(Checker *c, Str name, Life life, int32_t *at);
/* Complains of a use by a text that outlives what it uses, or is older (S13). */
bool amend_use(Checker *c, Str name, int32_t introduced, int32_t withdrawn, Span at);
/* The texts of a name: at[i], which is -1 for withdrawn, holds from version from[i] on. */
typedef struct Texts {
	int32_t at[LIMIT_VERSIONS + 1], from[LIMIT_VERSIONS + 1], n;
	int32_t withdrawn; /* the version that withdraws the name; 0: none */
} Texts;

/* A sum of a bank's clause, of each of the bank's texts in turn: `check` is given its tree. */
Expr *amend_clause(Checker *c, Str bank, const Ast *first,
	Expr *(*check)(void *user, const Ast *ast), void *user);
void template_texts(const Checker *c, int32_t template, Texts *out);
void symbol_texts(const Checker *c, const Symbol *symbol, Texts *out);
/* Whichever of them the law date picks; NULL stands for withdrawn. One text alone is that itself.
 * The list is changed. */
Expr *in_force_expr(Checker *c, const char *kind, Str name, Expr **arg, const Texts *texts,
	Span at);

/* ---- check_scope.c */
void scope_begin(Scope *scope);
/* Gives the row (or value) the next slot and binds it to the name. */
Expr *scope_slot(Checker *c, Scope *scope, Str name, Type type);
void scope_bind(Checker *c, Scope *scope, Str name, Expr *value);
const Binding *scope_find(const Scope *scope, Str name);
/* Where a slice of the source text stands; `within` when it is no slice of that file. */
Span span_of(Checker *c, Str text, Span within);
/* Complains of an `in` name that repeats a name in sight (S72); `dataset` is the rows' own. */
void scope_fresh(Checker *c, const Scope *scope, Str name, Span at, int32_t dataset);
Symbol *symbol_find(Checker *c, Str name);
Symbol *symbol_of(Checker *c, Str name, SymbolKind kind);
/* The nearest names in sight as help: "did you mean …?" */
void suggest_name(Checker *c, const Scope *scope, DiagRef diag, Str name);
void suggest_kind(Checker *c, DiagRef diag, Str name, SymbolKind kind);
void suggest_best(DiagRef diag, const Nearest *nearest);
Member *member_find(Checker *c, int32_t dataset, Str name);
Str phrase(Checker *c, Type type); /* "money per hour", for "this is …" */
Str noun(Checker *c, Type type);   /* "a rate", for the subject of a message */

/* ---- check_build.c */
Type type_of(TypeKind kind);
Type type_ref(TypeKind kind, int32_t ref);
Type type_quantity(Unit unit, Form form, int64_t scale);
Unit unit_of(Dim dim);
bool is_error(const Expr *expr);
bool is_const(const Expr *expr);
bool is_quantity(const Expr *expr);
bool is_dated_kind(Type type); /* date or moment */
Ratio const_ratio(const Expr *expr);
Expr *expr_error(Checker *c, Span at);
Expr *expr_new(Checker *c, ExprOp op, Type type, Span at, int32_t nargs, Expr *const *arg);
void weigh(Checker *c, Expr *expr, int64_t more);
Expr *expr_1(Checker *c, ExprOp op, Type type, Span at, Expr *a);
Expr *expr_2(Checker *c, ExprOp op, Type type, Span at, Expr *a, Expr *b);
Expr *expr_copy(Checker *c, const Expr *expr, Span at); /* the same value, written elsewhere */
Expr *expr_quantity(Checker *c, Unit unit, Form form, Ratio value, Span at);
Expr *expr_plain(Checker *c, Type type, int64_t n, Span at);
Expr *expr_text(Checker *c, Str text, Span at);
/* The values of these expressions over one denominator, in place; false after a complaint. */
bool same_scale(Checker *c, Expr **arg, int32_t n, Span at);
/* One type for several branches: their common scale too. TYPE_ERROR after a complaint. */
Type join(Checker *c, Expr **arg, int32_t n, Span at);
bool types_fit(Checker *c, Type need, Type have); /* a value of type have may stand for need */
/* Complains unless the expression fits; what: "the stake" or NULL. */
bool need_type(Checker *c, const Expr *expr, Type need, const char *what);
bool need_condition(Checker *c, const Expr *expr);
Expr *build_sum(Checker *c, bool subtract, Expr *a, Expr *b, Span at);
Expr *build_product(Checker *c, bool divide, Expr *a, Expr *b, Span at);
Expr *build_negation(Checker *c, Expr *a, Span at);
Expr *build_day(Checker *c, Expr *a); /* the local date of a moment; a date as it is */
void help_units(Checker *c, DiagRef diag, const Expr *literal, Type need);

/* ---- check_expr.c */
/* want: the type that the place asks for, so that codes can be read; NULL: anything. */
Expr *check_expr(Checker *c, Scope *scope, const Ast *ast, const Type *want);
Expr *check_condition(Checker *c, Scope *scope, const Ast *ast);
Expr *check_typed(Checker *c, Scope *scope, const Ast *ast, Type need, const char *what);
Expr *check_date(Checker *c, Scope *scope, const Ast *ast); /* date or moment */
Expr *check_rows(Checker *c, Scope *scope, const Ast *ast); /* a collection */
Expr *check_message(Checker *c, Scope *scope, const Ast *ast);
/* The derived field by this text of its define, whatever others there are. */
Expr *derived_text(Checker *c, Expr *row, int32_t template, Span at);
Expr *field_expr(Checker *c, Expr *row, int32_t field, Span at);
int32_t code_index(const CodeList *codes, Str name);
bool noun_counts(Str word, Str dataset); /* visit, visits: a dataset's name in either number */

/* ---- check_test.c */
Expr *build_compare(Checker *c, AstCompare how, Expr *a, Expr *b, Span at);
Expr *build_both(Checker *c, bool either, Expr *a, Expr *b, Span at); /* and, or */
Expr *build_not(Checker *c, Expr *a, Span at);
bool unrounded(Checker *c, const Expr *expr); /* a product or quotient that nothing rounded (S90) */
Expr *check_comparison(Checker *c, Scope *scope, const Ast *ast);
Expr *check_is(Checker *c, Scope *scope, const Ast *ast);
/* The test behind `is`, of a cell or an expect, on a value worked out already. */
Expr *check_test(Checker *c, Scope *scope, Expr *value, const Ast *test);

/* ---- check_call.c */
Expr *check_call(Checker *c, Scope *scope, const Ast *ast);
Expr *check_aggregate(Checker *c, Scope *scope, const Ast *ast);
/* The dataset whose rows an expression speaks of without naming them; NULL: none. */
Symbol *dataset_named(Checker *c, const Scope *scope, const Ast *ast);
bool builtin_name(Str name);
const char *builtin_at(int i); /* NULL past the end */

/* ---- check_data.c */
Type check_type(Checker *c, const Ast *ast); /* with the scale that a column of it would have */
void check_dataset_fields(Checker *c);
void check_wheres(Checker *c);
void member_add(Checker *c, int32_t dataset, Member member);
int32_t field_push(Checker *c, int32_t dataset, Field field); /* with its member */
/* `within A to B` at the type's scale; false without one, or after a complaint. */
bool check_range(Checker *c, const Ast *range, Type type, int64_t *least, int64_t *most);

/* The field of a dataset by its name, -1 after a complaint. */
int32_t need_field(Checker *c, int32_t dataset, Str name, Span at);

/* ---- check_sequence.c, check_dateless.c, check_order.c */
void register_sequence_names(Checker *c, const Ast *ast);
void check_sequences(Checker *c, const Ast *const *sequence, int32_t n);
void check_dateless(Checker *c); /* no law date where there is none: see check_dateless.c */
void check_dateless_rule(Checker *c, const Rule *rule);
void check_order(Checker *c); /* of matches, sequences, banks: when all of them are complete */

/* ---- check_bank.c */
void register_bank(Checker *c, const Ast *ast);
void check_banks(Checker *c); /* those that nothing asked for yet */
int32_t bank_index(Checker *c, Symbol *symbol, Span at); /* on demand; -1 in error */
/* Does this name a bank's rows: take_a_break.debits? Then *out is their dataset, NULL in error. */
bool bank_rows(Checker *c, const Scope *scope, const Ast *ast, Symbol **out);

/* ---- check_law.c */
/* Checks a declaration that others wait for, once; its index, or -1 in error. */
int32_t on_demand(Checker *c, int32_t symbol, Span at,
	bool (*check)(Checker *c, int32_t index, const Ast *ast));
void check_contract(Checker *c, const Ast *ast);
void check_calendars(Checker *c);
void calendar_builtin(Checker *c);
/* On demand; the index, or -1 when the declaration is in error. */
int32_t parameter_index(Checker *c, Symbol *symbol, Span at);
Expr *parameter_override(Checker *c, const Ast *ast, int32_t parameter);
int32_t rounding_index(Checker *c, Symbol *symbol, Span at);
Cites cites_of(Checker *c, const Ast *ast);
Cite cite_of(Checker *c, const Ast *ast);

/* ---- check_table.c, check_define.c */
int32_t table_instance(Checker *c, int32_t template, const Type *arg, Span at);
int32_t define_instance(Checker *c, int32_t template, const Type *arg, Span at);
/* The define that dates all texts of a derived field with an `on`; -1 in error. */
int32_t dated_define(Checker *c, int32_t template);
void template_params(Checker *c, int32_t template);
int32_t *instance_at(Checker *c, int32_t template, const Type *arg); /* -1: not yet */
/* May this declaration wait for another? False, after a complaint, in a circle or too deep. */
bool chain_enter(Checker *c, bool checking, Str name, Span declared, Span at);
void chain_leave(Checker *c);
/* Exceptions of a define (type: its own) or of a rule (type NULL). */
void check_exceptions(Checker *c, Scope *scope, const Ast *decl, const Type *type,
	Exception **out, int32_t *n);
void check_matches(Checker *c, const Ast *const *match, int32_t n);
void register_match_names(Checker *c, const Ast *ast);

/* ---- check_rule.c */
/* A declaration with `for each`, as far as it is checked. */
typedef struct RuleWork {
	const Ast *ast;
	Scope scope;
	Rule out;
	Expr *row;         /* the row that the contract must cover */
	int32_t window, window_key; /* of `rolling`: 0 and -1 without; only measures have one */
	bool bad;
} RuleWork;

void subject_begin(Checker *c, const Ast *ast, RuleWork *work);
void subject_check(Checker *c, RuleWork *work); /* `for each` and `among` */
void subject_close(Checker *c, RuleWork *work); /* what is covered: its slots stand last */
Expr *rule_provider(Checker *c, RuleWork *work);
/* One key over a row, whose name and type it says; an error's expression is one. */
GroupKey check_group_key(Checker *c, Scope *row, const Ast *decl, const Ast *group);
/* The contract's condition for a row of the dataset, or NULL (S67). */
Expr *covered_condition(Checker *c, const Ast *decl, int32_t dataset, Expr *row, int32_t *nslots);
bool leads_to_covered(Checker *c, int32_t dataset);
int32_t periods_named(Checker *c, Str calendar, Span at); /* -1 after a complaint */
bool ends_open(Checker *c, const Expr *to, int32_t dataset); /* S47 */
void warn_never(Checker *c, const Expr *condition, const char *what);
void check_rule(Checker *c, const Ast *ast);
void check_by_hand(Checker *c, const Ast *ast);

/* One of minor, major, critical; says so at the place when it is none, and takes it as minor. */
Severity severity_named(Checker *c, Str word, Span at);

/* ---- check_measure.c */
void check_measure(Checker *c, const Ast *ast); /* measure or kpi */

/* ---- check_spot.c */
void check_spot(Checker *c, const Ast *ast);

/* ---- check_scenario.c */
void check_example(Checker *c, const Ast *ast);
void check_scenario(Checker *c, const Ast *ast);
void collect_with(Checker *c, const Ast *ast);

/* ---- check_layout.c */
void check_layout(Checker *c, const Ast *ast);

/* ---- check_domain.c */
typedef enum Overlap { OVERLAP_UNKNOWN, OVERLAP_YES, OVERLAP_NO } Overlap;
Overlap conditions_overlap(Checker *c, const Expr *a, const Expr *b);
bool condition_never(Checker *c, const Expr *condition);
/* Warns of inputs that no row of the table fits. */
void table_holes(Checker *c, const Table *table, const TablePeriod *period);

#endif
