"""The tables the admin shows, as they stand in the file; Django does not make them."""

from __future__ import annotations

from django.db import models

STATES = (
    ("draft", "草稿"), ("submitted", "待初审"), ("returned", "退回补正"), ("on_hold", "暂缓"),
    ("pre_reviewed", "初审通过"), ("applied", "已统一申请"), ("re_reviewed", "复核通过"),
    ("approved", "审批通过"), ("agency_paid", "补贴已付"), ("closed", "办结"),
    ("refused", "不予支持"), ("withdrawn", "撤回"),
)  # fmt: skip


STAGES = (
    ("startup", "初创"), ("growing", "成长"), ("above_scale", "规上"), ("listed", "上市"),
)  # fmt: skip
STATUSES = (
    ("none", "无"), ("cultivating", "拟认定"), ("recognised", "已认定"), ("lapsed", "已失效"),
)  # fmt: skip


class Party(models.Model):
    """What enterprises and agencies have in common."""

    uscc = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=120)
    registered_on = models.DateField(null=True, blank=True)
    joined_on = models.DateField()
    contact_name = models.CharField(max_length=64, blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    payee_name = models.CharField(max_length=120, blank=True)
    payee_bank = models.CharField(max_length=120, blank=True)
    payee_account = models.CharField(max_length=40, blank=True)
    version = models.IntegerField(default=1)
    changed_at_utc = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Enterprise(Party):
    """企业会员."""

    district = models.CharField(max_length=40, blank=True)
    industry = models.CharField(max_length=40, blank=True)
    growth_stage = models.CharField(max_length=24, choices=STAGES, null=True, blank=True)
    hnte_status = models.CharField(max_length=24, choices=STATUSES, default="none")
    hnte_certificate_no = models.CharField(max_length=20, blank=True)
    certified_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        managed = False
        db_table = "enterprise"


class Agency(Party):
    """服务机构."""

    class Meta:
        managed = False
        db_table = "agency"


class ServiceType(models.Model):
    """服务清单."""

    code = models.CharField(max_length=24, primary_key=True)
    name_zh = models.CharField(max_length=60)

    class Meta:
        managed = False
        db_table = "service_type"

    def __str__(self) -> str:
        return self.name_zh


class Result(models.Model):
    """科技创新成果."""

    kind_code = models.CharField(max_length=24)
    printed = models.CharField(max_length=200)
    obtained_on = models.DateField()

    class Meta:
        managed = False
        db_table = "result"

    def __str__(self) -> str:
        return self.printed


class Account(models.Model):
    """账号."""

    display_name = models.CharField(max_length=64)

    class Meta:
        managed = False
        db_table = "account"

    def __str__(self) -> str:
        return self.display_name


class Claim(models.Model):
    """补贴申请."""

    number = models.CharField(max_length=40, unique=True)
    result = models.ForeignKey(Result, models.DO_NOTHING)
    enterprise = models.ForeignKey(Enterprise, models.DO_NOTHING)
    agency = models.ForeignKey(Agency, models.DO_NOTHING)
    service = models.ForeignKey(ServiceType, models.DO_NOTHING, db_column="service_code")
    filed_month = models.CharField(max_length=7)
    filed_on = models.DateField()
    asked_fen = models.BigIntegerField()
    note = models.CharField(max_length=1000, blank=True)
    state = models.CharField(max_length=24, choices=STATES)
    version = models.IntegerField()
    waiting_since_on = models.DateField()
    findings_met = models.IntegerField()
    findings_not_met = models.IntegerField()
    findings_unknown = models.IntegerField()
    findings_warning = models.IntegerField()
    lease = models.ForeignKey(Account, models.DO_NOTHING, null=True, db_column="lease_account_id")

    class Meta:
        managed = False
        db_table = "claim"

    def __str__(self) -> str:
        return self.number


class ClaimEvent(models.Model):
    """办理记录."""

    claim = models.ForeignKey(Claim, models.DO_NOTHING, related_name="events")
    position = models.IntegerField()
    action = models.CharField(max_length=24)
    to_state = models.CharField(max_length=24, choices=STATES)
    account = models.ForeignKey(Account, models.DO_NOTHING, null=True)
    at_utc = models.DateTimeField()
    note = models.CharField(max_length=2000)

    class Meta:
        managed = False
        db_table = "claim_event"
        ordering = ("position",)

    def __str__(self) -> str:
        return f"{self.position} {self.action}"


class Evidence(models.Model):
    """材料."""

    claim = models.ForeignKey(Claim, models.DO_NOTHING, related_name="papers")
    kind_code = models.CharField(max_length=8)
    file_name = models.CharField(max_length=200)
    uploaded_at_utc = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "evidence"

    def __str__(self) -> str:
        return f"{self.kind_code} {self.file_name}"


class Agreement(models.Model):
    """服务协议."""

    number = models.CharField(max_length=40, unique=True)
    agency = models.ForeignKey(Agency, models.DO_NOTHING)

    class Meta:
        managed = False
        db_table = "agreement"

    def __str__(self) -> str:
        return self.number


class Answer(models.Model):
    """企业确认."""

    agreement = models.ForeignKey(Agreement, models.DO_NOTHING)
    confirmed_on = models.DateField(null=True)
    satisfaction = models.IntegerField(null=True)

    class Meta:
        managed = False
        db_table = "confirmation"

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.satisfaction}"
