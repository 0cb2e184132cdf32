"""The generated files: found again when nothing they depend on has changed, else made anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from bench.generate import generate
from bench.history import compute_pending
from models.clock import today
from models.database import make_engine

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "data" / "bench"
_ROWS = (
    "models/tables", "bench/generate.py", "bench/history.py", "bench/kept_signals.py",
    "bench/drawing.py",
)  # fmt: skip
_RULES = ("models/rules", "models/queries/claim_*.py", "models/queries/settings.py")


def database_of(claims: int, folder: Path = FOLDER) -> Path:
    """The file with so many claims, what waits in it computed by the rules of today.

    Args:
        claims: how many.
        folder: where such files are kept; outside the version control.
    """
    path = folder / f"claims-{claims}-{today():%Y-%m}-{_digest(_ROWS)}.db"
    computed = path.with_suffix(".rules")
    rules = f"{_digest(_RULES)} {today()}"
    if not path.exists():
        for older in folder.glob(f"claims-{claims}-*"):
            older.unlink()
        print(f"generating {claims:,} claims …", flush=True)
        generate(path, claims)
    elif computed.exists() and computed.read_text() == rules:
        return path
    else:
        engine = make_engine(f"sqlite:///{path}")
        compute_pending(engine, today())
        engine.dispose()
    computed.write_text(rules)
    return path


def _digest(places: Iterable[str]) -> str:
    """What the sources of some places come to, in twelve characters."""
    total = hashlib.sha256()
    for place in places:
        found = ROOT / place
        files = found.rglob("*.py") if found.is_dir() else ROOT.glob(place)
        for file in sorted(files):
            total.update(file.read_bytes())
    return total.hexdigest()[:12]
