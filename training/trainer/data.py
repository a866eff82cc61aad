"""Pools of drawn portraits, and samples from them: a portrait, a driver who is somebody else, and the true target."""

import functools
import queue
import threading
from contextlib import suppress
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Optional

import numpy as np
import torch
from torch import Tensor

from . import crops
from .drawn_stream import MOTION_FACTORS, LiveStream, StreamError, StreamShape, open_recording, recording_shape
from .settings import Source

FIELDS = ("picture", "face", "expression", "landmarks", "box", "motion")
EXPRESSION_FACTORS = ("leftEye", "rightEye", "gazeX", "gazeY", "browRaise", "browFrown", "jaw", "mouthWidth", "smile")
PLACE_FACTORS = ("shiftX", "shiftY", "scale")
ROTATION_FACTORS = ("yaw", "pitch", "roll")
PORTRAIT_ATTEMPTS = 8
READY_BLOCKS = 2
PATIENCE = 0.2  # seconds between two looks at whether anybody still waits
# Deviations as drawn; they make every factor count alike.
FACTOR_SCALES = {"yaw": 0.2, "pitch": 0.15, "roll": 0.15, "shiftX": 0.04, "shiftY": 0.04, "scale": 0.05, "gazeX": 0.55, "gazeY": 0.45, "mouthWidth": 0.55, "smile": 0.55}  # fmt: skip
UNIT_FACTOR_SCALE = 0.3
TENTHS = 10.0  # the head-pose network's translation reaches from −2 to 2


def factor_columns(names) -> List[int]:
    return [MOTION_FACTORS.index(name) for name in names]


class Places(NamedTuple):
    """Where pictures lie in a pool: tensors of equal shape on its device."""

    block: Tensor
    person: Tensor
    column: Tensor

    def flat(self) -> "Places":
        return Places(*(values.reshape(-1) for values in self))


class Draw(NamedTuple):
    """Places of one batch. `target` and `driver` are `[batch, frames]`, `portrait` and `anchor` `[batch]`."""

    portrait: Places
    target: Places
    driver: Places
    anchor: Places


class Reader(threading.Thread):
    """Reads a stream ahead by a few blocks, so that training never waits for a pipe."""

    def __init__(self, blocks: Iterator[np.ndarray], pinned: bool):
        super().__init__(daemon=True)
        self.blocks, self.pinned = blocks, pinned
        self.ready: "queue.Queue[Optional[Dict[str, Tensor]]]" = queue.Queue(READY_BLOCKS)
        self.stopped = threading.Event()
        self.start()

    def run(self) -> None:
        for block in self.blocks:
            tensors = {name: torch.from_numpy(np.ascontiguousarray(block[name])) for name in FIELDS}
            self._hand_over({name: tensor.pin_memory() for name, tensor in tensors.items()} if self.pinned else tensors)
            if self.stopped.is_set():
                return
        self._hand_over(None)

    def _hand_over(self, block: Optional[Dict[str, Tensor]]) -> None:
        while not self.stopped.is_set():
            with suppress(queue.Full):
                return self.ready.put(block, timeout=PATIENCE)

    def close(self) -> None:
        self.stopped.set()
        self.join()


class Pool:
    """Blocks of records in the device's memory, filled from a recording or by a generator at work; the oldest blocks are replaced.

    The first `validation_blocks` blocks are kept for validation. Use as a context manager.
    """

    def __init__(self, source: Source, frame_size: int, seed: int, device: torch.device = torch.device("cpu")):
        self.source, self.device = source, device
        self.live = None if source.file else LiveStream(source.command.format(seed=seed, size=frame_size))
        self.shape = self.live.shape if self.live else recording_shape(Path(source.file))
        self.capacity = source.blocks if self.live else min(source.blocks, self.shape.blocks)
        self.reader = Reader(self.live.blocks() if self.live else iter(open_recording(Path(source.file))[: self.capacity]), device.type == "cuda")
        self.filled = self.used = self.replaced = 0
        try:
            self._check(frame_size)
            self.fields = _empty_fields(self.shape, self.capacity, device)
            starting = min(source.starting_blocks or self.capacity, self.capacity) if self.live else self.capacity
            while self.filled < starting:
                self._append(self.reader.ready.get())
        except BaseException:
            self.close()
            raise

    def _check(self, frame_size: int) -> None:
        if self.shape.size != frame_size:
            raise StreamError(f"pictures have {self.shape.size} pixels, the settings say {frame_size}")
        if self.capacity <= self.source.validation_blocks or self.shape.identities < 2:
            raise StreamError(f"{self.capacity} blocks of {self.shape.identities} persons are too few")

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        """Ends generator and reader."""
        self.reader.stopped.set()
        if self.live:
            self.live.close()
        self.reader.close()

    @property
    def training(self) -> range:
        return range(self.source.validation_blocks, self.filled)

    @property
    def validation(self) -> range:
        return range(self.source.validation_blocks)

    def refresh(self, samples: int) -> Optional[int]:
        """Tells that samples were used. Returns the block that was added or replaced, if one was due and drawn already."""
        self.used += samples
        if not self.live or not self._is_due():
            return None
        with suppress(queue.Empty):
            block = self.reader.ready.get_nowait()
            self.used = 0
            if self.filled < self.capacity:
                return self._append(block)
            if block is None:
                self.live = None  # the generator has given all that it was asked for
                return None
            self.replaced += 1
            return self._put(block, self.training[(self.replaced - 1) % len(self.training)])
        return None

    def _is_due(self) -> bool:
        if self.filled < self.capacity:
            return self.source.filling_samples <= self.used
        return 0 < self.source.refresh_samples <= self.used

    def _append(self, block: Optional[Dict[str, Tensor]]) -> int:
        if block is None:
            raise StreamError(f"the generator ended after {self.filled} of {self.capacity} blocks")
        self.filled += 1
        return self._put(block, self.filled - 1)

    def _put(self, block: Dict[str, Tensor], place: int) -> int:
        for name, values in block.items():
            self.fields[name][place].copy_(values, non_blocking=True)
        self.fields["fills"][place] = crops.fills_frame(self.fields["box"][place].flatten(0, 1), self.shape.size).view(self.fields["fills"].shape[1:])
        return place

    def take(self, field: str, places: Places) -> Tensor:
        return self.fields[field][places.block, places.person, places.column]

    def pictures(self, places: Places) -> Tensor:
        """`[n, 3, S, S]` in 0 … 255; `places` are flat."""
        return self.take("picture", places).permute(0, 3, 1, 2).float()

    def masks(self, places: Places) -> Tensor:
        """Face, and eyes with mouth: `[n, 2, S, S]` in [0, 1]."""
        return torch.stack([self.take("face", places), self.take("expression", places)], 1).float() / 255

    def any(self, generator: torch.Generator, count: int) -> Places:
        """Any pictures for training."""
        return Places(
            self._integers(generator, len(self.training), (count,)) + self.source.validation_blocks,
            self._integers(generator, self.shape.identities, (count,)),
            self._integers(generator, self.shape.columns, (count,)),
        )

    def draw(self, generator: torch.Generator, count: int, frames: int, column_zero: float, validation: bool = False) -> Draw:
        """Portraits, drivers and targets; `frames` consecutive ones from runs, or single pictures."""
        blocks, persons = self.validation if validation else self.training, self.shape.identities
        block = self._integers(generator, len(blocks), (count,)) + blocks.start
        person = self._integers(generator, persons, (count,))
        other = (person + 1 + self._integers(generator, persons - 1, (count,))) % persons
        moved = self._motions(generator, count, frames)
        reference = self._references(generator, block, person, column_zero)
        wide = (count, frames)
        return Draw(
            Places(block, person, reference),
            Places(block[:, None].expand(wide), person[:, None].expand(wide), moved),
            Places(block[:, None].expand(wide), other[:, None].expand(wide), moved),
            Places(block, other, reference),
        )

    def everything(self, block: int) -> Draw:
        """All persons of a block in all columns, `[persons, columns]`, drivers of themselves; portraits are the still ones."""
        person, column = torch.meshgrid(*(torch.arange(n, device=self.device) for n in (self.shape.identities, self.shape.columns)), indexing="ij")
        places = Places(torch.full_like(person, block), person, column)
        stills = Places(*(values[:, 0] for values in places))
        return Draw(portrait=stills, target=places, driver=places, anchor=stills)

    def _integers(self, generator: torch.Generator, bound: int, shape) -> Tensor:
        return torch.randint(bound, shape, generator=generator, device=self.device)

    def _motions(self, generator: torch.Generator, count: int, frames: int) -> Tensor:
        if frames == 1:
            return self._integers(generator, self.shape.columns, (count, 1))
        run = self.shape.frames_per_motion
        if run < frames:
            raise StreamError(f"runs have {run} frames, windows need {frames}")
        start = 1 + self._integers(generator, self.shape.motions - 1, (count, 1)) * run + self._integers(generator, run - frames + 1, (count, 1))
        return start + torch.arange(frames, device=self.device)

    def _references(self, generator: torch.Generator, block: Tensor, person: Tensor, column_zero: float) -> Tensor:
        """Portraits whose crop is the whole frame, as the product would cut it; the still portrait where none is found."""
        attempts = (len(block), PORTRAIT_ATTEMPTS)
        still = torch.rand(attempts, generator=generator, device=self.device) < column_zero
        columns = self._integers(generator, self.shape.columns, attempts) * ~still
        good = (columns == 0) | self.fields["fills"][block[:, None], person[:, None], columns]
        order = torch.arange(PORTRAIT_ATTEMPTS, device=self.device)
        first = torch.where(good, order, torch.full_like(order, PORTRAIT_ATTEMPTS)).amin(1, keepdim=True)
        found = columns.gather(1, first.clamp_max(PORTRAIT_ATTEMPTS - 1))
        return torch.where(first < PORTRAIT_ATTEMPTS, found, torch.zeros_like(found))[:, 0]


def _empty_fields(shape: StreamShape, capacity: int, device: torch.device) -> Dict[str, Tensor]:
    sides, record = (capacity, shape.identities, shape.columns), shape.record
    kinds = {name: record[name].subdtype for name in FIELDS}
    fields = {
        name: torch.zeros(*sides, *inner, dtype=torch.uint8 if kind == np.uint8 else torch.float32, device=device)
        for name, (kind, inner) in kinds.items()
    }
    return {**fields, "fills": torch.zeros(sides, dtype=torch.bool, device=device)}


def motion_crops(pool: Pool, draw: Draw, side: int):
    """Expression and pose crops of the drivers, `[batch·frames, 3, side, side]` each, in [0, 1].

    The anchor, whose face box the product takes from the clip's first frame, is the driver under the portrait's own motion: so
    what the crops tell about place and size is relative to the portrait, which is all the product's motion tokens can carry.
    """
    drivers = draw.driver.flat()
    regions = crops.expression_regions(pool.take("landmarks", drivers), _anchor_boxes(pool, draw))
    return crops.cut(pool.pictures(drivers), regions, side, "bilinear"), pose_crops(pool, draw, side)


def pose_crops(pool: Pool, draw: Draw, side: int) -> Tensor:
    """The second of the two."""
    pictures = pool.pictures(draw.driver.flat())
    return crops.cut(pictures, crops.square_boxes(_anchor_boxes(pool, draw), *pictures.shape[:1:-1]), side, "pose")


def _anchor_boxes(pool: Pool, draw: Draw) -> Tensor:
    return pool.take("box", draw.anchor).repeat_interleave(draw.driver.block.shape[1], 0)


def motion_factors(pool: Pool, draw: Draw, translation_scale: float = 0.0):
    """What motion networks should know: factors over their deviation `[n, 15]`, place relative to the anchor; pose `[n, 6]`.

    A pose is the rotation in degrees and the head's place in its crop, which here is the whole frame: in tenths of the picture to the
    right and downwards, and in tenths larger than usual, times `translation_scale`.
    """
    motion = pool.take("motion", draw.driver.flat())
    anchors = pool.take("motion", draw.anchor).repeat_interleave(draw.driver.block.shape[1], 0)
    degrees = torch.rad2deg(motion[:, factor_columns(ROTATION_FACTORS)])
    relative = motion - anchors * _among(PLACE_FACTORS, pool.device)
    place = motion[:, factor_columns(PLACE_FACTORS)] - _among(("scale",), pool.device)[factor_columns(PLACE_FACTORS)]
    return relative / _scales(pool.device), torch.cat([degrees, place * TENTHS * translation_scale], 1)


@functools.lru_cache(maxsize=None)
def _among(names, device: torch.device) -> Tensor:
    """1 for the factors of these names, 0 for others: `[15]`."""
    return torch.tensor([float(name in names) for name in MOTION_FACTORS], device=device)


@functools.lru_cache(maxsize=None)
def _scales(device: torch.device) -> Tensor:
    return torch.tensor([FACTOR_SCALES.get(name, UNIT_FACTOR_SCALE) for name in MOTION_FACTORS], device=device)
