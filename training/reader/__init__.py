"""The factor reader of `portrait evaluate`; see training/README.md."""
