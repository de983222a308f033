#!/usr/bin/env bash
# How many to draw, asked before a rule says it: published sizes as the program prints them, and that
# the clauses it gives are taken by the checker without a warning.
. "$srcdir/tests/cli/common.sh"

size() { vouch sample --size "$@" >"$tmp/out" 2>"$tmp/err"; }
# first: the line that answers
answers() { # answers DESCRIPTION START ARGUMENT...
	local name=$1 start=$2
	shift 2
	size "$@"
	is "$name: answered" $? 0
	contains "$name" "$(head -1 "$tmp/out" | sed 's/$/ /')" "draw $start"
	ok "$name: and nothing on standard error" test ! -s "$tmp/err"
}

# AICPA, Audit Sampling, appendices A and C; Touw and Hoogduin (2011). Exact where a table slips: 400
# and not 423, 113 and not 112, 65 and not 64.
binomial='59:95%:5%:0 93:95%:5%:1 234:95%:5%:2.5% 299:95%:1%:0 116:95%:10%:5% 127:95%:6%:2%
22:90%:10%:0% 100:90%:15%:10% 400:90%:5%:3.5% 773:95%:1%:3 531:90%:1%:2'
for case in $binomial; do
	IFS=: read -r n confidence tolerable expected <<<"$case"
	answers "$n at $confidence, $tolerable, $expected" "$n;" --confidence "$confidence" \
		--tolerable "$tolerable" --expected "$expected"
done
poisson='300:95%:1%:0 126:95%:5%:2 2,308:95%:0.5%:0.25% 115:90%:5%:2% 104:87.5%:2%:0 65:96%:5%:0
71:97%:5%:0 79:98%:5%:0 93:99%:5%:0'
for case in $poisson; do
	IFS=: read -r n confidence tolerable expected <<<"$case"
	answers "pounds: $n at $confidence, $tolerable, $expected" "$n;" --law poisson \
		--confidence "$confidence" --tolerable "$tolerable" --expected "$expected"
done
answers "parts of errors may be expected by money" \
	"2,308; what is wrong of them may come to 5.77" --law poisson --tolerable 0.5% --expected 0.25%
frame='258:1000:95%:1%:0 57:1000:95%:5%:0 197:1000:95%:5%:2.5% 119:1000:95%:5%:2 59:10000:95%:5%:0
45:1200:90%:5%:0 102:1200:90%:5%:2'
for case in $frame; do
	IFS=: read -r n rows confidence tolerable expected <<<"$case"
	answers "of $rows: $n at $confidence, $tolerable, $expected" "$n;" --population "$rows" \
		--confidence "$confidence" --tolerable "$tolerable" --expected "$expected"
done

# Two stages: the sizes are those of the whole plan.
answers "61 and 61" "61, and 61 more when 1 of them is wrong" --tolerable 5% --stages 2
ok "its risk is 4.992%" grep -q '^chance to pass  4\.992% with 5% of the rows wrong' "$tmp/out"
ok "59 and 59 is not that plan" grep -q '^not  *59, .* 59 would pass with a chance of 5\.58%' "$tmp/out"
answers "49 and 49 at 90%" "49, and 49 more" --tolerable 5% --stages 2 --confidence 90%
answers "105 and 105 of pounds" "105, and 105 more" --tolerable 3% --stages 2 --law poisson
answers "60 and 60 is looked at" "60, and 60 more" --tolerable 5% --stages 2 --draw 60
ok "and is too few, by a risk of 5.277…%" grep -q '5\.278%.*: too few' <(tr '\n' ' ' <"$tmp/out")

# To find one: 25 of 5,000 with 300; and none met in 10, 20, 30 and 60 where 5% are wrong.
answers "300 of 5,000" "300;" --find 25 --population 5000 --draw 300
ok "meet one of 25 with a chance of 0.787906" grep -q '^chance to find  78\.7906%' "$tmp/out"
answers "the least draw that meets one" "564;" --find 25 --population 5000
ok "its chance is rounded down" grep -q '^chance to find  95\.02' "$tmp/out"
for case in 10:59.874 20:35.849 30:21.464 60:4.607; do
	size --tolerable 5% --draw "${case%:*}"
	is "none met in ${case%:*}: ${case#*:}%" \
		"$(sed -nE 's/^chance to pass  ([0-9.]+)%.*/\1/p' "$tmp/out")" "${case#*:}"
done

# By money: the exact size, and beside it what the printed factors give (interval £11,333.33, 88).
answers "a book of a million" "93;" --book £1,000,000 --tolerable £50,000 --expected £10,000
ok "its interval" grep -q '^interval  *£10,752\.68 a selection' "$tmp/out"
ok "the plan by tables" grep -q '^by tables  *88 selections, every £11,333\.33' "$tmp/out"
ok "is drawn by money" grep -qx '  draw          93 by money' "$tmp/out"
answers "without errors it is that of a rate" "59;" --book £100 --tolerable £5 --confidence 94.7%
answers "an odd rate" "143;" --book £13,500,000 --tolerable £450,000 --expected 1
ok "is written rounded up" grep -qx '  tolerable     3\.34%' "$tmp/out"

# JSON has the figures in billionths and pence.
size --tolerable 5% --stages 2 --format json
is "JSON: the sizes" "$(json '$.draw') $(json '$.then_draw') $(json '$.alone')" "61 61 59"
ok "JSON: the risk" test "$(json '$.risk')" -gt 49915000 -a "$(json '$.risk')" -lt 49925000
is "JSON: what there is not is null" "$(json '$.interval')" ""
size --book £1,000,000 --tolerable £50,000 --expected £10,000 --format json
is "JSON: pence" "$(json '$.interval') $(json '$.table_selections')" "1075268 88"

# What it says to write is a spot check that is taken; sizes by a population are warned of, as it says.
rule() { # rule NAME: a contract with the clauses that were printed
	{
		town_head "$1" "Town Care, $1" "31 March 2026"
		echo '  source    rules "Town Rules"'
		town_providers
		cat <<'END'

dataset visit from visits
  key ref
  ref      : text
  provider : provider from provider_ref
  date     : date
  rate     : money

rule T1 "A visit for nothing"
  cites     rules "Visits"
  severity  minor
  for each  visit
  on        visit.date
  require   visit.rate > £0

spot check quarterly
  cites         rules "Audit"
  population    visit
  for each      visit.provider, quarter of visit.date
  at stake      visit.rate
END
		sed '1,/^in the rule file/d' "$tmp/out"
	} >"$town/$1.vouch"
}
takes() { # takes NAME ARGUMENT...
	local name=$1
	shift
	size "$@"
	rule "$name"
	status "$name: the checker takes it" 0 vouch check "town/$name"
	ok "$name: without a warning of its risk" test "$(cat "$tmp/out" "$tmp/err" | grep -c "the chance to pass with")" -eq 0
}
takes one --tolerable 5%
takes errors --confidence 90% --tolerable 5% --expected 3.5%
takes two --tolerable 5% --stages 2
takes money --book £1,000,000 --tolerable £50,000 --expected £10,000
takes pounds --book £13,500,000 --tolerable £450,000 --expected 1
takes found --find 25 --population 5000
size --tolerable 1% --population 1000
ok "a warning is foretold" grep -q 'W0711.*' "$tmp/out"
rule frame
status "it is taken" 0 vouch check town/frame
contains "and the warning comes" "$(cat "$tmp/out" "$tmp/err")" "the chance to pass with 1.00% of the rows wrong is 7.48%"
finish
