"""Reads data sources into the targets of their calls.

Source: AppSync API reference, `DataSource` (https://docs.aws.amazon.com/appsync/latest/APIReference/
API_DataSource.html).
"""

from typing import Final

import msgspec

from inferway.definition.targets import HttpUrl, LambdaFunction, Signing, Table, Target
from inferway.dialects.appsync.http_source import RESOURCE
from inferway.dialects.appsync.parts import Part

KINDS: Final = ("AWS_LAMBDA", "AMAZON_DYNAMODB", "HTTP", "NONE")
UNSERVED: Final = (
    "AMAZON_ELASTICSEARCH",
    "AMAZON_OPENSEARCH_SERVICE",
    "RELATIONAL_DATABASE",
    "AMAZON_EVENTBRIDGE",
    "AMAZON_BEDROCK_RUNTIME",
)


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A data source: its kind as an expression's language names it, and its target, None where it calls nothing.

    `wrong` says why it cannot be used, "" where it can.
    """

    language: str = ""
    target: Target | None = None
    wrong: str = ""


def read_source(part: Part) -> Source:
    """Read a data source, with findings for what is not right or not served."""
    kind = part["type"].text()
    if kind == "NONE":
        return Source(language="local")
    read = {"AWS_LAMBDA": _lambda, "AMAZON_DYNAMODB": _table, "HTTP": _http}.get(kind)
    if read is not None:
        return read(part)
    text = f"data sources of type {kind or 'nothing'} are not served yet"
    if kind not in UNSERVED:
        text = f"{kind!r} is no type of a data source; there are {', '.join(KINDS + UNSERVED)}"
    part["type"].error("unserved-data-source", f"{text}; every field that uses it fails")
    return Source(wrong=text)


def _missing(part: Part, name: str, text: str) -> Source:
    part[name].error("no-target", text)
    return Source(wrong=text)


def _lambda(part: Part) -> Source:
    arn = part["lambdaConfig.functionArn"]
    name = arn.text()
    if not name:
        return _missing(part, "lambdaConfig.functionArn", "the data source names no function")
    return Source(language="lambda", target=LambdaFunction(name=name, place=arn.place))


def _table(part: Part) -> Source:
    name = part["dynamodbConfig.tableName"]
    if not name.text():
        return _missing(part, "dynamodbConfig.tableName", "the data source names no table")
    versioned = part.within(part["dynamodbConfig"], "versioned")
    if versioned.present and versioned.flag():
        versioned.warning("unserved-versioning", "conflict detection and Sync are not served yet")
    target = Table(name=name.text(), place=name.place, region=part["dynamodbConfig.region"].text())
    return Source(language=f"table/{name.text()}", target=target)


def _http(part: Part) -> Source:
    config = part["httpConfig"]
    endpoint = part.within(config, "endpoint")
    url = endpoint.text()
    if not url.startswith(("http://", "https://")):
        return _missing(part, "httpConfig", f"{url!r} is no HTTP endpoint")
    signing = None
    authorization = part.within(config, "authorizationConfig")
    if authorization.value:
        kind = part.within(authorization, "authorizationType").text("AWS_IAM")
        iam = part.within(authorization, "awsIamConfig")
        if kind != "AWS_IAM":
            authorization.error("bad-authorization", f"an HTTP data source is authorized by AWS_IAM, not {kind}")
        signing = Signing(
            service=part.within(iam, "signingServiceName").text(), region=part.within(iam, "signingRegion").text()
        )
    url = f"{url.rstrip('/')}/{{{RESOURCE}+}}"
    return Source(language="http", target=HttpUrl(url=url, place=endpoint.place, signing=signing))
