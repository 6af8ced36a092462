"""CDK apps and what they synthesize, as resources with their references resolved."""

from inferway.formats.cdk.reader import NAMES, read, recognises

__all__ = ["NAMES", "read", "recognises"]
