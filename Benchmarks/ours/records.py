"""W1, W2, W3, W4 and W9 on one team, in the order of its life: written, first synced, edited, edited by ten, rebuilt."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable

from harness.bench import Bench, Measurement
from harness.dataset import DEVICES, SINGLES
from harness.running import check
from harness.team import Team, told

WRITER, READER = "ana", "ben"


class Journey:
    def __init__(self, bench: Bench, add: Callable[[str, str, float], None]) -> None:
        """`add` takes workload, measure and value."""
        self.bench = bench
        self.add = add
        self.folder = bench.fresh("sync")
        self.team = Team(bench, self.folder, [WRITER, READER])

    def end(self) -> None:
        self.team.stop()
        self.bench.remove(self.folder)

    def write(self) -> None:
        rate = told(self.team.drive("write", WRITER, self.bench.data))["records_per_s"]
        self.add("W1", "records_per_s", rate)
        self.add("W9", "write_records_per_s", rate)

    def sync(self) -> None:
        pushed, pulled = told(self.team.drive("push", WRITER)), told(self.team.drive("pull", READER))
        self.add("W2", "push_s", pushed["push_s"])
        self.add("W2", "pull_s", pulled["pull_s"])
        self.add("W2", "total_s", pushed["push_s"] + pulled["pull_s"])
        self.add("W2", "wire_bytes_per_record", pushed["push_bytes"] / self.bench.records)
        self.team.check_equal(self.bench.records)

    def disk(self) -> None:
        """After a push and a checkpoint. Nobody has searched yet, so there is no index."""
        self.team.drive("checkpoint", WRITER)
        files = [self.team.store(WRITER) / name for name in ("log.db", "view.db")]
        self.add("W1", "bytes_per_record", sum(file.stat().st_size for file in files) / self.bench.records)

    def edit(self) -> None:
        warm = told(self.team.drive("warm", WRITER, self.team.store(READER), self.bench.data))
        self.add("W3", "warm_ms", warm["warm_ms"])
        self.add("W3", "wire_bytes", warm["wire_bytes"])
        self.team.drive("edit", WRITER, self.bench.data, "edits2.tsv")
        processes = [self.team.command(WRITER, "push"), self.team.command(READER, "pull")]
        self.add("W3", "cold_ms", sum(process.seconds for process in processes) * 1000)
        self.team.check_equal(self.bench.records)

    def star(self) -> None:
        for number in range(len(self.team.devices), DEVICES):
            self.team.join(f"device-{number}")
        for device in self.team.devices:
            self.team.drive("pull", device)
            self.team.drive("push", device)
        edited = [told(self.team.drive("edit", device, self.bench.data, f"w4_{number}.tsv")) for number, device in enumerate(self.team.devices)]
        before = self.served()
        pushed = [told(self.team.drive("push", device)) for device in self.team.devices]
        pulled = [self.team.drive_with_peak("pull", device) for device in self.team.devices]
        self.add("W4", "edit_s", sum(figures["edit_s"] for figures in edited))
        self.add("W4", "merge_s", sum(figures["push_s"] for figures in pushed) + sum(figures["pull_s"] for figures, _ in pulled))
        self.add("W4", "up_bytes", sum(figures["push_bytes"] for figures in pushed))
        self.add("W4", "down_bytes", self.served() - before)
        self.add("W4", "replica_mb", max(peak for _, peak in pulled))
        self.team.check_equal(self.bench.records)

    def served(self) -> float:
        """Bytes of segments that the relay has sent, as it says itself."""
        page = urllib.request.urlopen(f"http://127.0.0.1:{self.team.relay.operations}/metrics", timeout=30).read().decode()
        return next(float(line.split()[1]) for line in page.splitlines() if line.startswith("sync_relay_bytes_served_total"))

    def rebuild(self) -> None:
        before = self.team.export(READER)
        self.add("W9", "records_per_s", self.bench.records / told(self.team.drive("rebuild", READER))["rebuild_s"])
        check(self.team.export(READER) == before, "the rebuilt view is another one")

    def singles(self) -> None:
        self.add("W1", "singles_per_s", told(self.team.drive("singles", WRITER, self.bench.data))["singles_per_s"])
        check(len(self.team.export(WRITER)) == self.bench.records + SINGLES, "single commits are missing")


def once(bench: Bench) -> None:
    journey = Journey(bench, lambda workload, measure, value: bench.figures.add("sync", workload, measure, value))
    try:
        journey.write()
        if bench.wants("W1", "W2", "W3", "W4"):
            journey.sync()
            journey.disk()
        if bench.wants("W3"):
            journey.edit()
        if bench.wants("W4"):
            journey.star()
        if bench.wants("W9"):
            journey.rebuild()
        if bench.wants("W1"):
            journey.singles()
    finally:
        journey.end()


def measurements(bench: Bench) -> list[Measurement]:
    return [Measurement("sync", lambda: once(bench))] if bench.wants("W1", "W2", "W3", "W4", "W9") else []
