#!/usr/bin/env bash
# vouch eval: what other programs rely on, --batch above all.
. "$srcdir/tests/cli/common.sh"

evaluated() { vouch eval "$@" 2>&1; }
is "a number" "$(evaluated '1 + 2')" "3"
is "exact money" "$(evaluated '£22.59 per hour * 25 minutes')" "£9.4125"
is "a fraction reads back" "$(evaluated '£10.00 / 3')" "£10.00 / 3"
is "a duration" "$(evaluated '7 hours + 30 minutes')" "7 hours 30 minutes"
is "an operand that begins with a dash" "$(evaluated -- '-5')" "-5"
is "with a contract" "$(evaluated -c town/care 'quarter_hour(23 minutes)')" "30 minutes"
is "by path" "$(evaluated -c "$town/care.vouch" 'quarter_hour(22 minutes)')" "15 minutes"
status "a mistake: 2" 2 vouch eval '£1 + 1 minute'
contains "its code" "$(cat "$tmp/err")" "error[E0208]"
ok "nothing on standard output" test ! -s "$tmp/out"
status "an unknown contract: 2" 2 vouch eval -c town/cara 1
contains "and the nearest one" "$(cat "$tmp/err")" "town/care"

# --- batch
batch() { vouch eval --batch "$@" 2>"$tmp/err"; }
is "line by line, in order" "$(printf '1 + 1\n2 + 2\n3 + 3\n' | batch)" $'2\n4\n6'
is "no line end behind the last" "$(printf '1\n2' | batch)" $'1\n2'
is "empty lines give empty lines" "$(printf '\n1\n   \n2\n' | batch | sed 's/^$/-/')" $'-\n1\n-\n2'
is "a comment gives an empty line" "$(printf '# note\n1\n' | batch | sed 's/^$/-/')" $'-\n1'
is "lines of a word processor" "$(printf '1\r\n2\r\n' | batch)" $'1\n2'
is "nothing in, nothing out" "$(printf '' | batch)" ""
printf '1\n£1 + 1 minute\n3\n' | batch >"$tmp/out"
is "its status is 0 whatever the lines" "${PIPESTATUS[1]}" 0
is "as many lines as were asked" "$(wc -l <"$tmp/out")" 3
is "a bad line has its code" "$(sed -n '2s/:.*//p' "$tmp/out")" "error E0208"
is "the rest go on" "$(sed -n 3p "$tmp/out")" 3
ok "nothing on standard error" test ! -s "$tmp/err"
is "half an expression" "$(printf '1 +\n2\n' | batch | sed 's/:.*//')" $'error E0106\n2'
is "bytes that are no UTF-8" "$(printf '\377\n2\n' | batch | sed 's/:.*//')" $'error E0101\n2'
is "a NUL byte" "$(printf '1\0\n2\n' | batch | sed 's/:.*//')" $'error E0102\n2'
is "a text stays on one line" "$(printf '"a" = "a"\n' | batch)" "yes"
is "unknown" "$(printf 'count(visit)\n1\n' | batch -c town/care)" $'unknown\n1'

{
	head -c 1000000 /dev/zero | tr '\0' '1'
	printf '\n7\n'
} | batch >"$tmp/out"
is "a number of 1 MB: two lines out" "$(wc -l <"$tmp/out")" 2
ok "the first is an error" grep -q '^error E0' <(head -n 1 "$tmp/out")
is "the second goes on" "$(tail -n 1 "$tmp/out")" 7
{
	head -c 1000000 /dev/zero | tr '\0' '('
	printf '\n8\n'
} | batch >"$tmp/out"
ok "1 MB of brackets" grep -q '^error E0' <(head -n 1 "$tmp/out")
is "and it goes on" "$(tail -n 1 "$tmp/out")" 8
{
	printf '1'
	for _ in $(seq 20); do head -c 500000 /dev/zero | tr '\0' ' '; done
	printf ' + 1\n9\n'
} | batch >"$tmp/out"
is "a line beyond the limit of a file" "$(sed 's/:.*//' "$tmp/out")" $'error E0103\n9'

# A program at the other end of two pipes asks one line, and waits for the answer.
coproc asked { "$VOUCH" eval --batch; }
echo '2 + 3' >&"${asked[1]}"
if IFS= read -r -t 20 answer <&"${asked[0]}"; then
	is "an answer before the next question" "$answer" 5
else
	fail "an answer before the next question" "none came within 20 seconds"
fi
eval "exec ${asked[1]}>&-"
wait "$asked_PID"

seq 1 20000 | sed 's/$/ minutes + 1 hour/' >"$tmp/many"
before=$(date +%s%N)
batch -c town/care <"$tmp/many" >"$tmp/out"
took=$((($(date +%s%N) - before) / 1000000))
is "20,000 lines" "$(wc -l <"$tmp/out")" 20000
ok "in less than 20 seconds ($took ms)" test "$took" -lt 20000
finish
