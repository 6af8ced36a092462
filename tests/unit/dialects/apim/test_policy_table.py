"""The table of policies that are not served, and what the documentation says of each."""

import re
from pathlib import Path

import pytest

from inferway.dialects.apim.allowed import allows
from inferway.dialects.apim.policies.table import HOLDING, SERVED
from inferway.dialects.apim.policies.unserved import UNSERVED, Fate
from inferway.languages.csharp import Missing

LEDGER = Path(__file__).parents[4] / "docs" / "parity-apim.md"
_ROW = re.compile(r"^\| (`[a-z`, -]+`) \| (left|refused)\b", re.MULTILINE)


def test_the_documentation_says_what_becomes_of_each_policy() -> None:
    rows = _ROW.findall(LEDGER.read_text("utf-8"))
    said = {name: what for names, what in rows for name in re.findall(r"`(.+?)`", names)}
    assert said == {name: "refused" if fate is Fate.REFUSES else "left" for name, (fate, _) in UNSERVED.items()}


def test_a_policy_is_served_or_not() -> None:
    assert not UNSERVED.keys() & (SERVED.keys() | HOLDING.keys())


@pytest.mark.parametrize(
    ("missing", "allowed"),
    [
        (Missing(), True),
        (Missing(type="XDocument"), True),
        (Missing(type="System.Xml.Linq.XDocument.Parse"), True),
        (Missing(type="XDocumnt"), False),
        (Missing(type="System.IO.File.ReadAllText"), False),
        (Missing(type="Regex", member="Unescape"), True),
        (Missing(type="Regex", member="CacheSize"), False),
        (Missing(type="DateTime", member="FromBinary"), False),
        (Missing(type="List", member="TrimExcess"), True),
        (Missing(type="IRequest", member="Certificate"), True),
        (Missing(type="IRequest", member="Certificates"), False),
        (Missing(type="string", member="AsJwt"), True),
        (Missing(type="string", member="Substring", overload=True), True),
        (Missing(type="Guid", member="new"), True),
        (Missing(type="IUrl", member="new"), False),
    ],
)
def test_what_the_service_lets_expressions_name(missing: Missing, allowed: bool) -> None:
    """After the tables of "API Management policy expressions"."""
    assert allows(missing) is allowed
