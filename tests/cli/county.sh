#!/usr/bin/env bash
# The county generator: the same options make the same content, of the size asked for; what is
# planted stands in a file of its own; and SQL finds the truth again for rules that SQL can check.
# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

tables="providers clients carers provisions visits submissions care_logs hospital_stays awards bids
	handbacks kpi_returns registrations trainings pledges kpi_requests variations statements"

county() {
	"$COUNTY" --out "$1" --visits "$2" --seed "$3" "${@:4}" >"$tmp/made" 2>"$tmp/err"
}

sql() {
	sqlite3 -batch "$@"
}

dump() {
	sql "$1" .dump | sha256sum
}

# Rows in an order of their own, so that the order of entry does not count.
sorted() {
	local table
	for table in $tables; do
		sql "$1" "SELECT * FROM $table" | LC_ALL=C sort
	done | sha256sum
}

# Keys in the order of entry.
entered() {
	sql "$1" "SELECT group_concat(visit_ref) FROM (SELECT * FROM visits
		ORDER BY rowid LIMIT 20)"
}

verdicts() {
	sql "$1.truth.db" "SELECT count(*) FROM planted WHERE $2"
}

# Subjects that fail a rule, as the truth has them and as a query over the county does; both leave
# out the rows of bad data.
agree() {
	local rule=$1 query=$2
	sql "$tmp/a.db.truth.db" "SELECT subject || coalesce(' ' || at_stake_pence, '') FROM planted
		WHERE rule = '$rule' AND verdict = 'fail'" | sort -u >"$tmp/truth"
	sql "$tmp/a.db" "ATTACH '$tmp/a.db.truth.db' AS t; SELECT found FROM ($query) f
		WHERE NOT EXISTS (SELECT 1 FROM t.excused WHERE instr(f.found, part))" |
		sort -u >"$tmp/queried"
	ok "some fail $rule" test -s "$tmp/truth"
	same "a query finds the same for $rule" "$tmp/queried" "$tmp/truth"
}

county "$tmp/a.db" 40000 7
ok "a county of 40,000 visits is whole" test "$(sql "$tmp/a.db" "PRAGMA integrity_check")" = ok
county "$tmp/b.db" 40000 7
is "the same seed makes the same county" "$(dump "$tmp/b.db")" "$(dump "$tmp/a.db")"
is "and the same truth" "$(dump "$tmp/b.db.truth.db")" "$(dump "$tmp/a.db.truth.db")"
county "$tmp/b.db" 40000 8
ok "another seed makes another" test "$(dump "$tmp/b.db")" != "$(dump "$tmp/a.db")"

county "$tmp/b.db" 40000 7 --shuffle
is "shuffled, it has the same rows" "$(sorted "$tmp/b.db")" "$(sorted "$tmp/a.db")"
ok "in another order" test "$(entered "$tmp/b.db")" != "$(entered "$tmp/a.db")"
is "and is whole" "$(sql "$tmp/b.db" "PRAGMA integrity_check")" ok
is "and its tables are declared alike" \
	"$(sql "$tmp/b.db" "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")" \
	"$(sql "$tmp/a.db" "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")"

county "$tmp/b.db" 5000 7 --shuffle --long-keys
is "long keys have 36 characters" "$(sql "$tmp/b.db" "SELECT DISTINCT length(visit_ref) || ' ' ||
	length(provision_ref) || ' ' || length(v.rate IS NULL) FROM visits v")" "36 36 1"
is "links still hold" "$(sql "$tmp/b.db" "SELECT count(*) FROM visits v LEFT JOIN provisions p
	USING (provision_ref) WHERE p.provision_ref IS NULL")" 1

for visits in 1000 4321 30000; do
	county "$tmp/b.db" "$visits" 3 --clean-data
	is "$visits visits are $visits rows" "$(sql "$tmp/b.db" "SELECT count(*) FROM visits")" \
		"$visits"
done
county "$tmp/b.db" 30000 3 --clean-data --findings 600
found=$(verdicts "$tmp/b.db" "verdict = 'fail'")
ok "about 600 findings when asked for ($found)" test "$found" -gt 540 -a "$found" -lt 660
county "$tmp/b.db" 30000 3 --clean-data --share 0
is "none when none are asked for" "$(verdicts "$tmp/b.db" "verdict <> 'pass'")" 0
is "and nothing rejected" "$(sql "$tmp/b.db.truth.db" "SELECT count(*) FROM planted_rejected")" 0

lacks "the county does not know what is planted" \
	"$(sql "$tmp/a.db" "SELECT group_concat(name) FROM sqlite_schema")" planted
rm -f "$tmp/b.db" "$tmp/b.db.truth.db"
county "$tmp/b.db" 2000 3 --no-truth
ok "without a truth there is no truth file" test ! -e "$tmp/b.db.truth.db"
ok "and nothing unfinished is left" test -z "$(find "$tmp" -name '*unfinished*')"

is "every rule is broken somewhere" "$(sql "$tmp/a.db.truth.db" "SELECT group_concat(rule) FROM
	(SELECT DISTINCT rule FROM planted WHERE verdict = 'fail'
	AND rule NOT IN ('V8', 'TB1', 'TB3', 'H2', 'H3', 'W1') ORDER BY rule)")" \
	"B1,B2,B3,B5,B6,C1,C2,C3,C4,H1,S1,S2,S3,S4,S5,V1,V2,V3,V4,V5,V6,V7,W2,W3,W4"
is "bad data of each kind is told of" "$(sql "$tmp/a.db.truth.db" "SELECT count(DISTINCT
	source_column) FROM planted_rejected")" 7

delivered="FROM visits v JOIN provisions p USING (provision_ref) JOIN clients c USING (client_ref)
	WHERE v.outcome = 'delivered'"
pence="CAST(round(v.rate * 100) AS INTEGER)"
agree V7 "SELECT 'visit ' || visit_ref || ' ' || ((($pence - CAST(round(p.rate * 100) AS INTEGER)) *
	declared_minutes + 30) / 60) AS found $delivered AND v.rate > p.rate"
agree V4 "SELECT 'visit ' || visit_ref || ' ' || (($pence * (declared_minutes - allowed) + 30) / 60)
	AS found FROM (SELECT *, CASE outcome WHEN 'frustrated' THEN min(planned_minutes, 30)
	WHEN 'cancelled' THEN iif(notice_minutes >= 1440, 0, iif(notice_minutes < 1440,
	planned_minutes, NULL)) ELSE 0 END AS allowed FROM visits WHERE outcome <> 'delivered') v
	WHERE declared_minutes > allowed"
agree W2 "SELECT 'provision ' || provision_ref || ', week ' || monday || ' ' ||
	(($pence * (declared - weekly_minutes) + 30) / 60) AS found FROM (SELECT provision_ref, p.weekly_minutes, v.rate,
	date(visit_date, 'weekday 0', '-6 days') AS monday, sum(declared_minutes) AS declared
	$delivered AND p.service <> 'take_a_break' GROUP BY provision_ref, monday) v WHERE declared > weekly_minutes"

# Figures that SQL can count as well. A group has its rows from before the run, too.
figure() { # MEASURE QUERY
	sql "$tmp/a.db.truth.db" "SELECT replace(contract || ' ' || keys, char(31), ' ') || ' ' ||
		numerator || '/' || denominator FROM figure WHERE measure = '$1'" | sort >"$tmp/truth"
	sql "$tmp/a.db" "$2" | sort >"$tmp/queried"
	ok "there are figures for $1" test -s "$tmp/truth"
	same "a query counts the same for $1" "$tmp/queried" "$tmp/truth"
}
quarter() {
	echo "strftime('%Y', $1) || '-' || substr('01040710', (strftime('%m', $1) - 1) / 3 * 2 + 1, 2) || '-01'"
}
contract="iif(p.contract = 'ccsh', 'hampshire/ccsh', 'hampshire/care-and-support-at-home')"
figure handbacks "SELECT contract || ' ' || provider_ref || ' ' || quarter || ' ' || sum(back) || '/' ||
	count(*) FROM (SELECT $contract AS contract, a.provider_ref, $(quarter a.awarded_on) AS quarter,
	EXISTS (SELECT 1 FROM handbacks h WHERE h.award_ref = a.award_ref
	AND h.reason <> 'needs_changed') AS back FROM awards a JOIN provisions p USING (provision_ref))
	WHERE date(quarter, '+3 months', '-1 day') BETWEEN '2025-04-28' AND '2026-04-26'
	GROUP BY contract, provider_ref, quarter"
figure missed_visits "SELECT contract || ' ' || provider_ref || ' ' || quarter || ' ' || sum(missed) ||
	'/' || count(*) FROM (SELECT $contract AS contract, p.provider_ref, $(quarter visit_date) AS
	quarter, v.outcome = 'missed' AS missed FROM visits v JOIN provisions p USING (provision_ref)
	WHERE v.outcome IN ('delivered', 'cancelled', 'frustrated', 'missed')
	AND visit_date <> '2025-06-31')
	WHERE date(quarter, '+3 months', '-1 day') BETWEEN '2025-04-28' AND '2026-04-26'
	GROUP BY contract, provider_ref, quarter"
is "the share of handbacks stands on the lines" "$(sql "$tmp/a.db.truth.db" "SELECT
	group_concat(DISTINCT status) FROM (SELECT status FROM figure WHERE measure = 'handbacks'
	AND numerator * 10 = denominator UNION ALL SELECT status FROM figure WHERE measure = 'handbacks'
	AND numerator * 20 = denominator)")" watch,met
is "what is banked adds up" "$(sql "$tmp/a.db.truth.db" "SELECT count(*) FROM balance
	WHERE credited <> used + expired + held")" 0
county "$tmp/b.db" 3000 3 --loose
is "loose tables let keys stand twice" "$(sql "$tmp/b.db" "SELECT count(*) - count(DISTINCT
	visit_ref) FROM visits")" 1
for small in rounding clocks contested; do
	rm -f "$tmp/small.db"
	ok "corpus/small/$small.sql loads" sql -bail "$tmp/small.db" \
		".read '$srcdir/rules/lib/homecare.sql'" ".read '$srcdir/corpus/small/$small.sql'"
done

status "help" 0 "$COUNTY" --help
status "no options are not enough" 64 "$COUNTY"
status "999 visits are too few" 64 "$COUNTY" --out "$tmp/b.db" --visits 999 --seed 1
status "a Tuesday is no Monday" 64 "$COUNTY" --out "$tmp/b.db" --visits 1000 --seed 1 \
	--from 2025-04-29
status "a folder that is not there" 3 "$COUNTY" --out "$tmp/none/b.db" --visits 1000 --seed 1
finish
