#!/usr/bin/env bash
# The scripts of the tree parse, can be run, and install what they should.
. "$srcdir/tests/tap.sh"

for script in quickstart runtests .ci/run build-aux/tally build-aux/dist-tree \
	build-aux/install-data; do
	ok "$script can be run" test -x "$srcdir/$script"
	ok "$script parses" bash -n "$srcdir/$script"
done
ok "setup.sh parses" bash -n "$srcdir/build-aux/setup.sh"

# A tree of our own, with a blank in its path, installed and removed again.
from="$tmp/a tree" to="$tmp/to here"
mkdir -p "$from/rules/lib" "$from/docs/errors" "$from/editors/completion"
echo x >"$from/rules/lib/one.vouch"
echo x >"$from/rules/lib/note.txt"
echo x >"$from/docs/errors/E0207.md"
echo x >"$from/docs/vouch.1"
echo x >"$from/editors/completion/vouch.bash"
install_data() {
	sh "$srcdir/build-aux/install-data" "$1" "$from" "$to/share/vouch" "$to/man1" "$to/share"
}
ok "install-data installs" install_data install
is "what is installed" "$(cd "$to" && find . -type f | sort | tr '\n' ' ')" \
	"./man1/vouch.1 ./share/bash-completion/completions/vouch ./share/vouch/errors/E0207.md\
 ./share/vouch/rules/lib/one.vouch "
ok "install-data uninstalls" install_data uninstall
is "nothing is left" "$(find "$to" -type f)" ""
ok "its folder is gone" test ! -e "$to/share/vouch"
finish
