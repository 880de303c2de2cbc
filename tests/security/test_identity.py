"""The device's signing key."""

import pytest

from app.security.identity import DeviceIdentity, is_signed_by
from tests.support.keys import RandomBytes


def test_sign_verified_by_the_public_half() -> None:
    identity = DeviceIdentity.create(RandomBytes())
    assert is_signed_by(identity.public_bytes, b"kim-mobil/test/1 x", identity.sign(b"kim-mobil/test/1 x"))


def test_sign_matches_rfc_8032_test_1() -> None:
    identity = DeviceIdentity(
        bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    )
    assert identity.public_bytes.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert identity.sign(b"").hex() == (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b"
    )


def test_private_bytes_bring_the_identity_back() -> None:
    identity = DeviceIdentity.create(RandomBytes())
    again = DeviceIdentity(identity.private_bytes)
    assert again.public_bytes == identity.public_bytes


@pytest.mark.parametrize("place", [0, 31, 32, 63])
def test_flipped_signature_refused(place: int) -> None:
    identity = DeviceIdentity.create(RandomBytes())
    signature = bytearray(identity.sign(b"message"))
    signature[place] ^= 1
    assert not is_signed_by(identity.public_bytes, b"message", bytes(signature))


def test_other_message_key_or_malformed_input_refused() -> None:
    identity = DeviceIdentity.create(RandomBytes())
    signature = identity.sign(b"message")
    other = DeviceIdentity.create(RandomBytes()).public_bytes
    assert not is_signed_by(identity.public_bytes, b"another", signature)
    assert not is_signed_by(other, b"message", signature)
    assert not is_signed_by(identity.public_bytes[:-1], b"message", signature)
    assert not is_signed_by(identity.public_bytes, b"message", b"")


def test_wrong_length_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        DeviceIdentity(bytes(31))
