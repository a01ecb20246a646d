"""What version 2 calls the kinds of booking."""

from core.analysis import Category

CATEGORY: dict[Category, str] = {
    Category.REVENUE: "revenue",
    Category.COLLECTION: "collection",
    Category.CASH_DEPOSIT: "cash_deposit",
    Category.LOAN_DISBURSEMENT: "loan_disbursement",
    Category.OWNER_INJECTION: "owner_injection",
    Category.REFUND_RECEIVED: "refund_received",
    Category.OWN_DEBIT_RETURNED: "own_debit_returned",
    Category.TRANSFER_RETURNED: "transfer_returned",
    Category.TAX_REFUND: "tax_refund",
    Category.INSURANCE_BENEFIT: "insurance_benefit",
    Category.STATE_BENEFIT: "state_benefit",
    Category.INTEREST_RECEIVED: "interest_received",
    Category.INVESTMENT_INCOME: "investment_income",
    Category.SUPPLIER: "supplier",
    Category.SALARY: "salary",
    Category.TAX: "tax",
    Category.SOCIAL_SECURITY: "social_security",
    Category.LOAN_SERVICE: "loan_service",
    Category.RENT: "rent",
    Category.LEASING: "leasing",
    Category.INSURANCE: "insurance",
    Category.FEES: "fees",
    Category.CUSTOMER_DEBIT_RETURNED: "customer_debit_returned",
    Category.REFUND_PAID: "refund_paid",
    Category.CASH_WITHDRAWAL: "cash_withdrawal",
    Category.OWNER_DRAW: "owner_draw",
    Category.INVESTMENT: "investment",
    Category.OWN_TRANSFER: "own_transfer",
    Category.GAMBLING: "gambling",
    Category.SEIZURE: "seizure",
    Category.REVERSAL: "reversal",
    Category.REVERSED: "reversed",
}
_STORED = {str(category): word for category, word in CATEGORY.items()}


def word_of(stored: str | None) -> str | None:
    """The word for a category; one that only a newer build knows goes by its own name."""
    return None if stored is None else _STORED.get(stored, stored)
