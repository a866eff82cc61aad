"""How the factor reader learns, and how well it reads."""

import json
import math
import time
from typing import Dict, List, NamedTuple, Optional, Tuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ..trainer import crops
from .material import Material, cut
from .network import FACTORS, WORK_SIDE, FactorReader

RATE, WARM_UP, WEIGHT_DECAY, AVERAGE, CLIP = 2e-3, 100, 1e-3, 0.999, 1.0
BLURS = (0.0, 0.0, 0.35, 0.5, 0.65, 0.8)
NOISE, GAIN, SHIFT, STRETCH = 6.0, 0.06, 1.0, 0.04
EXPRESSION = ("leftEye", "rightEye", "gazeX", "gazeY", "jaw", "smile")
EXPRESSION_WEIGHT = 2.0
LOG_EVERY, VALIDATE_EVERY = 200, 1000


class ReaderTraining(NamedTuple):
    drawn: Material
    decoded: Material
    steps: int
    batch: int
    seed: int


class Jitter(NamedTuple):
    """What makes the reader tolerant: crops a little beside the face, blur (picked from BLURS), noise and brightness."""

    shifts: np.ndarray
    stretches: np.ndarray
    blurs: List[float]

    @staticmethod
    def none(count: int) -> "Jitter":
        return Jitter(np.zeros((count, 2)), np.ones(count), [0.0] * count)

    @staticmethod
    def draw(rng: np.random.Generator, count: int) -> "Jitter":
        shifts = np.clip(rng.normal(0, SHIFT, (count, 2)), -2.5 * SHIFT, 2.5 * SHIFT) * WORK_SIDE / 64
        return Jitter(shifts, rng.uniform(1 - STRETCH, 1 + STRETCH, count), [BLURS[i] for i in rng.integers(len(BLURS), size=count)])


def regions(material: Material, index: np.ndarray, jitter: Jitter) -> np.ndarray:
    """The expression crops (SPEC §3.3) around the true landmarks, anchored to the picture's own face box: `[n, 4]`."""
    places = (torch.from_numpy(values[index] * WORK_SIDE) for values in (material.landmarks, material.boxes))
    found = crops.expression_regions(*places).numpy()
    centre, half = (found[:, :2] + found[:, 2:]) / 2 + jitter.shifts, (found[:, 2:] - found[:, :2]) / 2 * jitter.stretches[:, None]
    return np.concatenate([centre - half, centre + half], 1).round().astype(int)


def crops_of(material: Material, index: np.ndarray, rng: Optional[np.random.Generator] = None) -> Tensor:
    pictures = torch.from_numpy(material.pictures[index]).float()
    jitter = Jitter.none(len(index)) if rng is None else Jitter.draw(rng, len(index))
    if rng is not None:
        noise = rng.normal(0, 1, pictures.shape) * rng.uniform(0, NOISE, (len(index), 1, 1, 1))
        gain = rng.uniform(1 - GAIN, 1 + GAIN, (len(index), 3, 1, 1))
        pictures = (pictures * torch.from_numpy(gain) + torch.from_numpy(noise)).float()
    return cut(pictures, regions(material, index, jitter), jitter.blurs)


def learn(reader: FactorReader, plan: ReaderTraining, held_out: Tuple[Material, Material]) -> None:
    """Leaves the averaged weights in the reader."""
    optimiser = torch.optim.AdamW(reader.parameters(), RATE, betas=(0.9, 0.99), weight_decay=WEIGHT_DECAY)
    average = [parameter.detach().clone() for parameter in reader.parameters()]
    weights = torch.tensor([EXPRESSION_WEIGHT if name in EXPRESSION else 1.0 for name in FACTORS])
    started = time.monotonic()
    for step in range(plan.steps):
        rng = np.random.default_rng((plan.seed, step))
        rate = min(1, (step + 1) / WARM_UP) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * step / plan.steps)))
        for group in optimiser.param_groups:
            group["lr"] = RATE * rate
        index = rng.integers(len(plan.drawn), size=plan.batch)
        half = plan.batch // 2
        both = torch.cat([crops_of(plan.drawn, index[:half], rng), crops_of(plan.decoded, index[half:], rng)])
        truth = reader.normalise(torch.from_numpy(plan.drawn.motions[index]))
        loss = (functional.smooth_l1_loss(reader(both), truth, beta=0.3, reduction="none") * weights).mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(reader.parameters(), CLIP)
        optimiser.step()
        with torch.no_grad():
            decay = min(AVERAGE, (1 + step) / (10 + step))
            for kept, parameter in zip(average, reader.parameters()):
                kept.lerp_(parameter, 1 - decay)
        if (step + 1) % LOG_EVERY == 0:
            print(json.dumps({"step": step + 1, "seconds": round(time.monotonic() - started, 1), "loss": round(float(loss), 4)}), flush=True)
        if (step + 1) % VALIDATE_EVERY == 0:
            print(json.dumps({"step": step + 1, "drawings": read_figures(reader, held_out[0]), "decoded": read_figures(reader, held_out[1])}), flush=True)
    with torch.no_grad():
        for kept, parameter in zip(average, reader.parameters()):
            parameter.copy_(kept)


@torch.no_grad()
def read_figures(reader: FactorReader, material: Material) -> Dict[str, float]:
    """R² of every factor, and the mean of jaw, eyelids, gaze and smile, as `portrait evaluate` reports them."""
    index = np.arange(len(material))
    read = torch.cat([reader(crops_of(material, part)) for part in np.array_split(index, max(1, len(index) // 64))])
    truth = reader.normalise(torch.from_numpy(material.motions))
    error = 1 - (read - truth).square().mean(0) / (truth - truth.mean(0)).square().mean(0).clamp_min(1e-6)
    figures = dict(zip(FACTORS, error.tolist()))
    groups = (("jaw",), ("leftEye", "rightEye"), ("gazeX", "gazeY"), ("smile",))
    figures["expressionR2"] = sum(sum(figures[name] for name in group) / len(group) for group in groups) / len(groups)
    return {name: round(value, 3) for name, value in figures.items()}
