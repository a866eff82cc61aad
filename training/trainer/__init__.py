"""Training of a small model on drawn portraits; see training/README.md."""
