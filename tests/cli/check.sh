#!/usr/bin/env bash
# vouch check, test and fmt over one small contract.
. "$srcdir/tests/cli/common.sh"

status "a sound contract: 0" 0 vouch check town/care
is "without a warning, in one line" "$(wc -l <"$tmp/out")" 1
contains "it says what it read" "$(cat "$tmp/out")" "town/care 2025.1: Town Care at Home; 2 rules"
status "by path: 0" 0 vouch check "$town/care.vouch"
status "by folder: 0" 0 vouch check town
status "twice the same is once" 0 vouch check town town/care
is "one line for one contract" "$(grep -c '^town/care' "$tmp/out")" 1
status "--assumed: 0" 0 vouch check --assumed town/care
contains "what is assumed" "$(cat "$tmp/out")" "rounding quarter_hour"
contains "and why" "$(cat "$tmp/out")" "the step is not published"
status "no such contract: 2" 2 vouch check town/car
contains "the nearest" "$(cat "$tmp/out")" "town/care"

sed 's/visit.declared > 0 minutes/visit.declared > £1/' "$town/care.vouch" >"$tmp/bad.vouch"
line=$(grep -n 'declared > £1' "$tmp/bad.vouch" | cut -d: -f1)
status "a mistake: 2" 2 vouch check "$tmp/bad.vouch"
contains "place, code" "$(cat "$tmp/out")" "bad.vouch:$line:"
contains "code" "$(cat "$tmp/out")" "error[E0207]"
lacks "no colour in a file" "$(cat "$tmp/out")" $'\033'
status "as JSON: 2" 2 vouch check --format json "$tmp/bad.vouch"
is "JSON holds it" "$(sqlite3 :memory: "select json_extract(readfile('$tmp/out'), '\$[0].code')")" E0207
status "as SARIF: 2" 2 vouch check --format sarif "$tmp/bad.vouch"
result() {
	sqlite3 :memory: "select json_extract(readfile('$tmp/out'), '\$.runs[0].results[0].$1')"
}
is "SARIF: code" "$(result ruleId)" E0207
is "SARIF: line" "$(result 'locations[0].physicalLocation.region.startLine')" "$line"
status "a sound contract as JSON: 0" 0 vouch check --format json town/care
is "is an array" "$(sqlite3 :memory: "select json_type(readfile('$tmp/out'))")" array

# --- test
status "tests pass: 0" 0 vouch test town/care
contains "how many" "$(cat "$tmp/out")" "2 passed, 0 failed"
lacks "what passed is not named" "$(cat "$tmp/out")" "sixteen minutes"
status "--verbose" 0 vouch test --verbose town/care
contains "names them" "$(cat "$tmp/out")" "sixteen minutes claimed as thirty"
contains "rules that nothing makes fail" "$(cat "$tmp/out")" "no scenario makes these rules fail: T2"
sed 's/at stake £5.65$/at stake £5.66/' "$town/care.vouch" >"$tmp/test.vouch"
status "a test fails: 1" 1 vouch test "$tmp/test.vouch"
contains "its name" "$(cat "$tmp/out")" "sixteen minutes claimed as thirty"
contains "expected" "$(cat "$tmp/out")" "£5.66"
contains "actual" "$(cat "$tmp/out")" "£5.6475"
status "a contract with mistakes: 2" 2 vouch test "$tmp/bad.vouch"

# --- fmt
cp "$town/care.vouch" "$tmp/a.vouch"
status "fmt: 0" 0 vouch fmt "$tmp/a.vouch"
ok "nothing printed" test ! -s "$tmp/out"
cp "$tmp/a.vouch" "$tmp/b.vouch"
status "again: 0" 0 vouch fmt "$tmp/b.vouch"
same "the second time changes nothing" "$tmp/b.vouch" "$tmp/a.vouch"
status "--check of what is laid out: 0" 0 vouch fmt --check "$tmp/a.vouch"
sed 's/^  severity  */  severity       /' "$tmp/a.vouch" >"$tmp/c.vouch"
chmod 640 "$tmp/c.vouch"
cp "$tmp/c.vouch" "$tmp/c.before"
status "--check of what is not: 1" 1 vouch fmt --check "$tmp/c.vouch" "$tmp/a.vouch"
is "names that file alone" "$(cat "$tmp/out")" "$tmp/c.vouch"
same "and changes nothing" "$tmp/c.vouch" "$tmp/c.before"
ln -s c.vouch "$tmp/link.vouch"
status "through a link: 0" 0 vouch fmt "$tmp/link.vouch"
same "what it leads to is laid out" "$tmp/c.vouch" "$tmp/a.vouch"
ok "the link stays a link" test -L "$tmp/link.vouch"
is "the mode stays" "$(stat -c %a "$tmp/c.vouch")" 640
vouch fmt - <"$tmp/c.before" >"$tmp/out"
same "standard input to standard output" "$tmp/out" "$tmp/a.vouch"
printf 'contract town/x\n  title "unclosed\n' >"$tmp/broken.vouch"
cp "$tmp/broken.vouch" "$tmp/broken.before"
status "a file with mistakes: 2" 2 vouch fmt "$tmp/broken.vouch"
same "stays as it is" "$tmp/broken.vouch" "$tmp/broken.before"
status "no such file: 3" 3 vouch fmt "$tmp/none.vouch"
is "nothing is left beside the files" "$(find "$tmp" -name '*.new-*')" ""
finish
