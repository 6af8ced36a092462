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
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
pathlib.Path("child").write_text(str(child.pid))
while True: pass
"""
    ending = run(tmp_path, text, seconds=3.0)
    assert ending.timed_out
    stat = Path("/proc") / (tmp_path / "child").read_text() / "stat"
    # Gone, or dead and not yet reaped by whoever adopted it.
    assert not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"


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
