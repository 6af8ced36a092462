"""Texts as Pulumi's generator writes them (pkg/codegen/nodejs), much shortened."""

from pathlib import Path

import pytest

from inferway.formats.pulumi.node_sdk import NodeSdk

ROLE = """\
import * as pulumi from "@pulumi/pulumi";
export declare class Role extends pulumi.CustomResource {
    static get(name: string, id: pulumi.Input<pulumi.ID>): Role;
    /**
     * The ARN.
     */
    readonly arn: pulumi.Output<string>;
    readonly path: pulumi.Output<string | undefined>;
    readonly tags: pulumi.Output<{
        [key: string]: string;
    } | undefined>;
    constructor(name: string, args: RoleArgs, opts?: pulumi.CustomResourceOptions);
}
export interface RoleState {
    arn?: pulumi.Input<string>;
}
export interface RoleArgs {
    assumeRolePolicy: pulumi.Input<string>;
    inline?: pulumi.Input<pulumi.Input<inputs.iam.RoleInlinePolicy>[]>;
}
"""
GET = """\
export interface GetRoleArgs {
    name: string;
}
export interface GetRoleResult {
    readonly arn: string;
    readonly maxSessionDuration: number;
    readonly description?: string;
}
"""


@pytest.fixture
def sdk(tmp_path: Path) -> NodeSdk:
    folder = tmp_path / "node_modules" / "@pulumi"
    for name, text in {
        "aws/iam/role.d.ts": ROLE,
        "aws/iam/getRole.d.ts": GET,
        "azure-native/apimanagement/role.d.ts": ROLE,
        "random/role.d.ts": ROLE,
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return NodeSdk((tmp_path / "nothing", tmp_path / "node_modules"))


@pytest.mark.parametrize("token", ["aws:iam/role:Role", "azure-native:apimanagement:Role", "random:index/role:Role"])
def test_a_resource(sdk: NodeSdk, token: str) -> None:
    declared = sdk.resource(token)
    assert declared is not None
    assert {each.wire: each.is_text for each in declared.outputs.values()} == {
        "arn": True,
        "path": False,
        "tags": False,
    }
    assert [each.wire for each in declared.required()] == ["assumeRolePolicy"]
    assert declared.inputs["inline"].types == ("RoleInlinePolicy",)


@pytest.mark.parametrize("token", ["aws:iam/user:User", "gcp:iam/role:Role", "aws:../../x:Role", "Role", ""])
def test_what_is_not_there(sdk: NodeSdk, token: str) -> None:
    assert sdk.resource(token) is None


def test_a_result(sdk: NodeSdk) -> None:
    expected = {"arn": True, "maxSessionDuration": False, "description": False}
    assert sdk.result("aws:iam/getRole:getRole") == expected
    assert sdk.result("aws:iam/getUser:getUser") == {}
