#!/usr/bin/env bash
# Set-up asks apt for what is missing and for nothing else; apt, dpkg and sudo are stand-ins here.
. "$srcdir/tests/tap.sh"

mkdir "$tmp/bin"
stub() { # stub NAME BODY
	printf '#!/bin/sh\n%s\n' "$2" >"$tmp/bin/$1"
	chmod +x "$tmp/bin/$1"
}
# shellcheck disable=SC2016
stub dpkg-query 'for last; do :; done
case $last in
have*) echo "install ok installed" ;;
removed*) echo "deinstall ok config-files" ;;
*) exit 1 ;;
esac'
# shellcheck disable=SC2016
stub apt-get 'echo "apt-get $*" >>"$CALLS"; exit "${APT_STATUS:-0}"'
# shellcheck disable=SC2016
stub sudo 'echo sudo >>"$CALLS"; exec "$@"'
# shellcheck disable=SC2016
stub id 'echo "$FAKE_UID"'
export CALLS=$tmp/calls

# needed UID PACKAGE...: what `need` does as that user
needed() {
	: >"$CALLS"
	PATH=$tmp/bin:$PATH FAKE_UID=$1 srcdir=$srcdir build=$tmp bash -c '
		. "$srcdir/build-aux/setup.sh"
		shift
		need "$@"' needed "$@"
}
calls() { tr '\n' ';' <"$CALLS"; }
install="apt-get -q install -y --no-install-recommends"

status "all there" 0 needed 0 have1 have2
is "nothing asked of apt" "$(calls)" ""
status "some missing, as root" 0 needed 0 have1 lack1 removed1 have2 lack2
is "only those are asked for" "$(calls)" "apt-get -q update;$install lack1 removed1 lack2;"
contains "and it says so" "$(cat "$tmp/out")" "Installing with apt: lack1 removed1 lack2"
status "not root" 0 needed 1000 lack1
is "through sudo" "$(calls)" "sudo;apt-get -q update;sudo;$install lack1;"
APT_STATUS=100 status "apt fails" 1 needed 0 lack1
contains "it says what to type" "$(cat "$tmp/err")" "apt-get install -y lack1"
is "nothing is tried after a failed update" "$(calls)" "apt-get -q update;"
finish
