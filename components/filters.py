"""The filters above a list. The address holds them: a link shows the same list, in either language.

Each filter reads its value from the address, checked (an unknown value is ignored), and writes it
back when the visitor changes it, which also turns the list to its first page. Streamlit's own
binding writes the label that is shown into the address, so a link would break with the language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

import streamlit as st

from components.formats import label as label_of
from components.language import _
from models.queries.search import LONGEST_SEARCH

PAGE = "page"
ORDER = "order"
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)
_LONGEST_VALUE = 100

Option = TypeVar("Option", bound=str)


@dataclass(frozen=True, slots=True)
class Period:
    """A period of days, both ends included; an open end is `None`."""

    from_on: date | None = None
    to_on: date | None = None


# ---------------------------------------------------------------- the address


def asked(name: str) -> str:
    """A value of the address, `?name=…`, cut to a sane length; empty when absent."""
    return st.query_params.get(name, "")[:_LONGEST_VALUE].replace("\0", "").strip()


def asked_number(name: str, otherwise: int = 1) -> int:
    """A whole number of the address; `otherwise` when it is none."""
    written = asked(name)
    return (
        int(written) if written.isascii() and written.isdigit() and len(written) < 10 else otherwise
    )


def asked_day(name: str, latest: date) -> date | None:
    """A day of the address, no later than another; `None` when it is none."""
    day = _day(asked(name))
    return day if day is not None and day <= latest else None


def ask(name: str, value: str, **others: str) -> None:
    """Write values into the address at once, as one step back in the browser; an empty one leaves
    it.

    Args:
        name: of the value.
        value: what to write.
        others: more names and values.
    """
    address = st.query_params.to_dict() | {name: value} | others
    st.query_params.from_dict({key: written for key, written in address.items() if written})


def ask_nothing(kept: tuple[str, ...] = ()) -> None:
    """Leave every filter of this page: as a button's `on_click`.

    Args:
        kept: names in the address that are no filter, such as the view.
    """
    address = st.query_params.to_dict()
    st.query_params.from_dict({name: address[name] for name in kept if name in address})


# ---------------------------------------------------------------- the filters


def toolbar() -> Any:
    """The one row above a list: filters left, buttons right, wrapping on a phone."""
    return st.container(horizontal=True, vertical_alignment="center", gap="small", key="toolbar")


def search_box(placeholder: str, *, name: str = "q", width: int = 220) -> str:
    """A search field, answered while typing.

    Returns:
        What to look for; empty for everything.
    """
    value = asked(name)[:LONGEST_SEARCH]
    st.text_input(
        placeholder,
        key=_stand(name, value),
        type="search",
        placeholder=placeholder,
        max_chars=LONGEST_SEARCH,
        icon=":material/search:",
        label_visibility="collapsed",
        live="400ms",
        width=width,
        on_change=_changed,
        args=(name,),
    )
    return value


def choice(
    name: str,
    options: Iterable[Option],
    everything: str,
    *,
    called: Callable[[Any], str] | Mapping[str, str] = label_of,
    width: int = 130,
) -> Option | None:
    """A drop-down of stored values, the first entry for all of them.

    Args:
        name: its name in the address.
        options: enum members or codes.
        everything: what no choice is called: `全部服务`; it is the label too.
        called: what an option is called, a function or a table.
        width: in pixels.

    Returns:
        The option chosen, `None` for all.
    """
    known = {_text(option): option for option in options}
    value = asked(name) if asked(name) in known else ""
    st.selectbox(
        everything,
        ["", *known],
        key=_stand(name, value),
        format_func=lambda text: _called(known[text], called) if text else everything,
        label_visibility="collapsed",
        filter_mode="contains" if len(known) > 8 else None,
        width=width,
        on_change=_changed,
        args=(name,),
    )
    return known.get(value)


def segments(
    name: str,
    options: Iterable[Option],
    title: str,
    *,
    called: Callable[[Any], str] | Mapping[str, str] = label_of,
    default: Option | None = None,
) -> Option:
    """A row of segments, one of which is always chosen.

    Args:
        name: its name in the address.
        options: enum members or codes.
        title: its name for who cannot see it.
        called: what an option is called, a function or a table; may carry a count.
        default: what holds when the address names none; the first option when left out.

    Returns:
        The option chosen.
    """
    known = {_text(option): option for option in options}
    standard = next(iter(known)) if default is None else _text(default)
    value = asked(name) if asked(name) in known else standard
    st.segmented_control(
        title,
        list(known),
        key=_stand(name, value),
        required=True,
        format_func=lambda text: _called(known[text], called),
        label_visibility="collapsed",
        on_change=_changed,
        args=(name, standard),
    )
    return known[value]


def period(name: str, title: str, *, width: int = 230) -> Period:
    """A range of days, `?name=2026-11-01..2026-11-30`.

    Returns:
        The period; both ends `None` for all days.
    """
    value = _period(asked(name))
    st.date_input(
        title,
        value=[],
        key=_stand(name, tuple(on for on in (value.from_on, value.to_on) if on)),
        format="YYYY-MM-DD",
        min_value=FIRST_DAY,
        max_value=LAST_DAY,
        label_visibility="collapsed",
        width=width,
        on_change=_changed,
        args=(name,),
    )
    return value


def clear_button(*kept: str) -> None:
    """A quiet button that leaves all filters; only there when one is set.

    Args:
        kept: names in the address that are no filter, such as the view.
    """
    if set(st.query_params) - {PAGE, ORDER, *kept}:
        st.button(
            _("清除"),
            key="clear_filters",
            type="tertiary",
            icon=":material/filter_alt_off:",
            on_click=ask_nothing,
            args=(kept,),
        )


# ---------------------------------------------------------------- pieces


def _stand(name: str, value: Any) -> str:
    """Let the widget stand at the address's value; untouched while they agree, so typing is not
    disturbed."""
    key = f"filter_{name}"
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    return key


def _changed(name: str, standard: str = "") -> None:
    written = _written(st.session_state[f"filter_{name}"])
    if written is None:
        return
    ask(name, "" if written == standard else written, page="")


def _written(value: Any) -> str | None:
    """A widget's value as the address holds it; `None` while a range still lacks its end."""
    if not isinstance(value, tuple | list):
        return str(value or "").strip()
    return None if len(value) == 1 else "..".join(on.isoformat() for on in value)


def _period(written: str) -> Period:
    from_on, _dots, to_on = written.partition("..")
    first, last = _day(from_on), _day(to_on)
    return Period(first, last) if first and last and first <= last else Period()


def _day(written: str) -> date | None:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def _text(option: str) -> str:
    return option.value if isinstance(option, StrEnum) else option


def _called(option: Any, called: Callable[[Any], str] | Mapping[str, str]) -> str:
    return called[option] if isinstance(called, Mapping) else called(option)
