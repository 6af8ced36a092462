"""Templates as a whole: what is recognised, what becomes of their sections, and bad input."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from inferway.formats.arm import reader
from inferway.formats.resources import Environment

Templates = Any

API = "Test.Api/service"
GROUP = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local"


def resource(name: str, kind: str = API, **more: Any) -> dict[str, Any]:
    return {"type": kind, "apiVersion": "2020-01-01", "name": name, **more}


def nested(name: str, **properties: Any) -> dict[str, Any]:
    return resource(name, "Microsoft.Resources/deployments", properties=properties)


@pytest.mark.parametrize(
    ("name", "text", "recognised"),
    [
        (
            "a.json",
            '{"$schema": "https://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#"}',
            True,
        ),
        ("a.json", '{"$schema": "https://x/2018-05-01/subscriptionDeploymentTemplate.json#"}', True),
        ("a.json", '{"$schema": "https://x/deploymentParameters.json#"}', False),
        ("a.json", '{"openapi": "3.0.0"}', False),
        ("main.bicep", "param x string", True),
        ("a.yaml", '{"$schema": "https://x/deploymentTemplate.json#"}', False),
    ],
)
def test_a_template_is_recognised_by_its_schema(tmp_path: Path, name: str, text: str, recognised: bool) -> None:
    (tmp_path / name).write_text(text)
    assert reader.recognises(tmp_path / name) is recognised
    assert not reader.recognises(tmp_path)
    assert not reader.recognises(tmp_path / "none.json")


def test_a_template_that_is_too_large_is_recognised_and_refused(tmp_path: Path) -> None:
    path = tmp_path / "main.json"
    path.write_text('{"$schema": "https://x/deploymentTemplate.json#", "x": "' + "y" * 20_000_000 + '"}')
    assert reader.recognises(path)
    graph, (finding,) = reader.read(path, Environment(), lambda *_: None)
    assert not graph.resources
    assert finding.code == "file-too-large"


def test_bicep_is_compiled_first(tmp_path: Path) -> None:
    (tmp_path / "main.bicep").write_text("param x string")
    graph, (finding,) = reader.read(tmp_path / "main.bicep", Environment(), lambda *_: None)
    assert not graph.resources
    assert "az bicep build --file main.bicep" in finding.text
    assert finding.severity == "error"


def test_comments_and_texts_over_lines_leave_places_as_they_are(templates: Templates) -> None:
    done = templates.read(
        """{
  // one
  "$schema": "https://x/deploymentTemplate.json#", /* two
  lines */
  "resources": [],
  "outputs": {
    "long": {"type": "string", "value": "[concat('a',
      '// b')]"},
    "wrong": {"type": "string", "value": "[nope()]"}
  }
}"""
    )
    assert done.outputs["long"] == "a// b"
    (finding,) = done.findings
    assert "azuredeploy.json:9:42: error" in finding


def test_a_comma_behind_the_last_is_overlooked(templates: Templates) -> None:
    """As in the vendor's own examples (azure-api-management-devops-resource-kit); a text keeps what it holds."""
    done = templates.read(
        """{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "resources": [], "outputs": {
    "a": {"type": "string", "value": "x, ]",},
    "b": {"type": "array", "value": [1, 2, // the last
    ]}, "c": {"type": "string", "value": "[nope()]",} /* and
    more */ ,
  },
}"""
    )
    (finding,) = done.findings
    assert "azuredeploy.json:5:42: error: there is no function nope" in finding
    assert (done.outputs["a"], done.outputs["b"]) == ("x, ]", [1, 2])


def test_an_escaped_bracket_is_no_expression(templates: Templates) -> None:
    outputs = {"a": {"type": "string", "value": "[[x]"}, "b": {"type": "string", "value": "[x] y"}}
    assert templates.read({"outputs": outputs}).outputs == {"a": "[x]", "b": "[x] y"}


def test_parameters_are_those_given_else_of_the_file_else_their_defaults(templates: Templates) -> None:
    kinds = {"s": "string", "i": "int", "b": "bool", "o": "object", "a": "array", "f": "string", "d": "string"}
    declared: dict[str, Any] = {name: {"type": kind} for name, kind in kinds.items()}
    declared["d"]["defaultValue"] = "[concat(parameters('s'), '!')]"
    templates.write(
        {"parameters": {"f": {"value": "of the file"}, "S": {"value": "not me"}}}, "azuredeploy.parameters.json"
    )
    outputs = {name: {"type": kind, "value": f"[parameters('{name}')]"} for name, kind in kinds.items()}
    done = templates.read(
        {"parameters": declared, "outputs": outputs}, s="hi", i="3", b="True", o='{"x": 1}', a="[1, 2]"
    )
    assert not done.findings
    assert done.outputs == {
        "s": "hi", "i": 3, "b": True, "o": {"x": 1}, "a": [1, 2], "f": "of the file", "d": "hi!",
    }  # fmt: skip
    assert templates.folder / "azuredeploy.parameters.json" in done.graph.files


def test_the_parameter_file_that_counts(templates: Templates) -> None:
    template = {
        "parameters": {"x": {"type": "string", "defaultValue": "default"}},
        "outputs": {"x": {"type": "string", "value": "[parameters('x')]"}},
    }

    def value(stack: str = "dev") -> object:
        done = templates.read(template, stack=stack)
        assert not done.findings
        return done.outputs["x"]

    def write(name: str, schema: str = "https://x/2019-04-01/deploymentParameters.json#") -> None:
        templates.write({"$schema": schema, "parameters": {"x": {"value": name}}}, name)

    write("parameters.json", schema="https://x/other.json")
    assert value() == "default"
    write("some.parameters.json")
    assert value() == "some.parameters.json"
    write("azuredeploy.parameters.json")
    assert value() == "azuredeploy.parameters.json"
    write("azuredeploy.parameters.prod.json")
    assert value() == "azuredeploy.parameters.json"
    assert value("prod") == "azuredeploy.parameters.prod.json"


def test_a_parameter_that_is_none_is_a_warning(templates: Templates) -> None:
    declared = {"parameters": {"serviceName": {"type": "string", "defaultValue": "x"}}}
    done = templates.read(declared, serviceNam="y", other="z")
    assert [finding.partition("warning: ")[2] for finding in done.findings] == [
        "the template has no parameter serviceNam (did you mean serviceName?) [unknown-parameter]"
    ]
    templates.write({"parameters": {"no": {"value": 1}}}, "azuredeploy.parameters.json")
    done = templates.read(declared)
    assert done.codes == ["unknown-parameter"]
    assert "azuredeploy.parameters.json:3:3: warning" in done.findings[0]


@pytest.mark.parametrize(
    ("declared", "given", "said"),
    [
        (
            {"type": "string"},
            {},
            "the parameter x has no default and no value; give --param x=VALUE [no-parameter-value]",
        ),
        ({"type": "string", "allowedValues": ["a", "b"]}, {"x": "c"}, "'c' is none of a, b"),
        ({"type": "int"}, {"x": "many"}, "the parameter x is of the type int, not 'many'"),
        ({"type": "int", "minValue": 3}, {"x": "2"}, "breaks minValue 3"),
        ({"type": "string", "maxLength": 2}, {"x": "abc"}, "breaks maxLength 2"),
        ({"type": "int", "defaultValue": "a"}, {}, "is of the type string, not int"),
        ({"type": "text", "defaultValue": "a"}, {}, "the parameter x has no type"),
    ],
)
def test_a_wrong_parameter_is_an_error(
    templates: Templates, declared: dict[str, Any], given: dict[str, str], said: str
) -> None:
    done = templates.read({"parameters": {"x": declared}}, **given)
    assert len(done.findings) == 1
    assert said in done.findings[0]


def test_a_secret_is_not_told(templates: Templates) -> None:
    done = templates.read(
        {
            "parameters": {"x": {"type": "securestring", "maxLength": 2}},
            "outputs": {"x": {"type": "string", "value": "[parameters('x')]"}},
        },
        x="hidden",
    )
    assert done.graph.outputs[0].secret
    assert "hidden" not in done.findings[0]


def test_what_a_secret_is_made_into_is_a_secret_too(templates: Templates) -> None:
    value = {"type": "string", "value": "[variables('made')]"}
    done = templates.read(
        {
            "parameters": {"x": {"type": "securestring", "defaultValue": "s"}},
            "variables": {"made": "[concat(parameters('x'), '!')]", "open": "o"},
            "outputs": {"a": value, "b": value, "c": {"type": "string", "value": "[variables('open')]"}},
        }
    )
    assert [output.secret for output in done.graph.outputs] == [True, True, False]


def test_loops_of_variables_properties_outputs_and_resources(templates: Templates) -> None:
    done = templates.read(
        {
            "variables": {
                "copy": [{"name": "top", "count": 2, "input": "[copyIndex('top', 1)]"}],
                "inner": {"copy": [{"name": "list", "count": 2, "input": {"n": "[copyIndex('list')]"}}], "x": 1},
            },
            "resources": [
                resource(
                    "[concat('a', copyIndex(5))]",
                    copy={"name": "loop", "count": 2},
                    properties={"copy": [{"name": "made", "count": 2, "input": "[copyIndex('made')]"}]},
                ),
                resource("b", dependsOn=["loop"]),
            ],
            "outputs": {
                "top": {"type": "array", "value": "[variables('top')]"},
                "inner": {"type": "object", "value": "[variables('inner')]"},
                "all": {"type": "array", "copy": {"count": 2, "input": "[concat('o', copyIndex())]"}},
            },
        }
    )
    assert not done.findings
    assert done.names == ["a5", "a6", "b"]
    assert done.graph.resources[0].properties["properties"] == {"made": [0, 1]}
    assert done.outputs == {
        "top": [1, 2],
        "inner": {"list": [{"n": 0}, {"n": 1}], "x": 1},
        "all": ["o0", "o1"],
    }


def test_children_get_their_parents_names_and_types(templates: Templates) -> None:
    child = resource("[concat('x', 'y')]", "apis", resources=[resource("policy", "policies")])
    done = templates.read({"resources": [resource("svc", resources=[child])]})
    assert [(made.type, made.properties["name"]) for made in done.graph.resources] == [
        (API, "svc"),
        (f"{API}/apis", "svc/xy"),
        (f"{API}/apis/policies", "svc/xy/policy"),
    ]


def test_a_dependency_may_be_named_by_its_path_behind_the_provider(templates: Templates) -> None:
    """As many of the vendor's quickstarts have it."""
    child = resource("x", "apis", dependsOn=["[concat('Test.Api/service/', 'svc')]"])
    after = resource("svc/y", f"{API}/apis", dependsOn=["Test.Api/service/svc/apis/x"])
    done = templates.read({"resources": [after, resource("svc", resources=[child])]})
    assert not done.findings
    assert done.names == ["svc", "svc/x", "svc/y"]


def test_what_bicep_makes_of_modules_and_texts(templates: Templates) -> None:
    """The shapes that `bicep build` writes: `$fxv`, optional values as null, types of its own, functions, symbols."""
    module = {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "languageVersion": "2.0",
        "contentVersion": "1.0.0.0",
        "definitions": {"kind": {"type": "string", "allowedValues": ["a", "b"]}},
        "functions": [
            {
                "namespace": "__bicep",
                "members": {
                    "shout": {
                        "parameters": [{"type": "string", "name": "word"}],
                        "output": {"type": "string", "value": "[toUpper(parameters('word'))]"},
                    }
                },
            }
        ],
        "parameters": {
            "kind": {"$ref": "#/definitions/kind", "defaultValue": "a"},
            "tags": {"type": "object", "nullable": True},
            "text": {"type": "string"},
        },
        "resources": {
            "apim": resource("svc", existing=True),
            "api": resource(
                "[format('{0}/{1}', 'svc', __bicep.shout(parameters('text')))]",
                f"{API}/apis",
                properties={
                    "tags": "[coalesce(tryGet(parameters('tags'), 'x'), 'none')]",
                    "kind": "[parameters('kind')]",
                    "url": "[reference('apim').url]",
                },
                dependsOn=["apim"],
            ),
        },
        "outputs": {"id": {"type": "string", "value": f"[resourceId('{API}/apis', 'svc', 'x')]"}},
    }
    done = templates.read(
        {
            "languageVersion": "2.0",
            "metadata": {"_generator": {"name": "bicep", "version": "0.30.0.0", "templateHash": "1"}},
            "variables": {"$fxv#0": "lines\nof text"},
            "resources": {
                "module": nested(
                    "[format('{0}-module', deployment().name)]",
                    expressionEvaluationOptions={"scope": "inner"},
                    mode="Incremental",
                    parameters={
                        "kind": "[if(true(), createObject('value', null()), createObject('value', 'b'))]",
                        "tags": {"value": None},
                        "text": {"value": "[substring(variables('$fxv#0'), 0, 5)]"},
                    },
                    template=module,
                )
            },
            "outputs": {"id": {"type": "string", "value": "[reference('module').outputs.id.value]"}},
        }
    )
    assert not done.findings
    assert done.names == ["svc", "svc/LINES"]
    assert done.graph.resources[1].properties["properties"] == {
        "tags": "none",
        "kind": "a",
        "url": "http://127.0.0.1:8080/svc",
    }
    assert done.outputs == {"id": f"{GROUP}/providers/Test.Api/service/svc/apis/x"}


def test_symbols_conditions_and_what_exists(templates: Templates) -> None:
    done = templates.read(
        {
            "languageVersion": "2.0",
            "resources": {
                "there": resource("there", existing=True),
                "one": resource("one", properties={"url": "[reference('there').url]"}),
                "left": resource("left", condition="[equals(1, 2)]"),
                "many": resource("[format('m{0}', copyIndex())]", copy={"name": "many", "count": 2}),
            },
            "outputs": {
                "one": {"type": "string", "value": "[reference('one').url]"},
                "full": {"type": "string", "value": "[reference('one', '2020-01-01', 'full').apiVersion]"},
                "many": {"type": "array", "value": "[map(references('many'), lambda('m', lambdaVariables('m').url))]"},
                "second": {"type": "string", "value": "[reference('many[1]').url]"},
                "not": {"type": "string", "condition": False, "value": "[reference('left').url]"},
            },
        }
    )
    assert not done.findings
    assert done.names == ["there", "one", "m0", "m1"]
    assert done.graph.resources[1].properties["properties"] == {"url": "http://127.0.0.1:8080/there"}
    assert done.outputs == {
        "one": "http://127.0.0.1:8080/one",
        "full": "2020-01-01",
        "many": ["http://127.0.0.1:8080/m0", "http://127.0.0.1:8080/m1"],
        "second": "http://127.0.0.1:8080/m1",
    }


def test_a_listed_secret_and_what_stands_outside_of_the_template(templates: Templates) -> None:
    done = templates.read(
        {
            "resources": [resource("svc/a", f"{API}/apis")],
            "outputs": {
                "key": {"type": "string", "value": f"[listKeys(resourceId('{API}', 'svc'), '2020-01-01').key]"},
                "url": {"type": "string", "value": f"[reference(resourceId('{API}', 'svc')).url]"},
                "old": {"type": "string", "value": f"[reference(resourceId('{API}', 'svc'), '2018-01-01').key]"},
            },
        }
    )
    assert not done.findings
    assert done.outputs == {"key": "secret of svc", "url": "http://127.0.0.1:8080/svc", "old": "secret of svc"}
    assert [output.secret for output in done.graph.outputs] == [True, False, True]
    assert sorted(done.names) == ["svc", "svc/a"]


def test_an_output_that_nobody_models_is_traceable(templates: Templates) -> None:
    done = templates.read(
        {
            "resources": [resource("site", "Microsoft.Web/sites")],
            "outputs": {"host": {"type": "string", "value": "[concat('https://', reference('site').hosts[0].name)]"}},
        }
    )
    assert done.outputs == {"host": "https://local::site::hosts::0::name"}
    assert done.codes == ["unmodelled-attribute"]
    assert ": note: " in done.findings[0]


def test_functions_of_the_template(templates: Templates) -> None:
    functions = [
        {
            "namespace": "contoso",
            "members": {
                "twice": {
                    "parameters": [{"name": "word", "type": "string"}],
                    "output": {"type": "string", "value": "[concat(parameters('word'), parameters('word'))]"},
                }
            },
        }
    ]
    assert templates.value("contoso.twice('ab')", functions=functions) == "abab"
    assert "did you mean contoso.twice?" in templates.error("contoso.twise('ab')", functions=functions)
    assert "takes 1 arguments, not 2" in templates.error("contoso.twice('a', 'b')", functions=functions)


def test_deployments_within_with_their_own_scope_or_this_one(templates: Templates) -> None:
    def template(value: str) -> dict[str, Any]:
        return {
            "parameters": {"name": {"type": "string", "defaultValue": "inner"}},
            "resources": [resource("[concat(parameters('name'), '-svc')]")],
            "outputs": {"given": {"type": "string", "value": value}},
        }

    done = templates.read(
        {
            "parameters": {"name": {"type": "string", "defaultValue": "outer"}},
            "resources": [
                nested(
                    "in",
                    expressionEvaluationOptions={"scope": "inner"},
                    parameters={"name": {"value": "[concat('from-', parameters('name'))]"}},
                    template=template(f"[reference(resourceId('{API}', 'from-outer-svc')).url]"),
                ),
                nested("out", template=template("[parameters('name')]")),
            ],
            "outputs": {
                "in": {"type": "string", "value": "[reference('in').outputs.given.value]"},
                "out": {"type": "string", "value": "[reference('out').outputs.given.value]"},
                "wrong": {"type": "string", "value": "[reference('out').outputs.nothing.value]"},
            },
        }
    )
    assert done.names == ["from-outer-svc", "outer-svc"]
    assert done.outputs["in"] == "http://127.0.0.1:8080/from-outer-svc"
    assert done.outputs["out"] == "outer"
    assert done.codes == ["undefined-property"]


def test_linked_templates_are_files_here(templates: Templates) -> None:
    linked = {
        "$schema": "https://x/deploymentTemplate.json#",
        "parameters": {"n": {"type": "string"}},
        "resources": [resource("[parameters('n')]", properties={"x": "[nope()]"})],
    }
    path = templates.write(linked, "nested/svc.json")
    away = "https://raw.githubusercontent.com/someone/repo/main/nested/svc.json"
    done = templates.read(
        {
            "resources": [
                nested("a", templateLink={"relativePath": "nested/svc.json"}, parameters={"n": {"value": "one"}}),
                nested(
                    "b",
                    templateLink={"uri": "[uri(deployment().properties.templateLink.uri, 'nested/svc.json')]"},
                    parameters={"n": {"value": "two"}},
                ),
                nested("c", templateLink={"uri": away}, parameters={"n": {"value": "three"}}),
                nested("d", templateLink={"relativePath": "nested/none.json"}),
            ]
        }
    )
    assert done.names == ["one", "two", "three"]
    assert path in done.graph.files
    assert done.codes == ["unknown-function", "unserved-link"]
    assert done.findings[0].startswith(str(path))


def _linking(*names: str) -> dict[str, Any]:
    links = [nested(f"{name}{at}", templateLink={"relativePath": name}) for at, name in enumerate(names)]
    return {"$schema": "https://x/deploymentTemplate.json#", "resources": links}


def test_templates_that_link_to_each_other_without_end_are_told(templates: Templates) -> None:
    templates.write(_linking(*["azuredeploy.json"] * 3), "a.json")
    done = templates.read(_linking(*["a.json"] * 3))
    assert set(done.codes) == {"circular-link", "duplicate-resource"}
    assert any("a.json → azuredeploy.json → a.json" in each for each in done.findings)


def test_a_template_that_links_to_itself_with_other_values_may_come_to_an_end(templates: Templates) -> None:
    again = nested(
        "again",
        templateLink={"relativePath": "count.json"},
        parameters={"n": {"value": "[sub(parameters('n'), 1)]"}},
    )
    again["condition"] = "[greater(parameters('n'), 1)]"
    again["name"] = "[concat('again', parameters('n'))]"
    counting = {**_linking(), "parameters": {"n": {"type": "int"}}}
    counting["resources"] = [resource("[concat('svc', parameters('n'))]"), again]
    templates.write(counting, "count.json")
    start = nested("d", templateLink={"relativePath": "count.json"}, parameters={"n": {"value": 3}})
    done = templates.read({"resources": [start]})
    assert (sorted(map(str, done.names)), done.findings) == (["svc1", "svc2", "svc3"], [])


def test_deployments_that_fan_out_end_at_what_a_resource_group_holds(templates: Templates) -> None:
    # "Azure subscription and service limits": 800 deployments in a resource group's history.
    for level in range(8):
        templates.write(_linking(*[f"t{level + 1}.json"] * 5), f"t{level}.json")
    templates.write(_linking(), "t8.json")
    (finding,) = [each for each in templates.read(_linking("t0.json")).findings if "too-large" in each]
    assert "more than 800 deployments" in finding
    assert str(templates.folder / "t") in finding


@pytest.mark.parametrize(
    ("template", "code", "said"),
    [
        (
            {"resources": [resource("a", dependsOn=["b"]), resource("b", dependsOn=["a"])]},
            "circular-reference",
            "a → b → a depend on each other",
        ),
        (
            {
                "resources": [
                    resource("a", properties={"x": "[reference('b').url]"}),
                    resource("b", properties={"x": "[reference('a').url]"}),
                ]
            },
            "circular-reference",
            "a → b → a refer to each other",
        ),
        (
            {"variables": {"a": "[variables('b')]", "b": "[variables('a')]"}},
            "circular-reference",
            "a → b → a refer to each other",
        ),
        (
            {
                "resources": [
                    resource("movies"),
                    resource("b", dependsOn=["[resourceId('Test.Api/service', 'moveis')]"]),
                ]
            },
            "undefined-name",
            "did you mean movies?",
        ),
        ({"resources": [resource("a"), resource("A")]}, "duplicate-resource", "declared twice"),
        ({"resources": [resource("a/b/c")]}, "bad-name", "the name 'a/b/c' has 3 parts"),
        ({"resources": [{"type": API}]}, "bad-resource", "needs a name"),
        ({"resources": [{"type": "apis", "name": "x"}]}, "bad-type", "not 'apis'"),
        ({"resources": ["x"]}, "bad-resource", "an object with a type"),
        ({"resources": "x"}, "bad-section", "an array or an object"),
        ({"resources": [resource("x", copy={"name": "l", "count": 100_000})]}, "bad-copy", "0 to 1,000, not 100000"),
        ({"resources": [resource("x", copy={"name": "l", "count": "[createArray()]"})]}, "bad-copy", "not []"),
        ({"resources": [resource("x", condition="yes")]}, "bad-condition", "true or false"),
        ({"resources": [nested("d")]}, "bad-deployment", "no template"),
        ({"outputs": {"x": {"type": "string"}}}, "bad-output", "needs a value"),
        ({"output": {}}, "unknown-section", "did you mean outputs?"),
        (
            {
                "resources": [resource("a", condition=False)],
                "outputs": {"x": {"type": "string", "value": "[reference('a').url]"}},
            },
            "undefined-name",
            "left out by its condition",
        ),
    ],
)
def test_a_mistake_in_a_template_is_one_finding(
    templates: Templates, template: dict[str, Any], code: str, said: str
) -> None:
    done = templates.read(template)
    assert done.codes == [code]
    assert said in done.findings[0]


def _doubling(levels: int) -> dict[str, Any]:
    variables = {f"v{n}": f"[concat(variables('v{n - 1}'), variables('v{n - 1}'))]" for n in range(1, levels)}
    return {"variables": {"v0": "x" * 100, **variables}}


def _shared(levels: int) -> dict[str, Any]:
    variables = {f"v{n}": f"[createArray(variables('v{n - 1}'), variables('v{n - 1}'))]" for n in range(1, levels)}
    return {"variables": {"v0": [], **variables}}


def _copies() -> dict[str, Any]:
    inner = {"copy": [{"name": "p", "count": 1000, "input": "[copyIndex('p')]"}]}
    return {
        "resources": [resource("[concat('a', copyIndex())]", copy={"name": "l", "count": 1000}, properties=inner)] * 9
    }


def _recursive() -> dict[str, Any]:
    return {"resources": [nested(name, templateLink={"relativePath": "azuredeploy.json"}) for name in ("a", "b")]}


def _maps() -> dict[str, Any]:
    inner = "map(range(0, 10000), lambda('y', add(lambdaVariables('x'), lambdaVariables('y'))))"
    return {"variables": {"v": f"[map(range(0, 10000), lambda('x', {inner}))]"}}


def _searches() -> dict[str, Any]:
    inner = "contains(variables('all'), lambdaVariables('x'))"
    return {"variables": {"all": "[range(0, 9999)]", "v": f"[map(range(10000, 9999), lambda('x', {inner}))]"}}


def _chain(length: int) -> dict[str, Any]:
    variables = {f"v{n}": f"[variables('v{n + 1}')]" for n in range(length)}
    return {"variables": {**variables, f"v{length}": "x"}}


def _references(length: int) -> dict[str, Any]:
    return {"resources": [resource(f"r{n}", properties={"x": f"[reference('r{n + 1}').url]"}) for n in range(length)]}


@pytest.mark.parametrize(
    ("template", "code"),
    [
        (_doubling(60), "too-large"),
        (_shared(60), "too-large"),
        (_copies(), "too-large"),
        (_recursive(), "circular-link"),
        (_maps(), "too-large"),
        (_searches(), "too-large"),
        (_chain(5_000), "too-deep"),
        (_references(500), "too-deep"),
        ({"variables": {"v": f"[{'concat(' * 200}'a'{')' * 200}]"}}, "bad-expression"),
        ({"variables": {"v": f"[concat('{'a' * 30_000}')]"}}, "bad-expression"),
    ],
)
def test_what_would_grow_without_end_is_given_up_soon(
    templates: Templates, template: dict[str, Any], code: str
) -> None:
    done = templates.read(template)
    assert code in done.codes
    found = next(each for each in done.findings if f"[{code}]" in each)
    assert re.search(r"azuredeploy\.json:\d+:\d+: error", found), "the finding has a line and a column"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "json-syntax"),
        ("{", "json-syntax"),
        ("[]", "not-arm"),
        ("{}", "not-arm"),
        ('{"resources": ' + "[" * 5_000 + "]" * 5_000 + "}", "too-deep"),
        (json.dumps({"x": "y" * 7_000_000}), "file-too-large"),
        ('{"resources": [], "resources": []}', "duplicate-key"),
    ],
)
def test_what_is_no_template_is_an_error(templates: Templates, text: str, code: str) -> None:
    done = templates.read(text)
    assert done.codes == [code]
    assert not done.graph.resources


def test_types_of_a_templates_own(templates: Templates) -> None:
    """The page on type definitions: each of their words holds, wherever a value of the type stands."""
    definitions = {
        "settings": {
            "type": "object",
            "properties": {
                "count": {"type": "int", "minValue": 1},
                "tier": {"$ref": "#/definitions/tier"},
                "note": {"type": "string", "nullable": True},
            },
            "additionalProperties": False,
        },
        "tier": {"type": "string", "allowedValues": ["gold", "plain"]},
        "names": {"type": "array", "items": {"type": "string", "maxLength": 3}},
        "pair": {"type": "array", "prefixItems": [{"type": "int"}, {"type": "string"}], "items": False},
        "shape": {
            "type": "object",
            "discriminator": {
                "propertyName": "kind",
                "mapping": {"round": {"type": "object", "properties": {"radius": {"type": "int"}}}},
            },
        },
        "numbers": {"type": "object", "properties": {}, "additionalProperties": {"type": "int"}},
    }

    def findings(name: str, value: object) -> list[str]:
        parameters = {"it": {"$ref": f"#/definitions/{name}", "defaultValue": value}}
        done = templates.read({"languageVersion": "2.0", "definitions": definitions, "parameters": parameters})
        assert all(found.endswith("[bad-parameter-value]") for found in done.findings)
        return [found.partition("the parameter it: ")[2].rpartition(" [")[0] for found in done.findings]

    assert findings("settings", {"count": 1, "tier": "GOLD"}) == []
    assert findings("settings", {"count": 0, "tier": "red", "cuont": 1}) == [
        "count: '0' breaks minValue 1",
        "tier: 'red' is none of gold, plain",
        "its value may not have the property cuont (did you mean count?)",
    ]
    assert findings("settings", {"tier": "gold", "note": 3}) == [
        "its value has no property count",
        "note: '3' is of the type int, not string",
    ]
    assert findings("tier", "red") == ["'red' is none of gold, plain"]
    assert findings("names", ["abc", "abcd", 1]) == [
        "[1]: 'abcd' breaks maxLength 3",
        "[2]: '1' is of the type int, not string",
    ]
    assert findings("pair", [1, "a"]) == []
    assert findings("pair", ["a"]) == ["[0]: 'a' is of the type string, not int", "its value has no item 1"]
    assert findings("pair", [1, "a", 2]) == ["its value may have 2 items, not 3"]
    assert findings("shape", {"kind": "round", "radius": "x"}) == ["radius: 'x' is of the type string, not int"]
    assert findings("shape", {"kind": "square"}) == ["kind must be one of round"]
    assert findings("numbers", {"a": 1, "b": "x"}) == ["b: 'x' is of the type string, not int"]


def test_a_type_that_leads_to_itself_is_followed_only_as_far_as_the_value(templates: Templates) -> None:
    tree = {"type": "object", "properties": {"next": {"$ref": "#/definitions/tree", "nullable": True}}}
    circle = {"$ref": "#/definitions/circle"}
    done = templates.read(
        {
            "definitions": {"tree": tree, "circle": circle},
            "parameters": {"it": {"$ref": "#/definitions/tree", "defaultValue": {"next": {"next": {"next": 1}}}}},
        }
    )
    assert done.codes == ["bad-parameter-value"]
    assert "next.next.next: '1' is of the type int, not object" in done.findings[0]
    parameters = {"it": {"$ref": "#/definitions/circle", "defaultValue": 1}}
    assert templates.read({"definitions": {"circle": circle}, "parameters": parameters}).codes == ["bad-parameter"]


def test_case_does_not_count_among_allowed_values(templates: Templates) -> None:
    """Azure/bicep, issue 2489: the service takes `eastus` where `EastUS` is allowed."""
    tier = {"type": "string", "allowedValues": ["Gold", "Plain"]}
    assert not templates.read({"parameters": {"tier": tier}}, tier="gold").findings
    assert templates.read({"parameters": {"tier": tier}}, tier="red").codes == ["bad-parameter-value"]


def test_a_condition_leaves_out_its_resource_and_not_the_children(templates: Templates) -> None:
    """Conditional deployment "doesn't cascade to child resources": they are those of what exists already."""
    child = {"type": "apis", "apiVersion": "1", "name": "a", "properties": {}}
    done = templates.read({"resources": [resource("svc", condition=False, resources=[child])]})
    assert not done.findings
    assert done.names == ["svc/a", "svc"]


def test_a_loop_has_one_of_two_modes(templates: Templates) -> None:
    def read(mode: str) -> Any:
        copy = {"name": "loop", "count": 2, "mode": mode, "batchSize": 1}
        return templates.read({"resources": [resource("[concat('a', copyIndex())]", copy=copy)]})

    assert not read("Serial").findings
    (finding,) = read("serail").findings
    assert "a loop's mode is parallel or serial, not 'serail' [bad-copy]" in finding


def test_an_output_is_of_its_type(templates: Templates) -> None:
    """The page on outputs: an output has a type, and a value of another is refused."""
    done = templates.read(
        {
            "definitions": {"tier": {"type": "string", "allowedValues": ["gold"]}},
            "outputs": {
                "fits": {"type": "array", "value": [1]},
                "number": {"type": "int", "value": "abc"},
                "hidden": {"type": "securestring", "value": 5},
                "untyped": {"value": "x"},
                "own": {"$ref": "#/definitions/tier", "value": "red"},
            },
        }
    )
    assert done.codes == ["bad-output"] * 4
    said = [finding.partition("the output ")[2].rpartition(" [")[0] for finding in done.findings]
    assert said == [
        "number: 'abc' is of the type string, not int",
        "hidden: its value is of the type int, not string",
        "untyped needs a type",
        "own: 'red' is none of gold",
    ]


def test_parameters_of_a_deployment_within(templates: Templates) -> None:
    inner = {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {"name": {"type": "string"}, "count": {"type": "int"}},
        "resources": [],
    }
    options = {"scope": "inner"}
    given = {"nmae": {"value": "x"}, "count": {"value": 1}}
    module = nested("module", expressionEvaluationOptions=options, parameters=given, template=inner)
    done = templates.read({"resources": [module]})
    assert done.codes == ["unknown-parameter", "no-parameter-value"]
    assert "the template has no parameter nmae (did you mean name?)" in done.findings[0]
    assert "the parameter name has no default and no value; the deployment module gives none" in done.findings[1]


@pytest.mark.parametrize(
    "made",
    ["split({}, '/')[2]", "substring({}, 3, 40)", "int({})", "last(split({}, '.'))", "json({}).a", "first({}[0])"],
)
def test_what_is_made_of_something_that_nobody_knows_is_as_unknown(templates: Templates, made: str) -> None:
    """As compiled Bicep does with the endpoints of resources that have no model here."""
    site = {"type": "Other.Web/sites", "apiVersion": "1", "name": "x", "properties": {}}
    given, unknown = "parameters('url')", "reference(resourceId('Other.Web/sites', 'x')).endpoint"
    inner = {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {"url": {"type": "string"}},
        "resources": [],
        "outputs": {"o": {"type": "string", "value": f"[string({made.format(given)})]"}},
    }
    module = nested(
        "m",
        expressionEvaluationOptions={"scope": "inner"},
        parameters={"url": {"value": f"[{unknown}]"}},
        template=inner,
    )
    outputs = {"o": {"type": "string", "value": f"[string({made.format(unknown)})]"}}
    done = templates.read({"resources": [site, module], "outputs": outputs})
    assert set(done.codes) == {"unmodelled-attribute"}
    assert str(done.outputs["o"]).startswith("local::x::endpoint")
