#!/usr/bin/env python3
"""Reads `perf script -F ip,sym`, and prints how many samples have cryptography on their stack, and in which primitive.

    perf script -F ip,sym | python3 scripts/crypto_share.py NAME
"""

import collections
import re
import sys

# BoringSSL as swift-crypto vendors it, its assembly, swift-crypto itself ($s6Crypto…, $s12CryptoExtras…), and the engine's wrappers.
CRYPTO = re.compile(
    r"BoringSSL|chacha20|poly1305|sha256_block|sha512_block|x25519|ed25519|fiat_|keccak|mlkem|\$s6Crypto|\$s12CryptoExtras|"
    r"\$s8SyncCore\d+(Sealing|Digest|Secret|SigningKey|Signature|KEMKey|Envelope|Scrypt|WeakKeys)"
)
PRIMITIVES = [
    ("signatures", re.compile(r"(?i)ed25519|x25519_ge|sc_muladd|SigningKey|9SignatureO")),
    ("sealing", re.compile(r"(?i)chacha|poly1305|Sealing")),
    ("hashes, derivation", re.compile(r"(?i)sha256|sha512|hmac|hkdf|Digest|Secret")),
    ("envelopes", re.compile(r"(?i)mlkem|keccak|x25519|hpke|KEMKey|Envelope")),
]


def stacks(lines):
    """Each sample's frames, innermost first."""
    frames = []
    for line in lines:
        line = line.strip()
        if line:
            frames.append(line)
        elif frames:
            yield frames
            frames = []
    if frames:
        yield frames


def main() -> None:
    total = crypto = 0
    parts = collections.Counter()
    for frames in stacks(sys.stdin):
        total += 1
        if not any(CRYPTO.search(frame) for frame in frames):
            continue
        crypto += 1
        text = " ".join(frames)
        parts[next((name for name, pattern in PRIMITIVES if pattern.search(text)), "other")] += 1
    if not total:
        sys.exit("no samples")
    detail = ", ".join(f"{name} {100 * count / total:.1f}" for name, count in parts.most_common())
    print(f"{sys.argv[1]}: {100 * crypto / total:.1f} % of {total} samples in cryptography ({detail})")


if __name__ == "__main__":
    main()
