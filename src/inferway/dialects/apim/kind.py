"""A kind of resource."""

from typing import Final

import msgspec

from inferway.formats.resources import Coverage

PROVIDER: Final = "Microsoft.ApiManagement"


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of resource: its type in Pulumi and in a template, and the inputs of its path, the outermost first.

    `module` is Pulumi's, `classic` the name of its type in the classic provider; each name is "" where Pulumi has none.
    `reason` says in one line what is read, or why it is not.
    """

    pulumi: str
    arm: str
    path: tuple[str, ...]
    classic: str = ""
    module: str = "apimanagement"
    provider: str = PROVIDER
    coverage: Coverage = Coverage.SERVED
    reason: str = ""
