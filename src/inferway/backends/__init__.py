"""One module per kind of model endpoint that a method can point at."""
