#!/usr/bin/env bash
# The line that ends a test run counts everything that went wrong as failed.
. "$srcdir/tests/tap.sh"

tally=$srcdir/build-aux/tally

# case NAME STATUS LINE LOG...: what tally makes of a log with these lines
case_of() {
	local name=$1 expected=$2 line=$3
	shift 3
	printf '%s\n' "# TOTAL: 9" "$@" "" "FAIL: inner" "# FAIL: not a count" >"$tmp/log"
	status "$name: status" "$expected" bash "$tally" "$tmp/log"
	is "$name: line" "$(cat "$tmp/out")" "$line"
}

case_of "all passed" 0 "9 passed, 0 failed" "# PASS:  9" "# FAIL:  0" "# XPASS: 0" "# ERROR: 0"
case_of "one failed" 1 "8 passed, 1 failed" "# PASS:  8" "# FAIL:  1" "# XPASS: 0" "# ERROR: 0"
case_of "errors and unexpected passes fail" 1 "3 passed, 6 failed" \
	"# PASS:  3" "# FAIL:  1" "# XPASS: 2" "# ERROR: 3"
case_of "skipped are counted apart" 0 "10 passed, 0 failed, 3 skipped" \
	"# PASS:  10" "# SKIP:  2" "# XFAIL: 1" "# FAIL:  0"
case_of "nothing ran" 1 "0 passed, 0 failed" "# PASS:  0" "# FAIL:  0"

status "no log: status" 1 bash "$tally" "$tmp/none"
is "no log: line" "$(cat "$tmp/out")" "0 passed, 1 failed"
: >"$tmp/empty"
status "empty log: status" 1 bash "$tally" "$tmp/empty"
is "empty log: line" "$(cat "$tmp/out")" "0 passed, 1 failed"
finish
