/*
 * The pages of docs/errors, one for each diagnostic. Their examples are files, checked here:
 *
 *   ```vouch            the file that is wrong       council/example.vouch under a rules root
 *   ```vouch NAME       a further file, council/NAME
 *   ```text             what `vouch check` prints of it, to the letter
 *   ```vouch fixed      the file put right: no diagnostic at all
 *   ```console          instead of these, where the data or the world are at fault
 *
 * VOUCH_RECORD=1 writes the text blocks anew.
 */
#define _GNU_SOURCE /* nftw */
#include <check.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dsl/check.h"
#include "interp/spot_risk.h"

Suite *pages_suite(void);

#define EXAMPLE "rules/council/example.vouch"
#define MOST_BLOCKS 8

/* A fenced block: the words behind the three ticks, and the lines between the fences. */
typedef struct Block {
	Str info, body;
} Block;

typedef struct Page {
	DiagCode code;
	char path[4096];
	Buf text;
	Block block[MOST_BLOCKS];
	int blocks;
} Page;

/* ---- reading a page ---- */

static const char *top(void)
{
	const char *folder = getenv("top_srcdir");
	if (folder == NULL)
		folder = getenv("srcdir");
	return folder != NULL ? folder : ".";
}

static bool read_file(const char *path, Buf *out)
{
	char bytes[4096];
	FILE *file = fopen(path, "rb");
	buf_puts(out, "");
	for (size_t n; file != NULL && (n = fread(bytes, 1, sizeof bytes, file)) > 0;)
		buf_str(out, (Str){bytes, n});
	if (file != NULL)
		fclose(file);
	return file != NULL;
}

static void write_file(const char *path, Str text)
{
	FILE *file = fopen(path, "wb");
	ck_assert_msg(file != NULL, "cannot write %s", path);
	ck_assert_uint_eq(fwrite(text.ptr, 1, text.len, file), text.len);
	ck_assert_int_eq(fclose(file), 0);
}

/* Takes the first line off the text. */
static Str next_line(Str *text)
{
	const char *end = memchr(text->ptr, '\n', text->len);
	size_t n = end == NULL ? text->len : (size_t)(end - text->ptr);
	Str line = {text->ptr, n};
	n += end != NULL;
	*text = (Str){text->ptr + n, text->len - n};
	return line;
}

/* Three ticks at the begin of a line, whatever stands behind them. */
static bool is_fence(Str line)
{
	return line.len >= 3 && memcmp(line.ptr, "```", 3) == 0;
}

/*
 * Blocks are slices of the page's text, so that record can put a new body in
 * the place of an old one.
 */
static void find_blocks(Page *page)
{
	Str rest = buf_view(&page->text);
	while (rest.len > 0) {
		Str line = next_line(&rest);
		if (!is_fence(line))
			continue;
		const char *from = rest.ptr;
		Str info = {line.ptr + 3, line.len - 3}, end = {NULL, 0};
		while (rest.len > 0 && !is_fence(end))
			end = next_line(&rest);
		ck_assert_msg(is_fence(end), "%s: a fence is not closed", page->path);
		ck_assert_msg(page->blocks < MOST_BLOCKS, "%s: too many blocks", page->path);
		page->block[page->blocks++] = (Block){info, {from, (size_t)(end.ptr - from)}};
	}
}

/* Every diagnostic has a page: one without is found here, by its number. */
static void page_open(Page *page, int code)
{
	*page = (Page){.code = (DiagCode)code};
	snprintf(page->path, sizeof page->path, "%s/docs/errors/%s.md", top(),
		diag_code_text(page->code));
	ck_assert_msg(read_file(page->path, &page->text), "there is no page %s", page->path);
	find_blocks(page);
}

/* The first with exactly these words behind the ticks. */
static const Block *block_of(const Page *page, const char *info)
{
	for (int i = 0; i < page->blocks; i++)
		if (str_eq(page->block[i].info, str_of(info)))
			return &page->block[i];
	return NULL;
}

/* ---- a rules root of its own ---- */

typedef struct Folder {
	char path[64];
	int before; /* the folder to go back to */
} Folder;

/* The shared vocabulary as it is shipped; copied, since a link would lead outside the rules root. */
static void copy_lib(const char *pattern)
{
	glob_t found;
	ck_assert_int_eq(glob(pattern, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		char copy[4096];
		Buf text = {0};
		snprintf(copy, sizeof copy, "rules/lib%s", strrchr(found.gl_pathv[i], '/'));
		ck_assert(read_file(found.gl_pathv[i], &text));
		write_file(copy, buf_view(&text));
		buf_free(&text);
	}
	globfree(&found);
}

/* Paths in the pages are as short as they would be beside the rules, so the test goes there. */
static void folder_enter(Folder *folder)
{
	char here[PATH_MAX], lib[PATH_MAX + 32];
	ck_assert_ptr_nonnull(realpath(top(), here));
	snprintf(lib, sizeof lib, "%s/rules/lib/*.vouch", here);
	strcpy(folder->path, "/tmp/vouch-pages-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder->path));
	folder->before = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_eq(chdir(folder->path), 0);
	ck_assert_int_eq(mkdir("rules", 0700) | mkdir("rules/lib", 0700) | mkdir("rules/council", 0700),
		0);
	copy_lib(lib);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st, (void)kind, (void)where;
	return remove(path);
}

/*
 * Depth first, as folders must be empty before they go; links are removed, not
 * followed.
 */
static void folder_leave(Folder *folder)
{
	ck_assert_int_eq(fchdir(folder->before), 0);
	close(folder->before);
	ck_assert_int_eq(nftw(folder->path, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

/* What `vouch check` prints of the example. */
static void checked(Str text, Buf *out)
{
	Compilation compilation;
	write_file(EXAMPLE, text);
	compile_begin(&compilation, "rules");
	spot_risk_warn(rulebook_load(&compilation, STR(EXAMPLE)), &compilation.diags);
	buf_puts(out, "");
	diags_print(&compilation.diags, out, false);
	compile_end(&compilation);
}

/* ---- what a page must have ---- */

/*
 * All pages are built alike, so that a reader finds the remedy without looking
 * for it.
 */
static void expect_order(const Page *page, const char *const *parts, int n)
{
	const char *at = page->text.at;
	for (int i = 0; i < n; i++) {
		at = strstr(at, parts[i]);
		ck_assert_msg(at != NULL, "%s: no %s in its place", page->path, parts[i]);
	}
}

/*
 * The title is the diagnostic's own, or the page of another code was copied and
 * not changed.
 */
START_TEST(pages_have_title_and_parts)
{
	static const char *const parts[] = {"\n## What it means\n\n", "\n## An example\n\n",
		"\n## How to put it right\n\n"};
	Page page;
	Buf title = {0};
	page_open(&page, _i);
	Str rest = buf_view(&page.text), first = next_line(&rest);
	buf_printf(&title, "# %s: %s", diag_code_text(page.code), diag_title(page.code));
	ck_assert_msg(str_eq(first, buf_view(&title)), "%s begins\n%.*s\nnot\n%s", page.path,
		STR_ARG(first), title.at);
	expect_order(&page, parts, 3);
	ck_assert_msg(utf8_first_bad(buf_view(&page.text)) < 0, "%s is not UTF-8", page.path);
	buf_free(&title);
	buf_free(&page.text);
}
END_TEST

/* Examples that need a database, another file system, or thousands of lines. */
static bool shown_only(const Page *page)
{
	static const char *const only[] = {"E0101", "E0102", "E0103", "E0104", "E0105", "E0322", "E0326",
		"E0402", "E0404", "E0405", "E0408", "W0715"};
	const char *code = diag_code_text(page->code);
	for (size_t i = 0; i < sizeof only / sizeof *only; i++)
		if (strcmp(code, only[i]) == 0)
			return true;
	return code[2] == '5' || code[2] == '6';
}

/* Pages without a file that is checked have a command and its answer instead, and only those. */
START_TEST(pages_have_an_example)
{
	Page page;
	page_open(&page, _i);
	bool file = block_of(&page, "vouch") != NULL;
	ck_assert_msg(file != shown_only(&page), "%s: %s", page.path, file
		? "an example that is checked was not looked for" : "no example");
	ck_assert_msg(file || block_of(&page, "console") != NULL, "%s: no console block", page.path);
	ck_assert_msg(!file || block_of(&page, "text") != NULL, "%s: no text block", page.path);
	buf_free(&page.text);
}
END_TEST

/* Puts what was printed in the place of the text block. */
static void record(const Page *page, const Block *block, const Buf *got)
{
	Buf out = {0};
	const char *end = page->text.at + page->text.n, *after = block->body.ptr + block->body.len;
	buf_str(&out, (Str){page->text.at, (size_t)(block->body.ptr - page->text.at)});
	buf_str(&out, buf_view(got));
	buf_str(&out, (Str){after, (size_t)(end - after)});
	write_file(page->path, buf_view(&out));
	buf_free(&out);
}

/*
 * First that the example raises this very code, then that the page shows what
 * is printed.
 */
static void expect_printed(const Page *page, const Buf *got)
{
	const Block *text = block_of(page, "text");
	Buf code = {0};
	bool warning = diag_severity(page->code) == DIAG_WARNING;
	buf_printf(&code, ": %s[%s]: ", warning ? "warning" : "error", diag_code_text(page->code));
	ck_assert_msg(strstr(got->at, code.at) != NULL, "%s: its example gives\n%s", page->path, got->at);
	ck_assert_msg(text != NULL && str_eq(text->body, buf_view(got)),
		"%s: the text block differs from\n%s", page->path, got->at);
	buf_free(&code);
}

/* `vouch fixed` begins like the name of a file and is none. */
static void write_further_files(const Page *page)
{
	for (int i = 0; i < page->blocks; i++) {
		Str info = page->block[i].info, word = STR("vouch ");
		char path[256];
		if (info.len <= word.len || memcmp(info.ptr, word.ptr, word.len) != 0 ||
				str_eq(info, STR("vouch fixed")))
			continue;
		snprintf(path, sizeof path, "rules/council/%.*s", (int)(info.len - word.len),
			info.ptr + word.len);
		write_file(path, page->block[i].body);
	}
}

/*
 * Would catch a message that was reworded while its page still shows the old
 * one.
 */
START_TEST(examples_give_what_is_printed)
{
	Page page;
	Folder folder;
	Buf got = {0};
	page_open(&page, _i);
	const Block *example = block_of(&page, "vouch"), *text = block_of(&page, "text");
	if (example != NULL) {
		folder_enter(&folder);
		write_further_files(&page);
		checked(example->body, &got);
		folder_leave(&folder);
		if (getenv("VOUCH_RECORD") != NULL && text != NULL)
			record(&page, text, &got);
		else
			expect_printed(&page, &got);
	}
	buf_free(&got);
	buf_free(&page.text);
}
END_TEST

/* Advice that does not work is worse than none; not even a warning may be left. */
START_TEST(examples_put_right_are_sound)
{
	Page page;
	Folder folder;
	Buf got = {0};
	page_open(&page, _i);
	const Block *fixed = block_of(&page, "vouch fixed");
	ck_assert_msg((fixed != NULL) == (block_of(&page, "vouch") != NULL),
		"%s: an example that is wrong needs one that is right", page.path);
	if (fixed != NULL) {
		folder_enter(&folder);
		write_further_files(&page);
		checked(fixed->body, &got);
		folder_leave(&folder);
		ck_assert_msg(got.n == 0, "%s: the example put right gives\n%s", page.path, got.at);
	}
	buf_free(&got);
	buf_free(&page.text);
}
END_TEST

/* A page that no diagnostic leads to would never be read. */
START_TEST(no_page_is_left_over)
{
	char command[4200];
	int pages = 0;
	snprintf(command, sizeof command, "ls '%s/docs/errors'", top());
	FILE *list = popen(command, "r");
	char name[256];
	DiagCode code;
	while (list != NULL && fgets(name, sizeof name, list) != NULL) {
		size_t n = strcspn(name, ".\n");
		ck_assert_msg(diag_code_of((Str){name, n}, &code), "docs/errors/%s", name);
		pages++;
	}
	ck_assert_ptr_nonnull(list);
	pclose(list);
	ck_assert_int_eq(pages, DIAG_CODE_COUNT);
}
END_TEST

Suite *pages_suite(void)
{
	Suite *suite = suite_create("pages");
	TCase *form = tcase_create("form"), *examples = tcase_create("examples");
	tcase_add_loop_test(form, pages_have_title_and_parts, 0, DIAG_CODE_COUNT);
	tcase_add_loop_test(form, pages_have_an_example, 0, DIAG_CODE_COUNT);
	tcase_add_test(form, no_page_is_left_over);
	tcase_add_loop_test(examples, examples_give_what_is_printed, 0, DIAG_CODE_COUNT);
	tcase_add_loop_test(examples, examples_put_right_are_sound, 0, DIAG_CODE_COUNT);
	suite_add_tcase(suite, form);
	suite_add_tcase(suite, examples);
	return suite;
}
