#!/usr/bin/env bash
# docs/coverage.md says for each clause of the source documents what carries it. It is generated; each
# declaration that it names exists, and no clause is without an answer.
. "$srcdir/tests/tap.sh"

status "every clause has an answer that exists" 0 "$srcdir/build-aux/coverage" "$srcdir"
cp "$tmp/out" "$tmp/coverage.md"
is "nothing is wrong in the lists" "$(cat "$tmp/err")" ""
same "docs/coverage.md is as generated" "$srcdir/docs/coverage.md" "$tmp/coverage.md"
finish
