"""Files of formats that are not read: whoever sends one is told which it is."""

from io import BytesIO

import pytest

from core.errors import Unreadable
from core.formats.parsers import read

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("!Type:Bank\nD03.03.2025\nT2500.00\nPFjord\n^\n", "QIF"),
        ('{"transactions": {"booked": [{"bookingDate": "2025-03-03"}]}}', "JSON"),
        ("UNA:+.? 'UNB+UNOC:3+A+B+250303:1000+1'UNH+1+FINSTA:D:96A:UN'", "EDIFACT"),
        ("01,122099999,123456789,250303,0621,1,65,,2/\n02,031001234,1,1,250303,,USD,2/\n", "BAI2"),
        ("0000003032512345050000000000                 MUSTER BV\n11001BE68999000123499\n", "CODA"),
        ("11999900010123456789250303250331200000000100000978 3MUSTER SL\n22    9999\n", "Norma 43"),
        ("0130004    00123EUR2 00012345678  030325\n0430004    0012EUR2\n", "CFONB 120"),
        ("0740000001234567890MUSTER SRO          03032500000000100000+\n", "GPC"),
        ("From: a@b.de\nTo: c@d.de\nSubject: Kontoauszug\nDate: Mon, 3 Mar 2025\n\nx\n", "e-mail"),
        ("OjIwOlgNCjoyNTpERQ0K" * 40, "Base64"),
    ],
)
def test_a_format_that_is_not_read_is_called_by_its_name(content: str, name: str) -> None:
    with pytest.raises(Unreadable) as refused:
        list(read(BytesIO(content.encode())))
    assert (refused.value.code, name in refused.value.reason.en) == ("format_unknown", True)
