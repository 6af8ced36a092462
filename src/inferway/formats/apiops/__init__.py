"""Folders of artifacts, as APIOps extracts them from a service of API Management and publishes them."""
