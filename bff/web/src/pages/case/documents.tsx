import { Alert, Anchor, Button, FileButton, Progress, Table, Text, VisuallyHidden } from "@mantine/core";
import { useRef, useState } from "react";
import { Refused } from "../../api/client";
import type { Case, Document } from "../../api/contract";
import { useI18n } from "../../i18n";
import { findingTitle } from "../../i18n/findings";
import { Empty } from "../../parts/empty";
import { explain } from "../../parts/failure";
import { Icon } from "../../parts/icon";
import { DocumentMark } from "../../parts/marks";
import { Wide } from "../../parts/wide";
import classes from "./case.module.css";
import { DocumentFacts } from "./document-facts";
import { DownloadButton } from "./download";
import { More, useMore } from "./more";
import { type Upload, useUploads } from "./uploads";

export function Documents({ shown }: { shown: Case }) {
  const { words } = useI18n();
  const { uploads, cutOff, send, dismiss, forget } = useUploads(
    shown.application.id,
    shown.document_limit,
    shown.revision,
  );
  return (
    <>
      {shown.may_hand_in && <DropZone limit={shown.document_limit} onFiles={send} />}
      {cutOff.map((name) => (
        <Alert
          key={name}
          color="orange"
          variant="light"
          mb="xs"
          withCloseButton
          closeButtonLabel={words.documents.dismiss}
          onClose={() => forget(name)}
        >
          {words.documents.cutOff(name)}
        </Alert>
      ))}
      {uploads.map((each) => (
        <UploadLine key={each.key} upload={each} onDismiss={() => dismiss(each.key)} />
      ))}
      <Wide>
        {shown.document_count === 0 ? (
          <Empty icon="upload" title={words.documents.empty} />
        ) : (
          <DocumentTable shown={shown} />
        )}
      </Wide>
    </>
  );
}

type DropProps = { limit: number; onFiles: (files: File[]) => void };

function DropZone({ limit, onFiles }: DropProps) {
  const { words, format } = useI18n();
  const [over, setOver] = useState(false);
  const again = useRef<() => void>(null); // else a browser is silent where the same file is chosen
  return (
    <div
      className={classes.drop}
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onFiles([...event.dataTransfer.files]);
      }}
    >
      <Icon name="upload" />
      <Text size="sm">{words.documents.drop}</Text>
      <FileButton
        multiple
        resetRef={again}
        onChange={(files) => {
          onFiles(files);
          again.current?.();
        }}
      >
        {(props) => (
          <Anchor component="button" size="sm" fw={550} {...props}>
            {words.documents.choose}
          </Anchor>
        )}
      </FileButton>
      <Text size="xs" c="dimmed" w="100%" ta="center">
        {words.documents.upTo(format.mebibytes(limit))}
      </Text>
    </div>
  );
}

function UploadLine({ upload, onDismiss }: { upload: Upload; onDismiss: () => void }) {
  const { words, format } = useI18n();
  const { name, share, error, again } = upload;
  if (error !== undefined) {
    const tooLarge = error instanceof Refused && error.status === 413;
    return (
      <Alert
        color="red"
        variant="light"
        mb="xs"
        withCloseButton
        closeButtonLabel={words.documents.dismiss}
        onClose={onDismiss}
        title={words.documents.failed(name)}
      >
        {tooLarge ? words.documents.tooLarge : again ? words.changed.send : explain(error, words)}
        {again && (
          <Button mt="xs" size="xs" variant="light" display="block" onClick={again}>
            {words.changed.sendAgain}
          </Button>
        )}
      </Alert>
    );
  }
  if (upload.known) {
    return (
      <Alert
        color="blue"
        variant="light"
        mb="xs"
        withCloseButton
        closeButtonLabel={words.documents.dismiss}
        onClose={onDismiss}
      >
        {words.documents.known(name)}
      </Alert>
    );
  }
  const label = words.documents.uploading(name, format.share(share));
  return (
    <div style={{ marginBottom: 12 }}>
      <Text size="xs" mb={4} className="figure">
        {label}
      </Text>
      <Progress value={share * 100} size="sm" aria-label={label} />
    </div>
  );
}

function DocumentTable({ shown }: { shown: Case }) {
  const { words } = useI18n();
  const more = useMore(shown.application.id, "documents", shown.documents, shown.documents_next);
  return (
    <>
    <Table verticalSpacing={7} horizontalSpacing="md">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{words.documents.name}</Table.Th>
          <Table.Th>{words.documents.status}</Table.Th>
          <Table.Th>{words.documents.kind}</Table.Th>
          <Table.Th className="figure">{words.documents.size}</Table.Th>
          <Table.Th className="figure">{words.documents.received}</Table.Th>
          <Table.Th>
            <VisuallyHidden>{words.documents.save}</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {more.rows.map((each) => (
          <DocumentRow key={each.id} caseId={shown.application.id} document={each} />
        ))}
      </Table.Tbody>
    </Table>
    <More {...more} total={shown.document_count} />
    </>
  );
}

function DocumentRow({ caseId, document }: { caseId: string; document: Document }) {
  const { words, format, language, say } = useI18n();
  const { filename, kind, status, findings, facts } = document;
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={500} lineClamp={1}>
          {filename}
        </Text>
        {facts.length > 0 && <DocumentFacts caseId={caseId} document={document} />}
        {findings.map(({ code, detail }) => (
          <Text key={code + detail.en} size="xs" c="dimmed">
            <Text span inherit fw={500} c={status === "unreadable" ? "red" : "orange"}>
              {findingTitle(code, language)}
            </Text>
            {" · "}
            {say(detail)}
          </Text>
        ))}
      </Table.Td>
      <Table.Td>
        <DocumentMark status={status} />
        {status === "reading" && (
          <Progress mt={4} w={72} size="xs" value={100} animated aria-label={words.documentStatus.reading} />
        )}
      </Table.Td>
      <Table.Td>{kind && words.documentKind[kind]}</Table.Td>
      <Table.Td className="figure">{format.size(document.size)}</Table.Td>
      <Table.Td className="figure">{format.moment(document.received_at)}</Table.Td>
      <Table.Td w={48}>
        <DownloadButton caseId={caseId} documentId={document.id} filename={filename} />
      </Table.Td>
    </Table.Tr>
  );
}
