"""Make vectors of the present format: `python -m tests.vectors.make`.

Without an argument only names that are new are added to the snapshot of the schema; it refuses when
one was removed or changed. `--anew` writes everything whatever stood there: for a new wire version,
and before the first release.
"""

from __future__ import annotations

import ast
import json
import sys
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from app.domain import declarations
from app.domain.audience import Role
from app.domain.classes import RegisterClass
from app.domain.dots import Context, Dot
from app.domain.merge import Change
from app.domain.orders import BASES, OrderKind
from app.domain.schema import RecordType
from app.security.prekeys import generate_prekey, public_half
from app.storage import backup_file
from sync import envelope
from sync.channel import make_grant, new_channel
from sync.encoding import signing, wire
from sync.entry import enrolment, enrolment_files
from sync.entry.enrolment import Intended, invite, request_enrolment, write_invitation
from sync.folder import items, manifest
from sync.layout import canonical_change
from sync.read_log import documents as read_log
from sync.roster import SAFE, DeviceState, encode_roster
from sync.rounds import exchange
from sync.sending import sealing
from sync.signed import ask, checkpoint, order, order_list, purge
from sync.signed.ack import Ack, sign_ack
from sync.signed.grant import GRANT_TAG
from sync.signed.prekey import read_prekey, sign_prekey
from tests.support.ports import SeededEntropy
from tests.support.wire import (
    ANNAS,
    KEEPER,
    MORNING_HLC,
    RELAY,
    SESSION,
    Sender,
    Writer,
    key_of,
    public_of,
    roster_chain,
)
from tests.support.wire_changes import small_edits
from tests.vectors import travel
from tests.vectors.documents import Sent, documents

FOLDER: Final = Path(__file__).parent / f"v{wire.WIRE_VERSION}"
SCHEMA: Final = FOLDER / "schema.json"
VECTORS: Final = FOLDER / "vectors.json"
DAY: Final = date(2026, 11, 2)
FORMATS: Final = {
    "ask": ask,
    "backup_file": backup_file,
    "checkpoint": checkpoint,
    "enrolment": enrolment,
    "enrolment_files": enrolment_files,
    "envelope": envelope,
    "manifest": manifest,
    "exchange": exchange,
    "folder_item": items,
    "order": order,
    "order_list": order_list,
    "purge": purge,
    "read_log": read_log,
    "wire": wire,
}
"""Modules of which every constant is part of a format, those with an underscore too."""
NO_FORMAT: Final = frozenset({"CHUNK"})
"""Constants in them that only say how this program works."""


def constants() -> dict[str, Any]:
    """Every constant of the wire format, by module and name, as JSON values."""
    found: dict[str, Any] = {
        f"{short}.{name}": _plain(vars(module)[name])
        for short, module in FORMATS.items()
        for name in _assigned(module)
        if isinstance(vars(module)[name], int | str | bytes)
    }
    tags = {
        "grant.GRANT_TAG": GRANT_TAG,
        "sealing.ROOT_TAG": sealing.ROOT_TAG,
        "signing.COMMITMENT_TAG": signing.COMMITMENT_TAG,
        "enrolment.FINGERPRINT_TAG": enrolment.FINGERPRINT_TAG,
        "enrolment.RELAY_TOKEN_TAG": enrolment.RELAY_TOKEN_TAG,
        "enrolment.FINGERPRINT_WORDS": enrolment.FINGERPRINT_WORDS,
        "roster.SAFE": SAFE,
        "signing.SUITE.id": signing.SUITE.id,
    }
    found |= {name: _plain(value) for name, value in tags.items()}
    found |= {f"tag.{kind.name}": signing.tagged(kind, b"").decode() for kind in signing.Kind}
    found |= {f"class.{item.name}": int(item) for item in RegisterClass}
    found |= {f"role.{item.name}": item.value for item in Role}
    found |= {f"item.{item.name}": int(item) for item in exchange.Kind}
    found |= {f"order_kind.{item.name}": item.value for item in OrderKind}
    found |= {f"order_basis.{item.name}": list(BASES[item]) for item in OrderKind}
    return found | {f"device_state.{item.name}": int(item) for item in DeviceState}


def declared() -> dict[str, Any]:
    """Names of types, registers and fields with what a reader relies on: kind, class and codes."""
    types = [value for value in vars(declarations).values() if isinstance(value, RecordType)]
    return {
        record_type.name: {
            register.name: {
                "class": register.cls.name,
                "fields": {
                    item.name: [item.kind.value, sorted(item.codes.labels) if item.codes else []]
                    for item in register.fields
                },
            }
            for register in record_type.all_registers
        }
        for record_type in types
    }


def schema() -> dict[str, Any]:
    """What `schema.json` freezes."""
    return {"constants": constants(), "types": declared()}


def vectors() -> dict[str, Any]:
    """Sealed and signed things with the keys that open them; only what HPKE seals is not reproducible."""
    chain = roster_chain()
    roster = chain[-1]
    private = generate_prekey(SeededEntropy("vector prekey"))
    prekey = sign_prekey(roster, KEEPER, public_half(private), DAY, key_of("sina").sign)
    channel = new_channel((1, 3), 1, SeededEntropy("vector channel"))
    intended = Intended("Oda Klein", "verein", Role.CASE_MANAGER, slot=7, supervisor=3)
    rosters = tuple(encode_roster(item) for item in chain)
    invitation = invite(rosters, (RELAY,), intended, date(2026, 11, 16), SeededEntropy("vector invitation"))
    grant = make_grant(channel, read_prekey(prekey), roster=roster, sender=ANNAS, sign=key_of("anna").sign)
    sender = Sender(roster, "anna", ANNAS, channel)
    mixed = _changes(Writer(roster, ANNAS))
    first = sender.read(mixed)
    edits = small_edits(Writer(roster, ANNAS, seq=100), 20)
    second = sender.after(first).read(edits)
    ack = Ack(
        roster.district, roster.version, KEEPER, ANNAS, SESSION, channel.id, 2, second.hash, MORNING_HLC
    )
    signed = sign_ack(ack, key_of("sina").sign)
    request = request_enrolment(invitation, public_of("oda"), public_half(private), key_of("oda").sign)
    return {
        "rosters": [item.hex() for item in rosters],
        "prekey": {"public": prekey.hex(), "private": private.hex()},
        "channel_key": channel.key.hex(),
        "grants": [grant.hex()],
        "envelopes": [first.data.hex(), second.data.hex()],
        "changes": [[canonical_change(change).hex() for change in part] for part in (mixed, edits)],
        "identities": {name: key_of(name).private_bytes_raw().hex() for name in ("sina", "anna", "oda")},
        "ack": signed.hex(),
        "invitation": write_invitation(invitation),
        "request": request.hex(),
        "fingerprint": list(enrolment.request_fingerprint(enrolment.read_request(request))),
        "exchange": travel.exchange((first, second), grant, signed, prekey),
        "read_log": travel.read_log(roster.district),
        **documents(Sent(sender, first, second, signed), mixed),
    }


def losses(frozen: Any, present: Any, path: str = "") -> list[str]:
    """Name what a frozen snapshot holds and the present one lacks or holds otherwise."""
    if isinstance(frozen, dict) and isinstance(present, dict):
        return [
            loss
            for key, value in frozen.items()
            for loss in (
                [f"{path}/{key}"] if key not in present else losses(value, present[key], f"{path}/{key}")
            )
        ]
    if isinstance(frozen, list) and isinstance(present, list):
        return [f"{path}/{item}" for item in frozen if item not in present]
    return [] if frozen == present else [path]


def main(arguments: list[str]) -> int:
    """Bring the snapshot up to date, or with `--anew` write everything; gives 1 when names were lost."""
    FOLDER.mkdir(exist_ok=True)
    if "--anew" in arguments:
        _write(VECTORS, vectors())
    else:
        lost = losses(json.loads(SCHEMA.read_text("utf-8")), schema())
        if lost:
            print("Removed or changed, though readers rely on it:", *lost, sep="\n  ")
            return 1
    _write(SCHEMA, schema())
    return 0


def _changes(writer: Writer) -> list[Change]:
    ben = Dot(writer.roster.devices[2].id, 5, 1)
    case = writer.write("CaseFile", "number", {"number": "HSK-2026-0000-Y"}, case_is_own=True)
    home = {"case": case.dot.to_bytes()}
    edit = writer.write("CaseFile", "phase", {"phase": "clearing"}, case=case.dot, record=case.dot)
    belongs = writer.write("Contact", "belongs", {"case_file": case.dot.to_bytes()}, case=case.dot)
    shown = Context.of([edit.dot, ben, ben._replace(seq=2), ben._replace(seq=9)])
    decision = writer.write(
        "CaseFile",
        "phase",
        {"phase": "planning"},
        case=case.dot,
        record=case.dot,
        context=shown,
        reason="Beide",
    )
    future = writer.write(
        "FromTheFuture", "unknown", {"x": [1, {"y": None}], **home}, cls=RegisterClass.SENSITIVE
    )
    return [case, edit, belongs, decision, future]


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _assigned(module: ModuleType) -> list[str]:
    """Names of the constants that a module itself defines, not those it imports."""
    assert module.__file__ is not None
    body = ast.parse(Path(module.__file__).read_text("utf-8")).body
    targets = [node.target for node in body if isinstance(node, ast.AnnAssign)]
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    return [name for name in names if name.isupper() and name not in NO_FORMAT]


def _plain(value: object) -> object:
    return value.decode() if isinstance(value, bytes) else value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
