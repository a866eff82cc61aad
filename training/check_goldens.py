"""Compares the networks and the sampling loop with recorded tensors and with the official parameter lists.

    python3 training/check_goldens.py --golden DIR [--manifest DIR]

DIR of --golden holds one directory per case (config.json, weights.safetensors, io.safetensors); that of --manifest one
json file per official checkpoint. Prints one line per output; the exit code is 0 only if all agree.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Tuple

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

import networks
from golden_cases import CHECKS, load_case

MODULE_TOLERANCE = 2e-5
SAMPLING_TOLERANCE = 1e-4


class OnMeta(TorchFunctionMode):
    """Creates parameters without memory."""

    def __torch_function__(self, function, types, arguments=(), options=None):
        options = dict(options or {})
        if function in (torch.empty, torch.zeros, torch.ones, torch.full, torch.randn, torch.tensor):
            options["device"] = "meta"
        return function(*arguments, **options)


OFFICIAL = {
    "dino": networks.ImageEncoder,
    "expression": lambda _: networks.ExpressionNetwork(
        {
            "stem_channels": 64,
            "planes": [64, 128, 256, 512],
            "layers": [3, 4, 6, 3],
            "expansion": 4,
            "groupnorm_groups": 1,
            "out_feat_dim": 512,
        }
    ),
    "headpose": lambda _: networks.HeadPoseNetwork(
        {
            "stem_channels": 64,
            "planes": [64, 128, 256, 512],
            "layers": [2, 2, 2, 2],
            "groupnorm_groups": 32,
            "num_outputs": 6,
        }
    ),
    "image_proj": lambda sizes: networks.ImageProjector(sizes["in_features"], sizes["out_features"]),
    "motion_proj": networks.MotionRefiner,
    "pose_guider": networks.PoseGuider,
    "unet": lambda sizes: networks.UNet(sizes["config"]),
    "vae": networks.Vae,
}


def check_manifest(path: Path) -> bool:
    manifest = json.loads(path.read_text())
    with OnMeta():
        network = OFFICIAL[path.stem](manifest["constructor"])
    actual = {name: list(tensor.shape) for name, tensor in network.state_dict().items()}
    expected = {entry["name"]: entry["shape"] for entry in manifest["tensors"]}
    order = "same order" if list(actual) == list(expected) else "other order"
    print(f"{'ok  ' if actual == expected else 'FAIL'} manifest {path.stem}: {len(actual)} tensors, {order}")
    for name in sorted(actual.keys() ^ expected.keys()):
        print(f"       {'surplus' if name in actual else 'missing'} {name}")
    for name in sorted(name for name in actual.keys() & expected.keys() if actual[name] != expected[name]):
        print(f"       {name}: {actual[name]} instead of {expected[name]}")
    return actual == expected


def check_case(directory: Path) -> bool:
    kind = next((kind for kind in CHECKS if directory.name.startswith(kind)), None)
    if kind is None:
        print(f"skip {directory.name}: no network of this package")
        return True
    tolerance = SAMPLING_TOLERANCE if kind == "long-sampling" else MODULE_TOLERANCE
    passed = True
    with torch.inference_mode():
        for name, actual, expected in CHECKS[kind](load_case(directory)):
            agrees, text = compare(actual, expected, tolerance)
            print(f"{'ok  ' if agrees else 'FAIL'} {directory.name} {name}: {text}")
            passed &= agrees
    return passed


def compare(actual: Tensor, expected: Tensor, tolerance: float) -> Tuple[bool, str]:
    if actual.shape != expected.shape:
        return False, f"shape {list(actual.shape)} instead of {list(expected.shape)}"
    difference = (actual.double() - expected.double()).abs().max().item()
    largest = expected.double().abs().max().item()
    relative = difference / largest if largest else difference
    return relative <= tolerance, f"{list(actual.shape)} max|Δ| {difference:.2e}, relative {relative:.2e}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--golden", type=Path, required=True, help="directory of recorded cases")
    parser.add_argument("--manifest", type=Path, help="directory of official parameter lists")
    options = parser.parse_args()
    cases = sorted(path.parent for path in options.golden.glob("*/config.json"))
    if (options.golden / "config.json").exists():
        cases = [options.golden]
    results = [check_case(directory) for directory in cases]
    if options.manifest:
        results += [check_manifest(path) for path in sorted(options.manifest.glob("*.json"))]
    print(f"{sum(results)} of {len(results)} passed")
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
