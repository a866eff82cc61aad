"""The stages of training, in order."""
