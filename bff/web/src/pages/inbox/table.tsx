import { Button, Group, Skeleton, Table, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useRef } from "react";
import { Link, useNavigate } from "react-router";
import type { Inbox, InboxRow } from "../../api/contract";
import { useI18n } from "../../i18n";
import { Empty } from "../../parts/empty";
import { type Judgement, JudgementMark, StatusMark } from "../../parts/marks";
import { Wide } from "../../parts/wide";
import classes from "./inbox.module.css";

type Props = { inbox: Inbox | undefined; narrowed: boolean; onShowAll: () => void };

export function InboxTable({ inbox, narrowed, onShowAll }: Props) {
  const { words } = useI18n();
  const body = useRef<HTMLTableSectionElement>(null);
  const step = (by: number) => () => {
    const links = [...(body.current?.querySelectorAll("a") ?? [])];
    const now = links.indexOf(document.activeElement as HTMLAnchorElement);
    links.at(Math.max(0, Math.min(links.length - 1, now + by)))?.focus();
  };
  useHotkeys([
    ["ArrowDown", step(1)],
    ["ArrowUp", step(-1)],
    ["j", step(1)],
    ["k", step(-1)],
  ]);
  if (inbox?.rows.length === 0) return <Nothing narrowed={narrowed} onShowAll={onShowAll} />;
  return (
    <Wide>
      <Table verticalSpacing={7} horizontalSpacing="md" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.inbox.applicant}</Table.Th>
            <Table.Th>{words.inbox.status}</Table.Th>
            <Table.Th>{words.inbox.findings}</Table.Th>
            <Table.Th>{words.inbox.product}</Table.Th>
            <Table.Th className="figure">{words.inbox.amount}</Table.Th>
            <Table.Th>{words.inbox.partner}</Table.Th>
            <Table.Th className="figure">{words.inbox.received}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody ref={body}>
          {inbox ? inbox.rows.map((row) => <Row key={row.id} row={row} />) : <Waiting />}
        </Table.Tbody>
      </Table>
    </Wide>
  );
}

function Row({ row }: { row: InboxRow }) {
  const { words, format } = useI18n();
  const navigate = useNavigate();
  const path = `/cases/${row.id}`;
  return (
    <Table.Tr className={classes.row} onClick={() => navigate(path)}>
      <Table.Td>
        <Link to={path} className={classes.applicant} onClick={(event) => event.stopPropagation()}>
          {row.applicant}
        </Link>
        <Text size="xs" c="dimmed">
          {row.external_reference}
        </Text>
      </Table.Td>
      <Table.Td>
        <StatusMark status={row.status} />
      </Table.Td>
      <Table.Td>
        <Findings row={row} />
      </Table.Td>
      <Table.Td>{words.product[row.product]}</Table.Td>
      <Table.Td className="figure">{format.money(row.amount)}</Table.Td>
      <Table.Td>{row.partner}</Table.Td>
      <Table.Td className="figure">{format.moment(row.received_at)}</Table.Td>
    </Table.Tr>
  );
}

function Findings({ row }: { row: InboxRow }) {
  const { words } = useI18n();
  const findings: [Judgement, number, (n: number) => string][] = [
    ["bad", row.bad, words.inbox.bad],
    ["watch", row.watch, words.inbox.watch],
    ["unanswered", row.unanswered, words.inbox.unanswered],
  ];
  const found = findings.filter(([, n]) => n > 0);
  return (
    <Group gap={10} wrap="nowrap">
      {found.map(([judgement, n, say]) => (
        <Group key={judgement} gap={4} wrap="nowrap" title={say(n)}>
          <JudgementMark judgement={judgement} label={say(n)} />
          <span className="figure" aria-hidden="true">
            {n}
          </span>
        </Group>
      ))}
      {row.provisional > 0 && (
        <Text size="xs" c="var(--mantine-color-orange-text)" component="span">
          {words.inbox.provisional(row.provisional)}
        </Text>
      )}
      {found.length === 0 && row.provisional === 0 && (
        <Text size="sm" c="dimmed" component="span" aria-label={words.inbox.noFindings}>
          –
        </Text>
      )}
    </Group>
  );
}

function Waiting() {
  return Array.from({ length: 12 }, (_, row) => (
    <Table.Tr key={row}>
      <Table.Td colSpan={7}>
        <Skeleton h={24} />
      </Table.Td>
    </Table.Tr>
  ));
}

function Nothing({ narrowed, onShowAll }: { narrowed: boolean; onShowAll: () => void }) {
  const { words } = useI18n();
  return (
    <div className="panel">
      {narrowed ? (
        <Empty icon="search" title={words.inbox.nothingFound} hint={words.inbox.nothingFoundHint}>
          <Button variant="light" size="xs" onClick={onShowAll}>
            {words.inbox.showAll}
          </Button>
        </Empty>
      ) : (
        <Empty icon="file" title={words.inbox.empty} hint={words.inbox.emptyHint} />
      )}
    </div>
  );
}
