"""A team for scripts/fuzz-api.sh, whose keys are no secret: what it registers, pushes and withdraws, and the tokens that let it in.

Everything follows from fixed seeds, so that the process that founds the team and the one that sends requests need not speak to each other.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import urllib.request

from sync_format import (
    control_tag, derive, encode_frame, LogKeys, NO_CHAIN, Registration, relay_handle, seal_record, seal_segment, sign, sign_registration,
    signing_key, team_salt, Withdrawn, withdrawal_signed,
)


def fixed(name: str) -> bytes:
    return hashlib.sha256(f"fuzz {name}".encode()).digest()


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


TEAM = fixed("team")
EPOCH_KEY = fixed("epoch")
TOKENS = {
    "readToken": derive(EPOCH_KEY, "sync/v1/relay-read"),
    "writeToken": derive(EPOCH_KEY, "sync/v1/relay-write"),
    "controlToken": fixed("control"),
}


def registration(relay: str, tokens: str = "") -> Registration:
    """The first of a chain. `tokens` other than none: another one by the same relay key."""
    hashes = tuple(hashlib.sha256(token + tokens.encode()).digest() for token in TOKENS.values())
    seeds = fixed(f"relay {relay} 0"), fixed(f"relay {relay} 1")
    unsigned = Registration(0, signing_key(seeds[0]), team_salt(TEAM), hashes, signing_key(seeds[1]))
    return sign_registration(unsigned, seeds[0])


REGISTRATIONS = registration("first"), registration("first", "other"), registration("second")
HANDLE, _, OTHER_HANDLE = (relay_handle(each.relay_key) for each in REGISTRATIONS)
SEALED = [seal_record(b"record %d" % number, EPOCH_KEY, bytes([number]) * 12) for number in range(3)]
RECOVERY_ID = control_tag(EPOCH_KEY).hex()
BOXES = [fixed(f"box {number}")[:16].hex() for number in range(4)]


def make_log(name: str, count: int) -> tuple[list[bytes], list[Withdrawn]]:
    """A log's segments, every second one signed, and what a withdrawal calls those after the first."""
    keys = LogKeys(TEAM, EPOCH_KEY, fixed(f"log {name}"))
    segments, names, chain = [], [], NO_CHAIN
    for index in range(count):
        plain = fixed(f"{name} {index}") * (1 + index)
        segment, chain = seal_segment(keys, index, chain, fixed(f"nonce {name} {index}")[:12], plain, signed=index % 2 == 1)
        segments.append(segment.encoded())
        if index > 0:
            names.append(Withdrawn(segment.header.tag, index, chain, b""))
    return segments, names


LOGS = [make_log(name, 8) for name in ("a", "b")]


def withdrawal(names: list[Withdrawn]) -> dict[str, object]:
    signed = sign(fixed("relay first 1"), "sync/v1/withdraw", withdrawal_signed(HANDLE, tuple(names)))
    segments = [{"tag": each.tag.hex(), "index": each.index, "chain": each.chain.hex()} for each in names]
    return {"segments": segments, "signature": text(signed)}


def stream(segments: list[bytes]) -> bytes:
    return encode_frame((1, segment) for segment in segments)


def call(relay: str, method: str, path: str, body: bytes, token: bytes = b"") -> dict[str, object]:
    headers = {"Authorization": f"Bearer {token.hex()}"} if token else {}
    request = urllib.request.Request(f"{relay}/v1/teams/{HANDLE}/{path}", body, headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        data = answer.read()
    return json.loads(data) if data else {}


def main(relay: str) -> None:
    """Founds the team on a relay, and prints what schemathesis has to know."""
    call(relay, "PUT", "registration", json.dumps({"registrations": [text(REGISTRATIONS[0].encoded())]}).encode())
    call(relay, "POST", "control", json.dumps({"sealed": [text(each) for each in SEALED]}).encode(), TOKENS["writeToken"])
    pushed = call(relay, "POST", "segments", stream(LOGS[0][0][:4]), TOKENS["writeToken"])
    call(relay, "POST", f"mailbox/{BOXES[0]}?requests=8", b"a box", TOKENS["writeToken"])
    if pushed["stored"] != 4:
        sys.exit(f"the relay did not store the team's log: {pushed}")
    for scheme, token in TOKENS.items():
        print(f'[auth.openapi.{scheme}]\nbearer = "{token.hex()}"')
    # What names no box is gone as well.
    print('[[operations]]\ninclude-operation-id = "removeBox"\nchecks.negative_data_rejection.enabled = false')
    # What is live ends by itself after an hour only.
    print('[[operations]]\ninclude-operation-id = "live"\nmax-stream-events = 1')


if __name__ == "__main__":
    main(sys.argv[1])
