"""What a gateway imports before its definition asks for anything (each takes megabytes, and time to start)."""

import subprocess
import sys

ASKED_FOR = ("cryptography", "graphql", "grpc", "maxminddb", "sqlalchemy")


def test_what_a_definition_has_to_ask_for_is_not_imported() -> None:
    code = (
        "import sys\nimport inferway.app.run, inferway.app.workers, inferway.cli.run\n"
        f"print(sorted({{name.partition('.')[0] for name in sys.modules}}.intersection({ASKED_FOR!r})))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"
