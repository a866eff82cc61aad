"""Image encoder and temporal decoder between pictures and latents (SPEC §8)."""

from typing import List, Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from .attention import MapAttention
from .spatio_temporal import (
    BlockSettings,
    Downsampler,
    NormEpsilons,
    ResidualBlock,
    SpatioTemporalResidualBlock,
    Upsampler,
    frames_inside,
    frames_outside,
)

DECODER_EPSILONS = NormEpsilons(spatial=1e-6, temporal=1e-5)


class EncoderLevel(nn.Module):
    def __init__(self, resnets: List[nn.Module], downsampler: List[nn.Module]):
        super().__init__()
        self.resnets = nn.ModuleList(resnets)
        if downsampler:
            self.downsamplers = nn.ModuleList(downsampler)

    def forward(self, maps: Tensor) -> Tensor:
        for resnet in self.resnets:
            maps = resnet(maps)
        return self.downsamplers[0](maps) if hasattr(self, "downsamplers") else maps


class EncoderMiddle(nn.Module):
    def __init__(self, width: int, settings: BlockSettings):
        super().__init__()
        self.attentions = nn.ModuleList([MapAttention(width, settings.groups)])
        self.resnets = nn.ModuleList(ResidualBlock(width, width, settings) for _ in range(2))

    def forward(self, maps: Tensor) -> Tensor:
        return self.resnets[1](self.attentions[0](self.resnets[0](maps)))


class Encoder(nn.Module):
    def __init__(self, config: Mapping, settings: BlockSettings):
        super().__init__()
        widths = config["block_out_channels"]
        self.conv_in = nn.Conv2d(config["in_channels"], widths[0], 3, padding=1)
        self.down_blocks = nn.ModuleList(self._level(config, level, settings) for level in range(len(widths)))
        self.mid_block = EncoderMiddle(widths[-1], settings)
        self.conv_norm_out = nn.GroupNorm(settings.groups, widths[-1], eps=1e-6)
        self.conv_out = nn.Conv2d(widths[-1], 2 * config["latent_channels"], 3, padding=1)

    @staticmethod
    def _level(config: Mapping, level: int, settings: BlockSettings) -> EncoderLevel:
        widths, count = config["block_out_channels"], config["layers_per_block"]
        before, width = widths[max(level - 1, 0)], widths[level]
        resnets = [ResidualBlock(before if layer == 0 else width, width, settings) for layer in range(count)]
        last = level == len(widths) - 1
        return EncoderLevel(resnets, [] if last else [Downsampler(width, padded_at_end=True)])

    def forward(self, images: Tensor) -> Tensor:
        maps = self.conv_in(images)
        for block in self.down_blocks:
            maps = block(maps)
        return self.conv_out(functional.silu(self.conv_norm_out(self.mid_block(maps))))


class DecoderMiddle(nn.Module):
    """The attention stands between residual blocks: with a single one it is loaded but never used."""

    def __init__(self, width: int, count: int, settings: BlockSettings):
        super().__init__()
        self.attentions = nn.ModuleList([MapAttention(width, settings.groups)])
        self.resnets = nn.ModuleList(
            SpatioTemporalResidualBlock(width, width, settings, DECODER_EPSILONS) for _ in range(count)
        )

    def forward(self, maps: Tensor, frames: int) -> Tensor:
        maps = self.resnets[0](maps, frames)
        for attention, resnet in zip(self.attentions, self.resnets[1:]):
            maps = resnet(attention(maps), frames)
        return maps


class DecoderLevel(nn.Module):
    def __init__(self, widths: List[int], settings: BlockSettings, upsampler: List[nn.Module]):
        super().__init__()
        self.resnets = nn.ModuleList(
            SpatioTemporalResidualBlock(before, after, settings, DECODER_EPSILONS)
            for before, after in zip(widths, widths[1:])
        )
        if upsampler:
            self.upsamplers = nn.ModuleList(upsampler)

    def forward(self, maps: Tensor, frames: int) -> Tensor:
        for resnet in self.resnets:
            maps = resnet(maps, frames)
        return self.upsamplers[0](maps) if hasattr(self, "upsamplers") else maps


class TemporalDecoder(nn.Module):
    """`spatial_only` decodes pictures that have nothing to do with each other, for training."""

    spatial_only = False

    def __init__(self, config: Mapping, settings: BlockSettings):
        super().__init__()
        widths, count, channels = config["block_out_channels"][::-1], config["layers_per_block"], config["out_channels"]
        self.conv_in = nn.Conv2d(config["latent_channels"], widths[0], 3, padding=1)
        self.mid_block = DecoderMiddle(widths[0], count, settings)
        self.up_blocks = nn.ModuleList(
            DecoderLevel(
                [widths[max(level - 1, 0)]] + [width] * (count + 1),
                settings,
                [Upsampler(width)] if level < len(widths) - 1 else [],
            )
            for level, width in enumerate(widths)
        )
        self.conv_norm_out = nn.GroupNorm(settings.groups, widths[-1], eps=1e-6)
        self.conv_out = nn.Conv2d(widths[-1], channels, 3, padding=1)
        self.time_conv_out = nn.Conv3d(channels, channels, (3, 1, 1), padding=(1, 0, 0))

    def forward(self, latents: Tensor, chunk_frames: int = 0) -> Tensor:
        """Consecutive frames `[n, C, h, w]` to pictures `[n, 3, H, W]`: one chunk, or several of `chunk_frames`."""
        frames = chunk_frames or latents.shape[0]
        maps = self.mid_block(self.conv_in(latents), frames)
        for block in self.up_blocks:
            maps = block(maps, frames)
        return self.mixed_in_time(self.conv_out(functional.silu(self.conv_norm_out(maps))), frames)

    def mixed_in_time(self, pictures: Tensor, frames: int) -> Tensor:
        """The last layer: `frames` of a chunk are one clip."""
        if self.spatial_only:
            return pictures
        return frames_outside(self.time_conv_out(frames_inside(pictures, frames)))


class Vae(nn.Module):
    """`config` has the official field names and optionally `norm_num_groups`."""

    def __init__(self, config: Mapping):
        super().__init__()
        settings = BlockSettings(config.get("norm_num_groups", 32))
        self.latent_channels = config["latent_channels"]
        self.scaling_factor = config["scaling_factor"]
        self.encoder = Encoder(config, settings)
        self.decoder = TemporalDecoder(config, settings)
        self.quant_conv = nn.Conv2d(2 * self.latent_channels, 2 * self.latent_channels, 1)

    def encode(self, images: Tensor) -> Tensor:
        """Mean (= mode) and log-variance, unscaled: `[n, 3, H, W]` to `[n, 8, h, w]`."""
        return self.quant_conv(self.encoder(images))

    def decode(self, latents: Tensor, chunk_frames: int) -> Tensor:
        """Scaled latents `[F, 4, h, w]` to pictures `[F, 3, H, W]`, chunk by chunk from the first frame."""
        chunks = (latents / self.scaling_factor).split(chunk_frames)
        return torch.cat([self.decoder(chunk) for chunk in chunks])
