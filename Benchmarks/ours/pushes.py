"""W5: changes pushed one by one, and pulled by a newcomer."""

from __future__ import annotations

import shutil
import subprocess
import sys

from harness.bench import ROOT, Bench, Measurement
from harness.running import tell
from harness.team import Team, told

sys.path.insert(0, str(ROOT / "scripts"))
from crypto_share import PRIMITIVES, stacks  # noqa: E402

VERIFYING = [pattern for name, pattern in PRIMITIVES if name in ("signatures", "hashes, derivation")]


def verifying_share(profile: str) -> float:
    """Of the samples that perf took, those that have a signature or a hash on their stack."""
    script = subprocess.run(["perf", "script", "-i", profile, "-F", "ip,sym"], check=True, capture_output=True, text=True)
    samples = [" ".join(frames) for frames in stacks(script.stdout.splitlines())]
    return sum(any(pattern.search(sample) for pattern in VERIFYING) for sample in samples) / max(1, len(samples))


def once(bench: Bench) -> None:
    count = max(10, bench.records // 10)
    folder = bench.fresh("pushes")
    team = Team(bench, folder, ["ana", "ben", "cem"])
    try:
        pushed = told(team.drive("one-by-one", "ana", str(count)))
        pulled = told(team.drive("pull", "ben"))["pull_s"]
        bench.figures.add("sync", "W5", "push_ms", pushed["push_ms"])
        bench.figures.add("sync", "W5", "bytes_per_push", pushed["bytes_per_push"])
        bench.figures.add("sync", "W5", "pull_s", pulled)
        if shutil.which("perf"):
            # A third device, so that the profile costs nothing of what is timed.
            profile = str(folder / "perf.data")
            subprocess.run(
                ["perf", "record", "-q", "-e", "cpu-clock", "-F", "1997", "-g", "-o", profile, "--", bench.driver, "pull", team.store("cem")],
                check=True, capture_output=True, env=team.environment)
            bench.figures.add("sync", "W5", "verification_s", verifying_share(profile) * pulled)
        else:
            tell("W5: without perf (linux-perf) nobody can say what verification takes")
            team.drive("pull", "cem")
        team.check_equal((count + 9) // 10)
    finally:
        team.stop()
        bench.remove(folder)


def measurements(bench: Bench) -> list[Measurement]:
    return [Measurement("sync: single pushes", lambda: once(bench), rounds=3)] if bench.wants("W5") else []
