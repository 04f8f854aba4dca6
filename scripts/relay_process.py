"""`sync serve` as a process of its own, for the scripts that measure and attack it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request


class Relay:
    """Listens when it is made: `port`, `operations` and `started`, the seconds that this took."""

    def __init__(self, program: str, folder: str, port: int = 0, options: tuple[str, ...] = ()) -> None:
        begin = time.perf_counter()
        self.process = subprocess.Popen(
            [program, "serve", "--listen", f"127.0.0.1:{port}", "--operations", "127.0.0.1:0", "--data", folder, "--json", *options],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert self.process.stdout
        ports = {}
        while len(ports) < 2:
            line = self.process.stdout.readline()
            if not line:
                sys.exit("the relay does not start")
            told = json.loads(line)
            ports[told["type"]] = int(told["url"].rsplit(":", 1)[1])
        self.started = time.perf_counter() - begin
        self.port, self.operations = ports["listening"], ports["operations"]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def memory(self) -> int:
        """Resident bytes, as it says itself."""
        page = urllib.request.urlopen(f"http://127.0.0.1:{self.operations}/metrics", timeout=30).read().decode()
        return next(int(line.split()[1]) for line in page.splitlines() if line.startswith("process_resident_memory_bytes"))

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()
