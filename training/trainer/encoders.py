"""What image encoder and motion networks say of a pool's pictures: computed in every step, or kept while they stand still."""

from typing import Tuple

import torch
from torch import Tensor

from .crops import encoder_images
from .data import Draw, Pool, motion_crops
from .model import PortraitModel

Inputs = Tuple[Tensor, Tensor, Tensor]
"""Of a batch: what image tokens, expression features and head pose are computed from; the first axis counts samples."""


class LiveEncoders:
    """Inputs are pictures `[B, 3, E, E]` and crops `[B·F, 3, side, side]`, for networks that learn."""

    def __init__(self, pool: Pool, model: PortraitModel):
        self.pool, self.model, self.sizes = pool, model, model.architecture

    def inputs(self, drawn: Draw) -> Inputs:
        pictures = encoder_images(self.pool.pictures(drawn.portrait), self.sizes["image_size"], self.sizes["encoder_image_size"])
        return (pictures, *motion_crops(self.pool, drawn, self.sizes["motion_crop_size"]))

    def image_tokens(self, image: Tensor) -> Tensor:
        return self.model.image_tokens(image)

    def motion_features(self, expression: Tensor, pose: Tensor) -> Tuple[Tensor, Tensor]:
        return self.model.motion_features(expression, pose)

    def encode(self, block: int) -> None:
        """Nothing is kept."""


class FrozenEncoders(LiveEncoders):
    """Inputs are tokens `[B, N, D]`, features `[B·F, W]` and poses `[B·F, 6]`, encoded when a block comes in.

    A driver's features depend on the picture that its crops are anchored to, so all portraits are the blocks' still portraits, column 0.
    """

    def __init__(self, pool: Pool, model: PortraitModel):
        super().__init__(pool, model)
        image, (expression, pose) = self._encoded(0)
        self.tokens = torch.zeros(pool.capacity, *image.shape, device=pool.device)
        self.expression = torch.zeros(pool.capacity, *expression.shape, device=pool.device)
        self.pose = torch.zeros(pool.capacity, *pose.shape, device=pool.device)
        for block in range(pool.filled):
            self.encode(block)

    def inputs(self, drawn: Draw) -> Inputs:
        drivers = drawn.driver.flat()
        at = drivers.block, drivers.person, drivers.column
        return self.tokens[drawn.portrait.block, drawn.portrait.person], self.expression[at], self.pose[at]

    def image_tokens(self, image: Tensor) -> Tensor:
        return image

    def motion_features(self, expression: Tensor, pose: Tensor) -> Tuple[Tensor, Tensor]:
        return expression, pose

    def encode(self, block: int) -> None:
        self.tokens[block], (self.expression[block], self.pose[block]) = self._encoded(block)

    @torch.no_grad()
    def _encoded(self, block: int) -> Tuple[Tensor, Tuple[Tensor, Tensor]]:
        """Of all persons `[P, …]`, and of all their columns `[P, C, …]`."""
        shape = self.pool.shape.identities, self.pool.shape.columns
        image, *crops = super().inputs(self.pool.everything(block))
        features, pose = self.model.motion_features(*crops)
        return self.model.image_tokens(image), (features.unflatten(0, shape), pose.unflatten(0, shape))
