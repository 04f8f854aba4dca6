#!/usr/bin/env bash
# Plays the main job with real records: three devices, one relay, edits made apart, one conflict, one state. Every command is printed.
set -euo pipefail

sync_bin=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
seeds=$(cd "$(dirname "$0")/../seeds" && pwd)
work=$(mktemp -d)
relay=""
trap '[ -n "$relay" ] && kill "$relay" 2>/dev/null; rm -rf "$work"' EXIT
export NO_COLOR=1

say() { printf '\n\033[1m%s\033[0m\n' "$1" | { if [ -t 1 ]; then cat; else sed 's/\x1b\[[0-9]*m//g'; fi; }; }
fail() { echo "demo: $1" >&2; exit 1; }

# on DEVICE COMMAND…: runs sync as that device, and prints what is run.
on() {
  local device=$1; shift
  printf '%s$ sync' "$device"; printf ' %q' "$@"; printf '\n'
  "$sync_bin" --store "$work/$device" "$@"
}
quietly() { local device=$1; shift; "$sync_bin" --store "$work/$device" "$@" 2>/dev/null; }
first_id() { grep -o '"id":"[0-9a-z]\{26\}"' | head -n 1 | cut -d '"' -f 4 | cut -c 1-8; }
find_id() { quietly ana search "$1" --json | first_id; }

start_relay() {
  "$sync_bin" serve --listen "127.0.0.1:${1:-0}" --data "$work/relay" >"$work/relay.log" 2>&1 &
  relay=$!
  for _ in $(seq 200); do
    port=$(sed -n 's#.*http://127\.0\.0\.1:\([0-9]*\).*#\1#p' "$work/relay.log" | head -n 1)
    [ -n "$port" ] && return
    kill -0 "$relay" 2>/dev/null || fail "the relay did not start: $(cat "$work/relay.log")"
    sleep 0.05
  done
  fail "the relay did not start"
}
stop_relay() { kill "$relay"; wait "$relay" 2>/dev/null || true; relay=""; }

say "1. Somebody in the team runs a relay. It can read nothing."
start_relay 0
echo "relay$ sync serve --listen 127.0.0.1:$port --data relay"

say "2. Ana founds a team, and lets two devices join."
on ana init --team "Solidarity" --device "Ana's laptop" --no-passphrase
on ana remote add relay "http://127.0.0.1:$port"
for device in ben cem; do
  code=$(on ana invite --pre-approved --role volunteer | tee /dev/stderr | grep -o 'SYNC-[0-9A-Z-]*' | head -n 1)
  [ -n "$code" ] || fail "no invite code"
  on "$device" join "$code" --device "${device^}'s laptop" --yes
done

say "3. The five reports, once."
on ana import "$seeds"
on ana import "$seeds"
london=$(find_id "London 2019 embassy")
paris=$(find_id "Paris Colombie")
on ana event edit "$paris" --on "13 April 2017"
on ana now
on ben now
on cem now

say "4. No network now. Everybody goes on working: Ana and Ben each type a time for Paris, Cem deletes what Ben edits."
stop_relay
york=$(find_id "York")
petition=$(quietly ana petition list --json | first_id)
[ -n "$london" ] && [ -n "$paris" ] && [ -n "$york" ] && [ -n "$petition" ] || fail "a seed record was not found"
on ana event count "$london" "about 120" --basis eyewitness --by Ana
on ben event count "$london" "well over a hundred" --basis press --by Ben
on ana event edit "$paris" --on "13 April 2017 19:00 Europe/Paris" --title "Rassemblement, Place de Colombie"
on ben event edit "$paris" --on "13 April 2017 18:30 Europe/Paris"
on cem event rm "$york" --yes
on ben event edit "$york" --venue "St Helen's Square"
on ana petition batch add "$petition" --serials 1-40 --lines 40 --valid 37
on cem petition batch add "$petition" --serials 41-60 --lines 20 --valid 18
if on ben push; then fail "a push without a relay said that it worked"; else echo "[exit $?]"; fi

say "5. The relay is back. Push, pull, in any order."
start_relay "$port"
on cem push
on ana push
on ben now
on ana now
on cem now
on ana pull
on ben pull

say "6. What each device has."
for device in ana ben cem; do on "$device" event list --limit 8; done

say "7. What needs a person."
on ana conflicts list
on ana conflicts show "$paris"
on ana conflicts resolve "$paris" starts --take 1
on ana conflicts resolve "$york" record --take keep
on ana now
on ben now
on cem now
on ben conflicts list

say "8. Are they the same, byte for byte?"
for device in ana ben cem; do
  quietly "$device" export --format ndjson -o "$work/$device.ndjson"
  sha256sum "$work/$device.ndjson" | sed "s#$work/##"
done
cmp "$work/ana.ndjson" "$work/ben.ndjson" || fail "Ana and Ben differ"
cmp "$work/ana.ndjson" "$work/cem.ndjson" || fail "Ana and Cem differ"
[ -s "$work/ana.ndjson" ] || fail "nothing was exported"
grep -q "well over a hundred" "$work/ana.ndjson" && grep -q "about 120" "$work/ana.ndjson" || fail "a count was lost"
if grep -rqa "Colombie" "$work/relay" "$work/relay.log"; then fail "the relay can read"; fi
echo "$(wc -l <"$work/ana.ndjson") records, equal on three devices; the relay's files hold no word of them."
