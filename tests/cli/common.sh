# shellcheck shell=bash
# What the tests of the command line share: a small contract and a small database.
. "$srcdir/tests/tap.sh"

export VOUCH_RULES=$tmp/rules
town=$tmp/rules/town
mkdir -p "$town"

# What contracts of these tests begin with, and the providers that most of them have.
town_head() { # town_head NAME TITLE [LAST DAY]
	cat <<END
contract town/$1
  title     "$2"
  council   "Town Council"
  version   "2025.1"
  in force  from 1 April 2025${3:+ to $3}
END
}
town_providers() {
	cat <<'END'

dataset provider from providers
  key ref
  ref  : text
  name : text
END
}

# Providers, and their visits with what was declared and what was logged.
town_visits() {
	town_providers
	cat <<'END'

dataset visit from visits
  key ref
  ref      : text
  provider : provider from provider_ref which has visits
  date     : date
  declared : duration from declared_min in minutes
  logged   : duration from logged_min in minutes
  rate     : money per hour
END
}

# Two rules over them, named after the LETTER.
town_two_rules() { # town_two_rules LETTER
	cat <<END

rule ${1}1 "More declared than logged"
  severity  major
  for each  visit
  on        visit.date
  require   visit.declared <= visit.logged
  otherwise "Declared {visit.declared}, logged {visit.logged}"
  at stake  visit.rate * (visit.declared - visit.logged)

rule ${1}2 "A rate other than the one agreed"
  severity  minor
  for each  visit
  on        visit.date
  require   visit.rate = £20.00 per hour
  otherwise "The rate is {visit.rate}"
  at stake  (visit.rate - £20.00 per hour) * visit.declared
END
}

# Visits with a field of every kind that providers send.
town_submissions() {
	town_providers
	cat <<'END'

dataset client from clients
  key ref
  ref : text

dataset visit from visits
  key ref
  ref      : text
  provider : provider from provider_ref which has visits
  client   : client from client_ref
  date     : date from visit_date
  start    : time from start_time
  came     : moment
  left     : moment
  declared : duration from declared_min in minutes within 0 minutes to 24 hours
  planned  : duration from planned_min in minutes
  outcome  : one of (delivered, missed)
  charge   : money
  double   : yes/no
END
}

# The contract has an end, so an audit needs no --to.
write_contract() {
	{
		town_head care "Town Care at Home" "31 March 2026"
		echo '  source    rules "Town Rules"'
		town_visits
		cat <<'END'

rounding quarter_hour : duration
  cites rules "Rounding"
  nearest 15 minutes, halves away from zero
  assumed "the step is not published"

rule T1 "Declared more time than was logged"
  cites      rules "Rounding"
  severity   major
  for each   visit
  on         visit.date
  require    visit.declared <= quarter_hour(visit.logged)
  otherwise  "Declared {visit.declared}; the log supports {quarter_hour(visit.logged)}"
  at stake   visit.rate * (visit.declared - quarter_hour(visit.logged))

rule T2 "A visit of no length"
  cites      rules "Visits"
  severity   minor
  for each   visit
  on         visit.date
  require    visit.declared > 0 minutes
  otherwise  "Declared {visit.declared}"

example quarter_hour(23 minutes) is 30 minutes

scenario "sixteen minutes claimed as thirty"
  given visit
    | ref | date       | declared   | logged     | rate            |
    | V1  | 2025-09-01 | 30 minutes | 16 minutes | £22.59 per hour |
  expect T1 fails for visit V1 at stake £5.65
  expect T2 passes for visit V1
END
	} >"$town/care.vouch"
}

# V1 and V3 fail T1 (V3 by a sum that does not end), V2 passes, V4 has no log, V5 has no length,
# V6 lies outside the contract's life.
write_database() {
	rm -f "$1"
	sqlite3 "$1" <<'END'
create table providers(ref text, name text);
insert into providers values('P1', 'First Care'), ('=P2', 'Second Care');
create table visits(ref text, provider_ref text, date text, declared_min integer,
	logged_min integer, rate text);
insert into visits values
	('V1', 'P1', '2025-09-01', 30, 16, '22.59'),
	('V2', 'P1', '2025-09-02', 30, 30, '22.59'),
	('V3', '=P2', '2025-09-03', 65, 61, '10.00'),
	('V4', 'P1', '2025-09-04', 30, null, '22.59'),
	('V5', 'P1', '2025-09-05', 0, 0, '22.59'),
	('V6', 'P1', '2026-04-01', 30, 0, '22.59');
END
}

write_contract
data=$tmp/data.db
case_file=$tmp/case.db
write_database "$data"

# vouch ARGUMENT...: the program, its output as it is
vouch() { "$VOUCH" "$@"; }
# audit CASE [ARGUMENT...]
audit() {
	local to=$1
	shift
	"$VOUCH" audit "$data" -c town/care -o "$to" "$@"
}
# sql CASE QUERY
sql() { sqlite3 -readonly "$1" "$2"; }
# csv QUERY: of the CSV in $tmp/out as the table f; json PATH: of the JSON there
csv() { sqlite3 :memory: ".mode csv" ".import '$tmp/out' f" ".mode list" "$1"; }
json() { sqlite3 :memory: "select json_extract(readfile('$tmp/out'), '$1')"; }

like() { # like DESCRIPTION FILE PATTERN
	if grep -q -- "$3" "$2"; then pass "$1"; else fail "$1" "no '$3' in:" "$(head -60 "$2")"; fi
}

# LibreOffice, or nothing; office ARGUMENT...: without a window, with a profile of its own, whose
# address has no blanks.
calc=$(command -v soffice || command -v libreoffice) || calc=
office() {
	local profile
	profile=$(realpath "$tmp")/office
	timeout -k 5 120 "$calc" --headless "-env:UserInstallation=file://${profile// /%20}" "$@" \
		>"$tmp/office.log" 2>&1
}

# A browser, and where its driver and axe-core are kept for the next time; report.sh gets them.
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
	browser=
modules=$(dirname "$VOUCH_TMP")/npm
# look NAME FILE: what a reader, a keyboard and a screen reader find on a page
look() {
	local line
	NODE_PATH=$(realpath "$modules")/node_modules CHROMIUM=$browser timeout 400 \
		node "$srcdir/tests/browser/page.js" "$2" >"$tmp/look" 2>"$tmp/look.err"
	while IFS= read -r line; do
		case $line in
		"ok "*) pass "$1: ${line#ok }" ;;
		*) fail "$1: ${line#not ok }" "$line" ;;
		esac
	done <"$tmp/look"
	ok "$1: it was looked at to the end" grep -q 'folded on paper' "$tmp/look"
}
