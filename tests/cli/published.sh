#!/usr/bin/env bash
# The published figures of the five documents, held against themselves: what is wrong in them is found,
# with both figures, and what agrees passes.
. "$srcdir/tests/tap.sh"

data=$tmp/published.db
case=$tmp/case.db
ok "the figures are loaded" sqlite3 -batch "$data" ".cd $srcdir/corpus/published" ".read published.sql"
status "they are audited" 0 "$VOUCH" audit "$data" -c published -o "$case" --to 2026-12-31
is "nothing was rejected" "$(sqlite3 "$case" "SELECT count(*) FROM rejected")" 0
is "nothing stays open" "$(sqlite3 "$case" "SELECT count(*) FROM finding WHERE verdict <> 'fail'")" 0

# What does not agree, and nothing else: rule, check, what is printed, what comes out.
is "six statements do not hold" "$(sqlite3 -separator ' ' "$case" \
	"SELECT rule, subject_key FROM finding ORDER BY rule, subject_key" | tr '\n' ',')" \
	"F1 BC02,F2 BC04,F2 BC05,F3 BC06,F5 KC3,F5 KC6,"
found() { # CHECK: its message
	sqlite3 "$case" "SELECT message FROM finding WHERE subject_key = '$1'"
}
contains "the borough's hours add up to a hundredth less" "$(found BC02)" \
	"printed 23,974.91, the parts add up to 23,974.9"
contains "its mean rate, weighted by hours, is another" "$(found BC04)" \
	"printed 16.34, the printed sums give 16.93"
contains "so is that of its framework" "$(found BC05)" "printed 17.9, the printed sums give 17.96"
contains "its lowest framework rate lies below the framework's range" "$(found BC06)" \
	"printed 13.33, the range is 17.17 to 18.2"
contains "Ashford has two numbers of hours" "$(found KC6)" "5,253.25 in one place, 7,197 in another"

# Those that agree are passes, not silence.
passes() { # CHECK
	! grep -q "$1," "$tmp/findings.csv" &&
		[ "$(sqlite3 "$data" "SELECT count(*) FROM checks WHERE check_ref = '$1'")" = 1 ]
}
for check in BC01 BC03 BC07 BC10 BC13 TC1 PC0 PC1 PC7 PC30 PC33 KC2 HC1; do
	ok "check $check agrees" passes "$check"
done
is "every check has a verdict" "$(sqlite3 "$case" "SELECT sum(passed + failed) FROM rule_result
	WHERE rule BETWEEN 'F1' AND 'F5'")" "$(sqlite3 "$data" "SELECT count(*) FROM checks")"
finish
