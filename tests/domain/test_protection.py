"""The value shown while two stand against each other: the more protective one, whoever wrote it when."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.classes import RegisterClass
from app.domain.declarations import CASE_FILE, PERSON, REGISTRY
from app.domain.dots import Context, Dot
from app.domain.merge import Change
from app.domain.schema import STANDING, Value
from app.domain.values import decode_register, encode_register
from app.storage.record_reader import protection_of, shown_head

SAFETY = CASE_FILE.register_by_name["safety"]
PROTECTED = {("CaseFile", "safety"), ("Person", STANDING), ("BenefitPeriod", STANDING)}


def head(number: int, hlc: int, **values: Value) -> Change:
    value = encode_register(SAFETY, values, {})
    record = Dot(1, 1, 1)
    dot = Dot(number, 1, 1)
    base = RegisterClass.BASE
    return Change(dot, record, record, "CaseFile", "safety", base, value, Context(), hlc, number, 1)


def test_every_register_that_the_design_names_declares_its_protection() -> None:
    declared = {
        (record_type.name, register.name)
        for record_type in REGISTRY
        for register in record_type.all_registers
        if protection_of(register) is not None
    }
    assert declared >= PROTECTED


@pytest.mark.parametrize(
    ("field", "weaker", "stronger"),
    [
        ("contact_rule", "free", "code_word"),
        ("contact_rule", "code_word", "in_person"),
        ("contact_rule", "in_person", "never"),
        ("paper_home", "yes", "neutral"),
        ("paper_home", "neutral", "none"),
        ("not_before", None, "Ehemann"),
        ("never_interpreter", None, "DOL-7"),
    ],
)
def test_the_more_protective_rule_is_shown_though_it_is_older(field: str, weaker: str, stronger: str) -> None:
    heads = (head(1, 1, **{field: stronger}), head(2, 9, **{field: weaker}))
    for order in permutations(heads):
        shown = shown_head(SAFETY, order)
        assert decode_register(SAFETY, shown.value)[field] == stronger


def test_keeping_a_record_is_shown_before_deleting_it() -> None:
    register = PERSON.register_by_name[STANDING]
    rank = protection_of(register)
    assert rank is not None
    present, deleted = (encode_register(register, {STANDING: code}, {}) for code in ("present", "deleted"))
    assert rank(present) > rank(deleted)


CODES = st.fixed_dictionaries(
    {},
    optional={
        "contact_rule": st.sampled_from(["free", "code_word", "in_person", "never"]),
        "paper_home": st.sampled_from(["yes", "neutral", "none"]),
        "not_before": st.sampled_from(["Ehemann", ""]),
    },
)


@settings(max_examples=1000)
@given(
    st.lists(st.tuples(CODES, st.integers(0, 3)), min_size=2, max_size=5), st.randoms(use_true_random=False)
)
def test_what_is_shown_depends_on_the_heads_alone(
    sides: list[tuple[dict[str, Value], int]], random: object
) -> None:
    heads = [head(number, hlc, **values) for number, (values, hlc) in enumerate(sides, start=1)]
    shuffled = list(heads)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis' Random
    assert shown_head(SAFETY, tuple(shuffled)) == shown_head(SAFETY, tuple(heads))
