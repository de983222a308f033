#!/usr/bin/env bash
# Every rule file that is shipped: laid out as `vouch fmt` does it, understood without a warning, its
# examples and scenarios passed, and each of its rules seen failing by a scenario of its own.
. "$srcdir/tests/tap.sh"

# A file that others use may be right only in their company: it is tried through them.
stands_alone() { # FILE
	grep -q '^contract ' "$1" && ! grep -q '^ *amends ' "$1"
}

for file in "$srcdir"/rules/*/*.vouch; do
	name=${file#"$srcdir"/rules/}
	status "$name is laid out" 0 "$VOUCH" fmt --check "$file"
	stands_alone "$file" || continue
	status "$name is understood" 0 "$VOUCH" check "$file"
	is "$name leaves no warning" "$(cat "$tmp/err")" ""
	status "$name: its tests pass" 0 "$VOUCH" test "$file"
	lacks "$name: none of its rules is without a failing scenario" "$(cat "$tmp/out")" \
		"no scenario makes"
done
finish
