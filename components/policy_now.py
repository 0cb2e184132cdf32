"""What holds in the place of a change that waits, field by field in words."""

from __future__ import annotations

from components.attempt import found
from components.policy_words import content_words, version_words
from components.shell import Visit
from models.queries.changes import ChangeCard
from models.queries.policy_items import content_now
from models.queries.standards import standard_card
from models.rules.changes import ChangeKind


def words_before(visit: Visit, card: ChangeCard | None) -> dict[str, str]:
    """What holds now where a change would hold; nothing where it is the first of its kind.

    Args:
        visit: who looks, and when.
        card: the change.
    """
    if card is None or not card.line.is_waiting:
        return {}
    line = card.line
    if line.kind is ChangeKind.policy_rule:
        key = line.subject.rpartition(":")[0]
        standard = found(standard_card, visit.actor, key, visit.today)
        return version_words(standard.row) if standard else {}
    now = found(content_now, visit.actor, line.kind, line.subject, visit.today)
    return content_words(line.kind, line.subject, now) if now else {}
