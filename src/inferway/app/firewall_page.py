"""A page with what web ACLs did, on loopback alone: how often each rule matched, and with which action."""

from typing import Final

from inferway.app.loopback import refused
from inferway.exchange import Request, Response
from inferway.gateway.core import json_page
from inferway.waf.counts import counted

PATH: Final = "/_inferway/waf"


def firewall_page(request: Request, below: str) -> Response:
    """Give the counts of this process since it began."""
    del below
    return refused(request, "what web ACLs counted") or json_page(200, {"webAcls": list(counted())})
