"""Explicit providers: the Region and the account that their resources belong to."""

import contextlib
import json
from collections.abc import Mapping
from typing import Final

import msgspec

from inferway.formats.pulumi.invokes import Surroundings

PREFIX: Final = "pulumi:providers:"
"""What the type of every provider begins with."""

_WITHOUT_MEANING: Final[Mapping[str, frozenset[str]]] = {
    "aws": frozenset(
        ("accessKey", "secretKey", "token", "profile", "region", "allowedAccountIds", "assumeRole", "assumeRoles")
    )
    | {"defaultTags", "ignoreTags", "forbiddenAccountIds", "maxRetries", "retryMode", "s3UsePathStyle", "version"}
    | {"sharedConfigFiles", "sharedCredentialsFiles", "skipCredentialsValidation", "skipRegionValidation"}
    | {"skipMetadataApiCheck", "skipRequestingAccountId", "stsRegion", "useDualstackEndpoint", "useFipsEndpoint"},
    "azure-native": frozenset(
        ("auxiliaryTenantIds", "clientId", "clientSecret", "disablePulumiPartnerId", "environment", "location")
    )
    | {"msiEndpoint", "oidcToken", "partnerId", "subscriptionId", "tenantId", "useMsi", "useOidc", "version"},
}
"""Settings that say who calls which cloud and how often: nothing is lost where there is none."""


class Provider(msgspec.Struct, frozen=True, kw_only=True):
    """A provider that the program made: where its resources are, and its settings that have no effect here."""

    place: Surroundings
    ignored: tuple[str, ...]


def read_provider(token: str, settings: Mapping[str, object], default: Surroundings) -> Provider:
    """Read a provider's settings (https://www.pulumi.com/registry/packages/aws/api-docs/provider/).

    The account is that of the role to assume, else the one that is allowed.
    """
    package = token.removeprefix(PREFIX)
    known = _WITHOUT_MEANING.get(package, frozenset(("version",)))
    region, account = default.region, default.account
    if package == "aws":
        region = _text(settings.get("region")) or region
        account = _account(settings) or account
    ignored = tuple(sorted(key for key in settings if key not in known and not key.startswith("__")))
    return Provider(place=Surroundings(region=region, account=account), ignored=ignored)


def _account(settings: Mapping[str, object]) -> str:
    for role in (*_items(settings.get("assumeRoles")), _held(settings.get("assumeRole"))):
        arn = _text(role.get("roleArn")) if isinstance(role, Mapping) else ""
        parts = arn.split(":")
        if len(parts) > _ACCOUNT and parts[_ACCOUNT]:
            return parts[_ACCOUNT]
    return next((_text(each) for each in _items(settings.get("allowedAccountIds"))), "")


_ACCOUNT: Final = 4  # arn:aws:iam::ACCOUNT:role/NAME


def _items(value: object) -> list[object]:
    held = _held(value)
    return held if isinstance(held, list) else []


def _held(value: object) -> object:
    """Give a setting: SDKs hand over those of providers that are no texts as JSON."""
    if isinstance(value, str) and value.startswith(("[", "{")):
        with contextlib.suppress(ValueError):
            return json.loads(value)
    return value


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
