"""The two doors, `app.py` and `manage.py`: import-linter follows packages only, not these."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("commands", "components", "models", "pages", "seed")
SCREEN = {"altair", "app", "components", "pages", "streamlit", "streamlit_authenticator"}


def test_the_operators_commands_need_no_screen() -> None:
    files = [ROOT / "manage.py", *(ROOT / "commands").glob("*.py")]
    assert len(files) > 1
    assert [str(file) for file in files if imported_by(file) & SCREEN] == []


def test_the_app_asks_components_not_pages() -> None:
    assert (
        imported_by(ROOT / "app.py") & {"manage", "pages", "seed", "sqlalchemy", "sqlmodel"}
        == set()
    )


def test_nothing_imports_the_doors() -> None:
    inside = [file for package in PACKAGES for file in (ROOT / package).rglob("*.py")]
    assert inside
    assert [str(file) for file in inside if imported_by(file) & {"app", "manage", "tests"}] == []


def imported_by(file: Path) -> set[str]:
    """The top-level packages a file imports, anywhere in it; none while it is not yet written."""
    if not file.exists():
        return set()
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names
