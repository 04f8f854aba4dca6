#!/usr/bin/env python3
"""Made Tests/Vectors/envelope.json: an envelope of docs/format.md, section 8, by another implementation of HPKE.

Encryption draws its own randomness, so the file is frozen. Run, this prints another one that must open just as well.
Needs a `cryptography` with HPKE and X-Wing (48 has them).
"""

import hashlib
import json

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives import hpke

from sync_format import device_id
from vectors import ANA, EPOCH_KEY, fixed

seed = fixed("kem seed")
expanded = hashlib.shake_256(seed).digest(96)
post_quantum, classical = (
    MLKEM768PrivateKey.from_seed_bytes(expanded[:64]),
    X25519PrivateKey.from_private_bytes(expanded[64:]),
)
private = hpke.MLKEM768X25519PrivateKey(post_quantum, classical)
public = post_quantum.public_key().public_bytes_raw() + classical.public_key().public_bytes_raw()
device = device_id(ANA.key, public)
info = b"sync/v1/envelope\0" + device
suite = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
envelope = suite.encrypt(EPOCH_KEY, private.public_key(), info=info)
assert suite.decrypt(envelope, private, info=info) == EPOCH_KEY
fields = {
    "seed": seed, "kem_key": public, "signing_key": ANA.key, "device": device, "info": info,
    "epoch_key": EPOCH_KEY, "envelope": envelope,
}  # fmt: skip
print(json.dumps({name: data.hex() for name, data in fields.items()}, indent=1))
