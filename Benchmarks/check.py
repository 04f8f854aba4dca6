#!/usr/bin/env python3
"""Instructions that fixed workloads take, under callgrind, beside those of the baseline: a machine that is busy counts as one that is not.

    make bench-check         fails where a workload takes a tenth more than Benchmarks/baseline.json says
    make bench-baseline      writes that file
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from harness.bench import HERE, ROOT, Bench
from harness.dataset import made
from harness.regression import compared, is_worse
from harness.running import run
from harness.table import aligned
from harness.team import Team

BASELINE = HERE / "baseline.json"
RECORDS = 2000
ADD = ["event", "add", "Rally", "--on", "2017-04-22", "--city", "Leeds", "--count", "around 400"]


def instructions(command: list[str | Path], environment: dict[str, str]) -> int:
    with tempfile.NamedTemporaryFile("r") as log:
        run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", f"--log-file={log.name}", *command], environment)
        collected = re.search(r"Collected : (\d+)", log.read())
    if collected is None:
        sys.exit("callgrind does not say what it counted")
    return int(collected[1])


def stripped(program: Path, folder: Path) -> Path:
    """valgrind cannot read what this compiler writes for debuggers, and gives up."""
    copy = folder / program.name
    run(["strip", "-o", copy, program])
    return copy


def counted(bench: Bench) -> dict[str, int]:
    """In the order of a team's life: each workload finds what the ones before it left."""
    folder = bench.fresh("check")
    team = Team(bench, folder, ["ana", "ben"])
    environment = team.environment | {"SWIFT_DETERMINISTIC_HASHING": "1"}

    def driven(what: str, device: str, *words: Path) -> Callable[[], int]:
        return lambda: instructions([bench.driver, what, team.store(device), *words], environment)

    def commanded(*words: str) -> Callable[[], int]:
        return lambda: instructions([bench.sync, "--store", team.store("ana"), *words, "--no-input"], environment)

    steps = {
        f"write {RECORDS:,} records": driven("write", "ana", bench.data),
        "push them": driven("push", "ana"),
        "pull them": driven("pull", "ben"),
        "rebuild the view": driven("rebuild", "ben"),
        "sync event add": commanded(*ADD),
        "sync event list": commanded("event", "list"),
    }
    try:
        return {name: step() for name, step in steps.items()}
    finally:
        team.stop()
        bench.remove(folder)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sync", type=Path, required=True)
    parser.add_argument("--driver", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help="make what is counted the baseline")
    options = parser.parse_args()
    build = ROOT / ".build-bench"
    build.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="check-", dir=build) as folder:
        sync, driver = (stripped(program.resolve(), Path(folder)) for program in (options.sync, options.driver))
        bench = Bench(RECORDS, 1, set(), Path(folder), made(build, RECORDS), sync, driver, build)
        found = counted(bench)
    baseline = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    print("\n".join(aligned(compared(baseline, found))))
    if options.write:
        BASELINE.write_text(json.dumps(found, indent=2) + "\n")
        return
    if worse := [name for name in found if is_worse(baseline.get(name), found[name])]:
        sys.exit(f"More than a tenth more instructions: {', '.join(worse)}. If that is meant, say why in the commit and run  make bench-baseline")


if __name__ == "__main__":
    main()
