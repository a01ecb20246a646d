"""How many pages of PDF statements are read in a second of one core, from bytes to bookings."""

import time
from io import BytesIO
from statistics import median

import pypdfium2

from core.formats import pdf
from deploy.demo import make_company
from deploy.demo.pdf import pdf as render
from deploy.demo.sheets import LAYOUTS


def pages_a_second(rounds: int) -> float:
    """The slowest layout's pages a second of processor time, the median of its rounds."""
    company = make_company(1)
    speeds = []
    for layout in LAYOUTS:
        content = render(company, company.accounts[0], layout)
        with pypdfium2.PdfDocument(content) as file:
            pages = len(file)
        seconds = median(_read(content) for _ in range(rounds))
        speeds.append(pages / seconds)
        print(f"{layout.name}: {pages} pages, {speeds[-1]:,.0f} pages/s")
    return min(speeds)


def _read(content: bytes) -> float:
    """The processor's seconds of reading a file once."""
    started = time.process_time()
    for _ in pdf.read(BytesIO(content)):
        pass
    return time.process_time() - started


if __name__ == "__main__":
    pages_a_second(3)
