"""What stands sealed at rest, docs/crypto.md: every byte of it and its vectors, for scripts/vectors.py."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from sync_format import derive, padded, Reader, require, seal, sized, text, unpadded, unseal, varint, zig

PIECE = 1 << 20
Value = int | str | bytes


# Slots and the key file


@dataclass(frozen=True)
class Cost:
    rounds: int
    block: int
    parallel: int

    def encoded(self) -> bytes:
        return varint(self.rounds) + varint(self.block) + varint(self.parallel)


def stretched(passphrase: bytes, salt: bytes, cost: Cost) -> bytes:
    return Scrypt(salt=salt, length=32, n=cost.rounds, r=cost.block, p=cost.parallel).derive(passphrase)


def passphrase_slot(store_key: bytes, passphrase: bytes, cost: Cost, salt: bytes, nonce: bytes, edition: bytes) -> bytes:
    key = derive(stretched(passphrase, salt, cost), "sync/v1/slot")
    head = cost.encoded() + salt
    return head + nonce + seal(key, nonce, b"sync/v1/slot-aad\0" + edition + head, store_key)


def open_slot(content: bytes, passphrase: bytes, edition: bytes) -> bytes:
    reader = Reader(content)
    cost = Cost(reader.varint(), reader.varint(), reader.varint())
    salt, nonce, sealed = reader.take(16), reader.take(12), reader.take(48)
    reader.end()
    key = derive(stretched(passphrase, salt, cost), "sync/v1/slot")
    return unseal(key, nonce, b"sync/v1/slot-aad\0" + edition + cost.encoded() + salt, sealed)


def key_head(edition: bytes, slots: list[tuple[int, bytes]]) -> bytes:
    return b"sync-keys\x01" + edition + varint(len(slots)) + b"".join(bytes([kind]) + sized(content) for kind, content in slots)


def key_file(store_key: bytes, keys: bytes, nonce: bytes, edition: bytes, slots: list[tuple[int, bytes]]) -> bytes:
    head = key_head(edition, slots)
    sealed = seal(derive(store_key, "sync/v1/keys"), nonce, b"sync/v1/keys-aad\0" + head, keys)
    out = head + nonce + sized(sealed)
    return out + hashlib.sha256(out).digest()


def open_key_file(data: bytes, store_key: bytes) -> tuple[bytes, list[tuple[int, bytes]], bytes]:
    require(hashlib.sha256(data[:-32]).digest() == data[-32:], "checksum")
    reader = Reader(data[:-32])
    require(reader.take(10) == b"sync-keys\x01", "version")
    edition = reader.take(16)
    slots = [(reader.u8(), reader.sized()) for _ in range(reader.varint())]
    nonce, sealed = reader.take(12), reader.sized()
    reader.end()
    head = key_head(edition, slots)
    return edition, slots, unseal(derive(store_key, "sync/v1/keys"), nonce, b"sync/v1/keys-aad\0" + head, sealed)


# Columns


def value_bytes(value: Value) -> bytes:
    if isinstance(value, int):
        return b"\1" + (value % (1 << 64)).to_bytes(8, "big")
    return b"\2" + value.encode() if isinstance(value, str) else b"\3" + value


def place_of(table: str, column: str, row: list[Value]) -> bytes:
    return b"sync/v1/column-aad\0" + text(table) + text(column) + b"".join(sized(value_bytes(value)) for value in row)


def lookup_nonce(store_key: bytes, place: bytes, plain: bytes) -> bytes:
    return hmac.digest(derive(store_key, "sync/v1/lookup"), place + plain, "sha256")[:12]


def seal_column(store_key: bytes, place: bytes, value: Value, least: int, nonce: bytes | None) -> bytes:
    """Without a nonce: of a column that rows are found by."""
    plain = padded(value_bytes(value), least)
    nonce = nonce or lookup_nonce(store_key, place, plain)
    return nonce + seal(derive(store_key, "sync/v1/column"), nonce, place, plain)


def open_column(store_key: bytes, place: bytes, stored: bytes, least: int) -> bytes:
    return unpadded(unseal(derive(store_key, "sync/v1/column"), stored[:12], place, stored[12:]), least)


# The view's image


def image_head(version: int, position: int, length: int, salt: bytes) -> bytes:
    return b"sync-view\x01" + zig(version) + zig(position) + varint(length) + salt


def view_image(store_key: bytes, log: bytes, version: int, position: int, salt: bytes, plain: bytes) -> bytes:
    head = image_head(version, position, len(plain), salt)
    key = derive(derive(store_key, "sync/v1/view"), "sync/v1/view-image", salt)
    pieces = (plain[start : start + PIECE] for start in range(0, len(plain), PIECE))
    return head + b"".join(
        seal(key, bytes(4) + number.to_bytes(8, "big"), b"sync/v1/view-aad\0" + head + log, piece)
        for number, piece in enumerate(pieces)
    )


# Vectors


def device_keys(fixed: Callable[..., bytes]) -> bytes:
    """The plain text of `keys`: one epoch, one relay seed, and where the store lies."""
    incarnation = fixed("incarnation mark", 16) + sized(b"machine") + varint(2050) + varint(77) + varint(0)
    return (
        b"\x01" + fixed("team") + fixed("signing seed") + fixed("kem seed") + fixed("control token") + fixed("author salt", 16)
        + varint(1) + fixed("epoch", 16) + fixed("epoch key")
        + varint(1) + fixed("epoch", 16) + fixed("relay seed") + sized(incarnation)
    )  # fmt: skip


def key_files(fixed: Callable[..., bytes]) -> Iterator[dict[str, Any]]:
    store_key, edition = fixed("store key"), fixed("edition", 16)
    passphrase, cost = "pässphrase with a space ".encode(), Cost(1024, 8, 1)
    slot = passphrase_slot(store_key, passphrase, cost, fixed("slot salt", 16), fixed("slot nonce", 12), edition)
    assert open_slot(slot, passphrase, edition) == store_key
    for name, slots in [
        ("no passphrase", [(0, store_key)]),
        ("a passphrase", [(1, slot)]),
        ("a passphrase, and a kind that nobody knows yet", [(1, slot), (200, b"later")]),
    ]:
        data = key_file(store_key, device_keys(fixed), fixed("keys nonce", 12), edition, slots)
        assert open_key_file(data, store_key) == (edition, slots, device_keys(fixed))
        yield {
            "name": name, "store_key": store_key.hex(), "edition": edition.hex(), "passphrase": passphrase.hex(),
            "rounds": cost.rounds, "block": cost.block, "parallel": cost.parallel, "salt": fixed("slot salt", 16).hex(),
            "slot_nonce": fixed("slot nonce", 12).hex(), "slots": [{"kind": kind, "content": content.hex()} for kind, content in slots],
            "keys": device_keys(fixed).hex(), "nonce": fixed("keys nonce", 12).hex(), "bytes": data.hex(),
        }  # fmt: skip


def refused_key_files(fixed: Callable[..., bytes]) -> Iterator[dict[str, Any]]:
    store_key, edition = fixed("store key"), fixed("edition", 16)

    def with_slot(cost: Cost) -> bytes:
        content = cost.encoded() + fixed("slot salt", 16) + fixed("slot nonce", 12) + bytes(48)
        return key_file(store_key, device_keys(fixed), fixed("keys nonce", 12), edition, [(1, content)])

    good = key_file(store_key, device_keys(fixed), fixed("keys nonce", 12), edition, [(0, store_key)])
    yield {"name": "a changed byte", "bytes": (good[:20] + bytes([good[20] ^ 1]) + good[21:]).hex()}
    yield {"name": "cut", "bytes": good[:-1].hex()}
    for name, cost in [
        ("rounds that are no power of two", Cost(1025, 8, 1)), ("too few rounds", Cost(512, 8, 1)), ("too many rounds", Cost(1 << 21, 8, 1)),
        ("no block", Cost(1024, 0, 1)), ("a gigabyte", Cost(1 << 20, 8, 1)), ("no lane", Cost(1024, 8, 0)), ("too long", Cost(1 << 19, 8, 16)),
    ]:
        yield {"name": name, "bytes": with_slot(cost).hex()}
    nine = [(200, b"")] * 9
    yield {"name": "nine slots", "bytes": key_file(store_key, device_keys(fixed), fixed("keys nonce", 12), edition, nine).hex()}


COLUMNS = [
    ("meta", "value", ["role"], b"\3", 64, False),
    ("change", "wall", [7], -1_500_000_000_000, 16, False),
    ("journal", "bytes", [7], b"Leeds" * 40, 64, False),
    ("remote", "name", [], "relay", 64, True),
    ("control", "record", [b"\1" * 32], b"", 256, False),
]


def columns(fixed: Callable[..., bytes]) -> Iterator[dict[str, Any]]:
    store_key = fixed("store key")
    for table, column, row, value, least, is_lookup in COLUMNS:
        place, nonce = place_of(table, column, row), None if is_lookup else fixed(f"{table} nonce", 12)
        stored = seal_column(store_key, place, value, least, nonce)
        assert open_column(store_key, place, stored, least) == value_bytes(value)
        yield {
            "name": f"{table}.{column}", "store_key": store_key.hex(), "table": table, "column": column, "row": [as_json(each) for each in row],
            "value": as_json(value), "nonce": nonce.hex() if nonce else None, "stored": stored.hex(),
        }  # fmt: skip


def as_json(value: Value) -> dict[str, Any]:
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    return {"text": value} if isinstance(value, str) else {"integer": value}


def images(fixed: Callable[..., bytes]) -> Iterator[dict[str, Any]]:
    for name, length in [("a short one", 100), ("two pieces", PIECE + 5)]:
        plain = bytes(place * 7 % 251 for place in range(length))
        image = view_image(fixed("store key"), fixed("log id", 16), 3, 41, fixed("view salt"), plain)
        # Byte i of the database is 7 i modulo 251; what comes of it is told by its hash.
        yield {
            "name": name, "store_key": fixed("store key").hex(), "log": fixed("log id", 16).hex(), "version": 3, "position": 41,
            "salt": fixed("view salt").hex(), "length": length,
            "sha256": hashlib.sha256(image).hexdigest(),
        }  # fmt: skip


def rest_vectors(fixed: Callable[..., bytes]) -> dict[str, Any]:
    return {
        "key files": list(key_files(fixed)), "key files refused": list(refused_key_files(fixed)),
        "columns": list(columns(fixed)), "view images": list(images(fixed)),
    }  # fmt: skip
