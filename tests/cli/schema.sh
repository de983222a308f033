#!/usr/bin/env bash
# What the program writes as JSON is what docs/findings.schema.json says: key by key, and where there
# is a validator, by that.
. "$srcdir/tests/cli/common.sh"

schema=$srcdir/docs/findings.schema.json
audit "$case_file" --to 2025-09-02 >"$tmp/log" 2>&1 || cat "$tmp/log" >&2
first=$(sql "$case_file" "select run_id from run")
audit "$case_file" >"$tmp/log" 2>&1
# One is disputed, one settled; of the others nothing was said.
id() { sql "$case_file" "select finding_id from finding where subject_key = '$1' and rule = 'T1' limit 1"; }
for said in "V1 auditor raised" "V1 provider disputed" "V3 auditor raised" "V3 auditor upheld" \
	"V3 auditor settled"; do
	# shellcheck disable=SC2086
	set -- $said
	"$VOUCH" respond "$case_file" "$(id "$1")" --as "$2" --status "$3" --because "so it is" >/dev/null
done
"$COUNTY" --out "$tmp/county.db" --visits 1500 --seed 3 >/dev/null
VOUCH_RULES=$srcdir/rules "$VOUCH" audit "$tmp/county.db" -c hampshire/ccsh -o "$tmp/hants.db" \
	--from 2025-04-28 --to 2026-04-26 >"$tmp/log" 2>&1 || cat "$tmp/log" >&2

# to FILE ARGUMENT...
to() {
	local file=$tmp/$1
	shift
	"$VOUCH" "$@" >"$file" 2>"$tmp/err"
	is "vouch $1 > ${file##*/}" "$?$(cat "$tmp/err")" 0
}
for name in small county; do
	from=$case_file
	[ $name = small ] || from=$tmp/hants.db
	to findings-$name.json findings "$from" --format json
	to ask-$name.json findings "$from" --ask-for --format json
	to kpis-$name.json kpis "$from" --format json
	ok "vouch report: $name" "$VOUCH" report "$from" --format json -o "$tmp/report-$name.json"
done
to none.json findings "$case_file" --provider P9 --format json
to restate.json restate "$case_file" --run "$first" --against "$(sql "$case_file" "select run_id
	from run order by rowid desc limit 1")" --format json
ok "vouch report has the bytes of vouch findings" cmp "$tmp/findings-small.json" \
	"$tmp/report-small.json"

# --- key by key
json() { sqlite3 :memory: "$1"; }
# keys FILE ARRAY SHAPE: what the objects have that the shape has not, and lack that it requires
keys() {
	json "with shape as (select json_extract(readfile('$schema'), '\$.\$defs.$3') as s),
		object as (select value as o from json_each(readfile('$tmp/$1'), '$2')),
		has as (select distinct k.key from object, json_each(o) k)
		select 'unknown ' || key from has where key not in
			(select key from shape, json_each(s, '\$.properties'))
		union select 'lacks ' || r.value from shape, json_each(s, '\$.required') r, object
			where not exists (select 1 from json_each(o) where key = r.value)"
}
count() { json "select json_array_length(readfile('$tmp/$1'), '$2')"; }
for file in "$tmp"/*.json; do
	is "it says its format first: ${file##*/}" "$(head -c 11 "$file")" '{"format":2'
done
ok "there are findings" test "$(count findings-county.json '$.findings')" -gt 20
is "keys of findings" "$(keys findings-county.json '$.findings' finding)" ""
is "keys of few findings" "$(keys findings-small.json '$.findings' finding)" ""
ok "there are figures" test "$(count kpis-county.json '$.kpis')" -gt 20
is "keys of events" "$(keys findings-small.json '$.findings[0].events' event)" ""
ok "there are events" test "$(count findings-small.json '$.findings[0].events')" -eq 2
is "keys of figures" "$(keys kpis-county.json '$.kpis' figure)" ""
ok "there are facts" test "$(count ask-county.json '$.ask_for')" -gt 0
is "keys of facts" "$(keys ask-county.json '$.ask_for' fact)" ""
ok "there are changes" test "$(count restate.json '$.differences')" -gt 0
is "keys of changes" "$(keys restate.json '$.differences' change)" ""
is "not assessed has its bounds" "$(json "select count(*) from
	json_each(readfile('$tmp/findings-county.json'), '\$.findings') where value ->> 'verdict' =
	'not_assessed' and json_type(value, '\$.certain') is null")" 0

# --- by a validator
if ! python3 -c 'import jsonschema' 2>/dev/null; then
	skip "a validator agrees" "there is no jsonschema for Python"
	finish
fi
cat >"$tmp/validate.py" <<'END2'
import json, sys
from jsonschema import Draft202012Validator as Validator
schema = json.load(open(sys.argv[1]))
Validator.check_schema(schema)
wrong = 0
for name in sys.argv[2:]:
    document = json.load(open(name))
    # The shape by its keys, so that what is wrong is named, and then the whole.
    shape = next(s for s, key in (("restate", "differences"), ("kpis", "kpis"),
        ("ask_for", "ask_for"), ("findings", "findings")) if key in document)
    one = Validator({**schema, "oneOf": [{"$ref": "#/$defs/" + shape}]})
    for error in list(one.iter_errors(document))[:1]:
        for cause in list(error.context)[:5] or [error]:
            wrong += 1
            print(name, list(cause.absolute_path), cause.message[:300])
    if not Validator(schema).is_valid(document):
        wrong += 1
        print(name, "is none of the four shapes, or several")
sys.exit(wrong > 0)
END2
for file in "$tmp"/*.json; do
	ok "a validator agrees: ${file##*/}" python3 "$tmp/validate.py" "$schema" "$file"
done
# The schema must be able to say no.
refused() { ! python3 "$tmp/validate.py" "$schema" "$1"; }
good=$tmp/findings-small.json
sed 's/"at_stake_pence":565/"at_stake_pence":5.65/' "$good" >"$tmp/bad"
ok "it refuses a sum with pence behind a point" refused "$tmp/bad"
sed 's/"format":2/"format":1/' "$good" >"$tmp/bad"
ok "it refuses another format" refused "$tmp/bad"
sed 's/"severity":"major",//' "$good" >"$tmp/bad"
ok "it refuses a finding without severity" refused "$tmp/bad"
sed 's/"certain":[a-z]*,//' "$good" >"$tmp/bad"
ok "it refuses half of the bounds" refused "$tmp/bad"
sed 's/"status":"settled"/"status":"paid"/' "$good" >"$tmp/bad"
ok "it refuses a status that is none" refused "$tmp/bad"
sed 's/"events":\[\]/"events":null/' "$good" >"$tmp/bad"
ok "it refuses events that are no list" refused "$tmp/bad"
sed 's/"role":"provider"/"role":"council"/' "$good" >"$tmp/bad"
ok "it refuses an event of nobody" refused "$tmp/bad"
sed 's/"on_date":"2025-09-01"/"on_date":"1 September"/' "$good" >"$tmp/bad"
ok "it refuses a date in words" refused "$tmp/bad"
finish
