"""Reports members of rules and statements that the service does not have, as misspelt ones are: they would be missed.

Source: AWS WAFV2 API reference, the structures of the names below; what Pulumi spells in another number besides.
"""

from collections.abc import Mapping
from typing import Final

from inferway.dialects.aws_resources.firewall.spelled import Spelled, plain
from inferway.formats.report import nearest

_FIELD: Final = "FieldToMatch TextTransformations TextTransformation PreParseTextTransformations"
_SET: Final = "ARN Arn"
_GROUP: Final = "ExcludedRules ExcludedRule RuleActionOverrides RuleActionOverride"

MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    name: tuple(members.split())
    for name, members in {
        "WebACL": (
            "Name NamePrefix Id ARN Arn Description Scope DefaultAction Rules Rule RuleJson VisibilityConfig Capacity "
            "CustomResponseBodies CustomResponseBody CaptchaConfig ChallengeConfig TokenDomains AssociationConfig "
            "LabelNamespace ManagedByFirewallManager RetrofittedByFirewallManager Tags TagsAll Region LockToken "
            "DataProtectionConfig PreProcessFirewallManagerRuleGroups PostProcessFirewallManagerRuleGroups "
            "OnSourceDDoSProtectionConfig ApplicationConfig MonetizationConfig ApplicationIntegrationUrl"
        ),
        "Rule": (
            "Name Priority Statement Action OverrideAction RuleLabels RuleLabel VisibilityConfig CaptchaConfig "
            "ChallengeConfig WebAclArn Region Id"
        ),
        "ByteMatchStatement": f"SearchString SearchStringBase64 PositionalConstraint {_FIELD}",
        "RegexMatchStatement": f"RegexString {_FIELD}",
        "RegexPatternSetReferenceStatement": f"{_SET} {_FIELD}",
        "SqliMatchStatement": f"SensitivityLevel {_FIELD}",
        "XssMatchStatement": _FIELD,
        "SizeConstraintStatement": f"ComparisonOperator Size {_FIELD}",
        "IPSetReferenceStatement": f"{_SET} IPSetForwardedIPConfig",
        "GeoMatchStatement": "CountryCodes ForwardedIPConfig",
        "AsnMatchStatement": "AsnList ForwardedIPConfig",
        "LabelMatchStatement": "Scope Key",
        "AndStatement": "Statements",
        "OrStatement": "Statements",
        "NotStatement": "Statement Statements",
        "RateBasedStatement": (
            "Limit EvaluationWindowSec AggregateKeyType CustomKeys ForwardedIPConfig ScopeDownStatement"
        ),
        "RuleGroupReferenceStatement": f"{_SET} {_GROUP}",
        "ManagedRuleGroupStatement": (
            f"VendorName Name Version ScopeDownStatement ManagedRuleGroupConfigs ManagedRuleGroupConfig {_GROUP}"
        ),
    }.items()
}
"""The members of each structure that is read."""

_UNSERVED: Final = {
    "dataprotectionconfig": "the log has what the LoggingConfiguration leaves of it",
    "preprocessfirewallmanagerrulegroups": "Firewall Manager's groups are not read",
    "postprocessfirewallmanagerrulegroups": "Firewall Manager's groups are not read",
    "onsourceddosprotectionconfig": "it is for load balancers",
    "applicationconfig": "no application is told apart here",
    "monetizationconfig": "nobody pays here",
    "preparsetexttransformations": "arguments are taken out of the query as it was sent",
}
"""Members that are known and have no effect, and why."""


def check_members(at: Spelled, structure: str) -> None:
    """Report the members of a value that its structure does not have."""
    known = MEMBERS[structure]
    plain_known = {plain(name) for name in known}
    for name in at.names():
        if plain(name) in _UNSERVED:
            at[name].warning("unserved-property", f"{name} of {structure} is not applied: {_UNSERVED[plain(name)]}")
        elif plain(name) not in plain_known:
            text = f"{structure} has no {name}; it is ignored{nearest(name, known)}"
            at[name].warning("unknown-property", text)
