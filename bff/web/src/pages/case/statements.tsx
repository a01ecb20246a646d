import { Stack, Table, Text, Title } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { Case, Gap, Statement } from "../../api/contract";
import { useI18n } from "../../i18n";
import { Empty } from "../../parts/empty";
import { grouped } from "../../parts/iban";
import { ReconcilesMark } from "../../parts/marks";
import { Wide } from "../../parts/wide";
import { AccountStanding } from "./account-standing";
import classes from "./case.module.css";
import { More, useMore } from "./more";

type Props = { shown: Case; marked: string[] };

export function Statements({ shown, marked }: Props) {
  const { words } = useI18n();
  const more = useMore(shown.application.id, "statements", shown.statements, shown.statements_next);
  const first = useRef<HTMLDivElement>(null);
  const name = marked.join();
  useEffect(() => {
    if (name) first.current?.querySelector("[data-marked]")?.scrollIntoView({ block: "center" });
  }, [name]);
  if (shown.statement_count === 0) {
    return (
      <div className="panel">
        <Empty icon="file" title={words.statements.empty} hint={words.statements.emptyHint} />
      </div>
    );
  }
  const accounts = [...new Set(more.rows.map(({ account }) => account))];
  return (
    <Stack gap="lg" ref={first}>
      {accounts.map((account) => (
        <Account
          key={account}
          account={account}
          statements={more.rows.filter((each) => each.account === account)}
          gaps={shown.gaps.filter((each) => each.account === account)}
          marked={new Set(marked)}
          shown={shown}
        />
      ))}
      <More {...more} total={shown.statement_count} />
    </Stack>
  );
}

type AccountProps = {
  account: string;
  statements: Statement[];
  gaps: Gap[];
  marked: Set<string>;
  shown: Case;
};

function Account({ account, statements, gaps, marked, shown }: AccountProps) {
  const { words } = useI18n();
  const [first] = statements;
  const standing = shown.accounts.find(({ number }) => number === account);
  return (
    <section aria-label={account}>
      <Title order={2} size="h6" mb={6}>
        <span className={classes.iban}>{grouped(account)}</span>{" "}
        <Text component="span" size="sm" c="dimmed">
          {[first?.bank, first?.holder].filter(Boolean).join(" · ")}
        </Text>
      </Title>
      {standing && <AccountStanding shown={shown} account={standing} />}
      <Wide>
        <Table layout="fixed" miw={720} verticalSpacing={6} horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w="24%">{words.statements.period}</Table.Th>
              <Table.Th className="figure">{words.statements.opening}</Table.Th>
              <Table.Th className="figure">{words.statements.closing}</Table.Th>
              <Table.Th w={96} className="figure">{words.statements.bookings}</Table.Th>
              <Table.Th>{words.statements.check}</Table.Th>
              <Table.Th>{words.statements.file}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {inOrder([...statements, ...gaps]).map((row) =>
              "id" in row ? (
                <StatementRow
                  key={row.id}
                  statement={row}
                  marked={marked.has(row.id)}
                  file={row.filename}
                />
              ) : (
                <GapRow key={row.starts_on} gap={row} />
              ),
            )}
          </Table.Tbody>
        </Table>
      </Wide>
    </section>
  );
}

/** A gap stands where it hurts: between the statements that leave it open. */
function inOrder(rows: (Statement | Gap)[]): (Statement | Gap)[] {
  return rows.sort((a, b) => (a.starts_on ?? "").localeCompare(b.starts_on ?? ""));
}

function GapRow({ gap }: { gap: Gap }) {
  const { words, format } = useI18n();
  return (
    <Table.Tr bg="var(--mantine-color-orange-light)">
      <Table.Td colSpan={6}>
        <Text size="sm" c="var(--mantine-color-orange-text)" fw={550}>
          {words.statements.gap(format.day(gap.starts_on), format.day(gap.ends_on))}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}

type RowProps = { statement: Statement; marked: boolean; file: string | undefined };

function StatementRow({ statement, marked, file }: RowProps) {
  const { words, format } = useI18n();
  const { starts_on, ends_on, opening, closing, difference, state } = statement;
  const label =
    state === "differs" && difference
      ? words.statements.differsBy(format.money(difference))
      : words.reconciles[state];
  return (
    <Table.Tr data-marked={marked || undefined} className={classes.statement}>
      <Table.Td className={classes.iban}>
        {starts_on && ends_on
          ? `${format.day(starts_on)} – ${format.day(ends_on)}`
          : words.statements.noPeriod}
      </Table.Td>
      <Table.Td className="figure">{opening && format.money(opening)}</Table.Td>
      <Table.Td className="figure">{closing && format.money(closing)}</Table.Td>
      <Table.Td className="figure">{format.count(statement.bookings)}</Table.Td>
      <Table.Td>
        <ReconcilesMark state={state} label={label} />
      </Table.Td>
      <Table.Td>
        <Text size="xs" c="dimmed" truncate title={file ?? ""}>
          {file}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
