"""Who may sign requests, as the bindings file names them."""

import msgspec

from inferway.app.toml_reader import TomlReader, Unreadable, convert, nearest
from inferway.credentials.managed_policies import MANAGED_POLICIES
from inferway.credentials.policies import read_policy
from inferway.credentials.principal import account_of
from inferway.definition.identity import Identity
from inferway.faults import Severity
from inferway.formats.resources import Environment


def read_identity(reader: TomlReader, name: str, value: object, path: tuple[str, ...]) -> Identity:
    """Read an identity; without an `arn` it is a user of the account that definitions see.

    Each of its policies is IAM's JSON as an inline table, as text (`file:` and `env:`) or as the path of a file beside
    the bindings, or the ARN of a policy that the vendor manages.
    """
    table = reader.table(value, path, ("access_key", "secret_key", "session_token", "arn", "policies"))
    policies = table.pop("policies", [])
    if not isinstance(policies, list):
        raise Unreadable(f"the policies of identity {name!r} are a list", (*path, "policies"))
    texts = [_policy(reader, name, given, (*path, "policies")) for given in policies]
    if not texts:
        reader.say(Severity.WARNING, "no-policies", f"identity {name!r} has no policies, so it may call nothing", path)
    given = {"arn": f"arn:aws:iam::{Environment().account}:user/{name}", **table, "name": name, "policies": texts}
    if "secret_key" not in given or "access_key" not in given:
        raise Unreadable(f"identity {name!r} needs an access_key and a secret_key", path)
    given["secret"] = given.pop("secret_key")
    identity = convert(reader, given, Identity, path)
    if account_of(identity) != Environment().account:
        text = f"identity {name!r} is of another account than the APIs, whose resource policies have to allow it too"
        reader.say(Severity.NOTE, "another-account", text, path)
    return identity


def _policy(reader: TomlReader, name: str, given: object, path: tuple[str, ...]) -> str:
    text = _text(reader, name, given, path)
    try:
        policy = read_policy(text)
    except ValueError as error:
        raise Unreadable(f"identity {name!r}: {error}", path) from error
    for problem in policy.problems:
        said = f"identity {name!r}: {problem}; its statement allows nothing, and denies whatever the condition"
        reader.say(Severity.WARNING, "unknown-condition", said, path)
    return text


def _text(reader: TomlReader, name: str, given: object, path: tuple[str, ...]) -> str:
    if isinstance(given, dict):
        return msgspec.json.encode(given).decode()
    if not isinstance(given, str):
        raise Unreadable(f"a policy of identity {name!r} is a table, a file's path or an ARN", path)
    if given.lstrip().startswith("{"):
        return given
    if given.startswith("arn:"):
        if given not in MANAGED_POLICIES:
            raise Unreadable(f"no policy is known as {given}{nearest(given, list(MANAGED_POLICIES))}", path)
        return MANAGED_POLICIES[given]
    return reader.value(f"file:{given}", path)
