"""Velocity Template Language."""
