import pytest

from inferway.languages.graphql import Engine, example, schema_from_sdl

SDL = """
type Query { plain: String  label(image: String!, n: Int): String  get(i: In!, e: Size!, l: [ID!]!): T  deep: D }
input In { k: Float!  other: Int  in: In }
enum Size { BIG SMALL }
type T { id: ID!  name: String  t: T  with(a: Int): Int }
type D { t: T }
"""


@pytest.mark.parametrize(
    ("name", "query", "variables"),
    [
        ("plain", "query { plain }", {}),
        ("label", "query($image: String!) { label(image: $image) }", {"image": "text"}),
        (
            "get",
            "query($i: In!, $e: Size!, $l: [ID!]!) { get(i: $i, e: $e, l: $l) { id name } }",
            {"i": {"k": 1.5}, "e": "BIG", "l": ["1"]},
        ),
        ("deep", "query { deep { __typename } }", {}),
        ("nothing", "{ __typename }", {}),
    ],
)
def test_an_example_that_the_schema_takes(name: str, query: str, variables: dict[str, object]) -> None:
    schema = schema_from_sdl(SDL, "", {})
    assert example(schema, "query", name) == (query, variables)
    Engine(schema, {}).prepare(query)
