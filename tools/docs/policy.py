"""`docs/policy.md`: the reference data with its sources: standards, services, papers."""

from __future__ import annotations

from collections.abc import Iterator

from models.rules.entitlement import Payee, Purpose, StandardKind
from models.tables.money import Standing
from models.tables.reference import Track
from tools.markdown import code, page, section, source_link, table
from tools.source import chinese_names, reference_lines

SOURCE = "seed/reference/"


def policy() -> str:
    """The page."""
    return page(
        "Standards, services and papers 补贴标准与服务清单",
        SOURCE,
        "What `python manage.py seed reference` writes. The Dalian zone's own standards are not "
        "published: those printed elsewhere are kept as *reference* rules, shown for comparison, "
        "and never match a claim. A deployment imports its own; a second person confirms them "
        f"before they are in force. Applied by {source_link('seed/reference_data.py')}.",
        section("Subsidy standards 补贴标准", table(_STANDARD_HEADS, _standards())),
        section(
            "Services of clause 四 服务清单",
            "Price bands are in yuan, a default where no source for a price was found.",
            table(_SERVICE_HEADS, _services()),
        ),
        section(
            "Results and their papers 成果类型与材料",
            "The identifier that is read, the date that counts, and the papers, asked for at filing.",
            table(_RESULT_HEADS, _results()),
        ),
        section("Papers 材料", table(("code", "材料", "English", "source"), _papers())),
    )


# fmt: off
_STANDARD_HEADS = (
    "standard", "English", "place", "document", "clause", "purpose", "payee", "kind", "gives",
    "valid", "standing",
)
_SERVICE_HEADS = (
    "", "code", "服务", "English", "track", "price band", "working days", "clause", "price source",
)
_RESULT_HEADS = (
    "code", "成果类型", "English", "service", "identifier", "date that counts", "papers", "clause",
)
# fmt: on


def _standards() -> Iterator[tuple[str, ...]]:
    purposes, payees = chinese_names(Purpose), chinese_names(Payee)
    kinds, standings = chinese_names(StandardKind), chinese_names(Standing)
    for line in reference_lines("policy_rules"):
        yield (
            line["title_zh"],
            line["title_en"],
            line["place"],
            code(line["document"]),
            line["clause"],
            purposes[line["purpose"]] or line["purpose"],
            payees[line["payee"]] or line["payee"],
            kinds[line["kind"]] or line["kind"],
            _gives(line),
            f"{line['valid_from']} – {line['valid_to']}",
            standings[line["standing"]] or line["standing"],
        )


def _gives(line: dict[str, str]) -> str:
    """The amount as printed; rules that print none say so."""
    parts = []
    if line["amount_yuan"]:
        each = f" per {line['unit']}" if line["unit"] else ""
        parts.append(_yuan(line["amount_yuan"]) + each)
    if line["percent"]:
        parts.append(f"{line['percent']} %")
    if line["ceiling_yuan"]:
        parts.append(f"at most {_yuan(line['ceiling_yuan'])}")
    if line["annual_cap_yuan"]:
        parts.append(f"at most {_yuan(line['annual_cap_yuan'])} a year")
    return ", ".join(parts) or "no amount printed"


def _services() -> Iterator[tuple[str, ...]]:
    tracks = chinese_names(Track)
    for line in reference_lines("services"):
        low, high = line["price_floor_yuan"], line["price_ceiling_yuan"]
        yield (
            line["clause_item"],
            code(line["code"]),
            line["name_zh"],
            line["name_en"],
            tracks[line["track"]],
            f"{_yuan(low)} – {_yuan(high)}" if low and high else "",
            line["standard_working_days"],
            line["clause"],
            line["price_source"],
        )


def _results() -> Iterator[tuple[str, ...]]:
    needed: dict[str, list[str]] = {}
    for line in reference_lines("required_evidence"):
        needed.setdefault(line["result_kind_code"], []).append(line["evidence_kind_code"])
    for line in reference_lines("result_kinds"):
        yield (
            code(line["code"]),
            line["name_zh"],
            line["name_en"],
            code(line["service_code"]),
            code(line["identifier"]),
            f"{line['date_zh']} {line['date_en']}",
            " ".join(needed.get(line["code"], ())),
            line["clause"],
        )


def _papers() -> Iterator[tuple[str, ...]]:
    for line in reference_lines("evidence_kinds"):
        yield line["code"], line["name_zh"], line["name_en"], line["source"]


def _yuan(written: str) -> str:
    return f"¥{int(written):,}" if written.isdigit() else f"¥{written}"
