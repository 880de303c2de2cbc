"""Padded zstd: one frame of honest size, and lengths that tell little."""

import os

import pytest
import zstandard

from sync.compression import compress, decompress, padme
from sync.errors import WrongContentError


def test_frame_that_yields_more_than_it_declares_is_wrong() -> None:
    honest = bytearray(zstandard.ZstdCompressor().compress(b"a" * 300))
    assert zstandard.get_frame_parameters(bytes(honest)).content_size == 300
    honest[5:7] = bytes((10, 0))
    with pytest.raises(WrongContentError) as caught:
        decompress(bytes(honest))
    assert caught.value.reason == "frame"


@pytest.mark.parametrize(
    ("length", "padded"),
    [(0, 0), (1, 1), (2, 2), (9, 10), (100, 104), (1000, 1024), (1025, 1088), (65_000, 65_536)],
)
def test_padme_lengths(length: int, padded: int) -> None:
    assert padme(length) == padded


def test_padme_never_shortens_and_adds_at_most_twelve_percent() -> None:
    for length in range(2, 70_000):
        assert length <= padme(length) <= length * 1.12 + 1


def test_compress_comes_back_whatever_the_size() -> None:
    for body in (b"", b"x", os.urandom(70_000), bytes(3 << 20)):
        assert decompress(compress(body)) == body
