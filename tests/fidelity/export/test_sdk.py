"""What the client SDK in JavaScript holds, as the guide and clients that the service generated have it."""

import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inferway.convert import load
from inferway.dialects.apigateway.export.exportable import exportables
from inferway.dialects.apigateway.sdk.archive import archive_of
from inferway.dialects.apigateway.sdk.calls import SdkCalls, sdk_calls
from inferway.dialects.apigateway.sdk.javascript import javascript_sdk
from inferway.dialects.apigateway.sdk.names import name_of_path

URL = "https://abc123.execute-api.us-east-1.amazonaws.com/prod"
MOCK = {"responses": {}, "x-amazon-apigateway-integration": {"type": "mock"}}

Made = tuple[SdkCalls, dict[str, str]]
Make = Callable[..., Made]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Make the SDK of an API that is given as its paths; gives what it calls and its files."""

    def give(paths: dict[str, Any], title: str = "pets", url: str = URL) -> Made:
        document = {"openapi": "3.0.1", "info": {"title": title, "version": "1"}, "paths": paths}
        (tmp_path / "openapi.json").write_text(json.dumps(document))
        (api,) = exportables(load(tmp_path / "openapi.json").graph)
        calls = sdk_calls(api)
        return calls, javascript_sdk(api, calls, url)

    return give


def in_node(script: str, folder: Path) -> Any:
    """Run a script with Node.js in a folder and give the JSON that it prints."""
    if shutil.which("node") is None:
        pytest.fail("the SDK's tests need Node.js: apt-get install nodejs")
    ran = subprocess.run(["node", "-e", script], cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    return json.loads(ran.stdout)


@pytest.mark.parametrize(
    ("path", "method", "name"),
    [
        ("/", "OPTIONS", "rootOptions"),
        ("/{noteId}", "GET", "noteIdGet"),
        ("/getPredictions/{listOfCriteria}", "GET", "getPredictionsListOfCriteriaGet"),
        ("/ownerDenyVisitor/userfaceid", "GET", "ownerDenyVisitorUserfaceidGet"),
        ("/v1/export/containers", "GET", "v1ExportContainersGet"),
        ("/api/v1/parameters/spo2", "GET", "apiV1ParametersSpo2Get"),
        ("/get_bookings", "GET", "getBookingsGet"),
        ("/get-track-info-by-tag", "GET", "getTrackInfoByTagGet"),
        ("/friend/is-friend/{uid1}/{uid2}", "GET", "friendIsFriendUid1Uid2Get"),
        ("/suburb/average-m2", "GET", "suburbAverageM2Get"),
        ("/fhir/active-questionnaire", "GET", "fhirActiveQuestionnaireGet"),
        ("/iam-svc/policies/{policyId}", "DELETE", "iamSvcPoliciesPolicyIdDelete"),
        ("/auth-svc/api-docs/{proxy+}", "GET", "authSvcApiDocsProxyGet"),
        ("/{united_search+}", "OPTIONS", "unitedSearchOptions"),
        ("/{proxy+}", "OPTIONS", "proxyOptions"),
    ],
)
def test_functions_have_the_names_of_published_clients(path: str, method: str, name: str) -> None:
    """As `apigClient.js` of public repositories has them, each with its path beside it."""
    assert name_of_path(path, method) == name


def test_an_operation_s_name_comes_before_the_path_s(make: Make) -> None:
    """The guide's "Simple Calculator API": operationName, in a document operationId, says another name."""
    calls, _ = make({"/pets": {"get": {**MOCK, "operationId": "ListPets"}, "post": MOCK}})
    assert [call.names for call in calls.calls] == [("listPets", "petsGet"), ("petsPost",)]


def test_any_is_the_methods_that_it_stands_for(make: Make) -> None:
    any_of_them = {**MOCK, "operationId": "all"}
    calls, _ = make({"/{proxy+}": {"get": MOCK, "x-amazon-apigateway-any-method": any_of_them}})
    assert [call.names for call in calls.calls] == [
        (f"proxy{name}",) for name in ("Get", "Put", "Post", "Delete", "Options", "Head", "Patch")
    ]


def test_two_methods_of_one_name_have_a_number(make: Make) -> None:
    calls, _ = make({"/a-b": {"get": MOCK}, "/a_b": {"get": MOCK}})
    assert [call.names for call in calls.calls] == [("aBGet",), ("aBGet2",)]
    assert calls.notes == ("another method has the name aBGet; GET /a_b is aBGet2",)


def test_the_scripts_that_the_guide_has_pages_include_are_there(make: Make) -> None:
    _, files = make({"/pets": {"get": MOCK}})
    assert sorted(files) == sorted(
        f"apiGateway-js-sdk/{name}"
        for name in (
            "lib/axios/dist/axios.standalone.js",
            "lib/CryptoJS/rollups/hmac-sha256.js",
            "lib/CryptoJS/rollups/sha256.js",
            "lib/CryptoJS/components/hmac.js",
            "lib/CryptoJS/components/enc-base64.js",
            "lib/url-template/url-template.js",
            "lib/apiGatewayCore/sigV4Client.js",
            "lib/apiGatewayCore/apiGatewayClient.js",
            "lib/apiGatewayCore/simpleHttpClient.js",
            "lib/apiGatewayCore/utils.js",
            "apigClient.js",
            "README.md",
            "package.json",
        )
    )


def test_the_readme_has_each_function_with_its_parameters(make: Make) -> None:
    query = [{"name": "limit", "in": "query", "required": True}, {"name": "X-Trace", "in": "header"}]
    _, files = make({"/pets/{petId}": {"get": {**MOCK, "parameters": query}}}, title="pets <b>|`x`")
    text = files["apiGateway-js-sdk/README.md"]
    row = "| `petsPetIdGet` | GET `/pets/{petId}` | `petId` (path), `limit` (query, required), `X-Trace` (header) |"
    assert row in text.splitlines()
    assert text.startswith("# pets \\<b\\>\\|\\`x\\`\n")
    assert "apigClient.petsPetIdGet(params, body, additionalParams)" in text
    assert URL in text


def test_the_same_definition_makes_the_same_bytes(make: Make) -> None:
    made = [archive_of(make({"/pets": {"get": MOCK}})[1]) for _ in range(2)]
    assert made[0] == made[1]
    with zipfile.ZipFile(io.BytesIO(made[0])) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


HOSTILE = (
    "'\"`];globalThis.broken=1;//",
    "*/globalThis.broken=1;/*",
    "</script><script>globalThis.broken=1</script>",
    "__proto__",
    "constructor",
    "a\\u0027;globalThis.broken=1;\\",
    "line\u2028end\u2029of\nit",
    "größe 😀",
    "${globalThis.broken=1}",
)


def test_no_name_breaks_out_of_the_client(make: Make, tmp_path: Path) -> None:
    """Names of operations, parameters and the API, and the address, are data whatever they hold."""
    parameters = [{"name": name, "in": "query"} for name in ("__proto__", "constructor", "$a", "toString")]
    paths: dict[str, Any] = {
        f"/{number}": {"get": {**MOCK, "operationId": name, "parameters": parameters}}
        for number, name in enumerate(HOSTILE)
    }
    paths |= {"/__proto__": {"get": MOCK}, "/constructor": {"post": {**MOCK, "operationId": "then"}}}
    calls, files = make(paths, title=" ".join(HOSTILE), url="http://127.0.0.1:9/a'b\"c</script>${x}")
    client = files["apiGateway-js-sdk/apigClient.js"]
    assert client.isascii()
    assert not re.search("</script|<!--", client, re.IGNORECASE)
    (tmp_path / "client.js").write_text(client)
    (tmp_path / "package.json").write_text(files["apiGateway-js-sdk/package.json"])
    script = """
        const client = require('./client.js').newClient();
        const names = Object.keys(client);
        globalThis.fetch = async (url) => new Response(JSON.stringify(url.pathname + url.search));
        Promise.all([client.constructorPost(), client['0Get']({}), client['0Get']({ ['__proto__']: 1, toString: 2 })])
          .then((results) => console.log(JSON.stringify({ names, asked: results.map((result) => result.data),
            broken: globalThis.broken ?? null, then: typeof client.then, polluted: ({}).get ?? null })));
    """
    seen = in_node(script, tmp_path)
    assert seen.pop("names") == [name for call in calls.calls for name in call.names]
    base = "/a'b%22c%3C/script%3E$%7Bx%7D"
    assert seen.pop("asked") == [f"{base}/constructor", f"{base}/0", f"{base}/0?__proto__=1&toString=2"]
    assert seen == {"broken": None, "then": "undefined", "polluted": None}
