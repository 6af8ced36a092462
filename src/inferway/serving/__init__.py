"""Runs a model folder as a local endpoint."""
