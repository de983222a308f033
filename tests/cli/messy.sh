#!/usr/bin/env bash
# Data as they come: a column that is often empty, everybody's rows under one key, a window that
# reaches beyond the last row. The audit ends soon, and what it finds helps.
. "$srcdir/tests/cli/common.sh"

{
	town_head logs "Town Logs" "31 March 2026"
	town_providers
	cat <<'END'

dataset log from logs
  key ref
  ref       : text
  provider  : provider from provider_ref which has logs
  check_in  : moment
  check_out : moment

rule C1 "One carer in two places at once"
  severity  major
  for each  log
  on        log.check_in
  require   none(other in log.provider.logs where other <> log and other.check_in < log.check_out
            and log.check_in < other.check_out
            and other.check_in is within 24 hours either side of log.check_in
            and other.check_out is within 24 hours either side of log.check_out)

rule W1 "A day without a log"
  severity  minor
  for each  provider, every week
  on        week.first
  require   any(log in provider.logs where date of log.check_in is within week)
END
} >"$town/logs.vouch"
sed -i 's/^dataset provider/calendar week\n  periods of 1 week from Monday\n\n&/' "$town/logs.vouch"
status "the contract is sound" 0 vouch check town/logs

# Every ten minutes a log of five, all of one provider, from 1 September on.
logs() { # FILE ROWS [ORDER]
	rm -f "$1"
	sqlite3 "$1" <<END
create table providers(ref text primary key, name text);
insert into providers values('P1', 'First');
create table logs(ref text primary key, provider_ref text, check_in text, check_out text);
with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < $2)
	insert into logs select printf('L%05d', i), 'P1',
	strftime('%Y-%m-%dT%H:%M', '2025-09-01', (10 * i) || ' minutes'),
	strftime('%Y-%m-%dT%H:%M', '2025-09-01', (10 * i + 5) || ' minutes') from n ${3:-};
END
}
held() { # CASE: verdicts of C1
	sql "$1" "select passed || ' ' || failed || ' ' || not_assessed from rule_result
		where rule = 'C1'"
}
audited() { # NAME DATA CASE [OPTION...]: within the time that a tenth of the pairs would take
	status "$1" 0 timeout 60 "$VOUCH" audit "$2" -c town/logs -o "$3" "${@:4}"
}

# --- one log in seven without its end: only the logs of the day that follows are in doubt
logs "$tmp/open.db" 6000
sqlite3 "$tmp/open.db" "update logs set check_out = null where ref = 'L03000'"
audited "one log without its end" "$tmp/open.db" "$tmp/open.case"
is "itself and a day of logs are in doubt" "$(held "$tmp/open.case")" "5855 0 145"
is "the last of them begins 24 hours later" "$(sql "$tmp/open.case" "select max(subject_key) from
	finding where rule = 'C1'")" L03144
is "each asks for the one fact" "$(sql "$tmp/open.case" "select count(*) || ' ' || max(findings)
	from ask_for")" "1 145"
sqlite3 "$tmp/open.db" "update logs set check_out = null where substr(ref, 2) % 7 = 0"
audited "one in seven" "$tmp/open.db" "$tmp/many.case"
is "all are in doubt, none accused" "$(held "$tmp/many.case")" "0 0 6000"
# Rows, evidence, and the facts to ask for; each finding here is in doubt for some twenty logs.
is "a finding takes less than six thousand bytes" "$(($(stat -c %s "$tmp/many.case") / 6000 < 6000))" 1
logs "$tmp/mixed.db" 6000 "order by random()"
sqlite3 "$tmp/mixed.db" "update logs set check_out = null
	where substr(ref, 2) % 7 = 0 or ref = 'L03000'"
for threads in 1 3; do
	audited "in another order by $threads threads" "$tmp/mixed.db" "$tmp/mixed.case" \
		--threads $threads
	vouch findings --format json "$tmp/many.case" >"$tmp/expected"
	vouch findings --format json "$tmp/mixed.case" >"$tmp/actual"
	same "the same findings" "$tmp/actual" "$tmp/expected"
	rm -f "$tmp/mixed.case"
done
sqlite3 "$tmp/open.db" "update logs set check_out = null"
audited "no log with its end" "$tmp/open.db" "$tmp/none.case"
is "all are in doubt" "$(held "$tmp/none.case")" "0 0 6000"

# --- a hundred rows settle it, and ten of them are shown
for rows in 100 101 300; do
	logs "$tmp/one.db" $rows
	sqlite3 "$tmp/one.db" "update logs set check_in = '2025-09-01T08:00',
		check_out = '2025-09-01T09:00'"
	audited "$rows logs at one minute" "$tmp/one.db" "$tmp/one$rows.case"
	is "each overlaps" "$(held "$tmp/one$rows.case")" "0 $rows 0"
done
note="select distinct note from evidence where note like '%listed'"
is "99 others: all were looked at" "$(sql "$tmp/one100.case" "$note")" \
	"99 of 100 rows, the first 10 listed"
is "100 others are enough" "$(sql "$tmp/one101.case" "$note")" \
	"at least 100 of 101 rows, the first 10 listed"
is "and more are not looked for" "$(sql "$tmp/one300.case" "$note")" \
	"at least 100 of 300 rows, the first 10 listed"

# --- the window and the data
reach="select data_of || ' ' || data_to from run"
is "how far the data reach" "$(sql "$tmp/one100.case" "$reach")" "log 2025-09-01"
for to in 2025-09-07 2025-09-08; do
	audited "to $to" "$tmp/one.db" "$tmp/to$to.case" --to $to
	cp "$tmp/out" "$tmp/to$to"
done
lacks "six days beyond the last row: nothing is said" "$(cat "$tmp/to2025-09-07")" "The last log"
contains "seven days" "$(tr '\n' ' ' <"$tmp/to2025-09-08")" "The last log is of 1 September 2025, \
and the window ends 8 September 2025: what is absent after the last log is not evidence."
vouch findings --format json "$tmp/to2025-09-08.case" >"$tmp/out"
is "and in JSON" "$(json '$.run.data_of') $(json '$.run.data_to')" "log 2025-09-01"
sqlite3 "$tmp/one.db" "update logs set check_in = null"
audited "no row with a date" "$tmp/one.db" "$tmp/undated.case"
is "then there is no saying" "$(sql "$tmp/undated.case" "select data_of is null and data_to is null
	from run")" 1
finish
