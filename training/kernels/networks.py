"""The arithmetic of the UNet (SPEC §7), of the VAE (SPEC §8) and of the head-pose network (SPEC §5.2) on the kernels: the parameters are
those of `networks`, and so are the results, to bfloat16.

Maps are `[batch·frames, positions, channels]`, positions row by row: at once a map with channels last, and the tokens of the transformers.
"""

from typing import NamedTuple, Optional, Tuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from ..networks import HeadPoseNetwork, UNet, Vae
from ..networks.attention import Attention, CrossAttention, FeedForward, MapAttention, sinusoid
from ..networks.motion_encoders import BasicBlock
from ..networks.spatio_temporal import Downsampler, ResidualBlock, SpatioTemporalResidualBlock, TemporalResidualBlock, TimeMixer
from ..networks.unet import Level
from ..networks.unet_transformer import Context, SpatialBlock, SpatioTemporalTransformer, TemporalBlock
from ..networks.vae import TemporalDecoder
from . import functions as kernels

HALF = torch.bfloat16


class Maps(NamedTuple):
    """`values` `[batch·frames, height·width, channels]`."""

    values: Tensor
    height: int
    width: int

    @property
    def frames(self) -> int:
        return self.values.shape[0]

    def with_values(self, values: Tensor) -> "Maps":
        return self._replace(values=values)

    def channels_first(self) -> Tensor:
        """A view `[batch·frames, C, height, width]`."""
        return self.values.unflatten(1, (self.height, self.width)).permute(0, 3, 1, 2)


def _channels_last(maps: Tensor) -> Maps:
    return Maps(maps.permute(0, 2, 3, 1).flatten(1, 2).contiguous(), *maps.shape[2:])


class HalfUNet:
    """Called like `networks.UNet`, without pose features; parameters and gradients are those of the network itself."""

    def __init__(self, network: UNet):
        self.network = network

    def __call__(self, sample: Tensor, timestep: Tensor, image_tokens: Tensor, motion_tokens: Tensor, added_time_ids: Tensor) -> Tensor:
        batch, frames = sample.shape[:2]
        context = self.network.context(batch, timestep, image_tokens, motion_tokens, added_time_ids)
        halves = {name: value.to(HALF).contiguous() for name, value in context._asdict().items() if isinstance(value, Tensor)}
        return self._levels(_channels_last(sample.flatten(0, 1).to(HALF)), context._replace(**halves)).unflatten(0, (batch, frames))

    def _levels(self, maps: Maps, context: Context) -> Tensor:
        network = self.network
        maps = _convolve(network.conv_in, maps)
        skips = [maps]
        for level in network.down_blocks:
            for index in range(len(level.resnets)):
                maps = _layer(level, index, maps, context)
                skips.append(maps)
            if hasattr(level, "downsamplers"):
                maps = _downsample(level.downsamplers[0], maps)
                skips.append(maps)
        middle = network.mid_block
        maps = _residual(middle.resnets[1], _layer(middle, 0, maps, context), context.frames, context.embedding)
        for level in network.up_blocks:
            for index in range(len(level.resnets)):
                maps = maps.with_values(torch.cat([maps.values, skips.pop().values], -1))
                maps = _layer(level, index, maps, context)
            if hasattr(level, "upsamplers"):
                maps = _convolve(level.upsamplers[0].conv, _doubled(maps))
        return _convolve(network.conv_out, _normalised(network.conv_norm_out, maps, maps.frames, silu=True)).channels_first()


class HalfEncoder:
    """Pictures `[n, 3, S, S]` in [−1, 1] → mode of their latents, unscaled, `[n, C, h, w]` in float. Not differentiable."""

    AT_ONCE = 8  # what fits into a core's cache

    def __init__(self, vae: Vae):
        self.vae, self.encoder = vae, vae.encoder

    @torch.no_grad()
    def __call__(self, pictures: Tensor) -> Tensor:
        return torch.cat([self._encode(some) for some in pictures.split(self.AT_ONCE)])

    def _encode(self, pictures: Tensor) -> Tensor:
        maps = _convolve(self.encoder.conv_in, _channels_last(pictures.to(HALF)))
        for level in self.encoder.down_blocks:
            for block in level.resnets:
                maps = _spatial_residual(block, maps)
            if hasattr(level, "downsamplers"):
                maps = _downsample(level.downsamplers[0], maps)
        middle = self.encoder.mid_block
        maps = _spatial_residual(middle.resnets[1], _attend_to_itself(middle.attentions[0], _spatial_residual(middle.resnets[0], maps)))
        maps = _convolve(self.encoder.conv_out, _normalised(self.encoder.conv_norm_out, maps, maps.frames, silu=True))
        return self.vae.quant_conv(maps.channels_first().float())[:, : self.vae.latent_channels]


class HalfDecoder:
    """Called like `networks.vae.TemporalDecoder`; parameters and gradients are those of the network itself. Its last two layers are in float."""

    def __init__(self, network: TemporalDecoder):
        self.network = network

    def __call__(self, latents: Tensor, chunk_frames: int = 0) -> Tensor:
        network, frames = self.network, chunk_frames or latents.shape[0]
        maps = _convolve(network.conv_in, _channels_last(latents.to(HALF)))
        maps = _residual(network.mid_block.resnets[0], maps, frames)
        for attention, resnet in zip(network.mid_block.attentions, network.mid_block.resnets[1:]):
            maps = _residual(resnet, _attend_to_itself(attention, maps), frames)
        for level in network.up_blocks:
            for resnet in level.resnets:
                maps = _residual(resnet, maps, frames)
            if hasattr(level, "upsamplers"):
                maps = _convolve(level.upsamplers[0].conv, _doubled(maps))
        maps = _normalised(network.conv_norm_out, maps, maps.frames, silu=True)
        return network.mixed_in_time(network.conv_out(maps.channels_first().float()), frames)


class HalfHeadPose:
    """Called like `networks.HeadPoseNetwork`; parameters and gradients are those of the network itself."""

    def __init__(self, network: HeadPoseNetwork):
        self.network = network

    def __call__(self, crops: Tensor) -> Tuple[Tensor, Tensor]:
        layers = self.network.head_pose_net
        maps = _convolve(layers.conv1, _channels_last(self.network.prepared(crops).to(HALF)))
        maps = _rectified(_normalised(getattr(layers, layers.stem_norm), maps, maps.frames, silu=False))
        maps = _channels_last(functional.max_pool2d(maps.channels_first(), 3, stride=2, padding=1))
        for stage in (layers.layer1, layers.layer2, layers.layer3, layers.layer4):
            for block in stage:
                maps = _basic(block, maps)
        return self.network.scaled(layers.fc(maps.values.float().mean(1)))


def _basic(block: BasicBlock, maps: Maps) -> Maps:
    hidden = _rectified(_normalised(block.bn1, _convolve(block.conv1, maps), maps.frames, silu=False))
    hidden = _normalised(block.bn2, _convolve(block.conv2, hidden), maps.frames, silu=False)
    if hasattr(block, "shortcut"):
        maps = _normalised(block.shortcut[1], _convolve(block.shortcut[0], maps), maps.frames, silu=False)
    return _rectified(hidden.with_values(hidden.values + maps.values))


def _rectified(maps: Maps) -> Maps:
    return maps.with_values(functional.relu(maps.values))


def _attend_to_itself(layer: MapAttention, maps: Maps) -> Maps:
    """One head, wider than the attention kernel's."""
    tokens = _normalised(layer.group_norm, maps, maps.frames, silu=False).values
    query, key, value = (_linear(to, tokens) for to in (layer.to_q, layer.to_k, layer.to_v))
    weights = (query * query.shape[-1] ** -0.5 @ key.transpose(1, 2)).float().softmax(-1)
    return maps.with_values(maps.values + _linear(layer.to_out[0], weights.to(HALF) @ value))


def _layer(level: Level, index: int, maps: Maps, context: Context) -> Maps:
    maps = _residual(level.resnets[index], maps, context.frames, context.embedding)
    return _transform(level.attentions[index], maps, context) if hasattr(level, "attentions") else maps


def _linear(layer: nn.Module, values: Tensor) -> Tensor:
    """A linear layer, or a 1 × 1 convolution."""
    bias: Optional[Tensor] = layer.bias
    return kernels.linear(values, layer.weight.flatten(1).to(HALF), None if bias is None else bias.to(HALF))


def _convolve(layer: nn.Conv2d, maps: Maps) -> Maps:
    return _convolve_picture(layer, maps.channels_first())


def _convolve_picture(layer: nn.Conv2d, picture: Tensor) -> Maps:
    weight = layer.weight.to(HALF, memory_format=torch.channels_last)
    bias: Optional[Tensor] = layer.bias
    return _channels_last(functional.conv2d(picture, weight, None if bias is None else bias.to(HALF), layer.stride, layer.padding))


def _downsample(sampler: Downsampler, maps: Maps) -> Maps:
    picture = maps.channels_first()
    return _convolve_picture(sampler.conv, functional.pad(picture, (0, 1, 0, 1)) if sampler.padded_at_end else picture)


def _convolve_frames(layer: nn.Conv3d, values: Tensor, frames: int) -> Tensor:
    """(3, 1, 1): the maps' positions are one axis of a picture, the frames the other."""
    windows = values.unflatten(0, (-1, frames)).permute(0, 3, 1, 2)
    result = functional.conv2d(windows, layer.weight.squeeze(-1).to(HALF), layer.bias.to(HALF), padding=layer.padding[:2])
    return result.permute(0, 2, 3, 1).flatten(0, 1).contiguous()


def _normalised(norm: nn.GroupNorm, maps: Maps, samples: int, silu: bool) -> Maps:
    return maps.with_values(kernels.group_norm(maps.values, norm.weight, norm.bias, samples, norm.num_groups, norm.eps, silu))


def _layer_norm(norm: nn.LayerNorm, tokens: Tensor) -> Tensor:
    return kernels.layer_norm(tokens, norm.weight, norm.bias, norm.eps)


def _doubled(maps: Maps) -> Maps:
    rows = maps.values.view(maps.frames, maps.height, 1, maps.width, 1, -1).expand(-1, -1, 2, -1, 2, -1)
    return Maps(rows.flatten(3, 4).flatten(1, 3), 2 * maps.height, 2 * maps.width)


def _mixed(mixer: TimeMixer, spatial: Tensor, temporal: Tensor) -> Tensor:
    first, second = (spatial, temporal) if mixer.swapped else (temporal, spatial)
    return torch.lerp(first, second, torch.sigmoid(mixer.mix_factor).to(HALF))


def _residual(block: SpatioTemporalResidualBlock, maps: Maps, frames: int, embedding: Optional[Tensor] = None) -> Maps:
    spatial = _spatial_residual(block.spatial_res_block, maps, embedding)
    if block.spatial_only:
        return spatial
    return spatial.with_values(_mixed(block.time_mixer, spatial.values, _temporal_residual(block.temporal_res_block, spatial, frames, embedding)))


def _spatial_residual(block: ResidualBlock, maps: Maps, embedding: Optional[Tensor] = None) -> Maps:
    hidden = _convolve(block.conv1, _normalised(block.norm1, maps, maps.frames, silu=True))
    if embedding is not None:
        hidden = hidden.with_values(hidden.values + _linear(block.time_emb_proj, functional.silu(embedding))[:, None])
    hidden = _convolve(block.conv2, _normalised(block.norm2, hidden, maps.frames, silu=True))
    shortcut = _linear(block.conv_shortcut, maps.values) if hasattr(block, "conv_shortcut") else maps.values
    return hidden.with_values(shortcut + hidden.values)


def _temporal_residual(block: TemporalResidualBlock, maps: Maps, frames: int, embedding: Optional[Tensor]) -> Tensor:
    windows = maps.frames // frames
    hidden = maps.with_values(_convolve_frames(block.conv1, _normalised(block.norm1, maps, windows, silu=True).values, frames))
    if embedding is not None:
        hidden = hidden.with_values(hidden.values + _linear(block.time_emb_proj, functional.silu(embedding))[:, None])
    return maps.values + _convolve_frames(block.conv2, _normalised(block.norm2, hidden, windows, silu=True).values, frames)


def _transform(transformer: SpatioTemporalTransformer, maps: Maps, context: Context) -> Maps:
    tokens = _linear(transformer.proj_in, _normalised(transformer.norm, maps, maps.frames, silu=False).values)
    mixed = _spatial_block(transformer.transformer_blocks[0], tokens, context)
    if not transformer.spatial_only:
        moved = mixed + _frame_positions(transformer, mixed, context.frames)
        mixed = _mixed(transformer.time_mixer, mixed, _temporal_block(transformer.temporal_transformer_blocks[0], moved, context))
    return maps.with_values(maps.values + _linear(transformer.proj_out, mixed))


def _frame_positions(transformer: SpatioTemporalTransformer, tokens: Tensor, frames: int) -> Tensor:
    table = transformer.time_pos_embed(sinusoid(torch.arange(frames, device=tokens.device), tokens.shape[-1]))
    return table.to(HALF).repeat(tokens.shape[0] // frames, 1)[:, None]


def _spatial_block(block: SpatialBlock, tokens: Tensor, context: Context) -> Tensor:
    tokens = tokens + _attend_within_frames(block.attn1, _layer_norm(block.norm1, tokens))
    tokens = tokens + _attend_to(block.attn2, _layer_norm(block.norm2, tokens), (context.image, context.motion))
    return tokens + _feed_forward(block.ff, _layer_norm(block.norm3, tokens))


def _temporal_block(block: TemporalBlock, tokens: Tensor, context: Context) -> Tensor:
    tokens = tokens + _feed_forward(block.ff_in, _layer_norm(block.norm_in, tokens))
    tokens = tokens + _attend_across_frames(block.attn1, _layer_norm(block.norm1, tokens), context.frames)
    tokens = tokens + _attend_to(block.attn2, _layer_norm(block.norm2, tokens), (context.window_image, context.window_motion))
    return tokens + _feed_forward(block.ff, _layer_norm(block.norm3, tokens))


def _feed_forward(layer: FeedForward, tokens: Tensor) -> Tensor:
    return _linear(layer.net[2], kernels.gated_gelu(_linear(layer.net[0].proj, tokens)))


def _heads(tokens: Tensor, heads: int) -> Tensor:
    return tokens.unflatten(-1, (heads, -1))


def _attend_within_frames(layer: Attention, tokens: Tensor) -> Tensor:
    query, key, value = (_heads(_linear(to, tokens), layer.heads)[:, None] for to in (layer.to_q, layer.to_k, layer.to_v))
    return _linear(layer.to_out[0], kernels.attention(query, key, value).flatten(-2)[:, 0])


def _attend_across_frames(layer: Attention, tokens: Tensor, frames: int) -> Tensor:
    """Every position's tokens of all frames are one sequence; strides say so, nothing moves."""
    query, key, value = (
        _heads(_linear(to, tokens), layer.heads).unflatten(0, (-1, frames)).transpose(1, 2) for to in (layer.to_q, layer.to_k, layer.to_v)
    )
    attended = kernels.attention(query, key, value).transpose(1, 2)
    return _linear(layer.to_out[0], attended.reshape(tokens.shape))


def _attend_to(layer: CrossAttention, tokens: Tensor, context: Tuple[Tensor, Tensor]) -> Tensor:
    """Tokens of frames, or of whole windows, whose keys and values are repeated for every frame."""
    query, processor = _heads(_linear(layer.to_q, tokens), layer.heads)[:, None], layer.processor
    attended = 0
    for (to_key, to_value), seen in zip(((layer.to_k, layer.to_v), (processor.to_k_ip[0], processor.to_v_ip[0])), context):
        repeats = tokens.shape[0] // seen.shape[0]
        key, value = (_heads(_linear(to, seen).repeat_interleave(repeats, 0), layer.heads)[:, None] for to in (to_key, to_value))
        attended = attended + kernels.attention(query, key, value)
    return _linear(layer.to_out[0], attended.flatten(-2)[:, 0])
