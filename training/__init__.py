"""The networks in PyTorch, and their training."""
