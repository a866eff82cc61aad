"""The motion networks learn to read the true factors from the product's crops, before anything depends on them (SPEC §5)."""

from typing import Any, Dict, List, NamedTuple, Tuple

import torch
from torch import Tensor
from torch.nn import functional

from ..data import EXPRESSION_FACTORS, ROTATION_FACTORS, Pool, motion_crops, motion_factors
from ..drawn_stream import MOTION_FACTORS
from ..loop import Figure, ParameterGroup, Stage, figure
from ..model import PortraitModel
from ..settings import Settings

VALIDATION_PICTURES = 256
VALIDATION_SEED = 77


class MotionBatch(NamedTuple):
    """Crops of the drivers `[n, 3, side, side]`, and what they show: factors `[n, 15]`, degrees `[n, 3]`."""

    expression_crops: Tensor
    pose_crops: Tensor
    factors: Tensor
    degrees: Tensor


class MotionStage(Stage):
    """Expression network with a linear reader of all factors; head-pose network with its angles in degrees: yaw, pitch, roll."""

    name = "motion"

    def __init__(self, settings: Settings, model: PortraitModel, pool: Pool):
        self.settings, self.model, self.pool, self.device = settings, model, pool, pool.device
        self.optimisation = settings.stages[self.name]

    def groups(self) -> List[ParameterGroup]:
        networks = (self.model.expression, self.model.headpose, self.model.factor_reader)
        return [ParameterGroup([parameter for network in networks for parameter in network.parameters()])]

    def batch(self, generator: torch.Generator) -> MotionBatch:
        drawn = self.pool.draw(generator, self.optimisation.batch, 1, self.settings.data.portrait_column_zero)
        side = self.model.architecture["motion_crop_size"]
        batch = MotionBatch(*motion_crops(self.pool, drawn, side), *motion_factors(self.pool, drawn))
        self.pool.refresh(self.optimisation.batch)
        return batch

    def loss(self, batch: MotionBatch, phase: str) -> Tuple[Tensor, Dict[str, Figure]]:
        features, rotation = self.model.expression(batch.expression_crops), self.model.headpose(batch.pose_crops)[0]
        read = self.model.factor_reader(features)
        loss, figures = regression_loss(read, rotation, (batch.factors, batch.degrees), self.settings.motion.rotation_scale)
        return loss, {"loss": figure(loss), **figures}

    def validate(self) -> Dict[str, Any]:
        return motion_figures(self.model, self.pool)


def regression_loss(read: Tensor, rotation: Tensor, truth: Tuple[Tensor, Tensor], scale: float) -> Tuple[Tensor, Dict[str, Figure]]:
    factors, degrees = truth
    expression = functional.smooth_l1_loss(read, factors, beta=0.5)
    pose = functional.smooth_l1_loss(rotation / scale, degrees / scale, beta=0.1)
    return expression + pose, {"factors": figure(expression), "rotation": figure(pose)}


@torch.no_grad()
def motion_figures(model: PortraitModel, pool: Pool) -> Dict[str, Any]:
    """R² of every factor on persons and motions that training does not see."""
    generator = torch.Generator(pool.device).manual_seed(VALIDATION_SEED)
    drawn = pool.draw(generator, VALIDATION_PICTURES, 1, 1.0, validation=True)
    crops = motion_crops(pool, drawn, model.architecture["motion_crop_size"])
    factors, degrees = motion_factors(pool, drawn)
    read, rotation = model.factor_reader(model.expression(crops[0])), model.headpose(crops[1])[0]
    expression = dict(zip(MOTION_FACTORS, _determination(read, factors)))
    pose = dict(zip(ROTATION_FACTORS, _determination(rotation, degrees)))
    mean = sum(expression[name] for name in EXPRESSION_FACTORS) / len(EXPRESSION_FACTORS)
    return {"expressionR2": mean, "read": _rounded(expression), "headPose": _rounded(pose)}


def _determination(read: Tensor, truth: Tensor) -> List[float]:
    variance = (truth - truth.mean(0)).square().mean(0).clamp_min(1e-6)
    return (1 - (read - truth).square().mean(0) / variance).tolist()


def _rounded(figures: Dict[str, float]) -> Dict[str, float]:
    return {name: round(value, 3) for name, value in figures.items()}
