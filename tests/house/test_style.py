"""The rules of the house that no linter knows: sizes, names, docstrings, what a page may hold."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ("app.py", "manage.py", "commands", "components", "models", "pages", "seed")
ALL_CODE = (*CODE, "bench", "tests", "tools")
DOCUMENTED = ("models/actions", "models/queries", "models/rules")

GENERATED = "models/migrations/versions/"
"""Written by Alembic from the tables: read once, never edited for looks."""

LINES_OF_A_FUNCTION = 70
LINES_OF_A_FILE = 400
CHARACTERS_OF_A_LINE = 100
CHARACTERS_OF_A_TABLE_ROW = 165
CHARACTERS_OF_AN_EXAMPLE = 165  # inside `# fmt: off`: a table looks like a table

NAMED_BY_OTHERS = {"process_bind_param", "process_result_value"}
"""What SQLAlchemy calls by these names."""
VAGUE_MODULES = {"common", "data", "helper", "helpers", "info", "misc", "shared", "util", "utils"}
VAGUE_WORDS = {"handle", "helper", "helpers", "manage", "process", "util", "utils"}
LEFT_OVER = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|HA" + r"CK)\b")
SQL = re.compile(r"\b(SELECT .+ FROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM)\b", re.DOTALL)

CATCHERS = {
    "components/attempt.py",  # says it on the screen: the only place there
    "commands/words.py",  # says it on the command line
    "seed/demo.py",
    "seed/year/stage.py",
    # a refusal becomes one row's result, and the rows beside it go on
    "models/actions/daily.py",
    "models/actions/months.py",
    "models/actions/payment_orders.py",
    # a refusal becomes a problem with its sheet, row and column
    "models/actions/bank_lists.py",
    "models/actions/imports.py",
    "models/actions/imports_actuals.py",
    "models/actions/imports_evidence.py",
    "models/actions/imports_writing.py",
    "models/exchange/cells.py",
    # a refusal becomes a fault of one field, told with all the others
    "models/rules/confirming.py",
    "models/rules/targets/entries.py",
    "models/rules/changes.py",
    "models/rules/standards.py",
}
"""Files that may catch a refusal; pages and all other components never do."""

CLOCK = "models/clock.py"
READS_CLOCK = {
    ("date", "today"),
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("time", "time"),
}


def test_every_folder_that_exists_holds_code() -> None:
    empty = [
        place for place in (*CODE, *DOCUMENTED) if (ROOT / place).exists() and not files(place)
    ]
    assert files("models", "tests")
    assert empty == []


def test_files_stay_short() -> None:
    assert [
        f"{file}: {n} lines" for file in files(*CODE) if (n := len(lines(file))) > LINES_OF_A_FILE
    ] == []


def test_functions_stay_short() -> None:
    assert [
        f"{file}:{function.lineno} {function.name}"
        for file in files(*ALL_CODE)
        for function in functions(tree(file))
        if lines_of(function) > LINES_OF_A_FUNCTION
    ] == []


def test_lines_stay_narrow() -> None:
    assert [
        f"{file}:{number} ({len(line)})"
        for file in files(*ALL_CODE)
        for number, line in enumerate(lines(file), start=1)
        if width_of(line) > CHARACTERS_OF_A_LINE and width_of(line) > width_allowed(file, number)
    ] == []


def test_nothing_is_left_for_later() -> None:
    places = [
        *files(*ALL_CODE),
        *(path.name for path in ROOT.glob("*.md")),
        *relative((ROOT / "docs").rglob("*.md")),
    ]
    assert [
        f"{file}:{number}"
        for file in places
        for number, line in enumerate(lines(file), start=1)
        if LEFT_OVER.search(line)
    ] == []


def test_modules_are_named_for_what_they_are() -> None:
    assert [file for file in files(*ALL_CODE) if Path(file).stem in VAGUE_MODULES] == []


def test_functions_and_classes_are_named_for_what_they_do() -> None:
    assert [
        f"{file}:{node.lineno} {node.name}"
        for file in files(*CODE)
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        if VAGUE_WORDS.intersection(words(node.name)) and node.name not in NAMED_BY_OTHERS
    ] == []


def test_every_module_says_what_it_is() -> None:
    assert [
        file for file in files(*ALL_CODE) if tree(file).body and not ast.get_docstring(tree(file))
    ] == []


def test_rules_queries_and_actions_say_what_they_are() -> None:
    assert [
        f"{file}:{function.lineno} {function.name}"
        for file in files(*DOCUMENTED)
        for function in tree(file).body
        if isinstance(function, ast.FunctionDef) and not function.name.startswith("_")
        if not ast.get_docstring(function)
    ] == []


def test_only_the_clock_tells_the_time() -> None:
    assert [
        f"{file}:{node.lineno} {ast.unparse(node)}"
        for file in files(*CODE)
        if file != CLOCK
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Attribute) and (last_name(node.value), node.attr) in READS_CLOCK
    ] == []


def test_refusals_are_caught_in_one_place() -> None:
    refusals = names_of_refusals()
    assert "Refusal" in refusals
    assert [
        f"{file}:{node.lineno} {ast.unparse(node.type)}"
        for file in files(*CODE)
        if file not in CATCHERS
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ExceptHandler) and node.type
        if refusals.intersection(map(last_name, alternatives(node.type)))
    ] == []


def test_a_page_first_asks_who_is_here() -> None:
    first = {page: next(iter(statements(tree(page))), None) for page in page_files()}
    assert [page for page, node in first.items() if calls(node) != "open_page"] == []


def test_a_page_is_flat() -> None:
    forbidden = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda | ast.Try
    assert [
        f"{page}:{node.lineno} {type(node).__name__}"
        for page in page_files()
        for node in ast.walk(tree(page))
        if isinstance(node, forbidden)
    ] == []


def test_a_page_holds_no_sql() -> None:
    assert [
        f"{page}:{node.lineno}"
        for page in page_files()
        for node in ast.walk(tree(page))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value)
    ] == []


# ---------------------------------------------------------------- reading the house


def files(*places: str) -> list[str]:
    """The Python files of some places, as paths from the root; places not yet built hold none."""
    found: list[Path] = []
    for place in places:
        path = ROOT / place
        found += [path] if path.is_file() else sorted(path.rglob("*.py"))
    return [file for file in relative(found) if not file.startswith(GENERATED)]


def relative(paths: Iterator[Path] | list[Path]) -> list[str]:
    """Paths from the root, as text."""
    return [path.relative_to(ROOT).as_posix() for path in paths]


@cache
def lines(file: str) -> list[str]:
    """A file's lines."""
    return (ROOT / file).read_text(encoding="utf-8").splitlines()


@cache
def tree(file: str) -> ast.Module:
    """A file's syntax tree."""
    return ast.parse("\n".join(lines(file)), filename=file)


def functions(module: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a module, methods and inner ones included."""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many lines a function takes, its docstring included."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


@cache
def unformatted(file: str) -> frozenset[int]:
    """The numbers of the lines between `# fmt: off` and `# fmt: on`."""
    inside: set[int] = set()
    start = 0
    for token in tokenize.generate_tokens(io.StringIO("\n".join(lines(file))).readline):
        if token.type == tokenize.COMMENT and token.string.startswith("# fmt: off"):
            start = token.start[0]
        if token.type == tokenize.COMMENT and token.string.startswith("# fmt: on") and start:
            inside.update(range(start, token.start[0]))
            start = 0
    return frozenset(inside)


def width_allowed(file: str, number: int) -> int:
    """How many characters a line may have: a hand-set row more, a test's example or report more."""
    if number in unformatted(file):
        return CHARACTERS_OF_A_TABLE_ROW
    is_example = file.startswith(("tests/", "bench/", "seed/", "tools/"))
    return CHARACTERS_OF_AN_EXAMPLE if is_example else CHARACTERS_OF_A_LINE


def width_of(line: str) -> int:
    """The characters of a line without what only speaks to a checker."""
    return len(re.sub(r"\s*# (type: ignore|noqa|fmt: skip).*$", "", line))


def words(name: str) -> set[str]:
    """The words of a snake_case or CamelCase name, in lower case."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+", name)}


def last_name(node: ast.expr) -> str:
    """`b` of `a.b`, `a` of `a`, else nothing."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def alternatives(caught: ast.expr) -> list[ast.expr]:
    """The exception types named by an `except`."""
    return caught.elts if isinstance(caught, ast.Tuple) else [caught]


def names_of_refusals() -> set[str]:
    """The classes of the refusal tree, wherever in `models` they are defined."""
    classes = [
        node
        for file in files("models")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ClassDef)
    ]
    names = {"Refusal"} if any(node.name == "Refusal" for node in classes) else set()
    while more := {
        node.name
        for node in classes
        if node.name not in names and names.intersection(map(last_name, node.bases))
    }:
        names |= more
    return names


def page_files() -> list[str]:
    """The screens' scripts."""
    return [file for file in files("pages") if not file.endswith("__init__.py")]


def statements(module: ast.Module) -> list[ast.stmt]:
    """A module's statements after its docstring and its imports."""
    return [node for node in module.body if not is_preamble(node)]


def is_preamble(node: ast.stmt) -> bool:
    """Whether a statement is the docstring or an import."""
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_text or isinstance(node, ast.Import | ast.ImportFrom)


def calls(node: ast.stmt | None) -> str:
    """The name of the function that a statement calls, bare or to keep its answer."""
    value = getattr(node, "value", None)
    return last_name(value.func) if isinstance(value, ast.Call) else ""
