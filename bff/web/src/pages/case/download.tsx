import { ActionIcon } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { download } from "../../api/client";
import { useI18n } from "../../i18n";
import { explain } from "../../parts/failure";
import { Icon } from "../../parts/icon";

type Props = { caseId: string; documentId: string; filename: string };

export function DownloadButton({ caseId, documentId, filename }: Props) {
  const { words } = useI18n();
  const saving = useMutation({
    mutationFn: () => download(`/cases/${caseId}/documents/${documentId}/content`, filename),
  });
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
