"""Writes a made-up company's application and statements into a folder, to try things out with."""

import argparse
import json
from pathlib import Path

from deploy.demo import camt053, make_company


def main() -> None:
    """Write application.json and one CAMT.053 file an account."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="which company")
    parser.add_argument("--into", type=Path, required=True, help="the folder to write to")
    arguments = parser.parse_args()
    company = make_company(arguments.seed)
    arguments.into.mkdir(parents=True, exist_ok=True)
    application = json.dumps(company.application(), ensure_ascii=False, indent=2)
    (arguments.into / "application.json").write_text(application)
    for account in company.accounts:
        content = camt053(company, account, company.first_month, company.last_month)
        (arguments.into / f"{account.iban}.xml").write_bytes(content)


main()
