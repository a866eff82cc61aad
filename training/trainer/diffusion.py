"""Noise levels, the velocity target and conditioning dropout (SPEC §9)."""

import math
from typing import Mapping, NamedTuple, Tuple

import torch
from torch import Tensor
from torch.nn import functional

from .loop import Figure, figure
from .settings import DiffusionLoss

SCHEDULE_EXPONENT = 7


class Conditions(NamedTuple):
    """Of a batch of windows: image tokens `[B, N, D]`, portrait latents `[B, C, h, w]`, motion tokens `[B·F, N, D]`."""

    image: Tensor
    portrait: Tensor
    motion: Tensor


class Kept(NamedTuple):
    """1 or 0 for every window of a batch, `[B]`: whether it sees the portrait, and whether it sees the motion."""

    portrait: Tensor
    motion: Tensor


def noise_levels(count: int, settings: DiffusionLoss, scheduler: Mapping[str, float], generator: torch.Generator) -> Tensor:
    """`[count]`: some evenly over the sampling schedule, the others log-normal, all within the scheduler's range."""
    low, high, device = scheduler["sigma_min"], scheduler["sigma_max"], generator.device
    share = torch.rand(count, generator=generator, device=device)
    normal = torch.randn(count, generator=generator, device=device)
    root = 1 / SCHEDULE_EXPONENT
    even = (high**root + share * (low**root - high**root)) ** SCHEDULE_EXPONENT
    bell = (normal * settings.log_deviation + settings.log_mean).exp().clamp(low, high)
    chosen = torch.rand(count, generator=generator, device=device) < settings.schedule_share
    return torch.where(chosen, even, bell)


def draw_kept(count: int, settings: DiffusionLoss, generator: torch.Generator) -> Kept:
    """Some windows become branch 0 (nothing) and branch 1 (the portrait alone) of SPEC §9.5."""
    chance = torch.rand(count, generator=generator, device=generator.device)
    return Kept((chance >= settings.drop_all).float(), (chance >= settings.drop_all + settings.drop_motion).float())


def keep(conditions: Conditions, kept: Kept) -> Conditions:
    """Zeroes what windows do not see."""
    frames = conditions.motion.shape[0] // conditions.image.shape[0]
    return Conditions(
        conditions.image * kept.portrait[:, None, None],
        conditions.portrait * kept.portrait[:, None, None, None],
        conditions.motion * kept.motion.repeat_interleave(frames)[:, None, None],
    )


def predict(unet, noisy: Tensor, sigma: Tensor, conditions: Conditions, added_ids: Tensor) -> Tensor:
    """Velocity of windows `[B, F, C, h, w]` at one noise level each, `[B]`; `added_ids` `[3]`."""
    count, frames = noisy.shape[:2]
    scaled = noisy / (sigma**2 + 1).sqrt()[:, None, None, None, None]
    portrait = conditions.portrait[:, None].expand(-1, frames, -1, -1, -1)
    image = conditions.image.repeat_interleave(frames, 0)
    return unet(torch.cat([scaled, portrait], 2), 0.25 * sigma.log(), image, conditions.motion, added_ids.expand(count, -1))


def velocity(clean: Tensor, noise: Tensor, sigma: Tensor) -> Tensor:
    """What the Euler step of SPEC §9.7 takes to give `clean` back."""
    level = sigma[:, None, None, None, None]
    return (noise - level * clean) / (level**2 + 1).sqrt()


def spatial_weights(masks: Tensor, size: Tuple[int, int], settings: DiffusionLoss) -> Tensor:
    """Masks `[n, 2, S, S]` (face, eyes with mouth) → weights `[n, 1, h, w]` of mean 1."""
    small = functional.adaptive_avg_pool2d(masks, size)
    weights = 1 + settings.face * small[:, :1] + settings.expression * small[:, 1:]
    return weights / weights.mean((1, 2, 3), keepdim=True)


def window_errors(error: Tensor, weights: Tensor, change: float) -> Tensor:
    """Weighted squared error of windows `[B, F, C, h, w]`, and `change` times that of the difference between neighbouring frames: `[B]`."""
    squared = (error.square() * weights).mean((1, 2, 3, 4))
    if change and error.shape[1] > 1:
        squared = squared + change * (error.diff(dim=1).square() * weights[:, 1:]).mean((1, 2, 3, 4))
    return squared


def added_time_ids(architecture: Mapping) -> Tuple[float, float, float]:
    values = architecture["defaults"]["micro_conditioning"]
    return float(values["fps"]), float(values["motion_bucket"]), float(values["noise_augmentation"])


def band_losses(errors: Tensor, sigma: Tensor) -> Mapping[str, Figure]:
    """Mean error of low, middle and high noise levels, for the log: each tells about another thing (detail, features, layout)."""
    bands = (("low", 0.0, 0.3), ("middle", 0.3, 3.0), ("high", 3.0, math.inf))
    return {f"velocity.{name}": figure(errors, (sigma >= low) & (sigma < high)) for name, low, high in bands}
