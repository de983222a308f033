# shellcheck shell=bash
# TAP for test scripts; source it: . "$srcdir/tests/tap.sh"
# It makes an empty folder for the script and names it in $tmp. End the script with `finish`.
set -u
: "${srcdir:=.}" "${VOUCH:=./vouch}" "${COUNTY:=corpus/county}" "${VOUCH_TMP:=tests/tmp}"
: "${VOUCH_RULES:=$srcdir/rules}"
export VOUCH_RULES
# What a sanitizer finds must not look like one of the exit codes that are asked for.
export ASAN_OPTIONS=exitcode=86${ASAN_OPTIONS:+:$ASAN_OPTIONS}
export TSAN_OPTIONS=exitcode=86${TSAN_OPTIONS:+:$TSAN_OPTIONS}
tmp=$VOUCH_TMP/$(basename "$0" .sh)
rm -rf "$tmp" && mkdir -p "$tmp" || exit 99
tap_count=0

# ok DESCRIPTION COMMAND...: the command succeeds; what it printed is shown when it does not.
ok() {
	local name=$1
	shift
	if "$@" >"$tmp/ok.out" 2>&1; then
		pass "$name"
	else
		local status=$?
		fail "$name" "status $status from: $*" "$(cat "$tmp/ok.out")"
	fi
}

# is DESCRIPTION ACTUAL EXPECTED
is() {
	if [ "$2" = "$3" ]; then pass "$1"; else fail "$1" "expected: $3" "actual:   $2"; fi
}

# contains DESCRIPTION TEXT PART
contains() {
	case $2 in
	*"$3"*) pass "$1" ;;
	*) fail "$1" "no '$3' in:" "$2" ;;
	esac
}

# lacks DESCRIPTION TEXT PART
lacks() {
	case $2 in
	*"$3"*) fail "$1" "'$3' should not be in:" "$2" ;;
	*) pass "$1" ;;
	esac
}

# status DESCRIPTION EXPECTED COMMAND...: exit status; standard output and error are left in
# $tmp/out and $tmp/err.
status() {
	local name=$1 expected=$2 actual=0
	shift 2
	"$@" >"$tmp/out" 2>"$tmp/err" </dev/null || actual=$?
	if [ "$actual" -eq "$expected" ]; then
		pass "$name"
	else
		fail "$name" "expected status $expected, actual $actual: $*" "$(tail -n 20 "$tmp/err")"
	fi
}

# same DESCRIPTION ACTUAL_FILE EXPECTED_FILE
same() {
	local difference
	if difference=$(diff -u "$3" "$2" 2>&1); then pass "$1"; else fail "$1" "$difference"; fi
}

# A "#" in a name would start a TAP directive.
pass() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - ${1//#/}"
}

fail() {
	tap_count=$((tap_count + 1))
	echo "not ok $tap_count - ${1//#/}"
	shift
	printf '%s\n' "$@" | sed 's/^/# /'
}

skip() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - ${1//#/} # SKIP ${2:-}"
}

finish() {
	echo "1..$tap_count"
	exit 0
}
