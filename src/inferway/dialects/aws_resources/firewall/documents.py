"""Reads a web ACL from a file, as `aws wafv2 get-web-acl` prints it or the console downloads it.

Beside `WebACL` the file may have `IPSets`, `RegexPatternSets` and `RuleGroups`, lists of what the service's other
`get-` commands print, and `LoggingConfiguration`. Source: AWS CLI Command Reference, "wafv2 get-web-acl" and its like.
"""

from pathlib import Path
from typing import Final

from inferway.definition.web_acl import WebAcl
from inferway.dialects.aws_resources.firewall.acls import read_logging, read_web_acl, with_logging
from inferway.dialects.aws_resources.firewall.shelf import Shelf
from inferway.dialects.aws_resources.firewall.spelled import Spelled
from inferway.dialects.aws_resources.firewall.statements import BAD
from inferway.faults import Findings
from inferway.formats.cursor import Cursor, Report
from inferway.formats.document import read_document
from inferway.formats.nodes import NodePlaces, SyntaxFault, plain

_LISTS: Final = (("IPSets", "IPSet"), ("RegexPatternSets", "RegexPatternSet"), ("RuleGroups", "RuleGroup"))


def read_web_acl_file(file: Path) -> tuple[WebAcl | None, Findings]:
    """Read a file; None where it holds no web ACL."""
    try:
        root = read_document(file)
    except SyntaxFault as fault:
        return None, (fault.finding(str(file)),)
    findings: Report = {}
    document = Spelled(Cursor(plain(root), (), NodePlaces(str(file), root), findings))
    printed = document["WebACL"].present
    at = document["WebACL"] if printed else document
    if not at["DefaultAction"].present:
        document.error(BAD, "the file holds no web ACL: what has a DefaultAction, or that below WebACL")
        return None, tuple(findings)
    addresses, patterns, groups = (_by_arn(document[lists], single) for lists, single in _LISTS)
    shelf = Shelf(addresses=addresses, patterns=patterns, groups=groups, encoded=printed)
    acl = read_web_acl(at, at.first("ARN", "Arn").text() or str(file), shelf)
    logging = document["LoggingConfiguration"]
    return with_logging(acl, read_logging(logging) if logging.present else None), tuple(findings)


def _by_arn(at: Spelled, single: str) -> dict[str, Spelled]:
    """Give what a list holds by its ARN, each as it is or below its name."""
    items = (item[single] if item[single].present else item for item in at.items())
    return {item.first("ARN", "Arn").text(): item for item in items}
