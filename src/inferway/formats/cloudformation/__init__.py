"""AWS CloudFormation templates, in JSON or YAML, as resources with their references resolved."""

from inferway.formats.cloudformation.reader import NAMES, read, recognises

__all__ = ["NAMES", "read", "recognises"]
