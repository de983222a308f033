#!/usr/bin/env bash
# Audits of spoilt counties: the time, the findings, and what each of them takes in the case file.
# Twice the rows should take about twice the time, whatever is wrong with them. A column is spoilt
# in a share of its rows, picked by a hash of the row's number, so that a run can be had again.
#
#   MESSY_SIZES    visits (50000 100000 200000)
#   MESSY_KINDS    some of the names below; without it all of them
#   MESSY_SECONDS  after which an audit is given up (600)
#   MESSY_DIR      where the counties are made (messy/ in the build folder)
set -euo pipefail
: "${VOUCH:=./vouch}" "${COUNTY:=corpus/county}"
sizes=${MESSY_SIZES:-50000 100000 200000}
seconds=${MESSY_SECONDS:-600}
dir=${MESSY_DIR:-messy}
mkdir -p "$dir"

# Some rows in a hundred, far from each other and from any period of the data.
some() { echo "(rowid * 2654435761 % 4294967296) * 100 / 4294967296 < $1"; }
blank() { echo "UPDATE $1 SET $2 = NULL WHERE $(some "$3");"; }
garble() { echo "UPDATE $1 SET $2 = 'n/k' WHERE $(some "$3");"; }

kinds=(clean typical)
declare -A spoil=(
	[clean]=''
	[typical]="$(blank care_logs check_out 14) $(blank visits outcome 20)"
	[one_carer]="UPDATE care_logs SET carer_ref = (SELECT min(carer_ref) FROM carers);"
	[one_carer_open]="UPDATE care_logs SET carer_ref = (SELECT min(carer_ref) FROM carers);
		$(blank care_logs check_out 30)"
	[one_client]="UPDATE provisions SET client_ref = (SELECT min(client_ref) FROM clients);
		UPDATE care_logs SET client_ref = (SELECT min(client_ref) FROM clients);"
	[one_provision]="UPDATE visits SET provision_ref = (SELECT min(provision_ref) FROM provisions);"
	[one_provision_open]="UPDATE visits SET provision_ref = (SELECT min(provision_ref) FROM provisions);
		$(blank visits declared_minutes 30)"
	[one_minute]="UPDATE visits SET visit_date = '2025-06-02', start_time = '09:00';
		UPDATE care_logs SET check_in = '2025-06-02T09:00', check_out = '2025-06-02T09:30';"
	[one_minute_open]="UPDATE visits SET visit_date = '2025-06-02', start_time = '09:00';
		UPDATE care_logs SET check_in = '2025-06-02T09:00', check_out = NULL;"
	[one_key]="DROP TABLE IF EXISTS loose; CREATE TABLE loose AS SELECT * FROM visits;
		DROP TABLE visits; ALTER TABLE loose RENAME TO visits; UPDATE visits SET visit_ref = 'V';
		CREATE TABLE loose AS SELECT * FROM care_logs; DROP TABLE care_logs;
		ALTER TABLE loose RENAME TO care_logs; UPDATE care_logs SET log_ref = 'L';"
)
kinds+=(one_carer one_carer_open one_client one_provision one_provision_open one_minute
	one_minute_open one_key)
for column in visits.provision_ref visits.visit_date visits.start_time visits.declared_minutes \
	visits.outcome visits.carers visits.rate care_logs.carer_ref care_logs.client_ref \
	care_logs.check_in care_logs.check_out provisions.client_ref provisions.rate \
	provisions.start_date submissions.week_start; do
	for share in 5 30 100; do
		name=${column#*.}_$share
		[ "${column%%.*}" != provisions ] || name=provision_$name
		kinds+=("$name")
		spoil[$name]=$(blank "${column%%.*}" "${column#*.}" "$share")
	done
	kinds+=("${name%_100}_garbled")
	spoil[${name%_100}_garbled]=$(garble "${column%%.*}" "${column#*.}" 30)
done

one_case() { # KIND VISITS
	local data=$dir/$1.db case=$dir/case.db status=0 findings bytes
	[ -s "$dir/clean-$2.db" ] ||
		"$COUNTY" --out "$dir/clean-$2.db" --visits "$2" --seed 1 --no-truth >/dev/null 2>&1
	rm -f "$case" "$data"
	cp "$dir/clean-$2.db" "$data"
	sqlite3 "$data" "PRAGMA journal_mode = OFF; PRAGMA foreign_keys = OFF; ${spoil[$1]}" >/dev/null
	read -r wall processor peak < <(timeout "$seconds" tests/bench/timed "$VOUCH" audit "$data" \
		-c hampshire -o "$case" --from 2025-04-28 --to 2026-04-26 --threads 2 2>"$dir/$1.err") ||
		status=$?
	if [ "$status" != 0 ]; then
		printf '%-28s %7d  no end within %s seconds, or %s\n' "$1" "$2" "$seconds" \
			"$(head -c 60 "$dir/$1.err")"
	else
		findings=$(sqlite3 "$case" "SELECT count(*) FROM finding_row")
		bytes=$(stat -c %s "$case")
		printf '%-28s %7d %8.2f s %8.2f s %7d MiB %8d findings %8d bytes a finding\n' "$1" "$2" \
			"$wall" "$processor" "$peak" "$findings" $((bytes / (findings + 1)))
	fi
	rm -f "$case" "$data"
}

for kind in ${MESSY_KINDS:-"${kinds[@]}"}; do
	for size in $sizes; do
		one_case "$kind" "$size"
	done
done
