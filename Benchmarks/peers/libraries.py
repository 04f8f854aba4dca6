"""The CRDT libraries of PyPI, each in a process of its own: library.py, and a file for each of them."""

from __future__ import annotations

import importlib.util
import sys

from harness.bench import HERE, Bench, Measurement
from harness.running import check, run, tell
from harness.targets import LIBRARIES
from harness.team import environment

WORKLOADS = ("W1", "W2", "W3", "W4", "W6")
COLD_RUNS = 5


def present() -> list[str]:
    found = [name for name in LIBRARIES if importlib.util.find_spec(name)]
    for name in set(LIBRARIES).difference(found):
        tell(f"{name} is left out: `make bench` installs it, or  pip install -r Benchmarks/requirements.txt")
    return found


def once(bench: Bench, name: str) -> None:
    wanted = [workload for workload in WORKLOADS if bench.wants(workload)]
    folder = bench.fresh(name)
    ended = run([sys.executable, "-m", "peers.library", name, bench.data, folder, *wanted], environment(folder) | {"PYTHONPATH": str(HERE)})
    bench.figures.add_lines(ended.output)
    bench.remove(folder)


def once_cold(bench: Bench, name: str) -> None:
    folder = bench.fresh(name)
    ours = environment(folder) | {"PYTHONPATH": str(HERE)}
    path = folder / "everything"
    run([sys.executable, "-m", "peers.cold", "make", name, bench.data, path], ours)
    with (bench.data / "records.tsv").open(encoding="utf-8") as records:
        record = records.readline().split("\t")[0]
    for _ in range(COLD_RUNS):
        command = [sys.executable, "-m", "peers.cold", "update", name, path, record]
        bench.figures.add(name, "W8", "open_and_update_ms", run(command, ours).seconds * 1000)
        bench.figures.add(name, "W8", "open_and_update_mb", bench.run_with_peak(command, ours)[1])
    check((folder / "everything.log").stat().st_size > 0, f"{name} wrote nothing")
    bench.remove(folder)


def measurements(bench: Bench) -> list[Measurement]:
    found: list[Measurement] = []
    for name in present() if bench.wants(*WORKLOADS, "W8") else []:
        if bench.wants(*WORKLOADS):
            found.append(Measurement(name, lambda name=name: once(bench, name)))
        if bench.wants("W8"):
            found.append(Measurement(f"{name}, cold", lambda name=name: once_cold(bench, name), rounds=1))
    return found
