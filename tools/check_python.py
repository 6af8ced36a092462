"""Says what to install where Python is too old or has no venv."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - it is run by whatever Python there is
    sys.exit(f"Inferway needs Python 3.11 or newer, this is {sys.version.split()[0]}: make PYTHON=/path/to/python3.11")
try:
    import ensurepip  # noqa: F401 - Debian ships venv without it unless python3-venv is installed
except ImportError:
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    sys.exit(f"Python {version} cannot make virtual environments: apt-get install python{version}-venv")
