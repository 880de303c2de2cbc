"""Padded zstd: one frame of honest size, and lengths that tell little."""

import os

import pytest
import zstandard

from sync.encoding.compression import compress, decompress, padme
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


def test_frame_that_wants_a_window_of_128_mib_is_wrong_before_anything_is_unfolded() -> None:
    # RFC 8878, 3.1.1: magic, descriptor (two bytes of size), window 1 << (10 + 17), size - 256, a raw block.
    block = ((300 << 3) | 1).to_bytes(3, "little") + b"a" * 300
    greedy = b"\x28\xb5\x2f\xfd" + b"\x40" + bytes([17 << 3]) + (300 - 256).to_bytes(2, "little") + block
    assert zstandard.get_frame_parameters(greedy).window_size == 128 << 20
    assert zstandard.ZstdDecompressor(max_window_size=1 << 27).decompress(greedy) == b"a" * 300
    with pytest.raises(WrongContentError) as caught:
        decompress(greedy)
    assert caught.value.reason == "window"
