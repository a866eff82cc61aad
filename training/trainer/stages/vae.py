"""The VAE: first on single pictures, then the decoder's temporal layers on runs of frames (SPEC §8)."""

from typing import Any, Dict, List, Mapping

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ..crops import reference_pictures
from ..critic import Critic, critic_loss, deceived_loss
from ..data import Places, Pool
from ..flat_parameters import FlatParameters
from ..loop import ParameterGroup, Progress, Stage
from ..model import PortraitModel, is_temporal, set_spatial_only
from ..settings import Settings

VALIDATION_PICTURES = 32
BAKING_PICTURES = 256
BAKING_BATCH = 16


class VaeStage(Stage):
    """Encoder and decoder on single pictures. At the end the latents are scaled to a deviation of one, inside the weights."""

    name = "vae"

    def __init__(self, settings: Settings, model: PortraitModel, pool: Pool, device: torch.device):
        self.settings, self.vae, self.pool, self.device = settings, model.vae, pool, device
        self.optimisation, self.weights = settings.stages[self.name], settings.vae
        self.side = settings.architecture["image_size"]
        self.critic = Critic(self.weights.critic_width).to(device) if self.weights.adversarial else None
        if self.critic:
            self.critic_flat = FlatParameters([list(self.critic.parameters())])
            self.critic_optimiser = torch.optim.AdamW(self.critic_flat.pieces(0), self.weights.critic_rate, betas=(0.5, 0.9))
        set_spatial_only(self.vae, True)

    def groups(self) -> List[ParameterGroup]:
        return [ParameterGroup([parameter for name, parameter in self.vae.named_parameters() if not is_temporal(name)])]

    def loss(self, progress: Progress) -> "tuple[Tensor, Dict[str, Tensor]]":
        places = self.pool.any(progress.rng, self.optimisation.batch)
        self.pool.refresh(self.optimisation.batch)
        pictures, masks = self._pictures(places)
        mean, log_variance = self.vae.encode(pictures).chunk(2, 1)
        log_variance = log_variance.clamp(-20, 10)
        noise = torch.randn(mean.shape, generator=progress.generator, device=self.device)
        decoded = self.vae.decoder(mean + (0.5 * log_variance).exp() * noise)
        kl = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).mean()
        loss, figures = reconstruction_loss(decoded, pictures, masks, self.weights)
        loss = loss + self.weights.kl * kl
        if self.critic and progress.share >= self.weights.adversarial_from:
            deceived = deceived_loss(self.critic, decoded)
            loss = loss + self.weights.adversarial * deceived
            figures["deceived"] = deceived
            self.shown = pictures.detach(), decoded.detach()
        return loss, {"loss": loss, "kl": kl, **figures}

    def after_step(self, progress: Progress) -> Dict[str, Tensor]:
        if not self.critic or progress.share < self.weights.adversarial_from:
            return {}
        self.critic.requires_grad_(True)
        loss = critic_loss(self.critic, *self.shown)
        self.critic_flat.gradients.zero_()
        loss.backward()
        self.replicas.average(self.critic_flat.gradients)
        self.critic_optimiser.step()
        self.critic.requires_grad_(False)
        return {"critic": loss}

    def validate(self, progress: Progress) -> Dict[str, Any]:
        pictures, masks = self._pictures(validation_places(self.pool, VALIDATION_PICTURES))
        mean = self.vae.encode(pictures)[:, : self.vae.latent_channels]
        return {**picture_figures(self.vae.decoder(mean), pictures, masks), "deviation": float(mean.std())}

    @torch.no_grad()
    def finish(self) -> None:
        """Divides every latent channel by its deviation in the encoder's last layer and multiplies it in the decoder's first.

        Exact, and then noisy latents and portrait latents have the same size: the UNet gets both, and only the first are
        multiplied by `scaling_factor`, which is 1 here.
        """
        rng, latents = np.random.default_rng(self.settings.seed), []
        for _ in range(0, BAKING_PICTURES, BAKING_BATCH):
            pictures, _ = self._pictures(self.pool.any(rng, BAKING_BATCH))
            latents.append(self.vae.encode(pictures)[:, : self.vae.latent_channels])
        deviation = torch.cat(latents).std((0, 2, 3))
        count = self.vae.latent_channels
        self.vae.quant_conv.weight[:count] /= deviation[:, None, None, None]
        self.vae.quant_conv.bias[:count] /= deviation
        self.vae.decoder.conv_in.weight *= deviation[:, None, None]

    def extra_state(self) -> Mapping[str, Any]:
        return {"critic": self.critic.state_dict(), "optimiser": self.critic_optimiser.state_dict()} if self.critic else {}

    def load_extra_state(self, state: Mapping[str, Any]) -> None:
        if self.critic:
            self.critic.load_state_dict(state["critic"])
            self.critic_optimiser.load_state_dict(state["optimiser"])

    def _pictures(self, places: Places) -> "tuple[Tensor, Tensor]":
        masks = functional.interpolate(self.pool.masks(places, self.device), size=(self.side, self.side), mode="area")
        return reference_pictures(self.pool.pictures(places, self.device), self.side), masks


class VaeTemporalStage(Stage):
    """The decoder's layers between frames, on chunks as long as the product decodes; everything else stands still."""

    name = "vae_temporal"

    def __init__(self, settings: Settings, model: PortraitModel, pool: Pool, device: torch.device):
        self.model, self.vae, self.pool, self.device = model, model.vae, pool, device
        self.optimisation, self.weights = settings.stages[self.name], settings.vae
        self.side, self.chunk = settings.architecture["image_size"], settings.architecture["defaults"]["decode_chunk_length"]
        set_spatial_only(self.vae, False)

    def groups(self) -> List[ParameterGroup]:
        return [ParameterGroup([parameter for name, parameter in self.vae.decoder.named_parameters() if is_temporal(name)])]

    def loss(self, progress: Progress) -> "tuple[Tensor, Dict[str, Tensor]]":
        places = self.pool.draw(progress.rng, self.optimisation.batch, self.chunk, 1.0).target
        self.pool.refresh(places.block.size)
        chunks = [self._chunk(Places(*(values[row] for values in places))) for row in range(len(places.block))]
        figures = [chunk_loss(decoded, pictures, masks, self.weights) for decoded, pictures, masks in chunks]
        loss = torch.stack([loss for loss, _ in figures]).mean()
        return loss, {"loss": loss, **{name: torch.stack([f[name] for _, f in figures]).mean() for name in figures[0][1]}}

    def validate(self, progress: Progress) -> Dict[str, Any]:
        rng = np.random.default_rng(0)
        places = self.pool.draw(rng, 1, self.chunk, 1.0, validation=True).target
        decoded, pictures, masks = self._chunk(Places(*(values[0] for values in places)))
        return picture_figures(decoded, pictures, masks)

    def _chunk(self, places: Places) -> "tuple[Tensor, Tensor, Tensor]":
        masks = functional.interpolate(self.pool.masks(places, self.device), size=(self.side, self.side), mode="area")
        pictures = reference_pictures(self.pool.pictures(places, self.device), self.side)
        with torch.no_grad():
            latents = self.model.latents(pictures)
        return self.vae.decoder(latents), pictures, masks


def validation_places(pool: Pool, count: int) -> Places:
    """The same pictures every time, spread over persons and columns."""
    persons, columns = pool.records.shape[1:]
    index = np.arange(count)
    return Places(np.full(count, pool.validation[0]), index % persons, (index // persons * 3 + index) % columns)


def pixel_weights(masks: Tensor, weights: Any) -> Tensor:
    combined = 1 + weights.face * masks[:, :1] + weights.expression * masks[:, 1:]
    return combined / combined.mean()


def reconstruction_loss(decoded: Tensor, pictures: Tensor, masks: Tensor, weights: Any) -> "tuple[Tensor, Dict[str, Tensor]]":
    """Differences of pixels and of edges, weighted by the masks."""
    scale = pixel_weights(masks, weights)
    error = decoded - pictures
    l1, mse = (error.abs() * scale).mean(), (error.square() * scale).mean()
    across, down = error.diff(dim=-1).abs() * scale[..., 1:], error.diff(dim=-2).abs() * scale[..., 1:, :]
    gradient = across.mean() + down.mean()
    loss = weights.l1 * l1 + weights.mse * mse + weights.gradient * gradient
    return loss, {"l1": l1, "mse": mse, "edges": gradient}


def chunk_loss(decoded: Tensor, pictures: Tensor, masks: Tensor, weights: Any) -> "tuple[Tensor, Dict[str, Tensor]]":
    """As for single pictures, and the change from frame to frame."""
    loss, figures = reconstruction_loss(decoded, pictures, masks, weights)
    change = (decoded.diff(dim=0) - pictures.diff(dim=0)).abs().mean()
    return loss + weights.l1 * change, {**figures, "change": change}


def picture_figures(decoded: Tensor, pictures: Tensor, masks: Tensor) -> Dict[str, float]:
    """PSNR of everything, of the face, of eyes and mouth (dB); edge energy over the truth's."""
    squared = (decoded.clamp(-1, 1) - pictures).square().mean(1, keepdim=True) / 4
    parts = {"psnr": torch.ones_like(squared), "psnrFace": masks[:, :1], "psnrExpression": masks[:, 1:]}
    figures = {name: float(-10 * torch.log10((squared * part).sum() / part.sum())) for name, part in parts.items()}
    return {**figures, "edgeEnergy": float(_edges(decoded.clamp(-1, 1)) / _edges(pictures))}


def _edges(pictures: Tensor) -> Tensor:
    return pictures.diff(dim=-1).square().mean() + pictures.diff(dim=-2).square().mean()
