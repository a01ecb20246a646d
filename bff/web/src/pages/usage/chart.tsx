import { BarChart } from "@mantine/charts";
import { Title } from "@mantine/core";
import type { Usage } from "../../api/contract";
import { useI18n } from "../../i18n";

const COLOURS = ["orange.4", "petrol.5", "indigo.6", "grape.5"];

/** Calls a day, a colour a version; drawn to scale, read in the tables. */
export default function UsageChart({ usage }: { usage: Usage }) {
  const { words, format } = useI18n();
  const data = usage.days.map(({ day, calls }) => ({ day: format.shortDay(day), ...calls }));
  return (
    <section className="panel" style={{ padding: 16 }}>
      <Title order={2} size="h6" mb={12}>
        {words.usage.perDay}
      </Title>
      <div role="img" aria-label={words.usage.chart}>
        <BarChart
          h={220}
          data={data}
          dataKey="day"
          type="stacked"
          withLegend
          legendProps={{ verticalAlign: "bottom", height: 32 }}
          tickLine="none"
          maxBarWidth={18}
          valueFormatter={(calls) => format.count(calls)}
          yAxisProps={{ width: 64, allowDecimals: false }}
          barProps={{ isAnimationActive: false }}
          series={usage.versions.map((name, at) => ({
            name,
            color: COLOURS[at % COLOURS.length] ?? "gray.5",
          }))}
        />
      </div>
    </section>
  );
}
