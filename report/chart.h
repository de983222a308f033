/*
 * Charts as inline SVG: bars, points over a line, columns over a grid, a run of values with its
 * median. All coordinates are whole numbers, so that the same figures give the same picture.
 *
 * A picture is only half a chart: whoever draws one puts a sentence and a table beside it
 * (chart_begin … the drawing … chart_said … a table … chart_end).
 */
#ifndef VOUCH_REPORT_CHART_H
#define VOUCH_REPORT_CHART_H

#include "report/html.h"

/* How values of a chart are written on its axis: pence, seconds, counts, millionths. */
typedef void ChartValue(Html *html, int64_t value);
ChartValue chart_count, chart_pence, chart_seconds, chart_percent;

/* number: of the chart on the page, for its ids. The heading is text of ours. */
void chart_begin(Html *html, int number, const char *heading, int level);
/* What it says, behind the drawing; then html_table in <details>: */
void chart_said(Html *html, Str sentence);
void chart_table(Html *html, const char *summary);
void chart_end(Html *html);

typedef struct ChartBar {
	Str label;
	int64_t value;
	Str shown;       /* the value in words, at the bar's end */
	bool second;     /* of the other kind: another colour, and hollow */
	bool has_mark;
	int64_t mark;    /* a target: a line across the bar */
} ChartBar;

/* Bars below each other, from 0 or from the least value, each with its label above it. */
void chart_bars(Html *html, Str name, const ChartBar *bar, int n, Str mark);

typedef struct ChartPoint {
	int64_t x, y, times; /* times: how many there are of it */
} ChartPoint;

/* Points from 0 to `most` over the line y = x; both axes have one scale. Those beyond are not
 * drawn. */
void chart_points(Html *html, Str name, const ChartPoint *point, size_t n, int64_t most, Str xtitle,
	Str ytitle, ChartValue *value);

typedef struct ChartColumns {
	int64_t from, width;   /* of the first column; of each */
	const int64_t *count;
	size_t n;
	int64_t grid;          /* lines at its multiples; 0: none */
	Str xtitle, ytitle;
	ChartValue *value;     /* of the x axis */
} ChartColumns;

void chart_columns(Html *html, Str name, const ChartColumns *columns);

/* Values in turn, with a line at their median; label[i] for the axis, where only some are shown. */
void chart_run(Html *html, Str name, const int64_t *value, const Str *label, size_t n,
	int64_t median, Str ytitle);

#endif
