"""A report as a PDF file: what was asked, what was found, and where in which file it stands.

A pure function of the report: the same report gives the same bytes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from threading import Lock
from typing import Any
from uuid import UUID

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Paragraph, Table

from core.analysis import AccountStanding, AnswerState, StoredFigure, Unit
from core.bilingual import Bilingual
from core.documents import Document
from core.questions import Answer, Verdict
from core.reports import cover, layout
from core.reports.layout import ENTRY, HASH, LEAD, NOTE, NOTICE, RIGHT, SECTION, paragraph
from core.reports.model import SHOWN, ReportDocument
from core.reports.words import TITLES, WORDINGS, Words
from core.statements import StoredStatement, StoredTransaction

Story = Iterator[Any]
COLOURS = {
    Verdict.GOOD: HexColor("#1a7f4b"),
    Verdict.WATCH: HexColor("#a35a00"),
    Verdict.BAD: HexColor("#b3261e"),
    Verdict.NONE: layout.PALE,
    None: layout.PALE,
}
_LINE = 7.5
_PAPERS_NAMED = 12
_FINDINGS_SHOWN, _LONGEST_FINDING = 4, 300
_ROOM = 50 * mm  # what a heading wants below it, else it goes to the next page
_one_at_a_time = Lock()  # the library keeps fonts in use in one place


def render(paper: ReportDocument) -> bytes:
    """The report as a PDF file; it takes a fraction of a second of work."""
    with _one_at_a_time:
        layout.load_fonts()
        terms = paper.report.application.terms
        words = Words.of(paper.language, terms.amount.currency)
        files = {each.id: number for number, each in enumerate(paper.documents, 1)}
        writer = _Writer(paper, words, files)
        mark = words.label("sandbox") if paper.is_sandbox else words.label("report")
        which = f"{words.label('application')} {paper.report.application.id}"
        return layout.render_pdf(
            list(writer.story()),
            title=f"{words.label('report')} · {terms.applicant.legal_name}",
            subject=which,
            language=paper.language.value,
            head=(
                terms.applicant.legal_name,
                f"Beleg · {mark} · {cover.window(paper.report, words)}",
            ),
            foot=f"{which} · {words.label('computed')}: {cover.computed(paper.report, words)}",
            page=words.label("page", page="{page}", pages="{pages}"),
        )


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the sections one after the other; `files` numbers the documents."""

    paper: ReportDocument
    words: Words
    files: Mapping[UUID, int]

    def story(self) -> Story:
        """All sections in order."""
        report, words = self.paper.report, self.words
        yield from cover.heading(report.application.terms.applicant, words)
        if self.paper.is_sandbox:
            yield paragraph(words.label("sandbox_says"), NOTICE)
        yield cover.overview(self.paper, words)
        yield from cover.notes(report, words)
        if report.figures:
            yield from self.section("answers", self.answers())
            yield from self.section("figures", self.figures())
            if self.paper.accounts:
                yield from self.section("accounts", self.accounts())
            if report.months:
                yield from self.section("month_by_month", self.months())
            yield from self.section("evidence")
            for computed in report.figures:
                yield from self.evidence(computed)
        else:
            yield paragraph(words.label("nothing"), SECTION)
        yield from self.documents()

    def section(self, name: str, *content: Table | Paragraph) -> Story:
        """A heading and what stands under it."""
        yield CondPageBreak(_ROOM)
        yield paragraph(self.words.label(name), SECTION)
        yield from content

    def answers(self) -> Table:
        """Each question with its answer, its verdict and why."""
        words = self.words
        rows: list[Sequence[Any]] = [[words.label(n) for n in ("question", "value", "verdict")]]
        colours = []
        for answer in self.paper.report.answers:
            verdict = answer.verdict if answer.state is AnswerState.ANSWERED else None
            colours.append(("TEXTCOLOR", (2, len(rows)), (2, len(rows)), COLOURS[verdict]))
            rows.append(
                [
                    [
                        paragraph(words.pick(WORDINGS[answer.question]), LEAD),
                        paragraph(self._because(answer), NOTE),
                    ],
                    paragraph(self._amount(answer), RIGHT),
                    self._verdict(answer, verdict),
                ]
            )
        fonts = [("FONTNAME", (2, 1), (2, -1), layout.STRONG)]
        return layout.table(rows, [112 * mm, 30 * mm, 32 * mm], (1,), fonts + colours)

    def _verdict(self, answer: Answer, verdict: Verdict | None) -> str:
        said = self.words.verdict(verdict)
        return f"{said},\n{self.words.label('provisional')}" if answer.provisional else said

    def _because(self, answer: Answer) -> str:
        because = self.words.pick(answer.because)
        if answer.reservations:
            listed = self._listed([each.text for each in answer.reservations])
            because = f"{because} {self.words.label('subject_to', reservations=listed)}"
        named = [self.words.pick(each.text) for each in answer.missing[:_PAPERS_NAMED]]
        papers = "; ".join([*named, *("…" for _ in answer.missing[_PAPERS_NAMED:][:1])])
        return f"{because} {self.words.label('missing', papers=papers)}" if papers else because

    def _listed(self, texts: Sequence[Bilingual]) -> str:
        """The first of them, and whether there are more."""
        named = [self.words.pick(each) for each in texts[:_PAPERS_NAMED]]
        return " ".join([*named, *("…" for _ in texts[_PAPERS_NAMED:][:1])])

    def _value(self, value: int | Decimal | None, unit: Unit) -> str:
        if value is None:
            return "–"
        if unit is Unit.MONEY:
            return self.words.numbers.money(int(value))
        if unit is Unit.RATIO:
            return self.words.numbers.format_field(value, "percent")
        return self.words.number(int(value))

    def _amount(self, answer: Answer) -> str:
        """An answer's value as it is said, with days and months named."""
        value = self._value(answer.value, answer.unit)
        named = answer.value is not None and answer.unit in (Unit.DAYS, Unit.MONTHS)
        return f"{value} {self.words.unit(answer.unit, answer.currency)}" if named else value

    def figures(self) -> Table:
        """Each figure with its unit, its formula, and how much it rests on."""
        words, names = self.words, ("figure", "value", "unit", "formula", "rests_on", "sum")
        rows: list[Sequence[Any]] = [[words.label(each) for each in names]]
        for computed in self.paper.report.figures:
            figure = computed.figure
            rows.append(
                [
                    paragraph(self._title(computed)),
                    self._value(figure.value, figure.unit),
                    words.unit(figure.unit, figure.currency),
                    paragraph(f"{figure.id}@{figure.version}"),
                    self._rests_on(computed),
                    words.numbers.money(computed.evidence_sum) if figure.evidence else "–",
                ]
            )
        widths = [40 * mm, 27 * mm, 14 * mm, 47 * mm, 22 * mm, 24 * mm]
        return layout.table(rows, widths, (1, 5))

    def _title(self, computed: StoredFigure) -> str:
        """A figure's title, and whether its value is provisional."""
        figure = computed.figure
        title = self.words.pick(TITLES[figure.id, figure.version])
        return f"{title} ({self.words.label('provisional')})" if figure.provisional else title

    def accounts(self) -> Table:
        """Whose each account is, and whether it counts."""
        words = self.words
        rows: list[Sequence[Any]] = [[words.label(n) for n in ("account", "holder", "counts")]]
        rows += (
            [
                paragraph(each.account),
                paragraph(each.holder or words.label("unnamed_holder")),
                paragraph(self._counts(each)),
            ]
            for each in self.paper.accounts
        )
        return layout.table(rows, [58 * mm, 58 * mm, 58 * mm], ())

    def _counts(self, account: AccountStanding) -> str:
        if account.ruling is None:
            return self.words.label("counts_yes" if account.counted else "counts_no")
        name = "counts_ruled" if account.counted else "counts_ruled_out"
        return self.words.label(name, reason=account.ruling.reason[:_LONGEST_FINDING])

    def _rests_on(self, computed: StoredFigure) -> str:
        figure = computed.figure
        if figure.evidence or not figure.statements:
            return self.words.many("booking", len(figure.evidence))
        return self.words.many("statement", len(figure.statements))

    def months(self) -> Table:
        """The window month by month."""
        words, names = self.words, ("month", "inflow", "outflow", "revenue", "balance")
        money = words.numbers.money
        rows = [[words.label(each) for each in names]] + [
            [
                words.month(each.starts_on),
                money(each.inflow),
                money(each.outflow),
                money(each.revenue),
                "–" if each.balance is None else money(each.balance),
            ]
            for each in self.paper.report.months
        ]
        return layout.table(rows, [38 * mm, 34 * mm, 34 * mm, 34 * mm, 34 * mm], (1, 2, 3, 4))

    def evidence(self, computed: StoredFigure) -> Story:
        """What a figure rests on: the first transactions, each with its place, and statements."""
        figure, words = computed.figure, self.words
        statements = self.paper.report.statements_of(figure)
        if not figure.evidence and not statements:
            return
        title = words.pick(TITLES[figure.id, figure.version])
        head = f"{title} · {self._value(figure.value, figure.unit)} · {figure.id}@{figure.version}"
        yield CondPageBreak(_ROOM)
        yield paragraph(head, ENTRY)
        if figure.evidence:
            count, total = len(figure.evidence), words.numbers.money(computed.evidence_sum)
            yield self._caption("", count, sum=total)
            shown = self.paper.report.shown[figure.id]
            yield self._lines([self._line(each) for each in shown])
        if statements:
            yield self._caption("_statements", len(statements))
            yield self._statements(statements[:SHOWN])

    def _caption(self, of: str, count: int, **fields: str) -> Paragraph:
        """Whether all is shown that there is, or only the first of it."""
        shown = min(SHOWN, count)
        name = "first_of" if shown < count else "all_of"
        number = self.words.number(count)
        return paragraph(self.words.label(name + of, shown=shown, count=number, **fields), NOTE)

    def _statements(self, statements: Sequence[StoredStatement]) -> Table:
        words, names = self.words, ("account", "first_day", "last_day", "closing", "file")
        money = words.numbers.money
        rows = [
            [
                layout.fitted(each.statement.account.number, 71 * mm, _LINE),
                words.day(each.starts_on),
                words.day(each.ends_on),
                "–" if each.statement.closing is None else money(each.statement.closing.amount),
                f"[{self.files[each.document_id]}]",
            ]
            for each in statements
        ]
        widths = [73 * mm, 30 * mm, 30 * mm, 32 * mm, 9 * mm]
        head = [words.label(each) for each in names]
        return layout.table([head, *rows], widths, (3,), size=_LINE)

    def _lines(self, rows: Sequence[Sequence[str]]) -> Table:
        names = ("booked", "counterparty", "amount", "file", "place")
        widths = [25 * mm, 73 * mm, 28 * mm, 9 * mm, 39 * mm]
        head = [self.words.label(each) for each in names]
        return layout.table([head, *rows], widths, (2,), size=_LINE)

    def _line(self, row: StoredTransaction) -> list[str]:
        transaction, words = row.transaction, self.words
        text = " – ".join(filter(None, (transaction.counterparty, transaction.remittance)))
        return [
            words.day(transaction.booked_on),
            layout.fitted(text, 71 * mm, _LINE),
            words.numbers.money(transaction.amount),
            f"[{self.files[row.document_id]}]",
            words.label("on_page", page=transaction.box.page)
            if transaction.box
            else words.label(
                "bytes",
                start=words.number(transaction.evidence.start),
                end=words.number(transaction.evidence.end),
            ),
        ]

    def _findings(self, document: Document) -> Story:
        """The first of what was found about a document, each at no more than a few lines."""
        for each in document.findings[:_FINDINGS_SHOWN]:
            said = self.words.pick(each.detail)
            yield said if len(said) <= _LONGEST_FINDING else f"{said[:_LONGEST_FINDING]}…"
        if len(document.findings) > _FINDINGS_SHOWN:
            yield "…"

    def documents(self) -> Story:
        """Every file that was handed in, by its hash."""
        words, names = self.words, ("file", "filename", "kind", "size", "received")
        if not self.paper.documents:
            yield from self.section("documents", paragraph(words.label("no_documents")))
            return
        rows: list[Sequence[Any]] = [[words.label(each) for each in names]]
        for number, each in enumerate(self.paper.documents, 1):
            name = [paragraph(each.filename), paragraph(each.sha256.hex(), HASH)]
            name += [paragraph(found, NOTE) for found in self._findings(each)]
            rows.append(
                [
                    f"[{number}]",
                    name,
                    paragraph(words.document(each.kind, each.status)),
                    words.label("byte_count", n=words.number(each.size)),
                    paragraph(words.moment(each.created_at)),
                ]
            )
        widths = [10 * mm, 89 * mm, 26 * mm, 26 * mm, 23 * mm]
        yield from self.section("documents", layout.table(rows, widths, (3,)))
