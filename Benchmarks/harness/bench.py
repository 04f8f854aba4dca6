"""What every measurement needs to know, and what it is."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .figures import Figures
from .running import Ended, run

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "Benchmarks"


@dataclass
class Bench:
    records: int
    runs: int
    workloads: set[str]
    folder: Path
    """Where stores and databases lie; on the file system that is measured. Emptied by whoever uses it."""
    data: Path
    sync: Path
    driver: Path
    """Benchmarks/workloads, built."""
    build: Path
    """What the peers in C, and those of PyPI, are built into."""
    figures: Figures = field(default_factory=Figures)

    def wants(self, *workloads: str) -> bool:
        return bool(self.workloads.intersection(workloads))

    def fresh(self, name: str) -> Path:
        """An empty folder of its own."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def run_with_peak(self, command: list[str | Path], environment: dict[str, str]) -> tuple[Ended, float]:
        """And its largest resident memory, in megabytes."""
        note = self.folder / "peak"
        ended = run([self.build / "peak", note, *command], environment)
        return ended, int(note.read_text()) / 1024

    def remove(self, folder: Path) -> None:
        shutil.rmtree(folder)


@dataclass(frozen=True)
class Measurement:
    """One competitor in the rounds: each round, everybody measures once. What it finds it adds to the figures."""

    name: str
    once: Callable[[], None]
    rounds: int | None = None
    """Fewer than all, where one takes long."""


def file_system(folder: Path) -> str:
    """Its kind, and what it lies on."""
    found = ("?", "?", "")
    with open("/proc/mounts", encoding="utf-8") as mounts:
        for line in mounts:
            device, point, kind = line.split()[:3]
            if os.path.commonpath([point, folder.resolve()]) == point and len(point) >= len(found[2]):
                found = (kind, device, point)
    return f"{found[0]} on {found[1]}"
