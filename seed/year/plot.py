"""The plot: how many claims take which course with which fault, one table, and the scenes of the
open month.

Every condition F01 to F15 fails, is unknown or warns somewhere; most claims are clean, as they are
in life.
"""

from __future__ import annotations

from dataclasses import dataclass

PAST_CLAIMS = 1_136
AGREEMENTS = 1_120
FAILING = 230  # of them come to nothing

# fmt: off
# service and result kind → of a hundred claims so many
SERVICES: tuple[tuple[str, str, int], ...] = (
    ("software_copyright", "software_registration", 26),
    ("utility_model",      "utility_grant",         21),
    ("invention_patent",   "invention_grant",       10),
    ("invention_patent",   "invention_application",  8),
    ("hnte_first",         "hnte_first_cert",       12),
    ("hnte_renewal",       "hnte_renewal_cert",      6),
    ("sme_registration",   "sme_number",             7),
    ("rd_accounting",      "rd_audit_report",        5),
    ("ip_standard",        "ip_standard_cert",       2),
    ("novelty_search",     "novelty_report",         2),
    ("tech_transfer",      "technology_contract",    1),
)
RESULT_KIND = {service: kind for service, kind, _ in reversed(SERVICES)} | {
    "design_patent": "design_grant",
    "ip_advantage": "ip_advantage_notice",
    "ip_demonstration": "ip_demo_notice",
    "ip_review": "ip_review_report",
    "project_local": "project_local_notice",
}
FIXED_SERVICE = {
    "F01":             "software_copyright",
    "F05_number":      "utility_model",
    "F06_shared":      "rd_accounting",
    "F06_exceeded":    "rd_accounting",
    "F06_blank":       "rd_accounting",
    "F07_track":       "project_local",
    "F07_date":        "design_patent",
    "F12_low":         "utility_model",
    "F12_high":        "software_copyright",
    "F13_unregistered": "software_copyright",
}


@dataclass(frozen=True, slots=True)
class Storyline:
    """So many claims of the past months take this course with these faults."""

    course: str
    count: int
    faults: tuple[str, ...] = ()
    oldest_only: int = 1  # at least so many months before the open one


STORYLINES: tuple[Storyline, ...] = (
    # passed at the first reading, with something to look at
    Storyline("straight", 40, ("F03_imported",)),
    Storyline("straight", 26, ("F03_late",)),
    Storyline("straight", 28, ("F12_low",)),
    Storyline("straight",  5, ("F12_high",)),
    Storyline("straight", 10, ("F11",)),
    Storyline("straight", 18, ("F14_waiting",)),
    Storyline("straight",  8, ("F14_not_asked",)),
    Storyline("straight",  5, ("F06_shared",)),
    # passed with a reason every later office sees
    Storyline("straight", 12, ("F03_no_start",)),
    Storyline("straight",  3, ("F06_blank",)),
    Storyline("straight",  3, ("F13_unregistered",)),
    # returned, corrected, second round
    Storyline("answered", 58, ("F05_paper",)),
    Storyline("answered", 24, ("F08",)),
    Storyline("answered", 18, ("F13",)),
    Storyline("answered",  6, ("F13_empty",)),
    Storyline("answered",  6, ("F06_exceeded",)),
    Storyline("answered", 12, ("F05_paper", "F08")),
    Storyline("answered",  6, ("F05_paper", "F13", "F12_low")),
    Storyline("answered_twice", 7, ("F05_paper", "F08")),
    # returned, and not answered
    Storyline("lapsed",   14, ("F05_paper",), 3),
    Storyline("given_up",  8, ("F05_paper",)),
    Storyline("given_up",  4, ("F06_claimed",)),
    # refused
    Storyline("refused",   5, ("F01",)),
    Storyline("refused",   5, ("F02",)),
    Storyline("refused",   8, ("F03_after_start",)),
    Storyline("refused",   3, ("F03_unfiled",)),
    Storyline("refused",   4, ("F04_agreed",)),
    Storyline("refused",   4, ("F04_paid",)),
    Storyline("refused",   3, ("F05_number",)),
    Storyline("refused",   4, ("F06_claimed",)),
    Storyline("refused",   4, ("F07_track",)),
    Storyline("refused",   3, ("F07_date",)),
    Storyline("refused",   2, ("F15",)),
    Storyline("reopened",  6, ("F11",)),
    Storyline("refused_then_again", 4, ("F14_not_asked",), 2),
    # held, undone, withdrawn at the pre-review
    Storyline("held",     20),
    Storyline("undone",    5),
    Storyline("withdrawn", 12),
    # at the offices
    Storyline("bureau_reduces",   10),
    Storyline("bureau_holds",      4),
    Storyline("bureau_returns",    8, oldest_only=2),
    Storyline("bureau_asks",      10, oldest_only=2),
    Storyline("bureau_asks_more",  3, oldest_only=2),
    Storyline("bureau_refuses",    5),
    Storyline("committee_asks",    3, oldest_only=2),
    Storyline("committee_returns", 4, oldest_only=2),
    Storyline("committee_refuses", 1, oldest_only=2),
    Storyline("finance_returns",   3, oldest_only=2),
    Storyline("payment_fails",     6, oldest_only=2),
    Storyline("recalled",          3, oldest_only=2),
)
CLEAN = Storyline("straight", 0)


@dataclass(frozen=True, slots=True)
class Special:
    """One claim of a thread that has to meet: caps and small budget lines that run out."""

    service: str
    months_before: int
    course: str
    thread: str
    yuan: int | None = None
    member: int = 0  # this enterprise, by its number


SPECIALS: tuple[Special, ...] = (
    # S-14 and S-15 draw on a small line: what waits at the bureau leaves too little behind it (F10
    # warns)
    *(Special("ip_advantage", months, "straight", "") for months in (9, 8, 7, 6, 5, 4)),
    *(Special("ip_advantage", 1, "at_bureau", "") for _ in range(2)),
    # S-16 is decided case by case (F08 unknown), and its line is almost used up (F10 not met)
    *(Special("ip_demonstration", months, "straight", "", 60_000) for months in (7, 5, 3)),
    # one enterprise has used up its yearly cap of S-12, another will have (F09 not met, F09 warns)
    *(Special("software_copyright", months, "straight", "capped") for months in (7, 6, 5, 4, 3)),
    *(Special("software_copyright", months, "straight", "nearly_capped") for months in (7, 6, 5, 4)),
    Special("software_copyright", 1, "at_bureau", "nearly_capped"),
    # the first enterprise: served, paid and rewarded
    Special("hnte_first", 6, "straight", "", member=1),
)


@dataclass(frozen=True, slots=True)
class Scene:
    """Claims of the open month: how long they have waited, what is wrong, how far they are, who
    has taken them; for the people of the sign-in screen, whose they are."""

    service: str
    waits: int  # working days since it was filed
    faults: tuple[str, ...] = ()
    course: str = "waiting"
    taken_by: str = ""
    thread: str = ""
    house: int = 0  # this agency, by its number
    member: int = 0  # this enterprise, by its number


SCENES: tuple[Scene, ...] = (
    Scene("hnte_first",         12, ("F05_paper", "F12_low", "F14_waiting"), taken_by="reviewer"),
    Scene("invention_patent",   11, taken_by="reviewer"),
    Scene("software_copyright", 10, ("F05_paper", "F08")),
    Scene("hnte_first",         10),
    Scene("utility_model",       9, taken_by="reviewer2"),
    Scene("invention_patent",    9, ("F03_imported",)),
    Scene("rd_accounting",       8),
    Scene("hnte_renewal",        8),
    Scene("software_copyright",  7, ("F14_waiting",), house=1, member=1),
    Scene("hnte_first",          6, house=3),
    Scene("utility_model",       6, ("F03_after_start", "F08", "F13")),
    Scene("rd_accounting",       5),
    Scene("utility_model",       4),
    Scene("hnte_first",          3, ("F03_no_start", "F14_waiting")),
    Scene("software_copyright",  2),
    Scene("software_copyright",  2, thread="capped"),
    Scene("ip_advantage",        1),
    Scene("utility_model",       1, ("F02_suspended",)),
    # on hold
    Scene("hnte_first",          9, ("F14_waiting",), "on_hold"),
    Scene("ip_demonstration",    8, (), "on_hold"),
    Scene("software_copyright",  7, (), "on_hold", thread="nearly_capped"),
    # with the agency
    Scene("invention_patent",   10, ("F05_paper",), "returned", house=1),
    Scene("utility_model",       9, ("F13",), "returned", house=2),
    Scene("software_copyright",  8, ("F05_paper",), "returned"),
    Scene("hnte_renewal",        7, ("F08",), "returned"),
    Scene("ip_review",           6, ("F05_paper",), "returned"),
    Scene("rd_accounting",       6, ("F06_exceeded",), "returned"),
    # ended
    Scene("software_copyright",  9, ("F04_paid",), "refused"),
    Scene("utility_model",       7, ("F15",), "refused"),
    Scene("sme_registration",    8, (), "withdrawn"),
    # passed, waiting for the lead
    *(Scene(service, waits, (), "straight") for service, waits in zip(
        ("software_copyright", "utility_model", "invention_patent", "software_copyright", "hnte_first", "utility_model",
         "sme_registration", "software_copyright", "hnte_renewal", "utility_model", "rd_accounting", "software_copyright",
         "invention_patent", "utility_model", "hnte_first", "software_copyright", "novelty_search", "utility_model",
         "software_copyright", "invention_patent", "sme_registration", "utility_model", "software_copyright", "hnte_first",
         "utility_model", "software_copyright", "tech_transfer", "invention_patent", "utility_model", "software_copyright",
         "sme_registration", "hnte_renewal", "software_copyright", "utility_model"),
        (13, 13, 12, 12, 12, 11, 11, 11, 10, 10, 10, 10, 9, 9, 9, 9, 8, 8, 8, 8, 7, 7, 7, 7, 7, 6, 6, 6, 6, 6, 6, 6, 6, 6),
        strict=True,
    )),
)
# fmt: on
