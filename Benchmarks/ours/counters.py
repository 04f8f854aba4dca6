"""W6: ten devices count, each in a tenth of the increments; sets are filled and emptied."""

from __future__ import annotations

from harness.bench import Bench, Measurement
from harness.dataset import DEVICES
from harness.running import check
from harness.team import Team, told


def once(bench: Bench) -> None:
    folder = bench.fresh("counters")
    team = Team(bench, folder, [f"device-{number}" for number in range(DEVICES)])
    each = max(1, bench.records // DEVICES)
    try:
        seconds = sum(told(team.drive("increments", device, str(each)))["increment_s"] for device in team.devices)
        bench.figures.add("sync", "W6", "increments_per_s", each * DEVICES / seconds)
        for what in ("push", "pull"):
            for device in team.devices:
                team.drive(what, device)
        for device in team.devices:
            counted = told(team.drive("counted", device))["counted"]
            check(counted == each * DEVICES, f"{device} counts {counted}, not {each * DEVICES}")
        sets = max(2000, bench.records // 2000 * 2000)
        bench.figures.add("sync", "W6", "set_operations_per_s", told(team.drive("sets", team.devices[0], str(sets)))["set_operations_per_s"])
    finally:
        team.stop()
        bench.remove(folder)


def measurements(bench: Bench) -> list[Measurement]:
    return [Measurement("sync: counters", lambda: once(bench))] if bench.wants("W6") else []
