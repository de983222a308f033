#!/usr/bin/env bash
# What would have passed: each value that is told is put into the data and audited again; with it
# the subject passes, with the one next to it, nearer to what was recorded, it fails.
. "$srcdir/tests/cli/common.sh"

{
	town_head care "Town Care at Home" "31 March 2026"
	echo '  source    rules "Town Rules"'
	cat <<'END'

dataset visit from visits
  key ref
  ref      : text
  date     : date
  began    : moment
  ended    : moment
  due      : time
  declared : duration from declared_min in minutes within 0 minutes to 40 minutes
  paid     : money
  carers   : count
  allowed  : count
  outcome  : one of (delivered, missed)

rounding quarter_hour : duration
  cites rules "Rounding"
  nearest 15 minutes, halves away from zero

rule R1 "Longer than logged"
  cites      rules "Rounding"
  severity   major
  for each   visit
  on         visit.date
  applies when visit.outcome is delivered
  require    visit.declared <= quarter_hour(visit.ended - visit.began)

rule R2 "Paid too much"
  cites      rules "Rounding"
  severity   major
  for each   visit
  on         visit.date
  require    visit.paid <= £12.34

rule R3 "Too few came, and too late"
  cites      rules "Rounding"
  severity   major
  for each   visit
  on         visit.date
  require    visit.carers >= 2 and visit.allowed >= 2

rule R4 "Begun late"
  cites      rules "Rounding"
  severity   major
  for each   visit
  on         visit.date
  require    visit.began <= visit.date at visit.due + 10 minutes

define spent for visit : duration
  is visit.ended - visit.began

rule R5 "Shorter than ought to be"
  cites      rules "Rounding"
  severity   major
  for each   visit
  on         visit.date
  applies when visit.spent > 10 minutes
  require    visit.spent >= 20 minutes
END
} >"$town/care.vouch"

sqlite3 "$tmp/visits.db" <<'END'
create table visits(ref text, date text, began text, ended text, due text, declared_min integer,
	paid text, carers integer, allowed integer, outcome text);
insert into visits values
	('A', '2025-09-01', '2025-09-01T08:00:00', '2025-09-01T08:16:00', '08:00', 30, '12.35', 1, 2,
		'delivered'),
	('B', '2025-09-01', '2025-09-01T08:00:07', '2025-09-01T08:16:03', '07:45', 30, '12.34', 1, 1,
		'delivered'),
	('C', '2025-09-01', '2025-09-01T08:00:00', '2025-09-01T08:30:00', '08:00', 30, '0.00', 2, 2,
		'delivered'),
	('D', '2025-10-26', '2025-10-26T00:30:00', '2025-10-26T00:40:00', '00:30', 30, '0.00', 2, 2,
		'delivered'),
	('E', '2025-09-01', '2025-09-01T08:00:00', null, '08:00', 30, '99.99', 2, 2, 'delivered');
END
cp "$tmp/visits.db" "$data"
audit "$case_file" >"$tmp/log" 2>&1 || cat "$tmp/log" >&2

remedies() { # remedies RULE KEY
	sql "$case_file" "select field, recorded, value, or_more from remedy r join finding_row f on
		f.rowid = r.row join rule_total using (rule_key) where rule = '$1' and subject_key = '$2'
		order by field, or_more"
}
is "rounding: three ways out" "$(remedies R1 A)" \
	"began|1 September 2025 at 08:00|1 September 2025 at 07:53|0
declared|30 minutes|15 minutes|0
ended|1 September 2025 at 08:16|1 September 2025 at 08:23|1"
is "to the second, where seconds are recorded" "$(remedies R1 B)" \
	"began|1 September 2025 at 08:00:07|1 September 2025 at 07:53:33|0
declared|30 minutes|15 minutes|0
ended|1 September 2025 at 08:16:03|1 September 2025 at 08:22:37|1"
is "a penny" "$(remedies R2 A)" "paid|£12.35|£12.34|0"
is "a count" "$(remedies R3 A)" "carers|1|2|1"
is "two facts together are no remedy" "$(remedies R3 B)" ""
is "what passes has none" "$(remedies R1 C)" ""
is "what is not assessed has none" "$(remedies R1 E)" ""
is "a time of day" "$(remedies R4 B)" \
	"began|1 September 2025 at 08:00:07|1 September 2025 at 07:55|0
date|1 September 2025|2 September 2025|1
due|07:45|07:51|1"
is "the night of autumn" "$(remedies R1 D | grep ended)" \
	"ended|26 October 2025 at 00:40|26 October 2025 at 00:53|1"
is "a define that is asked twice: what it looked at may have been otherwise both times" \
	"$(remedies R5 A)" "began|1 September 2025 at 08:00|1 September 2025 at 07:56|0
ended|1 September 2025 at 08:16|1 September 2025 at 08:20|1"

# verdict RULE KEY SQL: of the visit in changed data
verdict() {
	cp "$tmp/visits.db" "$tmp/changed.db"
	sqlite3 "$tmp/changed.db" "update visits set $3 where ref = '$2'"
	rm -f "$tmp/changed-case.db"
	"$VOUCH" audit "$tmp/changed.db" -c town/care -o "$tmp/changed-case.db" >/dev/null 2>&1
	sql "$tmp/changed-case.db" "select count(*) from finding where rule = '$1' and
		subject_key = '$2'"
}
tried() { # tried RULE KEY PASSES FAILS
	is "$1 $2: with $3 it passes" "$(verdict "$1" "$2" "$3")" 0
	is "$1 $2: with $4 it fails" "$(verdict "$1" "$2" "$4")" 1
}
tried R1 A "ended = '2025-09-01T08:23:00'" "ended = '2025-09-01T08:22:00'"
tried R1 A "began = '2025-09-01T07:53:00'" "began = '2025-09-01T07:54:00'"
tried R1 A "declared_min = 15" "declared_min = 16"
tried R1 B "ended = '2025-09-01T08:22:37'" "ended = '2025-09-01T08:22:36'"
tried R1 B "began = '2025-09-01T07:53:33'" "began = '2025-09-01T07:53:34'"
tried R2 A "paid = '12.34'" "paid = '12.35'"
tried R3 A "carers = 2" "carers = 1"
tried R5 A "ended = '2025-09-01T08:20:00'" "ended = '2025-09-01T08:19:00'"
tried R4 B "due = '07:51'" "due = '07:50'"

# In a county: as many as there are, whatever the number of threads.
"$COUNTY" --out "$tmp/county.db" --visits 3000 --seed 5 >/dev/null
for threads in 1 3; do
	VOUCH_RULES=$srcdir/rules "$VOUCH" audit "$tmp/county.db" -c hampshire/ccsh --threads $threads \
		-o "$tmp/county-$threads.db" --from 2025-04-28 --to 2026-04-26 >/dev/null 2>&1
	sql "$tmp/county-$threads.db" "select finding_id, r.ord, r.dataset, source_key, field, recorded,
		value, or_more from remedy r join finding_row f on f.rowid = r.row order by 1, 2" \
		>"$tmp/remedies-$threads"
done
same "the same with 1 thread and 3" "$tmp/remedies-3" "$tmp/remedies-1"
ok "there are some" test -s "$tmp/remedies-1"

contains "explain shows them" "$(vouch explain "$case_file" "$(sql "$case_file" "select finding_id
	from finding where rule = 'R1' and subject_key = 'A'")")" \
	"ended of visit A: 1 September 2025 at 08:23 or later; recorded: 1 September 2025 at 08:16"

# A case file of a time before there were remedies.
sqlite3 "$case_file" "drop table remedy"
status "without the table: 0" 0 vouch report "$case_file" -o "$tmp/old.html"

# One of several hundred logs of a carer: the two that overlap are found among them, and what each of
# the four clock times would have had to be.
{
	town_head care "Town Care at Home" "31 March 2026"
	echo '  source    rules "Town Rules"'
	cat <<'END'

dataset carer from carers
  key ref
  ref : text

dataset log from logs
  key ref
  ref       : text
  carer     : carer from carer_ref which has logs
  check_in  : moment
  check_out : moment

rule C1 "One carer in two places at once"
  cites      rules "Rounding"
  severity   major
  for each   log
  on         log.check_in
  require    none(other in log.carer.logs where other <> log and other.check_in < log.check_out
             and log.check_in < other.check_out)
END
} >"$town/care.vouch"
sqlite3 "$tmp/visits.db" <<'END'
drop table visits;
create table carers(ref text);
insert into carers values ('K');
create table logs(ref text, carer_ref text, check_in text, check_out text);
with recursive day(n) as (select 0 union all select n + 1 from day where n < 399)
	insert into logs select printf('L%03d', n), 'K',
		strftime('%Y-%m-%dT%H:%M:%S', '2025-05-01 08:00', '+' || (n / 2) || ' days',
			'+' || (n % 2 * 4) || ' hours'),
		strftime('%Y-%m-%dT%H:%M:%S', '2025-05-01 08:30', '+' || (n / 2) || ' days',
			'+' || (n % 2 * 4) || ' hours')
		from day;
insert into logs values ('M', 'K', '2025-08-09T08:20:00', '2025-08-09T08:45:00');
END
cp "$tmp/visits.db" "$data"
rm -f "$case_file"
audit "$case_file" >"$tmp/log" 2>&1 || cat "$tmp/log" >&2
is "two logs overlap" "$(sql "$case_file" "select subject_key from finding order by 1")" "L200
M"
overlap_remedies() {
	sql "$case_file" "select r.source_key, field, value, or_more from remedy r join finding_row f on
		f.rowid = r.row where subject_key = '$1' order by 1, 2, 4"
}
is "a log's, and the other's" "$(overlap_remedies M)" \
	"L200|check_in|9 August 2025 at 08:45|1
L200|check_out|9 August 2025 at 08:20|0
M|check_in|9 August 2025 at 08:30|1
M|check_out|9 August 2025 at 08:00|0"

# changed REF SQL: how many overlap
changed() {
	cp "$tmp/visits.db" "$tmp/changed.db"
	sqlite3 "$tmp/changed.db" "update logs set $2 where ref = '$1'"
	rm -f "$tmp/changed-case.db"
	"$VOUCH" audit "$tmp/changed.db" -c town/care -o "$tmp/changed-case.db" >/dev/null 2>&1
	sql "$tmp/changed-case.db" "select count(*) from finding where subject_key = 'M'"
}
is "M begun as the other ended: passes" "$(changed M "check_in = '2025-08-09T08:30:00'")" 0
is "a minute before: fails" "$(changed M "check_in = '2025-08-09T08:29:00'")" 1
is "L200 ended as M began: passes" "$(changed L200 "check_out = '2025-08-09T08:20:00'")" 0
is "a minute later: fails" "$(changed L200 "check_out = '2025-08-09T08:21:00'")" 1
finish
