"""The machine itself, in the midst of the rounds: where these figures move, others beside them mean less."""

from __future__ import annotations

import os
import time

from harness.bench import Bench, Measurement

APPENDS = 50
TURNS = 2_000_000


def once(bench: Bench) -> None:
    start, total = time.perf_counter(), 0
    for turn in range(TURNS):
        total += turn
    bench.figures.add("machine", "calibration", "two_million_additions_ms", (time.perf_counter() - start) * 1000)
    path = bench.folder / "appended"
    with path.open("wb", buffering=0) as file:
        start = time.perf_counter()
        for _ in range(APPENDS):
            file.write(bytes(4096))
            os.fdatasync(file)
        bench.figures.add("machine", "calibration", "append_and_sync_us", (time.perf_counter() - start) / APPENDS * 1e6)
    path.unlink()
    bench.figures.add("machine", "calibration", "load", os.getloadavg()[0])


def measurements(bench: Bench) -> list[Measurement]:
    return [Measurement("calibration", lambda: once(bench))]
