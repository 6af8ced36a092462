"""Makes cases.jsonl and text_cases.jsonl from Jayway json-path itself; needs a JDK (17 was used).

json-path 2.10.0 with json-smart 2.6.0 comes from the local Maven repository and gives `result`; 2.0.0 is Debian's
libjsonpath-java and gives `older` where it differs. Run `python tests/fidelity/jsonpath/make_cases.py`.
"""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DEBIAN = Path("/usr/share/java")
MAVEN = Path.home() / ".m2" / "repository"
JACKSON = [DEBIAN / f"jackson-{name}.jar" for name in ("databind", "core", "annotations")]
OLDER = [
    *JACKSON,
    *(DEBIAN / f"{name}.jar" for name in ("json-path-2.0.0", "json-smart", "accessors-smart-1.1")),
    *(DEBIAN / f"{name}.jar" for name in ("slf4j-api", "slf4j-nop", "asm")),
]
NEWER = [
    *JACKSON,
    MAVEN / "com/jayway/jsonpath/json-path/2.10.0/json-path-2.10.0.jar",
    MAVEN / "net/minidev/json-smart/2.6.0/json-smart-2.6.0.jar",
    MAVEN / "net/minidev/accessors-smart/2.5.2/accessors-smart-2.5.2.jar",
    MAVEN / "org/slf4j/slf4j-api/2.0.17/slf4j-api-2.0.17.jar",
    MAVEN / "org/slf4j/slf4j-nop/2.0.17/slf4j-nop-2.0.17.jar",
    MAVEN / "org/ow2/asm/asm/9.7.1/asm-9.7.1.jar",
]


def ask(jars: list[Path], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the Java program makes of the rows."""
    path = ":".join(map(str, jars))
    with tempfile.TemporaryDirectory() as classes:
        source = str(HERE / "oracle" / "JsonPathOracle.java")
        subprocess.run(["javac", "-cp", path, "-d", classes, source], check=True)
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        command = ["java", "-cp", f"{classes}:{path}", "JsonPathOracle"]
        done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True, encoding="utf-8")
    return [json.loads(line) for line in done.stdout.split("\n") if line]


def outcome(answer: dict[str, Any]) -> dict[str, Any]:
    """The part of an answer that says what came out."""
    if "error" in answer:
        return {"error": answer["error"]}
    return {"result": answer["result"], "json": answer["json"]}


def main() -> None:
    """Asks both releases and writes the answers beside this file."""
    documents = json.loads((HERE / "documents.json").read_text(encoding="utf-8"))
    questions = json.loads((HERE / "questions.json").read_text(encoding="utf-8"))
    asked = [(name, path) for name, paths in questions["paths"].items() for path in paths]
    asked += [("items", f"$.i[?({condition})]") for condition in questions["filters"]]
    rows = [{"path": path, "document": documents[name]} for name, path in asked]
    cases = []
    for (name, path), newer, older in zip(asked, ask(NEWER, rows), ask(OLDER, rows), strict=True):
        case = {"path": path, "document": name, "definite": newer.get("definite"), **outcome(newer)}
        if outcome(newer) != outcome(older):
            case["older"] = outcome(older)
        cases.append(case)
    (HERE / "cases.jsonl").write_text("".join(json.dumps(case) + "\n" for case in cases), encoding="utf-8")
    rows = [{"path": "$", "text": text} for text in questions["texts"]]
    answers = [{"text": row["text"], **outcome(answer)} for row, answer in zip(rows, ask(NEWER, rows), strict=True)]
    (HERE / "text_cases.jsonl").write_text("".join(json.dumps(one) + "\n" for one in answers), encoding="utf-8")


if __name__ == "__main__":
    main()
