"""Writes the pages of `docs/` that say what the code says.

python -m tools.generate            writes them python -m tools.generate --check    writes nothing;
exit code 1 names every page that drifted

The same code gives the same pages on every machine: nothing here reads the clock, the database or
the environment.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tools.docs.admissions import admissions
from tools.docs.agreements import agreements
from tools.docs.conduct import conduct
from tools.docs.exchange import exchange
from tools.docs.findings import findings
from tools.docs.glossary import glossary
from tools.docs.permissions import permissions
from tools.docs.policy import policy
from tools.docs.refusals import refusals
from tools.docs.settings import settings
from tools.docs.tables import data_dictionary
from tools.docs.workflow import workflow

DOCS = Path(__file__).resolve().parent.parent / "docs"

# fmt: off
PAGES: dict[str, Callable[[], str]] = {
    "workflow.md":        workflow,
    "agreements.md":      agreements,
    "conduct.md":         conduct,
    "admissions.md":      admissions,
    "findings.md":        findings,
    "permissions.md":     permissions,
    "refusals.md":        refusals,
    "policy.md":          policy,
    "settings.md":        settings,
    "exchange.md":        exchange,
    "data-dictionary.md": data_dictionary,
    "glossary.md":        glossary,
}
# fmt: on


def write(folder: Path = DOCS) -> None:
    """Write every page."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")


def drifted(folder: Path = DOCS) -> list[str]:
    """The pages that do not say what the code says, or are missing."""
    return [name for name, page in PAGES.items() if _written(folder / name) != page()]


def main(arguments: Sequence[str]) -> int:
    """Write, or with `--check` compare.

    Returns:
        The exit code: 0 done or equal, 1 drifted, 2 wrong usage.
    """
    if list(arguments) not in ([], ["--check"]):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    if not arguments:
        write()
        return 0
    stale = drifted()
    for name in stale:
        sys.stderr.write(f"docs/{name} is not what the code says; run: python -m tools.generate\n")
    return 1 if stale else 0


def _written(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
