"""Managed REST APIs in front of machine-learning models."""

__version__ = "0.1.0"
