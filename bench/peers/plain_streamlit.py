"""A plain Streamlit page over the same file, as somebody would write it in an hour: no guard, no
rules, no filters."""

import os
import sqlite3

import pandas as pd
import streamlit as st

st.set_page_config(page_title="Claims", layout="wide")
st.title("Claims waiting for pre-review")
connection = sqlite3.connect(f"file:{os.environ['BENCH_DATABASE']}?mode=ro", uri=True)
waiting = pd.read_sql_query(
    """
    SELECT claim.number, claim.service_code, enterprise.name AS enterprise, agency.name AS agency,
           claim.asked_fen / 100.0 AS asked, claim.findings_met, claim.findings_not_met,
           claim.findings_unknown, claim.waiting_since_on
    FROM claim
    JOIN enterprise ON enterprise.id = claim.enterprise_id
    JOIN agency ON agency.id = claim.agency_id
    WHERE claim.state = 'submitted'
    ORDER BY claim.waiting_since_on, claim.id
    LIMIT 50
    """,
    connection,
)
connection.close()
st.dataframe(waiting, hide_index=True)
