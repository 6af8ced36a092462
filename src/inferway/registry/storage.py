"""Where an S3 URI lives here: in a bound folder, or below the registry's own."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from inferway.registry.errors import InvalidRequestError


class Storage:
    """Maps S3 URIs to files; `bound` has folders by URI prefix, the longest of which holds."""

    def __init__(self, root: Path, bound: Mapping[str, str], readable: Iterable[str] = ()) -> None:
        self._root = root
        self._bound = {prefix.rstrip("/"): Path(folder).absolute() for prefix, folder in bound.items()}
        self._readable = (root, *self._bound.values(), *(Path(folder) for folder in readable))

    def path(self, uri: str) -> Path:
        """Give the file or folder that a URI names, there or not; raises InvalidRequestError.

        `file:///…` names itself, where it lies below a bound folder or the registry's own.
        """
        parts = urlsplit(uri)
        if parts.scheme == "file" and parts.netloc in {"", "localhost"}:
            return self._local(Path(unquote(parts.path)))
        if parts.scheme != "s3" or not parts.netloc:
            raise InvalidRequestError(f"{uri} is no S3 URI")
        names = uri[len("s3://") :].rstrip("/").split("/")
        if any(name in {"", ".", ".."} or "\0" in name or "\\" in name for name in names):
            raise InvalidRequestError(f"{uri} has no place here: a part of its path is empty or leads out")
        for prefix in sorted(self._bound, key=len, reverse=True):
            if uri == prefix or uri.startswith(f"{prefix}/"):
                return self._bound[prefix] / uri[len(prefix) :].strip("/")
        return self._root.joinpath("s3", *names)

    def _local(self, path: Path) -> Path:
        resolved = path.resolve()
        if not any(resolved.is_relative_to(folder.resolve()) for folder in self._readable):
            raise InvalidRequestError(f"file://{path} is below none of the folders that the bindings name")
        return resolved
