"""The motion networks learn to read the true factors from the product's crops, before anything depends on them (SPEC §5)."""

from typing import Any, Dict, List, Tuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ..data import EXPRESSION_FACTORS, ROTATION_FACTORS, Pool, motion_crops, motion_factors
from ..drawn_stream import MOTION_FACTORS
from ..loop import ParameterGroup, Progress, Stage
from ..model import PortraitModel
from ..settings import Settings

VALIDATION_PICTURES = 256
VALIDATION_SEED = 77


class MotionStage(Stage):
    """Expression network with a linear reader of all factors; head-pose network with its angles in degrees: yaw, pitch, roll."""

    name = "motion"

    def __init__(self, settings: Settings, model: PortraitModel, pool: Pool, device: torch.device):
        self.settings, self.model, self.pool, self.device = settings, model, pool, device
        self.optimisation = settings.stages[self.name]

    def groups(self) -> List[ParameterGroup]:
        networks = (self.model.expression, self.model.headpose, self.model.factor_reader)
        return [ParameterGroup([parameter for network in networks for parameter in network.parameters()])]

    def loss(self, progress: Progress) -> Tuple[Tensor, Dict[str, Tensor]]:
        drawn = self.pool.draw(progress.rng, self.optimisation.batch, 1, self.settings.data.portrait_column_zero)
        self.pool.refresh(self.optimisation.batch)
        expression_crops, pose_crops = motion_crops(self.pool, drawn, self.model.architecture["motion_crop_size"], self.device)
        factors, degrees = motion_factors(self.pool, drawn, self.device)
        features, rotation = self.model.expression(expression_crops), self.model.headpose(pose_crops)[0]
        loss, figures = regression_loss(self.model.factor_reader(features), rotation, (factors, degrees), self.settings.motion.rotation_scale)
        return loss, {"loss": loss, **figures}

    def validate(self, progress: Progress) -> Dict[str, Any]:
        return motion_figures(self.model, self.pool, self.device)


def regression_loss(read: Tensor, rotation: Tensor, truth: Tuple[Tensor, Tensor], scale: float) -> Tuple[Tensor, Dict[str, Tensor]]:
    factors, degrees = truth
    expression = functional.smooth_l1_loss(read, factors, beta=0.5)
    pose = functional.smooth_l1_loss(rotation / scale, degrees / scale, beta=0.1)
    return expression + pose, {"factors": expression, "rotation": pose}


@torch.no_grad()
def motion_figures(model: PortraitModel, pool: Pool, device: torch.device) -> Dict[str, Any]:
    """R² of every factor on persons and motions that training does not see."""
    drawn = pool.draw(np.random.default_rng(VALIDATION_SEED), VALIDATION_PICTURES, 1, 1.0, validation=True)
    crops = motion_crops(pool, drawn, model.architecture["motion_crop_size"], device)
    factors, degrees = motion_factors(pool, drawn, device)
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
