"""The functions of template expressions."""
