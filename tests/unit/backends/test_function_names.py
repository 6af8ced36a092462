"""Tests of the forms that name a function (Lambda API reference, Invoke, FunctionName)."""

import pytest

from inferway.backends.function_names import function_name_of, qualifier_of

ARN = "arn:aws:lambda:us-east-1:123456789012:function:my-function"


@pytest.mark.parametrize(
    ("text", "name", "qualifier"),
    [
        ("my-function", "my-function", ""),
        ("my-function:v1", "my-function", "v1"),
        ("my-function:$LATEST", "my-function", "$LATEST"),
        ("arn:aws:lambda:us-west-2:123456789012:function:my-function", "my-function", ""),
        ("arn:aws:lambda:us-west-2:123456789012:function:my-function:42", "my-function", "42"),
        ("arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:my-function:live", "my-function", "live"),
        ("123456789012:function:my-function", "my-function", ""),
        ("123456789012:my-function", "my-function", ""),
        ("123456789012:my-function:live", "my-function", "live"),
        (
            f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{ARN}/invocations",
            "my-function",
            "",
        ),
        ("arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Amy_function", "my_function", ""),
        ("<arn:aws:lambda:REGION:ACCOUNT:function:NAME>", "<arn:aws:lambda:REGION:ACCOUNT:function:NAME>", ""),
        ("", "", ""),
    ],
)
def test_every_form_gives_the_name_and_the_qualifier(text: str, name: str, qualifier: str) -> None:
    assert (function_name_of(text), qualifier_of(text)) == (name, qualifier)
