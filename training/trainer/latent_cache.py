"""Latents of a pool's pictures: the VAE stands still while the UNet learns."""

from typing import Callable, Optional

import torch
from torch import Tensor

from .crops import reference_pictures
from .data import Places, Pool
from .model import PortraitModel

ENCODED_AT_ONCE = 64


class LatentCache:
    """Half-precision latents, one place for every picture of the pool; a block is encoded when it comes in."""

    def __init__(self, pool: Pool, model: PortraitModel, latents: Callable[[Tensor], Tensor]):
        """`latents` is what makes them of pictures."""
        self.pool, self.latents = pool, latents
        self.side, size = model.architecture["image_size"], model.latent_side
        sides = pool.capacity, pool.shape.identities, pool.shape.columns
        self.values = torch.zeros(*sides, model.vae.latent_channels, size, size, dtype=torch.float16, device=pool.device)
        for block in range(pool.filled):
            self._encode(block)

    def refresh(self, samples: int) -> Optional[int]:
        """Passes on to the pool, and encodes and returns a block that came in."""
        block = self.pool.refresh(samples)
        if block is not None:
            self._encode(block)
        return block

    def take(self, places: Places) -> Tensor:
        """Unscaled latents `[n, C, h, w]` of flat places."""
        return self.values[places.block, places.person, places.column].float()

    @torch.no_grad()
    def _encode(self, block: int) -> None:
        pictures, latents = self.pool.fields["picture"][block].flatten(0, 1), self.values[block].flatten(0, 1)
        for some, room in zip(pictures.split(ENCODED_AT_ONCE), latents.split(ENCODED_AT_ONCE)):
            room.copy_(self.latents(reference_pictures(some.permute(0, 3, 1, 2).float(), self.side)))
