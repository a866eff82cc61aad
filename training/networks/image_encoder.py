"""The adapted vision transformer that encodes the portrait, and the token projector (SPEC §4)."""

from typing import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from .attention import attend

ID_HEADS = 8
LAYER_NORM_EPS = 1e-6
ADAPTER_WEIGHT = 0.2


class ConvBranchLayer(nn.Module):
    def __init__(self, channels_in: int, channels_out: int, kernel: int):
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels_out, kernel, padding=kernel // 2)
        self.bn = nn.BatchNorm2d(channels_out, eps=1e-3)

    def forward(self, maps: Tensor) -> Tensor:
        return functional.relu(self.bn(self.conv(maps)))


class IdentityAttention(nn.Module):
    """Cross attention to a single identity vector.

    With one key every attention weight is exactly 1, so queries and keys do not matter: all patches receive the projected
    value. The unused parameters are kept because official weights have them.
    """

    def __init__(self, width: int, id_width: int, embedding_width: int):
        super().__init__()
        self.multihead_attn = nn.MultiheadAttention(embedding_width, ID_HEADS)
        self.image_proj = nn.Linear(width, embedding_width)
        self.id_proj = nn.Linear(id_width, embedding_width)
        self.back_proj = nn.Linear(embedding_width, width)

    def forward(self, identity: Tensor) -> Tensor:
        packed = self.multihead_attn
        weight, bias = packed.in_proj_weight[-packed.embed_dim :], packed.in_proj_bias[-packed.embed_dim :]
        value = functional.linear(self.id_proj(identity), weight, bias)
        return self.back_proj(packed.out_proj(value))


class IdentityAdapter(nn.Module):
    """Injects the identity into the patch tokens. Its convolution branches have no influence (SPEC §4)."""

    def __init__(self, config: Mapping):
        super().__init__()
        width, adapter_width = config["embed_dim"], config["visual_adapter_dim"]
        half, quarter, narrow = adapter_width // 2, adapter_width // 4, adapter_width // 16
        self.branch1 = ConvBranchLayer(adapter_width, half, 1)
        self.branch2 = nn.Sequential(ConvBranchLayer(adapter_width, narrow, 1), ConvBranchLayer(narrow, quarter, 3))
        self.branch3 = nn.Sequential(ConvBranchLayer(adapter_width, narrow, 1), ConvBranchLayer(narrow, quarter, 5))
        self.D_fc1 = nn.Linear(width, adapter_width)
        self.D_fc2 = nn.Linear(adapter_width, width)
        self.cross_attn = IdentityAttention(adapter_width, config.get("id_dim", 512), config.get("id_embed_dim", 256))

    def forward(self, tokens: Tensor, identity: Tensor, patches: int) -> Tensor:
        hidden = functional.relu(self.D_fc1(tokens))
        leading = hidden[:, : -patches]
        received = self.cross_attn(identity).expand(-1, patches, -1)
        return self.D_fc2(torch.cat([leading, received], dim=1) + hidden)


class SelfAttention(nn.Module):
    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, tokens: Tensor) -> Tensor:
        return self.proj(attend(*self.qkv(tokens).chunk(3, dim=-1), self.heads))


class LayerScale(nn.Module):
    def __init__(self, width: int, initial: float):
        super().__init__()
        self.gamma = nn.Parameter(torch.full((width,), initial))

    def forward(self, tokens: Tensor) -> Tensor:
        return tokens * self.gamma


class Mlp(nn.Module):
    def __init__(self, width: int, inner_width: int):
        super().__init__()
        self.fc1 = nn.Linear(width, inner_width)
        self.fc2 = nn.Linear(inner_width, width)

    def forward(self, tokens: Tensor) -> Tensor:
        return self.fc2(functional.gelu(self.fc1(tokens)))


class Block(nn.Module):
    def __init__(self, config: Mapping, adapted: bool):
        super().__init__()
        width = config["embed_dim"]
        self.norm1 = nn.LayerNorm(width, LAYER_NORM_EPS)
        self.attn = SelfAttention(width, config["num_heads"])
        self.ls1 = LayerScale(width, config.get("init_values", 1.0))
        self.norm2 = nn.LayerNorm(width, LAYER_NORM_EPS)
        self.mlp = Mlp(width, int(width * config["mlp_ratio"]))
        self.ls2 = LayerScale(width, config.get("init_values", 1.0))
        if adapted:
            self.adapter = IdentityAdapter(config)

    def forward(self, tokens: Tensor, identity: Tensor, patches: int) -> Tensor:
        tokens = tokens + self.ls1(self.attn(self.norm1(tokens)))
        normed = self.norm2(tokens)
        change = self.mlp(normed)
        if hasattr(self, "adapter"):
            change = change + ADAPTER_WEIGHT * self.adapter(normed, identity, patches)
        return tokens + self.ls2(change)


class PatchEmbedding(nn.Module):
    def __init__(self, width: int, patch_size: int):
        super().__init__()
        self.proj = nn.Conv2d(3, width, patch_size, stride=patch_size)

    def forward(self, images: Tensor) -> Tensor:
        return self.proj(images).flatten(2).transpose(1, 2)


class ImageEncoder(nn.Module):
    """`[n, 3, 224, 224]` and identity `[n, 1, 512]` to `[n, 1 + registers + patches, width]`."""

    def __init__(self, config: Mapping):
        super().__init__()
        width = config["embed_dim"]
        self.grid = config["img_size"] // config["patch_size"]
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + self.grid**2, width))
        self.register_tokens = nn.Parameter(torch.zeros(1, config["num_register_tokens"], width))
        self.mask_token = nn.Parameter(torch.zeros(1, width))
        self.patch_embed = PatchEmbedding(width, config["patch_size"])
        adapted = set(config["add_adapter_layer"])
        self.blocks = nn.ModuleList(Block(config, index in adapted) for index in range(config["depth"]))
        self.norm = nn.LayerNorm(width, LAYER_NORM_EPS)

    def positions(self, side: int) -> Tensor:
        """The position table resampled to `side`×`side` patches, class token first: `[1, 1 + side², width]`."""
        if side == self.grid:
            return self.pos_embed
        table = self.pos_embed[:, 1:].float().transpose(1, 2).unflatten(2, (self.grid, self.grid))
        factor = (side + 0.1) / self.grid
        table = functional.interpolate(table, scale_factor=(factor, factor), mode="bicubic", align_corners=False)
        return torch.cat([self.pos_embed[:, :1], table.flatten(2).transpose(1, 2).to(self.pos_embed.dtype)], dim=1)

    def forward(self, images: Tensor, identity: Tensor) -> Tensor:
        patches = self.patch_embed(images)
        count = patches.shape[1]
        leading = self.cls_token.expand(images.shape[0], -1, -1)
        tokens = torch.cat([leading, patches], dim=1) + self.positions(int(count**0.5))
        registers = self.register_tokens.expand(images.shape[0], -1, -1)
        tokens = torch.cat([tokens[:, :1], registers, tokens[:, 1:]], dim=1)
        for block in self.blocks:
            tokens = block(tokens, identity, count)
        return self.norm(tokens)


class ImageProjector(nn.Linear):
    """Mixes tokens, not channels: `[n, 261, width]` to `[n, 64, width]`."""

    def forward(self, tokens: Tensor) -> Tensor:
        return super().forward(tokens.transpose(1, 2)).transpose(1, 2)
