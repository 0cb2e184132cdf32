"""The tables: columns, keys, constraints; no logic. `metadata()` loads them all."""

from functools import lru_cache

from sqlalchemy import MetaData


@lru_cache
def metadata() -> MetaData:
    """The metadata with every table of the house in it, the record's append-only triggers
    attached."""
    from sqlmodel import SQLModel

    from models.tables import (
        admissions,
        agreement_life,
        agreements,
        claims,
        conduct,
        confirmations,
        letters,
        meetings,
        messages,
        money,
        needs,
        objections,
        organisations,
        payments,
        people,
        policy,
        ratings,
        record,
        reference,
        targets,
    )
    from models.tables.triggers import keep_append_only

    assert all(
        (
            agreements,
            confirmations,
            letters,
            messages,
            money,
            needs,
            objections,
            organisations,
            people,
            policy,
            ratings,
            reference,
            targets,
        )
    )
    for table in (
        record.Activity,
        claims.ClaimEvent,
        meetings.MeetingSnapshot,
        payments.Payment,
        payments.PaymentOrder,
        agreement_life.AgreementEvent,
        conduct.ComplaintEvent,
        conduct.TrainingEvent,
        admissions.AdmissionEvent,
        ratings.RatingEvent,
        ratings.RatingResult,
        ratings.RatingAdjustment,
    ):
        keep_append_only(SQLModel.metadata.tables[str(table.__tablename__)])
    return SQLModel.metadata
