import base64
import hashlib
import re

import pytest

from inferway.app.up_page import CONTENT_SECURITY_POLICY, page

PAGE = page("numbers", "/models/numbers", '{"numbers":[1]}', "10 requests a second, 20 at once")


def test_it_says_what_to_call() -> None:
    text = re.sub(r"<[^>]*>", "", PAGE).replace("&#x27;", "'").replace("&quot;", '"')
    call = """curl -H 'x-api-key: YOUR-KEY' -H 'content-type: application/json' -d '{"numbers":[1]}' """
    assert f"{call}/models/numbers/predict" in text
    assert "10 requests a second, 20 at once" in text


def test_it_asks_nothing_of_other_servers() -> None:
    assert "://" not in PAGE
    assert re.findall(r'(?:href|src)="([^"]*)"', PAGE) == ["/models/numbers/openapi.json"]


@pytest.mark.parametrize("element", ["style", "script"])
def test_the_policy_lets_exactly_its_own_parts_run(element: str) -> None:
    found = re.search(f"<{element}>(.*?)</{element}>", PAGE, re.DOTALL)
    assert found is not None
    digest = base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()
    assert f"{element}-src 'sha256-{digest}'" in CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY


def test_what_it_shows_is_escaped() -> None:
    made = page("numbers", "/models/numbers", '{"a":"</code><script>alert(1)</script>"}', "none")
    assert made.count("<script>") == 1


def test_it_does_not_end_the_literal_that_it_stands_in() -> None:
    assert "]]#" not in page("numbers", "/models/numbers", '{"a":"]]#"}', "none")
