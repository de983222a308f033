/*
 * The grammar of rule files. It needs no precedence declarations and has no conflicts. Words of
 * declarations and clauses that may also be names are listed under `name`; what may stand where is
 * said here, what it must mean (units, cells of a row, clauses given twice) is the checker's.
 *
 * How to read it: names in double quotes are tokens as a reader sees them, and error messages
 * print those very words. Named references ($list, @kind) keep actions right when a part is
 * added. Lists are left-recursive, so that a long one needs no more of the parser's stack than a
 * short one. An action is one call: a list grows, or a node is made whose parts a, b, c, d are
 * what dsl/ast.h says of its kind. Nothing is looked up, so the same text gives the same tree
 * whatever else is declared.
 *
 *   provision.weekly_hours * 4 <= £100        COMPARISON how <=
 *                                               a: MULTIPLY
 *                                                 a: DOT "weekly_hours"  a: NAME "provision"
 *                                                 b: NUMBER "4"
 *                                               b: MONEY "100"
 */
%require "3.8"
%define api.pure full
%define api.prefix {grammar_}
%define api.token.prefix {TOK_}
%define api.value.type union
%define api.location.type {Span}
%define parse.error custom
%define parse.lac full
%locations
%expect 0
/* LAC (parse.lac full) makes the list of expected tokens the true one: without it, default
 * reductions would have been done before the error is seen, and words would be offered that
 * cannot follow. No conflict is expected: each spelling was chosen so that one token decides. */
%param {Parse *p}
/* The parser's own count of tokens to take after an error: see parse_lex. */
%lex-param {int yyerrstatus}

%code requires {
#include "dsl/parsing.h"
}

%code provides {
int parse_lex(union GRAMMAR_STYPE *value, Span *at, Parse *p, int *recovering);
}

%code {
#include <stdlib.h>

static void grammar_error(const Span *at, Parse *p, const char *message);

#define grammar_lex(value, at, p, status) parse_lex((value), (at), (p), &(status))
#define MAKE(kind, at, ...) ast_make(&p->build, AST_##kind, (at), (AstParts){__VA_ARGS__})
#define LITERAL(kind, at, text) ast_##kind(&p->build, (at), (text))
#define NAMED(at, name) ast_make(&p->build, AST_NAME, (at), (AstParts){.text = (name)})
/* After an `error`: parsing resumes at the next line that begins with a clause. */
#define RECOVER(at) ast_error(&p->build, (at)); if (!parse_resumes(p)) yyclearin
#define NONE (AstList){NULL, NULL, 0}

#define YYMALLOC mem_alloc
#define YYFREE free
#define YYLLOC_DEFAULT(all, parts, n) \
	((all) = (n) > 0 ? span_join(YYRHSLOC(parts, 1), YYRHSLOC(parts, n)) \
		: (Span){YYRHSLOC(parts, 0).file, YYRHSLOC(parts, 0).hi, YYRHSLOC(parts, 0).hi})
}

%initial-action { @$ = (Span){p->build.file, 0, 0}; }

/* Tokens with a value carry the author's text, a slice of the source. EXPRESSION and FRESH come
 * from parse.c, never from the scanner. Names with an article are kinds of token, all others
 * words. */
%token YYEOF 0 "the end of the file" EXPRESSION "an expression" FRESH "a declaration"
%token <Str> NAME "a name" LABEL "a name and a colon" FIELD "a field"
%token <Str> PATH "a path such as council/contract" NUMBER "a number" PERCENT "a percentage"
%token <Str> FORMAT "a format" MONEY "a sum of money" DATE "a date" MOMENT "a date and time"
%token <Str> DAYMONTH "a day and month" CLOCK "a clock time" WEEKDAY "a weekday" TEXT "a text"
%token <Str> TEXT_HEAD "a text with values" TEXT_MID "more of the text"
%token <Str> TEXT_TAIL "the end of the text" CELL "a cell"
%token ROW "a row" RAW_ROW "a row of facts" BAR "|" ROW_END "the end of the row" LEFT "("
%token RIGHT ")" COMMA "," SEMICOLON ";" COLON ":" PLUS "+" MINUS "-" STAR "*" SLASH "/" LESS "<"
%token MORE ">" EQUAL "=" AT_MOST_SIGN "<=" AT_LEAST_SIGN ">=" UNEQUAL "<>"
/* words that may be names: CONTRACT to DATASET head declarations (parse.c counts on that order) */
%token <Str> CONTRACT "contract" CALENDAR "calendar" TABLE "table" MATCH "match"
%token <Str> SEQUENCE "sequence" BANK "bank" RULE "rule" MEASURE "measure" KPI "kpi"
%token <Str> EXAMPLE "example" SCENARIO "scenario" PARAMETER "parameter" ROUNDING "rounding"
%token <Str> LAYOUT "layout" DATASET "dataset" TITLE "title" COUNCIL "council"
%token <Str> VERSION "version" SOURCE "source"
%token <Str> KEY "key" PERIODS "periods" DATES "dates" CREDIT "credit" DEBIT "debit"
%token <Str> FIGURE "figure" PART "part" TARGET "target" POPULATION "population"
%token <Str> ROLLING "rolling" SEVERITY "severity" CONFIDENCE "confidence" SERIOUS "serious"
%token <Str> TOLERABLE "tolerable" EXTRAPOLATES "extrapolates"
%token <Str> AUDIT "audit" OTHER "other" REFERENCE "reference" IGNORES "ignores"
/* reserved words */
%token ABOVE "above" ADDS "adds" AFTER "after" AMENDS "amends" AMONG "among" AND "and"
%token ASSUMED "assumed" AT "at" BECAUSE "because" BEFORE "before" BELOW "below" BY "by"
%token CITES "cites" COMPARE "compare" COUNTS "counts" COVERS "covers" DEFINE "define" DRAW "draw"
%token ELSE "else" EVERY "every" EXCEPT "except" EXPECT "expect" EXPIRES "expires" FAILS "fails"
%token FOR "for" FROM "from" GIVEN "given" HALVES "halves" HOLDS "holds" IF "if"
%token IN "in" IS "is" KNOWN "known" LASTS "lasts" MISSING "missing" NEAR "near" NEAREST "nearest"
%token NEEDS "needs" NO "no" NOT "not" OF "of" ON "on" OR "or" OTHERWISE "otherwise" OVER "over"
%token PAGE "page" PER "per" PUBLISHED "published" REPLACE "replace" REQUIRE "require" SHOW "show"
%token TAKE "take" THEN "then" THROUGH "through" THROUGHOUT "throughout" TO "to"
%token UNPUBLISHED "unpublished" USES "uses" WHEN "when" WHERE "where" WITH "with"
%token WITHDRAW "withdraw" WITHIN "within" YES "yes"
/* several words that make one sign */
%token APPLIES_WHEN "applies when" AS_AT "as at" AT_LEAST "at least" AT_MOST "at most"
%token AT_STAKE "at stake" BELONGS_TO "belongs to" BY_HAND "by hand"
%token EITHER_SIDE_OF "either side of" FOR_EACH "for each" FULL_AUDIT "full audit"
%token IN_FORCE "in force" IN_PROPORTION "in proportion" LINKED_AS "linked as"
%token IN_STRATA_BY "in strata by" SPLIT_AT "split at" FROM_EACH_STRATUM "from each stratum"
%token NEWEST_BY "newest by" NEWEST_FIRST "newest first" OLDEST_FIRST "oldest first"
%token OPENS_WITH "opens with" ONE_OF "one of" OR_ELSE "or else" ORDER_BY "order by"
%token PADDED_TO "padded to" READ_TO "read to" SPOT_CHECK "spot check" DAY_INCLUDED "that day included"
%token DAY_NOT_INCLUDED "that day not included" WHICH_HAS "which has" YES_NO "yes/no"
%token UP_TO_NEXT "up to the next" DOWN_TO_LAST "down to the last"
%token HALVES_AWAY "halves away from zero" HALVES_TOWARDS "halves towards zero"
%token HALVES_EVEN "halves to even" ONE_ROW_FITS "one row fits"
%token FIRST_ROW_FITS "first row that fits" ADD_ROWS_FIT "add the rows that fit"

/* What a list, a name, a small choice and a node are made of. A choice is a plain number whose
 * meaning stands beside its alternatives. */
%nterm <Str> share name kind verdict
%nterm <int> mode verdict_not published_not hit relop bound side last_day
%nterm <AstList> contract_items by_hand_items dataset_items fields calendar_items parameter_items
%nterm <AstList> values rounding_items table_items raw_rows cells raw_cells cell_tests params
%nterm <AstList> codes names over cites_list define_items define_tail match_items sequence_items
%nterm <AstList> groups bank_items rule_items measure_items spot_items scenario_items subjects
%nterm <AstList> sums exprs quantity template range_opt
%nterm <AstList> layout_items from_columns column_names column_options texts

%type <Ast *> decl replaceable contract contract_item uses by_hand by_hand_item dataset
%type <Ast *> dataset_item belongs_to field read_field column unit type code calendar
%type <Ast *> calendar_item anchor
%type <Ast *> parameter parameter_item value published_opt assumed_opt assumed cites cite rounding
%type <Ast *> rounding_item table table_item table_period row raw_row cell cell_test raw_cell
%type <Ast *> param define define_item base exception match match_item sequence sequence_item
%type <Ast *> for_each group among bank bank_item rule rule_item measure kpi measure_item
%type <Ast *> spot spot_item split_opt finding_count example scenario scenario_item expect subject
%type <Ast *> subject_key on_date_opt stake_opt when_from date where_opt by_opt plain name_node
%type <Ast *> as_at_opt for_name_opt which_has_opt from_column_opt in_unit_opt through_opt
%type <Ast *> withdraw adds expr disj conj neg comparison chain test sum product unary fallback
%type <Ast *> dated moment postfix primary literal text applies_when on_sum cites_or_assumed
%type <Ast *> per_opt to_date_opt layout layout_item layout_value from_column column_option

%%

/* Two languages in one: a file, or one expression (for `vouch eval`), told apart by a first token
 * that no source can hold. */
start
: file
| "an expression" expr { p->build.root = $expr; }
;

/* An error before the first declaration is recovered from here. There is no `decl: error`: it
 * would conflict with the errors in every list of clauses, which know better where to go on. */
file
: %empty
| error { RECOVER(@$); }
| file fresh decl { ast_file_add(&p->build, $decl); }
;

/* Stands before `rule`, `table` and their like at the very start of a line, which may be names
 * elsewhere: an expression that was left unfinished on the line before cannot swallow them. */
fresh
: %empty
| "a declaration"
;

/*
 *   replace rule V1 "…"      a declaration of the same name takes the place of the one amended
 *   withdraw rule W2         and one goes without another in its place
 */
decl
: contract | by_hand | uses | dataset | layout | example | scenario | withdraw | adds | replaceable
| "replace" replaceable { $$ = MAKE(REPLACE, @$, .a = $replaceable); }
;

/* A dataset cannot be replaced: its columns are the database's, not the contract's. */
replaceable
: calendar | parameter | rounding | table | define | match | sequence | bank | rule | measure
| kpi | spot
;

/* The kind is asked for as well, since rules and tables have names of different spaces, and a
 * reader should not have to look up what goes. */
withdraw
: "withdraw" kind name
	{ $$ = MAKE(WITHDRAW, @$, .text = $name, .a = NAMED(@kind, $kind)); }
;

/* `define` and `spot check` are no names, so their tokens carry no text. */
kind
: "parameter" | "rounding" | "table" | "match" | "sequence" | "bank" | "rule" | "measure" | "kpi"
| "calendar"
| "define" { $$ = STR("define"); }
| "spot check" { $$ = STR("spot check"); }
;

/*
 *   parameter rate_floor adds from 6 October 2026  £20.60 per hour
 *   dataset provision adds
 *     contract : one of (ccsh, csah)
 *
 * A council's own fields on a shared dataset, or one more value of a history. `how` keeps what it
 * is added to.
 */
adds
: "parameter" name "adds" values
	{ $$ = MAKE(ADDS, @$, .text = $name, .how = AST_PARAMETER, .items = $values); }
| "dataset" name "adds" fields
	{ $$ = MAKE(ADDS, @$, .text = $name, .how = AST_DATASET, .items = $fields); }
| "table" name "adds" table_items
	{ $$ = MAKE(ADDS, @$, .text = $name, .how = AST_TABLE, .items = $table_items); }
| "calendar" name "adds" calendar_items
	{ $$ = MAKE(ADDS, @$, .text = $name, .how = AST_CALENDAR, .items = $calendar_items); }
| "calendar" name "adds" raw_rows
	{ $$ = MAKE(ADDS, @$, .text = $name, .how = AST_CALENDAR,
		.items = ast_list_add(NONE, ast_dates(&p->build, @raw_rows, $raw_rows))); }
;

/* ---- contract, by hand, uses ---- */

/*
 *   contract hampshire/ccsh
 *     title     "Community Care and Support Hampshire"
 *     in force  from 28 April 2025
 *     covers    provision where provision.contract is ccsh
 */
contract
: "contract" PATH contract_items
	{ $$ = MAKE(CONTRACT, @$, .text = $PATH, .items = $contract_items); }
;

/* Items of every declaration may come in any order, and twice: the checker, which can point at
 * the first, complains of the second. */
contract_items
: %empty { $$ = NONE; }
| contract_items[list] contract_item { $$ = ast_list_add($list, $contract_item); }
;

contract_item
: error { $$ = RECOVER(@$); }
| "title" plain { $$ = MAKE(TITLE, @$, .a = $plain); }
| "council" plain { $$ = MAKE(COUNCIL, @$, .a = $plain); }
| "version" plain { $$ = MAKE(VERSION, @$, .a = $plain); }
| "amends" plain { $$ = MAKE(AMENDS, @$, .a = $plain); }
| "in force" "from" date to_date_opt { $$ = MAKE(IN_FORCE, @$, .a = $date, .b = $to_date_opt); }
| "published" date { $$ = MAKE(PUBLISHED, @$, .a = $date); }
| "covers" name through_opt where_opt
	{ $$ = MAKE(COVERS, @$, .text = $name, .a = $where_opt, .b = $through_opt); }
| "source" name plain published_not
	{ $$ = MAKE(SOURCE, @$, .text = $name, .a = $plain, .how = $published_not); }
;

/* S67: `covers visit through visit.provision`, where several paths of links lead there. */
through_opt
: %empty { $$ = NULL; }
| "through" postfix { $$ = $postfix; }
;

published_not
: %empty { $$ = 0; }
| "unpublished" { $$ = 1; }
;

to_date_opt
: %empty { $$ = NULL; }
| "to" date { $$ = $date; }
;

/* A path, never a text: it cannot hold `..` unseen, nor anything that a file system would
 * expand. */
uses
: "uses" PATH { $$ = MAKE(USES, @$, .text = $PATH); }
;

/*
 *   by hand TB2 "Take a Break is not a sitting service"
 *     because   "what was done in the time is not in any dataset"
 */
by_hand
: "by hand" name plain by_hand_items
	{ $$ = MAKE(BY_HAND, @$, .text = $name, .a = $plain, .items = $by_hand_items); }
;

by_hand_items
: %empty { $$ = NONE; }
| by_hand_items[list] by_hand_item { $$ = ast_list_add($list, $by_hand_item); }
;

by_hand_item
: error { $$ = RECOVER(@$); }
| cites
| "because" plain { $$ = MAKE(BECAUSE, @$, .a = $plain); }
;

/* ---- datasets ---- */

/*
 *   dataset visit from variations
 *     key       visit_ref
 *     provision : provision from prov_ref which has visits
 *     planned   : duration from planned_min in minutes
 *     rate      : money per hour read to 2 decimals
 */
dataset
: "dataset" name "from" column dataset_items
	{ $$ = MAKE(DATASET, @$, .text = $name, .a = $column, .items = $dataset_items); }
;

dataset_items
: %empty { $$ = NONE; }
| dataset_items[list] dataset_item { $$ = ast_list_add($list, $dataset_item); }
;

/* S47: `lasts` names the fields of a span. S59: `newest by` says which of several entries counts.
 * S10: `known from` says when one was known. */
dataset_item
: error { $$ = RECOVER(@$); }
| field
| "key" names { $$ = MAKE(KEY, @$, .items = $names); }
| "where" expr { $$ = MAKE(WHERE, @$, .a = $expr); }
| "lasts" name[first] "to" name_node[last] { $$ = MAKE(LASTS, @$, .text = $first, .a = $last); }
| "newest by" name { $$ = MAKE(NEWEST_BY, @$, .text = $name); }
| "known" "from" name { $$ = MAKE(KNOWN_FROM, @$, .text = $name); }
| belongs_to
;

fields
: %empty { $$ = NONE; }
| fields[list] field { $$ = ast_list_add($list, $field); }
| fields[list] belongs_to { $$ = ast_list_add($list, $belongs_to); }
| fields[list] error { $$ = $list; RECOVER(@2); }
;

/* A link beside the fields that say where it leads; `as at` picks among rows that follow each other. */
belongs_to
: "belongs to" name for_name_opt "by" names as_at_opt which_has_opt
	{ $$ = MAKE(BELONGS_TO, @$, .text = $name, .a = $for_name_opt, .items = $names,
		.b = $as_at_opt, .c = $which_has_opt); }
;

/* n is the number of decimals to read, -1 when none is said. */
field
: LABEL type from_column_opt in_unit_opt which_has_opt range_opt
	{ $$ = MAKE(FIELD, @$, .text = $LABEL, .a = $type, .b = $from_column_opt, .c = $in_unit_opt,
		.d = $which_has_opt, .items = $range_opt, .n = -1); }
| read_field
;

/* The word behind the number (`decimals`) is an ordinary name, as units are. */
read_field
: LABEL type from_column_opt in_unit_opt "read to" NUMBER NAME which_has_opt range_opt
	{ $$ = MAKE(FIELD, @$, .text = $LABEL, .a = $type, .b = $from_column_opt, .c = $in_unit_opt,
		.d = $which_has_opt, .items = $range_opt, .n = LITERAL(whole, @NUMBER, $NUMBER)); }
;

/* The values that a column may hold, both ends in: what a missing one could be. */
range_opt
: %empty { $$ = NONE; }
| "within" sum[least] "to" sum[most]
	{ $$ = ast_list_add(NONE, MAKE(TEST_RANGE, @$, .a = $least, .b = $most)); }
;

from_column_opt
: %empty { $$ = NULL; }
| "from" column { $$ = $column; }
;

in_unit_opt
: %empty { $$ = NULL; }
| "in" unit { $$ = $unit; }
;

for_name_opt
: %empty { $$ = NULL; }
| "for" name_node { $$ = $name_node; }
;

as_at_opt
: %empty { $$ = NULL; }
| "as at" name_node { $$ = $name_node; }
;

which_has_opt
: %empty { $$ = NULL; }
| "which has" name_node { $$ = $name_node; }
;

/* Columns of a database may have any name, so quotes are allowed. */
column
: name { $$ = MAKE(COLUMN, @$, .text = $name); }
| plain { $$ = MAKE(COLUMN, @$, .text = $plain->text); }
;

/* Looked up by the checker: `in minutes`, `in pounds per hour`. */
unit
: NAME per_opt { $$ = MAKE(UNIT, @$, .text = $NAME, .a = $per_opt); }
| plain { $$ = MAKE(UNIT, @$, .text = $plain->text); }
;

per_opt
: %empty { $$ = NULL; }
| "per" NAME { $$ = NAMED(@NAME, $NAME); }
;

/* `how` 1: a list of codes. A name is a word of the language or a dataset, which is a link. */
type
: name per_opt { $$ = MAKE(TYPE, @$, .text = $name, .a = $per_opt); }
| "yes/no" { $$ = MAKE(TYPE, @$, .text = STR("yes/no")); }
| "one of" "(" codes ")" { $$ = MAKE(TYPE, @$, .how = 1, .items = $codes); }
;

codes
: code { $$ = ast_list_add(NONE, $code); }
| codes[list] "," code { $$ = ast_list_add($list, $code); }
;

/* The text is the database's spelling of the code, where it differs. */
code
: name { $$ = MAKE(CODE, @$, .text = $name); }
| name plain { $$ = MAKE(CODE, @$, .text = $name, .a = $plain); }
;

/* ---- layouts of providers' files ---- */

/*
 *   layout weekly_return of visit
 *     reference "File reference"
 *     ignores   "Description", "Created"
 *     visit_ref : "Visit ID" or "Visit reference" padded to 8
 *     date      : "Visit date" as DD/MM/YYYY
 *     declared  : "Hours claimed" in hours
 *     outcome   : is delivered
 */
layout
: "layout" name "of" name_node layout_items
	{ $$ = MAKE(LAYOUT, @$, .text = $name, .a = $name_node, .items = $layout_items); }
;

layout_items
: %empty { $$ = NONE; }
| layout_items[list] layout_item { $$ = ast_list_add($list, $layout_item); }
;

layout_item
: error { $$ = RECOVER(@$); }
| cites_or_assumed
| "reference" texts { $$ = MAKE(REFERENCE, @$, .items = $texts); }
| "ignores" texts { $$ = MAKE(IGNORES, @$, .items = $texts); }
| LABEL layout_value { $$ = MAKE(LAYOUT_FIELD, @$, .text = $LABEL, .a = $layout_value); }
;

/* One column, or several that make one value: a date at a time, a moment and how long it went on,
 * the parts of a key. */
layout_value
: "is" sum { $$ = MAKE(CONSTANT, @$, .a = $sum); }
| from_columns { $$ = MAKE(FROM_COLUMNS, @$, .items = $from_columns); }
| from_columns "after" name_node
	{ $$ = MAKE(FROM_COLUMNS, @$, .items = $from_columns, .b = $name_node); }
;

from_columns
: from_column { $$ = ast_list_add(NONE, $from_column); }
| from_columns[list] "at" from_column
	{ $from_column->how = 1; $$ = ast_list_add($list, $from_column); }
| from_columns[list] "+" from_column
	{ $from_column->how = 2; $$ = ast_list_add($list, $from_column); }
;

from_column
: column_names column_options
	{ $$ = MAKE(FROM_COLUMN, @$, .items = ast_list_join($column_names, $column_options)); }
;

column_names
: plain { $$ = ast_list_add(NONE, $plain); }
| column_names[list] "or" plain { $$ = ast_list_add($list, $plain); }
| column_names[list] "or" "missing"
	{ $$ = ast_list_add($list, MAKE(TEST_MISSING, @3, .n = 0)); }
;

column_options
: %empty { $$ = NONE; }
| column_options[list] column_option { $$ = ast_list_add($list, $column_option); }
;

column_option
: FORMAT { $$ = MAKE(FORMAT, @$, .text = $FORMAT); }
| "in" unit { $$ = $unit; }
| "padded to" NUMBER { $$ = MAKE(PADDED, @$, .n = LITERAL(whole, @NUMBER, $NUMBER)); }
| "one of" "(" codes ")" { $$ = MAKE(TYPE, @$, .how = 1, .items = $codes); }
;

texts
: plain { $$ = ast_list_add(NONE, $plain); }
| texts[list] "," plain { $$ = ast_list_add($list, $plain); }
;

/* ---- calendars, parameters ---- */

/*
 *   calendar payment_period
 *     periods of 4 weeks from 28 April 2025
 *     except 1 December 2025 to 4 January 2026
 *   calendar bank_holiday
 *     dates
 *     | 2025-12-25 | Christmas Day | |
 */
calendar
: "calendar" name calendar_items
	{ $$ = MAKE(CALENDAR, @$, .text = $name, .items = $calendar_items); }
;

calendar_items
: %empty { $$ = NONE; }
| calendar_items[list] calendar_item { $$ = ast_list_add($list, $calendar_item); }
;

calendar_item
: error { $$ = RECOVER(@$); }
| "periods" "of" NUMBER NAME "from" anchor
	{ $$ = MAKE(PERIODS, @$, .n = LITERAL(whole, @NUMBER, $NUMBER), .text = $NAME, .a = $anchor); }
| "except" date[from] "to" date[to] { $$ = MAKE(EXCEPT_DATES, @$, .a = $from, .b = $to); }
| "dates" raw_rows { $$ = ast_dates(&p->build, @$, $raw_rows); }
| cites_or_assumed
;

/* A weekday is enough for weeks only; which anchor suits which period is the checker's to say. */
anchor
: WEEKDAY { $$ = LITERAL(weekday, @$, $WEEKDAY); }
| DAYMONTH { $$ = LITERAL(daymonth, @$, $DAYMONTH); }
| date
;

/*
 *   parameter rate_floor : money per hour
 *     from 28 April 2025  £19.00 per hour   assumed "the floor is not published"
 *     from 6 April 2026   £20.10 per hour   published 2 March 2026
 */
parameter
: "parameter" LABEL type parameter_items
	{ $$ = MAKE(PARAMETER, @$, .text = $LABEL, .a = $type, .items = $parameter_items); }
;

parameter_items
: %empty { $$ = NONE; }
| parameter_items[list] parameter_item { $$ = ast_list_add($list, $parameter_item); }
;

parameter_item
: error { $$ = RECOVER(@$); }
| cites
| value
;

values
: %empty { $$ = NONE; }
| values[list] value { $$ = ast_list_add($list, $value); }
| values[list] error { $$ = $list; RECOVER(@2); }
;

/* The date first: a history reads as a history, and no word of the line before can run into it. */
value
: when_from expr published_opt assumed_opt
	{ $$ = MAKE(VALUE, @$, .a = $when_from, .b = $expr, .c = $published_opt, .d = $assumed_opt); }
;

/* NULL stands for `throughout`. */
when_from
: "from" date { $$ = $date; }
| "throughout" { $$ = NULL; }
;

published_opt
: %empty { $$ = NULL; }
| "published" date { $$ = $date; }
;

assumed_opt
: %empty { $$ = NULL; }
| assumed
;

/* Law 11. The reason is compulsory, also because an optional text would conflict wherever a text
 * may follow. */
assumed
: "assumed" plain { $$ = MAKE(ASSUMED, @$, .a = $plain); }
;

/* Sources are divided by semicolons: a comma belongs to the sentence round a citation. */
cites
: "cites" cites_list { $$ = MAKE(CITES, @$, .items = $cites_list); }
;

cites_list
: cite { $$ = ast_list_add(NONE, $cite); }
| cites_list[list] ";" cite { $$ = ast_list_add($list, $cite); }
;

cite
: name plain { $$ = MAKE(CITE, @$, .text = $name, .a = $plain); }
| name plain "page" NUMBER
	{ $$ = MAKE(CITE, @$, .text = $name, .a = $plain, .n = LITERAL(whole, @NUMBER, $NUMBER)); }
;

cites_or_assumed
: cites
| assumed
;

/* ---- roundings, tables ---- */

/*
 *   rounding quarter_hour : duration
 *     nearest 15 minutes, halves away from zero
 *     at least 30 minutes
 *
 * or rows of bands in the place of a step: | 8 minutes to below 23 minutes | 15 minutes |
 */
rounding
: "rounding" LABEL type rounding_items
	{ $$ = MAKE(ROUNDING, @$, .text = $LABEL, .a = $type, .items = $rounding_items); }
;

rounding_items
: %empty { $$ = NONE; }
| rounding_items[list] rounding_item { $$ = ast_list_add($list, $rounding_item); }
;

/* S88: whatever their order here, the step comes first, then the minimum, then the maximum. */
rounding_item
: error { $$ = RECOVER(@$); }
| "nearest" sum "," mode { $$ = MAKE(NEAREST, @$, .a = $sum, .how = $mode); }
| "up to the next" sum { $$ = MAKE(UP_TO_NEXT, @$, .a = $sum); }
| "down to the last" sum { $$ = MAKE(DOWN_TO_LAST, @$, .a = $sum); }
| "counts" sum[whole] "from" sum[least] { $$ = MAKE(COUNTS, @$, .a = $whole, .b = $least); }
| "at least" sum { $$ = MAKE(AT_LEAST_CLAUSE, @$, .a = $sum); }
| "at most" sum { $$ = MAKE(AT_MOST_CLAUSE, @$, .a = $sum); }
| row
| cites_or_assumed
;

/* S86: no `halves up`, which has two readings below zero. No numbers either: each is one token. */
mode
: "halves away from zero" { $$ = 0; }
| "halves towards zero" { $$ = 1; }
| "halves to even" { $$ = 2; }
;

/*
 *   table call_share (length : duration) : percent
 *     | length          | share |      heading: raw cells, so a column may be called `source`
 *     | 30 minutes      | 60%   |      tests without their left side, and a value
 *     | at least 1 hour | 100%  |
 *     one row fits
 */
table
: "table" name "(" params ")" ":" type table_items
	{ $$ = MAKE(TABLE, @$, .text = $name, .a = MAKE(PARAMS, @params, .items = $params), .b = $type,
		.items = $table_items); }
;

table_items
: %empty { $$ = NONE; }
| table_items[list] table_item { $$ = ast_list_add($list, $table_item); }
;

table_item
: error { $$ = RECOVER(@$); }
| cites_or_assumed
| hit { $$ = MAKE(HIT, @$, .how = $hit); }
| raw_row
| row
| table_period
;

/* S29: `one row fits` is the default; two that fit are then a conflict. */
hit
: "one row fits" { $$ = 0; }
| "first row that fits" { $$ = 1; }
| "add the rows that fit" { $$ = 2; }
;

table_period
: when_from published_opt { $$ = MAKE(TABLE_PERIOD, @$, .a = $when_from, .c = $published_opt); }
;

/* The scanner gives ROW_END at the line's end, so a bad row costs that row and no more. */
row
: ROW cells ROW_END { $$ = MAKE(ROW, @cells, .items = $cells); }
| ROW error ROW_END { $$ = ast_error(&p->build, @$); yyerrok; }
;

cells
: cell "|" { $$ = ast_list_add(NONE, $cell); }
| cells[list] cell "|" { $$ = ast_list_add($list, $cell); }
;

/* Nothing between two bars is an empty cell, which the checker refuses in a table: it could mean
 * `any`, or a slip. */
cell
: %empty { $$ = MAKE(CELL, @$, .n = 0); }
| cell_tests { $$ = MAKE(CELL, @$, .items = $cell_tests); }
;

/* Tests of one cell are alternatives: town, village. */
cell_tests
: cell_test { $$ = ast_list_add(NONE, $cell_test); }
| cell_tests[list] "," cell_test { $$ = ast_list_add($list, $cell_test); }
;

cell_test
: test { $$ = ast_cell_test(&p->build, $test); }
| "not" test { $$ = MAKE(TEST_NOT, @$, .a = $test); }
;

raw_rows
: raw_row { $$ = ast_list_add(NONE, $raw_row); }
| raw_rows[list] raw_row { $$ = ast_list_add($list, $raw_row); }
;

/* Cells as text, read later by the type of the field above them, as an import would read them. */
raw_row
: RAW_ROW raw_cells ROW_END { $$ = MAKE(HEADER, @raw_cells, .items = $raw_cells); }
| RAW_ROW error ROW_END { $$ = ast_error(&p->build, @$); yyerrok; }
;

raw_cells
: raw_cell "|" { $$ = ast_list_add(NONE, $raw_cell); }
| raw_cells[list] raw_cell "|" { $$ = ast_list_add($list, $raw_cell); }
;

raw_cell
: %empty { $$ = MAKE(CELL, @$, .n = 0); }
| CELL { $$ = MAKE(CELL, @$, .text = $CELL); }
;

params
: param { $$ = ast_list_add(NONE, $param); }
| params[list] "," param { $$ = ast_list_add($list, $param); }
;

/* A colon behind the name: LABEL is one token, so inputs may be called by any word. */
param
: LABEL type { $$ = MAKE(PARAM, @$, .text = $LABEL, .a = $type); }
;

/* ---- defines ---- */

/*
 *   define payable for visit : money              a derived field, how 1
 *     on visit.date
 *     is whole_pence(visit.rate * visit.logged)
 *     except not_made when visit.outcome is missed then £0
 *   define share_of (a : money, b : money) : number is a / b      a function
 */
define
: "define" name "for" LABEL type range_opt define_items base define_tail
	{ $$ = MAKE(DEFINE, @$, .text = $name, .how = 1,
		.a = MAKE(PARAM, @LABEL, .text = $LABEL, .a = $type), .b = $type, .c = $base,
		.d = $range_opt.first, .items = ast_list_join($define_items, $define_tail)); }
| "define" name "(" params ")" ":" type define_items base define_tail
	{ $$ = MAKE(DEFINE, @$, .text = $name, .a = MAKE(PARAMS, @params, .items = $params), .b = $type,
		.c = $base, .items = ast_list_join($define_items, $define_tail)); }
;

define_items
: %empty { $$ = NONE; }
| define_items[list] define_item { $$ = ast_list_add($list, $define_item); }
;

define_item
: cites_or_assumed
| on_sum
;

/* Every line of a define begins with a word, `is` among them; without it, the base would run into
 * the clause before. */
base
: "is" expr { $$ = $expr; }
| error { $$ = RECOVER(@$); }
;

/* Items behind the base: `assumed` below an exception belongs to it (see ast_list_assume). */
define_tail
: %empty { $$ = NONE; }
| define_tail[list] error { $$ = $list; RECOVER(@2); }
| define_tail[list] define_item { $$ = ast_list_assume($list, $define_item); }
| define_tail[list] exception { $$ = ast_list_add($list, $exception); }
;

exception
: "except" name over "when" expr[when] "then" expr[then]
	{ $$ = MAKE(EXCEPTION, @$, .text = $name, .items = $over, .a = $when, .b = $then); }
;

/* S32: this exception ranks over those named. */
over
: %empty { $$ = NONE; }
| "over" names { $$ = $names; }
;

/* ---- match, sequence, bank ---- */

/*
 *   match visit with log
 *     when       visit.provider = log.provider and visit.client = log.client
 *     near       visit.date at visit.start to log.check_in within 90 minutes
 *     take       at most visit.carers
 *     linked as  visit.logs and log.visit
 */
match
: "match" name "with" name_node match_items
	{ $$ = MAKE(MATCH, @$, .text = $name, .a = $name_node, .items = $match_items); }
;

match_items
: %empty { $$ = NONE; }
| match_items[list] match_item { $$ = ast_list_add($list, $match_item); }
;

match_item
: error { $$ = RECOVER(@$); }
| "when" expr { $$ = MAKE(WHEN, @$, .a = $expr); }
| "near" sum[from] "to" sum[to] "within" sum[reach]
	{ $$ = MAKE(NEAR, @$, .a = $from, .b = $to, .c = $reach); }
| "take" "at most" sum { $$ = MAKE(TAKE, @$, .a = $sum); }
| "linked as" postfix { $$ = MAKE(LINKED_AS, @$, .a = $postfix); }
| "linked as" postfix[left] "and" postfix[right]
	{ $$ = MAKE(LINKED_AS, @$, .a = $left, .b = $right); }
| cites_or_assumed
;

/*
 *   sequence carer_day of log
 *     for each   log.carer, week of log.date
 *     order by   log.check_in
 *     linked as  log.previous and log.next      the row before, then the row after
 */
sequence
: "sequence" name "of" name_node sequence_items
	{ $$ = MAKE(SEQUENCE, @$, .text = $name, .a = $name_node, .items = $sequence_items); }
;

sequence_items
: %empty { $$ = NONE; }
| sequence_items[list] sequence_item { $$ = ast_list_add($list, $sequence_item); }
;

sequence_item
: error { $$ = RECOVER(@$); }
| for_each
| "order by" sums { $$ = MAKE(ORDER_BY, @$, .items = $sums); }
| "linked as" postfix { $$ = MAKE(LINKED_AS, @$, .a = $postfix); }
| "linked as" postfix[previous] "and" postfix[next]
	{ $$ = MAKE(LINKED_AS, @$, .a = $previous, .b = $next); }
| applies_when
| cites_or_assumed
;

/* The clause that says what a finding is about; its forms are told apart here, and what they mean
 * by check_rule.c. */
for_each
: "for each" groups { $$ = MAKE(FOR_EACH, @$, .items = $groups); }
;

groups
: group { $$ = ast_list_add(NONE, $group); }
| groups[list] "," group { $$ = ast_list_add($list, $group); }
;

/*
 *   for each visit                               GROUP_KEY, a row
 *   for each visit.provision, week of visit.date a key and a GROUP_PERIOD: a group
 *   for each l in visit.logs where …             GROUP_IN
 *   for each provision, every week from … to …   GROUP_EVERY
 *   … rolling 13 weeks of visit.date             GROUP_PERIOD with a count: weeks that overlap
 */
group
: postfix { $$ = MAKE(GROUP_KEY, @$, .a = $postfix); }
| postfix "for" name { $$ = MAKE(GROUP_KEY, @$, .a = $postfix, .text = $name); }
| name "in" postfix where_opt
	{ $$ = MAKE(GROUP_IN, @$, .text = $name, .a = $postfix, .b = $where_opt); }
| name "of" postfix { $$ = MAKE(GROUP_PERIOD, @$, .text = $name, .a = $postfix); }
| name[of] "of" postfix "for" name[key]
	{ $$ = MAKE(GROUP_KEY, @$, .text = $key, .a = MAKE(OF, @postfix, .text = $of, .a = $postfix)); }
| "rolling" NUMBER name "of" postfix
	{ $$ = MAKE(GROUP_PERIOD, @$, .text = $name, .a = $postfix, .how = 1,
		.n = LITERAL(whole, @NUMBER, $NUMBER)); }
| "every" NAME { $$ = MAKE(GROUP_EVERY, @$, .text = $NAME); }
| "every" NAME "from" sum[from] "to" sum[to]
	{ $$ = MAKE(GROUP_EVERY, @$, .text = $NAME, .a = $from, .b = $to); }
;

/* `where` stands behind a collection only, and drops rows; `applies when` is a rule's own and
 * drops subjects. */
among
: "among" postfix where_opt { $$ = MAKE(AMONG, @$, .a = $postfix, .b = $where_opt); }
;

where_opt
: %empty { $$ = NULL; }
| "where" expr { $$ = $expr; }
;

/*
 *   bank take_a_break
 *     for each  provision
 *     credit    provision.weekly_hours every week
 *     debit     visit.declared on visit.date among provision.visits
 *     expires   6 weeks after credit
 */
bank
: "bank" name bank_items { $$ = MAKE(BANK, @$, .text = $name, .items = $bank_items); }
;

bank_items
: %empty { $$ = NONE; }
| bank_items[list] bank_item { $$ = ast_list_add($list, $bank_item); }
;

/* S49 to S52 say what expiry, order and amendments mean. Expiry has two forms: so long after the
 * credit, or with a period that ends. A flow without `among` is one entry. */
bank_item
: error { $$ = RECOVER(@$); }
| for_each
| applies_when
| cites_or_assumed
| "credit" sum "every" NAME { $$ = MAKE(CREDIT, @$, .a = $sum, .text = $NAME); }
| "credit" sum[amount] "every" NAME "from" sum[from] "to" sum[to]
	{ $$ = MAKE(CREDIT, @$, .a = $amount, .text = $NAME, .b = $from, .c = $to); }
| "opens with" sum[amount] "on" sum[date]
	{ $$ = MAKE(OPENS, @$, .a = $amount, .d = MAKE(ON, @date, .a = $date)); }
| "credit" sum[amount] "on" sum[date]
	{ $$ = MAKE(CREDIT, @$, .a = $amount, .d = MAKE(ON, @date, .a = $date)); }
| "credit" sum[amount] "on" sum[date] among
	{ $$ = MAKE(CREDIT, @$, .a = $amount, .d = MAKE(ON, @date, .a = $date, .b = $among)); }
| "debit" sum[amount] "on" sum[date] among
	{ $$ = MAKE(DEBIT, @$, .a = $amount, .d = MAKE(ON, @date, .a = $date, .b = $among)); }
| "expires" sum "after" "credit" last_day
	{ $$ = MAKE(EXPIRES, @$, .a = $sum, .how = $last_day); }
| "expires" "with" NAME { $$ = MAKE(EXPIRES, @$, .text = $NAME); }
| "holds" "at most" sum { $$ = MAKE(HOLDS, @$, .a = $sum); }
| "oldest first" { $$ = MAKE(FIRST_USED, @$, .how = 0); }
| "newest first" { $$ = MAKE(FIRST_USED, @$, .how = 1); }
| "in proportion" { $$ = MAKE(FIRST_USED, @$, .how = 2); }
;

/* S49: in, when nothing is said. */
last_day
: %empty { $$ = 0; }
| "," "that day included" { $$ = 0; }
| "," "that day not included" { $$ = 1; }
;

/* ---- rules, measures, spot checks ---- */

/*
 *   rule V1 "Declared more time than the care log supports"
 *     for each      visit
 *     on            visit.date
 *     applies when  visit.outcome is delivered
 *     require       visit.declared <= quarter_hour(visit.logged)
 *     otherwise     "Declared {visit.declared}"
 *     at stake      visit.rate * (visit.declared - visit.logged)
 */
rule
: "rule" name plain rule_items
	{ $$ = MAKE(RULE, @$, .text = $name, .a = $plain, .items = $rule_items); }
;

rule_items
: %empty { $$ = NONE; }
| rule_items[list] rule_item { $$ = ast_list_add($list, $rule_item); }
;

/* S33: an exception of a rule has no value; without `then require` it puts the row out of the
 * rule's reach. */
rule_item
: error { $$ = RECOVER(@$); }
| cites_or_assumed
| "severity" name { $$ = MAKE(SEVERITY, @$, .text = $name); }
| for_each
| among
| on_sum
| applies_when
| "require" expr { $$ = MAKE(REQUIRE, @$, .a = $expr); }
| "except" name over "when" expr
	{ $$ = MAKE(EXCEPTION, @$, .text = $name, .items = $over, .a = $expr); }
| "except" name over "when" expr[when] "then" "require" expr[then]
	{ $$ = MAKE(EXCEPTION, @$, .text = $name, .items = $over, .a = $when, .b = $then); }
| "otherwise" text { $$ = MAKE(OTHERWISE, @$, .a = $text); }
| "at stake" sum { $$ = MAKE(AT_STAKE, @$, .a = $sum); }
| "show" sums { $$ = MAKE(SHOW, @$, .items = $sums); }
;

/* S1: the one date that picks the law for everything below it. */
on_sum
: "on" sum { $$ = MAKE(ON, @$, .a = $sum); }
;

applies_when
: "applies when" expr { $$ = MAKE(APPLIES_WHEN, @$, .a = $expr); }
;

/*
 *   measure due "What a provider is due for a period"
 *     for each  provider, every payment_period
 *     part      core is …
 *     part      settlement is …              the figure is the sum of its parts
 *
 * A figure for a group and period, without a verdict.
 */
measure
: "measure" name plain measure_items
	{ $$ = MAKE(MEASURE, @$, .text = $name, .a = $plain, .items = $measure_items); }
;

/* As a measure, with a target, a failure line and the least evidence (S98). */
kpi
: "kpi" name plain measure_items
	{ $$ = MAKE(KPI, @$, .text = $name, .a = $plain, .items = $measure_items); }
;

measure_items
: %empty { $$ = NONE; }
| measure_items[list] measure_item { $$ = ast_list_assume($list, $measure_item); }
;

/* `assumed` below a target belongs to that target. */
measure_item
: error { $$ = RECOVER(@$); }
| cites_or_assumed
| for_each
| among
| on_sum
| applies_when
| "figure" sum { $$ = MAKE(FIGURE, @$, .a = $sum); }
| "part" name "is" sum { $$ = MAKE(PART, @$, .text = $name, .a = $sum); }
| "target" test { $$ = MAKE(TARGET, @$, .a = $test); }
| "fails" test { $$ = MAKE(FAILS, @$, .a = $test); }
| "needs" "at least" sum { $$ = MAKE(NEEDS, @$, .a = $sum); }
| "compare" sum where_opt { $$ = MAKE(COMPARE, @$, .a = $sum, .b = $where_opt); }
;

/*
 *   spot check weekly_audit
 *     population    visit where visit.outcome is delivered
 *     in strata by  visit.rate * visit.declared split at £10, £50
 *     draw          61 at random
 *     then draw     61 when 1 finding of severity major
 *     confidence    95%
 *     missing       log counts as wrong
 *     extrapolates  under rules "Audit"
 */
spot
: "spot check" name spot_items { $$ = MAKE(SPOT_CHECK, @$, .text = $name, .items = $spot_items); }
;

spot_items
: %empty { $$ = NONE; }
| spot_items[list] spot_item { $$ = ast_list_add($list, $spot_item); }
;

spot_item
: error { $$ = RECOVER(@$); }
| cites_or_assumed
| "population" name where_opt { $$ = MAKE(POPULATION, @$, .text = $name, .b = $where_opt); }
| for_each
| on_sum
| "draw" NUMBER "at" NAME
	{ $$ = MAKE(DRAW, @$, .n = LITERAL(whole, @NUMBER, $NUMBER), .text = $NAME); }
| "draw" NUMBER "by" NAME
	{ $$ = MAKE(DRAW, @$, .n = LITERAL(whole, @NUMBER, $NUMBER), .text = $NAME, .how = 2); }
| "then" "draw" NUMBER "when" finding_count
	{ $$ = MAKE(DRAW, @$, .n = LITERAL(whole, @NUMBER, $NUMBER), .how = 1, .a = $finding_count); }
| "in strata by" sums split_opt { $$ = MAKE(STRATA, @$, .items = $sums, .a = $split_opt); }
| "draw" NUMBER "from each stratum"
	{ $$ = MAKE(DRAW, @$, .n = LITERAL(whole, @NUMBER, $NUMBER), .how = 4); }
| "then" "draw" NUMBER "from each stratum" "when" finding_count
	{ $$ = MAKE(DRAW, @$, .n = LITERAL(whole, @NUMBER, $NUMBER), .how = 5, .a = $finding_count); }
| "full audit" "when" finding_count { $$ = MAKE(FULL_AUDIT, @$, .a = $finding_count); }
| "at stake" sum { $$ = MAKE(AT_STAKE, @$, .a = $sum); }
| share PERCENT
	{ $$ = MAKE(SPOT_SHARE, @$, .text = $share,
		.a = MAKE(PERCENT, @PERCENT, .text = ast_percent_number($PERCENT))); }
| "missing" name "counts" NAME[as] NAME[wrong]
	{ $$ = MAKE(NO_LOG, @$, .text = $name, .text2 = $wrong, .b = NAMED(@as, $as)); }
| "extrapolates" NAME cite
	{ $$ = MAKE(EXTRAPOLATES, @$, .a = NAMED(@NAME, $NAME), .items = ast_list_add(NONE, $cite)); }
;

split_opt
: %empty { $$ = NULL; }
| "split at" sums { $$ = MAKE(SPLIT_AT, @$, .items = $sums); }
;

share
: "confidence"
| "serious"
| "tolerable"
;

finding_count
: NUMBER NAME "of" "severity" name[severity]
	{ $$ = MAKE(FINDINGS, @$, .n = LITERAL(whole, @NUMBER, $NUMBER), .text = $severity); }
;

/* ---- tests in the language ---- */

/*
 *   example quarter_hour(23 minutes) is 30 minutes on 1 May 2025
 */
example
: "example" expr on_date_opt { $$ = MAKE(EXAMPLE, @$, .a = $expr, .b = $on_date_opt); }
;

on_date_opt
: %empty { $$ = NULL; }
| "on" date { $$ = $date; }
;

/*
 *   scenario "sixteen minutes claimed as thirty"
 *     given visit
 *       | visit_ref | date       |
 *       | VS1       | 2025-09-01 |
 *     with parameter rate_floor £19.00 per hour
 *     expect V1 fails for visit VS1 at stake £5.65
 *     expect V1 not assessed for visit VS2 at stake £0.00 to £11.30
 *     expect hours not assessed for provider P1 is 3 hours to 4 hours
 *     expect no other failure
 */
scenario
: "scenario" plain scenario_items
	{ $$ = MAKE(SCENARIO, @$, .a = $plain, .items = $scenario_items); }
;

scenario_items
: %empty { $$ = NONE; }
| scenario_items[list] scenario_item { $$ = ast_list_add($list, $scenario_item); }
;

scenario_item
: error { $$ = RECOVER(@$); }
| "given" name raw_rows { $$ = MAKE(GIVEN, @$, .text = $name, .items = ast_facts($raw_rows)); }
| "with" "parameter" name sum { $$ = MAKE(WITH, @$, .text = $name, .a = $sum); }
| "known" "on" date { $$ = MAKE(KNOWN_ON, @$, .a = $date); }
| "audit" "from" date to_date_opt { $$ = MAKE(AUDIT, @$, .a = $date, .b = $to_date_opt); }
| "expect" expect { $$ = $2; $$->at = @$; }
;

/* `fails` is a word of KPIs too and so a token of its own; other verdicts are names, which the
 * checker knows. The node's place is set to take in the word `expect`. */
expect
: "no" "other" NAME { $$ = MAKE(EXPECT_NO_OTHER, @$, .text = $NAME); }
| name verdict_not verdict "for" subjects on_date_opt stake_opt
	{ $$ = MAKE(EXPECT, @$, .text = $name, .how = $verdict_not, .b = NAMED(@verdict, $verdict),
		.items = $subjects, .c = $on_date_opt, .d = $stake_opt); }
| name verdict_not verdict "for" subjects on_date_opt "is" test
	{ $$ = MAKE(EXPECT, @$, .text = $name, .how = $verdict_not, .b = NAMED(@verdict, $verdict),
		.items = $subjects, .c = $on_date_opt, .d = $test, .n = 1); }
| name "for" subjects on_date_opt "is" test
	{ $$ = MAKE(EXPECT_VALUE, @$, .text = $name, .items = $subjects, .c = $on_date_opt,
		.b = $test); }
;

verdict_not
: %empty { $$ = 0; }
| "not" { $$ = 1; }
;

verdict
: NAME
| "fails" { $$ = STR("fails"); }
;

/* What is known, or what it could come to: both ends, or the one that it has. */
stake_opt
: %empty { $$ = NULL; }
| "at stake" sum { $$ = $sum; }
| "at stake" bound sum { $$ = MAKE(TEST_COMPARE, @$, .a = $sum, .how = $bound); }
| "at stake" sum[low] "to" sum[high] { $$ = MAKE(TEST_RANGE, @$, .a = $low, .b = $high); }
;

subjects
: subject { $$ = ast_list_add(NONE, $subject); }
| subjects[list] "," subject { $$ = ast_list_add($list, $subject); }
;

subject
: name subject_key { $$ = MAKE(SUBJECT, @$, .text = $name, .a = $subject_key); }
;

/* Keys as people write them: a number, a text in quotes, a date for a period. */
subject_key
: NAME { $$ = NAMED(@$, $NAME); }
| NUMBER { $$ = MAKE(NUMBER, @$, .text = $NUMBER); }
| plain
| date
;

/* ---- expressions, loosest first ---- */

/*
 *   expr       if … then … else …
 *   disj       or                    each level is made of the one below it, so what
 *   conj       and                   binds closer stands further down: no table of
 *   neg        not                   precedences is needed, and none can be wrong
 *   comparison <  is
 *   sum        + -
 *   product    * /
 *   unary      -
 *   fallback   or else
 *   dated      as at
 *   moment     of  at
 *   postfix    .field
 */
expr
: disj
| "if" expr[when] "then" expr[then] "else" expr[otherwise]
	{ $$ = MAKE(IF, @$, .a = $when, .b = $then, .c = $otherwise); }
;

disj
: conj
| disj[left] "or" conj[right] { $$ = MAKE(OR, @$, .a = $left, .b = $right); }
;

conj
: neg
| conj[left] "and" neg[right] { $$ = MAKE(AND, @$, .a = $left, .b = $right); }
;

/* `not` reaches over a whole comparison: not a = b is not (a = b). */
neg
: comparison
| "not" neg[of] { $$ = MAKE(NOT, @$, .a = $of); }
;

comparison
: sum
| sum[left] relop sum[right] { $$ = MAKE(COMPARISON, @$, .a = $left, .b = $right, .how = $relop); }
| sum "is" test { $$ = MAKE(IS, @$, .a = $sum, .b = $test); }
| sum "is" "not" test { $$ = MAKE(IS, @$, .a = $sum, .b = $test, .how = 1); }
| chain
;

/* Parsed so that it can be complained of once, however long it is: 1 < x < 3. */
chain
: sum relop sum relop[again] sum { $$ = ast_chained(&p->build, @$, @again); }
| sum "is" test relop[again] sum { $$ = ast_chained(&p->build, @$, @again); }
| chain relop sum { $$ = $1; }
;

relop
: "<" { $$ = AST_LT; }
| "<=" { $$ = AST_LE; }
| "=" { $$ = AST_EQ; }
| "<>" { $$ = AST_NE; }
| ">=" { $$ = AST_GE; }
| ">" { $$ = AST_GT; }
;

/* What may stand behind `is`, in a cell, or as a target. Law 10: `to` has both ends in, `to
 * below` leaves the upper one out. */
test
: sum { $$ = MAKE(TEST_VALUE, @$, .a = $sum); }
| "known" { $$ = MAKE(TEST_KNOWN, @$, .n = 0); }
| "missing" { $$ = MAKE(TEST_MISSING, @$, .n = 0); }
| bound sum { $$ = MAKE(TEST_COMPARE, @$, .a = $sum, .how = $bound); }
| "before" sum { $$ = MAKE(TEST_BEFORE, @$, .a = $sum); }
| "after" sum { $$ = MAKE(TEST_AFTER, @$, .a = $sum); }
| sum[low] "to" sum[high] { $$ = MAKE(TEST_RANGE, @$, .a = $low, .b = $high); }
| sum[low] "to" "below" sum[high] { $$ = MAKE(TEST_RANGE, @$, .a = $low, .b = $high, .how = 1); }
| "one of" "(" sums ")" { $$ = MAKE(TEST_ONE_OF, @$, .items = $sums); }
| "one of" name { $$ = MAKE(TEST_ONE_OF_NAME, @$, .text = $name); }
| "within" sum { $$ = MAKE(TEST_WITHIN, @$, .a = $sum); }
| "within" sum[reach] side sum[of]
	{ $$ = MAKE(TEST_WITHIN_SIDE, @$, .a = $reach, .b = $of, .how = $side); }
;

/* The words, for readers; the signs < <= >= > are for comparisons. */
bound
: "at least" { $$ = AST_GE; }
| "at most" { $$ = AST_LE; }
| "below" { $$ = AST_LT; }
| "above" { $$ = AST_GT; }
;

/* S43: `within X before b`, `after b` and `either side of b` are said apart, because `within 14
 * days of` is read one-sided and `within 30 minutes of` two-sided. */
side
: "before" { $$ = AST_BEFORE; }
| "after" { $$ = AST_AFTER; }
| "either side of" { $$ = AST_EITHER_SIDE; }
;

sum
: product
| sum[left] "+" product[right] { $$ = MAKE(ADD, @$, .a = $left, .b = $right); }
| sum[left] "-" product[right] { $$ = MAKE(SUBTRACT, @$, .a = $left, .b = $right); }
;

product
: unary
| product[left] "*" unary[right] { $$ = MAKE(MULTIPLY, @$, .a = $left, .b = $right); }
| product[left] "/" unary[right] { $$ = MAKE(DIVIDE, @$, .a = $left, .b = $right); }
;

/* Binds looser than `or else`: -x or else 0 is the negative of whichever is known. */
unary
: fallback
| "-" unary[of] { $$ = MAKE(NEGATE, @$, .a = $of); }
;

fallback
: dated
| fallback[left] "or else" dated[right] { $$ = MAKE(OR_ELSE, @$, .a = $left, .b = $right); }
;

dated
: moment
| dated[left] "as at" moment[right] { $$ = MAKE(AS_AT, @$, .a = $left, .b = $right); }
;

/* `of` binds looser than a dot: (week of d).first needs its brackets. */
moment
: postfix
| name "of" postfix { $$ = MAKE(OF, @$, .text = $name, .a = $postfix); }
| PERCENT "of" postfix
	{ $$ = MAKE(PERCENT_OF, @$, .a = MAKE(PERCENT, @PERCENT, .text = ast_percent_number($PERCENT)),
		.b = $postfix); }
| postfix[left] "at" postfix[right] { $$ = MAKE(AT, @$, .a = $left, .b = $right); }
;

/* After a dot the scanner takes any word for a field. */
postfix
: primary
| postfix[of] FIELD { $$ = MAKE(DOT, @$, .a = $of, .text = $FIELD); }
;

/* An aggregate is a call whose brackets name rows: total(l.spent for l in visit.logs where …).
 * Which names are aggregates is not known here. */
primary
: literal
| name { $$ = NAMED(@$, $name); }
| name "(" ")" { $$ = MAKE(CALL, @$, .text = $name); }
| name "(" exprs ")" { $$ = MAKE(CALL, @$, .text = $name, .items = $exprs); }
| name "(" expr[value] "where" expr[where] ")"
	{ $$ = MAKE(AGGREGATE, @$, .text = $name, .a = $value, .c = $where); }
| name[function] "(" expr[value] "for" name[row] "in" dated where_opt by_opt ")"
	{ $$ = MAKE(AGGREGATE, @$, .text = $function, .a = $value, .text2 = $row, .b = $dated,
		.c = $where_opt, .d = $by_opt); }
| name[function] "(" name[row] "in" dated where_opt by_opt ")"
	{ $$ = MAKE(AGGREGATE, @$, .text = $function, .text2 = $row, .b = $dated,
		.c = $where_opt, .d = $by_opt); }
| "(" expr ")" { $$ = MAKE(BRACKETS, @$, .a = $expr); }
;

by_opt
: %empty { $$ = NULL; }
| "by" sum { $$ = $sum; }
;

/* Arguments may be whole expressions, with `or` and `if`. */
exprs
: expr { $$ = ast_list_add(NONE, $expr); }
| exprs[list] "," expr { $$ = ast_list_add($list, $expr); }
;

/* Where a list goes on after a comma into words of its own (`one of`, `show`), items are no
 * looser than a sum. */
sums
: sum { $$ = ast_list_add(NONE, $sum); }
| sums[list] "," sum { $$ = ast_list_add($list, $sum); }
;

/* A day without a year is a literal too, since calendars have them; as a value it is refused
 * later. */
literal
: NUMBER { $$ = MAKE(NUMBER, @$, .text = $NUMBER); }
| quantity per_opt { $$ = MAKE(MEASURE_OF, @$, .items = $quantity, .b = $per_opt); }
| PERCENT { $$ = MAKE(PERCENT, @$, .text = ast_percent_number($PERCENT)); }
| MONEY per_opt { $$ = ast_money(&p->build, @$, $MONEY, $per_opt); }
| date
| DAYMONTH { $$ = LITERAL(daymonth, @$, $DAYMONTH); }
| MOMENT { $$ = LITERAL(moment, @$, $MOMENT); }
| CLOCK { $$ = LITERAL(clock, @$, $CLOCK); }
| WEEKDAY { $$ = LITERAL(weekday, @$, $WEEKDAY); }
| "yes" { $$ = MAKE(YES_NO, @$, .n = 1); }
| "no" { $$ = MAKE(YES_NO, @$, .n = 0); }
| text
;

/* 1 hour 30 minutes is a run of NUMBER NAME. No clause word may follow a number by chance, which
 * is why those are reserved. */
quantity
: NUMBER NAME
	{ $$ = ast_list_add(NONE, MAKE(NUMBER, @$, .text = $NUMBER, .a = NAMED(@NAME, $NAME))); }
| quantity[list] NUMBER NAME
	{ $$ = ast_list_add($list, MAKE(NUMBER, @NUMBER, .text = $NUMBER, .a = NAMED(@NAME, $NAME))); }
;

/* Whether the day exists is looked at when the node is made: 31 June is told as such. */
date
: DATE { $$ = LITERAL(date, @$, $DATE); }
;

/* Values in braces make it a template of texts and expressions by turns, beginning and ending
 * with a text. */
text
: TEXT { $$ = LITERAL(text, @$, $TEXT); }
| template TEXT_TAIL
	{ $$ = MAKE(TEMPLATE, @$,
		.items = ast_list_add($template, LITERAL(text, @TEXT_TAIL, $TEXT_TAIL))); }
;

template
: TEXT_HEAD expr { $$ = ast_list_pair(NONE, LITERAL(text, @TEXT_HEAD, $TEXT_HEAD), $expr); }
| template[list] TEXT_MID expr
	{ $$ = ast_list_pair($list, LITERAL(text, @TEXT_MID, $TEXT_MID), $expr); }
;

/* Titles, reasons and sources are printed as they stand: braces in them are an error, once. */
plain
: text { $$ = ast_plain(&p->build, $text); }
;

names
: name_node { $$ = ast_list_add(NONE, $name_node); }
| names[list] "," name_node { $$ = ast_list_add($list, $name_node); }
;

name_node
: name { $$ = NAMED(@$, $name); }
;

/* Each of these may be a name everywhere without a conflict. Of the reserved words some could not,
 * and others would leave the reader of an error message guessing. */
name
: NAME | "contract" | "calendar" | "table" | "match" | "sequence" | "bank" | "rule" | "measure"
| "kpi" | "example" | "scenario" | "parameter" | "rounding" | "dataset" | "title" | "council"
| "version" | "source" | "key" | "periods" | "dates" | "credit" | "debit" | "figure" | "part"
| "target" | "population" | "rolling" | "severity" | "audit" | "other" | "confidence" | "serious"
| "tolerable" | "extrapolates" | "layout" | "reference" | "ignores"
;

%%

/* { Syntax errors go to yyreport_syntax_error below; this is for the rest. */
static void grammar_error(const Span *at, Parse *p, const char *message)
{
	(void)message; /* the only one is that the parser's stack is full */
	parse_too_deep(p, *at);
}

/* All tokens that could have come, by name; parse.c picks those that are worth saying. The array
 * has room for every token, so the count is never refused. */
static int yyreport_syntax_error(const yypcontext_t *context, Parse *p)
{
	yysymbol_kind_t kinds[YYNTOKENS];
	const char *names[YYNTOKENS];
	int count = yypcontext_expected_tokens(context, kinds, YYNTOKENS);
	for (int i = 0; i < count; i++)
		names[i] = yysymbol_name(kinds[i]);
	parse_unexpected(p, *yypcontext_location(context), names, count);
	return 0;
}
