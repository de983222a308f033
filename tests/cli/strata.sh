#!/usr/bin/env bash
# Spot checks in strata: shares, draws that anybody can make again stratum by stratum, and what is said
# of the whole; each figure held against SQL over what was drawn.
. "$srcdir/tests/cli/common.sh"

# strata NAME CLAUSE...: a contract with one plan
strata() {
	local name=$1
	shift
	{
		town_head "$name" "Town Care, $name" "31 March 2026"
		echo '  source    rules "Town Rules"'
		town_providers
		cat <<'END'

dataset visit from visits
  key ref
  ref      : text
  provider : provider from provider_ref
  date     : date
  kind     : one of (home, night, respite)
  declared : duration from declared_min in minutes
  logged   : duration from logged_min in minutes
  rate     : money per hour

rule T1 "Declared more time than was logged"
  severity    major
  for each    visit
  on          visit.date
  require     visit.declared <= visit.logged
  at stake    visit.rate * (visit.declared - visit.logged)

spot check quarterly
  cites       rules "Audit"
  population  visit
  for each    visit.provider
  on          visit.date
  at stake    visit.rate * visit.declared
END
		printf '  %s\n' "$@"
	} >"$town/$name.vouch"
}
strata kinds 'in strata by visit.kind' 'draw 20 at random' \
	'then draw 9 when 1 finding of severity major' 'extrapolates under rules "Sampling"'
strata money 'in strata by visit.rate * visit.declared split at £15, £25' 'draw 30 at random'
strata each 'in strata by visit.kind' 'draw 6 from each stratum'
strata one 'in strata by visit.kind' 'draw 1 from each stratum'

# P1: 100 home visits of an hour, 30 nights of two, 3 of respite of half an hour; each at £20 an hour.
# Every fourth visit was 15 minutes shorter than declared, and number 120 longer by 15. P2: 4 visits.
sqlite3 "$data" <<'END'
drop table visits;
create table visits(ref text, provider_ref text, date text, kind text, declared_min integer,
	logged_min integer, rate text);
with recursive c(n) as (select 1 union all select n + 1 from c where n < 137)
insert into visits select case when n < 134 then 'P1-' else 'P2-' end || n, case when n < 134 then 'P1'
	else '=P2' end, date('2025-07-01', '+' || (n % 90) || ' days'), case when n <= 100 then 'home'
	when n <= 130 then 'night' when n <= 133 then 'respite' end,
	case when n <= 100 then 60 when n <= 130 then 120 else 30 end, 0, '20.00' from c;
update visits set logged_min = declared_min - case when cast(substr(ref, 4) as integer) % 4 = 0
	then 15 else 0 end;
END

sample() { # sample PLAN CASE [ARGUMENT...]
	local plan=$1 to=$2
	shift 2
	"$VOUCH" sample "$data" -c "town/$plan" --plan quarterly -o "$to" "$@"
}
per_stratum() { # rows drawn of P1, stratum by stratum
	sql "$1" "select stratum, count(*) from drawn where grp = 'P1' ${2:-} group by stratum"
}

# ---- the plan

for name in kinds money each one; do
	status "the contract $name is sound" 0 vouch check "town/$name"
	status "and can be laid out" 0 vouch fmt "$town/$name.vouch"
	status "once" 0 vouch fmt --check "$town/$name.vouch"
done
is "the clause is lined up with the others" "$(grep -c '^  in strata by  visit.kind$' "$town/kinds.vouch")" 1

# ---- the frame and the draw: 15 and 5/133, 4 and 68/133, 0 and 60/133 of 20; and 2 at least

status "the frame is frozen" 0 sample kinds "$tmp/kinds.db"
like "strata are told" "$tmp/out" 'by visit.kind: 20 rows in proportion .*2 at least from each'
is "the line that is printed gives the frame's hash" \
	"$(bash -c "$(grep 'sha256sum$' "$tmp/out")" | cut -d' ' -f1)" \
	"$(sql "$tmp/kinds.db" 'select frame_sha256 from plan')"
status "rows are drawn" 0 sample kinds "$tmp/kinds.db" --seed "it's 7"
is "each stratum has its share" "$(per_stratum "$tmp/kinds.db" | tr '\n' ' ')" "home|15 night|5 respite|2 "
like "the table says of how many" "$tmp/out" 'P1 *home *100 *£2,000.00 *15'
like "a row of which the kind is not known is of its own kind" "$tmp/out" '=P2 *? *4 *£40.00 *4'
sed -n '/^  s=/,$p' "$tmp/out" >"$tmp/redo"
is "sha256sum and sort draw the stratum again" "$(bash "$tmp/redo")" \
	"$(sql "$tmp/kinds.db" "select key from drawn where grp = '=P2' and stratum = '?' order by number")"
sed -i "s/grp = '=P2'/grp = 'P1'/; s/stratum = '?'/stratum = 'night'/; s/head -n 4/head -n 5/" "$tmp/redo"
is "and the others alike" "$(bash "$tmp/redo")" \
	"$(sql "$tmp/kinds.db" "select key from drawn where grp = 'P1' and stratum = 'night' order by number")"
status "the list as CSV" 0 sample kinds "$tmp/kinds.db" --format csv
is "names the strata" "$(csv "select group_concat(distinct stratum) from f where grp = 'P1'")" \
	"home,night,respite"
status "rows in another order" 0 sqlite3 "$data" "create table v as select * from visits order by
	kind, ref desc; delete from visits; insert into visits select * from v; drop table v"
status "give" 0 sample kinds "$tmp/order.db" --seed "it's 7"
is "the same sample" "$(sql "$tmp/order.db" 'select * from drawn')" "$(sql "$tmp/kinds.db" 'select * from drawn')"

# ---- what came of it, against SQL: sum N_h mean_h; sum N_h^2 s_h^2 / n_h (1 - n_h/N_h)

by_hand() { # by_hand CASE: estimate, and what t times the square root adds on both sides, pence
	sql "$1" "with last as (select evaluation_id as e from evaluation order by number desc limit 1),
	d as (select stratum, over_pence - under_pence as x from drawn_result join drawn using (grp, key)
		where evaluation_id = (select e from last) and grp = 'P1'),
	h as (select stratum, count(*) as n, sum(x) as sx, sum(x * x) as sxx, (select count(*) from frame f
		where f.grp = 'P1' and f.stratum = d.stratum) as big from d group by stratum)
	select sum(1.0 * big * sx / n), sum(iif(n < big, 1.0 * big * big * (sxx - 1.0 * sx * sx / n) / (n - 1)
		/ n * (1 - 1.0 * n / big), 0)), sum(iif(n < big, n - 1, 0)) from h"
}
figures() { # figures CASE COLUMNS: of P1, in the last evaluation
	sql "$1" "select $2 from evaluation_group join evaluation using (evaluation_id) where grp = 'P1'
		order by number desc limit 1"
}
status "one finding asks for more" 1 vouch evaluate "$tmp/kinds.db"
cp "$tmp/out" "$tmp/evaluated"
# 14 + 4 + 1 rows more than strata that are open: t(19) = 2.0930241 two-sided, 1.7291328 one-sided.
by_hand "$tmp/kinds.db" | awk -F'|' '{ printf "%d|%d|%d|%d\n", int($1 + 0.5),
	int($1 - 2.0930241 * sqrt($2) - ($1 < 2.0930241 * sqrt($2))),
	int($1 + 2.0930241 * sqrt($2)) + 1, int($1 - 1.7291328 * sqrt($2)) }' >"$tmp/hand"
is "19 degrees of freedom" "$(by_hand "$tmp/kinds.db" | cut -d'|' -f3)" 19
is "estimate, interval and lower limit are those of the formula" \
	"$(figures "$tmp/kinds.db" 'estimate, estimate_lower, estimate_upper, claim_lower')" "$(cat "$tmp/hand")"
is "what is claimed is the limit, or what was found" \
	"$(figures "$tmp/kinds.db" 'claim = max(claim_lower, net_pence)')" 1
like "strata are told apart" "$tmp/evaluated" 'P1 *night *30 *5 '
like "and how the limits were found" "$tmp/evaluated" 'Hoeffding'
is "the truth (33 rows wrong, £165) lies within" "$(figures "$tmp/kinds.db" 'count_lower <= 33 and
	33 <= count_upper and estimate_lower <= 16500 and 16500 <= estimate_upper and exposure >= 16500')" 1
is "a group that is one stratum, looked at whole, is whole" \
	"$(sql "$tmp/kinds.db" "select census, decision from evaluation_group where grp = '=P2'")" "1|whole"

# ---- the second stage: 9 of the 85, 25 and 1 that are left: 6 and 99/111, 2 and 3/111, 9/111

status "the second stage" 0 vouch sample --next -o "$tmp/kinds.db"
is "is shared out over the rows that are left" "$(per_stratum "$tmp/kinds.db" 'and stage = 2' | tr '\n' ' ')" \
	"home|7 night|2 "
is "numbers go on" "$(sql "$tmp/kinds.db" "select max(number) from drawn where stratum = 'home'")" 22
vouch evaluate "$tmp/kinds.db" >"$tmp/out"
is "of both stages" "$(figures "$tmp/kinds.db" 'stage, looked')" "2|31"
status "verified" 0 vouch verify "$tmp/kinds.db"

# ---- by money: £10 and below £15, £20 of an hour, £40 of a night

status "by money" 0 sample money "$tmp/money.db" --seed 3
is "strata are numbered and named by their ends" "$(sql "$tmp/money.db" "select distinct stratum from frame
	where grp = 'P1'")" "1: below £15.00
2: £15.00 to below £25.00
3: £25.00 and above"
is "a cut belongs to the stratum above it" "$(sqlite3 "$data" "update visits set rate = '30.00' where
	kind = 'respite' and provider_ref = 'P1'"; sample money "$tmp/cut.db" >"$tmp/out"; sql "$tmp/cut.db" \
	"select count(*) from frame where grp = 'P1' and stratum like '2:%'")" 103
sqlite3 "$data" "update visits set rate = '20.00'"
status "no finding, no second stage, no claim" 0 vouch evaluate "$tmp/money.db"
like "and no clause" "$tmp/out" 'No claim is made'

# ---- so many from each

status "so many from each" 0 sample each "$tmp/each.db" --seed 3
is "whatever its size" "$(per_stratum "$tmp/each.db" | tr '\n' ' ')" "home|6 night|6 respite|3 "
vouch evaluate "$tmp/each.db" >"$tmp/out"
like "limits are added" "$tmp/out" 'exact limits of each stratum, added'
is "the truth lies within" "$(figures "$tmp/each.db" 'count_lower <= 33 and 33 <= count_upper')" 1
status "one from each" 0 sample one "$tmp/one.db" --seed 3
like "is told beforehand to give no interval" "$tmp/out" 'there will be no interval'
vouch evaluate "$tmp/one.db" >"$tmp/out"
like "and afterwards why there is none" "$tmp/out" 'No interval for P1: in 3 of its strata fewer than two'
is "nothing is guessed" "$(figures "$tmp/one.db" 'has_estimate, estimate, estimate_upper, thin')" "0|0|0|3"

# ---- changes

cp "$data" "$tmp/moved.db"
moved=$(sql "$tmp/each.db" "select key from drawn where stratum = 'night' limit 1")
sqlite3 "$tmp/moved.db" "update visits set kind = 'home' where ref = '$moved'"
vouch evaluate "$tmp/each.db" --data "$tmp/moved.db" >"$tmp/out"
like "a row that would be of another stratum now is named" "$tmp/out" "changed $moved: .*night.*home"
status "a row taken into another stratum by hand" 0 sqlite3 "$tmp/kinds.db" "$(sqlite3 "$tmp/kinds.db" "select
	'drop trigger ' || name || ';' from sqlite_schema where type = 'trigger'")" \
	"update drawn set stratum = 'home', number = 23 where grp = 'P1' and stratum = 'night'
	and number = 1"
status "is found" 1 vouch verify "$tmp/kinds.db"
like "and named" "$tmp/out" 'night has not the share'
finish
