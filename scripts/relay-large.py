#!/usr/bin/env python3
"""How long a relay with many segments takes to start, and to give the first frame of a pull from the middle of a long log.

    scripts/relay-large.py [SYNC] [SEGMENTS]        .build-static/release/sync and 10000000 where nothing is said

The relay makes its file and takes a team; then its tables are filled beside it, with one real segment in every row: a tenth of all in one
team, the rest in a thousand others. Needs about 500 bytes of disk for each.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator

from fuzz_api_team import HANDLE, LOGS, REGISTRATIONS, TOKENS, call, stream, text
from relay_process import Relay
from sync_format import decode_frame

OTHERS = 1000


def digest(team: int, position: int) -> bytes:
    return hashlib.sha256(b"%d %d" % (team, position)).digest()


def fill(path: str, count: int) -> int:
    """Gives how many segments the first team has."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA synchronous = OFF")
    database.execute("PRAGMA cache_size = -1000000")
    first, log, handle = database.execute(
        "SELECT team.number, log.number, handle FROM team JOIN log ON log.team = team.number").fetchone()
    segment = LOGS[0][0][1]
    long, other = count // 10, (count - count // 10) // OTHERS

    def rows(team: int, log: int, last: int, begin: int) -> Iterator[tuple[object, ...]]:
        for position in range(begin, last + 1):
            name = digest(team, position)
            yield team << 40 | position, log, position, name[:32], name, name, segment

    def team_of(number: int, log: int, last: int, begin: int) -> None:
        database.executemany(
            "INSERT INTO segment (place, log, idx, chain, previous, digest, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)",
            rows(number, log, last, begin))

    at = database.execute("SELECT position FROM team WHERE number = ?", (first,)).fetchone()[0]
    team_of(first, log, long, at + 1)
    database.execute("UPDATE team SET position = ?, digest = ? WHERE number = ?", (long, digest(first, long), first))
    database.execute("UPDATE usage SET bytes = ? WHERE team = ?", (long * len(segment), first))
    for number in range(OTHERS):
        team, its = first + 1 + number, log + 1 + number
        database.execute("INSERT INTO team (number, handle, counter, position, digest, control) VALUES (?, ?, 0, ?, ?, 0)",
                         (team, hashlib.sha256(b"team %d" % number).digest()[:len(handle)], other, digest(team, other)))
        database.execute("INSERT INTO log (number, team, tag, key) VALUES (?, ?, ?, ?)",
                         (its, team, hashlib.sha256(b"log %d" % number).digest()[:16], digest(team, 0)))
        database.execute("INSERT INTO usage (team, bytes) VALUES (?, ?)", (team, other * len(segment)))
        team_of(team, its, other, 1)
    database.commit()
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return first


def first_frame(port: int, team: int, position: int) -> tuple[float, int]:
    """Seconds until the first frame is there whole, and its segments."""
    token = base64.urlsafe_b64encode(position.to_bytes(8, "big") + digest(team, position)[:16]).decode()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    begin = time.perf_counter()
    connection.request("GET", f"/v1/teams/{HANDLE}/segments?after={token}", headers={"Authorization": f"Bearer {TOKENS['readToken'].hex()}"})
    answer = connection.getresponse()
    data = b""
    while True:
        data += answer.read1(1 << 20)
        try:
            items = decode_frame(data)
        except Exception:
            continue
        if any(kind != 1 for kind, _ in items):
            break
    taken = time.perf_counter() - begin
    connection.close()
    return taken, sum(kind == 1 for kind, _ in items)


def main() -> None:
    program = sys.argv[1] if len(sys.argv) > 1 else ".build-static/release/sync"
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000_000
    with tempfile.TemporaryDirectory() as folder:
        relay = Relay(program, folder)
        call(relay.url, "PUT", "registration", json.dumps({"registrations": [text(REGISTRATIONS[0].encoded())]}).encode())
        call(relay.url, "POST", "segments", stream(LOGS[0][0][:2]), TOKENS["writeToken"])
        relay.stop()
        team = fill(f"{folder}/relay.db", count)
        size = os.path.getsize(f"{folder}/relay.db")
        starts, frames = [], []
        for _ in range(5):
            relay = Relay(program, folder)
            starts.append(relay.started)
            for share in (1, 5, 9):
                frames.append(first_frame(relay.port, team, count // 10 * share // 10))
            relay.stop()
        print(f"{count} segments, {size >> 20} MB: listens after {min(starts) * 1000:.0f} to {max(starts) * 1000:.0f} ms; the first frame "
              f"({frames[0][1]} segments) of a pull from within {count // 10} after {min(frames)[0] * 1000:.1f} to {max(frames)[0] * 1000:.1f} ms")


if __name__ == "__main__":
    main()
