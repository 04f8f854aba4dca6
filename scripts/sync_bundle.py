"""Bundles, docs/format.md §11: what reads and writes every byte of them, for scripts/vectors.py."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from sync_format import derive, padded, Reader, Refused, require, seal, sign, sized, unpadded, unseal, varint, verify, zig

MARK = b"sync bundle\n"
END, SEGMENT, FRAME_END, REGISTRATION, CONTROL, HEADS = range(6)
LEAST_HEADS = 256


@dataclass(frozen=True)
class LogHead:
    tag: bytes
    index: int
    chain: bytes


@dataclass(frozen=True)
class SenderHeads:
    device: bytes
    salt: bytes
    wall: int
    recipient: bytes | None
    heads: tuple[LogHead, ...]
    signature: bytes = b""

    def unsigned(self) -> bytes:
        out = b"\x01" + self.device + self.salt + zig(self.wall)
        out += b"\0" if self.recipient is None else b"\x01" + self.recipient
        return out + varint(len(self.heads)) + b"".join(head.tag + varint(head.index) + head.chain for head in self.heads)

    def encoded(self) -> bytes:
        return self.unsigned() + self.signature


def sign_heads(heads: SenderHeads, seed: bytes, team: bytes) -> SenderHeads:
    return replace(heads, signature=sign(seed, "sync/v1/bundle-sign", team + heads.unsigned()))


def decode_heads(data: bytes) -> SenderHeads:
    reader = Reader(data)
    reader.version()
    device, salt, wall = reader.take(16), reader.take(16), reader.zig()
    recipient = reader.take(16) if reader.flag() else None
    heads = tuple(LogHead(reader.take(16), reader.varint(), reader.take(32)) for _ in range(reader.varint()))
    decoded = SenderHeads(device, salt, wall, recipient, heads, reader.take(64))
    reader.end()
    return decoded


def seal_heads(data: bytes, epoch_key: bytes, team: bytes, nonce: bytes) -> bytes:
    key = derive(epoch_key, "sync/v1/bundle-key")
    return nonce + seal(key, nonce, b"sync/v1/bundle-aad\0" + team, padded(data, LEAST_HEADS))


def open_heads(sealed: bytes, epoch_key: bytes, team: bytes, key: bytes) -> SenderHeads:
    reader = Reader(sealed)
    nonce, box = reader.take(12), reader.rest()
    plain = unseal(derive(epoch_key, "sync/v1/bundle-key"), nonce, b"sync/v1/bundle-aad\0" + team, box)
    heads = decode_heads(unpadded(plain, LEAST_HEADS))
    verify(key, heads.signature, "sync/v1/bundle-sign", team + heads.unsigned())
    return heads


def file_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"sync/v1/bundle\0" + data).digest()


def encode_bundle(handle: str, items: list[tuple[int, bytes]], version: int = 1) -> bytes:
    start = MARK + bytes([version]) + bytes.fromhex(handle)
    inside = b"".join(bytes([kind]) + sized(data) for kind, data in items)
    whole = start + inside + bytes([END, 32])
    return whole + file_hash(whole)


def decode_bundle(data: bytes) -> tuple[str, list[tuple[int, bytes]]]:
    """Handle and items, those of unknown types left out. What is damaged is refused before anything of it is read."""
    require(len(data) > 32 and file_hash(data[:-32]) == data[-32:], "hash")
    reader = Reader(data)
    require(reader.take(len(MARK)) == MARK, "mark")
    require(reader.u8() == 1, "version")
    handle, items, in_segments = reader.take(16).hex(), [], False
    while True:
        kind, inside = reader.u8(), reader.sized()
        if kind == END:
            require(len(inside) == 32, "end")
            break
        require(kind != FRAME_END or not inside, "frame end")
        in_segments |= kind in (SEGMENT, FRAME_END)
        require(not in_segments or kind not in (REGISTRATION, CONTROL, HEADS), "order")
        if kind <= HEADS:
            items.append((kind, inside))
    reader.end()
    if items and items[-1][0] == SEGMENT:
        raise Refused("open frame")
    return handle, items
