"""Records what PyTorch computes with an exported model, so that the imported model can be compared with it on the same noise.

    python3 -m training.record_fixture --export DIR/export --stills FILE --out FIXTURE.safetensors [--seed N]

FILE is a recorded stream of drawn portraits (`./portrait draw --stream …`). Recorded, all float32 except the ids (int64):

    reference, encoder_image            the portrait as VAE and image encoder see it
    expression_crops, pose_crops, ids   a few of the drivers, the intensity of all (head, expression)
    crop_tokens                         what motion_tokens are of those few
    image_tokens, reference_latents, motion_tokens, pose_features
    levels                              sigma of the step and of the next
    latents                             scaled reference + sigma · noise, one window
    next_latents_equal, next_latents_unequal   after the step with the guidance pairs of `guidance`
    decode_latents, decoded             one chunk
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Dict

import torch
from torch import Tensor

from .sampling import Conditioning, Sampler, SamplingSettings, euler_step, sigmas
from .tensor_file import read_tensors, write_tensors
from .trainer import crops
from .trainer.data import Pool, motion_crops
from .trainer.diffusion import added_time_ids
from .trainer.drawn_stream import open_recording
from .trainer.export import VAE_FILE
from .trainer.model import PortraitModel
from .trainer.settings import Source

GUIDANCE = ((2.0, 2.0), (2.0, 1.5))
PORTRAIT_ONLY = 1.0
STEP_SHARE = 0.4
BLOCKS = 2
RECORDED_CROPS = 4


def load_exported(directory: Path) -> PortraitModel:
    """A model as `train` exported it."""
    model = PortraitModel(json.loads((directory / "architecture.json").read_text()))
    for label, network in model.checkpoints().items():
        if label == "vae":
            network.load_state_dict({name: torch.from_numpy(values) for name, values in read_tensors(directory / VAE_FILE).items()})
        else:
            network.load_state_dict(torch.load(directory / "hyportrait" / f"{label}.pth"))
    return model.eval()


def encode(model: PortraitModel, pool: Pool, seed: int) -> Dict[str, Tensor]:
    """A portrait and a driver of each frame, through every encoder."""
    sizes = model.architecture
    frames = sizes["defaults"]["windows"]["length"]
    drawn = pool.draw(torch.Generator().manual_seed(seed), frames, 1, PORTRAIT_ONLY)
    first = type(drawn.portrait)(*(values[:1] for values in drawn.portrait))
    portrait = pool.pictures(first)
    ids = torch.tensor([[3], [40]])
    expression_crops, pose_crops = motion_crops(pool, drawn, sizes["motion_crop_size"])
    reference = crops.reference_pictures(portrait, sizes["image_size"])
    encoder_image = crops.encoder_images(portrait, sizes["image_size"], sizes["encoder_image_size"])
    features, pose = model.motion_features(expression_crops, pose_crops)
    motion_tokens = model.motion_tokens(features, pose, (ids[0], ids[1]))
    return {
        "reference": reference,
        "encoder_image": encoder_image,
        "expression_crops": expression_crops[:RECORDED_CROPS],
        "pose_crops": pose_crops[:RECORDED_CROPS],
        "crop_tokens": motion_tokens[:RECORDED_CROPS],
        "ids": ids,
        "image_tokens": model.image_tokens(encoder_image),
        "reference_latents": model.latents(reference),
        "motion_tokens": motion_tokens,
        "pose_features": model.pose_features(sizes["image_size"]),
    }


def step(model: PortraitModel, encoded: Dict[str, Tensor], seed: int) -> Dict[str, Tensor]:
    """One window through all branches, one Euler step for each pair of guidance scales, one chunk decoded."""
    defaults = model.architecture["defaults"]
    settings = SamplingSettings(
        steps=defaults["inference_steps"],
        frames_per_batch=defaults["windows"]["length"],
        added_time_ids=added_time_ids(model.architecture),
        sigma_min=model.architecture["scheduler"]["sigma_min"],
        sigma_max=model.architecture["scheduler"]["sigma_max"],
    )
    levels = sigmas(settings)[int(settings.steps * STEP_SHARE) :][:2]
    conditioning = Conditioning(encoded["image_tokens"], encoded["motion_tokens"], encoded["reference_latents"], encoded["pose_features"])
    noise = torch.randn(settings.frames_per_batch, *encoded["reference_latents"].shape[1:], generator=torch.Generator().manual_seed(seed))
    latents = encoded["reference_latents"] * model.vae.scaling_factor + levels[0] * noise
    window = list(range(settings.frames_per_batch))
    without, dropped, full = Sampler(model.unet, settings).predict(latents, window, levels[0], conditioning, (0, 1, 2))
    after = [euler_step(without + g1 * (dropped - without) + g2 * (full - dropped), latents, *levels) for g1, g2 in GUIDANCE]
    chunk = encoded["reference_latents"] * model.vae.scaling_factor + 0.1 * noise[: defaults["decode_chunk_length"]]
    return {
        "levels": levels,
        "guidance": torch.tensor(GUIDANCE),
        "latents": latents,
        "next_latents_equal": after[0],
        "next_latents_unequal": after[1],
        "decode_latents": chunk,
        "decoded": model.vae.decode(chunk, defaults["decode_chunk_length"]),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--export", type=Path, required=True)
    parser.add_argument("--stills", required=True, help="a recorded stream")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    model = load_exported(options.export)
    with torch.no_grad(), Pool(Source(BLOCKS, file=options.stills, validation_blocks=0), picture_side(options.stills), options.seed) as pool:
        encoded = encode(model, pool, options.seed)
        recorded = {**encoded, **step(model, encoded, options.seed)}
    write_tensors(options.out, {name: tensor.contiguous().numpy() for name, tensor in recorded.items()})
    print(f"{options.out}: {len(recorded)} tensors, {options.out.stat().st_size / 1e6:.1f} MB")
    return 0


def picture_side(path: str) -> int:
    return open_recording(Path(path))["picture"].shape[3]


if __name__ == "__main__":
    sys.exit(main())
