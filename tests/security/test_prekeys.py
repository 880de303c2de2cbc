"""Prekeys, checked against the X-Wing draft's test vector and a key schedule written from RFC 9180."""

import json
from hashlib import sha256, shake_256
from hmac import digest
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.security.errors import PrekeyMalformedError, SealBrokenError
from app.security.prekeys import PUBLIC_BYTES, generate_prekey, open_sealed, public_half, seal
from tests.support.keys import RandomBytes

VECTOR = json.loads((Path(__file__).parent / "xwing_draft_08.json").read_text())
SUITE_ID = b"HPKE" + (0x647A).to_bytes(2, "big") + (1).to_bytes(2, "big") + (2).to_bytes(2, "big")


def vector_private() -> bytes:
    """The draft's 32-byte seed expanded to d, z and the X25519 scalar (section 5.2)."""
    return shake_256(bytes.fromhex(VECTOR["seed"])).digest(96)


def extract(salt: bytes, label: bytes, ikm: bytes) -> bytes:
    return digest(salt or bytes(32), b"HPKE-v1" + SUITE_ID + label + ikm, sha256)


def expand(key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    labelled = length.to_bytes(2, "big") + b"HPKE-v1" + SUITE_ID + label + info
    return digest(key, labelled + b"\x01", sha256)[:length]


def sealed_by_the_book(shared_secret: bytes, info: bytes, plaintext: bytes) -> bytes:
    """RFC 9180, section 5.1, mode base, first message, written without the library under test."""
    context = b"\x00" + extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", info)
    secret = extract(shared_secret, b"secret", b"")
    nonce = expand(secret, b"base_nonce", context, 12)
    return AESGCM(expand(secret, b"key", context, 32)).encrypt(nonce, plaintext, b"")


def test_public_half_matches_the_draft() -> None:
    public = public_half(vector_private())
    assert (public[:36].hex(), public[-28:].hex()) == (VECTOR["public_begins"], VECTOR["public_ends"])


def test_open_what_the_draft_encapsulated() -> None:
    ciphertext = sealed_by_the_book(bytes.fromhex(VECTOR["shared_secret"]), b"grant", b"k" * 32)
    sealed = bytes.fromhex(VECTOR["encapsulated"]) + ciphertext
    assert open_sealed(vector_private(), b"grant", sealed) == b"k" * 32


def test_seal_and_open() -> None:
    private = generate_prekey(RandomBytes())
    public = public_half(private)
    sealed = seal(public, b"info", b"k" * 32)
    assert (len(private), len(public), len(sealed)) == (96, 1216, 1168)
    assert open_sealed(private, b"info", sealed) == b"k" * 32


def test_seal_differs_each_time() -> None:
    public = public_half(generate_prekey(RandomBytes()))
    assert seal(public, b"info", b"key") != seal(public, b"info", b"key")


@pytest.mark.parametrize("place", [0, 600, 1087, 1088, 1119, 1120, 1151, 1167])
def test_open_flipped_bit_refused(place: int) -> None:
    private = generate_prekey(RandomBytes())
    sealed = bytearray(seal(public_half(private), b"info", b"k" * 32))
    sealed[place] ^= 1
    with pytest.raises(SealBrokenError):
        open_sealed(private, b"info", bytes(sealed))


def test_open_by_another_key_or_context_refused() -> None:
    private = generate_prekey(RandomBytes())
    sealed = seal(public_half(private), b"info", b"k" * 32)
    with pytest.raises(SealBrokenError):
        open_sealed(generate_prekey(RandomBytes()), b"info", sealed)
    with pytest.raises(SealBrokenError):
        open_sealed(private, b"other", sealed)


@pytest.mark.parametrize("length", [0, 1, 1119, 1120, 1135])
def test_open_shortened_refused(length: int) -> None:
    private = generate_prekey(RandomBytes())
    sealed = seal(public_half(private), b"info", b"k" * 32)
    with pytest.raises(SealBrokenError):
        open_sealed(private, b"info", sealed[:length])


@pytest.mark.parametrize(
    "public", [b"", bytes(PUBLIC_BYTES - 1), bytes(PUBLIC_BYTES + 1), b"\xff" * PUBLIC_BYTES]
)
def test_seal_to_no_prekey_refused(public: bytes) -> None:
    with pytest.raises(PrekeyMalformedError):
        seal(public, b"info", b"key")


def test_seal_to_a_low_order_point_refused() -> None:
    public = public_half(generate_prekey(RandomBytes()))[:-32] + bytes(32)
    with pytest.raises(PrekeyMalformedError):
        seal(public, b"info", b"key")


def test_private_of_the_wrong_length_refused() -> None:
    with pytest.raises(PrekeyMalformedError):
        public_half(bytes(95))
