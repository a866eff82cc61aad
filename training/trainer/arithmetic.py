"""By what a model's networks are computed while it learns: PyTorch, or the kernels for processors with matrix tiles. The parameters are the model's."""

from typing import Any, Callable, NamedTuple, Tuple

import torch
from torch import Tensor

from .model import PortraitModel
from .settings import Settings


class Networks(NamedTuple):
    latents: Callable[[Tensor], Tensor]
    """Of pictures; not differentiable."""
    decoder: Callable[[Tensor, int], Tensor]
    headpose: Callable[[Tensor], Tuple[Tensor, Tensor]]
    unet: Callable[..., Tensor]


def networks(model: PortraitModel, settings: Settings) -> Networks:
    if not settings.kernels:
        return Networks(model.latents, model.vae.decoder, model.headpose, model.unet)
    from ..kernels.networks import HalfDecoder, HalfEncoder, HalfHeadPose, HalfUNet  # compiled on import

    return Networks(HalfEncoder(model.vae), HalfDecoder(model.vae.decoder), HalfHeadPose(model.headpose), HalfUNet(model.unet))


def precision(settings: Settings, device: torch.device) -> Any:
    """Half precision where the settings ask for it. No cache of converted weights: it would outlive a step that is recorded."""
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=settings.half, cache_enabled=False)
