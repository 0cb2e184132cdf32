"""Problems (问题): what is wrong with a workbook, named to the cell, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from models.rules.wording import Wording

LONGEST_SHOWN = 60
MOST_KEPT = 5_000  # problems of one level on one sheet


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of one place in a file.

    Attributes:
        sheet: the sheet's printed name, or the path inside a zip; empty for the file as a whole.
        row: the row as the program shows it, from 1; 0 for the sheet as a whole.
        column: the column's header; empty for the whole row.
        column_letter: `A`, `B`, … as the program shows it.
        value: what stands there, shortened.
        is_error: errors bar the import, warnings do not.
        wrong: what is wrong.
        fix: how to put it right.
    """

    sheet: str
    row: int
    column: str
    column_letter: str
    value: str
    is_error: bool
    wrong: Wording
    fix: Wording

    @property
    def place(self) -> str:
        """The cell, `D17`; the row or nothing where there is no cell."""
        return f"{self.column_letter}{self.row or ''}"


class Collected:
    """Problems as they are found, and the rows they bar; of each level no more are kept than
    anybody reads.

    The levels are counted apart, so that a flood of warnings never hides an error.
    """

    def __init__(self) -> None:
        self.kept: list[Problem] = []
        self.faulty_rows: set[int] = set()
        self._of_level = [0, 0]

    def add(self, problem: Problem) -> None:
        """Keep a problem, and note its row if it bars it."""
        if problem.is_error:
            self.faulty_rows.add(problem.row)
        self._of_level[problem.is_error] += 1
        if self._of_level[problem.is_error] <= MOST_KEPT:
            self.kept.append(problem)


def in_order(problems: Iterable[Problem], sheet_names: Iterable[str]) -> tuple[Problem, ...]:
    """Errors before warnings; within each the order of the file: sheet, row, column."""
    position = {name: place for place, name in enumerate(sheet_names)}

    def place(problem: Problem) -> tuple[bool, int, str, int, int, str]:
        letters = problem.column_letter
        known = position.get(problem.sheet, -1)
        return not problem.is_error, known, problem.sheet, problem.row, len(letters), letters

    return tuple(sorted(problems, key=place))


def _visible(character: str) -> str:
    if character.isspace():
        return " "
    return character if character.isprintable() else "\N{REPLACEMENT CHARACTER}"


def column_letter(index: int) -> str:
    """The letters of a column, 0 is `A`, 26 is `AA`."""
    letters = ""
    while index >= 0:
        index, place = index // 26 - 1, index % 26
        letters = chr(ord("A") + place) + letters
    return letters


def shown(value: object) -> str:
    """A cell's content as a problem shows it: one line, without control characters, shortened."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    text = str(value)[: LONGEST_SHOWN * 4]
    plain = "".join(map(_visible, text)).strip()
    return plain if len(plain) <= LONGEST_SHOWN else f"{plain[:LONGEST_SHOWN]}…"
