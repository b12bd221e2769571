#!/bin/sh
# Everything that `make demo` and `make test` need, on a fresh Debian 12: the virtual environment, and
# the servers that are started privately. Does nothing that is already done.
#
#   setup.sh demo    virtual environment, RabbitMQ (unless AMQP_URL names a broker)
#   setup.sh test    virtual environment, RabbitMQ, PostgreSQL
#   setup.sh check   virtual environment only
set -eu

cd "$(dirname "$0")/../.."
what=${1:-demo}
RABBITMQ=/usr/lib/rabbitmq/bin/rabbitmq-server

say() { printf '%s\n' "setup: $*" >&2; }
stop() { say "$*"; exit 1; }

python_of() {
    for name in "${PYTHON:-}" python3.11 python3.12 python3.13 python3; do
        if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    stop "Python 3.11 or newer is needed (Debian: apt-get install python3 python3-venv)"
}

may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

# Debian's packages start their servers on installation; while this file says 101 they do not.
install_quietly() {
    policy=/usr/sbin/policy-rc.d
    kept=
    if [ -e "$policy" ]; then
        kept=$(mktemp)
        cp -p "$policy" "$kept"
    fi
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    status=0
    { apt-get -o DPkg::Lock::Timeout=300 update -qq &&
        DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq \
            --no-install-recommends "$@"; } >&2 || status=$?
    if [ -n "$kept" ]; then mv "$kept" "$policy"; else rm -f "$policy"; fi
    [ "$status" = 0 ] || stop "apt-get could not install: $*"
}

no_autostart() {
    if [ -d /run/systemd/system ]; then systemctl disable --quiet "$1" 2>/dev/null || true; fi
}

virtual_environment() {
    wanted=$(cat requirements.lock pyproject.toml | sha256sum | cut -d' ' -f1)
    [ "$(cat .venv/installed 2>/dev/null || true)" != "$wanted" ] || return 0
    python=$(python_of)
    if [ ! -x .venv/bin/python ] || ! .venv/bin/python -c 'import pip' 2>/dev/null; then
        say "making .venv with $python"
        if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
            may_install || stop "python3-venv is missing (Debian: apt-get install python3-venv)"
            install_quietly python3-venv
        fi
        "$python" -m venv --clear .venv
    fi
    say "installing the pinned packages into .venv"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
        --no-build-isolation -e .
    printf '%s' "$wanted" >.venv/installed
}

rabbitmq() {
    [ ! -x "$RABBITMQ" ] || return 0
    may_install || stop "rabbitmq-server is missing (Debian: apt-get install rabbitmq-server), or set AMQP_URL and AMQP_MANAGEMENT_URL"
    say "installing rabbitmq-server; no broker is started by it"
    install_quietly rabbitmq-server
    no_autostart rabbitmq-server
}

postgresql() {
    for found in /usr/lib/postgresql/*/bin/initdb; do [ ! -x "$found" ] || return 0; done
    may_install || stop "postgresql is missing (Debian: apt-get install postgresql)"
    say "installing postgresql; no server is started by it"
    install_quietly postgresql
    no_autostart postgresql
}

virtual_environment
case $what in
    demo) [ -n "${AMQP_URL:-}" ] || rabbitmq ;;
    test) rabbitmq && postgresql ;;
    check) ;;
    *) stop "unknown set-up: $what" ;;
esac
