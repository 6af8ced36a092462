"""The pooled HTTP/1.1 client that calls models."""
