#!/usr/bin/env bash
# Banks, sequences, measures and what was known when, of other schemes than Hampshire's: rule files
# whose scenarios stand on both sides of every boundary.
. "$srcdir/tests/tap.sh"

for file in "$srcdir"/tests/data/accounts/*.vouch; do
	name=$(basename "$file" .vouch)
	status "$name is laid out" 0 "$VOUCH" fmt --check "$file"
	[ "$name" = base ] && continue
	status "$name: its scenarios pass" 0 "$VOUCH" test "$file"
	lacks "$name: none of its rules is without a failing scenario" "$(cat "$tmp/out")" \
		"no scenario makes"
done
finish
