"""Pulumi programs, run by an engine of our own."""
