"""Reads a settings file: everything that a training run depends on, checked before anything is computed."""

import json
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, Dict, List, Mapping, Tuple, Type, TypeVar

SMALL_ARCHITECTURE = Path(__file__).parents[2] / "src/Conversion/Architectures/small.json"
T = TypeVar("T")


class SettingsError(Exception):
    """A settings file that cannot be used."""


@dataclass(frozen=True)
class Source:
    """One pool of drawn portraits. A recording (`file`) wins over `command`; `{seed}` and `{size}` in the command are filled in."""

    blocks: int
    command: str = ""
    file: str = ""
    validation_blocks: int = 1
    starting_blocks: int = 0
    """Training begins when so many blocks are there, the others come in meanwhile; 0 waits for all."""
    refresh_samples: int = 0
    """Once full, the oldest block is replaced by a newly drawn one after so many samples were used; 0 keeps the pool as it is."""
    filling_samples: int = 0
    """Until it is full, a block comes in after so many samples; 0: as soon as it is drawn."""


@dataclass(frozen=True)
class Data:
    frame_size: int
    stills: Source
    clips: Source
    portrait_column_zero: float = 0.8
    """Share of samples whose portrait is the block's still portrait rather than any other picture."""


@dataclass(frozen=True)
class Optimisation:
    """One stage's learning: AdamW, linear warm-up, cosine down to `final_rate_share`, clipping, moving average.

    It ends after `steps` (0 leaves the stage out), or after `seconds` of training if they are given and come first: on a machine lent for minutes, time is what is known.
    """

    steps: int
    batch: int
    rate: float
    seconds: float = 0.0
    warm_up: int = 100
    final_rate_share: float = 0.02
    betas: Tuple[float, float] = (0.9, 0.99)
    weight_decay: float = 1e-3
    clip: float = 1.0
    average: float = 0.998
    learned_share: float = 1.0
    """At the end the weights lie so far on the line from those that the stage found to those that it learned: below 1 for a stage that would
    unlearn what another one needs."""
    compiled: bool = False
    """Whether PyTorch 2 fuses the UNet's operations; costs a minute or two before the first step, seconds where they are found in its cache."""
    log_every: int = 50
    validate_every: int = 500
    checkpoint_every: int = 500


@dataclass(frozen=True)
class VaeLoss:
    l1: float = 1.0
    mse: float = 1.0
    gradient: float = 0.5
    kl: float = 1e-4
    expression: float = 6.0
    """Extra weight of pixels around eyes and mouth; the face gets `face`, everything has 1."""
    face: float = 1.0
    adversarial: float = 0.0
    """Weight of the patch critic; 0 leaves it out. It begins after `adversarial_from` of the steps."""
    adversarial_from: float = 0.5
    decoder_learns: bool = False
    """In `vae_temporal`: the whole decoder instead of its layers between frames, and with the critic."""
    latent_noise: float = 0.0
    """In `vae_temporal`: deviation of the noise on the latents (theirs is one), because what a UNet makes is never exact."""
    critic_width: int = 32
    critic_rate: float = 5e-4


@dataclass(frozen=True)
class DiffusionLoss:
    """Velocity loss, conditioning dropout and noise levels."""

    face: float = 1.0
    expression: float = 4.0
    drop_all: float = 0.08
    drop_motion: float = 0.1
    schedule_share: float = 0.5
    """Share of noise levels drawn evenly over the sampling schedule; the others are log-normal."""
    log_mean: float = 0.0
    log_deviation: float = 1.4
    change: float = 0.0
    """Windows: weight of the squared difference between the errors of neighbouring frames. The best prediction is the same; errors that flicker cost more."""
    factors: float = 0.3
    """Weight of the auxiliary regression of motion factors."""
    trunk_rate_share: float = 0.1
    """Rate of the pre-trained motion networks over the stage's rate; 0 leaves them, and their auxiliary regression, alone."""
    temporal_rate_share: float = 1.0
    """In `joint`: rate of the layers between frames over that of the others."""
    frozen_encoders: bool = False
    """Image encoder, projector and motion networks stand still and see every picture once; all portraits are still ones then."""


@dataclass(frozen=True)
class MotionLoss:
    rotation_scale: float = 20.0
    """Degrees that count as one in the head-pose loss; so much scaled translation, too."""
    expression_learns: bool = True
    """Whether the expression network learns with the head-pose network, or stands still."""


@dataclass(frozen=True)
class Settings:
    name: str
    seed: int
    architecture: Mapping[str, Any]
    data: Data
    stages: Mapping[str, Optimisation]
    threads: int = 0
    """Of PyTorch on a CPU; 0 leaves its default."""
    half: bool = False
    """bfloat16 arithmetic where PyTorch deems it safe; for GPUs."""
    kernels: bool = False
    """UNet, decoder, head-pose network and the encoding of latents by `training.kernels`; for processors with matrix tiles."""
    vae: VaeLoss = field(default_factory=VaeLoss)
    motion: MotionLoss = field(default_factory=MotionLoss)
    diffusion: DiffusionLoss = field(default_factory=DiffusionLoss)


STAGES = ("vae", "vae_temporal", "motion", "single", "temporal", "joint")
_NESTED = {Settings: {"data": Data, "vae": VaeLoss, "motion": MotionLoss, "diffusion": DiffusionLoss}, Data: {"stills": Source, "clips": Source}}


def load(path: Path) -> Settings:
    """Reads a settings file; `architecture` holds changes to the small architecture of the product."""
    try:
        content = json.loads(Path(path).read_text())
        content["architecture"] = merge(json.loads(SMALL_ARCHITECTURE.read_text()), content.get("architecture", {}))
        missing = [stage for stage in STAGES if stage not in content.get("stages", {})]
        if missing or len(content["stages"]) != len(STAGES):
            raise SettingsError(f"stages must be exactly {', '.join(STAGES)}")
        content["stages"] = {name: _build(Optimisation, value, f"stages.{name}") for name, value in content["stages"].items()}
        settings = _build(Settings, content, "")
    except (OSError, ValueError, SettingsError) as problem:
        raise SettingsError(f"{path}: {problem}") from problem
    problems = list(_problems(settings.architecture))
    if not settings.motion.expression_learns and settings.data.portrait_column_zero != 1:
        problems.append("a still expression network needs portrait_column_zero 1")
    if settings.diffusion.frozen_encoders and (settings.diffusion.trunk_rate_share or settings.data.portrait_column_zero != 1):
        problems.append("frozen_encoders needs trunk_rate_share 0 and portrait_column_zero 1")
    if problems:
        raise SettingsError(f"{path}: " + "; ".join(problems))
    return settings


def merge(base: Any, changes: Any) -> Any:
    """Objects are merged name by name, anything else is replaced."""
    if not isinstance(base, dict) or not isinstance(changes, dict):
        return changes
    unknown = sorted(changes.keys() - base.keys())
    if unknown:
        raise SettingsError(f"architecture: unknown {', '.join(unknown)}")
    return {name: merge(value, changes[name]) if name in changes else value for name, value in base.items()}


def _build(kind: Type[T], content: Mapping[str, Any], where: str) -> T:
    known = {entry.name: entry for entry in fields(kind)}
    required = [name for name, entry in known.items() if entry.default is MISSING and entry.default_factory is MISSING]
    problems = [f"unknown {name}" for name in content.keys() - known.keys()] + [f"missing {name}" for name in required if name not in content]
    if problems:
        raise SettingsError(f"{where or 'settings'}: {', '.join(problems)}")
    nested: Dict[str, type] = _NESTED.get(kind, {})
    values = {name: _build(nested[name], value, f"{where}.{name}") if name in nested else value for name, value in content.items()}
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})


def _problems(architecture: Mapping[str, Any]) -> List[str]:
    """Sizes that must agree between networks, and which no single network can check."""
    encoder, refiner, unet, vae = (architecture[name] for name in ("image_encoder", "motion_refiner", "unet", "vae"))
    side, patch = architecture["encoder_image_size"], encoder["patch_size"]
    tokens = 1 + encoder["num_register_tokens"] + (side // patch) ** 2
    downscale, guider = 2 ** (len(vae["block_out_channels"]) - 1), architecture["pose_guider"]
    checks = {
        f"image_projection.in_features must be {tokens}": architecture["image_projection"]["in_features"] == tokens,
        "cross_attention_dim must be motion_refiner.output_dim + 6": unet["cross_attention_dim"] == refiner["output_dim"] + 6,
        "cross_attention_dim must be image_encoder.embed_dim": unet["cross_attention_dim"] == encoder["embed_dim"],
        "motion_refiner.input_dim must be expression.out_feat_dim": refiner["input_dim"] == architecture["expression"]["out_feat_dim"],
        "unet.in_channels must be twice vae.latent_channels": unet["in_channels"] == 2 * vae["latent_channels"],
        "unet.out_channels must be vae.latent_channels": unet["out_channels"] == vae["latent_channels"],
        "pose_guider must reduce as much as the vae": 2 ** (len(guider["block_out_channels"]) - 1) == downscale,
        "vae.scaling_factor must be 1: the vae stage puts the scale into the weights": vae["scaling_factor"] == 1,
        "pose_guider and unet must agree": guider["conditioning_embedding_channels"] == unet["block_out_channels"][0],
        "image_size must suit the unet's levels": architecture["image_size"] % (downscale << (len(unet["block_out_channels"]) - 1)) == 0,
    }
    return [text for text, holds in checks.items() if not holds]
