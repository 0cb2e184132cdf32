"""`docs/glossary.md`: each noun with its Chinese term and clause, from where it is defined."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tools.markdown import NOTHING, code, page, section, source_link, table
from tools.source import (
    Term,
    classes,
    clauses_in,
    first_paragraph,
    functions,
    is_enum,
    leading_term,
    member_comments,
    python_files,
    spaced,
    terms,
    tree,
)

SOURCE = "the docstrings and enums of models/"
NOUNS_IN = ("models/tables", "models/rules", "models/exchange")
VERBS_IN = ("models/actions",)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the glossary."""

    noun: str
    chinese: str
    clauses: tuple[str, ...]
    file: str


def glossary() -> str:
    """The page."""
    return page(
        "The glossary 术语表",
        SOURCE,
        "A business noun carries its official Chinese term and clause once, where it is defined; "
        "this page gathers them. Clauses without a document are `dalian-hightech`.",
        section("Nouns 名词", table(("noun", "中文", "clause", "defined in"), map(_row, nouns()))),
        section(
            "Verbs 办理动作", table(("verb", "中文", "clause", "defined in"), map(_row, verbs()))
        ),
        section("Words of a list 代码表", "Stored by value; shown by name."),
        *_lists(),
    )


def nouns() -> list[Entry]:
    """Every noun, one per Chinese term: a table's before a rule's, a class's before a module's."""
    found: dict[str, Entry] = {}
    of_classes = (entry for file in _in_order(NOUNS_IN) for entry in _of_classes(file))
    of_modules = (
        Entry(term.words.lower(), term.chinese, term.clauses, file)
        for file in _in_order(NOUNS_IN)
        for term in _module_terms(file)
        if term.words
    )
    for entry in (*of_classes, *of_modules):
        names = entry.chinese.split(" / ")
        if not found.keys() & set(names):
            found.update(dict.fromkeys(names, entry))
    return sorted(set(found.values()), key=lambda entry: (entry.noun, entry.chinese))


def verbs() -> list[Entry]:
    """What people do, by the actions' own names."""
    found = [
        Entry(function.name, own[0].chinese, _clauses(function, own[0]), file)
        for file in _in_order(VERBS_IN)
        for function in functions(file)
        if (own := terms(first_paragraph(ast.get_docstring(function))))
    ]
    return sorted(found, key=lambda entry: (entry.noun, entry.file))


def _of_classes(file: str) -> Iterator[Entry]:
    """The classes to which their docstring, or their module's, gives a Chinese term."""
    of_module = {term.chinese: term for term in _module_terms(file) if term.words}
    around = {_stem(term.words.split()[-1]): term for term in of_module.values()}
    for node in classes(file):
        name, said = spaced(node.name), first_paragraph(ast.get_docstring(node))
        for number, term in enumerate(terms(said)):
            is_its_own = number == 0 and not re.search(r"[.,;]", said.partition(term.chinese)[0])
            noun = name if is_its_own else term.words.lower()
            if term.chinese in of_module and _stem(name) not in term.words:
                noun = of_module[term.chinese].words.lower()
            if noun:
                yield Entry(noun, term.chinese, _clauses(node, term), file)
        if near := around.get(_stem(name.split()[-1])):
            yield Entry(name, near.chinese, _clauses(node, near), file)


def _clauses(node: ast.ClassDef | ast.FunctionDef, term: Term) -> tuple[str, ...]:
    """What its docstring cites, then what any bracket in the house says behind the same term."""
    said = clauses_in(" ".join((ast.get_docstring(node) or "").split()))
    return tuple(dict.fromkeys((*term.clauses, *said, *_cited().get(term.chinese, ()))))


@cache
def _cited() -> dict[str, list[str]]:
    """Every Chinese term with the clauses that stand beside it in a bracket."""
    found: dict[str, list[str]] = {}
    for file in python_files("models"):
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                for term in terms(" ".join((ast.get_docstring(node) or "").split())):
                    found.setdefault(term.chinese, []).extend(term.clauses)
    return found


def _module_terms(file: str) -> list[Term]:
    return terms(first_paragraph(ast.get_docstring(tree(file))))


def _lists() -> Iterator[str]:
    for file in _in_order((*NOUNS_IN, "models/queries")):
        for node in classes(file):
            words = member_comments(file, node.name) if is_enum(node) else {}
            if any(leading_term(comment) for comment in words.values()):
                rows = ((code(value), leading_term(comment)) for value, comment in words.items())
                said = f"{first_paragraph(ast.get_docstring(node))} {source_link(file)}"
                yield f"### {node.name}\n\n{said}\n\n{table(('value', '中文'), rows)}"


def _row(entry: Entry) -> tuple[str, ...]:
    name = code(entry.noun) if "_" in entry.noun else entry.noun
    return name, entry.chinese, ", ".join(entry.clauses) or NOTHING, source_link(entry.file)


def _in_order(folders: tuple[str, ...]) -> list[str]:
    return [file for folder in folders for file in python_files(folder)]


def _stem(word: str) -> str:
    """`claims` and `claim`, `batches` and `batch`, `agencies` and `agency` are one word."""
    lowered = word.lower()
    for ending, singular in (("ies", "y"), ("ches", "ch"), ("ses", "s"), ("ss", "ss"), ("s", "")):
        if lowered.endswith(ending):
            return lowered.removesuffix(ending) + singular
    return lowered
