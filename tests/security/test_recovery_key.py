"""The printed recovery key: what a person types from paper is read, and mistakes are located."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.security.errors import RecoveryKeyLengthError, RecoveryKeyMistypedError
from app.security.recovery_key import RecoveryKey, make_recovery_key, read_recovery_key
from tests.support.keys import RandomBytes

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
secrets = st.binary(min_size=20, max_size=20)


@given(secrets)
def test_read_what_was_printed(secret: bytes) -> None:
    assert read_recovery_key(RecoveryKey(secret).text).secret == secret


def test_text_is_eight_groups_of_five() -> None:
    groups = make_recovery_key(RandomBytes()).text.split("-")
    assert [len(group) for group in groups] == [5] * 8


def test_text_is_the_same_in_every_version() -> None:
    # A sheet printed today must be read in ten years.
    assert RecoveryKey(bytes(range(20))).text == "000GZ-40R4S-0M30W-E2099-185G4-R38EG-1W81N-24GKX"


@pytest.mark.parametrize(
    "written",
    [
        "000gz 40r4s 0m30w e2099 185g4 r38eg 1w81n 24gkx",
        "OOOGZ-4OR4S-OM3OW-E2O99-I85G4-R38EG-lW8iN-24GKX",
        "  000GZ40R4S0M30WE2099185G4R38EG1W81N24GKX\n",
        "000GZ–40R4S–0M30W–E2099\n–185G4–R38EG–1W81N–24GKX.",
    ],
)
def test_read_tolerates_how_people_write(written: str) -> None:
    assert read_recovery_key(written).secret == bytes(range(20))


@given(secrets, st.integers(0, 39), st.sampled_from(ALPHABET))
def test_read_one_wrong_character_names_its_group(secret: bytes, place: int, other: str) -> None:
    typed = RecoveryKey(secret).text.replace("-", "")
    if typed[place] == other:
        return
    with pytest.raises(RecoveryKeyMistypedError) as caught:
        read_recovery_key(typed[:place] + other + typed[place + 1 :])
    assert caught.value.params == {"group": place // 5 + 1}


@given(secrets, st.integers(0, 6))
def test_read_swapped_groups_noticed(secret: bytes, place: int) -> None:
    groups = RecoveryKey(secret).text.split("-")
    if groups[place][:4] == groups[place + 1][:4]:
        return
    groups[place : place + 2] = reversed(groups[place : place + 2])
    with pytest.raises(RecoveryKeyMistypedError) as caught:
        read_recovery_key("-".join(groups))
    assert caught.value.params == {"group": place + 1}


def test_read_letter_outside_the_alphabet_named() -> None:
    with pytest.raises(RecoveryKeyMistypedError) as caught:
        read_recovery_key("000GZ-40R4S-0M30W-E2099-185G4-R38EG-1W81N-24GKU")
    assert caught.value.params == {"group": 8}


def test_read_missing_group_counted() -> None:
    with pytest.raises(RecoveryKeyLengthError) as caught:
        read_recovery_key("000GZ-40R4S-0M30W-E2099-185G4-R38EG-1W81N")
    assert caught.value.params == {"given": 35, "wanted": 40}


def test_repr_hides_the_secret() -> None:
    assert repr(RecoveryKey(bytes(20))) == "RecoveryKey()"
