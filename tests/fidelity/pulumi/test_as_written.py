"""The programs as the seeds have them: each mistake that the corrected ones mark, its line, and the replacement."""

from collections.abc import Callable

import pytest

from inferway.faults import Findings
from inferway.formats.resources import ResourceGraph

Seed = Callable[[str], tuple[ResourceGraph, Findings]]

MISTAKES = {
    "appsync_lambda": [
        (13, "placeholder", "<arn:aws:lambda:region:account-id:function:function-name>"),
        (14, "placeholder", "arn:aws:iam::000000000000:role/service-role-name"),
        (20, "id-exported", "graphql_api_key.key"),
    ],
    "appsync_models": [
        (6, "unknown-member", "aws.iam.ManagedPolicy.AWS_APP_SYNC_PUSH_TO_CLOUD_WATCH_LOGS"),
        (14, "unknown-output", 'aws.appsync.ApiKey("…", api_id=graphql_api.id).key'),
    ],
    "apim": [
        (9, "unknown-name", "azure_native.apimanagement.ApiManagementService"),
        (9, "missing-argument", "publisher_email, publisher_name and sku"),
        (16, "unknown-member", "azure_native.apimanagement.BackendProtocol.HTTP"),
        (24, "unknown-name", "azure_native.apimanagement.ApiOperation"),
        (24, "input-read-as-output", "api.name"),
        (26, "unknown-argument", "responses=[ResponseContractArgs(status_code=…, headers=[ParameterContractArgs(…)])]"),
        (27, "unknown-name", "azure_native.apimanagement.ParameterContractArgs"),
        (35, "input-read-as-output", "product.name"),
        (35, "input-read-as-output", "api.name"),
        (37, "unknown-output", "apim_service.gateway_url"),
    ],
}


@pytest.mark.parametrize("name", MISTAKES)
def test_every_mistake_has_its_line_and_replacement(seed: Seed, name: str) -> None:
    _, findings = seed(f"as_written/{name}")
    expected = MISTAKES[name]
    for line, code, replacement in expected:
        assert any(
            (each.place.line, each.code) == (line, code) and replacement in each.text and each.place.column
            for each in findings
        ), (line, code, replacement)
    # and nothing else: no mistake is told twice, none is made up
    assert len(findings) == len(expected)


def test_the_place_is_that_of_the_mistake_not_of_its_statement(seed: Seed) -> None:
    graph, findings = seed("as_written/apim")
    lines = graph.files[0].read_text().splitlines()
    expected = [(24, "api.api_id"), (35, "product.product_id"), (35, "api.api_id")]
    lost = [each.place for each in findings if each.code == "input-read-as-output"]
    assert [(each.line, each.column) for each in lost] == [(n, lines[n - 1].index(text) + 1) for n, text in expected]
