import { Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useI18n } from "../../i18n";
import { DownloadButton } from "./download";

type Props = {
  caseId: string;
  documentId: string;
  file: { filename: string; sha256: string };
  children: ReactNode;
};

/** Which file a place is in, where in it, and the file's fingerprint. */
export function PlaceHead({ caseId, documentId, file, children }: Props) {
  const { words } = useI18n();
  return (
    <Group gap="md" px={20} pt={10} wrap="nowrap" align="flex-start">
      <div style={{ minWidth: 0 }}>
        <Text size="sm" fw={550} truncate>
          {file.filename}
        </Text>
        <Text size="xs" c="dimmed" className="figure">
          {children}
        </Text>
        <Text size="xs" c="dimmed" truncate title={file.sha256}>
          {words.evidence.fingerprint} {file.sha256}
        </Text>
      </div>
      <div style={{ marginLeft: "auto" }}>
        <DownloadButton caseId={caseId} documentId={documentId} filename={file.filename} />
      </div>
    </Group>
  );
}
