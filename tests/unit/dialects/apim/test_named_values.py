"""Named values in policies."""

import pytest

from inferway.dialects.apim.named_values import put_in

VALUES = {"a": "1", "own-key": "x.y"}


@pytest.mark.parametrize(
    ("text", "made", "missing"),
    [
        ("<v>{{a}} {{ own-key }}</v>", "<v>1 x.y</v>", []),
        ("<v>{{b}}{{a}}</v>", "<v>{{b}}1</v>", ["b"]),
        ('<v x="@("{{a}}")" />', '<v x="@("1")" />', []),
        ('<v x="@($"{{a}} {b}")" />', '<v x="@($"{{a}} {b}")" />', []),
        ('<set-body template="liquid">{{a}}</set-body>{{a}}', '<set-body template="liquid">{{a}}</set-body>1', []),
        ("<v>{a} {{}} {{a b}}</v>", "<v>{a} {{}} {{a b}}</v>", []),
    ],
)
def test_named_values_are_put_in(text: str, made: str, missing: list[str]) -> None:
    assert put_in(text, VALUES) == (made, missing)


def test_values_that_multiply_do_not_grow_without_bound() -> None:
    made, _ = put_in("{{a}}" * 10_000, {"a": "x" * 10_000})
    assert len(made) < 2_000_000
