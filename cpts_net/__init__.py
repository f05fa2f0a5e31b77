"""CPTS-Net: the self-hosted network of a community of health professionals."""
