#!/usr/bin/env bash
# What share of a client's CPU time goes into cryptography (docs/performance.md). Needs perf (linux-perf), and the release build.
#
#   scripts/profile-crypto.sh .build-static/release [RECORDS [PUSHES]]
#
# A sample counts as cryptography where any frame on its stack is of BoringSSL, of swift-crypto, or of the engine's own folder Crypto.
# The relay is a process of its own and is not counted.
set -euo pipefail
bin=$(cd "$1" && pwd)
records=${2:-100000}
pushes=${3:-10000}
scripts=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
relay=""
trap '[ -n "$relay" ] && kill "$relay" 2>/dev/null; rm -rf "$work"' EXIT

"$bin/sync" serve --listen 127.0.0.1:0 --data "$work/relay" >"$work/relay.log" 2>&1 &
relay=$!
until port=$(sed -n 's#.*http://127\.0\.0\.1:\([0-9]*\).*#\1#p' "$work/relay.log" | head -n 1) && [ -n "$port" ]; do
  kill -0 "$relay"
done

profile() {
  local name=$1; shift
  perf record -q -e cpu-clock -F 997 -g -o "$work/$name.perf" -- "$@" >"$work/$name.out" 2>&1 || { cat "$work/$name.out" >&2; exit 1; }
  tail -n 1 "$work/$name.out"
  perf script -i "$work/$name.perf" -F ip,sym 2>/dev/null | python3 "$scripts/crypto_share.py" "$name"
}
on() { local device=$1; shift; "$bin/sync" --store "$work/$device" "$@" --no-input -q; }

PYTHONPATH="$scripts/../Benchmarks" python3 -c "
import sys
from ours.commands import records
sys.stdout.write(records($records))" >"$work/events.ndjson"
on ana init --team bench --device ana --no-passphrase
on ana remote add relay "http://127.0.0.1:$port"
code=$("$bin/sync" --store "$work/ana" invite --pre-approved --no-input | grep -o 'SYNC-[0-9A-Z-]*' | head -n 1)
on ben join "$code" --device ben --no-passphrase --yes
profile import "$bin/sync" --store "$work/ana" import "$work/events.ndjson"
profile push "$bin/sync" --store "$work/ana" push
profile pull "$bin/sync" --store "$work/ben" pull
profile single-pushes "$bin/single-pushes" "http://127.0.0.1:$port" "$pushes"
