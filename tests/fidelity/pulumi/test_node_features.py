"""Programs in TypeScript and JavaScript, each thing from its page under https://www.pulumi.com/docs/iac/concepts/."""

from collections.abc import Callable
from pathlib import Path

import pytest

from inferway.faults import Findings, Severity
from inferway.formats.pulumi.reader import read, recognises
from inferway.formats.resources import Environment, ResourceGraph

Run = Callable[..., tuple[ResourceGraph, Findings]]

AWS = 'import * as pulumi from "@pulumi/pulumi";\nimport * as aws from "@pulumi/aws";\n'


def outputs(graph: ResourceGraph) -> dict[str, object]:
    return {output.name: output.value for output in graph.outputs}


def test_resources_have_their_lines_and_outputs(node: Run, tmp_path: Path) -> None:
    text = """\
interface Named { name: string }

const user = new aws.iam.User("u", {
    path: "/",
});
export const name: pulumi.Output<string> = user.name.apply((n: string) => n.slice(0, 2));
export const path = pulumi.interpolate`${user.path}x`;
"""
    graph, findings = node(AWS + text)
    assert findings == ()
    (user,) = graph.resources
    assert (user.type, user.name, dict(user.properties)) == ("aws:iam/user:User", "u", {"path": "/"})
    assert str(user.places.find()) == f"{tmp_path / 'index.ts'}:5"
    assert outputs(graph) == {"name": "u-", "path": "/x"}
    assert {file.name for file in graph.files} == {"index.ts", "Pulumi.yaml"}


def test_types_are_checked_as_pulumi_does(node: Run) -> None:
    text = AWS + 'const n: number = "a";\nnew aws.iam.User("u", { nosuch: 3 });\n'
    graph, findings = node(text, Environment(parameters={"env:PULUMI_NODEJS_TRANSPILE_ONLY": "false"}))
    assert [(each.code, each.place.line, each.place.column) for each in findings] == [
        ("typescript", 3, 7),
        ("typescript", 4, 25),
    ]
    assert "'string' is not assignable to type 'number'" in findings[0].text
    assert graph.resources == ()


@pytest.mark.parametrize(
    ("main", "package", "text"),
    [
        ("index.js", "{}", 'exports.a = require("@pulumi/pulumi").getStack();'),
        ("app.js", '{"main": "app.js"}', 'exports.a = require("@pulumi/pulumi").getStack();'),
        ("index.js", '{"type": "module"}', 'import * as p from "@pulumi/pulumi";\nexport const a = p.getStack();'),
        (
            "main.mjs",
            '{"type": "module", "main": "main.mjs"}',
            'import p from "@pulumi/pulumi";\nexport const a = p.getStack();',
        ),
        ("index.ts", "{}", 'import * as p from "@pulumi/pulumi";\nexport = async () => ({ a: p.getStack() });'),
    ],
)
def test_entries_and_kinds_of_modules(node: Run, main: str, package: str, text: str) -> None:
    graph, findings = node(text, main=main, package_json=package)
    assert findings == ()
    assert outputs(graph) == {"a": "dev"}


def test_the_project_names_its_program_and_options(node: Run) -> None:
    project = (
        "name: shop\nmain: app/entry.js\n"
        "runtime: {name: nodejs, options: {typescript: false, nodeargs: '--stack-trace-limit=7'}}\n"
    )
    text = 'exports.limit = Error.stackTraceLimit; exports.folder = require("path").basename(process.cwd());'
    graph, findings = node(text, main="app/entry.js", Pulumi_yaml=project)
    assert findings == ()
    assert outputs(graph)["folder"] == "app"


def test_configuration(node: Run) -> None:
    text = """\
const config = new pulumi.Config();
interface Data { list: string[] }
export const a = config.requireObject<Data>("data").list[1];
export const b = config.requireNumber("size") + 1;
export const c = config.requireSecret("token");
export const d = config.getBoolean("on");
export const e = new pulumi.Config("aws").require("region");
"""
    stack = "config:\n  shop:data: {list: [x, y]}\n  size: 3\n  shop:on: true\n  aws:region: eu-west-3\n"
    project = "name: shop\nruntime: nodejs\nconfig:\n  token: {default: t0, secret: true}\n"
    graph, findings = node(AWS + text, Pulumi_yaml=project, Pulumi__dev_yaml=stack)
    assert findings == ()
    assert outputs(graph) == {"a": "y", "b": 4, "c": "t0", "d": True, "e": "eu-west-3"}
    assert [output.name for output in graph.outputs if output.secret] == ["c"]


def test_components_and_transforms(node: Run) -> None:
    text = """\
pulumi.runtime.registerResourceTransform(args => ({
    props: { ...args.props, tags: { ...args.props.tags, stack: "1" } }, opts: args.opts }));
class Two extends pulumi.ComponentResource {
    readonly user: aws.iam.User;
    constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
        super("my:index:Two", name, {}, opts);
        this.user = new aws.iam.User(`${name}-user`, {}, { parent: this });
        this.registerOutputs({ user: this.user.name });
    }
}
const two = new Two("a", { transforms: [async args => ({ props: { ...args.props, path: "/t/" }, opts: args.opts })] });
export const component = two.urn;
export const inner = two.user.urn;
"""
    graph, findings = node(AWS + text)
    assert findings == ()
    (user,) = graph.resources
    assert user.properties == {"path": "/t/", "tags": {"stack": "1"}}
    assert user.places.find().line == 9
    assert outputs(graph) == {
        "component": "urn:pulumi:dev::shop::my:index:Two::a",
        "inner": "urn:pulumi:dev::shop::my:index:Two$aws:iam/user:User::a-user",
    }


def test_providers_say_where_their_resources_are(node: Run) -> None:
    text = """\
const west = new aws.Provider("west", { region: "us-west-2", allowedAccountIds: ["111122223333"] });
export const there = new aws.cloudwatch.LogGroup("r", {}, { provider: west }).arn;
export const here = new aws.cloudwatch.LogGroup("s").arn;
export const region = aws.getRegionOutput({}, { provider: west }).region;
"""
    graph, findings = node(AWS + text, Pulumi__dev_yaml="config:\n  aws:region: eu-west-1\n")
    assert findings == ()
    assert outputs(graph) == {
        "there": "arn:aws:logs:us-west-2:111122223333:log-group:r",
        "here": "arn:aws:logs:eu-west-1:000000000000:log-group:s",
        "region": "us-west-2",
    }


def test_what_is_read_of_the_cloud(node: Run) -> None:
    text = """\
const mine = new aws.cloudwatch.LogGroup("mine", { name: "first" });
export const got = mine.id.apply(id => aws.cloudwatch.LogGroup.get("again", id).arn);
export const named = aws.cloudwatch.LogGroup.get("other", "second").arn;
export const looked = aws.cloudwatch.getLogGroupOutput({ name: "third" }).arn;
export const unknown = aws.ec2.getAmiOutput({ owners: ["self"] }).imageId;
"""
    graph, findings = node(AWS + text)
    arn = "arn:aws:logs:us-east-1:000000000000:log-group:"
    assert outputs(graph) == {
        "got": f"{arn}first",
        "named": f"{arn}second",
        "looked": f"{arn}third",
        "unknown": "local::getAmi::imageId",
    }
    assert sorted((each.severity, each.code, each.place.line) for each in findings) == [
        (Severity.NOTE, "read-resource", 5),
        (Severity.WARNING, "stand-in-output", 0),
        (Severity.WARNING, "unknown-invoke", 7),
    ]


def test_transforms_of_functions(node: Run) -> None:
    text = """\
pulumi.runtime.registerInvokeTransform(args => ({ args: { ...args.args, region: "eu-north-1" }, opts: args.opts }));
export const region = aws.getRegionOutput({}).region;
"""
    graph, findings = node(AWS + text)
    assert findings == ()
    assert outputs(graph) == {"region": "eu-north-1"}


def test_files_and_archives(node: Run, tmp_path: Path) -> None:
    text = """\
new aws.lambda.Function("f", { role: "r", code: new pulumi.asset.AssetArchive({
    "index.js": new pulumi.asset.StringAsset("x"),
    "package.json": new pulumi.asset.FileAsset("package.json"),
    "all": new pulumi.asset.FileArchive("."),
    "deep": new pulumi.asset.AssetArchive({ "y": new pulumi.asset.StringAsset("y") }),
}) });
new aws.lambda.Function("g", { role: "r", code: new pulumi.asset.RemoteArchive("https://example.com/a.zip") });
new aws.lambda.Function("h", { role: "r", code: new pulumi.asset.FileArchive("./nosuch") });
"""
    graph, findings = node(AWS + text)
    held = {each.name: each.properties["code"] for each in graph.resources}
    asset, archive = "pulumi:asset", "pulumi:archive"
    assert held["f"] == {
        archive: {
            "assets": {
                "index.js": {asset: {"text": "x"}},
                "package.json": {asset: {"path": str(tmp_path / "package.json")}},
                "all": {archive: {"path": str(tmp_path)}},
                "deep": {archive: {"assets": {"y": {asset: {"text": "y"}}}}},
            }
        }
    }
    assert sorted((each.place.line, each.severity, each.code) for each in findings) == [
        (9, Severity.WARNING, "remote-asset"),
        (10, Severity.ERROR, "missing-file"),
    ]


def test_stack_references(node: Run) -> None:
    text = """\
const other = new pulumi.StackReference("org/infra/prod");
export const a = other.requireOutput("arn");
export const b = other.getOutput("none").apply(v => v === undefined);
export const c = pulumi.output(other.getOutputDetails("arn")).apply(d => d.value);
"""
    graph, findings = node(AWS + text, Environment(stack_references={"org/infra/prod": {"arn": "arn:x"}}))
    assert findings == ()
    assert outputs(graph) == {"a": "arn:x", "b": True, "c": "arn:x"}


def test_random_values_stay_and_are_no_resources(node: Run) -> None:
    text = """\
import * as random from "@pulumi/random";
const key = new random.RandomPassword("key", { length: 20, special: false });
export const length = key.result.apply(text => text.length);
export const key1 = key.result;
export const name = new random.RandomId("id", { byteLength: 4 }).hex;
"""
    graph, findings = node(text)
    assert (findings, graph.resources) == ((), ())
    shown = outputs(graph)
    assert shown["length"] == 20
    assert len(str(shown["name"])) == 8
    assert [output.name for output in graph.outputs if output.secret] == ["key1", "length"]


def test_options_that_need_a_state_change_nothing(node: Run) -> None:
    text = """\
const u = new aws.iam.User("u", {}, { protect: true, aliases: [{ name: "old" }], retainOnDelete: true });
new aws.iam.User("v", {}, { dependsOn: [u], ignoreChanges: ["tags"], deleteBeforeReplace: true, version: "7.0.0" });
export const arn = new aws.iam.User("w", {}, { additionalSecretOutputs: ["arn"], parent: u }).arn;
"""
    graph, findings = node(AWS + text)
    assert [each.code for each in findings] == ["stand-in-output"]
    assert [each.name for each in graph.resources] == ["u", "v", "w"]
    assert [output.secret for output in graph.outputs] == [True]


def test_logs_are_shown_and_warnings_kept(node: Run, capfd: pytest.CaptureFixture[str]) -> None:
    text = AWS + 'console.log("one");\nconsole.error("two");\npulumi.log.info("three");\npulumi.log.warn("four");\n'
    _, findings = node(text)
    shown = capfd.readouterr()
    assert shown.out == ""
    assert set(shown.err.splitlines()) == {"shop | one", "shop | two", "shop | three", "shop | four"}
    assert [(each.severity, each.code, each.text) for each in findings] == [(Severity.WARNING, "program-log", "four")]


def test_what_has_to_be_installed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: nodejs\n")
    (tmp_path / "index.ts").write_text('import * as aws from "@pulumi/aws";\n')
    assert recognises(tmp_path)
    assert recognises(tmp_path / "index.ts")
    _, findings = read(tmp_path, Environment(), lambda resource, environment: None)
    assert [each.code for each in findings] == ["missing-packages"]
    assert f"npm install in {tmp_path}" in findings[0].text
    monkeypatch.setenv("PATH", str(tmp_path))
    _, findings = read(tmp_path, Environment(), lambda resource, environment: None)
    assert [each.code for each in findings] == ["no-interpreter"]
    assert "apt install nodejs" in findings[0].text


def test_no_secrets_of_the_gateway_in_the_environment(node: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_SECRET_ACCESS_KEY", "ARM_CLIENT_SECRET", "GATEWAY_TOKEN", "PULUMI_CONFIG_PASSPHRASE"):
        monkeypatch.setenv(name, "hidden")
    text = "export const found = Object.keys(process.env).filter(key => process.env[key] === 'hidden');\n"
    text += "export const asked = process.env.MODEL;\n"
    graph, findings = node(text, Environment(parameters={"env:MODEL": "m1"}))
    assert findings == ()
    assert outputs(graph) == {"found": [], "asked": "m1"}


def test_properties_have_their_places(node: Run, tmp_path: Path) -> None:
    graph, findings = node(AWS + 'new aws.iam.User("u", {\n    path: "/",\n    tags: { a: "b" },\n});\n')
    assert findings == ()
    (user,) = graph.resources
    assert str(user.places.find("tags", "a")) == f"{tmp_path / 'index.ts'}:5:16"


def test_a_resource_stands_for_its_id(node: Run) -> None:
    text = """\
const user = new aws.iam.User("u", { name: "first" });
const holder = new aws.iam.UserPolicyAttachment("a", { user: user, policyArn: "p" });
export const held = holder.user;
"""
    graph, findings = node(AWS + text)
    assert findings == ()
    assert {each.name: each.properties.get("user") for each in graph.resources} == {"u": None, "a": "first"}
    assert outputs(graph) == {"held": "first"}


def test_an_output_in_a_text_is_told_where_it_went(node: Run) -> None:
    """https://www.pulumi.com/docs/iac/concepts/inputs-outputs/all/#outputs-and-strings"""
    text = """\
const user = new aws.iam.User("u");
new aws.iam.User("v", {
    path: `/${user.name}/`,
});
export const url = `https://${user.name}/`;
"""
    _, findings = node(AWS + text)
    assert [(each.code, each.place.line) for each in findings] == [("output-as-text", 5), ("output-as-text", 0)]
    assert findings[0].text.startswith("path of v (aws:iam/user:User) holds Pulumi's complaint")
