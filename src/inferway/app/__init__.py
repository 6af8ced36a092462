"""Wiring: composes the rooms, loads bindings, activates deployments; the one place that names concrete parts."""
