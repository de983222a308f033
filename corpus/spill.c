/*
 * Sixty-four files at most, each small enough to be sorted in memory: at 20 million rows one holds
 * about 300,000, some 25 MB.
 *
 * A shuffle of more rows than fit into memory: each row goes to the file that
 * the first bits of its hash name, and each file is sorted by the whole hash
 * when it is read back.
 *
 *   row ──hash──> 01|1011…  ──> file 1 ──sort──┐
 *                00|0110…  ──> file 0 ──sort──┴──> rows in the order of their hashes
 */
#include "corpus/spill.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "corpus/rng.h"
#include "corpus/rows.h"

#define BITS_MAX 6
#define ROWS_PER_FILE 250000

/* Files by the leading bits of the hash: one after the other, they are in the order of the hash. */
struct Spill {
	size_t size;
	uint64_t seed, rows;
	int bits; /* of the hash, that choose the file */
	FILE *file[1 << BITS_MAX];
	uint64_t count[1 << BITS_MAX];
};

/* A row on its way: the hash comes first in the file, then the row. */
typedef struct Place {
	uint64_t hash;
	uint64_t at;
} Place;

/* Beside the database, where there must be room anyway; unnamed at once, so that nothing is left
 * behind however the program ends. */
static FILE *open_unnamed(const char *path)
{
	size_t room = strlen(path) + 8;
	char *name = rows_grow(NULL, room, 1);
	snprintf(name, room, "%s.XXXXXX", path);
	int fd = mkstemp(name);
	if (fd >= 0)
		unlink(name);
	free(name);
	return fd < 0 ? NULL : fdopen(fd, "w+b");
}

Spill *spill_open(const char *path, size_t size, uint64_t expected, uint64_t seed)
{
	Spill *spill = rows_grow(NULL, 1, sizeof *spill);
	*spill = (Spill){.size = size, .seed = seed};
	while (spill->bits < BITS_MAX && expected >> spill->bits > ROWS_PER_FILE)
		spill->bits++;
	for (int i = 0; i < 1 << spill->bits; i++) {
		spill->file[i] = open_unnamed(path);
		if (!spill->file[i]) {
			spill_close(spill);
			return NULL;
		}
	}
	return spill;
}

/* The row's own number is hashed, not its content: rows alike in everything still part. */
bool spill_add(Spill *spill, const void *row)
{
	uint64_t hash = rng_mix(spill->seed ^ rng_mix(spill->rows++));
	uint64_t file = spill->bits ? hash >> (64 - spill->bits) : 0;
	spill->count[file]++;
	return fwrite(&hash, sizeof hash, 1, spill->file[file]) == 1 &&
		fwrite(row, spill->size, 1, spill->file[file]) == 1;
}

/* Not by subtraction: hashes use all 64 bits. */
static int by_hash(const void *a, const void *b)
{
	const Place *x = a, *y = b;
	return x->hash < y->hash ? -1 : x->hash > y->hash;
}

/* The mix is a bijection: no two hashes are the same. */
static bool drain_file(Spill *spill, int file, void (*visit)(void *, const void *), void *context)
{
	size_t step = sizeof(uint64_t) + spill->size, count = (size_t)spill->count[file];
	unsigned char *bytes = rows_grow(NULL, count + 1, step);
	Place *places = rows_grow(NULL, count + 1, sizeof *places);
	bool read = fflush(spill->file[file]) == 0;
	rewind(spill->file[file]);
	read = read && fread(bytes, step, count, spill->file[file]) == count;
	for (size_t i = 0; i < count && read; i++) {
		memcpy(&places[i].hash, bytes + i * step, sizeof(uint64_t));
		places[i].at = i;
	}
	if (read)
		qsort(places, count, sizeof *places, by_hash);
	for (size_t i = 0; i < count && read; i++)
		visit(context, bytes + places[i].at * step + sizeof(uint64_t));
	free(bytes);
	free(places);
	return read;
}

/* Each file is closed, and its room on the disk given back, as soon as it has been read. */
bool spill_drain(Spill *spill, void (*visit)(void *, const void *), void *context)
{
	bool read = true;
	for (int i = 0; i < 1 << spill->bits && read; i++) {
		read = drain_file(spill, i, visit, context);
		fclose(spill->file[i]);
		spill->file[i] = NULL;
	}
	return read;
}

/* Also for a spill of which not all files could be opened. */
void spill_close(Spill *spill)
{
	if (!spill)
		return;
	for (int i = 0; i < 1 << BITS_MAX; i++)
		if (spill->file[i])
			fclose(spill->file[i]);
	free(spill);
}
