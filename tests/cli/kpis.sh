#!/usr/bin/env bash
# vouch kpis: the figures of an audit as text, CSV and JSON, and their line in the summary.
. "$srcdir/tests/cli/common.sh"

cat >>"$town/care.vouch" <<'END'

dataset own_figure from own_figures
  key ref
  ref     : text
  from_p  : provider from provider_ref
  quarter : date
  short   : percent

kpi short_visits "Visits logged too short"
  cites     rules "Monitoring"
  for each  visit.provider, quarter of visit.date
  among     visit
  figure    share(visit where visit.logged < visit.declared)
  target    at most 30% assumed "the target is not published"
  fails     above 60%
  compare   own_figure.short where own_figure.from_p = provider and own_figure.quarter is within quarter

measure due "What is due"
  for each  visit.provider, month of visit.date
  among     visit
  part      first is total(visit.rate * visit.declared)
  part      second is £1
END
sqlite3 "$data" <<'END'
create table own_figures(ref text, provider_ref text, quarter text, short text);
insert into own_figures values('O1', 'P1', '2025-07-01', '33');
delete from visits where ref = 'V4';
insert into visits values('V7', 'P1', '2025-10-02', 30, null, '22.59');
END

status "audit: 0" 0 audit "$case_file"
contains "the summary has them" "$(cat "$tmp/out")" \
	"KPIs: 0 met, 1 to watch, 1 failed, 1 not assessed"
status "check: 0" 0 vouch check town/care
contains "check counts them" "$(cat "$tmp/out")" "2 rules, 2 figures, 0 checked by hand"

# --- text
status "kpis: 0" 0 vouch kpis "$case_file"
page=$(cat "$tmp/out")
contains "a line of titles" "$(head -n 1 "$tmp/out")" "before"
contains "a figure, cut" "$page" "33.333333…%"
contains "the target" "$page" "at most 30%"
contains "what the provider says" "$page" "33% (same)"
contains "why not" "$page" \
	"not assessed; between 0% and 100%: visit.logged of visit V7 is missing"
is "how many" "$(tail -n 2 "$tmp/out")" \
	"3 figures of kpis: 0 met, 1 to watch, 1 failed, 1 not assessed
3 figures of measures are not shown: --all, or --measure NAME"
status "--all" 0 vouch kpis "$case_file" --all
is "how many of all" "$(tail -n 1 "$tmp/out")" \
	"3 figures of kpis: 0 met, 1 to watch, 1 failed, 1 not assessed; 3 of measures"
status "--measure" 0 vouch kpis "$case_file" --measure due
is "three lines, titles, heading and end" "$(wc -l <"$tmp/out")" 6
status "--provider" 0 vouch kpis "$case_file" --provider P9
is "nobody's figures" "$(cat "$tmp/out")" "0 figures of kpis"
status "a run that is not there: 2" 2 vouch kpis "$case_file" --run ZZZZ
status "no case file: 64" 64 vouch kpis
status "another format: 64" 64 vouch kpis "$case_file" --format xml

# --- CSV and JSON
status "CSV: 0" 0 vouch kpis "$case_file" --format csv
is "rows" "$(csv 'select count(*) from f')" 6
is "exact" "$(csv "select numerator, denominator from f where measure = 'short_visits' and
	provider = 'P1' and period = '2025-07-01'")" "1|3"
is "a key that is no formula" "$(csv "select distinct provider from f where provider like '%P2'")" \
	"'=P2"
is "assumed" "$(csv "select assumed from f where status = 'watch'")" \
	"target of short_visits: the target is not published"
status "JSON: 0" 0 vouch kpis "$case_file" --format json --measure due --provider P1
is "the run" "$(json '$.run.run_id')" "$(sql "$case_file" 'select run_id from run')"
is "parts" "$(json '$.kpis[0].parts[0].name') $(json '$.kpis[0].parts[0].n')" "first 2259"
is "their sum" "$(json '$.kpis[0].value')" "£23.59"
is "a number" "$(json '$.kpis[0].rows')" 3
is "no status" "$(json '$.kpis[0].status')" ""
is "the figure before" "$(json '$.kpis[1].previous')" "£23.59"

# --- the same run gives the same bytes
audit "$tmp/other.db" >"$tmp/log" 2>&1
vouch kpis "$case_file" --format csv >"$tmp/one"
vouch kpis "$tmp/other.db" --format csv >"$tmp/two"
ok "the same bytes" cmp "$tmp/one" "$tmp/two"

# --- a line that a parameter draws, and one that rises between the figures
cat >>"$town/care.vouch" <<'END'

parameter most_short : percent
  from 1 April 2025    30%
  from 1 October 2025  20%

parameter far_too_many : percent
  from 1 April 2025  60%

kpi short_by_month "Visits logged too short, by the month"
  for each  visit.provider, month of visit.date
  among     visit
  figure    share(visit where visit.logged < visit.declared)
  target    at most most_short
  fails     above far_too_many + 5%
END
audit "$tmp/lines.db" >"$tmp/log" 2>&1
vouch kpis "$tmp/lines.db" --measure short_by_month >"$tmp/out"
contains "the name of a line that rises" "$(cat "$tmp/out")" \
	"(target at most most_short, fails above 65% (far_too_many + 5%))"
vouch kpis "$tmp/lines.db" --measure short_by_month --provider =P2 >"$tmp/out"
contains "and its value where the figures have one" "$(cat "$tmp/out")" \
	"(target at most 30% (most_short), fails above 65% (far_too_many + 5%))"
is "kept with each figure" "$(sql "$tmp/lines.db" "select distinct target, target_value, fails_value
	from measure_result where kpi = 1 order by 1, 2")" "at most 30%||
at most most_short|at most 20%|above 65%
at most most_short|at most 30%|above 65%"

finish
