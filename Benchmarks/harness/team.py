"""Devices of one team and their relay, made as people make them: with the command line."""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from pathlib import Path

from .bench import ROOT, Bench
from .running import Ended, check, run

sys.path.insert(0, str(ROOT / "scripts"))
from relay_process import Relay  # noqa: E402


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Until something listens there."""
    end = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            check(time.monotonic() < end, f"nothing listens on port {port}")
            time.sleep(0.01)


def environment(folder: Path) -> dict[str, str]:
    """Nothing of whoever runs this: no store, no settings, no home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SYNC_", "XDG_"))}
    runtime = folder / "run"
    runtime.mkdir(mode=0o700, exist_ok=True)
    return kept | {"HOME": str(folder), "XDG_RUNTIME_DIR": str(runtime)}


class Team:
    """Runs its relay from the beginning to `stop`."""

    def __init__(self, bench: Bench, folder: Path, devices: list[str]) -> None:
        self.bench = bench
        self.folder = folder
        self.environment = environment(folder)
        # Ten devices on one address would be one that asks too often.
        self.relay = Relay(str(bench.sync), str(folder / "relay"), free_port(), ("--requests-per-minute", "0"))
        first, *others = devices
        self.command(first, "init", "--team", "bench", "--device", first, "--no-passphrase")
        self.command(first, "remote", "add", "relay", self.relay.url)
        self.command(first, "push")
        self.devices = [first]
        for device in others:
            self.join(device)

    def store(self, device: str) -> Path:
        return self.folder / device

    def command(self, device: str, *words: str) -> Ended:
        return run([self.bench.sync, "--store", self.store(device), *words, "--no-input"], self.environment)

    def drive(self, what: str, device: str, *words: str | Path) -> Ended:
        """One command of the driver, on this device's store. Of what it tells, nothing is a figure yet."""
        return run([self.bench.driver, what, self.store(device), *words], self.environment)

    def drive_with_peak(self, what: str, device: str) -> tuple[dict[str, float], float]:
        """What it tells, and its memory in megabytes."""
        ended, peak = self.bench.run_with_peak([self.bench.driver, what, self.store(device)], self.environment)
        return told(ended), peak

    def join(self, device: str) -> None:
        invite = self.command(self.devices[0], "invite", "--pre-approved", "--json").output
        code = next(told["code"] for line in invite.splitlines() if (told := json.loads(line))["type"] == "invite")
        self.command(device, "join", code, "--device", device, "--no-passphrase", "--yes")
        self.devices.append(device)

    def export(self, device: str) -> list[str]:
        """Every record with everything about it, in an order that all devices share."""
        return sorted(self.command(device, "export", "--format", "ndjson").output.splitlines())

    def check_equal(self, count: int) -> None:
        first = self.export(self.devices[0])
        check(len(first) == count, f"{len(first)} records of {count}")
        for device in self.devices[1:]:
            check(self.export(device) == first, f"{device} has not what {self.devices[0]} has")

    def stop(self) -> None:
        self.relay.stop()


def told(ended: Ended) -> dict[str, float]:
    """A program's own figures, by measure."""
    return {figure["m"]: float(figure["v"]) for figure in map(json.loads, ended.output.splitlines())}
