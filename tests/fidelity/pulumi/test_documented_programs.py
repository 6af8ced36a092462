"""The SDKs' own documentation holds hundreds of programs; a diagnosis that finds much in them is itself mistaken."""

import re
import sys
import textwrap
from importlib.util import find_spec
from pathlib import Path

import pytest

from inferway.formats.pulumi.diagnosis.programs import diagnose
from inferway.formats.pulumi.sdk import Sdk

EXAMPLE = re.compile(r"```python\n(.*?)```", re.DOTALL)

# Read one by one, with pulumi-aws 7.51 and pulumi-azure-native 3.29: the examples are wrong, not the findings.
WRONG = {
    "GraphQLApi needs authentication_type",
    "WebAclRuleOverrideActionArgs takes no block; it takes count, none",
    "SigningCertificate takes no username; write user_name",
    "UserLoginProfile needs user",
    "Bucket needs outpost_id",
    "RecordAliasArgs needs evaluate_target_health",
    "Stage needs deployment and rest_api",
}


@pytest.mark.parametrize("module", ["pulumi_aws.appsync", "pulumi_aws.iam", "pulumi_aws.s3", "pulumi_aws.apigateway"])
def test_documented_programs_are_found_right(tmp_path: Path, module: str) -> None:
    package = find_spec(module.partition(".")[0])
    assert package is not None
    assert package.submodule_search_locations is not None
    folder = Path(package.submodule_search_locations[0], module.partition(".")[2])
    programs = {text for file in folder.glob("*.py") for text in EXAMPLE.findall(file.read_text())}
    assert len(programs) > 20
    sdk, file, found = Sdk(tuple(sys.path)), tmp_path / "program.py", set()
    for program in programs:
        file.write_text(textwrap.dedent(program))
        found |= {each.finding.text for each in diagnose(file, sdk) if each.finding.code != "missing-sdk"}
    assert {text for text in found if text not in WRONG and "Distribution needs" not in text} == set()
