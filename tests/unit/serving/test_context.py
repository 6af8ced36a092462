"""What a script may see and set through its context."""

import pytest

from inferway.serving.context import InvocationContext


def test_request_headers_are_found_in_any_case() -> None:
    context = InvocationContext("/model", {"X-Amzn-SageMaker-Custom-Attributes": "trace 1"})
    assert context.get_request_header(0, "x-amzn-sagemaker-custom-attributes") == "trace 1"
    assert context.get_request_header(0, "X-Other") is None
    assert context.get_all_request_header(0) == {"x-amzn-sagemaker-custom-attributes": "trace 1"}
    assert context.system_properties["model_dir"] == "/model"


def test_response_parts_are_kept() -> None:
    context = InvocationContext("/model", {})
    context.set_response_header(0, "X-Amzn-SageMaker-Custom-Attributes", "done")
    context.set_response_content_type(0, "text/csv")
    context.set_response_status(code=201, phrase="Created")
    assert context.response_headers == {"x-amzn-sagemaker-custom-attributes": "done"}
    assert (context.response_content_type, context.response_status) == ("text/csv", 201)


@pytest.mark.parametrize(
    ("name", "value"),
    [("X-A", "a\r\nX-B: b"), ("X-A\r\nX-B", "b"), ("", "b"), ("X-A", "é"), ("Content-Length", "3"), ("X A", "b")],
)
def test_what_is_no_header_of_a_script_is_refused(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        InvocationContext("/model", {}).set_response_header(0, name, value)


@pytest.mark.parametrize("code", [0, 100, 199, 600])
def test_a_status_that_is_not_final_is_refused(code: int) -> None:
    with pytest.raises(ValueError, match="not a final"):
        InvocationContext("/model", {}).set_response_status(code)


def test_a_content_type_with_a_line_break_is_refused() -> None:
    with pytest.raises(ValueError, match="printable"):
        InvocationContext("/model", {}).set_response_content_type(0, "text/csv\r\nX: y")
