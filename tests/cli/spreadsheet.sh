#!/usr/bin/env bash
# vouch report --format xlsx: what is in the file and what must not be, and what a spreadsheet makes
# of it, where there is one.
. "$srcdir/tests/cli/common.sh"

report() { "$VOUCH" report "$case_file" --format xlsx "$@"; }
book=$tmp/audit.xlsx

# Names that a spreadsheet could run, follow or misread.
sqlite3 "$data" <<'END2'
insert into providers values('@SUM(1)', 'a'), ('-2+3', 'b'), ('+4', 'c'), ('0012', 'd'),
	('http://example.org/x', 'e'), ('_x003D_1+1', 'f'), (char(9) || '=5', 'g'),
	('＝6', 'h'), ('2025-09-01', 'i'), ('1/2', 'j'), ('{=7}', 'k'), ('external:b.xlsx', 'l');
insert into visits select 'W' || rowid, ref, '2025-09-10', 60, 15, '12.00' from providers
	where ref not in ('P1', '=P2');
insert into visits values('=1+1', 'P1', '2025-09-11', 60, 15, '12.00'),
	('K' || printf('%040000d', 7), 'P1', '2025-09-12', 60, 15, '12.00'),
	('V7', 'P1', 'someday', 60, 15, '12.00');
END2
audit "$case_file" >"$tmp/log" 2>&1 || cat "$tmp/log" >&2

status "a spreadsheet: 0" 0 report -o "$book"
is "nothing is said" "$(cat "$tmp/out" "$tmp/err")" ""
ok "again" report -o "$tmp/again.xlsx"
ok "the same bytes" cmp "$book" "$tmp/again.xlsx"
cp "$case_file" "$tmp/other.db"
"$VOUCH" audit "$data" -c town/care -o "$tmp/other.db" --to 2025-09-02 >"$tmp/log" 2>&1
run=$(sql "$case_file" "select run_id from run")
ok "of another case file" "$VOUCH" report "$tmp/other.db" --run "$run" --format xlsx \
	-o "$tmp/other.xlsx"
ok "the same bytes too" cmp "$book" "$tmp/other.xlsx"
echo before >"$tmp/kept.xlsx"
status "a run that is not there: 2" 2 report --run ZZZZ -o "$tmp/kept.xlsx"
is "what stood there stays" "$(cat "$tmp/kept.xlsx")" before
status "a folder that is not there: 3" 3 report -o "$tmp/none/a.xlsx"
status "a pack as a spreadsheet: 64" 64 report --pack P1 -o "$tmp/pack.xlsx"
limited() { (ulimit -f 8 && report "$@"); }
status "no room: 3" 3 limited -o "$tmp/kept.xlsx"
contains "it names the file" "$(cat "$tmp/err")" "kept.xlsx"
is "what stood there stays" "$(cat "$tmp/kept.xlsx")" before
if [ "$(id -u)" -eq 0 ] && mkdir "$tmp/small" && mount -t tmpfs -o size=16k none "$tmp/small" \
	2>/dev/null; then
	status "a full disk: 3" 3 report -o "$tmp/small/a.xlsx"
	is "it is left empty" "$(ls -A "$tmp/small")" ""
	umount "$tmp/small"
else
	skip "a full disk" "it takes root and mount"
fi
is "nothing is left beside it" "$(find "$tmp" -name '*.xlsx.*')" ""

# --- what is in the file
if ! command -v unzip >/dev/null; then
	skip "what is in the file" "there is no unzip"
	finish
fi
mkdir "$tmp/book" && unzip -q "$book" -d "$tmp/book"
workbook=$(cat "$tmp/book/xl/workbook.xml")
names=$(grep -o '<sheet name="[^"]*"' <<<"$workbook" | cut -d'"' -f2 | tr '\n' ',')
is "sheets" "$names" "contents,summary,rules,rows read,assumed,findings,not assessed,where \
things stand,events,to ask for,measures,rejected,working,"
ok "no hidden sheet" test "$(grep -c 'state=' <<<"$workbook")" -eq 0
all() { cat "$tmp"/book/xl/worksheets/*.xml; }
is "no hidden row or column" "$(all | grep -c 'hidden=')" 0
is "no formula" "$(all | grep -c '<f[ >]')" 0
is "no link but to the sheets" "$(grep -rl 'TargetMode' "$tmp/book" | wc -l)" 0
is "nothing beside the sheets" "$(cd "$tmp/book" && find . -type f | grep -Ev \
	'sheet[0-9]+.xml$|/(\[Content_Types\]|app|core|workbook|styles|theme1).xml$|/(workbook.xml)?.rels$')" ""
core=$(cat "$tmp/book/docProps/core.xml")
contains "no author" "$core" "<dc:creator></dc:creator><cp:lastModifiedBy></cp:lastModifiedBy>"
is "one time" "$(grep -o '[0-9-]*T[0-9:]*Z' <<<"$core" | sort -u)" "1980-01-01T00:00:00Z"
is "of its parts too" "$(unzip -l "$book" | awk '$2 ~ /^[0-9]+-/ {print $2}' | sort -u)" 1980-01-01
lacks "no user" "$(cat "$tmp/book/docProps/"*.xml)" "$(id -un)"
is "every sheet has a filter" "$(grep -l '<autoFilter' "$tmp"/book/xl/worksheets/*.xml | wc -l)" 13
is "and titles that stay" "$(grep -l 'state="frozen"' "$tmp"/book/xl/worksheets/*.xml | wc -l)" 13
is "no cells put together" "$(all | grep -c mergeCell)" 0

# --- in a spreadsheet
if [ -z "$calc" ]; then
	skip "what a spreadsheet shows" "there is no LibreOffice"
	finish
fi
# Every sheet as CSV, as it is shown.
office --convert-to 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1' \
	--outdir "$tmp/sheets" "$book"
if [ ! -e "$tmp/sheets/audit-contents.csv" ]; then
	fail "LibreOffice opens it" "$(cat "$tmp/office.log")"
	finish
fi
is "all sheets" "$(find "$tmp/sheets" -name '*.csv' | wc -l)" 13
# in_sheet NAME QUERY: of the sheet as the table s
in_sheet() {
	sqlite3 :memory: ".mode csv" ".import '$tmp/sheets/audit-$1.csv' s" ".mode list" "$2"
}
in_case() { sql "$case_file" "$1"; }
is "findings" "$(in_sheet findings 'select count(*) from s')" \
	"$(in_case "select count(*) from finding where verdict <> 'not_assessed'")"
is "not assessed" "$(in_sheet "not assessed" 'select count(*) from s')" \
	"$(in_case "select count(*) from finding where verdict = 'not_assessed'")"
is "working" "$(in_sheet working 'select count(*) from s')" \
	"$(in_case "select count(*) from evidence")"
is "rejected" "$(in_sheet rejected 'select count(*) from s')" \
	"$(in_case "select count(*) from rejected")"
is "what contents says" "$(in_sheet contents "select Rows from s where Sheet = 'working'")" \
	"$(in_case "select count(*) from evidence")"
# LibreOffice shows sums in the form that cells have; £ and commas go before they are added.
pounds='cast(replace(replace("At stake", char(163), ""), ",", "") as real)'
is "pounds in the sheet are pence in the case" \
	"$(in_sheet findings "select cast(round(sum($pounds) * 100) as integer) from s")" \
	"$(in_case "select sum(at_stake_pence) from finding where verdict <> 'not_assessed'")"
is "an exact sum stays as it is written" \
	"$(in_sheet findings 'select "At stake, exact pounds" from s where Key = '"'V3'")" 5/6
is "a date" "$(in_sheet findings "select Date from s where Key = 'V1'")" 2025-09-01
is "the claim" "$(in_sheet summary "select replace(replace(Value, char(163), ''), ',', '') * 100
	from s where What like 'claimed beyond%'" | sed 's/\.0$//')" \
	"$(in_case "select over_pence from claim")"
for name in '=P2' '@SUM(1)' '-2+3' '+4' 0012 http://example.org/x _x003D_1+1 '＝6' 2025-09-01 \
	1/2 '{=7}' =5 external:b.xlsx; do
	is "a key is what it was: $name" "$(in_sheet findings "select count(*) from s where
		Provider = '$name'")" "$(in_case "select count(*) from finding where provider = '$name'
		and verdict <> 'not_assessed'")"
done
is "a subject is what it was" "$(in_sheet findings "select count(*) from s where Key = '=1+1'")" 1
is "a text too long is cut, and says so" "$(in_sheet findings "select length(Key) <= 32767 and Key
	like '%(cut)' from s where Key like 'K00%'")" 1
is "the summary knows the run" "$(in_sheet summary "select Value from s where What = 'run'")" "$run"
contains "the rule's text" "$(in_sheet rules "select Text from s where Rule = 'T1'")" \
	"require    visit.declared <= quarter_hour(visit.logged)"

# --- the same names as CSV, read by a spreadsheet
"$VOUCH" findings "$case_file" --format csv >"$tmp/list.csv"
office --infilter='CSV:44,34,76,1' --convert-to xlsx --outdir "$tmp/sheets" "$tmp/list.csv"
is "no cell of the CSV became a formula" "$(unzip -p "$tmp/sheets/list.xlsx" \
	xl/worksheets/sheet1.xml | grep -c '<f[ >]')$?" 01
finish
