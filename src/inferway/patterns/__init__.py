"""Ready-made shapes in Python: what they make can be served here, and deployed with CloudFormation."""

from inferway.patterns.element import Element
from inferway.patterns.sagemaker_api import SageMakerApi

__all__ = ["Element", "SageMakerApi"]
