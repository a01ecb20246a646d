import { Anchor, CloseButton, Drawer, Table, Text, Title, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import type { Document, Fact } from "../../api/contract";
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

function Facts({ caseId, document, onClose }: Props & { onClose: () => void }) {
  const { words } = useI18n();
  const [selected, select] = useState(document.facts[0]);
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
              {document.facts.map((fact) => (
                <FactRow
                  key={fact.term}
                  fact={fact}
                  selected={fact === selected}
                  onSelect={() => select(fact)}
                />
              ))}
            </Table.Tbody>
          </Table>
        </div>
      </div>
      {selected && <FactPlace caseId={caseId} documentId={document.id} fact={selected} />}
    </div>
  );
}

type RowProps = { fact: Fact; selected: boolean; onSelect: () => void };

function FactRow({ fact, selected, onSelect }: RowProps) {
  const { words } = useI18n();
  const say = useSayFact();
  return (
    <Table.Tr className={classes.booking} aria-selected={selected} onClick={onSelect}>
      <Table.Td w="40%">
        <UnstyledButton fz="sm" c="dimmed">
          {words.term[fact.term]}
        </UnstyledButton>
      </Table.Td>
      <Table.Td>{say(fact)}</Table.Td>
    </Table.Tr>
  );
}

/** The place that says it; only its bytes where it stands in an attached file that no page shows. */
function FactPlace({ caseId, documentId, fact }: { caseId: string; documentId: string; fact: Fact }) {
  const { words, format } = useI18n();
  const { attachment, box, start, end } = fact;
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
