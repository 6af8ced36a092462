"""Any manifest of an assembly, and any list of assets, is read or is a finding; nothing else comes of it."""

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inferway.faults import Finding
from inferway.formats.cdk.manifest import read_assembly

SIMPLE = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
TEXTS = st.text(max_size=8)
ANY = st.recursive(SIMPLE, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3))
NAMES = st.sampled_from(["", ".", "..", "/", "s.json", "a.json", "../x", "\0", "x" * 300, "missing"]) | TEXTS
TYPES = st.sampled_from(["aws:cdk:asset", "aws:cdk:logicalId", "aws:cdk:warning", "aws:cdk:error"])
ARTIFACT = st.fixed_dictionaries(
    {"type": st.sampled_from(["aws:cloudformation:stack", "cdk:cloud-assembly", "cdk:asset-manifest", "other"])},
    optional={
        "environment": st.text(max_size=20) | ANY,
        "properties": st.fixed_dictionaries(
            {}, optional=dict.fromkeys(("templateFile", "directoryName", "file", "parameters"), NAMES | ANY)
        ),
        "metadata": st.dictionaries(
            st.text(max_size=5), st.lists(st.fixed_dictionaries({"type": TYPES}, optional={"data": ANY}), max_size=2)
        ),
        "additionalMetadataFile": NAMES,
        "dependencies": st.lists(st.text(max_size=4), max_size=2),
    },
)
MANIFEST = st.fixed_dictionaries(
    {"artifacts": st.dictionaries(st.text(max_size=4), ARTIFACT, max_size=4)}, optional={"missing": ANY}
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(manifest=MANIFEST | ANY, assets=ANY)
def test_a_manifest_is_read_or_reported(tmp_path: Path, manifest: Any, assets: Any) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    (tmp_path / "a.json").write_text(json.dumps({"files": assets}), "utf-8")
    findings: list[Finding] = []
    assembly = read_assembly(tmp_path, findings)
    assert len(assembly.files) <= 100
    inside = [stack.template.resolve().is_relative_to(tmp_path.resolve()) for stack in assembly.stacks]
    assert all(inside)
