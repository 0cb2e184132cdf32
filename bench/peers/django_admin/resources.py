"""What django-import-export makes of a workbook of members, every row cleaned by the model's own
validators."""

from __future__ import annotations

from typing import Any

from import_export import fields, resources, widgets
from import_export.instance_loaders import CachedInstanceLoader

from bench.peers.django_admin.heads import HEADS
from bench.peers.django_admin.models import STAGES, STATUSES, Enterprise


class Word(widgets.Widget):
    """A choice by the word that is printed."""

    def __init__(self, choices: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        self._codes = {word: code for code, word in choices}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str | None:
        """The code of a word."""
        return self._codes[value] if value else None


WIDGETS = {
    "registered_on": widgets.DateWidget(),
    "joined_on": widgets.DateWidget(),
    "growth_stage": Word(STAGES),
    "hnte_status": Word(STATUSES),
}
FIELDS = {
    name: fields.Field(
        attribute=name, column_name=head, widget=WIDGETS.get(name, widgets.CharWidget())
    )
    for name, head in HEADS.items()
}


class EnterpriseResource(resources.ModelResource):
    """As installed: an instance a row, found by its code, validated, saved."""

    locals().update(FIELDS)

    class Meta:
        model = Enterprise
        import_id_fields = ("uscc",)
        fields = tuple(HEADS)
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = False


class EnterpriseInBulk(EnterpriseResource):
    """Tuned: looked up at once, written a thousand at a time, no picture of the differences; still
    cleaned."""

    class Meta(EnterpriseResource.Meta):
        instance_loader_class = CachedInstanceLoader
        use_bulk = True
        batch_size = 1_000
        skip_diff = True
