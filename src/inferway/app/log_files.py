"""Files that lines are written to, as bindings name them."""

from inferway.app.toml_reader import TomlReader, Unreadable
from inferway.gateway.access_log_file import STANDARD_OUTPUT


def log_file(reader: TomlReader, given: object, path: tuple[str, ...]) -> str:
    """Give the path of a file, or `-`. Raises Unreadable where its folder is not there: every line would be lost."""
    name = reader.value(given, path)
    if name == STANDARD_OUTPUT:
        return name
    file = reader.file.parent / name
    if not name or file.is_dir() or not file.parent.is_dir():
        raise Unreadable(f"{'.'.join(path)}: {name!r} is no file in a folder that is there, nor '-'", path)
    return str(file.absolute())
