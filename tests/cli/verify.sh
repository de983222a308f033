#!/usr/bin/env bash
# A case file is verified, then changed in every way that somebody might think of: each change is
# found, and named. Then the same with a checkpoint that was kept, and with the data.
. "$srcdir/tests/cli/common.sh"

status "an audit: 0" 0 audit "$case_file"
first=$(sql "$case_file" "select distinct run_id from run")
cp "$case_file" "$tmp/first.db"
status "a second run: 0" 0 audit "$case_file" --from 2025-09-02
second=$(sql "$case_file" "select id from manifest where number = 2")
status "verified: 0" 0 vouch verify "$case_file"
contains "both runs are named" "$(cat "$tmp/out")" "run $first: 4 findings of 2 rules"
contains "and said to be sound" "$(tail -n 1 "$tmp/out")" "nothing was changed, removed or added"
is "a line a run and one for all" "$(wc -l <"$tmp/out")" 3
ok "nothing on standard error" test ! -s "$tmp/err"

# --- the manifest
is "its hash is that of its text" \
	"$(sqlite3 -readonly "$case_file" "select json from manifest where number = 1" | head -c -1 |
		sha256sum | cut -d' ' -f1)" "$(sql "$case_file" "select sha256 from manifest where number = 1")"
is "the second follows the first" "$(sql "$case_file" "select a.sha256 = b.previous_sha256,
	b.previous_sha256 = json_extract(b.json, '\$.previous') from manifest a, manifest b
	where a.number = 1 and b.number = 2")" "1|1"
is "a rule file has its hash" \
	"$(sql "$case_file" "select value from manifest, json_each(manifest.json, '\$.files') where number = 1
		and key like '%care.vouch'")" "$(sha256sum <"$town/care.vouch" | cut -d' ' -f1)"
is "counts of each rule" "$(sql "$case_file" "select value ->> 'failed', value ->> 'passed' from
	manifest, json_each(manifest.json, '\$.rules') where number = 1 and value ->> 'rule' = 'T1'")" "2|2"
lacks "no time in it" "$(sql "$case_file" "select json from manifest")" \
	"$(sql "$case_file" "select substr(started, 1, 10) from run limit 1")"
rm -f "$tmp/again.db"
status "the same audit elsewhere: 0" 0 audit "$tmp/again.db"
is "gives the same manifest" "$(sql "$tmp/again.db" "select json from manifest")" \
	"$(sql "$case_file" "select json from manifest where number = 1")"

# --- the triggers
ok "a finding cannot be changed by accident" \
	test -n "$(sqlite3 "$tmp/again.db" "update finding_row set message = 'x'" 2>&1)"
ok "nor removed" test -n "$(sqlite3 "$tmp/again.db" "delete from finding_row" 2>&1)"
status "and all is as it was: 0" 0 vouch verify "$tmp/again.db"

# --- tampering: each on a copy of its own, with the triggers put back as they were
open_up() { # open_up DB: takes the triggers away, and prints what makes them again
	sqlite3 "$1" "select sql || ';' from sqlite_schema where type = 'trigger'"
	sqlite3 "$1" "select 'drop trigger ' || name || ';' from sqlite_schema where type = 'trigger'" |
		sqlite3 "$1"
}
tamper() { # tamper NAME SQL PART...: the SQL is run on a copy; verify says each PART
	local name=$1 sql=$2 triggers part
	shift 2
	cp "$case_file" "$tmp/t.db"
	triggers=$(open_up "$tmp/t.db")
	sqlite3 "$tmp/t.db" "$sql"
	sqlite3 "$tmp/t.db" "$triggers"
	status "$name: 1" 1 vouch verify "$tmp/t.db"
	for part in "$@"; do
		contains "$name: named" "$(cat "$tmp/out")" "$part"
	done
	contains "$name: said at the end" "$(tail -n 1 "$tmp/out")" "not as it was written"
}
cp "$case_file" "$tmp/t.db"
triggers=$(open_up "$tmp/t.db")
sqlite3 "$tmp/t.db" "$triggers"
status "triggers taken away and put back: nothing has changed" 0 vouch verify "$tmp/t.db"

id_of() { sql "$case_file" "select finding_id from finding where run_id = '$first' and
	rule = '$1' and subject_key = '$2'"; }
v1=$(id_of T1 V1)
v3=$(id_of T1 V3)
row() { echo "rowid = (select row from finding_place p join rule_total t using (rule_key) where
	p.finding_id = '$1' and t.run_id = '$first')"; }
tamper "a message" "update finding_row set message = replace(message, '30', '31') where $(row "$v1")" \
	"run $first" "finding ${v1:0:10}: changed: message"
lacks "and no other finding is" "$(cat "$tmp/out")" "${v3:0:10}"
contains "the other run is sound" "$(cat "$tmp/out")" "run $second: 3 findings of 2 rules, 0 figures: as"
tamper "a sum" "update finding_row set at_stake_pence = 564 where $(row "$v1")" \
	"finding ${v1:0:10}: changed: at_stake_pence"
tamper "a sum, exactly" "update finding_row set at_stake_exact = '5.64' where $(row "$v1")" \
	"finding ${v1:0:10}: changed: at_stake_exact"
tamper "the evidence" "update finding_row set evidence = replace(evidence, '16', '17') where
	$(row "$v1")" "finding ${v1:0:10}: changed: evidence"
tamper "a verdict" "update finding_row set verdict = 'not_assessed' where $(row "$v1")" \
	"finding ${v1:0:10}: changed: verdict"
tamper "a finding removed" "delete from finding_row where $(row "$v3")" \
	"finding: 3 rows, where the manifest has 4" "finding ${v3:0:10}: removed"
tamper "a finding removed with its place" "create temp table gone as select row from finding_place p
	join rule_total t using (rule_key) where p.finding_id = '$v3' and t.run_id = '$first';
	delete from finding_place where row in gone; delete from finding_row where rowid in gone" \
	"finding ${v3:0:10}: removed"
tamper "a finding inserted" "insert into finding_row select replace(finding_id, substr(finding_id, 1,
	10), '0000000000'), rule_key, verdict, subject_key, provider, on_date, message, at_stake_pence,
	at_stake_exact, assumed_key, missing, content, evidence from finding_row where $(row "$v1")" \
	"finding 0000000000: added" "finding_row: 1 rows more than the manifests have"
tamper "two findings swapped" "create temp table m as select rowid as r, message from finding_row
	where $(row "$v1") or $(row "$v3"); update finding_row set message = (select message from m
	where r != finding_row.rowid) where rowid in (select r from m)" \
	"finding ${v1:0:10}: changed: message" "finding ${v3:0:10}: changed: message"
tamper "the places of two findings swapped" "update finding_place set row = case row when 1 then 2
	else 1 end where row in (1, 2)" "finding_place: leads elsewhere"
tamper "a finding under another rule" "update finding_row set rule_key = (select t.rule_key from
	rule_total t where t.run_id = '$first' and t.rule = 'T2') where $(row "$v1")" \
	"finding ${v1:0:10}: changed: rule"
tamper "a finding of no run" "insert into finding_row select finding_id, 999, verdict, subject_key,
	provider, on_date, message, 0, '0', null, null, content, evidence from finding_row where rowid = 1" \
	"finding_row: 1 rows more"
tamper "a count" "update rule_result set failed = failed - 1, passed = passed + 1 where rule = 'T1'
	and run_id = '$first'" "rule T1: failed is 1, where the manifest has 2" \
	"rule T1: passed is 3, where the manifest has 2" "town/care T1 2025.1: changed: passed, failed"
tamper "the text of a rule" "update rule_result set text = text || ' ' where rule = 'T2' and
	run_id = '$second'" "town/care T2 2025.1: changed: text"
tamper "the total of a rule" "update rule_total set over_exact = '0' where rule = 'T1' and
	run_id = '$first'" "rule_total town/care T1 2025.1: changed: over_exact"
tamper "the claim" "update claim set over_pence = 1 where run_id = '$first'" \
	"claim : changed: over_pence"
tamper "what was rejected" "insert into rejected values('$first', 'visit', 'V9', 'date', 'x', 'x', 0)" \
	"rejected: 1 rows, where the manifest has 0" "rejected from visit V9 date: added"
tamper "a fact that was asked for" "update asked set source_key = 'V5'" "asked from"
tamper "a bound" "update bounds set at_most_pence = 1" ": changed: at_most_pence"
tamper "what a finding rests on" "update assumption set assumed = 'nothing'" "assumption"
tamper "the dates of a run" "update run set to_date = '2025-12-31' where run_id = '$first'" \
	"run town/care: changed: to_date"
tamper "a run removed" "delete from run where run_id = '$first'" \
	"run $first has been removed; its manifest is still there"
tamper "a run removed with its manifest" "delete from run where run_id = '$first'; delete from
	manifest where id = '$first'" "the manifest does not follow the one before it" \
	"the manifest is number 2 of the file, and stands at place 1"
tamper "a run without a manifest" "insert into run select 'X', started, contract, version, title,
	council, rulebook_sha256, data_sha256, from_date, to_date, known_on, provider, program,
	rows_read, data_path, contract_path, data_of, data_to from run where run_id = '$first'" \
	"run X has no manifest"
tamper "the manifest itself" "update manifest set json = replace(json, 'failed\":2', 'failed\":3')
	where number = 1" "its text does not give its hash" "rule T1: failed is 2, where the manifest has 3"
tamper "the manifest with its hash" "update manifest set sha256 = '$(printf %064d 7)' where number = 1" \
	"its text does not give its hash" "the manifest does not follow the one before it"
tamper "a manifest that is no JSON" "update manifest set json = '{' where number = 1" \
	"the manifest is no JSON"
tamper "the root beside the manifest" "update manifest set root = sha256 where number = 2" \
	"the root beside the manifest is not the one in it"
tamper "the list beside the manifest" "update manifest_rows set entries = zeroblob(length(entries))
	where part = 'finding' and id = '$first'" "the rows are as they were; the list of them"
tamper "a view" "drop view finding; create view finding as select 1 as finding_id" \
	"view finding is declared otherwise than it was"
cp "$case_file" "$tmp/t.db"
sqlite3 "$tmp/t.db" "drop trigger finding_row_no_update"
status "a trigger dropped: 1" 1 vouch verify "$tmp/t.db"
contains "it is named" "$(cat "$tmp/out")" "trigger finding_row_no_update is gone"
sqlite3 "$tmp/t.db" "create trigger finding_row_no_update after insert on run begin select 1; end"
status "one of the same name that does nothing: 1" 1 vouch verify "$tmp/t.db"
contains "is told from it" "$(cat "$tmp/out")" "trigger finding_row_no_update is declared otherwise"
cp "$case_file" "$tmp/t.db"
sqlite3 "$tmp/t.db" "create trigger more after insert on finding_row begin select 1; end"
status "a trigger added: 1" 1 vouch verify "$tmp/t.db"
contains "it is named too" "$(cat "$tmp/out")" "trigger more was added to table finding_row"
cp "$case_file" "$tmp/t.db"
sqlite3 "$tmp/t.db" "vacuum; pragma page_size = 4096; vacuum; reindex; analyze"
status "a case file that was packed anew: nothing has changed" 0 vouch verify "$tmp/t.db"

# --- the checkpoint
status "a checkpoint: 0" 0 vouch verify "$tmp/first.db" --checkpoint
cp "$tmp/out" "$tmp/checkpoint"
is "three lines" "$(wc -l <"$tmp/checkpoint")" 3
is "the file, by its first run" "$(sed -n 1p "$tmp/checkpoint")" "vouch.case/$first"
is "how many runs" "$(sed -n 2p "$tmp/checkpoint")" 1
is "the root, as others work it out" "$(sed -n 3p "$tmp/checkpoint" | base64 -d | od -An -tx1 |
	tr -d ' \n')" "$({ printf '\0'; sqlite3 -readonly "$tmp/first.db" 'select json from manifest' |
	head -c -1; } | sha256sum | cut -d' ' -f1)"
status "held against the file: 0" 0 vouch verify "$tmp/first.db" --against "$tmp/checkpoint"
status "a run was added since: 0" 0 vouch verify "$case_file" --against "$tmp/checkpoint"
contains "and that is said" "$(cat "$tmp/out")" "manifests added since: 1"
sed 's/$/\r/' "$tmp/checkpoint" >"$tmp/mail"
status "through e-mail: 0" 0 vouch verify "$case_file" --against "$tmp/mail"
vouch verify "$case_file" --checkpoint >"$tmp/later"
status "a file that has lost a run: 1" 1 vouch verify "$tmp/first.db" --against "$tmp/later"
contains "it says so" "$(cat "$tmp/out")" "the checkpoint has 2 manifests, the case file 1"
rm -f "$tmp/other.db"
audit "$tmp/other.db" --from 2025-09-02 >"$tmp/out"
status "another case file: 1" 1 vouch verify "$tmp/other.db" --against "$tmp/checkpoint"
contains "it is told from this one" "$(cat "$tmp/out")" "of another case file"
# Who rewrites everything, manifest included, is caught by the checkpoint alone.
cp "$tmp/first.db" "$tmp/t.db"
triggers=$(open_up "$tmp/t.db")
sqlite3 "$tmp/t.db" "update manifest set json = replace(json, '\"compiler\":\"', '\"compiler\":\"x')"
forged=$(sqlite3 "$tmp/t.db" "select json from manifest" | head -c -1 | sha256sum | cut -d' ' -f1)
sqlite3 "$tmp/t.db" "update manifest set sha256 = '$forged'; $triggers"
status "a manifest made anew throughout looks sound: 0" 0 vouch verify "$tmp/t.db"
status "but not to whoever kept a checkpoint: 1" 1 vouch verify "$tmp/t.db" --against "$tmp/checkpoint"
contains "as it says" "$(cat "$tmp/out")" "are not the 1 of the checkpoint"
echo "no checkpoint" >"$tmp/bad"
status "what is no checkpoint: 1" 1 vouch verify "$case_file" --against "$tmp/bad"
status "none there: 3" 3 vouch verify "$case_file" --against "$tmp/none"

# --- signatures
status "keys: 0" 0 vouch verify --make-key "$tmp/key"
is "the key is the owner's alone" "$(stat -c %a "$tmp/key")" 600
status "no key is written over another: 3" 3 vouch verify --make-key "$tmp/key"
vouch verify --make-key "$tmp/key2" >"$tmp/out"
vouch verify "$case_file" --checkpoint --sign "$tmp/key" >"$tmp/signed"
is "the same three lines in front" "$(head -n 3 "$tmp/signed")" "$(cat "$tmp/later")"
status "signed, and it holds: 0" 0 vouch verify "$case_file" --against "$tmp/signed" --key "$tmp/key.pub"
status "by another key: 1" 1 vouch verify "$case_file" --against "$tmp/signed" --key "$tmp/key2.pub"
contains "it is not signed" "$(cat "$tmp/out")" "not signed with this key"
status "not signed at all: 1" 1 vouch verify "$case_file" --against "$tmp/later" --key "$tmp/key.pub"
sed '2s/2/1/' "$tmp/signed" >"$tmp/bad"
status "another text under the signature: 1" 1 vouch verify "$case_file" --against "$tmp/bad" \
	--key "$tmp/key.pub"
status "the wrong half of the key: 3" 3 vouch verify "$case_file" --checkpoint --sign "$tmp/key.pub"

# --- again, with the data
again() { vouch verify "$case_file" --data "$tmp/d.db" --run "$first"; }
cp "$data" "$tmp/d.db"
status "made again: 0" 0 again
contains "it is the same" "$(cat "$tmp/out")" "made again: the same, finding by finding"
sqlite3 "$tmp/d.db" "pragma page_size = 1024; vacuum; create table v2 as select * from visits order by
	ref desc; delete from visits; insert into visits select * from v2; drop table v2; vacuum"
status "over data that was packed anew, in another order: 0" 0 again
sqlite3 "$tmp/d.db" "update visits set logged_min = 17 where ref = 'V1'"
status "over data of which a row has changed: 1" 1 again
contains "the table is named" "$(cat "$tmp/out")" "table visits differs: 6 rows then, 6 now"
contains "and the finding" "$(cat "$tmp/out")" "finding ${v1:0:10}: changed"
lacks "and no other" "$(cat "$tmp/out")" "${v3:0:10}"
lacks "nor another table" "$(cat "$tmp/out")" "table providers"
sqlite3 "$tmp/d.db" "delete from visits where ref = 'V3'"
status "a row less: 1" 1 again
contains "it is counted" "$(cat "$tmp/out")" "table visits differs: 6 rows then, 5 now"
contains "and its finding is gone" "$(cat "$tmp/out")" "finding ${v3:0:10}: removed"
cp "$town/care.vouch" "$tmp/care.vouch"
sed -i 's/of no length"/of no length at all"/' "$town/care.vouch"
cp "$data" "$tmp/d.db"
status "other rules: 1" 1 again
contains "the file is named" "$(cat "$tmp/out")" "rule file $town/care.vouch differs"
contains "and the rule" "$(cat "$tmp/out")" "town/care T2 2025.1: changed: title"
cp "$tmp/care.vouch" "$town/care.vouch"
ok "nothing is left beside the case file" test -z "$(ls "$tmp" | grep again-)"

# --- outputs
status "a report is noted: 0" 0 vouch report "$tmp/first.db" --format csv -o "$tmp/first.csv"
is "by its name, format and hash" "$(sql "$tmp/first.db" "select name, format, sha256 from output")" \
	"first.csv|csv|$(sha256sum <"$tmp/first.csv" | cut -d' ' -f1)"
status "which changes nothing: 0" 0 vouch verify "$tmp/first.db"
audit "$tmp/first.db" --from 2025-09-03 >"$tmp/out"
open_up "$tmp/first.db" >"$tmp/triggers"
sqlite3 "$tmp/first.db" "update output set sha256 = 'x'" ".read $tmp/triggers"
status "a note that was changed behind a later run: 1" 1 vouch verify "$tmp/first.db"
contains "is found" "$(cat "$tmp/out")" "output: what was noted before this run has changed"

# --- events
say() { # say FINDING OPTION...
	vouch respond "$case_file" "$1" --because "so it is" "${@:2}" >"$tmp/out"
}
say "$v1" --as auditor --status raised
say "$v1" --as provider --status answered --amount 1.00
status "events belong to the file: 0" 0 vouch verify "$case_file"
contains "they are counted" "$(cat "$tmp/out")" "2 events: as they were written"
vouch verify "$case_file" --checkpoint >"$tmp/events"
contains "the checkpoint has the last of them" "$(sed -n 4p "$tmp/events")" "events 2 "
status "and holds: 0" 0 vouch verify "$case_file" --against "$tmp/events"
tamper "what was said" "update event set because = 'so it was not' where number = 2" "event 2: "
tamper "who said it" "update event set role = 'auditor' where number = 2" "event 2: "
tamper "the first event removed" "delete from event where number = 1" "event"
cp "$case_file" "$tmp/t.db"
triggers=$(open_up "$tmp/t.db")
sqlite3 "$tmp/t.db" "delete from event where number = 2; $triggers"
status "the last event removed: 1 for whoever kept the checkpoint" 1 \
	vouch verify "$tmp/t.db" --against "$tmp/events"
contains "it is named" "$(cat "$tmp/out")" "event 2 is not the one of the checkpoint"

# --- spot checks: a plan, a draw and an evaluation have manifests in the chain of the runs
{
	cat "$town/care.vouch"
	printf '%s\n' '' 'spot check some' '  population  visit' '  for each    visit.provider' \
		'  on          visit.date' '  in strata by visit.rate split at £20 per hour' \
		'  at stake    visit.rate * visit.declared' '  draw        2 at random' \
		'  then draw   1 when 1 finding of severity major' '  confidence  95%' '  tolerable   5%'
} | sed 's,town/care,town/spot,' >"$town/spot.vouch"
case_file=$tmp/spot.db
sampled() { vouch sample "$data" -c town/spot --plan some -o "$case_file" --from 2025-04-01 \
	--to 2026-03-31 "$@"; }
status "a frame: 0" 0 sampled
plan=$(sql "$case_file" "select plan_id from plan")
status "a file without a run is verified too: 0" 0 vouch verify "$case_file"
contains "by its frame" "$(cat "$tmp/out")" "spot check $plan: 5 rows in its frame: as they were written"
vouch verify "$case_file" --checkpoint >"$tmp/frozen"
status "a sample: 0" 0 sampled --seed 123456
is "it follows the frame" "$(sql "$case_file" "select group_concat(kind) from (select kind from
	manifest order by number)")" "plan,draw"
vouch audit "$data" -c town/spot -o "$case_file" >"$tmp/out"
status "evaluated: 1" 1 vouch evaluate "$case_file"
status "which asks for more: 0" 0 vouch sample --next -o "$case_file"
status "evaluated again" 0 sh -c "'$VOUCH' evaluate '$case_file' >'$tmp/out'; [ \$? -le 1 ]"
is "each step stands in the chain" "$(sql "$case_file" "select group_concat(kind) from (select kind from
	manifest order by number)")" \
	"plan,draw,run,evaluation,draw,evaluation"
status "verified with the run: 0" 0 vouch verify "$case_file"
contains "draws are counted" "$(cat "$tmp/out")" "draw $plan/2: 1 rows: as they were written"
contains "and made again" "$(cat "$tmp/out")" "1 spot check: frames and draws as they can be made again"
status "what was frozen stands, who kept its checkpoint knows: 0" 0 \
	vouch verify "$case_file" --against "$tmp/frozen"
ok "a row drawn is not changed by accident" test -n "$(sqlite3 "$case_file" "update drawn set key = 'x'" 2>&1)"
ok "nor a seed" test -n "$(sqlite3 "$case_file" "update plan set seed = 'x'" 2>&1)"
ok "nor an evaluation" test -n "$(sqlite3 "$case_file" "delete from evaluation_group" 2>&1)"
drawn=$(sql "$case_file" "select key from drawn where grp = 'P1' order by number limit 1")
evaluated=$(sql "$case_file" "select evaluation_id from evaluation where number = 1")
tamper "a row drawn by hand" "update drawn set key = (select key from frame where grp = drawn.grp and
	key not in (select key from drawn) limit 1) where key = '$drawn'" "is not what the seed draws" \
	"drawn P1 2: £20.00 per hour and above 1: changed: key"
tamper "a row drawn that is taken out" "delete from drawn where key = '$drawn'" \
	"drawn: 2 rows, where the manifest has 3" "drawn P1 2: £20.00 per hour and above 1: removed"
tamper "two rows drawn that changed places" "update drawn set number = number + 10 where grp = 'P1' and
	stage = 1; update drawn set number = 13 - number where grp = 'P1' and stage = 1" \
	"P1 2: £20.00 per hour and above 1: changed: key" "P1 2: £20.00 per hour and above 2: changed: key"
tamper "another seed" "update plan set seed = '654321'" "is not what the seed draws" \
	"seed $plan: changed: seed"
tamper "a plan with other words" "update plan set tolerable = 900" "plan some $plan: changed: tolerable"
tamper "a plan removed" "delete from plan" "plan some $plan: removed"
tamper "a row of the frame" "update frame set key = 'V77' where key = '$drawn'" \
	"the frame does not give its hash" "frame $drawn: removed" "frame V77: added"
tamper "a row taken out of the frame" "delete from frame where key = '$drawn'" \
	"the frame has other rows" "$drawn was drawn, and is not in the frame" "frame $drawn: removed"
tamper "two rows of the frame that changed places" "update frame set ord = 100 + ord where ord < 3;
	update frame set ord = 103 - ord where ord > 100" "changed: ord"
tamper "an evaluation with another end" "update evaluation_group set decision = 'passed', wrong = 0 where
	grp = 'P1' and evaluation_id = '$evaluated'" "evaluation $evaluated: 3 rows" \
	"evaluation_group P1: changed: wrong, decision"
tamper "a verdict" "update drawn_result set wrong = 1 - wrong where key = '$drawn'" \
	"drawn_result P1 $drawn: changed: wrong"
tamper "an evaluation removed" "delete from evaluation where number = 1" \
	"evaluation $evaluated: removed"
tamper "evaluations that changed places" "update evaluation set number = 3 - number + 10;
	update evaluation set number = number - 10" "evaluation $evaluated: changed: number"
tamper "an evaluation put in" "insert into evaluation values(9, 'X', '$plan', 'y')" \
	"evaluation X has no manifest" "evaluation: 1 rows more than the manifests have"
tamper "a stratum put in" "insert into evaluation_stratum select 'X', grp, stratum, 1, 1, 1, 1, 1, 1 from
	evaluation_stratum limit 1" "evaluation_stratum: 1 rows more than the manifests have"
tamper "a manifest of another kind" "update manifest set kind = 'run' where kind = 'plan'" \
	"run $plan has been removed; its manifest is still there" "the manifest is of run "
tamper "an evaluation removed with its manifest" "delete from evaluation where number = 1; delete from
	manifest where id = '$evaluated'" "the manifest does not follow the one before it"

# Every column of every table, but for when a run was written, what notes outputs behind the last
# manifest, and the numbers of pieces of a list, which say nothing but their order: one that is added
# to a table later and is not hashed fails here. Integers move by a thousand, texts get a letter.
# A run with figures, accounts, findings about groups and rejected rows, and a frame that has changed,
# so that few tables are empty.
cat >>"$town/spot.vouch" <<'END'

measure declared "Declared in a month"
  for each  visit.provider, month of visit.date
  among     visit
  figure    total(visit.declared)

bank pot
  for each      provider
  credit        10 minutes every month from 1 August 2025 to 31 October 2025
  debit         visit.declared on visit.date among provider.visits
  expires       6 weeks after credit
  oldest first

rule T3 "More than the pot has"
  severity  minor
  for each  taken in pot.debits
  on        taken.date
  require   taken.shortfall = 0 minutes

rule T4 "More than an hour in a week"
  severity  minor
  for each  visit.provider, week of visit.date
  among     visit
  on        week.first
  require   total(visit.declared) <= 1 hour
  at stake  total(visit.rate * visit.declared)
END
cp "$data" "$tmp/d.db"
sqlite3 "$tmp/d.db" "insert into visits values('V9', 'P1', '2025-13-01', 30, 30, '22.59'); update visits set
	rate = '9.00' where ref = 'V2'"
sed -i "s/\"2025.1\"/\"2025.2\"/" "$town/spot.vouch"
status "a run with more in it: 0" 0 vouch audit "$tmp/d.db" -c town/spot -o "$case_file"
status "a frame that has changed: 0" 0 vouch evaluate "$case_file" --data "$tmp/d.db"
status "with more in it: 0" 0 vouch verify "$case_file"
say "$(sql "$case_file" "select finding_id from finding limit 1")" --as auditor --status raised
cp "$case_file" "$tmp/open.db"
open_up "$tmp/open.db" >"$tmp/triggers"
missed=
columns=0
while IFS='|' read -r table column; do
	cp "$tmp/open.db" "$tmp/t.db"
	change="update or ignore $table set \"$column\" = case typeof(\"$column\") when 'integer' then
		\"$column\" + 1000 else coalesce(\"$column\", '') || 'x' end"
	sqlite3 "$tmp/t.db" "pragma journal_mode = off; pragma synchronous = off; $change" \
		".read $tmp/triggers" >"$tmp/out"
	columns=$((columns + 1))
	! vouch verify "$tmp/t.db" >"$tmp/out" 2>&1 || missed="$missed $table.$column"
done < <(for table in $(sql "$case_file" "select name from sqlite_schema where type = 'table' and
	name not like 'sqlite_%' and name <> 'output'"); do
	sql "$case_file" "select '$table', name from pragma_table_info('$table') where exists (select 1 from
		$table) and not ('$table' = 'run' and name = 'started') and not ('$table' = 'manifest_rows'
		and name = 'number')"
done)
is "tables without a row to change" "$(for table in $(sql "$case_file" "select name from sqlite_schema where
	type = 'table' and name not like 'sqlite_%' order by name"); do
	sql "$case_file" "select '$table' where not exists (select 1 from $table)"
done | tr '\n' ' ')" "output "
is "every column that is changed is found" "$missed" ""
ok "they were many" test "$columns" -gt 150

# --- usage
bad() { # bad NAME PART ARGUMENT...
	status "$1: 64" 64 vouch "${@:3}"
	contains "$1: why" "$(cat "$tmp/err")" "$2"
}
bad "verify nothing" "one case file is needed" verify
bad "verify two things" "one at a time" verify "$case_file" --checkpoint --data x
bad "sign nothing" "goes with --checkpoint" verify "$case_file" --sign x
bad "a key for nothing" "goes with --against" verify "$case_file" --key x
bad "a run for nothing" "goes with --data" verify "$case_file" --run x

finish
