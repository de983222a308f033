#!/usr/bin/env bash
# Fuzzes the rule language a fixed number of times: under libFuzzer with the sanitizers where clang
# has it, else under the small driver; then files of providers, under the driver. FUZZ_RUNS asks for
# more of the one, FUZZ_FILES of the other.
. "$srcdir/tests/tap.sh"

runs=${FUZZ_RUNS:-20000}
export VOUCH_TMP=$tmp
seeds=("$srcdir/tests/fuzz/seeds" "$srcdir/rules")
# Of a long rule file its beginning serves as a seed: what is mutated has to stay quick to read.
options=(-seed=1 -max_len=8192 "-dict=$srcdir/tests/fuzz/rules.dict" -timeout=20 -rss_limit_mb=3000
	-verbosity=0 "-artifact_prefix=$tmp/")
if [ -x fuzz-obj/fuzz ]; then
	program=fuzz-obj/fuzz how="libFuzzer"
else
	program=tests/fuzz/fuzz how="the small driver"
fi
mkdir "$tmp/found"

# What once broke it stays in seeds/, so each is run by itself first and named when it breaks again.
for seed in "$srcdir"/tests/fuzz/seeds/*; do
	ok "seed $(basename "$seed")" "$program" "${options[@]}" -runs=1 "$seed"
done
ok "$runs executions under $how" "$program" "${options[@]}" "-runs=$runs" "$tmp/found" \
	"${seeds[@]}"
files=${FUZZ_FILES:-3000}
ok "$files files of providers" tests/fuzz/fuzz-import -seed=1 "-runs=$files" "$srcdir/tests/fuzz/files"
finish
