/*
 * A small stand-in for libFuzzer, for compilers without it: takes seeds and runs the target a fixed
 * number of times on mutated copies of them, the same ones for the same seed number. It knows
 * nothing of coverage. Arguments as libFuzzer's, what else begins with a dash is passed over:
 *
 *   -runs=N  executions (the seeds' own count)   -seed=N   -dict=FILE   SEED-FILE-OR-FOLDER...
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"

#define INPUT_BYTES (8u << 10)   /* inputs are cut here: more is slow and finds no more */
#define SECONDS_EACH 20         /* one execution that takes longer is a hang */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct Fuzz {
	uint64_t state;   /* of the generator: xorshift, never 0 */
	VEC(Str) seed;    /* whole files */
	VEC(Str) word;    /* of the dictionary */
	Arena arena;
	long runs;
} Fuzz;

static uint64_t draw(Fuzz *fuzz, size_t below)
{
	fuzz->state ^= fuzz->state << 13;
	fuzz->state ^= fuzz->state >> 7;
	fuzz->state ^= fuzz->state << 17;
	return below == 0 ? 0 : (fuzz->state >> 11) % below;
}

static Str read_file(Fuzz *fuzz, const char *path)
{
	char *bytes = arena_alloc(&fuzz->arena, INPUT_BYTES + 1);
	FILE *file = fopen(path, "rb");
	if (file == NULL)
		return (Str){bytes, 0};
	size_t size = fread(bytes, 1, INPUT_BYTES, file);
	fclose(file);
	return (Str){bytes, size};
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Adds a file, or the files below a folder in order of their names. */
static void add_seeds(Fuzz *fuzz, const char *path)
{
	struct stat info;
	if (stat(path, &info) != 0)
		return;
	if (!S_ISDIR(info.st_mode)) {
		*vec_push(&fuzz->seed) = read_file(fuzz, path);
		return;
	}
	struct dirent **entries;
	int n = scandir(path, &entries, visible, by_name);
	for (int i = 0; i < n; i++) {
		add_seeds(fuzz, str_format(&fuzz->arena, "%s/%s", path, entries[i]->d_name).ptr);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

/* Decodes \xNN, in place. */
static Str plain_word(Str word, char *bytes)
{
	size_t n = 0;
	for (size_t i = 0; i < word.len; i++) {
		char code[3] = {0};
		if (word.ptr[i] != '\\' || word.len - i < 4) {
			bytes[n++] = word.ptr[i];
			continue;
		}
		memcpy(code, word.ptr + i + 2, 2);
		bytes[n++] = (char)strtoul(code, NULL, 16);
		i += 3;
	}
	return (Str){bytes, n};
}

/* Words stand one a line between double quotes, as libFuzzer has them. */
static void add_words(Fuzz *fuzz, const char *path)
{
	char line[256];
	FILE *file = fopen(path, "r");
	while (file != NULL && fgets(line, sizeof line, file) != NULL) {
		const char *first = strchr(line, '"'), *last = strrchr(line, '"');
		if (line[0] == '#' || first == NULL || last == first)
			continue;
		Str word = {first + 1, (size_t)(last - first - 1)};
		char *bytes = arena_alloc(&fuzz->arena, word.len + 1);
		*vec_push(&fuzz->word) = plain_word(word, bytes);
	}
	if (file != NULL)
		fclose(file);
}

/* Puts `with` in place of `cut` bytes at `at`, as far as the room goes. */
static size_t replace(char *input, size_t size, size_t at, size_t cut, Str with)
{
	size_t tail = size - at - cut;
	if (with.len > INPUT_BYTES - at - tail)
		return size;
	memmove(input + at + with.len, input + at + cut, tail);
	if (with.len > 0)
		memcpy(input + at, with.ptr, with.len);
	return at + with.len + tail;
}

/* A piece of any seed: mostly short, now and then long. */
static Str piece(Fuzz *fuzz)
{
	Str seed = fuzz->seed.at[draw(fuzz, fuzz->seed.n)];
	size_t at = draw(fuzz, seed.len), most = draw(fuzz, 8) == 0 ? 2000 : 40;
	size_t len = draw(fuzz, most < seed.len - at ? most : seed.len - at);
	return (Str){seed.ptr + at, len};
}

static size_t mutate(Fuzz *fuzz, char *input, size_t size)
{
	size_t at = draw(fuzz, size + 1), left = size - at;
	size_t cut = draw(fuzz, left < 40 ? left + 1 : 40);
	char byte = (char)draw(fuzz, 256);
	switch (draw(fuzz, 6)) {
	case 0:
		return replace(input, size, at, left > 0, (Str){&byte, 1});
	case 1:
		return replace(input, size, at, cut, STR(""));
	case 2:
		return replace(input, size, at, 0, piece(fuzz));
	case 3:
		return replace(input, size, at, cut, piece(fuzz));
	default:
		if (fuzz->word.n == 0)
			return size;
		return replace(input, size, at, cut / 4, fuzz->word.at[draw(fuzz, fuzz->word.n)]);
	}
}

/* Runs one input, from memory of its exact size so that a sanitizer sees a read beyond its end. The
 * input is kept as a file while it runs: after a crash it is the one to look at. */
static void run_one(Str input, const char *keep)
{
	FILE *file = fopen(keep, "wb");
	if (file != NULL) {
		fwrite(input.ptr, 1, input.len, file);
		fclose(file);
	}
	uint8_t *exact = mem_alloc(input.len > 0 ? input.len : 1);
	if (input.len > 0)
		memcpy(exact, input.ptr, input.len);
	alarm(SECONDS_EACH);
	LLVMFuzzerTestOneInput(exact, input.len);
	alarm(0);
	free(exact);
}

static void run_mutated(Fuzz *fuzz, const char *keep)
{
	char *input = mem_alloc(INPUT_BYTES);
	for (long run = (long)fuzz->seed.n; run < fuzz->runs; run++) {
		Str seed = fuzz->seed.at[draw(fuzz, fuzz->seed.n)];
		size_t size = seed.len, times = 1 + draw(fuzz, 6);
		if (size > 0)
			memcpy(input, seed.ptr, size);
		for (size_t i = 0; i < times; i++)
			size = mutate(fuzz, input, size);
		run_one((Str){input, size}, keep);
	}
	free(input);
}

static void read_arguments(Fuzz *fuzz, int argc, char *argv[])
{
	for (int i = 1; i < argc; i++) {
		if (strncmp(argv[i], "-runs=", 6) == 0)
			fuzz->runs = strtol(argv[i] + 6, NULL, 10);
		else if (strncmp(argv[i], "-seed=", 6) == 0)
			fuzz->state ^= strtoull(argv[i] + 6, NULL, 10);
		else if (strncmp(argv[i], "-dict=", 6) == 0)
			add_words(fuzz, argv[i] + 6);
		else if (argv[i][0] != '-')
			add_seeds(fuzz, argv[i]);
	}
}

int main(int argc, char *argv[])
{
	Fuzz fuzz = {.state = 0x9e3779b97f4a7c15u};
	read_arguments(&fuzz, argc, argv);
	if (fuzz.seed.n == 0)
		*vec_push(&fuzz.seed) = STR("\n");
	const char *folder = getenv("VOUCH_TMP");
	Str keep = str_format(&fuzz.arena, "%s/crash-input", folder != NULL ? folder : ".");
	for (size_t i = 0; i < fuzz.seed.n; i++)
		run_one(fuzz.seed.at[i], keep.ptr);
	run_mutated(&fuzz, keep.ptr);
	unlink(keep.ptr);
	fprintf(stderr, "%ld executions from %zu seeds\n",
		fuzz.runs > (long)fuzz.seed.n ? fuzz.runs : (long)fuzz.seed.n, fuzz.seed.n);
	vec_free(&fuzz.seed);
	vec_free(&fuzz.word);
	arena_free(&fuzz.arena);
	return 0;
}
