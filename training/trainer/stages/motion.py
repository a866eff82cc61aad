"""The motion networks learn to read the true factors from the product's crops, before anything depends on them (SPEC §5)."""

from typing import Any, Dict, List, NamedTuple, Tuple

import torch
from torch import Tensor
from torch.nn import functional

from ..arithmetic import networks
from ..data import EXPRESSION_FACTORS, PLACE_FACTORS, ROTATION_FACTORS, Draw, Pool, motion_crops, motion_factors, pose_crops
from ..drawn_stream import MOTION_FACTORS
from ..kept import Kept
from ..loop import Figure, ParameterGroup, Stage, figure
from ..model import PortraitModel
from ..settings import Settings

VALIDATION_PICTURES = 256
VALIDATION_SEED = 77


class MotionBatch(NamedTuple):
    """Crops of the drivers `[n, 3, side, side]` (no expression crops where that network stands still), and what they show: factors
    `[n, 15]`, rotation and scaled translation `[n, 6]`."""

    expression_crops: Tensor
    pose_crops: Tensor
    factors: Tensor
    pose: Tensor


class MotionStage(Stage):
    """Expression network with a linear reader of all factors; head-pose network with its angles in degrees (yaw, pitch, roll) and, where
    motion tokens carry it, the place of the head in its crop."""

    name = "motion"

    def __init__(self, settings: Settings, model: PortraitModel, pool: Pool):
        self.settings, self.model, self.pool, self.device = settings, model, pool, pool.device
        self.optimisation, self.side = settings.stages[self.name], settings.architecture["motion_crop_size"]
        self.head_crops = None if settings.motion.expression_learns else Kept(pool, self._head_crops)
        self.headpose = networks(model, settings).headpose

    def groups(self) -> List[ParameterGroup]:
        networks = [self.model.headpose]
        if self.settings.motion.expression_learns:
            networks += [self.model.expression, self.model.factor_reader]
        return [ParameterGroup([parameter for network in networks for parameter in network.parameters()])]

    def batch(self, generator: torch.Generator) -> MotionBatch:
        drawn = self.pool.draw(generator, self.optimisation.batch, 1, self.settings.data.portrait_column_zero)
        batch = MotionBatch(*self._crops(drawn), *motion_factors(self.pool, drawn, self.model.architecture["translation_scale"]))
        block = self.pool.refresh(self.optimisation.batch)
        if block is not None and self.head_crops:
            self.head_crops.update(block)
        return batch

    def loss(self, batch: MotionBatch, phase: str) -> Tuple[Tensor, Dict[str, Figure]]:
        loss, figures = pose_loss(self.model.pose(*self.headpose(batch.pose_crops)), batch.pose, self.settings.motion.rotation_scale)
        if self.settings.motion.expression_learns:
            factors = factors_loss(self.model.factor_reader(self.model.expression(batch.expression_crops)), batch.factors)
            loss, figures = loss + factors, {**figures, "factors": figure(factors)}
        return loss, {"loss": figure(loss), **figures}

    def _crops(self, drawn: Draw) -> Tuple[Tensor, Tensor]:
        if not self.head_crops:
            return motion_crops(self.pool, drawn, self.side)
        cut = self.head_crops.take(*drawn.driver.flat()).float() / 255
        return cut[:0], cut

    def _head_crops(self, block: int) -> Tensor:
        """Of all pictures in bytes: nothing moves a crop while all portraits are the blocks' still portraits."""
        everything = self.pool.everything(block)
        return (pose_crops(self.pool, everything, self.side) * 255).round().byte().unflatten(0, everything.driver.block.shape)

    def validate(self) -> Dict[str, Any]:
        return motion_figures(self.model, self.pool)


def factors_loss(read: Tensor, factors: Tensor) -> Tensor:
    return functional.smooth_l1_loss(read, factors, beta=0.5)


def pose_loss(pose: Tensor, truth: Tensor, scale: float) -> Tuple[Tensor, Dict[str, Figure]]:
    parts = zip(pose.split(3, -1), truth.split(3, -1))
    rotation, translation = (functional.smooth_l1_loss(part / scale, true / scale, beta=0.1) for part, true in parts)
    return rotation + translation, {"rotation": figure(rotation), "translation": figure(translation)}


@torch.no_grad()
def motion_figures(model: PortraitModel, pool: Pool) -> Dict[str, Any]:
    """R² of every factor on persons and motions that training does not see."""
    generator = torch.Generator(pool.device).manual_seed(VALIDATION_SEED)
    drawn = pool.draw(generator, VALIDATION_PICTURES, 1, 1.0, validation=True)
    crops = motion_crops(pool, drawn, model.architecture["motion_crop_size"])
    translation_scale = model.architecture["translation_scale"]
    factors, true_pose = motion_factors(pool, drawn, translation_scale)
    features, read_pose = model.motion_features(*crops)
    read = model.factor_reader(features)
    expression = dict(zip(MOTION_FACTORS, _determination(read, factors)))
    named = ROTATION_FACTORS + PLACE_FACTORS if translation_scale else ROTATION_FACTORS
    pose = dict(zip(named, _determination(read_pose, true_pose)))
    mean = sum(expression[name] for name in EXPRESSION_FACTORS) / len(EXPRESSION_FACTORS)
    return {"expressionR2": mean, "read": _rounded(expression), "headPose": _rounded(pose)}


def _determination(read: Tensor, truth: Tensor) -> List[float]:
    variance = (truth - truth.mean(0)).square().mean(0).clamp_min(1e-6)
    return (1 - (read - truth).square().mean(0) / variance).tolist()


def _rounded(figures: Dict[str, float]) -> Dict[str, float]:
    return {name: round(value, 3) for name, value in figures.items()}
