"""Random templates from a grammar, the same for the same seed."""

from __future__ import annotations

import random
from typing import Final

_NAMES: Final = (
    *("a", "s", "n", "big", "f", "t", "fa", "l", "m", "e", "em", "el", "nul", "ls", "lm", "a-b", "huge", "mix"),
    *("u", "v", "w", "x", "y", "z"),
)
_PROPERTIES: Final = ("k", "n", "x", "z", "y", "id", "name", "size", "length", "empty", "foo", "b-c")
_INDEXES: Final = ("0", "1", "-1", "'k'", "'n'", '"z"', "true", "$n", "$u", "$a", '"$a"', " 0 ")
_ARGUMENTS: Final = (
    *("1", "0", "2", "-1", "'l'", "'o'", '"l"', "','", "true", "1.5", "'a'", "'k'", "$n", "$a", "$u", "$s", "$l"),
    *("$m", "$e", "[1,2]", "{'k':'v'}", "[1..2]", '"x$a"', "[]", "$t", "$f", "$big"),
)
_CALLS: Final[dict[str, int]] = {
    **dict.fromkeys(("length", "size", "toUpperCase", "trim", "isEmpty", "keySet", "values", "entrySet"), 0),
    **dict.fromkeys(("toString", "hashCode", "clear", "intValue", "longValue", "doubleValue"), 0),
    **dict.fromkeys(("get", "add", "remove", "contains", "indexOf", "substring", "equals", "charAt"), 1),
    **dict.fromkeys(("containsKey", "containsValue", "concat", "startsWith", "endsWith", "lastIndexOf"), 1),
    **dict.fromkeys(("addAll", "compareTo", "equalsIgnoreCase", "parseInt", "valueOf", "matches"), 1),
    **dict.fromkeys(("put", "replace", "replaceAll", "subList", "set", "getOrDefault", "max", "putIfAbsent"), 2),
}
_OPERATORS: Final = (
    *(" + ", " - ", " * ", " / ", " % ", " == ", " != ", " < ", " > ", " <= ", " >= ", " && ", " || "),
    *(" and ", " or ", " eq ", " ne ", " lt ", "+", "*", "=="),
)
_NUMBERS: Final = ("0", "1", "2", "7", "-3", "100", "2147483647", "2147483648", "1.5", "-0.5", "9223372036854775807")
_STRINGS: Final = ("'a'", '"$a"', '"x ${n}y"', "''", '"$u"', "'5'", '"$l"', '"a#if($n)b#end"', "'it''s'", '"$m.k-$!u"')
_TEXTS: Final = (
    *(" ", "\n", " x ", "text", "{", "}", '"', "\n  ", "\t", "a.b", ", ", ":", "(", ")", "[", "]", ".", "-", "<b>"),
    *("'", "\r\n", "é", "# ", "$ ", "$", "#", "\\", "\\\\", "##c\n", "#*c*#", "#[[raw $a]]#", "$5", "#5", "!"),
)
_BROKEN: Final = ("$!{", "${", "${a", "#if", "#end", "#else", "#foreach", "$a.", "$a.b(", "#set", "#set(", "$a[", "#*")
_SOURCES: Final = (
    *("$l", "$ls", "$m", "$lm", "[1..3]", "[1,2]", "$m.keySet()", "$m.entrySet()", "$mix", "$u", "$e", "$em"),
    *("$s.split(', ')", "['p','q']"),
)
_TAILS: Final = (
    *("", "$x", "$y", "$i", "$foreach.count", "$foreach.index", "#if($foreach.hasNext),#end", "$velocityCount"),
    *("$foreach.parent.count", "$foreach.last", "#break", "#if($n==5)#break#end", "$foreach.topmost.index"),
)


class RandomTemplates:
    """Writes templates of a few statements each."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def template(self) -> str:
        return "".join(self._statement(0) for _ in range(self._random.randint(1, 5)))

    def _one(self, *options: str) -> str:
        return self._random.choice(options)

    def _reference(self, depth: int, *, target: bool = False) -> str:
        path = self._one(*_NAMES)
        for _ in range(self._random.choice((0, 0, 0, 0, 1, 1, 2))):
            kind = self._random.random()
            if kind < 0.35 or (target and kind > 0.55):
                path += "." + self._one(*_PROPERTIES)
            elif kind < 0.55:
                path += f"[{self._one(*_INDEXES)}]"
            else:
                path += "." + self._call(depth + 1)
        mark = self._one("$", "$", "$", "$", "$!", "${", "$!{")
        return mark + path + ("}" if mark.endswith("{") else "")

    def _call(self, depth: int) -> str:
        name = self._random.choice(tuple(_CALLS))
        count = _CALLS[name] if self._random.random() < 0.9 else self._random.randint(0, 3)
        arguments = (
            self._reference(depth + 1) if depth < 2 and self._random.random() < 0.1 else self._one(*_ARGUMENTS)
            for _ in range(count)
        )
        return f"{name}({', '.join(arguments)})"

    def _expression(self, depth: int) -> str:
        kind = self._random.random()
        if depth > 3:
            return self._one("1", "2", "'a'", "$n", "$a")
        if kind < 0.25:
            return self._reference(depth)
        if kind < 0.52:
            return self._one(*(_NUMBERS if kind < 0.4 else _STRINGS))
        if kind < 0.72:
            return self._container(depth, kind)
        if kind < 0.86:
            return self._expression(depth + 1) + self._one(*_OPERATORS) + self._expression(depth + 1)
        if kind < 0.93:
            return f"({self._expression(depth + 1)})"
        return self._one("!", "not ") + self._expression(depth + 1)

    def _container(self, depth: int, kind: float) -> str:
        items = [self._one("1", "2.5", "'q'", '"$a"', "true", "$n", "$u", "[]", "{}", "-1") for _ in range(2)]
        if kind < 0.57:
            return self._one("true", "false")
        if kind < 0.63:
            return f"[{', '.join(items)}]"
        if kind < 0.67:
            return f"[{self._one('1', '$n', '-2')}..{self._one('3', '$n', '-1')}]"
        key = self._one("$a", "1", '"r"')
        return "{'p':" + items[0] + ", " + key + " : " + self._reference(depth + 1) + "}"

    def _block(self, depth: int) -> str:
        return "".join(self._statement(depth + 1) for _ in range(self._random.randint(0, 3)))

    def _end_of_line(self) -> str:
        return self._one("", "", "", " ", "\n", "\n  ", "  \n")

    def _statement(self, depth: int) -> str:
        kind = self._random.random()
        if kind < 0.3 or depth > 3:
            return self._one(*_TEXTS)
        if kind < 0.52:
            return self._one("", "", "", "", "\\", "\\\\", "\\\\\\") + self._reference(0)
        if kind < 0.7:
            target = self._one("$x", "$y", "$z", self._reference(0, target=True))
            opening = self._one("#set(", "  #set( ", "#{set}(")
            return f"{opening}{target} = {self._expression(0)}){self._end_of_line()}"
        if kind < 0.82:
            return self._choice(depth)
        if kind < 0.94:
            variable = self._one("x", "y", "i", "a")
            head = f"#foreach(${variable} in {self._one(*_SOURCES)}){self._end_of_line()}"
            return head + self._block(depth) + self._one(*_TAILS) + self._one("#end", "#{end}") + self._end_of_line()
        if kind < 0.97:
            return f"#define($d){self._block(depth)}#end" + self._one("$d", "$x", '"$d"')
        if kind < 0.99:
            return self._one("#stop", "#break", "\\#if", "\\#set", "\\\\#if(true)q#end", "\\#foo", "#foo", "#foo($a 1)")
        return self._one(*_BROKEN)

    def _choice(self, depth: int) -> str:
        def condition() -> str:
            return self._one(self._expression(1), self._reference(0), f"!${self._one(*_NAMES)}", "$n == 5", "$u")

        text = f"#if({condition()}){self._end_of_line()}{self._block(depth)}"
        if self._random.random() < 0.2:
            text += f"#elseif({condition()}){self._end_of_line()}{self._block(depth)}"
        if self._random.random() < 0.4:
            text += f"{self._one('#else ', '#{else}')}{self._block(depth)}"
        return text + self._one("#end", "#{end}") + self._end_of_line()
