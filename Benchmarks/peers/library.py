"""W1 to W4 and W6 on one of the CRDT libraries, in this process: python -m peers.library NAME DATA FOLDER WORKLOADS…

Records are maps in a map by id, in memory; what a transaction adds is appended to a file, synced once at the end of the bulk and once a
single commit. A first sync is: give everything, take it in. Compression (zstd 3) and comparison lie outside what is timed.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any, Protocol

import zstandard

from harness.dataset import COLUMNS, DEVICES, INTEGERS

Record = tuple[str, list[tuple[str, "str | int"]]]
Edit = tuple[str, str, "str | int"]
BATCH = 1000
INCREMENTS = 100_000
LONGEST_SINGLES_SECONDS = 5


class Library(Protocol):
    """A replica, in the library's own terms. Made with a number that tells it from others, and with the bytes of a snapshot or none.

    One that can count has `increment(count)` and `counted()`, too.
    """

    def insert(self, records: list[Record]) -> None: ...
    def edit(self, edits: list[Edit]) -> None: ...
    def mark(self) -> Any: """How far it is, for `since`."""
    def since(self, mark: Any) -> bytes: ...
    def everything(self) -> bytes: ...
    def snapshot(self) -> bytes: ...
    def apply(self, update: bytes) -> None: ...
    def send(self, other: Any, since: Any) -> list[bytes]: """Brings the other up to date, and gives what crossed."""
    def value(self) -> Any: ...


class Data:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @staticmethod
    def cell(field: str, value: str) -> str | int:
        return int(value) if field in INTEGERS else value

    def lines(self, name: str) -> list[list[str]]:
        return [line.split("\t") for line in (self.folder / name).read_text(encoding="utf-8").splitlines()]

    def records(self, name: str) -> list[Record]:
        return [(row[0], [(field, self.cell(field, value)) for field, value in zip(COLUMNS, row[1:])]) for row in self.lines(name)]

    def edits(self, name: str) -> list[Edit]:
        return [(record, field, self.cell(field, value)) for record, field, value in self.lines(name)]


class Run:
    def __init__(self, name: str, data: Data, folder: Path) -> None:
        self.name = name
        self.make = importlib.import_module(f"peers.{name}").Replica
        self.data = data
        self.folder = folder
        self.records = data.records("records.tsv")
        self.writer = self.make(1)

    def tell(self, workload: str, measure: str, value: float) -> None:
        print(json.dumps({"peer": self.name, "w": workload, "m": measure, "v": value}), flush=True)

    @staticmethod
    def compressed(crossed: list[bytes]) -> int:
        return len(zstandard.ZstdCompressor(level=3).compress(b"".join(crossed)))

    def check_equal(self, *replicas: Any) -> None:
        values = [replica.value() for replica in replicas]
        if any(value != values[0] for value in values):
            sys.exit(f"{self.name}: replicas differ")

    def write(self) -> None:
        path = self.folder / f"{self.name}.log"
        with path.open("wb", buffering=0) as log:
            start, mark, size = time.perf_counter(), self.writer.mark(), 0
            for first in range(0, len(self.records), BATCH):
                self.writer.insert(self.records[first:first + BATCH])
                size += log.write(self.writer.since(mark))
                mark = self.writer.mark()
            os.fsync(log)
            seconds = time.perf_counter() - start
        self.tell("W1", "records_per_s", len(self.records) / seconds)
        self.tell("W1", "bytes_per_record", size / len(self.records))
        path.unlink()

    def write_singles(self) -> None:
        path, done = self.folder / f"{self.name}.log", 0
        with path.open("wb", buffering=0) as log:
            start, mark = time.perf_counter(), self.writer.mark()
            for record in self.data.records("singles.tsv"):
                self.writer.insert([record])
                log.write(self.writer.since(mark))
                mark = self.writer.mark()
                os.fdatasync(log)
                done += 1
                if time.perf_counter() - start > LONGEST_SINGLES_SECONDS:
                    break
            seconds = time.perf_counter() - start
        self.tell("W1", "singles_per_s", done / seconds)
        path.unlink()

    def first_sync(self) -> Any:
        reader = self.make(2)
        start = time.perf_counter()
        crossed = self.writer.send(reader, None)
        self.tell("W2", "total_s", time.perf_counter() - start)
        self.tell("W2", "wire_bytes_per_record", self.compressed(crossed) / len(self.records))
        self.check_equal(self.writer, reader)
        return reader

    def increment(self, reader: Any) -> None:
        mark = self.writer.mark()
        self.writer.edit(self.data.edits("edits1.tsv"))
        start = time.perf_counter()
        crossed = self.writer.send(reader, mark)
        self.tell("W3", "warm_ms", (time.perf_counter() - start) * 1000)
        self.tell("W3", "wire_bytes", self.compressed(crossed))
        self.check_equal(self.writer, reader)

    def star(self) -> None:
        base = self.writer.snapshot()
        del self.writer
        devices = [self.make(100 + number, base) for number in range(DEVICES)]
        hub = self.make(100 + DEVICES, base)
        edits = [self.data.edits(f"w4_{number}.tsv") for number in range(DEVICES)]
        marks = [device.mark() for device in devices]
        start = time.perf_counter()
        for device, its in zip(devices, edits):
            for first in range(0, len(its), BATCH):
                device.edit(its[first:first + BATCH])
        self.tell("W4", "edit_s", time.perf_counter() - start)
        start = time.perf_counter()
        up = [device.send(hub, mark) for device, mark in zip(devices, marks)]
        down = [hub.send(device, device.mark()) for device in devices]
        self.tell("W4", "merge_s", time.perf_counter() - start)
        self.tell("W4", "up_bytes", sum(map(self.compressed, up)))
        self.tell("W4", "down_bytes", sum(map(self.compressed, down)))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        self.tell("W4", "replica_mb", peak / len([*devices, hub]))
        self.check_equal(hub, *devices)

    def count(self) -> None:
        devices, hub = [self.make(200 + number) for number in range(DEVICES)], self.make(300)
        each = INCREMENTS // DEVICES
        start = time.perf_counter()
        for device in devices:
            for _ in range(0, each, BATCH):
                device.increment(BATCH)
        self.tell("W6", "increments_per_s", INCREMENTS / (time.perf_counter() - start))
        for device in devices:
            device.send(hub, None)
        if hub.counted() != INCREMENTS:
            sys.exit(f"{self.name}: {hub.counted()} increments of {INCREMENTS}")


def main() -> None:
    name, data, folder, *workloads = sys.argv[1:]
    run = Run(name, Data(Path(data)), Path(folder))
    if {"W1", "W2", "W3", "W4"}.intersection(workloads):
        run.write()
    if {"W2", "W3"}.intersection(workloads):
        reader = run.first_sync()
        if "W3" in workloads:
            run.increment(reader)
        del reader
    if "W1" in workloads:
        run.write_singles()
    if "W4" in workloads:
        run.star()
    if "W6" in workloads and hasattr(run.make, "increment"):
        run.count()


if __name__ == "__main__":
    main()
