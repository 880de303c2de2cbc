"""Every table either loses its rows about an erased case file, or holds nothing of one."""

import sqlite3

from app.storage.migrate import migrations

TOLD_BY_COLUMN = {"record", "dot", "case_file"}
BY_NAME = {"change", "record", "draft", "attachment_part", "search", "search_text"}
"""Cleared by `app.storage.removal` under their names."""
HOLDS_NOTHING = {
    "ack_in",
    "ask_answered",
    "channel_key",
    "folder_item",
    "folder_list",
    "grant_out",
    "log_share",
    "offer_again",
    "order_lifted",
    "order_paper",
    "order_target",
    "own_head",
    "own_key",
    "own_prekey",
    "parcel",
    "prekey",
    "purge_out",
    "read_stream",
    "received",
    "relay_item",
    "relay_run",
    "relay_state",
    "roster",
    "round_report",
    "sealed",
    "session",
    "setting",
    "source",
    "standing_order",
    "state_due",
    "state_teller",
    "state_told",
    "supervisor_device",
    "told_through",
    "voided",
    "wish",
    "witnessed",
}
"""Keys, sealed bytes, places and random ids: nothing that a person wrote."""


def tables() -> dict[str, set[str]]:
    database = sqlite3.connect(":memory:")
    for script in migrations():
        database.executescript(script)
    names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    found = {name for (name,) in names if not name.startswith(("search_", "sqlite_"))}
    return {
        name: {row[1] for row in database.execute(f"PRAGMA table_info({name})")} for name in sorted(found)
    }


def test_every_table_is_cleared_or_holds_nothing_of_a_case_file() -> None:
    open_ones = {
        name
        for name, columns in tables().items()
        if not columns & TOLD_BY_COLUMN and name not in BY_NAME | HOLDS_NOTHING
    }
    assert open_ones == set()
