"""The UNet's spatio-temporal transformer (SPEC §7.4)."""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from .attention import Attention, CrossAttention, FeedForward, sinusoid
from .spatio_temporal import TimeMixer


class Context(NamedTuple):
    """What every block of one UNet call sees besides the maps.

    `image` and `motion` are per frame, `[batch·frames, tokens, width]`; the `window_…` pair is their mean over the window's
    frames, `[batch, tokens, width]`. `repeat_window_tokens` repeats that pair for every pixel before projecting it, as the
    reference does; the result is the same, only slower.
    """

    frames: int
    embedding: Tensor
    image: Tensor
    motion: Tensor
    window_image: Tensor
    window_motion: Tensor
    motion_scale: float
    repeat_window_tokens: bool


class MultilayerEmbedding(nn.Module):
    """Linear, SiLU, Linear."""

    def __init__(self, width_in: int, width_inside: int, width_out: int):
        super().__init__()
        self.linear_1 = nn.Linear(width_in, width_inside)
        self.linear_2 = nn.Linear(width_inside, width_out)

    def forward(self, values: Tensor) -> Tensor:
        return self.linear_2(functional.silu(self.linear_1(values)))


class SpatialBlock(nn.Module):
    """Self attention over the positions of a frame, cross attention to the frame's own tokens, feed-forward."""

    def __init__(self, width: int, heads: int, context_width: int):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attn1 = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width)
        self.attn2 = CrossAttention(width, heads, context_width)
        self.norm3 = nn.LayerNorm(width)
        self.ff = FeedForward(width)

    def forward(self, tokens: Tensor, context: Context) -> Tensor:
        tokens = tokens + self.attn1(self.norm1(tokens))
        tokens = tokens + self.attn2(self.norm2(tokens), context.image, context.motion, context.motion_scale)
        return tokens + self.ff(self.norm3(tokens))


class TemporalBlock(nn.Module):
    """Self attention over frames at each position, cross attention to the window's mean tokens, two feed-forwards."""

    def __init__(self, width: int, heads: int, context_width: int):
        super().__init__()
        self.norm_in = nn.LayerNorm(width)
        self.ff_in = FeedForward(width)
        self.norm1 = nn.LayerNorm(width)
        self.attn1 = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width)
        self.attn2 = CrossAttention(width, heads, context_width)
        self.norm3 = nn.LayerNorm(width)
        self.ff = FeedForward(width)

    def forward(self, tokens: Tensor, context: Context) -> Tensor:
        positions = tokens.shape[1]
        tokens = tokens.unflatten(0, (-1, context.frames)).transpose(1, 2).flatten(0, 1)
        tokens = tokens + self.ff_in(self.norm_in(tokens))
        tokens = tokens + self.attn1(self.norm1(tokens))
        tokens = tokens + self._attend_to_window(self.norm2(tokens), positions, context)
        tokens = tokens + self.ff(self.norm3(tokens))
        return tokens.unflatten(0, (-1, positions)).transpose(1, 2).flatten(0, 1)

    def _attend_to_window(self, tokens: Tensor, positions: int, context: Context) -> Tensor:
        if context.repeat_window_tokens:
            image = context.window_image.repeat_interleave(positions, dim=0)
            motion = context.window_motion.repeat_interleave(positions, dim=0)
            return self.attn2(tokens, image, motion, context.motion_scale)
        queries = tokens.unflatten(0, (-1, positions)).flatten(1, 2)
        attended = self.attn2(queries, context.window_image, context.window_motion, context.motion_scale)
        return attended.reshape(tokens.shape)


class SpatioTemporalTransformer(nn.Module):
    """`spatial_only` leaves out the temporal half and the mixing, for training on single pictures."""

    spatial_only = False

    def __init__(self, width: int, heads: int, context_width: int, groups: int):
        super().__init__()
        self.norm = nn.GroupNorm(groups, width, eps=1e-6)
        self.proj_in = nn.Linear(width, width)
        self.transformer_blocks = nn.ModuleList([SpatialBlock(width, heads, context_width)])
        self.temporal_transformer_blocks = nn.ModuleList([TemporalBlock(width, heads, context_width)])
        self.time_pos_embed = MultilayerEmbedding(width, 4 * width, width)
        self.time_mixer = TimeMixer()
        self.proj_out = nn.Linear(width, width)

    def forward(self, maps: Tensor, context: Context) -> Tensor:
        tokens = self.proj_in(self.norm(maps).flatten(2).transpose(1, 2))
        spatial = self.transformer_blocks[0](tokens, context)
        mixed = spatial if self.spatial_only else self._mix_frames(spatial, context)
        return maps + self.proj_out(mixed).transpose(1, 2).reshape(maps.shape)

    def _mix_frames(self, spatial: Tensor, context: Context) -> Tensor:
        temporal = self.temporal_transformer_blocks[0](spatial + self._frame_positions(spatial, context.frames), context)
        return self.time_mixer(spatial, temporal)

    def _frame_positions(self, tokens: Tensor, frames: int) -> Tensor:
        width = tokens.shape[-1]
        table = self.time_pos_embed(sinusoid(torch.arange(frames, device=tokens.device), width).to(tokens.dtype))
        return table.repeat(tokens.shape[0] // frames, 1)[:, None]
