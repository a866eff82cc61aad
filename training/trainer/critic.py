"""A small patch critic that keeps the VAE's decoder from blurring; used in training only."""

from torch import Tensor, nn
from torch.nn import functional


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


def critic_loss(critic: Critic, real: Tensor, decoded: Tensor) -> Tensor:
    """Hinge loss."""
    return functional.relu(1 - critic(real)).mean() + functional.relu(1 + critic(decoded)).mean()


def deceived_loss(critic: Critic, decoded: Tensor) -> Tensor:
    """Falls as the critic takes decoded pictures for real ones."""
    critic.requires_grad_(False)
    return -critic(decoded).mean()
