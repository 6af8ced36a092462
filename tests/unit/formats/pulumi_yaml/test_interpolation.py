"""The grammar of `${…}`: the forms of the language reference, "Property access", and its escapes."""

import pytest

from inferway.formats.pulumi.yaml.interpolation import Access, BadAccess, parts


@pytest.mark.parametrize(
    ("text", "name", "steps"),
    [
        ("${root}", "root", ()),
        ("${root.foo}", "root", ("foo",)),
        ('${root["foo"]}', "root", ("foo",)),
        ("${root.bar.quux}", "root", ("bar", "quux")),
        ('${root["bar"].quux}', "root", ("bar", "quux")),
        ('${root["bar"]["quux"]}', "root", ("bar", "quux")),
        ("${root[0]}", "root", (0,)),
        ("${root[100]}", "root", (100,)),
        ("${root[0].foo}", "root", (0, "foo")),
        ("${root[0][1].foo}", "root", (0, 1, "foo")),
        ("${root.foo.items[0].bar[1]}", "root", ("foo", "items", 0, "bar", 1)),
        (r'${root["key with \"escaped\" quotes"]}', "root", ('key with "escaped" quotes',)),
        ('${root["key with a ."]}', "root", ("key with a .",)),
        (r'${["root key with \"escaped\" quotes"].foo}', 'root key with "escaped" quotes', ("foo",)),
        ('${["root key with a ."][100]}', "root key with a .", (100,)),
        ("${my-bucket.bucket}", "my-bucket", ("bucket",)),
        ("${aws:region}", "aws:region", ()),
    ],
)
def test_every_documented_form_is_read(text: str, name: str, steps: tuple[str | int, ...]) -> None:
    assert parts(text) == (Access(name=name, steps=steps, at=0),)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("$${value}", "${value}"),
        ("$input.json('$.a')", "$input.json('$.a')"),
        ("costs 5$", "costs 5$"),
        ("$$", "$"),
        ("$$$", "$$"),
        ("", ""),
    ],
)
def test_texts_without_references_have_their_escapes_resolved(text: str, plain: str) -> None:
    assert "".join(str(part) for part in parts(text)) == plain


def test_references_stand_between_texts() -> None:
    assert parts("a ${b} $${c} ${d.e}") == (
        "a ",
        Access(name="b", steps=(), at=2),
        " ${c} ",
        Access(name="d", steps=("e",), at=13),
    )


@pytest.mark.parametrize(
    "text", ["${", "${a", "${}", "${[0]}", "${a[}", "${a[x]}", '${a["x}', '${a["x"}', "${a[-1]}", "${.}", '${a["x\\']
)
def test_what_is_no_reference_is_told(text: str) -> None:
    with pytest.raises(BadAccess):
        parts(text)
