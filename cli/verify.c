/*
 * vouch verify: whether a case file is as its runs left it.
 *
 *   CASE.db                       rows ──> roots ──> the manifests             (report/verify.h)
 *   CASE.db --data DATA.db        ──> run_audit, into a file beside it that goes again ──> compared
 *   CASE.db --checkpoint          prints three lines                          (report/checkpoint.h)
 *   CASE.db --against FILE        holds such lines against the case file
 *   --make-key FILE               makes the keys that --sign and --key use
 *
 * Exit status: 0 as it was written; 1 something was changed, or a checkpoint or signature does
 * not hold; 2 rules that no longer read as they did; 3 a file that cannot be read or written, a
 * key that is none; 64 misused; 130 interrupted. Scripts may rely on 1: it never stands for a
 * failure.
 *
 * The case file itself is only ever read.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/civil.h"
#include "cli/commands.h"
#include "cli/listing.h"
#include "interp/run.h"
#include "report/checkpoint.h"
#include "report/verify.h"

#define FILE_MOST 65536   /* bytes of a checkpoint or a key: they have a few hundred */
#define THREADS_MOST 64

static const OptionSpec option[] = {
	{"data", 0, "DATA.db", false, "also audit again what a run audited, and compare finding by"
		" finding"},
	{"run", 0, "RUN", false, "with --data: this run; otherwise the one added last"},
	{"checkpoint", 0, NULL, false, "print the checkpoint: three lines to send to the provider, and one for what was said"},
	{"sign", 0, "KEYFILE", false, "with --checkpoint: sign it"},
	{"against", 0, "FILE", false, "hold a checkpoint that somebody kept against the case file"},
	{"key", 0, "PUBFILE", false, "with --against: it has to be signed with this key"},
	{"make-key", 0, "FILE", false, "make a key to sign with; what others check with goes to"
		" FILE.pub"},
	{NULL, 0, NULL, false, NULL},
};

/* From the command line to the exit status; `again` is filled only with --data. */
typedef struct Verifying {
	const Options *options;
	const char *case_path;
	Compilation compilation;     /* of the contracts of --data; its diagnostics are all that is told */
	VEC(const Rulebook *) book;
	RunOptions again;
	Buf out;
	int64_t wrong;
} Verifying;

static const Span nowhere = {-1, 0, 0};

/* ---- small files ---- */

/* Not more than FILE_MOST: what is longer is no checkpoint and no key, and fails as such. */
static Status read_file(const char *path, Buf *into)
{
	FILE *in = fopen(path, "rb");
	if (in == NULL)
		return terminal_failed("%s: %s", path, strerror(errno));
	size_t n = fread(buf_reserve(into, FILE_MOST), 1, FILE_MOST, in);
	into->n += n;
	into->at[into->n] = '\0';
	bool failed = ferror(in) != 0;
	fclose(in);
	return failed ? terminal_failed("%s cannot be read", path) : STATUS_OK;
}

/* Never over a file that is there: a key that is lost cannot be made again. O_EXCL leaves it to the
 * system to say so, where a look before would leave a gap. fsync, for the key is nowhere else. */
static Status write_key(const char *path, const Buf *key, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0)
		return terminal_failed("%s: %s", path, strerror(errno));
	bool written = write(fd, key->at, key->n) == (ssize_t)key->n && fsync(fd) == 0;
	return close(fd) == 0 && written ? STATUS_OK : terminal_failed("%s cannot be written", path);
}

/* The secret key is for its owner's eyes (0600). When the second file cannot be made the first is
 * left: it is a whole key, and removing one is never ours to do. */
static Status make_key(const char *path)
{
	Buf secret = {0}, open = {0}, name = {0};
	buf_printf(&name, "%s.pub", path);
	Status status = checkpoint_make_key(&secret, &open) ? STATUS_OK
		: terminal_failed("the system gives no random numbers");
	if (status == STATUS_OK)
		status = write_key(path, &secret, 0600);
	if (status == STATUS_OK)
		status = write_key(name.at, &open, 0644);
	if (status == STATUS_OK)
		printf("%s signs; keep it to yourself. %s is for those who check:\n%s", path, name.at,
			open.at);
	buf_free(&secret);
	buf_free(&open);
	buf_free(&name);
	return status;
}

/* ---- checkpoints ---- */

/* A checkpoint that was to be signed and could not be is not printed at all, lest it be sent. */
static Status print_checkpoint(Verifying *v, CaseReader *reader)
{
	const char *path = options_value(v->options, "sign");
	Buf key = {0};
	Status status = checkpoint_print(reader, &v->out);
	if (status == STATUS_OK && path != NULL)
		status = read_file(path, &key);
	if (status == STATUS_OK && path != NULL && !checkpoint_sign(&v->out, buf_view(&key)))
		status = terminal_failed("%s is no key to sign with; --make-key makes one", path);
	buf_free(&key);
	return status;
}

/* Without --key nobody asked. A signature that does not hold is wrong (1), a key that is none is a
 * failure (3). */
static Status check_signature(Verifying *v, Str text)
{
	const char *path = options_value(v->options, "key");
	bool is_key = true;
	Buf key = {0};
	Status status = path == NULL ? STATUS_OK : read_file(path, &key);
	bool good = path == NULL || checkpoint_signed(text, buf_view(&key), &is_key);
	if (status == STATUS_OK && !is_key)
		status = terminal_failed("%s is no key to check with; --make-key makes one", path);
	if (status == STATUS_OK && path != NULL)
		buf_printf(&v->out, "the checkpoint is %s with this key\n", good ? "signed" : "not signed");
	v->wrong += !good;
	buf_free(&key);
	return status;
}

/* The signature speaks of who made the lines, the comparison of the file: both are told. */
static Status hold_against(Verifying *v, CaseReader *reader, const char *path)
{
	Buf text = {0};
	bool holds = false;
	Status status = read_file(path, &text);
	if (status == STATUS_OK)
		status = check_signature(v, buf_view(&text));
	if (status == STATUS_OK)
		status = checkpoint_compare(reader, buf_view(&text), &v->out, &holds);
	v->wrong += !holds;
	buf_free(&text);
	return status;
}

/* ---- again ---- */

/* As the contract's own file says, found where it was then. Rules that were changed since are no
 * error: the comparison names the file that differs. */
static Status load_book(Verifying *v, const ReadRun *run)
{
	Compilation *compilation = &v->compilation;
	StrVec paths = {0};
	Status status = contract_find(compilation, run->contract_path, &paths);
	const Rulebook *book = status == STATUS_OK ? rulebook_load(compilation, paths.at[0]) : NULL;
	vec_free(&paths);
	if (status != STATUS_OK || book == NULL)
		return status != STATUS_OK ? status : STATUS_WRONG;
	if (book->is_library || !str_eq(book->contract.decl.name, run->contract)) {
		diag_help(diag_add(&compilation->diags, DIAG_NO_CONTRACT, nowhere,
			"%.*s no longer declares the contract %.*s", STR_ARG(run->contract_path),
			STR_ARG(run->contract)), "run this where the audit was run");
		return STATUS_WRONG;
	}
	*vec_push(&v->book) = book;
	return STATUS_OK;
}

/* The same contracts, days, knowledge and provider as the run had. Contracts of a run have those in
 * common, so the first is asked. */
static Status read_run(Verifying *v, CaseReader *reader, Str run_id)
{
	ReadRuns runs;
	RunOptions *again = &v->again;
	Status status = casereader_contracts(reader, run_id, &runs);
	if (status != STATUS_OK)
		return status;
	const ReadRun *first = &runs.at[0];
	again->provider = first->provider;
	again->law.known_on = LAST_DAY;
	if (day_parse(first->from, &again->law.from) != READ_OK ||
	    day_parse(first->to, &again->law.to) != READ_OK || (first->known_on.len > 0 &&
	    day_parse(first->known_on, &again->law.known_on) != READ_OK))
		return casereader_unreadable(reader);
	for (size_t i = 0; i < runs.n && status == STATUS_OK; i++)
		status = load_book(v, &runs.at[i]);
	v->compilation.diags.list.n = status == STATUS_OK ? 0 : v->compilation.diags.list.n;
	v->compilation.diags.warnings = 0;
	return status;
}

/* As many threads as processors: findings do not depend on their number. */
static Status audit(Verifying *v, RunResult *result)
{
	Progress progress;
	RunOptions *again = &v->again;
	long threads = sysconf(_SC_NPROCESSORS_ONLN);
	again->book = v->book.at;
	again->nbooks = (int32_t)v->book.n;
	again->threads = (int)(threads < 1 ? 1 : threads > THREADS_MOST ? THREADS_MOST : threads);
	again->progress = progress_show;
	again->user = &progress;
	again->stop = terminal_stop();
	progress_begin(&progress);
	Status status = run_audit(again, &v->compilation.diags, result);
	progress_end(&progress);
	return status;
}

/* A reader of its own for the file that was just written; diagnostics of it are the command's. */
static Status compare(Verifying *v, CaseReader *reader, Str run_id, const RunResult *result)
{
	CaseReader *again = NULL;
	int64_t wrong = 0;
	Status status = casereader_open(v->again.case_path, &v->compilation.diags, &again);
	if (status == STATUS_OK)
		status = verify_again(reader, run_id, again, str_of(result->run_id), &v->out, &wrong);
	v->wrong += wrong;
	casereader_close(again);
	return status;
}

/* The new case file stands beside the old one, where there is room for it, and goes again, also
 * after a failure. The number of the process keeps two of these commands apart; what an earlier one
 * of that number left behind is removed first, as an audit would add to it. */
static Status make_again(Verifying *v, CaseReader *reader)
{
	Str run_id;
	RunResult result;
	Buf path = {0};
	buf_printf(&path, "%s.again-%ld", v->case_path, (long)getpid());
	unlink(path.at);
	v->again.data_path = options_value(v->options, "data");
	v->again.case_path = path.at;
	Status status = casereader_run(reader, listing_value(v->options, "run"), &run_id);
	if (status == STATUS_OK)
		status = read_run(v, reader, run_id);
	if (status == STATUS_OK)
		status = audit(v, &result);
	if (status == STATUS_OK)
		status = compare(v, reader, run_id, &result);
	unlink(path.at);
	buf_free(&path);
	return status;
}

/* ---- the command ---- */

/* Nothing is audited again for a file that cannot be read; one that was changed is, since that
 * tells whether the findings themselves still come out. */
static Status check_case(Verifying *v, CaseReader *reader)
{
	int64_t wrong = 0;
	Status status = verify_case(reader, &v->out, &wrong);
	v->wrong += wrong;
	if (status == STATUS_OK && options_value(v->options, "data") != NULL)
		status = make_again(v, reader);
	return status;
}

/* What was found out is told even when something failed behind it; but a checkpoint that is not
 * whole is not printed. 1 only when nothing failed: a failure is not an answer. */
static Status verify(Verifying *v)
{
	const char *against = options_value(v->options, "against");
	bool checkpoint = options_value(v->options, "checkpoint") != NULL;
	CaseReader *reader = NULL;
	Status status = casereader_open(v->case_path, &v->compilation.diags, &reader);
	if (status == STATUS_OK)
		status = checkpoint ? print_checkpoint(v, reader) : against != NULL
			? hold_against(v, reader, against) : check_case(v, reader);
	if (status == STATUS_OK && !checkpoint && against == NULL)
		buf_puts(&v->out, v->wrong == 0 ? "nothing was changed, removed or added\n"
			: "the case file is not as it was written\n");
	if (v->out.n > 0 && (status == STATUS_OK || !checkpoint))
		fwrite(v->out.at, 1, v->out.n, stdout);
	terminal_diags(&v->compilation.diags, stderr);
	casereader_close(reader);
	return status != STATUS_OK ? status : v->wrong > 0 ? STATUS_NO : STATUS_OK;
}

/* Options that would be passed over in silence are refused: somebody who gave --key would take the
 * answer for one about the signature. NULL: all is well. */
static const char *misused(const Options *options)
{
	bool checkpoint = options_value(options, "checkpoint") != NULL;
	bool against = options_value(options, "against") != NULL;
	bool data = options_value(options, "data") != NULL;
	if (options->noperands != 1)
		return "one case file is needed";
	if (checkpoint + against + data > 1)
		return "--data, --checkpoint and --against are asked for one at a time";
	if (options_value(options, "sign") != NULL && !checkpoint)
		return "--sign goes with --checkpoint";
	if (options_value(options, "key") != NULL && !against)
		return "--key goes with --against";
	return options_value(options, "run") != NULL && !data ? "--run goes with --data" : NULL;
}

/* --make-key comes first: it needs no case file, and there may be none yet. */
static Status run_verify(const Options *options)
{
	const char *key = options_value(options, "make-key");
	if (key != NULL)
		return options->noperands == 0 ? make_key(key)
			: options_misused(options->command, "--make-key needs no case file");
	const char *why = misused(options);
	if (why != NULL)
		return options_misused(options->command, "%s", why);
	Verifying v = {.options = options, .case_path = options->operand[0]};
	compile_begin(&v.compilation, NULL);
	Status status = verify(&v);
	vec_free(&v.book);
	buf_free(&v.out);
	compile_end(&v.compilation);
	return status;
}

const Command command_verify = {
	.name = "verify",
	.operands = "CASE.db | --make-key FILE",
	.summary = "check that nothing in a case file was changed",
	.about = "Hashes what each run in a case file found, and each step of a spot check, and holds it"
		" against its manifest."
		" What was changed, removed or added is named, and the exit status is 1. With --data the"
		" audit is made again and compared finding by finding.\n"
		"Whoever can write to a case file can also make new manifests for it. A checkpoint that the"
		" provider keeps rules that out: send it when the findings are sent.",
	.example = "  vouch verify case.db --checkpoint > checkpoint.txt\n"
		"  vouch verify case.db --against checkpoint.txt",
	.option = option,
	.run = run_verify,
};
