#!/usr/bin/env python3
"""A relay whose disk is full: what it says, what it goes on doing, and that it takes pushes again once there is room.

    scripts/relay-full.py [SYNC] [MEGABYTES]        .build/debug/sync and 24 where nothing is said

The relay's folder is a file system in memory of that size. A team pushes until it is full; then a device of another team pushes, pulls and
watches with the commands that people have. The relay is killed and started again while there is no room. Mounting needs root on Linux: where
that cannot be had, this says so and checks nothing.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import tempfile

from fuzz_api_team import EPOCH_KEY, HANDLE, REGISTRATIONS, TEAM, TOKENS, fixed, text
from relay_process import Relay
from sync_format import LogKeys, NO_CHAIN, decode_frame, encode_frame, seal_segment

found: list[str] = []


def expect(what: str, is_right: bool, seen: object) -> None:
    print(f"{'ok ' if is_right else 'BAD'} {what}: {seen}", flush=True)
    if not is_right:
        found.append(what)


class Team:
    """The fixed team of the other scripts, with one log."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.keys = LogKeys(TEAM, EPOCH_KEY, fixed("full"))
        self.index, self.chain = 0, NO_CHAIN
        self.acknowledged: list[bytes] = []

    def ask(self, method: str, path: str, token: str = "", body: bytes | None = None) -> tuple[int, str, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            headers = {"Authorization": f"Bearer {TOKENS[token].hex()}"} if token else {}
            connection.request(method, f"/v1/teams/{HANDLE}/{path}", body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers.get("content-type", ""), answer.read()
        finally:
            connection.close()

    def register(self) -> None:
        chain = json.dumps({"registrations": [text(REGISTRATIONS[0].encoded())]}).encode()
        if self.ask("PUT", "registration", body=chain)[0] != 201:
            sys.exit("the relay does not take the team")

    def push(self, size: int) -> tuple[int, str, bytes]:
        """One segment of so many bytes; what was not taken is not in the log."""
        body = (fixed(f"full {self.index}") * (size // 32 + 1))[:size]
        segment, chain = seal_segment(self.keys, self.index, self.chain, fixed(f"nonce {self.index}")[:12], body, signed=True)
        answer = self.ask("POST", "segments", "writeToken", encode_frame([(1, segment.encoded())]))
        if answer[0] == 200:
            self.index, self.chain = self.index + 1, chain
            self.acknowledged.append(segment.encoded())
        return answer

    def fill(self) -> tuple[int, str, bytes]:
        """Until not even a small one is taken; what the last was answered."""
        for size in (200_000, 50_000, 10_000, 2_000, 200):
            while (answer := self.push(size))[0] == 200:
                pass
        return answer

    def lost(self) -> int:
        """How much of what was acknowledged a pull does not have."""
        status, _, stream = self.ask("GET", "segments", "readToken")
        held = {data for kind, data in decode_frame(stream) if kind == 1} if status == 200 else set()
        return sum(segment not in held for segment in self.acknowledged)


class Store:
    """A store of a device, and the commands that its person has."""

    def __init__(self, program: str, folder: str, name: str) -> None:
        self.command = [program, "--store", f"{folder}/{name}"]
        self.environment = {"HOME": folder, "PATH": "/usr/bin:/bin", "TZ": "UTC"}

    def run(self, *arguments: str) -> tuple[int, str]:
        ran = subprocess.run([*self.command, *arguments], env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        return ran.returncode, (ran.stdout + ran.stderr).strip()

    def must(self, *arguments: str) -> str:
        status, said = self.run(*arguments)
        if status != 0:
            sys.exit(f"sync {' '.join(arguments)}: exit {status}: {said}")
        return said


def is_told(answer: tuple[int, str, bytes]) -> bool:
    status, kind, body = answer
    return status == 507 and kind == "application/problem+json" and json.loads(body)["type"] == "urn:sync:disk-full"


def fill_rest(path: str) -> None:
    """What others write on the same disk."""
    with open(path, "wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            pass


def check(program: str, folder: str, megabytes: int) -> None:
    disk = f"{folder}/disk"
    relay = Relay(program, disk)
    team = Team(relay.port)
    team.register()
    ana, ben = Store(program, folder, "ana"), Store(program, folder, "ben")
    ana.must("init", "--team", "Full", "--device", "ana", "--no-passphrase")
    ana.must("remote", "add", "relay", relay.url)
    code = ana.must("invite", "--pre-approved").splitlines()[0]
    ben.must("join", code, "--device", "ben", "--yes")
    ana.must("event", "add", "Leeds", "-q")
    ana.must("now")

    team.fill()
    fill_rest(f"{disk}/others")
    answer = team.fill()
    expect("a push to a full disk is answered 507, as a problem", is_told(answer), (answer[0], answer[2].decode()))
    again = [team.push(size) for size in (100, 100_000, 100, 100_000)]
    expect("and again", all(is_told(each) for each in again), [each[0] for each in again])
    expect("what was acknowledged can be pulled", team.lost() == 0, f"{len(team.acknowledged)} segments")

    ana.must("event", "add", "York", "-q")
    status, said = ana.run("push")
    expect("sync push says what happened, what is safe and what to do", status == 5 and all(
        part in said for part in ("no room left", "1 unsent change is safe here", "sync bundle create")), (status, said))
    status, said = ben.run("pull")
    expect("sync pull works all the while", status == 0 and "1 new event" in said, (status, said))

    relay.kill()
    relay = Relay(program, disk, relay.port)
    expect("a relay that is killed and started again with no room serves what it has", team.lost() == 0, f"{len(team.acknowledged)} segments")
    expect("and still says that it is full", is_told(answer := team.push(100_000)), answer[0])

    os.remove(f"{disk}/others")
    subprocess.run(["mount", "-o", f"remount,size={2 * megabytes}m", disk], check=True)
    answer = team.push(100_000)
    expect("with room again it takes pushes, without a restart", answer[0] == 200, answer[0])
    status, said = ana.run("push")
    expect("and so does the command", status == 0 and "Sent 1 change" in said, (status, said))
    status, said = ben.run("pull")
    expect("which others then have", status == 0 and "1 new event" in said, (status, said))
    expect("nothing that was acknowledged is lost", team.lost() == 0, f"{len(team.acknowledged)} segments")
    expect("the relay still runs", relay.is_running, relay.process.pid)
    relay.stop()


def main() -> None:
    program = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else ".build/debug/sync")
    megabytes = int(sys.argv[2]) if len(sys.argv) > 2 else 24
    with tempfile.TemporaryDirectory() as folder:
        disk = f"{folder}/disk"
        os.mkdir(disk)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", disk], capture_output=True, text=True)
        if mounted.returncode != 0:
            print(f"not checked: a small file system cannot be mounted here ({mounted.stderr.strip() or 'not Linux'}); run it as root on Linux")
            return
        try:
            check(program, folder, megabytes)
        finally:
            subprocess.run(["umount", "--lazy", disk], check=False)
    if found:
        sys.exit(f"{len(found)} not as it should be")


if __name__ == "__main__":
    main()
