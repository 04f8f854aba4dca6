"""Prints what was measured, beside what must hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .figures import Figures, Summary
from .targets import Target

OURS = "sync"


def short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def with_spread(summary: Summary | None) -> str:
    if summary is None:
        return "–"
    if summary.runs == 1:
        return short(summary.median)
    return f"{short(summary.median)} ({short(summary.lowest)}–{short(summary.highest)})"


@dataclass(frozen=True)
class Verdict:
    """A target beside what was measured. `best`: the peer that it is held against; `ratio`: ours to it, or to the bound."""

    target: Target
    ours: Summary | None
    best: str = ""
    theirs: Summary | None = None

    @property
    def ratio(self) -> float | None:
        if self.ours is None:
            return None
        if not self.target.peers:
            return self.ours.median / self.target.limit
        return self.ours.median / self.theirs.median if self.theirs and self.theirs.median else None

    @property
    def is_reached(self) -> bool | None:
        """None where it was not measured."""
        if self.ratio is None:
            return None
        bound = self.target.limit if self.target.peers else 1
        return self.ratio >= bound if self.target.at_least else self.ratio <= bound

    @property
    def bound(self) -> str:
        sign = "≥" if self.target.at_least else "≤"
        if self.target.peers:
            return f"{sign} {self.target.limit:g} ×"
        return f"{sign} {short(self.target.limit)} {self.target.unit}".rstrip()

    def cells(self) -> list[str]:
        told = {True: "reached", False: "not reached", None: "not measured"}
        ratio = "–" if self.ratio is None or not self.target.peers else f"{self.ratio:.2f} ×"
        peer = f"{self.best} {with_spread(self.theirs)}" if self.theirs else "–"
        ours = with_spread(self.ours) + (f" {self.target.unit}" if self.ours and self.target.unit else "")
        return [self.target.workload, self.target.what, ours, peer, ratio, self.bound, told[self.is_reached]]


def judged(target: Target, figures: Figures) -> Verdict:
    ours = figures.summary(OURS, target.workload, target.ours)
    measured = {peer: summary for peer in target.peers if (summary := figures.summary(peer, target.workload, target.peers_measure))}
    if not measured:
        return Verdict(target, ours)
    pick = max if target.at_least else min
    best = pick(measured, key=lambda peer: measured[peer].median)
    return Verdict(target, ours, best, measured[best])


def aligned(rows: list[list[str]]) -> Iterable[str]:
    """Markdown that is read as it stands, too."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for number, row in enumerate(rows):
        yield "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |"
        if number == 0:
            yield "|" + "|".join("-" * (width + 2) for width in widths) + "|"


def targets_table(targets: list[Target], figures: Figures, workloads: set[str]) -> Iterable[str]:
    rows = [["", "what", "sync", "beside", "ratio", "target", ""]]
    rows += [judged(target, figures).cells() for target in targets if target.workload in workloads]
    return aligned(rows)


def everything_table(figures: Figures, workloads: list[str]) -> Iterable[str]:
    rows = [["", "measure", "who", "median (lowest–highest)", "runs"]]
    for workload in workloads:
        for _, measure, peer in figures.names(workload):
            summary = figures.summary(peer, workload, measure)
            rows.append([workload, measure, peer, with_spread(summary), str(summary.runs if summary else 0)])
    return aligned(rows)
