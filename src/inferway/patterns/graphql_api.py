"""A GraphQL API, field by field.

What it makes are AWS AppSync's resources (CloudFormation Template Reference, "AWS::AppSync::…").
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from inferway.faults import Place
from inferway.patterns.element import Element, logical_id
from inferway.patterns.fragments import document
from inferway.patterns.given import ANSWER, BODY, STAGE
from inferway.patterns.mocks import Mock
from inferway.patterns.origin import origin
from inferway.patterns.shape import Asked, DataSource, Target
from inferway.patterns.templates import Template, refuse

_MODES: Final = ("API_KEY", "AWS_IAM")

_FOR_ROUTES: Final = "it is for the routes of a RestApi; a field has given.argument(…), source(…) and result(…)"
_OF_ROUTES: Final = dict.fromkeys(("path", "querystring", "header", BODY, ANSWER, STAGE), _FOR_ROUTES)


class _Field(msgspec.Struct, frozen=True, kw_only=True):
    type: str
    name: str
    source: DataSource
    place: Place


class GraphqlApi:
    """A GraphQL API; fields get their values with `query`, `mutation` and `field`.

    `schema` is the schema in its definition language, or the path of a file that holds it, relative to the program's.
    With a `key` callers send one, else they sign their requests. Raises ValueError for what no API is made of.
    """

    def __init__(self, name: str, *, schema: str | Path, key: bool = True) -> None:
        self.place: Place = origin()
        if not any(letter.isalnum() for letter in name):
            raise ValueError(f"{name!r} cannot be the name of an API: it has no letter and no digit")
        self._name = name
        self._key = key
        self._schema, self.files = _text(schema, Path(self.place.file).parent)
        self._fields: dict[tuple[str, str], _Field] = {}

    def query(self, name: str, target: Target, *, request: Template = "", response: Template = "") -> None:
        """Give a field of Query its target."""
        self._add("Query", name, target, Asked(request=request, response=response))

    def mutation(self, name: str, target: Target, *, request: Template = "", response: Template = "") -> None:
        """Give a field of Mutation its target."""
        self._add("Mutation", name, target, Asked(request=request, response=response))

    def field(
        self, type_name: str, name: str, target: Target, *, request: Template = "", response: Template = ""
    ) -> None:
        """Give a field of any object type its target.

        `request` as a text is the whole request template; as a Python value it is what the target is sent: a function's
        payload, the body of an HTTP request or of a model's. Raises ValueError for a field that has a target already.
        """
        self._add(type_name, name, target, Asked(request=request, response=response))

    def elements(self) -> tuple[Element, ...]:
        """Give all resources of the template."""
        sources = self._sources()
        declared = {one.id: one for field in self._fields.values() for one in field.source.elements}
        made = [*declared.values(), self._api(), self._made("GraphQLSchema", self.place, Definition=self._schema)]
        if self._key:
            made.append(self._made("ApiKey", self.place))
        for source in sources.values():
            made += source
        made += (self._resolver(field) for field in self._fields.values())
        return tuple(made)

    def to_cloudformation(self) -> dict[str, object]:
        """Give a template for CloudFormation; `aws cloudformation package` uploads the code of functions."""
        elements = self.elements()
        api = self._id("GraphQLApi")
        outputs = {f"{api}Url": {"Value": {"Fn::GetAtt": [api, "GraphQLUrl"]}}}
        return {"Resources": {element.id: element.declaration() for element in elements}, "Outputs": outputs}

    def _id(self, *path: str) -> str:
        return logical_id(self._name, *path)

    def _made(self, kind: str, place: Place, *path: str, **properties: object) -> Element:
        return Element(
            id=self._id(*path, kind),
            type=f"AWS::AppSync::{kind}",
            properties={"ApiId": {"Fn::GetAtt": [self._id("GraphQLApi"), "ApiId"]}, **properties},
            depends_on=() if kind == "GraphQLSchema" else (self._id("GraphQLSchema"),),
            place=place,
        )

    def _api(self) -> Element:
        mode = _MODES[0] if self._key else _MODES[1]
        properties = {"Name": self._name, "AuthenticationType": mode}
        return Element(
            id=self._id("GraphQLApi"), type="AWS::AppSync::GraphQLApi", properties=properties, place=self.place
        )

    def _sources(self) -> dict[str, list[Element]]:
        """Give each data source once, with a role that may do what all its fields need."""
        by_name: dict[str, list[_Field]] = {}
        for field in self._fields.values():
            by_name.setdefault(field.source.name, []).append(field)
        return {name: list(self._source(fields)) for name, fields in by_name.items()}

    def _source(self, fields: list[_Field]) -> Iterator[Element]:
        source, place = fields[0].source, fields[0].place
        allowed = {json.dumps(one): one for field in fields for one in field.source.allowed}
        role: dict[str, object] = {}
        if allowed:
            trust = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "appsync.amazonaws.com"}}
            statements = [
                {"Action": action, "Effect": "Allow", "Resource": resource} for action, resource in allowed.values()
            ]
            policy = {"PolicyName": "source", "PolicyDocument": {"Statement": statements, "Version": "2012-10-17"}}
            made = Element(
                id=self._id(source.name, "Role"),
                type="AWS::IAM::Role",
                properties={"AssumeRolePolicyDocument": document(trust), "Policies": [policy]},
                place=place,
            )
            yield made
            role = {"ServiceRoleArn": made.attribute("Arn")}
        yield self._made(
            "DataSource", place, source.name, Name=source.name, Type=source.type, **role, **source.settings
        )

    def _resolver(self, field: _Field) -> Element:
        source = field.source
        templates = {"RequestMappingTemplate": source.request, "ResponseMappingTemplate": source.response}
        made = self._made(
            "Resolver",
            field.place,
            field.type,
            field.name,
            TypeName=field.type,
            FieldName=field.name,
            DataSourceName=source.name,
            **{name: text for name, text in templates.items() if text},
        )
        after = (*made.depends_on, self._id(source.name, "DataSource"))
        return msgspec.structs.replace(made, depends_on=after)

    def _add(self, type_name: str, name: str, target: Target, asked: Asked) -> None:
        if not hasattr(target, "source"):
            text = f"{target!r} is no target; targets are endpoint(…), function(…), http(…), table(…).get(), mock(…)"
            raise ValueError(text)
        for given in (type_name, name):
            if not given.isidentifier():
                raise ValueError(f"{given!r} cannot be a name in a GraphQL schema")
        for template in (asked.request, asked.response, target.body if isinstance(target, Mock) else ""):
            refuse(template, _OF_ROUTES, "a GraphQL field")
        known = self._fields.get((type_name, name))
        if known is not None:
            raise ValueError(f"{type_name}.{name} has a target already, in line {known.place.line}")
        self._fields[type_name, name] = _Field(type=type_name, name=name, source=target.source(asked), place=origin())


def _text(schema: str | Path, folder: Path) -> tuple[str, tuple[Path, ...]]:
    """Give the schema's text, and the file that it was read from where it is the path of one."""
    if isinstance(schema, str) and ("{" in schema or "\n" in schema):
        return schema, ()
    file = folder / schema
    if not file.is_file():
        raise ValueError(f"there is no schema {file}; give its text, or the path of a file beside the program")
    return file.read_text(encoding="utf-8"), (file,)
