import { Anchor, Table, Text } from "@mantine/core";
import type { Case, Figure } from "../../api/contract";
import { useI18n } from "../../i18n";
import { Empty } from "../../parts/empty";
import { ProvisionalMark } from "../../parts/marks";
import { Wide } from "../../parts/wide";
import type { Follow } from "./page";
import { restsOn } from "./rests-on";

type Props = { shown: Case; onFollow: Follow };

export function Figures({ shown, onFollow }: Props) {
  const { words } = useI18n();
  if (shown.figures.length === 0) {
    return (
      <div className="panel">
        <Empty icon="file" title={words.figures.empty} hint={words.case.noWindow} />
      </div>
    );
  }
  return (
    <Wide>
      <Table verticalSpacing={7} horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.figures.figure}</Table.Th>
            <Table.Th className="figure">{words.figures.value}</Table.Th>
            <Table.Th className="figure">{words.figures.restsOn}</Table.Th>
            <Table.Th>{words.figures.formula}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shown.figures.map((figure) => (
            <FigureRow key={figure.name} figure={figure} onFollow={onFollow} />
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  );
}

type RowProps = { figure: Figure; onFollow: Follow };

function FigureRow({ figure, onFollow }: RowProps) {
  const { words, format, say } = useI18n();
  const { title, value, basis } = figure;
  const support = restsOn(basis, words);
  return (
    <Table.Tr>
      <Table.Td>
        {say(title)} {figure.provisional && <ProvisionalMark />}
      </Table.Td>
      <Table.Td className="figure">
        {value ? (
          <Text fw={600} size="sm" component="span">
            {format.value(value)}
          </Text>
        ) : (
          <Text c="dimmed" size="sm" component="span">
            {words.figures.notAnswerable}
          </Text>
        )}
      </Table.Td>
      <Table.Td className="figure">
        {support && (
          <Anchor component="button" size="sm" onClick={() => onFollow("figure", figure.name, basis)}>
            {support}
          </Anchor>
        )}
      </Table.Td>
      <Table.Td>
        <Text size="xs" c="dimmed" ff="monospace">
          {figure.name}@{figure.version}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
