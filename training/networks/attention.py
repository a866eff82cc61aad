"""Attention and feed-forward layers shared by the networks."""

import torch
from torch import Tensor, nn
from torch.nn import functional

_FUSED = getattr(functional, "scaled_dot_product_attention", None)


def attend(query: Tensor, key: Tensor, value: Tensor, heads: int) -> Tensor:
    """softmax(q kᵀ / √d) v for `[batch, tokens, heads·d]` tensors."""
    query, key, value = (_split(tensor, heads) for tensor in (query, key, value))
    if _FUSED is not None:
        return _merge(_FUSED(query, key, value))
    weights = (query * query.shape[-1] ** -0.5) @ key.transpose(-1, -2)
    return _merge(weights.softmax(-1) @ value)


def _split(tensor: Tensor, heads: int) -> Tensor:
    batch, tokens, width = tensor.shape
    return tensor.view(batch, tokens, heads, width // heads).transpose(1, 2)


def _merge(tensor: Tensor) -> Tensor:
    return tensor.transpose(1, 2).flatten(2)


class Attention(nn.Module):
    """Multi-head attention whose keys and values may come from a context of another width (SPEC §7.4)."""

    def __init__(self, width: int, heads: int, context_width: int = 0, bias: bool = False):
        super().__init__()
        self.heads = heads
        self.to_q = nn.Linear(width, width, bias=bias)
        self.to_k = nn.Linear(context_width or width, width, bias=bias)
        self.to_v = nn.Linear(context_width or width, width, bias=bias)
        self.to_out = nn.ModuleList([nn.Linear(width, width)])

    def forward(self, tokens: Tensor) -> Tensor:
        attended = attend(self.to_q(tokens), self.to_k(tokens), self.to_v(tokens), self.heads)
        return self.to_out[0](attended)


class MotionAdapter(nn.Module):
    """The second key/value pair of a cross attention, fed by motion tokens."""

    def __init__(self, width: int, context_width: int):
        super().__init__()
        self.to_k_ip = nn.ModuleList([nn.Linear(context_width, width, bias=False)])
        self.to_v_ip = nn.ModuleList([nn.Linear(context_width, width, bias=False)])


class CrossAttention(Attention):
    """Attends to image tokens and, with the same queries and a softmax of its own, to motion tokens."""

    def __init__(self, width: int, heads: int, context_width: int):
        super().__init__(width, heads, context_width)
        self.processor = MotionAdapter(width, context_width)

    def forward(self, tokens: Tensor, image: Tensor, motion: Tensor, motion_scale: float) -> Tensor:
        query = self.to_q(tokens)
        attended = attend(query, self.to_k(image), self.to_v(image), self.heads)
        if motion_scale != 0:
            key, value = self.processor.to_k_ip[0](motion), self.processor.to_v_ip[0](motion)
            attended = attended + motion_scale * attend(query, key, value, self.heads)
        return self.to_out[0](attended)


class GatedGelu(nn.Module):
    def __init__(self, width: int, inner_width: int):
        super().__init__()
        self.proj = nn.Linear(width, 2 * inner_width)

    def forward(self, tokens: Tensor) -> Tensor:
        value, gate = self.proj(tokens).chunk(2, dim=-1)
        return value * functional.gelu(gate)


class FeedForward(nn.Module):
    """Gated GELU, four times the width inside. The parameterless middle keeps the official numbering."""

    def __init__(self, width: int):
        super().__init__()
        self.net = nn.Sequential(GatedGelu(width, 4 * width), nn.Identity(), nn.Linear(4 * width, width))

    def forward(self, tokens: Tensor) -> Tensor:
        return self.net(tokens)


class MapAttention(Attention):
    """Single-head self attention over the positions of a map, normalised first and added to its input (SPEC §8)."""

    def __init__(self, width: int, groups: int):
        super().__init__(width, heads=1, bias=True)
        self.group_norm = nn.GroupNorm(groups, width, eps=1e-6)

    def forward(self, maps: Tensor) -> Tensor:
        tokens = self.group_norm(maps).flatten(2).transpose(1, 2)
        return maps + super().forward(tokens).transpose(1, 2).reshape(maps.shape)


def sinusoid(values: Tensor, width: int) -> Tensor:
    """`[cos(v·freq), sin(v·freq)]`, cosine first (SPEC §7.1): `[n]` to `[n, width]`."""
    half = width // 2
    exponents = torch.arange(half, dtype=torch.float32, device=values.device) / half
    angles = values.float()[:, None] * torch.exp(-torch.log(torch.tensor(10000.0)) * exponents)
    return torch.cat([angles.cos(), angles.sin()], dim=-1)
