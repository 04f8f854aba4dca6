"""Recovery keys, docs/format.md section 9: their text, what derives from them, and their box. Slots are HPKE, which cannot make a thing twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from sync_format import (
    base32, decode_welcome, derive, LEAST_RECORD, LOOKALIKES, padded, PASSED_OVER, Reader, Refused, require, seal, signing_key,
    unbase32, unpadded, unseal,
)


def recovery_text(secret: bytes) -> str:
    data = b"\x01" + secret
    characters = base32(data + hashlib.sha256(data).digest()[:8])
    return "RECOVERY-" + "-".join(characters[i : i + 5] for i in range(0, len(characters), 5))


def read_recovery_text(string: str) -> bytes:
    characters = "".join(each for each in string if not each.isspace() and each not in PASSED_OVER).upper()
    require(characters.startswith("RECOVERY"), "prefix")
    data = unbase32(characters[8:].translate(LOOKALIKES))
    require(len(data) > 8 and hashlib.sha256(data[:-8]).digest()[:8] == data[-8:], "checksum")
    reader = Reader(data[:-8])
    reader.version()
    secret = reader.take(16)
    reader.end()
    return secret


def recovery_box_id(secret: bytes) -> bytes:
    return derive(secret, "sync/v1/recovery-box-id")[:16]


def seal_recovery_box(welcome: bytes, secret: bytes, nonce: bytes) -> bytes:
    box_id = recovery_box_id(secret)
    key, associated = derive(secret, "sync/v1/recovery-box-key"), b"sync/v1/recovery-box\0" + box_id
    return b"\x01" + box_id + nonce + seal(key, nonce, associated, padded(welcome, LEAST_RECORD))


def open_recovery_box(box: bytes, secret: bytes) -> bytes:
    reader = Reader(box)
    box_id = recovery_box_id(secret)
    require(reader.u8() == 1 and reader.take(16) == box_id, "box id")
    nonce, key = reader.take(12), derive(secret, "sync/v1/recovery-box-key")
    return unpadded(unseal(key, nonce, b"sync/v1/recovery-box\0" + box_id, reader.rest()), LEAST_RECORD)


def refuses(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except Refused:
        return True
    return False


def recovery_vectors(fixed: Callable[..., bytes], welcome: bytes) -> Any:
    secret, nonce = fixed("recovery key", 16), fixed("recovery nonce", 12)
    written = recovery_text(secret)
    body = written.removeprefix("RECOVERY-")
    also = [written.lower(), "recovery " + body.replace("-", " "), "RECOVERY\u2013" + body.replace("0", "o").replace("1", "l") + "\n"]
    for each in (written, *also):
        assert read_recovery_text(each) == secret
    newer = b"\x02" + secret
    wrong = {
        "another character": written[:-1] + ("7" if written[-1] != "7" else "8"),
        "one group less": written[:-6],
        "the prefix of an invite": "SYNC-" + body,
        "another version": "RECOVERY-" + base32(newer + hashlib.sha256(newer).digest()[:8]),
        "nothing": "",
    }
    for text in wrong.values():
        assert refuses(lambda: read_recovery_text(text))
    box = seal_recovery_box(welcome, secret, nonce)
    assert open_recovery_box(box, secret) == welcome
    broken = {
        "a bit of the box": box[:90] + bytes([box[90] ^ 1]) + box[91:],
        "another key's id": box[:1] + fixed("another id", 16) + box[17:],
        "suite 2": b"\x02" + box[1:],
        "cut": box[:28],
        "a welcome with a byte behind it": seal_recovery_box(welcome + b"\0", secret, nonce),
    }
    for data in broken.values():
        assert refuses(lambda: decode_welcome(open_recovery_box(data, secret)))
    seed = derive(secret, "sync/v1/recovery-sign")
    return {
        "keys": [
            {
                "secret": secret.hex(), "text": written, "also": also, "signing_seed": seed.hex(), "signing_key": signing_key(seed).hex(),
                "kem_seed": derive(secret, "sync/v1/recovery-kem").hex(), "slot_seed": derive(secret, "sync/v1/recovery-slot-kem").hex(),
                "box_id": recovery_box_id(secret).hex(), "box_key": derive(secret, "sync/v1/recovery-box-key").hex(),
                "welcome": welcome.hex(), "nonce": nonce.hex(), "box": box.hex(),
            }
        ],
        "texts refused": [{"name": name, "text": text} for name, text in wrong.items()],
        "boxes refused": [{"name": name, "bytes": data.hex()} for name, data in broken.items()],
    }  # fmt: skip
