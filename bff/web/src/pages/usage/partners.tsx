import { Table, Text, Title } from "@mantine/core";
import type { Usage, UsagePartner } from "../../api/contract";
import { useI18n } from "../../i18n";
import { Sandbox } from "../../parts/sandbox";
import { Wide } from "../../parts/wide";

/** Who still calls which version: what has to be known before one is retired. */
export function Partners({ usage }: { usage: Usage }) {
  const { words } = useI18n();
  return (
    <Wide label={words.usage.byVersion}>
      <Title order={2} size="h6" p={16} pb={4}>
        {words.usage.byVersion}
      </Title>
      <Table verticalSpacing={7} horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.usage.partner}</Table.Th>
            {usage.versions.map((version) => (
              <Table.Th key={version} className="figure">
                {version}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {usage.partners.map((partner) => (
            <Table.Tr key={partner.id}>
              <Table.Td>
                {partner.name} {partner.sandbox && <Sandbox />}
              </Table.Td>
              {usage.versions.map((version) => (
                <Table.Td key={version} className="figure">
                  <Called partner={partner} version={version} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  );
}

function Called({ partner, version }: { partner: UsagePartner; version: string }) {
  const { words, format } = useI18n();
  const last = partner.last_at[version];
  if (!last) return <Text component="span" c="dimmed">–</Text>;
  return (
    <>
      {format.count(partner.calls[version] ?? 0)}
      <Text size="xs" c="dimmed">
        {words.usage.lastCall(format.moment(last))}
      </Text>
    </>
  );
}
