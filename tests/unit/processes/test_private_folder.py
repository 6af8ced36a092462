"""Folders of a process's own: gone with it, or with the next one where it was killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from inferway.processes.private_folder import PrivateFolder

CODE = (
    "import sys, time\n"
    "from inferway.processes.private_folder import PrivateFolder\n"
    "folder = PrivateFolder('cdk', sys.argv[1]); print(folder.path, flush=True); time.sleep(600)"
)


def test_a_folder_is_its_owner_s_alone_and_goes_with_the_block(tmp_path: Path) -> None:
    with PrivateFolder("word", str(tmp_path)) as folder:
        assert folder.path.parent == tmp_path
        assert folder.path.name.startswith("inferway-word-")
        assert folder.path.stat().st_mode & 0o777 == 0o700
        (folder.path / "file").touch()
    assert list(tmp_path.iterdir()) == []
    folder.remove()


def test_what_a_killed_process_left_goes_with_the_next_whatever_it_is_for(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", CODE, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        left = Path(process.stdout.readline().strip())
        with PrivateFolder(parent=str(tmp_path)):
            assert left.is_dir()
        os.kill(process.pid, signal.SIGKILL)
    assert left.is_dir()
    with PrivateFolder(parent=str(tmp_path)):
        assert not left.exists()


def test_folders_of_others_stay(tmp_path: Path) -> None:
    (tmp_path / "inferway-unlocked").mkdir()
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / ".lock").touch()
    (tmp_path / "inferway-link").symlink_to(tmp_path / "target")
    (tmp_path / "inferway-linked-lock").mkdir()
    (tmp_path / "inferway-linked-lock" / ".lock").symlink_to(tmp_path / "target" / ".lock")
    with PrivateFolder(parent=str(tmp_path)):
        pass
    assert (tmp_path / "inferway-unlocked").is_dir()
    assert (tmp_path / "target" / ".lock").exists()
    assert (tmp_path / "inferway-linked-lock").is_dir()
