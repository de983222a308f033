#!/usr/bin/env bash
# The life of a finding: a dispute from raised to settled, lists that are filled in, a second run over
# corrected data, and sums that add up whichever way they are looked at.
. "$srcdir/tests/cli/common.sh"

# --- a contract with several findings about one visit, and one about a week of visits
{
	town_head life "Town Life" "31 March 2026"
	town_visits
	town_two_rules L
	cat <<'END'

rule L3 "More than four hours in a week"
  severity  minor
  for each  visit.provider, week of visit.date
  among     visit
  on        week.first
  require   total(visit.declared) <= 4 hours
  otherwise "{total(visit.declared)} in the week"
  at stake  £20.00 per hour * (total(visit.declared) - 4 hours)
END
} >"$town/life.vouch"
life=$tmp/life.db
sqlite3 "$life" <<'END'
create table providers(ref text, name text);
insert into providers values('P1', 'First Care'), ('P2', 'Second Care');
create table visits(ref text, provider_ref text, date text, declared_min integer,
	logged_min integer, rate text);
insert into visits values
	('A', 'P1', '2025-09-01', 60, 30, '26.00'),
	('B', 'P1', '2025-09-02', 60, 60, '20.00'),
	('C', 'P1', '2025-09-03', 180, 180, '20.00'),
	('D', 'P2', '2025-09-01', 60, 45, '20.00'),
	('E', 'P2', '2025-09-02', 60, 60, '17.00'),
	('F', 'P2', '2025-09-03', 60, null, '20.00');
END

case_file=$tmp/life-case.db
again() { vouch audit "$life" -c town/life -o "$case_file" >"$tmp/out" 2>&1; }
status "the audit: 0" 0 again
# id KEY RULE: the whole id of the finding
id() { sql "$case_file" "select distinct finding_id from finding where subject_key = '$1' and rule = '$2'"; }
A1=$(id A L1) A2=$(id A L2) D1=$(id D L1) E2=$(id E L2) F1=$(id F L1)
W=$(sql "$case_file" "select distinct finding_id from finding where rule = 'L3'")
is "six findings" "$(sql "$case_file" "select count(*) from finding")" 6
is "whose money the week's is" "$(sql "$case_file" "select length(members) from money_of")" 48
say() { # say FINDING ROLE STATUS [ARGUMENT...]
	local finding=$1 role=$2 status=$3
	shift 3
	[[ " $* " = *" --because "* ]] || set -- "$@" --because "so it is"
	vouch respond "$case_file" "$finding" --as "$role" --status "$status" "$@"
}
events() { sql "$case_file" "select count(*) from event"; }
# stands JSON_PATH: of the case
stands() {
	vouch case "$case_file" --format json "${@:2}" >"$tmp/out" && json "$1"
}
# adds_up NAME: sums and counts by provider and by rule are those in all, for every column
adds_up() {
	local by
	vouch case "$case_file" --format json >"$tmp/out"
	for by in providers rules; do
		is "$1: $by add up" "$(sqlite3 :memory: "
			with doc as (select readfile('$tmp/out') as d),
			leaf as (select substr(fullkey, instr(fullkey, ']') + 2) as name, t.value
				from doc, json_tree(d, '\$.$by') t where t.type = 'integer'),
			whole as (select substr(fullkey, 9) as name, value
				from doc, json_tree(d, '\$.total') t where t.type = 'integer')
			select count(*) from whole w where value <>
				coalesce((select sum(value) from leaf l where l.name = w.name), 0)")" 0
	done
}

# --- nothing was said yet
status "a case of which nothing was said: 0" 0 vouch case "$case_file"
contains "which is said" "$(cat "$tmp/out")" "nothing was said of any finding yet"
is "all are not raised" "$(stands '$.total.status.not_raised')" 6
status "what may not be said yet: 2" 2 say "$A1" provider agreed
contains "by its code" "$(cat "$tmp/err")" "error[E0630]: ${A1:0:10} is not raised: the provider cannot"
contains "with what may be" "$(cat "$tmp/err")" \
	"help: the auditor can say raised, withdrawn or referred; the provider can say nothing"
is "nothing was added" "$(events)" 0

# --- slips of the command line
status "a finding that is not there: 2" 2 say ZZZZ auditor raised
contains "is named" "$(cat "$tmp/err")" "has no finding whose id begins with ZZZZ"
status "no status: 64" 64 vouch respond "$case_file" "$A1" --as auditor --because x
status "no finding and no list: 64" 64 vouch respond "$case_file" --as auditor
status "a finding and a list: 64" 64 vouch respond "$case_file" "$A1" --from "$tmp/x.csv"
status "a status beside a list: 64" 64 vouch respond "$case_file" --from x.csv --status raised
status "a status that is none: 2" 2 say "$A1" auditor agree
contains "names those there are" "$(cat "$tmp/err")" "no status: agree"
status "a sum that is none: 2" 2 say "$A1" auditor raised --amount "£5.655"
contains "is named" "$(cat "$tmp/err")" "no sum in pounds and whole pence: £5.655"
status "a reason of blanks: 2" 2 vouch respond "$case_file" "$A1" --as auditor --status raised \
	--because "  "
contains "is none" "$(cat "$tmp/err")" "gives no reason"
status "evidence that is not there: 2" 2 say "$A1" auditor raised --evidence "$tmp/none.pdf"
status "no case file: 3" 3 vouch respond "$tmp/none.db" "$A1" --as auditor --status raised --because x
status "a database that is no case: 3" 3 vouch respond "$life" "$A1" --as auditor --status raised \
	--because x
is "nothing was added by any" "$(events)" 0
mostly=$(sql "$case_file" "select substr(finding_id, 1, 1) from finding group by 1
	having count(*) > 1 limit 1")
if [ -n "$mostly" ]; then
	status "an id that two findings share: 2" 2 say "$mostly" auditor raised
	contains "both are named" "$(cat "$tmp/err")" "more than one finding's id begins with $mostly"
fi

# --- all are raised, from the list of findings itself
vouch findings "$case_file" --format csv | sed -e '1s/\r$/,"status","because"\r/' \
	-e '2,$s/\r$/,"raised","see the working"\r/' >"$tmp/raise.csv"
status "the list of findings, filled in: 0" 0 vouch respond "$case_file" --from "$tmp/raise.csv" \
	--as auditor --by "Audit, team 2"
is "as many events" "$(tail -n 1 "$tmp/out")" "6 events added"
is "with the sums of the findings" "$(sql "$case_file" "select amount_pence from event where
	finding_id = '$A1'")" 1300
is "owed to the provider is below zero" "$(sql "$case_file" "select amount_pence from event where
	finding_id = '$E2'")" -300
is "of one without a sum there is none" "$(sql "$case_file" "select coalesce(amount_pence, 'none')
	from event where finding_id = '$F1'")" none
is "raised, each visit's money once" "$(stands '$.total.for_council.raised_pence')" 2500
is "as the run itself claims it" "$(sql "$case_file" "select over_pence, under_pence from claim")" \
	"2500|300"
is "and for providers" "$(json '$.total.for_providers.raised_pence')" 300
is "one has no sum" "$(json '$.total.without_sum')" 1
adds_up "raised"

# --- a dispute
echo "the rota" >"$tmp/rota.txt"
status "the provider answers: 0" 0 say "${A1:0:10}" provider answered --evidence "$tmp/rota.txt" \
	--cause missed_log_out --by "P1 office"
is "its evidence is kept by hash" "$(sql "$case_file" "select evidence_name, evidence_sha256,
	evidence_size from event where evidence_name is not null")" \
	"rota.txt|$(sha256sum "$tmp/rota.txt" | cut -d' ' -f1)|9"
status "a part without a sum: 2" 2 say "$A1" auditor part_upheld
contains "which it needs" "$(cat "$tmp/err")" "part_upheld needs the sum that is upheld"
status "a part that is the whole: 2" 2 say "$A1" auditor part_upheld --amount 13
status "a part: 0" 0 say "$A1" auditor part_upheld --amount £10.00
is "the first answer is told" "$(cat "$tmp/out")" \
	"${A1:0:10} L1 visit A: part upheld by the auditor, £10.00"
is "upheld: of the visit the part, and nothing of the week" "$(stands '$.total.for_council.upheld_pence')" 1000
status "the other finding about the same visit: 0" 0 say "$A2" auditor upheld
is "the larger of the two counts" "$(stands '$.total.for_council.upheld_pence')" 1000
adds_up "two findings about one visit"
status "the week's: 0" 0 say "$W" auditor upheld
is "of which what exceeds the visit's counts" "$(stands '$.total.for_council.upheld_pence')" 2000
adds_up "a finding about a week"
status "disputed: 0" 0 say "$A1" provider disputed
status "the provider cannot settle: 2" 2 say "$A1" provider settled
contains "it never can" "$(cat "$tmp/err")" "it is never for the provider to say"
status "agreed after all: 0" 0 say "$A1" provider agreed --amount 9.50
is "agreed for its own sum" "$(stands '$.total.for_council.agreed_pence')" 950
status "settled: 0" 0 say "$A1" auditor settled --because "set off in period 4"
is "for what was agreed" "$(tail -n 1 "$tmp/out")" "${A1:0:10} L1 visit A: settled by the auditor, £9.50"
is "settled" "$(stands '$.total.for_council.settled_pence')" 950
is "what was settled on one pays for the other about the same visit" \
	"$(json '$.total.for_council.outstanding_pence')" 1050
adds_up "settled"
status "one that is owed to the provider: 0" 0 say "$E2" auditor upheld
is "goes the other way" "$(stands '$.total.for_providers.outstanding_pence')" 300
status "more than was found: 0" 0 say "$D1" auditor raised --amount 6
contains "with a warning" "$(cat "$tmp/err")" \
	"warning[W0715]: ${D1:0:10}: £6.00 is more than the £5.00 that the finding puts at stake"
status "a penny less than it: 0" 0 say "$D1" auditor raised --amount 4.99
is "without one" "$(cat "$tmp/err")" ""
status "the other way: 0" 0 say "$D1" auditor raised --amount=-5
contains "which is said" "$(cat "$tmp/err")" "goes the other way than the £5.00"
status "withdrawn takes no sum: 2" 2 say "$D1" auditor withdrawn --amount 0
status "withdrawn: 0" 0 say "$D1" auditor withdrawn
adds_up "withdrawn"

# --- what shows it
status "explain: 0" 0 vouch explain "$case_file" "$A1"
contains "has the history" "$(cat "$tmp/out")" "set off in period 4"
contains "and where it stands" "$(cat "$tmp/out")" "settled: £13.00 raised, £10.00 upheld, £9.50 agreed, £9.50 settled"
vouch findings "$case_file" --status settled --format csv >"$tmp/out"
is "findings by where they stand" "$(csv "select group_concat(finding_id) from f")" "$A1"
vouch findings "$case_file" --status not_raised >"$tmp/out"
is "of which none is left" "$(tail -n 1 "$tmp/out")" "0 findings"
status "no such status: 64" 64 vouch findings "$case_file" --status settld
status "one finding: 0" 0 vouch case "$case_file" "${A1:0:10}" --format json
is "all that was said" "$(json '$.finding.events[#-1].because')" "set off in period 4"
is "and how often" "$(sqlite3 :memory: "select json_array_length(readfile('$tmp/out'), '\$.finding.events')")" 6
vouch case "$case_file" "$A1" --format csv >"$tmp/out"
is "the same as a list" "$(csv "select count(*), count(distinct hash) from f")" "6|6"
is "by provider: another" "$(stands '$.total.status.settled' --provider P2)" 0
is "by rule" "$(stands '$.total.status.settled' --rule L1)" 1
status "a rule that is not there: 2" 2 vouch case "$case_file" --rule L9

# --- anybody can do the chain again
first=$(sql "$case_file" "select hash from event where number = 1")
printf 'vouch event 1\nnumber: 1\nfinding: %s\nrun: %s\nat: %s\nrole: auditor\nby: Audit, team 2\n%s' \
	"$(sql "$case_file" "select finding_id from event where number = 1")" \
	"$(sql "$case_file" "select run_id from event where number = 1")" \
	"$(sql "$case_file" "select at from event where number = 1")" \
	"status: raised
because: see the working
amount: $(sql "$case_file" "select amount_pence from event where number = 1")
previous: $(printf '%064d' 0)
" >"$tmp/canonical"
is "the first hash" "$(sha256sum <"$tmp/canonical" | cut -d' ' -f1)" "$first"
is "the second event has it" "$(sql "$case_file" "select previous_hash from event where number = 2")" \
	"$first"
status "an event cannot be removed" 19 sqlite3 "$case_file" "delete from event where number = 1"

# --- a list with mistakes: every one is named, nothing is added
before=$(events)
mkdir -p "$tmp/list"
echo "a letter" >"$tmp/list/letter.txt"
cat >"$tmp/list/wrong.csv" <<END
Finding ID,Status,Amount,Because,Evidence,As
$F1,answered,,we look for the log,letter.txt,provider
ZZZZ,answered,,x,,provider
$A2,aggreed,,x,,provider
$A2,agreed,about £5,x,,provider
$A2,agreed,,,,provider
$A2,settled,,x,,provider
$A2,agreed,,x,,council
$A2,agreed,,x,none.txt,provider
,agreed,,x,,provider
$F1,,,,,
$A2,,5.00,no status,,provider
END
status "a list with mistakes: 2" 2 vouch respond "$case_file" --from "$tmp/list/wrong.csv"
for part in "line 3: $case_file has no finding whose id begins with ZZZZ" "line 4: no status: aggreed" \
	"line 5: no sum in pounds and whole pence: about £5" "line 6: gives no reason" \
	"line 7: ${A2:0:10} is upheld: the provider cannot say settled" \
	"line 8: neither provider nor auditor: council" "line 9: the evidence cannot be read" \
	"line 10: names no finding" "line 12: does not say what becomes of the finding"; do
	contains "a mistake of it" "$(cat "$tmp/err")" "$part"
done
lacks "what is right is not named" "$(cat "$tmp/err")" "line 2:"
is "nothing of it was added" "$(events)" "$before"
sed -n '1,2p;11p' "$tmp/list/wrong.csv" | sed 's/,provider$/,/' >"$tmp/list/right.csv"
status "what was right in it: 0" 0 vouch respond "$case_file" --from "$tmp/list/right.csv" --as provider
is "and a line in which nothing was filled in" "$(tail -n 1 "$tmp/out")" \
	"1 event added; nothing was filled in on 1 line"
is "evidence beside the list" "$(sql "$case_file" "select evidence_name from event order by number desc
	limit 1")" letter.txt
echo "finding_id,because" >"$tmp/list/short.csv"
status "a list without its columns: 2" 2 vouch respond "$case_file" --from "$tmp/list/short.csv"
contains "is refused" "$(cat "$tmp/err")" "has no column \`status\`"
{
	echo "finding_id,status,because"
	for i in $(seq 1 60); do echo "Z$i,raised,x"; done
} >"$tmp/list/many.csv"
status "sixty mistakes: 2" 2 vouch respond "$case_file" --from "$tmp/list/many.csv" --as auditor
is "sixty lines" "$(grep -c "many.csv, line" "$tmp/err")" 60
printf 'finding_id,status,because,reason\n' >"$tmp/list/two.csv"
status "two columns for one thing: 2" 2 vouch respond "$case_file" --from "$tmp/list/two.csv"

# --- moves that a list makes one behind the other
printf 'finding_id,as,status,because\n%s,auditor,upheld,no log came\n%s,provider,agreed,it is lost\n' \
	"$F1" "$F1" >"$tmp/list/row.csv"
status "two moves of one finding: 0" 0 vouch respond "$case_file" --from "$tmp/list/row.csv"
is "in their order" "$(sql "$case_file" "select group_concat(status) from (select status from event where
	finding_id = '$F1' order by number)")" "raised,answered,upheld,agreed"

# --- the data is corrected: A's log was longer, B's is new, D has gone, E as before
said=$(events)
sqlite3 "$life" <<'END'
update visits set logged_min = 45 where ref = 'A';
update visits set logged_min = 30 where ref = 'B';
update visits set logged_min = 60 where ref = 'D';
END
status "the second run: 0" 0 again
is "events are kept" "$(events)" "$said"
change() { sqlite3 :memory: "select json_extract(f.value, '\$.change') from
	json_each(readfile('$tmp/out'), '\$.findings') f where json_extract(f.value, '\$.finding_id') = '$1'"; }
vouch case "$case_file" --format json >"$tmp/out"
is "one is new, which nobody has spoken of" "$(json '$.previous.new'), $(change "$(id B L1)")" "1, "
is "changed" "$(change "$A1")" changed
is "gone, and listed" "$(change "$D1")" gone
is "unchanged" "$(change "$E2"), $(change "$A2")" "unchanged, unchanged"
is "in all" "$(json '$.previous.changed') $(json '$.previous.gone') $(json '$.previous.unchanged')" \
	"1 1 4"
is "what was settled stays" "$(json '$.total.for_council.settled_pence')" 950
is "the gone one is among those withdrawn" "$(json '$.total.status.withdrawn') $(json '$.total.gone')" "1 1"
adds_up "after the second run"
vouch case "$case_file" >"$tmp/out"
contains "as text" "$(cat "$tmp/out")" "gone since: the data no longer shows them"
vouch case "$case_file" "$D1" >"$tmp/out"
contains "one that is gone" "$(cat "$tmp/out")" "gone: the newest run over these days does not find it"
status "it can still be spoken of: 0" 0 say "$D1" auditor raised
status "a new one is raised: 0" 0 say "$(id B L1)" auditor raised
vouch case "$case_file" --format json >"$tmp/out"
is "it is new against the run before" "$(change "$(id B L1)")" new
is "by the first run: nothing is gone" "$(stands '$.total.gone' --run "$(sql "$case_file" \
	"select run_id from run order by rowid limit 1")")" 0

# --- whose money it is, and what was said, are part of the proof
status "the case, as it was written: 0" 0 vouch verify "$case_file"
cp "$case_file" "$tmp/bent.db"
sqlite3 "$tmp/bent.db" "drop trigger money_of_no_update; update money_of set members = x'00'"
status "a week that is of other visits: 1" 1 vouch verify "$tmp/bent.db"
contains "is named" "$(cat "$tmp/out")" "${W:0:10}"
cp "$case_file" "$tmp/bent.db"
sqlite3 "$tmp/bent.db" "drop trigger event_kept; update event set amount_pence = 1 where number = 1"
status "a sum that was never said: 1" 1 vouch verify "$tmp/bent.db"
contains "is named" "$(cat "$tmp/out")" "event 1: the event has been changed"

# --- what is written as JSON is what the schema says
schema=$srcdir/docs/findings.schema.json
# keys ARRAY SHAPE: what objects in $tmp/out have that the shape has not, and lack that it requires
keys() {
	sqlite3 :memory: "with shape as (select json_extract(readfile('$schema'), '\$.\$defs.$2') as s),
		object as (select value as o from json_each(readfile('$tmp/out'), '$1')),
		has as (select distinct k.key from object, json_each(o) k)
		select 'unknown ' || key from has where key not in
			(select key from shape, json_each(s, '\$.properties'))
		union select 'lacks ' || r.value from shape, json_each(s, '\$.required') r, object
			where not exists (select 1 from json_each(o) where key = r.value)"
}
vouch case "$case_file" --format json >"$tmp/out"
is "its format" "$(json '$.format')" 2
is "keys of findings" "$(keys '$.findings' case_item)" ""
is "keys of events" "$(keys '$.findings[0].events' event)" ""
is "keys of providers" "$(keys '$.providers' case_group)" ""
is "keys of rules" "$(keys '$.rules' case_group)" ""
valid() { # valid FILE
	python3 -c 'import json, sys
from jsonschema import Draft202012Validator as Validator
v = Validator(json.load(open(sys.argv[1])))
errors = list(v.iter_errors(json.load(open(sys.argv[2]))))
print(errors[:1])
sys.exit(len(errors) > 0)' "$schema" "$1"
}
if python3 -c 'import jsonschema' 2>/dev/null; then
	ok "a validator agrees" valid "$tmp/out"
	vouch case "$case_file" "$A1" --format json >"$tmp/out"
	ok "and of one finding" valid "$tmp/out"
	sed 's/"settled"/"paid"/' "$tmp/out" >"$tmp/bad"
	refused() { ! valid "$1"; }
	ok "it refuses a status that is none" refused "$tmp/bad"
else
	skip "a validator agrees" "there is no jsonschema for Python"
fi

# --- a command that is given twice
status "said once: 0" 0 say "$F1" auditor referred --because "passed on"
before=$(events)
status "and again: 0" 0 say "$F1" auditor referred --because "passed on"
contains "is told" "$(cat "$tmp/out")" "that is what was said last, and nothing is added"
is "and not added" "$(events)" "$before"
printf 'finding_id,status,because\n%s,referred,passed on\n' "$F1" >"$tmp/twice.csv"
status "nor from a list: 0" 0 vouch respond "$case_file" --from "$tmp/twice.csv" --as auditor
is "as is told" "$(cat "$tmp/out")" "0 events added; 1 line says what was said last already"
is "nor is it then" "$(events)" "$before"
printf 'finding_id,status,because\n%s,referred,to the safeguarding team\n' "$F1" >"$tmp/twice.csv"
status "another reason: 0" 0 vouch respond "$case_file" --from "$tmp/twice.csv" --as auditor
is "is another event" "$(events)" $((before + 1))

# --- a run that looks elsewhere makes nothing gone
vouch audit "$life" -c town/life -o "$case_file" --provider P2 >/dev/null
is "findings of another provider are elsewhere" "$(stands '$.elsewhere')" 4
is "those of this one that are gone" "$(json '$.total.gone')" 1
finish
