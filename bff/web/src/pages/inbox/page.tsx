import { Alert, Group, Loader, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useSearchParams } from "react-router";
import { useI18n } from "../../i18n";
import { Failure } from "../../parts/failure";
import { Pager } from "../../parts/pager";
import { useKeptAddress } from "./address";
import { SandboxSwitch, SearchBox, StatusFilter } from "./filters";
import { useInbox } from "./queries";
import { InboxTable } from "./table";

export function InboxPage() {
  const { words } = useI18n();
  useDocumentTitle(`${words.inbox.title} · Beleg`);
  const [params, setParams] = useSearchParams();
  useKeptAddress(params.toString());
  const { data: inbox, error, refetch, isFetching } = useInbox(params.toString());

  /** Another filter starts on its first page; empty values leave the address. */
  const narrow = (name: "status" | "q" | "page" | "of", value: string) =>
    setParams((before) => {
      const next = new URLSearchParams(before);
      if (name !== "page") next.delete("page");
      if (value) next.set(name, value);
      else next.delete(name);
      return next;
    });

  const sandbox = params.get("of") === "sandbox";
  const narrowed = params.has("status") || params.has("q");
  const pages = inbox ? Math.ceil(inbox.total / inbox.per_page) : 0;
  return (
    <>
      <Group mb="md" gap="md">
        <Title order={1} size="h3">
          {words.inbox.title}
        </Title>
        {isFetching && <Loader size="xs" />}
        <div style={{ marginLeft: "auto" }}>
          <SandboxSwitch
            chosen={sandbox}
            onChoose={(chosen) => narrow("of", chosen ? "sandbox" : "")}
          />
        </div>
        <SearchBox value={params.get("q") ?? ""} onChange={(q) => narrow("q", q)} />
      </Group>
      {sandbox && (
        <Alert color="orange" mb="md" py="xs">
          {words.inbox.sandboxHint}
        </Alert>
      )}
      <StatusFilter
        counts={inbox?.counts}
        chosen={params.get("status") ?? ""}
        onChoose={(status) => narrow("status", status)}
      />
      {error && !inbox ? (
        <Failure error={error} retry={refetch} />
      ) : (
        <InboxTable inbox={inbox} narrowed={narrowed} onShowAll={() => setParams(sandbox ? { of: "sandbox" } : {})} />
      )}
      <Group mt="sm" justify="space-between" mih={32}>
        <Text size="xs" c="dimmed">
          {inbox && words.inbox.cases(inbox.total)}{" · "}
          {words.inbox.keys}
        </Text>
        {pages > 1 && (
          <Pager
            size="sm"
            total={pages}
            value={inbox?.page ?? 1}
            onChange={(page) => narrow("page", page > 1 ? String(page) : "")}
          />
        )}
      </Group>
    </>
  );
}
