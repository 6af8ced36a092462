"""The baseline groups: the core rule set, known bad inputs, administration pages.

Source: AWS WAF Developer Guide, "Baseline rule groups".
"""

from collections.abc import Mapping
from typing import Final

from inferway.definition.web_acl_statements import ByteMatch, FieldKind, Position, RegexMatch
from inferway.waf.managed.entry import (
    BODY,
    QUERY,
    URI,
    USER_AGENT,
    Entry,
    Group,
    found,
    group,
    longer,
    missing,
    part,
    scripts,
    untold,
)

_SCANNERS: Final = (
    r"(?:nessus|nmap|nikto|sqlmap|masscan|zgrab|dirbuster|gobuster|wpscan|acunetix|netsparker|openvas|w3af|havij|zmeu"
    r"|wfuzz|jorgee|morfeus|nuclei)"
)
_METADATA: Final = r"(?:169\.254\.169\.254|fd00:ec2::254|instance-data(?:\.ec2\.internal)?/latest)"
_UP: Final = r"\.\.[/\\]"
_REMOTE: Final = r"(?:https?|ftps?|file|php|gopher)://\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}"
_EXTENSIONS: Final = r"\.(?:log|ini|bak|conf|config|key|pem|sql|swp|old|cfg|inc)$"

_CORE: Final = group(
    "core-rule-set",
    missing("NoUserAgent_HEADER", "NoUserAgent_Header", part(FieldKind.SINGLE_HEADER, name="user-agent")),
    Entry(
        name="UserAgent_BadBots_HEADER",
        label="BadBots_Header",
        statement=RegexMatch(field=USER_AGENT, patterns=(_SCANNERS,)),
    ),
    longer("SizeRestrictions_QUERYSTRING", "SizeRestrictions_QueryString", QUERY, 2_048),
    longer(
        "SizeRestrictions_Cookie_HEADER",
        "SizeRestrictions_Cookie_Header",
        part(FieldKind.SINGLE_HEADER, name="cookie"),
        10_240,
    ),
    longer("SizeRestrictions_BODY", "SizeRestrictions_Body", BODY, 8_192),
    longer("SizeRestrictions_URIPATH", "SizeRestrictions_URIPath", URI, 1_024),
    *found("EC2MetaDataSSRF", _METADATA, "BODY", "COOKIE", "URIPATH", "QUERYARGUMENTS"),
    *found("GenericLFI", _UP, "QUERYARGUMENTS", "URIPATH", "BODY"),
    *found("RestrictedExtensions", _EXTENSIONS, "URIPATH", "QUERYARGUMENTS"),
    *found("GenericRFI", _REMOTE, "QUERYARGUMENTS", "BODY", "URIPATH"),
    *scripts("CrossSiteScripting", "COOKIE", "QUERYARGUMENTS", "BODY", "URIPATH"),
)

_JAVA: Final = (
    r"(?:java\.lang\.(?:runtime|processbuilder)|class\.module\.classloader|\(runtime\)\.getruntime|ro0ab[a-z0-9+/]"
    r"|com\.sun\.rowset|commons\.collections\.functors|%aced0005)"
)
_LOG4J: Final = r"\$\{[^}]{0,200}(?:jndi|(?:lower|upper|env|sys|date):|::-)"
_EXPLOITED: Final = (
    r"(?:/web-inf/|/meta-inf/|/\.git/|/\.env|/\.aws/|/\.ssh/|/\.htpasswd|/cgi-bin/\.|/vendor/phpunit/|/solr/admin"
    r"|/manager/html|/boaform/|/hnap1|/actuator/gateway)"
)
_REACT: Final = r"(?:\$\d+:__proto__|__proto__:then|\$\d+:constructor:constructor)"
_LOCAL: Final = "the gateway itself may be called by that name here"

_KNOWN: Final = group(
    "known-bad-inputs",
    *found("JavaDeserializationRCE", _JAVA, "BODY", "URIPATH", "QUERYSTRING", "HEADER"),
    *untold(_LOCAL, "Host_localhost_HEADER"),
    Entry(
        name="PROPFIND_METHOD",
        label="Propfind_Method",
        statement=ByteMatch(field=part(FieldKind.METHOD, "LOWERCASE"), search="propfind", position=Position.EXACTLY),
    ),
    *found("ExploitablePaths", _EXPLOITED, "URIPATH"),
    *found("Log4JRCE", _LOG4J, "HEADER", "QUERYSTRING", "BODY", "URIPATH"),
    *found("ReactJSRCE", _REACT, "BODY"),
)

_ADMIN: Final = r"/(?:admin|administrator|sqlmanager|phpmyadmin|pma|wp-admin|adminer|sysadmin|webadmin)(?:[/.?]|$)"

GROUPS: Final[Mapping[str, Group]] = {
    "AWSManagedRulesCommonRuleSet": _CORE,
    "AWSManagedRulesKnownBadInputsRuleSet": _KNOWN,
    "AWSManagedRulesAdminProtectionRuleSet": group("admin-protection", *found("AdminProtection", _ADMIN, "URIPATH")),
}
"""The groups by name."""
