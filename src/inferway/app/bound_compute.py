"""What runs beside the models: functions, tables and training images, as the bindings file names them."""

from pathlib import Path

import msgspec

from inferway.app.toml_reader import TomlReader, Unreadable, convert
from inferway.definition.bindings import BoundFunction, BoundTable, CodePart
from inferway.definition.training import BoundTraining
from inferway.stores.tables.definition import bound_definition


def read_function(reader: TomlReader, name: str, value: object, path: tuple[str, ...]) -> BoundFunction:
    """Read a function; its folder and its layers are relative to the file, and may be zip archives."""
    if isinstance(value, dict) and "code" in value:
        raise Unreadable(f"function {name!r} has its code at a path or behind a url", (*path, "code"))
    if isinstance(value, dict) and "arn" in value:
        raise Unreadable(f'a function with an ARN is bound by it, as [functions."{value["arn"]}"]', (*path, "arn"))
    layers = value.get("layers", []) if isinstance(value, dict) else []
    if not isinstance(layers, list) or not all(isinstance(layer, str) for layer in layers):
        raise Unreadable(f"{'.'.join(path)}.layers is a list of folders and zip archives", (*path, "layers"))
    given = {key: held for key, held in value.items() if key != "layers"} if isinstance(value, dict) else value
    bound = convert(reader, _named(name, given), BoundFunction, path)
    return msgspec.structs.replace(
        bound,
        path=_code(reader, bound.path, (*path, "path")) if bound.path else "",
        layers=tuple(CodePart(path=_code(reader, layer, (*path, "layers"))) for layer in layers),
    )


def read_table(reader: TomlReader, name: str, value: object, path: tuple[str, ...]) -> BoundTable:
    """Read a table of items; its keys have to be some that a table can have."""
    bound = convert(reader, _named(name, value), BoundTable, path)
    try:
        bound_definition(bound)
    except ValueError as error:
        raise Unreadable(str(error), path) from error
    return bound


def read_training(reader: TomlReader, name: str, value: object, path: tuple[str, ...]) -> BoundTraining:
    """Read what a training image is here; its folder is relative to the file."""
    bound = convert(reader, _named(name, value), BoundTraining, path)
    return msgspec.structs.replace(bound, path=_folder(reader, bound.path, path))


def read_storage(reader: TomlReader, name: str, value: object, path: tuple[str, ...]) -> str:
    """Read the folder that stands for a prefix of S3 URIs, relative to the file; it is made when it is written to."""
    if not name.startswith("s3://"):
        raise Unreadable(f"[storage] names prefixes of S3 URIs, as s3://bucket/folder, not {name!r}", path)
    return str((reader.file.parent / reader.value(value, path)).resolve())


def read_stack_reference(reader: TomlReader, name: str, value: object, path: tuple[str, ...]) -> dict[str, object]:
    """Read the outputs of another stack, by their names."""
    del name
    outputs = reader.resolve(value, path)
    if not isinstance(outputs, dict):
        raise Unreadable(f"{'.'.join(path)} must be a table of outputs", path)
    return outputs


def _named(name: str, value: object) -> object:
    return {"name": name, **value} if isinstance(value, dict) else value


def _code(reader: TomlReader, given: str, path: tuple[str, ...]) -> str:
    """Give a folder or a file of code."""
    code = (reader.file.parent / given).resolve()
    if not code.exists():
        raise Unreadable(f"{'.'.join(path)}: there is no folder or zip archive {given}", path)
    return str(code)


def _folder(reader: TomlReader, given: str, path: tuple[str, ...]) -> str:
    folder = (reader.file.parent / given).resolve()
    if not Path(folder).is_dir():
        raise Unreadable(f"{'.'.join(path)}: there is no folder {given}", (*path, "path"))
    return str(folder)
