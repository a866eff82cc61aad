"""A small patch critic that keeps the VAE's decoder from blurring; used in training only."""

from typing import Any, Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from .flat_parameters import FlatParameters
from .replicas import Replicas


class Critic(nn.Module):
    """Pictures `[n, 3, H, W]` to a map of verdicts, positive for real."""

    def __init__(self, width: int):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(3, width, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, 2, 1),
            nn.GroupNorm(4, 2 * width),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, 4 * width, 3, 1, 1),
            nn.GroupNorm(4, 4 * width),
            nn.LeakyReLU(0.2),
            nn.Conv2d(4 * width, 1, 3, 1, 1),
        )

    def forward(self, pictures: Tensor) -> Tensor:
        return self.layers(pictures)


class Judged:
    """A critic with its optimiser: `deceived` judges what a stage decoded, `learn` lets the critic learn from the same pictures."""

    def __init__(self, width: int, rate: float, device: torch.device):
        self.critic = Critic(width).to(device)
        self.flat = FlatParameters([list(self.critic.parameters())])
        self.optimiser = torch.optim.AdamW(self.flat.pieces(0), rate, betas=(0.5, 0.9), capturable=device.type == "cuda")

    def deceived(self, real: Tensor, decoded: Tensor) -> Tensor:
        """Falls as the critic takes decoded pictures, `[n, 3, H, W]`, for real ones."""
        self.shown = real, decoded.detach()
        self.critic.requires_grad_(False)
        return -self.critic(decoded).mean()

    def learn(self, replicas: Replicas) -> Tensor:
        """One step; returns its hinge loss."""
        self.critic.requires_grad_(True)
        real, decoded = self.shown
        loss = functional.relu(1 - self.critic(real)).mean() + functional.relu(1 + self.critic(decoded)).mean()
        self.flat.gradients.zero_()
        loss.backward()
        replicas.average(self.flat.gradients)
        self.optimiser.step()
        self.critic.requires_grad_(False)
        return loss

    def state(self) -> Mapping[str, Any]:
        return {"critic": self.critic.state_dict(), "optimiser": self.optimiser.state_dict()}

    def load_state(self, state: Mapping[str, Any]) -> None:
        self.critic.load_state_dict(state["critic"])
        self.optimiser.load_state_dict(state["optimiser"])
