"""Gives an API back as the OpenAPI document that the service's GetExport gives for it."""
