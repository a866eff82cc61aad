"""Every network of the model, with the official parameter names and all sizes from configuration."""

from .image_encoder import ImageEncoder, ImageProjector
from .motion_encoders import ExpressionNetwork, HeadPoseNetwork
from .motion_refiner import MotionRefiner
from .pose_guider import PoseGuider
from .unet import UNet
from .vae import Vae

__all__ = [
    "ExpressionNetwork",
    "HeadPoseNetwork",
    "ImageEncoder",
    "ImageProjector",
    "MotionRefiner",
    "PoseGuider",
    "UNet",
    "Vae",
]
