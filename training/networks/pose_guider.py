"""Encodes condition pictures into features that the UNet adds to its first convolution (SPEC §6)."""

from typing import Mapping

from torch import Tensor, nn
from torch.nn import functional


class PoseGuider(nn.Module):
    """`[B, 3, F, H, W]` to `[B, C, F, H/8, W/8]`."""

    def __init__(self, config: Mapping):
        super().__init__()
        widths = config["block_out_channels"]
        self.conv_in = nn.Conv2d(config["conditioning_channels"], widths[0], 3, padding=1)
        blocks = []
        for width, next_width in zip(widths, widths[1:]):
            blocks.append(nn.Conv2d(width, width, 3, padding=1))
            blocks.append(nn.Conv2d(width, next_width, 3, stride=2, padding=1))
        self.blocks = nn.ModuleList(blocks)
        self.conv_out = nn.Conv2d(widths[-1], config["conditioning_embedding_channels"], 3, padding=1)

    def forward(self, pictures: Tensor) -> Tensor:
        batch = pictures.shape[0]
        maps = functional.silu(self.conv_in(pictures.transpose(1, 2).flatten(0, 1)))
        for block in self.blocks:
            maps = functional.silu(block(maps))
        return self.conv_out(maps).unflatten(0, (batch, -1)).transpose(1, 2)
