import pytest

from inferway.faults import Place, Severity
from inferway.formats.pulumi.collected import Collected, RefusedError
from inferway.formats.pulumi.messages import Exported, Limits

HERE = Place(file="a.py", line=1)


def test_a_name_is_taken_once_and_the_first_is_told() -> None:
    collected = Collected(Limits())
    collected.claim("urn:a", 1, HERE)
    with pytest.raises(RefusedError, match=r"a\.py:1") as refused:
        collected.claim("urn:a", 1, Place(file="a.py", line=2))
    assert (refused.value.code, refused.value.place) == ("duplicate-resource", Place(file="a.py", line=2))


def test_of_two_with_one_name_the_later_line_is_told_whichever_came_first() -> None:
    collected = Collected(Limits())
    collected.claim("urn:a", 1, Place(file="a.py", line=2))
    with pytest.raises(RefusedError, match=r"a\.py:1") as refused:
        collected.claim("urn:a", 1, HERE)
    assert refused.value.place == Place(file="a.py", line=2)


@pytest.mark.parametrize("limits", [Limits(resources=1), Limits(size=3)])
def test_limits(limits: Limits) -> None:
    collected = Collected(limits)
    collected.claim("urn:a", 2, HERE)
    with pytest.raises(RefusedError) as refused:
        collected.claim("urn:b", 2, HERE)
    assert refused.value.code == "graph-too-large"


def test_findings_are_kept_once_and_not_without_end() -> None:
    collected = Collected(Limits())
    for _ in range(2):
        collected.find(Severity.WARNING, "c", "t", HERE)
    assert len(collected.findings) == 1
    for number in range(1000):
        collected.find(Severity.WARNING, "c", str(number), HERE)
    assert len(collected.findings) == 200


def test_outputs_stand_by_name() -> None:
    collected = Collected(Limits())
    collected.export(Exported(name=name, value=1, secret=False) for name in "ba")
    assert [output.name for output in collected.outputs] == ["a", "b"]
