/*
 * SARIF from what diags_print_json gives: that sorts, drops repeats and works out places, so the
 * two formats cannot differ.
 *
 * SARIF 2.1.0 is what code hosts read to show a mistake beside its line in a review:
 *
 *   runs[0].tool.driver.rules[]   each code raised, with its title
 *   runs[0].results[]             one a diagnostic: ruleId, level, message, place, partners
 *
 * Columns are counted in characters on both sides (columnKind), as £ is one of them.
 */
#include "cli/sarif.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "report/sariftext.h"

/* For tools that compile one file by itself; configure gives the real one. */
#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "0"
#endif

/* A place of diags_print_json as a physicalLocation. */
static json_t *location(const json_t *place)
{
	static const struct { const char *ours, *theirs; } part[] = {{"line", "startLine"},
		{"column", "startColumn"}, {"end_line", "endLine"}, {"end_column", "endColumn"}};
	json_t *region = json_object();
	for (int i = 0; i < 4; i++)
		json_object_set(region, part[i].theirs, json_object_get(place, part[i].ours));
	return json_pack("{s:{s:{s:o},s:o}}", "physicalLocation", "artifactLocation", "uri",
		sarif_uri(str_of(json_string_value(json_object_get(place, "file")))), "region", region);
}

/* The labelled partners of a diagnostic, such as the other side of a comparison. */
static json_t *related(const json_t *labels)
{
	json_t *list = json_array();
	for (size_t i = 0; i < json_array_size(labels); i++) {
		const json_t *label = json_array_get(labels, i);
		json_t *at = location(label);
		json_object_set_new(at, "message", sarif_message(str_of(json_string_value(
			json_object_get(label, "text")))));
		json_array_append_new(list, at);
	}
	return list;
}

/* The message, then the note and the help, which SARIF has no place of its own for. */
static json_t *whole_message(const json_t *diag)
{
	static const char *const more[] = {"note", "help"};
	Buf buf = {0};
	buf_puts(&buf, json_string_value(json_object_get(diag, "message")));
	for (int i = 0; i < 2; i++) {
		const char *text = json_string_value(json_object_get(diag, more[i]));
		if (text != NULL)
			buf_printf(&buf, "\n%s: %s", more[i], text);
	}
	json_t *object = sarif_message(buf_view(&buf));
	buf_free(&buf);
	return object;
}

/* A diagnostic about a file as a whole has no place; SARIF allows a result without one. */
static json_t *result(const json_t *diag)
{
	json_t *object = json_object();
	json_object_set(object, "ruleId", json_object_get(diag, "code"));
	json_object_set(object, "level", json_object_get(diag, "severity"));
	json_object_set_new(object, "message", whole_message(diag));
	if (json_object_get(diag, "file") != NULL) {
		json_object_set_new(object, "locations", json_pack("[o]", location(diag)));
		json_object_set_new(object, "relatedLocations", related(json_object_get(diag, "labels")));
	}
	return object;
}

/* Each code that was raised, once, with its title. */
static json_t *rules_of(const json_t *diags)
{
	json_t *list = json_array();
	for (int c = 0; c < DIAG_CODE_COUNT; c++) {
		const char *code = diag_code_text((DiagCode)c);
		for (size_t i = 0; i < json_array_size(diags); i++) {
			const json_t *diag = json_array_get(diags, i);
			if (strcmp(json_string_value(json_object_get(diag, "code")), code) != 0)
				continue;
			json_array_append_new(list, json_pack("{s:s,s:o}", "id", code, "shortDescription",
				sarif_message(str_of(diag_title((DiagCode)c)))));
			break;
		}
	}
	return list;
}

/* Nothing here reads the network (law 13). */
void sarif_print(Diags *diags, Buf *out)
{
	Buf own = {0};
	json_t *results = json_array();
	diags_print_json(diags, &own);
	json_t *list = json_loadb(own.at, own.n, 0, NULL);
	for (size_t i = 0; i < json_array_size(list); i++)
		json_array_append_new(results, result(json_array_get(list, i)));
	json_t *root = json_pack("{s:s,s:s,s:[{s:{s:{s:s,s:s,s:o}},s:s,s:o}]}",
		"$schema", SARIF_SCHEMA, "version", "2.1.0", "runs",
		"tool", "driver", "name", "vouch", "version", PACKAGE_VERSION, "rules", rules_of(list),
		"columnKind", "unicodeCodePoints", "results", results);
	char *text = json_dumps(root, JSON_INDENT(2));
	buf_puts(out, text != NULL ? text : "{}");
	buf_char(out, '\n');
	free(text);
	json_decref(root);
	json_decref(list);
	buf_free(&own);
}
