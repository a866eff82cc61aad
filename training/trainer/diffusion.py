"""Noise levels, the velocity target and conditioning dropout (SPEC §9)."""

import math
from typing import Mapping, NamedTuple, Tuple

import torch
from torch import Tensor
from torch.nn import functional

from .loop import Progress
from .settings import DiffusionLoss

SCHEDULE_EXPONENT = 7


class Conditions(NamedTuple):
    """Of a batch of windows: image tokens `[B, N, D]`, portrait latents `[B, 4, h, w]`, motion tokens `[B·F, N, D]`."""

    image: Tensor
    portrait: Tensor
    motion: Tensor


def noise_levels(count: int, settings: DiffusionLoss, scheduler: Mapping[str, float], progress: Progress, device: torch.device) -> Tensor:
    """`[count]`: some evenly over the sampling schedule, the others log-normal, all within the scheduler's range."""
    low, high = scheduler["sigma_min"], scheduler["sigma_max"]
    share = torch.rand(count, generator=progress.generator, device=device)
    normal = torch.randn(count, generator=progress.generator, device=device)
    root = 1 / SCHEDULE_EXPONENT
    even = (high**root + share * (low**root - high**root)) ** SCHEDULE_EXPONENT
    bell = (normal * settings.log_deviation + settings.log_mean).exp().clamp(low, high)
    chosen = torch.rand(count, generator=progress.generator, device=device) < settings.schedule_share
    return torch.where(chosen, even, bell)


def drop_conditions(conditions: Conditions, settings: DiffusionLoss, progress: Progress) -> Conditions:
    """Turns some windows into branch 0 (nothing) and branch 1 (the portrait alone) of SPEC §9.5."""
    count = conditions.image.shape[0]
    chance = torch.rand(count, generator=progress.generator, device=conditions.image.device)
    portrait = (chance >= settings.drop_all).to(conditions.image.dtype)
    motion = (chance >= settings.drop_all + settings.drop_motion).to(conditions.image.dtype)
    frames = conditions.motion.shape[0] // count
    return Conditions(
        conditions.image * portrait[:, None, None],
        conditions.portrait * portrait[:, None, None, None],
        conditions.motion * motion.repeat_interleave(frames)[:, None, None],
    )


def predict(unet, noisy: Tensor, sigma: Tensor, conditions: Conditions, added_ids: Tuple[float, ...]) -> Tensor:
    """Velocity of windows `[B, F, 4, h, w]` at one noise level each, `[B]`."""
    count, frames = noisy.shape[:2]
    scaled = noisy / (sigma**2 + 1).sqrt()[:, None, None, None, None]
    portrait = conditions.portrait[:, None].expand(-1, frames, -1, -1, -1)
    image = conditions.image.repeat_interleave(frames, 0)
    ids = torch.tensor([added_ids] * count, device=noisy.device)
    return unet(torch.cat([scaled, portrait], 2), 0.25 * sigma.log(), image, conditions.motion, ids)


def velocity(clean: Tensor, noise: Tensor, sigma: Tensor) -> Tensor:
    """What the Euler step of SPEC §9.7 takes to give `clean` back."""
    level = sigma[:, None, None, None, None]
    return (noise - level * clean) / (level**2 + 1).sqrt()


def spatial_weights(masks: Tensor, size: Tuple[int, int], settings: DiffusionLoss) -> Tensor:
    """Masks `[n, 2, S, S]` (face, eyes with mouth) → weights `[n, 1, h, w]` of mean 1."""
    small = functional.adaptive_avg_pool2d(masks, size)
    weights = 1 + settings.face * small[:, :1] + settings.expression * small[:, 1:]
    return weights / weights.mean((1, 2, 3), keepdim=True)


def added_time_ids(architecture: Mapping) -> Tuple[float, float, float]:
    values = architecture["defaults"]["micro_conditioning"]
    return float(values["fps"]), float(values["motion_bucket"]), float(values["noise_augmentation"])


def band_losses(errors: Tensor, sigma: Tensor) -> Mapping[str, Tensor]:
    """Mean error of low, middle and high noise levels, for the log: each tells about another thing (detail, features, layout)."""
    figures = {}
    for name, low, high in (("low", 0.0, 0.3), ("middle", 0.3, 3.0), ("high", 3.0, math.inf)):
        chosen = (sigma >= low) & (sigma < high)
        if bool(chosen.any()):
            figures[f"velocity.{name}"] = errors[chosen].mean()
    return figures
