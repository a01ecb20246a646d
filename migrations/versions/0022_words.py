"""What words a build has for what is stored; one that never says has those of 0.2.0."""

from alembic import op

revision = "0022"
down_revision = "0020"
kind = "expand"

WORDS = {
    "AnswerState": """
        answered not_answerable
    """,
    "ApplicationStatus": """
        approved declined in_review needs_documents reading received withdrawn
    """,
    "AttemptOutcome": """
        delivered disabled failed retried skipped superseded
    """,
    "Category": """
        cash_deposit cash_withdrawal collection customer_debit_returned fees gambling
        insurance insurance_benefit interest_received investment investment_income
        leasing loan_disbursement loan_service own_debit_returned own_transfer
        owner_draw owner_injection refund_paid refund_received rent revenue reversal
        reversed salary seizure social_security state_benefit supplier tax tax_refund
        transfer_returned
    """,
    "DecisionOutcome": """
        approved declined
    """,
    "DecisionReason": """
        account_overdrawn documents_not_conclusive existing_debt_too_high
        insufficient_revenue known_customer other policy returned_payments seizure
        sound_figures sufficient_collateral undeclared_lenders
    """,
    "DeleteReason": """
        customer_request duplicate other test unspecified
    """,
    "DeliveryState": """
        delivered failed pending
    """,
    "DisabledReason": """
        failing gone requested
    """,
    "DocumentKind": """
        annual_accounts bank_statement business_report invoice other register_extract
    """,
    "DocumentStatus": """
        queued read reading unreadable
    """,
    "EventKind": """
        application.approved application.changed application.declined
        application.in_review application.needs_documents application.reading
        application.received application.withdrawn decision.made document.queued
        document.read document.unreadable
    """,
    "Figure": """
        average_balance/1 completeness/1 customer_debits_bounced/1
        customer_debits_bounced_ratio/1 days_in_red/1 debt_service/1 gambling/1 growth/1
        lowest_balance/1 monthly_revenue/1 own_payments_bounced/1 reconciliation/1
        seizures/1 undeclared_lenders/1
    """,
    "Irregularity": """
        method_override other_encoding other_id_form other_media_type repeated_header
        repeated_member repeated_parameter repeated_part spaced_token unexpected_body
        unknown_parameter unknown_part
    """,
    "Language": """
        de en
    """,
    "MissingKind": """
        lenders statement_again statements statements_with_balances
    """,
    "NoValueReason": """
        incomplete no_balances no_collections no_revenue_to_compare no_statements
        no_whole_month not_reconciled nothing_declared too_few_months
    """,
    "Product": """
        loan mortgage
    """,
    "Question": """
        average_balance completeness customer_debits_bounced
        customer_debits_bounced_ratio days_in_red debt_service gambling growth
        lowest_balance monthly_revenue own_payments_bounced reconciliation seizures
        undeclared_lenders
    """,
    "Role": """
        underwriter viewer
    """,
    "Scope": """
        applications:read applications:write documents:write report:read webhooks:manage
    """,
    "Unit": """
        count days money months ratio
    """,
    "Verdict": """
        bad good none watch
    """,
}
"""By enumeration or catalogue, as build 0.2.0 knew them: the last one that said nothing of words."""

_SAID = ",".join(f"{of}:{word}" for of, words in WORDS.items() for word in words.split())

STATEMENTS = (f"ALTER TABLE live_build ADD COLUMN words text[] NOT NULL DEFAULT '{{{_SAID}}}'",)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
