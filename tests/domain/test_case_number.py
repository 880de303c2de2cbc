"""Case numbers: check character, lenient reading, blocks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_37_36

from app.domain.case_number import ALPHABET, BLOCKS, CaseNumber, block_numbers, read_case_number
from app.domain.errors import CaseNumberError

serials = st.integers(0, 1024 * 1024 - 1)


@given(serials)
def test_number_printed_is_read_back(serial: int) -> None:
    number = CaseNumber("MUS", 2026, serial)
    assert read_case_number(str(number)) == number
    assert mod_37_36.is_valid(str(number).replace("-", ""))


def test_four_characters_are_read_leniently_the_rest_is_not() -> None:
    number = next(
        n for block in block_numbers("MUS", 2026, 1, 0) for n in [block] if "0" in n.body and "1" in n.body
    )
    typed = str(number).replace(number.body, number.body.replace("0", "o").replace("1", "l"))
    assert read_case_number(f"  {typed.lower()} ") == number
    with pytest.raises(CaseNumberError) as caught:
        read_case_number("MUS-2O26-0001-A")
    assert caught.value.params == {"reason": "shape"}


@given(serials, st.integers(0, 3), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(serial: int, place: int, letter: str) -> None:
    number = CaseNumber("MUS", 2026, serial)
    if number.body[place] == letter:
        return
    wrong = number.body[:place] + letter + number.body[place + 1 :]
    with pytest.raises(CaseNumberError):
        read_case_number(f"MUS-2026-{wrong}-{number.check}")


def test_blocks_of_a_slot_never_overlap_and_leave_out_ambiguous_checks() -> None:
    given_out = [number for block in range(BLOCKS) for number in block_numbers("MUS", 2026, 7, block)]
    assert len({str(number) for number in given_out}) == len(given_out)
    assert {number.check for number in given_out} & set("ILOU") == set()
    other = {str(number) for block in range(BLOCKS) for number in block_numbers("MUS", 2026, 8, block)}
    assert {str(number) for number in given_out} & other == set()
