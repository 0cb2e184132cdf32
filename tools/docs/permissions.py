"""`docs/permissions.md`: who opens which door, who takes which step, what forbids it."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Collection, Iterator
from typing import Any

from components.site import SITE
from models.queries.sight import SEE_ALL
from models.rules.claim_workflow import STEPS
from models.rules.roles import BARRIERS, PERMISSIONS, ROLE_NAMES, Permission, Role
from models.rules.wording import Wording
from tools.docs.workflow import step_roles
from tools.markdown import NOTHING, YES, bullets, code, page, section, table
from tools.words import both, chinese, english

SOURCE = "models/rules/roles.py, models/rules/claim_workflow.py and components/site.py"


def permissions() -> str:
    """The page."""
    return page(
        "Roles and permissions 角色与权限",
        SOURCE,
        "A role (角色) is a dated grant; one account may hold several. Every page asks when it "
        "opens, every action and query asks again: a role taken away acts on the next click, "
        "also in a page that is still open.",
        section("Roles 角色", table(("role", "中文", "English"), map(_role_row, Role))),
        section("Screens 页面", table(("address", "screen", "permission", *_ROLE_HEADS), _pages())),
        section(
            "Permissions 权限",
            table(("permission", *_ROLE_HEADS), map(_permission_row, Permission)),
        ),
        section(
            "Steps of the claim workflow 办理步骤",
            "Where the step belongs to the office holding the claim, every role that can be that "
            "office is marked. From, to and reasons stand in [the workflow](workflow.md).",
            table(("step", "中文", "system", *_ROLE_HEADS), map(_step_row, STEPS)),
        ),
        section(
            "What forbids a step for one person 回避与职责分离",
            "Holding the role is not enough. For one claim these are asked in order, and the "
            "first that applies is told in words:",
            bullets(_sentences()),
        ),
        section(
            "Who sees a claim 可见范围",
            f"Every filed claim, its papers and its line in an export: {_names(SEE_ALL)}. An "
            "agency sees its own, drafts included. Nobody else sees any: not on a page, not by "
            "the address of a file, not in an export.",
        ),
    )


_ROLE_HEADS = tuple(chinese(ROLE_NAMES[role]) for role in Role)


def _role_row(role: Role) -> tuple[str, ...]:
    return code(role.value), chinese(ROLE_NAMES[role]), english(ROLE_NAMES[role])


def _permission_row(permission: Permission) -> tuple[str, ...]:
    return code(permission.value), *_marks(PERMISSIONS[permission])


def _pages() -> Iterator[tuple[str, ...]]:
    for site in SITE:
        roles = PERMISSIONS[site.permission]
        yield code(site.address), both(site.title), code(site.permission.value), *_marks(roles)


def _step_row(step: Any) -> tuple[str, ...]:
    system = YES if step.by_system else NOTHING
    return code(step.action.value), chinese(step.name), system, *_marks(step_roles(step))


def _marks(roles: Collection[str]) -> tuple[str, ...]:
    return tuple(YES if role in roles else NOTHING for role in Role)


def _names(roles: Collection[Role]) -> str:
    return ", ".join(both(ROLE_NAMES[role]) for role in Role if role in roles)


def _sentences() -> Iterator[str]:
    for barrier in BARRIERS:
        template = _sentence_of(barrier)
        spoken = english(Wording(template))
        yield f"{template}{f' — {spoken}' if spoken else ''}"


def _sentence_of(barrier: Callable[..., object]) -> str:
    """The literal in the first `say(...)` of a barrier."""
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(barrier)))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say":
            literal = node.args[0]
            if isinstance(literal, ast.Constant):
                return str(literal.value)
    raise ValueError(f"{barrier.__name__} denies without a sentence")
