#!/usr/bin/env bash
# The main job: an audit of a county finds what was planted, nothing less and nothing more. The
# truth stands in a database of its own, which the rules never see.
. "$srcdir/tests/tap.sh"

# What was found and what was planted, in one form: contract, rule, subject, verdict, pence. The
# subject of a group is `provision PR1, week 2025-06-02`, however many parts it has. Findings
# that hang on rows made unreadable on purpose are excused, and so is the subject
# `?` of rows without a key; sums of rules without one are NULL.
compare() { # DATA CASE [RUN]
	sqlite3 -batch "$2" <<SQL
ATTACH '$1.truth.db' AS truth;
CREATE TEMP TABLE one AS SELECT contract, rule, dataset, subject_key, verdict,
	at_stake_pence AS pence FROM finding WHERE subject_key <> '?';
CREATE TEMP TABLE found AS WITH RECURSIVE part(id, subject, names, keys) AS (
	SELECT rowid, '', dataset || ', ', subject_key || ', ' FROM one WHERE instr(dataset, ', ')
	UNION ALL
	SELECT id, iif(subject = '', '', subject || ', ') || iif(subject = '',
			substr(names, 1, instr(names, ', ') - 1),
			replace(substr(names, 1, instr(names, ', ') - 1), '_', ' ')) || ' ' ||
			substr(keys, 1, instr(keys, ', ') - 1),
		substr(names, instr(names, ', ') + 2), substr(keys, instr(keys, ', ') + 2)
		FROM part WHERE names <> '')
	SELECT contract, rule, coalesce(subject, dataset || ' ' || subject_key) AS subject, verdict,
	pence FROM one LEFT JOIN (SELECT id, subject FROM part WHERE names = '') ON id = one.rowid;
DELETE FROM found WHERE EXISTS (SELECT 1 FROM truth.excused WHERE instr(subject, part) > 0);
CREATE TEMP TABLE planted AS SELECT contract, rule, subject, verdict,
	CASE verdict WHEN 'fail' THEN at_stake_pence END AS pence FROM truth.planted
	WHERE verdict <> 'pass' AND run IN ('any', '${3:-all}');
SELECT 'missed', * FROM (SELECT * FROM planted EXCEPT SELECT * FROM found) LIMIT 5;
SELECT 'invented', * FROM (SELECT * FROM found EXCEPT SELECT * FROM planted) LIMIT 5;
SELECT 'accused', contract, rule, subject FROM truth.planted JOIN found USING (contract, rule, subject)
	WHERE truth.planted.verdict = 'pass' AND run IN ('any', '${3:-all}') LIMIT 5;
SQL
}

# Measures and KPIs: figure, status, and how the provider's own figure stands beside it. Fractions
# are compared by their cross products, rates in pounds a second by pence an hour; a figure that is not
# known is 0/0. Measures that a
# county does not count are named where its council is.
figures() { # DATA CASE [RUN]
	sqlite3 -batch "$2" <<SQL
ATTACH '$1.truth.db' AS truth;
CREATE TEMP TABLE excused AS SELECT part FROM truth.excused;
CREATE TEMP TABLE found AS SELECT contract, measure, keys,
	CAST(coalesce(numerator, 0) AS INTEGER) AS n, CAST(coalesce(denominator, 0) AS INTEGER) AS d, status, coalesce(reported_status, '') AS reported
	FROM measure_result WHERE keys NOT LIKE '%?%'
	AND (contract, measure) IN (SELECT contract, measure FROM truth.figure)
	AND NOT EXISTS (SELECT 1 FROM temp.excused WHERE instr(keys, part) > 0);
CREATE TEMP TABLE counted AS SELECT contract, measure, keys, numerator,
	denominator * iif(measure = 'price_awarded', 360000, 1) AS denominator, status, reported
	FROM truth.figure WHERE run IN ('any', '${3:-all}');
CREATE INDEX temp.found_keys ON found(contract, measure, keys);
CREATE INDEX temp.counted_keys ON counted(contract, measure, keys);
SELECT 'no figure', f.* FROM counted f LEFT JOIN found g USING (contract, measure, keys)
	WHERE g.n IS NULL LIMIT 5;
SELECT 'figure of nothing', g.* FROM found g LEFT JOIN counted f USING (contract, measure, keys)
	WHERE f.numerator IS NULL LIMIT 5;
SELECT 'other figure', f.*, g.* FROM counted f JOIN found g USING (contract, measure, keys)
	WHERE g.n * f.denominator <> f.numerator * g.d
	OR (g.d = 0) <> (f.denominator = 0) OR coalesce(g.status, '') <> f.status
	OR g.reported <> f.reported LIMIT 5;
SQL
}

# Banks: what was credited, used, expired, held and short for each account, entry by entry, and that
# each bank's totals foot. The truth may count in minutes what the case file counts in seconds.
balances() { # DATA CASE
	sqlite3 -batch "$2" <<SQL
ATTACH '$1.truth.db' AS truth;
CREATE TEMP TABLE found AS SELECT contract, keys AS provision,
	sum(iif(kind = 'credit', amount, 0)) AS credited,
	sum(iif(kind = 'credit', used, 0)) AS used,
	sum(iif(kind = 'credit', expired, 0)) AS expired,
	sum(iif(kind = 'credit', amount - used - expired, 0)) AS held,
	sum(iif(kind = 'debit', shortfall, 0)) AS shortfall,
	count(iif(kind = 'debit', 1, NULL)) AS debits, bank
	FROM bank_entry GROUP BY contract, keys, bank;
CREATE TEMP TABLE balance AS SELECT contract, provision, credited * unit, used * unit,
	expired * unit, held * unit, shortfall * unit, debits, bank FROM truth.balance;
SELECT 'no such balance', * FROM (SELECT * FROM temp.balance EXCEPT SELECT * FROM found) LIMIT 5;
SELECT 'other balance', * FROM (SELECT * FROM found EXCEPT SELECT * FROM temp.balance) LIMIT 5;
SELECT 'does not foot', * FROM bank_total WHERE credited <> used + expired + held;
SQL
}

made() { # DATA NAME
	sqlite3 "$1.truth.db" "SELECT value FROM made WHERE name = '$2'"
}

audit() { # COUNCIL DATA CASE [OPTION...]
	"$VOUCH" audit "$2" -c "$1" -o "$3" --from "$(made "$2" from)" --to "$(made "$2" to)" "${@:4}"
}

grow() { # COUNCIL DATA VISITS SEED [OPTION...]
	"$COUNTY" --council "$1" --out "$2" --visits "$3" --seed "$4" "${@:5}" > /dev/null 2> "$tmp/err"
}

exact() { # NAME DATA CASE [RUN]: of a run by `all` that was entered, or by what was `known`
	is "$1: none missed, none invented" "$(compare "$2" "$3" "${4:-all}")" ""
	is "$1: figures are as counted" "$(figures "$2" "$3" "${4:-all}")" ""
	is "$1: balances are as counted" "$(balances "$2" "$3")" ""
}

# Rules of which no county has a violation, and measures that none counts.
left_out() { # COUNCIL
	local seed
	for seed in 1 2 3; do
		sqlite3 -batch "$tmp/$1-$seed.case" "ATTACH '$tmp/$1-$seed.db.truth.db' AS truth;
			SELECT 'is', contract, rule FROM rule_result UNION
			SELECT 'is', contract, measure FROM measure_result;
			SELECT 'seen', contract, rule FROM truth.planted WHERE verdict = 'fail' UNION
			SELECT 'seen', contract, measure FROM truth.figure"
	done | awk -F'|' '{ seen[$2 " " $3] = seen[$2 " " $3] || $1 == "seen" }
		END { for (name in seen) if (!seen[name]) print name }' | LC_ALL=C sort |
		sed 's/$/;/' | tr -d '\n'
}

# Three counties by all that was entered, and by what was known when the books were closed; one of
# them shuffled and judged by one to three threads (the order of rows and the threads change
# nothing), and one with keys in no order. Each rule of each contract fails somewhere, and each measure is
# counted, but for those named as `CONTRACT RULE;`. Leaves NAME-SEED.db, .case and .known.
council() { # NAME VISITS [LEFT OUT]
	local name=$1 seed threads data
	for seed in 1 2 3; do
		data=$tmp/$name-$seed.db
		ok "$name $seed grows" grow "$name" "$data" "$2" $seed
		ok "$name $seed is audited" audit "$name" "$data" "$tmp/$name-$seed.case"
		exact "$name $seed" "$data" "$tmp/$name-$seed.case"
		audit "$name" "$data" "$tmp/$name-$seed.known" --known-on "$(made "$data" known_on)" \
			> /dev/null 2>&1
		exact "$name $seed, as known then" "$data" "$tmp/$name-$seed.known" known
	done
	is "$name: every rule is broken, every measure counted" "$(left_out "$name")" "${3:-}"
	"$VOUCH" findings "$tmp/$name-1.case" --format json > "$tmp/$name.json"
	data=$tmp/$name-shuffled.db
	ok "$name shuffled grows" grow "$name" "$data" "$2" 1 --shuffle
	for threads in 1 2 3; do
		audit "$name" "$data" "$tmp/shuffled.case" --threads $threads > /dev/null 2>&1
		exact "$name shuffled, $threads threads" "$data" "$tmp/shuffled.case"
		"$VOUCH" findings "$tmp/shuffled.case" --format json > "$tmp/shuffled.json"
		same "$name shuffled, $threads threads: the same bytes" "$tmp/$name.json" \
			"$tmp/shuffled.json"
		rm -f "$tmp/shuffled.case"
	done
	data=$tmp/$name-long.db
	ok "$name with keys of 36 characters grows" grow "$name" "$data" "$2" 4 --long-keys
	audit "$name" "$data" "$tmp/$name-long.case" > /dev/null 2>&1
	exact "$name with keys of 36 characters" "$data" "$tmp/$name-long.case"
}

# One line for each council that has a module in corpus/.
council hampshire 60000 ""
council hertfordshire 40000 ""
council kent 20000 ""
council london-borough 60000 ""
council peterborough 20000 ""

# What is Hampshire's own.
is "every status of a kpi is among them" \
	"$(for seed in 1 2 3; do sqlite3 "$tmp/hampshire-$seed.db.truth.db" \
		"SELECT DISTINCT status FROM figure WHERE measure = 'handbacks'"; done | sort -u | tr '\n' ' ')" \
	"failed insufficient evidence met watch "
is "and every kind of report beside it" \
	"$(for seed in 1 2 3; do sqlite3 "$tmp/hampshire-$seed.db.truth.db" \
		"SELECT DISTINCT reported FROM figure WHERE reported <> ''"; done | sort -u | tr '\n' ' ')" \
	"conflict differs not reported same unknown "
is "hours are claimed on the last day, a day after, a minute beyond, and exactly" \
	"$(for seed in 1 2 3; do sqlite3 "$tmp/hampshire-$seed.db.truth.db" \
		"SELECT DISTINCT note FROM planted WHERE rule = 'TB3'"; done | sort -u | wc -l)" 4

is "what was made unreadable is listed as rejected" \
	"$(sqlite3 "$tmp/hampshire-1.case" "ATTACH '$tmp/hampshire-1.db.truth.db' AS truth;
		SELECT count(*) FROM truth.planted_rejected p WHERE NOT EXISTS (SELECT 1 FROM rejected r
			WHERE r.dataset = p.dataset AND r.source_key = p.source_key)")" 0
is "rows read are rows judged, rejected, superseded and not known" \
	"$(for file in "$tmp"/hampshire-1.case "$tmp"/hampshire-1.known; do sqlite3 "$file" "SELECT *
		FROM dataset_result WHERE rows_read <>
		rows_judged + rows_rejected + rows_superseded + rows_not_known"; done)" ""

is "of a stay, the two newest entries of one moment are both rejected" \
	"$(for seed in 1 2 3; do sqlite3 "$tmp/hampshire-$seed.case" "SELECT count(*) FROM rejected
		WHERE dataset = 'stay'"; done | tr '\n' ' ')" "2 2 2 "

# What was entered when the books were closed: SQL counts the entries in UTC, and restating what was
# found then lists just what the two truths have otherwise.
entries() { # DATA RUN
	local closed="2999-12-31"
	[ "$2" = all ] || closed=$(made "$1" known_on)
	sqlite3 "$1" "CREATE TEMP TABLE entry AS SELECT stay_ref, CASE WHEN entered_at LIKE '%Z' OR
		entered_at LIKE '%+__:__' THEN datetime(entered_at)
		ELSE datetime(entered_at, 'utc') END AS at FROM hospital_stays;
		CREATE TEMP TABLE known AS SELECT * FROM entry
		WHERE at IS NULL OR at < datetime('$closed', '+1 day', 'utc');
		SELECT (SELECT count(*) FROM known k WHERE EXISTS (SELECT 1 FROM known l
			WHERE l.stay_ref = k.stay_ref AND l.at > k.at)),
		(SELECT count(*) FROM entry) - count(*) FROM known"
}
restated() { # NAME DATA CASE
	status "$1: restated by all that is known now" 0 "$VOUCH" restate "$3" --format csv
	is "$1: new and gone is what was entered since" \
		"$(sqlite3 :memory: ".import --csv '$tmp/out' r" "SELECT change, contract, rule, dataset ||
			' ' || subject_key FROM r WHERE change <> 'changed' ORDER BY 2, 3, 4")" \
		"$(sqlite3 "$2.truth.db" "SELECT iif(run = 'all', 'new', 'gone'), contract, rule, subject
			FROM planted WHERE run <> 'any' AND verdict = 'fail' ORDER BY 2, 3, 4")"
}
for seed in 1 2 3; do
	data=$tmp/hampshire-$seed.db case=$tmp/hampshire-$seed.known
	for run in all known; do
		file=$case
		[ $run = known ] || file=$tmp/hampshire-$seed.case
		is "hampshire $seed: entries superseded and not known, $run" \
			"$(sqlite3 "$file" "SELECT DISTINCT rows_superseded, rows_not_known
				FROM dataset_result WHERE dataset = 'stay'")" \
			"$(TZ=Europe/London entries "$data" $run)"
	done
	restated "hampshire $seed" "$data" "$case"
done
is "some is new and some is gone, each at the very moment" \
	"$(for seed in 1 2 3; do sqlite3 "$tmp/hampshire-$seed.db.truth.db" "SELECT DISTINCT note FROM
		planted WHERE rule = 'H1' AND note LIKE '%books%'"; done | LC_ALL=C sort -u)" \
	"after a discharge that was corrected before the books were closed
after a discharge that was corrected when the books were closed
during a stay entered in the last second before the books closed
during a stay that was entered when the books were closed"

# A payment is settled by what was entered when its period closed. The books of a run that ends
# within a period are closed before that, so what is entered in between is settled, and was not known.
data=$tmp/hampshire-within.db case=$tmp/hampshire-within
ok "hampshire within a period grows" grow hampshire "$data" 60000 6 --weeks 49
audit hampshire "$data" "$case.case" > /dev/null 2>&1
exact "hampshire within a period" "$data" "$case.case"
audit hampshire "$data" "$case.known" --known-on "$(made "$data" known_on)" > /dev/null 2>&1
exact "hampshire within a period, as known then" "$data" "$case.known" known
restated "hampshire within a period" "$data" "$case.known"
is "of the passes, other rules hold by what was known then" "$(sqlite3 "$data.truth.db" "SELECT
	group_concat(rule) FROM (SELECT DISTINCT rule FROM planted WHERE run <> 'any' AND rule LIKE 'S_'
	ORDER BY rule)")" S2,S3,S4,S5

LC_ALL=C TZ=Asia/Tokyo audit hampshire "$tmp/hampshire-1.db" "$tmp/abroad.db" > /dev/null 2>&1
LC_ALL=C TZ=Asia/Tokyo "$VOUCH" findings "$tmp/abroad.db" --format json > "$tmp/abroad.json"
same "findings are the same bytes in another zone and locale" "$tmp/hampshire.json" "$tmp/abroad.json"

# Ordinary files are read page by page, all others through SQLite: the same findings.
like() { # NAME SQL...: the first county once more, as a database of another make
	rm -f "$tmp/like.db"
	{ printf '%s;\n' "${@:2}"; sqlite3 "$tmp/hampshire-1.db" .dump; } | sqlite3 "$tmp/like.db" > /dev/null
	cp "$tmp/hampshire-1.db.truth.db" "$tmp/like.db.truth.db"
	for threads in 1 2; do
		rm -f "$tmp/like-case.db"
		audit hampshire "$tmp/like.db" "$tmp/like-case.db" --threads $threads > /dev/null 2>&1
		"$VOUCH" findings "$tmp/like-case.db" --format json > "$tmp/like.json"
		same "findings are the same bytes, $1, $threads threads" "$tmp/hampshire.json" "$tmp/like.json"
	done
}
like "in WAL mode" "PRAGMA journal_mode = wal"
like "as UTF-16" "PRAGMA encoding = 'UTF-16le'"
like "in pages of 512 bytes" "PRAGMA page_size = 512"
like "in pages of 65536 bytes" "PRAGMA page_size = 65536" "PRAGMA auto_vacuum = full"

# A run's id names rule files by their place under the root, however root and file are written.
(cd "$VOUCH_RULES/.." && VOUCH_RULES=${VOUCH_RULES##*/} \
	audit hampshire "$tmp/hampshire-1.db" "$tmp/hampshire-1.case" > /dev/null 2>&1)
is "the same run by a relative root" \
	"$(sqlite3 "$tmp/hampshire-1.case" "SELECT count(DISTINCT run_id) FROM run")" 1
finish
