"""Pictures for the factor reader: drawn, decoded by the VAE, and cut as the product cuts them."""

import functools
from dataclasses import dataclass, replace
from typing import List, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from ..trainer import crops
from ..trainer.drawn_stream import LiveStream, StreamError
from .network import CROP_SIDE, PICTURE_SIDE, WORK_SIDE

BATCH = 32
FIELDS = ("pictures", "motions", "landmarks", "boxes")


@dataclass(frozen=True)
class Material:
    """`pictures` `[n, 3, PICTURE_SIDE, PICTURE_SIDE]` bytes; `motions` `[n, 15]`; `landmarks` and `boxes` in shares of the picture."""

    pictures: np.ndarray
    motions: np.ndarray
    landmarks: np.ndarray
    boxes: np.ndarray

    def __len__(self) -> int:
        return len(self.pictures)


def gather(command: str, count: int) -> Material:
    """The first `count` samples of a stream."""
    parts: List[Material] = []
    with LiveStream(command) as stream:
        side = stream.shape.size
        for block in stream.blocks():
            records = block.reshape(-1)
            pictures = torch.from_numpy(records["picture"].copy()).permute(0, 3, 1, 2).float()
            small = to_bytes(crops.resize(pictures, PICTURE_SIDE, "bicubic"))
            parts.append(Material(small, records["motion"].copy(), records["landmarks"] / side, records["box"] / side))
            if sum(len(part) for part in parts) >= count:
                return Material(*(np.concatenate([getattr(part, name) for part in parts])[:count] for name in FIELDS))
    raise StreamError("the generator ended early")


def to_bytes(units: Tensor) -> np.ndarray:
    return (units.clamp(0, 1) * 255).round().byte().numpy()


@torch.no_grad()
def reconstruct(vae: nn.Module, side: int, material: Material) -> Material:
    """The same pictures through the VAE."""
    parts = []
    for start in range(0, len(material), BATCH):
        pictures = torch.from_numpy(material.pictures[start : start + BATCH]).float()
        resized = crops.reference_pictures(pictures, side)
        decoded = vae.decoder(vae.encode(resized)[:, : vae.latent_channels]) * 0.5 + 0.5
        reduced = crops.resize(decoded.clamp(0, 1) * 255, PICTURE_SIDE, "bicubic")
        parts.append(to_bytes(reduced))
    return replace(material, pictures=np.concatenate(parts))


def cut(pictures: Tensor, regions: np.ndarray, blurs: Sequence[float]) -> Tensor:
    """Enlarge, cut (regions `[n, 4]`), reduce, all at once: `[n, 3, PICTURE_SIDE, PICTURE_SIDE]` in 0 … 255 → `[n, 3, CROP_SIDE, CROP_SIDE]` in [0, 1].

    The product rounds to bytes between these steps, which is too little to matter.
    """
    columns, rows = (
        torch.from_numpy(np.stack([axis_matrix(low, high, blur) for (low, high), blur in zip(regions[:, axis::2].tolist(), blurs)]))[:, None]
        for axis in range(2)
    )
    return (rows @ pictures @ columns.transpose(-1, -2)).clamp(0, 255) / 255


@functools.lru_cache(maxsize=32768)
def axis_matrix(low: int, high: int, blur: float) -> np.ndarray:
    """Blur, enlarge and cut one axis: `[CROP_SIDE, PICTURE_SIDE]`."""
    inside = slice(max(low, 0), min(high, WORK_SIDE))
    cutting = np.zeros((CROP_SIDE, WORK_SIDE))
    cutting[:, inside] = crops.resize_matrix(high - low, CROP_SIDE, "bilinear")[:, inside.start - low : inside.stop - low]
    enlarging = crops.resize_matrix(PICTURE_SIDE, WORK_SIDE, "bicubic")
    return (cutting @ enlarging @ blur_matrix(blur)).astype(np.float32)


@functools.lru_cache(maxsize=None)
def blur_matrix(deviation: float) -> np.ndarray:
    """A Gaussian blur of an axis, borders renormalised."""
    if deviation == 0:
        return np.eye(PICTURE_SIDE)
    place = np.arange(PICTURE_SIDE)
    weights = np.exp(-0.5 * ((place[:, None] - place[None]) / deviation) ** 2)
    return weights / weights.sum(1, keepdims=True)
