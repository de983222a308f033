#!/usr/bin/env bash
# When the world fails: full disks, closed pipes, locks, signals. What stood before stays.
. "$srcdir/tests/cli/common.sh"

audit "$case_file" --to 2025-12-31 >"$tmp/log" 2>&1 || cat "$tmp/log" >&2
before=$(sha256sum <"$case_file")

# --- standard output
full() { "$VOUCH" "$@" >/dev/full; }
status "help on a full disk: 3" 3 full --help
contains "it says so" "$(cat "$tmp/err")" "standard output: No space left on device"
status "findings on a full disk: 3" 3 full findings "$case_file"
status "JSON on a full disk: 3" 3 full findings "$case_file" --format json
status "explain on a full disk: 3" 3 full explain "$case_file" \
	"$(sql "$case_file" "select finding_id from finding limit 1")"
status "eval on a full disk: 3" 3 full eval 1
status "check on a full disk: 3" 3 full check town/care
seq 1 5000 >"$tmp/lines"
"$VOUCH" eval --batch <"$tmp/lines" >/dev/full 2>"$tmp/err"
is "a batch on a full disk: 3" $? 3
"$VOUCH" eval --batch <"$tmp/lines" 2>"$tmp/err" | head -n 1 >/dev/null
ok "a closed pipe is not spoken of" test ! -s "$tmp/err"

# --- the case file
unchanged() {
	is "$1: the case file is as it was" "$(sha256sum <"$case_file")" "$before"
	is "$1: nothing is left beside it" "$(find "$tmp" -name 'case.db?*' -o -name 'new.db*')" ""
}
limited() { (ulimit -f 8 && "$VOUCH" "$@"); }
status "no room for a new case file: 3" 3 limited audit "$data" -c town/care -o "$tmp/new.db"
contains "it names it" "$(cat "$tmp/err")" "new.db"
unchanged "no room for a new one"
status "no room to add a run: 3" 3 limited audit "$data" -c town/care -o "$case_file"
unchanged "no room to add"
status "a folder that is not there: 3" 3 audit "$tmp/none/case.db"
if [ "$(id -u)" -eq 0 ] && mkdir "$tmp/small" && mount -t tmpfs -o size=64k none "$tmp/small" \
	2>/dev/null; then
	status "a full disk: 3" 3 audit "$tmp/small/case.db"
	is "it is left empty" "$(ls -A "$tmp/small")" ""
	umount "$tmp/small"
else
	skip "a full disk" "it takes root and mount"
fi

# --- locks
sqlite3 "$case_file" 'begin exclusive' '.shell sleep 8' 'rollback' &
holder=$!
sleep 1
status "a case file that another program writes: 3" 3 audit "$case_file"
wait "$holder"
unchanged "a locked case file"
sqlite3 "$data" 'begin exclusive' '.shell sleep 8' 'rollback' &
holder=$!
sleep 1
status "data that another program writes: 3" 3 audit "$tmp/locked.db"
contains "it says why" "$(cat "$tmp/err")" "another program is writing"
wait "$holder"

# --- signals: enough rows that the audit is at work when it is asked to stop
sqlite3 "$data" "with recursive n(i) as (select 1 union all select i + 1 from n where i < 400000)
	insert into visits select 'X' || i, 'P1', '2025-10-01', 30, 1, '20.00' from n"
interrupt() { # interrupt SIGNAL CASE
	"$VOUCH" audit "$data" -c town/care -o "$2" >"$tmp/out" 2>"$tmp/err" &
	local pid=$! i
	for i in 1 2 3; do
		sleep 0.1
		kill -s "$1" "$pid" 2>/dev/null
	done
	wait "$pid"
}
for signal in INT TERM; do
	interrupt "$signal" "$tmp/new.db"
	is "$signal: 130" $? 130
	unchanged "$signal, a new case file"
	interrupt "$signal" "$case_file"
	is "$signal, an old case file: 130" $? 130
	unchanged "$signal, an old case file"
done
finish
