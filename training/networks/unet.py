"""The spatio-temporal UNet with portrait and motion conditioning (SPEC §7)."""

from typing import List, Mapping, Optional, Tuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from .attention import sinusoid
from .spatio_temporal import BlockSettings, Downsampler, NormEpsilons, SpatioTemporalResidualBlock, Upsampler
from .unet_transformer import Context, MultilayerEmbedding, SpatioTemporalTransformer


class Level(nn.Module):
    """Residual blocks, each followed by a transformer where the level has any."""

    def __init__(self, channels: List[Tuple[int, int]], eps: float, settings: BlockSettings, transformers: List[nn.Module]):
        super().__init__()
        if transformers:
            self.attentions = nn.ModuleList(transformers)
        self.resnets = nn.ModuleList(
            SpatioTemporalResidualBlock(before, after, settings, NormEpsilons(eps, eps)) for before, after in channels
        )

    def layer(self, index: int, maps: Tensor, context: Context) -> Tensor:
        maps = self.resnets[index](maps, context.frames, context.embedding)
        return self.attentions[index](maps, context) if hasattr(self, "attentions") else maps


class DownLevel(Level):
    def forward(self, maps: Tensor, context: Context) -> Tuple[Tensor, List[Tensor]]:
        skips = []
        for index in range(len(self.resnets)):
            maps = self.layer(index, maps, context)
            skips.append(maps)
        if hasattr(self, "downsamplers"):
            maps = self.downsamplers[0](maps)
            skips.append(maps)
        return maps, skips


class MiddleLevel(Level):
    def forward(self, maps: Tensor, context: Context) -> Tensor:
        maps = self.layer(0, maps, context)
        return self.resnets[1](maps, context.frames, context.embedding)


class UpLevel(Level):
    def forward(self, maps: Tensor, skips: List[Tensor], context: Context) -> Tensor:
        for index in range(len(self.resnets)):
            maps = self.layer(index, torch.cat([maps, skips.pop()], dim=1), context)
        return self.upsamplers[0](maps) if hasattr(self, "upsamplers") else maps


class UNet(nn.Module):
    """Predicts v for a window of frames in every guidance branch.

    `config` has the official field names (`block_out_channels`, `num_attention_heads`, …) and optionally `norm_num_groups`.
    """

    def __init__(self, config: Mapping, repeat_window_tokens: bool = False):
        super().__init__()
        widths = list(config["block_out_channels"])
        self.config = config
        self.repeat_window_tokens = repeat_window_tokens
        embedding_width = 4 * widths[0]
        self.settings = BlockSettings(config.get("norm_num_groups", 32), embedding_width)
        self.conv_in = nn.Conv2d(config["in_channels"], widths[0], 3, padding=1)
        self.time_embedding = MultilayerEmbedding(widths[0], embedding_width, embedding_width)
        self.add_embedding = MultilayerEmbedding(
            config["projection_class_embeddings_input_dim"], embedding_width, embedding_width
        )
        skip_widths = [widths[0]]
        self.down_blocks = nn.ModuleList(self._down_level(level, skip_widths) for level in range(len(widths)))
        self.up_blocks = nn.ModuleList(self._up_level(level, skip_widths) for level in reversed(range(len(widths))))
        self.mid_block = MiddleLevel([(widths[-1], widths[-1])] * 2, 1e-5, self.settings, self._transformers(-1, 1))
        self.conv_norm_out = nn.GroupNorm(self.settings.groups, widths[0], eps=1e-5)
        self.conv_out = nn.Conv2d(widths[0], config["out_channels"], 3, padding=1)

    def _transformers(self, level: int, count: int) -> List[nn.Module]:
        config = self.config
        width, heads = config["block_out_channels"][level], config["num_attention_heads"][level]
        context_width, groups = config["cross_attention_dim"], self.settings.groups
        return [SpatioTemporalTransformer(width, heads, context_width, groups) for _ in range(count)]

    def _down_level(self, level: int, skip_widths: List[int]) -> DownLevel:
        width, count = self.config["block_out_channels"][level], self.config["layers_per_block"]
        attends = self.config["down_block_types"][level].startswith("CrossAttn")
        channels = [(skip_widths[-1], width)] + [(width, width)] * (count - 1)
        skip_widths += [width] * count
        transformers = self._transformers(level, count) if attends else []
        block = DownLevel(channels, 1e-6 if attends else 1e-5, self.settings, transformers)
        if level < len(self.config["block_out_channels"]) - 1:
            block.downsamplers = nn.ModuleList([Downsampler(width)])
            skip_widths.append(width)
        return block

    def _up_level(self, level: int, skip_widths: List[int]) -> UpLevel:
        widths, count = self.config["block_out_channels"], self.config["layers_per_block"] + 1
        attends = self.config["up_block_types"][len(widths) - 1 - level].startswith("CrossAttn")
        before = widths[min(level + 1, len(widths) - 1)]
        channels = [((before if layer == 0 else widths[level]) + skip_widths.pop(), widths[level]) for layer in range(count)]
        transformers = self._transformers(level, count) if attends else []
        block = UpLevel(channels, 1e-6, self.settings, transformers)
        if level > 0:
            block.upsamplers = nn.ModuleList([Upsampler(widths[level])])
        return block

    def forward(
        self,
        sample: Tensor,
        timestep: Tensor,
        image_tokens: Tensor,
        motion_tokens: Tensor,
        added_time_ids: Tensor,
        pose_features: Optional[Tensor] = None,
        motion_scale: float = 1.0,
    ) -> Tensor:
        """`sample` `[B, F, 8, H, W]`, tokens `[B·F, N, D]`, ids `[B, 3]`, pose `[B, F, C, H, W]` → `[B, F, 4, H, W]`."""
        batch, frames = sample.shape[:2]
        context = self.context(batch, timestep, image_tokens, motion_tokens, added_time_ids, motion_scale)
        maps = self.conv_in(sample.flatten(0, 1))
        if pose_features is not None:
            maps = maps + pose_features.flatten(0, 1)
        return self._levels(maps, context).unflatten(0, (batch, frames))

    def context(
        self, batch: int, timestep: Tensor, image_tokens: Tensor, motion_tokens: Tensor, added_time_ids: Tensor, motion_scale: float = 1.0
    ) -> Context:
        """What every block sees besides the maps."""
        frames = image_tokens.shape[0] // batch
        embedding = self._embed(timestep, added_time_ids).repeat_interleave(frames, dim=0)
        window_image, window_motion = (
            tokens.unflatten(0, (batch, frames)).mean(1) for tokens in (image_tokens, motion_tokens)
        )
        return Context(
            frames, embedding, image_tokens, motion_tokens, window_image, window_motion, motion_scale, self.repeat_window_tokens
        )

    def _embed(self, timestep: Tensor, added_time_ids: Tensor) -> Tensor:
        dtype = self.conv_in.weight.dtype
        times = sinusoid(timestep.reshape(-1).expand(added_time_ids.shape[0]), self.config["block_out_channels"][0])
        added = sinusoid(added_time_ids.flatten(), self.config["addition_time_embed_dim"])
        added = added.reshape(added_time_ids.shape[0], -1)
        return self.time_embedding(times.to(dtype)) + self.add_embedding(added.to(dtype))

    def _levels(self, maps: Tensor, context: Context) -> Tensor:
        skips = [maps]
        for block in self.down_blocks:
            maps, level_skips = block(maps, context)
            skips += level_skips
        maps = self.mid_block(maps, context)
        for block in self.up_blocks:
            maps = block(maps, skips, context)
        return self.conv_out(functional.silu(self.conv_norm_out(maps)))
