"""`docs/settings.md`: what no document prints, with its labelled default, read from `SETTINGS`."""

from __future__ import annotations

from models.database import Deployment
from models.rules.settings import SETTINGS, Adjustable
from tools.markdown import NOTHING, code, page, section, table
from tools.words import chinese, english

SOURCE = "models/rules/settings.py"

# fmt: off
ENVIRONMENT = {
    "database_url":         "the database; empty is SQLite in the data folder",
    "data_folder":          "papers, key and the SQLite database; outside the program in a deployment",
    "session_idle_minutes": "a browser left alone is signed out",
    "session_hours":        "a sign-in ends, however busy",
    "secure_cookies":       "`true` or `false`; empty: exactly when the visitor came by HTTPS",
    "public_url":           "the address people open; links in mails begin with it",
    "smtp_host":            "the mail server; without it no mail is written",
    "smtp_port":            "its port",
    "smtp_security":        "`starttls`, `tls` or `none`: how the way to it is kept private",
    "smtp_user":            "who signs in there; empty: nobody does",
    "smtp_password":        "with which password",
    "mail_from":            "whom mails come from",
}
# fmt: on


def settings() -> str:
    """The page."""
    return page(
        "Settings 设定",
        SOURCE,
        "`dalian-hightech` gives no deadlines, forms or return rules. Every such figure is a row "
        "here: a default, shown as a default, until a dated version of it is drafted by one "
        "person and confirmed by another.",
        section(
            "Of the deployment's rules 设定",
            table(
                ("key", "设定", "English", "default", "allowed", "what it decides"),
                map(_row, SETTINGS),
            ),
        ),
        section(
            "Of the machine 运行环境",
            "Read from the environment when the program starts, by `models/database.py` alone.",
            table(
                ("variable", "default", "what it decides"), map(_variable, Deployment.model_fields)
            ),
        ),
    )


def _row(setting: Adjustable) -> tuple[str, ...]:
    return (
        code(setting.key),
        chinese(setting.name),
        english(setting.name),
        _value(setting.default),
        _allowed(setting),
        english(setting.why) or chinese(setting.why),
    )


def _value(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case "" | ():
            return "none"
        case tuple():
            return ", ".join(map(str, value))
        case _:
            return code(value)


def _allowed(setting: Adjustable) -> str:
    if setting.choices:
        return " or ".join(map(code, setting.choices))
    is_bounded = isinstance(setting.default, int | tuple) and not isinstance(setting.default, bool)
    return f"{setting.lowest} – {setting.highest}" if is_bounded else NOTHING


def _variable(name: str) -> tuple[str, ...]:
    default = Deployment.model_fields[name].default
    shown = "`data/`" if name == "data_folder" else code("" if default is None else default)
    return code(name.upper()), shown or "empty", ENVIRONMENT.get(name, name.replace("_", " "))
