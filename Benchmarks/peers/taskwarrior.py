"""taskwarrior with taskd: adding a task to 2,000, and what they take to exchange them over TLS."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from harness.bench import Bench, Measurement
from harness.running import check, run, tell
from harness.team import environment, free_port, wait_for

TASKS = 2000
CERTIFICATE = 'cn = "localhost"\norganization = "bench"\nexpiration_days = 30\n'
KINDS = {"ca": "ca\ncert_signing_key\n", "server": 'signing_key\nencryption_key\ndns_name = "localhost"\ntls_www_server\n',
         "client": "signing_key\nencryption_key\ntls_www_client\n"}


def tasks() -> str:
    draw = random.Random(5)
    return json.dumps([
        {"uuid": str(uuid.UUID(int=draw.getrandbits(128), version=4)), "description": f"task {number} {draw.getrandbits(120):030x}",
         "status": "pending", "entry": "20240101T000000Z", "project": f"p{number % 20}", "tags": [f"t{number % 7}"],
         "annotations": [{"entry": "20240102T000000Z", "description": f"{draw.getrandbits(400):0100x}"}]} for number in range(TASKS)])


def settings(folder: Path, name: str, more: str = "") -> Path:
    data, path = folder / name, folder / f"{name}.rc"
    data.mkdir()
    path.write_text(f"data.location={data}\nconfirmation=off\nverbose=nothing\nhooks=off\n{more}")
    return path


def commands(folder: Path, command: Callable[..., Any]) -> list[Any]:
    if shutil.which("task") is None:
        tell("taskwarrior is left out:  apt install taskwarrior taskd gnutls-bin")
        return []
    source = folder / "tasks.json"
    source.write_text(tasks())
    task = ["task", f"rc:{settings(folder, 'tasks')}"]
    run([*task, "import", source], environment(folder))
    return [command("taskwarrior", f"add to {TASKS:,}", [*task, "add", "single"])]


def certificates(folder: Path) -> None:
    """An authority of its own, a server and a client under it."""
    for kind, template in KINDS.items():
        (folder / f"{kind}.template").write_text(CERTIFICATE + template)
        run(["certtool", "--generate-privkey", "--bits", "2048", "--outfile", folder / f"{kind}.key"])
        signer = ["--generate-self-signed"] if kind == "ca" else [
            "--generate-certificate", "--load-ca-certificate", folder / "ca.pem", "--load-ca-privkey", folder / "ca.key"]
        own = ["--load-privkey", folder / f"{kind}.key", "--template", folder / f"{kind}.template", "--outfile", folder / f"{kind}.pem"]
        run(["certtool", *signer, *own])


def start_server(folder: Path, port: int) -> tuple[subprocess.Popen[bytes], str]:
    """Gives the key of its one user, too."""
    data = ["--data", folder / "taskd"]
    (folder / "taskd").mkdir()
    run(["taskd", "init", *data])
    configuration = {
        "server.cert": folder / "server.pem", "server.key": folder / "server.key", "ca.cert": folder / "ca.pem", "log": folder / "taskd.log",
        "pid.file": folder / "taskd.pid", "server": f"localhost:{port}", "client.allow": "^task 2", "trust": "strict", "request.limit": 0}
    for name, value in configuration.items():
        run(["taskd", "config", "--force", *data, name, str(value)])
    run(["taskd", "add", *data, "org", "bench"])
    key = run(["taskd", "add", *data, "user", "bench", "ana"]).output.split("key:")[1].split()[0]
    server = subprocess.Popen(["taskd", "server", *data], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return server, key


def once(bench: Bench) -> None:
    folder, port = bench.fresh("taskd"), free_port()
    ours = environment(folder)
    certificates(folder)
    server, key = start_server(folder, port)
    try:
        wait_for(port)
        more = (f"taskd.server=localhost:{port}\ntaskd.certificate={folder / 'client.pem'}\ntaskd.key={folder / 'client.key'}\n"
                f"taskd.ca={folder / 'ca.pem'}\ntaskd.trust=strict\ntaskd.credentials=bench/ana/{key}\n")
        ana, ben = (["task", f"rc:{settings(folder, name, more)}"] for name in ("a", "b"))
        source = folder / "tasks.json"
        source.write_text(tasks())
        run([*ana, "import", source], ours)
        run([*ana, "sync", "init"], ours)
        pulled = run([*ben, "sync"], ours).seconds
        bench.figures.add("taskd", "W7", "tasks_pulled_per_s", TASKS / pulled)
        bench.figures.add("taskd", "W7", "nothing_new_ms", run([*ana, "sync"], ours).seconds * 1000)
        counted = run([*ben, "count"], ours).output.strip()
        check(counted == str(TASKS), f"taskwarrior has {counted} tasks of {TASKS}")
    finally:
        server.terminate()
        server.wait()
        bench.remove(folder)


def measurements(bench: Bench) -> list[Measurement]:
    needed = [name for name in ("task", "taskd", "certtool") if shutil.which(name) is None]
    if not bench.wants("W7"):
        return []
    if needed:
        tell("taskd is left out:  apt install taskwarrior taskd gnutls-bin")
        return []
    return [Measurement("taskd", lambda: once(bench))]
