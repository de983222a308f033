#!/usr/bin/env bash
# make bench: how long an audit takes, as a ratio to bare reading of the same columns on the same
# machine in the same run. Turns of floor and audit alternate; the medians count.
#
#   BENCH_SIZES    visits, with as many logs (100000 1000000 10000000)
#   BENCH_FORMS    entry, shuffled, long (36-character keys)
#   BENCH_TURNS    turns of each (3)
#   BENCH_DIR      where the counties are made and kept (bench/ in the build folder)
set -euo pipefail
: "${VOUCH:=./vouch}" "${COUNTY:=corpus/county}" "${srcdir:=.}"
sizes=${BENCH_SIZES:-100000 1000000 10000000}
forms=${BENCH_FORMS:-entry shuffled long}
turns=${BENCH_TURNS:-3}
dir=${BENCH_DIR:-bench}
mkdir -p "$dir"
export VOUCH_RULES

# The columns that both contracts read of the two large tables.
columns=(
	"visits=visit_ref,provision_ref,visit_date,start_time,planned_minutes,declared_minutes,outcome,notice_minutes,carers,rate"
	"care_logs=log_ref,provider_ref,client_ref,carer_ref,check_in,check_out"
)

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

county() { # FORM VISITS
	local file=$dir/$1-$2.db options=(--clean-data)
	[ "$1" != shuffled ] || options+=(--shuffle)
	[ "$1" != long ] || options+=(--long-keys)
	[ -s "$file" ] || "$COUNTY" --out "$file" --visits "$2" --seed 1 --findings $(($2 * 3 / 100)) \
		"${options[@]}" >/dev/null 2>&1
	echo "$file"
}

audit() { # FILE THREADS [ONLY]: wall, processor seconds, MiB
	rm -f "$dir/case.db"
	tests/bench/timed "$VOUCH" audit "$1" -c "${3:-hampshire}" -o "$dir/case.db" \
		--from 2025-04-28 --to 2026-04-26 --threads "$2"
}

one_case() { # FORM VISITS
	local file floors='' two='' one='' cpu='' memory=''
	file=$(county "$1" "$2")
	cat "$file" >/dev/null
	for ((turn = 0; turn < turns; turn++)); do
		floors+=$(tests/bench/floor "$file" "${columns[@]}" | cut -d' ' -f1)$'\n'
		read -r wall processor peak < <(audit "$file" 2)
		two+=$wall$'\n' cpu+=$processor$'\n' memory+=$peak$'\n'
		read -r wall processor peak < <(audit "$file" 1)
		one+=$wall$'\n'
	done
	local floor=$(median <<<"${floors%$'\n'}") wall2=$(median <<<"${two%$'\n'}")
	local wall1=$(median <<<"${one%$'\n'}") findings
	findings=$(sqlite3 "$dir/case.db" "SELECT count(*) FROM finding_row")
	printf '| %s | %s | %s | %.2f | %.2f | **%s** | %.2f | %s | %.2f | %d |\n' "$1" "$2" "$findings" \
		"$floor" "$wall2" "$(ratio "$wall2" "$floor")" "$wall1" "$(ratio "$wall1" "$floor")" \
		"$(median <<<"${cpu%$'\n'}")" "$(median <<<"${memory%$'\n'}")"
	echo "$1 $2 $floor $wall2" >>"$dir/figures"
}

plain_sql() { # VISITS: rule V1 alone in the sqlite3 shell, index included
	local file copy=$dir/sql.db start end
	file=$(county entry "$1")
	cp "$file" "$copy"
	start=$(date +%s.%N)
	sqlite3 "$copy" <"$srcdir/tests/bench/v1.sql" >/dev/null
	end=$(date +%s.%N)
	rm -f "$copy"
	awk -v a="$start" -v b="$end" 'BEGIN { printf "%.2f", b - a }'
}

duckdb() { # VISITS: from CSV and from its own tables, or nothing where npm cannot install it
	local modules=$dir/duckdb
	command -v npm >/dev/null && command -v node >/dev/null || return 0
	[ -d "$modules/node_modules/@duckdb" ] || npm install --silent --no-audit --no-fund \
		--prefix "$modules" @duckdb/node-api >/dev/null 2>&1 || return 0
	for table in visits care_logs provisions; do
		[ -s "$dir/$table-$1.csv" ] || sqlite3 -header -csv "$(county entry "$1")" \
			"SELECT * FROM $table" >"$dir/$table-$1.csv"
	done
	NODE_PATH=$modules/node_modules node "$srcdir/tests/bench/duckdb.cjs" "$dir" "$1"
}

: >"$dir/figures"
echo "| form | visits | findings | floor s | 2 threads s | ratio | 1 thread s | ratio | cpu s | peak MiB |"
echo "|---|---|---|---|---|---|---|---|---|---|"
for size in $sizes; do
	for form in $forms; do
		one_case "$form" "$size"
	done
done
echo
for size in $sizes; do
	audited=$(awk -v n="$size" '$1 == "entry" && $2 == n { print $4 }' "$dir/figures")
	[ -n "$audited" ] || continue
	sql=$(plain_sql "$size")
	echo "$size visits: V1 alone in plain SQL, index included: $sql s; all rules by vouch: $(ratio "$audited" "$sql") of it"
	ducks=$(duckdb "$size")
	[ -z "$ducks" ] || echo "$size visits: DuckDB: $ducks; all rules by vouch: $audited s"
done
first=${sizes%% *} last=${sizes##* }
awk -v a="$first" -v b="$last" '$1 == "entry" && $2 == a { x = $4 } $1 == "entry" && $2 == b { y = $4 }
	END { if (x > 0 && y > 0 && a != b) printf "exponent from %d to %d visits: %.2f\n", a, b,
		log(y / x) / log(b / a) }' "$dir/figures"
/usr/bin/env bash -c "TIMEFORMAT='vouch check of the shipped rules: %R s'; time '$VOUCH' check hampshire >/dev/null"
