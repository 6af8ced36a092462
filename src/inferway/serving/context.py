"""What a model script may see and say of one request: the context that its functions may take as a last argument."""

from collections.abc import Mapping

_OWN_HEADERS = frozenset({"connection", "content-length", "content-type", "date", "transfer-encoding"})


class InvocationContext:
    """One request as a script sees it, with the methods of Multi Model Server's context that handlers use.

    `index` is the request's place in its batch, and is always 0 here. `X-Amzn-SageMaker-Custom-Attributes` is a header
    like the others: the script reads it, and sets it on the response if it wants one
    (https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html, CustomAttributes).
    """

    def __init__(self, model_dir: str, headers: Mapping[str, str]) -> None:
        self.model_name = "model"
        self.system_properties: dict[str, str] = {"model_dir": model_dir}
        self._headers = {name.lower(): value for name, value in headers.items()}
        self._response_headers: dict[str, str] = {}
        self.response_content_type = ""
        self.response_status = 200

    def get_request_header(self, index: int, key: str) -> str | None:
        """Give a request header, whatever the case of `key`; None when the request has none."""
        del index
        return self._headers.get(key.lower())

    def get_all_request_header(self, index: int) -> dict[str, str]:
        """Give every request header, by its lower-case name."""
        del index
        return dict(self._headers)

    def set_response_header(self, index: int, key: str, value: str) -> None:
        """Set a response header; raises ValueError when it is none, or one that belongs to the server."""
        del index
        if not (key.isascii() and key.replace("-", "").replace("_", "").isalnum()) or key.lower() in _OWN_HEADERS:
            raise ValueError(f"{key!r} is not a response header that a script can set")
        if not (value.isascii() and value.isprintable()):
            raise ValueError(f"the value of {key} must be printable ASCII")
        self._response_headers[key.lower()] = value

    def set_response_content_type(self, index: int, value: str) -> None:
        """Set the response's content type, over the one that output_fn gave."""
        del index
        if not (value.isascii() and value.isprintable()):
            raise ValueError("a content type must be printable ASCII")
        self.response_content_type = value

    def set_response_status(self, code: int = 200, phrase: str = "", index: int = 0) -> None:
        """Set the response's status, 200 to 599; the phrase is not sent."""
        del phrase, index
        if not 200 <= code <= 599:
            raise ValueError(f"{code} is not a final HTTP status")
        self.response_status = code

    @property
    def response_headers(self) -> dict[str, str]:
        """The response headers that the script set, by their lower-case names."""
        return dict(self._response_headers)
