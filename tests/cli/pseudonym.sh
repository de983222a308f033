#!/usr/bin/env bash
# People under pseudonyms: no key and no name of a client or carer is in anything that is printed.
. "$srcdir/tests/cli/common.sh"

{
	town_head people "Town People"
	town_providers
	cat <<'END'

dataset client from clients
  key ref
  ref  : text
  name : text

dataset carer from carers
  key ref
  ref  : text
  name : text

dataset visit from visits
  key ref
  ref      : text
  provider : provider from provider_ref
  client   : client from client_ref which has visits
  carer    : carer from carer_ref
  date     : date
  declared : duration from declared_min in minutes
  logged   : duration from logged_min in minutes

rule N1 "Too long"
  for each  visit
  on        visit.date
  require   visit.declared <= visit.logged
  otherwise "{visit.carer.name} ({visit.carer}) was with {visit.client.name} for {visit.logged}"
  at stake  £1.00 per hour * (visit.declared - visit.logged)

rule N2 "No visits at all"
  for each  visit.client, month of visit.date
  among     visit
  on        month.first
  require   total(visit.logged) <= 0 minutes
  otherwise "{client} had {total(visit.logged)}"

measure minutes "Minutes logged"
  for each  visit.client, month of visit.date
  among     visit
  figure    total(visit.logged)
END
} >"$town/people.vouch"
sqlite3 "$tmp/people.db" <<'END'
create table providers(ref text, name text);
insert into providers values('P1', 'First Care');
create table clients(ref text, name text);
insert into clients values('CL-7', 'Ann Archer'), ('CL-8', 'Ben "Bo" Butcher'), ('17', 'Cy Cooper');
create table carers(ref text, name text);
insert into carers values('CA-1', 'Dora Draper'), ('CA-2', 'Ed Évrard');
create table visits(ref text, provider_ref text, client_ref text, carer_ref text, date text,
	declared_min integer, logged_min integer);
insert into visits values
	('V1', 'P1', 'CL-7', 'CA-1', '2025-09-01', 30, 17),
	('V2', 'P1', 'CL-8', 'CA-2', '2025-09-02', 45, 30),
	('V3', 'P1', '17', 'CA-1', '2025-09-03', 45, null);
END
case=$tmp/people-case.db
status "an audit: 0" 0 vouch audit "$tmp/people.db" -c town/people -o "$case" --to 2026-03-31
cat "$tmp/err"
head -c 32 /dev/urandom >"$tmp/key"
head -c 32 /dev/urandom >"$tmp/key2"
# Somebody speaks of a finding, and of people in it.
finding=$(sql "$case" "select finding_id from finding where rule = 'N1' and subject_key = 'V1'")
for name in "Ann_Archer rota.pdf" "log_CL-7_CA-1.csv" "Ed_Évrard.txt"; do
	echo paper >"$tmp/$name"
done
say() {
	status "respond: 0" 0 vouch respond "$case" "$finding" --as "$1" --status "$2" --because "$3" \
		--by "$4" --evidence "$tmp/$5" --cause "told by Dora Draper"
}
say auditor raised "Ann Archer (CL-7) was not at home" "Dora Draper" "Ann_Archer rota.pdf"
say provider answered "CA-1 forgot; Ed Évrard's log shows it" "CA-2" "log_CL-7_CA-1.csv"
say provider disputed 'Ben "Bo" Butcher, and 17' "Office" "Ed_Évrard.txt"

known='\bAnn\b|Archer|"Bo"|Butcher|Cy Cooper|Dora|Draper|Évrard|CL-7|CL-8|CA-1|CA-2'
nobody() { # nobody NAME FILE: none of them is in it
	is "$1: nobody is named" "$(grep -aoE "$known" "$2" | sort -u)" ""
}
vouch findings "$case" >"$tmp/plain"
ok "without a key they are named" grep -qE 'Dora Draper' "$tmp/plain"
for what in "findings" "findings --format csv" "findings --format json" "findings --ask-for" \
	"kpis --all" "kpis --format csv" "kpis --format json"; do
	# shellcheck disable=SC2086
	status "$what: 0" 0 vouch $what "$case" --pseudonymise "$tmp/key"
	nobody "$what" "$tmp/out"
done
status "explain: 0" 0 vouch explain "$case" "$finding" --pseudonymise "$tmp/key"
nobody "explain" "$tmp/out"
contains "the rest is as it was" "$(cat "$tmp/out")" "17 minutes"
contains "a client" "$(cat "$tmp/out")" "P-"
contains "a carer" "$(cat "$tmp/out")" "C-"
for format in html csv events json sarif xlsx; do
	status "report $format: 0" 0 vouch report "$case" --format "$format" -o "$tmp/r.$format" \
		--pseudonymise "$tmp/key"
	[ "$format" != xlsx ] || (cd "$tmp" && unzip -qp r.xlsx >r.sheets && mv r.sheets r.xlsx)
	nobody "report $format" "$tmp/r.$format"
done
status "a pack: 0" 0 vouch report "$case" --pack P1 -o "$tmp/pack.html" --pseudonymise "$tmp/key"
nobody "a pack" "$tmp/pack.html"
ok "what was said is in it" grep -q "was not at home" "$tmp/pack.html"
ok "the file keeps its kind" grep -qE "P-[0-9A-Z]{10} rota.pdf" "$tmp/pack.html"
ok "keys in names of files" grep -qE "log_P-[0-9A-Z]{10}_C-[0-9A-Z]{10}.csv" "$tmp/pack.html"

# The same person has the same pseudonym everywhere, and another under another key.
vouch findings "$case" --format json --pseudonymise "$tmp/key" >"$tmp/one"
vouch findings "$case" --format json --pseudonymise "$tmp/key" >"$tmp/two"
same "the same key, the same bytes" "$tmp/one" "$tmp/two"
vouch findings "$case" --format json --pseudonymise "$tmp/key2" >"$tmp/two"
ok "another key, other pseudonyms" test "$(grep -o 'P-[0-9A-Z]*' "$tmp/one" | sort -u)" != \
	"$(grep -o 'P-[0-9A-Z]*' "$tmp/two" | sort -u)"
status "the case file is as it was: 0" 0 vouch verify "$case"

# Others than clients and carers.
vouch findings "$case" --pseudonymise "$tmp/key" --people client >"$tmp/out"
ok "carers are named when only clients are people" grep -q "Dora Draper" "$tmp/out"
ok "and clients are not" test -z "$(grep -oE 'Ann|CL-7' "$tmp/out")"
printf short >"$tmp/short"
status "a key that can be guessed: 3" 3 vouch findings "$case" --pseudonymise "$tmp/short"
status "no key: 3" 3 vouch findings "$case" --pseudonymise "$tmp/none"
status "people without a key: 64" 64 vouch findings "$case" --people client

finish
