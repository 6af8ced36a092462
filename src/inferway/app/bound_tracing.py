"""Where spans go, as the bindings say it."""

from typing import Final

from inferway.app.bound_endpoints import check_url
from inferway.app.log_files import log_file
from inferway.app.toml_reader import TomlReader, Unreadable, convert
from inferway.definition.tracing import Tracing
from inferway.exchange import header_name

TABLE: Final = "tracing"


def read_tracing(reader: TomlReader, entries: object) -> Tracing:
    """Read the table. Raises Unreadable."""
    path = (TABLE,)
    given = dict(entries) if isinstance(entries, dict) else entries
    if isinstance(given, dict) and isinstance(given.get("file"), str):
        given["file"] = log_file(reader, given["file"], (*path, "file"))
    tracing = convert(reader, given, Tracing, path)
    if tracing.url:
        check_url(tracing.url, "the url of [tracing]", (*path, "url"))
    for name, value in tracing.headers.items():
        try:
            header_name(name)
        except ValueError as error:
            raise Unreadable(str(error), (*path, "headers")) from error
        if not value.isascii() or not value.isprintable():
            raise Unreadable(f"the value of {name!r} cannot stand in a header", (*path, "headers"))
    return tracing
