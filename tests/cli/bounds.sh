#!/usr/bin/env bash
# What findings that could not be assessed may come to, and the evidence to ask for.
. "$srcdir/tests/cli/common.sh"

{
	town_head gaps "Town Gaps" "31 March 2026"
	town_providers
	cat <<'END'

dataset visit from visits
  key ref
  ref      : text
  provider : provider from provider_ref
  log      : log from log_ref
  date     : date
  declared : duration from declared_min in minutes within 0 minutes to 2 hours
  notice   : duration from notice_min in minutes
  rate     : money per hour within £0 per hour to £100 per hour

dataset log from logs
  key ref
  ref       : text
  check_in  : moment
  check_out : moment

define spent for log : duration within 0 minutes to 24 hours
  is log.check_out - log.check_in

rule G1 "Declared more time than was logged"
  severity   major
  for each   visit
  on         visit.date
  require    visit.declared <= visit.log.spent
  otherwise  "Declared {visit.declared}; logged {visit.log.spent}"
  at stake   visit.rate * (visit.declared - visit.log.spent)

rule G2 "Short notice"
  severity  minor
  for each  visit
  on        visit.date
  require   visit.notice >= 24 hours
  at stake  visit.rate * visit.notice
END
} >"$town/gaps.vouch"
status "the contract is sound" 0 vouch check town/gaps
status "a define's range is laid out" 0 vouch fmt --check "$town/gaps.vouch"

# V1 lacks a check-out, V2 too; V3 fails, but lacks a rate; V4 only its notice; V5 was declared out of range.
sqlite3 "$tmp/gaps.db" <<'END'
create table providers(ref text primary key, name text);
insert into providers values('P1', 'First'), ('P2', 'Second');
create table logs(ref text primary key, check_in text, check_out text);
insert into logs values('L1', '2025-09-01 08:00', null), ('L2', '2025-09-01 09:00', null),
  ('L3', '2025-09-01 10:00', '2025-09-01 10:15'), ('L4', '2025-09-01 11:00', '2025-09-01 12:00');
create table visits(ref text primary key, provider_ref text, log_ref text, date text,
  declared_min, notice_min integer, rate real);
insert into visits values
  ('V1', 'P1', 'L1', '2025-09-01', 30, 2880, 22.6),
  ('V2', 'P2', 'L2', '2025-09-01', 60, 2880, 20.0),
  ('V3', 'P2', 'L3', '2025-09-01', 45, 2880, null),
  ('V4', 'P2', 'L4', '2025-09-01', 60, null, 20.0),
  ('V5', 'P1', 'L4', '2025-09-01', 121, 2880, 20.0),
  ('V6', 'P1', 'L4', '2025-09-01', 120, 2880, 20.0);
END
case=$tmp/gaps.case.db
status "gaps are audited" 0 vouch audit "$tmp/gaps.db" -c town/gaps -o "$case"
contains "the summary says what they could come to" "$(tr '\n' ' ' <"$tmp/out")" \
	"4 not assessed, between £0.00 and £51.30 at stake; 1 of them without a bound"

is "a value outside the range is rejected" "$(sql "$case" "select source_key, \"column\", value,
	reason, whole_row from rejected")" "V5|declared_min|121|outside the range of the field|0"
is "bounds, of the findings that are not assessed alone" "$(sql "$case" "select rule, subject_key,
	at_least_pence, at_most_pence, certain from finding where certain is not null
	order by 1, 2")" "G1|V1|0|1130|0
G1|V2|0|2000|0
G1|V3|0|5000|1
G1|V5|0|2000|0
G2|V4|||0"
is "what is asked for, by the money that hangs on it" "$(sql "$case" "select provider, dataset,
	source_key, field, findings, hangs_pence, open from ask_for
	order by hangs_pence desc, provider")" "P2|visit|V3|rate|1|5000|0
P1|visit|V5|declared|1|2000|0
P2|log|L2|check_out|1|2000|0
P1|log|L1|check_out|1|1130|0
P2|visit|V4|notice|1|0|1"

status "the list to ask for" 0 vouch findings "$case" --ask-for
is "reads so" "$(cat "$tmp/out")" "   hangs on it  findings  provider  to ask for
        £50.00         1  P2        rate of visit V3
        £20.00         1  P1        declared of visit V5
        £20.00         1  P2        check_out of log L2
        £11.30         1  P1        check_out of log L1
         £0.00         1  P2        notice of visit V4; 1 without a bound
5 facts to ask for"
status "of one provider and rule" 0 vouch findings "$case" --ask-for --provider P2 --rule G1 --format csv
is "as CSV" "$(tr -d '\r' <"$tmp/out")" '"provider","dataset","source_key","field","findings","hangs_pence","open"
"P2","visit","V3","rate","1","5000","0"
"P2","log","L2","check_out","1","2000","0"'
status "as JSON" 0 vouch findings "$case" --ask-for --provider P1 --rule G1 --format json
contains "which has the same names" "$(cat "$tmp/out")" \
	'{"provider":"P1","dataset":"log","source_key":"L1","field":"check_out","findings":1,"hangs_pence":1130,"open":0}'

id=$(sql "$case" "select finding_id from finding where subject_key = 'V1'")
status "the page of one" 0 vouch explain "$case" "$id"
contains "says what could be at stake" "$(tr -s '\n ' ' ' <"$tmp/out")" \
	"What could be at stake at least: £0.00, with spent of log L1 24 hours at most: £11.30, with spent of log L1 0 minutes"
status "the list of findings" 0 vouch findings "$case" --verdict not_assessed
contains "shows both ends" "$(cat "$tmp/out")" "£0.00 to £11.30"

# --- figures: P1 and P2 lack facts of September, V3 in both aggregates of a quotient
cat >"$town/figures.vouch" <<'END'
contract town/figures
  title     "Town Figures"
  council   "Town Council"
  version   "2025.1"
  in force  from 1 April 2025 to 31 March 2026

dataset provider from providers
  key ref
  ref  : text
  name : text

dataset visit from visits
  key ref
  ref      : text
  provider : provider from provider_ref
  date     : date
  declared : duration from declared_min in minutes within 0 minutes to 2 hours
  notice   : duration from notice_min in minutes
  rate     : money per hour within £0 per hour to £100 per hour

kpi short "Visits of less than 50 minutes"
  for each  visit.provider, month of visit.date
  among     visit
  figure    share(visit where visit.declared < 50 minutes)
  target    at most 10%
  fails     above 20%

measure due "What is due"
  for each  visit.provider, month of visit.date
  among     visit
  part      care is total(visit.rate * visit.declared)
  part      extra is £2

measure warned "Notice"
  for each  visit.provider, month of visit.date
  among     visit
  figure    total(visit.notice)
END
case=$tmp/figures.case.db
status "figures are audited" 0 vouch audit "$tmp/gaps.db" -c town/figures -o "$case"
contains "the summary says what is certain" "$(cat "$tmp/out")" \
	"1 failed, 1 not assessed (1 certain to fail)"
is "bounds, of figures that are not assessed alone" "$(sql "$case" "select measure, provider, status,
	least, least_exact, most, most_exact, certain from measure_result
	order by 1, 2")" "due|P1|not assessed|£53.30|533/10|£93.30|933/10|
due|P2|not assessed|£42.00|42|£117.00|117|
short|P1|not assessed|33.333333…%|1/3|66.666666…%|2/3|failed
short|P2|failed|||||
warned|P1||||||
warned|P2|not assessed|||||"
is "and of their parts" "$(sql "$case" "select p.value from measure_result, json_each(parts) p
	where measure = 'due' and provider = 'P2'")" \
	'{"name":"care","least":"£40.00","least_exact":"40","most":"£115.00","most_exact":"115"}
{"name":"extra","value":"£2.00","n":"2","d":"1"}'
status "the list" 0 vouch kpis "$case" --all
contains "shows them" "$(cat "$tmp/out")" "not assessed; between £42.00 and £117.00: visit.rate of visit V3"
contains "and what is certain" "$(cat "$tmp/out")" \
	"between 33.333333…% and 66.666666…%, failed whatever the missing facts are: visit.declared of"
contains "and says nothing where there is none" "$(cat "$tmp/out")" "not assessed: visit.notice of visit V4"
status "as JSON" 0 vouch kpis "$case" --measure due --provider P2 --format json
contains "with the same names" "$(cat "$tmp/out")" \
	'"least":"£42.00","least_exact":"42","most":"£117.00","most_exact":"117","certain":null'
status "the list to ask for" 0 vouch findings "$case" --ask-for
is "takes no money of figures" "$(cat "$tmp/out")" "0 facts to ask for"

# --- values outside a range, however the column holds them; both ends are in
cat >"$town/edges.vouch" <<'END'
contract town/edges
  title     "Town Edges"
  council   "Town Council"
  version   "2025.1"
  in force  from 1 April 2025 to 31 March 2026

dataset edge from edges
  key ref
  ref    : text
  day    : date within 1 April 2025 to 31 March 2026
  length : duration in minutes within 10 minutes to 2 hours
  price  : money read to 2 decimals within -£1 to £100
  people : count within 1 to 2
  share  : percent within 0% to 62.5%

rule E1 "Nothing is asked"
  for each  edge
  on        edge.day
  require   edge.length >= 0 minutes and edge.price >= -£1 and edge.people > 0 and edge.share >= 0%
END
sqlite3 "$tmp/edges.db" <<'END'
create table edges(ref text primary key, day text, length, price, people, share);
insert into edges values
  ('in1', '2025-04-01', 10, -1, 1, 0), ('in2', '2026-03-31', 120.0, 100.0, 2, 62.5),
  ('in3', '2025-09-01', '120', '100.00', '2', '62.5'), ('in4', '2025-09-01', 10.0, -1.0, 1.0, 0.0),
  ('out1', '2025-03-31', 9, -2, 0, -1), ('out2', '2026-04-01', 121, 101, 3, 63),
  ('out3', ' 2026-04-01 ', '121', '100.01', '3', '62.51'),
  ('out4', '2025-03-31', 9.99, -1.01, 0.0, 62.51), ('out5', '2025-09-01', 120.02, 100.01, 3.0, -0.01);
END
case=$tmp/edges.case.db
status "edges are audited" 0 vouch audit "$tmp/edges.db" -c town/edges -o "$case"
is "inside nothing is rejected, outside everything" "$(sql "$case" "select source_key, count(*),
	min(reason), max(reason) from rejected group by 1 order by 1")" \
	"out1|5|outside the range of the field|outside the range of the field
out2|5|outside the range of the field|outside the range of the field
out3|5|outside the range of the field|outside the range of the field
out4|5|outside the range of the field|outside the range of the field
out5|4|outside the range of the field|outside the range of the field"

finish
