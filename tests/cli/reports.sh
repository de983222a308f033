#!/usr/bin/env bash
# vouch findings and vouch explain over the case file of a small audit.
. "$srcdir/tests/cli/common.sh"

audit "$case_file" >"$tmp/log" 2>&1 || cat "$tmp/log" >&2
id=$(sql "$case_file" "select finding_id from finding where subject_key = 'V3'")

# --- findings
status "findings: 0" 0 vouch findings "$case_file"
contains "a line of titles" "$(head -n 1 "$tmp/out")" "at stake"
contains "a finding" "$(cat "$tmp/out")" "visit V1     £5.65  Declared 30 minutes; the log supports 15"
contains "how many" "$(tail -n 1 "$tmp/out")" "4 findings: 3 failed, 1 not assessed, 0 conflicts"
is "one line each" "$(wc -l <"$tmp/out")" 6
lacks "no colour" "$(cat "$tmp/out")" $'\033'
count() { vouch findings "$case_file" --format csv "$@" | tail -n +2 | wc -l; }
is "--rule" "$(count --rule T1)" 3
is "--verdict" "$(count --verdict not_assessed)" 1
is "--verdict as it is printed" "$(count --verdict "not assessed")" 1
is "--provider" "$(count --provider P1)" 3
is "--contract" "$(count --contract town/care)" 4
is "all of them together" "$(count -c town/care --rule T1 --provider P1 --verdict fail)" 1
status "a rule that is not there: 2" 2 vouch findings "$case_file" --rule T11
contains "the nearest" "$(cat "$tmp/err")" "did you mean T1"
status "a contract that is not there: 2" 2 vouch findings "$case_file" -c town/core
status "a run that is not there: 2" 2 vouch findings "$case_file" --run ZZZZ
status "nobody's findings: 0" 0 vouch findings "$case_file" --provider P9
is "are none" "$(cat "$tmp/out")" "0 findings"

# --- CSV, as another program reads it
status "CSV: 0" 0 vouch findings "$case_file" --format csv
is "rows" "$(csv 'select count(*) from f')" 4
is "pence" "$(csv "select at_stake_pence, at_stake_exact from f where subject_key = 'V3'")" "83|5/6"
is "a key that is no formula" "$(csv "select provider from f where subject_key = 'V3'")" "'=P2"
ok "lines end as RFC 4180 has it" grep -q $'"\r$' "$tmp/out"

# --- JSON
status "JSON: 0" 0 vouch findings "$case_file" --format json
is "findings" "$(sqlite3 :memory: \
	"select json_array_length(readfile('$tmp/out'), '\$.findings')")" 4
is "the run" "$(json '$.run.run_id')" "$(sql "$case_file" 'select run_id from run')"
is "dates" "$(json '$.run.from_date')" 2025-04-01
is "sorted" "$(json '$.findings[0].subject_key')$(json '$.findings[3].rule')" V1T2
is "the key as it is" "$(json '$.findings[1].provider')" "=P2"
is "evidence" "$(json '$.findings[0].evidence[0].table')" visits

# --- explain
status "explain: 0" 0 vouch explain "$case_file" "$id"
page=$(cat "$tmp/out")
contains "the rule" "$page" "T1 Declared more time than was logged"
contains "the subject" "$page" "failed, major: visit V3, provider =P2, on 3 September 2025"
contains "the clause" "$page" "rules, Rounding"
contains "the rule's own text" "$page" "require    visit.declared <= quarter_hour(visit.logged)"
contains "a value, with its place" "$page" "visits V3, declared_min"
contains "what is assumed" "$page" "rounding quarter_hour: the step is not published"
contains "the sum" "$page" "£0.83 claimed"
contains "before rounding" "$page" "£0.833333…, exactly £5/6"
contains "the data" "$page" "$(sql "$case_file" 'select data_sha256 from run')"
contains "the command" "$page" "vouch audit DATA.db -c town/care --from 2025-04-01 --to 2026-03-31"
ok "100 columns" test "$(wc -L <"$tmp/out")" -le 100
is "by the first letters" "$(vouch explain "$case_file" "${id:0:10}")" "$page"
is "in small letters" "$(vouch explain "$case_file" "${id,,}")" "$page"
status "no letters: 2" 2 vouch explain "$case_file" ""
contains "more than one" "$(cat "$tmp/err")" "more than one finding"
status "an id that is not there: 2" 2 vouch explain "$case_file" UUUU
contains "its code" "$(cat "$tmp/err")" "E0607"
missing=$(sql "$case_file" "select finding_id from finding where subject_key = 'V4'")
status "what could not be assessed: 0" 0 vouch explain "$case_file" "$missing"
contains "what is missing" "$(cat "$tmp/out")" "visit.logged"
contains "whom to ask" "$(cat "$tmp/out")" "To settle it, ask provider P1"

# --- the page of an error
mkdir "$tmp/pages"
cat >"$tmp/pages/E0207.md" <<'END'
# E0207: values of different units cannot be compared

A rate is not a sum, however
alike they look.

    indented

```
require visit.rate >= £19.00
```

- write the unit
END
VOUCH_ERRORS=$tmp/pages status "explain E0207: 0" 0 vouch explain E0207
contains "its heading" "$(cat "$tmp/out")" "E0207: values of different units"
contains "paragraphs are put together" "$(cat "$tmp/out")" "A rate is not a sum, however alike they look."
contains "text in fences is as it is" "$(cat "$tmp/out")" "    require visit.rate >= £19.00"
VOUCH_ERRORS=$tmp/pages status "in small letters" 0 vouch explain e0207
VOUCH_ERRORS=$tmp/nowhere status "no page: 3" 3 vouch explain E0207

# --- files that are no case files
for command in "findings" "explain"; do
	what=""
	[ "$command" = findings ] || what=ABC
	status "$command of no file: 3" 3 vouch "$command" "$tmp/none.db" ${what:+"$what"}
	ok "$command makes no file" test ! -e "$tmp/none.db"
	status "$command of the data: 3" 3 vouch "$command" "$data" ${what:+"$what"}
	contains "$command: why" "$(cat "$tmp/err")" "no case file"
done
head -c 20000 "$case_file" >"$tmp/cut.db"
status "a case file that was cut off: 3" 3 vouch findings "$tmp/cut.db"
finish
