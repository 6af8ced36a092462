"""Reads authorizers that ask for a token: those of Cognito user pools, and of any OpenID issuer.

Sources: API Gateway, "Control access to REST APIs using Amazon Cognito user pools as an authorizer", "Integrate a REST
API with an Amazon Cognito user pool", "Control access to REST APIs using JWT authorizers" and its sections, "Control
access to HTTP APIs with JWT authorizers"; the service model of CreateAuthorizer (`jwtConfiguration`,
`identityValidationExpression`). An authorizer of an HTTP API's form, and a security scheme `openIdConnect` without
one, are taken besides.
"""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from inferway.definition.deployment import ACCOUNT
from inferway.definition.steps import Refuse, Step
from inferway.definition.token_steps import ClaimForm, ExpectedClaim, RequireToken, TrustedIssuer
from inferway.dialects.aws_resources.user_pools import KEY_PATH, issuer_of_arn
from inferway.faults import FaultKind
from inferway.formats.cursor import Cursor
from inferway.languages.regex import RegexCostError, RegexError, compile_java

USER_POOLS: Final = "COGNITO_USER_POOLS"
JWT: Final = "JWT"
OPENID: Final = "OPENID_CONNECT"
"""A security scheme of the type openIdConnect, which the service itself does not import."""

KINDS: Final = frozenset((USER_POOLS, JWT, OPENID))

AUTHORIZER: Final = "x-amazon-apigateway-authorizer"

_SOURCE: Final = re.compile(r"(?:method\.|\$)?request\.header\.([!#$%&'*+.^_`|~0-9A-Za-z-]+)")
_DISCOVERY: Final = "/.well-known/openid-configuration"
_RSA: Final = ("RS256", "RS384", "RS512")
_ALGORITHMS: Final = (*_RSA, "ES256", "ES384", "ES512")
_NOT_ADDITIONAL: Final = frozenset(("iss", "aud", "exp", "nbf", "iat", "scope", "scp"))
_KNOWN: Final = frozenset(
    (
        "authorizerResultTtlInSeconds",
        "identitySource",
        "identityValidationExpression",
        "jwtConfiguration",
        "providerARNs",
        "type",
    )
)
_OF_CONFIGURATION: Final = frozenset(("audience", "defaultAlgorithms", "issuer", "issuers"))
_OF_ISSUER: Final = frozenset(("additionalClaims", "audiences", "issuer", "jwksUri"))
_OF_CLAIM: Final = frozenset(("claimName", "expectedValues", "format", "required"))
_EITHER: Final = ("aud", "client_id")
_ONE_TEXT: Final = "SINGLE_STRING"


def token_steps(kind: str, scheme: Cursor, scopes: tuple[str, ...]) -> tuple[Step, ...]:
    """Give the steps of a scheme of one of KINDS, for a method that asks for one of `scopes`, if it names any.

    What cannot be served is an error, or a warning, at its place, and lets nobody in.
    """
    made = _READERS[kind](scheme, scopes)
    if made is None:
        return (Refuse(kind=FaultKind.AUTHORIZER_MISCONFIGURED, cause="the authorizer cannot be served as it stands"),)
    return (made,)


def _user_pools(scheme: Cursor, scopes: tuple[str, ...]) -> RequireToken | None:
    """Read an authorizer of user pools: an identity token without scopes, an access token with them."""
    authorizer = scheme[AUTHORIZER]
    _report_unknown(authorizer, _KNOWN)
    issuers = []
    for item in authorizer["providerARNs"].items():
        issuer = issuer_of_arn(item.text())
        if issuer is None:
            item.warning(
                "bad-provider", f"{item.text()!r} is no user pool's ARN: arn:aws:cognito-idp:REGION:ACCOUNT:userpool/ID"
            )
            continue
        use = ExpectedClaim(name="token_use", values=("access",) if scopes else ("id",))
        issuers.append(
            TrustedIssuer(
                issuer=issuer,
                key_path=KEY_PATH,
                audience_claims=_EITHER,
                claims=(use,),
                is_declared=f":{ACCOUNT}:" in item.text(),
            )
        )
    if not issuers:
        authorizer.warning(
            "no-provider", "the authorizer names no user pool that could be asked; every call is refused"
        )
        return None
    header = _header(authorizer)
    pattern = _pattern(authorizer["identityValidationExpression"])
    if header is None or pattern is None:
        return None
    return RequireToken(
        issuers=tuple(issuers),
        header=header,
        algorithms=("RS256",),
        scopes=scopes,
        audience_pattern=pattern,
        expired=FaultKind.EXPIRED_TOKEN,
    )


def _jwt(scheme: Cursor, scopes: tuple[str, ...]) -> RequireToken | None:
    authorizer = scheme[AUTHORIZER]
    configuration = authorizer["jwtConfiguration"]
    _report_unknown(authorizer, _KNOWN)
    _report_unknown(configuration, _OF_CONFIGURATION)
    if configuration["issuers"].present:
        issuers = tuple(_issuers(configuration["issuers"]))
        algorithms = tuple(_algorithms(configuration["defaultAlgorithms"]))
    else:
        # The form of an HTTP API: one issuer, whose access tokens may name their client instead of an audience.
        one, audiences = configuration["issuer"], _texts(configuration["audience"])
        issuer = _url(one) if one.present else None
        trusted = TrustedIssuer(issuer=issuer or "", audiences=audiences, audience_claims=_EITHER)
        issuers, algorithms = (trusted,) if issuer else (), _RSA
    header = _header(authorizer)
    if not issuers or not algorithms or header is None:
        authorizer.warning("no-issuer", "the authorizer names no issuer, or no algorithm; every call is refused")
        return None
    return _require(issuers, header, algorithms, scopes)


def _openid(scheme: Cursor, scopes: tuple[str, ...]) -> RequireToken | None:
    """Read a scheme of OpenAPI's own. It names no audience: `[issuers]` of the bindings has to."""
    at = scheme["openIdConnectUrl"]
    if not at.text().endswith(_DISCOVERY):
        at.warning("no-issuer", f"openIdConnectUrl does not end with {_DISCOVERY}; every call is refused")
        return None
    issuer = _checked(at, at.text().removesuffix(_DISCOVERY))
    if issuer is None:
        return None
    trusted = TrustedIssuer(issuer=issuer, audiences=(), audience_claims=_EITHER)
    return _require((trusted,), "authorization", _ALGORITHMS, scopes)


def _require(
    issuers: tuple[TrustedIssuer, ...], header: str, algorithms: tuple[str, ...], scopes: tuple[str, ...]
) -> RequireToken:
    return RequireToken(
        issuers=issuers,
        header=header,
        algorithms=algorithms,
        scopes=scopes,
        claim_form=ClaimForm.JSON,
        unscoped=FaultKind.ACCESS_DENIED,
    )


def _issuers(at: Cursor) -> Iterator[TrustedIssuer]:
    seen = set()
    for item in at.items():
        issuer = _url(item["issuer"])
        if issuer is None:
            continue
        if issuer in seen:
            item.error("bad-issuer", f"the issuer {issuer} stands there twice")
            continue
        seen.add(issuer)
        _refuse_unknown(item, _OF_ISSUER)
        audiences = _texts(item["audiences"])
        if not audiences:
            item.error("bad-issuer", f"the issuer {issuer} has no audiences")
        yield TrustedIssuer(issuer=issuer, audiences=audiences, claims=tuple(_claims(item["additionalClaims"])))


def _claims(at: Cursor) -> Iterator[ExpectedClaim]:
    for item in at.items():
        _refuse_unknown(item, _OF_CLAIM)
        name = item["claimName"].text()
        if not name or name in _NOT_ADDITIONAL:
            item.error("bad-claim", f"an additional claim cannot be {name!r}")
        elif item["format"].text(_ONE_TEXT) != _ONE_TEXT:
            item["format"].error("bad-claim", f"the format of a claim is {_ONE_TEXT}, not {item['format'].text()!r}")
        else:
            yield ExpectedClaim(name=name, values=_texts(item["expectedValues"]), required=item["required"].flag())


def _algorithms(at: Cursor) -> Iterator[str]:
    for item in at.items():
        if item.text() in _ALGORITHMS:
            yield item.text()
        else:
            item.error("bad-algorithm", f"{item.text()!r} is not among {', '.join(_ALGORITHMS)}")


def _report_unknown(at: Cursor, known: frozenset[str]) -> None:
    for name, part in at.entries():
        if name not in known:
            part.warning("unknown-property", f"an authorizer of tokens has no property {name}; it is ignored")


def _refuse_unknown(at: Cursor, known: frozenset[str]) -> None:
    """Refuse what would let more tokens in than was meant, were it ignored."""
    for name, part in at.entries():
        if name not in known:
            part.error("unknown-property", f"an issuer's tokens cannot be held to {name}: there is no such property")


def _texts(at: Cursor) -> tuple[str, ...]:
    return tuple(item.text() for item in at.items() if item.text())


def _url(at: Cursor) -> str | None:
    return _checked(at, at.text())


def _checked(at: Cursor, issuer: str) -> str | None:
    """Give an issuer that is a URL without user, query and fragment; report and leave out any other."""
    try:
        parts = urlsplit(issuer)
        fits = parts.scheme in {"https", "http"} and parts.hostname and "@" not in parts.netloc
    except ValueError:
        fits = False
    if not fits or "?" in issuer or "#" in issuer or not issuer.isprintable() or " " in issuer:
        at.error("bad-issuer", f"{issuer!r} is no issuer: an absolute https URL without query and fragment")
        return None
    return issuer


def _header(authorizer: Cursor) -> str | None:
    """Give the lower-case name of the header that has the token; None, reported, where it is to stand elsewhere."""
    source = authorizer["identitySource"]
    if not source.text():
        return "authorization"
    found = _SOURCE.fullmatch(source.text().strip())
    if found is None:
        source.error("bad-identity-source", "a token stands in one header: method.request.header.NAME")
        return None
    return found[1].lower()


def _pattern(at: Cursor) -> str | None:
    """Give the pattern of an audience, "" where there is none; None, reported, where it is none."""
    text = at.text()
    try:
        compile_java(text)
    except (RegexError, RegexCostError) as error:
        at.error("bad-pattern", f"identityValidationExpression: {error}")
        return None
    return text


_READERS: Final = {USER_POOLS: _user_pools, JWT: _jwt, OPENID: _openid}
