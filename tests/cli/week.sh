#!/usr/bin/env bash
# An auditor's week as one story: three providers' files, a spot check, its logs, a full audit, what is
# said of its findings, reports, proof. Files and data are those of docs/auditors-week.md; here Second
# Care's file has fifty kinds of damage in place of five, and after each step the rows, minutes and
# pounds have to be those that went in.
#
#   providers ──files──> import ──> council.db ──sample──> logs ──> evaluate ──> audit ──> case.db
#       └────────────── what they really did: every total is held against this ──────────────┘
. "$srcdir/tests/tap.sh"

program=$(cd "$(dirname "$VOUCH")" && pwd)/$(basename "$VOUCH")
page=$(cd "$srcdir/docs" && pwd)/auditors-week.md
cp -R "$srcdir/rules" "$tmp/rules"
chmod -R u+w "$tmp/rules"
cd "$tmp" || exit 99
tmp=.
export VOUCH_RULES=rules
vouch() { "$program" "$@"; }
ask() { sqlite3 -readonly council.db "$1"; }
truth() { sqlite3 -readonly providers.db "$1"; }
of_case() { sqlite3 -readonly case.db "$1"; }
# of_csv FILE QUERY: over the file as the table f; of_json PATH: of the JSON in $tmp/out
of_csv() { sqlite3 :memory: ".mode csv" ".import '$1' f" ".mode list" "$2"; }
of_json() { sqlite3 :memory: "select json_extract(readfile('$tmp/out'), '$1')"; }

awk '/^```/ { on = !on && $2 == "new"; file = $3; next } on { print > file }' "$page"
ok "the page has its files" test -s council.sql -a -s providers.sql -a -s rules/hampshire/returns.vouch
sqlite3 council.db <rules/lib/homecare.sql
sqlite3 council.db <rules/hampshire/hampshire.sql
sqlite3 council.db <council.sql
sqlite3 providers.db <providers.sql

# ---- Monday: files

# balances NAME: of each file and in all, what was read is what was imported and what was refused;
# and the tables hold just that.
balances() {
	is "$1: rows add up" "$(ask "select count(*) from vouch_import where rows_read <> rows_imported +
		rows_rejected")" 0
	is "$1: minutes and pounds add up" "$(ask "select count(*) from vouch_import_total where
		abs(read - imported - rejected) > 0.000001")" 0
	is "$1: the visits are there" "$(ask "select count(*), total(declared_minutes),
		cast(round(total(charge * 100)) as integer) from visits")" \
		"$(ask "select (select total(rows_imported) from vouch_import where target = 'visits') + 0,
		total(iif(field = 'declared', imported, 0)),
		cast(round(total(iif(field = 'charge', imported * 100, 0))) as integer)
		from vouch_import_total" | sed 's/\.0|/|/')"
	is "$1: the logs are there" "$(ask 'select count(*) from care_logs')" \
		"$(ask "select cast(total(rows_imported) as integer) from vouch_import where target = 'care_logs'")"
	is "$1: refused rows are kept" "$(ask 'select count(*) from vouch_rejected')" \
		"$(ask 'select cast(total(rows_rejected) as integer) from vouch_import')"
}

status "a clean file: 0" 0 vouch import council.db -c hampshire/returns first-care.csv
contains "all of it" "$(cat out)" "368 rows read, 368 imported into visits, 0 rejected"
balances "a clean file"
status "the same again: 2" 2 vouch import council.db -c hampshire/returns first-care.csv
contains "by name" "$(cat err)" "error[E0510]: first-care.csv: the same content has been imported already"
sed 's/Person_/Mr /' first-care.csv >first-care-2.csv
status "other content under its reference: 2" 2 \
	vouch import council.db -c hampshire/returns first-care-2.csv
contains "by its reference" "$(cat err)" "reference Q2-P01 has been imported already"
status "another program's file: 0" 0 vouch import council.db -c hampshire/returns third-care.csv
contains "finds its layout" "$(cat out)" "layout rota_export"
balances "another program's file"

# Second Care's file as a whole, three times: each is refused, by name.
sed '1s/Remarks/Date/' second-care.csv >twice.csv             # 1 two columns of one name
sed '1s/Hours claimed/Hours/' second-care.csv >lacks.csv      # 2 a column that is not there
sed '9s/$/"/' second-care.csv >quote.csv                      # 3 a quotation mark that is not closed
refused() { # refused FILE TEXT
	status "$1 is refused: 2" 2 vouch import council.db -c hampshire/returns "$1"
	contains "$1: it is said why" "$(cat err)" "$2"
}
refused twice.csv "columns D and M are both called Date"
refused lacks.csv 'has no column "Hours claimed"'
refused quote.csv "a quotation mark that is not closed"
balances "refused files"

# VISIT~COLUMN~WHAT STANDS THERE~WHAT BECOMES OF IT, which is a reason, or "= " and what is stored.
# @short, @long, @before: the row with cells fewer or more; lines before it, as printf has them.
cat >damage <<'END'
B0002~@before~,,,,,,,,,,,,\n~= passed over                                          4 a row of empty cells
B0003~Date~2025-07-01~Date: not written as DD/MM/YYYY                               5 an ISO date
B0005~Date~07/13/2025~Date: there is no such day                                    6 the American order
B0007~Date~31/09/2025~Date: there is no such day                                    7 31 September
B0009~Date~29/02/2025~Date: there is no such day                                    8 29 February of a common year
B0011~Date~45841~Date: a number; as a spreadsheet's date it would be 2025-07-03     9 a serial number
B0013~Date~04/07/25~Date: not written as DD/MM/YYYY                                10 a year of two figures
B0015~Start~24:00~Start: there is no such time of day                              11 24:00
B0017~Start~8.30~Start: not written as hh:mm                                       12 a time with a point
B0019~Planned~0:75~Planned: more than 59 minutes behind the hours                  13 minutes past 59
B0021~Hours claimed~1:00~Hours claimed: hours and minutes, where the layout        14 h:mm for hours
B0023~Planned~60~Planned: not written as h:mm                                      15 minutes for h:mm
B0025~Hours claimed~"1,0"~Hours claimed: not a number                              16 a comma for a point
B0027~Hours claimed~-1~Hours claimed: outside the range of the field, 0 minutes    17 negative
B0029~Hours claimed~one~Hours claimed: not a number                                18 in words
B0031~Hours claimed~60~Hours claimed: outside the range of the field, 0 minutes    19 minutes for hours
B0033~Package~201~Package: shorter than the references that are there              20 zeros eaten
B0035~Visit ID~2.5E+11~Visit ID: a number in scientific notation                   21 scientific notation
B0037~Visit ID~~Visit ID: visit_ref is missing                                     22 no key
B0039~Visit ID~B0001~Visit ID: the key is in the table already                     23 a key twice
B0041~Visit ID~A0041~Visit ID: the key is in the table already                     24 another provider's key
B0043~Outcome~Done?~Outcome: not one of the codes of the field: Completed          25 an unknown code
B0045~Outcome~~= outcome is null                                                   26 no outcome at all
B0047~Charge~#VALUE!~Charge: an error of a formula                                 27 a formula's error
B0049~Charge~#####~Charge: shown as ### by a spreadsheet                           28 a column too narrow
B0051~Charge~22.600001~Charge: has more than 4 decimal places                      29 too many decimals
B0053~Charge~€22.60~Charge: not a sum of money                                     30 another currency
B0055~Hours claimed~=30/30~Hours claimed: not a number                             31 a formula
B0057~Visit ID~B00^A57~Visit ID: holds a control character                         32 a control character
B0059~Carers~1.5~Carers: a count is a whole number                                 33 half a carer
B0061~Carers~-1~Carers: a count cannot be negative                                 34 fewer than none
B0063~@short~~the row has 10 cells, the header 13                                  35 too short
B0065~@long~more~the row has 14 cells, the header 13                               36 too long
B0067~@before~HEADER~the header again                                              37 the header again
B0069~Charge~£22.60~= charge = 22.6                                                38 a pound sign
B0369~Charge~"£1,084.80"~= charge = 1084.8                                         39 thousands
B0071~Outcome~COMPLETED~= outcome = 'delivered'                                    40 a code in capitals
B0073~Hours claimed~ 1 ~= declared_minutes = 60                                    41 blanks round a cell
B0075~Hours claimed~1NBSP~= declared_minutes = 60                                  42 a blank that does not break
B0077~Remarks~"late,\nsorry"~= carers = 1                                          43 a line's end in a cell
B0079~Remarks~"café – naïve"~= carers = 1                                          44 Windows-1252
B0089~Date~23/7/2025~= visit_date = '2025-07-23'                                   45 a date without its zeros
B0085~Start~8:00~= start_time = '08:00'                                            46 a time without its zero
B0003~Remarks~=HYPERLINK("x")~Date: not written as DD/MM/YYYY                      47 a formula in a remark
END
sed -i -E 's/ {2,}[0-9]+ [^~]*$//' damage
# 48 a title above the header, 49 CRLF, 50 a line of totals behind the rows; and of a row that becomes
# another one, the row that it was goes to `sound` with the line on which the damaged one stands.
cat >spoil.awk <<'END'
BEGIN { FS = "~" }
{ sub(/\r$/, "") }
FILENAME == "damage" { n++; visit[n] = $1; what[n] = $2; cell[n] = $3; next }
FNR == 1 { FS = ","; $0 = $0; header = toupper($0); gsub(/"/, "", header); wide = NF
	for (i = 1; i <= NF; i++) { gsub(/"/, "", $i); at[$i] = i }
	emit("Second Care Ltd"); emit(header); next }
{ whole = $0
	for (k = 1; k <= n; k++) if (visit[k] == $2) spoil(k)
	print line + 1 "," whole > "sound"
	out = $1; for (i = 2; i <= NF; i++) out = out "," $i
	emit(out); $0 = "" }
END { emit(",,,,,,416,,,,9401.60,Total,") }
function spoil(k,   c, key) { c = cell[k]
	if (c == "HEADER") c = header "\n"
	gsub(/\\n/, "\n", c); gsub(/NBSP/, "\302\240", c); gsub(/\^A/, "\001", c)
	if (what[k] == "@before") { sub(/\n$/, "", c); emit(c) }
	else if (what[k] == "@short") NF = wide - 3
	else if (what[k] == "@long") $(wide + 1) = c
	else later[at[what[k]]] = c
	for (i in later) if (i != 2) { $i = later[i]; delete later[i] }
	if (2 in later) { $2 = later[2]; delete later[2] } }
function emit(text) { line += 1 + gsub(/\n/, "\n", text); gsub(/\n/, "\r\n", text); printf "%s\r\n", text }
END
LC_ALL=C awk -f spoil.awk damage second-care.csv >spoilt.csv
ok "it can be written in Windows-1252" iconv -f UTF-8 -t WINDOWS-1252 -o damaged.csv spoilt.csv
cp council.db before.db
status "the damaged file: 0" 0 vouch import council.db -c hampshire/returns damaged.csv
wrong=$(grep -vc '~= ' damage) # one row has two; the line of totals makes up for it
is "rows: all visits, the header again, the totals" "$(ask "select rows_read, rows_rejected, rows_empty,
	encoding, header_line from vouch_import where file = 'damaged.csv'")" \
	"$((369 + 2))|$wrong|1|Windows-1252|2"
balances "the damaged file"
while IFS='~' read -r visit column cell becomes; do
	what="$visit, $column $cell"
	if [ "$becomes" = "= passed over" ]; then
		continue
	elif [ "${becomes#= }" != "$becomes" ]; then
		is "$what goes in" "$(ask "select ${becomes#= } from visits where visit_ref = '$visit'")" 1
		continue
	fi
	line=$(grep ",$visit," sound | cut -d, -f1)
	[ "$becomes" != "the header again" ] || line=$((line - 1))
	contains "$what is refused" "$(ask "select iif(column_name = '', '', column_name || ': ') || reason from
		vouch_rejected join vouch_import using (import) where file = 'damaged.csv' and line = $line" |
		sed 's/^DATE/Date/; s/^START/Start/; s/^PLANNED/Planned/; s/^HOURS CLAIMED/Hours claimed/
		s/^PACKAGE/Package/; s/^VISIT ID/Visit ID/; s/^OUTCOME/Outcome/; s/^CHARGE/Charge/; s/^CARERS/Carers/')" \
		"$becomes"
done <damage

# ---- back to the provider, put right, and in again
status "what was refused: 0" 0 vouch import --rejected council.db --file damaged.csv -o back.csv
is "is all there" "$(of_csv back.csv 'select count(*) from f')" "$wrong"
line=$(grep ',B0007,' sound | cut -d, -f1)
is "as it came, with line and reason" "$(of_csv back.csv "select \"DATE\", \"Vouch line\", \"Vouch reason\"
	from f where \"VISIT ID\" = 'B0007'")" "31/09/2025|$line|DATE: there is no such day"
contains "no formula is handed on" "$(cat back.csv)" "\"'=30/30\""
contains "nor in a remark" "$(cat back.csv)" "\"'=HYPERLINK(\"\"x\"\")\""
# Each line that stands for a visit is replaced by what it should have been.
{
	head -1 back.csv
	ask "select line from vouch_rejected join vouch_import using (import) where file = 'damaged.csv'" |
		while read -r line; do
			grep "^$line," sound | cut -d, -f2- | sed 's/^Q2-P02/Q2-P02-b/; s/$/,,/'
		done
} | tr -d '\r' >right.csv
status "put right: 0" 0 vouch import council.db -c hampshire/returns right.csv
right=$((wrong - 2))
contains "all go in" "$(cat out)" "$right rows read, $right imported into visits, 0 rejected"
balances "put right"
# What may be missing is no reason to refuse a row: the provider tells the outcome by telephone.
sqlite3 council.db "update visits set outcome = 'delivered' where visit_ref = 'B0045'"
all="$(truth "select count(*), sum(minutes), sum(minutes) * 2260 / 60 from done")"
is "the visits are those that the providers had" "$(ask "select count(*), sum(declared_minutes),
	cast(round(sum(charge * 100)) as integer) from visits")" "$all"
is "each of them" "$(ask "select visit_ref, provision_ref, visit_date, start_time, planned_minutes,
	declared_minutes, carers from visits order by 1" | sha256sum)" \
	"$(truth "select ref, package, day, start, minutes, minutes, carers from done order by 1" | sha256sum)"

# ---- Tuesday: the spot check
spot() {
	vouch sample council.db -c hampshire --plan weekly_audit -o spot.db --from 2025-07-01 \
		--to 2025-09-30 "$@"
}
status "the frame: 0" 0 spot
is "is all the visits, and their money" "$(sqlite3 spot.db 'select rows, pence from plan')" \
	"$(truth "select count(*), sum(minutes) * 2260 / 60 from done")"
is "its hash can be had with sha256sum" "$(bash -c "$(grep 'sha256sum$' out)" | cut -d' ' -f1)" \
	"$(sqlite3 spot.db 'select frame_sha256 from plan')"
status "the draw: 0" 0 spot --seed 1
sed -n '/^  s=/,$p' out >redo
is "sha256sum and sort draw the same" "$(bash redo)" \
	"$(sqlite3 spot.db "select key from drawn where grp like 'P01%' order by number")"
is "whose visits they are is kept" "$(sqlite3 spot.db "select group_concat(distinct provider || ' ' ||
	substr(key, 1, 1)) from (select provider, key from frame order by ord)")" "P01 A,P02 B,P03 C"
status "the list to send: 0" 0 spot --format csv
is "names each visit" "$(of_csv out 'select count(*), count(distinct key) from f')" "183|183"

# ---- Wednesday: logs. The file has a BOM and two logs beside: one in the hour that spring skips,
# and one by a method that nobody knows.
logs() { sqlite3 providers.db <send-logs.sql; }
{
	printf '\357\273\277'
	logs
	echo 'LX1,P01,C0101,K0101,30/03/2025,01:30:00,02:30:00,App'
	echo 'LX2,P01,C0101,K0101,01/07/2025,20:00:00,20:30:00,Pigeon'
} >logs-1.csv
status "logs of what was drawn: 0" 0 vouch import council.db -c lib/layouts logs-1.csv
contains "all but one" "$(cat out)" "185 rows read, 184 imported into care_logs, 1 rejected"
contains "which is named" "$(cat out)" "Method: not one of the codes of the field: Telephone"
balances "logs of what was drawn"
decisions() { sqlite3 spot.db "select group_concat(decision, ', ') from (select decision from
	evaluation_group join evaluation using (evaluation_id) where number = (select max(number) from
	evaluation) order by grp)"; }
status "something follows: 1" 1 vouch evaluate spot.db
is "one passes, one is for a full audit, one to draw from again" "$(decisions)" "passed, full audit, draw"
contains "nothing found in 61 is a limit" "$(cat out)" "0 of 61   0.0%   0.0%   4.4%"
is "the limits hold what is true" "$(sqlite3 spot.db "attach 'providers.db' as t; select
	min(count_lower <= bad and bad <= count_upper) from evaluation_group g join (select provider, sum(logged is
	null or logged < 53) as bad from t.done group by 1) p on g.grp like p.provider || '%'")" 1
status "the second stage: 0" 0 vouch sample --next -o spot.db
is "only what is new is asked for" "$(grep -c '^  P03, .* 2  C[0-9]* ' out), $(grep -c ' 1  [ABC][0-9]* ' out)" \
	"61, 0"
logs >logs-2.csv
status "its logs: 0" 0 vouch import council.db -c lib/layouts logs-2.csv
contains "61 of them" "$(cat out)" "61 rows read, 61 imported"
status "evaluated: 1" 1 vouch evaluate spot.db
is "it passes now" "$(decisions)" "passed, full audit, passed"
contains "after both stages" "$(cat out)" "1 of 122"
contains "the next step can be typed" "$(cat out)" "1 group for a full audit, once all logs are in: vouch audit \
council.db -c hampshire/ccsh --from 2025-07-01 --to 2025-09-30 -o audit.db"

# ---- Thursday: the full audit
sqlite3 -csv -header providers.db 'select "Visit ID", provider as "Provider", "Service user ID", "Carer ID",
	"Date", "Actual start", "Actual end", "Method" from monitored where provider = '"'P02'" >logs-3.csv
status "all logs of Second Care: 0" 0 vouch import council.db -c lib/layouts logs-3.csv
contains "those that were there are refused" "$(cat out)" \
	"366 rows read, 305 imported into care_logs, 61 rejected"
balances "all logs of Second Care"
audit() {
	vouch audit council.db -c hampshire/ccsh -o "$1" --from 2025-07-01 --to "${2:-2025-09-30}" --provider P02
}
status "the audit: 0" 0 audit case.db
cp out summary
contains "the hour that was skipped is told" "$(cat summary)" "1 clock time does not exist (spring)"
is "it reads the rows that were imported" "$(of_case "select group_concat(rows_read) from (select rows_read
	from dataset_result where dataset in ('visit', 'log') order by dataset desc)")" \
	"$(ask "select (select count(*) from visits) || ',' || (select count(*) from care_logs)")"
due=$(truth "select sum((minutes - logged) * 2260 / 60) from done where provider = 'P02'
	and logged < minutes and carers = 1")
lost=$(truth "select sum(minutes * 2260 / 60) from done where provider = 'P02' and logged is null")
is "it finds what was planted, to the penny" "$(of_case "select group_concat(s) from (select
	sum(at_stake_pence) as s from finding where verdict = 'fail' group by rule order by rule)")" "$due,$lost"
is "nothing else fails" "$(of_case "select group_concat(distinct rule) from finding")" "V1,V2"
pounds=$(printf '£%d.%02d' $(((due + lost) / 100)) $(((due + lost) % 100)))
contains "and says so" "$(cat summary)" "$pounds claimed beyond what the evidence supports"
audit late.db 2026-03-31 >out
contains "a window that ends after the data is told" "$(tr '\n' ' ' <out)" "what is absent after the last visit is \
not evidence. 26 failed findings are of later days; \`--to 2025-09-30\` leaves them out."

cp case.db kept.db
status "files do not go into the case file: 2" 2 vouch import case.db -c lib/layouts logs-1.csv
contains "as is said" "$(cat err)" "case.db is a case file; name the database that is audited"
ok "nothing was changed" cmp case.db kept.db

# ---- what is said
id() { of_case "select distinct finding_id from finding where rule = '$1' and subject_key = '$2'"; }
say() { vouch respond case.db "$(id "$1" "$2")" --as "$3" --status "$4" --because "$5" "${@:6}"; }
status "one is raised: 0" 0 say V2 B0010 auditor raised "No log came"
status "and disputed: 0" 0 say V2 B0010 provider disputed "It is attached" --evidence logs-2.csv
status "a provider cannot uphold: 2" 2 say V2 B0010 provider upheld "So there"
# list STATUS WHY FILE: the findings of V1 as a list that is filled in
list() {
	vouch findings case.db --rule V1 --format csv >v1.csv
	sqlite3 :memory: ".import --csv v1.csv f" ".mode csv" ".headers on" "select *, '$1' as status, '' as
		amount, '$2' as because, '' as evidence from f" >"$3"
}
list raised "Claimed above the log" raised.csv
status "forty at once: 0" 0 vouch respond case.db --from raised.csv --as auditor
is "are forty events" "$(cat out)" "40 events added"
status "the same list again: 0" 0 vouch respond case.db --from raised.csv --as auditor
is "adds none" "$(cat out)" "0 events added; 40 lines say what was said last already"
list agreed "Our rota was wrong" agreed.csv
status "agreed: 0" 0 vouch respond case.db --from agreed.csv --as provider
list settled "Set off" settled.csv
sed -i '$s/settled/settle/' settled.csv
status "a slip in the last line: 2" 2 vouch respond case.db --from settled.csv --as auditor
contains "is named by its line" "$(cat err)" "settled.csv, line 41"
is "and nothing of the list is kept" "$(of_case "select count(*) from event where status = 'settled'")" 0
sed -i '$s/settle,/settled,/' settled.csv
status "settled: 0" 0 vouch respond case.db --from settled.csv --as auditor
sums() { # sums: raised, agreed, settled, outstanding pence of the case
	vouch case case.db --format json >out
	of_json '$.total.for_council.raised_pence' && of_json '$.total.for_council.agreed_pence' &&
		of_json '$.total.for_council.settled_pence' && of_json '$.total.for_council.outstanding_pence'
}
is "what was raised, agreed, settled, is owed" "$(sums | tr '\n' ' ')" "$((due + 2260)) $due $due 0 "

# ---- the data are put right, and audited again
echo 'Visit ID,Service user ID,Carer ID,Date,Actual start,Actual end,Method
LB0010,C0202,K0202,03/07/2025,09:02,10:02,App' >late.csv
sed -i '1s/Visit ID/Visit ID,Provider/; 2s/LB0010/LB0010,P02/' late.csv
status "a log that was missing: 0" 0 vouch import council.db -c lib/layouts late.csv
balances "a log that was missing"
sqlite3 council.db "update care_logs set check_out = '2025-07-03 08:47:00' where log_ref = 'LB0009';
	update care_logs set check_out = '2025-07-01 08:17:00' where log_ref = 'LB0001'"
status "audited again: 0" 0 audit case.db
status "the case: 0" 0 vouch case case.db
contains "one of each, and the rest" "$(cat out)" "1 new, 1 changed, 1 gone, 42 unchanged"
contains "what was said of the one that is gone stands" "$(sed -n '/^gone since/,$p' out)" "It is attached"
is "so do the sums" "$(sums | tr '\n' ' ')" "$((due + 2260)) $due $due 0 "

# ---- Friday: one sum in all reports
newest="(select run_id from run order by rowid desc limit 1)"
stake=$(of_case "select sum(at_stake_pence) from finding where run_id = $newest")
rows=$(of_case "select count(*) from finding where run_id = $newest")
is "it is what the data come to now" "$stake" "$((due + lost - 2260 - 565 + 1695))"
for format in html xlsx csv json sarif; do
	status "report, $format: 0" 0 vouch report case.db --format $format -o report.$format
done
is "CSV" "$(of_csv report.csv "select count(*), sum(cast(at_stake_pence as integer)) from f")" \
	"$rows|$stake"
sqlite_json() { sqlite3 :memory: "select count(*), sum(value ->> 'at_stake_pence') from
	json_each(readfile('report.json'), '\$.findings')"; }
is "JSON" "$(sqlite_json)" "$rows|$stake"
is "SARIF has each" "$(sqlite3 :memory: "select count(*) from
	json_each(readfile('report.sarif'), '\$.runs[0].results') where value ->> 'baselineState' is null or
	value ->> 'baselineState' <> 'absent'")" "$rows"
whole=$(printf '£%d.%02d' $((stake / 100)) $((stake % 100)))
contains "HTML" "$(cat report.html)" "$whole"
if command -v unzip >/dev/null; then
	# The sheet of findings, its column with the sum found by its title.
	rm -rf book && mkdir book && unzip -q report.xlsx -d book
	n=$(grep -o '<sheet name="[^"]*"' book/xl/workbook.xml | grep -n '"findings"' | cut -d: -f1)
	sed 's/<c /\n<c /g' "book/xl/worksheets/sheet$n.xml" >cells
	column=$(grep -i 'at stake' cells | head -1 | sed 's/.*r="\([A-Z]*\)1".*/\1/')
	is "XLSX" "$(sed -n "s/^<c r=\"$column[0-9]*\"[^>]*><v>\([-0-9.]*\)<\/v>.*/\1/p" cells |
		awk '{ n++; sum += $1 } END { printf "%d|%.0f", n, sum * 100 }')" "$rows|$stake"
else
	skip "XLSX" "there is no unzip"
fi
status "the pack: 0" 0 vouch report case.db --pack P02 -o pack.html
of_case "select distinct substr(finding_id, 1, 10) from finding where run_id = $newest" >ids
is "has each finding" "$(while read -r f; do grep -q "$f" pack.html || echo "$f"; done <ids)" ""

# ---- proof
status "verified with the data: 0" 0 vouch verify case.db --data council.db
contains "made again, the same" "$(cat out)" "made again: the same, finding by finding"
status "the checkpoint: 0" 0 vouch verify case.db --checkpoint
cp out checkpoint.txt
is "three lines, and one for what was said" "$(wc -l <checkpoint.txt), $(sed -n 2p checkpoint.txt), \
$(sed -n 's/^events \([0-9]*\) .*/\1/p' checkpoint.txt)" "4, 2, $(of_case 'select count(*) from event')"
status "holds: 0" 0 vouch verify case.db --against checkpoint.txt
status "so does the spot check: 0" 0 vouch verify spot.db
# bend NAME SQL PART: on a copy, whose triggers are put back, the change is found and named
bend() {
	local triggers
	cp case.db bent.db
	triggers=$(sqlite3 bent.db "select sql || ';' from sqlite_schema where type = 'trigger'")
	sqlite3 bent.db "select 'drop trigger ' || name || ';' from sqlite_schema where type = 'trigger'" |
		sqlite3 bent.db
	sqlite3 bent.db "$2"
	sqlite3 bent.db "$triggers"
	status "$1: 1" 1 vouch verify bent.db
	contains "$1: named" "$(cat out)" "$3"
	contains "$1: in the end" "$(tail -1 out)" "not as it was written"
}
b18=$(id V1 B0018)
bend "a sum is changed" "update finding_row set at_stake_pence = 113 where finding_id = '$b18'" \
	"finding ${b18:0:10}: changed: at_stake_pence"
bend "a finding is removed" "delete from finding_row where finding_id = '$b18'" \
	"finding ${b18:0:10}: removed"
bend "an event is deleted" "delete from event where number = 2" "event"
bend "two events change places" "update event set number = 999 where number = 4;
	update event set number = 4 where number = 5; update event set number = 5 where number = 999" "event 4"
bend "two rows change places" "create temp table m as select rowid as r, message from finding_row where
	rowid in (1, 2); update finding_row set message = (select message from m where r <> finding_row.rowid)
	where rowid in (1, 2); update finding_row set subject_key = iif(rowid = 1, 'B0018', 'B0009') where
	rowid in (1, 2)" "changed: "
bend "an answer is rewritten" "update event set because = 'We never agreed' where status = 'agreed' and
	number = (select min(number) from event where status = 'agreed')" "event"
sqlite3 council.db "update care_logs set check_out = '2025-07-01 09:02:00' where log_ref = 'LB0001'"
status "data that were changed since: 1" 1 vouch verify case.db --data council.db
contains "are found" "$(cat out)" "$(id V1 B0001 | cut -c1-10)"
finish
