#!/usr/bin/env bash
# Makes sure that Qt's libraries and the tools of the tests are on this machine.
# On Debian and Ubuntu as root it installs what is missing; else it names it in one line.
set -euo pipefail

packages=(
    fontconfig libdbus-1-3 libegl1 libfontconfig1 libgl1 libglib2.0-0 libnss3 libopengl0
    libx11-xcb1 libxcb-cursor0 libxcb-glx0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1
    libxcb-randr0 libxcb-render-util0 libxcb-render0 libxcb-shape0 libxcb-shm0 libxcb-sync1
    libxcb-util1 libxcb-xfixes0 libxcb-xkb1 libxkbcommon-x11-0 libxkbcommon0
    poppler-utils python3-venv unicode-data xauth xvfb
)

if ! command -v dpkg-query >/dev/null; then
    command -v xvfb-run >/dev/null && command -v pdftotext >/dev/null ||
        echo "Please install Xvfb, poppler-utils and Qt 6's libraries for X11 (on Debian: ${packages[*]})." >&2
    exit 0
fi

is_installed() {
    # Newer releases carry some libraries under the same name with t64 behind it.
    [[ "$(dpkg-query -W -f='${db:Status-Abbrev}' "$1" "$1t64" 2>/dev/null || true)" == *ii* ]]
}

missing=()
for package in "${packages[@]}"; do
    is_installed "$package" || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -ne 0 ]; then
    echo "Please run: sudo apt-get install ${missing[*]}" >&2
    exit 0
fi
echo "Installing system packages: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq >/dev/null
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
