"""The groups that live of the vendor's own knowledge: lists of addresses, tokens, what bots do elsewhere.

Source: AWS WAF Developer Guide, "IP reputation rule groups", "AWS WAF Bot Control rule group", "… account takeover
prevention …", "… account creation fraud prevention …", "… DDoS prevention …".
"""

from collections.abc import Mapping
from typing import Final

from inferway.definition.web_acl_statements import NoneOf, RegexMatch
from inferway.waf.managed.entry import USER_AGENT, Entry, Group, group, untold

_LIST: Final = "the vendor's lists of addresses are not public"
_BROWSERS: Final = "it needs the tokens that the vendor's scripts give browsers"
_BOTS: Final = "the vendor's way to tell these bots is not public"
_LIBRARIES: Final = (
    r"^(?:curl|wget|python-requests|python-urllib|aiohttp|python-httpx|okhttp|go-http-client|java|apache-httpclient"
    r"|libwww-perl|ruby|axios|node-fetch|guzzlehttp|postmanruntime|insomnia)\b"
)

_BOT_CONTROL: Final = group(
    "bot-control",
    *untold(
        _BOTS,
        *("CategoryAdvertising", "CategoryArchiver", "CategoryContentFetcher", "CategoryEmailClient"),
    ),
    Entry(
        name="CategoryHttpLibrary",
        label="bot:category:http_library",
        statement=RegexMatch(field=USER_AGENT, patterns=(_LIBRARIES,)),
    ),
    *untold(
        _BOTS,
        *("CategoryLinkChecker", "CategoryMiscellaneous", "CategoryMonitoring", "CategoryPagePreview"),
        *("CategoryScrapingFramework", "CategorySearchEngine", "CategorySecurity", "CategorySeo"),
        *("CategorySocialMedia", "CategoryWebhooks", "CategoryAI"),
    ),
    *untold(_BROWSERS, "SignalAutomatedBrowser"),
    *untold(_LIST, "SignalKnownBotDataCenter"),
    Entry(
        name="SignalNonBrowserUserAgent",
        label="signal:non_browser_user_agent",
        statement=NoneOf(statement=RegexMatch(field=USER_AGENT, patterns=(r"^(?:mozilla|opera)/",))),
    ),
    *untold(
        _BROWSERS,
        *("TGT_VolumetricIpTokenAbsent", "TGT_TokenAbsent", "TGT_VolumetricSession", "TGT_SignalAutomatedBrowser"),
        *("TGT_SignalBrowserAutomationExtension", "TGT_SignalBrowserInconsistency", "TGT_TokenReuseIp"),
        *("TGT_ML_CoordinatedActivityLow", "TGT_ML_CoordinatedActivityMedium", "TGT_ML_CoordinatedActivityHigh"),
    ),
)

GROUPS: Final[Mapping[str, Group]] = {
    "AWSManagedRulesAmazonIpReputationList": group(
        "amazon-ip-list",
        *untold(_LIST, "AWSManagedIPReputationList", "AWSManagedReconnaissanceList", "AWSManagedIPDDoSList"),
    ),
    "AWSManagedRulesAnonymousIpList": group(
        "anonymous-ip-list", *untold(_LIST, "AnonymousIPList", "HostingProviderIPList")
    ),
    "AWSManagedRulesBotControlRuleSet": _BOT_CONTROL,
    "AWSManagedRulesATPRuleSet": group("atp", *untold(_BROWSERS, "AllRequests")),
    "AWSManagedRulesACFPRuleSet": group("acfp", *untold(_BROWSERS, "AllRequests")),
    "AWSManagedRulesAntiDDoSRuleSet": group(
        "anti-ddos", *untold(_BROWSERS, "ChallengeAllDuringEvent", "ChallengeDDoSRequests", "DDoSRequests")
    ),
}
"""The groups by name."""
