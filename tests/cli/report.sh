#!/usr/bin/env bash
# vouch report: what stands on the page, that nothing of the data gets out of its place there, that
# the same run gives the same bytes; and, where there is a browser, what it makes of the page.
. "$srcdir/tests/cli/common.sh"

page=$tmp/report.html
report() { "$VOUCH" report "$@"; }
# has DESCRIPTION PART: on the page; lines are joined
has() { contains "$1" "$(tr '\n' ' ' <"$page")" "$2"; }
hasnt() { lacks "$1" "$(tr '\n' ' ' <"$page")" "$2"; }

audit "$case_file" >"$tmp/log" 2>&1 || cat "$tmp/log" >&2
id=$(sql "$case_file" "select finding_id from finding where subject_key = 'V3'")

# --- usage
status "no case file: 64" 64 report -o "$page"
status "no output: 64" 64 report "$case_file"
status "a format that is none: 64" 64 report "$case_file" --format pdf -o "$page"
contains "it names those there are" "$(cat "$tmp/err")" "html, xlsx, csv, events, json or sarif"
status "a pack as CSV: 64" 64 report "$case_file" --pack P1 --format csv -o "$page"
status "no database: 3" 3 report "$tmp/none.db" -o "$page"
ok "and no file" test ! -e "$page"
status "a folder that is not there: 3" 3 report "$case_file" -o "$tmp/none/r.html"
contains "why" "$(cat "$tmp/err")" "No such file"
echo before >"$page"
status "a run that is not there: 2" 2 report "$case_file" --run ZZZZ -o "$page"
is "what stood there stays" "$(cat "$page")" before
status "a full disk: 3" 3 report "$case_file" -o /dev/full/x

# --- the page
status "HTML: 0" 0 report "$case_file" -o "$page"
ok "nothing printed" test ! -s "$tmp/out" -a ! -s "$tmp/err"
is "nothing left beside it" "$(find "$tmp" -name 'report.html.*')" ""
has "language" '<html lang="en-GB">'
has "the council" "Town Council, 1 April 2025 to 31 March 2026"
has "the claim" "<b>£6.48</b> claimed beyond what the evidence supports"
has "the finding by its id" "id=\"$id\""
has "its message" "Declared 1 hour 5 minutes; the log supports 1 hour"
has "its exact sum" "£0.833333…, exactly £5/6"
has "a value and its column" '<td role="cell" data-t="From">visits V3, declared_min</td>'
has "the rule as written" "require    visit.declared &lt;= quarter_hour(visit.logged)"
has "what is assumed" "rounding quarter_hour: the step is not published"
has "what to ask for" "logged of visit V4"
has "the chart says of how many" "2 findings of T1 that failed: 2 of them lie above the line"
has "the rounding grid" "rounded to multiples of 15 minutes"
has "pounds by provider" "P1 has most at stake, £5.65 of £6.48."
has "how to do it again" "vouch audit DATA.db -c town/care --from 2025-04-01 --to 2026-03-31"
hasnt "when it was made" "$(sql "$case_file" "select started from run")"
hasnt "no address is fetched" "http:"
hasnt "no address is fetched (2)" "https:"
is "one finding is one article" "$(grep -c '<article' "$page")" 4

# --- the same run, the same bytes
cp "$page" "$tmp/first.html"
report "$case_file" -o "$page"
same "twice the same bytes" "$page" "$tmp/first.html"
audit "$tmp/other.db" >/dev/null 2>&1
report "$tmp/other.db" -o "$page"
same "in another case file too" "$page" "$tmp/first.html"

# --- formats that are lists
for format in csv json; do
	status "--format $format: 0" 0 report "$case_file" --format $format -o "$tmp/list"
	vouch findings "$case_file" --format $format >"$tmp/findings"
	same "$format is that of findings" "$tmp/list" "$tmp/findings"
done

# --- the gravest alone
status "--most: 0" 0 report "$case_file" --most 1 -o "$page"
is "one finding in full" "$(grep -c '<article' "$page")" 1
has "it says so" "shows the gravest 1 of 4 findings in full"
has "the one with most money" "Declared 30 minutes; the log supports 15 minutes"
status "none in full" 0 report "$case_file" --most 0 -o "$page"
has "and says so" "shows the gravest 0 of 4 findings"

# --- the pack of one provider
status "a pack: 0" 0 report "$case_file" --pack P1 -o "$page"
has "whose" "Provider P1, Town Council"
has "how to answer" "How to answer"
has "from claimed" 'visit.declared</td><td role="cell" data-t="Comes to" class="n">30 minutes</td>'
has "before rounding" 'data-t="Comes to" class="n">16 minutes</td>'
has "to payable" 'data-t="Comes to" class="n">15 minutes</td>'
has "in whole pence" 'data-t="Comes to" class="n">£5.65</td>'
has "the smallest change of what was claimed" \
	"declared of visit V1: 15 minutes or less; recorded: 30 minutes"
has "the smallest change of what was logged" \
	"logged of visit V1: 23 minutes or more; recorded: 16 minutes"
hasnt "another's findings are not in it" "V3"
hasnt "nor is their key" "=P2"
is "a sheet for each finding" "$(grep -c '<article' "$page")" 3
status "nobody's pack: 2" 2 report "$case_file" --pack P9 -o "$tmp/none.html"
contains "why" "$(cat "$tmp/err")" "no finding of provider P9"
ok "and no file" test ! -e "$tmp/none.html"

# --- what comes from the data stays data
wild=$'<img src=x onerror=alert(1)>&"\'\u202e'
sqlite3 "$data" "update visits set ref = '<script>alert(1)</script>' where ref = 'V1'" \
	"insert into providers values('${wild//\'/\'\'}', 'Wild')" \
	"update visits set provider_ref = '${wild//\'/\'\'}' where ref = 'V3'"
audit "$tmp/wild.db" >"$tmp/log" 2>&1 || cat "$tmp/log" >&2
status "wild names: 0" 0 report "$tmp/wild.db" -o "$page"
hasnt "no element of theirs" "<img"
is "no script of theirs" "$(grep -c '<script>' "$page")" 1
hasnt "nothing turns the text round" $'\u202e'
has "but it is seen" '&lt;img src=x onerror=alert(1)&gt;&amp;&quot;&#39;\xe2\x80\xae'
cp "$page" "$tmp/wild-report.html"
status "a pack of theirs" 0 report "$tmp/wild.db" --pack "$wild" -o "$page"
hasnt "no element in the pack" "<img"

# --- nothing found, nothing read
sqlite3 "$data" "delete from visits where ref <> 'V2'"
audit "$tmp/clean.db" >"$tmp/log" 2>&1 || cat "$tmp/log" >&2
status "a run without findings: 0" 0 report "$tmp/clean.db" -o "$page"
has "it says so" "There are no findings"
has "no chart without figures" "no rule that compares two durations failed"
has "nothing rejected" "Every row and every value that was read could be used"
cp "$page" "$tmp/clean-report.html"
sqlite3 "$data" "delete from visits" "delete from providers"
audit "$tmp/empty.db" >"$tmp/log" 2>&1 || cat "$tmp/log" >&2
status "a run over nothing: 0" 0 report "$tmp/empty.db" -o "$page"
has "no rows" "<b>0</b> rows read"

# --- a run with KPIs, banks, groups
"$COUNTY" --out "$tmp/county.db" --visits 1500 --seed 3 >/dev/null
VOUCH_RULES=$srcdir/rules "$VOUCH" audit "$tmp/county.db" -c hampshire/ccsh -o "$tmp/hants.db" \
	--from 2025-04-28 --to 2026-04-26 >"$tmp/log" 2>&1
status "a county: 0" 0 report "$tmp/hants.db" -o "$tmp/county-report.html"
page=$tmp/county-report.html
has "weeks" "Findings that failed, by week"
has "KPIs against targets" "the target: at least 95%"
has "banks" "Banks, all accounts together"
provider=$(sql "$tmp/hants.db" "select provider from finding where verdict = 'fail' and
	provider is not null group by 1 order by count(*) limit 1")
status "a pack of it: 0" 0 report "$tmp/hants.db" --pack "$provider" --most 8 -o "$tmp/pack.html"

# --- in a browser
if [ -z "$browser" ]; then
	skip "a browser shows the page" "there is no chromium"
	finish
fi
timeout 120 "$browser" --headless --no-sandbox --disable-gpu --dump-dom \
	"file://$(realpath "$page")" >"$tmp/dom" 2>/dev/null
all=$(grep -c '<article' "$page")
contains "a browser shows the page and runs its script" "$(cat "$tmp/dom")" \
	"$all of $all findings shown"

# axe-core and a driver for the browser, kept for the next time.
if ! command -v npm >/dev/null; then
	skip "what a reader finds on the page" "there is no npm"
	finish
fi
if [ ! -e "$modules/node_modules/axe-core" ]; then
	mkdir -p "$modules" && cp "$srcdir/tests/browser/package.json" "$modules"
	(cd "$modules" && PUPPETEER_SKIP_DOWNLOAD=1 timeout 180 npm install --no-audit --no-fund) \
		>"$tmp/npm.log" 2>&1 || rm -rf "$modules/node_modules"
fi
if [ ! -e "$modules/node_modules/axe-core" ]; then
	skip "what a reader finds on the page" "npm could not get axe-core"
	finish
fi
look "a county" "$tmp/county-report.html"
look "a pack" "$tmp/pack.html"
look "wild names" "$tmp/wild-report.html"
look "no findings" "$tmp/clean-report.html"
finish
