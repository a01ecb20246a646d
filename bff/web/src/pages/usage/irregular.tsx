import { Table, Text, Title } from "@mantine/core";
import type { Usage } from "../../api/contract";
import { useI18n } from "../../i18n";
import { Sandbox } from "../../parts/sandbox";
import { Wide } from "../../parts/wide";

/** Who sends what is taken and should not be sent: what a version to come may refuse. */
export function Irregular({ usage }: { usage: Usage }) {
  const { words, format } = useI18n();
  return (
    <Wide label={words.usage.irregular}>
      <Title order={2} size="h6" p={16} pb={4}>
        {words.usage.irregular}
      </Title>
      <Table verticalSpacing={7} horizontalSpacing="md" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.usage.partner}</Table.Th>
            <Table.Th>{words.usage.version}</Table.Th>
            <Table.Th>{words.usage.operation}</Table.Th>
            <Table.Th>{words.usage.irregularity}</Table.Th>
            <Table.Th className="figure">{words.usage.calls}</Table.Th>
            <Table.Th className="figure">{words.usage.last}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {usage.irregular.map((row) => (
            <Table.Tr key={[row.partner, row.version, row.operation, row.irregularity].join(" ")}>
              <Table.Td>
                {row.partner} {row.sandbox && <Sandbox />}
              </Table.Td>
              <Table.Td>{row.version}</Table.Td>
              <Table.Td>{row.operation}</Table.Td>
              <Table.Td>{words.irregularity[row.irregularity]}</Table.Td>
              <Table.Td className="figure">{format.count(row.calls)}</Table.Td>
              <Table.Td className="figure">{format.moment(row.last_at)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="xs" c="dimmed" p={16} pt={8}>
        {words.usage.irregularHint}
      </Text>
    </Wide>
  );
}
