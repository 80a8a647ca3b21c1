#!/bin/sh
# Make .venv ready to run Approver (`setup.sh run`) or to test it as well (`setup.sh test`).
#
# Finds a Python, installs the pinned packages into .venv and sees to the system's libraries: with apt-get where that
# needs no password, otherwise by printing the one line to run. Does nothing, fast, where all of that is done already.
set -eu

tier=${1:-run}
case $tier in run | test) ;; *) echo "usage: packaging/setup.sh [run|test]" >&2; exit 2 ;; esac
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$@"; exit 1; }

# What was set up is named by everything that decides how: a moved checkout or a changed pin is set up anew.
wanted=$( { pwd; cat pyproject.toml constraints.txt packaging/setup.sh packaging/*.txt approver/desktop/libraries.py; } | cksum)
is_done() { [ -x .venv/bin/approver ] && [ "$(cat ".venv/ready-to-$1" 2>/dev/null)" = "$wanted" ]; }
if is_done "$tier" || { [ "$tier" = run ] && is_done test; }; then exit 0; fi

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
may_install() {
  command -v apt-get >/dev/null 2>&1 || return 1
  [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; }
}

# install PACKAGE…: with apt-get, or the line to run. A package list that was never fetched finds nothing: update first.
install() {
  may_install || fail "please run this line, then the same command again:  sudo apt-get update && sudo apt-get install -y $*"
  say "installing with apt-get: $*"
  log=$(mktemp)
  { as_root apt-get update -q || echo "apt-get update failed; trying with the package list that is there"; } >"$log" 2>&1
  if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" >>"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    fail "apt-get could not install: $*"
  fi
  rm -f "$log"
}

suits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }
makes_environments() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

# The first that suits and can make an environment, or else the first that suits.
find_python() {
  found=
  for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
    suits "$candidate" || continue
    if makes_environments "$candidate"; then echo "$candidate"; return; fi
    found=${found:-$candidate}
  done
  echo "$found"
}

python=$(find_python)
if [ -z "$python" ]; then
  install python3 python3-venv
  python=$(find_python)
  [ -n "$python" ] || fail "no Python from 3.11 to 3.13 found. Install one, or name it:  PYTHON=/path/to/python3.12 make run"
fi

# Everything that the system lacks, so that one line installs it all.
missing=
# Debian keeps ensurepip in a package of its own, one for each Python.
makes_environments "$python" || missing=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
if [ "$(uname -s)" = Linux ]; then
  missing="$missing $("$python" approver/desktop/libraries.py | tr '\n' ' ')"
fi
if [ "$tier" = test ]; then
  # Other people's servers that the tests run against come with npm; whoever has it from elsewhere keeps that.
  command -v npm >/dev/null 2>&1 || missing="$missing nodejs npm"
  if command -v dpkg-query >/dev/null 2>&1; then
    for package in $(cat packaging/test-packages.txt); do
      dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
    done
  fi
fi
# shellcheck disable=SC2086  # a list of words on purpose
set -- $missing
if [ $# -gt 0 ]; then
  install "$@"
  makes_environments "$python" || fail "$python has no ensurepip module and so cannot make an environment"
  [ "$(uname -s)" != Linux ] || still=$("$python" approver/desktop/libraries.py)
  # shellcheck disable=SC2086
  [ -z "${still:-}" ] || fail "Qt's windows still miss the libraries of these packages:" $still
fi

# An environment of another Python, of a moved checkout or of an interrupted set-up does not start: make it anew.
if ! { suits .venv/bin/python && [ "$(cat .venv/made-in 2>/dev/null)" = "$PWD" ]; }; then
  rm -rf .venv
  say "making .venv with $("$python" --version)"
  "$python" -m venv .venv
  pwd > .venv/made-in
fi

extra=; [ "$tier" = run ] || extra='[test]'
say "installing the pinned packages (the first time takes a minute or two)"
pip() { .venv/bin/python -m pip --quiet --quiet --no-input --disable-pip-version-check install --constraint constraints.txt "$@"; }
# Without build isolation, because pip would fetch the build's own packages past the pins.
pip hatchling editables
pip --no-build-isolation --editable ".$extra"

printf '%s\n' "$wanted" > ".venv/ready-to-$tier"
say "ready"
