"""Makes crs-3.3.7.jsonl from an unpacked source of the OWASP Core Rule Set: `python extract.py FOLDER`.

The source is Debian's (`apt-get source modsecurity-crs=3.3.7-1+deb13u2`, from a deb-src line for trixie), Apache-2.0.
Kept of each stage of a test: its title, its rule, the rule's paranoia level, whether the rule has to match, and the
parts of the request that a detector looks at.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

FOLDERS = ("REQUEST-941-APPLICATION-ATTACK-XSS", "REQUEST-942-APPLICATION-ATTACK-SQLI")
WATCHED = ("User-Agent", "Referer", "Cookie")
TARGET = Path(__file__).with_name("crs-3.3.7.jsonl")


def levels(source: Path) -> dict[str, int]:
    """Each rule's paranoia level, from its tag."""
    found = {}
    for name in FOLDERS:
        text = (source / "rules" / f"{name}.conf").read_text(encoding="utf-8")
        for rule, rest in re.findall(r"id:(\d+),((?:.|\n)*?)(?=\n\s*\n|\Z)", text):
            if level := re.search(r"paranoia-level/(\d)", rest):
                found[rule] = int(level[1])
    return found


def stages(source: Path) -> Iterator[dict[str, Any]]:
    """Each stage of each test; the tests of a file alternate between what was tuned on and what was held out."""
    known = levels(source)
    for name in FOLDERS:
        for index, path in enumerate(sorted((source / "tests/regression/tests" / name).glob("*.yaml"))):
            for number, test in enumerate(yaml.safe_load(path.read_text(encoding="utf-8"))["tests"], start=index):
                for stage in test["stages"]:
                    given, output = stage["stage"]["input"], stage["stage"]["output"]
                    sent = {key: str(value) for key, value in given.get("headers", {}).items() if key in WATCHED}
                    yield {
                        "title": test["test_title"],
                        "level": known[path.stem],
                        "half": "tuned" if number % 2 == 0 else "held out",
                        "expected": "log_contains" in output,
                        "uri": given.get("uri") or "/",
                        "headers": {key: value for key, value in sent.items() if value != "ModSecurity CRS 3 Tests"},
                        "body": given.get("data") or "",
                    }


def main() -> None:
    lines = [json.dumps(stage, ensure_ascii=True) for stage in stages(Path(sys.argv[1]))]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
