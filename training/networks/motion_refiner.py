"""Perceiver that turns expression features into motion tokens, modulated by motion intensity (SPEC §5.3)."""

from typing import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

INTENSITY_LEVELS = 128


class ModulatedLayerNorm(nn.Module):
    """Layer norm whose shift and scale come from the intensity embedding, shift first."""

    def __init__(self, width: int, intensity_width: int):
        super().__init__()
        self.linear = nn.Linear(intensity_width, 2 * width)

    def forward(self, tokens: Tensor, intensity: Tensor) -> Tensor:
        shift, scale = self.linear(functional.silu(intensity)).chunk(2, dim=-1)
        return functional.layer_norm(tokens, tokens.shape[-1:], eps=1e-6) * (1 + scale) + shift


class SquaredReluMlp(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.c_fc = nn.Linear(width, 4 * width)
        self.c_proj = nn.Linear(4 * width, width)

    def forward(self, tokens: Tensor) -> Tensor:
        return self.c_proj(functional.relu(self.c_fc(tokens)).square())


class PerceiverBlock(nn.Module):
    def __init__(self, width: int, heads: int, intensity_width: int):
        super().__init__()
        self.attn = nn.MultiheadAttention(width, heads, batch_first=True)
        self.mlp = SquaredReluMlp(width)
        self.ln_1 = ModulatedLayerNorm(width, intensity_width)
        self.ln_2 = ModulatedLayerNorm(width, intensity_width)
        self.ln_ff = ModulatedLayerNorm(width, intensity_width)

    def forward(self, latents: Tensor, tokens: Tensor, intensity: Tensor) -> Tensor:
        queries = self.ln_1(latents, intensity)
        keys = torch.cat([queries, self.ln_2(tokens, intensity)], dim=1)
        latents = latents + self.attn(queries, keys, keys, need_weights=False)[0]
        return latents + self.mlp(self.ln_ff(latents, intensity))


class Connector(nn.Module):
    def __init__(self, config: Mapping):
        super().__init__()
        width, intensity_width = config["width"], config["intensity_embed_dim"]
        self.latents = nn.Parameter(torch.randn(config["num_queries"], width) * width**-0.5)
        self.intensity_aware_linear = nn.Linear(intensity_width, width)
        self.proj_in = nn.Linear(config["input_dim"], width)
        self.perceiver_blocks = nn.ModuleList(
            PerceiverBlock(width, config["heads"], intensity_width) for _ in range(config["layers"])
        )
        self.proj_out = nn.Sequential(nn.Linear(width, config["output_dim"]), nn.LayerNorm(config["output_dim"]))

    def forward(self, features: Tensor, intensity: Tensor) -> Tensor:
        latents = self.latents + self.intensity_aware_linear(functional.silu(intensity))
        latents = latents.expand(features.shape[0], -1, -1)
        tokens = self.proj_in(features)
        for block in self.perceiver_blocks:
            latents = block(latents, tokens, intensity)
        return self.proj_out(latents)


class MotionRefiner(nn.Module):
    """Features `[T, 512]` (or `[B, T, n, 512]`, n tokens a frame) to `[T, 64, 1018]` (or `[B, T, 64, 1018]`)."""

    def __init__(self, config: Mapping):
        super().__init__()
        self.position_head = nn.Embedding(INTENSITY_LEVELS, config["intensity_embed_dim"])
        self.position_exp = nn.Embedding(INTENSITY_LEVELS, config["intensity_embed_dim"])
        self.connector = Connector(config)

    def forward(self, features: Tensor, head_id: Tensor, exp_id: Tensor) -> Tensor:
        intensity = self.position_head(head_id) + self.position_exp(exp_id)
        if features.dim() == 2:
            return self.connector(features[:, None], intensity)
        return self.connector(features.flatten(0, 1), intensity).unflatten(0, features.shape[:2])
