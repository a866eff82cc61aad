"""Writes a model in the official layout, with the sizes beside the weights, for `portrait models import`."""

import json
from pathlib import Path
from typing import Any, Dict, Mapping

import torch
from torch import Tensor

from ..tensor_file import write_tensors
from .model import PortraitModel

VAE_FILE = "vae/diffusion_pytorch_model.safetensors"
UNET_CONFIG = {"_class_name": "UNetSpatioTemporalConditionModel", "transformer_layers_per_block": 1}
VAE_CONFIG = {"_class_name": "AutoencoderKLTemporalDecoder", "force_upcast": True}
SCHEDULER_CONFIG = {
    "_class_name": "EulerDiscreteScheduler",
    "prediction_type": "v_prediction",
    "timestep_type": "continuous",
    "use_karras_sigmas": True,
}


def export(model: PortraitModel, directory: Path) -> None:
    """`hyportrait/*.pth`, `vae/`, `unet/config.json`, `scheduler/`, and `architecture.json`, which the official set does not have."""
    architecture = {**model.architecture, "vae": {**model.architecture["vae"], "scaling_factor": model.vae.scaling_factor}}
    for label, network in model.checkpoints().items():
        tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in network.state_dict().items()}
        if label == "vae":
            _write_safetensors(directory / VAE_FILE, tensors)
        else:
            path = directory / "hyportrait" / f"{label}.pth"
            path.parent.mkdir(parents=True, exist_ok=True)
            torch.save(tensors, path)
    _write_json(directory / "architecture.json", architecture)
    _write_json(directory / "unet/config.json", {**UNET_CONFIG, **architecture["unet"]})
    _write_json(directory / "vae/config.json", {**VAE_CONFIG, **architecture["vae"]})
    _write_json(directory / "scheduler/scheduler_config.json", {**SCHEDULER_CONFIG, **architecture["scheduler"]})


def _write_safetensors(path: Path, tensors: Dict[str, Tensor]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_tensors(path, {name: tensor.numpy() for name, tensor in tensors.items()})


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2) + "\n")
