#!/bin/sh
# Says what is missing to build sync, and installs the system packages where the system has a package manager that is known.
set -eu

if ! command -v swift >/dev/null 2>&1; then
  echo "sync needs Swift 6.2 or newer, and there is no swift on the PATH. Get it from https://www.swift.org/install/" >&2
  exit 1
fi
version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
major=${version%%.*}
minor=${version##*.}
if [ "${major:-0}" -lt 6 ] || { [ "$major" -eq 6 ] && [ "${minor:-0}" -lt 2 ]; }; then
  echo "sync needs Swift 6.2 or newer; this one is ${version:-unknown}. Get a newer one from https://www.swift.org/install/" >&2
  exit 1
fi

missing=""
has() { printf '#include <%s>\n' "$1" | ${CC:-clang} -E -x c - >/dev/null 2>&1; }
has sqlite3.h || missing="$missing sqlite3"
has zstd.h || missing="$missing zstd"
[ -z "$missing" ] && exit 0

echo "Missing system packages:$missing" >&2
if command -v apt-get >/dev/null 2>&1; then
  root=""
  [ "$(id -u)" -eq 0 ] || root="sudo"
  $root apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq libsqlite3-dev libzstd-dev >&2
elif command -v brew >/dev/null 2>&1; then
  brew install sqlite zstd >&2
else
  echo "Install the development files of SQLite and zstd with your package manager, and repeat the command." >&2
  exit 1
fi
