"""Residual blocks over frames and their mixing, shared by the UNet (SPEC §7.3) and the VAE decoder (SPEC §8)."""

from typing import NamedTuple, Optional

import torch
from torch import Tensor, nn
from torch.nn import functional


class NormEpsilons(NamedTuple):
    """Group norm eps of the two halves of a spatio-temporal residual block."""

    spatial: float
    temporal: float


class BlockSettings(NamedTuple):
    """What all residual blocks of one network share. `embedding_width` 0 means: no time embedding."""

    groups: int = 32
    embedding_width: int = 0


def frames_inside(maps: Tensor, frames: int) -> Tensor:
    """`[batch·frames, C, H, W]` to `[batch, C, frames, H, W]`."""
    return maps.unflatten(0, (-1, frames)).transpose(1, 2)


def frames_outside(volumes: Tensor) -> Tensor:
    """`[batch, C, frames, H, W]` to `[batch·frames, C, H, W]`."""
    return volumes.transpose(1, 2).flatten(0, 1)


class ResidualBlock(nn.Module):
    """Per-frame residual block with 3×3 convolutions."""

    def __init__(self, channels_in: int, channels_out: int, settings: BlockSettings, eps: float = 1e-6):
        super().__init__()
        self.norm1 = nn.GroupNorm(settings.groups, channels_in, eps)
        self.conv1 = nn.Conv2d(channels_in, channels_out, 3, padding=1)
        if settings.embedding_width:
            self.time_emb_proj = nn.Linear(settings.embedding_width, channels_out)
        self.norm2 = nn.GroupNorm(settings.groups, channels_out, eps)
        self.conv2 = nn.Conv2d(channels_out, channels_out, 3, padding=1)
        if channels_in != channels_out:
            self.conv_shortcut = nn.Conv2d(channels_in, channels_out, 1)

    def forward(self, maps: Tensor, embedding: Optional[Tensor] = None) -> Tensor:
        hidden = self.conv1(functional.silu(self.norm1(maps)))
        if embedding is not None:
            hidden = hidden + self.time_emb_proj(functional.silu(embedding))[:, :, None, None]
        hidden = self.conv2(functional.silu(self.norm2(hidden)))
        shortcut = self.conv_shortcut(maps) if hasattr(self, "conv_shortcut") else maps
        return shortcut + hidden


class TemporalResidualBlock(nn.Module):
    """Residual block with (3,1,1) convolutions; its group norms see all frames together."""

    def __init__(self, channels: int, settings: BlockSettings, eps: float):
        super().__init__()
        self.norm1 = nn.GroupNorm(settings.groups, channels, eps)
        self.conv1 = nn.Conv3d(channels, channels, (3, 1, 1), padding=(1, 0, 0))
        if settings.embedding_width:
            self.time_emb_proj = nn.Linear(settings.embedding_width, channels)
        self.norm2 = nn.GroupNorm(settings.groups, channels, eps)
        self.conv2 = nn.Conv3d(channels, channels, (3, 1, 1), padding=(1, 0, 0))

    def forward(self, volumes: Tensor, embedding: Optional[Tensor] = None) -> Tensor:
        hidden = self.conv1(functional.silu(self.norm1(volumes)))
        if embedding is not None:
            shift = self.time_emb_proj(functional.silu(embedding))
            hidden = hidden + shift.unflatten(0, (volumes.shape[0], -1)).transpose(1, 2)[..., None, None]
        return volumes + self.conv2(functional.silu(self.norm2(hidden)))


class TimeMixer(nn.Module):
    """Learned blend of the spatial and the temporal result. The VAE decoder blends the other way round."""

    def __init__(self, swapped: bool = False):
        super().__init__()
        self.mix_factor = nn.Parameter(torch.zeros(1))
        self.swapped = swapped

    def forward(self, spatial: Tensor, temporal: Tensor) -> Tensor:
        weight = torch.sigmoid(self.mix_factor)
        if self.swapped:
            weight = 1 - weight
        return weight * spatial + (1 - weight) * temporal


class SpatioTemporalResidualBlock(nn.Module):
    """`spatial_only` leaves out the temporal half and the mixing, for training on single pictures."""

    spatial_only = False

    def __init__(self, channels_in: int, channels_out: int, settings: BlockSettings, eps: NormEpsilons):
        super().__init__()
        self.spatial_res_block = ResidualBlock(channels_in, channels_out, settings, eps.spatial)
        self.temporal_res_block = TemporalResidualBlock(channels_out, settings, eps.temporal)
        self.time_mixer = TimeMixer(swapped=settings.embedding_width == 0)

    def forward(self, maps: Tensor, frames: int, embedding: Optional[Tensor] = None) -> Tensor:
        spatial = self.spatial_res_block(maps, embedding)
        if self.spatial_only:
            return spatial
        temporal = self.temporal_res_block(frames_inside(spatial, frames), embedding)
        return self.time_mixer(spatial, frames_outside(temporal))


class Downsampler(nn.Module):
    """Halves a map. `padded_at_end` pads right and bottom only, as the VAE encoder does."""

    def __init__(self, channels: int, padded_at_end: bool = False):
        super().__init__()
        self.padded_at_end = padded_at_end
        self.conv = nn.Conv2d(channels, channels, 3, stride=2, padding=0 if padded_at_end else 1)

    def forward(self, maps: Tensor) -> Tensor:
        return self.conv(functional.pad(maps, (0, 1, 0, 1)) if self.padded_at_end else maps)


class Upsampler(nn.Module):
    """Doubles a map by nearest neighbour, then convolves."""

    def __init__(self, channels: int):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, maps: Tensor) -> Tensor:
        return self.conv(functional.interpolate(maps, scale_factor=2.0, mode="nearest"))
