"""The admin's screens: the queue, a claim with its decision, the register of members with
import."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from import_export.admin import ImportExportModelAdmin

from bench.peers.django_admin import models
from bench.peers.django_admin.resources import EnterpriseResource


class Events(admin.TabularInline):
    """A claim's history, read only."""

    model = models.ClaimEvent
    fields = readonly_fields = ("position", "action", "to_state", "account", "at_utc", "note")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody adds by hand."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the names."""
        return super().get_queryset(request).select_related("account")


class Papers(admin.TabularInline):
    """A claim's papers, read only."""

    model = models.Evidence
    fields = readonly_fields = ("kind_code", "file_name", "uploaded_at_utc")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody adds by hand."""
        return False


@admin.register(models.Claim)
class ClaimAdmin(admin.ModelAdmin):
    """The queue and the claim."""

    list_display = (
        "number", "service", "enterprise", "agency", "asked_yuan", "findings", "state", "waiting",
        "lease",
    )  # fmt: skip
    list_filter = ("state", "service")
    search_fields = ("number__startswith",)
    list_select_related = ("service", "enterprise", "agency", "lease")
    list_per_page = 50
    show_full_result_count = False
    ordering = ("waiting_since_on", "id")
    fields = (
        "number", "service", "enterprise", "agency", "result", "filed_on", "asked_yuan", "findings",
        "state", "note",
    )  # fmt: skip
    readonly_fields = (
        "number", "service", "enterprise", "agency", "result", "filed_on", "asked_yuan", "findings",
    )  # fmt: skip
    inlines = (Papers, Events)

    @admin.display(description="申请（元）")
    def asked_yuan(self, claim: models.Claim) -> str:
        """Fen as yuan."""
        return f"{claim.asked_fen / 100:,.2f}"

    @admin.display(description="初审条件")
    def findings(self, claim: models.Claim) -> str:
        """The findings in short."""
        return (
            f"✓{claim.findings_met} ✗{claim.findings_not_met} ?{claim.findings_unknown}"
            f" !{claim.findings_warning}"
        )

    @admin.display(description="已等（日）")
    def waiting(self, claim: models.Claim) -> int:
        """Calendar days, not working days: the admin knows no calendar."""
        return (timezone.localdate() - claim.waiting_since_on).days

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A decision is the claim's row and the admin's own log entry: no findings, no event, no
        chain."""
        obj.version += 1
        obj.waiting_since_on = timezone.localdate()
        obj.save(update_fields=["state", "note", "version", "waiting_since_on"])


@admin.register(models.Enterprise)
class EnterpriseAdmin(ImportExportModelAdmin):
    """The register of members."""

    resource_classes = (EnterpriseResource,)
    list_display = (
        "uscc", "name", "district", "industry", "growth_stage", "hnte_status", "joined_on",
        "contact_name",
    )  # fmt: skip
    list_filter = ("growth_stage", "hnte_status")
    search_fields = ("name", "uscc")
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-joined_on", "-id")
