"""What is computed once of a pool's pictures, while the networks that compute it stand still."""

from typing import Callable

import torch
from torch import Tensor

from .crops import reference_pictures
from .data import Pool

ENCODED_AT_ONCE = 64


class Kept:
    """`compute(block)` of every block, `[persons, …]`, in one tensor `[blocks, persons, …]`; `update` is due when a block comes in."""

    def __init__(self, pool: Pool, compute: Callable[[int], Tensor]):
        self.compute = torch.no_grad()(compute)
        first = self.compute(0)
        self.values = torch.zeros(pool.capacity, *first.shape, dtype=first.dtype, device=pool.device)
        for block in range(pool.filled):
            self.update(block)

    def update(self, block: int) -> None:
        self.values[block] = self.compute(block)

    def take(self, *places: Tensor) -> Tensor:
        """Of blocks and persons, or of blocks, persons and columns."""
        return self.values[places]


def kept_latents(pool: Pool, side: int, latents: Callable[[Tensor], Tensor]) -> Kept:
    """Unscaled latents of every picture in half precision, `[blocks, persons, columns, C, h, w]`; `latents` makes them of pictures of `side`."""

    def compute(block: int) -> Tensor:
        pictures = pool.fields["picture"][block]
        some = (part.permute(0, 3, 1, 2).float() for part in pictures.flatten(0, 1).split(ENCODED_AT_ONCE))
        return torch.cat([latents(reference_pictures(part, side)) for part in some]).half().unflatten(0, pictures.shape[:2])

    return Kept(pool, compute)
