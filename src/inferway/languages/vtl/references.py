"""The beginning of a reference: which part of its first token is text, escape, quiet mark or name."""

from __future__ import annotations

from inferway.languages.vtl import nodes
from inferway.languages.vtl.tokens import Kind, Token


def reference_head(
    head: Token, name: Token, tail: str, steps: tuple[nodes.Step, ...], place: nodes.Place
) -> nodes.Reference:
    """A reference whose first token is `head` and whose other tokens read `tail`.

    Half of the backslashes before `$` print, an odd one escapes; `$\\!` is no reference at all.
    """
    image = head.image
    if "\\!" in image:
        return _not_computable(image, steps, place)
    bare = image.lstrip("\\")
    backslashes = len(image) - len(bare)
    start = max(0, bare.rfind("$"))
    prefix, bare = bare[:start], bare[start:]
    special = head.literal().removesuffix(head.image)
    literal = special + bare + tail
    quiet = bare.startswith("$!")
    escaped = backslashes % 2 == 1
    if head.kind is Kind.LCURLY and bare.startswith("$"):
        root = name.image
    elif quiet:
        root = bare[2:]
    else:
        root = bare.removeprefix("$")
    return nodes.Reference(
        root=root,
        steps=steps,
        escapes="\\" * (backslashes // 2),
        prefix=prefix,
        null_text="" if quiet and not escaped else literal,
        escaped=escaped,
        computable=True,
        runt=not bare.startswith("$"),
        literal=literal,
        assigned=bare[1:],
        place=place,
    )


def _not_computable(image: str, steps: tuple[nodes.Step, ...], place: nodes.Place) -> nodes.Reference:
    start = image.index("\\", image.index("$"))
    end = start
    while end < len(image) and image[end] == "\\":
        end += 1
    text = image[: end - 1] + image[end:]
    return nodes.Reference(
        root=text,
        steps=steps,
        escapes="",
        prefix="",
        null_text=text,
        escaped=False,
        computable=False,
        runt=False,
        literal=image,
        assigned=image[1:],
        place=place,
    )
