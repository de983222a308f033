#!/usr/bin/env bash
# vouch audit: what it finds, its statuses, and that it finds the same every time.
. "$srcdir/tests/cli/common.sh"

status "an audit: 0" 0 audit "$case_file"
summary=$(cat "$tmp/out")
contains "the dates are the contract's" "$summary" "1 April 2025 to 31 March 2026"
contains "the contract" "$summary" "town/care 2025.1: Town Care at Home, Town Council"
contains "rows read, by table" "$summary" "visits"
contains "each rule" "$summary" "Declared more time than"
contains "the sum" "$summary" "£6.48 claimed beyond what the evidence supports"
contains "what is assumed" "$summary" "rounding quarter_hour: the step is not published"
# The path stands there as a shell takes it: in quotes where it holds a blank.
typed=$case_file
[[ $case_file != *[[:space:]]* ]] || typed="'$case_file'"
contains "what to type next" "$summary" "vouch findings $typed --rule T1"
ok "it fits one screen" test "$(wc -l <<<"$summary")" -le 45
ok "of 100 columns" test "$(wc -L <<<"$summary")" -le 100
lacks "no colour, no bar" "$summary$(cat "$tmp/err")" $'\033'
ok "nothing on standard error" test ! -s "$tmp/err"

verdicts="select group_concat(rule || ' ' || subject_key || ' ' || verdict, '; ') from
	(select * from finding order by rule, subject_key)"
is "what was found" "$(sql "$case_file" "$verdicts")" \
	"T1 V1 fail; T1 V3 fail; T1 V4 not_assessed; T2 V5 fail"
is "counts add up" "$(sql "$case_file" "select count(*) from rule_result where seen <> outside +
	passed + failed + not_assessed + not_applicable + conflict")" 0
is "T1's counts" "$(sql "$case_file" "select seen, outside, passed, failed, not_assessed
	from rule_result where rule = 'T1'")" "6|1|2|2|1"
is "rows read = judged + rejected" "$(sql "$case_file" "select count(*) from dataset_result
	where rows_read <> rows_judged + rows_rejected")" 0
is "the exact sum" "$(sql "$case_file" "select at_stake_exact from finding
	where subject_key = 'V3'")" "5/6"

# --- the same again
status "the same run again: 0" 0 audit "$case_file"
contains "it says so" "$(cat "$tmp/out")" "has this run already"
is "nothing was added" "$(sql "$case_file" "select count(*) from finding_row")" 4
status "one thread" 0 audit "$tmp/one.db" --threads 1
status "three threads" 0 audit "$tmp/three.db" --threads 3
TZ=Asia/Tokyo LC_ALL=C status "elsewhere, in another locale" 0 audit "$tmp/elsewhere.db"
sqlite3 "$tmp/shuffled.data" <<END
attach '$data' as old;
create table providers as select * from old.providers order by ref desc;
create table visits as select * from old.visits order by random();
END
status "rows in another order" 0 vouch audit "$tmp/shuffled.data" -c town/care \
	-o "$tmp/shuffled.db"
for format in json csv text; do
	vouch findings --format "$format" "$case_file" >"$tmp/expected"
	for other in one three elsewhere shuffled; do
		TZ=America/New_York vouch findings --format "$format" "$tmp/$other.db" >"$tmp/actual"
		same "$other: the same $format" "$tmp/actual" "$tmp/expected"
	done
done

# --- options
status "--fail-on critical: 0" 0 audit "$tmp/f1.db" --fail-on critical
status "--fail-on major: 1" 1 audit "$tmp/f1.db" --fail-on major
status "--fail-on minor: 1" 1 audit "$tmp/f2.db" --fail-on minor
status "--provider" 0 audit "$tmp/p.db" --provider '=P2'
is "looks at that one alone" "$(sql "$tmp/p.db" "select group_concat(subject_key) from finding")" V3
status "--from and --to" 0 audit "$tmp/w.db" --from 2025-09-03 --to 2025-09-03
is "both ends are in" "$(sql "$tmp/w.db" "select group_concat(subject_key) from finding")" V3
status "a second run into the same file" 0 audit "$tmp/w.db" --from 2025-09-04
is "is added" "$(sql "$tmp/w.db" "select count(distinct run_id) from run")" 2
sed 's/ to 31 March 2026//' "$town/care.vouch" >"$town/open.vouch"
status "a contract without an end: 64" 64 vouch audit "$data" -c town/open -o "$tmp/o.db"
contains "asks for --to" "$(cat "$tmp/err")" "--to 2026-03-31"
rm "$town/open.vouch"
status "a folder of contracts" 0 vouch audit "$data" -c town -o "$tmp/folder.db"

# --- rules and data that are wrong
wrong() { # wrong DESCRIPTION STATUS PART
	rm -f "$tmp/wrong.db"
	status "$1: $2" "$2" vouch audit "$tmp/wrong.data" -c town/care -o "$tmp/wrong.db"
	contains "$1: named" "$(cat "$tmp/err")" "$3"
	ok "$1: no case file" test ! -e "$tmp/wrong.db"
	is "$1: nothing is left" "$(find "$tmp" -name 'wrong.db*')" ""
}
rm -f "$tmp/wrong.data"
sqlite3 "$tmp/wrong.data" 'create table providers(ref, name)'
wrong "no such table" 2 "visits"
sqlite3 "$tmp/wrong.data" 'create table visits(ref, provider_ref, date, declared_min, rate)'
wrong "no such column" 2 "logged_min"
rm "$tmp/wrong.data"
wrong "no such file" 3 "wrong.data"
echo "this is no database, however long the text may be that stands here" >"$tmp/wrong.data"
wrong "not a database" 3 "wrong.data"
write_database "$tmp/wrong.data"
sqlite3 "$tmp/wrong.data" "update visits set declared_min = 'half an hour' where ref = 'V1'"
status "a text among numbers: 0" 0 vouch audit "$tmp/wrong.data" -c town/care -o "$tmp/text.db"
is "it is kept with its reason" "$(sql "$tmp/text.db" 'select source_key, "column", value
	from rejected')" "V1|declared_min|half an hour"
is "what needs it is not assessed" "$(sql "$tmp/text.db" "select group_concat(rule || ' ' || verdict)
	from (select * from finding where subject_key = 'V1' order by rule)")" \
	"T1 not_assessed,T2 not_assessed"
sqlite3 "$tmp/wrong.data" "alter table visits rename to all_visits;
	create view visits as select * from all_visits"
status "a view will do: 0" 0 vouch audit "$tmp/wrong.data" -c town/care -o "$tmp/view.db"
status "the data for a case file: 3" 3 vouch audit "$data" -c town/care -o "$data"
contains "it says what is wrong" "$(cat "$tmp/err")" "no case file"
is "the data is as it was" "$(sql "$data" "select count(*) from visits")" 6

status "a shared file is no contract" 2 env VOUCH_RULES="$srcdir/rules" "$VOUCH" audit "$tmp/county.db" \
	-c "$srcdir/rules/lib/homecare.vouch" -o "$tmp/none.db" --to 2026-04-26
contains "and the message says so" "$(cat "$tmp/err")" "E0405"

# A provision that ends before it begins: its end is unknown and listed, the row stays.
sqlite3 "$tmp/ends.db" ".read '$srcdir/rules/lib/homecare.sql'" ".read '$srcdir/rules/hampshire/hampshire.sql'" "insert into providers values('P1', 'One', 'yes');
	insert into clients(client_ref) values('C1');
	insert into provisions values('PR1', 'P1', 'C1', 'ccsh', 'home_care', 60, 20.0, '2025-06-02', '2025-06-01');
	insert into visits values('V1', 'PR1', '2025-06-03', '08:00', 30, 30, 'delivered', null, 1, 20.0);"
status "an end before its begin: 0" 0 env VOUCH_RULES="$srcdir/rules" "$VOUCH" audit "$tmp/ends.db" -c "$srcdir/rules/hampshire/ccsh.vouch" \
	-o "$tmp/ends-case.db" --to 2025-06-30
is "is listed with its reason" "$(sql "$tmp/ends-case.db" 'select source_key, "column", value, reason
	from rejected')" "PR1|end_date|2025-06-01|before the row's start_date"
finish
