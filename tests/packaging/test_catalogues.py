"""The catalogue tool: stable files, and faults that it must find."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("catalogues_tool", ROOT / "packaging/catalogues.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("message", "faults"),
    [
        (Message("{count} waiting", "{count} warten"), []),
        (Message("{count} waiting", ""), ["not translated: '{count} waiting'"]),
        (Message("{count} waiting", "{number} warten"), ["other placeholders: '{count} waiting'"]),
        (Message("{count} waiting", "warten"), ["other placeholders: '{count} waiting'"]),
        (Message("Save", "Speichern", flags=["fuzzy"]), ["not translated: 'Save'"]),
        (Message(("one file", "{count} files"), ("eine Akte", "{count} Akten")), []),
        (Message(("one file", "{count} files"), ("eine Akte", "")), ["not translated: 'one file'"]),
        (Message(("one file", "{count} files"), ("eine", "Akten")), ["other placeholders: 'one file'"]),
    ],
)
def test_faults_of_a_translation_are_found(tool: ModuleType, message: Message, faults: list[str]) -> None:
    assert list(tool.message_faults(message)) == faults


def test_file_is_the_same_whatever_the_order_and_day(tool: ModuleType) -> None:
    def catalogue(*texts: str) -> Catalog:
        made: Catalog = tool.new_catalogue("de")
        for text in texts:
            made.add(text, f"{text} (de)", locations=[("app/a.py", 7)])
        return made

    first, second = catalogue("Save", "Lock"), catalogue("Lock", "Save")
    assert tool.as_text(first) == tool.as_text(second)
    assert b"Date" not in tool.as_text(first)
    assert b"a.py:7" not in tool.as_text(first)


def test_labels_of_declarations_are_extracted(tool: ModuleType) -> None:
    template = tool.extract()
    assert template.get("Case file") is not None
    assert template.get("Interpreter needed") is not None
