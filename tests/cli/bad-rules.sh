#!/usr/bin/env bash
# Rule files that nobody should be hurt by: each gives a clear message at its place and exit code 2,
# soon, whatever is in the file.
. "$srcdir/tests/tap.sh"

root=$tmp/rules
mkdir -p "$root/town"
export VOUCH_RULES=$root
sound=$srcdir/rules/hampshire/ccsh.vouch
head='contract town/care
  title "Town care"
  council "Town"
  version "1"
  in force from 1 April 2025
'

# bad NAME CODE: what standard input holds is refused with that code, at a place in the file.
bad() {
	cat >"$root/town/$1.vouch"
	status "$1: 2" 2 timeout 20 "$VOUCH" check "$root/town/$1.vouch"
	contains "$1: $2" "$(cat "$tmp/out" "$tmp/err" | tr -d '\0')" "error[$2]"
	contains "$1: where" "$(cat "$tmp/out" "$tmp/err" | tr -d '\0')" "$1.vouch"
	cp "$tmp/out" "$tmp/$1.out"
}

bad truncated E0106 < <(sed -n '1,/^  otherwise/p' "$sound" | sed '$d' | head -c -3)
bad binary E0102 < <(printf '\177ELF\2\1\1\0\376\377\0\1'; printf '\200%.0s' {1..500})
bad latin-1 E0101 < <(printf '%s# caf\351\n' "$head")
bad nul E0102 < <(printf '%s# a\0b\n' "$head")
bad nested E0104 < <(printf '%sexample ' "$head"; head -c 10000 /dev/zero | tr '\0' '('; printf 1
	head -c 10000 /dev/zero | tr '\0' ')'; printf ' is 1\n')
bad word-processor E0108 < <(printf '%srule V1 \342\200\234Too much\342\200\235\n' "$head")
bad hundred-megabytes E0103 < <(head -c 104857600 /dev/zero | tr '\0' a)
bad outside E0402 < <(printf '%s\nuses ../../../etc/passwd\n' "$head")
bad absolute E0402 < <(printf '%s\nuses /etc/passwd\n' "$head")
ln -s /etc/passwd "$root/town/link.vouch"
bad through-a-link E0402 < <(printf '%s\nuses town/link\n' "$head")
printf 'uses town/two\n' >"$root/town/one.vouch"
printf 'uses town/one\n' >"$root/town/two.vouch"
printf '%s\nuses town/one\n' "$head" >"$root/town/circle.vouch"
status "a circle of files: 2" 2 timeout 20 "$VOUCH" check "$root/town/circle.vouch"
contains "a circle of files: E0403" "$(cat "$tmp/out" "$tmp/err")" "two.vouch:1:6: error[E0403]"
rm "$root/town/hundred-megabytes.vouch"
lacks "bytes that are no text are not printed" "$(cat -v "$tmp/binary.out")" "M-"

# Each file of a thousand uses all that come after it: read once each, not once for each way there.
for i in 1 2 3; do
	for j in 1 2 3 4 5 6 7 8; do
		echo "uses town/layer-$((i + 1))-$j"
	done >"$tmp/layer"
	for j in 1 2 3 4 5 6 7 8; do cp "$tmp/layer" "$root/town/layer-$i-$j.vouch"; done
done
for j in 1 2 3 4 5 6 7 8; do echo "# the end" >"$root/town/layer-4-$j.vouch"; done
printf '%s\nuses town/layer-1-1\n' "$head" >"$root/town/layers.vouch"
status "many ways to one file are read once: 0" 0 timeout 20 "$VOUCH" check "$root/town/layers.vouch"

# Several mistakes in one run, each at its place.
status "several mistakes: 2" 2 "$VOUCH" check "$srcdir/tests/golden/parse/E0106-several.vouch"
ok "more than one is told" test "$(grep -c 'error\[' "$tmp/out")" -gt 1
finish
