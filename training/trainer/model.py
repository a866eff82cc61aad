"""All networks of a model together, as training uses them."""

from typing import Any, Dict, Iterable, Mapping, Tuple

import torch
from torch import Tensor, nn

from .. import networks
from ..networks.spatio_temporal import SpatioTemporalResidualBlock, TimeMixer
from ..networks.unet_transformer import SpatioTemporalTransformer
from ..networks.vae import TemporalDecoder
from .drawn_stream import MOTION_FACTORS

TEMPORAL_MARKS = ("temporal_", "time_mixer", "time_pos_embed", "time_conv_out")
EMBEDDING_DEVIATION = 0.02
TYPICAL_DEGREES = 20.0


class PortraitModel(nn.Module):
    """The networks by the labels of their checkpoints. `factor_reader` serves training only."""

    POSE_WIDTH = 6

    def __init__(self, architecture: Mapping[str, Any]):
        super().__init__()
        self.architecture = architecture
        projection = architecture["image_projection"]
        self.dino = networks.ImageEncoder(architecture["image_encoder"])
        self.image_proj = networks.ImageProjector(projection["in_features"], projection["out_features"])
        self.expression = networks.ExpressionNetwork(architecture["expression"])
        self.headpose = networks.HeadPoseNetwork(architecture["head_pose"])
        self.motion_proj = networks.MotionRefiner(architecture["motion_refiner"])
        self.pose_guider = networks.PoseGuider(architecture["pose_guider"])
        self.unet = networks.UNet(architecture["unet"])
        self.vae = networks.Vae(architecture["vae"])
        self.factor_reader = nn.Linear(architecture["expression"]["out_feat_dim"], len(MOTION_FACTORS))
        initialise(self)

    @property
    def latent_side(self) -> int:
        """Of the latents of one picture."""
        return self.architecture["image_size"] >> (len(self.architecture["vae"]["block_out_channels"]) - 1)

    def image_tokens(self, encoder_images: Tensor) -> Tensor:
        """`[n, N, D]`. The identity vector is zero: the small model goes without face recognition."""
        identity = encoder_images.new_zeros(encoder_images.shape[0], 1, self.architecture["image_encoder"]["id_dim"])
        return self.image_proj(self.dino(encoder_images, identity))

    def motion_features(self, expression_crops: Tensor, pose_crops: Tensor) -> Tuple[Tensor, Tensor]:
        """Expression features `[n, W]`; rotation in degrees and scaled translation, `[n, 6]`."""
        return self.expression(expression_crops), self.pose(*self.headpose(pose_crops))

    def pose(self, rotation: Tensor, translation: Tensor) -> Tensor:
        """What motion tokens carry of what the head-pose network says, `[n, 6]`: degrees, and scaled translation."""
        return torch.cat([rotation, translation * self.architecture["translation_scale"]], -1)

    def motion_tokens(self, features: Tensor, pose: Tensor, ids: Tuple[Tensor, Tensor]) -> Tensor:
        """`[n, N, D]` (SPEC §5.4). `ids` are (head, expression), `[n, 1]`."""
        refined = self.motion_proj(features, *ids)
        pose = pose[:, None].expand(-1, refined.shape[1], -1)
        return torch.cat([refined, pose.to(refined.dtype)], -1)

    def pose_features(self, side: int) -> Tensor:
        """The constant map of a black condition picture of `side` pixels, `[C, h, w]`. Zero, until somebody trains the guider."""
        black = next(self.pose_guider.parameters()).new_zeros(1, 3, 1, side, side)
        return self.pose_guider(black)[0, :, 0]

    def latents(self, pictures: Tensor) -> Tensor:
        """Mode of the VAE, unscaled."""
        return self.vae.encode(pictures)[:, : self.vae.latent_channels]

    def checkpoints(self) -> Dict[str, nn.Module]:
        """By label, in the official order."""
        labels = ("dino", "image_proj", "expression", "headpose", "motion_proj", "pose_guider", "vae", "unet")
        return {label: getattr(self, label) for label in labels}


def set_spatial_only(network: nn.Module, spatial_only: bool) -> None:
    """Leaves out everything between frames. Right after `initialise` that changes no result, only the time it takes."""
    for module in network.modules():
        if isinstance(module, (SpatioTemporalResidualBlock, SpatioTemporalTransformer, TemporalDecoder)):
            module.spatial_only = spatial_only


def is_temporal(name: str) -> bool:
    """Whether a parameter belongs to what mixes frames."""
    return any(mark in name for mark in TEMPORAL_MARKS)


@torch.no_grad()
def initialise(model: PortraitModel) -> None:
    """Residual branches start at zero, so that the spatial path starts alone; mix factors start half and half, so that both learn."""
    for name, module in model.named_modules():
        if isinstance(module, SpatioTemporalResidualBlock):
            _zero([module.spatial_res_block.conv2, module.temporal_res_block.conv2])
        elif isinstance(module, SpatioTemporalTransformer):
            block = module.temporal_transformer_blocks[0]
            _zero([module.proj_out, module.time_pos_embed.linear_2])
            _zero([block.ff_in.net[2], block.attn1.to_out[0], block.attn2.to_out[0], block.ff.net[2]])
        elif isinstance(module, TimeMixer):
            module.mix_factor.zero_()
        elif name.endswith("attn2.processor"):
            # The last six columns meet raw degrees (SPEC §5.4).
            for projection in (module.to_k_ip[0], module.to_v_ip[0]):
                projection.weight[:, -6:] /= TYPICAL_DEGREES
    _zero([model.unet.conv_out, model.pose_guider.conv_out])
    for table in (model.motion_proj.position_head, model.motion_proj.position_exp):
        nn.init.normal_(table.weight, std=EMBEDDING_DEVIATION)
    for table in (model.dino.cls_token, model.dino.pos_embed, model.dino.register_tokens):
        nn.init.normal_(table, std=EMBEDDING_DEVIATION)
    last = model.vae.decoder.time_conv_out
    _zero([last])
    last.weight[:, :, 1, 0, 0] = torch.eye(last.out_channels)


def _zero(modules: Iterable[nn.Module]) -> None:
    for module in modules:
        for parameter in module.parameters():
            parameter.zero_()
