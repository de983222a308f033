#!/usr/bin/env bash
# A contract that was amended: each version on its own days, what was known when, and the seal.
. "$srcdir/tests/cli/common.sh"

# The step and the floor change on Monday, 6 April 2026; the notice is dated 2 March.
{
	town_head call "Town Calls"
	town_providers
	cat <<'END'

dataset call from calls
  key ref
  ref      : text
  provider : provider from provider_ref
  date     : date
  declared : duration from declared_min in minutes
  logged   : duration from logged_min in minutes
  rate     : money per hour

rounding step : duration
  nearest 15 minutes, halves away from zero

parameter floor : money per hour
  from 1 April 2025  £19.00 per hour

define due for call : duration
  on call.date
  is step(call.logged)

rule C1 "Declared more than was logged"
  severity  major
  for each  call
  on        call.date
  require   call.declared <= call.due
  otherwise "Declared {call.declared}; due {call.due}"
  at stake  call.rate * (call.declared - call.due)

rule C2 "Below the floor"
  for each  call
  on        call.date
  require   call.rate >= floor

rule C3 "More in a week than was due in it"
  for each  call.provider, week of call.date
  among     call
  on        week.first
  require   total(call.declared) <= total(call.due)

rule C4 "No calls of no length"
  for each  call
  on        call.date
  require   call.declared > 0 minutes
END
} >"$town/call.vouch"
cat >"$town/call-2026.vouch" <<'END'
contract town/call
  version   "2026.1"
  amends    "2025.1"
  in force  from 6 April 2026
  published 2 March 2026

replace rounding step : duration
  up to the next 15 minutes

replace rule C1 "Declared more than was logged, by the new step"
  severity  critical
  for each  call
  on        call.date
  require   call.declared <= call.due + 1 minute
  otherwise "Declared {call.declared}; due {call.due}, and a minute"
  at stake  call.rate * (call.declared - call.due)

withdraw rule C4

parameter floor adds
  from 6 April 2026  £20.00 per hour
END

# Two providers, a call each on every day of three weeks: 17 minutes logged, 30 declared. By the
# nearest step 15 minutes are due, by the next one 30.
calls=$tmp/calls.db
sqlite3 "$calls" <<'END'
create table providers(ref text, name text);
insert into providers values('P1', 'First Care'), ('P2', 'Second Care');
create table calls(ref text, provider_ref text, date text, declared_min integer,
	logged_min integer, rate text);
with recursive n(i) as (select 0 union all select i + 1 from n where i < 20)
insert into calls select p.ref || '-' || n.i, p.ref, date('2026-03-30', '+' || n.i || ' days'),
	case when p.ref = 'P2' and n.i % 5 = 0 then 0 else 30 end, 17, '19.50' from n, providers p;
END
audit_calls() { # audit_calls CASE FROM TO [ARGUMENT...]
	local to=$1 from=$2 until=$3
	shift 3
	"$VOUCH" audit "$calls" -c town/call -o "$to" --from "$from" --to "$until" "$@"
}

# --- the chain
status "check: 0" 0 vouch check town/call
printed=$(cat "$tmp/out")
contains "the first version" "$printed" "2025.1 in force from 1 April 2025 ($town/call.vouch)"
contains "the amendment" "$printed" "2026.1 in force from 6 April 2026, published 2 March 2026"
contains "what it changed" "$printed" "    replaces rule C1
    withdraws rule C4
    adds to parameter floor"
contains "a replaced rule is one rule" "$printed" "4 rules"
vouch check "$town/call-2026.vouch" >"$tmp/actual" 2>&1
same "the path of the amendment: the same" "$tmp/actual" "$tmp/out"
vouch check "$town/call-2026.vouch" "$town/call.vouch" >"$tmp/actual" 2>&1
same "both paths: once" "$tmp/actual" "$tmp/out"
is "JSON is diagnostics alone" "$(vouch check --format json town/call | head -c 1)" "["
status "a folder counts it once" 0 vouch audit "$calls" -c "$town/call.vouch" \
	-c "$town/call-2026.vouch" -o "$tmp/both.db" --to 2026-04-19
is "one contract" "$(sql "$tmp/both.db" "select group_concat(contract) from run")" town/call

# --- each version on its own days
status "an audit over the change: 0" 0 audit_calls "$tmp/a.db" 2026-03-30 2026-04-19
contains "a line for each text" "$(cat "$tmp/out")" "C1 (2026.1)"
per_rule="select rule, version, passed, failed, outside from rule_result order by rule, version"
is "verdicts by text" "$(sql "$tmp/a.db" "$per_rule")" "C1|2025.1|2|12|28
C1|2026.1|28|0|14
C2|2025.1|14|28|0
C3|2025.1|4|2|0
C4|2025.1|12|2|28"
is "counts add up" "$(sql "$tmp/a.db" "select count(*) from rule_result where seen <> outside +
	passed + failed + not_assessed + not_applicable + conflict")" 0
is "the version in force on the day of the finding" "$(sql "$tmp/a.db" "select rule, rule_version,
	written_in, min(on_date), max(on_date) from finding where rule in ('C1', 'C2')
	group by 1, 2, 3")" "C1|2025.1|2025.1|2026-03-30|2026-04-05
C2|2026.1|2025.1|2026-04-06|2026-04-19"
is "the versions of the run" "$(sql "$tmp/a.db" "select version, from_date, published, changes is
	null from contract_version order by number")" "2025.1|2025-04-01||1
2026.1|2026-04-06|2026-03-02|0"

# --- splitting the window at any day changes no verdict of a row
rows="select rule, subject_key, verdict, on_date, at_stake_exact, rule_version, finding_id
	from finding where rule <> 'C3' order by 1, 2"
sql "$tmp/a.db" "$rows" >"$tmp/whole"
for day in 2026-03-31 2026-04-05 2026-04-06 2026-04-07 2026-04-18; do
	audit_calls "$tmp/$day.db" 2026-03-30 "$day" >/dev/null
	audit_calls "$tmp/$day.db" "$(date -d "$day + 1 day" +%F)" 2026-04-19 >/dev/null
	sql "$tmp/$day.db" "$rows" >"$tmp/actual"
	same "split behind $day" "$tmp/actual" "$tmp/whole"
done

# --- what was known when
status "known on the day before the notice: 0" 0 audit_calls "$tmp/k.db" 2026-03-30 2026-04-19 \
	--known-on 2026-03-01
is "the old law throughout" "$(sql "$tmp/k.db" "$per_rule")" "C1|2025.1|5|37|0
C1|2026.1|0|0|42
C2|2025.1|42|0|0
C3|2025.1|0|6|0
C4|2025.1|37|5|0"
is "and no other version" "$(sql "$tmp/k.db" "select group_concat(version) from run")" 2025.1
status "known on the day of the notice: 0" 0 audit_calls "$tmp/n.db" 2026-03-30 2026-04-19 \
	--known-on 2026-03-02
is "the new law from its day" "$(sql "$tmp/n.db" "$per_rule")" "$(sql "$tmp/a.db" "$per_rule")"
is "a finding keeps its number" "$(sql "$tmp/k.db" "attach '$tmp/a.db' as a; select count(*) from
	finding join a.finding b using (rule, subject_key) where finding.finding_id <>
	b.finding_id")" 0

sed 's/^  version/  published 1 March 2025\n  version/; s/amends.*//' "$town/call.vouch" >"$tmp/one.vouch"
status "one version, known before it was published: 0" 0 vouch audit "$calls" -c "$tmp/one.vouch" \
	-o "$tmp/one.db" --to 2026-04-19 --known-on 2025-02-28
is "is no law" "$(sql "$tmp/one.db" "select sum(seen - outside) from rule_result")" 0
status "and from that day on: 0" 0 vouch audit "$calls" -c "$tmp/one.vouch" \
	-o "$tmp/one.db" --to 2026-04-19 --known-on 2025-03-01
is "is" "$(sql "$tmp/one.db" "select max(outside) from rule_result
	where rule_result.rowid > 4")" 0

# --- the finding shows the text of its day
finding() { sql "$1" "select finding_id from finding where rule = 'C1' and on_date = '$2' limit 1"; }
old=$(vouch explain "$tmp/a.db" "$(finding "$tmp/a.db" 2026-04-05)")
contains "the old text" "$old" "require   call.declared <= call.due"
lacks "not the new one" "$old" "1 minute"
sqlite3 "$calls" "update calls set declared_min = 50 where ref = 'P1-7'"
audit_calls "$tmp/e.db" 2026-03-30 2026-04-19 >/dev/null
new=$(vouch explain "$tmp/e.db" "$(finding "$tmp/e.db" 2026-04-06)")
contains "the new text" "$new" "call.due + 1 minute"
contains "of the file that has it" "$new" "call-2026.vouch"
contains "under the new version" "$new" "town/call 2026.1"

# --- the seal
sealed=$(sql "$tmp/a.db" "select version || ' ' || sha256 from sealed order by version")
is "both versions were used" "$(cut -d ' ' -f 1 <<<"$sealed" | tr '\n' ' ')" "2025.1 2026.1 "
before=$(sha256sum <"$tmp/a.db")
sed -i 's/1 minute/2 minutes/' "$town/call-2026.vouch"
status "another text under the same version: 2" 2 audit_calls "$tmp/a.db" 2026-03-30 2026-04-19
message=$(cat "$tmp/err")
contains "its code" "$message" "error[E0611]: version 2026.1 of town/call"
contains "the hash that was sealed" "$message" "$(tail -n 1 <<<"$sealed" | cut -d ' ' -f 2)"
contains "what to do" "$message" "as an amendment"
is "nothing was written" "$(sha256sum <"$tmp/a.db")" "$before"
status "a window before its days: 0" 0 audit_calls "$tmp/a.db" 2026-03-30 2026-04-05
status "a new case file: 0" 0 audit_calls "$tmp/fresh.db" 2026-03-30 2026-04-19
contains "another hash" "$(sql "$tmp/fresh.db" "select count(*) from sealed where sha256 not in
	('$(tail -n 1 <<<"$sealed" | cut -d ' ' -f 2)')")" 2
sed -i 's/2 minutes/1 minute/' "$town/call-2026.vouch"
status "the old text again: 0" 0 audit_calls "$tmp/a.db" 2026-03-30 2026-04-18

# --- a measure that is replaced: its trend begins anew, wherever the window does
cat >>"$town/call.vouch" <<'END'

measure declared "Declared in a week"
  for each  call.provider, week of call.date
  among     call
  figure    total(call.declared)

measure calls "Calls in a week"
  for each  call.provider, week of call.date
  among     call
  figure    count(call)
END
cat >>"$town/call-2026.vouch" <<'END'

replace measure declared "Declared in a week, short calls left out"
  for each  call.provider, week of call.date
  among     call where call.declared >= 15 minutes
  figure    total(call.declared)
END
trend="select measure, period, written_in, previous from measure_result where provider = 'P1'
	order by 1, 2"
audit_calls "$tmp/trend.db" 2026-03-30 2026-04-19 >/dev/null
is "the figure before, of the same text" "$(sql "$tmp/trend.db" "$trend")" \
	"calls|2026-03-30|2025.1|
calls|2026-04-06|2025.1|7
calls|2026-04-13|2025.1|7
declared|2026-03-30|2025.1|
declared|2026-04-06|2026.1|
declared|2026-04-13|2026.1|3 hours 50 minutes"
sql "$tmp/trend.db" "$trend" | grep -v 2026-03 >"$tmp/whole"
audit_calls "$tmp/trend-later.db" 2026-04-06 2026-04-19 >/dev/null
sql "$tmp/trend-later.db" "$trend" >"$tmp/actual"
same "also from a window that begins with the amendment" "$tmp/actual" "$tmp/whole"

finish
