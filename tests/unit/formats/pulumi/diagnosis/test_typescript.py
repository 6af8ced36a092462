"""What the compiler prints, as two generations of ts-node pass it on."""

import pytest

from inferway.formats.pulumi.diagnosis.typescript import typescript_errors
from inferway.formats.pulumi.messages import Job, Limits

JOB = Job(
    runtime="nodejs",
    main="/p/index.ts",
    program=".",
    folder="/p",
    root="/p",
    project="shop",
    stack="dev",
    python="",
    options={},
    configuration={},
    secret_keys=(),
    stack_references={},
    region="us-east-1",
    account="1",
    limits=Limits(),
)


@pytest.mark.parametrize(
    "text",
    [
        "Unable to compile TypeScript:\nindex.ts(3,7): error TS2322: No.\nlib/b.ts(1,1): error TS1005: ';' expected.",
        "index.ts:3:7 - error TS2322: No.\n\n3 x\nlib/b.ts:1:1 - error TS1005: ';' expected.\n",
    ],
)
def test_every_error_has_its_place(text: str) -> None:
    found = list(typescript_errors(JOB, text))
    assert [str(each.place) for each in found] == ["/p/index.ts:3:7", "/p/lib/b.ts:1:1"]
    assert found[0].text == "No. (TS2322)"


def test_what_names_no_place_is_told_whole() -> None:
    (found,) = typescript_errors(JOB, "The compiler\n  broke off.")
    assert (found.code, found.place.file) == ("typescript", "/p/index.ts")
    assert found.text == "The compiler broke off."


def test_errors_of_the_compilers_options_stand_in_their_file() -> None:
    """As TypeScript 6 words it for a tsconfig.json of Pulumi's own template of 2023."""
    text = "Unable to compile TypeScript:\nerror TS5107: Option 'x' is deprecated.\n  Visit https://aka.ms/ts6.\n"
    (found,) = typescript_errors(JOB, text)
    assert (found.text, str(found.place)) == ("Option 'x' is deprecated. (TS5107)", "/p/tsconfig.json")
