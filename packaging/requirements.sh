#!/usr/bin/env bash
# Writes requirements/*.txt with hashes. pip's own configuration is left out, so that no
# local index or folder of wheels decides which hashes are written.
set -euo pipefail
cd "$(dirname "$0")/../requirements"
bin="$PWD/../.venv/bin"
export PIP_CONFIG_FILE=/dev/null CUSTOM_COMPILE_COMMAND="make requirements"
unset PIP_FIND_LINKS PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_NO_INDEX

compile() {
    "$bin/pip-compile" --quiet --generate-hashes --allow-unsafe --strip-extras \
        --no-config --no-annotate --no-emit-index-url --no-emit-find-links \
        --no-emit-trusted-host --output-file "$1.txt" "${@:2}" "$1.in"
}

# dev holds all the others; they follow its versions.
compile dev "$@"
compile runtime --constraint dev.txt
compile relay --constraint dev.txt
