#!/usr/bin/env python3
"""What each thing that devices ask costs a relay's processor, and its database's: the figures that scripts/scale-simulation.py begins with.

    scripts/relay-costs.py [SYNC] [POSTGRES-URL]        .build/debug/sync, and one file where no URL is said
    scripts/test-postgres.sh bash -c 'scripts/relay-costs.py .build/debug/sync "$SYNC_TEST_POSTGRES"'

Processor time is what the kernel counted for the relay's process (and for all processes of a PostgreSQL server on this machine), over
thousands of requests one after the other on one connection: what else the machine does is not in it, and waiting for a disk neither.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from fuzz_api_team import EPOCH_KEY, HANDLE, REGISTRATIONS, TEAM, TOKENS, fixed, text
from relay_process import Relay
from sync_format import LogKeys, NO_CHAIN, encode_frame, seal_segment

REQUESTS = 3000
LISTENERS = 200
PUSHES = 200
PATH = f"/v1/teams/{HANDLE}"


def ticks(process: int | str) -> int:
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


class Processors:
    """Seconds of processor time, of the relay and of PostgreSQL. Children that ended are counted by who waited for them."""

    def __init__(self, relay: Relay) -> None:
        self.relay = relay.process.pid

    def of_relay(self) -> float:
        return ticks(self.relay) / os.sysconf("SC_CLK_TCK")

    def seconds(self) -> tuple[float, float]:
        database = 0
        for folder in Path("/proc").iterdir():
            try:
                if folder.name.isdigit() and (folder / "comm").read_text().strip() == "postgres":
                    database += ticks(folder.name)
            except OSError:
                pass
        return self.of_relay(), database / os.sysconf("SC_CLK_TCK")


class Log:
    def __init__(self) -> None:
        self.keys = LogKeys(TEAM, EPOCH_KEY, fixed("costs"))
        self.index, self.chain = 0, NO_CHAIN

    def next(self) -> bytes:
        nonce = fixed(f"costs {self.index}")[:12]
        segment, self.chain = seal_segment(self.keys, self.index, self.chain, nonce, fixed(f"body {self.index}") * 4, signed=True)
        self.index += 1
        return encode_frame([(1, segment.encoded())])


class Costs:
    def __init__(self, relay: Relay) -> None:
        self.relay, self.processors, self.log = relay, Processors(relay), Log()
        self.connection = http.client.HTTPConnection("127.0.0.1", relay.port, timeout=60)
        self.token = ""

    def ask(self, method: str, path: str, token: str, body: bytes | None = None) -> bytes:
        headers = {"Authorization": f"Bearer {TOKENS[token].hex()}"} if token else {}
        self.connection.request(method, PATH + path, body, headers)
        answer = self.connection.getresponse()
        data = answer.read()
        if answer.status not in (200, 201):
            sys.exit(f"{method} {path} was answered {answer.status}: {data!r}")
        return data

    def push(self) -> None:
        before = self.token
        self.token = json.loads(self.ask("POST", "/segments", "writeToken", self.log.next()))["position"]
        self.before = before

    def measure(self, what: str, times: int, step: Callable[[], object]) -> tuple[float, float]:
        begin = self.processors.seconds()
        for _ in range(times):
            step()
        return self.tell(what, times, begin)

    def tell(self, what: str, times: int, begin: tuple[float, float], without: tuple[float, float] = (0, 0)) -> tuple[float, float]:
        end = self.processors.seconds()
        relay, database = ((end[place] - begin[place] - without[place]) / times * 1e6 for place in (0, 1))
        print(f"{what}: relay {relay:.0f} µs, database {database:.0f} µs", flush=True)
        return relay / 1e6, database / 1e6

    async def listeners(self, push: tuple[float, float]) -> None:
        """What it costs to begin to listen, and to be woken."""
        begin = self.processors.seconds()
        readers = []
        head = f"GET {PATH}/live HTTP/1.1\r\nHost: relay\r\nAuthorization: Bearer {TOKENS['readToken'].hex()}\r\n\r\n".encode()
        for _ in range(LISTENERS):
            reader, writer = await asyncio.open_connection("127.0.0.1", self.relay.port)
            writer.write(head)
            while not (await reader.readline()).startswith(b"data: "):
                pass
            readers.append((reader, writer))
        self.tell("a device begins to listen, with its connection", LISTENERS, begin)
        begin = self.processors.seconds()
        for _ in range(PUSHES):
            await asyncio.to_thread(self.push)
            await asyncio.gather(*(self.hear(reader) for reader, _ in readers))
        self.tell(f"a listener is woken ({LISTENERS} of one team, pushes taken off)", LISTENERS * PUSHES, begin,
                  (push[0] * PUSHES, push[1] * PUSHES))
        for _, writer in readers:
            writer.close()

    async def hear(self, reader: asyncio.StreamReader) -> None:
        while True:
            line = await reader.readline()
            if line.startswith(b"data: ") and json.loads(line[6:])["position"] == self.token:
                return


def main() -> None:
    program = sys.argv[1] if len(sys.argv) > 1 else ".build/debug/sync"
    options = ["--requests-per-minute", "0"] + (["--postgres", sys.argv[2]] if len(sys.argv) > 2 else [])
    with tempfile.TemporaryDirectory() as folder:
        relay = Relay(program, folder, options=tuple(options))
        try:
            costs = Costs(relay)
            costs.ask("PUT", "/registration", "", json.dumps({"registrations": [text(REGISTRATIONS[0].encoded())]}).encode())
            costs.measure("(first pushes)", 200, costs.push)
            if len(sys.argv) > 2:
                other = Relay(program, f"{folder}/other", options=tuple(options))
                begin = Processors(other).of_relay()
            push = costs.measure("a push of one signed segment", REQUESTS, costs.push)
            if len(sys.argv) > 2:
                print(f"another relay hears of a push that nobody waits for there: {(Processors(other).of_relay() - begin) / REQUESTS * 1e6:.0f} µs")
                other.kill()
            costs.measure("a look at what is new, where nothing is", REQUESTS, lambda: costs.ask("GET", "/control?after=0", "controlToken"))
            costs.measure("a pull of one segment", REQUESTS, lambda: costs.ask("GET", f"/segments?after={costs.before}", "readToken"))
            asyncio.run(costs.listeners(push))
        finally:
            relay.kill()


if __name__ == "__main__":
    main()
