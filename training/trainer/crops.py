"""The product's crops (SPEC §3.2, §3.3) as matrices: `rows · picture · columnsᵀ` cuts and resizes at once, on any device.

Every resize follows Pillow: support widened when reducing, weights normalised. A region may reach outside its frame, where the
product fills in black: the weights of those pixels are simply left out.
"""

import functools
from typing import List, NamedTuple, Sequence, Tuple

import numpy as np
import torch
from torch import Tensor

EXPRESSION_REACH = 0.45
POSE_INTERMEDIATE_SIDE = 512
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_DEVIATION = (0.229, 0.224, 0.225)
CACHED_MATRICES = 8192


class Region(NamedTuple):
    """Whole pixels; right and bottom are outside."""

    left: int
    top: int
    right: int
    bottom: int


def square_box(box: Sequence[float], frame_width: int, frame_height: int) -> Region:
    """The square around a face (SPEC §3.2 step 2)."""
    x1, y1, x2, y2 = (float(value) for value in box)
    width, height = x2 - x1, y2 - y1
    left, top = max(x1 - width, 0.0), max(y1 - height, 0.0)
    right, bottom = min(x2 + width, float(frame_width)), min(y2 + height, float(frame_height))
    across, down = right - left, bottom - top
    half, slack = min(across, down) / 2, abs(down - across) / 2
    centre_x, centre_y = (left + right) / 2, (top + bottom) / 2
    if across < down:
        centre_y = _toward(centre_y, (y1 + y2) / 2, slack)
    else:
        centre_x = _toward(centre_x, (x1 + x2) / 2, slack)
    return Region(*(round(value) for value in (centre_x - half, centre_y - half, centre_x + half, centre_y + half)))


def _toward(start: float, goal: float, at_most: float) -> float:
    distance = min(at_most, abs(goal - start))
    return start + distance if goal > start else start - distance


def expression_region(landmarks: np.ndarray, first_box: Sequence[float]) -> Region:
    """Where the expression network looks: `landmarks` `[5, 2]`, `first_box` the face in the clip's first frame."""
    points, anchor = landmarks.astype(np.float64), np.asarray(first_box, np.float64)
    low, high = points.min(0), points.max(0)
    low, high = low - EXPRESSION_REACH * (low - anchor[:2]), high + EXPRESSION_REACH * (anchor[2:] - high)
    x, y = (int(value) for value in (low + high) / 2)
    half = int((high - low).max()) // 2
    return Region(x - half, y - half, x + half, y + half)


@functools.lru_cache(maxsize=CACHED_MATRICES)
def axis_matrix(start: int, end: int, frame: int, side: int, kernel: str) -> np.ndarray:
    """Resizes `[start, end)` of an axis of `frame` pixels to `side` pixels: `[side, frame]`."""
    inside = slice(max(start, 0), min(end, frame))
    matrix = np.zeros((side, frame), np.float32)
    if kernel == "pose":
        first = resize_matrix(end - start, POSE_INTERMEDIATE_SIDE, "bicubic")
        weights = resize_matrix(POSE_INTERMEDIATE_SIDE, side, "bilinear") @ first
    else:
        weights = resize_matrix(end - start, side, kernel)
    matrix[:, inside] = weights[:, inside.start - start : inside.stop - start]
    return matrix


@functools.lru_cache(maxsize=CACHED_MATRICES)
def resize_matrix(source: int, side: int, kernel: str) -> np.ndarray:
    """Pillow's weights: `[side, source]`."""
    scale = source / side
    widening = max(scale, 1.0)
    support = (2.0 if kernel == "bicubic" else 1.0) * widening
    matrix = np.zeros((side, source))
    for index in range(side):
        centre = (index + 0.5) * scale
        low, high = max(int(centre - support + 0.5), 0), min(int(centre + support + 0.5), source)
        distance = np.abs((np.arange(low, high) - centre + 0.5) / widening)
        weights = _cubic(distance) if kernel == "bicubic" else np.maximum(1 - distance, 0)
        matrix[index, low:high] = weights / weights.sum()
    return matrix


def _cubic(x: np.ndarray, a: float = -0.5) -> np.ndarray:
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    far = (((x - 5) * x + 8) * x - 4) * a
    return np.where(x < 1, near, np.where(x < 2, far, 0.0))


def cut(pictures: Tensor, regions: List[Region], side: int, kernel: str) -> Tensor:
    """`[n, 3, S, S]` in 0 … 255 and a region for each → `[n, 3, side, side]` in [0, 1], rounded to 8 bits as the product's crops."""
    frame = pictures.shape[-1]
    columns, rows = (
        torch.from_numpy(np.stack([axis_matrix(low, high, frame, side, kernel) for low, high in spans])).to(pictures.device)[:, None]
        for spans in zip(*(((r.left, r.right), (r.top, r.bottom)) for r in regions))
    )
    return _to_bytes(rows @ _to_bytes(pictures @ columns.transpose(-1, -2))) / 255


def _to_bytes(values: Tensor) -> Tensor:
    return (values + 0.5).floor().clamp(0, 255)  # halves upwards, as Pillow does


def whole(count: int, side: int) -> List[Region]:
    return [Region(0, 0, side, side)] * count


def fills_frame(box: Sequence[float], side: int) -> bool:
    """Whether the product's portrait crop is the whole frame, so that frame and crop are the same picture."""
    return square_box(box, side, side) == Region(0, 0, side, side)


def reference_pictures(pictures: Tensor, side: int) -> Tensor:
    """Whole frames as the VAE sees them: `[n, 3, side, side]` in [−1, 1]."""
    return cut(pictures, whole(*_count_and_side(pictures)), side, "bicubic") * 2 - 1


def encoder_images(pictures: Tensor, side: int, encoder_side: int) -> Tensor:
    """Whole frames as the image encoder sees them: through the reference picture, ImageNet-normalised."""
    matrix = torch.from_numpy(resize_matrix(side, encoder_side, "bilinear")).to(pictures)
    units = matrix @ cut(pictures, whole(*_count_and_side(pictures)), side, "bicubic") @ matrix.T
    mean, deviation = (torch.tensor(values).to(units)[:, None, None] for values in (IMAGENET_MEAN, IMAGENET_DEVIATION))
    return (units - mean) / deviation


def _count_and_side(pictures: Tensor) -> Tuple[int, int]:
    return pictures.shape[0], pictures.shape[-1]


def intensity_ids(landmarks: np.ndarray) -> Tuple[int, int]:
    """How strongly head and expression move in a group of frames, `[T, 5, 2]` (SPEC §3.4)."""
    points = landmarks.astype(np.float64)
    nose = points[:, 2]
    relative = points - nose[:, None]
    size = np.linalg.norm(relative[0].max(0) - relative[0].min(0))
    expression = np.linalg.norm(relative - relative.mean(0), axis=-1).mean() / size * 1024
    head = np.linalg.norm(nose - nose.mean(0), axis=-1).mean() / size * 256
    return min(int(head), 127), min(int(expression), 127)
