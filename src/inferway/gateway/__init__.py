"""Serves requests: the edge, routing, and pipelines compiled once per deployment."""
