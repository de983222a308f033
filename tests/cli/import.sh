#!/usr/bin/env bash
# vouch import: providers' files in whatever dress. Forty kinds of damage and more, each a case:
#
#   the file      empty, no table, BOM, CRLF, CR, semicolons, tabs, "sep=", titles above the header,
#                 header in other capitals, the same header twice, a column missing, columns that
#                 nobody knows, a quotation mark not closed, imported before, reference used before
#   the row       empty, too short, too long, the header again, totals at the end, no key, key twice,
#                 key there already, part of a key missing
#   the cell      a day that does not exist, another order, ISO for UK, a serial number, no such time,
#                 26:00, h:mm for hours, hours for h:mm, minutes past 59, an unknown code, a formula's
#                 error, ###, a character that is none, NUL, £, thousands, brackets, a comma for a point, too
#                 many decimals, a number in words, zeros lost, scientific notation, out of range,
#                 neither yes nor no
#
# After each: rows read = imported + rejected, the same for minutes and pounds, in what is printed, in
# what is kept, and in the table itself.
. "$srcdir/tests/cli/common.sh"

{
	town_head care "Town Care at Home" "31 March 2026"
	town_submissions
	cat <<'END'
  carers   : count

rule T1 "Declared more time than was planned"
  for each   visit
  on         visit.date
  require    visit.declared <= visit.planned
  otherwise  "Declared {visit.declared}, planned {visit.planned}"
  at stake   visit.charge

layout weekly of visit
  reference "File"
  ignores "Remarks"
  ref      : "Visit ref" or "Visit ID"
  provider : is "P1"
  client   : "Person" padded to 4
  date     : "Date" as DD/MM/YYYY
  start    : "Start" as h:mm
  came     : "Date" as DD/MM/YYYY at "In" as h:mm
  left     : "Date" as DD/MM/YYYY at "Out" as h:mm after came
  declared : "Hours claimed" in hours
  planned  : "Planned" as h:mm
  outcome  : "Status" one of (delivered "Done", delivered "Completed", missed "No visit")
  charge   : "Charge" or missing
  double   : "Double" or missing
  carers   : "Carers" or missing
END
} >"$town/care.vouch"

header='File,Visit ref,Person,Date,Start,In,Out,Hours claimed,Planned,Status,Charge,Double,Carers'
good='F1,G1,0017,01/09/2025,8:00,8:02,8:31,0.5,0:30,Done,11.30,no,1'
db=$tmp/data.db
file=$tmp/week.csv

import() { vouch import "$db" -c town/care "$@" "$file"; }
asks() { sqlite3 "$db" "$1"; }

# balances NAME: what was kept of the last file adds up, and the table holds just that.
balances() {
	is "$1: rows add up" "$(asks "select rows_read - rows_imported - rows_rejected from vouch_import
		order by import desc limit 1")" 0
	is "$1: minutes and pounds add up" "$(asks "select count(*) from vouch_import_total
		where abs(read - imported - rejected) > 0.000001")" 0
	is "$1: the table has the rows" "$(asks "select (select count(*) from visits) -
		(select sum(rows_imported) from vouch_import)")" 0
	is "$1: the table has the minutes" "$(asks "select (select coalesce(sum(declared_min), 0) from visits)
		- (select sum(imported) from vouch_import_total where field = 'declared')")" 0
	is "$1: the rejected rows are kept" "$(asks "select (select count(*) from vouch_rejected) -
		(select sum(rows_rejected) from vouch_import)")" 0
}

# wrong NAME ROW REASON: behind a good row, this one is refused.
wrong() {
	rm -f "$db"
	[ -z "${before:-}" ] || sqlite3 "$db" "$before"
	printf '%s\n%s\n%s\n' "$header" "$good" "$2" >"$file"
	status "$1: 0" 0 import
	contains "$1: one of two" "$(cat "$tmp/out")" "2 rows read, 1 imported into visits, 1 rejected"
	contains "$1: the reason" "$(asks 'select reason from vouch_rejected')" "$3"
	is "$1: the line" "$(asks 'select line from vouch_rejected')" 3
	balances "$1"
}

# right NAME ROW COLUMN VALUE: this row goes in, and that is what the column has.
right() {
	rm -f "$db"
	printf '%s\n%s\n' "$header" "$2" >"$file"
	status "$1: 0" 0 import
	contains "$1: imported" "$(cat "$tmp/out")" "1 row read, 1 imported into visits, 0 rejected"
	is "$1: stored" "$(asks "select $3 from visits")" "$4"
	balances "$1"
}

# dress NAME FORMAT: a good file in other clothes comes to the same row.
dress() {
	rm -f "$db"
	# shellcheck disable=SC2059  # the format is the file
	printf "$2" >"$file"
	status "$1: 0" 0 import
	is "$1: the same row" "$(asks 'select ref, client_ref, visit_date, start_time, came, left,
		declared_min, planned_min, outcome, charge, double, carers from visits')" \
		'G1|0017|2025-09-01|08:00|2025-09-01 08:02:00|2025-09-01 08:31:00|30|30|delivered|11.3|no|1'
	balances "$1"
}

# refused NAME CODE TEXT FORMAT: nothing of the file goes in, and no database is left behind.
refused() {
	rm -f "$db"
	# shellcheck disable=SC2059
	printf "$4" >"$file"
	status "$1: 2" 2 import --layout weekly
	contains "$1: $2" "$(cat "$tmp/err")" "error[$2]"
	contains "$1: told" "$(cat "$tmp/err")" "$3"
	ok "$1: no database" test ! -e "$db"
}

# ---- the file
dress "as it should be" "$header\n$good\n"
dress "a BOM" "\357\273\277$header\n$good\n"
dress "CRLF" "$header\r\n$good\r\n"
dress "CR alone" "$header\r$good\r"
dress "no line end at the end" "$header\n$good"
dress "semicolons" "${header//,/;}\n${good//,/;}\n"
dress "tabs" "${header//,/\\t}\n${good//,/\\t}\n"
dress "sep=" "sep=;\n${header//,/;}\n${good//,/;}\n"
dress "titles above the header" "Town Care Ltd\nWeek ending,07/09/2025\n\n$header\n$good\n"
dress "capitals, blanks, punctuation" "FILE,visit_REF,PERSON,date, Start ,in,Out,hours  claimed,planned,status,charge,double,carers\n$good\n"
dress "another name of a column" "${header/Visit ref/VISIT ID}\n$good\n"
dress "empty rows between" "$header\n,,,,,,,,,,,,\n\n$good\n,,,,,,,,,,,,\n"
contains "empty rows are counted" "$(cat "$tmp/out")" "3 empty rows passed over"
dress "blanks at the ends of cells" "$header\n F1 , G1 ,0017 , 01/09/2025, 8:00 ,8:02,8:31 , 0.5,0:30 ,Done , 11.30,no ,1\n"
dress "quoted cells" "$header\n\"F1\",\"G1\",\"0017\",\"01/09/2025\",\"8:00\",\"8:02\",\"8:31\",\"0.5\",\"0:30\",\"Done\",\"11.30\",\"no\",\"1\"\n"
dress "a column that is ignored" "$header,Remarks\n$good,\"all well, thanks\"\n"
lacks "what is ignored is not told" "$(cat "$tmp/out")" "Remarks"
dress "a column that nobody knows" "$header,Mood\n$good,fine\n"
contains "it is told" "$(cat "$tmp/out")" "columns that are not in the layout: Mood"

refused "an empty file" E0508 "the file is empty" ""
refused "a PDF" E0508 "a PDF document" "%%PDF-1.7\n"
refused "a quotation mark that is not closed" E0508 "line 2: a quotation mark" "$header\n\"${good}\n"
refused "the same header twice" E0509 "columns F and N are both called in" "$header,in\n$good,8:02\n"
refused "a column is missing" E0509 'has no column "Hours claimed"; is it "Hours claim"?' "${header/claimed/claim}\n$good\n"
refused "no header" E0509 "no line has names of its columns" "$good\n$good\n"
status "no such file: 3" 3 vouch import "$db" -c town/care "$tmp/none.csv"
contains "it is told" "$(cat "$tmp/err")" "error[E0401]"

# ---- known already
rm -f "$db"
printf '%s\n%s\n' "$header" "$good" >"$file"
status "the first time: 0" 0 import
sqlite3 "$db" .dump >"$tmp/before.sql"
status "the same again: 2" 2 import
contains "by its content" "$(cat "$tmp/err")" "error[E0510]"
contains "when it was" "$(cat "$tmp/err")" "as week.csv, on 2"
printf '%s\n%s\n' "$header" "${good/G1/G2}" >"$file"
status "its reference again: 2" 2 import
contains "by its reference" "$(cat "$tmp/err")" "reference F1 has been imported already"
contains "and what to do" "$(cat "$tmp/err")" "help: a file of rows that were put right needs"
sqlite3 "$db" .dump >"$tmp/after.sql"
same "nothing was written" "$tmp/after.sql" "$tmp/before.sql"
printf '%s\n%s\n%s\n' "$header" "${good/F1/F2}" "F2,G9${good#F1,G1}" >"$file"
status "another file: 0" 0 import
contains "its key is there" "$(asks 'select reason from vouch_rejected')" "the key is in the table already"
balances "another file"
cp "$file" "$tmp/once.csv"
printf '%s\n%s\n' "$header" "F3,G10${good#F1,G1}" >"$file"
status "with one that is known: 2" 2 vouch import "$db" -c town/care "$file" "$tmp/once.csv"
is "neither of two went in" "$(asks "select count(*) from visits where ref = 'G10'")" 0

# ---- nothing of it went in: with the layout put right it may come again
rm -f "$db"
printf '%s\n%s\n' "$header" "${good/,Done,/,Kept,}" >"$file"
status "a code that the layout lacks: 0" 0 import
contains "refuses the whole" "$(cat "$tmp/out")" "1 row read, 0 imported into visits, 1 rejected"
sed -i 's/(delivered "Done",/(delivered "Kept", delivered "Done",/' "$town/care.vouch"
status "the same file once it is there: 0" 0 import
contains "goes in" "$(cat "$tmp/out")" "1 row read, 1 imported into visits, 0 rejected"
is "and is recorded once" "$(asks 'select count(*), sum(rows_imported) from vouch_import')" '1|1'
balances "the same file once it is there"
status "and then no more: 2" 2 import
sed -i 's/delivered "Kept", //' "$town/care.vouch"

# ---- the row
wrong "too few cells" "F1,V2,0017,01/09/2025" "the row has 4 cells, the header 13"
wrong "too many cells" "${good/G1/V2},9" "the row has 14 cells, the header 13"
wrong "the header again" "$header" "the header again"
wrong "in capitals" "${header^^}" "the header again"
wrong "totals at the end" ",,Total,,,,,0.5,0:30,,11.30,," "ref is missing"
wrong "no key" "${good/G1/}" "ref is missing"
wrong "a key twice" "$good" "the key is in the table already"
wrong "no reference" ",V2${good#F1,G1}" "the reference of the file is missing"

# ---- dates and times
row() { # row COLUMN VALUE: the good row with another key and this in the column, from 1
	awk -F, -v OFS=, -v n="$1" -v value="$2" '{ $2 = "V2"; $n = value; print }' <<<"$good"
}
wrong "a day that does not exist" "$(row 4 31/09/2025)" "there is no such day"
wrong "the American order" "$(row 4 09/30/2025)" "there is no such day"
wrong "an ISO date" "$(row 4 2025-09-01)" "not written as DD/MM/YYYY"
wrong "a serial number" "$(row 4 45901)" "a number; as a spreadsheet's date it would be 2025-09-01"
wrong "a year of two figures" "$(row 4 01/09/25)" "not written as DD/MM/YYYY"
wrong "26:00" "$(row 5 26:00)" "there is no such time of day"
wrong "a time with a point" "$(row 5 8.00)" "not written as h:mm"
right "in the hour that autumn repeats" "$(row 7 1:20 | sed 's/,8:02,/,1:50,/; s,01/09,26/10,')" left "2025-10-26 01:20:00"
right "the night after it" "$(row 7 1:20 | sed 's/,8:02,/,1:50,/; s,01/09,27/10,')" left "2025-10-28 01:20:00"
right "past midnight" "$(row 7 0:20 | sed 's/,8:02,/,23:50,/')" left "2025-09-02 00:20:00"
right "a date without its zeros" "$(row 4 1/9/2025)" visit_date 2025-09-01

# ---- lengths of time
wrong "hours and minutes for hours" "$(row 8 1:30)" "it can say \`as h:mm\`"
wrong "hours for hours and minutes" "$(row 9 1.5)" "not written as h:mm"
wrong "minutes past 59" "$(row 9 0:75)" "more than 59 minutes"
wrong "out of range" "$(row 8 25)" "outside the range of the field, 0 minutes to 24 hours"
wrong "a length below zero" "$(row 8 -0.5)" "outside the range of the field"
wrong "a number in words" "$(row 8 half)" "not a number"
right "a third of an hour comes back whole" "$(row 8 0.25)" declared_min 15
right "seconds where none are asked for" "$(row 9 0:30:00)" planned_min 30
right "and of a clock time" "$(row 5 8:00:30)" start_time "08:00:30"
wrong "minutes past 59 all the same" "$(row 9 0:75:00)" "more than 59 minutes"
wrong "four parts" "$(row 9 0:30:00:00)" "not written as h:mm"
right "hours past a day" "$(row 9 30:15)" planned_min 1815

# ---- money, counts, codes
right "pounds and thousands" "$(row 11 X | sed 's/,X,/,"£1,022.50",/')" charge 1022.5
right "money owed back, in brackets" "$(row 11 '(5.65)')" charge -5.65
right "money with a minus" "$(row 11 '-£5.65')" charge -5.65
wrong "a comma for a point" "$(row 11 X | sed 's/,X,/,"5,65",/')" "not a sum of money"
wrong "too many decimals" "$(row 11 5.123456)" "has more than 4 decimal places"
wrong "half a carer" "$(row 13 1.5)" "a count is a whole number"
wrong "fewer than no carers" "$(row 13 -1)" "a count cannot be negative"
wrong "an unknown code" "$(row 10 Cancelled)" "not one of the codes of the field: Done, Completed, No visit"
right "a code in capitals" "$(row 10 'NO VISIT')" outcome missed
wrong "neither yes nor no" "$(row 12 perhaps)" "neither yes nor no"
right "TRUE" "$(row 12 TRUE)" double yes
right "an empty cell is missing" "$(row 11 '')" "charge is null" 1

# ---- what spreadsheets do
wrong "an error of a formula" "$(row 8 '#N/A')" "an error of a formula"
wrong "a column too narrow" "$(row 4 '########')" "shown as ### by a spreadsheet"
wrong "scientific notation" "$(row 3 1.23E+11)" "a spreadsheet has cut the reference"
right "zeros put back" "$(row 3 17)" client_ref 0017
wrong "longer than it can be" "$(row 3 123456)" "longer than 4 digits"
before="create table clients(ref text); insert into clients values('000017'), ('000018')"
sed -i 's/ padded to 4//' "$town/care.vouch"
good=${good/0017/000017}
wrong "zeros lost" "$(row 3 17)" "zeros in front may be lost; a layout can say \`padded to 6\`"
before= good=${good/000017/0017}
wrong "a control character" "$(row 3 $'A\001B')" "holds a control character"
wrong "a character that is none" "$(row 3 $'A\xEF\xBF\xBDB')" "holds a character that cannot be read"
rm -f "$db"
printf '%s\n%s\nF1,V\0002%s\n' "$header" "$good" "${good#F1,G1}" >"$file"
status "NUL: 0" 0 import
contains "NUL: the row is refused" "$(asks 'select reason from vouch_rejected')" "cannot be read"
balances "NUL"
wrong "two things wrong are both told" "$(row 4 31/09/2025 | sed 's/,Done,/,Gone,/')" "; Status: not one of the codes"

# ---- without a layout
rm -f "$db"
printf 'ref,visit_date,declared,charge\nV1,2025-09-01,30,5.65\nV2,01/09/2025,30,1\n' >"$file"
status "by the names of the fields: 0" 0 import --dataset visit
is "the first went in" "$(asks 'select ref, visit_date, declared_min, charge from visits')" 'V1|2025-09-01|30|5.65'
contains "a date that a layout would have to explain" "$(asks 'select reason from vouch_rejected')" "a layout says how dates are written"
balances "by the names of the fields"

# ---- rejected rows go back to the provider in their own shape
rm -f "$db"
printf '%s\n%s\n%s\n%s\n' "$header,Note" "$good,ok" "$(row 4 31/09/2025),\"late, sorry\"" "$(row 8 x),=1+1" >"$file"
status "two are refused: 0" 0 import
contains "why, and where first" "$(cat "$tmp/out")" "  1 row: Date: there is no such day (line 3: 31/09/2025)
  1 row: Hours claimed: not a number (line 4: x)"
contains "the next step" "$(cat "$tmp/out")" "--rejected $db --file week.csv -o rejected-week.csv"
status "rejected: 0" 0 vouch import --rejected "$db" -o "$tmp/back.csv"
contains "how many" "$(cat "$tmp/out")" "2 rejected rows"
tr -d '\r' <"$tmp/back.csv" >"$tmp/back"
is "the header and two columns more" "$(sed -n 1p "$tmp/back")" \
	"\"${header//,/\",\"}\",\"Note\",\"Vouch line\",\"Vouch reason\""
contains "the row as it came" "$(sed -n 2p "$tmp/back")" '"31/09/2025","8:00"'
contains "with its line and reason" "$(sed -n 2p "$tmp/back")" '"late, sorry","3","Date: there is no such day'
contains "no formula is handed on" "$(sed -n 3p "$tmp/back")" "\"'=1+1\""
sed 's,31/09/2025,30/09/2025,; s,"x","0.5",; s,"V2","V3",2; s,"F1","F2",' "$tmp/back.csv" | sed '3s/"V2"/"V3"/' >"$file"
status "put right they go in: 0" 0 import
contains "both" "$(cat "$tmp/out")" "2 rows read, 2 imported into visits, 0 rejected"
is "all three are there" "$(asks 'select count(*) from visits')" 3
balances "put right"
{
	echo "$header"
	for i in 1 2 3 4 5 6; do
		echo "F4,Q$i,0017,01/09/25${good#F1,G1,0017,01/09/2025}"
		echo "F4,R$i,0017,0$i/09/2025,8.0$i${good#F1,G1,0017,01/09/2025,8:00},$i"
	done
	echo "F4,S1,0017,01/09/2025,9.00${good#F1,G1,0017,01/09/2025,8:00}"
	echo "F4,,0017,01/09/2025${good#F1,G1,0017,01/09/2025}"
	for i in 5 6 7 8; do echo "F4,T$i$(row "$i" "?" | cut -d, -f3- | sed 's/^/,/')"; done
} >"$tmp/many.csv"
status "many rows, few reasons: 0" 0 vouch import "$db" -c town/care "$tmp/many.csv"
contains "the one that most have stands first" "$(grep -m 1 ' row' <<<"$(tail -n +2 "$tmp/out")")" "  6 rows: "
is "five are told" "$(grep -c '^  [0-9]* rows*: ' "$tmp/out")" 5
contains "and that there are more" "$(cat "$tmp/out")" " reasons more"
status "rejected rows of a file: 0" 0 vouch import --rejected "$db" --file week.csv -o "$tmp/back.csv"
status "of a file that was never there: 2" 2 vouch import --rejected "$db" --file none.csv -o "$tmp/none.csv"
ok "nothing is left of it" test ! -e "$tmp/none.csv"

# ---- what was imported is audited
sqlite3 "$db" "create table providers(ref text, name text); insert into providers values('P1', 'Town Care');
	create table clients(ref text); insert into clients values('0017');
	update visits set declared_min = 45 where ref = 'V2'"
status "audit: 0" 0 vouch audit "$db" -c town/care -o "$tmp/case.db"
contains "it finds what is there" "$(cat "$tmp/out")" "T1"
is "one visit" "$(sqlite3 "$tmp/case.db" "select count(*) from finding where verdict = 'fail'")" 1

# ---- the command
rm -f "$db"
sqlite3 "$db" 'create table visits(ref text)'
status "a table that lacks a column: 2" 2 import
contains "it is named" "$(cat "$tmp/err")" "table visits has no column"
status "no such layout: 2" 2 import --layout weakly
contains "the nearest is offered" "$(cat "$tmp/err")" "did you mean weekly?"
status "no file: 64" 64 vouch import "$db" -c town/care
status "no contract: 64" 64 vouch import "$db" "$file"
status "no output: 64" 64 vouch import --rejected "$db"

# ---- interrupted
{
	echo "$header"
	for i in $(seq 5000); do echo "F1,R$i${good#F1,G1}"; done
} >"$file"
rm -f "$db"
sqlite3 "$db" "create table visits(ref text primary key, provider_ref, client_ref, visit_date, start_time,
	came, left, declared_min, planned_min, outcome, charge, double, carers);
	create trigger slow after insert on visits begin
	select count(*) from (with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000)
	select i from n); end"
sqlite3 "$db" .dump >"$tmp/before.sql"
"$VOUCH" import "$db" -c town/care "$file" >"$tmp/out" 2>"$tmp/err" &
pid=$!
sleep 1
kill -INT $pid
wait $pid
is "interrupted: 130" $? 130
sqlite3 "$db" .dump >"$tmp/after.sql"
same "interrupted: the database is as it was" "$tmp/after.sql" "$tmp/before.sql"

# ---- the layouts that come with the program
VOUCH_RULES=$srcdir/rules
rm -f "$db"
printf '%s\n' 'Visit ID,Service user ID,Carer ID,Visit date,Actual start,Actual end,Method' \
	'V1,C1,W1,01/09/2025,23:50,00:20,Telephone' >"$tmp/calls.csv"
printf '%s\n' 'Service user ref,Service,Week commencing,Planned,Actual,Frustrated,Missed,Extra,Comment' \
	'S1,HOME CARE,01/09/2025,7,6.75,0.25,,,snow' >"$tmp/actuals.csv"
printf '%s\n' 'Person ID,Week commencing,Mon,Tue,Wed,Thu,Fri,Sat,Sun,Total' \
	'S1,01/09/2025,-0:30,0:00,1:15,,,,,0:45' >"$tmp/days.csv"
printf '%s\n' 'FileReference,Description,Created,ProviderRef,ContractNumber,ServiceUserRef,ServiceUserDetails,WeekEnding,OurRef,ServiceUserContribution,PaymentClaimed,ServiceType,VisitDate,StartTimeClaimed,DurationClaimed,ActualStartTime,ActualDuration,SecondaryVisit,NumberOfCarers' \
	'F1,week 36,2025-09-08T15:02:13,P1,K1,S1,A,07/09/2025,,,12.5,HOME CARE,01/09/2025,06:30:00,01:30:00,06:35:00,01:20:00,False,1' >"$tmp/delivery.csv"
printf '%s\n' 'Visit ID,Agency,Local authority ID,Care recipient,Caregiver ID,Check in,Check out,Tags' \
	'B1,P1,S1,A,W1,2025-09-01 08:01,2025-09-01 08:29,' >"$tmp/app.csv"
status "each finds its layout: 0" 0 vouch import "$db" -c lib/layouts "$tmp/calls.csv" "$tmp/actuals.csv" \
	"$tmp/days.csv" "$tmp/delivery.csv" "$tmp/app.csv"
for layout in call_monitoring weekly_actuals hours_a_day abacus care_app; do
	contains "$layout" "$(cat "$tmp/out")" "layout $layout"
done
is "calls" "$(asks "select check_in, check_out, method from care_logs where log_ref = 'V1'")" \
	'2025-09-01 23:50:00|2025-09-02 00:20:00|phone'
is "actuals" "$(asks 'select planned_minutes, actual_minutes, frustrated_minutes from weekly_actuals')" '420|405|15'
is "days" "$(asks 'select monday_minutes, tuesday_minutes, wednesday_minutes from day_variations')" '-30|0|75'
is "deliveries" "$(asks 'select week_ending, created, claimed_minutes, actual_minutes, secondary from deliveries')" \
	'2025-09-07|2025-09-08 15:02:13|90|80|no'
finish
