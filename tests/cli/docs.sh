#!/usr/bin/env bash
# The pages that people follow with their hands: what they say to write is written, what they say
# to type is typed, and the answers must be those on the page.
#
#   ```LANGUAGE new FILE       the block is a new file
#   ```LANGUAGE change FILE    this text, which is there once, becomes that of the next ```LANGUAGE to
#   ```LANGUAGE add FILE       the block is put behind the file
#   ```console                 commands behind "$ ", each followed by what it prints, where … stands
#                              for lines, or a part of a line, that are left out
. "$srcdir/tests/tap.sh"

top=$(cd "$srcdir" && pwd)
program=$(cd "$(dirname "$VOUCH")" && pwd)/$(basename "$VOUCH")
tmp=$(cd "$tmp" && pwd)
mkdir "$tmp/bin" && ln -s "$program" "$tmp/bin/vouch"
PATH=$tmp/bin:$PATH
unset VOUCH_RULES

# fits ACTUAL EXPECTED: files, line by line; … is any text, and alone on its line any lines
fits() {
	local -a actual expected
	local at=0 any=0 line
	mapfile -t actual <"$1"
	mapfile -t expected <"$2"
	for line in "${expected[@]}"; do
		if [ "$line" = … ]; then
			any=1
			continue
		fi
		line=$(sed 's/[][*?\\]/\\&/g; s/…/*/g' <<<"$line")
		# shellcheck disable=SC2053  # the right side is a pattern
		while [ $any = 1 ] && [ $at -lt ${#actual[@]} ] && [[ ${actual[at]} != $line ]]; do
			at=$((at + 1))
		done
		# shellcheck disable=SC2053
		[ $at -lt ${#actual[@]} ] && [[ ${actual[at]} == $line ]] || return 1
		at=$((at + 1))
		any=0
	done
	[ $any = 1 ] || [ $at -eq ${#actual[@]} ]
}

# answer PAGE: the command in $typed has printed what the page says
answer() {
	[ -n "$typed" ] || return 0
	(cd "$work" && bash -c "$typed") >"$tmp/actual" 2>&1 </dev/null
	sed -i 's/[[:space:]]*$//' "$tmp/actual" "$tmp/expected"
	if fits "$tmp/actual" "$tmp/expected"; then
		pass "$1: $typed"
	else
		fail "$1: $typed" "the page says" "$(cat "$tmp/expected")" "printed" "$(cat "$tmp/actual")"
	fi
	typed=
}

# console PAGE: the lines of $block
console() {
	local line
	typed=
	while IFS= read -r line; do
		if [[ $line == '$ '* ]]; then
			answer "$1"
			typed=${line#'$ '}
			: >"$tmp/expected"
		else
			printf '%s\n' "$line" >>"$tmp/expected"
		fi
	done <<<"${block%$'\n'}"
	answer "$1"
}

# change PAGE: the old text, which is in the file once, gives way to $block
change() {
	local text rest
	text=$(cat "$work/$changed" && echo .)
	rest=${text#*"$old"}
	if [ "$rest" != "$text" ] && [ "${rest#*"$old"}" = "$rest" ]; then
		printf '%s' "${text%%"$old"*}$block${rest%.}" >"$work/$changed"
		pass "$1: a change of $changed"
	else
		fail "$1: a change of $changed" "not there once:" "$old"
	fi
}

# block_end PAGE INFO
block_end() {
	case $2 in
	console) console "$1" ;;
	*' new '*) printf '%s' "$block" >"$work/${2##* new }" ;;
	*' add '*) printf '%s' "$block" >>"$work/${2##* add }" ;;
	*' change '*) old=$block changed=${2##* change } ;;
	*' to') change "$1" ;;
	esac
}

# follow PAGE: in a folder with a copy of the rules, from the first line to the last
follow() {
	local line info='' inside=0
	work=$tmp/${1%.md}
	mkdir -p "$work" && cp -R "$top/rules" "$work/"
	chmod -R u+w "$work/rules"
	while IFS= read -r line; do
		if [[ $line == '```'* && $inside = 1 ]]; then
			inside=0
			block_end "$1" "$info"
		elif [[ $line == '```'* ]]; then
			inside=1 info=${line#'```'} block=
		elif [ $inside = 1 ]; then
			block+=$line$'\n'
		fi
	done <"$top/docs/$1"
}

for page in tutorial.md schema.md language.md import.md auditors-week.md; do
	before=$tap_count
	follow "$page"
	ok "$page has steps to follow" [ "$tap_count" -gt $((before + 3)) ]
done
finish
