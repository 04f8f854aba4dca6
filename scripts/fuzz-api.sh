#!/usr/bin/env bash
# Sends a relay what follows from docs/relay-api.yaml, and what does not, and holds its answers against it.
#   scripts/fuzz-api.sh [option of schemathesis run…]    FUZZ_SECONDS (60): how long;  SEED: a run once more
# The relay is a new one, with a folder of its own, and gone afterwards.
set -euo pipefail
cd "$(dirname "$0")/.."

sync_bin=${SYNC:-.build/debug/sync}
venv=.build/fuzz-api/venv
seed=${SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
if [ ! -x "$venv/bin/schemathesis" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet 'schemathesis>=4.32,<5' cryptography
fi

work=$(mktemp -d)
relay=""
trap '[ -n "$relay" ] && kill "$relay" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
fail() { echo "fuzz-api: $1" >&2; exit 1; }

# Who asks so often is one device: what it may ask in a minute is tried by a test.
"$sync_bin" serve --listen 127.0.0.1:0 --data "$work/relay" --requests-per-minute 0 --verbose >"$work/relay.log" 2>&1 &
relay=$!
url=""
for _ in $(seq 200); do
  url=$(grep -o 'http://127\.0\.0\.1:[0-9]*' "$work/relay.log" | head -n 1 || true)
  [ -z "$url" ] || break
  kill -0 "$relay" 2>/dev/null || fail "the relay did not start: $(cat "$work/relay.log")"
  sleep 0.05
done
[ -n "$url" ] || fail "the relay did not start"

"$venv/bin/python" scripts/fuzz_api_team.py "$url" >"$work/schemathesis.toml"
echo "SEED=$seed"
# Not ignored_auth: fuzz_api_hooks.py has one that knows of unknown teams. Not positive_data_acceptance: no schema says what a signature
# proves, or which token is of this history. Not unsupported_method: a relay answers 404 to whatever is no route of it.
root=$PWD
status=0
# In the temporary folder: schemathesis leaves files where it runs.
(cd "$work" && PYTHONPATH="$root/scripts" SCHEMATHESIS_HOOKS=fuzz_api_hooks "$root/$venv/bin/schemathesis" --config-file schemathesis.toml \
  run "$root/docs/relay-api.yaml" --url "$url" --seed "$seed" --max-time "${FUZZ_SECONDS:-60}" --checks all \
  --exclude-checks ignored_auth,positive_data_acceptance,unsupported_method --continue-on-failure --request-timeout 20 "$@") || status=$?
kill -0 "$relay" 2>/dev/null || fail "the relay ended: $(tail -n 20 "$work/relay.log")"
echo "What the relay answered, how often:"
sed -n 's/.* info Request .*method=\([A-Z]*\) .*route=\([^ ]*\) status=\([0-9]*\).*/\1 \2 \3/p' "$work/relay.log" | sort | uniq -c
if grep -q 'Request failed' "$work/relay.log"; then
  grep 'Request failed' "$work/relay.log" | head -n 20 >&2
  fail "the relay failed"
fi
exit "$status"
