import { CompositeChart } from "@mantine/charts";
import { Title } from "@mantine/core";
import type { Case } from "../../api/contract";
import { useI18n } from "../../i18n";

/** Bars of money in and out, and the balance as a line; drawn to scale, read in the table. */
export default function MonthsChart({ shown }: { shown: Case }) {
  const { words, format } = useI18n();
  if (shown.months.length === 0) return null;
  const currency = shown.months[0]?.inflow.currency ?? "EUR";
  const data = shown.months.map(({ month, inflow, outflow, balance }) => ({
    month: format.month(month),
    [words.chart.inflow]: Number(inflow.value),
    [words.chart.outflow]: Math.abs(Number(outflow.value)),
    [words.chart.balance]: balance && Number(balance.value),
  }));
  return (
    <section className="panel" style={{ padding: 16, marginBottom: 16 }}>
      <Title order={2} size="h6" mb={12}>
        {words.chart.title}
      </Title>
      <div role="img" aria-label={words.chart.description}>
        <CompositeChart
          h={240}
          data={data}
          dataKey="month"
          withLegend
          legendProps={{ verticalAlign: "bottom", height: 32 }}
          tickLine="none"
          maxBarWidth={14}
          valueFormatter={(value) => format.shortMoney(value, currency)}
          yAxisProps={{ width: 84 }}
          composedChartProps={{ barGap: 2 }}
          series={[
            { name: words.chart.inflow, color: "petrol.5", type: "bar" },
            { name: words.chart.outflow, color: "orange.4", type: "bar" },
            { name: words.chart.balance, color: "indigo.6", type: "line" },
          ]}
          curveType="linear"
          lineProps={{ isAnimationActive: false }}
          barProps={{ isAnimationActive: false }}
        />
      </div>
    </section>
  );
}
