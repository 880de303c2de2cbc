"""What a run tells the audit: where the devices are and what opens them, and nothing of their content."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from tests.support.invented.district import InventedDistrict


def write_run(district: InventedDistrict, folder: Path, began: float, searched: Iterable[str]) -> None:
    """Write `district.json`; folders are named from `folder`, `began` is seconds since 1970."""
    devices = [
        {
            "name": person.name,
            "role": person.role.value,
            "folder": str(laptop.home.relative_to(folder)),
            "passphrase": person.passphrase,
        }
        for person, laptop in district.laptops.items()
    ]
    relay = district.folder.relative_to(folder) / "relay" / "relay.sqlite"
    told = {"began": began, "devices": devices, "relay": str(relay), "folders": list(searched)}
    (folder / "district.json").write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", "utf-8")
