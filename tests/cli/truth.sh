#!/usr/bin/env bash
# The main job: an audit of a county finds what was planted, nothing less and nothing more. The truth
# stands in a database of its own, which the rules never see.
. "$srcdir/tests/tap.sh"

# What was found and what was planted, in one form: contract, rule, subject, verdict, pence. Findings
# that hang on rows made unreadable on purpose are excused, and so is the subject `?` of rows without a key; sums of rules without one are NULL.
compare() { # DATA CASE
	sqlite3 -batch "$2" <<SQL
ATTACH '$1.truth.db' AS truth;
CREATE TEMP TABLE found AS
	SELECT contract, rule, CASE instr(dataset, ', ') WHEN 0 THEN dataset || ' ' || subject_key
		ELSE substr(dataset, 1, instr(dataset, ', ') - 1) || ' ' ||
			substr(subject_key, 1, instr(subject_key, ', ') - 1) || ', ' ||
			replace(substr(dataset, instr(dataset, ', ') + 2), '_', ' ') || ' ' ||
			substr(subject_key, instr(subject_key, ', ') + 2) END AS subject,
		verdict, at_stake_pence AS pence
	FROM finding WHERE subject_key <> '?';
DELETE FROM found WHERE EXISTS (SELECT 1 FROM truth.excused WHERE instr(subject, part) > 0);
CREATE TEMP TABLE planted AS SELECT contract, rule, subject, verdict,
	CASE verdict WHEN 'fail' THEN at_stake_pence END AS pence FROM truth.planted
	WHERE verdict <> 'pass';
SELECT 'missed', * FROM (SELECT * FROM planted EXCEPT SELECT * FROM found) LIMIT 5;
SELECT 'invented', * FROM (SELECT * FROM found EXCEPT SELECT * FROM planted) LIMIT 5;
SELECT 'accused', contract, rule, subject FROM truth.planted JOIN found USING (contract, rule, subject)
	WHERE truth.planted.verdict = 'pass' LIMIT 5;
SQL
}

# Measures and KPIs: figure, status, and how the provider's own figure stands beside it. Fractions
# are compared by their cross products, rates in pounds a second by pence an hour.
figures() { # DATA CASE
	sqlite3 -batch "$2" <<SQL
ATTACH '$1.truth.db' AS truth;
CREATE TEMP TABLE excused AS SELECT part FROM truth.excused;
CREATE TEMP TABLE found AS SELECT contract, measure, keys, CAST(numerator AS INTEGER) AS n,
	CAST(denominator AS INTEGER) AS d, status, coalesce(reported_status, '') AS reported
	FROM measure_result WHERE keys NOT LIKE '%?%'
	AND NOT EXISTS (SELECT 1 FROM temp.excused WHERE instr(keys, part) > 0);
CREATE TEMP TABLE counted AS SELECT contract, measure, keys, numerator,
	denominator * iif(measure = 'price_awarded', 360000, 1) AS denominator, status, reported
	FROM truth.figure;
CREATE INDEX temp.found_keys ON found(contract, measure, keys);
CREATE INDEX temp.counted_keys ON counted(contract, measure, keys);
SELECT 'no figure', f.* FROM counted f LEFT JOIN found g USING (contract, measure, keys)
	WHERE g.n IS NULL LIMIT 5;
SELECT 'figure of nothing', g.* FROM found g LEFT JOIN counted f USING (contract, measure, keys)
	WHERE f.numerator IS NULL LIMIT 5;
SELECT 'other figure', f.*, g.* FROM counted f JOIN found g USING (contract, measure, keys)
	WHERE g.n * f.denominator <> f.numerator * g.d OR coalesce(g.status, '') <> f.status
	OR g.reported <> f.reported LIMIT 5;
SQL
}

# Take a Break: minutes credited, used, expired, held and short for each provision, entry by entry,
# and that each bank's totals foot.
balances() { # DATA CASE
	sqlite3 -batch "$2" <<SQL
ATTACH '$1.truth.db' AS truth;
CREATE TEMP TABLE found AS SELECT contract, keys AS provision,
	total(iif(kind = 'credit', amount, 0)) / 60 AS credited,
	total(iif(kind = 'credit', used, 0)) / 60 AS used,
	total(iif(kind = 'credit', expired, 0)) / 60 AS expired,
	total(iif(kind = 'credit', amount - used - expired, 0)) / 60 AS held,
	total(iif(kind = 'debit', shortfall, 0)) / 60 AS shortfall,
	count(iif(kind = 'debit', 1, NULL)) AS debits
	FROM bank_entry WHERE bank = 'take_a_break' GROUP BY contract, keys;
SELECT 'no such balance', * FROM (SELECT * FROM truth.balance EXCEPT SELECT * FROM found) LIMIT 5;
SELECT 'other balance', * FROM (SELECT * FROM found EXCEPT SELECT * FROM truth.balance) LIMIT 5;
SELECT 'does not foot', * FROM bank_total WHERE credited <> used + expired + held;
SQL
}

audit() { # DATA CASE [OPTION...]
	local data=$1 case=$2
	shift 2
	local from to
	from=$(sqlite3 "$data.truth.db" "SELECT value FROM made WHERE name = 'from'")
	to=$(sqlite3 "$data.truth.db" "SELECT value FROM made WHERE name = 'to'")
	"$VOUCH" audit "$data" -c hampshire -o "$case" --from "$from" --to "$to" "$@"
}

for seed in 1 2 3; do
	data=$tmp/county-$seed.db
	"$COUNTY" --out "$data" --visits 60000 --seed $seed > /dev/null 2>&1
	audit "$data" "$tmp/case-$seed.db" > "$tmp/out" 2> "$tmp/err"
	is "county $seed is audited" "$?" 0
	is "county $seed: none missed, none invented" "$(compare "$data" "$tmp/case-$seed.db")" ""
	is "county $seed: every figure is as counted" "$(figures "$data" "$tmp/case-$seed.db")" ""
	is "county $seed: every balance is as counted" "$(balances "$data" "$tmp/case-$seed.db")" ""
done

is "every kind of plant is among them" \
	"$(for seed in 1 2 3; do sqlite3 "$tmp/county-$seed.db.truth.db" \
		"SELECT DISTINCT rule FROM planted WHERE verdict = 'fail'"; done | sort -u | tr '\n' ' ')" \
	"C1 C2 C3 C4 H1 H2 H3 TB1 TB3 V1 V2 V3 V4 V5 V6 V7 V8 W1 W2 W3 "

is "every status of a kpi is among them" \
	"$(for seed in 1 2 3; do sqlite3 "$tmp/county-$seed.db.truth.db" \
		"SELECT DISTINCT status FROM figure WHERE measure = 'handbacks'"; done | sort -u | tr '\n' ' ')" \
	"failed insufficient evidence met watch "
is "and every kind of report beside it" \
	"$(for seed in 1 2 3; do sqlite3 "$tmp/county-$seed.db.truth.db" \
		"SELECT DISTINCT reported FROM figure WHERE reported <> ''"; done | sort -u | tr '\n' ' ')" \
	"conflict differs not reported same unknown "
is "hours are claimed on the last day, a day after, a minute beyond, and exactly" \
	"$(for seed in 1 2 3; do sqlite3 "$tmp/county-$seed.db.truth.db" \
		"SELECT DISTINCT note FROM planted WHERE rule = 'TB3'"; done | sort -u | wc -l)" 4

is "what was made unreadable is listed as rejected" \
	"$(sqlite3 "$tmp/case-1.db" "ATTACH '$tmp/county-1.db.truth.db' AS truth;
		SELECT count(*) FROM truth.planted_rejected p WHERE NOT EXISTS (SELECT 1 FROM rejected r
			WHERE r.dataset = p.dataset AND r.source_key = p.source_key)")" 0
is "rows read are rows judged and rows rejected" \
	"$(sqlite3 "$tmp/case-1.db" "SELECT count(*) FROM dataset_result
		WHERE rows_read <> rows_judged + rows_rejected")" 0

# Law 8: the order of rows, the keys' form and the threads change nothing but the keys.
"$COUNTY" --out "$tmp/shuffled.db" --visits 60000 --seed 1 --shuffle > /dev/null 2>&1
for threads in 1 2 3; do
	audit "$tmp/shuffled.db" "$tmp/shuffled-$threads.db" --threads $threads > /dev/null 2>&1
	is "shuffled, $threads threads: none missed, none invented" \
		"$(compare "$tmp/shuffled.db" "$tmp/shuffled-$threads.db")" ""
	is "shuffled, $threads threads: figures and balances are as counted" \
		"$(figures "$tmp/shuffled.db" "$tmp/shuffled-$threads.db")$(balances "$tmp/shuffled.db" \
			"$tmp/shuffled-$threads.db")" ""
	"$VOUCH" findings "$tmp/shuffled-$threads.db" --format json > "$tmp/shuffled-$threads.json"
done
"$VOUCH" findings "$tmp/case-1.db" --format json > "$tmp/plain.json"
for threads in 1 2 3; do
	same "findings are the same bytes, shuffled, $threads threads" "$tmp/plain.json" \
		"$tmp/shuffled-$threads.json"
done
LC_ALL=C TZ=Asia/Tokyo audit "$tmp/county-1.db" "$tmp/abroad.db" > /dev/null 2>&1
LC_ALL=C TZ=Asia/Tokyo "$VOUCH" findings "$tmp/abroad.db" --format json > "$tmp/abroad.json"
same "findings are the same bytes in another zone and locale" "$tmp/plain.json" "$tmp/abroad.json"

# Ordinary files are read page by page, all others through SQLite: the same findings.
like() { # NAME SQL...: the first county once more, as a database of another make
	rm -f "$tmp/like.db"
	{ printf '%s;\n' "${@:2}"; sqlite3 "$tmp/county-1.db" .dump; } | sqlite3 "$tmp/like.db" > /dev/null
	cp "$tmp/county-1.db.truth.db" "$tmp/like.db.truth.db"
	for threads in 1 2; do
		rm -f "$tmp/like-case.db"
		audit "$tmp/like.db" "$tmp/like-case.db" --threads $threads > /dev/null 2>&1
		"$VOUCH" findings "$tmp/like-case.db" --format json > "$tmp/like.json"
		same "findings are the same bytes, $1, $threads threads" "$tmp/plain.json" "$tmp/like.json"
	done
}
like "in WAL mode" "PRAGMA journal_mode = wal"
like "as UTF-16" "PRAGMA encoding = 'UTF-16le'"
like "in pages of 512 bytes" "PRAGMA page_size = 512"
like "in pages of 65536 bytes" "PRAGMA page_size = 65536" "PRAGMA auto_vacuum = full"

"$COUNTY" --out "$tmp/long.db" --visits 60000 --seed 4 --long-keys > /dev/null 2>&1
audit "$tmp/long.db" "$tmp/long-case.db" > /dev/null 2>&1
is "keys of 36 characters: none missed, none invented" \
	"$(compare "$tmp/long.db" "$tmp/long-case.db")" ""
is "keys of 36 characters: figures and balances are as counted" \
	"$(figures "$tmp/long.db" "$tmp/long-case.db")$(balances "$tmp/long.db" "$tmp/long-case.db")" ""
# A run's id names rule files by their place under the root, however root and file are written.
(cd "$VOUCH_RULES/.." && VOUCH_RULES=${VOUCH_RULES##*/} \
	audit "$tmp/county-1.db" "$tmp/case-1.db" > /dev/null 2>&1)
is "the same run by a relative root" \
	"$(sqlite3 "$tmp/case-1.db" "SELECT count(DISTINCT run_id) FROM run")" 1
finish
