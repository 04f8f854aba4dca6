#!/usr/bin/env python3
"""The engine and its peers on the same work in one run, and one table of ratios: Benchmarks/README.md.

    make bench                                   everything, on 100,000 records, five runs
    make bench ONLY=W1,W2 RECORDS=10000 DIR=/dev/shm
"""

from __future__ import annotations

import argparse
import os
import platform
import signal
import sys
import tempfile
from pathlib import Path

from harness import table
from harness.bench import ROOT, Bench, Measurement, file_system
from harness.dataset import made
from harness.running import Failed, tell
from harness.targets import TARGETS
from ours import commands, counters, growth, pushes, records, relay
from peers import calibration, libraries, native, postgres, taskwarrior

WORKLOADS = ["W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8", "W9", "W10"]
FULL = 100_000
COMPETITORS = [calibration, records, native, libraries, pushes, counters, relay, postgres, taskwarrior, commands, growth]


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Benchmarks/README.md says what is measured.")
    parser.add_argument("--sync", type=Path, required=True, help="the release build of the command line")
    parser.add_argument("--driver", type=Path, required=True, help="the release build of Benchmarks/workloads")
    parser.add_argument("--build", type=Path, default=ROOT / ".build-bench", help="for data sets and peers that are compiled")
    parser.add_argument("--dir", type=Path, help="where stores and databases lie; the file system that is measured")
    parser.add_argument("--only", default="", help="W1,W2 …: these workloads; nothing: all")
    parser.add_argument("--records", type=int, default=FULL)
    parser.add_argument("--runs", type=int, default=5)
    return parser.parse_args()


def in_turn(measurements: list[Measurement], runs: int) -> None:
    """A B C A B C …: what the machine does meanwhile hits all alike."""
    for run in range(runs):
        for measurement in measurements:
            if run < (measurement.rounds or runs):
                tell(f"run {run + 1} of {runs}: {measurement.name}")
                measurement.once()


def main() -> None:
    chosen = options()
    # What was measured until then is told, as after an interrupt.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    workloads = set(chosen.only.split(",")) if chosen.only else set(WORKLOADS)
    if unknown := workloads.difference(WORKLOADS):
        sys.exit(f"There is no {', '.join(sorted(unknown))}. There are {', '.join(WORKLOADS)}.")
    build = chosen.build.resolve()
    build.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=chosen.dir or build) as folder:
        # Other users' servers need a way in.
        os.chmod(folder, 0o755)
        bench = Bench(
            chosen.records, chosen.runs, workloads, Path(folder).resolve(), made(build, chosen.records), chosen.sync.resolve(),
            chosen.driver.resolve(), build)
        native.build(bench)
        measurements = [each for competitor in COMPETITORS for each in competitor.measurements(bench)]
        status = "measured"
        try:
            in_turn(measurements, chosen.runs)
        except (Failed, KeyboardInterrupt) as error:
            status = f"ended early: {str(error) or 'interrupted'}"
        report(bench, status)
    if status != "measured":
        sys.exit(status)


def report(bench: Bench, status: str) -> None:
    shown = [workload for workload in WORKLOADS if bench.wants(workload)]
    print(f"{bench.records:,} records, {bench.runs} runs in turn, {status}; medians (lowest–highest); {os.cpu_count()} cores, "
          f"load {os.getloadavg()[2]:.1f} over the last quarter of an hour; {file_system(bench.folder)}; {platform.platform()}\n")
    if bench.records != FULL:
        print(f"Bounds that are no ratios are meant for {FULL:,} records.\n")
    print("\n".join(table.targets_table(TARGETS, bench.figures, bench.workloads)))
    print("\nEverything that was measured:\n")
    print("\n".join(table.everything_table(bench.figures, [*shown, "calibration"])))


if __name__ == "__main__":
    main()
