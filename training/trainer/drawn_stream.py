"""Reads the generator's stream of drawn portraits (docs/drawn-portraits.md): a header, then records of one length.

Records come in blocks. A block is a grid: every one of its persons under every one of its motions. Column 0 of a person is a
still portrait, under a motion that the whole block shares; the other columns are stills, or runs of consecutive frames.
"""

import shlex
import struct
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Iterator

import numpy as np

MAGIC = b"HPDRAWN1"
VERSION = 1
HEADER = struct.Struct("<8s8iqQif")
LANDMARKS = 5
MOTION_FACTORS = (
    "yaw", "pitch", "roll", "shiftX", "shiftY", "scale", "leftEye", "rightEye", "gazeX", "gazeY",
    "browRaise", "browFrown", "jaw", "mouthWidth", "smile",
)  # fmt: skip


class StreamError(Exception):
    """The stream is not what the settings ask for."""


@dataclass(frozen=True)
class StreamShape:
    """Sides and counts of a stream. `samples` may be fewer than the header says when a recording was cut off."""

    size: int
    identities: int
    motions: int
    frames_per_motion: int
    samples: int
    seed: int
    split: int
    frames_per_second: float

    @property
    def columns(self) -> int:
        """Samples of one person in a block, the portrait first."""
        return 1 + (self.motions - 1) * self.frames_per_motion

    @property
    def block_samples(self) -> int:
        return self.identities * self.columns

    @property
    def blocks(self) -> int:
        return self.samples // self.block_samples

    @property
    def record(self) -> np.dtype:
        side = self.size
        return np.dtype(
            [
                ("identity", "<u4"),
                ("column", "<i4"),
                ("frame", "<i4"),
                ("motion", "<f4", (len(MOTION_FACTORS),)),
                ("landmarks", "<f4", (LANDMARKS, 2)),
                ("box", "<f4", (4,)),
                ("picture", "u1", (side, side, 3)),
                ("face", "u1", (side, side)),
                ("expression", "u1", (side, side)),
            ]
        )


def write_header(shape: StreamShape) -> bytes:
    """The header that the generator writes."""
    return HEADER.pack(
        MAGIC, VERSION, HEADER.size, shape.record.itemsize, shape.size, len(MOTION_FACTORS), shape.identities, shape.motions,
        shape.frames_per_motion, shape.samples, shape.seed, shape.split, shape.frames_per_second,
    )  # fmt: skip


def read_header(header: bytes) -> StreamShape:
    if len(header) < HEADER.size:
        raise StreamError(f"the stream ends within its header ({len(header)} of {HEADER.size} bytes); look at the generator's messages")
    magic, version, length, record, size, factors, identities, motions, frames, samples, seed, split, rate = HEADER.unpack(header)
    if (magic, version, length, factors) != (MAGIC, VERSION, HEADER.size, len(MOTION_FACTORS)):
        raise StreamError(f"not a stream of drawn portraits of version {VERSION}: {magic!r} {version}, {factors} motion factors")
    shape = StreamShape(size, identities, motions, frames, samples, seed, split, rate)
    if shape.record.itemsize != record:
        raise StreamError(f"records have {record} bytes, {shape.record.itemsize} expected")
    return shape


def recording_shape(path: Path) -> StreamShape:
    """The shape of a recorded stream; of one that was cut off, as far as its blocks are complete."""
    with open(path, "rb") as file:
        shape = read_header(file.read(HEADER.size))
    available = (path.stat().st_size - HEADER.size) // (shape.record.itemsize * shape.block_samples)
    blocks = min(available, shape.blocks)
    if blocks == 0:
        raise StreamError(f"{path} does not hold one complete block")
    return replace(shape, samples=blocks * shape.block_samples)


def open_recording(path: Path) -> np.memmap:
    """A recorded stream, `[blocks, identities, columns]` records, mapped and not read."""
    shape = recording_shape(path)
    return np.memmap(path, shape.record, "r", HEADER.size, (shape.blocks, shape.identities, shape.columns))


class LiveStream:
    """A generator at work. Use as a context manager: leaving it ends the generator."""

    def __init__(self, command: str):
        self.process = subprocess.Popen(shlex.split(command), stdout=subprocess.PIPE)
        try:
            self.shape = read_header(self._pipe.read(HEADER.size))
        except StreamError:
            self.close()
            raise

    def __enter__(self) -> "LiveStream":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def blocks(self) -> Iterator[np.ndarray]:
        """`[identities, columns]` records each, until the generator ends."""
        shape = self.shape
        length = shape.record.itemsize * shape.block_samples
        while True:
            content = self._pipe.read(length)
            if len(content) < length:
                return
            yield np.frombuffer(content, shape.record).reshape(shape.identities, shape.columns)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._pipe.close()

    @property
    def _pipe(self) -> BinaryIO:
        return self.process.stdout
