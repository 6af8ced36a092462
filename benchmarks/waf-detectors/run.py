"""Prints how many attacks the detectors see, and how many other values they take for one.

`--json` prints the counts, which are the same on every run; `--misses` the requests of the tuned half that are not
seen; `--also FILE` adds false alarms over a file's lines; `--time` the time of short and long values.
"""

import argparse
import json
import sys
import timeit
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Final

from benign import values
from crs import CrsRequest, read_requests, transform
from scope import out_of_scope

from inferway.languages.sqli import is_sqli
from inferway.languages.xss import is_xss

Detect = Callable[[str], bool]
DETECTORS: Final[dict[str, tuple[str, Detect]]] = {
    "sqli LOW": ("942", is_sqli),
    "sqli HIGH": ("942", partial(is_sqli, sensitivity="HIGH")),
    "xss": ("941", is_xss),
}
NAUGHTY: Final = Path(__file__).with_name("blns-2.0.4.jsonl")
LONG: Final = {
    "64 KB of prose": "It's a great film and I'd watch it again, in a word: superb. " * 1_057,
    "64 KB of JSON": '{"features":[5.1,3.5,1.4,0.2],"name":"a and b"},' * 1_366,
    "64 KB of quotes and keywords": "' or select\" x=y<a href='" * 2_622,
}


def seen(request: CrsRequest, detect: Detect) -> bool:
    return any(map(detect, request.parts))


def hits() -> dict[str, list[int]]:
    """Tests seen, and tests, by detector, scope, half and level."""
    counts: dict[str, Counter[bool]] = {}
    for request in read_requests():
        if not request.expected:
            continue
        scopes = ("every test",) if out_of_scope(request) else ("every test", "in scope")
        levels = ("all levels", "level 1") if request.level == 1 else ("all levels",)
        for name, (family, detect) in DETECTORS.items():
            if request.rule.startswith(family):
                hit = seen(request, detect)
                for scope in scopes:
                    for half in (request.half, "both halves"):
                        for level in levels:
                            counts.setdefault(f"{name}, {scope}, {half}, {level}", Counter())[hit] += 1
    return {key: [count[True], count.total()] for key, count in sorted(counts.items())}


def alarms(texts: Iterable[str]) -> dict[str, list[int]]:
    """Values taken for an attack, and values, by detector."""
    transformed = [transform(text) for text in texts]
    return {name: [sum(map(detect, transformed)), len(transformed)] for name, (_, detect) in DETECTORS.items()}


def false_alarms() -> dict[str, list[int]]:
    found = {f"{name}, {kind}": count for kind, texts in values().items() for name, count in alarms(texts).items()}
    every = alarms(text for texts in values().values() for text in texts)
    return found | {f"{name}, all kinds": count for name, count in every.items()}


def naughty_strings() -> dict[str, list[int]]:
    """Attacks seen in the list that no detector was tuned on, and other strings of it taken for one."""
    entries = [json.loads(line) for line in NAUGHTY.read_text(encoding="utf-8").splitlines()]
    found = {}
    for name, (_, detect) in DETECTORS.items():
        for kind in (name.partition(" ")[0], "benign"):
            texts = [entry["text"] for entry in entries if entry["kind"] == kind]
            found[f"{name}, naughty strings, {kind}"] = [sum(map(detect, texts)), len(texts)]
    return found


def show(counts: dict[str, list[int]]) -> None:
    for key, (some, every) in counts.items():
        print(f"{key:52} {some:5} of {every:5}  {100 * some / max(every, 1):6.2f} %")


def show_times() -> None:
    short = [text for texts in values().values() for text in texts if len(text) < 60]
    for name, (_, detect) in DETECTORS.items():
        taken = min(timeit.repeat(lambda detect=detect: list(map(detect, short)), number=1, repeat=9))  # type: ignore[misc]
        print(f"{name:10} {taken / len(short) * 1e6:8.2f} µs a value below 60 characters, on average")
        for label, text in LONG.items():
            taken = min(timeit.repeat(partial(detect, text), number=1, repeat=5))
            print(f"{name:10} {taken * 1e3:8.2f} ms {label}")


def show_misses() -> None:
    for request in read_requests():
        if request.expected and request.half == "tuned" and not out_of_scope(request):
            detect = DETECTORS["xss" if request.rule.startswith("941") else "sqli HIGH"][1]
            if not seen(request, detect):
                print(request.title, request.parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--time", action="store_true")
    parser.add_argument("--also", type=Path, action="append", default=[])
    given = parser.parse_args()
    if given.json:
        json.dump({"hits": hits(), "alarms": false_alarms(), "naughty": naughty_strings()}, sys.stdout)
        return
    show(hits())
    show(naughty_strings())
    show(false_alarms())
    for path in given.also:
        lines = [line for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
        show({f"{name}, {path.name}": count for name, count in alarms(lines).items()})
    if given.misses:
        show_misses()
    if given.time:
        show_times()


if __name__ == "__main__":
    main()
