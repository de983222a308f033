#!/usr/bin/env bash
# What was known when: entries that were corrected, rates and holidays that were published late, and
# two runs held against each other.
. "$srcdir/tests/cli/common.sh"

# --- scenarios of what was known when
for file in "$srcdir"/tests/data/known/*.vouch; do
	name=$(basename "$file" .vouch)
	status "$name is laid out" 0 vouch fmt --check "$file"
	status "$name: its scenarios pass" 0 vouch test "$file"
done

# --- a contract and its data, as they were on 10 July 2025
{
	town_head late "Town Late"
	town_providers
	cat <<'END'

dataset visit from visits
  key ref
  newest by entered
  known from entered
  ref      : text
  provider : provider from provider_ref
  date     : date
  declared : duration from declared_min in minutes
  agreed   : duration from agreed_min in minutes
  rate     : money per hour
  entered  : moment

parameter rate_due : money per hour
  from 1 April 2025  £20.00 per hour

calendar bank_holiday
  dates
  | 2025-05-05 | May Day |  |

define due for visit : money per hour
  is rate_due * (if visit.date is one of bank_holiday then 200% else 100%)

rule L1 "More declared than was agreed"
  severity  major
  for each  visit
  on        visit.date
  require   visit.declared <= visit.agreed
  otherwise "Declared {visit.declared}; agreed {visit.agreed}"
  at stake  visit.rate * (visit.declared - visit.agreed)

rule L2 "A rate other than the one that is due"
  for each  visit
  on        visit.date
  require   visit.rate = visit.due
  otherwise "The rate is {visit.rate}; due is {visit.due}"
  at stake  (visit.rate - visit.due) * visit.declared
END
} >"$town/late.vouch"
late=$tmp/late.db
sqlite3 "$late" <<'END'
create table providers(ref text, name text);
insert into providers values('P1', 'First Care'), ('P2', 'Second Care');
create table visits(ref text, provider_ref text, date text, declared_min integer,
	agreed_min integer, rate text, entered text);
insert into visits values
	('A', 'P1', '2025-06-30', 60, 30, '20.00', '2025-07-04 10:00'),
	('B', 'P1', '2025-06-30', 60, 60, '20.00', '2025-07-04 10:00'),
	('C', 'P2', '2025-06-30', 60, 30, '20.00', '2025-07-04 10:00'),
	('D', 'P2', '2025-06-30', 30, 30, '20.00', '2025-07-04 10:00'),
	('E', 'P2', '2025-06-30', 90, 30, '20.00', '2025-07-04 10:00'),
	('F', 'P2', '2025-06-30', 60, 60, '19.00', null);
END
late() { # late CASE [ARGUMENT...]
	local to=$1
	shift
	vouch audit "$late" -c town/late -o "$to" --from 2025-04-01 --to 2025-06-30 "$@"
}
case=$tmp/late-case.db
status "the quarter, as it was closed: 0" 0 late "$case"
first=$(sql "$case" "select distinct run_id from run")
is "where it was found" "$(sql "$case" "select data_path, contract_path from run")" \
	"$late|$town/late.vouch"
lacks "no entries, no columns of entries" "$(cat "$tmp/out")" superseded

# --- nothing has changed
status "restated at once: 0" 0 vouch restate "$case"
is "it is the same run" "$(sql "$case" "select count(*) from run")" 1
contains "and nothing differs" "$(cat "$tmp/out")" "unchanged         4   £40.00  £40.00      £1.00  £1.00"

# --- the quarter was closed; then A was corrected on the last second of the 15th, C on the 16th, E
# for a second time, D wrongly, and G turned up
sqlite3 "$late" <<'END'
insert into visits values
	('A', 'P1', '2025-06-30', 60, 60, '20.00', '2025-07-15 23:59:59'),
	('C', 'P2', '2025-06-30', 60, 60, '20.00', '2025-07-16 00:00:00'),
	('E', 'P2', '2025-06-30', 75, 30, '20.00', '2025-07-16 09:00:00'),
	('E', 'P2', '2025-06-30', 60, 30, '20.00', '2025-07-17 09:00:00'),
	('D', 'P2', '2025-06-30', 60, 30, '20.00', '2025-07-17 09:00:00'),
	('G', 'P1', '2025-06-29', 40, 30, '20.00', '2025-07-17 09:00:00');
END
status "by what was known on the 14th: 0" 0 vouch restate "$case" --run "$first" --known-on 2025-07-14
contains "nothing differs" "$(cat "$tmp/out")" "unchanged         4"
lacks "nothing is changed" "$(cat "$tmp/out")" "before: "
is "six rows were not known" "$(sql "$case" "select d.rows_read, rows_judged, rows_rejected,
	rows_superseded, rows_not_known from dataset_result d join run using (run_id)
	where dataset = 'visit' and known_on = '2025-07-14'")" "12|6|0|0|6"
status "by what was known on the 15th: 0" 0 vouch restate "$case" --run "$first" \
	--known-on 2025-07-15 --format csv
is "A is gone" "$(cut -d , -f 1,7,10,11 "$tmp/out" | tail -n +2 | tr -d '\r')" '"gone","A","fail",""'
status "by all that is known: 0" 0 vouch restate "$case" --run "$first"
cp "$tmp/out" "$tmp/text"
second=$(sql "$case" "select run_id from run order by rowid desc limit 1")
printed=$(cat "$tmp/text")
contains "which runs" "$printed" "run $first, by all that was there: before
run $second, by all that was there: now"
contains "what is new" "$printed" "
new
  $(vouch findings "$case" | grep 'visit D' | cut -c 1-10)  L1    failed        2025-06-30  visit D               £10.00
      Declared 1 hour; agreed 30 minutes
"
contains "what has changed" "$printed" "visit E               £20.00 before, £10.00 now
      before: Declared 1 hour 30 minutes; agreed 30 minutes
      now: Declared 1 hour; agreed 30 minutes
      visit.declared (E): 1 hour 30 minutes before, 1 hour now
"
contains "what is gone" "$printed" "
gone
"
contains "its sum" "$printed" "visit C               £10.00"
contains "the sums both ways" "$printed" "  new               2    £0.00  £13.33      £0.00  £0.00
  changed           1   £20.00  £10.00      £0.00  £0.00
  gone              2   £20.00   £0.00      £0.00  £0.00
  unchanged         1    £0.00   £0.00      £1.00  £1.00
  all               6   £40.00  £23.33      £1.00  £1.00
"
contains "each visit once" "$printed" "£40.00 before, £23.33 now, £16.67 less for the council; £1.00 before, £1.00 now, the same for providers"
is "rows add up" "$(sql "$case" "select count(*) from dataset_result where rows_read <>
	rows_judged + rows_rejected + rows_superseded + rows_not_known")" 0
is "five are superseded" "$(sql "$case" "select rows_superseded from dataset_result
	where run_id = '$second' and dataset = 'visit'")" 5
status "an audit says so too: 0" 0 late "$tmp/said.db"
contains "in columns of their own" "$(cat "$tmp/out")" "superseded"

# --- two runs of the file, without an audit
mv "$late" "$late.away"
status "--against audits nothing: 0" 0 vouch restate "$case" --run "$first" --against "$second"
same "and says the same" "$tmp/out" "$tmp/text"
is "nor writes anything" "$(sql "$case" "select count(*) from run")" 4
status "the other way round: 0" 0 vouch restate "$case" --run "$second" --against "$first" --format csv
is "what was gone is new" "$(cut -d , -f 1,7 "$tmp/out" | tail -n +2 | tr -d '\r')" '"new","A"
"new","C"
"changed","E"
"gone","D"
"gone","G"'
status "a run against itself: 0" 0 vouch restate "$case" --run "$second" --against "$second"
lacks "differs in nothing" "$(cat "$tmp/out")" "
changed
"
status "CSV: 0" 0 vouch restate "$case" --run "$first" --against "$second" --format csv
contains "has both sums" "$(cat "$tmp/out")" '"2000","1000","20","10",'
contains "and the facts" "$(cat "$tmp/out")" 'visit.declared (E): 1 hour 30 minutes > 1 hour'
status "JSON: 0" 0 vouch restate "$case" --run "$first" --against "$second" --format json
is "is an object with the runs" "$(json $.before.run_id) $(json $.after.run_id)" "$first $second"
is "a new one has nothing before" "$(json '$.differences[0].change') $(json '$.differences[0].before')" \
	"new "
is "totals in pence" "$(json $.totals.gone.before.for_council_pence) $(json $.totals.claim_after.over_pence)" \
	"2000 2333"

# --- what can go wrong
status "data that has moved: 3" 3 vouch restate "$case" --run "$first"
contains "is named" "$(cat "$tmp/err")" "the data of run $first was $late, which cannot be read"
status "and found where one says: 0" 0 vouch restate "$case" "$late.away" --run "$first"
same "with the same result" "$tmp/out" "$tmp/text"
mv "$late.away" "$late"
status "no such run: 2" 2 vouch restate "$case" --run ZZZZ
contains "the runs that there are" "$(cat "$tmp/err")" "$first"
status "no such run to compare with: 2" 2 vouch restate "$case" --against ZZZZ
status "--against with a day: 64" 64 vouch restate "$case" --against "$first" --known-on 2025-07-14
status "--against with data: 64" 64 vouch restate "$case" "$late" --against "$first"
status "no case file: 64" 64 vouch restate
status "no such file: 3" 3 vouch restate "$tmp/none.db"
mv "$town/late.vouch" "$town/away.vouch"
status "a contract that is gone: 2" 2 vouch restate "$case" --run "$first"
mv "$town/away.vouch" "$town/late.vouch"
cp "$case" "$tmp/old.db"
sqlite3 "$tmp/old.db" "pragma user_version = 1"
status "an older format cannot be read: 3" 3 vouch restate "$tmp/old.db"
contains "which is said" "$(cat "$tmp/err")" "is a case file of format 1; this program reads format 4"
status "nor added to: 3" 3 late "$tmp/old.db"
contains "which is said as well" "$(cat "$tmp/err")" "of format 1; this program writes format 4"

# --- one provider alone stays one provider alone
status "an audit of one provider: 0" 0 late "$tmp/p.db" --provider P1 --known-on 2025-07-14
status "restated: 0" 0 vouch restate "$tmp/p.db"
is "is one of that provider" "$(sql "$tmp/p.db" "select group_concat(distinct provider),
	count(distinct run_id) from run")" "P1|2"
lacks "and finds nothing of others" "$(cat "$tmp/out")" "visit E"

# --- a backdated uplift and a holiday announced late come as an amendment
cat >"$town/late-2.vouch" <<'END'
contract town/late
  version    "2025.2"
  amends     "2025.1"
  in force   from 1 June 2025
  published  1 August 2025

parameter rate_due adds
  from 1 June 2025  £20.60 per hour

calendar bank_holiday adds
  | 2025-06-29 | Day of mourning | 20 August 2025 |
END
status "before the amendment was published: 0" 0 vouch restate "$case" --run "$second" \
	--known-on 2025-07-31
contains "nothing differs" "$(cat "$tmp/out")" "unchanged         4"
status "on the day when it was: 0" 0 vouch restate "$case" --run "$second" --known-on 2025-08-01
third=$(sql "$case" "select run_id from run order by rowid desc limit 1")
is "all were paid too little" "$(sql "$case" "select count(*), sum(at_stake_pence) from finding
	where run_id = '$third' and rule = 'L2'")" "7|-500"
contains "for providers" "$(cat "$tmp/out")" \
	"£1.00 before, £5.00 now, £4.00 more for providers"
is "G is owed 60p for an hour" "$(sql "$case" "select at_stake_exact from finding
	where run_id = '$third' and rule = 'L2' and subject_key = 'G'")" "-2/5"
status "the day before the holiday was announced: 0" 0 vouch restate "$case" --run "$third" \
	--known-on 2025-08-19
contains "nothing more" "$(cat "$tmp/out")" "unchanged"
lacks "has changed" "$(cat "$tmp/out")" "visit G"
status "the day of the announcement: 0" 0 vouch restate "$case" --run "$third" --known-on 2025-08-20
contains "G was on a holiday" "$(cat "$tmp/out")" "visit G               -£0.40 before, -£14.13 now"
contains "by the rate of the day" "$(cat "$tmp/out")" "due is £41.20 per hour"

# --- threads and the order of rows do not matter
status "with one thread: 0" 0 vouch restate "$case" --run "$first" --threads 1
cp "$tmp/out" "$tmp/one"
sqlite3 "$late" "create table v as select * from visits order by rowid desc; drop table visits;
	alter table v rename to visits"
cp "$case" "$tmp/again.db"
status "rows the other way round: 0" 0 vouch restate "$tmp/again.db" --run "$first" --threads 2
same "the same list" "$tmp/out" "$tmp/one"
is "the same run" "$(sql "$tmp/again.db" "select count(*) from run")" "$(sql "$case" "select count(*)
	from run")"
finish
