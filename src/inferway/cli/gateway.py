"""What commands ask of a gateway that runs."""

import http.client
import json
import ssl
from typing import Any, Final
from urllib.parse import urlsplit

from inferway.cli.output import fail

_TIMEOUT: Final = 60.0


def ask(url: str, path: str, document: object = None, *, missing: str) -> dict[str, Any]:
    """Give the JSON object that the gateway at a URL answers to a document, or to GET without one.

    Ends the command where no gateway answers, where it has no such page (`missing` says why that can be), or refuses.
    """
    parts = urlsplit(url)
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(parts.hostname or "", parts.port or 443, timeout=_TIMEOUT)
    else:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=_TIMEOUT)
    try:
        if document is None:
            connection.request("GET", path)
        else:
            connection.request("POST", path, json.dumps(document), {"content-type": "application/json"})
        reply = connection.getresponse()
        text = reply.read()
    except ssl.SSLCertVerificationError as error:
        fail(f"{url}: {error.verify_message}; for a development certificate set SSL_CERT_FILE to its tls/ca.pem")
    except http.client.RemoteDisconnected:
        fail(f"what answers at {url} closed the connection; a gateway that runs with --tls is named by --url https://…")
    except (OSError, http.client.HTTPException) as error:
        fail(f"no gateway answers at {url} ({error}); start one with `inferway run PATH`, or name it with --url")
    finally:
        connection.close()
    try:
        answer = json.loads(text)
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or reply.status == http.HTTPStatus.NOT_FOUND:
        fail(f"what answers at {url} {missing}")
    if reply.status != http.HTTPStatus.OK:
        fail(str(answer.get("message", text[:200])))
    return answer
