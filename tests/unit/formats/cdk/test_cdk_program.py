"""An app that loops, prints without end, forks or wants the network: bounded, and nothing of it stays."""

from pathlib import Path

from inferway.formats.cdk.program import App, Ending, synthesize


def run(folder: Path, text: str, seconds: float = 60.0) -> Ending:
    main = folder / "app.py"
    main.write_text(text, "utf-8")
    return synthesize(App(main=main, out=folder / "out", seconds=seconds))


def test_an_app_that_loops_is_ended_with_what_it_started(tmp_path: Path) -> None:
    text = """\
import subprocess, sys, pathlib
sleep = [sys.executable, "-c", "import time; time.sleep(1000)"]
children = [subprocess.Popen(sleep), subprocess.Popen(sleep, start_new_session=True)]
pathlib.Path("children").write_text(" ".join(str(child.pid) for child in children))
while True: pass
"""
    ending = run(tmp_path, text, seconds=3.0)
    assert ending.timed_out
    children = (tmp_path / "children").read_text("utf-8").split()
    assert [(Path("/proc") / child).exists() for child in children] == [False, False]


def test_what_an_app_prints_is_kept_in_part(tmp_path: Path) -> None:
    ending = run(
        tmp_path, "for n in range(200_000): print('line', n)\nprint('x' * 10_000_000)\nraise ValueError('end')"
    )
    assert (ending.code, ending.last) == (1, "ValueError: end")
    assert sum(map(len, ending.lines)) < 1_000_000


def test_an_app_has_no_network(tmp_path: Path) -> None:
    text = "import urllib.request\nurllib.request.urlopen('http://example.com', timeout=5)"
    ending = run(tmp_path, text)
    assert ending.code == 1
    assert "refused" in "\n".join(ending.lines)


def test_an_app_that_reads_its_input_gets_none(tmp_path: Path) -> None:
    assert run(tmp_path, "import sys\nsys.exit(len(sys.stdin.read()))").code == 0
