"""The peer's page of ratings: shares of each agency over twelve months, aggregated by the ORM."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.admin.views.decorators import staff_member_required
from django.db.models import Avg, Count, Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from bench.peers.django_admin.models import Answer, ClaimEvent

_DECISIONS = ("pass_pre_review", "return_pre_review", "refuse_pre_review")
_ROW = "<tr><td>{}</td><td>{}</td><td>{:.3f}</td><td>{:.2f}</td></tr>"


@staff_member_required
def ratings(_: HttpRequest) -> HttpResponse:
    """Decided claims, the share passed at pre-review, the mean satisfaction, by agency."""
    since = timezone.now() - timedelta(days=365)
    rows = [
        _ROW.format(name, decided, passed / decided, satisfied.get(number, 0) or 0)
        for satisfied in [_satisfaction(since)]
        for number, name, decided, passed in _decided(since)
    ]
    return HttpResponse(f"<table>{''.join(rows)}</table>")


def _decided(since: datetime) -> list[tuple[int, str, int, int]]:
    found = (
        ClaimEvent.objects.filter(action__in=_DECISIONS, at_utc__gte=since)
        .order_by()
        .values_list("claim__agency", "claim__agency__name")
        .annotate(
            decided=Count("claim", distinct=True),
            passed=Count("claim", filter=Q(action="pass_pre_review"), distinct=True),
        )
    )
    return list(found)


def _satisfaction(since: datetime) -> dict[int, float]:
    found = (
        Answer.objects.filter(confirmed_on__gte=since.date(), satisfaction__isnull=False)
        .values_list("agreement__agency")
        .annotate(mean=Avg("satisfaction"))
    )
    return dict(found)
