"""Body bytes to padded zstd and back: one frame of declared size, then nothing but zeros."""

from __future__ import annotations

from typing import Final

import zstandard

from sync.encoding import wire
from sync.errors import WrongContentError

LEVEL: Final = 19
_MAGIC: Final = b"\x28\xb5\x2f\xfd"
_UNKNOWN_SIZE: Final = zstandard.CONTENTSIZE_UNKNOWN


def padme(length: int) -> int:
    """Give the padded length, at most 12 % more (Padmé: Nikitin et al., PURBs, PoPETs 2019)."""
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    free_bits = exponent - exponent.bit_length()
    mask = (1 << free_bits) - 1
    return (length + mask) & ~mask


def compress(body: bytes) -> bytes:
    """Give one zstd frame of `body` with its declared size, padded with zeros."""
    level = zstandard.ZstdCompressionParameters.from_level(LEVEL, source_size=len(body))
    parameters = zstandard.ZstdCompressionParameters.from_level(
        LEVEL,
        source_size=len(body),
        window_log=min(level.window_log, wire.WINDOW_LOG),
        write_content_size=True,
    )
    frame = zstandard.ZstdCompressor(compression_params=parameters).compress(body)
    return frame.ljust(padme(len(frame)), b"\0")


def fits_compressed(body: bytes, room: int) -> bool:
    """Tell whether `compress(body)` has at most `room` bytes; what fits in any case is not compressed."""
    # ZSTD_compressBound, for data that cannot be compressed at all.
    worst = len(body) + (len(body) >> 8) + 64
    return padme(worst) <= room or len(compress(body)) <= room


def decompress(padded: bytes) -> bytes:
    """Give the body; raises WrongContentError (`reason`).

    The declared size is checked before anything is unfolded; the library's own limit is ignored
    when a frame declares a size.
    """
    _check_frame(padded)
    stream = zstandard.ZstdDecompressor(max_window_size=1 << wire.WINDOW_LOG).decompressobj()
    try:
        body = stream.decompress(padded)
    except zstandard.ZstdError as error:
        raise WrongContentError(reason="frame") from error
    if not stream.eof:
        raise WrongContentError(reason="frame")
    if stream.unused_data.strip(b"\0"):
        raise WrongContentError(reason="behind_frame")
    return body


def _check_frame(padded: bytes) -> None:
    if not padded.startswith(_MAGIC):
        raise WrongContentError(reason="frame")
    try:
        frame = zstandard.get_frame_parameters(padded)
    except zstandard.ZstdError as error:
        raise WrongContentError(reason="frame") from error
    if frame.content_size == _UNKNOWN_SIZE or frame.content_size > wire.BODY_LIMIT:
        raise WrongContentError(reason="inflated")
    if frame.window_size > 1 << wire.WINDOW_LOG:
        raise WrongContentError(reason="window")
    if frame.dict_id:
        raise WrongContentError(reason="dictionary")
