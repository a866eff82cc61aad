"""What image encoder and motion networks say of a pool's pictures: computed in every step, or kept while they stand still."""

from typing import Tuple

import torch
from torch import Tensor

from .crops import encoder_images
from .data import Draw, Places, Pool, motion_crops
from .kept import Kept
from .model import PortraitModel

Inputs = Tuple[Tensor, Tensor, Tensor]
"""Of a batch: what image tokens, expression features and head pose are computed from; the first axis counts samples."""


class LiveEncoders:
    """Inputs are pictures `[B, 3, E, E]` and crops `[B·F, 3, side, side]`, for networks that learn."""

    def __init__(self, pool: Pool, model: PortraitModel):
        self.pool, self.model, self.sizes = pool, model, model.architecture

    def inputs(self, drawn: Draw) -> Inputs:
        return (self._pictures(drawn.portrait), *motion_crops(self.pool, drawn, self.sizes["motion_crop_size"]))

    def image_tokens(self, image: Tensor) -> Tensor:
        return self.model.image_tokens(image)

    def motion_features(self, expression: Tensor, pose: Tensor) -> Tuple[Tensor, Tensor]:
        return self.model.motion_features(expression, pose)

    def encode(self, block: int) -> None:
        """Nothing is kept."""

    def _pictures(self, portraits: Places) -> Tensor:
        return encoder_images(self.pool.pictures(portraits), self.sizes["image_size"], self.sizes["encoder_image_size"])


class FrozenEncoders(LiveEncoders):
    """Inputs are tokens `[B, N, D]`, features `[B·F, W]` and poses `[B·F, 6]`, encoded when a block comes in.

    A driver's features depend on the picture that its crops are anchored to, so all portraits are the blocks' still portraits, column 0.
    """

    def __init__(self, pool: Pool, model: PortraitModel):
        super().__init__(pool, model)
        self.tokens, self.motion = Kept(pool, self._tokens), Kept(pool, self._motion)

    def inputs(self, drawn: Draw) -> Inputs:
        motion = self.motion.take(*drawn.driver.flat())
        return (self.tokens.take(drawn.portrait.block, drawn.portrait.person), motion[:, : -self.model.POSE_WIDTH], motion[:, -self.model.POSE_WIDTH :])

    def image_tokens(self, image: Tensor) -> Tensor:
        return image

    def motion_features(self, expression: Tensor, pose: Tensor) -> Tuple[Tensor, Tensor]:
        return expression, pose

    def encode(self, block: int) -> None:
        self.tokens.update(block)
        self.motion.update(block)

    def _tokens(self, block: int) -> Tensor:
        """Of all persons, `[P, N, D]`."""
        return self.model.image_tokens(self._pictures(self.pool.everything(block).portrait))

    def _motion(self, block: int) -> Tensor:
        """Features and poses of all pictures, `[P, C, W + 6]`."""
        everything = self.pool.everything(block)
        crops = motion_crops(self.pool, everything, self.sizes["motion_crop_size"])
        return torch.cat(self.model.motion_features(*crops), -1).unflatten(0, everything.driver.block.shape)
