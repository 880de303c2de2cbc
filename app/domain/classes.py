"""Classes of registers: who may receive what."""

from enum import IntEnum


class RegisterClass(IntEnum):
    """The class of a register, one for all its fields; the numbers are part of the wire format."""

    DIRECTORY = 1
    KI = 2
    FIGURES = 3
    BASE = 4
    SENSITIVE = 5
    IDENTITY = 6
