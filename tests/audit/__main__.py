"""`python -m tests.audit RUN`: reads RUN/district.json, writes RUN/summary.json; 1 if anything is amiss."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.audit.summary import audit


def main() -> int:
    """Count and search the run named by the first argument."""
    run = Path(sys.argv[1])
    summary, complaints = audit(run)
    (run / "summary.json").write_text(json.dumps(summary, indent=2) + "\n", "utf-8")
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
