"""A SageMaker endpoint: variants, shadows, components and sessions, what is captured of its calls, and counts."""
