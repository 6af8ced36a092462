"""Access logs in the stage's own format (API Gateway, "Variables for access logging for API Gateway")."""

import csv
import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from inferway.caller import ClientCertificate
from inferway.definition.stage import StageSettings
from inferway.exchange import Request

DOCUMENTED = """
accountId apiId authenticate.error authenticate.latency authenticate.status authorize.error authorize.latency
authorize.status authorizer.claims.sub authorizer.error authorizer.integrationLatency authorizer.integrationStatus
authorizer.latency authorizer.principalId authorizer.property authorizer.requestId authorizer.status
awsEndpointRequestId awsEndpointRequestId2 customDomain.basePathMatched deploymentId domainName domainPrefix
error.message error.messageString error.responseType error.validationErrorString extendedRequestId httpMethod
identity.accountId identity.apiKey identity.apiKeyId identity.caller identity.clientCert.clientCertPem
identity.clientCert.issuerDN identity.clientCert.serialNumber identity.clientCert.subjectDN
identity.clientCert.validity.notAfter identity.clientCert.validity.notBefore identity.cognitoAuthenticationProvider
identity.cognitoAuthenticationType identity.cognitoIdentityId identity.cognitoIdentityPoolId identity.principalOrgId
identity.sourceIp identity.user identity.userAgent identity.userArn identity.vpcId identity.vpceId integration.error
integration.integrationStatus integration.latency integration.requestId integration.responseTransferMode
integration.status integration.timeToAllHeaders integration.timeToFirstContent integrationErrorMessage
integrationLatency integrationStatus isCanaryRequest path protocol requestId requestOverride.header.x-a
requestOverride.path.p requestOverride.querystring.q requestTime requestTimeEpoch resourceId resourcePath
responseLatency responseLength responseOverride.header.x-a responseOverride.status stage status waf.error waf.latency
waf.status wafResponseCode webaclArn xrayTraceId
"""

VALUED = """
accountId apiId deploymentId domainName domainPrefix extendedRequestId httpMethod identity.sourceIp
integration.integrationStatus integration.latency integration.responseTransferMode integration.status
integrationLatency integrationStatus path protocol requestId requestTime requestTimeEpoch resourceId resourcePath
responseLatency responseLength stage status xrayTraceId
"""
"""Those that have a value for a request to an open method with an HTTP integration."""


@pytest.fixture
def logged(lab: Any, tmp_path: Path) -> Any:
    """Give what plays requests and gives the lines that they left."""

    def play(
        text: str, paths: dict[str, Any], *asked: Any, top: dict[str, Any] | None = None, **more: Any
    ) -> list[str]:
        file = tmp_path / "access.log"
        file.unlink(missing_ok=True)
        stage = StageSettings(name="prod", access_log=str(file), access_log_format=text)
        lab.play(lab.document(paths, **(top or {})), *asked, stage=stage, **more)
        return file.read_text("utf-8").splitlines()

    return play


def one(lab: Any, integration: dict[str, Any]) -> dict[str, Any]:
    return {"/t": {"x-amazon-apigateway-any-method": lab.operation(integration)}}


def test_every_documented_variable_is_known(lab: Any, logged: Any) -> None:
    text = json.dumps({name: f"$context.{name}" for name in DOCUMENTED.split()})
    (line,) = logged(text, one(lab, lab.http()), ("POST", "/t", {}, "{}"))
    made = json.loads(line)
    assert sorted(name for name, value in made.items() if value != "-") == VALUED.split()
    assert (made["status"], made["integration.status"], made["responseLength"]) == ("200", "200", "2")
    assert (made["path"], made["resourcePath"], made["stage"]) == ("/prod/t", "/t", "prod")
    assert made["integration.responseTransferMode"] == "BUFFERED"
    assert int(made["integrationLatency"]) <= int(made["responseLatency"])


def test_what_nobody_knows_is_a_dash(lab: Any, logged: Any) -> None:
    text = "$context.colour $context.identity.colour $context.integration $context.authorizer.claims $context."
    assert logged(text, one(lab, lab.mock()), ("GET", "/t")) == ["- - - - $context."]


def test_a_name_ends_where_its_characters_do(lab: Any, logged: Any) -> None:
    text = "$context.status-$context.httpMethod.$context.stage/$context.resourcePath:$context.protocol;"
    assert logged(text, one(lab, lab.mock()), ("GET", "/t")) == ["200-GET.prod//t:HTTP/1.1;"]


def test_the_common_log_format(lab: Any, logged: Any) -> None:
    text = (
        "$context.identity.sourceIp $context.identity.caller $context.identity.user [$context.requestTime] "
        '"$context.httpMethod $context.resourcePath $context.protocol" $context.status $context.responseLength '
        "$context.requestId"
    )
    for given in (text, ""):  # without a format of its own a bound file gets this one
        (line,) = logged(given, one(lab, lab.mock()), ("GET", "/t"))
        assert line.startswith("192.0.2.7 - - [")
        assert '] "GET /t HTTP/1.1" 200 0 ' in line


AGENT = 'a"b,c<d>&\\e\n\x00\x1b[31m\x7f\x85\u2028é'


def test_no_value_breaks_out_of_json(lab: Any, logged: Any) -> None:
    text = '{"agent": "$context.identity.userAgent", "status": "$context.status"}'
    (line,) = logged(text, one(lab, lab.mock()), ("GET", "/t", {"User-Agent": AGENT}))
    assert json.loads(line) == {"agent": AGENT.encode().decode("latin-1"), "status": "200"}
    assert all(letter.isprintable() for letter in line)


def test_no_value_breaks_out_of_the_common_log_format(lab: Any, logged: Any) -> None:
    (line,) = logged('"$context.identity.userAgent" 200', one(lab, lab.mock()), ("GET", "/t", {"User-Agent": AGENT}))
    assert line.startswith('"a\\"b,c<d>&\\\\e\\n\\u0000\\u001b[31m\\u007f')
    assert line.endswith('" 200')


def test_no_value_breaks_out_of_xml(lab: Any, logged: Any) -> None:
    agent = '<agent a="$context.identity.userAgent">$context.identity.userAgent</agent>'
    text = f'<request id="$context.requestId"> {agent} </request>'
    (line,) = logged(text, one(lab, lab.mock()), ("GET", "/t", {"User-Agent": "a\"b'<c>&\n\x01"}))
    found = ET.fromstring(line).find("agent")
    assert found is not None
    assert found.text == found.get("a") == "a\"b'<c>&\\n\\u0001"


def test_no_value_breaks_out_of_a_list_of_values(lab: Any, logged: Any) -> None:
    text = "$context.identity.sourceIp,$context.identity.userAgent,$context.status"
    asked = [("GET", "/t", {"User-Agent": agent}) for agent in ("plain", 'x,500"\n,')]
    lines = logged(text, one(lab, lab.mock()), *asked)
    assert lines[0] == "192.0.2.7,plain,200"
    assert list(csv.reader(lines)) == [["192.0.2.7", "plain", "200"], ["192.0.2.7", 'x,500"\\n,', "200"]]


def test_a_format_is_one_line(lab: Any, logged: Any) -> None:
    assert logged('{\n  "a": "$context.status"\n}\n', one(lab, lab.mock()), ("GET", "/t")) == ['{ "a": "200" }']


def test_errors_stand_in_the_log(lab: Any, logged: Any) -> None:
    text = "$context.status $context.error.responseType $context.error.messageString $context.error.message"
    lines = logged(text, one(lab, lab.mock(template=None)), ("GET", "/t"), ("GET", "/other"))
    assert lines == [
        '500 API_CONFIGURATION_ERROR  "Internal server error" Internal server error',
        '403 MISSING_AUTHENTICATION_TOKEN "Missing Authentication Token" Missing Authentication Token',
    ]


def test_the_status_of_a_function_and_that_of_lambda(lab: Any, logged: Any) -> None:
    text = (
        "$context.status $context.integration.status $context.integrationStatus "
        "$context.integration.integrationStatus $context.integration.error"
    )
    code = {
        "said": "def handler(event, context):\n    return {'statusCode': 404, 'body': ''}\n",
        "raised": "def handler(event, context):\n    raise ValueError('no such model')\n",
    }
    for name, expected in (("said", "404 404 200 200 -"), ("raised", "502 200 200 200 no such model")):
        lines = logged(text, one(lab, lab.function(name)), ("GET", "/t"), functions={name: code[name]})
        assert lines == [expected]


def test_a_backend_that_does_not_answer_is_named(lab: Any, logged: Any) -> None:
    integration = lab.http() | {"uri": "http://127.0.0.1:9/"}
    text = "$context.status $context.integration.status $context.integrationErrorMessage"
    (line,) = logged(text, one(lab, integration), ("POST", "/t", {}, "{}"))
    assert line.startswith("504 - http://127.0.0.1:9/")


def test_overrides_stand_in_the_log(lab: Any, logged: Any) -> None:
    template = (
        '#set($context.requestOverride.header.X-A = "1")#set($context.requestOverride.querystring.q = "2")'
        "#set($context.responseOverride.status = 201)#set($context.responseOverride.header.X-B = $input.params('v'))"
        '{"statusCode": 200}'
    )
    text = (
        "$context.requestOverride.header.X-A $context.requestOverride.querystring.q $context.responseOverride.status "
        '"$context.responseOverride.header.X-B" $context.requestOverride.path.p'
    )
    lines = logged(text, one(lab, lab.mock(template)), ("GET", "/t?v=a%22b"))
    assert lines == ['1 2 201 "a\\"b" -']


def test_the_trace_is_that_of_the_response(lab: Any, logged: Any) -> None:
    root = "Root=1-5759e988-bd862e3fe1be46a994272793"
    lines = logged("$context.xrayTraceId", one(lab, lab.http()), ("GET", "/t", {"X-Amzn-Trace-Id": root}))
    assert lines == [root]


def test_a_log_is_written_where_no_stage_s_settings_lead_it(lab: Any, tmp_path: Path) -> None:
    stage = StageSettings(name="prod", access_log_format="$context.status")
    lab.play(lab.document(one(lab, lab.mock())), ("GET", "/t"), stage=stage)
    assert not list(tmp_path.glob("*.log"))


def test_the_network_is_that_of_the_bindings(lab: Any, tmp_path: Path) -> None:
    text = "$context.identity.vpcId $context.identity.vpceId"
    stage = StageSettings(
        name="prod", access_log=str(tmp_path / "log"), access_log_format=text, vpc="vpc-1", vpc_endpoint="vpce-2"
    )
    lab.play(lab.document(one(lab, lab.mock())), ("GET", "/t"), stage=stage)
    assert (tmp_path / "log").read_text() == "vpc-1 vpce-2\n"


SHOWN = ClientCertificate(
    domain="d", pem="PEM", subject="CN=a", issuer="CN=b", serial="01", not_before="then", not_after="later"
)


def test_a_client_s_certificate_stands_in_logs_templates_and_events(lab: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The edge finds the certificate (tests/unit/gateway/test_certificates.py); here it is on every request."""
    made = Request.__init__

    def with_certificate(request: Request, **parts: Any) -> None:
        made(request, **{**parts, "certificate": SHOWN})

    monkeypatch.setattr(Request, "__init__", with_certificate)
    names = ("subjectDN", "issuerDN", "serialNumber", "clientCertPem", "validity.notBefore", "validity.notAfter", "x")
    template = " ".join(f"$!context.identity.clientCert.{name}" for name in names)
    assert lab.render(template).strip() == "CN=a CN=b 01 PEM then later"
    seen = "event['requestContext']['identity']['clientCert']"
    code = {"f": f"import json\ndef handler(event, context):\n    return {{'body': json.dumps({seen})}}\n"}
    event = lab.play(lab.document(one(lab, lab.function("f"))), ("GET", "/t"), functions=code).answer.json
    validity = {"notBefore": "then", "notAfter": "later"}
    assert event == {
        "clientCertPem": "PEM", "subjectDN": "CN=a", "issuerDN": "CN=b", "serialNumber": "01", "validity": validity
    }  # fmt: skip
