"""inferway.toml's tables of functions, tables, training, parameters, other stacks, folders and bound URLs."""

from pathlib import Path

import pytest

from inferway.app.bindings_file import read_bindings
from inferway.definition.bindings import Bindings, BoundTable


def read(tmp_path: Path, text: str, **environment: str) -> tuple[Bindings, list[str]]:
    file = tmp_path / "inferway.toml"
    file.write_text(text)
    (tmp_path / "f").mkdir(exist_ok=True)
    bindings, findings = read_bindings(file, environment)
    return bindings, [str(finding).removeprefix(str(tmp_path) + "/") for finding in findings]


def test_a_function_runs_from_a_folder_or_is_elsewhere(tmp_path: Path) -> None:
    text = '[functions.a]\npath = "./f"\nhandler = "h.g"\ntimeout = 9\n[functions."arn:aws:lambda:x"]\nurl = "http://h:1"\n'
    bindings, findings = read(tmp_path, text)
    assert findings == []
    one = bindings.functions["a"]
    assert (one.path, one.handler, one.timeout, one.concurrency, one.memory) == (
        str(tmp_path / "f"),
        "h.g",
        9,
        10,
        0,
    )
    assert bindings.functions["arn:aws:lambda:x"].url == "http://h:1"


def test_a_function_with_an_arn_is_bound_by_it(tmp_path: Path) -> None:
    arn = "arn:aws:lambda:us-west-2:000000000000:function:a"
    bindings, findings = read(tmp_path, f'[functions.a]\npath = "f"\nhandler = "h.g"\narn = "{arn}"\n')
    assert bindings.functions == {}
    assert len(findings) == 1
    assert f'[functions."{arn}"]' in findings[0]


def test_a_function_s_environment_is_looked_up(tmp_path: Path) -> None:
    text = '[functions.a]\npath = "f"\nhandler = "h.g"\nenvironment = { TOKEN = "env:T" }\n'
    bindings, findings = read(tmp_path, text, T="secret")
    assert (findings, bindings.functions["a"].environment) == ([], {"TOKEN": "secret"})


def test_tables_training_parameters_and_stacks(tmp_path: Path) -> None:
    bindings, findings = read(
        tmp_path,
        '[tables.models]\npartition_key = "id:N"\nsort_key = "at"\n'
        '[training.t]\nimage = "i:1"\npath = "f"\n'
        '[parameters]\nname = "a"\ncount = 3\nrate = 0.5\non = true\nsecret = "env:S"\n'
        '[stack_references."org/net/prod"]\nvpc = "vpc-1"\nnested = { key = "env:S" }\nlist = ["a", "env:S"]\n',
        S="from outside",
    )
    assert findings == []
    assert bindings.tables == {"models": BoundTable(name="models", partition_key="id:N", sort_key="at")}
    assert (bindings.training["t"].path, bindings.training["t"].program) == (str(tmp_path / "f"), "train.py")
    assert bindings.parameters == {"name": "a", "count": "3", "rate": "0.5", "on": "true", "secret": "from outside"}
    assert bindings.stack_references == {
        "org/net/prod": {"vpc": "vpc-1", "nested": {"key": "from outside"}, "list": ["a", "from outside"]}
    }


def test_folders_are_relative_to_the_file(tmp_path: Path) -> None:
    bindings, findings = read(tmp_path, 'projects = ["f"]\nsite = "./f"\nstate = "kept/here"\n')
    assert findings == []
    assert bindings.projects == (str(tmp_path / "f"),)
    assert (bindings.site, bindings.state) == (str(tmp_path / "f"), str(tmp_path / "kept" / "here"))


def test_a_url_leads_to_an_endpoint_or_the_control_plane(tmp_path: Path) -> None:
    text = '[urls]\na = "endpoint:e"\nb = "endpoint:e/invocations"\nc = "control:sagemaker"\n[endpoints.e]\nurl = "http://h"\n'
    bindings, findings = read(tmp_path, text)
    assert findings == []
    assert bindings.urls == {"a": "endpoint:e", "b": "endpoint:e/invocations", "c": "control:sagemaker"}


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('[functions.a]\npath = "none"\nhandler = "h.g"', 2, "no folder or zip archive none"),
        ('[functions.a]\npath = "f"', 1, "needs a handler"),
        ('[functions.a]\npath = "f"\nurl = "http://h"', 1, "either url or path"),
        ("[functions.a]\nmemory = 128", 1, "either url or path"),
        ('[functions.a]\nurl = "http://h"\nconcurrency = 0', 1, "concurrency is 1 to 1000"),
        ('[functions.a]\nurl = "http://h"\ntimeout = 901', 1, "timeout above 0 to 900"),
        ('[functions.a]\nurl = "http://h"\nmemory = 127', 1, "memory 128 to 10240"),
        ('[functions.a]\nurl = "http://h"\nhandlr = "x"', 3, "did you mean 'handler'"),
        ("[functions]\na = 1", 2, "must be a table"),
        ("[tables.t]", 1, "partition_key"),
        ('[tables.t]\npartition_key = "id"\nindex = 1', 3, "unknown key 'index'"),
        ('[training.t]\nimage = "i"', 1, "path"),
        ('[training.t]\nimage = "i"\npath = "none"', 3, "no folder none"),
        ("[parameters]\na = [1]", 2, "must be text"),
        ('[parameters]\na = "env:NOT_SET"', 2, "NOT_SET"),
        ("[stack_references]\na = 1", 2, "table of outputs"),
        ('projects = "f"', 1, "list of folders"),
        ("projects = [1]", 1, "list of folders"),
        ('projects = ["none"]', 1, "there is no"),
        ('site = ["f"]', 1, "path of a folder"),
        ('site = "none"', 1, "there is no"),
        ("state = 1", 1, "path of a folder"),
        ('[urls]\na = "control:sagemakr"', 2, "did you mean 'sagemaker'"),
        ('[urls]\na = "control:"', 2, "the control plane has no ''"),
        ('[urls]\na = "endpoint:nobody"', 2, "'nobody'"),
        ('[urls]\na = "endpoint:"', 2, "http://"),
        ('[urls]\na = "ftp://h"', 2, "http://"),
    ],
)
def test_what_cannot_be_meant_is_an_error_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    _, findings = read(tmp_path, text)
    assert len(findings) == 1, findings
    assert findings[0].startswith(f"inferway.toml:{line}: error: ")
    assert said in findings[0]
