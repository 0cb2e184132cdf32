"""What ratings are read from, as it would be kept of the generated claims: by SQLite itself, with a
table of working days beside it."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Connection, text

from models.rules.working_days import Calendar

_LONGEST_BACK = timedelta(days=800)  # from the first claim to the first start of work

# What came to nothing has ended; every third of it failed, by the agency's doing.
_ENDED = """
UPDATE agreement SET concluded_on = date(signed_on, '+190 days'),
    outcome = CASE id % 3 WHEN 0 THEN 'failed' ELSE 'ended' END,
    attribution = CASE id % 3 WHEN 0 THEN 'agency' END,
    cost_bearer = CASE id % 3 WHEN 0 THEN 'agency' END
WHERE id NOT IN (
    SELECT agreement_id FROM claim WHERE state NOT IN ('refused', 'withdrawn')
)"""
_STOOD = "('pre_reviewed', 'applied', 're_reviewed', 'approved', 'agency_paid', 'closed')"
_PASSED = f"""
passed AS (
    SELECT agreement_id, min(date(filed_on, '+3 days')) AS passed_on,
        min(obtained_on) AS obtained_on
    FROM claim JOIN result ON result.id = result_id
    WHERE state IN {_STOOD} GROUP BY agreement_id
)"""
_BENCH_MONTH = """
CREATE TEMP TABLE bench_month (month, agency_id, service_code, outcome, succeeded,
    answer, quarters, reviewed, passed_first, timed, in_time)"""
_MONTHS = f"""
WITH {_PASSED}, cases AS (
    SELECT passed_on AS counted_on, agency_id, service_code, 1 AS outcome, 1 AS succeeded,
        0 AS answer, 0 AS quarters, 0 AS reviewed, 0 AS passed_first, 0 AS timed, 0 AS in_time
    FROM passed JOIN agreement ON agreement.id = agreement_id
    UNION ALL SELECT concluded_on, agency_id, service_code, 1, 0, 0, 0, 0, 0, 0, 0
    FROM agreement WHERE outcome = 'failed'
    UNION ALL SELECT confirmed_on, agency_id, service_code, 0, 0, 1, satisfaction - 1, 0, 0, 0, 0
    FROM confirmation JOIN agreement ON agreement.id = agreement_id
    UNION ALL SELECT date(filed_on, '+3 days'), agency_id, service_code, 0, 0, 0, 0, 1,
        state NOT IN ('returned', 'refused'), 0, 0
    FROM claim WHERE state IN {_STOOD} OR state IN ('returned', 'refused')
    UNION ALL SELECT passed_on, agency_id, service_code, 0, 0, 0, 0, 0, 0, 1,
        ended.passed - begun.passed <= standard_working_days
    FROM passed JOIN agreement ON agreement.id = agreement_id
    JOIN service_type ON service_type.code = service_code
    JOIN bench_day AS begun ON begun.day = work_started_on
    JOIN bench_day AS ended ON ended.day = obtained_on
    WHERE standard_working_days IS NOT NULL AND obtained_on >= work_started_on
)
INSERT INTO bench_month
SELECT strftime('%Y-%m', counted_on) AS month, agency_id, service_code, sum(outcome), sum(succeeded), sum(answer), sum(quarters),
    sum(reviewed), sum(passed_first), sum(timed), sum(in_time)
FROM cases GROUP BY month, agency_id, service_code"""
_EVERY_SPAN = """
SELECT month AS span, bench_month.* FROM bench_month
UNION ALL SELECT substr(month, 1, 5) || 'Q' || ((substr(month, 6) + 2) / 3), * FROM bench_month
UNION ALL SELECT substr(month, 1, 5) || 'H' || ((substr(month, 6) + 5) / 6), * FROM bench_month"""
_SPANS = f"""
INSERT INTO agency_span (span, agency_id, satisfaction_cases, satisfaction_quarters,
    first_pass_cases, first_pass_good, timeliness_cases, timeliness_good, lapsed, false_papers)
SELECT span, agency_id, sum(answer), sum(quarters), sum(reviewed), sum(passed_first), sum(timed),
    sum(in_time), 0, 0
FROM ({_EVERY_SPAN}) GROUP BY span, agency_id"""
_OUTCOMES = f"""
INSERT INTO agency_span_outcome (span, agency_id, service_code, cases, good)
SELECT span, agency_id, service_code, sum(outcome), sum(succeeded) FROM ({_EVERY_SPAN})
GROUP BY span, agency_id, service_code HAVING sum(outcome)"""
_OPEN = f"""
WITH {_PASSED}
INSERT INTO agency_open (service_code, started_on, agency_id, agreements)
SELECT service_code, work_started_on, agency_id, count(*) FROM agreement
WHERE outcome = 'open' AND id NOT IN (SELECT agreement_id FROM passed)
GROUP BY 1, 2, 3"""


def write(connection: Connection, first_day: date, today: date, calendar: Calendar) -> None:
    """Let what came to nothing end, and keep what follows from claims and agreements.

    Args:
        connection: the one transaction of the generator.
        first_day: the day the first claim was filed.
        today: the day the last was.
        calendar: the working days.
    """
    connection.execute(text(_ENDED))
    connection.execute(text("CREATE TEMP TABLE bench_day (day DATE PRIMARY KEY, passed INTEGER)"))
    day, passed, days = first_day - _LONGEST_BACK, 0, []
    while day <= today:
        passed += calendar.is_working_day(day)
        days.append({"day": day.isoformat(), "passed": passed})
        day += timedelta(days=1)
    connection.execute(text("INSERT INTO bench_day VALUES (:day, :passed)"), days)
    connection.execute(text(_BENCH_MONTH))
    for statement in (_MONTHS, _SPANS, _OUTCOMES, _OPEN):
        connection.execute(text(statement))
    for table in ("bench_day", "bench_month"):
        connection.execute(text(f"DROP TABLE {table}"))
