#!/bin/sh
# Writes requirements.lock anew: every package of requirements.in and all they need, as a clean
# environment gets them today.
set -eu
cd "$(dirname "$0")/../.."
clean=$(mktemp -d)
trap 'rm -rf "$clean"' EXIT
"${PYTHON:-python3}" -m venv "$clean/venv"
"$clean/venv/bin/python" -m pip install --quiet --disable-pip-version-check -r requirements.in
{
    echo "# Every package, exactly pinned; written from a clean environment by \`make lock\`, see requirements.in."
    "$clean/venv/bin/python" -m pip freeze --all --disable-pip-version-check | grep -v '^pip=='
} >requirements.lock
