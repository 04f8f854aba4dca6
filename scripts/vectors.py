#!/usr/bin/env python3
"""The golden vectors that hold the engine and scripts/sync_*.py to docs/format.md, and to docs/crypto.md for what stands at rest.

    python3 scripts/vectors.py            writes Tests/Vectors/*.json
    python3 scripts/vectors.py --check    exits 1 when the files differ from what this script makes

Every vector is decoded and encoded again, and every refused one is tried, while it is made; so a run that ends has
checked itself. Tests/Vectors/envelope.json is frozen: HPKE cannot make it twice with the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sync_bundle import (
    CONTROL as CONTROL_ITEM, decode_bundle, decode_heads, encode_bundle, FRAME_END, HEADS, LogHead, MARK, open_heads, REGISTRATION,
    seal_heads, SEGMENT as SEGMENT_ITEM, SenderHeads, sign_heads,
)
from sync_format import (
    ABSENT, Accept, Admit, answer_words, asked_words, author_id, base32, body_associated, body_key, Change,
    ChangeName, change_hash, check_answer, Close, Code, code_record, commitment_of, Content, control_tag, DECLINED,
    decode_change, decode_content, decode_frame, decode_offer, decode_open, decode_record, decode_registration,
    decode_request, decode_segment, decode_welcome, Dependency, derive, Device, Edit, encode_change, encode_content,
    encode_frame, encode_open, encode_value, fresh_key, fresh_record, Genesis, Grant, Hand, hashed, Head, Invite,
    InviteCode, invite_seed, Join, JoinRequest, Kind, LARGEST_CONTENT, LEAST_CONTENT, LogKeys, log_tag, mailbox,
    make_device, nearest, NOTHING, Nothing, NO_CHAIN, Offer, OPEN, OpenContent, open_body, open_offer, open_record,
    open_run, open_welcome, Operation, padded, padme, Payload, Reader, read_code, read_device, read_one_value,
    read_request_file, Record, record_name, Redact, redacted, redacted_digest, Refused, Registration, relay_handle,
    Remove, Rename, request_digest, request_file, request_words, RoleChange, Rotate, seal, seal_offer, seal_record,
    seal_request, seal_segment, seal_welcome, Segment, sign, signing_key, sign_answer, sign_record, sign_registration,
    sized, SMALL_ORDER, stored, Tables, TAKEN, team_id, team_salt, text, Unknown, unpadded, unseal, Value, varint,
    verify, verify_chain, verify_join, verify_record, verify_run, Welcome, WELCOMED, withdrawal_signed, Withdrawn,
    WriteName, write_columns, zig,
)
from sync_recovery import recovery_vectors
from sync_rest import rest_vectors

FOLDER = Path(__file__).resolve().parent.parent / "Tests" / "Vectors"
WORDS = (Path(__file__).resolve().parent / "words.txt").read_text().split()
Json = Any


# What the vectors are made of


def fixed(label: str, count: int = 32) -> bytes:
    """Bytes that look random and are always the same."""
    return hashlib.shake_256(b"sync/v1/vectors/" + label.encode()).digest(count)


def fixed_kem_key(label: str) -> bytes:
    """A well-formed X-Wing public key (coefficients under 3329, a real X25519 point) to which nobody has the private half."""
    draws = fixed(label + " coefficients", 768 * 2)
    coefficients = (int.from_bytes(draws[i : i + 2], "little") % 3329 for i in range(0, len(draws), 2))
    packed = sum(coefficient << 12 * place for place, coefficient in enumerate(coefficients)).to_bytes(1152, "little")
    point = X25519PrivateKey.from_private_bytes(fixed(label + " x25519")).public_key().public_bytes_raw()
    return packed + fixed(label + " rho") + point


ANA_SEED, BEN_SEED, LOG_SEED, INVITE_SECRET = fixed("ana"), fixed("ben"), fixed("log"), fixed("invite", 16)
ANA = make_device("Ana’s laptop", 3, ANA_SEED, fixed_kem_key("ana"))
BEN = make_device("Ben 📱", 2, BEN_SEED, fixed_kem_key("ben"))
CEM = make_device("Cem's phone", 1, fixed("cem's signing key"), fixed_kem_key("cem's KEM key"))
DEE = make_device("recovery key of Ana’s laptop", 3, fixed("recovery signing key"), fixed_kem_key("recovery KEM key"))
EPOCH_KEY, OTHER_EPOCH_KEY, OTHER_EPOCH = fixed("epoch 0"), fixed("epoch 1"), fixed("epoch 1 id", 16)
CONTROL_TOKEN = fixed("control token")
WALL = 1_760_000_000_000
GENESIS_RECORD = sign_record(
    Record(
        Kind.GENESIS, True, (), ANA.id, WALL,
        Genesis(fixed("genesis", 16), "Rally Watch", CONTROL_TOKEN, ANA, fixed("envelope", 1168)),
    ),
    ANA_SEED,
    b"",
)  # fmt: skip
TEAM = team_id(GENESIS_RECORD.encoded())
EPOCH = TEAM[:16]
SALT, OLD_SALT = fixed("salt", 16), fixed("old salt", 16)
AUTHOR = author_id(TEAM, ANA.key, SALT)
OLD_AUTHOR = author_id(TEAM, ANA.key, OLD_SALT)
BENS_AUTHOR = author_id(TEAM, BEN.key, fixed("ben's salt", 16))
LOG = LogKeys(TEAM, EPOCH_KEY, LOG_SEED)
TITLE, STARTS, CAUSES, ORGANISERS, NOTES, TALLY = 1, 2, 5, 7, 9, 11


def name_of(author: bytes, seq: int) -> ChangeName:
    return ChangeName(author, seq, fixed(f"mark {author.hex()} {seq}", 8))


def ordered(*dependencies: Dependency) -> tuple[Dependency, ...]:
    return tuple(sorted(dependencies, key=Dependency.encoded))


def new_event() -> Change:
    """A change with a fresh record, a fresh item and a fresh entry."""
    name = name_of(AUTHOR, 1)
    record = fresh_record(name, 0)
    item = fresh_key(name, 3)
    return Change(
        name,
        WALL + 60_000,
        (
            Operation(Code.LIFE, 0, record, value={1: 1, 2: 1}),
            Operation(Code.ASSIGN, TITLE, record, value="Vigil for Ewin"),
            Operation(Code.ASSIGN, STARTS, record, value={1: "2026-03-14", 2: "18:30", 4: {1: 60}}),
            Operation(Code.LIFE, ORGANISERS, record, key=item, value={1: 1}),
            Operation(
                Code.ASSIGN, ORGANISERS, record, key=item, value={1: "Friends of the Square", 2: "+44 20 7946 0000"}
            ),
            Operation(Code.ENTRY, NOTES, record, key=fresh_key(name, 5), value="hundreds, says the paper"),
            Operation(Code.INCREMENT, TALLY, record, value={1: 12, 2: 0}),
        ),
    )


def one_edit() -> Change:
    """Ana corrects the title; her change before it, which holds the write that this one replaces, is in an earlier segment."""
    before = name_of(AUTHOR, 1)
    edit = Operation(Code.ASSIGN, TITLE, names=(WriteName(before, 1),), value="Vigil for Evin")
    return Change(name_of(AUTHOR, 2), WALL + 3_600_000, (edit,), before.mark)


def earlier_changes() -> tuple[Change, Change]:
    """Two changes of Ana's earlier incarnation, which her new log carries again under their old names."""
    first, second = name_of(OLD_AUTHOR, 41), name_of(OLD_AUTHOR, 42)
    petition = code_record("petition", "uk-parliament:700143")
    item = fixed("chosen key", 8)
    return (
        Change(
            first,
            WALL - 86_400_000,
            (
                Operation(Code.LIFE, 0, petition, value={1: 1, 2: 2}),
                Operation(Code.ADD, CAUSES, petition, value="press freedom"),
                Operation(Code.ADD, CAUSES, fixed("some record", 16), value="Łódź – wolność"),
                Operation(Code.ENTRY, NOTES, petition, key=item, value={1: "readings", 2: 1_000_000, 3: b"\x00\xff"}),
            ),
            fixed("mark before", 8),
        ),
        Change(
            second,
            WALL - 86_399_000,
            (
                Operation(Code.RETRACT, NOTES, petition, key=item, value="counted twice"),
                Operation(Code.RETRACT, NOTES, petition, key=fixed("another key", 8)),
                Operation(Code.ADD, CAUSES, names=(WriteName(first, 1),), value="press freedom"),
            ),
            first.mark,
        ),
    )


def later_changes() -> tuple[Change, Change]:
    """Two changes by Ana's author that depend on Ben's and on those of her earlier incarnation."""
    event = fresh_record(name_of(AUTHOR, 1), 0)
    bens, bens_next = name_of(BENS_AUTHOR, 7), name_of(BENS_AUTHOR, 300)
    third, old = name_of(AUTHOR, 3), name_of(OLD_AUTHOR, 42)
    third_change = Change(
        third,
        WALL + 7_200_000,
        (
            Operation(Code.ASSIGN, TITLE, names=(WriteName(name_of(AUTHOR, 2), 0), WriteName(bens, 2)), value=NOTHING),
            Operation(Code.REMOVE, CAUSES, names=(WriteName(old, 2), WriteName(name_of(OLD_AUTHOR, 41), 1))),
            Operation(Code.INCREMENT, TALLY, event, value={1: -3, 2: 1}),
            Operation(Code.INCREMENT, TALLY, event, value={1: 4, 2: 1}),
        ),
        name_of(AUTHOR, 2).mark,
        ordered(Dependency(bens, OTHER_EPOCH), Dependency(old, EPOCH)),
    )
    fourth_change = Change(
        name_of(AUTHOR, 4),
        WALL + 7_100_000,
        (
            Operation(
                Code.LIFE, 0, event,
                names=tuple(WriteName(name, 0) for name in (third, bens_next, old)),
                value={1: 2},
            ),
            Operation(
                Code.LIFE, ORGANISERS, event, key=fresh_key(name_of(AUTHOR, 1), 3),
                names=(WriteName(third, 0),),
                value={1: 2},
            ),
        ),
        third.mark,
        ordered(Dependency(bens_next, EPOCH)),
    )  # fmt: skip
    return third_change, fourth_change


def unknown_operation() -> Change:
    """Code 23 is not of this version: it is kept and passed on, and only it is skipped."""
    record = fixed("some record", 16)
    name = WriteName(name_of(BENS_AUTHOR, 7), 1)
    return Change(
        name_of(AUTHOR, 1),
        WALL,
        (
            Operation(23, 4_000, record, key=fixed("some key", 8), names=(name,), value={3: {1: b"", 200: -1}}),
            Operation(Code.ASSIGN, TITLE, record, value="after the unknown one"),
        ),
    )


def forked() -> tuple[Change, ...]:
    """A clone's branch and the true one in one segment, so that the nearest change by the author is not the previous one."""
    edit = one_edit()
    twin = replace(edit, name=replace(edit.name, mark=fixed("twin", 8)), wall=WALL)
    after = Change(name_of(AUTHOR, 3), WALL + 7_200_000, (), edit.name.mark)
    return edit, twin, after, Change(name_of(AUTHOR, 4), WALL + 7_300_000, (), after.name.mark)


def passed_over() -> tuple[Change, Change]:
    """Operations that have no id or no key stand between those that share one, and a later change meets records again."""
    name, later = name_of(AUTHOR, 1), name_of(AUTHOR, 2)
    record, other, item = fresh_record(name, 0), fixed("some record", 16), fresh_key(name, 2)
    via = (WriteName(name_of(BENS_AUTHOR, 7), 1),)
    return (
        Change(
            name,
            WALL,
            (
                Operation(Code.LIFE, 0, record, value={1: 1, 2: 1}),
                Operation(Code.ASSIGN, TITLE, names=via, value="of another record"),
                Operation(Code.LIFE, ORGANISERS, record, key=item, value={1: 1}),
                Operation(Code.ASSIGN, TITLE, record, value="without a key"),
                Operation(Code.ASSIGN, ORGANISERS, record, key=item, value="with the key before that"),
                Operation(Code.ASSIGN, ORGANISERS, names=via, key=item, value="and again, via"),
                Operation(Code.ASSIGN, TITLE, other, value="given"),
                Operation(Code.ASSIGN, STARTS, record, value="known: brought fresh"),
                Operation(Code.ENTRY, NOTES, fresh_record(name, 8), key=fresh_key(name, 8), value="a second fresh one"),
            ),
        ),
        Change(
            later,
            WALL,
            (
                Operation(Code.ASSIGN, TITLE, other, value="known: given"),
                Operation(Code.LIFE, ORGANISERS, fresh_record(name, 8), key=item, value={1: 3}),
                Operation(Code.ASSIGN, ORGANISERS, record, key=fresh_key(later, 2), value="known: brought fresh"),
                Operation(Code.ASSIGN, ORGANISERS, record, key=fresh_key(later, 2), value="the key before"),
            ),
            name.mark,
        ),
    )


def far_apart() -> tuple[Change, ...]:
    """Differences of seqs and walls that only fit modulo 2⁶⁴."""
    top = (1 << 64) - 1
    return (
        Change(name_of(AUTHOR, top), -(1 << 63), (), bytes(8)),
        Change(name_of(BENS_AUTHOR, 1), (1 << 63) - 1, ()),
        Change(name_of(AUTHOR, 1), -1, ()),
        Change(name_of(AUTHOR, 1 << 63), 0, (), bytes(8)),
    )


def content_of(*changes: Change, **more: Any) -> Content:
    return Content(AUTHOR, EPOCH, changes, **more)


def several_changes() -> Content:
    """Interleaved, so that the change before one is not always by its author."""
    (old_first, old_second), (third, fourth) = earlier_changes(), later_changes()
    heads = (Head(fixed("a tag", 8), fixed("a chain", 8), 57), Head(fixed("b tag", 8), fixed("b chain", 8), 300))
    return content_of(old_first, third, old_second, fourth, heads=heads, salts={OLD_AUTHOR: OLD_SALT})


# Vectors as JSON


def refusal(attempt: Callable[[], object], **inputs: Json) -> Json:
    """A vector that must be refused, after seeing to it that it is."""
    try:
        attempt()
    except Refused as refused:
        return {**inputs, "result": "error", "at": refused.at}
    raise AssertionError(f"accepted: {inputs}")


def refused(name: str, data: bytes, attempt: Callable[[bytes], object], **more: Json) -> Json:
    return refusal(lambda: attempt(data), name=name, **more, bytes=data.hex())


def same(left: Any, right: Any) -> None:
    """What holds of every vector that is not refused."""
    if left != right:
        raise AssertionError(f"no round trip:\n{left}\n{right}")


def whole(read: Callable[[Reader], Any]) -> Callable[[bytes], Any]:
    """A decoder of exactly what `read` reads."""

    def decode(data: bytes) -> Any:
        reader = Reader(data)
        value = read(reader)
        reader.end()
        return value

    return decode


def flipped(data: bytes, position: int) -> bytes:
    """One bit turned over."""
    changed = bytearray(data)
    changed[position] ^= 1
    return bytes(changed)


def value_json(value: Value) -> Json:
    match value:
        case Nothing():
            return {"nothing": True}
        case str():
            return {"text": value}
        case int():
            return {"integer": str(value)}
        case bytes():
            return {"bytes": value.hex()}
        case dict():
            return {"tuple": [{"part": part, "value": value_json(value[part])} for part in sorted(value)]}


def change_name_json(name: ChangeName) -> Json:
    return {"author": name.author.hex(), "seq": name.seq, "mark": name.mark.hex()}


def write_name_json(name: WriteName) -> Json:
    return {**change_name_json(name.change), "operation": name.operation}


def operation_json(operation: Operation) -> Json:
    """`record` null: via the first named write; `value` null: none."""
    return {
        "code": int(operation.code),
        "record": operation.record and operation.record.hex(),
        "field": operation.field,
        "key": operation.key and operation.key.hex(),
        "names": [write_name_json(name) for name in operation.names],
        "value": None if operation.value is None else value_json(operation.value),
    }


def change_json(change: Change) -> Json:
    return {
        **change_name_json(change.name),
        "previous": change.previous and change.previous.hex(),
        "wall": change.wall,
        "deps": [{**change_name_json(each.change), "epoch": each.epoch.hex()} for each in change.dependencies],
        "operations": [operation_json(operation) for operation in change.operations],
    }


def primitives() -> Json:
    """§1 and §2."""
    return {
        "varint": number_vectors(varint, whole(Reader.varint), (0, 1, 127, 128, 300, 16_383, 16_384, 1 << 32, (1 << 63) - 1, (1 << 64) - 1)),
        "varint refused": [
            refused(name, bytes.fromhex(data), whole(Reader.varint))
            for name, data in (
                ("nothing", ""), ("cut off", "80"), ("overlong zero", "8000"), ("overlong one", "8100"),
                ("65 bits", "ffffffffffffffffff02"), ("11 bytes", "8080808080808080808001"), ("trailing byte", "0100"),
            )
        ],
        "zig": number_vectors(zig, whole(Reader.zig), (0, -1, 1, -2, 63, -64, 64, WALL, (1 << 63) - 1, -(1 << 63))),
        "bytes refused": [
            refused("longer than what follows", bytes.fromhex("0461"), whole(Reader.sized)),
            refused("longer than any memory", varint((1 << 64) - 1) + b"a", whole(Reader.sized)),
        ],
        "text refused": [
            refused("lone continuation", bytes.fromhex("0180"), whole(Reader.text)),
            refused("surrogate", bytes.fromhex("03eda080"), whole(Reader.text)),
            refused("overlong slash", bytes.fromhex("02c0af"), whole(Reader.text)),
        ],
        "padme": [{"length": n, "padded": padme(n)} for n in (64, 65, 66, 67, 127, 128, 129, 255, 256, 257, 1000, 1025, 65_537, 1_000_000)],
        "padded": [padded_vector(content, least) for content, least in ((b"", 64), (fixed("a", 63), 64), (fixed("a", 64), 64), (b"r", 256))],
        "padded refused": [
            refused("not zero", flipped(padded(b"r", 64), 63), lambda data: unpadded(data, 64), least=64),
            refused("too long", padded(b"r", 64) + b"\0", lambda data: unpadded(data, 64), least=64),
            refused("too short", padded(b"r", 64)[:-1], lambda data: unpadded(data, 64), least=64),
        ],
        "hash": [hash_vector("sync/v1/test"), hash_vector("sync/v1/test", b"a", b"bc")],
        "derive": [derive_vector(b""), derive_vector(b"context")],
        "seal": [seal_vector(b"", b""), seal_vector(b"associated", b"plain")],
        "sign": [sign_vector(b""), sign_vector(b"message")],
        "names": names_vector(),
    }  # fmt: skip


def number_vectors(encode: Callable[[int], bytes], decode: Callable[[bytes], int], numbers: Iterable[int]) -> Json:
    numbers = tuple(numbers)
    for number in numbers:
        same(decode(encode(number)), number)
    return [{"value": str(number), "bytes": encode(number).hex()} for number in numbers]


def padded_vector(content: bytes, least: int) -> Json:
    plain = padded(content, least)
    same(unpadded(plain, least), content)
    return {"content": content.hex(), "least": least, "bytes": plain.hex()}


def hash_vector(label: str, *parts: bytes) -> Json:
    return {"label": label, "parts": [part.hex() for part in parts], "bytes": hashed(label, *parts).hex()}


def derive_vector(context: bytes) -> Json:
    label = "sync/v1/test"
    return {
        "secret": EPOCH_KEY.hex(),
        "label": label,
        "context": context.hex(),
        "bytes": derive(EPOCH_KEY, label, context).hex(),
    }


def seal_vector(associated: bytes, plain: bytes) -> Json:
    key, nonce = fixed("seal key"), fixed("seal nonce", 12)
    sealed = seal(key, nonce, associated, plain)
    same(unseal(key, nonce, associated, sealed), plain)
    return {
        "key": key.hex(),
        "nonce": nonce.hex(),
        "associated": associated.hex(),
        "plain": plain.hex(),
        "bytes": sealed.hex(),
    }


def sign_vector(message: bytes) -> Json:
    signature = sign(ANA_SEED, "sync/v1/test", message)
    verify(ANA.key, signature, "sync/v1/test", message)
    return {
        "seed": ANA_SEED.hex(),
        "key": ANA.key.hex(),
        "label": "sync/v1/test",
        "message": message.hex(),
        "bytes": signature.hex(),
    }


def names_vector() -> Json:
    change = name_of(AUTHOR, 300)
    log_key = signing_key(LOG_SEED)
    return {
        "team": {"team": TEAM.hex(), "salt": team_salt(TEAM).hex(), "epoch 0": EPOCH.hex()},
        "device": {"signing_key": ANA.key.hex(), "kem_key": ANA.kem_key.hex(), "id": ANA.id.hex()},
        "author": {"team": TEAM.hex(), "signing_key": ANA.key.hex(), "salt": SALT.hex(), "id": AUTHOR.hex()},
        "log": {"key": log_key.hex(), "tag": log_tag(log_key).hex()},
        "code": {
            "kind": "petition",
            "code": "uk-parliament:700143",
            "record": code_record("petition", "uk-parliament:700143").hex(),
        },
        "fresh": {
            "change": change_name_json(change),
            "operation": 200,
            "record": fresh_record(change, 200).hex(),
            "key": fresh_key(change, 200).hex(),
        },
    }


def values() -> Json:
    """§3."""
    accepted: tuple[Value, ...] = (
        NOTHING, "", "Evin", "e\u0301 is not \u00e9", "زندان", "👩‍👩‍👧", "x" * 16, 0, 1, -1, 1_000_000, (1 << 63) - 1, -(1 << 63), b"", b"\x00\xff",
        {}, {0: 0}, {1: 12, 2: 0}, {1: "a", 3: NOTHING, 130: {2: b"b"}}, {1: {1: {1: {1: "four tuples deep"}}}},
    )  # fmt: skip
    decode = whole(read_one_value)
    for value in accepted:
        same(decode(encode_value(value)), value)
    return {
        "values": [{"value": value_json(value), "bytes": encode_value(value).hex()} for value in accepted],
        "refused": [
            refused(name, bytes.fromhex(data), decode)
            for name, data in (
                ("nothing with a length", "08"), ("integer with a length", "0a00"), ("type 5", "05"), ("type 6", "06"), ("type 7", "07"),
                ("text cut off", "1161"), ("text not UTF-8", "09ff"), ("bytes cut off", "1300"), ("parts out of order", "1402000100"),
                ("a part twice", "1401000100"), ("parts missing", "140100"), ("five tuples deep", "0c010c010c010c010c0100"),
                ("a part of 33 bits", "0c808080801000"), ("parts past any memory", "fcffffffffffffffff0101"), ("trailing byte", "0000"),
            )
        ],
    }  # fmt: skip


def changes() -> Json:
    """§4."""
    several = several_changes().changes
    story = (
        ("one edit", one_edit()), ("a new event", new_event()), ("an unknown operation code", unknown_operation()),
        ("carried again, first", several[0]), ("carried again, second", several[2]),
        ("dependencies, via, a cleared field, a removal, increments", several[1]),
        ("deletions with version vectors", several[3]), ("no operations", Change(name_of(AUTHOR, 1), -1, ())),
        ("greatest numbers", Change(name_of(AUTHOR, (1 << 64) - 1), (1 << 63) - 1, (Operation((1 << 32) - 1, (1 << 32) - 1, bytes(16), value={(1 << 32) - 1: 0}),), bytes(8))),
    )  # fmt: skip
    return {
        "changes": [change_vector(name, change) for name, change in story],
        "twins": twins_vector(),
        "refused": [refused(name, data, decode_change) for name, data in broken_changes()],
    }


def change_vector(name: str, change: Change) -> Json:
    data = encode_change(change)
    same(decode_change(data), change)
    return {"name": name, "change": change_json(change), "bytes": data.hex(), "hash": change_hash(change).hex()}


def twins_vector() -> Json:
    """Two changes of one name: the lower hash counts."""
    twins = (one_edit(), replace(one_edit(), wall=WALL))
    counts = min(twins, key=change_hash)
    return {"changes": [encode_change(change).hex() for change in twins], "counts": encode_change(counts).hex()}


def broken_changes() -> Iterator[tuple[str, bytes]]:
    edit = encode_change(one_edit())
    start = AUTHOR + varint(1) + bytes(8) + zig(0)
    operation = varint(Code.ASSIGN)
    first, second = (Dependency(name_of(BENS_AUTHOR, seq), EPOCH).encoded() for seq in (1, 2))
    yield "trailing byte", edit + b"\0"
    yield "cut off", edit[:-1]
    yield "seq 0", AUTHOR + varint(0) + bytes(8) + zig(0) + b"\0\0"
    yield "dependencies out of order", start + varint(2) + second + first + b"\0"
    yield "a dependency twice", start + varint(2) + first + first + b"\0"
    yield "via without names", start + b"\0\1" + operation + b"\x01" + varint(TITLE)
    yield "names, but none", start + b"\0\1" + operation + b"\x05" + varint(TITLE) + b"\0"
    yield "unknown shape bit", start + b"\0\1" + operation + b"\x10" + bytes(16) + varint(TITLE)
    yield "a code of 33 bits", start + b"\0\1" + varint(1 << 32) + b"\0" + bytes(16) + varint(TITLE)
    yield "a field of 33 bits", start + b"\0\1" + operation + b"\0" + bytes(16) + varint(1 << 32)
    yield "more operations than bytes", start + b"\0" + varint(65_536)
    yield "too many operations", start + b"\0" + varint(65_537)


def content() -> Json:
    """§5."""
    return {
        "log": {"author": AUTHOR.hex(), "epoch": EPOCH.hex()},
        "content": [
            content_vector("one edit", content_of(one_edit())),
            content_vector("a fresh record, a fresh item, a fresh entry", content_of(new_event())),
            content_vector("a new event and its correction", content_of(new_event(), one_edit())),
            content_vector("two authors", several_changes()),
            content_vector("a fork", content_of(*forked())),
            content_vector("records and keys with others in between", content_of(*passed_over())),
            content_vector("a new event and what became of it", content_of(new_event(), one_edit(), *later_changes())),
            content_vector("differences modulo 2^64", content_of(*far_apart(), salts={BENS_AUTHOR: fixed("ben's salt", 16)})),
            content_vector("an unknown operation code", content_of(unknown_operation())),
            content_vector("unknown trailing sections", content_of(one_edit()), (b"from a later version", b"")),
            content_vector("heads alone", content_of(heads=(Head(fixed("a tag", 8), fixed("a chain", 8), 1),))),
        ],
        "also read": [also_read(*each) for each in other_encodings()],
        "zstd": zstd_vectors(),
        "refused": [
            refused(name, data, lambda data: decode_content(data, AUTHOR, EPOCH)) for name, data in broken_contents()
        ],
    }


def content_vector(name: str, content: Content, unknown: tuple[bytes, ...] = ()) -> Json:
    data = encode_content(content, unknown)
    decoded = decode_content(data, AUTHOR, EPOCH)
    same(decoded, content)
    same(encode_content(decoded, unknown), data)
    columns, tables = write_columns(content), Tables(content)
    return {
        "name": name,
        "heads": [{"tag": head.tag.hex(), "chain": head.chain.hex(), "index": head.index} for head in content.heads],
        "authors": [
            {"author": each.hex(), "salt": content.salts[each].hex() if each in content.salts else None}
            for each in tables.authors.listed
        ],
        "epochs": [each.hex() for each in tables.epochs.listed],
        "names": [change_name_json(each) for each in tables.names.listed],
        "changes": [change_json(change) for change in content.changes],
        "raw": columns.raw.hex(),
        "sections": {section: data.hex() for section, data in columns.sections.items()},
        "unknown sections": [section.hex() for section in unknown],
        "bytes": data.hex(),
        "plain": padded(data, LEAST_CONTENT).hex(),
    }


def also_read(name: str, content: Content, data: bytes) -> Json:
    """What no writer makes and every reader takes; encoded again, it is what a writer makes."""
    same(decode_content(data, AUTHOR, EPOCH), content)
    return {"name": name, "bytes": data.hex(), "written": encode_content(content).hex()}


def other_encodings() -> Iterator[tuple[str, Content, bytes]]:
    content = content_of(*passed_over())
    columns = write_columns(content)
    operations, later = content.changes[0].operations, content.changes[1].operations
    record, other, second = (operations[index].record or b"" for index in (0, 6, 8))
    item, entry, late = (each.key or b"" for each in (operations[2], operations[8], later[2]))
    start = columns.raw[: -len(other + item)]
    again = start + record * 3 + other + record + second + other + second + item + record * 2
    yield "a known record is given again", content, recoded(content, again, "records", "01020303030203030303030303")
    given = start + record + other + second + item
    yield "fresh records are given", content, recoded(content, given, "records", "03020404040203040305060404")
    keys = start + item * 3 + other + entry + item + late * 2
    yield "keys are given again", content, recoded(content, keys, "keys", "00000300030300000300030303")
    edit = content_of(one_edit())
    twice = columns_of(edit, "names", "0200010001")
    yield "a name listed twice", edit, stored(bytes(twice.raw[:8] * 2 + twice.raw[8:]), twice.joined())


def columns_of(content: Content, section: str, data: str) -> Any:
    columns = write_columns(content)
    columns.sections[section] = bytearray.fromhex(data)
    return columns


def recoded(content: Content, raw: bytes, section: str, data: str) -> bytes:
    return stored(bytes(raw), columns_of(content, section, data).joined())


def zstd_frame(data: bytes) -> bytes:
    """One raw block (RFC 8878), which every version of every library reads alike."""
    size = bytes([0x20, len(data)]) if len(data) < 256 else b"\x60" + (len(data) - 256).to_bytes(2, "little")
    return bytes.fromhex("28b52ffd") + size + (len(data) << 3 | 1).to_bytes(3, "little") + data


def zstd_vectors() -> Json:
    """Packing 1; this script does not unpack it."""
    columns = write_columns(content_of(new_event()))
    joined = columns.joined()
    start, frame = b"\1\1" + sized(bytes(columns.raw)), zstd_frame(joined)
    packed = start + varint(len(joined)) + sized(frame)
    broken = (
        ("one byte less than it says", start + varint(len(joined) - 1) + sized(frame)),
        ("one byte more than it says", start + varint(len(joined) + 1) + sized(frame)),
        ("more than any content", start + varint(LARGEST_CONTENT + 1) + sized(frame)),
        ("cut off", start + varint(len(joined)) + sized(frame[:-1])),
        ("not a frame", start + varint(len(joined)) + sized(flipped(frame, 0))),
        ("stored under the wrong packing", start + varint(len(joined)) + sized(joined)),
    )
    return {
        "read": [{"bytes": packed.hex(), "written": stored(bytes(columns.raw), joined).hex()}],
        "refused": [{"name": name, "bytes": data.hex()} for name, data in broken],
    }


def broken_contents() -> Iterator[tuple[str, bytes]]:
    edit, event = content_of(one_edit()), content_of(new_event())
    good, columns = encode_content(edit), write_columns(edit)
    raw, joined = bytes(columns.raw), columns.joined()
    yield "version 2", b"\2" + good[1:]
    yield "unknown packing", good[:1] + b"\2" + good[2:]
    yield "trailing byte", good + b"\0"
    yield "length of columns", bytes([1, 0]) + sized(raw) + varint(len(joined) + 1) + sized(joined)
    yield "columns with a trailing byte", stored(raw, joined + b"\0")
    yield (
        "seventeen sections",
        stored(raw, varint(17) + b"".join(sized(bytes(each)) for each in list(columns.sections.values())[:17])),
    )
    yield "raw bytes left over", stored(raw + b"\0", joined)
    yield "raw bytes missing", stored(raw[:-1], joined)
    yield "salt flag 2", with_section(several_changes(), "authors", "020200")
    yield "author number past the table", with_section(edit, "change authors", "0101")
    yield "name number past the table", with_section(edit, "names of writes", "010401")
    yield "name number under 0", with_section(edit, "names of writes", "010101")
    yield "seq 0", with_section(edit, "seqs", "01")
    yield "previous of the change before, but there is none", with_section(edit, "previous", "00")
    yield (
        "previous of the change before, whose seq is not one less",
        with_section(content_of(*forked()), "previous", "01000000"),
    )
    yield "previous of seq 1", with_section(event, "previous", "01")
    yield "previous given, but implied", previous_given()
    yield "a name twice", named_twice()
    yield "a code of 33 bits", with_section(edit, "codes", "8080808010")
    yield "a field of 33 bits", with_section(edit, "fields", "8080808010")
    yield "an operation number of 33 bits", with_section(edit, "names of writes", "01028080808010")
    yield "name number under 0, modulo 2^64", with_section(edit, "names of writes", "01feffffffffffffffff0101")
    yield "more changes than bytes", with_section(edit, "change authors", "ffff0300")
    yield "section with a trailing byte", with_section(edit, "walls", columns.sections["walls"].hex() + "00")
    yield "the record before the first operation", with_section(edit, "records", "00")
    yield "a known record, but none was brought", with_section(edit, "records", "04")
    yield "via no write", with_section(event, "records", "02000000000000")
    yield "the record before, where all are via", with_section(several_changes(), "records", "03000304020003000400020600")
    yield "the key before the first operation", with_section(edit, "keys", "02")
    yield "the key before, where none has one", with_section(event, "keys", "00000200010100")
    yield "a known record that is not yet brought", with_section(content_of(*passed_over()), "records", "04020000000203040105060404")
    yield "unknown key code", with_section(edit, "keys", "04")
    yield "has value 2", with_section(edit, "has value", "02")
    yield "dependencies out of order", with_section(several_changes(), "deps", "00020200040100010500")
    yield "epoch number past the table", with_section(several_changes(), "deps", "00020402020000010500")
    yield "a stream left over", with_section(edit, "value shapes", "02017100")
    yield "a stream missing", with_section(edit, "value shapes", "00")
    yield "a stream with bytes left over", with_section(edit, "value bytes", "010f" + b"Vigil for Evin!".hex())


def previous_given() -> bytes:
    """The mark of the change before, in full, where it goes without saying."""
    content = content_of(new_event(), one_edit())
    columns = columns_of(content, "previous", "0001")
    first, second = (change.name.mark for change in content.changes)
    return stored(bytes(columns.raw).replace(first + second, first + second + first), columns.joined())


def named_twice() -> bytes:
    edit = content_of(one_edit(), forked()[1])
    columns = columns_of(edit, "seqs", write_columns(edit).sections["seqs"].hex())
    marks = [change.name.mark for change in edit.changes]
    return stored(bytes(columns.raw).replace(marks[1], marks[0]), columns.joined())


def with_section(content: Content, section: str, data: str) -> bytes:
    columns = columns_of(content, section, data)
    return stored(bytes(columns.raw), columns.joined())


def segments() -> Json:
    """§6 and §7."""
    run = sealed_run(LOG, "run")
    data = [segment.encoded() for segment, _ in run]
    for segment in data:
        same(decode_segment(segment).encoded(), segment)
    log_key = signing_key(LOG_SEED)
    return {
        "log": {
            "team": TEAM.hex(), "salt": team_salt(TEAM).hex(), "epoch": EPOCH.hex(), "epoch_key": EPOCH_KEY.hex(),
            "device_seed": ANA_SEED.hex(), "device_key": ANA.key.hex(), "device": ANA.id.hex(), "author": AUTHOR.hex(),
            "log_seed": LOG_SEED.hex(), "log_key": log_key.hex(), "tag": log_tag(log_key).hex(),
            "commitment": commitment_of(EPOCH_KEY, log_tag(log_key)).hex(), "k_log": derive(EPOCH_KEY, "sync/v1/log-key", log_tag(log_key)).hex(),
        },
        "open": open_vectors(),
        "segments": [segment_vector(*each, before) for each, before in zip(run, [NO_CHAIN] + [chain for _, chain in run])],
        "runs": [run_vector(name, *each) for name, *each in accepted_runs(data)],
        "runs refused": [run_refused(name, *each) for name, *each in refused_runs(data)],
        "segment refused": [refused(name, segment, decode_segment) for name, segment in broken_segments(data)],
        "frames": frame_vectors(data),
        "frames refused": [
            refused("cut off in an item", encode_frame([(1, data[0])])[:-1], decode_frame),
            refused("a type alone", b"\1", decode_frame),
        ],
    }  # fmt: skip


def opening() -> OpenContent:
    return OpenContent(EPOCH, ANA.id, SALT, 0, bytes(8))


def sealed_run(log: LogKeys, nonces: str) -> list[tuple[Segment, bytes]]:
    """An open and three segments, pushed as two: 0 and 1, then 2 and 3. Each with its chain value."""
    contents = [
        encode_content(content_of(new_event())),
        encode_content(content_of(one_edit())),
        encode_content(several_changes()),
    ]
    run: list[tuple[Segment, bytes]] = []
    chain = NO_CHAIN
    for index, data in enumerate([encode_open(opening(), ANA_SEED, log.team, log.key)] + contents):
        run.append(
            seal_segment(
                log,
                index,
                chain,
                fixed(f"{nonces} nonce {index}", 12),
                padded(data, LEAST_CONTENT),
                signed=index in (1, 3),
            )
        )
        chain = run[-1][1]
    return run


def segment_vector(segment: Segment, chain: bytes, before: bytes) -> Json:
    header = segment.header
    plain = open_body(TEAM, EPOCH_KEY, segment, before)
    return {
        "index": header.index,
        "nonce": header.nonce.hex(),
        "plain": plain.hex(),
        "content": unpadded(plain, LEAST_CONTENT).hex(),
        "body_key": body_key(EPOCH_KEY, header.tag, before).hex(),
        "associated": body_associated(TEAM, header, before).hex(),
        "body": segment.body and segment.body.hex(),
        "header": header.encoded().hex(),
        "chain": chain.hex(),
        "signature": segment.signature and segment.signature.hex(),
        "bytes": segment.encoded().hex(),
    }


def open_vectors() -> Json:
    log_key = signing_key(LOG_SEED)
    continuing = replace(opening(), seq=300, mark=name_of(AUTHOR, 300).mark)
    vectors = []
    for name, each in (("a new author", opening()), ("continues after seq 300", continuing)):
        data = encode_open(each, ANA_SEED, TEAM, log_key)
        same(decode_open(data, ANA.key, TEAM, log_key), each)
        fields = {
            "epoch": each.epoch.hex(),
            "device": each.device.hex(),
            "salt": each.salt.hex(),
            "seq": each.seq,
            "mark": each.mark.hex(),
        }
        vectors.append({"name": name, **fields, "bytes": data.hex()})
    broken = (
        ("signature of another log", encode_open(opening(), ANA_SEED, TEAM, ANA.key)),
        ("signature of another device", encode_open(opening(), BEN_SEED, TEAM, log_key)),
        ("a mark after seq 0", encode_open(replace(opening(), mark=fixed("mark", 8)), ANA_SEED, TEAM, log_key)),
    )
    return vectors + [
        refused(name, data, lambda data: decode_open(data, ANA.key, TEAM, log_key)) for name, data in broken
    ]


def accepted_runs(data: list[bytes]) -> Iterator[tuple[str, list[bytes]]]:
    segments = [decode_segment(each) for each in data]
    without = replace(segments[2], body=None).encoded()
    yield "whole", data
    yield "the first push alone", data[:2]
    yield (
        "an interior signature flipped: not checked, so not kept",
        [data[0], with_flipped_signature(segments[1]), *data[2:]],
    )
    yield "a body withdrawn, for a reader that knows a redaction of it", [*data[:2], without, data[3]]


def with_flipped_signature(segment: Segment) -> bytes:
    return replace(segment, signature=flipped(segment.signature or b"", 40)).encoded()


def run_vector(name: str, run: list[bytes]) -> Json:
    plains = open_run(TEAM, EPOCH_KEY, run)
    kept = [segment.encoded() for segment, _ in verify_run(TEAM, run)]
    same(open_run(TEAM, EPOCH_KEY, kept), plains)
    return {
        "name": name,
        "run": [each.hex() for each in run],
        "plains": [plain and plain.hex() for plain in plains],
        "kept": [each.hex() for each in kept],
    }


def refused_runs(data: list[bytes]) -> Iterator[tuple[Any, ...]]:
    """Name, run, and where the reader is not at home: team and epoch key."""
    first, second, third, newest = (decode_segment(each) for each in data)
    forged = [
        replace(segment, signature=None).encoded()
        for segment, _ in sealed_run(replace(LOG, epoch_key=fixed("no epoch")), "forged")
    ]
    impostor = [segment.encoded() for segment, _ in sealed_run(replace(LOG, seed=fixed("impostor")), "impostor")]
    crossed = [
        segment.encoded()
        for segment, _ in sealed_run(replace(LOG, epoch_key=OTHER_EPOCH_KEY, committed=EPOCH_KEY), "crossed")
    ]
    body = flipped(third.body or b"", 20)
    rehashed = replace(third, body=body, header=replace(third.header, body_hash=hashlib.sha256(body).digest()))
    yield "forged prefix: h0 and h1 replaced, the newest signature stays", [*forged[:2], *data[2:]]
    yield "forged middle: h1 replaced, the newest signature stays", [data[0], forged[1], *data[2:]]
    yield "forged prefix of another log key", [*impostor[:2], *data[2:]]
    yield "first and second exchanged", [data[0], data[2], data[1], data[3]]
    yield "one left out", [data[0], data[1], data[3]]
    yield "newest is unsigned", data[:3]
    yield "a bit of the open's header", [flipped(data[0], 70), *data[1:]]
    yield "a bit of an interior header", [*data[:2], flipped(data[2], 20), data[3]]
    yield "a bit of the newest header", [*data[:3], flipped(data[3], 20)]
    yield "a bit of an interior body", [*data[:2], replace(third, body=body).encoded(), data[3]]
    yield "a bit of an interior body, its hash made again", [*data[:2], rehashed.encoded(), data[3]]
    yield "a bit of the newest body", [*data[:3], flipped(data[3], len(data[3]) - 1)]
    yield "a bit of the newest signature", [*data[:3], with_flipped_signature(newest)]
    yield "a reader in another team", data, fixed("another team")
    yield "a reader with another epoch's key", data, TEAM, OTHER_EPOCH_KEY
    yield "committed to this epoch, sealed under another", crossed


def run_refused(name: str, run: list[bytes], team: bytes = TEAM, epoch_key: bytes = EPOCH_KEY) -> Json:
    inputs = {"name": name, "team": team.hex(), "epoch_key": epoch_key.hex(), "run": [each.hex() for each in run]}
    return refusal(lambda: open_run(team, epoch_key, run), **inputs)


def broken_segments(data: list[bytes]) -> Iterator[tuple[str, bytes]]:
    open_, first = data[:2]
    yield "unknown flag", bytes([open_[0] | 8]) + open_[1:]
    yield "an open without its body", bytes([OPEN | ABSENT]) + decode_segment(open_).header.encoded()
    yield "suite 2", first[:1] + b"\2" + first[2:]
    yield "index 0 in a header that is not an open's", first[:18] + b"\0" + first[19:]
    yield "cut off", first[:-1]
    yield "trailing byte", first + b"\0"


def frame_vectors(data: list[bytes]) -> Json:
    push = [(1, segment) for segment in data[:2]]
    pull = push + [(9, b"from a later version"), (2, b"an opaque token")]
    vectors = []
    for name, items in (("a push", push), ("a pull, with an item to skip", pull), ("nothing new", [(2, b"")])):
        frame = encode_frame(items)
        same(decode_frame(frame), items)
        vectors.append(
            {"name": name, "items": [{"type": kind, "data": item.hex()} for kind, item in items], "bytes": frame.hex()}
        )
    return vectors


def control() -> Json:
    """§8 and §9."""
    records = control_records()
    return {
        "team": TEAM.hex(),
        "salt": team_salt(TEAM).hex(),
        "epoch": {"id": EPOCH.hex(), "key": EPOCH_KEY.hex()},
        "devices": [device_vector(ANA, ANA_SEED), device_vector(BEN, BEN_SEED)],
        "devices refused": [refused(name, device.encoded(), whole(read_device)) for name, device in broken_devices()],
        "records": [record_vector(name, record) for name, record in records],
        "records refused": broken_records(dict(records)),
        "sealed refused": broken_sealed(dict(records)["invite"].encoded()),
        **relay_vectors(),
        **invite_vectors(dict(records)),
    }


def device_vector(device: Device, seed: bytes) -> Json:
    data = device.encoded()
    same(whole(read_device)(data), device)
    return {"seed": seed.hex(), "id": device.id.hex(), **device_json(device), "bytes": data.hex()}


def device_json(device: Device) -> Json:
    return {
        "name": device.name,
        "role": device.role,
        "signing_key": device.key.hex(),
        "kem_key": device.kem_key.hex(),
        "possession": device.possession.hex(),
    }


def broken_devices() -> Iterator[tuple[str, Device]]:
    for key in sorted(SMALL_ORDER):
        yield f"signing key of small order {key.hex()}", replace(ANA, key=key)
    low_order = bytes(32), bytes([1]) + bytes(31), bytes.fromhex("ec" + "ff" * 30 + "7f")
    for point in low_order:
        yield f"KEM key of low order {point.hex()}", make_device("Ana", 3, ANA_SEED, ANA.kem_key[:-32] + point)
    yield "a name of 257 bytes", make_device("é" * 128 + "!", 3, ANA_SEED, ANA.kem_key)
    yield "role 0", make_device("Ana", 0, ANA_SEED, ANA.kem_key)
    yield "role 4", make_device("Ana", 4, ANA_SEED, ANA.kem_key)
    yield "somebody else's possession", replace(ANA, possession=BEN.possession)


def control_records() -> list[tuple[str, Record]]:
    """The founder invites, somebody joins, the founder closes; and kinds of a later version."""
    genesis = record_name(GENESIS_RECORD.encoded())
    invite = sign_record(Record(Kind.INVITE, True, (genesis,), ANA.id, WALL + 1_000, the_invite()), ANA_SEED, TEAM)
    name = record_name(invite.encoded())
    join = sign_record(Record(Kind.JOIN, True, (name,), BEN.id, WALL - 5_000, the_join(name)), BEN_SEED, TEAM)
    joined = record_name(join.encoded())
    close = sign_record(Record(Kind.CLOSE, True, (joined,), ANA.id, WALL + 9_000, Close(name, joined)), ANA_SEED, TEAM)
    parents = tuple(sorted((genesis, joined)))
    nobody = sign_record(Record(Kind.CLOSE, True, parents, ANA.id, WALL + 9_000, Close(name, None)), ANA_SEED, TEAM)
    later = sign_record(Record(77, False, (joined,), ANA.id, 0, Unknown(b"from a later version")), ANA_SEED, TEAM)
    critical = replace(later, critical=True)
    return [
        ("genesis", GENESIS_RECORD),
        ("invite", invite),
        ("join", join),
        ("close", close),
        ("close for nobody, two parents", nobody),
        ("admit", sign_record(Record(Kind.ADMIT, True, (joined,), ANA.id, WALL + 10_000, Admit(CEM, 1)), ANA_SEED, TEAM)),
        ("admit: a recovery key", sign_record(Record(Kind.ADMIT, True, (joined,), ANA.id, WALL + 11_000, Admit(DEE, 2)), ANA_SEED, TEAM)),
        *decisions(joined),
        ("unknown kind", later),
        ("unknown critical kind", sign_record(critical, ANA_SEED, TEAM)),
        ("an invite's number without the critical bit: unknown", sign_record(replace(later, number=2), ANA_SEED, TEAM)),
    ]


def decisions(joined: bytes) -> list[tuple[str, Record]]:
    """A volunteer becomes a coordinator and then a reader, is removed, some of what it wrote is accepted; a later key."""
    kinds = (
        ("role", Kind.ROLE, RoleChange(BEN.id, 3)),
        ("role: reader", Kind.ROLE, RoleChange(BEN.id, 1, the_cuts())),
        ("remove", Kind.REMOVE, the_removal()),
        ("remove: nothing counts, nobody remains", Kind.REMOVE, Remove(BEN.id, (), ())),
        ("accept", Kind.ACCEPT, Accept(the_late_changes())),
        ("rotate", Kind.ROTATE, Rotate(the_grants())),
        ("hand", Kind.HAND, Hand(BEN.id, the_grants()[:1])),
        ("rename", Kind.RENAME, Rename(BEN.id, "Ben’s phone")),
        ("redact", Kind.REDACT, the_redaction()),
    )
    signed, parent = [], joined
    for number, (name, kind, payload) in enumerate(kinds):
        record = Record(kind, kind.critical, (parent,), ANA.id, WALL + 20_000 + number, payload)
        signed.append((name, sign_record(record, ANA_SEED, TEAM)))
        parent = record_name(signed[-1][1].encoded())
    return signed


REDACTED = (1, 4)


def the_substitute() -> Change:
    """The new event without its title, and without one organiser's name and number."""
    change = new_event()
    operations = tuple(redacted(o) if place in REDACTED else o for place, o in enumerate(change.operations))
    return replace(change, operations=operations)


def the_redaction() -> Redact:
    change = new_event()
    segments = sorted(
        (
            Withdrawn(fixed("redacted tag", 16), 1, fixed("redacted chain"), redacted_digest([the_substitute()])),
            Withdrawn(fixed("other tag", 16), 300, fixed("other chain"), fixed("other digest")),
        ),
        key=lambda segment: segment.chain,
    )
    record = change.operations[0].record or b""
    return Redact(record, TITLE, "names a witness", (Edit(change.name, REDACTED),), tuple(segments))


def redaction_vectors() -> Json:
    """What becomes of a change, and what a relay is told."""
    redaction, handle = the_redaction(), relay_handle(signing_key(fixed("relay seed 0")))
    signed = withdrawal_signed(handle, redaction.withdrawn)
    signature = sign(fixed("relay seed 1"), "sync/v1/withdraw", signed)
    verify(signing_key(fixed("relay seed 1")), signature, "sync/v1/withdraw", signed)
    return {
        "change": encode_change(new_event()).hex(), "operations": list(REDACTED), "substitute": encode_change(the_substitute()).hex(),
        "digest": redacted_digest([the_substitute()]).hex(), "handle": handle,
        "segments": [{"tag": s.tag.hex(), "index": s.index, "chain": s.chain.hex()} for s in redaction.withdrawn[::-1]],
        "key": signing_key(fixed("relay seed 1")).hex(), "signature": signature.hex(),
    }  # fmt: skip


def the_cuts() -> tuple[ChangeName, ...]:
    """By author: one of Ben's incarnations ended at change 300, the other at its first."""
    authors = (BENS_AUTHOR, 300), (author_id(TEAM, BEN.key, fixed("ben's other salt", 16)), 1)
    return tuple(name_of(*author) for author in sorted(authors))


def the_late_changes() -> tuple[ChangeName, ...]:
    """Two marks of one number are two changes."""
    twins = sorted((name_of(BENS_AUTHOR, 301), replace(name_of(BENS_AUTHOR, 301), mark=fixed("twin", 8))), key=mark_of)
    return (*twins, name_of(BENS_AUTHOR, 12_345_678_901))


def mark_of(name: ChangeName) -> bytes:
    return name.mark


def the_grants() -> tuple[Grant, ...]:
    """For a coordinator the relay seed is sealed with the key: 32 bytes more. Envelopes are random: these open to nobody."""
    grants = Grant(ANA.id, fixed("coordinator's envelope", 1_200)), Grant(fixed("cem", 16), fixed("envelope", 1_168))
    return tuple(sorted(grants, key=lambda grant: grant.device))


def the_removal() -> Remove:
    return Remove(BEN.id, the_cuts(), the_grants())


def the_invite() -> Invite:
    return Invite(signing_key(invite_seed(INVITE_SECRET)), 2, 1, WALL + 172_800_000, 1, EPOCH)


def the_join(invite: bytes) -> Join:
    return Join(invite, BEN, sign(invite_seed(INVITE_SECRET), "sync/v1/join", TEAM + invite + BEN.encoded()))


def record_vector(name: str, record: Record) -> Json:
    data = record.encoded()
    same(decode_record(data), record)
    seed, key = (BEN_SEED, BEN.key) if record.signer == BEN.id else (ANA_SEED, ANA.key)
    verify_record(record, key, TEAM)
    if isinstance(record.payload, Join):
        verify_join(record.payload, the_invite().key, TEAM)
    nonce = fixed(f"control nonce {name}", 12)
    sealed = seal_record(data, EPOCH_KEY, nonce)
    same(open_record(sealed, EPOCH_KEY), data)
    return {
        "name": name,
        "number": int(record.number),
        "critical": record.critical,
        "parents": [parent.hex() for parent in record.parents],
        "signer": record.signer.hex(),
        "signer_seed": seed.hex(),
        "signer_key": key.hex(),
        "wall": record.wall,
        "fields": payload_json(record.payload),
        "payload": record.payload.encoded().hex(),
        "signature": record.signature.hex(),
        "bytes": data.hex(),
        "record_name": record_name(data).hex(),
        "sealed": {
            "epoch_key": EPOCH_KEY.hex(),
            "tag": control_tag(EPOCH_KEY).hex(),
            "nonce": nonce.hex(),
            "bytes": sealed.hex(),
        },
    }


def payload_json(payload: Payload) -> Json:
    match payload:
        case Genesis():
            return {
                "random": payload.random.hex(),
                "team_name": payload.team_name,
                "control_token": payload.control_token.hex(),
                "device": device_json(payload.device),
                "envelope": payload.envelope.hex(),
            }
        case Invite():
            return {
                "key": payload.key.hex(),
                "role": payload.role,
                "uses": payload.uses,
                "expires": payload.expires,
                "history": payload.history,
                "epoch": payload.epoch.hex(),
            }
        case Join():
            return {
                "invite": payload.invite.hex(),
                "device": device_json(payload.device),
                "signature": payload.signature.hex(),
            }
        case Close():
            return {"invite": payload.invite.hex(), "join": payload.join and payload.join.hex()}
        case Admit():
            return {"device": device_json(payload.device), "history": payload.history}
        case RoleChange():
            return {"device": payload.device.hex(), "role": payload.role, "cuts": list(map(change_name_json, payload.cuts))}
        case Remove():
            return {
                "device": payload.device.hex(),
                "cuts": list(map(change_name_json, payload.cuts)),
                "grants": list(map(grant_json, payload.grants)),
            }
        case Accept():
            return {"changes": list(map(change_name_json, payload.changes))}
        case Rotate():
            return {"grants": list(map(grant_json, payload.grants))}
        case Hand():
            return {"device": payload.device.hex(), "keys": list(map(grant_json, payload.keys))}
        case Rename():
            return {"device": payload.device.hex(), "new_name": payload.name}
        case Redact():
            return {
                "record": payload.record.hex(),
                "field": payload.field,
                "reason": payload.reason,
                "edits": [change_name_json(edit.change) | {"operations": list(edit.operations)} for edit in payload.edits],
                "withdrawn": [
                    {"tag": s.tag.hex(), "index": s.index, "chain": s.chain.hex(), "digest": s.digest.hex()}
                    for s in payload.withdrawn
                ],
            }
        case Unknown():
            return None


def grant_json(grant: Grant) -> Json:
    return {"device": grant.device.hex(), "envelope": grant.envelope.hex()}


def broken_decisions() -> Iterator[tuple[str, bytes]]:
    """What a decoder refuses in roles, removals, acceptances and rotations."""
    cuts, grants, removal, late = the_cuts(), the_grants(), the_removal(), the_late_changes()
    crowd = tuple(Grant(number.to_bytes(16, "big"), b"") for number in range(201))
    authors = tuple(ChangeName(number.to_bytes(16, "big"), 1, bytes(8)) for number in range(513))
    yield "an admission cut short", decision(Kind.ADMIT, Unknown(Admit(CEM, 1).encoded()[:-1]))
    yield "an admission with a byte too many", decision(Kind.ADMIT, Unknown(Admit(CEM, 1).encoded() + b"\0"))
    yield "an admission with somebody else's possession", decision(
        Kind.ADMIT, Admit(replace(CEM, possession=BEN.possession), 1)
    )
    yield "a role of 0", decision(Kind.ROLE, RoleChange(BEN.id, 0))
    yield "a role of 4", decision(Kind.ROLE, RoleChange(BEN.id, 4))
    yield "cuts for one who may write", decision(Kind.ROLE, RoleChange(BEN.id, 2, cuts))
    yield "a role with a byte too many", decision(Kind.ROLE, Unknown(RoleChange(BEN.id, 2).encoded() + b"\0"))
    yield "cuts out of order", decision(Kind.REMOVE, replace(removal, cuts=cuts[::-1]))
    yield "two cuts of one author", decision(Kind.REMOVE, replace(removal, cuts=(cuts[0], replace(cuts[0], seq=301))))
    yield "a cut at change 0", decision(Kind.REMOVE, replace(removal, cuts=(replace(cuts[0], seq=0),)))
    yield "513 cuts", decision(Kind.REMOVE, replace(removal, cuts=authors))
    yield "recipients out of order", decision(Kind.REMOVE, replace(removal, grants=grants[::-1]))
    yield "a recipient twice", decision(Kind.REMOVE, replace(removal, grants=grants[:1] * 2))
    yield "a key for the removed device", decision(Kind.REMOVE, replace(removal, grants=(Grant(BEN.id, bytes(1_168)),)))
    yield "201 recipients", decision(Kind.REMOVE, replace(removal, grants=crowd))
    yield "an envelope of 4097 bytes", decision(Kind.ROTATE, Rotate((Grant(ANA.id, bytes(4_097)),)))
    yield "a removal with a byte too many", decision(Kind.REMOVE, Unknown(removal.encoded() + b"\0"))
    yield "a removal cut short", decision(Kind.REMOVE, Unknown(removal.encoded()[:-1]))
    yield "an epoch for nobody", decision(Kind.ROTATE, Rotate(()))
    yield "a rotation with a byte too many", decision(Kind.ROTATE, Unknown(Rotate(grants).encoded() + b"\0"))
    yield "keys of no epoch", decision(Kind.HAND, Hand(BEN.id, ()))
    yield "handed keys with a byte too many", decision(Kind.HAND, Unknown(Hand(BEN.id, grants).encoded() + b"\0"))
    yield "handed keys out of order", decision(Kind.HAND, Hand(BEN.id, tuple(reversed(grants))))
    yield "a name of no bytes", decision(Kind.RENAME, Rename(BEN.id, ""))
    yield "a name of 257 bytes", decision(Kind.RENAME, Rename(BEN.id, "n" * 257))
    yield "a name with a byte too many", decision(Kind.RENAME, Unknown(Rename(BEN.id, "n").encoded() + b"\0"))
    redaction = the_redaction()
    yield "a redaction of nothing", decision(Kind.REDACT, replace(redaction, edits=()))
    yield "a redaction of no operation", decision(Kind.REDACT, replace(redaction, edits=(Edit(new_event().name, ()),)))
    yield "operations out of order", decision(Kind.REDACT, replace(redaction, edits=(Edit(new_event().name, (4, 1)),)))
    yield "withdrawn segments out of order", decision(Kind.REDACT, replace(redaction, withdrawn=redaction.withdrawn[::-1]))
    yield "an open that is withdrawn", decision(
        Kind.REDACT, replace(redaction, withdrawn=(replace(redaction.withdrawn[0], index=0),))
    )
    yield "a reason of 513 bytes", decision(Kind.REDACT, replace(redaction, reason="n" * 513))
    yield "nothing accepted", decision(Kind.ACCEPT, Accept(()))
    yield "accepted changes out of order", decision(Kind.ACCEPT, Accept(late[::-1]))
    yield "a change accepted twice", decision(Kind.ACCEPT, Accept(late[:1] * 2))


def decision(kind: Kind, payload: Payload) -> bytes:
    return sign_record(Record(kind, kind.critical, (TEAM,), ANA.id, WALL, payload), ANA_SEED, TEAM).encoded()


def broken_records(records: dict[str, Record]) -> Json:
    """Refused by the decoder or by the signature, with the signer's key and the team given."""
    genesis, invite, join, two_parents = (
        records[name] for name in ("genesis", "invite", "join", "close for nobody, two parents")
    )
    unsorted = sign_record(replace(two_parents, parents=two_parents.parents[::-1]), ANA_SEED, TEAM)
    twice = sign_record(replace(two_parents, parents=two_parents.parents[:1] * 2), ANA_SEED, TEAM)
    foreign = sign_record(invite, ANA_SEED, fixed("another team"))
    crowded = sign_record(
        replace(invite, parents=tuple(sorted(fixed(f"parent {i}") for i in range(65)))), ANA_SEED, TEAM
    )
    broken = (
        ("version 2", b"\2" + invite.encoded()[1:]),
        ("trailing byte", invite.encoded() + b"\0"),
        ("a bit of the signature", flipped(invite.encoded(), -1)),
        ("a bit of the payload", flipped(invite.encoded(), -70)),
        ("parents out of order", unsorted.encoded()),
        ("a parent twice", twice.encoded()),
        ("65 parents", crowded.encoded()),
        ("signed for another team", foreign.encoded()),
        ("an invite for role 0", invite_of(invite, role=0)),
        ("an invite for role 4", invite_of(invite, role=4)),
        ("an invite with a key of small order", invite_of(invite, key=bytes(32))),
        ("a genesis with a team name of 257 bytes", genesis_of(genesis, team_name="x" * 257)),
        ("a genesis with an envelope of 4097 bytes", genesis_of(genesis, envelope=bytes(4_097))),
        ("a genesis signed by somebody else", sign_record(genesis, BEN_SEED, TEAM).encoded()),
        (
            "a genesis whose signer is not its device",
            sign_record(replace(genesis, signer=BEN.id), ANA_SEED, TEAM).encoded(),
        ),
        ("a join whose signer is not its device", sign_record(replace(join, signer=ANA.id), BEN_SEED, TEAM).encoded()),
        ("a join without the invite's key", sign_record(replace(join, payload=stolen(join)), BEN_SEED, TEAM).encoded()),
        *broken_decisions(),
    )
    return [
        refused(name, data, check_record, team=TEAM.hex(), signer_key=ANA.key.hex(), invite_key=the_invite().key.hex())
        for name, data in broken
    ]


def invite_of(invite: Record, **changes: Any) -> bytes:
    """Signed again after the change."""
    return sign_record(replace(invite, payload=replace(the_invite(), **changes)), ANA_SEED, TEAM).encoded()


def genesis_of(genesis: Record, **changes: Any) -> bytes:
    payload = genesis.payload
    assert isinstance(payload, Genesis)
    return sign_record(replace(genesis, payload=replace(payload, **changes)), ANA_SEED, TEAM).encoded()


def stolen(join: Record) -> Join:
    """A join signed by its own device where the invite's key should sign."""
    invite = join.parents[0]
    return Join(invite, BEN, sign(BEN_SEED, "sync/v1/join", TEAM + invite + BEN.encoded()))


def check_record(data: bytes) -> None:
    record = decode_record(data)
    verify_record(record, ANA.key, TEAM)
    if isinstance(record.payload, Join):
        verify_join(record.payload, the_invite().key, TEAM)


def broken_sealed(record: bytes) -> Json:
    sealed = seal_record(record, EPOCH_KEY, fixed("control nonce", 12))
    broken = (
        ("suite 2", b"\2" + sealed[1:]),
        ("a bit of the nonce", flipped(sealed, 20)),
        ("a bit of the body", flipped(sealed, 40)),
        ("sealed under another epoch", seal_record(record, OTHER_EPOCH_KEY, fixed("control nonce", 12))),
        ("this epoch's tag, another's key", sealed[:17] + seal_record(record, OTHER_EPOCH_KEY, sealed[17:29])[17:]),
    )
    return [
        refused(name, data, lambda data: open_record(data, EPOCH_KEY), epoch_key=EPOCH_KEY.hex())
        for name, data in broken
    ]


def relay_seed(number: int) -> bytes:
    return fixed(f"relay {number}")


def tokens(epoch_key: bytes) -> tuple[bytes, bytes, bytes]:
    """Read, write and control token."""
    return derive(epoch_key, "sync/v1/relay-read"), derive(epoch_key, "sync/v1/relay-write"), CONTROL_TOKEN


def registrations() -> tuple[Registration, Registration]:
    """The founder's, and the one after a rotation to another epoch."""
    chain = []
    for number, epoch_key in enumerate((EPOCH_KEY, OTHER_EPOCH_KEY)):
        read, write, constant = (hashlib.sha256(token).digest() for token in tokens(epoch_key))
        keys = signing_key(relay_seed(number)), signing_key(relay_seed(number + 1))
        unsigned = Registration(number, keys[0], team_salt(TEAM), (read, write, constant), keys[1])
        chain.append(sign_registration(unsigned, relay_seed(number)))
    return chain[0], chain[1]


def relay_vectors() -> Json:
    chain = registrations()
    verify_chain(list(chain))
    for each in chain:
        same(decode_registration(each.encoded()), each)
    return {
        "handle": {"relay_key": chain[0].relay_key.hex(), "handle": relay_handle(chain[0].relay_key)},
        "registrations": [registration_vector(number, each) for number, each in enumerate(chain)],
        "registrations refused": [chain_refused(*broken) for broken in broken_chains(*chain)],
    }


def registration_vector(number: int, registration: Registration) -> Json:
    epoch_key = (EPOCH_KEY, OTHER_EPOCH_KEY)[number]
    return {
        "counter": registration.counter,
        "relay_seed": relay_seed(number).hex(),
        "relay_key": registration.relay_key.hex(),
        "salt": registration.salt.hex(),
        "epoch_key": epoch_key.hex(),
        "tokens": dict(zip(("read", "write", "control"), (token.hex() for token in tokens(epoch_key)))),
        "next_key": registration.next_key.hex(),
        "signature": registration.signature.hex(),
        "bytes": registration.encoded().hex(),
    }


def chain_refused(name: str, chain: list[Registration]) -> Json:
    return refusal(lambda: verify_chain(chain), name=name, chain=[each.encoded().hex() for each in chain])


def broken_chains(first: Registration, second: Registration) -> Iterator[tuple[str, list[Registration]]]:
    thief = replace(second, relay_key=signing_key(fixed("thief")))
    yield "the second alone", [second]
    yield "a first counter of 1", [sign_registration(replace(first, counter=1), relay_seed(0))]
    yield "the same counter again", [first, sign_registration(replace(second, counter=0), relay_seed(1))]
    yield "a counter left out", [first, sign_registration(replace(second, counter=2), relay_seed(1))]
    yield "signed by a key that the first does not name", [first, sign_registration(thief, fixed("thief"))]
    yield "signed by the first key again", [first, sign_registration(second, relay_seed(0))]
    yield "another team's salt", [first, sign_registration(replace(second, salt=fixed("salt")), relay_seed(1))]


def invite_vectors(records: dict[str, Record]) -> Json:
    plain_code = InviteCode(INVITE_SECRET, TEAM[:16], "https://relay.example")
    pinned = replace(plain_code, relay="https://192.0.2.7:8443/sync", pin=fixed("certificate"))
    asked = replace(plain_code, inviter=ANA.id)
    return {
        "invite_keys": {
            "secret": INVITE_SECRET.hex(),
            "seed": invite_seed(INVITE_SECRET).hex(),
            "key": the_invite().key.hex(),
            "mailbox": mailbox(INVITE_SECRET),
        },
        "codes": [
            code_vector("without a pin", plain_code),
            code_vector("with a pin", pinned),
            code_vector("one that asks back", asked),
            code_vector("one that asks back, with a pin", replace(pinned, inviter=ANA.id)),
        ],
        "codes refused": [code_refused(*broken) for broken in broken_codes(plain_code)],
        "redaction": redaction_vectors(),
        **asked_vectors(asked, welcomes(records)[0][1].encoded()),
        "welcomes": [welcome_vector(name, each) for name, each in welcomes(records)],
        "welcomes refused": broken_welcomes(welcomes(records)[0][1].encoded()),
    }


def code_vector(name: str, code: InviteCode) -> Json:
    """With other ways to type it."""
    written = code.written()
    body = written.removeprefix("SYNC-")
    also = [
        written.lower(),
        "SYNC-" + body.replace("-", ""),
        "SYNC-" + body.replace("0", "o").replace("1", "l"),
        "sync " + body.replace("-", " "),
        "  sync\u2013" + body.replace("-", "\u2011").lower() + "\n",
        "\ufeffSYNC-" + body[:7] + "\u200b" + body[7:30] + "-\r\n" + body[30:],
        "\u00a0S Y N C" + body.replace("-", "\t").replace("1", "I").replace("0", "O"),
    ]
    for each in (written, *also):
        same(read_code(each), code)
    data = code.checked()
    return {
        "name": name,
        "secret": code.secret.hex(),
        "team": code.team.hex(),
        "inviter": code.inviter and code.inviter.hex(),
        "pin": code.pin and code.pin.hex(),
        "relay": code.relay,
        "bytes": (data + hashlib.sha256(data).digest()[:5]).hex(),
        "code": written,
        "also": also,
    }


def code_refused(name: str, code: str) -> Json:
    return refusal(lambda: read_code(code), name=name, code=code)


def broken_codes(code: InviteCode) -> Iterator[tuple[str, str]]:
    written = code.written()
    other = code.checked() + bytes(5)
    yield "one wrong character", written[:20] + ("Q" if written[20] != "Q" else "R") + written[21:]
    yield "two characters exchanged", written[:6] + written[7] + written[6] + written[8:]
    yield "the last character missing", written[:-1]
    yield "one character too many", written + "0"
    yield "a character outside the alphabet", written[:20] + "U" + written[21:]
    yield "another prefix", "SINK" + written[4:]
    yield "a wrong checksum", "SYNC-" + base32(other)
    yield "version 3", with_checksum(b"\3" + code.checked()[1:])
    yield "one that asks back, of nobody", with_checksum(b"\2" + code.checked()[1:])
    yield "nothing", ""
    yield "the prefix alone", "SYNC-"
    yield "a full-width letter", written[:20] + "\uff21" + written[21:]
    yield "a letter that looks like one of ours", written[:20] + "\u0410" + written[21:]
    yield "flag 2 for a pin", with_checksum(code.checked()[:33] + b"\2" + code.checked()[34:])
    yield "an address of 513 bytes", replace(code, relay="x" * 513).written()
    yield "an address that is not UTF-8", with_checksum(code.checked()[:-1] + b"\xff")
    yield "spare bits that are not zero", spare_bits(written)
    yield "a byte behind the address", with_checksum(code.checked() + b"\0")


def spare_bits(written: str) -> str:
    """The last character of the code has bits behind the last byte; one of them set."""
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    spare = (len(written.removeprefix("SYNC-").replace("-", "")) * 5) % 8
    assert spare > 0
    return written[:-1] + alphabet[alphabet.index(written[-1]) | 1]


def with_checksum(data: bytes) -> str:
    return "SYNC-" + base32(data + hashlib.sha256(data).digest()[:5])


def welcomes(records: dict[str, Record]) -> list[tuple[str, Welcome]]:
    invite = record_name(records["invite"].encoded())
    first, second = (each.encoded() for each in registrations())
    volunteer = Welcome(TEAM, invite, invite, ((EPOCH, EPOCH_KEY),), CONTROL_TOKEN, (first,))
    coordinator = replace(
        volunteer,
        epochs=((EPOCH, EPOCH_KEY), (OTHER_EPOCH, OTHER_EPOCH_KEY)),
        registrations=(first, second),
        relay_seeds=((EPOCH, relay_seed(1)), (OTHER_EPOCH, relay_seed(2))),
        base=fixed("base"),
    )
    return [("a volunteer's", volunteer), ("a coordinator's, with a base", coordinator)]


def asked_vectors(code: InviteCode, welcome: bytes) -> Json:
    """Offer, request and answer before they are sealed by HPKE, which cannot make a thing twice with the same bytes."""
    keys, joiner = ANA.key + ANA.kem_key, BEN.key + BEN.kem_key
    offer = Offer(keys, 2, WALL + 86_400_000)
    request = JoinRequest(BEN.name, joiner, BEN.possession, fixed("answer", 16))
    data, nonce, envelope = request.encoded(), fixed("offer nonce", 12), fixed("request envelope", 3_184)
    box = seal_offer(offer.encoded(), code.secret, code.team, nonce)
    same(open_offer(box, code.secret, code.team, ANA.id), offer)
    same(read_request_file(request_file(data)), request)
    answers = (("let in", WELCOMED, welcome, "https://relay.example"), ("declined", DECLINED, b"", ""), ("taken", TAKEN, b"", ""))
    return {
        "offer": {
            "secret": code.secret.hex(),
            "inviter": keys.hex(),
            "role": offer.role,
            "expires": offer.expires,
            "bytes": offer.encoded().hex(),
            "nonce": nonce.hex(),
            "box": box.hex(),
        },
        "offers refused": [
            refused(name, bad, lambda bad: open_offer(bad, code.secret, code.team, ANA.id), secret=code.secret.hex())
            for name, bad in broken_offers(offer, code, nonce)
        ],
        "request": {
            "name": request.name,
            "keys": joiner.hex(),
            "possession": request.possession.hex(),
            "answer_secret": request.answer_secret.hex(),
            "answer_mailbox": mailbox(request.answer_secret),
            "bytes": data.hex(),
            "digest": request_digest(data).hex(),
            "padded": padded(data, 2_048).hex(),
            "envelope": envelope.hex(),
            "nonce": nonce.hex(),
            "box": seal_request(envelope, code.secret, code.team, nonce).hex(),
            "file": request_file(data).hex(),
        },
        "requests refused": [refused(name, bad, decode_request) for name, bad in broken_requests(request)],
        "answers": [answer_vector(name, data, outcome, *more) for name, outcome, *more in answers],
        "answers refused": [
            refused(name, bad, lambda bad: check_answer(bad, data, ANA.key)) for name, bad in broken_answers(request)
        ],
        "words": {
            "asked": asked_words(code.secret, code.team, keys, joiner, WORDS),
            "request": request_words(joiner, WORDS),
            "answer": answer_words(TEAM, keys, joiner, WORDS),
        },
    }


def broken_offers(offer: Offer, code: InviteCode, nonce: bytes) -> Iterator[tuple[str, bytes]]:
    def sealed(data: bytes, secret: bytes = code.secret, team: bytes = code.team) -> bytes:
        return seal_offer(data, secret, team, nonce)

    data = offer.encoded()
    yield "another secret", sealed(data, secret=fixed("other secret", 16))
    yield "another team", sealed(data, team=fixed("another team"))
    yield "a bit of the box", flipped(sealed(data), 200)
    yield "somebody else's keys", sealed(replace(offer, keys=BEN.key + BEN.kem_key).encoded())
    yield "role 0", sealed(replace(offer, role=0).encoded())
    yield "role 4", sealed(replace(offer, role=4).encoded())
    yield "version 2", sealed(b"\2" + data[1:])
    yield "trailing byte", sealed(data + b"\0")
    yield "shorter than a nonce", sealed(data)[:11]


def broken_requests(request: JoinRequest) -> Iterator[tuple[str, bytes]]:
    data = request.encoded()
    yield "version 2", b"\2" + data[1:]
    yield "trailing byte", data + b"\0"
    yield "cut short", data[:-1]
    yield "a name of 257 bytes", replace(request, name="x" * 257).encoded()
    yield "somebody else's possession", replace(request, possession=ANA.possession).encoded()
    yield "a signing key of small order", replace(request, keys=bytes(32) + BEN.kem_key).encoded()
    yield "a KEM key of low order", replace(request, keys=BEN.key + BEN.kem_key[:-32] + bytes(32)).encoded()


def answer_vector(name: str, request: bytes, outcome: int, welcome: bytes, relay: str) -> Json:
    data = sign_answer(request, outcome, ANA_SEED, welcome, relay)
    same(check_answer(data, request, ANA.key), outcome)
    return {"name": name, "outcome": outcome, "welcome": welcome.hex(), "relay": relay, "bytes": data.hex()}


def broken_answers(request: JoinRequest) -> Iterator[tuple[str, bytes]]:
    data = request.encoded()
    other = replace(request, answer_secret=fixed("other answer", 16)).encoded()
    yield "to another request", sign_answer(other, DECLINED, ANA_SEED)
    yield "signed by somebody else", sign_answer(data, DECLINED, BEN_SEED)
    yield "outcome 0", sign_answer(data, 0, ANA_SEED)
    yield "outcome 4", sign_answer(data, 4, ANA_SEED)
    yield "an outcome that was changed", flipped(sign_answer(data, DECLINED, ANA_SEED), 33)
    yield "trailing byte", sign_answer(data, DECLINED, ANA_SEED) + b"\0"
    yield "a welcome that is none", sign_answer(data, WELCOMED, ANA_SEED, b"\x01\x02")


def welcome_vector(name: str, welcome: Welcome) -> Json:
    data = welcome.encoded()
    same(decode_welcome(data), welcome)
    nonce = fixed(f"welcome nonce {name}", 12)
    box = seal_welcome(data, INVITE_SECRET, TEAM, nonce)
    same(open_welcome(box, INVITE_SECRET, TEAM), data)
    return {
        "name": name,
        "team": welcome.team.hex(),
        "head": welcome.head.hex(),
        "invite": welcome.invite.hex(),
        "epochs": [{"id": epoch.hex(), "key": key.hex()} for epoch, key in welcome.epochs],
        "control_token": welcome.control_token.hex(),
        "registrations": [each.hex() for each in welcome.registrations],
        "relay_seeds": [{"epoch": epoch.hex(), "seed": seed.hex()} for epoch, seed in welcome.relay_seeds],
        "base": welcome.base and welcome.base.hex(),
        "bytes": data.hex(),
        "secret": INVITE_SECRET.hex(),
        "nonce": nonce.hex(),
        "box": box.hex(),
    }


def broken_welcomes(welcome: bytes) -> Json:
    box = seal_welcome(welcome, INVITE_SECRET, TEAM, fixed("welcome nonce", 12))
    broken = (
        ("another secret", seal_welcome(welcome, fixed("other secret", 16), TEAM, box[:12])),
        ("another team", seal_welcome(welcome, INVITE_SECRET, fixed("another team"), box[:12])),
        ("a bit of the box", flipped(box, 100)),
        (
            "into another team than the code's",
            seal_welcome(welcome[:1] + fixed("another team") + welcome[33:], INVITE_SECRET, TEAM, box[:12]),
        ),
        ("trailing byte", seal_welcome(welcome + b"\0", INVITE_SECRET, TEAM, box[:12])),
        ("flag 2 for a base", seal_welcome(welcome[:-1] + b"\2", INVITE_SECRET, TEAM, box[:12])),
        ("shorter than a nonce", box[:11]),
        ("flag 2 for relay secrets", seal_welcome(welcome[:-2] + b"\2\0", INVITE_SECRET, TEAM, box[:12])),
    )
    return [
        refused(
            name,
            data,
            lambda data: decode_welcome(open_welcome(data, INVITE_SECRET, TEAM)),
            secret=INVITE_SECRET.hex(),
            team=TEAM.hex(),
        )
        for name, data in broken
    ]


def bundle() -> Json:
    """§11."""
    run = sealed_run(LOG, "run")
    records = control_records()
    sealed = [seal_record(record.encoded(), EPOCH_KEY, fixed(f"bundle nonce {name}", 12)) for name, record in records[:2]]
    heads = the_heads(run)
    box = seal_heads(heads.encoded(), EPOCH_KEY, TEAM, fixed("bundle nonce", 12))
    same(open_heads(box, EPOCH_KEY, TEAM, ANA.key), heads)
    items = [(REGISTRATION, each.encoded()) for each in registrations()] + [(CONTROL_ITEM, each) for each in sealed]
    items += [(HEADS, box)] + [(SEGMENT_ITEM, segment.encoded()) for segment, _ in run] + [(FRAME_END, b"")]
    handle = relay_handle(registrations()[0].relay_key)
    for_ben = replace(heads, recipient=BEN.id)
    return {
        "team": TEAM.hex(), "epoch_key": EPOCH_KEY.hex(), "device_key": ANA.key.hex(), "handle": handle,
        "heads": [heads_vector(*each) for each in (("for everybody", heads), ("for one", sign_heads(for_ben, ANA_SEED, TEAM)))],
        "heads refused": [refused(name, data, open_bundled) for name, data in broken_heads(heads)],
        "bundles": [bundle_vector(*each, handle) for each in (("whole", items), ("nothing but the team", items[:5]), ("empty", []))],
        "also read": [also_read_bundle("an item of a later version", handle, items)],
        "bundles refused": [refused(name, data, decode_bundle) for name, data in broken_bundles(handle, [items[0], *items[-3:]])],
    }  # fmt: skip


def the_heads(run: list[tuple[Segment, bytes]]) -> SenderHeads:
    others = LogHead(fixed("another log", 16), 300, fixed("another chain"))
    heads = (LogHead(run[-1][0].header.tag, run[-1][0].header.index, run[-1][1]), others)
    return sign_heads(SenderHeads(ANA.id, SALT, WALL, None, heads), ANA_SEED, TEAM)


def open_bundled(box: bytes) -> SenderHeads:
    return open_heads(box, EPOCH_KEY, TEAM, ANA.key)


def heads_vector(name: str, heads: SenderHeads) -> Json:
    data, nonce = heads.encoded(), fixed(f"heads nonce {name}", 12)
    same(decode_heads(data), heads)
    box = seal_heads(data, EPOCH_KEY, TEAM, nonce)
    return {
        "name": name, "device": heads.device.hex(), "salt": heads.salt.hex(), "wall": heads.wall,
        "recipient": heads.recipient and heads.recipient.hex(),
        "heads": [{"tag": head.tag.hex(), "index": head.index, "chain": head.chain.hex()} for head in heads.heads],
        "bytes": data.hex(), "nonce": nonce.hex(), "sealed": box.hex(),
    }  # fmt: skip


def broken_heads(heads: SenderHeads) -> Iterator[tuple[str, bytes]]:
    nonce = fixed("bundle nonce", 12)
    box = seal_heads(heads.encoded(), EPOCH_KEY, TEAM, nonce)
    yield "a bit of it", flipped(box, 60)
    yield "under another epoch", seal_heads(heads.encoded(), OTHER_EPOCH_KEY, TEAM, nonce)
    yield "of another team", seal_heads(heads.encoded(), EPOCH_KEY, fixed("another team"), nonce)
    yield "by another device", seal_heads(sign_heads(heads, BEN_SEED, TEAM).encoded(), EPOCH_KEY, TEAM, nonce)
    yield "trailing byte", seal_heads(heads.encoded() + b"\0", EPOCH_KEY, TEAM, nonce)
    yield "shorter than a nonce", box[:11]


def bundle_vector(name: str, items: list[tuple[int, bytes]], handle: str) -> Json:
    data = encode_bundle(handle, items)
    same(decode_bundle(data), (handle, items))
    return {"name": name, "items": [{"type": kind, "data": item.hex()} for kind, item in items], "bytes": data.hex()}


def also_read_bundle(name: str, handle: str, items: list[tuple[int, bytes]]) -> Json:
    data = encode_bundle(handle, [(77, b"later")] + items + [(78, b"")])
    same(decode_bundle(data), (handle, items))
    return {"name": name, "items": [{"type": kind, "data": item.hex()} for kind, item in items], "bytes": data.hex()}


def broken_bundles(handle: str, items: list[tuple[int, bytes]]) -> Iterator[tuple[str, bytes]]:
    data = encode_bundle(handle, items)
    for position in (0, len(MARK), len(MARK) + 5, len(MARK) + 17, len(data) // 2, len(data) - 33, len(data) - 1):
        yield f"a bit of byte {position}", flipped(data, position)
    yield "cut off", data[:-1]
    yield "without its end", data[:-34]
    yield "trailing byte", data + b"\0"
    yield "version 2", encode_bundle(handle, items, version=2)
    yield "a registration after segments", encode_bundle(handle, items[1:] + items[:1])
    yield "segments in no frame", encode_bundle(handle, items[:-1])
    yield "a frame end with something in it", encode_bundle(handle, items[:-1] + [(FRAME_END, b"\0")])
    yield "an end of another length", encode_bundle(handle, items + [(0, b"\0")])
    yield "nothing", b""


# The command


def all_files() -> dict[str, Json]:
    topics = (primitives, values, changes, content, segments, control, bundle)
    others = {"rest.json": rest_vectors(fixed), "recovery.json": recovery_vectors(fixed, welcomes(dict(control_records()))[1][1].encoded())}
    return {f"{topic.__name__}.json": topic() for topic in topics} | others


def written(vectors: Json) -> str:
    return json.dumps(vectors, indent=1) + "\n"


def differences(expected: Json, found: Json, path: str = "") -> Iterator[str]:
    """The places at which two JSON values differ."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in [*expected, *(key for key in found if key not in expected)]:
            yield from differences(expected.get(key), found.get(key), f"{path}/{key}")
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for index, (left, right) in enumerate(zip(expected, found)):
            yield from differences(left, right, f"{path}/{index}")
    elif expected != found:
        yield f"{path}: expected {shortened(expected)}, found {shortened(found)}"


def shortened(value: Json) -> str:
    string = json.dumps(value)
    return string if len(string) <= 72 else f"{string[:60]}… ({len(string)} characters)"


def check_file(path: Path, vectors: Json) -> list[str]:
    if not path.exists():
        return [f"{path.name}: missing"]
    found = path.read_text()
    if found == written(vectors):
        return []
    try:
        places = list(differences(vectors, json.loads(found)))
    except json.JSONDecodeError as error:
        return [f"{path.name}: not JSON: {error}"]
    return [f"{path.name}{place}" for place in places] or [f"{path.name}: the same vectors, laid out differently"]


def main() -> int:
    parser = argparse.ArgumentParser(description="Writes the golden vectors of docs/format.md.")
    parser.add_argument("--check", action="store_true", help="compare with the files instead of writing them")
    check = parser.parse_args().check
    files = all_files()
    if check:
        found = [line for name, vectors in files.items() for line in check_file(FOLDER / name, vectors)]
        print("\n".join(found) or f"{len(files)} files are as they should be")
        return 1 if found else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, vectors in files.items():
        (FOLDER / name).write_text(written(vectors))
    return 0


if __name__ == "__main__":
    sys.exit(main())
