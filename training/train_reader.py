"""Trains the factor reader: a small network that reads pose and expression from a picture, for `portrait evaluate`.

    python3 -m training.train_reader --settings training/settings/cpu-64.json --vae DIR/vae.finished.pt --out READER

It learns from drawings and from what the VAE makes of them, so that it stays a fair judge of pictures that came out of the VAE.
Then: ./portrait models import-reader --from READER --to models/factor-reader
"""

import argparse
import json
import sys
import time
from pathlib import Path

import torch

from .reader.material import Material, gather, reconstruct
from .reader.network import CROP_SIDE, FACTORS, PICTURE_SIDE, READER, WORK_SIDE, FactorReader
from .reader.training import ReaderTraining, learn, read_figures
from .tensor_file import write_tensors
from .trainer.drawn_stream import StreamError
from .trainer.model import PortraitModel, set_spatial_only
from .trainer.settings import SettingsError, load

STILLS = "{generator} --stream --split {split} --seed {seed} --size 128 --grid 8x8 --count 10000000 --threads 1"
TRAINING_SEED, HELD_OUT_SEED = 424_242, 424_243


def load_vae(settings_path: Path, state: Path):
    """The VAE of a training; its temporal layers stay out, because pictures are no neighbours in time."""
    model = PortraitModel(load(settings_path).architecture)
    model.load_state_dict(torch.load(state, map_location="cpu"))
    set_spatial_only(model.vae, True)
    return model.vae.eval(), model.architecture["image_size"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--settings", type=Path, required=True, help="of the training that made the VAE")
    parser.add_argument("--vae", type=Path, required=True, help="its vae.finished.pt, or a later stage's")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--generator", default="./portrait draw", help="command of the generator")
    parser.add_argument("--pictures", type=int, default=16000, help="drawn pictures")
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    try:
        vae, side = load_vae(options.settings, options.vae)
        training, held_out = (
            gather(STILLS.format(generator=options.generator, split=split, seed=seed), count)
            for split, seed, count in (("train", TRAINING_SEED, options.pictures), ("heldout", HELD_OUT_SEED, 512))
        )
    except (SettingsError, StreamError, OSError) as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 1
    print(json.dumps({"pictures": len(training), "persons": "train"}), flush=True)
    started = time.monotonic()
    decoded, held_out_decoded = (reconstruct(vae, side, material) for material in (training, held_out))
    print(json.dumps({"decoded": len(decoded), "seconds": round(time.monotonic() - started)}), flush=True)
    reader = FactorReader()
    learn(reader, ReaderTraining(training, decoded, options.steps, options.batch, options.seed), (held_out, held_out_decoded))
    figures = {"drawings": read_figures(reader, held_out), "decoded": read_figures(reader, held_out_decoded)}
    write(options.out, reader, figures, options)
    print(json.dumps(figures))
    return 0


def write(directory: Path, reader: FactorReader, figures, options) -> None:
    """Weights by the names of the expression network, and what the product must know."""
    directory.mkdir(parents=True, exist_ok=True)
    tensors = {name: value.detach().contiguous().numpy() for name, value in reader.exported().items()}
    write_tensors(directory / "factor_reader.safetensors", tensors)
    description = {
        "factors": list(FACTORS),
        "pictureSize": PICTURE_SIDE,
        "workSize": WORK_SIDE,
        "cropSize": CROP_SIDE,
        "network": READER,
        "training": {"pictures": options.pictures, "steps": options.steps, "batch": options.batch, "seed": options.seed},
        "r2": figures,
    }
    (directory / "reader.json").write_text(json.dumps(description, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main())
