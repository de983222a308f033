/*
 * For tests that begin with a rule text: a rulebook checked from it, and the tests in the language
 * run over it.
 */
#ifndef VOUCH_TESTS_UNIT_SUPPORT_H
#define VOUCH_TESTS_UNIT_SUPPORT_H

#include "dsl/check.h"
#include "interp/testrun.h"
#include "interp/walk.h"

typedef struct Fixture {
	Compilation comp;
	const Rulebook *book;  /* NULL after errors */
	char root[64];         /* a rules root of its own, removed by fixture_close */
} Fixture;

/* Checks the text as test/book.vouch under a root of its own. */
void fixture_try(Fixture *fixture, const char *text);
/* The same; diagnostics that are errors end the test and are printed. */
void fixture_open(Fixture *fixture, const char *text);
void fixture_close(Fixture *fixture);

/* Rule files of a test, in a folder of their own that goes with the test: it is the root of rules,
 * since `uses` cannot leave that (law 13), and the files of a chain find each other in it. */
typedef struct Box {
	char dir[64];
	Compilation comp;
} Box;

void box_begin(Box *box);
void box_end(Box *box);
Str box_path(Box *box, const char *name);
/* Most files differ in what stands behind their head, which may be empty. */
void box_write(Box *box, const char *name, const char *head, const char *text);
const Rulebook *box_load(Box *box, const char *name); /* NULL after errors */

/* A subject of a book's first rule over its first scenario, named as an auditor would ("visit
 * VS1"): `meet` is called with its slots and group. A text without it ends the test. */
typedef struct Scene {
	Fixture fixture;
	Arena arena;
	Walk walk;
	const Rule *rule;
	const char *key;
	void *user;
	void (*meet)(void *user, Value *slots, RowSpan group);
	bool seen;
} Scene;

void scene_open(Scene *scene, const char *text);
void scene_meet(Scene *scene, const char *key, void (*meet)(void *user, Value *slots,
	RowSpan group), void *user);
void scene_close(Scene *scene);

/* Visits, logs, provisions, providers and submissions, as small as will do; rounding quarter_hour;
 * visit.logged. Rules and scenarios are put behind it. */
extern const char home_care[];

/* All examples and scenarios of the text, put behind home_care, pass; a difference ends the test
 * and is printed. */
void expect_passes(const char *text);
/* Exactly one does not, with this difference: "what | expected | actual". */
void expect_differs(const char *text, const char *difference);

#endif
