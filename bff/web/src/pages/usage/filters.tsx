import { NativeSelect, SegmentedControl } from "@mantine/core";
import type { Usage } from "../../api/contract";
import { useI18n } from "../../i18n";

const PERIODS = ["7", "30", "90", "365"];
export const USUAL = "30";

export type Narrowing = "days" | "partner" | "version" | "day";
type Props = {
  usage: Usage | undefined;
  params: URLSearchParams;
  onChoose: (name: Narrowing, value: string) => void;
};

export function Filters({ usage, params, onChoose }: Props) {
  const { words, format } = useI18n();
  const called = usage?.days.filter(({ calls }) => Object.keys(calls).length > 0) ?? [];
  const choices: [Exclude<Narrowing, "days">, { value: string; label: string }[]][] = [
    ["partner", usage?.partners.map(({ id, name }) => ({ value: id, label: name })) ?? []],
    ["version", usage?.versions.map((version) => ({ value: version, label: version })) ?? []],
    ["day", called.map(({ day }) => ({ value: day, label: format.day(day) })).reverse()],
  ];
  return (
    <>
      <SegmentedControl
        size="sm"
        aria-label={words.usage.period}
        value={params.get("days") ?? USUAL}
        onChange={(days) => onChoose("days", days)}
        data={PERIODS.map((days) => ({ value: days, label: words.usage.days(Number(days)) }))}
      />
      {choices.map(([name, known]) => (
        <NativeSelect
          key={name}
          aria-label={words.usage[name]}
          value={params.get(name) ?? ""}
          onChange={(event) => onChoose(name, event.currentTarget.value)}
          data={[{ value: "", label: words.usage.all[name] }, ...known]}
        />
      ))}
    </>
  );
}
