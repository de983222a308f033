/*
 * The scanner and the grammar (dsl/parse.h): which tree a text has, which
 * diagnostics, where its limits are. Trees are compared as text ("comparison
 * [how=1]" and indented operands), so that a test reads like the tree it
 * expects.
 *
 *   tests/golden/whole-language.vouch   every construct once; its tree is in .tree beside it
 *   tests/golden/parse                  broken files, their diagnostics in .diag
 *
 * VOUCH_RECORD=1 records both anew.
 */
#include "dsl/parse.h"

#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "tests/unit/random.h"

Suite *parse_suite(void);

/* One parsed text and all that belongs to it. */
typedef struct Parsed {
	Arena arena;
	Sources sources;
	Diags diags;
	Ast *ast;
} Parsed;

/* The text is copied: the parser's slices must not outlive it. */
static void begin(Parsed *parsed, const char *path, Str text)
{
	*parsed = (Parsed){.ast = NULL};
	parsed->sources.arena = &parsed->arena;
	*vec_push(&parsed->sources.file) = (Source){
		str_copy(&parsed->arena, str_of(path)), str_copy(&parsed->arena, text), {0}
	};
	diags_init(&parsed->diags, &parsed->arena, &parsed->sources);
}

/* The path is what diagnostics show. */
static void parse_as(Parsed *parsed, const char *path, Str text)
{
	begin(parsed, path, text);
	parsed->ast = parse_file(&parsed->arena, &parsed->sources, 0, &parsed->diags);
}

static void parse_expr(Parsed *parsed, const char *text)
{
	begin(parsed, "expression", str_of(text));
	parsed->ast = parse_expression(&parsed->arena, &parsed->sources, 0, &parsed->diags);
}

/* Vectors are on the heap, all else is the arena's. */
static void end(Parsed *parsed)
{
	vec_free(&parsed->diags.list);
	vec_free(&parsed->sources.file);
	arena_free(&parsed->arena);
}

static const char *top(void)
{
	const char *folder = getenv("top_srcdir");
	if (folder == NULL)
		folder = getenv("srcdir");
	return folder != NULL ? folder : ".";
}

/* Empty for a file that is not there: comparing then says which. */
static Buf read_whole(const char *path)
{
	Buf text = {0};
	FILE *file = fopen(path, "rb");
	char bytes[4096];
	buf_puts(&text, "");
	for (size_t n; file != NULL && (n = fread(bytes, 1, sizeof bytes, file)) > 0;)
		buf_str(&text, (Str){bytes, n});
	if (file != NULL)
		fclose(file);
	return text;
}

static void write_whole(const char *path, Str text)
{
	FILE *file = fopen(path, "wb");
	ck_assert_msg(file != NULL, "cannot write %s", path);
	fwrite(text.ptr, 1, text.len, file);
	fclose(file);
}

/* Compares with the file, or records it anew when VOUCH_RECORD is set. */
static void expect_file(const char *path, Str got)
{
	if (getenv("VOUCH_RECORD") != NULL) {
		write_whole(path, got);
		return;
	}
	Buf wanted = read_whole(path);
	ck_assert_msg(str_eq(buf_view(&wanted), got), "%s differs; got\n%.*s", path, STR_ARG(got));
	buf_free(&wanted);
}

/* Without colour, as the golden files are. */
static Str printed(Parsed *parsed, Buf *out)
{
	diags_print(&parsed->diags, out, false);
	return buf_view(out);
}

/* Prints the diagnostics of a text that should have none. */
static void expect_sound(Parsed *parsed, const char *what)
{
	Buf out = {0};
	ck_assert_msg(parsed->diags.list.n == 0, "%.60s:\n%s", what, printed(parsed, &out).ptr);
	buf_free(&out);
}

/* Codes of all diagnostics in the order raised: "E0106 E0109". */
static void expect_codes(const char *text, const char *wanted)
{
	Parsed parsed;
	Buf codes = {0};
	parse_as(&parsed, "codes", str_of(text));
	buf_puts(&codes, "");
	for (size_t i = 0; i < parsed.diags.list.n; i++)
		buf_printf(&codes, "%s%s", i > 0 ? " " : "", diag_code_text(parsed.diags.list.at[i].code));
	ck_assert_msg(strcmp(codes.at, wanted) == 0, "%.60s: got '%s', wanted '%s'", text, codes.at,
		wanted);
	buf_free(&codes);
	end(&parsed);
}

/* Must be sound as well: a tree with errors in it could look the same. */
static void expect_tree(const char *text, const char *wanted)
{
	Parsed parsed;
	Buf tree = {0};
	parse_expr(&parsed, text);
	expect_sound(&parsed, text);
	ast_dump(parsed.ast, &tree);
	ck_assert_msg(strcmp(tree.at, wanted) == 0, "%s: got\n%s", text, tree.at);
	buf_free(&tree);
	end(&parsed);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/*
 * Calls `each` for every .vouch file below a folder of the source tree; gives
 * how many. In the order of names, for the sake of whoever reads the log.
 */
static int for_files(const char *folder, void (*each)(const char *path, const char *name))
{
	struct dirent **entries;
	int count = 0, n = scandir(folder, &entries, NULL, by_name);
	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;
		const char *dot = strrchr(name, '.');
		char path[4096];
		snprintf(path, sizeof path, "%s/%s", folder, name);
		if (dot != NULL && strcmp(dot, ".vouch") == 0)
			each(path, name), count++;
		else if (name[0] != '.' && entries[i]->d_type == DT_DIR)
			count += for_files(path, each);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	return count;
}

static int for_files_in(const char *folder, void (*each)(const char *path, const char *name))
{
	char path[4096];
	snprintf(path, sizeof path, "%s/%s", top(), folder);
	return for_files(path, each);
}

static void golden(const char *path, const char *name)
{
	Parsed parsed;
	Buf text = read_whole(path), out = {0};
	parse_as(&parsed, name, buf_view(&text));
	char wanted[4096];
	snprintf(wanted, sizeof wanted, "%.*s.diag", (int)(strlen(path) - strlen(".vouch")), path);
	expect_file(wanted, printed(&parsed, &out));
	buf_free(&text);
	buf_free(&out);
	end(&parsed);
}

/* At least so many, or a wrong folder would pass. */
START_TEST(golden_diagnostics)
{
	ck_assert_int_ge(for_files_in("tests/golden/parse", golden), 12);
}
END_TEST

/*
 * And not empty: a file whose declarations were all lost has no diagnostics
 * either.
 */
static void sound_file(const char *path, const char *name)
{
	Parsed parsed;
	Buf text = read_whole(path);
	parse_as(&parsed, name, buf_view(&text));
	expect_sound(&parsed, path);
	ck_assert_ptr_nonnull(parsed.ast->items);
	buf_free(&text);
	end(&parsed);
}

static int count_items(const Ast *file)
{
	int n = 0;
	for (const Ast *item = file->items; item != NULL; item = item->next)
		n++;
	return n;
}

/* Declarations in front of the contract do not hide it, and slips far behind it are not met. */
START_TEST(a_head_ends_behind_the_contract)
{
	const char *text = "parameter a : money\n  throughout £1\ncontract x/y\n  amends \"1\"\n"
		"parameter b : money\n  throughout £2\nparameter c : money\n  throughout £3\n"
		"parameter d : !!\n";
	Parsed parsed;
	begin(&parsed, "test", str_of(text));
	parsed.ast = parse_head(&parsed.arena, &parsed.sources, 0, &parsed.diags);
	ck_assert_int_eq(count_items(parsed.ast), 3);
	ck_assert_int_eq(parsed.ast->items->next->kind, AST_CONTRACT);
	ck_assert_int_eq(parsed.ast->items->next->items->kind, AST_AMENDS);
	ck_assert_uint_eq(parsed.diags.errors, 0);
	end(&parsed);
	parse_as(&parsed, "test", str_of(text));
	ck_assert_int_ge(count_items(parsed.ast), 4);
	ck_assert_uint_gt(parsed.diags.errors, 0);
	end(&parsed);
}
END_TEST

/* Whatever else changes, what is in use must stay sound. */
START_TEST(shipped_rules_parse)
{
	ck_assert_int_ge(for_files_in("rules", sound_file), 4);
}
END_TEST

/* From the source tree, wherever the build is. */
static Buf whole_language(void)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/tests/golden/whole-language.vouch", top());
	return read_whole(path);
}

/* A change of the grammar shows here as a difference for somebody to read. */
START_TEST(whole_language_has_its_tree)
{
	Parsed parsed;
	Buf text = whole_language(), tree = {0};
	parse_as(&parsed, "whole-language.vouch", buf_view(&text));
	expect_sound(&parsed, "whole-language.vouch");
	ast_dump(parsed.ast, &tree);
	char path[4096];
	snprintf(path, sizeof path, "%s/tests/golden/whole-language.tree", top());
	expect_file(path, buf_view(&tree));
	buf_free(&text);
	buf_free(&tree);
	end(&parsed);
}
END_TEST

/* Children and lists alike. */
static void mark_kinds(const Ast *ast, bool seen[AST_KIND_COUNT])
{
	if (ast == NULL)
		return;
	seen[ast->kind] = true;
	mark_kinds(ast->a, seen);
	mark_kinds(ast->b, seen);
	mark_kinds(ast->c, seen);
	mark_kinds(ast->d, seen);
	for (const Ast *item = ast->items; item != NULL; item = item->next)
		mark_kinds(item, seen);
}

/* Otherwise a new construct could be left out of the golden tree unnoticed. */
START_TEST(whole_language_holds_every_kind)
{
	Parsed parsed;
	bool seen[AST_KIND_COUNT] = {false};
	Buf text = whole_language();
	parse_as(&parsed, "whole-language.vouch", buf_view(&text));
	mark_kinds(parsed.ast, seen);
	for (int kind = 0; kind < AST_KIND_COUNT; kind++)
		ck_assert_msg(seen[kind] || kind == AST_ERROR, "no %s", ast_word((AstKind)kind));
	buf_free(&text);
	end(&parsed);
}
END_TEST

/*
 * Whatever is cut off or changed, parsing ends, gives a file, and says
 * something or nothing. Law 13: a rule file ends. Cut off at every 97th byte,
 * and with one byte changed to a sign that the scanner treats specially.
 */
START_TEST(broken_files_end_well)
{
	Buf text = whole_language();
	Random random = {7};
	for (size_t cut = 0; cut < text.n; cut += 97) {
		Parsed parsed;
		Str front = {text.at, cut};
		parse_as(&parsed, "cut", front);
		ck_assert_int_eq(parsed.ast->kind, AST_FILE);
		end(&parsed);
	}
	for (int round = 0; round < 300; round++) {
		Parsed parsed;
		size_t at = random_below(&random, text.n);
		char old = text.at[at];
		text.at[at] = "\"{}|()\n:,.-x0 \xC2"[random_below(&random, 15)];
		parse_as(&parsed, "changed", buf_view(&text));
		ck_assert_int_eq(parsed.ast->kind, AST_FILE);
		end(&parsed);
		text.at[at] = old;
	}
	buf_free(&text);
}
END_TEST

/* ---- limits: at N and at N + 1 ---- */

static void repeat(Buf *text, const char *piece, int times)
{
	for (int i = 0; i < times; i++)
		buf_puts(text, piece);
}

/* A sound example follows, so that recovery is tried too. */
static void expect_nested(const char *open, const char *middle, const char *close, int times,
	const char *codes)
{
	Buf text = {0};
	buf_puts(&text, "example ");
	repeat(&text, open, times);
	buf_puts(&text, middle);
	repeat(&text, close, times);
	buf_puts(&text, "\nexample 1 = 1\n");
	expect_codes(text.at, codes);
	buf_free(&text);
}

/*
 * Every construct that recurses: one without a limit would end the process by
 * its stack.
 */
START_TEST(nesting_has_a_limit)
{
	static const char *const forms[][3] = {
		{"(", "1", ")"}, {"f(", "1", ")"}, {"-", "1", ""}, {"not ", "yes", ""},
		{"if a then b else ", "c", ""},
	};
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		expect_nested(forms[i][0], forms[i][1], forms[i][2], LIMIT_NESTING, "");
		expect_nested(forms[i][0], forms[i][1], forms[i][2], LIMIT_NESTING + 1, "E0104");
		expect_nested(forms[i][0], forms[i][1], forms[i][2], 10000, "E0104");
	}
	expect_nested("(", "", "", 100000, "E0104");
	expect_nested("-not ", "1", "", 100000, "E0106");
	expect_nested("if ", "", "", 10000, "E0104");
}
END_TEST

/*
 * Left recursion needs no stack in the parser, but whoever walks the tree
 * afterwards does.
 */
START_TEST(chains_have_a_limit)
{
	/* The name is the first level, each sign one more. */
	expect_nested("a + ", "a", "", LIMIT_TREE - 2, "");
	expect_nested("a + ", "a", "", LIMIT_TREE, "E0104");
	expect_nested("a + ", "a", "", 100000, "E0104");
	expect_nested("a and ", "a", "", 100000, "E0104");
	expect_nested("a or else ", "a", "", 100000, "E0104");
	expect_nested("", "a", ".b", 100000, "E0104");
	expect_nested("1 < ", "2", "", 1000, "E0113");
}
END_TEST

/* Asserts on the way that no node is deeper than it says. */
static uint32_t depth_of(const Ast *ast)
{
	uint32_t depth = 0;
	const Ast *children[] = {ast->a, ast->b, ast->c, ast->d};
	for (int i = 0; i < 4; i++)
		if (children[i] != NULL && depth_of(children[i]) > depth)
			depth = depth_of(children[i]);
	for (const Ast *item = ast->items; item != NULL; item = item->next)
		if (depth_of(item) > depth)
			depth = depth_of(item);
	ck_assert_uint_ge(ast->depth, depth + 1);
	return depth + 1;
}

/* The limit above is counted with it. */
START_TEST(nodes_know_their_depth)
{
	static const char *const texts[] = {
		"example a.b.c + 1\n", "calendar c\n  dates\n  | 2025-01-01 | x | |\n",
		"kpi k \"t\"\n  target at most 5% assumed \"x\"\n",
		"sequence s of v\n  linked as v.a and v.b.c.d\n",
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		Parsed parsed;
		parse_as(&parsed, "depth", str_of(texts[i]));
		expect_sound(&parsed, texts[i]);
		depth_of(parsed.ast);
		end(&parsed);
	}
}
END_TEST

/* Each level is a state of the scanner. */
START_TEST(texts_in_texts_have_a_limit)
{
	expect_nested("\"{", "a", "}\"", 32, "");
	expect_nested("\"{", "a", "}\"", 33, "E0104");
	expect_nested("\"{", "a", "", 32, "E0109");
	expect_nested("\"{", "a", "", 33, "E0104");
}
END_TEST

/* A text, a name, and a comment, which has none. */
START_TEST(tokens_have_a_limit)
{
	Buf text = {0};
	buf_puts(&text, "rule V1 \"");
	buf_pad(&text, 'x', LIMIT_TOKEN_BYTES - 2);
	buf_puts(&text, "\"\n  severity major\n");
	expect_codes(text.at, "");
	buf_clear(&text);
	buf_puts(&text, "rule V1 \"");
	buf_pad(&text, 'x', LIMIT_TOKEN_BYTES - 1);
	buf_puts(&text, "\"\n  severity major\n");
	expect_codes(text.at, "E0105");
	buf_clear(&text);
	buf_puts(&text, "rule ");
	buf_pad(&text, 'x', LIMIT_TOKEN_BYTES + 1);
	buf_puts(&text, " \"a\" # ");
	buf_pad(&text, 'x', LIMIT_TOKEN_BYTES + 1);
	expect_codes(text.at, "E0105");
	buf_free(&text);
}
END_TEST

/* The last size that is read and the first that is not. */
START_TEST(files_have_a_limit)
{
	Buf text = {0};
	buf_pad(&text, ' ', LIMIT_FILE_BYTES);
	expect_codes(text.at, "");
	buf_char(&text, ' ');
	expect_codes(text.at, "E0103");
	buf_free(&text);
}
END_TEST

/* ---- the text ---- */

/*
 * From Windows, with a byte order mark, with no-break spaces of a word
 * processor: one tree.
 */
START_TEST(line_ends_blanks_and_marks_do_not_matter)
{
	static const char *const same[] = {
		"rule V1 \"a\"\n  severity major\n  on visit.date\n",
		"rule V1 \"a\"\r\n  severity major\r\n  on visit.date\r\n",
		"\xEF\xBB\xBFrule V1 \"a\" severity major on visit.date",
		"rule\xC2\xA0V1\t\"a\"\n\n# a comment\nseverity # another\n major on visit\n.date",
	};
	Parsed first, other;
	parse_as(&first, "first", str_of(same[0]));
	for (size_t i = 1; i < sizeof same / sizeof *same; i++) {
		parse_as(&other, "other", str_of(same[i]));
		expect_sound(&other, same[i]);
		ck_assert_msg(ast_same(first.ast, other.ast), "%s", same[i]);
		end(&other);
	}
	end(&first);
}
END_TEST

/* S74: two spellings of é are one text. */
START_TEST(texts_are_normalised)
{
	/* e and a combining acute accent become one character; doubled braces become single. */
	expect_tree("\"cafe\xCC\x81\"", "text \"caf\xC3\xA9\"\n");
	expect_tree("\"{{a}} }}{{\"", "text \"{a} }{\"\n");
	expect_tree("\"\"", "text\n");
	expect_tree("\"a # b\"", "text \"a # b\"\n");
	expect_tree("\"{a}\"", "text\n  - text\n  - name \"a\"\n  - text\n");
	expect_tree("\"{{{a}}}\"", "text\n  - text \"{\"\n  - name \"a\"\n  - text \"}\"\n");
	expect_tree("\"{\"{a}\"}\"", "text\n  - text\n  - text\n    - text\n    - name \"a\"\n"
		"    - text\n  - text\n");
}
END_TEST

/* Clauses are pasted from documents; the signs arrive with them. */
START_TEST(word_processor_signs_are_taken)
{
	expect_tree("a \xE2\x89\xA4 b", "comparison [how=1]\n  a: name \"a\"\n  b: name \"b\"\n");
	expect_tree("a \xE2\x89\xA5 b", "comparison [how=4]\n  a: name \"a\"\n  b: name \"b\"\n");
	expect_tree("a \xE2\x89\xA0 b", "comparison [how=3]\n  a: name \"a\"\n  b: name \"b\"\n");
	expect_tree("a \xC3\x97 b", "*\n  a: name \"a\"\n  b: name \"b\"\n");
}
END_TEST

/* One tree for each pair of neighbours in the table of operators. */
START_TEST(precedence)
{
	expect_tree("not a is b",
		"not\n  a: is\n    a: name \"a\"\n    b: value\n      a: name \"b\"\n");
	expect_tree("a - b - c", "-\n  a: -\n    a: name \"a\"\n    b: name \"b\"\n  b: name \"c\"\n");
	expect_tree("a + b * c", "+\n  a: name \"a\"\n  b: *\n    a: name \"b\"\n    b: name \"c\"\n");
	expect_tree("a or else b * c",
		"*\n  a: or else\n    a: name \"a\"\n    b: name \"b\"\n  b: name \"c\"\n");
	expect_tree("a or b and c",
		"or\n  a: name \"a\"\n  b: and\n    a: name \"b\"\n    b: name \"c\"\n");
	expect_tree("week of d.e", "of \"week\"\n  a: field \"e\"\n    a: name \"d\"\n");
	expect_tree("-a * b", "*\n  a: negation\n    a: name \"a\"\n  b: name \"b\"\n");
	expect_tree("5% of a * b", "*\n  a: percent of\n    a: percent \"5\"\n    b: name \"a\"\n"
		"  b: name \"b\"\n");
}
END_TEST

/* A keyword inside a name is no keyword; behind a dot any word is a field. */
START_TEST(words_keep_their_bounds)
{
	expect_tree("at_most", "name \"at_most\"\n");
	expect_tree("70p", "money \"70\" [how=1]\n");
	expect_tree("notice", "name \"notice\"\n");
	expect_tree("oneof", "name \"oneof\"\n");
	expect_tree("a.from.is.key", "field \"key\"\n  a: field \"is\"\n    a: field \"from\"\n"
		"      a: name \"a\"\n");
	expect_tree("a . where", "field \"where\"\n  a: name \"a\"\n");
	expect_codes("example 70pence\n", "E0110");
	expect_codes("example a is at mostly\n", "E0106");
}
END_TEST

/*
 * Councils have datasets called `contract` and fields called `version`: words
 * that only begin a clause must stay free.
 */
START_TEST(clause_words_may_be_names)
{
	static const char *const words[] = {
		"contract", "calendar", "table", "match", "sequence", "bank", "rule", "measure", "kpi",
		"example", "scenario", "parameter", "rounding", "dataset", "title", "council", "version",
		"source", "key", "periods", "dates", "credit", "debit", "figure", "part", "target",
		"population", "rolling", "severity", "audit", "other",
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		Buf text = {0};
		const char *w = words[i];
		buf_printf(&text, "dataset %s from %s\n  key %s\n  %s : one of (%s)\n"
			"define %s for %s : %s\n  is %s.x + %s(%s for %s in %s.y)\n", w, w, w, w, w, w, w, w, w,
			w, w, w, w);
		expect_codes(text.at, "");
		buf_free(&text);
	}
}
END_TEST

/* A head word that is no head leaves alone how rows are read. */
START_TEST(rows_are_read_by_what_they_belong_to)
{
	expect_codes("scenario \"a\"\n  given table\n    | O'Brien & Sons | # | b | # a comment\n"
		"    | at at at | | c |\n", "");
	expect_codes("replace table t (a : text) : text\n  | is | # |\n  | b | c | # a comment\n", "");
	expect_codes("table t (a : text) : text\n  | is | rule |\n  | is | rule |\n", "E0106");
	expect_codes("calendar c\n  dates\n  | 2025-01-01 | New Year's Day | |\n", "");
	expect_codes("example a | b\n", "E0106");
}
END_TEST

/* ---- places ---- */

/* By the text that the place covers, which shows at once what is off by one. */
static void expect_at(Span at, const Parsed *parsed, const char *wanted)
{
	Str got = source_text(&parsed->sources, at);
	ck_assert_msg(str_eq(got, str_of(wanted)), "got '%.*s', wanted '%s'", STR_ARG(got), wanted);
}

/*
 * Behind a £, so that bytes and characters differ; without the blanks at the
 * end.
 */
START_TEST(nodes_know_their_places)
{
	Parsed parsed;
	parse_as(&parsed, "places", STR("# \xC2\xA3\nparameter floor : money\n"
		"  from 1 May 2025 \xC2\xA3" "1 assumed \"x\"\n"
		"define a for visit : money\n  is  b . c \n"));
	const Ast *parameter = parsed.ast->items, *define = parameter->next;
	expect_at(parameter->name_at, &parsed, "floor");
	expect_at(parameter->items->b->at, &parsed, "\xC2\xA3" "1");
	expect_at(parameter->items->d->a->at, &parsed, "\"x\"");
	expect_at(define->c->at, &parsed, "b . c");
	expect_at(define->c->name_at, &parsed, "c");
	expect_at(define->a->name_at, &parsed, "visit");
	expect_at(define->at, &parsed, "define a for visit : money\n  is  b . c");
	end(&parsed);
}
END_TEST

/* ---- errors ---- */

/*
 * One broken clause must not cost the rest of its rule, nor the rules behind
 * it.
 */
START_TEST(what_is_sound_is_kept)
{
	Parsed parsed;
	parse_as(&parsed, "kept", STR("rule V1 \"a\"\n  require ) x\n  severity major\n"
		"rule V2 \"b\"\n  severity minor\nexample 1 +\nrule V3 \"c\"\nexample rule + 1\n"));
	ck_assert_uint_eq(parsed.diags.errors, 2);
	const Ast *rule = parsed.ast->items;
	ck_assert_int_eq(rule->items->kind, AST_ERROR);
	ck_assert_int_eq(rule->items->next->kind, AST_SEVERITY);
	ck_assert(str_eq(rule->next->text, STR("V2")));
	ck_assert(str_eq(rule->next->next->text, STR("V3")));
	end(&parsed);
}
END_TEST

/* Fifteen mistakes, fifteen messages: recovery neither swallows nor multiplies. */
START_TEST(one_error_in_each_declaration_is_told)
{
	Buf text = {0}, codes = {0};
	for (int i = 0; i < 15; i++) {
		buf_printf(&text, "rule V%d \"a\"\n  require visit.a visit.b\n", i);
		buf_puts(&codes, i > 0 ? " E0106" : "E0106");
	}
	expect_codes(text.at, codes.at);
	buf_free(&text);
	buf_free(&codes);
}
END_TEST

/*
 * For `vouch eval`: what goes on behind an expression is an error, also a whole
 * rule.
 */
START_TEST(expressions_stand_alone)
{
	static const char *const wrong[] = {
		"", "1 +", "rule V1", "a b", "(", "\"a", "a, b", "require yes",
		")\nrule V1 \"a\"\n", "\xFF"
	};
	Parsed parsed;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		parse_expr(&parsed, wrong[i]);
		ck_assert_msg(parsed.ast == NULL, "%s", wrong[i]);
		ck_assert_uint_ge(parsed.diags.errors, 1);
		end(&parsed);
	}
	expect_tree("1 < 2", "comparison\n  a: number \"1\"\n  b: number \"2\"\n");
}
END_TEST

/* Empty, blank, only a comment, only a mark. */
START_TEST(nothing_is_a_file)
{
	expect_codes("", "");
	expect_codes("\n", "");
	expect_codes("# only this", "");
	expect_codes("\xEF\xBB\xBF", "");
}
END_TEST

/* ---- trees that mean the same ---- */

/* In both directions: sameness must be symmetric. */
static bool alike(const char *a, const char *b)
{
	Parsed left, right;
	parse_expr(&left, a);
	parse_expr(&right, b);
	expect_sound(&left, a);
	expect_sound(&right, b);
	bool same = ast_same(left.ast, right.ast);
	ck_assert(same == ast_same(right.ast, left.ast));
	end(&left);
	end(&right);
	return same;
}

/*
 * The formatter's tests rest on this comparison; each pair has a near miss
 * beside it.
 */
START_TEST(same_means_the_same)
{
	ck_assert(alike("(a + b) + c", "a + b + c"));
	ck_assert(!alike("a + (b + c)", "a + b + c"));
	ck_assert(alike("70p", "\xC2\xA3" "0.70"));
	ck_assert(!alike("70p", "\xC2\xA3" "0.71"));
	ck_assert(!alike("70p", "70%"));
	ck_assert(alike("11,048.50", "11048.5"));
	ck_assert(!alike("11,048.50", "11048.51"));
	ck_assert(alike("28 April 2025", "2025-04-28"));
	ck_assert(!alike("28 April 2025", "29 April 2025"));
	ck_assert(alike("2025-04-28T8:00", "28 April 2025 at 08:00:00"));
	ck_assert(!alike("2025-04-28T8:00", "28 April 2025 at 08:00:01"));
	ck_assert(!alike("1 hour", "1 hour 1 minute"));
	ck_assert(!alike("f(a)", "f(a, b)"));
	ck_assert(!alike("a is b", "a is not b"));
	ck_assert(!alike("a < b", "a <= b"));
	ck_assert(!alike("any(a in b where c)", "any(d in b where c)"));
	ck_assert(!alike("a", "b"));
	ck_assert(ast_same(NULL, NULL));
}
END_TEST

static TCase *grammar_cases(void)
{
	TCase *tcase = tcase_create("grammar");
	tcase_add_test(tcase, a_head_ends_behind_the_contract);
	tcase_add_test(tcase, shipped_rules_parse);
	tcase_add_test(tcase, whole_language_has_its_tree);
	tcase_add_test(tcase, whole_language_holds_every_kind);
	tcase_add_test(tcase, line_ends_blanks_and_marks_do_not_matter);
	tcase_add_test(tcase, texts_are_normalised);
	tcase_add_test(tcase, word_processor_signs_are_taken);
	tcase_add_test(tcase, precedence);
	tcase_add_test(tcase, words_keep_their_bounds);
	tcase_add_test(tcase, clause_words_may_be_names);
	tcase_add_test(tcase, rows_are_read_by_what_they_belong_to);
	tcase_add_test(tcase, nodes_know_their_places);
	tcase_add_test(tcase, expressions_stand_alone);
	tcase_add_test(tcase, nothing_is_a_file);
	tcase_add_test(tcase, same_means_the_same);
	return tcase;
}

static TCase *error_cases(void)
{
	TCase *tcase = tcase_create("errors and limits");
	tcase_add_test(tcase, golden_diagnostics);
	tcase_add_test(tcase, what_is_sound_is_kept);
	tcase_add_test(tcase, one_error_in_each_declaration_is_told);
	tcase_add_test(tcase, broken_files_end_well);
	tcase_add_test(tcase, nesting_has_a_limit);
	tcase_add_test(tcase, chains_have_a_limit);
	tcase_add_test(tcase, nodes_know_their_depth);
	tcase_add_test(tcase, texts_in_texts_have_a_limit);
	tcase_add_test(tcase, tokens_have_a_limit);
	tcase_add_test(tcase, files_have_a_limit);
	return tcase;
}

Suite *parse_suite(void)
{
	Suite *suite = suite_create("parse");
	suite_add_tcase(suite, grammar_cases());
	suite_add_tcase(suite, error_cases());
	return suite;
}
