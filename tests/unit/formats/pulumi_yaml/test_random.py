"""The provider `random` in YAML: values as its pages have them, https://www.pulumi.com/registry/packages/random/."""

from collections.abc import Callable
from typing import Any

Read = Callable[..., Any]

PROGRAM = """\
resources:
  suffix:
    type: random:RandomString
    properties: {length: 6, special: false, upper: false}
  password:
    type: random:RandomPassword
    properties: {length: 12}
  bytes:
    type: random:index/randomId:RandomId
    properties: {byteLength: 4, prefix: p-}
  bucket:
    type: aws:s3:Bucket
    properties: {bucket: "models-${suffix.result}"}
outputs:
  name: ${suffix.result}
  secret: ${password.result}
  hex: ${bytes.hex}
"""


def test_values_are_made_and_stay_and_are_no_resources_of_a_cloud(program: Read) -> None:
    graph, findings = program(PROGRAM, secret=b"one")
    assert findings == ()
    outputs = {output.name: output for output in graph.outputs}
    name = outputs["name"].value
    assert len(name) == 6
    assert name.isalnum()
    assert name == name.lower()
    assert len(outputs["secret"].value) == 12
    assert [each.name for each in graph.outputs if each.secret] == ["secret"]
    assert outputs["hex"].value.startswith("p-")
    assert len(outputs["hex"].value) == 2 + 8
    (bucket,) = graph.resources
    assert bucket.properties == {"bucket": f"models-{name}"}
    again, _ = program(PROGRAM, secret=b"one")
    assert again.outputs == graph.outputs
    other, _ = program(PROGRAM, secret=b"two")
    assert other.outputs != graph.outputs


def test_what_cannot_be_made_is_an_error_in_its_line(program: Read) -> None:
    text = "resources:\n  n: {type: random:RandomInteger, properties: {min: 5, max: 1}}\n"
    graph, findings = program(text)
    (finding,) = findings
    assert (finding.code, finding.place.line) == ("bad-random", 4)
    assert "min is no whole number up to max" in finding.text
    assert graph.resources == ()
