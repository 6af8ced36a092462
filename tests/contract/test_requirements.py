"""The pinned requirements agree: an environment that is here already would not show that a new one cannot be made."""

from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]

# The CDK and the model servers of the tests have environments of their own.
APART = {ROOT / "requirements/cdk.txt", ROOT / "requirements/peers.txt"}
TOGETHER = (*sorted(set(ROOT.glob("requirements/*.txt")) - APART),)
PINS = (*TOGETHER, *sorted(ROOT.glob("examples/*/requirements.txt")))


def test_what_is_installed_together_is_pinned_once() -> None:
    versions: defaultdict[str, set[str]] = defaultdict(set)
    for file in PINS:
        for line in file.read_text(encoding="utf-8").splitlines():
            name, pinned, version = line.partition("==")
            if pinned:
                versions[name.strip().lower().replace("_", "-")].add(version.split(";")[0].strip())
    assert len(versions) > 50
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}
