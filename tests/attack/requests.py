"""Breaks of what is taken: requests that were always understood, read a little more strictly."""

from tests.attack.breaks import Break, Edit

REQUESTS = (
    Break(
        "ids are taken in lower case only",
        "a client on a system that writes UUIDs in capitals: 404",
        "public_api/call.py",
        "            found = UUID(text)\n",
        "            found = UUID(text)\n"
        "            if str(found) != text:\n"
        "                raise ValueError(name)\n",
    ),
    Break(
        "of a parameter that is sent twice the first counts",
        "a client that appends its own limit to a link",
        "public_api/call.py",
        'dict(parse_qsl(raw.decode("latin-1"), keep_blank_values=True))',
        'dict(reversed(parse_qsl(raw.decode("latin-1"), keep_blank_values=True)))',
    ),
    Break(
        "a parameter without a value is as if it were not there",
        "a client whose search for an empty reference finds everything",
        "public_api/call.py",
        'raw.decode("latin-1"), keep_blank_values=True',
        'raw.decode("latin-1")',
    ),
    Break(
        "a POST of JSON must say that it is JSON",
        "a script that posts with curl -d: 415",
        "public_api/call.py",
        "        limit = self.dependencies.settings.body_limit_bytes\n",
        "        limit = self.dependencies.settings.body_limit_bytes\n"
        '        if "json" not in self.headers.get("content-type", ""):\n'
        '            raise WrongMediaType("application/json")\n',
        (
            Edit(
                "public_api/call.py",
                "from public_api.oidc import Provider\n",
                "from public_api.oidc import Provider\n"
                "from public_api.refusals import WrongMediaType\n",
            ),
        ),
    ),
    Break(
        "Accept is heeded everywhere",
        "an old client that sends Accept: text/xml and reads JSON: 406",
        "public_api/call.py",
        "        scheme, _, token",
        '        if not {"*/*", "json", "pdf", ""} & {\n'
        '            each.rpartition("/")[2] if each != "*/*" else each\n'
        '            for part in self.headers.get("accept", "*/*").split(",")\n'
        '            for each in [part.partition(";")[0].strip()]\n'
        "        }:\n"
        '            raise NotAcceptable("application/json")\n'
        "        scheme, _, token",
        (
            Edit(
                "public_api/call.py",
                "from public_api.oidc import Provider\n",
                "from public_api.oidc import Provider\n"
                "from public_api.refusals import NotAcceptable\n",
            ),
        ),
    ),
    Break(
        "the scheme of Authorization is compared as written",
        "a client that sends bearer in small letters: 401",
        "public_api/call.py",
        'if scheme.lower() != "bearer" or not token',
        'if scheme != "Bearer" or not token',
    ),
    Break(
        "v1 takes JSON in UTF-8 without a mark only",
        "a client on Windows whose files begin with a byte order mark: 400",
        "public_api/v1/wire.py",
        "json.loads(body, parse_float",
        "json.loads(body.decode(), parse_float",
    ),
    Break(
        "v1 reads amounts as floats",
        "a client whose 1.230 was refused, and is now taken for 1.23",
        "public_api/v1/wire.py",
        "json.loads(body, parse_float=Decimal, parse_constant",
        "json.loads(body, parse_float=lambda text: Decimal(repr(float(text))), parse_constant",
    ),
    Break(
        "v1 keeps an empty text as it is",
        "a client that sends empty references, and reads null",
        "public_api/v1/wire.py",
        'if value is None or value == "":\n        if required:',
        'if value is None or (value == "" and required):\n        if required:',
    ),
    Break(
        "v1 refuses fields that it does not know",
        "every client that sends more than it must: 400",
        "public_api/v1/applications.py",
        '    name = text(payload, "company_name", required=True)\n',
        "    if unknown := payload.keys() - SubmitApplication.__annotations__.keys():\n"
        '        raise invalid(min(unknown), "is not known")\n'
        '    name = text(payload, "company_name", required=True)\n',
    ),
    Break(
        "numbers of the query have no leading zeros",
        "a client that asks for page=01: 400",
        "public_api/v1/wire.py",
        '_WHOLE = re.compile(r"[0-9]{1,20}\\Z")',
        '_WHOLE = re.compile(r"(?:0|[1-9][0-9]{0,19})\\Z")',
    ),
    Break(
        "null in a patch leaves a field as it is",
        "a client that removes a purpose and finds it again",
        "public_api/v2/changes.py",
        "            left.pop(name, None)\n",
        "            continue\n",
    ),
    Break(
        "a key of a request has at most 64 characters",
        "a client whose keys are two UUIDs with a dash between: refused",
        "public_api/call.py",
        r'r"[\x21-\x7e]{1,255}\Z"',
        r'r"[\x21-\x7e]{1,64}\Z"',
    ),
    Break(
        "file names are taken from filename only",
        "a browser's Müller.pdf, which comes as filename*",
        "public_api/uploads.py",
        "    if extended := _FILENAME.search(disposition):\n"
        "        return unquote(extended.group(1).strip('\"'))\n",
        "",
    ),
)
