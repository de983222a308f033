/*
 * vouch fmt: the canonical layout of rule files. A file is parsed whole before anything is
 * written; then it is replaced in one step, so that a full disk or a signal leaves the old one.
 *
 *   read whole ──> fit to parse? ──> parse ──> lay out ──> same? ──> FILE.new-XXXXXX ──> rename
 *                      └─ no ───────────└─ errors: nothing is written
 *
 * Nothing here loads a contract: a file is laid out by itself, because a library, a half of a
 * contract or an amendment has no meaning of its own but does have a layout.
 *
 * Exit status, the gravest of all files: 0 laid out, or already so; 1 with --check, one is not;
 * 2 a file does not parse; 3 one cannot be read or written; 64 misused; 130 interrupted. The
 * numbers grow with the gravity, which is why the greatest is taken.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/commands.h"
#include "dsl/format.h"
#include "dsl/parse.h"

static const OptionSpec option[] = {
	{"check", 0, NULL, false, "change nothing; name the files whose layout differs, and end with"
		" 1"},
	{NULL, 0, NULL, false, NULL},
};

/*
 * One file. Both buffers are kept so that --check and "already laid out" are a comparison of
 * bytes.
 */
typedef struct Formatting {
	const char *path;   /* "-": standard input, to standard output */
	bool check;
	Buf text, laid_out;
} Formatting;

/* The dash is the convention of Unix tools; a file of that name can be given as ./-. */
static bool is_stdin(const Formatting *one)
{
	return strcmp(one->path, "-") == 0;
}

/* One byte beyond the limit is enough to know that a file is too long. */
static Status read_all(Formatting *one)
{
	char block[16384];
	ssize_t n;
	int file = is_stdin(one) ? STDIN_FILENO : open(one->path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return terminal_failed("%s: %s", one->path, strerror(errno));
	while ((n = read(file, block, sizeof block)) > 0 && one->text.n <= LIMIT_FILE_BYTES)
		buf_str(&one->text, (Str){block, (size_t)n});
	int error = errno;
	if (!is_stdin(one))
		close(file);
	return n < 0 ? terminal_failed("%s: %s", one->path, strerror(error)) : STATUS_OK;
}

/* What keeps a text from being parsed at all; no place in it is worth showing. */
static bool fit_to_parse(const Formatting *one, Diags *diags)
{
	Span nowhere = {-1, 0, 0};
	ptrdiff_t bad = utf8_first_bad(buf_view(&one->text));
	if (one->text.n > LIMIT_FILE_BYTES)
		diag_add(diags, DIAG_FILE_TOO_LARGE, nowhere, "%s is longer than %u bytes", one->path,
			LIMIT_FILE_BYTES);
	else if (bad >= 0 && one->text.at[bad] == '\0')
		diag_add(diags, DIAG_NUL_BYTE, nowhere, "%s: byte %lld is NUL", one->path,
			(long long)bad + 1);
	else if (bad >= 0)
		diag_add(diags, DIAG_BAD_UTF8, nowhere, "%s: byte %lld is not UTF-8", one->path,
			(long long)bad + 1);
	return diags->errors == 0;
}

/* Only what parsed without an error is laid out: the formatter would lose the rest. */
static Status lay_out(Formatting *one)
{
	Arena arena = {0};
	Sources sources = {.arena = &arena};
	Diags diags;
	diags_init(&diags, &arena, &sources);
	if (fit_to_parse(one, &diags)) {
		const char *name = is_stdin(one) ? "(standard input)" : one->path;
		*vec_push(&sources.file) = (Source){.path = str_of(name),
			.text = str_copy(&arena, buf_view(&one->text))};
		const Ast *file = parse_file(&arena, &sources, 0, &diags);
		if (diags.errors == 0)
			format_file(&sources, file, &one->laid_out);
	}
	bool good = diags.errors == 0;
	if (!good)
		terminal_diags(&diags, stderr);
	vec_free(&diags.list);
	vec_free(&sources.file);
	arena_free(&arena);
	return good ? STATUS_OK : STATUS_WRONG;
}

/* write may take less than it was given. */
static bool write_all(int file, Str text)
{
	while (text.len > 0) {
		ssize_t n = write(file, text.ptr, text.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		text = (Str){text.ptr + n, text.len - (size_t)n};
	}
	return true;
}

/* Under a name of its own beside the file, then renamed: the file is the old one or the new one. A
 * link stays a link: what it leads to is replaced. */
static Status replace(const Formatting *one)
{
	struct stat old;
	char *path = realpath(one->path, NULL);
	Buf name = {0};
	if (path == NULL || stat(path, &old) != 0) {
		free(path);
		return terminal_failed("%s: %s", one->path, strerror(errno));
	}
	buf_printf(&name, "%s.new-XXXXXX", path);
	int file = mkstemp(name.at);
	bool good = file >= 0 && fchmod(file, old.st_mode & 07777) == 0
		&& write_all(file, buf_view(&one->laid_out)) && fsync(file) == 0;
	int error = errno;
	if (file >= 0 && close(file) != 0)
		good = false;
	if (good && rename(name.at, path) != 0) {
		good = false;
		error = errno;
	}
	if (!good && file >= 0)
		unlink(name.at);
	free(path);
	buf_free(&name);
	return good ? STATUS_OK : terminal_failed("%s: %s", one->path, strerror(error));
}

/* A file that is laid out already is not written again: its date, on which make depends, stays. */
static Status format_one(Formatting *one)
{
	Status status = read_all(one);
	if (status == STATUS_OK)
		status = lay_out(one);
	if (status != STATUS_OK)
		return status;
	bool same = str_eq(buf_view(&one->text), buf_view(&one->laid_out));
	if (one->check) {
		if (!same)
			puts(one->path);
		return same ? STATUS_OK : STATUS_NO;
	}
	if (is_stdin(one)) {
		fwrite(one->laid_out.at == NULL ? "" : one->laid_out.at, 1, one->laid_out.n, stdout);
		return STATUS_OK;
	}
	return same ? STATUS_OK : replace(one);
}

/* Every file gets its turn; the gravest status is the command's. */
static Status run_fmt(const Options *options)
{
	Status status = STATUS_OK;
	if (options->noperands == 0)
		return options_misused(options->command, "a file is needed (- for standard input)");
	for (int i = 0; i < options->noperands && *terminal_stop() == 0; i++) {
		Formatting one = {.path = options->operand[i],
			.check = options_value(options, "check") != NULL};
		Status done = format_one(&one);
		status = done > status ? done : status;
		buf_free(&one.text);
		buf_free(&one.laid_out);
	}
	return *terminal_stop() != 0 ? STATUS_INTERRUPTED : status;
}

const Command command_fmt = {
	.name = "fmt",
	.operands = "FILE…",
	.summary = "lay rule files out in the one way",
	.about = "Writes each file in the canonical layout, comments kept; - reads standard input and"
		" writes standard output. A file that has mistakes is left as it is.",
	.example = "  vouch fmt --check rules/hampshire/ccsh.vouch",
	.option = option,
	.run = run_fmt,
};
