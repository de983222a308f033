/*
 * Where the program meets signals, pipes and terminals; nothing here knows of rules.
 *
 *   signals   a flag that loops look at; nobody is killed in the middle of a write
 *   pager     text that is longer than the screen, on a terminal only
 *   progress  one line on standard error, on a terminal only
 *   finish    whether everything that was printed has arrived; exit status 3 when not
 *
 * A pipe sees none of the first three: what a program prints into one does not depend on who
 * watches.
 */
#include "cli/terminal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "report/layout.h"

/* What every terminal has had since the card had eighty columns. */
#define DEFAULT_WIDTH 80
#define BAR 30

/* A signal handler has nowhere else to write: the one variable of the program. */
static volatile int stop_flag;

/* Only what is safe in a handler: no printing, no freeing. */
static void ask_to_stop(int signal)
{
	(void)signal;
	stop_flag = 1;
}

void terminal_catch_signals(void)
{
	struct sigaction action = {.sa_handler = ask_to_stop};
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	/* A limit on file sizes then is a failed write, with a message, instead of a sudden end. */
	signal(SIGXFSZ, SIG_IGN);
}

const volatile int *terminal_stop(void)
{
	return &stop_flag;
}

/*
 * NO_COLOR counts when it is not empty, as no-color.org has it; a terminal that calls itself
 * dumb shows the escapes as rubbish.
 */
bool terminal_colour(FILE *stream)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
	if (no != NULL && *no != '\0')
		return false;
	return isatty(fileno(stream)) && term != NULL && strcmp(term, "dumb") != 0;
}

/*
 * 0 means that lines may be as long as they are: a file or pipe has no width. COLUMNS is asked
 * only when the terminal does not know itself, as under some serial lines.
 */
int terminal_width(FILE *stream)
{
	struct winsize size;
	const char *columns = getenv("COLUMNS");
	if (!isatty(fileno(stream)))
		return 0;
	if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	int n = columns != NULL ? atoi(columns) : 0;
	return n > 0 ? n : DEFAULT_WIDTH;
}

/* In the child: becomes the pager, reading from the pipe. */
static void become_pager(const char *pager, int from)
{
	signal(SIGPIPE, SIG_DFL);
	setenv("LESS", "FRX", 0);
	setenv("LESSCHARSET", "utf-8", 0);
	dup2(from, STDIN_FILENO);
	close(from);
	execl("/bin/sh", "sh", "-c", pager, (char *)NULL);
	_exit(127);
}

/*
 *   pager.out ──pipe──> sh -c $PAGER ──> the terminal
 *
 * When any step fails the text goes to standard output instead: it is no loss.
 */
void pager_begin(Pager *pager)
{
	int ends[2];
	const char *name = getenv("PAGER");
	*pager = (Pager){.out = stdout};
	name = name != NULL ? name : "less";
	if (!isatty(STDOUT_FILENO) || *name == '\0' || strcmp(name, "cat") == 0 || pipe(ends) != 0)
		return;
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		close(ends[1]);
		become_pager(name, ends[0]);
	}
	close(ends[0]);
	FILE *out = child > 0 ? fdopen(ends[1], "w") : NULL;
	if (out == NULL) {
		close(ends[1]);
		return;
	}
	*pager = (Pager){out, child};
}

/* The exit status of the pager says nothing about the text, so it is not looked at. */
void pager_end(Pager *pager)
{
	if (pager->child == 0)
		return;
	fclose(pager->out);
	while (waitpid(pager->child, NULL, 0) < 0 && errno == EINTR)
		;
	pager->out = stdout;
}

/* For failures of the world: no place in a rule file could be shown, so no diagnostic. */
Status terminal_failed(const char *format, ...)
{
	va_list args;
	fputs("vouch: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return STATUS_WORLD;
}

/* `vouch findings … | head` is no failure to speak of. errno may be that of a later call. */
static bool reader_has_gone(void)
{
	struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
	return poll(&out, 1, 0) > 0 && (out.revents & POLLERR) != 0;
}

/*
 * A full disk shows itself only when the last buffer is flushed; a program that looked at
 * nothing would report success for half a list.
 */
Status terminal_finish(Status status)
{
	bool lost = ferror(stdout) != 0;
	errno = 0;
	if (fflush(stdout) != 0)
		lost = true;
	if (!lost || status == STATUS_INTERRUPTED)
		return status;
	if (!reader_has_gone())
		terminal_failed("standard output: %s", errno != 0 ? strerror(errno) : "cannot be written");
	return STATUS_WORLD;
}

/* Colour by the stream it goes to: errors may stand on a terminal while output goes to a file. */
void terminal_diags(Diags *diags, FILE *stream)
{
	Buf text = {0};
	diags_print(diags, &text, terminal_colour(stream));
	if (text.n > 0)
		fwrite(text.at, 1, text.n, stream);
	buf_free(&text);
}

/* The monotonic clock: setting the time of day must not freeze the bar. */
static int64_t milliseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Nothing for the first 300 ms, so that short work leaves no flicker behind. */
void progress_begin(Progress *progress)
{
	*progress = (Progress){.shown = isatty(STDERR_FILENO) != 0, .next = milliseconds() + 300};
}

/* The line is put together first: one write, so that it does not flicker. */
static void draw(int64_t done, int64_t all)
{
	Buf line = {0};
	int64_t filled = all > 0 ? done * BAR / all : 0;
	filled = filled > BAR ? BAR : filled;
	buf_puts(&line, "\r\033[K[");
	buf_pad(&line, '#', (size_t)filled);
	buf_pad(&line, '.', (size_t)(BAR - filled));
	buf_puts(&line, "] ");
	layout_number(&line, done);
	buf_puts(&line, " of ");
	layout_plural(&line, all, "row", "rows");
	fwrite(line.at, 1, line.n, stderr);
	fflush(stderr);
	buf_free(&line);
}

/* Ten times a second; a thread that finds another one drawing goes on with its work. */
void progress_show(void *user, int64_t done, int64_t all)
{
	Progress *progress = user;
	if (!progress->shown || __atomic_exchange_n(&progress->busy, 1, __ATOMIC_ACQUIRE) != 0)
		return;
	int64_t now = milliseconds();
	if (now >= progress->next) {
		progress->next = now + 100;
		draw(done, all);
	}
	__atomic_store_n(&progress->busy, 0, __ATOMIC_RELEASE);
}

/* Afterwards progress_show does nothing, should a thread still call it. */
void progress_end(Progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	progress->shown = false;
}
