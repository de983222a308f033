#!/usr/bin/env bash
# What was said of findings, in everything that shows findings: the page, the pack, the spreadsheet,
# CSV, JSON and SARIF. Nothing of it where nothing was said.
. "$srcdir/tests/cli/common.sh"

{
	town_head talk "Town Talk" "31 March 2026"
	town_visits
	town_two_rules H
} >"$town/talk.vouch"
talk=$tmp/talk.db
sqlite3 "$talk" <<'END'
create table providers(ref text, name text);
insert into providers values('P1', 'First Care'), ('P2', 'Second Care');
create table visits(ref text, provider_ref text, date text, declared_min integer,
	logged_min integer, rate text);
insert into visits values
	('A', 'P1', '2025-09-01', 60, 30, '20.00'),
	('B', 'P1', '2025-09-02', 60, 45, '20.00'),
	('C', 'P1', '2025-09-03', 90, 60, '20.00'),
	('D', 'P1', '2025-09-04', 60, 60, '17.00'),
	('E', 'P1', '2025-09-05', 60, 15, '20.00'),
	('F', 'P1', '2025-09-06', 30, null, '20.00'),
	('G', 'P1', '2025-09-07', 60, 0, '20.00'),
	('I', 'P1', '2025-09-08', 60, 50, '20.00'),
	('J', 'P1', '2025-09-09', 60, 57, '20.00'),
	('K', 'P2', '2025-09-10', 60, 20, '20.00');
END
case=$tmp/talk-case.db
status "the audit: 0" 0 vouch audit "$talk" -c town/talk -o "$case"
for key in A B C D E F G I J K; do
	declare "$key=$(sql "$case" "select finding_id from finding where subject_key = '$key'")"
done
report() { vouch report "$case" "$@"; }
page=$tmp/report.html
# line FILE: joined, so that what is on several lines can be looked for
line() { tr '\n' ' ' <"$1"; }
has() { contains "$1" "$(line "$page")" "$2"; }
hasnt() { lacks "$1" "$(line "$page")" "$2"; }

# --- nothing was said yet
for format in html xlsx csv events json sarif; do
	status "nothing said, $format: 0" 0 report --format $format -o "$tmp/none.$format"
done
page=$tmp/none.html
has "the page says so" "Nothing was said of any of these findings yet"
hasnt "no box" 'class="tag stands'
hasnt "no list" '<ol class="events"'
hasnt "nothing to choose by" 'id="f-status"'
is "no events as CSV" "$(wc -l <"$tmp/none.events")" 1
lacks "no suppressions" "$(cat "$tmp/none.sarif")" suppressions
sqlite3 "$case" ".backup '$tmp/old.db'"
sqlite3 "$tmp/old.db" "drop table event; drop table money_of"
for format in html csv events json sarif; do
	status "a file without events, $format: 0" 0 vouch report "$tmp/old.db" --format $format \
		-o "$tmp/old.$format"
	same "the same bytes" "$tmp/old.$format" "$tmp/none.$format"
done
status "its spreadsheet: 0" 0 vouch report "$tmp/old.db" --format xlsx -o "$tmp/old.xlsx"
same "the same bytes" "$tmp/old.xlsx" "$tmp/none.xlsx"
status "explain: 0" 0 vouch explain "$tmp/old.db" "$A"
status "findings that were not raised: 0" 0 vouch findings "$tmp/old.db" --status not_raised
is "are all of them" "$(tail -n 1 "$tmp/out" | cut -d: -f1)" "10 findings"
vouch findings "$tmp/old.db" --status raised >"$tmp/out"
is "and none is raised" "$(tail -n 1 "$tmp/out")" "0 findings"
status "its pack: 0" 0 vouch report "$tmp/old.db" --pack P1 -o "$tmp/old-pack.html"
report --pack P1 -o "$tmp/none-pack.html"
same "the same bytes" "$tmp/old-pack.html" "$tmp/none-pack.html"
page=$tmp/none-pack.html
has "it asks for what was found" "<b>£64.33</b> claimed beyond what the evidence supports"

# --- a bulk list, from the findings themselves; then a dispute
vouch findings "$case" --format csv >"$tmp/out"
is "how they stand" "$(csv "select group_concat(distinct stands) from f")" not_raised
sed -e '1s/\r$/,"status","because"\r/' -e "/\"[FG]\",\"P1\"/!s/^\(\"[0-9A-Z].*\)\r$/\1,\"raised\",\"see the sheet\"\r/" \
	-e "/\"[FG]\",\"P1\"/s/\r$/,\"\",\"\"\r/" "$tmp/out" >"$tmp/raise.csv"
status "raised from the list: 0" 0 vouch respond "$case" --from "$tmp/raise.csv" --as auditor \
	--by "Audit, team 2"
is "all but two" "$(tail -n 1 "$tmp/out")" "8 events added; nothing was filled in on 2 lines"
say() { # say FINDING ROLE STATUS BECAUSE [ARGUMENT...]
	status "$2 $3: 0" 0 vouch respond "$case" "$1" --as "$2" --status "$3" --because "$4" "${@:5}"
}
wild=$'=HYPERLINK("http://x","y"); <script>alert(1)</script> & \'q\' \u202eback'
echo "the rota" >"$tmp/rota <b>&.csv"
say "$A" provider answered "$wild" --by "=cmd|' /C calc'!A0" --evidence "$tmp/rota <b>&.csv" \
	--cause missed_log_out
say "$A" auditor part_upheld "half of it" --amount 6
say "$A" provider agreed "so be it"
say "$A" auditor settled "set off in period 4"
say "$B" auditor withdrawn "the log came in"
say "$C" provider disputed "the device was broken"
say "$D" auditor upheld "the rate is £20.00"
say "$G" auditor referred "suspected fraud"
say "$I" auditor referred "also suspected"
say "$J" auditor upheld "as found"
say "$J" provider agreed "agreed, then"

# --- the page
page=$tmp/report.html
status "the page: 0" 0 report -o "$page"
has "a section" '<h2 id="h-stands">Where things stand</h2>'
row() { # row GROUP: of tables, cells of the line that begins so, one after the other
	grep -oE "<tr[^>]*><th scope=\"row\"[^>]*>$1</th>.*</tr>" "$page" | sed 's/<[^>]*>/ /g' | tr -s ' ' |
		sed 's/^ //; s/ $//'
}
contains "by provider, what was raised, upheld, agreed, settled" "$(row P1)" \
	"P1 £44.33 £7.00 £7.00 £6.00 £1.00"
contains "the other way" "$(row P1)" "P1 £3.00 £3.00 £0.00 £0.00 £3.00"
contains "of the other provider" "$(row P2)" "P2 £13.33 £0.00 £0.00 £0.00 £0.00"
contains "by rule" "$(row "H1: More declared than logged")" \
	"logged £57.66 £7.00 £7.00 £6.00 £1.00"
contains "where they stand" "$(row "In all")" "In all 10 1 2 1 1 1 1 1 2"
has "a box in the head" '<span class="tag stands settled">settled</span>'
has "to choose by" '<select id="f-status" name="status">'
has "what can be chosen" '<option value="=disputed">disputed</option>'
article() { line "$page" | grep -o "<article[^>]*id=\"$1\".*" | sed 's/<\/article>.*//'; }
one=$(article "$A")
contains "what it is filtered by" "$one" 'data-status="settled"'
contains "where it stands" "$one" "settled: £10.00 raised, £6.00 upheld, £6.00 agreed, £6.00 settled"
is "its events in their order" "$(grep -o '<li><p><time.*' <<<"$one" | sed 's/<li><p><time/\n&/g' |
	grep -oE ': <b>[a-z ]+' | sed 's/.*>//' | tr '\n' ,)" "raised,answered,part upheld,agreed,settled,"
contains "what was at stake is past" "$one" "£10.00 was at stake"
contains "who" "$one" "auditor (Audit, team 2): <b>raised</b>, £10.00"
contains "why, harmless" "$one" \
	'<p>=HYPERLINK(&quot;http://x&quot;,&quot;y&quot;); &lt;script&gt;alert(1)&lt;/script&gt; &amp; &#39;q&#39; \xe2\x80\xaeback</p>'
contains "the evidence" "$one" "Evidence: rota &lt;b&gt;&amp;.csv, 9 bytes, SHA-256 <code>$(sha256sum \
	"$tmp/rota <b>&.csv" | cut -d' ' -f1)"
contains "the cause" "$one" "Cause: missed_log_out"
contains "what is owed to the provider, in words" "$(article "$D")" \
	"upheld: £3.00 raised for the provider, £3.00 upheld for the provider"
lacks "nothing of one of which nothing was said" "$(article "$F")" '<div class="talk">'
hasnt "no element of theirs" "<script>alert"
is "one script" "$(grep -c '<script>' "$page")" 1
cp "$page" "$tmp/first.html"
report -o "$page"
same "the same bytes" "$page" "$tmp/first.html"
report --most 3 -o "$page"
has "of which something was said first" "ones of which something was said first"
report -o "$page"

# --- the pack
page=$tmp/pack.html
status "the pack: 0" 0 report --pack P1 -o "$page"
has "what is asked for" "<b>£29.33</b> asked for, as things stand"
has "the other way" "<b>£3.00</b> owed to the provider"
has "what is closed is apart" "2 more were settled or withdrawn"
list=$(line "$page" | grep -o '<h2 id="h-list">.*<h2 id="h-sheets">')
sheets=$(line "$page" | grep -o '<h2 id="h-sheets">.*<h2 id="h-closed">')
closed=$(line "$page" | grep -o '<h2 id="h-closed">.*<h2 id="h-rules">')
for key in A B; do
	lacks "$key is in no list of what is open" "$list" "${!key}"
	contains "$key is among the closed" "$closed" "id=\"${!key}\""
	lacks "$key has no sheet" "$sheets" "${!key}"
done
for key in C D E F I J; do
	contains "$key is open" "$list" "#${!key}"
	contains "$key has a sheet" "$sheets" "id=\"${!key}\""
done
contains "a disputed one says so" "$sheets" "£10.00 is asked for; it is disputed, and not settled yet"
contains "one that waits" "$sheets" "£15.00 is asked for; an answer is awaited"
contains "one that is owed to the provider" "$sheets" \
	"£3.00 is owed to the provider; the auditor has decided"
contains "an agreed one" "$sheets" "£1.00 is asked for; it is agreed, and still to be paid or set off"
contains "what was said" "$sheets" "the device was broken"
contains "room for an answer" "$sheets" "Answer to finding $E"
lacks "but not to what is agreed" "$sheets" "Answer to finding $J"
hasnt "that one was referred is not told" "referred"
hasnt "nor why" "suspected"
hasnt "one that was referred before it was raised is not there" "$G"
contains "nor is it counted" "$(row "In all")" "In all 8 1 2 1 1 1 1 1"
hasnt "nor is the other's" "$K"
hasnt "nor how many there are of all" "looked at,"
sqlite3 "$case" ".backup '$tmp/end.db'"
status "no pack of nothing but referrals" 2 vouch report "$tmp/end.db" --pack P9 -o "$tmp/p9.html"

# --- CSV
vouch findings "$case" --format csv >"$tmp/out"
is "how each stands" "$(csv "select group_concat(subject_key || ' ' || stands, ', ') from f")" \
	"A settled, B withdrawn, C disputed, E raised, F not_raised, G referred, I referred, J agreed, K raised, D upheld"
is "its sums" "$(csv "select raised_pence, upheld_pence, agreed_pence, settled_pence,
	outstanding_pence from f where subject_key = 'A'")" "1000|600|600|600|0"
is "below zero" "$(csv "select raised_pence, outstanding_pence from f where subject_key = 'D'")" \
	"-300|-300"
is "what was never said is empty" "$(csv "select raised_pence || outstanding_pence from f where
	subject_key = 'F'")" ""
status "events as CSV: 0" 0 report --format events -o "$tmp/out"
is "all" "$(csv "select count(*), count(distinct hash) from f")" "$(sql "$case" \
	"select count(*), count(distinct hash) from event")"
is "in their order" "$(csv "select group_concat(status) from f where subject_key = 'A'")" \
	"raised,answered,part_upheld,agreed,settled"
is "with whose they are" "$(csv "select distinct rule, provider, dataset from f where
	subject_key = 'K'")" "H1|P2|visit"
is "no formula" "$(csv "select substr(because, 1, 11) || substr(\"by\", 1, 5) from f where
	status = 'answered'")" "'=HYPERLINK'=cmd"
is "a sum stays a number" "$(csv "select sum(amount_pence) from f where subject_key = 'D'")" -600

# --- JSON
vouch findings "$case" --format json >"$tmp/out"
is "its format" "$(json '$.format')" 2
is "where it stands" "$(json '$.findings[0].status') $(json '$.findings[0].settled_pence')" "settled 600"
is "events in their order" "$(sqlite3 :memory: "select group_concat(e.value ->> 'status') from
	json_each(readfile('$tmp/out'), '\$.findings[0].events') e")" \
	"raised,answered,part_upheld,agreed,settled"
is "why, to the letter" "$(json '$.findings[0].events[1].because')" "$wild"
is "none is an empty list" "$(json '$.findings[4].events') $(json '$.findings[4].status')" \
	"[] not_raised"
report --format json -o "$tmp/report.json"
same "as vouch report has it" "$tmp/out" "$tmp/report.json"

# --- SARIF
vouch findings "$case" --format sarif >"$tmp/out"
suppressed() { # suppressed KEY PATH
	sqlite3 :memory: "select json_extract(value, '$.suppressions$2') from
		json_each(readfile('$tmp/out'), '\$.runs[0].results') where json_extract(value,
		'\$.locations[0].logicalLocations[0].name') = '$1'"
}
is "settled" "$(suppressed A "[0]")" \
	'{"kind":"external","status":"accepted","justification":"set off in period 4"}'
is "withdrawn" "$(suppressed B "[0].status")" accepted
is "disputed" "$(suppressed C "[0].status") $(suppressed C "[0].justification")" \
	"underReview the device was broken"
is "upheld, raised, not raised" "$(suppressed D "")$(suppressed E "")$(suppressed F "")" "[][][]"
is "on all or on none" "$(grep -c '"ruleId"' "$tmp/out")" "$(grep -c '"suppressions"' "$tmp/out")"
is "where it stands" "$(sqlite3 :memory: "select group_concat(value ->> '\$.properties.status') from
	json_each(readfile('$tmp/out'), '\$.runs[0].results')")" \
	"settled,withdrawn,disputed,raised,referred,referred,agreed,raised,upheld"
cp "$tmp/out" "$tmp/said.sarif"
if [ -e "$modules/sarif-schema.json" ] && python3 -c 'import jsonschema' 2>/dev/null; then
	ok "the schema of SARIF" python3 -c 'import json, sys
from jsonschema import Draft4Validator
sys.exit(not Draft4Validator(json.load(open(sys.argv[1]))).is_valid(json.load(open(sys.argv[2]))))' \
		"$modules/sarif-schema.json" "$tmp/said.sarif"
else
	skip "the schema of SARIF" "there is no schema, or no jsonschema for Python"
fi

# --- explain says what is held
page=$tmp/report.html
vouch explain "$case" "$A" >"$tmp/out"
contains "what is held is said" "$(line "$tmp/out" | tr -s ' ')" \
	"which rows are linked with each other, which are matched, and what stands in bank accounts are held"
has "on the page too" "which rows are linked with each other, which are matched"

# --- the spreadsheet
status "a spreadsheet: 0" 0 report --format xlsx -o "$tmp/said.xlsx"
if command -v unzip >/dev/null; then
	mkdir "$tmp/book" && unzip -q "$tmp/said.xlsx" -d "$tmp/book"
	sheet=$(grep -o '<sheet name="[^"]*"' "$tmp/book/xl/workbook.xml" | grep -n '"events"' | cut -d: -f1)
	cells=$(cat "$tmp/book/xl/worksheets/sheet$sheet.xml")
	is "a row for each event" "$(grep -o '<row ' <<<"$cells" | wc -l)" \
		"$(sql "$case" "select count(*) + 1 from event")"
	day=$(sql "$case" "select cast(julianday(substr(at, 1, 10)) - 2415018.5 as integer) from event
		where number = 1")
	ok "moments are numbers" grep -qE "<c r=\"H2\" s=\"[0-9]+\"><v>$day(\.[0-9]+)?</v>" <<<"$cells"
	contains "sums are numbers" "$cells" '<v>-3</v>'
	is "no formula" "$(cat "$tmp"/book/xl/worksheets/*.xml | grep -c '<f[ >]')" 0
else
	skip "the spreadsheet" "there is no unzip"
fi

# --- a finding that is gone is shown where things stand
sqlite3 "$talk" "update visits set logged_min = 90 where ref = 'C'"
status "audited again: 0" 0 vouch audit "$talk" -c town/talk -o "$case"
page=$tmp/gone.html
report -o "$page"
has "it is gone, and listed" "<h3>Gone since</h3>"
has "with what was said" "the device was broken"
hasnt "but not as a finding" "<article class=\"finding fail\" id=\"$C\""
report --format events -o "$tmp/out"
is "its events are listed" "$(csv "select count(*) from f where finding_id = '$C'")" 2

# --- in a browser
if [ -n "$browser" ] && [ -e "$modules/node_modules/axe-core" ]; then
	cp "$page" "$tmp/gone-report.html"
	look "what was said" "$tmp/gone-report.html"
	look "a pack" "$tmp/pack.html"
else
	skip "what a reader finds on the page" "there is no browser, or no axe-core yet"
fi
finish
