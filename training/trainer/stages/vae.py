"""The VAE: first on single pictures, then the decoder's temporal layers on runs of frames (SPEC §8)."""

from typing import Any, Dict, List, Mapping, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from ..arithmetic import networks, precision
from ..crops import reference_pictures
from ..critic import Judged
from ..data import Places, Pool
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


class DecodingStage(Stage):
    """What both stages have in common: a critic, which judges decoded pictures in the later part of a stage."""

    def __init__(self, settings: Settings, model: PortraitModel, pool: Pool):
        self.settings, self.model, self.vae, self.pool, self.device = settings, model, model.vae, pool, pool.device
        self.optimisation, self.weights = settings.stages[self.name], settings.vae
        self.side = settings.architecture["image_size"]
        self.judged = Judged(self.weights.critic_width, self.weights.critic_rate, self.device) if self.has_critic else None

    @property
    def has_critic(self) -> bool:
        return self.weights.adversarial > 0

    def phase(self, share: float) -> str:
        return WITH_CRITIC if self.judged and share >= self.weights.adversarial_from else ALONE

    def judge(self, loss: Tensor, figures: Dict[str, Figure], pictures: Tensor, decoded: Tensor, phase: str) -> Tensor:
        """Adds the critic's verdict to a loss, where it is its turn."""
        if phase != WITH_CRITIC:
            return loss
        deceived = self.judged.deceived(pictures, decoded)
        figures["deceived"] = figure(deceived)
        return loss + self.weights.adversarial * deceived

    def after_step(self, phase: str) -> Dict[str, Figure]:
        return {"critic": figure(self.judged.learn(self.replicas))} if phase == WITH_CRITIC else {}

    def extra_state(self) -> Mapping[str, Any]:
        return self.judged.state() if self.judged else {}

    def load_extra_state(self, state: Mapping[str, Any]) -> None:
        if self.judged:
            self.judged.load_state(state)


class VaeStage(DecodingStage):
    """Encoder and decoder on single pictures. At the end the latents are scaled to a deviation of one, inside the weights."""

    name = "vae"

    def __init__(self, *arguments: Any):
        super().__init__(*arguments)
        self.latent_side = self.model.latent_side
        set_spatial_only(self.vae, True)

    def groups(self) -> List[ParameterGroup]:
        return [ParameterGroup([parameter for name, parameter in self.vae.named_parameters() if not is_temporal(name)])]

    def batch(self, generator: torch.Generator) -> VaeBatch:
        places = self.pool.any(generator, self.optimisation.batch)
        pictures, masks = pictures_and_masks(self.pool, places, self.side)
        self.pool.refresh(self.optimisation.batch)
        shape = len(pictures), self.vae.latent_channels, self.latent_side, self.latent_side
        noise = torch.randn(shape, generator=generator, device=self.device)
        return VaeBatch(pictures, masks, noise)

    def loss(self, batch: VaeBatch, phase: str) -> "tuple[Tensor, Dict[str, Figure]]":
        with precision(self.settings, self.device):
            mean, log_variance = self.vae.encode(batch.pictures).float().chunk(2, 1)
            log_variance = log_variance.clamp(-20, 10)
            decoded = self.vae.decoder(mean + (0.5 * log_variance).exp() * batch.noise).float()
        kl = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).mean()
        loss, figures = reconstruction_loss(decoded, batch.pictures, batch.masks, self.weights)
        loss = self.judge(loss + self.weights.kl * kl, figures, batch.pictures, decoded, phase)
        return loss, {"loss": figure(loss), "kl": figure(kl), **figures}

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


class VaeTemporalStage(DecodingStage):
    """The decoder's layers between frames, on chunks as long as the product decodes. With `decoder_learns` it is the whole decoder,
    before the critic: the encoder, and with it the latents, stay what they are."""

    name = "vae_temporal"

    def __init__(self, *arguments: Any):
        super().__init__(*arguments)
        self.chunk = self.settings.architecture["defaults"]["decode_chunk_length"]
        self.computed = networks(self.model, self.settings)
        set_spatial_only(self.vae, False)

    @property
    def has_critic(self) -> bool:
        return self.weights.decoder_learns and super().has_critic

    def groups(self) -> List[ParameterGroup]:
        chosen = (parameter for name, parameter in self.vae.decoder.named_parameters() if self.weights.decoder_learns or is_temporal(name))
        return [ParameterGroup(list(chosen))]

    def batch(self, generator: torch.Generator) -> ChunkBatch:
        chunks = self._chunks(self.pool.draw(generator, self.optimisation.batch, self.chunk, 1.0).target)
        self.pool.refresh(self.optimisation.batch * self.chunk)
        noise = torch.randn(chunks.latents.shape, generator=generator, device=self.device)
        return chunks._replace(latents=chunks.latents + self.weights.latent_noise * noise)

    def loss(self, batch: ChunkBatch, phase: str) -> "tuple[Tensor, Dict[str, Figure]]":
        with precision(self.settings, self.device):
            decoded = self.computed.decoder(batch.latents.flatten(0, 1), self.chunk).float()
        loss, figures = chunk_loss(decoded.unflatten(0, (-1, self.chunk)), batch.pictures, batch.masks, self.weights)
        loss = self.judge(loss, figures, batch.pictures.flatten(0, 1), decoded, phase)
        return loss, {"loss": figure(loss), **figures}

    def validate(self) -> Dict[str, Any]:
        generator = torch.Generator(self.device).manual_seed(0)
        chunk = self._chunks(self.pool.draw(generator, 1, self.chunk, 1.0, validation=True).target)
        with torch.no_grad():
            return picture_figures(self.vae.decoder(chunk.latents[0]), chunk.pictures[0], chunk.masks[0])

    @torch.no_grad()
    def _chunks(self, places: Places) -> ChunkBatch:
        pictures, masks = pictures_and_masks(self.pool, places.flat(), self.side)
        return ChunkBatch(*(values.unflatten(0, (-1, self.chunk)) for values in (pictures, masks, self.computed.latents(pictures))))


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
