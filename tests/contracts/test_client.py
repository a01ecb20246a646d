"""A client that openapi-python-client makes of the published document can do everything."""

import subprocess
import sys
from datetime import UTC, datetime
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

import public_api
from core import irregularities
from core.irregularities import IrregularCalls
from core.usage import UsageFilter
from public_api.v1.version import V1
from public_api.v2.version import V2
from tests.builders import House, Partner
from tests.contracts.exchange import STATEMENT
from tests.contracts.play import STEPS

FOLDER = Path(public_api.__file__).parent


class Generated:
    """A package that was generated, called by operationId; it notes what was called."""

    def __init__(self, package: str, partner: Partner) -> None:
        self._package = package
        self.models = import_module(f"{package}.models")
        self.types = import_module(f"{package}.types")
        client = import_module(f"{package}.client")
        self._client = client.AuthenticatedClient(
            base_url="http://api.test", token=partner.key, raise_on_unexpected_status=True
        )
        self._client.set_async_httpx_client(partner.http)
        self.called: set[str] = set()

    async def call(self, operation: str, *ids: Any, **arguments: Any) -> Any:
        """What an operation answers, parsed."""
        self.called.add(operation)
        name = "".join(f"_{each.lower()}" if each.isupper() else each for each in operation)
        module = import_module(f"{self._package}.api.default.{name}")
        answer = await module.asyncio_detailed(*ids, client=self._client, **arguments)
        return answer.parsed

    def file(self, content: bytes, name: str = "2025.xml") -> Any:
        """A file to hand in."""
        return self.types.File(BytesIO(content), name, "application/xml")


def generate(version: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make the package of a version; its name."""
    package = f"beleg_{version}_client"
    configuration = folder / "configuration.yaml"
    configuration.write_text("post_hooks: []\n")
    done = subprocess.run(
        (
            *(sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"),
            *("--path", str(FOLDER / version / "openapi.json"), "--fail-on-warning"),
            *("--output-path", str(folder / package), "--config", str(configuration)),
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    monkeypatch.syspath_prepend(folder)
    return package


async def irregular(house: House) -> list[IrregularCalls]:
    """What was sent that should not be."""
    await house.flush_usage()
    today = datetime.now(UTC).date()
    return await irregularities.busiest(house.db, UsageFilter(today, today), 100)


async def test_a_client_of_version_1_does_all_of_it(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Generated(generate("v1", tmp_path, monkeypatch), await house.partner())
    models = made.models
    new = models.SubmitApplication(
        company_name="Muster GmbH",
        type_=models.SubmitApplicationType.LOAN,
        amount_eur=250000.0,
        duration=60,
    )
    application = await made.call("createApplication", body=new)
    assert (application.amount_eur, application.status.value) == (250000.0, "pending")
    which = UUID(application.id)
    form = models.CreateDocumentBody(file=made.file(STATEMENT.encode()))
    document = await made.call("createDocument", which, body=form)
    assert (await made.call("getResult", which)).ready is False
    await house.work()
    read = await made.call("getDocument", which, UUID(document.document_id))
    assert read.status.value == "done"
    assert (await made.call("listDocuments", which)).items == [read]
    result = await made.call("getResult", which)
    assert result.figures.debt_service_monthly_eur == 9000.0
    await made.call("deleteApplication", which)
    assert (await made.call("getApplication", which)).status.value == "rejected"
    assert (await made.call("listApplications", per_page=1)).total == 1
    missing = await made.call("getApplication", UUID(int=0))
    assert missing.error.code == "not_found"
    body = models.AddCallback(url="https://hooks.partner.test/", secret="s")
    callback = await made.call("createCallback", body=body)
    assert (await made.call("listCallbacks")).items == [callback]
    await made.call("deleteCallback", UUID(callback.id))
    assert made.called == {each.name for each in V1.operations}
    with pytest.raises(TypeError):
        await made.call("listApplications", colour="red")
    assert await irregular(house) == []


async def test_a_client_of_version_2_does_all_of_it(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Generated(generate("v2", tmp_path, monkeypatch), await house.partner())
    models = made.models
    new = models.SubmitApplication(
        product=models.SubmitApplicationProduct.LOAN,
        applicant=models.ApplicantIn(legal_name="Muster GmbH", country="DE"),
        amount=models.MoneyIn(value="250000.00", currency="EUR"),
        term_months=60,
    )
    application = await made.call("submitApplication", body=new, idempotency_key="one")
    again = await made.call("submitApplication", body=new, idempotency_key="one")
    assert application == again
    which = application.id
    form = models.HandInDocumentFilesBody(file=made.file(STATEMENT.encode()))
    document = await made.call("handInDocument", which, body=form)
    await house.work()
    await read_back(made, which, document.id)
    assert (await made.call("getDecision", which)).status == 404
    change = models.ChangeApplication(purpose=None, external_reference="B-7")
    changed = await made.call("changeApplication", which, body=change, if_match="*")
    assert (changed.external_reference, changed.amount) == ("B-7", application.amount)
    await STEPS["approve"](house, str(which))
    assert (await made.call("getDecision", which)).outcome == "approved"
    reason = models.WithdrawApplicationReason.OTHER
    assert (await made.call("withdrawApplication", which, reason=reason)).status == 409
    assert (await made.call("getApplication", which)).status == "approved"
    assert (await made.call("listApplications", limit=1)).data[0].id == which
    await use_webhooks(made)
    events = await made.call("listEvents", limit=2)
    assert [each.type_ for each in events.data] == ["application.received", "application.reading"]
    assert made.called == {each.name for each in V2.operations}
    with pytest.raises(TypeError):
        await made.call("listApplications", colour="red")
    assert await irregular(house) == []


async def use_webhooks(made: Generated) -> None:
    """Do everything there is to do with a webhook."""
    models = made.models
    body = models.SubscribeWebhook(url="https://hooks.partner.test/")
    hook = await made.call("subscribeWebhook", body=body)
    assert hook.secret.startswith("whsec_")
    which = hook.id
    change = models.ChangeWebhook(url="https://new.partner.test/")
    changed = await made.call("changeWebhook", which, body=change)
    assert await made.call("getWebhook", which) == changed
    assert (await made.call("listWebhooks")).data == [changed]
    assert (await made.call("rotateWebhookSecret", which)).secret != hook.secret
    trial = await made.call("testWebhook", which)
    assert (await made.call("listDeliveries", which)).data == [trial]
    assert (await made.call("redeliver", which, trial.id)).status == "pending"
    since = models.ReplayWebhook(since=datetime.now(UTC))
    assert (await made.call("replayWebhook", which, body=since)).url == changed.url
    await made.call("unsubscribeWebhook", which)


async def read_back(made: Generated, which: UUID, document_id: UUID) -> None:
    """Ask for everything that was read in the document."""
    document = await made.call("getDocument", which, document_id)
    assert document.status == "read"
    assert (await made.call("listDocuments", which)).data == [document]
    content = await made.call("getDocumentContent", which, document_id)
    assert content.payload.read() == STATEMENT.encode()
    assert len((await made.call("listStatements", which)).data) == 12
    page = await made.call("listTransactions", which, limit=30)
    rest = await made.call("listTransactions", which, limit=30, after=page.next_)
    assert (len(page.data), len(rest.data), rest.next_) == (30, 20, None)
    report = await made.call("getReport", which)
    assert {each.id for each in report.figures} >= {"monthly_revenue"}
    answers = await made.call("listAnswers", which)
    assert {each.state for each in answers.data} <= {"answered", "not_answerable"}
    (request,) = (await made.call("listRequests", which)).data
    assert request.questions == ["undeclared_lenders"]
