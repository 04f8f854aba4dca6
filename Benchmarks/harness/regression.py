"""Whether a workload takes more than it did."""

from __future__ import annotations

from collections.abc import Mapping

TOLERANCE = 0.1


def is_worse(before: int | None, now: int) -> bool:
    """What the baseline does not know cannot be worse than it."""
    return before is not None and now > before * (1 + TOLERANCE)


def compared(baseline: Mapping[str, int], found: Mapping[str, int]) -> list[list[str]]:
    rows = [["workload", "baseline", "now", "change", ""]]
    for name, now in found.items():
        before = baseline.get(name)
        change = "new" if before is None else f"{100 * (now - before) / before:+.1f} %"
        rows.append([name, "–" if before is None else f"{before:,}", f"{now:,}", change, "worse" if is_worse(before, now) else ""])
    return rows
