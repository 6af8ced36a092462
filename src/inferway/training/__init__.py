"""Runs a training script as a process of its own, under SageMaker's training contract."""
