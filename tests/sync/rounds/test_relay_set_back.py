"""A relay that was set back to an older copy, when what it lost were no envelopes."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sync.sending.own_channels import Channels
from sync.sending.own_prekeys import keep_prekey
from tests.support.district import District, edit_case, open_case, stored


def lose(district: District, copy: Path, what: Callable[[], object]) -> None:
    """Let something happen of which the relay knows nothing any more."""
    relay = district.relay
    relay.stop()
    shutil.copytree(relay.database_path.parent, copy)
    relay.start()
    what()
    relay.stop()
    shutil.rmtree(relay.database_path.parent)
    shutil.copytree(copy, relay.database_path.parent)
    relay.start()


def test_a_prekey_that_the_relay_lost_is_brought_again(district: District, tmp_path: Path) -> None:
    anna = district["anna"]
    district.round()

    def renew() -> None:
        with anna._engine.office.transaction() as post:
            keep_prekey(anna._engine, post, *anna._engine.new_prekey())
        assert district.round("anna").envelopes_up == 0

    lose(district, tmp_path / "copy", renew)
    district.round("anna", "sina")
    with district["sina"]._engine.office.transaction() as post:
        known = post.keys.newest_prekey(anna._engine.index)
    with anna._engine.office.transaction() as post:
        newest = post.keys.own_prekeys()[0]
    assert known is not None
    assert known.signed == newest.signed


def test_a_grant_that_the_relay_lost_is_brought_again(district: District, tmp_path: Path) -> None:
    anna, sina = district["anna"], district["sina"]
    open_case(anna)
    district.round("anna", "sina", "anna")
    engine = anna._engine

    def grant() -> None:
        with engine.office.transaction() as post:
            key = post.keys.newest_epoch(engine.index, frozenset({sina.session.me}))
            assert key is not None
            Channels(engine).grant_again(post, key.channel, key.epoch, sina._engine.device)
        assert district.round("anna").envelopes_up == 0

    lose(district, tmp_path / "copy", grant)
    district.round("anna")
    with engine.office.transaction() as post:
        assert post.keys.unsent_grants() == ()
    granted = {row[0] for row in stored(anna, "SELECT digest FROM grant_out")}
    with closing(sqlite3.connect(district.relay.database_path)) as relay:
        there = {row[0] for row in relay.execute("SELECT digest FROM item WHERE kind = 2")}
    assert granted
    assert granted <= there


def test_a_relay_that_lost_nothing_is_asked_nothing_twice(district: District) -> None:
    case = open_case(district["anna"])
    district.round("anna", "sina", "anna", "sina")
    edit_case(district["anna"], case, concern="eine Zeile")
    assert district.round("anna").requests == 1
