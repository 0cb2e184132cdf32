"""The catalogues in `locale/` brought up to what the code says: `python -m components.catalogues`.

Every literal given to `_` or `say` is a key, and so is every name of the reference data, whose
English stands beside it. Chinese is what the key says (up to a `|`, after which a hint tells two
meanings of one word apart); English keeps what was translated and is left empty where something is
new.
"""

from __future__ import annotations

import ast
import csv
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import write_po

from components.language import CHINESE, HINT, LANGUAGES, LOCALE_FOLDER, catalogue

ROOT = LOCALE_FOLDER.parent
REFERENCE = ROOT / "seed" / "reference"
NAMED = ("services", "result_kinds", "evidence_kinds", "reason_codes", "policy_rules")
CODE = ("app.py", "manage.py", "commands", "components", "models", "pages", "seed")
_HEAD = """# Brought up to date by `python -m components.catalogues`.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: {code}\\n"

"""


def texts_in_code() -> set[str]:
    """Every literal the code wants said, and the names of the reference data."""
    return ({text for file in _files() for text in _texts(file)} | set(names_in_reference())) - {""}


def names_in_reference() -> dict[str, str]:
    """What services, results, papers, reasons and standards are called: Chinese → English."""
    names: dict[str, str] = {}
    for file in NAMED:
        with (REFERENCE / f"{file}.csv").open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                column = "title" if "title_zh" in row else "name"
                names[row[f"{column}_zh"]] = row[f"{column}_en"]
    return names


def refreshed(code: str, texts: set[str]) -> Catalog:
    """A language's catalogue with exactly these texts, sorted; what was translated stays."""
    before = {message.id: message.string for message in catalogue(code) if message.id}
    names = names_in_reference()
    after = Catalog(locale=code, charset="utf-8", fuzzy=False)
    for text in sorted(texts):
        said = (
            text.split(HINT)[0] if code == CHINESE else str(before.get(text) or names.get(text, ""))
        )
        after.add(text, said)
    return after


def main() -> int:
    """Write both catalogues; say what English still lacks.

    Returns:
        1 while something is not translated.
    """
    texts, missing = texts_in_code(), 0
    for code in LANGUAGES:
        written = refreshed(code, texts)
        with (LOCALE_FOLDER / code / "LC_MESSAGES" / "messages.po").open("wb") as file:
            file.write(_HEAD.format(code=code).encode())
            write_po(file, written, width=98, omit_header=True)
        lacking = [str(message.id) for message in written if message.id and not message.string]
        missing += len(lacking)
        sys.stdout.writelines(f"{code}: {text}\n" for text in lacking)
    return 1 if missing else 0


def _files() -> Iterator[Path]:
    for place in CODE:
        path = ROOT / place
        yield from [path] if path.is_file() else sorted(path.rglob("*.py"))


def _texts(file: Path) -> Iterator[str]:
    """Read by Python's own parser: Babel's misses what stands inside an f-string."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id="_" | "say"), args=[ast.Constant(value=str(text)), *_]):
                yield text


if __name__ == "__main__":
    sys.exit(main())
