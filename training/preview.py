"""Draws a sheet for the eye with an exported model: portrait | driver | truth | truth through the VAE | generated.

    python3 -m training.preview --export DIR/export --stills FILE --out sheet.png [--rows 8] [--steps 10]

FILE is a recorded stream; take one of held-out people: ./portrait draw --stream --split heldout …
"""

import argparse
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .record_fixture import load_exported, picture_side
from .sampling import SamplingSettings, euler_step, sigmas
from .trainer import crops
from .trainer.data import Draw, Pool, motion_crops
from .trainer.diffusion import Conditions, added_time_ids, predict
from .trainer.model import PortraitModel
from .trainer.settings import Source

ALL_BLOCKS = 1 << 20


def write_png(path: Path, picture: np.ndarray) -> None:
    """8-bit RGB rows."""
    height, width, _ = picture.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), picture.reshape(height, -1)], 1).tobytes()

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def generate(model: PortraitModel, pool: Pool, drawn: Draw, settings: SamplingSettings) -> Tensor:
    """One frame for each portrait and driver: `[n, 3, S, S]` in [−1, 1]."""
    sizes = model.architecture
    count = len(drawn.portrait.block)
    portraits = pool.pictures(drawn.portrait)
    image = model.image_tokens(crops.encoder_images(portraits, sizes["image_size"], sizes["encoder_image_size"]))
    nothing = torch.zeros(count, 1, dtype=torch.int64)
    motion = model.motion_tokens(*model.motion_features(*motion_crops(pool, drawn, sizes["motion_crop_size"])), (nothing, nothing))
    reference = model.latents(crops.reference_pictures(portraits, sizes["image_size"]))
    branches = [Conditions(image * 0, reference * 0, motion * 0), Conditions(image, reference, motion * 0), Conditions(image, reference, motion)]
    levels, ids = sigmas(settings), torch.tensor(settings.added_time_ids)
    generator = torch.Generator().manual_seed(0)
    latents = (reference * model.vae.scaling_factor + levels[0] * torch.randn(reference.shape, generator=generator))[:, None]
    appearance, motion_scale = settings.appearance_guidance[0], settings.motion_guidance[0]
    for level, following in zip(levels, levels[1:]):
        without, dropped, full = (
            predict(model.unet, latents, level.expand(count), conditions, ids) for conditions in branches
        )
        velocity = without + appearance * (dropped - without) + motion_scale * (full - dropped)
        latents = euler_step(velocity, latents, level, following)
    return decode(model, latents[:, 0])


def decode(model: PortraitModel, latents: Tensor) -> Tensor:
    """Pictures that are no neighbours in time."""
    return torch.cat([model.vae.decode(frame[None], 1) for frame in latents])


def sheet(model: PortraitModel, pool: Pool, drawn: Draw, settings: SamplingSettings) -> np.ndarray:
    side = model.architecture["image_size"]
    portrait, driver, truth = (
        crops.reference_pictures(pool.pictures(places.flat()), side) for places in (drawn.portrait, drawn.driver, drawn.target)
    )
    columns = [portrait, driver, truth, decode(model, model.latents(truth) * model.vae.scaling_factor), generate(model, pool, drawn, settings)]
    rows = torch.cat(columns, 3).permute(0, 2, 3, 1).flatten(0, 1)
    return ((rows.clamp(-1, 1) * 0.5 + 0.5) * 255).byte().numpy()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--export", type=Path, required=True)
    parser.add_argument("--stills", required=True, help="a recorded stream")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=8)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--guidance", type=float, nargs=2, default=[2.0, 2.0], metavar=("APPEARANCE", "MOTION"))
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    model = load_exported(options.export)
    appearance, motion = options.guidance
    settings = SamplingSettings(
        steps=options.steps,
        appearance_guidance=(appearance, appearance),
        motion_guidance=(motion, motion),
        added_time_ids=added_time_ids(model.architecture),
        sigma_min=model.architecture["scheduler"]["sigma_min"],
        sigma_max=model.architecture["scheduler"]["sigma_max"],
    )
    source = Source(ALL_BLOCKS, file=options.stills, validation_blocks=0)
    with torch.no_grad(), Pool(source, picture_side(options.stills), options.seed) as pool:
        drawn = pool.draw(torch.Generator().manual_seed(options.seed), options.rows, 1, 1.0)
        write_png(options.out, sheet(model, pool, drawn, settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
