"""A list: one page of typed rows as a dense table, its order and page kept in the address, and its
download.

Columns are named once and serve the screen and the workbook alike, so the download is exactly what
is shown. A click on a head sorts in the database (never only the page); a click on the first column
opens the row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeAlias
from zlib import crc32

import pyarrow as pa
import streamlit as st

from components import formats
from components.auth import has_narrow_window
from components.downloads import XLSX, offer_file
from components.filters import ORDER, PAGE, ask, asked, asked_number
from components.language import _
from components.list_cards import draw_cards
from components.site import page_at
from models.clock import now_utc, today
from models.exchange.listing import ListColumn, Listing, ListKind, listing_workbook
from models.queries.paging import ROWS_A_PAGE, Page, PageRequest
from models.queries.settings import is_demonstration
from models.rules.roles import Actor

ROW_HEIGHT = 34
HEAD_HEIGHT = 35
INDENT = "\N{EN SPACE}"
"""Before the head of a column of buttons: a button's words stand 7 pixels further in."""
PAGER_WIDTHS = {1: 160, 2: 160, 3: 220, 4: 220, 5: 220}
PAGER_WIDTH = 285
"""A pager that is not given its full width leaves pages out."""

Kind: TypeAlias = Literal["text", "day", "money", "number", "figure", "chips", "meter"]
Colour: TypeAlias = Literal["red", "orange", "green", "blue", "gray"]


_LISTED: dict[Kind, ListKind] = {
    "money": ListKind.fen,
    "number": ListKind.whole,
    "meter": ListKind.whole,
    "figure": ListKind.exact,
    "day": ListKind.day,
}
"""What the workbook holds as more than text."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list.

    Attributes:
        field: the attribute of the row; a list's query sorts by the same name.
        title: the head, in the visitor's language; the unit stands here.
        width: in pixels; the widths of one list fit 1,318.
        kind: how it is drawn.
        help: what the head means, shown when pointed at.
        sorts: whether a click on the head sorts by it.
        options: chips: what may appear, each with its colour. Meter: nothing.
        most: a meter's full length.
        on_phone: whether a phone's card tells it (`list_cards`).
        shown: makes the cell of the value, for the kinds that show text.
    """

    field: str
    title: str
    width: int
    kind: Kind = "text"
    help: str | None = None
    sorts: bool = False
    options: Mapping[str, Colour] | None = None
    most: int = 0
    on_phone: bool = True
    shown: Callable[[Any], Any] | None = None

    def cell(self, row: Any) -> Any:
        """What the screen shows of a row."""
        value = getattr(row, self.field)
        shown = value if self.shown is None else self.shown(value)
        return shown or None if self.kind == "chips" else shown

    def listed(self, row: Any) -> Any:
        """What the workbook holds of a row: money in fen, counts, figures and days as they are,
        else what is shown."""
        if self.kind in _LISTED:
            return getattr(row, self.field)
        shown = self.cell(row)
        return _("、").join(shown) if isinstance(shown, list | tuple) else shown

    @property
    def list_column(self) -> ListColumn:
        """The column of the workbook."""
        return ListColumn(
            self.title, _LISTED.get(self.kind, ListKind.text), max(8, self.width // 8)
        )


# ---------------------------------------------------------------- columns


def text(field: str, title: str, width: int, **more: Any) -> Column:
    """Text as it is; `—` for nothing."""
    return Column(field, title, width, shown=lambda value: value or formats.NOTHING, **more)


def label(field: str, title: str, width: int, **more: Any) -> Column:
    """A stored value by its name (`formats.label`)."""
    return Column(field, title, width, shown=formats.label, **more)


def chosen(field: str, title: str, width: int, names: Mapping[str, str], **more: Any) -> Column:
    """A code by the name a table gives it; an unknown code shows itself."""
    return Column(field, title, width, shown=lambda code: names.get(code, code), **more)


def day(field: str, title: str, width: int = 92, **more: Any) -> Column:
    """A date, `2026-11-20`."""
    return Column(field, title, width, kind="day", shown=formats.day, **more)


def instant(field: str, title: str, width: int = 130, **more: Any) -> Column:
    """An instant at the office, `2026-11-20 09:12`."""
    return Column(field, title, width, shown=formats.instant, **more)


def money(field: str, title: str, width: int = 90, **more: Any) -> Column:
    """Fen as yuan, right-aligned, grouped; the head names the unit."""
    return Column(field, title, width, kind="money", shown=formats.yuan_as_number, **more)


def number(field: str, title: str, width: int = 80, **more: Any) -> Column:
    """A whole number, right-aligned, grouped."""
    return Column(field, title, width, kind="number", **more)


def figure(field: str, title: str, width: int = 96, **more: Any) -> Column:
    """An exact decimal in a unit that stands beside it, right-aligned, grouped."""
    return Column(field, title, width, kind="figure", shown=formats.exact, **more)


def chips(field: str, title: str, width: int, options: Mapping[str, Colour], **more: Any) -> Column:
    """Short words in a row, each on its colour: the field holds the words, exceptions first."""
    more.setdefault("shown", list)
    return Column(field, title, width, kind="chips", options=options, **more)


def meter(field: str, title: str, width: int, most: int, **more: Any) -> Column:
    """A bar of the accent colour with its figure."""
    return Column(field, title, width, kind="meter", most=most, **more)


# ---------------------------------------------------------------- the list


def page_asked(order: str = "", size: int = ROWS_A_PAGE) -> PageRequest:
    """The page and order the address asks for.

    Args:
        order: the order when it names none.
        size: rows on a page.
    """
    return PageRequest(asked_number(PAGE), size, asked(ORDER) or order)


def draw_list(
    name: str,
    columns: Sequence[Column],
    page: Page[Any],
    *,
    title: str,
    empty: str,
    footer: str = "",
    row_id: str = "id",
    opens: tuple[str | None, str] | None = None,
    is_selectable: bool = False,
) -> tuple[Any, ...]:
    """A list's one page with its footer, or the sentence that says what would fill it.

    Args:
        name: the list's name, for keys.
        columns: what it shows.
        page: the rows.
        title: its name for who cannot see it.
        empty: what to say when there is none, and what would fill it.
        footer: the rule of order, in words.
        row_id: the attribute that names a row in the address and in the selection.
        opens: the address and parameter a row opens; no address means this page.
        is_selectable: rows may be ticked.

    Returns:
        The `row_id` of the ticked rows. The ticks belong to exactly these rows: when the page shows
        others, none is ticked; on a phone none can be ticked.
    """
    if not page.rows:
        st.markdown(formats.small_grey(empty))
        return ()
    if has_narrow_window():
        draw_cards(columns, page.rows, title=title, row_id=row_id, opens=opens)
        _draw_footer(name, page, "")
        return ()
    ids = tuple(getattr(row, row_id) for row in page.rows)
    key = f"list_{name}_{crc32(repr((ids, page.order, _turns(name))).encode()):x}"
    titles = [_head(column, page.order) for column in columns]
    cells = {
        head: [column.cell(row) for row in page.rows]
        for head, column in zip(titles, columns, strict=True)
    }
    modes: list[Literal["single-column", "multi-row"]] = ["single-column"]
    if is_selectable:
        modes.append("multi-row")
    shown = st.dataframe(
        pa.table(cells),
        key=key,
        height=ROW_HEIGHT * len(ids) + HEAD_HEIGHT,
        row_height=ROW_HEIGHT,
        hide_index=True,
        column_config={
            head: _configured(
                column,
                cells[head],
                _opener(name, ids, opens) | {"label": f"{INDENT}{head}"}
                if at == 0 and opens
                else None,
            )
            for at, (head, column) in enumerate(zip(titles, columns, strict=True))
        },
        on_select=_selected(key, name, titles, columns, page.order),
        selection_mode=modes,
        placeholder=formats.NOTHING,
        alt=title,
    )
    _draw_footer(name, page, footer)
    return tuple(ids[at] for at in shown.selection.rows if at < len(ids))


def download(
    title: str,
    columns: Sequence[Column],
    query: Callable[[Any, Any], Iterable[Any]],
    *,
    label: str = "",
) -> None:
    """The button that downloads the list as shown: same filter, order, columns and masks, every
    page of it.

    Args:
        title: the workbook's and the sheet's name.
        columns: the columns of the screen.
        query: the page's own query without its page, `query(session, actor)`.
        label: the button's words; 下载本表 when left out.
    """
    offer_file(
        label or _("下载本表"),
        f"{title}-{today():%Y%m%d}.xlsx",
        partial(_workbook, title, columns, query),
        kind=XLSX,
        key="download_list",
    )


# ---------------------------------------------------------------- pieces


def _workbook(
    title: str,
    columns: Sequence[Column],
    query: Callable[[Any, Any], Iterable[Any]],
    current: Any,
    actor: Actor,
) -> bytes:
    return listing_workbook(
        Listing(
            title,
            tuple(column.list_column for column in columns),
            [[column.listed(row) for column in columns] for row in query(current, actor)],
            _("截至 {at}").format(at=formats.instant(now_utc())),
            is_demonstration(current),
        )
    )


def _head(column: Column, order: str) -> str:
    if not column.sorts or order.removeprefix("-") != column.field:
        return column.title
    return f"{column.title} {'↓' if order.startswith('-') else '↑'}"


def _configured(column: Column, cells: Sequence[Any], opener: dict[str, Any] | None) -> Any:
    of = st.column_config
    shape: dict[str, Any] = {"width": column.width, "help": column.help}
    if opener is not None:
        return of.ButtonColumn(**shape, **opener, type="tertiary", alignment="left")
    match column.kind:
        case "money" | "number":
            return of.NumberColumn(**shape, format="localized")
        case "figure":
            return of.TextColumn(**shape, alignment="right")
        case "chips":
            there = {chip for cell in cells for chip in cell or ()}
            options = {
                chip: colour for chip, colour in (column.options or {}).items() if chip in there
            }
            return of.MultiselectColumn(
                **shape, options=list(options), color=list(options.values())
            )
        case "meter":
            bounds: dict[str, Any] = {"min_value": 0, "max_value": column.most}
            return of.ProgressColumn(**shape, **bounds, format="%d", color="blue")
    return of.TextColumn(**shape)


def _opener(name: str, ids: tuple[Any, ...], opens: tuple[str | None, str]) -> dict[str, Any]:
    key = f"open_{name}"

    def opened() -> None:
        address, parameter = opens
        value = str(ids[st.session_state[key].row])
        if address is None:
            ask(parameter, value)
        else:
            st.switch_page(page_at(address).script, query_params={parameter: value})

    return {"key": key, "on_click": opened}


def _selected(
    key: str, name: str, titles: list[str], columns: Sequence[Column], order: str
) -> Callable[[], None]:
    """What a click on a head does: order by it, the other way round the second time."""

    def selected() -> None:
        for head in st.session_state[key].selection.columns:
            column = columns[titles.index(head)]
            if column.sorts:
                ask(ORDER, f"-{column.field}" if order == column.field else column.field, page="")
            st.session_state[f"turns_{name}"] = _turns(name) + 1

    return selected


def _turns(name: str) -> int:
    """How often a head was clicked: a fresh table forgets that its head is selected."""
    turns: int = st.session_state.get(f"turns_{name}", 0)
    return turns


def _draw_footer(name: str, page: Page[Any], footer: str) -> None:
    if not footer and page.pages == 1:
        return
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.markdown(formats.small_grey(footer) if footer else "", width="stretch")
        draw_pager(name, page)


def draw_pager(name: str, page: Page[Any]) -> None:
    """The pages of a list to turn to; nothing where there is one.

    Args:
        name: the list's name, for keys.
        page: the one shown.
    """
    if page.pages > 1:
        _draw_pages(name, page)


def _draw_pages(name: str, page: Page[Any]) -> None:
    key = f"page_{name}"

    def turned() -> None:
        number = st.session_state[key]
        ask(PAGE, str(number) if number > 1 else "")

    if key in st.session_state and st.session_state[key] != page.number:
        st.session_state[key] = page.number
    st.pagination(
        page.pages,
        default=page.number,
        key=key,
        width=PAGER_WIDTHS.get(page.pages, PAGER_WIDTH),
        on_change=turned,
    )
