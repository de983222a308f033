#!/usr/bin/env bash
# vouch import of workbooks (.xlsx). A workbook is made here out of raw XML, packed by sqlite3's
# zipfile: no spreadsheet is needed. Forty visits are written twice, as CSV and as a sheet with
# dates, times and lengths as Excel stores them, and have to come to the same: rows, tables, control totals, rejected
# rows. Then: which sheet, damage of each kind, and what goes back to the provider.
. "$srcdir/tests/cli/common.sh"

{
	town_head care "Town Care at Home" "31 March 2026"
	town_submissions
	cat <<'END'
  uplift   : percent

rule T1 "Declared more time than was planned"
  for each   visit
  on         visit.date
  require    visit.declared <= visit.planned
  at stake   visit.charge

layout weekly of visit
  reference "File"
  ignores "Remarks"
  ref      : "Visit ref"
  provider : is "P1"
  client   : "Person"
  date     : "Date" as DD/MM/YYYY
  start    : "Start" as hh:mm
  came     : "Date" as DD/MM/YYYY at "In" as hh:mm:ss
  left     : "Date" as DD/MM/YYYY at "Out" as hh:mm:ss after came
  declared : "Hours claimed" in hours
  planned  : "Planned" as h:mm
  outcome  : "Status" one of (delivered "Done", missed "No visit")
  charge   : "Charge" or missing
  double   : "Double" or missing
  uplift   : "Uplift" or missing
END
} >"$town/care.vouch"

db=$tmp/data.db
rm -f "$db"
asks() { sqlite3 "${2:-$db}" "$1"; }

# ---- making workbooks
main="xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'"
type=http://schemas.openxmlformats.org/officeDocument/2006/relationships
tree=$tmp/tree

# tree SHEET...: a workbook's parts; each sheet is "NAME" or "NAME/hidden"
tree() {
	local n=0 sheet
	rm -rf "$tree"
	mkdir -p "$tree/_rels" "$tree/xl/_rels" "$tree/xl/worksheets"
	echo "<Relationships><Relationship Id='r1' Type='$type/officeDocument' Target='xl/workbook.xml'/></Relationships>" \
		>"$tree/_rels/.rels"
	{
		echo "<Relationships><Relationship Id='s' Type='$type/styles' Target='styles.xml'/>"
		echo "<Relationship Id='t' Type='$type/sharedStrings' Target='/xl/sharedStrings.xml'/>"
		for sheet; do
			n=$((n + 1))
			echo "<Relationship Id='r$n' Type='$type/worksheet' Target='worksheets/sheet$n.xml'/>"
		done
		echo "</Relationships>"
	} >"$tree/xl/_rels/workbook.xml.rels"
	n=0
	{
		echo "<workbook $main xmlns:r='$type'>${pr:-}<sheets>"
		for sheet; do
			n=$((n + 1))
			echo "<sheet name='${sheet%/*}' sheetId='$n' r:id='r$n' $([ "$sheet" = "${sheet%/*}" ] || echo "state='hidden'")/>"
		done
		echo "</sheets>${calc:-}</workbook>"
	} >"$tree/xl/workbook.xml"
	# 0 General, 1 a date, 2 a clock time, 3 a length of time, 4 zeros in front, 5 percent
	cat >"$tree/xl/styles.xml" <<'END'
<styleSheet><numFmts count="3"><numFmt numFmtId="164" formatCode="[$-809]dd\ mmmm\ yyyy;@"/>
<numFmt numFmtId="165" formatCode="[h]:mm"/><numFmt numFmtId="166" formatCode="0000"/></numFmts>
<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="21"/><xf numFmtId="165"/>
<xf numFmtId="166"/><xf numFmtId="10"/></cellXfs></styleSheet>
END
	cat >"$tree/xl/sharedStrings.xml" <<'END'
<sst><si><t>File</t></si><si><r><t>Visit</t></r><r><t xml:space="preserve"> ref</t></r></si><si><t>Person</t></si>
<si><t>Date</t></si><si><t>Start</t></si><si><t>In</t></si><si><t>Out</t></si><si><t>Hours claimed</t></si>
<si><t>Planned</t></si><si><t>Status</t></si><si><t>Charge</t></si><si><t>Double</t></si><si><t>Uplift</t></si>
<si><t>F1</t></si><si><t>Done</t></si><si><t>No visit</t></si></sst>
END
}

header=$(for i in {0..12}; do printf "<c t='s'><v>%d</v></c>" "$i"; done)

# sheet N DATA...: rows of the Nth sheet
sheet() {
	local n=$1
	shift
	printf '%s\n' "<worksheet $main><sheetData>" "$@" "</sheetData></worksheet>" \
		>"$tree/xl/worksheets/sheet$n.xml"
}

# pack FILE: the tree as an archive
pack() {
	sqlite3 :memory: "select writefile('$1', zipfile(substr(name, ${#tree} + 2), data)) from fsdir('$tree')
		where data is not null order by name" >"$tmp/packed"
}

book=$tmp/week.xlsx
import() { vouch import "$db" -c town/care "$@" "$book"; }

# one good row with another cell in place: cell COLUMN XML
good=("<c t='s'><v>13</v></c>" "<c t='str'><v>G1</v></c>" "<c s='4'><v>17</v></c>" "<c s='1'><v>45901</v></c>"
	"<c s='2'><v>0.33333333333333331</v></c>" "<c s='2'><v>0.33472222222222225</v></c>"
	"<c s='2'><v>0.35486111111111113</v></c>" "<c><v>0.5</v></c>" "<c s='3'><v>2.0833333333333332E-2</v></c>"
	"<c t='s'><v>14</v></c>" "<c><v>11.300000000000001</v></c>" "<c t='b'><v>0</v></c>" "<c s='5'><v>7.4999999999999997E-2</v></c>")
row() {
	local i cells=("${good[@]}")
	cells[1]="<c t='str'><v>V2</v></c>"
	[ $# -eq 0 ] || cells[$1 - 1]=$2
	printf '<row>'
	for i in "${cells[@]}"; do printf '%s' "$i"; done
	printf '</row>\n'
}
good_row="<row>$(printf '%s' "${good[@]}")</row>"

# ---- the same rows as CSV and as a workbook
cat >"$tmp/rows.awk" <<'END'
# Visits as both: the times of the sheet are binary fractions in seventeen digits, as Excel writes them.
function clock(s) { return sprintf("%02d:%02d:%02d", s / 3600, s / 60 % 60, s % 60) }
function cell(style, value) { return sprintf("<c s='%d'><v>%.17g</v></c>", style, value) }
function text(t) { return "<c t='inlineStr'><is><t>" t "</t></is></c>" }
BEGIN {
	for (i = 1; i <= 40; i++) {
		day = 1 + i % 28; start = 300 * i + 21600; came = start + 61 * i; left = came + 1799 + i
		minutes = 15 * (1 + i % 7); charge = sprintf("%.2f", minutes * 0.3765); sub(/0+$/, "", charge)
		ref = i == 30 ? "G29" : "G" i
		date = i == 31 ? "31/09/2025" : sprintf("%02d/09/2025", day)
		status = i == 32 ? "Gone" : i % 5 ? "Done" : "No visit"
		hours = i == 33 ? "half" : i == 34 ? "#N/A" : minutes / 60
		uplift = i % 2 ? "7.5%" : ""
		printf "F1,%s,%04d,%s,%s,%s,%s,%s,%d:%02d,%s,%s,%s,%s\n", ref, i, date,
			substr(clock(start), 1, 5), clock(came), clock(left), hours, minutes / 60, minutes % 60,
			status, charge, i % 3 ? "FALSE" : "TRUE", uplift > csv
		printf "<row r='%d'><c t='s'><v>13</v></c>%s%s%s%s%s%s%s%s%s%s<c t='b'><v>%d</v></c>%s</row>\n", i + 1,
			text(ref), i % 4 ? cell(4, i) : text(sprintf("%04d", i)),
			i == 31 ? text(date) : cell(1, 45900 + day), cell(2, start / 86400), cell(2, came / 86400),
			cell(2, left / 86400), i == 33 ? text(hours) : i == 34 ? "<c t='e'><v>#N/A</v></c>" : cell(0, hours),
			cell(3, minutes / 1440), text(status), cell(0, charge), i % 3 == 0,
			uplift == "" ? "" : cell(5, 0.075) > xml
	}
}
END
echo "File,Visit ref,Person,Date,Start,In,Out,Hours claimed,Planned,Status,Charge,Double,Uplift" >"$tmp/week.csv"
awk -v csv="$tmp/rows.csv" -v xml="$tmp/rows.xml" -f "$tmp/rows.awk"
cat "$tmp/rows.csv" >>"$tmp/week.csv"
tree Visits
sheet 1 "<row r='1'>$header</row>" "$(cat "$tmp/rows.xml")"
pack "$book"
status "as CSV: 0" 0 vouch import "$tmp/csv.db" -c town/care "$tmp/week.csv"
sed 1,3d "$tmp/out" >"$tmp/csv.totals"
contains "five of forty are refused" "$(cat "$tmp/csv.totals" "$tmp/out")" "40 rows read, 35 imported into visits, 5 rejected"
status "as a workbook: 0" 0 import
sed 1,3d "$tmp/out" >"$tmp/book.totals"
contains "what it was" "$(cat "$tmp/out")" "layout weekly, XLSX, sheet Visits, reference F1, header on line 1"
same "the same control totals" <(sed 's/[a-z]*\.db/DB/; s/week.xlsx/week.csv/' "$tmp/book.totals") <(sed 's/[a-z]*\.db/DB/' "$tmp/csv.totals")
for table in visits vouch_import_total vouch_import_reference vouch_rejected; do
	asks "select * from $table" >"$tmp/of.book"
	asks "select * from $table" "$tmp/csv.db" >"$tmp/of.csv"
	ok "$table: something" test -s "$tmp/of.csv"
	same "$table: the same" "$tmp/of.book" "$tmp/of.csv"
done
is "what is kept of it" "$(asks 'select format, encoding is null, sheet, epoch, rows_read, rows_rejected from vouch_import')" \
	"XLSX|1|Visits|1900|40|5"
is "seconds are whole" "$(asks "select start_time, came, left from visits where ref = 'G1'")" \
	"06:05|2025-09-02 06:06:01|2025-09-02 06:36:01"
status "the same again: 2" 2 import
contains "it is known" "$(cat "$tmp/err")" "error[E0510]"

# ---- rejected rows go back as CSV that the same layout reads
status "rejected: 0" 0 vouch import --rejected "$db" -o "$tmp/back.csv"
vouch import --rejected "$tmp/csv.db" -o "$tmp/back2.csv" >"$tmp/out"
same "as those of the CSV file" "$tmp/back.csv" "$tmp/back2.csv"
contains "a time as the layout has it" "$(cat "$tmp/back.csv")" '"31/09/2025","08:35"'
sed 's/"F1"/"F2"/; s,31/09/2025,30/09/2025,; s/Gone/Done/; s/"half"/"0.5"/; s/"#N.A"/"0.5"/; s/"G29"/"G30"/' \
	"$tmp/back.csv" >"$tmp/fixed.csv"
status "put right they go in: 0" 0 vouch import "$db" -c town/care "$tmp/fixed.csv"
contains "all five" "$(cat "$tmp/out")" "5 rows read, 5 imported into visits, 0 rejected"

# ---- cells that only workbooks have
wrong() { # wrong NAME COLUMN XML REASON [VALUE]
	rm -f "$db"
	tree Visits
	sheet 1 "<row>$header</row>" "$good_row" "$(row "$2" "$3")"
	pack "$book"
	status "$1: 0" 0 import
	contains "$1: one of two" "$(cat "$tmp/out")" "2 rows read, 1 imported into visits, 1 rejected"
	contains "$1: the reason" "$(asks 'select reason from vouch_rejected')" "$4"
	is "$1: the row of the sheet" "$(asks 'select line from vouch_rejected')" 3
	[ $# -lt 5 ] || is "$1: the cell" "$(asks 'select value from vouch_rejected')" "$5"
}
right() { # right NAME COLUMN XML FIELD VALUE
	rm -f "$db"
	tree Visits
	sheet 1 "<row>$header</row>" "$(row "$2" "$3")"
	pack "$book"
	status "$1: 0" 0 import
	contains "$1: imported" "$(cat "$tmp/out")" "1 row read, 1 imported into visits, 0 rejected"
	is "$1: stored" "$(asks "select $4 from visits")" "$5"
}
right "as it should be" 1 "${good[0]}" "ref, client_ref, visit_date, start_time, came, left, declared_min,
	planned_min, outcome, charge, double, uplift" \
	'V2|0017|2025-09-01|08:00|2025-09-01 08:02:00|2025-09-01 08:31:00|30|30|delivered|11.3|no|7.5'
wrong "a formula without its result" 8 "<c><f>SUM(A1:A2)</f></c>" "a formula without its result" "=SUM(A1:A2)"
right "a formula with it" 8 "<c><f>A1*2</f><v>0.75</v></c>" declared_min 45
wrong "a formula's error" 8 "<c t='e'><f>1/0</f><v>#DIV/0!</v></c>" "an error of a formula"
wrong "a date where a text is" 3 "<c s='1'><v>45901</v></c>" "a spreadsheet may have made it one" 2025-09-01
wrong "a number where a date is" 4 "<c><v>45901</v></c>" "as a spreadsheet's date it would be 2025-09-01"
wrong "a number where a length is" 9 "<c><v>0.5</v></c>" "a number, where h:mm is asked for"
wrong "a length where a number is" 11 "<c s='3'><v>0.5</v></c>" "a date or a time, where a figure is asked for"
wrong "a date where a length is" 9 "<c s='1'><v>45901</v></c>" "a date, where a length of time is asked for"
wrong "29 February 1900" 4 "<c s='1'><v>60</v></c>" "before March 1900"
wrong "a long number where a text is" 3 "<c><v>1.2345678901234567E+17</v></c>" "more than 15 digits"
right "a length in hours" 8 "<c s='3'><v>6.25E-2</v></c>" declared_min 90
right "a day in ISO" 4 "<c t='d'><v>2025-09-05</v></c>" visit_date 2025-09-05
right "a second before midnight" 5 "<c s='2'><v>0.99998842592592596</v></c>" start_time 23:59:59
right "yes" 12 "<c t='b'><v>1</v></c>" double yes
right "an empty cell is missing" 11 "<c/>" "charge is null" 1
right "a number without zeros in front" 3 "<c><v>17</v></c>" client_ref 17
before="insert into clients values('0016'), ('0018')"
wrong_zeros() {
	rm -f "$db"
	asks "create table clients(ref text); $before"
	tree Visits
	sheet 1 "<row>$header</row>" "$(row 3 "<c><v>17</v></c>")"
	pack "$book"
	status "zeros eaten: 0" 0 import
	contains "zeros eaten: as of a CSV file" "$(asks 'select reason from vouch_rejected')" "zeros in front may be lost"
}
wrong_zeros

# ---- rows
rm -f "$db"
tree Visits
sheet 1 "<row r='1'><c t='str'><v>Town Care Ltd</v></c></row>" "<row r='4'>$header<c s='1'/></row>" \
	"<row r='6' hidden='1'>$(printf '%s' "${good[@]}")<c/></row>" "<row r='7'/>" "<row r='9'><c r='B9'><v>9</v></c></row>"
pack "$book"
status "gaps and hidden rows: 0" 0 import
contains "the header's row" "$(cat "$tmp/out")" "header on line 4"
contains "hidden rows are told" "$(cat "$tmp/out")" "1 row is hidden in the workbook"
contains "empty ones are" "$(cat "$tmp/out")" "1 empty row passed over"
is "the row's number" "$(asks 'select line from vouch_rejected')" 9
rm -f "$db"
pr="<workbookPr date1904='1'/>" tree Visits
sheet 1 "<row>$header</row>" "$(row 4 "<c s='1'><v>44439</v></c>")"
pack "$book"
status "days from 1904: 0" 0 import
contains "it is told" "$(cat "$tmp/out")" "dates of this workbook count from 1904"
is "the same day" "$(asks 'select visit_date from visits')" 2025-09-01
rm -f "$db"
calc="<calcPr fullCalcOnLoad='1'/>" tree Visits
sheet 1 "<row>$header</row>" "$(row 8 "<c><f>1+1</f><v>0</v></c>")"
pack "$book"
status "formulas left to be worked out: 0" 0 import
contains "their values do not count" "$(asks 'select reason from vouch_rejected')" "a formula without its result"

# ---- which sheet
rm -f "$db"
tree Notes Visits Old/hidden
sheet 1 "<row><c t='str'><v>Nothing here</v></c></row>"
sheet 2 "<row>$header</row>" "$good_row"
sheet 3 "<row>$header</row>" "$(row | sed 's/<v>13</<v>1</')"
pack "$book"
status "the one that fits, hidden ones apart: 0" 0 import
contains "it is told" "$(cat "$tmp/out")" "sheet Visits"
status "a hidden one by name: 0" 0 import --sheet Old
contains "it is another import" "$(cat "$tmp/out")" "sheet Old, reference Visit ref"
status "one that does not fit: 2" 2 import --sheet Notes
contains "why" "$(cat "$tmp/err")" "weekly, sheet Notes: no line has names of its columns"
status "none of this name: 2" 2 import --sheet visits
contains "those that there are" "$(cat "$tmp/err")" "has no sheet visits; it has Notes, Visits, Old (hidden)"
status "no workbook has no sheets: 2" 2 vouch import "$db" -c town/care --sheet Visits "$tmp/week.csv"
contains "it is told" "$(cat "$tmp/err")" "for it is no workbook"
rm -f "$db"
tree One Two
sheet 1 "<row>$header</row>" "$good_row"
sheet 2 "<row>$header</row>" "$(row)"
pack "$book"
status "two that fit: 2" 2 import
contains "both are named" "$(cat "$tmp/err")" "several sheets or layouts fit (weekly, sheet One; weekly, sheet Two)"
status "one of them: 0" 0 import --sheet Two
is "it is the second" "$(asks 'select ref from visits')" V2
tree One/hidden
sheet 1 "<row>$header</row>" "$good_row"
pack "$book"
status "all hidden: 2" 2 import
contains "it is told" "$(cat "$tmp/err")" "all of its sheets are hidden"

# ---- damage
refused() { # refused NAME TEXT: the file; nothing of it goes in
	rm -f "$db"
	status "$1: 2" 2 import
	contains "$1: E0508" "$(cat "$tmp/err")" "error[E0508]"
	contains "$1: told" "$(cat "$tmp/err")" "$2"
	ok "$1: no database" test ! -e "$db"
}
damaged() { # damaged NAME XML TEXT: behind a good row
	tree Visits
	sheet 1 "<row>$header</row>" "$good_row" "$2"
	pack "$book"
	refused "$1" "$3"
}
damaged "a text that is not there" "<row><c t='s'><v>99</v></c></row>" "week.xlsx: sheet Visits, row 3: damaged: 99 is no text"
damaged "a style that is not there" "<row><c s='99'/></row>" "row 3: damaged: a cell of style 99"
damaged "rows in disorder" "<row r='1'/>" "row 2: damaged: row 1 stands behind it"
damaged "tags in disorder" "<row></c>" "sheet Visits, row 3: damaged (mismatched tag)"
damaged "no number" "<row><c><v>1.2.3</v></c></row>" "row 3: damaged: 1.2.3 is no number"
tree Visits
sheet 1 "<row>$header</row>" "$good_row"
sed -i '1i<!DOCTYPE a [<!ENTITY b "c">]>' "$tree/xl/sharedStrings.xml"
pack "$book"
refused "a document type" "xl/sharedStrings.xml: declares a document type"
tree Visits
pack "$book"
refused "a sheet that is missing" "it has no part xl/worksheets/sheet1.xml"
{
	echo "<worksheet><sheetData>"
	head -c 20000000 /dev/zero | tr '\0' ' '
	echo "</sheetData></worksheet>"
} >"$tree/xl/worksheets/sheet1.xml"
pack "$book"
refused "a bomb" "unpacks to more than 250 times its size"
tree Visits
sheet 1 "<row>$header</row>" "$(cat "$tmp/rows.xml")"
pack "$tmp/whole.xlsx"
size=$(stat -c %s "$tmp/whole.xlsx")
head -c $((size / 2)) "$tmp/whole.xlsx" >"$book"
refused "half of a file" "its end is missing or damaged"
at=$(grep -aob 'xl/worksheets/sheet1.xml' "$tmp/whole.xlsx" | head -n 1 | cut -d: -f1)
cp "$tmp/whole.xlsx" "$book"
printf '\377\377\377' | dd of="$book" bs=1 seek=$((at + 1000)) conv=notrunc 2>"$tmp/dd"
refused "bytes that changed" "sheet Visits"
printf '\320\317\021\340\241\261\032\341' >"$book"
refused "a password" "a workbook of before Excel 2007, or one with a password"
rm -rf "$tree"
mkdir "$tree"
printf 'application/vnd.oasis.opendocument.spreadsheet' >"$tree/mimetype"
pack "$book"
refused "an .ods" "an OpenDocument spreadsheet (.ods)"
mv "$tree/mimetype" "$tree/week.csv"
pack "$book"
refused "a .zip" "an archive (.zip) that holds no workbook"
tree Visits
sed -i 's/workbook.xml/workbook.bin/' "$tree/_rels/.rels"
pack "$book"
refused "an .xlsb" "a binary workbook (.xlsb)"

# ---- what a spreadsheet makes of the CSV file
if [ -z "$calc" ]; then
	skip "a workbook of LibreOffice" "no LibreOffice"
else
	rm -f "$db"
	# the person's column stays a text, dates are written the British way
	office --infilter='CSV:44,34,76,1,3/2,2057,false,true' --convert-to xlsx --outdir "$tmp/office.out" \
		"$tmp/week.csv"
	status "a workbook of LibreOffice: 0" 0 vouch import "$db" -c town/care "$tmp/office.out/week.xlsx"
	asks "select * from visits" >"$tmp/of.book"
	asks "select * from visits" "$tmp/csv.db" >"$tmp/of.csv"
	same "the same visits" "$tmp/of.book" "$tmp/of.csv"
fi
finish
