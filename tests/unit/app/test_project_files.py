from pathlib import Path

from inferway.app.project_files import code_of, read_beside, scripts_below, stamp
from inferway.definition.bindings import BoundFunction, CodePart


def written(folder: Path, *names: str) -> None:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name, "utf-8")


def test_programs_are_found_but_not_what_was_installed(tmp_path: Path) -> None:
    written(tmp_path, "index.mjs", "lib/part.py", "notes.md", "node_modules/a/index.js", ".venv/lib/b.py")
    assert scripts_below(tmp_path) == [tmp_path / "index.mjs", tmp_path / "lib" / "part.py"]


def test_a_hidden_folder_may_hold_the_project_itself(tmp_path: Path) -> None:
    written(tmp_path, ".work/shop/app.py", ".work/shop/policy.xml")
    program = tmp_path / ".work" / "shop" / "app.py"
    assert read_beside((program,)) == [program.with_name("policy.xml")]


def test_what_a_program_in_typescript_may_have_read(tmp_path: Path) -> None:
    written(tmp_path, "index.ts", "api.ts", "schema.graphql", "picture.png")
    assert read_beside((tmp_path / "index.ts",)) == [
        tmp_path / name for name in ("api.ts", "index.ts", "schema.graphql")
    ]
    assert read_beside((tmp_path / "template.yaml",)) == []


def test_a_function_changes_with_its_archives_and_layers(tmp_path: Path) -> None:
    written(tmp_path, "code/index.py", "layer.zip", "part.js")
    function = BoundFunction(
        name="f",
        code=(CodePart(path=str(tmp_path / "code")), CodePart(path=str(tmp_path / "part.js"), at="part.js")),
        layers=(CodePart(path=str(tmp_path / "layer.zip")), CodePart(text="x", at="x.txt")),
        handler="index.handler",
    )
    assert code_of(function) == [tmp_path / "code" / "index.py", tmp_path / "part.js", tmp_path / "layer.zip"]


def test_a_file_that_is_gone_has_a_stamp_too(tmp_path: Path) -> None:
    assert stamp(tmp_path / "gone") == (0, 0)
