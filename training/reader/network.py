"""The network: the expression network of the model (SPEC §5.1) with one output for each factor."""

from typing import Dict

import torch
from torch import Tensor, nn

from ..networks import ExpressionNetwork
from ..trainer.data import FACTOR_SCALES, UNIT_FACTOR_SCALE, factor_columns
from ..trainer.drawn_stream import MOTION_FACTORS

FACTORS = tuple(name for name in MOTION_FACTORS if name not in ("shiftX", "shiftY", "scale"))  # the crop follows the face
MEANS = {"leftEye": 0.6, "rightEye": 0.6, "browRaise": 0.2, "browFrown": 0.15, "jaw": 0.25}
PICTURE_SIDE = 64
"""Every picture is reduced to this size first, so that one reader judges models of every size alike."""
WORK_SIDE = 256
"""Then enlarged, so that the crop's whole pixels are fine enough."""
CROP_SIDE = 64
READER = {"stem_channels": 24, "planes": [24, 32, 48, 64], "layers": [1, 2, 2, 1], "expansion": 4, "groupnorm_groups": 8, "out_feat_dim": len(FACTORS)}


class FactorReader(nn.Module):
    """Crops in [0, 1], `[n, 3, CROP_SIDE, CROP_SIDE]`, to factors over their deviation, `[n, len(FACTORS)]`."""

    def __init__(self):
        super().__init__()
        self.network = ExpressionNetwork(READER)
        self.means = torch.tensor([MEANS.get(name, 0.0) for name in FACTORS])
        self.scales = torch.tensor([FACTOR_SCALES.get(name, UNIT_FACTOR_SCALE) for name in FACTORS])

    def forward(self, crops: Tensor) -> Tensor:
        return self.network(crops)

    def normalise(self, motions: Tensor) -> Tensor:
        """Motion vectors `[n, 15]` as the network gives them."""
        return (motions[:, factor_columns(FACTORS)] - self.means) / self.scales

    def exported(self) -> Dict[str, Tensor]:
        """Weights whose last layer gives the factors themselves."""
        state = dict(self.network.state_dict())
        state["resnet50.fc.weight"] = state["resnet50.fc.weight"] * self.scales[:, None]
        state["resnet50.fc.bias"] = state["resnet50.fc.bias"] * self.scales + self.means
        return state
