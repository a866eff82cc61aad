"""Times the networks in eager PyTorch, alone or driven by another program.

    python3 training/bench_networks.py --config FILE [--serve | --runs 10]

FILE is a JSON object:
    kind        "unet" (one forward of one window) or "clip" (every window of every step, then the decoder)
    unet, vae   sizes, official field names ("vae" for clips only)
    weights     {"unet": path, "vae": path}, safetensors; paths are relative to FILE
    inputs      safetensors: image_tokens [1, N, D], motion_tokens [F, N, D], image_latents [1, 4, h, w],
                pose_features [C, h, w]; for the unet also sample [F, 4, h, w] (already divided by sqrt(σ²+1)), timestep [1]
                and added_time_ids [1, 3]; for a clip noise [F, 4, h, w]
    sampling    fields of SamplingSettings (clips only)
    decode_chunk_size, threads   default 8 and all cores

Variants (all give the same result):
    reference     three guidance branches; the window's tokens are repeated for every pixel, as the reference does
    deduplicated  three branches, nothing repeated
    pair          nothing repeated, and only the two branches that count while both guidance scales are equal

Without --serve prints one JSON line per variant. With --serve prints one JSON line about itself, then answers each line of
standard input with one line: "run VARIANT" with the seconds it took, "write VARIANT PATH" with "ok" after writing the
result of that variant to a safetensors file (tensor "output"; unet: [branches, F, 4, h, w]; clip: "latents" and "frames").
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Callable, Dict, Mapping, Tuple

import torch
from torch import Tensor, nn

import networks
from golden_cases import load_tensors
from sampling import Conditioning, Sampler, SamplingSettings, branch_arguments
from tensor_file import write_tensors

VARIANTS = ("reference", "deduplicated", "pair")
ALL_BRANCHES = (0, 1, 2)
PAIR = (0, 2)
WARM_UP = 3

Run = Callable[[str], Dict[str, Tensor]]


def load(network: nn.Module, path: Path) -> nn.Module:
    """Loads strictly, but for the decoder's middle attention: with one layer per block it is never used (SPEC §8)."""
    missing, surplus = network.load_state_dict(load_tensors(path), strict=False)
    wrong = surplus + [name for name in missing if not name.startswith("decoder.mid_block.attentions.")]
    if wrong:
        raise SystemExit(f"{path} does not fit the configuration: {', '.join(wrong)}")
    return network.eval()


def unet_run(config: Mapping, directory: Path) -> Run:
    unet = load(networks.UNet(config["unet"]), directory / config["weights"]["unet"])
    inputs = load_tensors(directory / config["inputs"])
    arguments = {branches: unet_arguments(inputs, branches) for branches in (ALL_BRANCHES, PAIR)}

    def run(variant: str) -> Dict[str, Tensor]:
        unet.repeat_window_tokens = variant == "reference"
        return {"output": unet(*arguments[PAIR if variant == "pair" else ALL_BRANCHES])}

    return run


def unet_arguments(inputs: Mapping[str, Tensor], branches: Tuple[int, ...]) -> Tuple[Tensor, ...]:
    """Assembled before anything is timed."""
    named = dict(inputs)
    sample, moment, ids = (named.pop(name) for name in ("sample", "timestep", "added_time_ids"))
    ids = ids.expand(len(branches), -1)
    return branch_arguments(sample, moment, ids, list(range(sample.shape[0])), Conditioning(**named), branches)


def clip_run(config: Mapping, directory: Path) -> Run:
    weights = config["weights"]
    unet = load(networks.UNet(config["unet"]), directory / weights["unet"])
    vae = load(networks.Vae(config["vae"]), directory / weights["vae"])
    inputs = load_tensors(directory / config["inputs"])
    noise = inputs.pop("noise")
    conditioning = Conditioning(**inputs)
    settings = SamplingSettings(**config["sampling"])

    def run(variant: str) -> Dict[str, Tensor]:
        unet.repeat_window_tokens = variant == "reference"
        sampler = Sampler(unet, settings, skip_middle_branch=variant == "pair")
        latents = sampler.initial_latents(conditioning, noise, vae.scaling_factor)
        for latents in sampler.steps(latents, conditioning):
            pass
        return {"latents": latents, "frames": vae.decode(latents, config.get("decode_chunk_size", 8))}

    return run


def seconds(run: Run, variant: str) -> float:
    start = time.perf_counter()
    run(variant)
    return time.perf_counter() - start


def serve(run: Run) -> None:
    about = {"torch": torch.__version__, "threads": torch.get_num_threads(), "libraries": mathematics_libraries()}
    print(json.dumps(about), flush=True)
    for line in sys.stdin:
        command, variant, *path = line.split(maxsplit=2)
        if command == "run":
            print(f"{seconds(run, variant):.9f}", flush=True)
        elif command == "write":
            write_tensors(path[0].rstrip(), {name: tensor.numpy() for name, tensor in run(variant).items()})
            print("ok", flush=True)
        else:
            raise SystemExit(f"unknown command {command!r}: expected run or write")


def mathematics_libraries() -> list:
    """The BLAS libraries that this process has loaded; which one it is decides how fast Debian's PyTorch multiplies."""
    with open("/proc/self/maps", encoding="utf-8") as maps:
        paths = {line.split(maxsplit=5)[-1].strip() for line in maps if "/" in line}
    return sorted(os.path.basename(path) for path in paths if "blas" in path or "mkl" in path)


def report(run: Run, runs: int) -> None:
    for variant in VARIANTS:
        for _ in range(WARM_UP):
            run(variant)
        times = sorted(seconds(run, variant) for _ in range(runs))
        line = {"variant": variant, "median": times[len(times) // 2], "min": times[0], "max": times[-1], "runs": runs}
        print(json.dumps(line), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, required=True, help="JSON description of what to time")
    parser.add_argument("--serve", action="store_true", help="answer commands from standard input")
    parser.add_argument("--runs", type=int, default=10, help="timed runs of each variant (default 10)")
    options = parser.parse_args()
    config = json.loads(options.config.read_text())
    torch.set_num_threads(config.get("threads") or os.cpu_count())
    with torch.inference_mode():
        run = {"unet": unet_run, "clip": clip_run}[config["kind"]](config, options.config.parent)
        serve(run) if options.serve else report(run, options.runs)


if __name__ == "__main__":
    main()
