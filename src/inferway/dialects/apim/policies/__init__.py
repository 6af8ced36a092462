"""Policies of the service, each turned into the steps that do what it says."""
