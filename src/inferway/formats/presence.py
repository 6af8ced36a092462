"""Whether there is what a definition names, whatever it names.

`Path.is_file` and its like raise OSError for a name that is longer than a file system takes, and for a folder that may
not be entered. What a definition says is anyone's text: such a path is no file, as one that is not there is none.
"""

import os
from pathlib import Path


def is_file(path: Path) -> bool:
    """Whether a path is a regular file, or a symbolic link to one; False for what can be no path."""
    return os.path.isfile(path)  # noqa: PTH113 - raises nothing, other than Path.is_file


def is_folder(path: Path) -> bool:
    """Whether a path is a folder, or a symbolic link to one; False for what can be no path."""
    return os.path.isdir(path)  # noqa: PTH112 - raises nothing, other than Path.is_dir


def exists(path: Path) -> bool:
    """Whether there is anything at a path; False for what can be no path."""
    return os.path.exists(path)  # noqa: PTH110 - raises nothing, other than Path.exists


def resolved(path: Path) -> Path:
    """Give the whole path without symbolic links; links that go in a circle stay, as what can be no path does."""
    try:
        return Path(os.path.realpath(path))
    except ValueError:  # a NUL within
        return path
