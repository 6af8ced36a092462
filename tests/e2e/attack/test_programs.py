"""Pulumi programs that mean harm, or are broken in odd ways: a clear error, and nothing of them stays."""

import os
import subprocess
import sys
from pathlib import Path

COMMAND = Path(sys.executable).with_name("inferway")


def check(folder: Path, temporary: Path | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [COMMAND, "check", folder],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
        errors="replace",
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "1000", **({"TMPDIR": str(temporary)} if temporary else {})},
    )


def program(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: bad\nruntime: python\n")
    (folder / "__main__.py").write_text(text)
    return folder


def test_a_program_that_kills_its_engine_leaves_nothing(tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    text = "import os, time\nimport pulumi\nos.kill(os.getppid(), 9)\ntime.sleep(60)\n"
    done = check(program(tmp_path / "p", text), temporary)
    assert done.returncode == 1
    assert "[engine-failed]" in done.stdout
    assert "Traceback" not in done.stderr
    assert list(temporary.iterdir()) == []


def test_an_exception_that_has_no_text_has_its_line(tmp_path: Path) -> None:
    text = "import pulumi\n\n\nclass Odd(BaseException):\n    def __str__(self):\n        raise Odd\n\n\nraise Odd()\n"
    done = check(program(tmp_path / "p", text))
    assert done.returncode == 1
    assert "__main__.py:9:1: error: Odd: <Odd in its __str__> [program-failed]" in done.stdout
    assert "execute.py" not in done.stderr


def test_a_program_in_another_encoding_shows_no_line_of_ours(tmp_path: Path) -> None:
    folder = program(tmp_path / "p", "")
    (folder / "__main__.py").write_bytes(b"import pulumi\nx = '\xff'\n")
    done = check(folder)
    assert done.returncode == 1
    assert "__main__.py:2:" in done.stdout
    assert "[python-syntax]" in done.stdout
    assert "execute.py" not in done.stderr


def test_a_program_that_logs_without_measure_is_cut(tmp_path: Path) -> None:
    done = check(program(tmp_path / "p", "import pulumi\n\npulumi.log.error('x' * 10_000_000)\n"))
    assert done.returncode == 1
    assert "[program-log]" in done.stdout
    assert len(done.stdout) < 20_000
    assert len(done.stderr) < 2_000_000


def test_archives_that_nest_without_measure_are_refused(tmp_path: Path) -> None:
    text = (
        "import pulumi\nimport pulumi_aws as aws\n\nheld = pulumi.StringAsset('x')\nfor _ in range(200):\n"
        "    held = pulumi.AssetArchive({'x': held})\n"
        "aws.lambda_.Function('f', code=held, role='r', handler='a.b', runtime='python3.13')\n"
    )
    done = check(program(tmp_path / "p", text))
    assert done.returncode == 1
    assert "__main__.py:7: error: the properties nest too deep to be read [too-deep]" in done.stdout


def test_settings_that_cannot_be_read_are_the_one_thing_to_tell(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text(f"name: bad\nruntime: yaml\nvariables: {{a: {'[' * 3000}}}\n")
    done = check(tmp_path)
    assert done.returncode == 1
    assert "Pulumi.yaml:3:" in done.stdout
    assert "[too-deep]" in done.stdout
    assert "1 error" in done.stdout
