"""A virtual screen for a computer that has none."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

SIZE = "1366x768x24"
"""That of a 14-inch laptop."""


def has_display() -> bool:
    """Tell whether there is a screen on which a person could look."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@contextmanager
def virtual_screen(size: str = SIZE) -> Iterator[None]:
    """Let windows show on a screen in memory during the block; SystemExit without Xvfb."""
    program = shutil.which("Xvfb")
    if program is None:
        raise SystemExit("Xvfb is missing; `make setup` names the packages to install.")
    reading, writing = os.pipe()
    command = [program, "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp", "-noreset"]
    with subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        try:
            with os.fdopen(reading) as answer:
                os.environ["DISPLAY"] = f":{answer.readline().strip()}"
            os.environ["QT_QPA_PLATFORM"] = "xcb"
            yield
        finally:
            server.terminate()
