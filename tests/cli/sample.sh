#!/usr/bin/env bash
# Spot checks from the frame to the full audit: what is frozen, what is drawn and how anybody can draw
# it again, what is said of it, and what is not.
. "$srcdir/tests/cli/common.sh"

# spots NAME EXTRA...: a contract with one plan; EXTRA are further clauses
spots() {
	local name=$1
	shift
	{
		town_head "$name" "Town Care, $name" "31 March 2026"
		echo '  source    rules "Town Rules"'
		town_providers
		cat <<'END'

dataset log from logs
  key ref
  ref   : text
  visit : visit from visit_ref which has logs
  spent : duration from minutes in minutes

dataset visit from visits
  key ref
  ref      : text
  provider : provider from provider_ref
  date     : date
  outcome  : one of (delivered, missed)
  declared : duration from declared_min in minutes
  rate     : money per hour

rule T1 "Declared more time than was logged"
  severity      major
  for each      visit
  on            visit.date
  applies when  visit.outcome is delivered and count(visit.logs) > 0
  require       visit.declared <= total(log.spent for log in visit.logs)
  at stake      visit.rate * (visit.declared - total(log.spent for log in visit.logs))

rule T2 "Not on the hour"
  severity  minor
  for each  visit
  on        visit.date
  require   visit.declared <> 31 minutes

spot check quarterly
  cites       rules "Audit"
  population  visit where visit.outcome is delivered
  for each    visit.provider, quarter of visit.date
  at stake    visit.rate * visit.declared
END
		printf '  %s\n' "$@"
	} >"$town/$name.vouch"
}

stages=('then draw   61 when 1 finding of severity major' 'full audit  when 2 findings of severity major'
	'confidence  95%' 'tolerable   5%' 'missing     log counts as wrong')
spots plan 'draw 61 at random' "${stages[@]}"
spots claims 'draw 61 at random' "${stages[@]}" 'extrapolates under rules "Sampling"'
spots money 'draw 40 by money' "${stages[@]}" 'extrapolates under rules "Sampling"'
spots lenient 'draw 61 at random' "${stages[@]::4}" 'missing log counts as right'

# P1: of 400 visits every tenth is wrong by half of its 60 minutes. P2: 300, all right. P3: 5, one of
# them 31 minutes, which is minor. P4: 200, of which number 7 alone is wrong. One missed visit each.
make_data() { # make_data FILE ORDER
	rm -f "$1"
	sqlite3 "$1" <<END
create table providers(ref text, name text);
insert into providers values ('P1', 'One'), ('P2', 'Two'), ('P3', 'Three'), ('P4', 'Four'), ('P5', 'Five');
create table visits(ref text, provider_ref text, date text, outcome text, declared_min integer, rate text);
create table logs(ref text, visit_ref text, minutes integer);
create temp table made(p text, n integer);
with recursive c(n) as (select 1 union all select n + 1 from c where n < 400)
insert into made select 'P1', n from c union all select 'P2', n from c where n <= 300
	union all select 'P3', n from c where n <= 5 union all select 'P4', n from c where n <= 200;
insert into visits select p || '-' || n, p, date('2025-07-01', '+' || (n % 90) || ' days'), 'delivered',
	case when p = 'P3' and n = 3 then 31 else 60 end, '20.00' from made order by $2;
insert into visits select ref || '-m', ref, '2025-08-01', 'missed', 60, '20.00' from providers;
insert into logs select 'L' || p || '-' || n, p || '-' || n,
	case when (p = 'P1' and n % 10 = 0) or (p = 'P4' and n = 7) then 30 else 60 end from made order by $2;
END
}
make_data "$data" 'p, n'

sample() { # sample PLAN CASE [ARGUMENT...]
	local plan=$1 to=$2
	shift 2
	"$VOUCH" sample "$data" -c "town/$plan" --plan quarterly -o "$to" "$@"
}

# ---- the frame ----

status "without a seed the frame is frozen" 0 sample plan "$tmp/a.db"
like "its rows and pounds are told" "$tmp/out" 'visit, 2025-04-01 to 2026-03-31: 905 rows, £18,090.33'
like "and what to do next" "$tmp/out" 'Nothing is drawn yet'
is "nothing is drawn" "$(sql "$tmp/a.db" 'select count(*) from drawn')" 0
hash=$(sql "$tmp/a.db" 'select frame_sha256 from plan')
is "the line that is printed gives the frame's hash" \
	"$(bash -c "$(grep 'sha256sum$' "$tmp/out")" | cut -d' ' -f1)" "$hash"

sqlite3 "$data" vacuum
status "after VACUUM" 0 sample plan "$tmp/vacuum.db"
is "the frame is the same" "$(sql "$tmp/vacuum.db" 'select frame_sha256 from plan')" "$hash"
make_data "$data" '(n * 7919) % 401, p desc'
status "with the rows in another order" 0 sample plan "$tmp/shuffled.db"
is "it is the same too, and so is the plan" \
	"$(sql "$tmp/shuffled.db" 'select frame_sha256, plan_id from plan')" \
	"$(sql "$tmp/a.db" 'select frame_sha256, plan_id from plan')"

# ---- the draw ----

status "with a seed rows are drawn" 0 sample plan "$tmp/a.db" --seed "it's 31415"
is "the frame that was there is drawn from" "$(sql "$tmp/a.db" 'select count(*) from plan')" 1
is "61 of each group, and all of a small one" \
	"$(sql "$tmp/a.db" 'select group_concat(n) from (select count(*) n from drawn group by grp)')" \
	"61,61,5,61"
sed -n '/^  s=/,$p' "$tmp/out" >"$tmp/redo"
is "sha256sum and sort draw the same rows" "$(bash "$tmp/redo")" \
	"$(sql "$tmp/a.db" "select key from drawn where grp like 'P1%' order by number")"
cp "$tmp/out" "$tmp/first"
status "the same again" 0 sample plan "$tmp/a.db" --seed "it's 31415"
same "gives the same" "$tmp/first" "$tmp/out"
status "another seed for the frame is refused" 2 sample plan "$tmp/a.db" --seed 2
like "and says why" "$tmp/err" "E0621.*it's 31415 already"
status "the shuffled data" 0 sample plan "$tmp/shuffled.db" --seed "it's 31415"
is "give the same sample" "$(sql "$tmp/shuffled.db" 'select key, ticket from drawn')" \
	"$(sql "$tmp/a.db" 'select key, ticket from drawn')"
status "the list to ask for, as CSV" 0 sample plan "$tmp/a.db" --format csv
is "has a line for each" "$(csv "select count(*), min(on_date) >= '2025-07-01' from f")" "188|1"
status "and as JSON" 0 sample plan "$tmp/a.db" --format json
is "says how tickets are made" "$(json '$.plan.variant')" sha256-hex-1

# ---- what came of it ----

status "nothing can follow before it was evaluated" 2 vouch sample --next -o "$tmp/a.db"
like "as is said" "$tmp/err" 'not evaluated'
status "a group that has to go on ends with 1" 1 vouch evaluate "$tmp/a.db"
cp "$tmp/out" "$tmp/evaluated"
wrong1=$(sql "$tmp/a.db" "select count(*) from drawn where grp like 'P1%'
	and substr(key, 4) % 10 = 0")
is "the planted errors that were drawn are found" \
	"$(sql "$tmp/a.db" "select wrong, over_pence, under_pence from evaluation_group where grp like 'P1%'")" \
	"$wrong1|$((wrong1 * 1000))|0"
is "one in ten is far too many: a full audit" \
	"$(sql "$tmp/a.db" "select decision from evaluation_group where grp like 'P1%'")" "full audit"
is "nothing found in 61 of 300 is a limit" \
	"$(sql "$tmp/a.db" "select wrong, rate_upper >= 40000000, decision from evaluation_group
		where grp like 'P2%'")" "0|1|passed"
is "five of five is all there is, and a minor finding does not count" \
	"$(sql "$tmp/a.db" "select wrong, census, decision from evaluation_group where grp like 'P3%'")" \
	"0|1|whole"
like "it is listed all the same" "$tmp/evaluated" 'P3-3 .*T2 (does not count)'
like "no clause, no claim" "$tmp/evaluated" 'No claim is made: the plan names no clause'
is "and no column of claims" "$(grep -c ' claim$' "$tmp/evaluated")" 0
is "the true number lies within the limits" \
	"$(sql "$tmp/a.db" "select count_lower <= 40 and 40 <= count_upper from evaluation_group
		where grp like 'P1%'")" 1
status "evaluated again" 1 vouch evaluate "$tmp/a.db" --data "$data"
same "it says the same" "$tmp/evaluated" "$tmp/out"
is "and is kept once" "$(sql "$tmp/a.db" 'select count(*) from evaluation')" 1
status "as JSON" 1 vouch evaluate "$tmp/a.db" --format json
is "with what follows" "$(json '$.groups[0].decision'), $(json '$.groups[0].claim')" "full audit, "

audit_ids=$(vouch audit "$data" -c town/plan -o "$tmp/audit.db" >/dev/null &&
	sql "$tmp/audit.db" "select finding_id from finding where subject_key = 'P3-3'")
is "findings have the ids that an audit gives" \
	"$(sql "$tmp/a.db" "select finding_id from drawn_finding where key = 'P3-3'")" "$audit_ids"

# ---- two stages ----

# A seed that draws the one wrong visit of P4 in the first stage.
for seed in $(seq 60); do
	rm -f "$tmp/two.db"
	sample plan "$tmp/two.db" --seed "$seed" --provider P4 >"$tmp/out" 2>&1 || break
	[ "$(sql "$tmp/two.db" "select count(*) from drawn where key = 'P4-7'")" = 0 ] || break
done
status "one finding leads to the second stage" 1 vouch evaluate "$tmp/two.db"
like "which is announced" "$tmp/out" '1 group to be drawn from again, 61 each: vouch sample --next'
first=$(sql "$tmp/two.db" 'select key, ticket from drawn order by number')
status "the next 61 are drawn" 0 vouch sample --next -o "$tmp/two.db"
is "behind the first 61" "$(sql "$tmp/two.db" 'select key, ticket from drawn order by number limit 61')" \
	"$first"
is "122 in all, of two stages" \
	"$(sql "$tmp/two.db" 'select count(*), count(distinct key), max(stage) from drawn')" "122|122|2"
sed -n '/^  s=/,$p' "$tmp/out" >"$tmp/redo"
is "and can be drawn again as well" "$(bash "$tmp/redo" | sort)" \
	"$(sql "$tmp/two.db" 'select key from drawn' | sort)"
status "no second finding: it passes" 0 vouch evaluate "$tmp/two.db"
is "after the second stage" \
	"$(sql "$tmp/two.db" "select stage, wrong, decision from evaluation_group where stage = 2")" \
	"2|1|passed"
status "there is no third stage" 2 vouch sample --next -o "$tmp/two.db"

# ---- evidence that is not there ----

cp "$data" "$tmp/lost.db"
lost=$(sql "$tmp/a.db" "select key from drawn where grp like 'P2%' order by number limit 1")
gone=$(sql "$tmp/a.db" "select key from drawn where grp like 'P2%' order by number limit 1 offset 1")
dear=$(sql "$tmp/a.db" "select key from drawn where grp like 'P2%' order by number limit 1 offset 2")
sqlite3 "$tmp/lost.db" "delete from logs where visit_ref = '$lost'; delete from visits where ref = '$gone';
	update visits set rate = '30.00' where ref = '$dear'; insert into visits values
	('P2-new', 'P2', '2025-07-02', 'delivered', 60, '20.00')"
status "a log is missing, a row has vanished" 1 vouch evaluate "$tmp/a.db" --data "$tmp/lost.db"
like "the row that vanished is named" "$tmp/out" "vanished $gone"
like "so is the one that changed" "$tmp/out" "changed $dear: .*2000 > .*3000"
like "and the one that is new" "$tmp/out" 'new P2-new'
is "both count as wrong, for all that was paid" \
	"$(sql "$tmp/a.db" "select why, wrong, over_pence from drawn_result join
		(select evaluation_id from evaluation order by number desc limit 1) using (evaluation_id)
		where key in ('$lost', '$gone') order by why")" "no log|1|2000
no longer in the data|1|2000"
status "where the plan says right" 0 sample lenient "$tmp/lenient.db" --provider P2 --seed 5
lost=$(sql "$tmp/lenient.db" "select key from drawn limit 1")
sqlite3 "$tmp/lost.db" "delete from logs where visit_ref = '$lost'"
status "it does not count" 0 vouch evaluate "$tmp/lenient.db" --data "$tmp/lost.db"
like "but is told" "$tmp/out" "$lost .*no log (does not count)"

# ---- the claim ----

status "a plan with a clause" 0 sample claims "$tmp/claims.db" --seed 8
status "is evaluated" 1 vouch evaluate "$tmp/claims.db"
like "the clause stands beside the claim" "$tmp/out" 'under rules, Sampling'
is "the claim is the lower limit, below the estimate and below the truth of £400" \
	"$(sql "$tmp/claims.db" "select claim = max(claim_lower, net_pence), claim < estimate, claim < 40000,
		exposure > 40000 from evaluation_group where grp like 'P1%'")" "1|1|1|1"
is "where nothing was found nothing is claimed" \
	"$(sql "$tmp/claims.db" "select claim, exposure > 0 from evaluation_group where grp like 'P2%'")" "0|1"

# ---- by money ----

status "pounds are drawn" 0 sample money "$tmp/money.db" --seed 9
sed -n '/^  s=/,$p' "$tmp/out" >"$tmp/redo"
is "the printed lines draw the same rows" "$(bash "$tmp/redo")" \
	"$(sql "$tmp/money.db" "select key from drawn where grp like 'P1%' order by number")"
status "and evaluated" 1 vouch evaluate "$tmp/money.db"
like "with the rate of pounds" "$tmp/out" 'binomial, of pounds'
is "limits hold" "$(sql "$tmp/money.db" "select minimum <= 40000 and exposure >= 40000 from
	evaluation_group where grp like 'P1%'")" 1

# ---- by risk ----

status "rows are chosen" 0 sample claims "$tmp/risk.db" --risk T1 --top 2
like "and marked as chosen" "$tmp/out" 'by risk: these rows were chosen'
is "all that fail, and the largest" "$(sql "$tmp/risk.db" "select count(*) from drawn where grp like 'P1%'
	and reason like '%T1%'")" 40
status "what is found in them" 0 vouch evaluate "$tmp/risk.db"
like "is never projected, clause or not" "$tmp/out" 'chosen by risk. Nothing'
is "there is no limit in the file either" \
	"$(sql "$tmp/risk.db" 'select sum(rate_upper), sum(claim), sum(exposure), sum(over_upper) from
	evaluation_group')" "0|0|0|0"
status "a seed is for drawing" 64 sample claims "$tmp/risk.db" --risk T1 --seed 3
status "a rule that judges other rows" 64 sample claims "$tmp/risk.db" --risk T9

# ---- the example of the language page ----

mkdir -p "$VOUCH_RULES/lib"
cp "$srcdir"/rules/lib/*.vouch "$VOUCH_RULES/lib/"
{
	town_head page "The example of the page" "31 March 2026"
	printf '  source    update "Update"\n\nuses lib/evidence\n\n'
	awk '/^## Samples/ { on = 1 } on && /^```/ { n++; next } on && n == 1' "$srcdir/docs/language.md"
} >"$town/page.vouch"
status "the example of the language page is sound" 0 vouch check town/page
contains "it was there" "$(cat "$town/page.vouch")" "then draw     61 when 1 finding"
is "and nothing is to be said of it" "$(cat "$tmp/out" "$tmp/err" | grep -c 'warning\|E0')" 0
status "and laid out as fmt lays it out" 0 vouch fmt --check "$town/page.vouch"

# ---- edges ----

status "nobody was visited" 0 sample plan "$tmp/empty.db" --provider P5 --seed 1
like "is an empty frame" "$tmp/out" 'The population has no rows'
status "which has nothing to evaluate" 0 vouch evaluate "$tmp/empty.db"
status "no such provider" 2 sample plan "$tmp/none.db" --provider P9
is "leaves no file" "$(ls "$tmp/none.db" 2>/dev/null)" ""
status "no such plan" 2 vouch sample "$data" -c town/plan --plan yearly -o "$tmp/none.db"
like "is said" "$tmp/err" 'E0620'
status "no database" 64 vouch sample -c town/plan --plan quarterly -o "$tmp/none.db"
status "no case file" 64 vouch sample "$data" -c town/plan --plan quarterly
status "no such case file" 3 vouch evaluate "$tmp/none.db"
status "a case file without a spot check" 2 vouch evaluate "$tmp/audit.db"
sqlite3 "$tmp/a.db" "drop trigger frame_no_update; update frame set pence = 1 where ord = 3"
status "a frame that was changed" 2 vouch evaluate "$tmp/a.db"
like "is found" "$tmp/err" 'not the one that was frozen'
sed -i 's/draw 61 at random/draw 62 at random/' "$town/plan.vouch"
status "a plan that was changed" 2 vouch evaluate "$tmp/two.db"
like "is another plan" "$tmp/err" 'no longer declared'
status "an audit adds its run to the same file" 0 vouch audit "$data" -c town/claims -o "$tmp/claims.db"
is "and both stand there" "$(sql "$tmp/claims.db" 'select (select count(*) from run), (select count(*) from plan)')" \
	"1|1"
finish
