# Bash completion for vouch: commands, their options, contracts under the rules root, files.

_vouch_contracts() {
	local root=${VOUCH_RULES:-}
	[ -n "$root" ] || { [ -d rules ] && root=rules; } || root=/usr/share/vouch/rules
	(cd "$root" 2>/dev/null && find . -mindepth 1 -path ./lib -prune -o \
		'(' -type d -print ')' -o '(' -name '*.vouch' -print ')') |
		sed -e 's,^\./,,' -e 's,\.vouch$,,'
}

_vouch_options() {
	case $1 in
	check) echo "--format --assumed" ;;
	test) echo "-v --verbose" ;;
	eval) echo "-c --contract --on --batch" ;;
	fmt) echo "--check" ;;
	import) echo "-c --contract --layout --dataset --sheet --rejected --file -o --output" ;;
	audit) echo "-c --contract -o --output --from --to --known-on --provider --fail-on --threads --memory" ;;
	findings) echo "--ask-for --baseline --format -c --contract --rule --provider --verdict --status --run --pseudonymise --people" ;;
	kpis) echo "--all --format -c --contract --measure --provider --run --pseudonymise --people" ;;
	case) echo "--format -c --contract --rule --provider --run" ;;
	respond) echo "--amount --as --because --by --cause --evidence --from --run --status" ;;
	restate) echo "--against --format --known-on --memory --run --threads" ;;
	explain) echo "--run --pseudonymise --people" ;;
	sample) echo "-c --contract --plan -o --output --from --to --known-on --provider --seed --next --risk --top --format --size --tolerable --expected --confidence --stages --population --law --find --book --draw" ;;
	evaluate) echo "--plan --data --format" ;;
	verify) echo "--data --run --checkpoint --sign --against --key --make-key" ;;
	report) echo "-o --output --format --most --pack --run --pseudonymise --people" ;;
	esac
}

_vouch() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local command=${COMP_WORDS[1]}
	local commands="check test eval fmt import audit findings kpis case respond restate explain sample evaluate report verify help"
	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W "$commands --help --version" -- "$word")
		return
	fi
	case $before in
	-c | --contract)
		mapfile -t COMPREPLY < <(compgen -W "$(_vouch_contracts)" -- "$word")
		return
		;;
	--fail-on)
		mapfile -t COMPREPLY < <(compgen -W "minor major critical" -- "$word")
		return
		;;
	--status)
		mapfile -t COMPREPLY < <(compgen -W "not_raised raised answered upheld part_upheld withdrawn
			agreed disputed settled referred" -- "$word")
		return
		;;
	--as)
		mapfile -t COMPREPLY < <(compgen -W "provider auditor" -- "$word")
		return
		;;
	--law)
		mapfile -t COMPREPLY < <(compgen -W "binomial poisson hypergeometric" -- "$word")
		return
		;;
	--verdict)
		mapfile -t COMPREPLY < <(compgen -W "fail not_assessed conflict" -- "$word")
		return
		;;
	--format)
		local formats="text csv json"
		[ "$command" != check ] || formats="text json sarif"
		[ "$command" != findings ] || formats="text csv json sarif"
		[ "$command" != report ] || formats="html xlsx csv events json sarif"
		mapfile -t COMPREPLY < <(compgen -W "$formats" -- "$word")
		return
		;;
	esac
	case $word in
	-*) mapfile -t COMPREPLY < <(compgen -W "$(_vouch_options "$command") --help" -- "$word") ;;
	*)
		case $command in
		help) mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word") ;;
		check | test)
			mapfile -t COMPREPLY < <(compgen -W "$(_vouch_contracts)" -- "$word")
			;;
		esac
		;;
	esac
}

# Where nothing of ours fits, file names do.
complete -o default -F _vouch vouch
