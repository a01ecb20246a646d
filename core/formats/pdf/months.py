"""The names of months as banks print them, in the languages whose columns are known."""

import re

_NAMES = (
    "january jan januar jänner jaenner janvier janv gennaio gen enero ene januari januari stycznia"
    " styczeń sty",
    "february feb februar feber février fevrier févr fevr fév febbraio febrero februari lutego luty"
    " lut",
    "march mar märz maerz mär mrz mars marzo maart mrt marts marca marzec",
    "april apr avril avr aprile abril abr kwietnia kwiecień kwi",
    "may mai maggio mag mayo mei maj maja",
    "june jun juni juin giugno giu junio czerwca czerwiec cze",
    "july jul juli juillet juil luglio lug julio lipca lipiec lip",
    "august aug août aout agosto ago augustus augusti sierpnia sierpień sie",
    "september sep sept septembre settembre set septiembre września wrzesień wrz",
    "october oct oktober okt octobre ottobre ott octubre października październik paź",
    "november nov novembre noviembre listopada listopad lis",
    "december dec dezember dez décembre decembre déc dicembre dic diciembre grudnia grudzień gru",
)
MONTHS = {name: at for at, names in enumerate(_NAMES, 1) for name in names.split()}
"""Which month a name in small letters is."""
MONTH = rf"({'|'.join(map(re.escape, sorted(MONTHS, key=len, reverse=True)))})\.?"
"""A pattern of a month's name, its only group."""
