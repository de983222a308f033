/*
 * Finding and reading rule files. A file that another uses is looked for beside that file, then
 * under the rules root, and never outside the folder it is looked for in: the kernel resolves the
 * path beneath it (openat2), symbolic links and all. Where the kernel cannot, the real paths are
 * compared.
 *
 *   rules/hampshire/ccsh.vouch        uses lib/homecare
 *     1  rules/hampshire/lib/homecare.vouch     beside it: not there
 *     2  rules/lib/homecare.vouch               under the root: found
 *
 * Files come out in the order in which they are needed, each once, and the hash over all of them
 * is the rulebook's identity: it names files by their place under the root and nothing of the
 * machine.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/digest.h"
#include "dsl/checker.h"
#include "dsl/parse.h"

#ifndef VOUCH_DATADIR
#define VOUCH_DATADIR "/usr/local/share/vouch"
#endif
#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "0.1.0"
#endif

static const Span nowhere = {-1, 0, 0};

/* ---- paths */

/* `.` for a bare name. The root of the file system is its own folder. */
static Str path_dir(Str path)
{
	size_t n = path.len;
	while (n > 0 && path.ptr[n - 1] != '/')
		n--;
	if (n == 0)
		return STR(".");
	return (Str){path.ptr, n > 1 ? n - 1 : 1};
}

/* Without a leading `./`, so that paths in messages look as they were typed. The result is
 * NUL-terminated, as open and stat want it. */
static Str path_join(Arena *arena, Str dir, Str name)
{
	if (str_eq(dir, STR(".")))
		return str_copy(arena, name);
	bool slash = dir.len > 0 && dir.ptr[dir.len - 1] == '/';
	return str_format(arena, "%.*s%s%.*s", STR_ARG(dir), slash ? "" : "/", STR_ARG(name));
}

/* Follows links: a rules root may be one. */
static bool is_folder(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* What can be read as a file; a race with its removal ends in E0401. */
static bool is_file(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* By its ending alone. A file called `.vouch` has no name of its own and is none. */
static bool is_rule_file(Str name)
{
	Str end = STR(".vouch");
	return name.len > end.len && memcmp(name.ptr + name.len - end.len, end.ptr, end.len) == 0;
}

/* The root is taken without its trailing slashes, so that paths can be compared with it. Law 13:
 * a rule file cannot choose its root; only the command line and the environment can. */
void compile_begin(Compilation *comp, const char *root)
{
	*comp = (Compilation){.arena = {0}};
	comp->sources.arena = &comp->arena;
	diags_init(&comp->diags, &comp->arena, &comp->sources);
	const char *from_env = getenv("VOUCH_RULES");
	if (root == NULL && from_env != NULL && *from_env != '\0')
		root = from_env;
	if (root == NULL)
		root = is_folder("rules") ? "rules" : VOUCH_DATADIR "/rules";
	Str text = str_of(root);
	while (text.len > 1 && text.ptr[text.len - 1] == '/')
		text.len--;
	comp->root = str_copy(&comp->arena, text);
}

/* Diagnostics and trees live in the arena; only the growing lists are on their own. */
void compile_end(Compilation *comp)
{
	vec_free(&comp->tree);
	vec_free(&comp->sources.file);
	vec_free(&comp->diags.list);
	arena_free(&comp->arena);
}

/* ---- opening */

/* The text of an open file; false after a diagnostic. The descriptor is closed. Asked of the
 * descriptor, not of the path: what is read is what was looked at, whatever happens to the path
 * meanwhile. A file that grows while it is read is cut at the size that it had. */
static bool read_open(Compilation *comp, int fd, Str path, Span at, Str *out)
{
	struct stat st;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		diag_add(&comp->diags, DIAG_NO_FILE, at, "%.*s is not a file", STR_ARG(path));
		close(fd);
		return false;
	}
	if (st.st_size > (off_t)LIMIT_FILE_BYTES) {
		diag_add(&comp->diags, DIAG_FILE_TOO_LARGE, at, "%.*s has more than %u bytes",
			STR_ARG(path),
			LIMIT_FILE_BYTES);
		close(fd);
		return false;
	}
	size_t size = (size_t)st.st_size, done = 0;
	char *text = arena_alloc(&comp->arena, size + 2); /* the scanner wants two NULs behind it */
	ssize_t n = 1;
	while (done < size && n > 0) {
		n = read(fd, text + done, size - done);
		if (n > 0)
			done += (size_t)n;
		else if (n < 0 && errno == EINTR)
			n = 1;
	}
	if (n < 0)
		diag_add(&comp->diags, DIAG_NO_FILE, at, "%.*s cannot be read: %s", STR_ARG(path),
			strerror(errno));
	close(fd);
	*out = (Str){text, done};
	return n >= 0;
}

/* O_NONBLOCK: a pipe in the place of a file must not hold the program. */
#define READ_FLAGS (O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)

/* Real paths on both sides, so that a link to the outside is seen through. A folder `rules2` is
 * not inside `rules`, hence the slash. */
static bool inside(const char *dir, const char *path)
{
	char *real_dir = realpath(dir, NULL), *real_path = realpath(path, NULL);
	size_t n = real_dir != NULL ? strlen(real_dir) : 0;
	bool in = real_dir != NULL && real_path != NULL && strncmp(real_dir, real_path, n) == 0 &&
		(real_path[n] == '/' || (n > 0 && real_dir[n - 1] == '/'));
	free(real_dir);
	free(real_path);
	return in;
}

/* For kernels and sandboxes without openat2. The path could be changed between opening and
 * looking; rules are the council's own, so that is borne where the kernel offers nothing better. */
static int open_checked(Compilation *comp, const char *dir, const char *name)
{
	Str path = path_join(&comp->arena, str_of(dir), str_of(name));
	int fd = open(path.ptr, READ_FLAGS);
	if (fd < 0 || inside(dir, path.ptr))
		return fd;
	close(fd);
	errno = EXDEV;
	return -1;
}

/* No part of the path may lead out of the folder, not even for a moment: the kernel refuses `..`
 * beyond it, absolute links and links to the outside alike. EXDEV is what it says of a path that
 * leads outside, which the caller tells apart from one that is not there. */
static int open_beneath(Compilation *comp, Str dir, Str name)
{
	const char *folder = str_z(&comp->arena, dir), *file = str_z(&comp->arena, name);
	int at = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (at < 0)
		return -1;
	struct open_how how = {.flags = READ_FLAGS, .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
	int fd = (int)syscall(SYS_openat2, at, file, &how, sizeof how);
	int error = errno;
	close(at);
	if (fd < 0 && (error == ENOSYS || error == EPERM || error == EINVAL || error == EAGAIN))
		return open_checked(comp, folder, file);
	errno = error;
	return fd;
}

/* ---- sources and trees */

/* Trees stand beside their sources, by number; a text without a tree (an expression) has NULL
 * there. */
int32_t load_text(Compilation *comp, Str path, Str text)
{
	*vec_push(&comp->sources.file) = (Source){.path = path, .text = text};
	while (comp->tree.n < comp->sources.file.n)
		*vec_push(&comp->tree) = NULL;
	return (int32_t)comp->sources.file.n - 1;
}

/* Each file by itself first: the rulebook's hash is over those. So a report can say which files
 * were read, each by its own hash. */
static void hash_text(Source *source)
{
	Digest digest;
	digest_begin(&digest);
	digest_bytes(&digest, source->text.ptr, source->text.len);
	digest_end(&digest, source->sha256);
}

/* Shared files are parsed once for all contracts of one compilation, unless they have changed.
 * Newest first: of two texts of one path, the later one is the likelier. */
static int32_t source_known(const Compilation *comp, Str path, Str text)
{
	for (size_t i = comp->sources.file.n; i-- > 0;)
		if (comp->tree.at[i] != NULL && str_eq(comp->sources.file.at[i].path, path) &&
				str_eq(comp->sources.file.at[i].text, text))
			return (int32_t)i;
	return -1;
}

typedef struct Load {
	Compilation *comp;
	LIST(LoadedFile) file;
	LIST(Str) open;      /* paths of the files that wait for those they use */
	bool failed;
	Arena *arena;
} Load;

/* The text is compared, not the time of the file: the same compilation may see a file twice, and
 * an editor's may have changed in between. */
static int32_t parse_open(Load *load, int fd, Str path, Span at)
{
	Compilation *comp = load->comp;
	Str text;
	if (!read_open(comp, fd, path, at, &text))
		return -1;
	int32_t known = source_known(comp, path, text);
	if (known >= 0)
		return known;
	int32_t file = load_text(comp, path, text);
	hash_text(&comp->sources.file.at[file]);
	comp->tree.at[file] = parse_file(&comp->arena, &comp->sources, file, &comp->diags);
	return file;
}

/* ---- uses */

/* Files that stand in the same folder as the missing one would have. Both spellings, path and
 * name: what is suggested can be copied into the `uses`. */
static void nearest_file(Compilation *comp, Str dir, Str stem, Str wanted, Nearest *nearest)
{
	DIR *folder = opendir(str_z(&comp->arena, path_join(&comp->arena, dir, stem)));
	struct dirent *entry;
	(void)wanted;
	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		Str name = str_of(entry->d_name);
		if (!is_rule_file(name))
			continue;
		name.len -= sizeof ".vouch" - 1;
		nearest_try(nearest, path_join(&comp->arena, stem, str_copy(&comp->arena, name)));
	}
	if (folder != NULL)
		closedir(folder);
}

/* Both folders that were looked in are searched for a likely name. */
static void no_such_file(Load *load, const Ast *uses, Str beside)
{
	Compilation *comp = load->comp;
	Nearest nearest;
	Str stem = path_dir(uses->text);
	nearest_start(&nearest, uses->text);
	nearest_file(comp, beside, stem, uses->text, &nearest);
	nearest_file(comp, comp->root, stem, uses->text, &nearest);
	DiagRef diag = diag_add(&comp->diags, DIAG_NO_FILE, uses->name_at,
		"no file %.*s.vouch stands beside this one or under the rules root", STR_ARG(uses->text));
	diag_note(diag, "the rules root is %.*s", STR_ARG(comp->root));
	Str best = nearest_best(&nearest);
	if (best.len > 0)
		diag_help(diag, "did you mean %.*s?", STR_ARG(best));
}

/* Files that wait for those they use; meeting one of them again is a circle. By path: files in
 * `open` have not been given back yet, so no number would do. */
static bool in_circle(Load *load, Str path, const Ast *uses)
{
	for (int32_t i = 0; i < load->open.n; i++) {
		if (!str_eq(load->open.at[i], path))
			continue;
		diag_add(&load->comp->diags, DIAG_USES_CYCLE, uses->name_at,
			"%.*s is used by a file that it uses", STR_ARG(path));
		load->failed = true;
		return true;
	}
	return false;
}

/* Two files may use a third: it is read once, before both. By number: parse_open gives one path
 * with one text the same number. */
static bool have_file(const Load *load, int32_t file)
{
	for (int32_t i = 0; i < load->file.n; i++)
		if (load->file.at[i].file == file)
			return true;
	return false;
}

static void follow_uses(Load *load, int32_t file, Str path, Str name, bool own);

/* Beside the file first, so that a folder of rules can be moved as a whole; the root serves for
 * shared vocabularies. */
static void load_one(Load *load, const Ast *uses, Str path)
{
	Compilation *comp = load->comp;
	Str name = str_format(&comp->arena, "%.*s.vouch", STR_ARG(uses->text));
	Str dir = path_dir(path);
	Str found = path_join(&comp->arena, dir, name);
	int fd = open_beneath(comp, dir, name);
	if (fd < 0 && errno == ENOENT) {
		found = path_join(&comp->arena, comp->root, name);
		fd = open_beneath(comp, comp->root, name);
	}
	if (fd < 0) {
		load->failed = true;
		if (errno == EXDEV || errno == ELOOP)
			diag_add(&comp->diags, DIAG_OUTSIDE_ROOT, uses->name_at, "%.*s leads outside the rules",
				STR_ARG(uses->text));
		else
			no_such_file(load, uses, dir);
		return;
	}
	if (in_circle(load, found, uses)) {
		close(fd);
		return;
	}
	int32_t file = parse_open(load, fd, found, uses->name_at);
	load->failed |= file < 0;
	if (file >= 0)
		follow_uses(load, file, found, name, false);
}

/* Files come out after those they use. The first file that cannot be found stops the search:
 * without it, nearly every name would be complained of. Depth first, so that `open` holds the way
 * from the contract to here. */
static void follow_uses(Load *load, int32_t file, Str path, Str name, bool own)
{
	Compilation *comp = load->comp;
	Ast *tree = comp->tree.at[file];
	if (have_file(load, file))
		return;
	*list_push(load, &load->open) = path;
	for (const Ast *item = tree->items; item != NULL && !load->failed; item = item->next) {
		if (item->kind != AST_USES)
			continue;
		if (load->file.n + load->open.n >= LIMIT_FILES) {
			diag_add(&comp->diags, DIAG_TOO_MANY_FILES, item->at,
				"a contract may rest on %d files at most", LIMIT_FILES);
			load->failed = true;
			return;
		}
		load_one(load, item, path);
	}
	load->open.n--;
	*list_push(load, &load->file) = (LoadedFile){tree, file, name, own};
}

/* The part of a path behind the root, or its last name: the same on every machine. */
static Str stable_name(const Compilation *comp, Str path)
{
	Str root = comp->root, dir = path_dir(path);
	if (path.len > root.len + 1 && memcmp(path.ptr, root.ptr, root.len) == 0 &&
			path.ptr[root.len] == '/')
		return (Str){path.ptr + root.len + 1, path.len - root.len - 1};
	return str_eq(dir, STR(".")) ? path : (Str){path.ptr + dir.len + 1, path.len - dir.len - 1};
}

/* The file that was asked for is the last of the list. A path that was typed is opened as it is,
 * also outside the root: the boundary is for what files ask for, not for what people do. */
int32_t load_files(Compilation *comp, Str path, LoadedFile **out)
{
	Load load = {.comp = comp, .arena = &comp->arena};
	int fd = open(str_z(&comp->arena, path), READ_FLAGS);
	if (fd < 0) {
		diag_add(&comp->diags, DIAG_NO_FILE, nowhere, "%.*s cannot be read: %s", STR_ARG(path),
			strerror(errno));
		return 0;
	}
	Str kept = str_copy(&comp->arena, path);
	int32_t file = parse_open(&load, fd, kept, nowhere);
	if (file < 0)
		return 0;
	follow_uses(&load, file, kept, stable_name(comp, kept), true);
	*out = load.file.at;
	return load.failed ? 0 : load.file.n;
}

/* Names are unique: a file is in the list once. */
static int by_name(const void *a, const void *b)
{
	const LoadedFile *left = a, *right = b;
	return str_cmp(left->name, right->name);
}

/* Sorted by place under the root: the same rules give the same hash wherever they are kept, in
 * whatever order they use each other. */
void load_digest(Compilation *comp, LoadedFile *file, int32_t n, uint8_t out[32])
{
	Digest digest;
	LoadedFile *sorted = arena_copy(&comp->arena, file, sizeof *file * (size_t)n);
	qsort(sorted, (size_t)n, sizeof *sorted, by_name);
	digest_begin(&digest);
	digest_field(&digest, 'v', STR("vouch " PACKAGE_VERSION));
	for (int32_t i = 0; i < n; i++) {
		const Source *source = &comp->sources.file.at[sorted[i].file];
		digest_field(&digest, 'f', sorted[i].name);
		digest_field(&digest, 't', (Str){(const char *)source->sha256, sizeof source->sha256});
	}
	digest_end(&digest, out);
}

/* ---- contracts for a word of the command line */

/* A line that begins with `contract`: enough to tell a contract from a shared file without
 * parsing it. A long line is read in pieces, of which only the first can begin with the word. */
static bool declares_contract(const char *path)
{
	FILE *in = fopen(path, "re");
	char line[256];
	bool found = false, start = true;
	while (in != NULL && !found && fgets(line, sizeof line, in) != NULL) {
		found = start && strncmp(line, "contract", 8) == 0 && (line[8] == ' ' || line[8] == '\t');
		start = strchr(line, '\n') != NULL;
	}
	if (in != NULL)
		fclose(in);
	return found;
}

/* Sorted, so that the order of a folder never shows (law 8). */
static int by_text(const void *a, const void *b)
{
	const Str *left = a, *right = b;
	return str_cmp(*left, *right);
}

/* Not into folders below: a council's contracts stand side by side. Shared files lie in folders
 * of contracts too, and are no contracts. */
static void find_in_folder(Compilation *comp, Str dir, StrVec *paths)
{
	DIR *folder = opendir(str_z(&comp->arena, dir));
	struct dirent *entry;
	size_t before = paths->n;
	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		Str path = path_join(&comp->arena, dir, str_of(entry->d_name));
		if (is_rule_file(path) && is_file(path.ptr) && declares_contract(path.ptr))
			*vec_push(paths) = path;
	}
	if (folder != NULL)
		closedir(folder);
	if (paths->n > before)
		qsort(paths->at + before, paths->n - before, sizeof *paths->at, by_text);
}

/* Every contract one folder down from the root: council/contract. Councils are tried as well:
 * `hampshir` is as likely a slip as `hampshire/ccs`. */
static void suggest_contract(Compilation *comp, DiagRef diag, Str word)
{
	Nearest nearest;
	StrVec all = {0};
	DIR *folder = opendir(str_z(&comp->arena, comp->root));
	struct dirent *entry;
	nearest_start(&nearest, word);
	while (folder != NULL && (entry = readdir(folder)) != NULL)
		if (entry->d_name[0] != '.') {
			nearest_try(&nearest, str_copy(&comp->arena, str_of(entry->d_name)));
			find_in_folder(comp, path_join(&comp->arena, comp->root, str_of(entry->d_name)), &all);
		}
	if (folder != NULL)
		closedir(folder);
	for (size_t i = 0; i < all.n; i++) {
		Str name = stable_name(comp, all.at[i]);
		nearest_try(&nearest, (Str){name.ptr, name.len - (sizeof ".vouch" - 1)});
	}
	suggest_best(diag, &nearest);
	vec_free(&all);
}

/* A file comes before a name and a name before a folder. The names that people use are looked for
 * under the root; paths work from anywhere. */
Status contract_find(Compilation *comp, Str word, StrVec *paths)
{
	size_t before = paths->n;
	Str under = path_join(&comp->arena, comp->root, word);
	Str named = str_format(&comp->arena, "%.*s.vouch", STR_ARG(under));
	Str given = str_copy(&comp->arena, word);
	if (is_file(given.ptr))
		*vec_push(paths) = given;
	else if (is_file(named.ptr))
		*vec_push(paths) = named;
	else if (is_folder(given.ptr))
		find_in_folder(comp, given, paths);
	if (paths->n == before && is_folder(under.ptr))
		find_in_folder(comp, under, paths);
	if (paths->n > before)
		return STATUS_OK;
	DiagRef diag = diag_add(&comp->diags, DIAG_NO_SUCH_CONTRACT, nowhere,
		"no contract is called %.*s",
		STR_ARG(word));
	diag_note(diag, "the rules root is %.*s", STR_ARG(comp->root));
	suggest_contract(comp, diag, word);
	return STATUS_WRONG;
}
