#!/usr/bin/env bash
# Makes .venv with the hashed requirements and the program's commands; quick when nothing changed.
set -euo pipefail
cd "$(dirname "$0")/.."
stamp=.venv/.requirements
packaging/system_packages.sh

is_fit() {
    "$1" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}
# A distribution builds Python with optimisation by profile, others often not: histories of the simulation
# took 1.1 to 1.2 times as long with such a one (3.11, no other work beside).
python="${PYTHON:-/usr/bin/python3}"
[ -n "${PYTHON:-}" ] || is_fit "$python" || python=python3
is_fit "$python" || {
    echo "KIM mobil needs Python 3.11 or newer with venv; name one by: make setup PYTHON=python3.11" >&2
    exit 1
}

[ -x .venv/bin/python ] || "$python" -m venv .venv
wanted="$(cat requirements/dev.txt pyproject.toml | sha256sum)"
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    echo "Installing the libraries of requirements/dev.txt into .venv"
    # Warnings about a machine's own package sources help nobody here; errors still show.
    .venv/bin/pip --quiet --quiet install --require-hashes --requirement requirements/dev.txt
    .venv/bin/pip --quiet --quiet install --no-deps --no-build-isolation --no-index --editable .
    echo "$wanted" >"$stamp"
fi
.venv/bin/python packaging/catalogues.py compile
