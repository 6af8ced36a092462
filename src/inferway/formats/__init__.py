"""File syntax to neutral resources; knows no cloud."""
