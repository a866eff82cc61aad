"""Latents of a pool's pictures, computed when they are first needed: the VAE stands still while the UNet learns."""

from typing import Tuple

import numpy as np
import torch
from torch import Tensor

from .crops import reference_pictures
from .data import Places, Pool
from .model import PortraitModel

ENCODED_AT_ONCE = 16


class LatentCache:
    """Half-precision latents in ordinary memory, one place for every picture of the pool."""

    def __init__(self, pool: Pool, model: PortraitModel, device: torch.device):
        architecture = model.architecture
        self.pool, self.model, self.device = pool, model, device
        self.side = architecture["image_size"]
        size = self.side >> (len(architecture["vae"]["block_out_channels"]) - 1)
        self.values = torch.zeros(*pool.records.shape, architecture["vae"]["latent_channels"], size, size, dtype=torch.float16)
        self.known = torch.zeros(pool.records.shape, dtype=torch.bool)

    def refresh(self, samples: int) -> None:
        """Passes on to the pool and forgets a replaced block."""
        block = self.pool.refresh(samples)
        if block is not None:
            self.known[block] = False

    @torch.no_grad()
    def take(self, places: Places) -> Tensor:
        """Unscaled latents `[n, 4, h, w]` of flat places."""
        index = _index(places)
        missing = torch.nonzero(~self.known[index])[:, 0].numpy()
        for start in range(0, len(missing), ENCODED_AT_ONCE):
            unknown = Places(*(values[missing[start : start + ENCODED_AT_ONCE]] for values in places))
            latents = self.model.latents(reference_pictures(self.pool.pictures(unknown, self.device), self.side))
            where = _index(unknown)
            self.values[where] = latents.to("cpu", torch.float16)
            self.known[where] = True
        return self.values[index].to(self.device).float()


def _index(places: Places) -> Tuple[Tensor, ...]:
    return tuple(torch.from_numpy(np.array(values)) for values in places)
