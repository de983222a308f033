/*
 * Every drawing is 640 units wide; its box scrolls by itself where the screen is narrower than the
 * text could be read at.
 *
 *   LEFT ┌──────────────────┐ RIGHT
 *        │  ·   ·  /        │ TOP           pixel = from + (value - least) * (to - from)
 *        │    · / ·         │                            / (most - least)
 *        └──────────────────┘ height - FOOT
 *
 * What is drawn is told three times: the picture (role=img with a name), the sentence and the table
 * that whoever draws puts beside it. So nothing within the picture has to be reached or read out.
 *
 *   values    int64_t: pence, seconds, counts, millionths; written by the ChartValue of the axis
 *   pixels    int, whole: the same figures give the same bytes on every machine, which fractions
 *             of a pixel, printed from binary ones, might not
 *   shapes    filled, hollow, dashed: each kind can be told without its colour (WCAG 1.4.1)
 */
#include "report/chart.h"

#include "report/layout.h"

#define WIDTH 640
#define LEFT 76
#define RIGHT 20
#define TOP 34
#define FOOT 52
#define PLOT 300     /* height of a plot with axes */
#define TICKS_MOST 7

#define BLUE "#12436D"
#define ORANGE "#F46A25"
#define PINK "#801650"
#define INK "#0b0c0c"
#define LINE "#b1b4b6"

/* ---- values ---- */

void chart_count(Html *html, int64_t value)
{
	html_number(html, value);
}

/* Whole pounds on an axis. */
void chart_pence(Html *html, int64_t value)
{
	if (value % 100 != 0) {
		html_pence(html, value);
		return;
	}
	html_put(html, value < 0 ? "-£" : "£");
	html_number(html, (value < 0 ? -value : value) / 100);
}

/* 90 min, 1 h 30 min, 20 s: short, for an axis. */
void chart_seconds(Html *html, int64_t value)
{
	int64_t s = value < 0 ? -value : value;
	html_put(html, value < 0 ? "-" : "");
	if (s >= 3600)
		html_printf(html, "%lld h%s", (long long)(s / 3600), s % 3600 != 0 ? " " : "");
	if (s / 60 % 60 != 0 || s == 0)
		html_printf(html, "%lld min%s", (long long)(s / 60 % 60), s % 60 != 0 ? " " : "");
	if (s % 60 != 0)
		html_printf(html, "%lld s", (long long)(s % 60));
}

/* Millionths as a percentage. */
void chart_percent(Html *html, int64_t value)
{
	ratio_print(&html->buf, (Ratio){value, 10000}, 0, true);
	html_put(html, "%");
}

/* ---- axes ---- */

/* Values least .. most lie at from .. to, which may run upwards (y grows down in SVG). */
typedef struct Axis {
	int64_t least, most, step;
	int from, to;
} Axis;

/* Int128, since a value times 600 pixels may not fit. An axis without an extent has all at its
 * beginning, rather than divide by 0. */
static int place(const Axis *axis, int64_t value)
{
	Int128 span = (Int128)axis->most - axis->least;
	Int128 at = ((Int128)value - axis->least) * (axis->to - axis->from);
	return span <= 0 ? axis->from : axis->from + (int)(at / span);
}

/*
 * 1, 2, 5, 10, 20 …; of times those that clocks have: nobody reads an axis in steps of 200 seconds.
 * The least step that gives fewer than TICKS_MOST of them. It ends for every span: a unit beyond
 * INT64_MAX / 100 is taken as it is, since the next one would overflow.
 */
static int64_t step_for(int64_t span, ChartValue *value)
{
	static const int64_t clock[] = {1, 5, 15, 30, 60, 300, 600, 900, 1800, 3600, 7200, 14400,
		28800, 86400};
	static const int64_t digit[] = {1, 2, 5};
	int64_t unit = 1;
	for (size_t i = 0; value == chart_seconds && i < sizeof clock / sizeof *clock; i++)
		if (span / clock[i] < TICKS_MOST)
			return clock[i];
	for (;; unit *= 10)
		for (int i = 0; i < 3; i++)
			if (span / (unit * digit[i]) < TICKS_MOST || unit > INT64_MAX / 100)
				return unit * digit[i];
}

/* From the multiple of the step below `least` to the one above `most`. */
static Axis axis_for(int64_t least, int64_t most, ChartValue *value, int from, int to)
{
	Axis axis = {.from = from, .to = to};
	most = most > least ? most : least + 1;
	axis.step = step_for(most - least, value);
	axis.least = (int64_t)round_to(least, axis.step, ROUND_DOWN);
	axis.most = (int64_t)round_to(most, axis.step, ROUND_UP);
	return axis;
}

/* ---- pieces ---- */

/* Cleaned and escaped like all text. */
static void text_at(Html *html, int x, int y, const char *anchor, Str text)
{
	html_printf(html, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">", x, y, anchor);
	html_text(html, text);
	html_put(html, "</text>");
}

static void line_at(Html *html, int x1, int y1, int x2, int y2, const char *style)
{
	html_printf(html, "<path d=\"M%d %dL%d %d\" %s/>", x1, y1, x2, y2, style);
}

static const char faint[] = "stroke=\"" LINE "\" fill=\"none\"";
static const char strong[] = "stroke=\"" INK "\" fill=\"none\"";
static const char dashed[] = "stroke=\"" PINK "\" stroke-width=\"2\" stroke-dasharray=\"7 5\""
	" fill=\"none\"";

/* The picture has a name; what it says in detail is in the sentence and the table. Its box takes
 * the focus, so that it can be scrolled by keyboard (WCAG 2.1.1), and the title names box and
 * picture. */
static void open_svg(Html *html, int height, Str name)
{
	int id = ++html->regions;
	html_printf(html, "<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-labelledby=\"t%d\">"
		"<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"t%d\"><title id=\"t%d\">", id,
		WIDTH, height, id, id);
	html_text(html, name);
	html_put(html, "</title>\n");
}

static void close_svg(Html *html)
{
	html_put(html, "</svg></div>\n");
}

/* Lines across the plot with what they stand for to their left. */
static void draw_y(Html *html, const Axis *axis, ChartValue *value, Str title)
{
	for (int64_t at = axis->least; at <= axis->most; at += axis->step) {
		int y = place(axis, at);
		line_at(html, LEFT, y, WIDTH - RIGHT, y, at == 0 ? strong : faint);
		html_printf(html, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">", LEFT - 8, y + 5);
		value(html, at);
		html_put(html, "</text>\n");
	}
	text_at(html, 4, 18, "start", title);
}

/* Short strokes below the plot with what they stand for. */
static void draw_x(Html *html, const Axis *axis, ChartValue *value, Str title, int bottom)
{
	for (int64_t at = axis->least; at <= axis->most; at += axis->step) {
		int x = place(axis, at);
		line_at(html, x, bottom, x, bottom + 5, strong);
		bool last = x > WIDTH - RIGHT - 20; /* its middle would stick out of the picture */
		html_printf(html, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">", last ? WIDTH - 2 : x,
			bottom + 20, last ? "end" : "middle");
		value(html, at);
		html_put(html, "</text>\n");
	}
	text_at(html, (LEFT + WIDTH - RIGHT) / 2, bottom + 42, "middle", title);
}

/* ---- the frame of a chart ---- */

/* The order is that of the header: begin, drawing, said, table, end. The figure is named by its
 * heading; chart_end closes the <details> that chart_table opened. */
void chart_begin(Html *html, int number, const char *heading, int level)
{
	html_printf(html, "<h%d id=\"chart-%d\">%s</h%d>\n<figure aria-labelledby=\"chart-%d\">\n",
		level, number, heading, level, number);
}

void chart_said(Html *html, Str sentence)
{
	html_put(html, "<figcaption>");
	html_text(html, sentence);
	html_put(html, "</figcaption>\n");
}

void chart_table(Html *html, const char *summary)
{
	html_printf(html, "<details><summary>%s</summary>\n", summary);
}

void chart_end(Html *html)
{
	html_put(html, "</details>\n</figure>\n");
}

/* ---- bars ---- */

enum { BAR_ROW = 46, BAR_HIGH = 18 };

/* From the line of 0 to the value, in either direction; a bar of nothing is a line. */
static void draw_bar(Html *html, const Axis *axis, const ChartBar *bar, int top)
{
	int zero = place(axis, 0), end = place(axis, bar->value);
	int from = end < zero ? end : zero, wide = end < zero ? zero - end : end - zero;
	text_at(html, 4, top + 14, "start", bar->label);
	html_printf(html, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\" stroke=\"%s\""
		" stroke-width=\"2\"/>", from, top + 20, wide > 0 ? wide : 1, BAR_HIGH,
		bar->second ? "#fff" : BLUE, bar->second ? ORANGE : BLUE);
	if (bar->has_mark) {
		int x = place(axis, bar->mark);
		int end_y = top + 24 + BAR_HIGH; /* white round it, so that it stands out from the bar */
		line_at(html, x, top + 16, x, end_y, "stroke=\"#fff\" stroke-width=\"9\"");
		line_at(html, x, top + 16, x, end_y, "stroke=\"" PINK "\" stroke-width=\"4\"");
	}
	int mark = bar->has_mark ? place(axis, bar->mark) : 0;
	int at = from + (wide > 0 ? wide : 1);
	text_at(html, (bar->has_mark && mark >= at ? mark : at) + 8, top + 34, "start", bar->shown);
	html_put(html, "\n");
}

/* A third of the width is left for the words behind the longest bar. Bars always begin at 0,
 * whatever the least value: the length of a bar is its message. */
void chart_bars(Html *html, Str name, const ChartBar *bar, int n, Str mark)
{
	Axis axis = {.least = 0, .most = 1, .from = 4, .to = WIDTH - 190};
	int top = mark.len > 0 ? 26 : 4;
	for (int i = 0; i < n; i++) {
		int64_t high = bar[i].has_mark && bar[i].mark > bar[i].value ? bar[i].mark : bar[i].value;
		int64_t low = bar[i].has_mark && bar[i].mark < bar[i].value ? bar[i].mark : bar[i].value;
		axis.most = high > axis.most ? high : axis.most;
		axis.least = low < axis.least ? low : axis.least;
	}
	open_svg(html, top + n * BAR_ROW + 8, name);
	if (mark.len > 0) {
		line_at(html, 8, 6, 8, 22, "stroke=\"" PINK "\" stroke-width=\"4\"");
		text_at(html, 18, 19, "start", mark);
		html_put(html, "\n");
	}
	for (int i = 0; i < n; i++)
		draw_bar(html, &axis, &bar[i], top + i * BAR_ROW);
	close_svg(html);
}

/* ---- points ---- */

/* Several findings on one point make it larger, up to a size. */
static void draw_point(Html *html, const Axis *x, const Axis *y, const ChartPoint *point)
{
	int64_t more = point->times - 1;
	html_printf(html, "<circle cx=\"%d\" cy=\"%d\" r=\"%d\"/>", place(x, point->x),
		place(y, point->y), 4 + (int)(more > 6 ? 6 : more));
}

/* Its label stands on the side of the line where nobody claimed more than is supported. Both axes
 * have one scale and one step, so that the line is a true diagonal of what is equal. */
void chart_points(Html *html, Str name, const ChartPoint *point, size_t n, int64_t most, Str xtitle,
	Str ytitle, ChartValue *value)
{
	int bottom = TOP + PLOT + 60;
	Axis x = axis_for(0, most, value, LEFT, WIDTH - RIGHT);
	Axis y = axis_for(0, most, value, bottom, TOP);
	open_svg(html, bottom + FOOT, name);
	draw_y(html, &y, value, ytitle);
	draw_x(html, &x, value, xtitle, bottom);
	line_at(html, x.from, y.from, x.to, y.to, dashed);
	text_at(html, x.to - 4, bottom - PLOT / 3, "end", STR("dashed: claimed = supported"));
	html_put(html, "\n<g fill=\"" BLUE "\" fill-opacity=\".75\" stroke=\"#fff\">\n");
	for (size_t i = 0; i < n; i++)
		if (point[i].x <= x.most && point[i].y <= y.most)
			draw_point(html, &x, &y, &point[i]);
	html_put(html, "</g>\n");
	close_svg(html);
}

/* ---- columns ---- */

/* Where rounding steps: a claim that lies a whole step beyond cannot be rounding. */
static void draw_grid(Html *html, const ChartColumns *columns, const Axis *x, int bottom)
{
	int64_t end = columns->from + columns->width * (int64_t)columns->n;
	for (int64_t at = 0; columns->grid > 0 && at <= end; at += columns->grid)
		if (at >= columns->from)
			line_at(html, place(x, at), TOP, place(x, at), bottom, dashed);
}

/* The ticks of the x axis are steps of rounding where there is any. */
void chart_columns(Html *html, Str name, const ChartColumns *columns)
{
	int64_t most = 1;
	int bottom = TOP + PLOT;
	for (size_t i = 0; i < columns->n; i++)
		most = columns->count[i] > most ? columns->count[i] : most;
	Axis y = axis_for(0, most, chart_count, bottom, TOP);
	Axis x = {.least = columns->from, .from = LEFT, .to = WIDTH - RIGHT,
		.most = columns->from + columns->width * (int64_t)columns->n};
	x.step = columns->grid > 0 ? columns->grid : step_for(x.most - x.least, columns->value);
	while ((x.most - x.least) / x.step >= TICKS_MOST + 2)
		x.step *= 2;
	open_svg(html, bottom + FOOT, name);
	draw_y(html, &y, chart_count, columns->ytitle);
	html_put(html, "<g fill=\"" BLUE "\" stroke=\"#fff\">\n");
	for (size_t i = 0; i < columns->n; i++) {
		int from = place(&x, columns->from + columns->width * (int64_t)i);
		int to = place(&x, columns->from + columns->width * (int64_t)(i + 1));
		int high = place(&y, columns->count[i]);
		if (columns->count[i] > 0)
			html_printf(html, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>", from, high,
				to - from, bottom - high);
	}
	html_put(html, "</g>\n");
	draw_grid(html, columns, &x, bottom);
	Axis ticks = x;
	ticks.least = (int64_t)round_to(x.least, x.step, ROUND_UP);
	ticks.from = place(&x, ticks.least);
	draw_x(html, &ticks, columns->value, columns->xtitle, bottom);
	close_svg(html);
}

/* ---- a run ---- */

/* Weeks by their number; labels at every so many of them, so that they do not touch. */
void chart_run(Html *html, Str name, const int64_t *value, const Str *label, size_t n,
	int64_t median, Str ytitle)
{
	int64_t most = 1;
	int bottom = TOP + PLOT;
	size_t every = n / 6 + 1;
	for (size_t i = 0; i < n; i++)
		most = value[i] > most ? value[i] : most;
	Axis y = axis_for(0, most, chart_count, bottom, TOP);
	Axis x = {.least = 0, .most = n > 1 ? (int64_t)n - 1 : 1, .from = LEFT + 12,
		.to = WIDTH - RIGHT - 30};
	open_svg(html, bottom + FOOT, name);
	draw_y(html, &y, chart_count, ytitle);
	int middle = place(&y, median);
	line_at(html, LEFT, middle, WIDTH - RIGHT, middle, dashed);
	text_at(html, WIDTH - RIGHT, 18, "end", STR("dashed: the median"));
	html_put(html, "\n<path fill=\"none\" stroke=\"" BLUE "\" stroke-width=\"2\" d=\"");
	for (size_t i = 0; i < n; i++)
		html_printf(html, "%c%d %d", i == 0 ? 'M' : 'L', place(&x, (int64_t)i),
			place(&y, value[i]));
	html_put(html, "\"/>\n<g fill=\"" BLUE "\">");
	for (size_t i = 0; i < n; i++)
		html_printf(html, "<circle cx=\"%d\" cy=\"%d\" r=\"4\"/>", place(&x, (int64_t)i),
			place(&y, value[i]));
	html_put(html, "</g>\n");
	for (size_t i = 0; i < n; i += every)
		text_at(html, place(&x, (int64_t)i), bottom + 20, "middle", label[i]);
	text_at(html, (LEFT + WIDTH - RIGHT) / 2, bottom + 42, "middle", STR("week that began on"));
	close_svg(html);
}
