"""W7: the relay under load, what it sends in a second, and what it costs to hear that nothing is new."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from harness import load
from harness.bench import ROOT, Bench, Measurement
from harness.running import check
from harness.team import Relay, Team

sys.path.insert(0, str(ROOT / "scripts"))
from fuzz_api_team import EPOCH_KEY, HANDLE, REGISTRATIONS, TEAM, TOKENS, fixed, stream, text  # noqa: E402
from sync_format import NO_CHAIN, LogKeys, seal_segment  # noqa: E402

LARGE_BYTES, LARGE_COUNT = 60_000, 1500


def segments(name: str, count: int, size: int) -> Iterator[bytes]:
    """A log of its own: every segment signed, so that each can be pushed by itself."""
    keys, chain = LogKeys(TEAM, EPOCH_KEY, fixed(f"bench {name}")), NO_CHAIN
    for index in range(count):
        segment, chain = seal_segment(keys, index, chain, fixed(f"nonce {name} {index}")[:12], os.urandom(size), signed=True)
        yield segment.encoded()


def register(relay: Relay) -> None:
    body = json.dumps({"registrations": [text(REGISTRATIONS[0].encoded())]}).encode()
    request = urllib.request.Request(f"{relay.url}/v1/teams/{HANDLE}/registration", body, method="PUT")
    urllib.request.urlopen(request, timeout=30).close()


def pushes(name: str, count: int, size: int) -> Iterator[bytes]:
    for segment in segments(name, count, size):
        yield load.request(f"/v1/teams/{HANDLE}/segments", stream([segment]), TOKENS["writeToken"].hex())


def prepared(bench: Bench, pushers: int) -> Path:
    """Signing takes longer than posting, so that this is made once."""
    path = bench.build / f"pushes-{pushers}"
    if not path.exists():
        count = load.posts(pushers)
        load.write(path, (each for pusher in range(pushers) for each in pushes(f"{pushers}-{pusher}", count, load.BODY_BYTES - 150)))
    return path


def served(relay: Relay) -> float:
    """Megabytes a second of one pull of everything."""
    with socket.create_connection(("127.0.0.1", relay.port)) as connection:
        request = (f"GET /v1/teams/{HANDLE}/segments HTTP/1.1\r\nHost: relay\r\nConnection: close\r\n"
                   f"Authorization: Bearer {TOKENS['readToken'].hex()}\r\n\r\n")
        start, count, buffer = time.perf_counter(), 0, bytearray(1 << 20)
        connection.sendall(request.encode())
        while read := connection.recv_into(buffer):
            count += read
        seconds = time.perf_counter() - start
    check(count > LARGE_BYTES * LARGE_COUNT, f"a pull of {count} bytes lacks something")
    return count / seconds / 1e6


def under_load(bench: Bench) -> None:
    for pushers in load.PUSHERS:
        folder = bench.fresh("relay")
        relay = Relay(str(bench.sync), str(folder), 0, ("--requests-per-minute", "0"))
        try:
            register(relay)
            rate = load.answered_per_second(bench, relay.port, pushers, prepared(bench, pushers))
            bench.figures.add("sync", "W7", f"posts_per_s_{pushers}", rate)
        finally:
            relay.stop()
            bench.remove(folder)


def pulled(bench: Bench) -> None:
    folder = bench.fresh("relay")
    relay = Relay(str(bench.sync), str(folder / "data"), 0, ("--requests-per-minute", "0"))
    try:
        register(relay)
        load.write(folder / "large", pushes("large", LARGE_COUNT, LARGE_BYTES))
        load.answered_per_second(bench, relay.port, 1, folder / "large")
        bench.figures.add("sync", "W7", "pull_mb_per_s", served(relay))
    finally:
        relay.stop()
        bench.remove(folder)


class Counting:
    """Stands between a device and its relay, and counts requests and the bytes of bodies both ways."""

    def __init__(self, relay_port: int) -> None:
        self.relay_port = relay_port
        self.requests = 0
        self.bytes = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.relay_port))
            threading.Thread(target=self._carry, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self._carry, args=(server, client, False), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket, is_request: bool) -> None:
        """A head comes in one piece, with the beginning of its body or without."""
        while data := source.recv(1 << 16):
            _, gap, body = data.partition(b"\r\n\r\n")
            is_head = bool(gap) and data.startswith((b"HTTP/", b"GET ", b"POST ", b"PUT "))
            self.requests += is_head and is_request
            self.bytes += len(body if is_head else data)
            sink.sendall(data)
        sink.close()


def nothing_new(bench: Bench) -> None:
    folder = bench.fresh("nothing-new")
    team = Team(bench, folder, ["ana"])
    try:
        counting = Counting(team.relay.port)
        team.command("ana", "remote", "add", "counted", f"http://127.0.0.1:{counting.port}")
        team.command("ana", "event", "add", "Rally", "--on", "2017-04-22", "--city", "Leeds")
        team.command("ana", "push", "counted")
        team.command("ana", "pull", "counted")
        counting.requests = counting.bytes = 0
        team.command("ana", "pull", "counted")
        bench.figures.add("sync", "W7", "nothing_new_requests", counting.requests)
        bench.figures.add("sync", "W7", "nothing_new_bytes", counting.bytes)
        counting.listener.close()
    finally:
        team.stop()
        bench.remove(folder)


def once(bench: Bench) -> None:
    under_load(bench)
    pulled(bench)
    nothing_new(bench)


def measurements(bench: Bench) -> list[Measurement]:
    return [Measurement("sync: relay", lambda: once(bench))] if bench.wants("W7") else []
