"""What makes a text SQL that was put into a statement, as patterns over its folded letters, one name a technique.

`ANYWHERE` holds wherever it stands, `START` at the start of the text, `BROKEN_OUT` right after a quote that ends the
string of the statement around. The techniques are those of OWASP's testing guide
(https://owasp.org/www-project-web-security-testing-guide/, "Testing for SQL Injection"). LOW asks for a form that
prose and code hardly have; HIGH takes pieces of one, too.
"""

import re
from collections.abc import Callable
from typing import Final

Patterns = tuple[tuple[str, Callable[[str], re.Match[str] | None]], ...]
"""The technique and what finds it."""

_VALUE: Final = "[1svFD]"
_ANY: Final = "[1svFDnbGq]"
_NAME: Final = "[nbGP]"
_LISTED: Final = rf"(?:\*|{_VALUE}|{_NAME})"
_ALIAS: Final = rf"(?:J?{_NAME})?"


def _compile(patterns: dict[str, str]) -> Patterns:
    return tuple((name, re.compile(pattern).search) for name, pattern in patterns.items())


def _compile_start(patterns: dict[str, str]) -> Patterns:
    return tuple((name, re.compile(pattern).match) for name, pattern in patterns.items())


ANYWHERE_LOW: Final = _compile(
    {
        "union": rf"UA?\(*EA?(?:\(|[*+]|{_VALUE}|[fd]\(|q|{_NAME}(?:[,RcC;)(+|=]))",
        "tautology": rf"[&|][!(]*{_VALUE}=[!(+]*(?:(?:{_VALUE}|q)(?![,.:n])|n\()",
        "condition by a word": rf"(?:^|[1sv)FD])[&|][!(]*{_VALUE}!?l[!(]*(?:{_VALUE}|q)",
        "condition after a value": rf"(?:^[1s]|[)s])[&|][!(]*{_ANY}\)*(?:=|!?l)[!(]*(?:{_VALUE}|q)\)*[cC;]?$",
        "call that waits or reads": r"(?:[&|]|[1sF)][+*=|]|[,(]E|E|[&|sq]\()!*\(*(?:D|d\()",
        "subselect": rf"(?:^|[=l&|+*,1sFv(])\(+EA?(?:\*|[FDv]|[fd]\(|[1sq][,R)]|{_NAME}(?:,|R{_NAME}))",
        "select": rf"EA?(?:\*R{_NAME}|[FDv]{_ALIAS}[,R]|{_LISTED}{_ALIAS}(?:,{_LISTED}{_ALIAS})+R(?:{_NAME}|\())",
        "select with a condition": rf"EA?{_LISTED}R{_NAME}(?:n?W{_NAME}[=l]|[;cC]|$U)",
        "select of a call": r"E\(+(?:K|E|F|d\()|(?:^|[;()s])EA?(?:[FDv](?![n])|d\(|@)",
        "select of tables of the system": r"RG",
        "statement after": r";[EKC]?(?:MO|iI|XR|u[nb]S|x[nvsP(]|yv|Zz|SvE?=|Q[cC;]?$|EA?(?:\*|[1vFDs][,RcC;]|[fd]\())",
        "waitfor": r"Zz(?:[sq]|1)",
        "having": rf"H[!(]*{_VALUE}={_VALUE}",
        "outfile": r"Ig",
        "procedure of the system": r"xP|P\(|P[sqv]",
        "exec": r"x\(+[vsqE]|xv|yv[nb(]|yv$",
        "procedure analyse": r"OY\(",
        "case": rf"Kk[!(]*(?:{_VALUE}|[fd]\(|E)|\)k{_VALUE}t",
        "alias": rf"\)J(?:{_NAME}|[sq])R",
    }
)
START_LOW: Final = _compile_start(
    {
        "value and comment": r"[1s]\)*[&|][!(]*[1vF]\)*[cC]$",
        "call alone": r"\(*(?:D\)*[cC;]*$|d\()",
        "change of a table": r"(?:MO[bG]|MOn[;(cC.]|iI[nb]n?\(|XR[nb](?:[;cC]|W[nb1]=)|u[nb]S[nb]=)",
        "order or group": rf"^1\)*(?:B1(?:[,cC;]|$)|H[!(]*{_VALUE}[=l])",
        "empty terminator": r"[1s]\)*;[cC]$",
    }
)
BROKEN_OUT_LOW: Final = _compile_start(
    {
        "condition": rf"s\)*[&|][!(]*(?:{_VALUE}\)*(?:=|!?l|[cC;]|$)|{_NAME}\)*(?:=|!?l)[!(]*(?:{_ANY}|E)|E|[fd]\()",
        "string and string": r"s[&|]q$",
        "comment": r"s\)*;*c$",
        "operator and comment": r"s\)*[+*|=l].*c$",
        "comparison": rf"s\)*=[!(]*(?:q[^q]|{_VALUE}\)*(?:[=&|cC;]|$))",
        "concatenation": r"s(?:[|](?:\(|[fd]\(|[FDvq]|[sn][|])|[+](?:\(+E|[dF]\(|[DF][+]q|[DFv]c))",
        "call": r"s\)*[=+*|&,(.]*(?:D|d\()",
        "call between": r"sDs?q?$",
        "order or group": rf"s\)*(?:B(?:[1F(]|{_NAME}(?:[,cC;]))|H[!(]*{_ANY}[=l&|cC(]|L[1v](?:[,cC;]|L)|OY)",
        "union": r"s\)*UA?\(*(?:E|A|$)",
        "statement after": r"s\)*;+(?:[EMiXuxyZQS]|[cC]$)",
        "waitfor": r"s\)*Zz",
        "outfile": r"s\)*Ig",
        "subselect": r"s\)*[=l+|*,(]*\(+E",
        "select": r"sE(?:[1vFDs*(]|n[,R]n)",
    }
)
ANYWHERE_HIGH: Final = _compile(
    {
        "tautology of names": rf"[&|][!(]*{_ANY}\)*(?:=|!?l)[!(]*(?:{_VALUE}|q)",
        "tautology by ==": rf"[&|][!(]*{_VALUE}~[!(]*{_VALUE}",
        "condition of a select": rf"R{_NAME}{_ALIAS}(?:W{_NAME}[=l]|WF|L1?[cC;1,]|Bb)",
        "subselect": r"[=,&|+]\(+E",
        "list of constants": r"E[1sv](?:,[1svnF])+",
        "piece of a statement": r"(?:^|[;=])Sv|;M(?:$|O|[nb]?[;cC])",
        "tautology of the same": rf"[&|][!(]*{_NAME}={_NAME}",
        "union": r"UA?\(*E|sU(?:\W|$)",
        "select": rf"EA?{_LISTED}{_ALIAS}(?:,{_LISTED}{_ALIAS})*R(?:{_NAME}|\()|EA?[fd]\(|E\*?F",
        "object": r"M(?:O|[nb][;cC])|iI|XR|u[nb]S",
        "call of SQL's": r"(?<![.])d\(|(?<![.])D",
        "names of the system": r"[GP]",
        "in a list": r"l\((?:[1s],)+-?[1s]?|l\(E|lE",
        "case": r"K(?:k|[nb]k)|k[1svF]t|\)k",
        "having, order": rf"(?:^|[1sq)])(?:H[!(]*{_ANY}[=l]|B[1{_NAME[1:-1]}](?:[cC;,]|$)|L1(?:,1|L1|[cC]))",
        "exec": r"x(?:[sv(]|n\.)|(?:^|[;s)1])xn(?![nJ&l])|yv|Zz|OY",
        "alias": rf"[b1q;]J!?(?:{_NAME}|[sq])?[qR]|J!?[sqb]R",
    }
)
START_HIGH: Final = _compile_start(
    {
        "condition at the start": rf"^[+;]*[&|][!(]*{_ANY}\)*(?:[=~]|!?l)",
        "string compared": r"(?:s=[sq]|nlq$)",
        "comparison alone": r"(?:[nb],)?[1s](?:=|l!|!l)[1s]$",
        "values without comparison": r"[1s]\)*[&|][!(]*[1s]\)*[cC;]",
        "select at the start": r"s?;?E[n1bv*F]?$",
        "comment after a value": r"1\)*;*[cC]$",
    }
)
BROKEN_OUT_HIGH: Final = _compile_start(
    {
        "condition": rf"s\)*[&|](?:[!(]*{_ANY}|$)",
        "statement ended": r"s\)*;$",
        "comment": r"s\)*;*[cC]$",
        "operator": r"s\)*[=*|]+[!(]*[1sqvfdFD]|s[+]q$|s\)*!?l[!(]*(?:[1sqvFD(]|$)",
        "list": r"s\)*,[1sqv].*[cC]$",
        "statement": r"s\)*(?:;*[EUMx]|;[iXuSyQ])",
        "having, order": r"s\)*(?:H|B)",
    }
)
