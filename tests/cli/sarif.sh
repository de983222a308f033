#!/usr/bin/env bash
# vouch findings --format sarif: what stands where, two runs held against each other, and the schema
# of SARIF where it can be had.
. "$srcdir/tests/cli/common.sh"

audit "$case_file" --to 2026-03-31 >"$tmp/log" 2>&1 || cat "$tmp/log" >&2
first=$(sql "$case_file" "select run_id from run")
sarif() { "$VOUCH" findings "$case_file" --format sarif "$@"; }
id() { sql "$case_file" "select finding_id from finding where subject_key = '$1' and rule = 'T1'
	order by run_id = '$first' desc limit 1"; }
# of PATH: in the log; result KEY PATH: of the result about a visit
of() { json "$1"; }
result() {
	sqlite3 :memory: "select json_extract(value, '$2') from json_each(readfile('$tmp/out'),
		'\$.runs[0].results') where json_extract(value,
		'\$.locations[0].logicalLocations[0].name') = '$1'"
}

status "SARIF: 0" 0 sarif
cp "$tmp/out" "$tmp/first.sarif"
is "version" "$(of '$.version')" 2.1.0
is "results" "$(of '$.runs[0].results.#' 2>/dev/null || true)$(sqlite3 :memory: "select
	json_array_length(readfile('$tmp/out'), '\$.runs[0].results')")" 4
is "rules" "$(of '$.runs[0].tool.driver.rules[0].id') $(of '$.runs[0].tool.driver.rules[1].id')" \
	"town/care/T1 town/care/T2"
is "a rule's version" "$(of '$.runs[0].tool.driver.rules[0].properties.version')" 2025.1
is "a rule's clause" "$(of '$.runs[0].tool.driver.rules[0].fullDescription.text')" "rules, Rounding"
is "no page for help" "$(of '$.runs[0].tool.driver.rules[0].helpUri')" ""
is "the run" "$(of '$.runs[0].automationDetails.id')" "vouch/$first"
is "failed" "$(result V1 '$.kind') $(result V1 '$.level')" "fail warning"
is "of little weight" "$(result V5 '$.kind') $(result V5 '$.level')" "fail note"
is "not assessed is open, not passed" "$(result V4 '$.kind') $(result V4 '$.level')" "open none"
contains "and says what is missing" "$(result V4 '$.message.text')" "visit.logged of visit V4"
is "rank" "$(result V1 '$.rank') $(result V3 '$.rank') $(result V5 '$.rank')" "56 54 25"
is "rule" "$(result V1 '$.ruleId') $(result V1 '$.ruleIndex')" "town/care/T1 0"
is "the rule's line" "$(result V1 '$.locations[0].physicalLocation.region.startLine')" \
	"$(grep -n '^rule T1' "$town/care.vouch" | cut -d: -f1)"
contains "the rule's file" "$(result V1 '$.locations[0].physicalLocation.artifactLocation.uri')" \
	"town/care.vouch"
is "the row" "$(result V1 '$.locations[0].logicalLocations[0].fullyQualifiedName')" visit/V1
is "rows of the evidence" "$(result V1 '$.relatedLocations[0].logicalLocations[0].fullyQualifiedName')" \
	visits/V1
contains "their values" "$(result V1 '$.relatedLocations[0].message.text')" "visit.declared: 30 minutes"
is "finding" "$(result V3 '$.fingerprints."vouch/finding/v1"')" "$(id V3)"
is "content" "$(result V3 '$.partialFingerprints."vouch/content/v1"')" "$(sql "$case_file" \
	"select content from finding where subject_key = 'V3'")"
is "pence" "$(result V3 '$.properties.at_stake_pence') $(result V3 '$.properties.at_stake_exact')" \
	"83 5/6"
is "no state without a baseline" "$(result V1 '$.baselineState')" ""
sarif >"$tmp/again.sarif"
ok "the same bytes" cmp "$tmp/first.sarif" "$tmp/again.sarif"
status "of one rule" 0 sarif --rule T2
is "alone" "$(grep -c '"ruleId"' "$tmp/out")" 1
status "none at all: 0" 0 sarif --provider P9
is "is a log too" "$(sqlite3 :memory: "select json_array_length(readfile('$tmp/out'),
	'\$.runs[0].results')")" 0
cp "$tmp/out" "$tmp/none.sarif"
ok "vouch report" "$VOUCH" report "$case_file" --format sarif -o "$tmp/report.sarif"
ok "gives the same bytes" cmp "$tmp/first.sarif" "$tmp/report.sarif"

# --- two runs: V1 is claimed shorter, V3 right, V2 longer, V5 as it was
sqlite3 "$data" "update visits set declared_min = 29 where ref = 'V1'" \
	"update visits set declared_min = 60 where ref in ('V2', 'V3')"
audit "$case_file" >"$tmp/log" 2>&1 || cat "$tmp/log" >&2
status "against the first: 0" 0 sarif --baseline "${first:0:8}"
cp "$tmp/out" "$tmp/two.sarif"
is "new" "$(result V2 '$.baselineState')" new
is "updated" "$(result V1 '$.baselineState')" updated
is "unchanged" "$(result V5 '$.baselineState')" unchanged
is "absent" "$(result V3 '$.baselineState')" absent
is "as it was" "$(result V3 '$.properties.at_stake_pence')" 83
is "the one it was compared with" "$(of '$.runs[0].properties.baseline_run_id')" "$first"
status "of one provider" 0 sarif --baseline "$first" --provider P1
is "what is gone of others is not told" "$(result V3 '$.kind')" ""
status "against itself" 0 sarif --run "$first" --baseline "$first"
is "all is unchanged" "$(grep -c '"baselineState":"unchanged"' "$tmp/out")" 4
status "a baseline that is not there: 2" 2 sarif --baseline ZZZZ
status "a baseline as JSON: 64" 64 "$VOUCH" findings "$case_file" --format json --baseline "$first"
status "facts to ask for: 64" 64 sarif --ask-for

# --- two contracts, amended rules, groups
"$COUNTY" --out "$tmp/county.db" --visits 1500 --seed 3 >/dev/null
VOUCH_RULES=$srcdir/rules "$VOUCH" audit "$tmp/county.db" -c hampshire -o "$tmp/hants.db" \
	--from 2025-04-28 --to 2026-04-26 >"$tmp/log" 2>&1 || cat "$tmp/log" >&2
status "a county: 0" 0 "$VOUCH" findings "$tmp/hants.db" --format sarif
cp "$tmp/out" "$tmp/county.sarif"
is "each result names its rule" "$(sqlite3 :memory: "with log as (select readfile('$tmp/out') as t)
	select count(*) from log, json_each(t, '\$.runs[0].results') r where r.value ->> 'ruleId' is not
	json_extract(t, '\$.runs[0].tool.driver.rules[' || (r.value ->> 'ruleIndex') || '].id')")" 0

# --- the schema, which a package of the registry has
modules=$(dirname "$VOUCH_TMP")/npm
schema=$modules/sarif-schema.json
if [ ! -e "$schema" ] && command -v npm >/dev/null; then
	mkdir -p "$modules" "$tmp/package"
	(cd "$tmp/package" && timeout 120 npm pack @microsoft/jest-sarif@1.0.0-beta.0 &&
		tar xzf ./*.tgz) >"$tmp/npm.log" 2>&1
	cp "$tmp"/package/package/lib/schemas/sarif-2.1.0-*.json "$schema" 2>/dev/null
fi
if [ ! -e "$schema" ] || ! python3 -c 'import jsonschema' 2>/dev/null; then
	skip "the schema of SARIF" "there is no schema, or no jsonschema for Python"
	finish
fi
cat >"$tmp/validate.py" <<'END2'
import json, sys
from jsonschema import Draft4Validator
errors = list(Draft4Validator(json.load(open(sys.argv[1]))).iter_errors(json.load(open(sys.argv[2]))))
for error in errors[:5]:
    print(list(error.absolute_path), error.message[:300])
sys.exit(len(errors) > 0)
END2
for log in first none two county; do
	ok "the schema of SARIF: $log" python3 "$tmp/validate.py" "$schema" "$tmp/$log.sarif"
done
sed 's/"kind":"open"/"kind":"unsure"/' "$tmp/first.sarif" >"$tmp/bad"
ok "it can say no" sh -c '! python3 "$@"' - "$tmp/validate.py" "$schema" "$tmp/bad"
finish
