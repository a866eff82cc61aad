"""The product's crops (SPEC §3.2, §3.3) as matrices: `rows · picture · columns` cuts and resizes at once, on any device.

Every resize follows Pillow: support widened when reducing, weights normalised. A region may reach outside its frame, where the
product fills in black: the weights of those pixels are simply left out. Everything works on whole batches and waits for nobody,
so that a GPU is never idle for it.
"""

import functools

import numpy as np
import torch
from torch import Tensor

EXPRESSION_REACH = 0.45
POSE_INTERMEDIATE_SIDE = 512
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_DEVIATION = (0.229, 0.224, 0.225)
LONGEST_REGION = 2
"""In sides of the frame; landmarks and face box lie in or near it, and no region is larger than the two together."""


def square_boxes(boxes: Tensor, frame_width: int, frame_height: int) -> Tensor:
    """The squares around faces (SPEC §3.2 step 2): boxes `[n, 4]` → whole pixels `[n, 4]`: left, top, right, bottom (outside)."""
    x1, y1, x2, y2 = boxes.double().unbind(-1)
    width, height = x2 - x1, y2 - y1
    left, top = (x1 - width).clamp_min(0), (y1 - height).clamp_min(0)
    right, bottom = (x2 + width).clamp_max(frame_width), (y2 + height).clamp_max(frame_height)
    across, down = right - left, bottom - top
    half, slack = torch.minimum(across, down) / 2, (down - across).abs() / 2
    centre_x, centre_y = (left + right) / 2, (top + bottom) / 2
    tall = across < down
    centre_x = torch.where(tall, centre_x, _toward(centre_x, (x1 + x2) / 2, slack))
    centre_y = torch.where(tall, _toward(centre_y, (y1 + y2) / 2, slack), centre_y)
    return torch.stack([centre_x - half, centre_y - half, centre_x + half, centre_y + half], -1).round().long()


def _toward(start: Tensor, goal: Tensor, at_most: Tensor) -> Tensor:
    return start + torch.minimum(torch.maximum(goal - start, -at_most), at_most)


def expression_regions(landmarks: Tensor, first_boxes: Tensor) -> Tensor:
    """Where the expression network looks: `landmarks` `[n, 5, 2]`, `first_boxes` `[n, 4]` the faces in the clips' first frames → `[n, 4]`."""
    points, anchors = landmarks.double(), first_boxes.double()
    low, high = points.amin(1), points.amax(1)
    low, high = low - EXPRESSION_REACH * (low - anchors[:, :2]), high + EXPRESSION_REACH * (anchors[:, 2:] - high)
    centre = ((low + high) / 2).trunc().long()
    half = torch.div((high - low).amax(1).trunc().long(), 2, rounding_mode="floor")[:, None]
    return torch.cat([centre - half, centre + half], 1)


def fills_frame(boxes: Tensor, side: int) -> Tensor:
    """Whether the product's portrait crop is the whole frame, so that frame and crop are the same picture: `[n]`."""
    whole = torch.tensor([0, 0, side, side], device=boxes.device)
    return (square_boxes(boxes, side, side) == whole).all(-1)


def resize_matrix(source: int, side: int, kernel: str) -> np.ndarray:
    """Pillow's weights: `[side, source]`."""
    scale = source / side
    widening = max(scale, 1.0)
    support = (2.0 if kernel == "bicubic" else 1.0) * widening
    centre, place = (np.arange(side)[:, None] + 0.5) * scale, np.arange(source)[None]
    low, high = np.maximum(np.trunc(centre - support + 0.5), 0), np.minimum(np.trunc(centre + support + 0.5), source)
    distance = np.abs((place - centre + 0.5) / widening)
    weights = _cubic(distance) if kernel == "bicubic" else np.maximum(1 - distance, 0)
    weights = weights * ((place >= low) & (place < high))
    return weights / weights.sum(1, keepdims=True)


def _cubic(x: np.ndarray, a: float = -0.5) -> np.ndarray:
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    far = (((x - 5) * x + 8) * x - 4) * a
    return np.where(x < 1, near, np.where(x < 2, far, 0.0))


@functools.lru_cache(maxsize=None)
def _resize_tensor(source: int, side: int, kernel: str, device: torch.device) -> Tensor:
    return torch.from_numpy(resize_matrix(source, side, kernel)).float().to(device)


@functools.lru_cache(maxsize=None)
def _cutting_table(frame: int, side: int, kernel: str, device: torch.device) -> Tensor:
    """Weights of every length of a region: `[longest + 1, longest + 1, side]` by length and pixel; zero past the length."""
    longest = LONGEST_REGION * frame
    table = np.zeros((longest + 1, longest + 1, side), np.float32)
    for length in range(1, longest + 1):
        if kernel == "pose":
            weights = resize_matrix(POSE_INTERMEDIATE_SIDE, side, "bilinear") @ resize_matrix(length, POSE_INTERMEDIATE_SIDE, "bicubic")
        else:
            weights = resize_matrix(length, side, kernel)
        table[length, :length] = weights.T
    return torch.from_numpy(table).to(device)


def _cutting_matrices(starts: Tensor, ends: Tensor, frame: int, side: int, kernel: str) -> Tensor:
    """Resizes `[start, end)` of an axis of `frame` pixels to `side` pixels: `[n, frame, side]`."""
    table = _cutting_table(frame, side, kernel, starts.device)
    outside = table.shape[1] - 1
    lengths = (ends - starts)[:, None]
    place = torch.arange(frame, device=starts.device) - starts[:, None]
    place = torch.where((place >= 0) & (place < lengths), place, torch.full_like(place, outside))
    return table[lengths, place]


def cut(pictures: Tensor, regions: Tensor, side: int, kernel: str) -> Tensor:
    """`[n, 3, S, S]` in 0 … 255 and regions `[n, 4]` → `[n, 3, side, side]` in [0, 1], rounded to 8 bits as the product's crops.

    Kernels: `bilinear`, `bicubic`, and `pose`, which goes by way of 512 pixels.
    """
    frame = pictures.shape[-1]
    left, top, right, bottom = regions.unbind(1)
    columns = _cutting_matrices(left, right, frame, side, kernel)[:, None]
    rows = _cutting_matrices(top, bottom, frame, side, kernel)[:, None].transpose(-1, -2)
    return _to_bytes(rows @ _to_bytes(pictures @ columns)) / 255


def resize(pictures: Tensor, side: int, kernel: str) -> Tensor:
    """Whole frames: `[n, 3, S, S]` in 0 … 255 → `[n, 3, side, side]` in [0, 1], rounded to 8 bits."""
    matrix = _resize_tensor(pictures.shape[-1], side, kernel, pictures.device)
    return _to_bytes(matrix @ _to_bytes(pictures @ matrix.T)) / 255


def _to_bytes(values: Tensor) -> Tensor:
    return (values + 0.5).floor().clamp(0, 255)  # halves upwards, as Pillow does


def reference_pictures(pictures: Tensor, side: int) -> Tensor:
    """Whole frames as the VAE sees them: `[n, 3, side, side]` in [−1, 1]."""
    return resize(pictures, side, "bicubic") * 2 - 1


def encoder_images(pictures: Tensor, side: int, encoder_side: int) -> Tensor:
    """Whole frames as the image encoder sees them: through the reference picture, ImageNet-normalised."""
    matrix = _resize_tensor(side, encoder_side, "bilinear", pictures.device)
    units = matrix @ resize(pictures, side, "bicubic") @ matrix.T
    mean, deviation = _imagenet(pictures.device)
    return (units - mean) / deviation


@functools.lru_cache(maxsize=None)
def _imagenet(device: torch.device) -> "tuple[Tensor, Tensor]":
    mean, deviation = (torch.tensor(values, device=device)[:, None, None] for values in (IMAGENET_MEAN, IMAGENET_DEVIATION))
    return mean, deviation


def intensity_ids(landmarks: Tensor) -> "tuple[Tensor, Tensor]":
    """How strongly head and expression move in groups of frames (SPEC §3.4): `[n, T, 5, 2]` → `[n]` each, 0 … 127."""
    points = landmarks.double()
    nose = points[:, :, 2]
    relative = points - nose[:, :, None]
    size = (relative[:, 0].amax(1) - relative[:, 0].amin(1)).norm(dim=-1)
    expression = (relative - relative.mean(1, keepdim=True)).norm(dim=-1).mean((1, 2)) / size * 1024
    head = (nose - nose.mean(1, keepdim=True)).norm(dim=-1).mean(1) / size * 256
    return head.long().clamp_max(127), expression.long().clamp_max(127)
