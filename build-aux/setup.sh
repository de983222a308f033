# shellcheck shell=bash disable=SC2034
# Shared by quickstart and runtests, which source it: installing what is missing, configuring and
# building. The build folder is build/, or what VOUCH_BUILD names.

say() { printf '%s\n' "== $*"; }
die() {
	printf '%s\n' "$0: $*" >&2
	exit 1
}

build_packages=(gcc libc6-dev make autoconf automake pkg-config flex bison libsqlite3-dev nettle-dev
	libutf8proc-dev libjansson-dev libedit-dev libcsv-dev libgmp-dev libmpfr-dev libxlsxwriter-dev
	libzip-dev libexpat1-dev sqlite3)
test_packages=(check unzip)
page_packages=(chromium)
sheet_packages=(libreoffice-calc-nogui)
fuzz_packages=(clang libclang-rt-14-dev)

jobs=$(nproc 2>/dev/null || echo 2)

# missing PACKAGE...: prints those that dpkg does not have installed.
missing() {
	local package
	for package; do
		dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q '^install ok installed$' ||
			echo "$package"
	done
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		return 1
	fi
}

apt_install() {
	as_root apt-get -q update &&
		as_root env DEBIAN_FRONTEND=noninteractive apt-get -q install -y \
			--no-install-recommends "$@"
}

# need PACKAGE...: installs those that are missing, and says so; nothing is asked of apt otherwise.
# Returns 1 when that cannot be done.
need() {
	if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
		say "No apt here: vouch needs what Debian calls: $*"
		return 0
	fi
	local lacking
	mapfile -t lacking < <(missing "$@")
	[ "${#lacking[@]}" -gt 0 ] || return 0
	say "Installing with apt: ${lacking[*]}"
	apt_install "${lacking[@]}" >"$build/apt.log" 2>&1 && return 0
	tail -n 5 "$build/apt.log" >&2
	printf '%s\n' "That failed. As root, this installs them:" \
		"  apt-get update && apt-get install -y ${lacking[*]}" >&2
	return 1
}

# enter_build: goes to the top of the tree and makes the build folder; $build is its full path.
enter_build() {
	cd "$(dirname "${BASH_SOURCE[1]}")" || exit 1
	top=$PWD
	build=${VOUCH_BUILD:-build}
	mkdir -p "$build" || die "cannot make $build"
	build=$(cd "$build" && pwd)
}

# configure_build [OPTION...]: configure refuses a path to the source with a blank in it, but not a
# link whose name has none.
configure_build() {
	if [ ! -e configure ] || [ ! -e Makefile.in ]; then
		say "Making configure"
		autoreconf --install >"$build/autoreconf.log" 2>&1 ||
			{ cat "$build/autoreconf.log" >&2 && die "autoreconf failed"; }
	fi
	[ ! -e "$build/config.status" ] || return 0
	say "Configuring in $build"
	[ "$build" != "$top" ] || die "the build folder must not be the source tree"
	local link=$top
	[ "$build" != "$top/build" ] || link=.. # so that the clone can be moved
	ln -sfn "$link" "$build/source"
	(cd "$build" && source/configure "$@") >"$build/configure.log" 2>&1 ||
		{ tail -n 20 "$build/configure.log" >&2 && die "configure failed; see $build/config.log"; }
}

# make_all [TARGET...]: a quiet build that shows everything when it fails.
make_all() {
	if make -C "$build" -s -j"$jobs" "$@" >"$build/make.log" 2>&1; then
		grep -i 'warning:' "$build/make.log" >&2 || true
		return 0
	fi
	cat "$build/make.log" >&2
	return 1
}
