"""Models, their versions, the endpoints that serve them, and the training jobs that make them."""
