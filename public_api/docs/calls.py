"""An operation as a call, in the languages that partners write."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import indent

import orjson

from public_api.documentation import APPLICATION_ID, DOCUMENT_ID, OTHER_ID
from public_api.schemas import JsonObject

HOST = "https://api.lender.example"
"""Stands for this instance's own address, which the browser puts in its place."""
IDS = {"id": APPLICATION_ID, "document_id": DOCUMENT_ID}
VALUES = {
    "If-Match": '"1"',
    "Idempotency-Key": "order-4711",
}
_ONE_DECIMAL = re.compile(r"(?<=: )\d+\.\d(?=[,\n])")
_CONSTANT = re.compile(r"(?<=[ \[])(true|false|null)(?=[,\n])")
_CONSTANTS = {"true": "True", "false": "False", "null": "None"}


@dataclass(frozen=True, slots=True)
class ExampleCall:
    """One request to the API: with JSON, with a file in a form, or with nothing to send."""

    method: str
    address: str
    headers: tuple[tuple[str, str], ...]
    json: str | None
    form: bool
    saved: bool


def call_of(path: str, method: str, operation: JsonObject) -> ExampleCall:
    """The call that an operation of a published document takes, with what it cannot do without."""
    needed = [each for each in operation["parameters"] if each["required"]]
    query = [f"{it['name']}={_value(it)}" for it in needed if it["in"] == "query"]
    header_parameters = [it for it in needed if it["in"] == "header"]
    header_parameters += [it for it in operation["parameters"] if it["name"] == "Idempotency-Key"]
    headers = [(it["name"], _value(it)) for it in header_parameters]
    content = operation.get("requestBody", {}).get("content", {})
    media = next((each for each in content if "json" in each), None)
    if media:
        headers.append(("Content-Type", media))
    return ExampleCall(
        method=method,
        address=HOST + path.format_map(_Ids(IDS)) + "?" * bool(query) + "&".join(query),
        headers=tuple(headers),
        json=dumped(content[media].get("example", {})) if media else None,
        form="multipart/form-data" in content,
        saved="application/octet-stream"
        in operation["responses"].get("200", {}).get("content", {}),
    )


def dumped(value: object) -> str:
    """JSON to look at; an amount that is a number keeps both decimals, as it does on the wire."""
    text = orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    return _ONE_DECIMAL.sub(r"\g<0>0", text)


def curl(call: ExampleCall) -> str:
    """The call as a command for a shell."""
    implied = "POST" if call.json or call.form else "GET"
    verb = "" if call.method == implied else f"-X {call.method} "
    lines = [f'curl {verb}"{call.address}"', '-H "Authorization: Bearer $BELEG_KEY"']
    lines += [f"-H '{name}: {value}'" for name, value in call.headers]
    if call.json:
        body = call.json.replace("\n", "\n  ")
        lines.append(f"-d '{body}'")
    if call.form:
        lines.append("-F file=@statement.xml")
    if call.saved:
        lines.append("-o statement.xml")
    return " \\\n  ".join(lines)


def python(call: ExampleCall) -> str:
    """The call in Python, with httpx."""
    lines = [f'"{call.address}",', "headers={", *_headers_of_python(call), "},"]
    if call.json:
        value = _CONSTANT.sub(lambda match: _CONSTANTS[match[0]], call.json)
        lines.append(f"json={value},")
    if call.form:
        lines.append('files={"file": open("statement.xml", "rb")},')
    inside = indent("\n".join(lines), "    ")
    ends = 'open("statement.xml", "wb").write(answer.content)' if call.saved else _PRINTED
    return (
        "import os\n\nimport httpx\n\n"
        f"answer = httpx.{call.method.lower()}(\n{inside}\n)\nanswer.raise_for_status()\n{ends}"
    )


_PRINTED = "print(answer.status_code, answer.text)"


def _headers_of_python(call: ExampleCall) -> Iterator[str]:
    yield '    "Authorization": f"Bearer {os.environ[\'BELEG_KEY\']}",'
    for name, value in call.headers:
        yield f"    {_quoted(name)}: {_quoted(value)},"


def javascript(call: ExampleCall) -> str:
    """The call in JavaScript, with fetch."""
    head, options = "", [f'method: "{call.method}",'] if call.method != "GET" else []
    options += ["headers: {", "  Authorization: `Bearer ${process.env.BELEG_KEY}`,"]
    options += [f"  {_quoted(name)}: {_quoted(value)}," for name, value in call.headers]
    options.append("},")
    if call.json:
        options.append(f"body: JSON.stringify({call.json}),")
    if call.form:
        head = (
            'import { openAsBlob } from "node:fs";\n\nconst form = new FormData();\n'
            'form.append("file", await openAsBlob("statement.xml"), "statement.xml");\n\n'
        )
        options.append("body: form,")
    inside = indent("\n".join(options), "  ")
    ends = "blob" if call.saved else "text"
    return (
        f'{head}const answer = await fetch("{call.address}", {{\n{inside}\n}});\n'
        f"console.log(answer.status, await answer.{ends}());"
    )


LANGUAGES = (("curl", "sh", curl), ("Python", "python", python), ("Node", "javascript", javascript))


def _value(parameter: JsonObject) -> str:
    words = parameter["schema"].get("enum", ("…",))
    return VALUES.get(parameter["name"], str(words[0]))


def _quoted(text: str) -> str:
    return orjson.dumps(text).decode()


class _Ids(dict[str, str]):
    """Ids by the names of a path's placeholders."""

    def __missing__(self, name: str) -> str:
        return OTHER_ID
