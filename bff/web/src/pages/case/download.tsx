import { ActionIcon, Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { download } from "../../api/client";
import type { Case } from "../../api/contract";
import { useI18n } from "../../i18n";
import { Icon } from "../../parts/icon";
import { Notice } from "../../parts/notice";

type Props = { caseId: string; documentId: string; filename: string };

const useSaving = (path: string, filename: string) =>
  useMutation({ mutationFn: () => download(path, filename) });

/** The report in the language that the page is read in. */
export function ReportButton({ shown }: { shown: Case }) {
  const { words, language } = useI18n();
  const { id, legal_name } = shown.application;
  const filename = `${words.case.report} ${legal_name}.pdf`;
  const saving = useSaving(`/cases/${id}/report?language=${language}`, filename);
  return (
    <>
      <Button
        variant="default"
        leftSection={<Icon name="download" />}
        loading={saving.isPending}
        title={words.case.saveReport}
        onClick={() => saving.mutate()}
      >
        {words.case.report}
      </Button>
      <NotSaved filename={filename} saving={saving} />
    </>
  );
}

export function DownloadButton({ caseId, documentId, filename }: Props) {
  const { words } = useI18n();
  const saving = useSaving(`/cases/${caseId}/documents/${documentId}/content`, filename);
  const label = words.documents.download(filename);
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        loading={saving.isPending}
        aria-label={label}
        title={label}
        onClick={() => saving.mutate()}
      >
        <Icon name="download" />
      </ActionIcon>
      <NotSaved filename={filename} saving={saving} />
    </>
  );
}

type NotSavedProps = { filename: string; saving: ReturnType<typeof useSaving> };

function NotSaved({ filename, saving }: NotSavedProps) {
  const { words } = useI18n();
  if (!saving.error) return null;
  return (
    <Notice title={words.failure.notSaved(filename)} error={saving.error} onClose={saving.reset} />
  );
}
