"""Breaks of what is kept and shown: texts, amounts, times."""

from tests.attack.breaks import Break, Edit

VALUES = (
    Break(
        "v1 cuts texts at 100 characters",
        "whoever compares what is shown with what was sent",
        "public_api/v1/wire.py",
        'without control characters")\n    return value',
        'without control characters")\n    return value[:100]',
    ),
    Break(
        "v1's created is in German time",
        "every client that reads it as UTC: off by an hour or two",
        "public_api/v1/wire.py",
        "at.astimezone(UTC)",
        'at.astimezone(ZoneInfo("Europe/Berlin"))',
        (
            Edit(
                "public_api/v1/wire.py",
                "from datetime import UTC, datetime\nfrom decimal import Decimal\n",
                "from datetime import datetime\nfrom decimal import Decimal\n"
                "from zoneinfo import ZoneInfo\n",
            ),
        ),
    ),
    Break(
        "v2's times lose their microseconds",
        "a client that polls by updated_at and tells two changes of one second apart",
        "public_api/v2/wire.py",
        "option=orjson.OPT_UTC_Z",
        "option=orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS",
    ),
    Break(
        "v2 trims what is sent",
        "a client whose references begin or end with a space finds none by them",
        "public_api/v2/wire.py",
        'ConfigDict(extra="forbid", strict=True, frozen=True)',
        'ConfigDict(extra="forbid", strict=True, frozen=True, str_strip_whitespace=True)',
    ),
    Break(
        "several spaces in a name become one",
        "a partner that finds its cases by the name that it sent",
        "core/applications/rows.py",
        "        **applicant._asdict(),\n",
        "        **applicant._asdict(),\n"
        '        "legal_name": " ".join(applicant.legal_name.split()),\n',
    ),
    Break(
        "declared lenders are sorted, each once",
        "a form that shows them in the order in which they were entered",
        "public_api/v2/applications.py",
        "None if lenders is None else tuple(lenders)",
        "None if lenders is None else tuple(sorted(set(lenders)))",
    ),
    Break(
        "file names are cut at 100 characters",
        "whoever finds a document by the name that it handed in",
        "core/documents/model.py",
        "return name[:200] or",
        "return name[:100] or",
    ),
    Break(
        "v1's figures are in whole euros",
        "whoever computes with the monthly revenue",
        "public_api/v1/wire.py",
        "> LARGEST_CENTS else euros(minor)",
        "> LARGEST_CENTS else euros(round(minor, -2))",
    ),
    Break(
        "a webhook's address is kept without its last slash",
        "a receiver that answers /hook and not /hook/",
        "core/webhooks/commands.py",
        "        url=url,\n",
        '        url=url.rstrip("/"),\n',
    ),
    Break(
        "v1's completeness flag needs a figure",
        "a partner that asks for statements once statements_incomplete is there",
        "public_api/v1/results.py",
        "return figure is None or figure.state",
        "return figure is not None and figure.state",
    ),
    Break(
        "forints have no decimals, as the newest list has it",
        "a partner in Hungary: its 100.50 is refused, its old 250000.00 are 25000000",
        "core/money.py",
        '"BIF CLP DJF GNF ISK',
        '"BIF CLP DJF GNF HUF ISK',
    ),
    Break(
        "no declared lenders and none said are one",
        "an applicant without lenders, taken for one that did not say",
        "core/applications/rows.py",
        '"declared_lender_names": declared.existing_lenders,',
        '"declared_lender_names": declared.existing_lenders or None,',
    ),
    Break(
        "what says nothing has an empty list of facts",
        "a client that takes facts for a sign of an invoice",
        "public_api/v2/documents.py",
        "    if document.facts:\n",
        "    if document.facts is not None:\n",
    ),
    Break(
        "evidence ends with its last byte",
        "whoever cuts the booking out of the file: its last byte is missing",
        "public_api/v2/transactions.py",
        '"end": place.end,',
        '"end": place.end - 1,',
    ),
    Break(
        "what was withdrawn keeps no purpose",
        "a v2 client whose case was withdrawn over v1",
        "core/applications/store.py",
        '        delete_reason=param("new_reason"),\n',
        '        delete_reason=param("new_reason"),\n        purpose=None,\n',
    ),
    Break(
        "v1's answers end with a newline",
        "a client that verifies a callback's bytes by what it would write itself",
        "public_api/v1/wire.py",
        "return orjson.dumps(value)",
        "return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)",
    ),
)
