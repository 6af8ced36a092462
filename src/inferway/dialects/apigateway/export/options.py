"""What an export is asked for.

Source: API Gateway API reference, `GetExport` (https://docs.aws.amazon.com/apigateway/latest/api/API_GetExport.html);
the values of `extensions` that only the console's own file names have: `documentation`, `validators`,
`gatewayresponses`.
"""

from enum import StrEnum
from typing import Final

import msgspec


class ExportType(StrEnum):
    """OpenAPI 3.0, and Swagger 2.0."""

    OAS30 = "oas30"
    SWAGGER = "swagger"


class Extension(StrEnum):
    """What of the service's own a document has besides; `apigateway` is all of it."""

    INTEGRATIONS = "integrations"
    AUTHORIZERS = "authorizers"
    DOCUMENTATION = "documentation"
    VALIDATORS = "validators"
    GATEWAY_RESPONSES = "gatewayresponses"
    API_GATEWAY = "apigateway"


DEFAULT: Final = frozenset((Extension.DOCUMENTATION,))
"""What an export has if nothing is asked for: it is "suited for distribution of the documentation"."""


class ExportOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The type of a document, what of the service's own it has, and the stage that it is of."""

    type: ExportType = ExportType.OAS30
    extensions: frozenset[Extension] = DEFAULT
    stage: str = "prod"

    @property
    def is_swagger(self) -> bool:
        """Whether the document is of Swagger 2.0."""
        return self.type is ExportType.SWAGGER

    def has(self, extension: Extension) -> bool:
        """Say whether a document has an extension."""
        return extension in self.extensions or Extension.API_GATEWAY in self.extensions
