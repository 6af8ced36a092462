"""What cannot be resolved of a template."""

from inferway.formats.nodes import Node
from inferway.formats.report import Report


class Unresolved(Exception):  # noqa: N818 - it becomes a Finding
    """A value cannot be resolved; `at` is where it stands, `code` is "" where it was reported already."""

    def __init__(self, code: str, text: str, at: Node) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.at = at

    def tell(self, report: Report) -> None:
        """Report it, unless that is done already."""
        if self.code:
            report.error(self.at, self.code, self.text)
