import { Badge, Table, Text } from "@mantine/core";
import { type KeyboardEvent, useRef } from "react";
import type { Transaction } from "../../api/contract";
import { useI18n } from "../../i18n";
import { Empty } from "../../parts/empty";
import classes from "./evidence.module.css";

type Props = {
  rows: Transaction[];
  selected: Transaction | undefined;
  onSelect: (row: Transaction) => void;
};

export function TransactionTable({ rows, selected, onSelect }: Props) {
  const { words } = useI18n();
  const body = useRef<HTMLTableSectionElement>(null);
  if (rows.length === 0) return <Empty icon="file" title={words.evidence.none} />;

  const move = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const now = rows.findIndex(({ id }) => id === selected?.id);
    const next = Math.max(0, Math.min(rows.length - 1, now + by));
    const row = rows[next];
    if (row) onSelect(row);
    body.current?.querySelectorAll("tr")[next]?.focus();
  };

  return (
    <Table role="grid" verticalSpacing={6} horizontalSpacing="md" stickyHeader highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{words.evidence.date}</Table.Th>
          <Table.Th>{words.evidence.counterparty}</Table.Th>
          <Table.Th>{words.evidence.category}</Table.Th>
          <Table.Th className="figure">{words.evidence.amount}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody ref={body} onKeyDown={move}>
        {rows.map((row) => (
          <Booking
            key={row.id}
            row={row}
            selected={row.id === selected?.id}
            onSelect={() => onSelect(row)}
          />
        ))}
      </Table.Tbody>
    </Table>
  );
}

type BookingProps = { row: Transaction; selected: boolean; onSelect: () => void };

function Booking({ row, selected, onSelect }: BookingProps) {
  const { words, format } = useI18n();
  const codes = [row.gvc, row.iso, row.return_reason].filter(Boolean).join(" ");
  return (
    <Table.Tr
      className={classes.booking}
      aria-selected={selected}
      tabIndex={selected ? 0 : -1}
      onClick={onSelect}
    >
      <Table.Td className="figure" style={{ textAlign: "left" }}>
        {format.day(row.booked_on)}
      </Table.Td>
      <Table.Td>
        <Text size="sm" fw={500} lineClamp={1}>
          {row.counterparty ?? row.remittance}
          {row.part_count > 1 && (
            <Badge ml={8} size="xs" variant="default" tt="none">
              {words.evidence.parts(row.part_count)}
            </Badge>
          )}
          {row.pending && (
            <Badge ml={8} size="xs" color="gray" variant="light" tt="none">
              {words.evidence.pending}
            </Badge>
          )}
        </Text>
        {row.counterparty && (
          <Text size="xs" c="dimmed" lineClamp={selected ? 6 : 1}>
            {row.remittance}
          </Text>
        )}
      </Table.Td>
      <Table.Td style={{ whiteSpace: "nowrap" }}>
        <Text size="sm">{row.category && words.category[row.category]}</Text>
        <Text size="xs" c="dimmed">
          {codes}
        </Text>
      </Table.Td>
      <Table.Td className="figure">{format.money(row.amount)}</Table.Td>
    </Table.Tr>
  );
}
