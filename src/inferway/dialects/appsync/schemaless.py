"""What an API without a schema answers.

CreateGraphqlApi takes no schema, so an API is there before StartSchemaCreation gives it one, and CreateResolver fails
meanwhile (`No schema definition exists.`). What its endpoint answers then is not published: the error that the API
reference names for a schema, GraphQLSchemaException with 400 ("GetIntrospectionSchema"), is assumed.
"""

from typing import Final

from inferway.definition.expression import Expression
from inferway.definition.steps import Assignment, ReturnResponse
from inferway.dialects.appsync.faults import CONTENT_TYPE, ERROR_TYPE, error_body
from inferway.faults import Place

NO_SCHEMA: Final = "No schema definition exists."
_TYPE: Final = "GraphQLSchemaException"


def without_schema(place: Place) -> ReturnResponse:
    """Give the step that answers every request of an API without a schema."""

    def literal(text: bytes) -> Expression:
        return Expression(language="literal", text=text.decode("ascii"), place=place)

    given = (CONTENT_TYPE, (ERROR_TYPE, _TYPE.encode("ascii")))
    headers = tuple(Assignment(name=name.decode("ascii"), value=literal(value)) for name, value in given)
    return ReturnResponse(status=400, headers=headers, body=literal(error_body(_TYPE, NO_SCHEMA)))
