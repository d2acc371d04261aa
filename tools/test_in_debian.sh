#!/usr/bin/env bash
# Runs the tests with an interpreter of another release of Debian, in a folder that debootstrap fills and that is removed
# at the end: test_in_debian.sh RELEASE VERSION [OPTIONS OF PYTEST], such as `forky 3.14`. Needs root and debootstrap.
set -euo pipefail
release=${1:?a release of Debian, such as forky} version=${2:?a version of Python, such as 3.14}
shift 2
tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
root=$(mktemp -d)
clean() {
    for each in dev/pts dev proc; do mountpoint -q "$root/$each" && umount -l "$root/$each"; done
    rm -rf --one-file-system "$root"
}
trap clean EXIT

mirror=$(awk '/^URIs:/ { print $2; exit }' /etc/apt/sources.list.d/debian.sources 2>/dev/null || true)
scripts=/usr/share/debootstrap/scripts
script=$([[ -e $scripts/$release ]] && echo "$scripts/$release" || echo "$scripts/sid")
packages=python$version,python$version-venv,ca-certificates,git,nodejs
debootstrap --variant=minbase --include="$packages" "$release" "$root" "${mirror:-http://deb.debian.org/debian}" "$script" >/dev/null
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount --bind /dev/pts "$root/dev/pts"
# how this machine reaches the network
cp /etc/resolv.conf /etc/hosts "$root/etc/"
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"

mkdir "$root/tree"
git -C "$tree" archive HEAD | tar --extract --directory "$root/tree"
chroot "$root" "python$version" -m venv /environment
chroot "$root" bash -euc 'cd /tree; /environment/bin/pip install --quiet ".[dev]"; /environment/bin/python -m pytest -n 2 "$@"' - "$@"
