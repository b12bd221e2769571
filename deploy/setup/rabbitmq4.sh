#!/bin/sh
# A real RabbitMQ 4 for the tests: Debian 13's packages, with their own Erlang and C library, unpacked
# under var/rabbitmq4 and run from there. Installs nothing, needs no privileges, does nothing twice.
# The start script is var/rabbitmq4/rabbitmq-server; while that file is missing, nothing is ready, and
# var/rabbitmq4.why says why. The tests skip what needs a RabbitMQ 4 then, with these words.
#
# The packages come from where this machine gets its own Debian, and apt verifies them by the keys
# in debian-archive-keyring; without a valid signature there is no RabbitMQ 4.
set -eu

cd "$(dirname "$0")/../.."
SUITE=trixie
KEYS=/usr/share/keyrings/debian-archive-keyring.gpg
place=$(pwd)/var/rabbitmq4
start=$place/rabbitmq-server
log=$place.log

say() { printf '%s\n' "rabbitmq4: $*" >&2; }
stop() { say "$*"; printf '%s\n' "$*" >"$place.why"; exit 1; }

# apt itself says from where it gets this Debian, in whatever way its sources are written; on a
# machine where it was never asked to update, it has to be, with a state of our own.
mirror() {
    apt-get "$@" indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
        awk -v own="$(. /etc/os-release && printf '%s' "$ID/${VERSION_CODENAME:-}")" \
            'own == "debian/" $2 && $3 == "main" { print $1; exit }'
}

# apt as this machine has it set up, but with a source, a state and a cache of its own.
apt_apart() {
    apt-get -o Dir::Etc::SourceList="$place/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::Etc::Preferences=/dev/null -o Dir::Etc::PreferencesParts=/dev/null \
        -o Dir::State="$place/apt/state" -o Dir::State::lists="$place/apt/state/lists" \
        -o Dir::State::status="$place/apt/status" \
        -o Dir::Cache="$place/apt/cache" -o APT::Default-Release= -o Acquire::Retries=2 \
        -o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30 \
        -o Acquire::AllowInsecureRepositories=false -o APT::Get::AllowUnauthenticated=false \
        "$@" >>"$log" 2>&1 </dev/null
}

get_packages() {
    for program in apt-get dpkg-deb; do
        command -v $program >/dev/null 2>&1 || stop "$program is missing: this works on Debian only"
    done
    [ -r "$KEYS" ] || stop "Debian's keys are missing (apt-get install debian-archive-keyring)"
    from=$(mirror 2>>"$log")
    if [ -z "$from" ]; then
        set -- -o Dir::State="$place/apt/own" -o Dir::State::lists="$place/apt/own/lists" \
            -o Dir::Cache="$place/apt/own"
        mkdir -p "$place/apt/own/lists/partial" "$place/apt/own/archives/partial"
        apt-get "$@" update >/dev/null 2>&1 </dev/null || true
        from=$(mirror "$@" 2>>"$log")
    fi
    [ -n "$from" ] || stop "apt knows no source of Debian on this machine"
    mkdir -p "$place/apt/state/lists/partial" "$place/apt/cache/archives/partial"
    : >"$place/apt/status"
    echo "deb [arch=$(dpkg --print-architecture) signed-by=$KEYS] $from $SUITE main" \
        >"$place/apt/sources.list"
    say "getting RabbitMQ 4 of Debian 13 (61 MB)"
    apt_apart --error-on=any update || {
        ! grep -q NO_PUBKEY "$log" ||
            stop "Debian 13's keys are not known here (apt-get install debian-archive-keyring)"
        stop "apt-get could not get Debian 13's list of packages; its words are in ${log#"$(pwd)"/}"
    }
    apt_apart install -y --no-install-recommends --download-only rabbitmq-server ||
        stop "apt-get could not get the packages of Debian 13; its words are in ${log#"$(pwd)"/}"
}

# Its scripts, its Erlang, and the libraries that Erlang needs; not the rest of a Debian.
unpack() {
    for package in "$place"/apt/cache/archives/*.deb; do
        case ${package##*/} in
            rabbitmq-server_* | erlang-* | lib*) dpkg-deb -x "$package" "$place/tree" ;;
        esac
    done
    rm -rf "$place/apt"
}

# Programs of Debian 13 on an older Debian: each is run by the loader that was unpacked with it, so
# that neither finds the other's libraries. The loader has the program's name: that is what ps shows.
own_libraries() {
    loader=$(echo "$place"/tree/usr/lib/*-linux-gnu*/ld-linux*.so.*)
    mkdir "$place/loader"
    find "$place/tree/usr/lib/erlang" -type f -perm -u+x | while read -r program; do
        [ "$(head -c 4 "$program" | od -An -tx1 | tr -d ' ')" = 7f454c46 ] || continue
        mv "$program" "$program.elf"
        ln -sf "$loader" "$place/loader/${program##*/}"
        cat >"$program" <<END
#!/bin/sh
exec "$place/loader/${program##*/}" --library-path "${loader%/*}" "$program.elf" "\$@"
END
        chmod 755 "$program"
    done
}

# Debian's own `erl` looks in /usr/lib/erlang.
write_erl() {
    erlang=$place/tree/usr/lib/erlang
    cat >"$place/erl" <<END
#!/bin/sh
export ROOTDIR="$erlang" BINDIR="$(echo "$erlang"/erts-*/bin)" EMU=beam PROGNAME=erl
exec "\$BINDIR/erlexec" "\$@"
END
    chmod 755 "$place/erl"
    "$place/erl" -noshell -eval 'crypto:strong_rand_bytes(1), halt().' >>"$log" 2>&1 </dev/null ||
        stop "the Erlang of Debian 13 does not run here; its words are in ${log#"$(pwd)"/}"
}

write_start() {
    cat >"$start.new" <<END
#!/bin/sh
PATH="$place:\$PATH" exec "$place/tree/usr/lib/rabbitmq/bin/rabbitmq-server" "\$@"
END
    chmod 755 "$start.new"
    mv "$start.new" "$start"
}

[ -z "${RABBITMQ4_SERVER:-}" ] || exit 0
mkdir -p var
case $place in
    *[[:space:]\"\'\`\\\$\*\?\[]*) stop "RabbitMQ's scripts cannot quote the name of this folder" ;;
esac
exec 9>"$place.lock"
! command -v flock >/dev/null 2>&1 || flock 9
# The scripts name their folder: a tree that was moved or copied is made anew.
! grep -qsF "\"$place/tree/" "$start" || exit 0
rm -rf "$place" "$place.why"
: >"$log"
get_packages
unpack
own_libraries
write_erl
write_start
say "ready: $(basename "$place"/tree/usr/lib/rabbitmq/lib/rabbitmq_server-*)"
