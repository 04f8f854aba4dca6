#!/usr/bin/env python3
"""What strangers and hostile members send to a relay that others are using: each attack has to end in the right way, in bounded memory.

    scripts/relay-attacks.py [SYNC] [UNKNOWN-TEAMS]        .build/debug/sync and 1000000 where nothing is said

All of it goes on at once, while a member asks for heads twice a second: each answer has to come within two seconds.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import sys
import tempfile
import time

from fuzz_api_team import HANDLE, LOGS, OTHER_HANDLE, REGISTRATIONS, TOKENS, call, stream, text, withdrawal
from relay_process import Relay

SLOW = 500
found: list[str] = []


def expect(what: str, is_right: bool, seen: object) -> None:
    print(f"{'ok ' if is_right else 'BAD'} {what}: {seen}", flush=True)
    if not is_right:
        found.append(what)


async def exchange(port: int, data: bytes, limit: int = 1 << 20) -> bytes:
    """Sends it and reads what comes until the relay closes the connection, or ten seconds are over."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = b""
    try:
        writer.write(data)
        await writer.drain()
        while len(answer) < limit and (part := await asyncio.wait_for(reader.read(1 << 16), 10)):
            answer += part
    except (OSError, asyncio.TimeoutError):
        pass
    finally:
        writer.close()
    return answer


def status(answer: bytes) -> int:
    words = answer.split(b" ", 2)
    return int(words[1]) if len(words) > 2 and words[1].isdigit() else 0


def request(method: str, path: str, headers: str = "", token: str = "writeToken", handle: str = HANDLE) -> bytes:
    return (f"{method} /v1/teams/{handle}/{path} HTTP/1.1\r\nHost: relay\r\nConnection: close\r\n"
            f"Authorization: Bearer {TOKENS[token].hex()}\r\n{headers}\r\n").encode()


async def slow_heads(port: int) -> None:
    """Connections that send a byte of a head every second, for as long as they are let."""
    async def drip() -> float:
        start = time.monotonic()
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /healthz HTTP/1.1\r\nX: ")
            while not reader.at_eof() and time.monotonic() - start < 90:
                writer.write(b"x")
                await writer.drain()
                try:
                    await asyncio.wait_for(reader.read(1), 1)
                except asyncio.TimeoutError:
                    continue
        except OSError:
            pass
        return time.monotonic() - start

    times = await asyncio.gather(*(drip() for _ in range(SLOW)))
    expect(f"{SLOW} heads that are dripped are cut within a minute and a bit", max(times) < 75, f"after at most {max(times):.0f} s")


async def sizes(port: int) -> None:
    large = await exchange(port, request("GET", "heads", f"X: {'x' * 20_000}\r\n", "readToken"))
    expect("headers of 20 kB", status(large) == 431, status(large))
    huge = await exchange(port, b"GET /healthz HTTP/1.1\r\nHost: relay\r\nX: " + b"x" * (4 << 20))
    expect("headers of 4 MB", status(huge) in (0, 400, 431), status(huge))
    declared = await exchange(port, request("POST", "segments", f"Content-Length: {1 << 40}\r\n"))
    expect("a body of a terabyte, as it says", status(declared) == 413, status(declared))
    stranger = await exchange(port, request("POST", "segments", f"Content-Length: {1 << 40}\r\n", handle="00" * 16))
    expect("the same by a stranger", status(stranger) == 404, status(stranger))


async def endless(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request("POST", "segments", "Transfer-Encoding: chunked\r\n"))
    chunk, sent, answer = b"10000\r\n" + b"x" * 0x10000 + b"\r\n", 0, b""
    try:
        while sent < 256 << 20:
            writer.write(chunk)
            await writer.drain()
            sent += 0x10000
    except OSError:
        pass
    try:
        answer = await asyncio.wait_for(reader.read(1 << 16), 10)
    except (OSError, asyncio.TimeoutError):
        pass
    writer.close()
    expect("chunks without end", sent < 64 << 20 and status(answer) in (0, 400, 413), f"{status(answer)} after {sent >> 20} MB")


async def lengths(port: int) -> None:
    body = stream(LOGS[1][0][:2])
    short = await exchange(port, request("POST", "segments", f"Content-Length: {len(body) - 1}\r\n") + body)
    expect("a length that is one too small", status(short) == 400, status(short))
    both = await exchange(port, request("POST", "segments", f"Content-Length: {len(body)}\r\nTransfer-Encoding: chunked\r\n") + body)
    expect("a length and chunks", status(both) in (0, 400), status(both))
    two = await exchange(port, request("POST", "segments", f"Content-Length: {len(body)}\r\nContent-Length: 1\r\n") + body)
    expect("two lengths", status(two) in (0, 400), status(two))
    bomb = gzip.compress(b"\0" * (64 << 20))
    packed = await exchange(port, request("POST", "segments", f"Content-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n") + bomb)
    expect("64 MB of zeros, packed", status(packed) == 415, status(packed))


async def signatures(port: int) -> None:
    order = json.dumps(withdrawal(LOGS[0][1][:1])).encode()
    length = f"Content-Length: {len(order)}\r\n"
    answers = [status(await exchange(port, request("POST", "withdraw", length) + order)) for _ in range(3)]
    expect("a signed withdrawal three times", answers == [200] * 3, answers)
    elsewhere = await exchange(port, request("POST", "withdraw", length, handle=OTHER_HANDLE) + order)
    expect("the same to another team", status(elsewhere) in (403, 404), status(elsewhere))
    forged = json.dumps(withdrawal(LOGS[0][1][:1]) | {"segments": withdrawal(LOGS[0][1][1:2])["segments"]}).encode()
    other = await exchange(port, request("POST", "withdraw", f"Content-Length: {len(forged)}\r\n") + forged)
    expect("its signature under another withdrawal", status(other) == 403, status(other))


async def strangers(port: int, count: int) -> None:
    async def ask(share: int) -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        right = 0
        for start in range(0, share, 50):
            wave = b"".join(
                f"GET /v1/teams/{os.urandom(16).hex()}/heads HTTP/1.1\r\nHost: relay\r\nAuthorization: Bearer {'00' * 32}\r\n\r\n".encode()
                for _ in range(min(50, share - start)))
            writer.write(wave)
            await writer.drain()
            for _ in range(min(50, share - start)):
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
                await reader.readexactly(length)
                right += status(head) == 404
        writer.close()
        return right

    start = time.monotonic()
    right = sum(await asyncio.gather(*(ask(count // 8) for _ in range(8))))
    expect(f"{count} teams that nobody knows", right == count // 8 * 8, f"{right} times 404, {right / (time.monotonic() - start):.0f} a second")


async def member(port: int, is_over: asyncio.Event) -> None:
    waits = []
    while not is_over.is_set():
        start = time.monotonic()
        answer = await exchange(port, request("GET", "heads", "", "readToken"))
        waits.append(time.monotonic() - start)
        if status(answer) != 200:
            expect("a member is served meanwhile", False, status(answer))
        await asyncio.sleep(0.5)
    expect("a member is served meanwhile", max(waits) < 2, f"{len(waits)} times, after at most {max(waits):.2f} s")


async def attack(relay: Relay, count: int) -> None:
    port, before, is_over = relay.port, relay.memory(), asyncio.Event()
    asking = asyncio.create_task(member(port, is_over))
    await asyncio.gather(slow_heads(port), sizes(port), endless(port), lengths(port), signatures(port), strangers(port, count))
    is_over.set()
    await asking
    after = relay.memory()
    expect("memory", after - before < 64 << 20, f"{before >> 20} MB before, {after >> 20} MB after")


def main() -> None:
    program = sys.argv[1] if len(sys.argv) > 1 else ".build/debug/sync"
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        relay = Relay(program, folder)
        try:
            call(relay.url, "PUT", "registration", json.dumps({"registrations": [text(REGISTRATIONS[0].encoded())]}).encode())
            call(relay.url, "POST", "segments", stream(LOGS[0][0][:6]), TOKENS["writeToken"])
            asyncio.run(attack(relay, count))
            expect("the relay is still there", relay.is_running, relay.is_running)
        finally:
            relay.kill()
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
