"""Managed rule groups: their documented names and labels, and what is looked for here."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from inferway.waf.managed import GROUPS

Send = Callable[..., Any]

NAMES = {
    "AWSManagedRulesCommonRuleSet": """NoUserAgent_HEADER UserAgent_BadBots_HEADER SizeRestrictions_QUERYSTRING
        SizeRestrictions_Cookie_HEADER SizeRestrictions_BODY SizeRestrictions_URIPATH EC2MetaDataSSRF_BODY
        EC2MetaDataSSRF_COOKIE EC2MetaDataSSRF_URIPATH EC2MetaDataSSRF_QUERYARGUMENTS GenericLFI_QUERYARGUMENTS
        GenericLFI_URIPATH GenericLFI_BODY RestrictedExtensions_URIPATH RestrictedExtensions_QUERYARGUMENTS
        GenericRFI_QUERYARGUMENTS GenericRFI_BODY GenericRFI_URIPATH CrossSiteScripting_COOKIE
        CrossSiteScripting_QUERYARGUMENTS CrossSiteScripting_BODY CrossSiteScripting_URIPATH""",
    "AWSManagedRulesAdminProtectionRuleSet": "AdminProtection_URIPATH",
    "AWSManagedRulesLinuxRuleSet": "LFI_URIPATH LFI_QUERYSTRING LFI_HEADER",
    "AWSManagedRulesPHPRuleSet": """PHPHighRiskMethodsVariables_HEADER PHPHighRiskMethodsVariables_QUERYSTRING
        PHPHighRiskMethodsVariables_BODY""",
    "AWSManagedRulesWordPressRuleSet": "WordPressExploitableCommands_QUERYSTRING WordPressExploitablePaths_URIPATH",
    "AWSManagedRulesAmazonIpReputationList": """AWSManagedIPReputationList AWSManagedReconnaissanceList
        AWSManagedIPDDoSList""",
    "AWSManagedRulesAnonymousIpList": "AnonymousIPList HostingProviderIPList",
}
AGENT = {"user-agent": "Mozilla/5.0"}


def managed(name: str, override: str = "None", **more: Any) -> dict[str, Any]:
    return {
        "Statement": {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": name, **more}},
        "OverrideAction": {override: {}},
    }


@pytest.mark.parametrize("group", NAMES)
def test_the_documented_rules_are_there_by_name(group: str) -> None:
    assert [entry.name for entry in GROUPS[group].entries] == NAMES[group].split()


@pytest.mark.parametrize(
    ("group", "asked", "rule", "label"),
    [
        ("CommonRuleSet", ("GET", ""), "NoUserAgent_HEADER", "core-rule-set:NoUserAgent_Header"),
        ("CommonRuleSet", ("GET", "", {"user-agent": "Nikto/2"}), "UserAgent_BadBots_HEADER",
         "core-rule-set:BadBots_Header"),
        ("CommonRuleSet", ("GET", "?" + "a" * 2049, AGENT), "SizeRestrictions_QUERYSTRING",
         "core-rule-set:SizeRestrictions_QueryString"),
        ("CommonRuleSet", ("POST", "", AGENT, "a" * 8193), "SizeRestrictions_BODY",
         "core-rule-set:SizeRestrictions_Body"),
        ("CommonRuleSet", ("GET", "/" + "a" * 1024, AGENT), "SizeRestrictions_URIPATH",
         "core-rule-set:SizeRestrictions_URIPath"),
        ("CommonRuleSet", ("GET", "?u=http://169.254.169.254/latest", AGENT), "EC2MetaDataSSRF_QUERYARGUMENTS",
         "core-rule-set:EC2MetaDataSSRF_QueryArguments"),
        ("CommonRuleSet", ("GET", "?f=..%2F..%2Fa", AGENT), "GenericLFI_QUERYARGUMENTS",
         "core-rule-set:GenericLFI_QueryArguments"),
        ("CommonRuleSet", ("GET", "/a.log", AGENT), "RestrictedExtensions_URIPATH",
         "core-rule-set:RestrictedExtensions_URIPath"),
        ("CommonRuleSet", ("GET", "?f=http://192.0.2.1/x", AGENT), "GenericRFI_QUERYARGUMENTS",
         "core-rule-set:GenericRFI_QueryArguments"),
        ("CommonRuleSet", ("GET", "?q=%3Cscript%3Ealert(1)%3C/script%3E", AGENT),
         "CrossSiteScripting_QUERYARGUMENTS", "core-rule-set:CrossSiteScripting_QueryArguments"),
        ("KnownBadInputsRuleSet", ("GET", "", {"x-a": "${jndi:ldap://192.0.2.1/a}"}), "Log4JRCE_HEADER",
         "known-bad-inputs:Log4JRCE_Header"),
        ("KnownBadInputsRuleSet", ("GET", "", {"x-a": "${${lower:j}ndi:ldap://x}"}), "Log4JRCE_HEADER",
         "known-bad-inputs:Log4JRCE_Header"),
        ("KnownBadInputsRuleSet", ("PROPFIND", ""), "PROPFIND_METHOD", "known-bad-inputs:Propfind_Method"),
        ("KnownBadInputsRuleSet", ("GET", "/.git/config"), "ExploitablePaths_URIPATH",
         "known-bad-inputs:ExploitablePaths_URIPath"),
        ("KnownBadInputsRuleSet", ("POST", "", {}, "(java.lang.Runtime).getRuntime().exec('x')"),
         "JavaDeserializationRCE_BODY", "known-bad-inputs:JavaDeserializationRCE_Body"),
        ("SQLiRuleSet", ("GET", "?id=1'%20OR%20'1'='1"), "SQLi_QUERYARGUMENTS", "sql-database:SQLi_QueryArguments"),
        ("SQLiRuleSet", ("POST", "", {}, "1' UNION SELECT password FROM users--"), "SQLi_BODY",
         "sql-database:SQLi_Body"),
        ("LinuxRuleSet", ("GET", "?f=/etc/passwd"), "LFI_QUERYSTRING", "linux-os:LFI_QueryString"),
        ("UnixRuleSet", ("GET", "?c=;%20cat%20/tmp/a"), "UNIXShellCommandsVariables_QUERYSTRING",
         "posix-os:UNIXShellCommandsVariables_QueryString"),
        ("WindowsRuleSet", ("GET", "?c=%26%20whoami"), "WindowsShellCommands_QUERYARGUMENTS",
         "windows-os:WindowsShellCommands_QueryArguments"),
        ("PHPRuleSet", ("GET", "?a=fsockopen(1)"), "PHPHighRiskMethodsVariables_QUERYSTRING",
         "php-app:PHPHighRiskMethodsVariables_QueryString"),
        ("WordPressRuleSet", ("GET", "/xmlrpc.php"), "WordPressExploitablePaths_URIPATH",
         "wordpress-app:WordPressExploitablePaths_URIPath"),
        ("AdminProtectionRuleSet", ("GET", "/admin/users"), "AdminProtection_URIPATH",
         "admin-protection:AdminProtection_URIPath"),
        ("BotControlRuleSet", ("GET", "", {"user-agent": "curl/8.5.0"}), "CategoryHttpLibrary",
         "bot-control:bot:category:http_library"),
    ],
)  # fmt: skip
def test_what_a_rule_is_documented_to_look_for_is_found(
    lab: Send, group: str, asked: Any, rule: str, label: str
) -> None:
    made = lab([managed(f"AWSManagedRules{group}")], asked)
    assert made.statuses == [403]
    entry = made.log[-1]
    assert (entry["terminatingRuleId"], entry["terminatingRuleType"]) == ("r0", "MANAGED_RULE_GROUP")
    (listed,) = entry["ruleGroupList"]
    assert listed["ruleGroupId"] == f"AWS#AWSManagedRules{group}"
    assert listed["terminatingRule"]["ruleId"] == rule
    assert {"name": f"awswaf:managed:aws:{label}"} in entry["labels"]


PLAIN = (
    "POST",
    "?page=2&sort=name",
    {"user-agent": "Mozilla/5.0 (X11)", "cookie": "session=abc123"},
    '{"name": "Ann"}',
)


@pytest.mark.parametrize("group", sorted(GROUPS))
def test_a_plain_request_passes(lab: Send, group: str) -> None:
    assert lab([managed(group)], PLAIN).statuses == [200]


@pytest.mark.parametrize("group", sorted(GROUPS))
def test_what_is_done_is_said_plainly(lab: Send, group: str) -> None:
    (found,) = [finding for finding in lab([managed(group)]).findings if group in finding]
    assert re.search(r"\[(managed-rules|unserved-managed-rules)\]$", found)


def test_rules_can_be_overridden_and_scoped(lab: Send, inspects: Callable[..., Any]) -> None:
    count: dict[str, Any] = {"RuleActionOverrides": [{"Name": "NoUserAgent_HEADER", "ActionToUse": {"Count": {}}}]}
    assert lab([managed("AWSManagedRulesCommonRuleSet", **count)], ("GET", "")).statuses == [200]
    scope: dict[str, Any] = {"ScopeDownStatement": inspects("QueryString", "x")}
    asked: Any = [("GET", ""), ("GET", "?x")]
    assert lab([managed("AWSManagedRulesCommonRuleSet", **scope)], *asked).statuses == [200, 403]
    assert lab([managed("AWSManagedRulesCommonRuleSet", "Count")], ("GET", "")).statuses == [200]


@pytest.mark.parametrize(("vendor", "name"), [("AWS", "AWSManagedRulesComonRuleSet"), ("F5", "OWASP_Managed")])
def test_groups_that_are_not_known_match_nothing_and_are_said(lab: Send, vendor: str, name: str) -> None:
    rule = managed(name)
    rule["Statement"]["ManagedRuleGroupStatement"]["VendorName"] = vendor
    made = lab([rule], ("GET", ""))
    assert made.statuses == [200]
    assert any("[unserved-managed-rules]" in finding and name in finding for finding in made.findings)
