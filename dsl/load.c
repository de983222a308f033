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
	int32_t version;     /* whose files are being read */
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
	*list_push(load, &load->file) = (LoadedFile){tree, file, name, own, load->version};
}

/* The part of a path behind a folder; empty when it does not begin with that. */
static Str path_behind(Str path, Str folder)
{
	if (path.len > folder.len + 1 && memcmp(path.ptr, folder.ptr, folder.len) == 0 &&
			path.ptr[folder.len] == '/')
		return (Str){path.ptr + folder.len + 1, path.len - folder.len - 1};
	return STR("");
}

/* The same of a root and a path of which one may be relative or go by a link. */
static Str real_path_behind(Compilation *comp, Str path, Str folder)
{
	char *real = realpath(str_z(&comp->arena, path), NULL);
	char *base = realpath(str_z(&comp->arena, folder), NULL);
	Str out = STR("");
	if (real != NULL && base != NULL)
		out = str_copy(&comp->arena, path_behind(str_of(real), str_of(base)));
	free(real);
	free(base);
	return out;
}

/* The part of a path behind the root, or its last name: the same on every machine, and however root
 * and path are written. */
static Str stable_name(Compilation *comp, Str path)
{
	Str dir = path_dir(path), name = path_behind(path, comp->root);
	if (name.len == 0)
		name = real_path_behind(comp, path, comp->root);
	if (name.len > 0)
		return name;
	return str_eq(dir, STR(".")) ? path : (Str){path.ptr + dir.len + 1, path.len - dir.len - 1};
}

/* ---- a contract and its amendments */

/* What a file says of itself. */
typedef struct Head {
	Str contract;  /* its path; empty in a shared file */
	bool amends;
} Head;

/* The first of a kind in a list; a second one is the checker's to complain of. */
static const Ast *first_of(const Ast *items, AstKind kind)
{
	while (items != NULL && items->kind != kind)
		items = items->next;
	return items;
}

/* Whether a text can hold a word at all: most files of a folder need not be parsed. */
static bool holds(Str text, Str word)
{
	return memmem(text.ptr, text.len, word.ptr, word.len) != NULL;
}

/* Parsed with diagnostics of its own, which nobody reads: most files of a folder are other
 * contracts, whose mistakes are none of this one's business. An amendment must not be overlooked
 * for the way in which its lines are broken, so the grammar decides and no search for words; nor
 * for a slip in it. `wanted` is a word that the file must hold, or empty. */
static Head head_of(Compilation *comp, const char *path, Str wanted)
{
	Compilation own = {.arena = {0}};
	Head head = {.amends = false};
	Str text;
	own.sources.arena = &own.arena;
	diags_init(&own.diags, &own.arena, &own.sources);
	int fd = open(path, READ_FLAGS);
	if (fd >= 0 && read_open(&own, fd, str_of(path), nowhere, &text) &&
			holds(text, STR("contract")) && holds(text, wanted)) {
		int32_t file = load_text(&own, str_of(path), text);
		const Ast *tree = parse_head(&own.arena, &own.sources, file, &own.diags);
		const Ast *contract = first_of(tree->items, AST_CONTRACT);
		if (contract != NULL) {
			head.contract = str_copy(&comp->arena, contract->text);
			head.amends = first_of(contract->items, AST_AMENDS) != NULL ||
				(own.diags.errors > 0 && holds(text, STR("amends")));
		}
	}
	compile_end(&own);
	return head;
}

/* One file of a chain, as far as it is parsed. */
typedef struct Ring {
	int32_t file;
	Str path;
	const Ast *contract;
	Str version, amends;   /* empty: not said */
	Span amends_at;
	bool later;            /* it amends, if only nobody knows what */
	bool placed;
} Ring;

typedef struct Chain {
	Load *load;
	LIST(Ring) ring;       /* the file that was asked for first, then by name */
	LIST(int32_t) order;   /* from the first version to the last */
} Chain;

/* False for a shared file. */
static bool ring_add(Chain *chain, int32_t file, Str path)
{
	const Ast *tree = chain->load->comp->tree.at[file];
	const Ast *contract = first_of(tree->items, AST_CONTRACT);
	if (contract == NULL)
		return false;
	const Ast *version = first_of(contract->items, AST_VERSION);
	const Ast *amends = first_of(contract->items, AST_AMENDS);
	Ring ring = {.file = file, .path = path, .contract = contract, .amends_at = contract->name_at};
	if (version != NULL && version->a != NULL)
		ring.version = version->a->text;
	if (amends != NULL && amends->a != NULL) {
		ring.amends = amends->a->text;
		ring.amends_at = amends->a->at;
		ring.later = true;
	}
	*list_push(chain->load, &chain->ring) = ring;
	return true;
}

/* For qsort: by bytes, so that the order of a folder never shows (law 8). */
static int by_text(const void *a, const void *b)
{
	const Str *left = a, *right = b;
	return str_cmp(*left, *right);
}

/* What cannot be opened is no reason to go on without it: law would be missing without a word. */
static void open_ring(Chain *chain, Str dir, Str name, Str path)
{
	Load *load = chain->load;
	int fd = open_beneath(load->comp, dir, name);
	int32_t file = fd >= 0 ? parse_open(load, fd, path, nowhere) : -1;
	if (file >= 0) {
		ring_add(chain, file, path);
		return;
	}
	load->failed = true;
	if (fd < 0)
		diag_add(&load->comp->diags, DIAG_OUTSIDE_ROOT, chain->ring.at[0].contract->name_at,
			"%.*s speaks of this contract, and leads outside the rules", STR_ARG(path));
}

/* The other files of the folder that speak of the same contract. Of an amendment the base is
 * wanted too; of a base only what amends it: a second base is another contract. */
static void find_rings(Chain *chain)
{
	Load *load = chain->load;
	Ring asked = chain->ring.at[0];
	Str dir = path_dir(asked.path);
	DIR *folder = opendir(str_z(load->arena, dir));
	struct dirent *entry;
	LIST(Str) names = {0};
	size_t behind = asked.path.len;
	while (behind > 0 && asked.path.ptr[behind - 1] != '/')
		behind--;
	Str own = {asked.path.ptr + behind, asked.path.len - behind};
	while (folder != NULL && (entry = readdir(folder)) != NULL)
		if (is_rule_file(str_of(entry->d_name)))
			*list_push(load, &names) = str_copy(load->arena, str_of(entry->d_name));
	if (folder != NULL)
		closedir(folder);
	if (names.n > 1)
		qsort(names.at, (size_t)names.n, sizeof *names.at, by_text);
	for (int32_t i = 0; i < names.n; i++) {
		Str path = path_join(load->arena, dir, names.at[i]);
		if (str_eq(names.at[i], own) || !is_file(path.ptr))
			continue;
		Head head = head_of(load->comp, path.ptr,
			asked.later ? asked.contract->text : STR("amends"));
		if (!str_eq(head.contract, asked.contract->text) ||
				(!head.amends && !asked.later))
			continue;
		open_ring(chain, dir, names.at[i], path);
	}
}

/* Of several, the first by name; -1: no file makes that version. */
static int32_t ring_of_version(const Chain *chain, Str version)
{
	for (int32_t i = 0; i < chain->ring.n && version.len > 0; i++)
		if (str_eq(chain->ring.at[i].version, version))
			return i;
	return -1;
}

/* Most often the version is misspelt, or its file lies in another folder. */
static void no_base(Chain *chain, const Ring *ring)
{
	Nearest nearest;
	nearest_start(&nearest, ring->amends);
	for (int32_t i = 0; i < chain->ring.n; i++)
		if (&chain->ring.at[i] != ring)
			nearest_try(&nearest, chain->ring.at[i].version);
	DiagRef diag = diag_add(&chain->load->comp->diags, DIAG_NO_BASE, ring->amends_at,
		"no file in this folder makes version %.*s of %.*s", STR_ARG(ring->amends),
		STR_ARG(ring->contract->text));
	suggest_best(diag, &nearest);
	chain->load->failed = true;
}

/* At the `amends` of the file that does not fit into the line. */
static void no_line(Chain *chain, const Ring *ring, const char *why, const Ring *other)
{
	DiagRef diag = diag_add(&chain->load->comp->diags, DIAG_NO_LINE, ring->amends_at, "%s", why);
	if (other != NULL)
		diag_label(diag, other->amends_at, "the other is here");
	chain->load->failed = true;
}

/* Of an amendment two files might be the base, if both make that version; of the base itself the
 * other file is another contract. */
static bool one_base(Chain *chain, int32_t base)
{
	for (int32_t i = base + 1; i < chain->ring.n; i++) {
		const Ring *ring = &chain->ring.at[i];
		if (ring->later || !str_eq(ring->version, chain->ring.at[base].version))
			continue;
		no_line(chain, ring, "two files make the same version", &chain->ring.at[base]);
		return false;
	}
	return true;
}

/* Back along `amends` to the version that amends none. -1 after a complaint. */
static int32_t find_base(Chain *chain)
{
	int32_t at = 0;
	for (int32_t steps = 0; chain->ring.at[at].later; steps++) {
		const Ring *ring = &chain->ring.at[at];
		if (steps > chain->ring.n) {
			no_line(chain, ring, "versions amend each other in a circle", NULL);
			return -1;
		}
		at = ring_of_version(chain, ring->amends);
		if (at < 0) {
			no_base(chain, ring);
			return -1;
		}
	}
	return one_base(chain, at) ? at : -1;
}

/* S7: at most one amends any. */
static int32_t find_next(Chain *chain, Str version)
{
	int32_t found = -1;
	for (int32_t i = 0; i < chain->ring.n; i++) {
		Ring *ring = &chain->ring.at[i];
		if (ring->placed || !ring->later || !str_eq(ring->amends, version))
			continue;
		if (found >= 0)
			no_line(chain, ring, "two files amend the same version", &chain->ring.at[found]);
		else
			found = i;
		ring->placed = true;
	}
	return found;
}

/* What is left amends a version that nobody makes, or another one that is left. */
static void check_left(Chain *chain)
{
	for (int32_t i = 0; i < chain->ring.n; i++) {
		const Ring *ring = &chain->ring.at[i];
		if (ring->placed || !ring->later)
			continue;
		if (ring_of_version(chain, ring->amends) < 0)
			no_base(chain, ring);
		else
			no_line(chain, ring, "this version is not reached from the first one", NULL);
	}
}

/*
 *   ccsh.vouch "2025.1" <── amends ── ccsh-2026.vouch "2026.1" <── amends ── …
 *
 * The order of versions is that of who amends whom, never that of files or of the texts of their
 * names (law 8).
 */
static void order_rings(Chain *chain)
{
	int32_t at = find_base(chain);
	if (at < 0)
		return;
	chain->ring.at[at].placed = true;
	for (; at >= 0; at = find_next(chain, chain->ring.at[at].version)) {
		for (int32_t i = 0; i < chain->order.n; i++) {
			const Ring *other = &chain->ring.at[chain->order.at[i]];
			if (str_eq(other->version, chain->ring.at[at].version))
				no_line(chain, &chain->ring.at[at], "two files make the same version", other);
		}
		*list_push(chain->load, &chain->order) = at;
	}
	check_left(chain);
	if (chain->order.n <= LIMIT_VERSIONS)
		return;
	diag_add(&chain->load->comp->diags, DIAG_TOO_MANY_FILES, chain->ring.at[0].amends_at,
		"a contract may have %d versions at most", LIMIT_VERSIONS);
	chain->load->failed = true;
}

/* The contract's own file comes last of what it uses, an amendment's behind all of the version
 * that it amends. A path that was typed is opened as it is, also outside the root: the boundary is
 * for what files ask for, not for what people do. */
int32_t load_files(Compilation *comp, Str path, LoadedFile **out)
{
	Load load = {.comp = comp, .arena = &comp->arena};
	Chain chain = {.load = &load};
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
	if (ring_add(&chain, file, kept)) {
		find_rings(&chain);
		order_rings(&chain);
	} else {
		follow_uses(&load, file, kept, stable_name(comp, kept), true);
	}
	for (int32_t i = 0; i < chain.order.n && !load.failed; i++) {
		const Ring *ring = &chain.ring.at[chain.order.at[i]];
		load.version = i;
		follow_uses(&load, ring->file, ring->path, stable_name(comp, ring->path), true);
	}
	*out = load.file.at;
	return load.failed ? 0 : load.file.n;
}

/* What is sealed when a version has been used: its own text and those of all files that it uses,
 * in the order in which they are needed. Neither their paths nor the program's version are in it,
 * so that a folder may be moved and the program renewed. */
void load_seal(Compilation *comp, const LoadedFile *own, uint8_t out[32])
{
	Load load = {.comp = comp, .arena = &comp->arena};
	Digest digest;
	Str path = comp->sources.file.at[own->file].path;
	follow_uses(&load, own->file, path, own->name, true);
	digest_begin(&digest);
	for (int32_t i = 0; i < load.file.n; i++) {
		const Source *source = &comp->sources.file.at[load.file.at[i].file];
		digest_field(&digest, 't', (Str){(const char *)source->sha256, sizeof source->sha256});
	}
	digest_end(&digest, out);
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

/* A file that was found, and what it says at its head. */
typedef struct Found {
	Str path;
	Head head;
} Found;

/* By path, for qsort. */
static int by_found(const void *a, const void *b)
{
	const Found *left = a, *right = b;
	return str_cmp(left->path, right->path);
}

/* An amendment stands for itself only where nothing else would bring it along. */
static bool brought_along(const Found *found, size_t n, const Found *one)
{
	for (size_t i = 0; i < n && one->head.amends; i++) {
		const Found *other = &found[i];
		if (str_eq(other->head.contract, one->head.contract) &&
				str_eq(path_dir(other->path), path_dir(one->path)) &&
				(!other->head.amends || other < one))
			return true;
	}
	return false;
}

/* Not into folders below: a council's contracts stand side by side. Shared files lie in folders
 * of contracts too, and are no contracts; a contract with its amendments counts once. Sorted, so
 * that the order of a folder never shows (law 8). */
static void find_in_folder(Compilation *comp, Str dir, StrVec *paths)
{
	DIR *folder = opendir(str_z(&comp->arena, dir));
	struct dirent *entry;
	VEC(Found) found = {0};
	while (folder != NULL && (entry = readdir(folder)) != NULL) {
		Str path = path_join(&comp->arena, dir, str_of(entry->d_name));
		if (!is_rule_file(path) || !is_file(path.ptr))
			continue;
		Head head = head_of(comp, path.ptr, STR(""));
		if (head.contract.len > 0)
			*vec_push(&found) = (Found){path, head};
	}
	if (folder != NULL)
		closedir(folder);
	if (found.n > 1)
		qsort(found.at, found.n, sizeof *found.at, by_found);
	for (size_t i = 0; i < found.n; i++)
		if (!brought_along(found.at, found.n, &found.at[i]))
			*vec_push(paths) = found.at[i].path;
	vec_free(&found);
}

/* Two paths of one chain would be two contracts of one name. */
void contracts_once(Compilation *comp, StrVec *paths)
{
	VEC(Found) found = {0};
	size_t kept = 0;
	for (size_t i = 0; i < paths->n; i++)
		*vec_push(&found) = (Found){paths->at[i],
			head_of(comp, str_z(&comp->arena, paths->at[i]), STR(""))};
	for (size_t i = 0; i < paths->n; i++)
		if (!brought_along(found.at, found.n, &found.at[i]))
			paths->at[kept++] = paths->at[i];
	paths->n = kept;
	vec_free(&found);
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
