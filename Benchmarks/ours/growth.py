"""W10: bulk write, first sync, add and show at 10³, 10⁴ … records, and how they grow with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from harness.bench import Bench, Measurement
from harness.dataset import made
from harness.figures import Figures, exponent

from . import commands, records

CURVES: dict[str, Callable[[Figures, int], float]] = {
    "write_exponent": lambda figures, count: count / median(figures, "W1", "records_per_s"),
    "sync_exponent": lambda figures, count: median(figures, "W2", "total_s"),
    "add_exponent": lambda figures, count: median(figures, "W8", "add_ms"),
    "show_exponent": lambda figures, count: median(figures, "W8", "show_ms"),
}


def median(figures: Figures, workload: str, measure: str) -> float:
    found = figures.summary("sync", workload, measure)
    assert found, f"{measure} was not measured"
    return found.median


def sizes(largest: int) -> list[int]:
    """Powers of ten from a thousand; the last is as many records as the run has."""
    found = [1000]
    while found[-1] * 10 <= largest:
        found.append(found[-1] * 10)
    return found


def at(bench: Bench, count: int) -> Bench:
    """The same bench with other records, whose figures are its own."""
    return replace(bench, records=count, data=made(bench.data.parent, count), workloads={"W1", "W2"}, figures=Figures())


def once(bench: Bench, counts: list[int]) -> None:
    points: dict[str, list[tuple[float, float]]] = {name: [] for name in CURVES}
    for count in counts:
        smaller = at(bench, count)
        records.once(smaller)
        commands.measure(smaller, count, only={"add", "show"})
        for name, value in CURVES.items():
            points[name].append((count, value(smaller.figures, count)))
    for name, curve in points.items():
        bench.figures.add("sync", "W10", name, exponent(curve))


def measurements(bench: Bench) -> list[Measurement]:
    counts = sizes(bench.records)
    if not bench.wants("W10") or len(counts) < 2:
        return []
    return [Measurement(f"sync: growth to {counts[-1]:,}", lambda: once(bench, counts), rounds=min(bench.runs, 3))]
