"""Whom the list of a member field offers: by its declaration, the roster's roles and who has left."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from app.domain.declarations import CASE_FILE, HANDOVER, STAND_IN
from app.domain.schema import RecordType
from tests.support.ports import ANNA, BEN, CORA, SINA, FixedMembers
from ui.widgets.choice_editors import MemberEditor

DINA = replace(BEN, id=5, name="Dina Can", immigration_duties=True)
EVA = replace(BEN, id=6, name="Eva Ort", active=False)
MEMBERS = FixedMembers((SINA, CORA, DINA, EVA, BEN, ANNA))


@pytest.mark.parametrize(
    ("record_type", "name", "offered"),
    [
        (STAND_IN, "stand_in", ["Anna Berg, kreis", "Ben Kaya, verein", "Sina Vogt, kreis"]),
        (HANDOVER, "handover_to", ["Anna Berg, kreis", "Ben Kaya, verein"]),
        (
            HANDOVER,
            "handover_from",
            ["Anna Berg, kreis", "Ben Kaya, verein", "Dina Can, verein", "Eva Ort (has left), verein"],
        ),
        (
            CASE_FILE,
            "supervision",
            [
                "Anna Berg, kreis",
                "Ben Kaya, verein",
                "Cora Lenz, kreis",
                "Dina Can, verein",
                "Sina Vogt, kreis",
            ],
        ),
    ],
)
def test_only_who_may_be_named_is_offered(
    qtbot: QtBot, record_type: RecordType, name: str, offered: list[str]
) -> None:
    field = record_type.fields[name]
    editor = MemberEditor(field, MEMBERS)
    qtbot.addWidget(editor)
    keys = [editor.box.itemText(index) for index in range(editor.box.count()) if editor.box.itemData(index)]
    assert keys == offered
