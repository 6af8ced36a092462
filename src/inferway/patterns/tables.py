"""DynamoDB tables as targets: what is asked of a table needs no code.

Sources: API Gateway, "Tutorial: Create a REST API with an AWS integration"; DynamoDB API reference, `GetItem`,
`PutItem`, `DeleteItem`, `Query`, `Scan`; AppSync, "Resolver mapping template reference for DynamoDB".
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from inferway.faults import Place
from inferway.patterns.element import Element, logical_id
from inferway.patterns.fragments import PARTITION, REGION, arn
from inferway.patterns.given import text_of
from inferway.patterns.mapping import ERRORS, cases, identifier
from inferway.patterns.origin import NOWHERE, origin
from inferway.patterns.shape import RESULT, Asked, DataSource, Integration
from inferway.patterns.templates import velocity

_TABLE: Final = re.compile(r"[a-zA-Z0-9_.-]{3,255}")
_ATTRIBUTE: Final = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::(?P<type>\w+))?")
_KEY_TYPES: Final = ("S", "N")
_TYPES: Final[Mapping[str, Mapping[str, object]]] = {
    "S": {"type": "string"},
    "N": {"type": "number"},
    "BOOL": {"type": "boolean"},
}
"""JSON schema's types by DynamoDB's."""

_MEMBERS: Final = (
    "{#foreach($name in $item.keySet())#set($held = $item.get($name))"
    '"$util.escapeJavaScript($name)": #if($held.containsKey("S"))'
    + text_of("$held.get('S')")
    + '#elseif($held.containsKey("N"))$held.get("N")#elseif($held.containsKey("BOOL"))$held.get("BOOL")'
    + "#else null#end#if($foreach.hasNext), #end#end}"
)
"""Prints the attributes of `$item` that are texts, numbers and truth values as one JSON object; others are null."""

_ONE: Final = f"""#set($found = $input.path('$'))
#if($found.containsKey("Item"))
#set($item = $found.get("Item"))
{_MEMBERS}
#else
#set($context.responseOverride.status = 404)
{{"message": "Not Found"}}
#end"""
_SEVERAL: Final = (
    f"""{{"items": [#foreach($item in $input.path('$.Items')){_MEMBERS}#if($foreach.hasNext), #end#end]}}"""
)
_NOTHING: Final = "{}"


class Attribute(msgspec.Struct, frozen=True, kw_only=True):
    """An attribute's name and its type: `S`, `N` or `BOOL`."""

    name: str
    type: str


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One operation on a table; a target."""

    table: "Table"
    name: str
    attributes: tuple[Attribute, ...] = ()
    limit: int = 0

    def integration(self, asked: Asked) -> Integration:
        """Ask the table; its key comes from the parameters of the path and the query, attributes from the body."""
        request = velocity(asked.request) if asked.request != "" else self._request(asked)
        return Integration(
            properties={
                "Type": "AWS",
                "IntegrationHttpMethod": "POST",
                "Uri": {"Fn::Join": ["", ["arn:", PARTITION, ":apigateway:", REGION, f":dynamodb:action/{self.name}"]]},
                "PassthroughBehavior": "NEVER",
                "RequestTemplates": {"application/json": request},
            },
            cases=cases(asked, ERRORS, success=_RESPONSES[self.name]),
            elements=self.table.elements(),
            allowed=((f"dynamodb:{self.name}", self.table.arn()),),
            schema=self._schema(asked),
            needs_role=True,
        )

    def source(self, asked: Asked) -> DataSource:
        """Ask the table; its key comes from the field's arguments, or from the object that the field belongs to."""
        response = velocity(asked.response) if asked.response != "" else _FIELD_RESPONSES.get(self.name, RESULT)
        return DataSource(
            name=identifier("Table", self.table.name),
            type="AMAZON_DYNAMODB",
            settings={"DynamoDBConfig": {"AwsRegion": REGION, "TableName": self.table.name}},
            request=velocity(asked.request) if asked.request != "" else self._document(),
            response=response,
            elements=self.table.elements(),
            allowed=((f"dynamodb:{self.name}", self.table.arn()),),
        )

    def _request(self, asked: Asked) -> str:
        known = {*asked.parameters, *asked.query}
        made = [f'"TableName": {json.dumps(self.table.name)}']
        if self.name == "Query":
            made += [
                '"KeyConditionExpression": "#key = :key"',
                f'"ExpressionAttributeNames": {{"#key": "{self.table.partition.name}"}}',
                f'"ExpressionAttributeValues": {{":key": {self._parameter(self.table.partition, known, asked)}}}',
            ]
        elif self.name == "PutItem":
            keys = (self._key(key, known) for key in self.table.keys)
            made.append(f'"Item": {{{", ".join([*keys, *map(_from_body, self.attributes)])}}}')
        elif self.name != "Scan":
            keys = (f'"{key.name}": {self._parameter(key, known, asked)}' for key in self.table.keys)
            made.append(f'"Key": {{{", ".join(keys)}}}')
        if self.limit:
            made.append(f'"Limit": {self.limit}')
        return f"{{{', '.join(made)}}}"

    def _key(self, key: Attribute, known: set[str]) -> str:
        return f'"{key.name}": {_typed(key)}' if key.name in known else _from_body(key)

    def _parameter(self, key: Attribute, known: set[str], asked: Asked) -> str:
        if key.name not in known:
            text = f"the table's key {key.name} is neither a parameter of the path {asked.path} nor of the query"
            raise ValueError(f"{text}: write {{{key.name}}} in the path, or query=[{key.name!r}]")
        return _typed(key)

    def _schema(self, asked: Asked) -> Mapping[str, object]:
        """Give what a body has to be for an item to be made of it."""
        if self.name != "PutItem" or asked.request != "":
            return {}
        known = {*asked.parameters, *asked.query}
        held = [*(key for key in self.table.keys if key.name not in known), *self.attributes]
        properties = {attribute.name: _TYPES[attribute.type] for attribute in held}
        return {"type": "object", "required": [attribute.name for attribute in held], "properties": properties}

    def _document(self) -> str:
        """Give the request document of a GraphQL field."""
        keys = ", ".join(f'"{key.name}": {_argument(key.name)}' for key in self.table.keys)
        head = f'"version": "2018-05-29", "operation": "{self.name}"'
        limit = f', "limit": {self.limit}' if self.limit else ""
        if self.name == "Scan":
            return f"{{{head}{limit}}}"
        if self.name == "Query":
            names = f'"expressionNames": {{"#key": "{self.table.partition.name}"}}'
            values = f'"expressionValues": {{":key": {_argument(self.table.partition.name)}}}'
            return f'{{{head}, "query": {{"expression": "#key = :key", {names}, {values}}}{limit}}}'
        if self.name != "PutItem":
            return f'{{{head}, "key": {{{keys}}}}}'
        named = json.dumps([key.name for key in self.table.keys])
        values = (
            f"#set($keys = {named})#set($values = {{}})#foreach($name in $ctx.args.keySet())#if(!$keys.contains($name))"
            "$util.qr($values.put($name, $ctx.args.get($name)))#end#end"
        )
        return f'{values}{{{head}, "key": {{{keys}}}, "attributeValues": $util.dynamodb.toMapValuesJson($values)}}'


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table with its key."""

    name: str
    partition: Attribute
    sort: Attribute | None = None
    place: Place = NOWHERE

    @property
    def keys(self) -> tuple[Attribute, ...]:
        """The attributes of the key."""
        return (self.partition, self.sort) if self.sort else (self.partition,)

    def get(self) -> Operation:
        """Give the item of a key; 404 where there is none."""
        return Operation(table=self, name="GetItem")

    def put(self, *attributes: str) -> Operation:
        """Store an item: its key, and these attributes of the body, `name` or `name:TYPE` (`S`, `N`, `BOOL`).

        In GraphQL all arguments are stored. Raises ValueError for an attribute that is none.
        """
        return Operation(table=self, name="PutItem", attributes=_attributes(attributes, tuple(_TYPES)))

    def delete(self) -> Operation:
        """Delete the item of a key."""
        return Operation(table=self, name="DeleteItem")

    def query(self, *, limit: int = 0) -> Operation:
        """Give the items of one partition in the order of their sort keys, at most `limit`, 0 for all."""
        return Operation(table=self, name="Query", limit=limit)

    def scan(self, *, limit: int = 0) -> Operation:
        """Give all items, at most `limit`."""
        return Operation(table=self, name="Scan", limit=limit)

    def arn(self) -> object:
        """Give what stands in a template for the table's ARN."""
        return arn("dynamodb", f":table/{self.name}")

    def elements(self) -> tuple[Element, ...]:
        """Give the table's resource."""
        kinds = {"HASH": self.partition, **({"RANGE": self.sort} if self.sort else {})}
        table = Element(
            id=logical_id("Table", self.name, "Resource"),
            type="AWS::DynamoDB::Table",
            properties={
                "TableName": self.name,
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [
                    {"AttributeName": key.name, "AttributeType": key.type} for key in kinds.values()
                ],
                "KeySchema": [{"AttributeName": key.name, "KeyType": kind} for kind, key in kinds.items()],
            },
            place=self.place,
        )
        return (table,)


def table(name: str, *, key: str, sort: str = "") -> Table:
    """Declare a table; `key` and `sort` are the attributes of its key, `name` or `name:TYPE` with `S` (a text) or `N`.

    Raises ValueError for what no table can be made of (DynamoDB API reference, `CreateTable`).
    """
    if not _TABLE.fullmatch(name):
        raise ValueError(f"{name!r} cannot be the name of a table: 3 to 255 letters, digits, _, . and -")
    keys = _attributes([key, *([sort] if sort else [])], _KEY_TYPES)
    return Table(name=name, partition=keys[0], sort=keys[1] if sort else None, place=origin())


def _attributes(given: Iterable[str], types: tuple[str, ...]) -> tuple[Attribute, ...]:
    made = []
    for text in given:
        found = _ATTRIBUTE.fullmatch(text)
        if found is None or (found["type"] or "S") not in types:
            raise ValueError(f"{text!r} is no attribute: write its name, or name:TYPE with one of {', '.join(types)}")
        made.append(Attribute(name=found["name"], type=found["type"] or "S"))
    return tuple(made)


def _typed(key: Attribute) -> str:
    return f'{{"{key.type}": {text_of(f"$input.params({_quoted(key.name)})")}}}'


def _from_body(attribute: Attribute) -> str:
    value = f"$input.path('$.{attribute.name}')"
    held = {"S": text_of(value), "N": f'"{value}"', "BOOL": value}[attribute.type]
    return f'"{attribute.name}": {{"{attribute.type}": {held}}}'


def _argument(name: str) -> str:
    return f"$util.dynamodb.toDynamoDBJson($util.defaultIfNull($ctx.args.{name}, $ctx.source.{name}))"


def _quoted(name: str) -> str:
    return f"'{name}'"


_RESPONSES: Final[Mapping[str, str]] = {
    "GetItem": _ONE,
    "PutItem": _NOTHING,
    "DeleteItem": _NOTHING,
    "Query": _SEVERAL,
    "Scan": _SEVERAL,
}
_LIST: Final = RESULT.replace("$ctx.result)", "$ctx.result.items)")
_FIELD_RESPONSES: Final = {"Query": _LIST, "Scan": _LIST}
