"""A short service list for tests that need no database."""

from datetime import date

from models.exchange.cells import Lists
from models.exchange.checking import CheckedBook, check_book
from models.exchange.reading import read_book
from models.exchange.sheets import ListName, Option
from models.rules.identifiers import IdentifierKind

TODAY = date(2026, 11, 20)
LISTS = Lists(
    {
        ListName.services: (
            Option("hnte_first", "高企认定（首次）"),
            Option("software_copyright", "软件著作权登记"),
        ),
        ListName.result_kinds: (
            Option("hnte_first_cert", "高新技术企业证书（首次）"),
            Option("software_cert", "计算机软件著作权登记"),
        ),
        ListName.places: (Option("dalian-hightech", "大连高新区"),),
        ListName.indicators: (
            Option("hnte_count", "高新技术企业数量", ("High-tech enterprises",), "单位：家"),
            *(Option(f"indicator_{n}", f"测试指标第{n}号") for n in range(30)),
        ),
    }
)
IDENTIFIERS = {
    "hnte_first_cert": IdentifierKind.hnte_certificate,
    "software_cert": IdentifierKind.software_copyright,
}


def checked(content: bytes, name: str = "名单.xlsx") -> CheckedBook:
    """A file read and checked by itself."""
    return check_book(read_book(name, content), LISTS, IDENTIFIERS, TODAY)
