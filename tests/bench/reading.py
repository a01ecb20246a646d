"""How long 50,000 transactions take from their upload to the answers that rest on them."""

import asyncio
import time

import httpx

from deploy.demo import large_camt053
from public_api.v2.operations.applications import SUBMIT_EXAMPLE

TRANSACTIONS = 50_000
PATIENCE_SECONDS = 180.0


async def upload_to_answers(port: int, key: str) -> float:
    """Seconds until the answers are there, asked for over the public API."""
    content = b"".join(large_camt053(TRANSACTIONS))
    headers = {"Authorization": f"Bearer {key}", "User-Agent": "bench/1"}
    address = f"http://127.0.0.1:{port}/v2/applications"
    async with httpx.AsyncClient(headers=headers, timeout=60) as http:
        made = await http.post(address, json=SUBMIT_EXAMPLE)
        case = f"{address}/{made.raise_for_status().json()['id']}"
        started = time.perf_counter()
        files = {"file": ("large.xml", content, "application/xml")}
        handed_in = await http.post(f"{case}/documents", files=files)
        document = f"{case}/documents/{handed_in.raise_for_status().json()['id']}"
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (status := await _status(http, document)) in ("queued", "reading"):
                await asyncio.sleep(0.05)
        answers = (await http.get(f"{case}/answers")).raise_for_status().json()["data"]
        seconds = time.perf_counter() - started
    if status != "read" or not any(each["state"] == "answered" for each in answers):
        raise SystemExit(f"The document was not read: {status}")
    return seconds


async def _status(http: httpx.AsyncClient, document: str) -> str:
    status: str = (await http.get(document)).raise_for_status().json()["status"]
    return status
