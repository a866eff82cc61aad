"""The VAE: first on single pictures, then the decoder's temporal layers on runs of frames (SPEC §8)."""

from typing import Any, Dict, List, Mapping, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from ..crops import reference_pictures
from ..critic import Critic, critic_loss, deceived_loss
from ..data import Places, Pool
from ..flat_parameters import FlatParameters
from ..loop import Figure, ParameterGroup, Stage, figure
from ..model import PortraitModel, is_temporal, set_spatial_only
from ..settings import Settings

VALIDATION_PICTURES = 32
BAKING_PICTURES = 256
BAKING_BATCH = 16
ALONE, WITH_CRITIC = "alone", "with critic"


class VaeBatch(NamedTuple):
    """Pictures `[n, 3, S, S]` in [−1, 1], masks `[n, 2, S, S]`, and the noise of the latents."""

    pictures: Tensor
    masks: Tensor
    noise: Tensor


class ChunkBatch(NamedTuple):
    """Runs of frames `[n, chunk, 3, S, S]` in [−1, 1], their masks and latents."""

    pictures: Tensor
    masks: Tensor
    latents: Tensor


class VaeStage(Stage):
    """Encoder and decoder on single pictures. At the end the latents are scaled to a deviation of one, inside the weights."""

    name = "vae"

    def __init__(self, settings: Settings, model: PortraitModel, pool: Pool):
        self.settings, self.vae, self.pool, self.device = settings, model.vae, pool, pool.device
        self.optimisation, self.weights = settings.stages[self.name], settings.vae
        self.side, self.latent_side = settings.architecture["image_size"], model.latent_side
        self.critic = Critic(self.weights.critic_width).to(self.device) if self.weights.adversarial else None
        if self.critic:
            self.critic_flat = FlatParameters([list(self.critic.parameters())])
            on_gpu = self.device.type == "cuda"
            self.critic_optimiser = torch.optim.AdamW(self.critic_flat.pieces(0), self.weights.critic_rate, betas=(0.5, 0.9), capturable=on_gpu)
        set_spatial_only(self.vae, True)

    def groups(self) -> List[ParameterGroup]:
        return [ParameterGroup([parameter for name, parameter in self.vae.named_parameters() if not is_temporal(name)])]

    def phase(self, share: float) -> str:
        return WITH_CRITIC if self.critic and share >= self.weights.adversarial_from else ALONE

    def batch(self, generator: torch.Generator) -> VaeBatch:
        places = self.pool.any(generator, self.optimisation.batch)
        pictures, masks = pictures_and_masks(self.pool, places, self.side)
        self.pool.refresh(self.optimisation.batch)
        shape = len(pictures), self.vae.latent_channels, self.latent_side, self.latent_side
        noise = torch.randn(shape, generator=generator, device=self.device)
        return VaeBatch(pictures, masks, noise)

    def loss(self, batch: VaeBatch, phase: str) -> "tuple[Tensor, Dict[str, Figure]]":
        with arithmetic(self.settings, self.device):
            mean, log_variance = self.vae.encode(batch.pictures).float().chunk(2, 1)
            log_variance = log_variance.clamp(-20, 10)
            decoded = self.vae.decoder(mean + (0.5 * log_variance).exp() * batch.noise).float()
        kl = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).mean()
        loss, figures = reconstruction_loss(decoded, batch.pictures, batch.masks, self.weights)
        loss = loss + self.weights.kl * kl
        if phase == WITH_CRITIC:
            deceived = deceived_loss(self.critic, decoded)
            loss = loss + self.weights.adversarial * deceived
            figures["deceived"] = figure(deceived)
            self.shown = batch.pictures, decoded.detach()
        return loss, {"loss": figure(loss), "kl": figure(kl), **figures}

    def after_step(self, phase: str) -> Dict[str, Figure]:
        if phase != WITH_CRITIC:
            return {}
        self.critic.requires_grad_(True)
        loss = critic_loss(self.critic, *self.shown)
        self.critic_flat.gradients.zero_()
        loss.backward()
        self.replicas.average(self.critic_flat.gradients)
        self.critic_optimiser.step()
        self.critic.requires_grad_(False)
        return {"critic": figure(loss)}

    def validate(self) -> Dict[str, Any]:
        pictures, masks = pictures_and_masks(self.pool, validation_places(self.pool, VALIDATION_PICTURES), self.side)
        with torch.no_grad():
            latents = self.vae.encode(pictures)[:, : self.vae.latent_channels]
            return {**picture_figures(self.vae.decoder(latents), pictures, masks), "deviation": float(latents.std())}

    @torch.no_grad()
    def finish(self) -> None:
        """Divides every latent channel by its deviation in the encoder's last layer and multiplies it in the decoder's first.

        Exact, and then noisy latents and portrait latents have the same size: the UNet gets both, and only the first are
        multiplied by `scaling_factor`, which is 1 here.
        """
        generator, latents = torch.Generator(self.device).manual_seed(self.settings.seed), []
        for _ in range(0, BAKING_PICTURES, BAKING_BATCH):
            pictures, _ = pictures_and_masks(self.pool, self.pool.any(generator, BAKING_BATCH), self.side)
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


class VaeTemporalStage(Stage):
    """The decoder's layers between frames, on chunks as long as the product decodes; everything else stands still."""

    name = "vae_temporal"

    def __init__(self, settings: Settings, model: PortraitModel, pool: Pool):
        self.settings, self.model, self.vae, self.pool, self.device = settings, model, model.vae, pool, pool.device
        self.optimisation, self.weights = settings.stages[self.name], settings.vae
        self.side, self.chunk = settings.architecture["image_size"], settings.architecture["defaults"]["decode_chunk_length"]
        set_spatial_only(self.vae, False)

    def groups(self) -> List[ParameterGroup]:
        return [ParameterGroup([parameter for name, parameter in self.vae.decoder.named_parameters() if is_temporal(name)])]

    def batch(self, generator: torch.Generator) -> ChunkBatch:
        chunks = self._chunks(self.pool.draw(generator, self.optimisation.batch, self.chunk, 1.0).target)
        self.pool.refresh(self.optimisation.batch * self.chunk)
        return chunks

    def loss(self, batch: ChunkBatch, phase: str) -> "tuple[Tensor, Dict[str, Figure]]":
        with arithmetic(self.settings, self.device):
            decoded = self.vae.decoder(batch.latents.flatten(0, 1), self.chunk).float().unflatten(0, (-1, self.chunk))
        loss, figures = chunk_loss(decoded, batch.pictures, batch.masks, self.weights)
        return loss, {"loss": figure(loss), **figures}

    def validate(self) -> Dict[str, Any]:
        generator = torch.Generator(self.device).manual_seed(0)
        chunk = self._chunks(self.pool.draw(generator, 1, self.chunk, 1.0, validation=True).target)
        with torch.no_grad():
            return picture_figures(self.vae.decoder(chunk.latents[0]), chunk.pictures[0], chunk.masks[0])

    @torch.no_grad()
    def _chunks(self, places: Places) -> ChunkBatch:
        pictures, masks = pictures_and_masks(self.pool, places.flat(), self.side)
        return ChunkBatch(*(values.unflatten(0, (-1, self.chunk)) for values in (pictures, masks, self.model.latents(pictures))))


def arithmetic(settings: Settings, device: torch.device) -> Any:
    """Half precision where the settings ask for it. No cache of converted weights: it would outlive a step that is recorded."""
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=settings.half, cache_enabled=False)


def pictures_and_masks(pool: Pool, places: Places, side: int) -> "tuple[Tensor, Tensor]":
    """Of flat places: pictures as the VAE sees them, `[n, 3, side, side]`, and masks of their size, `[n, 2, side, side]`."""
    masks = functional.interpolate(pool.masks(places), size=(side, side), mode="area")
    return reference_pictures(pool.pictures(places), side), masks


def validation_places(pool: Pool, count: int) -> Places:
    """The same pictures every time, spread over persons and columns."""
    persons, columns = pool.shape.identities, pool.shape.columns
    index = torch.arange(count, device=pool.device)
    person, row = index % persons, torch.div(index, persons, rounding_mode="floor")
    return Places(torch.full_like(index, pool.validation[0]), person, (row * 3 + index) % columns)


def pixel_weights(masks: Tensor, weights: Any) -> Tensor:
    combined = 1 + weights.face * masks[..., :1, :, :] + weights.expression * masks[..., 1:, :, :]
    return combined / combined.mean()


def reconstruction_loss(decoded: Tensor, pictures: Tensor, masks: Tensor, weights: Any) -> "tuple[Tensor, Dict[str, Figure]]":
    """Differences of pixels and of edges, weighted by the masks."""
    scale = pixel_weights(masks, weights)
    error = decoded - pictures
    l1, mse = (error.abs() * scale).mean(), (error.square() * scale).mean()
    across, down = error.diff(dim=-1).abs() * scale[..., 1:], error.diff(dim=-2).abs() * scale[..., 1:, :]
    gradient = across.mean() + down.mean()
    loss = weights.l1 * l1 + weights.mse * mse + weights.gradient * gradient
    return loss, {"l1": figure(l1), "mse": figure(mse), "edges": figure(gradient)}


def chunk_loss(decoded: Tensor, pictures: Tensor, masks: Tensor, weights: Any) -> "tuple[Tensor, Dict[str, Figure]]":
    """As for single pictures, and the change from frame to frame; runs `[n, chunk, …]`."""
    loss, figures = reconstruction_loss(decoded, pictures, masks, weights)
    change = (decoded.diff(dim=1) - pictures.diff(dim=1)).abs().mean()
    return loss + weights.l1 * change, {**figures, "change": figure(change)}


def picture_figures(decoded: Tensor, pictures: Tensor, masks: Tensor) -> Dict[str, float]:
    """PSNR of everything, of the face, of eyes and mouth (dB); edge energy over the truth's."""
    squared = (decoded.clamp(-1, 1) - pictures).square().mean(1, keepdim=True) / 4
    parts = {"psnr": torch.ones_like(squared), "psnrFace": masks[:, :1], "psnrExpression": masks[:, 1:]}
    figures = {name: float(-10 * torch.log10((squared * part).sum() / part.sum())) for name, part in parts.items()}
    return {**figures, "edgeEnergy": float(_edges(decoded.clamp(-1, 1)) / _edges(pictures))}


def _edges(pictures: Tensor) -> Tensor:
    return pictures.diff(dim=-1).square().mean() + pictures.diff(dim=-2).square().mean()
