"""What was measured: by workload, measure and peer, a value for each run."""

from __future__ import annotations

import json
import math
import statistics
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

Name = tuple[str, str, str]


@dataclass(frozen=True)
class Summary:
    median: float
    lowest: float
    highest: float
    runs: int


class Figures:
    def __init__(self) -> None:
        self.values: dict[Name, list[float]] = defaultdict(list)

    def add(self, peer: str, workload: str, measure: str, value: float) -> None:
        self.values[workload, measure, peer].append(value)

    def add_lines(self, lines: str) -> None:
        """What a peer printed: a line of JSON for each figure."""
        for line in lines.splitlines():
            told = json.loads(line)
            self.add(told["peer"], told["w"], told["m"], float(told["v"]))

    def names(self, workload: str) -> list[Name]:
        return sorted(name for name in self.values if name[0] == workload)

    def summary(self, peer: str, workload: str, measure: str) -> Summary | None:
        values = self.values.get((workload, measure, peer))
        if not values:
            return None
        return Summary(statistics.median(values), min(values), max(values), len(values))


def exponent(points: Iterable[tuple[float, float]]) -> float:
    """k of the curve y = c·xᵏ that lies nearest to the points, by least squares of the logarithms."""
    logarithms = [(math.log(x), math.log(y)) for x, y in points]
    return statistics.linear_regression(*zip(*logarithms)).slope
