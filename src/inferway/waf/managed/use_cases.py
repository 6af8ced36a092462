"""The groups for a kind of application: databases, operating systems, PHP, WordPress.

Source: AWS WAF Developer Guide, "Use-case specific rule groups".
"""

from collections.abc import Mapping
from typing import Final

from inferway.waf.managed.entry import Group, found, group, injections

_FILES: Final = (
    r"(?:/etc/(?:passwd|shadow|group|hosts|issue|motd|crontab|sudoers|fstab)"
    r"|/proc/(?:self|version|cpuinfo|cmdline|mounts|\d{1,8})(?:/|$)"
    r"|/var/(?:log|spool)/|/root/\.(?:ssh|bash_history)|\.ssh/(?:id_rsa|authorized_keys))"
)
_SHELL: Final = (
    r"(?:\$(?:\{?(?:home|path|shell|ifs|pwd|user)\b|\()|[;|&`]\s{0,9}(?:/(?:usr/)?s?bin/)?"
    r"(?:cat|ls|id|wget|curl|bash|sh|nc|ncat|uname|whoami|chmod|chown|echo|ping|perl|python\d?|rm|cp|mv|sleep)\b"
    r"|/bin/(?:ba|da|z)?sh\b)"
)
_WINDOWS: Final = (
    r"(?:[;|&]\s{0,9}(?:dir|type|net|cmd|whoami|ipconfig|ping|nslookup|tasklist|systeminfo|echo|del|copy)\b"
    r"|\bcmd(?:\.exe)?\s{1,9}/[ck]\b|%(?:systemroot|comspec|windir)%|\bc:\\windows\\)"
)
_POWERSHELL: Final = (
    r"(?:\bpowershell(?:\.exe)?\s{1,9}-|\binvoke-(?:expression|webrequest|command|restmethod)\b"
    r"|\bnew-object\s{1,9}(?:system\.)?net\.|\.download(?:string|file)\(|\biex\s{0,9}\(|\bget-(?:process|childitem)\b)"
)
_PHP: Final = (
    r"(?:\$_(?:get|post|request|server|cookie|files|env|session)\b|\$\{?globals\b"
    r"|\b(?:fsockopen|passthru|shell_exec|proc_open|pcntl_exec|popen|base64_decode|call_user_func|phpinfo|eval|assert"
    r"|file_get_contents|create_function)\s{0,9}\(|<\?php|\bphp://(?:input|filter))"
)
_PRESS: Final = r"(?:do-reset-wordpress|wp_automatic|updraft_ajaxrestore|revslider_show_image)"

GROUPS: Final[Mapping[str, Group]] = {
    "AWSManagedRulesSQLiRuleSet": group(
        "sql-database",
        *injections("SQLi", "LOW", "QUERYARGUMENTS"),
        *injections("SQLiExtendedPatterns", "HIGH", "QUERYARGUMENTS"),
        *injections("SQLi", "LOW", "BODY"),
        *injections("SQLiExtendedPatterns", "HIGH", "BODY"),
        *injections("SQLi", "LOW", "COOKIE"),
        *injections("SQLi", "LOW", "URIPATH"),
    ),
    "AWSManagedRulesLinuxRuleSet": group("linux-os", *found("LFI", _FILES, "URIPATH", "QUERYSTRING", "HEADER")),
    "AWSManagedRulesUnixRuleSet": group(
        "posix-os", *found("UNIXShellCommandsVariables", _SHELL, "QUERYSTRING", "BODY", "HEADER")
    ),
    "AWSManagedRulesWindowsRuleSet": group(
        "windows-os",
        *found("WindowsShellCommands", _WINDOWS, "COOKIE", "QUERYARGUMENTS", "BODY"),
        *found("PowerShellCommands", _POWERSHELL, "COOKIE", "QUERYARGUMENTS", "BODY"),
    ),
    "AWSManagedRulesPHPRuleSet": group(
        "php-app", *found("PHPHighRiskMethodsVariables", _PHP, "HEADER", "QUERYSTRING", "BODY")
    ),
    "AWSManagedRulesWordPressRuleSet": group(
        "wordpress-app",
        *found("WordPressExploitableCommands", _PRESS, "QUERYSTRING"),
        *found("WordPressExploitablePaths", r"/(?:xmlrpc|wp-config)\.php", "URIPATH"),
    ),
}
"""The groups by name."""
