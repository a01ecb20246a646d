import { Table, Text, Title } from "@mantine/core";
import type { Usage } from "../../api/contract";
import { useI18n } from "../../i18n";
import { Sandbox } from "../../parts/sandbox";
import { Wide } from "../../parts/wide";

export function Operations({ usage }: { usage: Usage }) {
  const { words, format } = useI18n();
  return (
    <Wide label={words.usage.operations}>
      <Title order={2} size="h6" p={16} pb={4}>
        {words.usage.operations}
      </Title>
      <Table verticalSpacing={7} horizontalSpacing="md" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.usage.partner}</Table.Th>
            <Table.Th>{words.usage.version}</Table.Th>
            <Table.Th>{words.usage.operation}</Table.Th>
            <Table.Th>{words.usage.build}</Table.Th>
            <Table.Th className="figure">{words.usage.calls}</Table.Th>
            <Table.Th className="figure">{words.usage.last}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {usage.rows.map((row) => (
            <Table.Tr key={[row.partner, row.version, row.operation, row.build].join(" ")}>
              <Table.Td>
                {row.partner} {row.sandbox && <Sandbox />}
              </Table.Td>
              <Table.Td>{row.version}</Table.Td>
              <Table.Td>{row.operation}</Table.Td>
              <Table.Td>{row.build ?? <span aria-label={words.usage.noBuild}>–</span>}</Table.Td>
              <Table.Td className="figure">{format.count(row.calls)}</Table.Td>
              <Table.Td className="figure">{format.moment(row.last_at)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="xs" c="dimmed" p={16} pt={8}>
        {usage.rows.length === 0 ? words.usage.noneHere : usage.more && words.usage.more}
      </Text>
    </Wide>
  );
}
