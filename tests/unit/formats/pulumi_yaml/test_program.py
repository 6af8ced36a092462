"""Programs: names, references, resources, options; the language reference unless another source is named."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inferway.faults import Severity
from inferway.formats.pulumi.reader import read
from inferway.formats.resources import Environment

Read = Callable[..., Any]


def outputs(graph: Any) -> dict[str, object]:
    return {output.name: output.value for output in graph.outputs}


def told(findings: Any) -> list[tuple[str, int]]:
    return [(found.code, found.place.line) for found in findings]


def test_a_resource_is_made_of_its_inputs(program: Read) -> None:
    graph, findings = program(
        """
        resources:
          api:
            type: aws:apigateway:RestApi
            properties:
              name: movies-${pulumi.stack}
          users:
            type: aws:apigateway:Resource
            properties:
              restApi: ${api}
              parentId: ${api.rootResourceId}
              pathPart: users
        """
    )
    assert findings == ()
    api, users = graph.resources
    assert (api.type, api.name, api.id) == ("aws:apigateway/restApi:RestApi", "api", "id-of-api")
    assert api.properties == {"name": "movies-dev"}
    assert users.type == "aws:apigateway/resource:Resource"
    assert users.properties == {"restApi": "id-of-api", "parentId": "api-root", "pathPart": "users"}


def test_findings_of_dialects_point_into_the_file(program: Read, tmp_path: Path) -> None:
    graph, _ = program(
        """
        resources:
          integration:
            type: aws:apigateway:Integration
            properties:
              restApi: a
              resourceId: b
              httpMethod: GET
              type: MOCK
              requestTemplates:
                application/json: |
                  {
                    "stage": "$${stage}"
                  }
        """
    )
    (integration,) = graph.resources
    assert integration.properties["requestTemplates"] == {"application/json": '{\n  "stage": "${stage}"\n}\n'}
    place = integration.places.find("httpMethod")
    assert (Path(place.file).name, place.line, place.column) == ("Pulumi.yaml", 10, 19)
    inside = integration.places.inside(2, 3, "requestTemplates", "application/json")
    assert (inside.line, inside.column) == (15, 13)


def test_findings_in_a_text_of_another_file_point_into_that(program: Read, tmp_path: Path) -> None:
    (tmp_path / "request.vtl").write_text("#set($a = 1)\n$a\n")
    graph, _ = program(
        """
        variables: {request: {"fn::readFile": request.vtl}}
        resources: {it: {type: "x:y:Z", properties: {template: "${request}"}}}
        """
    )
    inside = graph.resources[0].places.inside(2, 1, "template")
    assert (Path(inside.file).name, inside.line, inside.column) == ("request.vtl", 2, 1)


def test_names_are_evaluated_in_the_order_of_dependency(program: Read) -> None:
    graph, findings = program(
        """
        outputs: {it: "${last}"}
        variables:
          last: <${middle.deep[1].x}>
          middle: {deep: [0, {x: "${api.arn}"}]}
        resources:
          api: {type: "aws:apigateway:RestApi", name: other}
        """,
        region="eu-west-1",
    )
    assert findings == ()
    assert outputs(graph) == {"it": "<arn:aws:apigateway:eu-west-1::/restapis/other>"}


def test_a_reference_alone_is_a_substitution(program: Read) -> None:
    graph, findings = program(
        """
        variables:
          port: {protocol: TCP, port: 80}
          number: 5
        outputs:
          ports: ["${port}"]
          number: ${number}
          text: a${number}
        """
    )
    assert findings == ()
    assert outputs(graph) == {"ports": [{"protocol": "TCP", "port": 80}], "number": 5, "text": "a5"}


def test_keys_of_mappings_may_refer_too(program: Read) -> None:
    graph, findings = program("variables: {n: x}\noutputs: {it: {'${n}-y': 1}}")
    assert (findings, outputs(graph)) == ((), {"it": {"x-y": 1}})


def test_what_the_program_is_told_of_its_surroundings(program: Read, tmp_path: Path) -> None:
    graph, findings = program(
        "outputs: {cwd: '${pulumi.cwd}', project: '${pulumi.project}', stack: '${pulumi.stack}', "
        "org: '${pulumi.organization}'}",
        stack="prod",
    )
    assert findings == ()
    assert outputs(graph) == {
        "cwd": str(tmp_path.resolve()),
        "project": "movies",
        "stack": "prod",
        "org": "organization",
    }


def test_configuration_has_its_declared_or_inferred_type(program: Read, tmp_path: Path) -> None:
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  movies:count: 7\n  movies:extra: more\n  aws:region: eu-x\n")
    graph, findings = program(
        """
        config:
          greeting: hello
          flag: {type: boolean, default: true}
          count: {type: integer, default: 3}
          ratio: {default: 0.5}
          regions: {type: array, items: {type: string}, default: [a, b]}
          api: {type: object, default: {endpoint: there}}
          zip: {type: string, default: "0123"}
        outputs:
          all: ["${greeting}", "${flag}", "${count}", "${ratio}", "${regions[1]}", "${api.endpoint}", "${zip}"]
          extra: ${extra}
          region: ${aws:region}
        """
    )
    assert findings == ()
    assert outputs(graph) == {
        "all": ["hello", True, 7, 0.5, "b", "there", "0123"],
        "extra": "more",
        "region": "eu-x",
    }


def test_a_parameter_wins_over_the_default(program: Read) -> None:
    graph, findings = program(
        "configuration: {n: {type: Number, default: 1}}\noutputs: {n: '${n}'}", parameters={"n": "2"}
    )
    assert (findings, outputs(graph)) == ((), {"n": 2})


def test_configuration_without_a_value_is_one_finding(program: Read) -> None:
    _, findings = program("config: {password: {type: string}}\noutputs: {p: '${password}', q: 'x${password}'}")
    assert [found.code for found in findings] == ["missing-configuration"]


def test_configuration_of_another_type_is_one_finding(program: Read) -> None:
    _, findings = program(
        "config: {n: {type: integer, default: x}, f: {type: number, default: y}}\noutputs: {n: '${n}'}"
    )
    assert [found.code for found in findings] == ["wrong-type", "wrong-type"]


def test_configuration_of_a_program_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: movies\nruntime: yaml\n")
    (tmp_path / "Main.yaml").write_text("config: {a: 1, b: {type: string}}\noutputs: {a: '${a}', b: '${b}'}\n")
    graph, findings = read(tmp_path, Environment(), lambda _, __: None)
    assert [(found.code, found.place.file) for found in findings] == [
        ("missing-configuration", str(tmp_path / "Main.yaml"))
    ]
    assert outputs(graph) == {"a": 1}


def test_secrets_stay_secret_on_their_way(program: Read) -> None:
    graph, findings = program(
        """
        config:
          password: {type: string, secret: true, default: hush}
        variables:
          url: https://${password}@host
          quiet: {fn::secret: {a: b}}
        resources:
          api: {type: "aws:apigateway:RestApi"}
          odd:
            type: "other:index:Thing"
            properties: {given: 1}
            options: {additionalSecretOutputs: [given]}
        outputs:
          a: ${url}
          b: ${quiet.a}
          c: {fn::toJSON: ["${api.key}"]}
          d: ${api.arn}
          e: ${odd.given}
        """
    )
    assert findings == ()
    assert {output.name: output.secret for output in graph.outputs} == {
        "a": True,
        "b": True,
        "c": True,
        "d": False,
        "e": True,
    }


def test_the_region_of_a_provider_is_its_resources(program: Read) -> None:
    graph, findings = program(
        """
        resources:
          usual:
            type: pulumi:providers:aws
            defaultProvider: true
            properties: {region: eu-north-1}
            options: {version: 6.45.0}
          far:
            type: pulumi:providers:aws
            properties: {region: ap-south-1, profile: mine}
          one: {type: "aws:apigateway:RestApi"}
          two:
            type: aws:apigateway:RestApi
            options: {provider: "${far}", protect: true, ignoreChanges: [name], aliases: [x]}
        variables:
          place: {"fn::aws:getRegion": {}}
        outputs: {one: "${one.arn}", two: "${two.arn}", here: "${place.name}"}
        """
    )
    assert told(findings) == [("provider-settings", 10)]
    assert "profile" in findings[0].text
    assert outputs(graph) == {
        "one": "arn:aws:apigateway:eu-north-1::/restapis/one",
        "two": "arn:aws:apigateway:ap-south-1::/restapis/two",
        "here": "eu-north-1",
    }
    assert [resource.name for resource in graph.resources] == ["one", "two"]


def test_the_region_of_the_configuration_is_that_of_all(program: Read, tmp_path: Path) -> None:
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  aws:region: eu-west-1\n")
    graph, findings = program(
        "resources: {api: {type: 'aws:apigateway:RestApi'}}\nvariables: {here: {'fn::aws:getRegion': {}}}\n"
        "outputs: {api: '${api.arn}', here: '${here.name}'}"
    )
    assert findings == ()
    assert outputs(graph) == {"api": "arn:aws:apigateway:eu-west-1::/restapis/api", "here": "eu-west-1"}


def test_urns_hold_the_types_of_parents(program: Read) -> None:
    # https://www.pulumi.com/docs/iac/concepts/resources/names/#urns
    graph, findings = program(
        """
        resources:
          top: {type: "a:b:C"}
          below: {type: "a:b:D", options: {parent: "${top}", dependsOn: ["${top}"]}}
        outputs: {it: "${below.urn}"}
        """
    )
    assert findings == ()
    assert outputs(graph) == {"it": "urn:pulumi:dev::movies::a:b/c:C$a:b/d:D::below"}


def test_what_is_read_from_a_cloud_is_a_stand_in(program: Read) -> None:
    graph, findings = program(
        """
        resources:
          role:
            type: aws:iam:Role
            get: {id: "my-role", state: {name: my-role}}
        outputs: {id: "${role.id}", name: "${role.name}"}
        """
    )
    assert told(findings) == [("read-resource", 7)]
    assert outputs(graph) == {"id": "my-role", "name": "my-role"}
    assert graph.resources == ()


def test_an_output_that_nothing_models_is_a_traceable_stand_in(program: Read) -> None:
    graph, findings = program(
        "resources: {it: {type: 'other:index:Thing'}}\noutputs: {a: '${it.endpoint.deep}', b: 'x${it.endpoint}'}"
    )
    assert [(found.severity, found.code) for found in findings] == [(Severity.WARNING, "stand-in")] * 2
    assert outputs(graph) == {"a": "local::it::endpoint", "b": "xlocal::it::endpoint"}


def test_an_output_that_the_class_does_not_have_is_an_error_with_the_nearest(program: Read) -> None:
    _, findings = program("resources: {api: {type: 'aws:apigateway:RestApi'}}\noutputs: {it: '${api.executionAnr}'}")
    assert [found.code for found in findings] == ["unknown-output"]
    assert "executionArn" in findings[0].text


def test_inputs_are_held_against_the_class(program: Read) -> None:
    # pulumi-aws: Stage requires deployment, restApi and stageName
    _, findings = program(
        """
        resources:
          stage:
            type: aws:apigateway:Stage
            properties:
              restApi: a
              deployment: b
              stageNames: c
        """
    )
    assert [(found.code, found.place.line) for found in findings] == [("unknown-property", 10), ("missing-property", 5)]
    assert "stageName" in findings[0].text


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("outputs:\n  a: ${nobody}", "unknown-reference", 4),
        ("outputs:\n  a: |\n    x\n    y ${nobody}", "unknown-reference", 6),
        ("outputs:\n  a: ${", "bad-reference", 4),
        ("variables:\n  v: [1]\noutputs:\n  a: ${v[1]}", "unknown-step", 6),
        ("variables:\n  v: {one: 1}\noutputs:\n  a: ${v.on}", "unknown-step", 6),
        ("variables:\n  v: [1]\noutputs:\n  a: x${v}", "not-a-text", 6),
        ("variables:\n  a: ${b}\n  b: ${c}\n  c: ${b}\noutputs: {x: '${a}'}", "circular-reference", 5),
        ("variables:\n  a: ${a}", "circular-reference", 4),
        ("variables:\n  a: 1\nresources:\n  a: {type: 'x:y:Z'}", "duplicate-name", 6),
        ("config: {a: 1}\nvariables:\n  a: 1", "duplicate-name", 5),
        ("resources:\n  a: {}", "missing-type", 4),
        ("resources:\n  a: text", "wrong-type", 4),
        ("resources: text", "wrong-type", 3),
        ("resources:\n  a: {type: 'x:y:Z', propertys: {}}", "unknown-field", 4),
        ("resources:\n  a: {type: 'x:y:Z', options: {dependOn: []}}", "unknown-field", 4),
        ("resources:\n  a: {type: 'x:y:Z', options: {provider: text}}", "not-a-resource", 4),
        ("resources:\n  a: {type: 'x:y:Z', get: {}}", "missing-id", 4),
        ("resources:\n  a: {type: 'x:y:Z', get: {id: x}, properties: {}}", "get-with-properties", 4),
        ("resources:\n  a: {type: 'x:y:Z', properties: [1]}", "wrong-type", 4),
        ("resources:\n  a: {type: 'x:y:Z'}\n  b: {type: 'x:y:Z', name: a}", "duplicate-resource", 5),
        ("resources:\n  a: {type: 'pulumi:pulumi:StackReference'}", "unknown-stack", 4),
        ("resource:\n  a: {type: 'x:y:Z'}", "unknown-section", 3),
        ("components:\n  c: {}", "components-not-read", 3),
        ("config: {a: {type: integer}}\noutputs: {x: '${a}'}", "missing-configuration", 3),
    ],
)
def test_mistakes_are_told_with_their_line(program: Read, text: str, code: str, line: int) -> None:
    _, findings = program(text)
    assert told(findings) == [(code, line)]


def test_the_nearest_name_is_shown(program: Read) -> None:
    _, findings = program("variables: {moviesTable: 1}\noutputs: {a: '${movieTable}'}")
    assert "moviesTable" in findings[0].text


def test_all_mistakes_are_told_at_once_and_each_cause_once(program: Read) -> None:
    _, findings = program(
        """
        variables:
          broken: ${nobody}
          also: ${noone}
          after: x${broken}
        resources:
          api: {type: "aws:apigateway:RestApi", properties: {name: "${broken}"}}
        outputs: {it: "${api.id}", that: "${after}"}
        """
    )
    assert told(findings) == [("unknown-reference", 5), ("unknown-reference", 6)]


def test_a_long_chain_of_names_is_no_trouble(program: Read) -> None:
    chain = "".join(f"  v{number}: ${{v{number + 1}}}\n" for number in range(20_000))
    graph, findings = program(f"variables:\n{chain}  v20000: end\noutputs:\n  it: ${{v0}}\n")
    assert (findings, outputs(graph)) == ((), {"it": "end"})


@pytest.mark.parametrize(
    "double",
    ["['${{v{0}}}', '${{v{0}}}']", "'${{v{0}}}${{v{0}}}'", "{{fn::join: ['', ['${{v{0}}}', '${{v{0}}}']]}}"],
)
def test_what_doubles_itself_is_stopped(program: Read, double: str) -> None:
    lines = "".join(f"  v{number + 1}: {double.format(number)}\n" for number in range(60))
    _, findings = program(f"variables:\n  v0: 0123456789\n{lines}outputs:\n  it: ${{v60}}\n")
    assert len(findings) == 1
    assert findings[0].code in {"too-large", "too-many-values"}


def test_what_nests_without_end_is_stopped(program: Read) -> None:
    lines = "".join(f"  v{number + 1}: ['${{v{number}}}']\n" for number in range(200))
    _, findings = program(f"variables:\n  v0: x\n{lines}")
    assert [found.code for found in findings] == ["too-deep"]


def test_mistakes_beyond_counting_end_the_evaluation(program: Read) -> None:
    lines = "".join(f"  v{number}: ${{nobody{number}}}\n" for number in range(300))
    _, findings = program(f"variables:\n{lines}")
    assert len(findings) == 201
    assert findings[-1].code == "too-many-findings"


def test_a_program_may_stand_in_a_folder_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: movies\nruntime: yaml\nmain: program\n")
    (tmp_path / "program").mkdir()
    (tmp_path / "program" / "Main.yaml").write_text("outputs: {it: '${pulumi.project}', at: '${pulumi.cwd}'}\n")
    graph, findings = read(tmp_path, Environment(), lambda _, __: None)
    assert findings == ()
    assert outputs(graph) == {"it": "movies", "at": str(tmp_path.resolve() / "program")}


def test_a_program_may_be_json(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: movies\nruntime: yaml\n")
    (tmp_path / "Main.json").write_text('{"resources": {"a": {"type": "x:y:Z", "properties": {"p": 1}}}}')
    graph, findings = read(tmp_path, Environment(), lambda _, __: None)
    assert findings == ()
    (resource,) = graph.resources
    assert (resource.name, resource.properties) == ("a", {"p": 1})
    assert tmp_path.resolve() / "Main.json" in graph.files


@pytest.mark.parametrize("text", ["", "- a", "name: movies\nruntime: yaml\nresources: {a: b: c}", "a: !tag x"])
def test_what_is_no_program_is_a_finding(tmp_path: Path, text: str) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: movies\nruntime: yaml\n")
    (tmp_path / "Main.yaml").write_text(text)
    graph, findings = read(tmp_path, Environment(), lambda _, __: None)
    assert graph.resources == ()
    assert findings[0].severity is Severity.ERROR


def test_files_are_shown_as_the_path_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Pulumi.yaml").write_text(
        "name: movies\nruntime: yaml\noutputs:\n  a: ${nobody}\nresources:\n  r: {type: 'x:y:Z'}\n"
    )
    monkeypatch.chdir(tmp_path)
    graph, findings = read(Path("Pulumi.yaml"), Environment(), lambda _, __: None)
    assert [str(found.place) for found in findings] == ["Pulumi.yaml:4:6"]
    assert str(graph.resources[0].places.find()) == "Pulumi.yaml:6:3"


def test_a_rest_api_of_another_package_is_made_of_its_resources(program: Read) -> None:
    """https://www.pulumi.com/registry/packages/aws-apigateway/api-docs/restapi/."""
    graph, findings = program(
        """
        resources:
          fn:
            type: aws:lambda:Function
            properties: {name: films}
          api:
            type: aws-apigateway:RestAPI
            properties:
              routes:
                - {path: /, localPath: www}
                - {path: /films, method: GET, eventHandler: "${fn}"}
        outputs: {id: "${api.api.id}"}
        """
    )
    assert [(found.code, found.place.line) for found in findings if found.code == "static-route"] == [
        ("static-route", 8)
    ]
    assert [resource.type for resource in graph.resources][1:] == [
        "aws:apigateway/restApi:RestApi",
        "aws:apigateway/deployment:Deployment",
        "aws:apigateway/stage:Stage",
    ]
    assert "function:films/invocations" in str(graph.resources[1].properties["body"])
    assert graph.outputs[0].value == "id-of-api"


def test_a_rest_api_without_routes_is_told(program: Read) -> None:
    _, findings = program("resources: {api: {type: aws-apigateway:RestAPI, properties: {}}}")
    assert [(found.code, found.text) for found in findings] == [("bad-component", "api needs swaggerString or routes")]
