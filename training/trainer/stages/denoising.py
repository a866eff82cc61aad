"""The UNet with everything that conditions it: on single pictures, then on windows, then all together once more (SPEC §7, §9)."""

from typing import Any, Dict, List, Tuple

import numpy as np
import torch
from torch import Tensor

from .. import diffusion
from ..crops import encoder_images, intensity_ids
from ..data import Draw, Pool, flat, motion_crops, motion_factors
from ..latent_cache import LatentCache
from ..loop import ParameterGroup, Progress, Stage
from ..model import PortraitModel, is_temporal, set_spatial_only
from ..settings import Settings
from .motion import motion_figures, regression_loss

INTENSITY_LEVELS = 128
VALIDATION_SEED = 78
VALIDATION_LEVELS = (0.2, 1.0, 5.0, 40.0)


class DenoisingStage(Stage):
    """What the stages have in common: draw windows, encode their conditions, predict the velocity."""

    frames = 1
    learns_motion = False

    def __init__(self, settings: Settings, model: PortraitModel, pool: Pool, device: torch.device):
        self.settings, self.model, self.pool, self.device = settings, model, pool, device
        self.optimisation, self.weights = settings.stages[self.name], settings.diffusion
        self.architecture = settings.architecture
        self.cache = LatentCache(pool, model, device)
        self.ids = diffusion.added_time_ids(self.architecture)

    def loss(self, progress: Progress) -> Tuple[Tensor, Dict[str, Tensor]]:
        drawn = self.pool.draw(progress.rng, self.optimisation.batch, self.frames, self.settings.data.portrait_column_zero)
        sigma = diffusion.noise_levels(len(drawn.portrait.block), self.weights, self.architecture["scheduler"], progress, self.device)
        conditions, regression = self._conditions(drawn, progress.rng)
        conditions = diffusion.drop_conditions(conditions, self.weights, progress)
        errors = self._errors(drawn, conditions, sigma, progress.generator)
        loss = errors.mean()
        figures = {"velocity": loss, **diffusion.band_losses(errors.detach(), sigma)}
        if self.learns_motion:
            factors, degrees = motion_factors(self.pool, drawn, self.device)
            auxiliary, parts = regression_loss(*regression, (factors, degrees), self.settings.motion.rotation_scale)
            loss, figures = loss + self.weights.factors * auxiliary, {**figures, **parts}
        self.cache.refresh(drawn.target.block.size)
        return loss, {"loss": loss, **figures}

    def validate(self, progress: Progress) -> Dict[str, Any]:
        """Weighted velocity error at fixed noise levels, with the full conditions and without motion: the difference is what motion explains."""
        figures: Dict[str, Any] = {}
        drawn = self.pool.draw(np.random.default_rng(VALIDATION_SEED), self.optimisation.batch, self.frames, 1.0, validation=True)
        conditions, _ = self._conditions(drawn, np.random.default_rng(VALIDATION_SEED))
        for level in VALIDATION_LEVELS:
            sigma = torch.full((len(drawn.portrait.block),), level, device=self.device)
            for name, motion in (("", conditions.motion), (".noMotion", conditions.motion * 0)):
                generator = torch.Generator(self.device).manual_seed(VALIDATION_SEED)
                errors = self._errors(drawn, conditions._replace(motion=motion), sigma, generator)
                figures[f"velocity{name}.{level:g}"] = float(errors.mean())
        return {**figures, **(motion_figures(self.model, self.pool, self.device) if self.learns_motion else {})}

    def _conditions(self, drawn: Draw, rng: np.random.Generator) -> Tuple[diffusion.Conditions, Tuple[Tensor, Tensor]]:
        sizes = self.architecture
        # Crops are matrix products of pictures, and angles need more than eight bits: both stay in full precision.
        pictures = encoder_images(self.pool.pictures(drawn.portrait, self.device), sizes["image_size"], sizes["encoder_image_size"])
        crops = motion_crops(self.pool, drawn, sizes["motion_crop_size"], self.device)
        with self._arithmetic():
            image = self.model.image_tokens(pictures)
        motion, features, rotation = self.model.motion_tokens(*crops, self._intensity(drawn, rng))
        conditions = diffusion.Conditions(image.float(), self.cache.take(drawn.portrait), motion.float())
        return conditions, (self.model.factor_reader(features.float()), rotation.float())

    def _intensity(self, drawn: Draw, rng: np.random.Generator) -> Tuple[Tensor, Tensor]:
        """Single pictures have no intensity: any will do, so that the refiner learns not to depend on it."""
        if self.frames == 1:
            pairs = rng.integers(INTENSITY_LEVELS, size=(len(drawn.driver.block), 2))
        else:
            landmarks = self.pool.take("landmarks", drawn.driver)
            pairs = np.array([intensity_ids(window) for window in landmarks]).repeat(self.frames, 0)
        head, expression = torch.from_numpy(pairs).to(self.device).T
        return head[:, None], expression[:, None]

    def _errors(self, drawn: Draw, conditions: diffusion.Conditions, sigma: Tensor, generator: torch.Generator) -> Tensor:
        """Weighted error of every window, `[B]`."""
        targets = flat(drawn.target)
        clean = (self.cache.take(targets) * self.model.vae.scaling_factor).unflatten(0, (-1, self.frames))
        noise = torch.randn(clean.shape, generator=generator, device=self.device)
        with self._arithmetic():
            noisy = clean + sigma[:, None, None, None, None] * noise
            predicted = diffusion.predict(self.model.unet, noisy, sigma, conditions, self.ids)
        weights = diffusion.spatial_weights(self.pool.masks(targets, self.device), clean.shape[-2:], self.weights)
        squared = (predicted.float() - diffusion.velocity(clean, noise, sigma)).square() * weights.unflatten(0, (-1, self.frames))
        return squared.mean((1, 2, 3, 4))

    def _arithmetic(self) -> Any:
        return torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.settings.half)


class SingleStage(DenoisingStage):
    """UNet, image encoder, refiner and, more slowly or not at all, the motion networks on single pictures."""

    name = "single"

    def __init__(self, *arguments: Any):
        super().__init__(*arguments)
        self.learns_motion = self.weights.trunk_rate_share > 0
        set_spatial_only(self.model.unet, True)

    def groups(self) -> List[ParameterGroup]:
        model = self.model
        fresh = [p for network in (model.dino, model.image_proj, model.motion_proj) for p in network.parameters()]
        fresh += [parameter for name, parameter in model.unet.named_parameters() if not is_temporal(name)]
        trunks = [p for network in (model.expression, model.headpose, model.factor_reader) for p in network.parameters()]
        return [ParameterGroup(fresh), ParameterGroup(trunks if self.learns_motion else [], self.weights.trunk_rate_share)]


class WindowStage(DenoisingStage):
    """Windows of the product's length, one noise level for each."""

    def __init__(self, *arguments: Any):
        super().__init__(*arguments)
        self.frames = self.architecture["defaults"]["windows"]["length"]
        set_spatial_only(self.model.unet, False)


class TemporalStage(WindowStage):
    """Only what mixes frames."""

    name = "temporal"

    def groups(self) -> List[ParameterGroup]:
        return [ParameterGroup([parameter for name, parameter in self.model.unet.named_parameters() if is_temporal(name)])]


class JointStage(WindowStage):
    """The whole UNet with the token networks, at a low rate; the motion networks stand still."""

    name = "joint"

    def groups(self) -> List[ParameterGroup]:
        networks = (self.model.dino, self.model.image_proj, self.model.motion_proj, self.model.unet)
        return [ParameterGroup([parameter for network in networks for parameter in network.parameters()])]

