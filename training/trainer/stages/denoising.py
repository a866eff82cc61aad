"""The UNet with everything that conditions it: on single pictures, then on windows, then all together once more (SPEC §7, §9)."""

from typing import Any, Callable, Dict, List, NamedTuple, Sequence, Tuple

import torch
from torch import Tensor, nn

from .. import diffusion
from ..arithmetic import networks, precision
from ..crops import intensity_ids
from ..data import Draw, Pool, motion_factors
from ..encoders import FrozenEncoders, LiveEncoders
from ..kept import kept_latents
from ..loop import Figure, ParameterGroup, Stage, figure
from ..model import PortraitModel, is_temporal, set_spatial_only
from ..settings import Settings
from .motion import factors_loss, motion_figures, pose_loss

INTENSITY_LEVELS = 128
VALIDATION_SEED = 78
VALIDATION_LEVELS = (0.2, 1.0, 5.0, 20.0)


class DenoisingBatch(NamedTuple):
    """B windows of F frames, and everything that their error depends on."""

    image_inputs: Tensor
    expression_inputs: Tensor
    pose_inputs: Tensor
    """Of the portraits, `[B, …]`, and of the drivers, `[B·F, …]`, for the encoders."""
    portrait_latents: Tensor
    """`[B, C, h, w]`."""
    head_ids: Tensor
    expression_ids: Tensor
    """Intensities, `[B·F, 1]`."""
    factors: Tensor
    pose: Tensor
    """What the drivers' crops show, `[B·F, 15]` and `[B·F, 6]`."""
    clean: Tensor
    noise: Tensor
    """Latents of the target and their noise, `[B, F, C, h, w]`."""
    weights: Tensor
    """Of the squared errors, `[B, F, 1, h, w]`."""
    sigma: Tensor
    """Noise levels, `[B]`."""
    sees_portrait: Tensor
    sees_motion: Tensor
    """0 where a window sees no portrait, or no motion, `[B]`."""


class DenoisingStage(Stage):
    """What the stages have in common: draw windows, encode their conditions, predict the velocity."""

    frames = 1
    learns_motion = False

    def __init__(self, settings: Settings, model: PortraitModel, pool: Pool):
        self.settings, self.model, self.pool, self.device = settings, model, pool, pool.device
        self.optimisation, self.weights = settings.stages[self.name], settings.diffusion
        self.architecture = settings.architecture
        computed = networks(model, settings)
        self.unet = computed.unet
        self.latents = kept_latents(pool, self.architecture["image_size"], computed.latents)
        self.encoders = (FrozenEncoders if self.weights.frozen_encoders else LiveEncoders)(pool, model)
        self.ids = torch.tensor(diffusion.added_time_ids(self.architecture), device=self.device)
        self.trained_unet = torch.compile(self.unet, dynamic=False) if self.optimisation.compiled else self.unet

    @property
    def token_networks(self) -> Sequence[nn.Module]:
        """Those between the encoders and the UNet that learn with it."""
        model = self.model
        return [model.motion_proj] if self.weights.frozen_encoders else [model.dino, model.image_proj, model.motion_proj]

    def batch(self, generator: torch.Generator) -> DenoisingBatch:
        count = self.optimisation.batch
        drawn = self.pool.draw(generator, count, self.frames, self.settings.data.portrait_column_zero)
        sigma = diffusion.noise_levels(count, self.weights, self.architecture["scheduler"], generator)
        batch = self._batch(drawn, sigma, diffusion.draw_kept(count, self.weights, generator), generator)
        block = self.pool.refresh(count * self.frames)
        if block is not None:
            self.latents.update(block)
            self.encoders.encode(block)
        return batch

    def loss(self, batch: DenoisingBatch, phase: str) -> Tuple[Tensor, Dict[str, Figure]]:
        errors, read = self._errors(batch, self.trained_unet, self.weights.change)
        loss = errors.mean()
        figures = {"velocity": figure(loss), **diffusion.band_losses(errors, batch.sigma)}
        if self.learns_motion:
            factors = factors_loss(read[0], batch.factors)
            pose, parts = pose_loss(read[1], batch.pose, self.settings.motion.rotation_scale)
            loss = loss + self.weights.factors * (factors + pose)
            figures = {**figures, **parts, "factors": figure(factors)}
        return loss, {"loss": figure(loss), **figures}

    @torch.no_grad()
    def validate(self) -> Dict[str, Any]:
        """Weighted velocity error at fixed noise levels, with the full conditions and without motion: the difference is what motion explains."""
        figures: Dict[str, Any] = {}
        generator = torch.Generator(self.device).manual_seed(VALIDATION_SEED)
        count = self.optimisation.batch
        drawn = self.pool.draw(generator, count, self.frames, 1.0, validation=True)
        one = torch.ones(count, device=self.device)
        batch = self._batch(drawn, one, diffusion.Kept(one, one), generator)
        for level in VALIDATION_LEVELS:
            for name, sees_motion in (("", one), (".noMotion", one * 0)):
                errors, _ = self._errors(batch._replace(sigma=one * level, sees_motion=sees_motion), self.unet)
                figures[f"velocity{name}.{level:g}"] = float(errors.mean())
        return {**figures, **(motion_figures(self.model, self.pool) if self.learns_motion else {})}

    @torch.no_grad()
    def _batch(self, drawn: Draw, sigma: Tensor, kept: diffusion.Kept, generator: torch.Generator) -> DenoisingBatch:
        targets = drawn.target.flat()
        clean = (self.latents.take(*targets).float() * self.model.vae.scaling_factor).unflatten(0, (-1, self.frames))
        weights = diffusion.spatial_weights(self.pool.masks(targets), clean.shape[-2:], self.weights)
        return DenoisingBatch(
            *self.encoders.inputs(drawn),
            self.latents.take(*drawn.portrait).float(),
            *self._intensity(drawn, generator),
            *motion_factors(self.pool, drawn, self.architecture["translation_scale"]),
            clean,
            torch.randn(clean.shape, generator=generator, device=self.device),
            weights.unflatten(0, (-1, self.frames)),
            sigma,
            *kept,
        )

    def _intensity(self, drawn: Draw, generator: torch.Generator) -> Tuple[Tensor, Tensor]:
        """Single pictures have no intensity: any will do, so that the refiner learns not to depend on it."""
        if self.frames == 1:
            shape = (2, len(drawn.driver.block), 1)
            return torch.randint(INTENSITY_LEVELS, shape, generator=generator, device=self.device).unbind(0)
        head, expression = intensity_ids(self.pool.take("landmarks", drawn.driver))
        return head.repeat_interleave(self.frames)[:, None], expression.repeat_interleave(self.frames)[:, None]

    def _errors(self, batch: DenoisingBatch, unet: Callable[..., Tensor], change: float = 0.0) -> Tuple[Tensor, Tuple[Tensor, Tensor]]:
        """Weighted error of every window, `[B]`; factors and pose as the motion networks read them."""
        with precision(self.settings, self.device):
            image = self.encoders.image_tokens(batch.image_inputs)
        # Angles need more than eight bits, so the motion networks stay in full precision.
        features, pose = self.encoders.motion_features(batch.expression_inputs, batch.pose_inputs)
        motion = self.model.motion_tokens(features, pose, (batch.head_ids, batch.expression_ids))
        kept = diffusion.Kept(batch.sees_portrait, batch.sees_motion)
        conditions = diffusion.keep(diffusion.Conditions(image.float(), batch.portrait_latents, motion), kept)
        noisy = batch.clean + batch.sigma[:, None, None, None, None] * batch.noise
        with precision(self.settings, self.device):
            predicted = diffusion.predict(unet, noisy, batch.sigma, conditions, self.ids)
        error = predicted.float() - diffusion.velocity(batch.clean, batch.noise, batch.sigma)
        return diffusion.window_errors(error, batch.weights, change), (self.model.factor_reader(features), pose)


class SingleStage(DenoisingStage):
    """UNet, image encoder, refiner and, more slowly or not at all, the motion networks on single pictures."""

    name = "single"

    def __init__(self, *arguments: Any):
        super().__init__(*arguments)
        self.learns_motion = self.weights.trunk_rate_share > 0
        set_spatial_only(self.model.unet, True)

    def groups(self) -> List[ParameterGroup]:
        model = self.model
        fresh = [p for network in self.token_networks for p in network.parameters()]
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
        spatial = [parameter for network in self.token_networks for parameter in network.parameters()]
        spatial += [parameter for name, parameter in self.model.unet.named_parameters() if not is_temporal(name)]
        temporal = [parameter for name, parameter in self.model.unet.named_parameters() if is_temporal(name)]
        return [ParameterGroup(spatial), ParameterGroup(temporal, self.weights.temporal_rate_share)]

