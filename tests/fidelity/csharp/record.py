"""Records what real C# makes of the cases: `python record.py` writes recorded.jsonl beside cases.txt.

Needs mcs, mono and Newtonsoft.Json (Debian: mono-mcs mono-runtime libnewtonsoft-json5.0-cil). Tests only read the
record. Where modern .NET documents another result than mono's, `modern.json` holds that result with its source.
"""

import base64
import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
DLL = "/usr/lib/cli/Newtonsoft.Json-5.0/Newtonsoft.Json.dll"
HEAD = """using System; using System.Collections.Generic; using System.Globalization; using System.Linq;
using System.Net; using System.Security.Cryptography; using System.Text; using System.Text.RegularExpressions;
using Newtonsoft.Json; using Newtonsoft.Json.Linq;
static class P {
  static string Show(object o) {
    if (o == null) return "null";
    if (o is double) return "double " + ((double)o).ToString("R");
    var s = o as JToken;
    return Regex.Replace(o.GetType().Name.Split('`')[0], "^<>__AnonType[0-9]+", "Anonymous") + " " + o.ToString();
  }
  static void Run(Func<object> f) {
    string r;
    try { r = Show(f()); } catch (Exception e) { r = "throws " + e.GetType().FullName; }
    Console.WriteLine(Convert.ToBase64String(Encoding.UTF8.GetBytes(r)));
  }
"""


def cases() -> list[str]:
    """Each case as a policy writes it."""
    found: list[str] = []
    block: list[str] | None = None
    for line in (HERE / "cases.txt").read_text().splitlines():
        if line.startswith("#") or not line:
            continue
        if line == ";;":
            block = []
        elif line == "end" and block is not None:
            found.append("@{ " + " ".join(block) + " }")
            block = None
        elif block is not None:
            block.append(line)
        else:
            found.append(f"@({line})")
    return found


def compile_and_run(group: list[str], folder: Path) -> list[str] | str:
    """The results of some cases, or what the compiler says."""
    methods = [f"  static object C{at}() {{ {_body(case)} }}" for at, case in enumerate(group)]
    calls = " ".join(f"Run(C{at});" for at in range(len(group)))
    program = HEAD + "\n".join(methods) + f"\n  static void Main() {{ {calls} }}\n}}\n"
    (folder / "p.cs").write_text(program)
    command = [
        "mcs",
        "-langversion:latest",
        f"-r:{DLL}",
        "-nowarn:162,168,219,252,253,1718,183,184,472",
        f"-out:{folder}/p.exe",
        f"{folder}/p.cs",
    ]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    if built.returncode:
        return built.stdout + built.stderr
    environment = {"MONO_PATH": str(Path(DLL).parent), "LANG": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}
    ran = subprocess.run(["mono", f"{folder}/p.exe"], capture_output=True, text=True, check=True, env=environment)
    return [base64.b64decode(line).decode() for line in ran.stdout.splitlines()]


def _body(case: str) -> str:
    return f"return {case[2:-1]};" if case.startswith("@(") else case[2:-1]


def main() -> None:
    found = cases()
    lines = []
    with tempfile.TemporaryDirectory() as name:
        together = compile_and_run(found, Path(name))
        results = together if isinstance(together, list) else []
        for at, case in enumerate(found):
            alone = results[at : at + 1] if results else compile_and_run([case], Path(name))
            if isinstance(alone, str):
                print(case, alone.partition("error")[2][:100], sep="\n   ", file=sys.stderr)
                continue
            lines.append(json.dumps({"source": case, "result": alone[0]}, ensure_ascii=False))
    (HERE / "recorded.jsonl").write_text("\n".join(lines) + "\n")
    print(len(lines), "recorded of", len(found))


if __name__ == "__main__":
    main()
