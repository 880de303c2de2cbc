"""The command: subcommands run where there is no Qt."""

import subprocess
import sys

CODE = """
import sys
from ui.main import main
try:
    main(["--help"])
except SystemExit as ended:
    assert ended.code == 0
print("PySide6" in sys.modules)
"""


def test_a_subcommand_imports_no_qt() -> None:
    result = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == "False"
