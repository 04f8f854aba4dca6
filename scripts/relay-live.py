#!/usr/bin/env python3
"""How soon those who listen to a relay hear of a push, and what they cost it.

    scripts/relay-live.py [SYNC] [LISTENERS] [PUSHES-A-SECOND] [SECONDS]        .build-static/release/sync 1000 100 20

Fifty teams with as many listeners each; one push of one signed segment goes to each team in turn, each on a connection that stays open. Times are
from the sending of a push to the arrival of its position at each listener of its team, in this process, which runs beside the relay on the same
machine: what it needs itself is in them. Memory and files are the relay's own, of its /metrics.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
import urllib.request

from fuzz_api_team import EPOCH_KEY, TEAM, TOKENS, fixed, registration, text
from relay_process import Relay
from sync_format import LogKeys, NO_CHAIN, encode_frame, relay_handle, seal_segment

TEAMS = 50


class Team:
    def __init__(self, number: int) -> None:
        self.chain = registration(f"live {number}")
        self.handle = relay_handle(self.chain.relay_key)
        self.keys = LogKeys(TEAM, EPOCH_KEY, fixed(f"live log {number}"))
        self.index, self.head = 0, NO_CHAIN
        self.sent: dict[str, float] = {}

    def next(self) -> bytes:
        nonce = fixed(f"live nonce {self.index}")[:12]
        segment, self.head = seal_segment(self.keys, self.index, self.head, nonce, fixed(f"live {self.index}") * 8, signed=True)
        self.index += 1
        return encode_frame([(1, segment.encoded())])


def head(method: str, team: Team, path: str, token: bytes, length: int = 0) -> bytes:
    return (f"{method} /v1/teams/{team.handle}/{path} HTTP/1.1\r\nHost: relay\r\nAuthorization: Bearer {token.hex()}\r\n"
            f"Content-Length: {length}\r\n\r\n").encode()


async def listen(port: int, team: Team, heard: dict[str, list[float]], ready: asyncio.Semaphore) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head("GET", team, "live", TOKENS["readToken"]))
    is_ready = False
    while line := await reader.readline():
        if line.startswith(b"data: "):
            if not is_ready:
                is_ready = True
                ready.release()
            heard.setdefault(json.loads(line[6:])["position"], []).append(time.perf_counter())


async def answer(reader: asyncio.StreamReader) -> dict[str, object]:
    headers = await reader.readuntil(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in headers.split(b"\r\n") if line.lower().startswith(b"content-length"))
    body = json.loads(await reader.readexactly(length))
    if b" 200 " not in headers.split(b"\r\n")[0]:
        sys.exit(f"a push was answered {headers!r} {body}")
    return body


async def push(team: Team, connection: tuple[asyncio.StreamReader, asyncio.StreamWriter], lock: asyncio.Lock) -> tuple[str, float, float]:
    async with lock:
        body = team.next()
        start = time.perf_counter()
        connection[1].write(head("POST", team, "segments", TOKENS["writeToken"], len(body)) + body)
        told = await answer(connection[0])
        return str(told["position"]), start, time.perf_counter() - start


async def measure(relay: Relay, listeners: int, rate: float, seconds: float) -> None:
    port, teams = relay.port, [Team(number) for number in range(TEAMS)]
    for team in teams:
        body = json.dumps({"registrations": [text(team.chain.encoded())]}).encode()
        request = urllib.request.Request(f"{relay.url}/v1/teams/{team.handle}/registration", body, method="PUT")
        urllib.request.urlopen(request, timeout=30).close()
    empty = relay.memory()
    heard: dict[str, list[float]] = {}
    ready = asyncio.Semaphore(0)
    tasks = [asyncio.create_task(listen(port, teams[number % TEAMS], heard, ready)) for number in range(listeners)]
    for _ in range(listeners):
        await ready.acquire()
    idle = relay.memory()
    connections = [await asyncio.open_connection("127.0.0.1", port) for _ in teams]
    locks = [asyncio.Lock() for _ in teams]
    pushes = []
    begin = time.perf_counter()
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, begin + number / rate - time.perf_counter()))
        place = number % TEAMS
        pushes.append(asyncio.create_task(push(teams[place], connections[place], locks[place])))
    done = await asyncio.gather(*pushes)
    await asyncio.sleep(1)
    took = time.perf_counter() - begin - 1
    busy = relay.memory()
    for task in tasks:
        task.cancel()
    waits = sorted((moment - start) * 1000 for position, start, _ in done for moment in heard.get(position, []))
    expected = len(done) * listeners // TEAMS
    print(f"{listeners} listeners of {TEAMS} teams, {len(done) / took:.0f} pushes a second for {took:.0f} s: {len(waits)} of {expected} wake-ups\n"
          f"push answered after {statistics.median(each[2] for each in done) * 1000:.1f} ms; listener told after {statistics.median(waits):.1f} ms (median), "
          f"{waits[len(waits) * 99 // 100]:.1f} (99 of 100), {waits[-1]:.1f} (most)\n"
          f"memory: {empty >> 20} MB alone, {idle >> 20} MB with the listeners, "
          f"{busy >> 20} MB afterwards: "
          f"{(idle - empty) / listeners / 1024:.0f} KB a listener")


def main() -> None:
    arguments = dict(enumerate(sys.argv))
    program = arguments.get(1, ".build-static/release/sync")
    with tempfile.TemporaryDirectory() as folder:
        relay = Relay(program, folder)
        try:
            asyncio.run(measure(relay, int(arguments.get(2, 1000)), float(arguments.get(3, 100)), float(arguments.get(4, 20))))
        finally:
            relay.kill()


if __name__ == "__main__":
    main()
