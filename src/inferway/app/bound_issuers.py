"""Who issues tokens, as the bindings file says, and which issuers of a definition want a binding."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from inferway.app.toml_reader import TomlReader, Unreadable, convert, nearest
from inferway.credentials.tokens.key_sets import FetchError, read_keys
from inferway.definition.api import ApiDefinition
from inferway.definition.issuer import Issuer
from inferway.definition.token_steps import RequireToken, TrustedIssuer
from inferway.definition.traversal import every_step
from inferway.dialects.aws_resources.user_pools import issuer_of
from inferway.faults import Finding, Severity
from inferway.transport.address import parse_address


def read_issuer(reader: TomlReader, name: str, value: object, path: tuple[str, ...]) -> Issuer:
    """Read an issuer; its name is a URL, or the ARN or ID of a user pool.

    Its keys are at the URL `jwks`, or stand in the JSON file of that path, or are found by its discovery document.
    """
    table = reader.table(value, path, ("issuer", "jwks", "audiences", "leeway"))
    known = issuer_of(name)
    _check(known, f"{name!r} is neither an issuer's URL nor a user pool's ARN or ID", path)
    given = {"name": known, **{key: table[key] for key in table if key != "jwks"}}
    if "issuer" in table:
        _check(table["issuer"], f"the issuer of {name!r} is no URL", (*path, "issuer"))
    if "jwks" in table:
        at = (*path, "jwks")
        key_set = reader.value(table["jwks"], at)
        if key_set.startswith(("http://", "https://")):
            _check(key_set, f"the jwks of {name!r} is no URL", at)
            given["key_set"] = key_set
        else:
            given["keys"] = _keys(reader, key_set, at)
    return convert(reader, given, Issuer, path)


def _keys(reader: TomlReader, given: str, path: tuple[str, ...]) -> str:
    text = given if given.lstrip().startswith("{") else reader.value(f"file:{given}", path)
    try:
        found = read_keys(text)
    except FetchError as error:
        raise Unreadable(f"{'.'.join(path)}: {error}", path) from error
    if not found:
        raise Unreadable(f"{'.'.join(path)}: there is no key", path)
    return text


def _check(url: object, text: str, path: tuple[str, ...]) -> None:
    """Refuse what is not a URL that could be called."""
    try:
        if not isinstance(url, str) or not url.startswith(("http://", "https://")):
            raise Unreadable(f"{text}; it must start with http:// or https://", path)
        parts = urlsplit(url)
        parse_address(f"{parts.scheme}://{parts.netloc}")
    except ValueError as error:
        raise Unreadable(f"{text}: {error}", path) from error


def check_issuers(api: ApiDefinition, bound: dict[str, Issuer]) -> Iterator[Finding]:
    """Report issuers whose tokens cannot be verified, or count for nobody, until they are bound."""
    issuers = {issuer.name: issuer for issuer in bound.values()}
    names = list(issuers)
    seen = set()
    for route in api.routes:
        for step in every_step(route.pipeline):
            for trusted in step.issuers if isinstance(step, RequireToken) else ():
                text = _wanting(trusted, issuers.get(trusted.issuer), names)
                if text and trusted.issuer not in seen:
                    seen.add(trusted.issuer)
                    yield Finding(severity=Severity.WARNING, code="unbound-issuer", text=text, place=route.place)


def _wanting(trusted: TrustedIssuer, bound: Issuer | None, names: list[str]) -> str:
    table = f'[issuers."{trusted.issuer}"]'
    if trusted.is_declared and bound is None:
        close = nearest(trusted.issuer, names) if names else ""
        return (
            f"nobody issues tokens for the user pool {trusted.issuer.rpartition('/')[2]} here, so every call is "
            f"refused{close}; add {table} with an issuer or jwks to inferway.toml"
        )
    if trusted.audiences == () and not (bound is not None and bound.audiences):
        return f"no token of {trusted.issuer} is taken: add {table} with audiences to inferway.toml"
    return ""
