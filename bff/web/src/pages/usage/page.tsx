import { Group, Loader, Skeleton, Stack, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { Suspense } from "react";
import { useSearchParams } from "react-router";
import { useI18n } from "../../i18n";
import { Empty } from "../../parts/empty";
import { Failure } from "../../parts/failure";
import { lazyPart } from "../../parts/lazy";
import { Filters, type Narrowing, USUAL } from "./filters";
import { Irregular } from "./irregular";
import { Operations } from "./operations";
import { Partners } from "./partners";
import { useUsage } from "./queries";

// The library that draws it is as large as the rest of the web app.
const UsageChart = lazyPart(async () => (await import("./chart")).default);

export function UsagePage() {
  const { words } = useI18n();
  useDocumentTitle(`${words.usage.title} · Beleg`);
  const [params, setParams] = useSearchParams();
  const { data: usage, error, refetch, isFetching } = useUsage(params.toString());

  /** Another period may lack the day that was chosen; what is usual leaves the address.
   * The address itself is asked, since what was rendered may be a choice behind. */
  const narrow = (name: Narrowing, value: string) => {
    const next = new URLSearchParams(location.search);
    if (name === "days") next.delete("day");
    if (value && !(name === "days" && value === USUAL)) next.set(name, value);
    else next.delete(name);
    setParams(next);
  };

  return (
    <Stack gap="md">
      <Group gap="md">
        <Title order={1} size="h3">
          {words.usage.title}
        </Title>
        {isFetching && <Loader size="xs" />}
        <Group gap="sm" ml="auto">
          <Filters usage={usage} params={params} onChoose={narrow} />
        </Group>
      </Group>
      {error && !usage && <Failure error={error} retry={refetch} />}
      {usage?.partners.length === 0 && (
        <div className="panel">
          <Empty icon="question" title={words.usage.empty} hint={words.usage.emptyHint} />
        </div>
      )}
      {usage && usage.partners.length > 0 && (
        <>
          <Suspense fallback={<Skeleton h={300} />}>
            <UsageChart usage={usage} />
          </Suspense>
          <Partners usage={usage} />
          <Operations usage={usage} />
          {usage.irregular.length > 0 && <Irregular usage={usage} />}
        </>
      )}
    </Stack>
  );
}
