"""The two residual networks that read expression and head pose from face crops (SPEC §5.1, §5.2)."""

from typing import Mapping, Tuple

import torch
from torch import Tensor, nn
from torch.nn import functional


def _conv(channels_in: int, channels_out: int, kernel: int, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(channels_in, channels_out, kernel, stride, kernel // 2, bias=False)


def _shortcut(channels_in: int, channels_out: int, stride: int, groups: int) -> nn.Sequential:
    return nn.Sequential(_conv(channels_in, channels_out, 1, stride), nn.GroupNorm(groups, channels_out))


class Bottleneck(nn.Module):
    def __init__(self, channels_in: int, plane: int, stride: int, config: Mapping, first: bool):
        super().__init__()
        groups, channels_out = config["groupnorm_groups"], plane * config["expansion"]
        self.conv1 = _conv(channels_in, plane, 1)
        self.gn1 = nn.GroupNorm(groups, plane)
        self.conv2 = _conv(plane, plane, 3, stride)
        self.gn2 = nn.GroupNorm(groups, plane)
        self.conv3 = _conv(plane, channels_out, 1)
        self.gn3 = nn.GroupNorm(groups, channels_out)
        if first:
            self.downsample = _shortcut(channels_in, channels_out, stride, groups)

    def forward(self, maps: Tensor) -> Tensor:
        hidden = functional.relu(self.gn1(self.conv1(maps)))
        hidden = functional.relu(self.gn2(self.conv2(hidden)))
        shortcut = self.downsample(maps) if hasattr(self, "downsample") else maps
        return functional.relu(self.gn3(self.conv3(hidden)) + shortcut)


class BasicBlock(nn.Module):
    def __init__(self, channels_in: int, plane: int, stride: int, config: Mapping, first: bool):
        super().__init__()
        groups = config["groupnorm_groups"]
        self.conv1 = _conv(channels_in, plane, 3, stride)
        self.bn1 = nn.GroupNorm(groups, plane)
        self.conv2 = _conv(plane, plane, 3)
        self.bn2 = nn.GroupNorm(groups, plane)
        if stride != 1 or channels_in != plane:
            self.shortcut = _shortcut(channels_in, plane, stride, groups)

    def forward(self, maps: Tensor) -> Tensor:
        hidden = functional.relu(self.bn1(self.conv1(maps)))
        shortcut = self.shortcut(maps) if hasattr(self, "shortcut") else maps
        return functional.relu(self.bn2(self.conv2(hidden)) + shortcut)


class ResidualNetwork(nn.Module):
    """Stem, four stages, global average, linear. `stem_norm` is the official name of the stem's group norm."""

    def __init__(self, config: Mapping, block: type, stem_norm: str, outputs: int):
        super().__init__()
        channels, expansion = config["stem_channels"], config.get("expansion", 1)
        self.stem_norm = stem_norm
        self.conv1 = _conv(3, channels, 7, stride=2)
        self.add_module(stem_norm, nn.GroupNorm(config["groupnorm_groups"], channels))
        for stage, (plane, count) in enumerate(zip(config["planes"], config["layers"])):
            blocks = []
            for index in range(count):
                stride = 2 if stage > 0 and index == 0 else 1
                blocks.append(block(channels, plane, stride, config, index == 0))
                channels = plane * expansion
            self.add_module(f"layer{stage + 1}", nn.Sequential(*blocks))
        self.fc = nn.Linear(channels, outputs)

    def forward(self, images: Tensor) -> Tensor:
        maps = functional.relu(getattr(self, self.stem_norm)(self.conv1(images)))
        maps = functional.max_pool2d(maps, 3, stride=2, padding=1)
        for stage in (self.layer1, self.layer2, self.layer3, self.layer4):
            maps = stage(maps)
        return self.fc(maps.mean((2, 3)))


class ExpressionNetwork(nn.Module):
    """Expression crops in [0, 1] `[T, 3, 256, 256]` to features `[T, 512]`."""

    def __init__(self, config: Mapping):
        super().__init__()
        self.resnet50 = ResidualNetwork(config, Bottleneck, "gn1", config["out_feat_dim"])

    def forward(self, crops: Tensor) -> Tensor:
        return self.resnet50(crops)


class HeadPoseNetwork(nn.Module):
    """Pose crops in [0, 1] to rotation (degrees) and translation, `[T, 3]` each."""

    def __init__(self, config: Mapping):
        super().__init__()
        self.head_pose_net = ResidualNetwork(config, BasicBlock, "bn1", config["num_outputs"])

    def forward(self, crops: Tensor) -> Tuple[Tensor, Tensor]:
        return self.scaled(self.head_pose_net(self.prepared(crops)))

    @staticmethod
    def prepared(crops: Tensor) -> Tensor:
        return crops * 2 + 1  # plus, not minus: what the weights were trained with (SPEC §13.2)

    @staticmethod
    def scaled(raw: Tensor) -> Tuple[Tensor, Tensor]:
        return torch.sigmoid(raw[:, :3]) * 360 - 180, torch.sigmoid(raw[:, 3:]) * 4 - 2
