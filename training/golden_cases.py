"""What each kind of recorded case holds, and which of our outputs must equal which recorded tensor."""

import json
from pathlib import Path
from typing import Callable, Dict, Iterator, Mapping, NamedTuple, Tuple

import torch
from torch import Tensor, nn

import networks
from sampling import Conditioning, Sampler, SamplingSettings, sigmas, timestep, windows
from tensor_file import read_tensors

Tensors = Dict[str, Tensor]
Comparison = Tuple[str, Tensor, Tensor]


class Case(NamedTuple):
    directory: Path
    config: Mapping
    io: Tensors


def load_tensors(path: Path) -> Tensors:
    return {name: torch.from_numpy(values) for name, values in read_tensors(path).items()}


def load_case(directory: Path) -> Case:
    return Case(directory, json.loads((directory / "config.json").read_text()), load_tensors(directory / "io.safetensors"))


def load_network(network: nn.Module, directory: Path) -> nn.Module:
    network.load_state_dict(load_tensors(directory / "weights.safetensors"), strict=True)
    return network.eval()


class Recorder:
    """Keeps the newest output of the named submodules; blocks that return skips too are recorded without them."""

    def __init__(self, network: nn.Module, names):
        self.outputs: Tensors = {}
        for name in names:
            network.get_submodule(name).register_forward_hook(self._hook(name))

    def _hook(self, name: str) -> Callable:
        def record(_module, _inputs, output):
            self.outputs[name] = output[0] if isinstance(output, tuple) else output

        return record


def check_image_encoder(case: Case) -> Iterator[Comparison]:
    network = load_network(networks.ImageEncoder(case.config), case.directory)
    io = case.io
    names = {
        "patch_embed": "patch_embed",
        "block0": "blocks.0",
        "block1": "blocks.1",
        "block2": "blocks.2",
        "block1_attn_out": "blocks.1.attn",
        "block1_adapter_out": "blocks.1.adapter",
        "block1_adapter_cross_attn_out": "blocks.1.adapter.cross_attn",
        "hidden": "blocks.1.adapter.D_fc1",
    }
    recorder = Recorder(network, names.values())
    output = network(io["image"], io["id_features"])
    recorded = {name: recorder.outputs[path] for name, path in names.items()}
    patches = io["patch_embed"].shape[1]
    maps = recorded.pop("hidden").relu()[:, -patches:].transpose(1, 2).unflatten(2, (int(patches**0.5), -1))
    recorded["block1_adapter_branch3"] = network.blocks[1].adapter.branch3(maps)
    recorded["pos_embed_interpolated"] = network.positions(int(patches**0.5))
    for name, actual in recorded.items():
        yield name, actual.expand_as(io[name]), io[name]
    yield "output", output, io["output"]
    yield "output_zero_id", network(io["image"], io["id_features_zero"]), io["output_zero_id"]
    yield "output_b", network(io["image"], io["id_features_b"]), io["output_b"]


def check_image_projector(case: Case) -> Iterator[Comparison]:
    network = networks.ImageProjector(case.config["in_features"], case.config["out_features"])
    yield "output", load_network(network, case.directory)(case.io["input"]), case.io["output"]


def check_expression(case: Case) -> Iterator[Comparison]:
    network = load_network(networks.ExpressionNetwork(case.config), case.directory)
    recorder = Recorder(network, ["resnet50.layer4"])
    yield "output", network(case.io["input"]), case.io["output"]
    yield "layer4", recorder.outputs["resnet50.layer4"], case.io["layer4"]


def check_head_pose(case: Case) -> Iterator[Comparison]:
    network = load_network(networks.HeadPoseNetwork(case.config), case.directory)
    recorder = Recorder(network, ["head_pose_net"])
    rotation, translation = network(case.io["input"])
    yield "raw6", recorder.outputs["head_pose_net"], case.io["raw6"]
    yield "rotation", rotation, case.io["rotation"]
    yield "translation", translation, case.io["translation"]
    yield "pose_embed", torch.cat([rotation, translation * 0], dim=1), case.io["pose_embed"]


def check_motion_refiner(case: Case) -> Iterator[Comparison]:
    network, io = load_network(networks.MotionRefiner(case.config), case.directory), case.io
    recorder = Recorder(network, [f"connector.perceiver_blocks.{layer}" for layer in range(case.config["layers"])])
    yield "output_dim2", network(io["features_dim2"], io["head_id"], io["exp_id"]), io["output_dim2"]
    for layer, output in enumerate(list(recorder.outputs.values())):
        yield f"dim2_block{layer}", output, io[f"dim2_block{layer}"]
    zero = torch.zeros(1, dtype=torch.int64)
    name = "output_dim2_single_frame_ids_0_0"
    yield name, network(io["features_dim2"][:1], zero, zero), io[name]
    output = network(io["features_dim4"], io["head_id_dim4"], io["exp_id_dim4"])
    yield "output_dim4", output, io["output_dim4"]


def check_pose_guider(case: Case) -> Iterator[Comparison]:
    network = load_network(networks.PoseGuider(case.config), case.directory)
    yield "output", network(case.io["input"]), case.io["output"]
    yield "output_black", network(case.io["input_black"]), case.io["output_black"]


def check_unet(case: Case) -> Iterator[Comparison]:
    for repeated in (False, True):
        network = load_network(networks.UNet(case.config["unet"], repeated), case.directory)
        for name, actual, expected in _unet_outputs(network, case):
            yield name + " (repeated context)" * repeated, actual, expected


def _unet_outputs(network: nn.Module, case: Case) -> Iterator[Comparison]:
    io, scale = case.io, case.config["ip_motion_scale"]
    inside = [name[len("mid/") :] for name in io if name.startswith("mid/")]
    recorder = Recorder(network, inside)

    def run(step: int, motion_scale: float, pose=io["pose_cond_fea"]) -> Tensor:
        tokens = io["encoder_hidden_states"], io["motion_tokens"]
        return network(io["sample"], io[f"timestep_{step}"], *tokens, io["added_time_ids"], pose, motion_scale)

    output = run(0, scale)
    yield "output_0", output, io["output_0"]
    for name in inside:
        actual, expected = recorder.outputs[name], io["mid/" + name]
        yield name, actual.repeat(expected.shape[0] // actual.shape[0], *[1] * (actual.dim() - 1)), expected
    for name in (name for name in io if name.startswith("cfg_combined")):
        first, second = (float(part) for part in name.replace("cfg_combined_g1_", "").split("_g2_"))
        without, dropped, full = output.split(1)
        yield name, without + first * (dropped - without) + second * (full - dropped), io[name]
    yield "output_1", run(1, scale), io["output_1"]
    yield "output_1_ip_scale_0.6", run(1, 0.6), io["output_1_ip_scale_0.6"]
    yield "output_1_ip_scale_0.0", run(1, 0.0), io["output_1_ip_scale_0.0"]
    yield "output_1_no_pose", run(1, scale, None), io["output_1_no_pose"]


def check_vae(case: Case) -> Iterator[Comparison]:
    network, io = load_network(networks.Vae(case.config), case.directory), case.io
    names = {
        "mid/encoder_mid_attention": "encoder.mid_block.attentions.0",
        "mid/encoder_raw": "encoder",
        "mid/decoder_mid_block_last_chunk": "decoder.mid_block",
        "mid/decoder_up_blocks.0_last_chunk": "decoder.up_blocks.0",
        "mid/decoder_conv_out_last_chunk": "decoder.conv_out",
    }
    recorder = Recorder(network, names.values())
    mode, log_variance = network.encode(io["image"]).chunk(2, dim=1)
    yield "latent_mode", mode, io["latent_mode"]
    yield "latent_logvar", log_variance, io["latent_logvar"]
    decoded = network.decode(io["decode_latents"][0], 4).transpose(0, 1)[None]
    yield "decoded_chunk4", decoded, io["decoded_chunk4"]
    for name, path in names.items():
        yield name, recorder.outputs[path], io[name]
    for chunk in (8, 14):
        yield f"decoded_chunk{chunk}", network.decode(io["decode_latents"][0], chunk).transpose(0, 1)[None], io[f"decoded_chunk{chunk}"]


def check_sampling(case: Case) -> Iterator[Comparison]:
    """From the recorded tokens and noise to decoded frames; image tokens and latents are computed from the pictures."""
    config, io = case.config, case.io
    settings = SamplingSettings(
        steps=config["num_inference_steps"],
        frames_per_batch=config["frames_per_batch"],
        overlap=config["overlap"],
        shift_offset=config["shift_offset"],
        strength=config["i2i_noise_strength"],
        appearance_guidance=(config["min_appearance_guidance_scale"], config["max_appearance_guidance_scale"]),
        motion_guidance=(config["min_motion_guidance_scale"], config["max_motion_guidance_scale"]),
        added_time_ids=(config["fps"], config["motion_bucket_id"], config["noise_aug_strength"]),
    )
    parts = {name: load_part(case, name) for name in ("image_encoder", "image_proj", "pose_guider", "unet", "vae")}
    conditioning = encode(case, parts)
    levels = sigmas(settings)
    yield "sigmas", levels, io["sigmas"]
    yield "timesteps", timestep(levels[:-1]), io["timesteps"]
    for step, recorded in enumerate(config["windows_per_step"]):
        expected = torch.tensor([window["idx"] for window in recorded])
        yield f"windows {step}", torch.tensor(windows(config["num_frames"], step, settings)), expected
    sampler = Sampler(parts["unet"], settings)
    latents = sampler.initial_latents(conditioning, io["initial_noise"][0], parts["vae"].scaling_factor)
    yield "initial_latents", latents[None], io["initial_latents"]
    for step, latents in enumerate(sampler.steps(latents, conditioning)):
        yield f"latents_after_step_{step}", latents[None], io[f"latents_after_step_{step}"]
    decoded = parts["vae"].decode(latents, config["decode_chunk_size"])
    yield "decoded_frames", decoded.transpose(0, 1)[None], io["decoded_frames"]


def load_part(case: Case, name: str) -> nn.Module:
    directory = case.directory / case.config["weights"][name]
    config = json.loads((directory / "config.json").read_text())
    builders = {
        "image_encoder": networks.ImageEncoder,
        "image_proj": lambda sizes: networks.ImageProjector(sizes["in_features"], sizes["out_features"]),
        "pose_guider": networks.PoseGuider,
        "unet": lambda sizes: networks.UNet(sizes["unet"]),
        "vae": networks.Vae,
    }
    return load_network(builders[name](config), directory)


def encode(case: Case, parts: Mapping[str, nn.Module]) -> Conditioning:
    io, config = case.io, case.config
    picture = io.get("transformed_image")
    if picture is None:
        path, name = config["transformed_image"].split(" : ")
        picture = load_tensors(case.directory / path)[name]
    tokens = parts["image_proj"](parts["image_encoder"](picture, io["arcface_embedding"][:, None]))
    black = torch.zeros(1, 3, 1, config["height"], config["width"])
    latents = parts["vae"].encode(io["ref_image"])[:, : parts["vae"].latent_channels]
    return Conditioning(tokens, io["motion_tokens_padded"][0], latents, parts["pose_guider"](black)[0, :, 0])


CHECKS = {
    "image-encoder": check_image_encoder,
    "image-proj": check_image_projector,
    "expression": check_expression,
    "headpose": check_head_pose,
    "motion-refiner": check_motion_refiner,
    "pose-guider": check_pose_guider,
    "unet": check_unet,
    "vae": check_vae,
    "long-sampling": check_sampling,
}
