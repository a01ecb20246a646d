import { ActionIcon, Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { download } from "../../api/client";
import type { Case } from "../../api/contract";
import { useI18n } from "../../i18n";
import { explain } from "../../parts/failure";
import { Icon } from "../../parts/icon";

type Props = { caseId: string; documentId: string; filename: string };

const useSaving = (path: string, filename: string) =>
  useMutation({ mutationFn: () => download(path, filename) });

/** The report in the language that the page is read in. */
export function ReportButton({ shown }: { shown: Case }) {
  const { words, language } = useI18n();
  const { id, legal_name } = shown.application;
  const saving = useSaving(
    `/cases/${id}/report?language=${language}`,
    `${words.case.report} ${legal_name}.pdf`,
  );
  return (
    <Button
      variant="default"
      leftSection={<Icon name="download" />}
      loading={saving.isPending}
      color={saving.error ? "red" : "gray"}
      title={saving.error ? explain(saving.error, words) : words.case.saveReport}
      onClick={() => saving.mutate()}
    >
      {words.case.report}
    </Button>
  );
}

export function DownloadButton({ caseId, documentId, filename }: Props) {
  const { words } = useI18n();
  const saving = useSaving(`/cases/${caseId}/documents/${documentId}/content`, filename);
  const label = words.documents.download(filename);
  return (
    <ActionIcon
      variant="subtle"
      color={saving.error ? "red" : "gray"}
      loading={saving.isPending}
      aria-label={label}
      title={saving.error ? explain(saving.error, words) : label}
      onClick={() => saving.mutate()}
    >
      <Icon name="download" />
    </ActionIcon>
  );
}
