#!/usr/bin/env bash
# Makes .venv with the hashed requirements and the program's commands; quick when nothing changed.
set -euo pipefail
cd "$(dirname "$0")/.."
python="${PYTHON:-python3}"
stamp=.venv/.requirements

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "KIM mobil needs Python 3.11 or newer; name one by: make setup PYTHON=python3.11" >&2
    exit 1
}
packaging/system_packages.sh

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
