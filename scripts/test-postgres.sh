#!/usr/bin/env bash
# Runs the tests that need PostgreSQL against a server of their own, which is gone afterwards.
#   scripts/test-postgres.sh             builds with the trait, and runs them
#   scripts/test-postgres.sh COMMAND…    runs something else while the server is up
set -euo pipefail
cd "$(dirname "$0")/.."

missing=""
binaries() {
  for candidate in $(ls -d /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql*/bin 2>/dev/null | sort -rV); do
    if [ -x "$candidate/initdb" ]; then echo "$candidate" && return; fi
  done
}
[ -n "$(binaries)" ] || missing="postgresql"
pkg-config --exists libpq 2>/dev/null || missing="$missing libpq-dev pkg-config"
if [ -n "$missing" ]; then
  echo "Installing$([ "${missing# }" = "$missing" ] && echo " ")$missing" >&2
  root=""
  [ "$(id -u)" -eq 0 ] || root="sudo"
  $root apt-get update -qq >&2
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq $missing >/dev/null
fi
bin=$(binaries)

# initdb refuses root.
as=()
if [ "$(id -u)" -eq 0 ]; then
  user=postgres
  id "$user" >/dev/null 2>&1 || user=nobody
  as=(runuser -u "$user" --)
fi

# Under /tmp, whatever TMPDIR says: a socket's path has at most 107 bytes.
folder=$(mktemp -d /tmp/sync-postgres.XXXXXX)
stop() {
  "${as[@]}" "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM

password="not-to-be-seen"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
echo "$password" >"$folder/password"
chmod 0755 "$folder"
[ "${#as[@]}" -eq 0 ] || chown -R "$user" "$folder"
"${as[@]}" "$bin/initdb" -D "$folder/data" -U relay --pwfile="$folder/password" --auth=scram-sha-256 -E UTF8 --locale=C >/dev/null
cat >>"$folder/data/postgresql.conf" <<SETTINGS
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$folder'
max_connections = 200
fsync = on
synchronous_commit = on
SETTINGS

# What a test calls to have the database fail: immediate is a crash. The server must not keep what it inherits: who waits for this
# script on Linux, with Foundation, waits until nobody has its end of a socket.
cat >"$folder/restart" <<RESTART
#!/usr/bin/env bash
for open in /dev/fd/*; do
  number=\${open##*/}
  [ "\$number" -le 2 ] || eval "exec \$number>&-" 2>/dev/null
done
exec ${as[*]} "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -m "\${1:-immediate}" -w restart >/dev/null 2>&1
RESTART
chmod 0755 "$folder/restart"
"${as[@]}" "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w start >/dev/null

export SYNC_TEST_POSTGRES="postgresql://relay:$password@127.0.0.1:$port/postgres"
export SYNC_TEST_POSTGRES_RESTART="$folder/restart"
if [ "$#" -gt 0 ]; then
  "$@"
  exit
fi
swift=${SWIFT:-swift}
$swift build --build-tests --traits PostgreSQL
# Those that restart the database run by themselves.
status=0
$swift test --skip-build --traits PostgreSQL --filter 'SyncServerTests\.PostgreSQL' --skip 'PostgreSQL(Restart|Storm)' || status=$?
$swift test --skip-build --traits PostgreSQL --filter 'SyncServerTests\.PostgreSQLRestart' || status=$?
$swift test --skip-build --traits PostgreSQL --filter 'SyncServerTests\.PostgreSQLStorm' || status=$?
exit $status
