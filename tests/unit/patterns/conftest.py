"""The two templates that the Solutions Construct synthesizes, and the arguments from which it does."""

import json
from pathlib import Path
from typing import Any, ClassVar

import pytest

REQUEST = """{
    "instances": [
#set( $user_id = $input.params("user_id") )
#set( $items = $input.params("items") )
#foreach( $item in $items.split(",") )
    {"in0": [$user_id], "in1": [$item]}#if( $foreach.hasNext ),#end
    $esc.newline
#end
    ]
}"""
RESPONSE = """{
    "ratings": [
#set( $predictions = $input.path("$.predictions") )
#foreach( $item in $predictions )
    $item.scores[0]#if( $foreach.hasNext ),#end
    $esc.newline
#end
    ]
}"""


class Construct:
    """What the construct makes (its cdk-bootstrap parameter and the reasons beside suppressed rules left out)."""

    request = REQUEST
    response = RESPONSE
    arguments: ClassVar[dict[str, Any]] = {
        "id": "test-apigw-sagemakerendpoint",
        "endpoint_name": "my-endpoint",
        "resource_path": "{user_id}",
        "request_mapping_template": REQUEST,
    }

    def template(self, name: str) -> dict[str, Any]:
        text = Path(__file__).with_name(f"{name}.template.json").read_text(encoding="utf-8")
        read: dict[str, Any] = json.loads(text)
        return read

    def comparable(self, template: Any) -> dict[str, Any]:
        """Give a template without reasons, without the hash in the deployment's name, and with sets as sets."""
        read: dict[str, Any] = json.loads(json.dumps(template))
        deployments = [
            name for name, made in read["Resources"].items() if made["Type"] == "AWS::ApiGateway::Deployment"
        ]
        text = json.dumps(read)
        for name in deployments:
            text = text.replace(name, name[:-32])
        read = json.loads(text)
        read.pop("Description", None)
        for made in read["Resources"].values():
            made["DependsOn"] = sorted(made.get("DependsOn", []))
            for rule in made.get("Metadata", {}).get("cfn_nag", {}).get("rules_to_suppress", []):
                rule.pop("reason", None)
        return read


@pytest.fixture
def construct() -> Construct:
    return Construct()
