"""Pools of drawn portraits, and samples from them: a portrait, a driver who is somebody else, and the true target."""

from pathlib import Path
from typing import Iterator, List, NamedTuple, Optional, Union

import numpy as np
import torch
from torch import Tensor

from . import crops
from .drawn_stream import MOTION_FACTORS, LiveStream, StreamError, open_recording
from .settings import Source

EXPRESSION_FACTORS = ("leftEye", "rightEye", "gazeX", "gazeY", "browRaise", "browFrown", "jaw", "mouthWidth", "smile")
PLACE_FACTORS = ("shiftX", "shiftY", "scale")
ROTATION_FACTORS = ("yaw", "pitch", "roll")
PORTRAIT_ATTEMPTS = 8
# Deviations as drawn; they make every factor count alike.
FACTOR_SCALES = {"yaw": 0.2, "pitch": 0.15, "roll": 0.15, "shiftX": 0.04, "shiftY": 0.04, "scale": 0.05, "gazeX": 0.55, "gazeY": 0.45, "mouthWidth": 0.55, "smile": 0.55}  # fmt: skip
UNIT_FACTOR_SCALE = 0.3


def factor_columns(names) -> List[int]:
    return [MOTION_FACTORS.index(name) for name in names]


class Places(NamedTuple):
    """Where pictures lie in a pool: arrays of equal shape."""

    block: np.ndarray
    person: np.ndarray
    column: np.ndarray


class Draw(NamedTuple):
    """Places of one batch. `target` and `driver` are `[batch, frames]`, `portrait` and `anchor` `[batch]`."""

    portrait: Places
    target: Places
    driver: Places
    anchor: Places


class Pool:
    """Blocks of records: a mapped recording, or as many blocks as fit, replaced one by one by a generator at work.

    The last `validation_blocks` blocks are kept for validation and never replaced. Use as a context manager.
    """

    def __init__(self, source: Source, frame_size: int, seed: int):
        self.source = source
        self.live: Optional[LiveStream] = None
        self.used = self.replaced = 0
        if source.file:
            self.records: Union[np.memmap, np.ndarray] = open_recording(Path(source.file))[: source.blocks]
        else:
            self.live = LiveStream(source.command.format(seed=seed, size=frame_size))
            self.coming: Iterator[np.ndarray] = self.live.blocks()
            self.records = self._fill()
        side = self.records["picture"].shape[3]
        if side != frame_size:
            raise StreamError(f"pictures have {side} pixels, the settings say {frame_size}")
        if len(self.records) <= source.validation_blocks or self.records.shape[1] < 2:
            raise StreamError(f"{len(self.records)} blocks of {self.records.shape[1]} persons are too few")

    def _fill(self) -> np.ndarray:
        shape, wanted, filled = self.live.shape, self.source.blocks, 0
        records = np.empty((wanted, shape.identities, shape.columns), shape.record)
        for filled, block in zip(range(1, wanted + 1), self.coming):
            records[filled - 1] = block
        if filled < wanted:
            raise StreamError(f"the generator ended after {filled} of {wanted} blocks")
        return records

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *_) -> None:
        if self.live:
            self.live.close()

    @property
    def training_blocks(self) -> int:
        return len(self.records) - self.source.validation_blocks

    @property
    def validation(self) -> range:
        return range(self.training_blocks, len(self.records))

    def refresh(self, samples: int) -> Optional[int]:
        """Tells that samples were used; returns the block that was replaced, if one was due."""
        self.used += samples
        if not self.live or not self.source.refresh_samples or self.used < self.source.refresh_samples:
            return None
        self.used = 0
        block = next(self.coming, None)
        if block is None:
            return None
        place = self.replaced % self.training_blocks
        self.replaced += 1
        self.records[place] = block
        return place

    def take(self, field: str, places: Places) -> np.ndarray:
        return self.records[field][places.block, places.person, places.column]

    def pictures(self, places: Places, device: torch.device) -> Tensor:
        """`[n, 3, S, S]` in 0 … 255; `places` are flat."""
        return torch.from_numpy(self.take("picture", places)).to(device).permute(0, 3, 1, 2).float()

    def masks(self, places: Places, device: torch.device) -> Tensor:
        """Face, and eyes with mouth: `[n, 2, S, S]` in [0, 1]."""
        both = np.stack([self.take("face", places), self.take("expression", places)], 1)
        return torch.from_numpy(both).to(device).float() / 255

    def any(self, rng: np.random.Generator, count: int) -> Places:
        """Any pictures for training."""
        _, persons, columns = self.records.shape
        return Places(*(rng.integers(bound, size=count) for bound in (self.training_blocks, persons, columns)))

    def draw(self, rng: np.random.Generator, count: int, frames: int, column_zero: float, validation: bool = False) -> Draw:
        """Portraits, drivers and targets; `frames` consecutive ones from runs, or single pictures."""
        _, persons, columns = self.records.shape
        blocks = np.array(self.validation) if validation else np.arange(self.training_blocks)
        block = rng.choice(blocks, count)
        person = rng.integers(persons, size=count)
        other = (person + rng.integers(1, persons, size=count)) % persons
        moved = np.stack([self._motion(rng, frames) for _ in range(count)])
        reference = np.array([self._reference(rng, b, p, column_zero) for b, p in zip(block, person)])
        many = np.broadcast_to(block[:, None], moved.shape)
        return Draw(
            Places(block, person, reference),
            Places(many, np.broadcast_to(person[:, None], moved.shape), moved),
            Places(many, np.broadcast_to(other[:, None], moved.shape), moved),
            Places(block, other, reference),
        )

    def _motion(self, rng: np.random.Generator, frames: int) -> np.ndarray:
        columns = self.records.shape[2]
        if frames == 1:
            return rng.integers(columns, size=1)
        run = int(self.records["frame"][0, 0].max()) + 1
        if run < frames:
            raise StreamError(f"runs have {run} frames, windows need {frames}")
        start = 1 + rng.integers((columns - 1) // run) * run + rng.integers(run - frames + 1)
        return np.arange(start, start + frames)

    def _reference(self, rng: np.random.Generator, block: int, person: int, column_zero: float) -> int:
        """A portrait whose crop is the whole frame, as the product would cut it; the still portrait if none is found."""
        side = self.records["picture"].shape[3]
        for _ in range(PORTRAIT_ATTEMPTS):
            column = 0 if rng.random() < column_zero else int(rng.integers(self.records.shape[2]))
            if column == 0 or crops.fills_frame(self.records["box"][block, person, column], side):
                return column
        return 0


def flat(places: Places) -> Places:
    return Places(*(values.reshape(-1) for values in places))  # copies what was broadcast


def motion_crops(pool: Pool, draw: Draw, side: int, device: torch.device):
    """Expression and pose crops of the drivers, `[batch·frames, 3, side, side]` each, in [0, 1].

    The anchor, whose face box the product takes from the clip's first frame, is the driver under the portrait's own motion: so
    what the crops tell about place and size is relative to the portrait, which is all the product's motion tokens can carry.
    """
    drivers = flat(draw.driver)
    frames = drivers.block.size // draw.anchor.block.size
    pictures, landmarks = pool.pictures(drivers, device), pool.take("landmarks", drivers)
    boxes = np.repeat(pool.take("box", draw.anchor), frames, axis=0)
    regions = [crops.expression_region(points, box) for points, box in zip(landmarks, boxes)]
    heads = [crops.square_box(box, *pictures.shape[:1:-1]) for box in boxes]
    return crops.cut(pictures, regions, side, "bilinear"), crops.cut(pictures, heads, side, "pose")


def motion_factors(pool: Pool, draw: Draw, device: torch.device):
    """What motion networks should know: factors over their deviation `[n, 15]`, place relative to the anchor; rotation in degrees `[n, 3]`."""
    drivers = flat(draw.driver)
    motion = pool.take("motion", drivers).astype(np.float32)
    anchors = np.repeat(pool.take("motion", draw.anchor), len(motion) // draw.anchor.block.size, axis=0)
    place = factor_columns(PLACE_FACTORS)
    degrees = np.degrees(motion[:, factor_columns(ROTATION_FACTORS)])
    motion[:, place] -= anchors[:, place]
    scales = np.array([FACTOR_SCALES.get(name, UNIT_FACTOR_SCALE) for name in MOTION_FACTORS], np.float32)
    return torch.from_numpy(motion / scales).to(device), torch.from_numpy(degrees).to(device)
