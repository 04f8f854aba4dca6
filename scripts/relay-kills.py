#!/usr/bin/env python3
"""Kills a relay again and again while devices push to it, and then looks for everything that it had acknowledged.

    scripts/relay-kills.py [SYNC] [KILLS]        .build/debug/sync and 200 where nothing is said

Four devices push runs of two segments one after the other, each on a connection of its own, and push again what was not answered. The
relay is killed (SIGKILL) at a random moment between 0 and 150 ms after it listens, and started again on the same folder. In the end one
pull has to hold every segment of every acknowledged push, each log without a gap, and the relay's file has to be whole.
"""

from __future__ import annotations

import http.client
import json
import random
import sqlite3
import sys
import tempfile
import threading
import time

from fuzz_api_team import EPOCH_KEY, HANDLE, REGISTRATIONS, TEAM, TOKENS, fixed, text
from relay_process import Relay
from sync_format import LogKeys, NO_CHAIN, decode_frame, encode_frame, seal_segment

DEVICES = 4
PATH = f"/v1/teams/{HANDLE}"


def ask(port: int, method: str, path: str, body: bytes | None, token: bytes) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, PATH + path, body, {"Authorization": f"Bearer {token.hex()}"} if token else {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


class Device(threading.Thread):
    """Pushes its log until it is told to stop; `acknowledged` is what the relay said that it has."""

    def __init__(self, port: int, number: int, is_over: threading.Event) -> None:
        super().__init__(daemon=True)
        self.port, self.number, self.is_over = port, number, is_over
        self.acknowledged: list[bytes] = []
        self.pushes = self.repeated = 0

    def run(self) -> None:
        keys = LogKeys(TEAM, EPOCH_KEY, fixed(f"killed {self.number}"))
        index, chain = 0, NO_CHAIN
        while not self.is_over.is_set():
            run = []
            for step in range(2):
                nonce = fixed(f"nonce {self.number} {index}")[:12]
                segment, chain = seal_segment(keys, index, chain, nonce, fixed(f"body {index}") * 4, signed=step == 1)
                run.append(segment.encoded())
                index += 1
            body = encode_frame((1, each) for each in run)
            while not self.push(body):
                self.repeated += 1
                time.sleep(0.005)
            self.pushes += 1
            self.acknowledged += run

    def push(self, body: bytes) -> bool:
        try:
            status, answer = ask(self.port, "POST", "/segments", body, TOKENS["writeToken"])
        except (OSError, http.client.HTTPException):
            return False
        if status != 200:
            sys.exit(f"a push was answered {status}: {answer!r}")
        told = json.loads(answer)
        if told["refused"] or told["stored"] + told["known"] != 2:
            sys.exit(f"a push was refused: {told}")
        return True


def main() -> None:
    program = sys.argv[1] if len(sys.argv) > 1 else ".build/debug/sync"
    kills = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    with tempfile.TemporaryDirectory() as folder:
        # As fast as it can: no limit on how often one address asks.
        options = ("--requests-per-minute", "0")
        relay = Relay(program, folder, options=options)
        port = relay.port
        chain = json.dumps({"registrations": [text(REGISTRATIONS[0].encoded())]}).encode()
        if ask(port, "PUT", "/registration", chain, b"")[0] != 201:
            sys.exit("the relay does not take the team")
        is_over = threading.Event()
        devices = [Device(port, number, is_over) for number in range(DEVICES)]
        for device in devices:
            device.start()
        for _ in range(kills):
            time.sleep(random.random() * 0.15)
            relay.kill()
            relay = Relay(program, folder, port, options)
        is_over.set()
        for device in devices:
            device.join()
        status, stream = ask(port, "GET", "/segments", None, TOKENS["readToken"])
        held = {data for kind, data in decode_frame(stream) if kind == 1}
        acknowledged = [segment for device in devices for segment in device.acknowledged]
        lost = [segment for segment in acknowledged if segment not in held]
        relay.kill()
        whole = sqlite3.connect(f"{folder}/relay.db").execute("PRAGMA integrity_check").fetchone()[0]
        pushes, repeated = sum(each.pushes for each in devices), sum(each.repeated for each in devices)
        print(f"{kills} kills, {pushes} pushes of {len(acknowledged)} segments acknowledged, {repeated} times pushed again; "
              f"{len(lost)} lost; integrity: {whole}")
        if status != 200 or lost or whole != "ok" or pushes < kills:
            sys.exit(1)


if __name__ == "__main__":
    main()
