"""Noise schedule, windows, guidance and the sampling loop (SPEC §9), as the reference runs them."""

import math
from dataclasses import dataclass
from typing import Iterator, List, Tuple

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class SamplingSettings:
    """`frames_per_batch` is the window length. Guidance pairs are (first step, last step)."""

    steps: int = 25
    frames_per_batch: int = 25
    overlap: int = 3
    shift_offset: int = 3
    strength: float = 1.0
    appearance_guidance: Tuple[float, float] = (2.0, 2.0)
    motion_guidance: Tuple[float, float] = (2.0, 2.0)
    added_time_ids: Tuple[float, float, float] = (12.5, 0.0, 0.0)
    sigma_min: float = 0.002
    sigma_max: float = 700.0


@dataclass(frozen=True)
class Conditioning:
    """Constant during sampling: image tokens `[1, N, D]`, motion tokens `[F, N, D]`, image latents `[1, 4, h, w]` (unscaled),
    pose features `[C, h, w]` (the same for all frames)."""

    image_tokens: Tensor
    motion_tokens: Tensor
    image_latents: Tensor
    pose_features: Tensor


def sigmas(settings: SamplingSettings) -> Tensor:
    """The noise levels of all steps in float32, a final zero appended."""
    high, low = settings.sigma_max ** (1 / 7), settings.sigma_min ** (1 / 7)
    count = max(settings.steps - 1, 1)
    levels = [(high + index / count * (low - high)) ** 7 for index in range(settings.steps)]
    return torch.tensor(levels + [0.0], dtype=torch.float64).float()


def timestep(sigma: Tensor) -> Tensor:
    return 0.25 * sigma.log()


def executed_steps(settings: SamplingSettings) -> range:
    return range(settings.steps - min(int(settings.steps * settings.strength), settings.steps), settings.steps)


def windows(frame_count: int, index: int, settings: SamplingSettings) -> List[List[int]]:
    """Frames of every window of executed step `index`; they wrap around and may repeat."""
    length = settings.frames_per_batch
    shift = index * settings.shift_offset % length
    starts = range(0, frame_count, length - settings.overlap)
    return [[(start - shift + frame) % frame_count for frame in range(length)] for start in starts]


def ramp(ends: Tuple[float, float], count: int) -> Tensor:
    return torch.linspace(ends[0], ends[1], count)


def euler_step(prediction: Tensor, sample: Tensor, sigma: Tensor, next_sigma: Tensor) -> Tensor:
    clean = prediction * (-sigma / (sigma**2 + 1).sqrt()) + sample / (sigma**2 + 1)
    return sample + (sample - clean) / sigma * (next_sigma - sigma)


class Sampler:
    """Denoises a clip. `skip_middle_branch` leaves out the branch that cancels while both guidance scales are equal."""

    def __init__(self, unet: nn.Module, settings: SamplingSettings, skip_middle_branch: bool = False):
        self.unet = unet
        self.settings = settings
        self.skip_middle_branch = skip_middle_branch

    def initial_latents(self, conditioning: Conditioning, noise: Tensor, scaling_factor: float) -> Tensor:
        """Latents `[F, 4, h, w]` of the first executed step."""
        first = executed_steps(self.settings)[0]
        return conditioning.image_latents * scaling_factor + sigmas(self.settings)[first] * noise

    def steps(self, latents: Tensor, conditioning: Conditioning) -> Iterator[Tensor]:
        """Yields the latents after every step."""
        levels, executed = sigmas(self.settings), executed_steps(self.settings)
        appearance = ramp(self.settings.appearance_guidance, len(executed))
        motion = ramp(self.settings.motion_guidance, len(executed))
        for index, step in enumerate(executed):
            total = torch.zeros_like(latents)
            count = torch.zeros(latents.shape[0], dtype=latents.dtype)
            for window in windows(latents.shape[0], index, self.settings):
                sample = latents[window]
                prediction = self.guided(sample, window, levels[step], (appearance[index], motion[index]), conditioning)
                denoised = euler_step(prediction, sample, levels[step], levels[step + 1])
                total.index_add_(0, torch.tensor(window), denoised)
                count.index_add_(0, torch.tensor(window), torch.ones(len(window)))
            latents = total / count[:, None, None, None]
            yield latents

    def guided(
        self, sample: Tensor, window: List[int], sigma: Tensor, scales: Tuple[Tensor, Tensor], conditioning: Conditioning
    ) -> Tensor:
        """The guided prediction of one window, `[n, 4, h, w]`."""
        appearance, motion = float(scales[0]), float(scales[1])
        pair = self.skip_middle_branch and math.isclose(appearance, motion)
        predictions = self.predict(sample, window, sigma, conditioning, (0, 2) if pair else (0, 1, 2))
        if pair:
            return predictions[0] + appearance * (predictions[1] - predictions[0])
        without, dropped, full = predictions
        return without + appearance * (dropped - without) + motion * (full - dropped)

    def predict(
        self, sample: Tensor, window: List[int], sigma: Tensor, conditioning: Conditioning, branches: Tuple[int, ...]
    ) -> Tensor:
        """`[branches, n, 4, h, w]`."""
        ids = torch.tensor([self.settings.added_time_ids] * len(branches))
        scaled = sample / (sigma**2 + 1).sqrt()
        return self.unet(*branch_arguments(scaled, timestep(sigma), ids, window, conditioning, branches))


def branch_arguments(
    scaled: Tensor, moment: Tensor, ids: Tensor, window: List[int], conditioning: Conditioning, branches: Tuple[int, ...]
) -> Tuple[Tensor, ...]:
    """The UNet's arguments for one window: branch 0 sees nothing, branch 1 the portrait, branch 2 portrait and motion."""
    frames, count = len(window), len(branches)
    image = torch.stack([conditioning.image_tokens.expand(frames, -1, -1) * (branch > 0) for branch in branches])
    motion = torch.stack([conditioning.motion_tokens[window] * (branch > 1) for branch in branches])
    latents = torch.stack([conditioning.image_latents.expand(frames, -1, -1, -1) * (branch > 0) for branch in branches])
    inputs = torch.cat([scaled.expand(count, -1, -1, -1, -1), latents], dim=2)
    pose = conditioning.pose_features.expand(count, frames, -1, -1, -1)
    return inputs, moment, image.flatten(0, 1), motion.flatten(0, 1), ids, pose
