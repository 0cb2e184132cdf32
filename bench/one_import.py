"""One import in a process of its own, which holds nothing else: `python -m bench.one_import ours
BOOK.xlsx`; prints how long it took, what it held at most, and before it opened the file."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path


def ours(book: Path) -> int:
    """A dry run, then the import; how many rows were written."""
    from models.actions.imports import Upload, commit_import, plan_import
    from models.database import session
    from models.queries.people import actor_named

    upload = Upload(book.name, book.read_bytes())
    with session() as current:
        plan = plan_import(current, actor_named(current, "importer"), upload)
    if plan.errors:
        raise SystemExit(f"{plan.errors} errors, the first: {plan.problems[0]}")
    with session(write=True) as current:
        return commit_import(current, actor_named(current, "importer"), upload, plan.digest).changes


def django(book: Path, way: str) -> int:
    """The same by django-import-export, `installed` or `tuned`."""
    from import_export.formats.base_formats import XLSX

    from bench.peers.django_admin.resources import EnterpriseInBulk, EnterpriseResource

    resource_class = EnterpriseInBulk if way == "tuned" else EnterpriseResource
    dataset = XLSX().create_dataset(book.read_bytes())
    for is_dry in (True, False):
        result = resource_class().import_data(dataset, dry_run=is_dry, raise_errors=True)
        if result.has_validation_errors():
            raise SystemExit(str(result.invalid_rows[0].error))
    new: int = result.totals["new"]
    return new


def _peak_mb() -> float:
    """The most memory this program has held; what the system counts for a process is its parent's
    too."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _load(way: str) -> None:
    """What either side has to have loaded before it opens a file."""
    if way == "ours":
        import models.actions.imports
        import models.queries.people  # noqa: F401
    else:
        import django

        django.setup()


def main(way: str, book: Path) -> None:
    """Import, and say in one line of JSON what it took."""
    _load(way)
    idle_mb, began = _peak_mb(), time.perf_counter()
    rows = ours(book) if way == "ours" else django(book, way)
    spent = {"ms": (time.perf_counter() - began) * 1_000, "mb": _peak_mb(), "idle_mb": idle_mb}
    print(json.dumps(spent | {"rows": rows}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
