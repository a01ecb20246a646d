import { Anchor, CloseButton, Drawer, Table, Text, Title, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import type { Document, Fact, PaperFigure } from "../../api/contract";
import { useI18n } from "../../i18n";
import { grouped } from "../../parts/iban";
import classes from "./evidence.module.css";
import { FilePlace } from "./file-place";

type Props = { caseId: string; document: Document };

/** What a document says, in a line that leads to each fact and the place where it stands. */
export function DocumentFacts({ caseId, document }: Props) {
  const { words } = useI18n();
  const say = useSayFact();
  const [opened, open] = useState(false);
  const told = (["title", "invoice_number", "seller_name", "buyer_name", "gross_amount"] as const)
    .map((term) => document.facts.find((fact) => fact.term === term))
    .filter((fact) => fact !== undefined);
  return (
    <>
      <Anchor component="button" size="xs" ta="left" onClick={() => open(true)}>
        {told.map(say).join(" · ")}
      </Anchor>
      <Drawer.Root opened={opened} onClose={() => open(false)} position="right" size="min(1560px, 92vw)">
        <Drawer.Overlay backgroundOpacity={0.25} />
        <Drawer.Content aria-label={words.documents.says(document.filename)}>
          <Drawer.Body p={0} h="100%">
            <Facts caseId={caseId} document={document} onClose={() => open(false)} />
          </Drawer.Body>
        </Drawer.Content>
      </Drawer.Root>
    </>
  );
}

/** What stands in the list: a name, what is told, and where. */
type Told = { name: string; said: string; place: Fact | PaperFigure };

function Facts({ caseId, document, onClose }: Props & { onClose: () => void }) {
  const { words } = useI18n();
  const rows = useTold(document);
  const [selected, select] = useState(0);
  const place = rows[selected]?.place;
  return (
    <div className={classes.drawer}>
      <header className={classes.header}>
        <div>
          <Title order={2} size="h4">
            {document.kind && words.documentKind[document.kind]}
          </Title>
          <Text c="dimmed">{document.filename}</Text>
        </div>
        <CloseButton ml="auto" aria-label={words.evidence.close} onClick={onClose} />
      </header>
      <div className={classes.bookings}>
        <div className={classes.list}>
          <Table verticalSpacing={7} horizontalSpacing="lg">
            <Table.Tbody>
              {rows.map((told, at) => (
                <FactRow
                  key={told.name}
                  told={told}
                  selected={at === selected}
                  onSelect={() => select(at)}
                />
              ))}
            </Table.Tbody>
          </Table>
        </div>
      </div>
      {place && <FactPlace caseId={caseId} documentId={document.id} fact={place} />}
    </div>
  );
}

type RowProps = { told: Told; selected: boolean; onSelect: () => void };

function FactRow({ told, selected, onSelect }: RowProps) {
  return (
    <Table.Tr className={classes.booking} aria-selected={selected} onClick={onSelect}>
      <Table.Td w="40%">
        <UnstyledButton fz="sm" c="dimmed">
          {told.name}
        </UnstyledButton>
      </Table.Td>
      <Table.Td>{told.said}</Table.Td>
    </Table.Tr>
  );
}

type PlaceProps = { caseId: string; documentId: string; fact: Fact | PaperFigure };

/** The place that says it; only its bytes where it stands in an attached file that no page shows. */
function FactPlace({ caseId, documentId, fact }: PlaceProps) {
  const { words, format } = useI18n();
  const { box, start, end } = fact;
  const attachment = "attachment" in fact ? fact.attachment : null;
  if (attachment === null || box !== null) {
    return <FilePlace caseId={caseId} place={{ document_id: documentId, start, end, box }} />;
  }
  return (
    <section className={classes.place} aria-label={words.evidence.file}>
      <Text size="sm" c="dimmed" p={20}>
        {words.evidence.place(format.count(start), format.count(end))}{" "}
        {words.evidence.attached(attachment)}
      </Text>
    </section>
  );
}

/** All that a document tells: its facts, then its figures. */
function useTold({ facts, figures }: Document): Told[] {
  const { words, format } = useI18n();
  const say = useSayFact();
  return [
    ...facts.map((fact) => ({ name: words.term[fact.term], said: say(fact), place: fact })),
    ...figures.map((place) => ({
      name: `${words.figureTerm[place.figure]} (${words.figureSpan[place.span]})`,
      said: format.money(place.amount),
      place,
    })),
  ];
}

/** A fact as people of the reader's language write it. */
function useSayFact() {
  const { words, format } = useI18n();
  return ({ term, text, day, amount }: Fact): string => {
    if (amount) return format.money(amount);
    if (day) return format.day(day);
    const said = text ?? "";
    if (term === "type_code") return words.typeCode[said] ?? said;
    return term === "payee_iban" ? grouped(said) : said;
  };
}
