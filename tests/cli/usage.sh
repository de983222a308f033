#!/usr/bin/env bash
# Help, bad usage and exit statuses that need no engine behind them.
. "$srcdir/tests/cli/common.sh"

commands=(check test eval fmt audit findings kpis case respond restate explain sample evaluate report verify)

status "no command: 64" 64 vouch
contains "and it shows the commands" "$(cat "$tmp/err")" "findings"
status "--help: 0" 0 vouch --help
contains "help lists the exit statuses" "$(cat "$tmp/out")" "130  interrupted"
status "-h: 0" 0 vouch -h
status "--version: 0" 0 vouch --version
ok "it names itself" grep -q '^vouch [0-9]' "$tmp/out"
status "help: 0" 0 vouch help
status "an unknown command: 64" 64 vouch chekc
contains "and the nearest one is named" "$(cat "$tmp/err")" "did you mean check?"
status "nothing like a command: 64" 64 vouch xyzzy
status "help of an unknown command: 64" 64 vouch help xyzzy
status "an option before the command: 64" 64 vouch --fast check x

for command in "${commands[@]}"; do
	status "$command --help: 0" 0 vouch "$command" --help
	help=$(cat "$tmp/out")
	contains "$command: usage" "$help" "usage: vouch $command "
	contains "$command: options" "$help" "--help"
	contains "$command: an example" "$help" "  vouch $command "
	ok "$command: nothing on standard error" test ! -s "$tmp/err"
	is "$command: help COMMAND is the same" "$(vouch help "$command")" "$help"
	ok "$command: help fits 90 columns" test "$(wc -L <"$tmp/out")" -le 100
	status "$command: an unknown option: 64" 64 vouch "$command" --xyzzy
	contains "$command: it names the option" "$(cat "$tmp/err")" "--xyzzy"
	contains "$command: it says where help is" "$(cat "$tmp/err")" "vouch $command --help"
	contains "the list of commands has $command" "$(vouch --help)" "$command"
done

# Each option of the help stands in the manual page and in the completion.
for command in "${commands[@]}"; do
	for option in $(vouch "$command" --help | grep -o -- '--[a-z-]*' | sort -u); do
		ok "$command $option is in the manual" grep -q -- "${option#--}" "$srcdir/docs/vouch.1"
		[ "$option" != --help ] || continue
		ok "$command $option is completed" grep -qE "^	$command\\).*$option" \
			"$srcdir/editors/completion/vouch.bash"
	done
done

bad() { # bad DESCRIPTION PART ARGUMENT...
	local name=$1 part=$2
	shift 2
	status "$name: 64" 64 vouch "$@"
	contains "$name: why" "$(cat "$tmp/err")" "$part"
	ok "$name: nothing printed" test ! -s "$tmp/out"
}
bad "check without a contract" "a contract is needed" check
bad "check in a strange format" "it is text, json or sarif" check --format xml town/care
bad "test without a contract" "a contract is needed" test
bad "fmt without a file" "a file is needed" fmt
bad "eval without an expression" "an expression is needed" eval
bad "eval of two expressions" "put quotes round it" eval 1 2
bad "eval --batch with an expression" "standard input" eval --batch 1
bad "eval on no date" "a day is written 2025-04-28" eval --on tomorrow 1
bad "eval on no such date" "there is no such day" eval --on 2025-02-29 1
bad "audit of nothing" "one database is needed" audit
bad "audit without a contract" "-c hampshire/ccsh" audit x.db -o y.db
bad "audit without a case file" "-o case.db" audit x.db -c town/care
bad "audit of two databases" "one database is needed" audit x.db z.db -c town/care -o y.db
bad "an option without its value" "--from needs a value" audit x.db --from
bad "a value for a flag" "--batch takes no value" eval --batch=yes
bad "an option twice" "--from is given twice" audit --from 2025-01-01 --from 2025-01-02
bad "a misspelt option" "did you mean --threads?" audit --thraeds 3
bad "no threads" "from 1 to 64" audit x.db -c a -o b --threads 0
bad "too many threads" "from 1 to 64" audit x.db -c a -o b --threads 65
bad "words for threads" "from 1 to 64" audit x.db -c a -o b --threads two
bad "too little memory" "from 64 to" audit x.db -c a -o b --memory 63
bad "a severity that is none" "minor, major or critical" audit x.db -c a -o b --fail-on grave
bad "a size without a rate" "--tolerable 5%" sample --size
bad "a rate that is none" "a rate is needed, such as 5%" sample --size --tolerable 5
bad "a rate of nothing" "a rate is needed" sample --size --tolerable 0%
bad "a rate of everything" "a rate is needed" sample --size --tolerable 100%
bad "a sum without a book" "a rate is needed" sample --size --tolerable £5
bad "a sum above the book" "below the book" sample --size --book £100 --tolerable £100
bad "a book that is no sum" "a sum is needed" sample --size --book 100 --tolerable 5%
bad "a confidence of all" "below 100%" sample --size --tolerable 5% --confidence 100%
bad "more expected than tolerable" "below --tolerable" sample --size --tolerable 5% --expected 5%
bad "a rate in two stages" "a number is needed" sample --size --tolerable 5% --stages 2 --expected 1%
bad "none allowed in two stages" "from 1 to" sample --size --tolerable 5% --stages 2 --expected 0
bad "three stages" "from 1 to 2" sample --size --tolerable 5% --stages 3
bad "a law that is none" "hypergeometric" sample --size --tolerable 5% --law normal
bad "no population" "--population 5000" sample --size --tolerable 5% --law hypergeometric
bad "a population of pounds" "--book goes neither" sample --size --book £9 --tolerable 5% --population 9
bad "as many to find as there are" "larger --population" sample --size --find 5 --population 5
bad "to find a rate" "it goes with none of" sample --size --find 5 --population 9 --tolerable 5%
bad "a size of a database" "without a database" sample --size x.db --tolerable 5%
bad "a size in a case file" "without --output" sample --size -o y.db --tolerable 5%
bad "a rate without --size" "goes with --size" sample x.db -c a --plan b -o c --tolerable 5%
bad "a size that there is not" "no sample" sample --size --tolerable 1% --expected 0.99%
bad "findings of nothing" "one case file is needed" findings
bad "a verdict that is none" "conflict" findings x.db --verdict maybe
bad "explain nothing" "a case file and a finding" explain
bad "explain no error" "there is no error E9999" explain E9999
bad "dates the wrong way round" "lies behind" audit "$data" -c town/care -o "$case_file" \
	--from 2025-10-01 --to 2025-09-30
ok "no case file was made" test ! -e "$case_file"
finish
