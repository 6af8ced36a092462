"""Type tokens: `aws:apigateway:RestApi`, as programs write them, to `aws:apigateway/restApi:RestApi`, as SDKs do."""

from typing import Final

PROVIDER: Final = "pulumi:providers:"
STACK_REFERENCE: Final = "pulumi:pulumi:StackReference"

_INDEX: Final = "index"
_WHOLE: Final = 3  # package, module and name

_UNBRIDGED: Final = frozenset(
    {
        *("aws-native", "azure-native", "google-native", "kubernetes", "pulumi", "pulumi-std", "std", "command"),
        *("aws-apigateway", "aws-iam", "awsx", "docker-build", "eks"),
    }
)
"""Packages whose modules are written as they are. Those that are made from Terraform providers have one for each
resource: https://www.pulumi.com/docs/iac/packages-and-automation/pulumi-packages/schema/#type-tokens."""


def package(token: str) -> str:
    """Give the package of a token; of a provider's, the package that it provides."""
    return token.removeprefix(PROVIDER).partition(":")[0]


def canonical(token: str) -> str:
    """Give a type's or function's token as SDKs spell it; one that is no token comes back as it is."""
    pieces = token.split(":")
    if len(pieces) == _WHOLE - 1:
        pieces.insert(1, _INDEX)
    if len(pieces) != _WHOLE or not all(pieces):
        return token
    name, module, own = pieces
    if name in _UNBRIDGED or "/" in module:
        return ":".join(pieces)
    return f"{name}:{module}/{own[0].lower()}{own[1:]}:{own}"
