import { Group, Loader, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import { type Place, useEvidence } from "../../api/queries";
import { useI18n } from "../../i18n";
import { Failure } from "../../parts/failure";
import { isOneLine, laidOut } from "../../parts/xml";
import { DownloadButton } from "./download";
import classes from "./evidence.module.css";

type Props = { caseId: string; place: Place | undefined };

/** The bytes of the file that a booking rests on, marked between what stands around them. */
export function FilePlace({ caseId, place }: Props) {
  const { words, format } = useI18n();
  const bytes = place && { document_id: place.document_id, start: place.start, end: place.end };
  const { data, error, refetch } = useEvidence(caseId, bytes);
  const mark = useRef<HTMLElement>(null);
  useEffect(() => {
    if (data) mark.current?.scrollIntoView({ block: "nearest" });
  }, [data]);
  if (!place) return null;
  const broken = data !== undefined && isOneLine(data.text);
  const lay = (text: string) => (broken ? laidOut(text.trim()) : text);
  return (
    <section className={classes.place} aria-label={words.evidence.file}>
      {error && <Failure error={error} retry={refetch} />}
      {!data && !error && <Loader m="md" size="sm" />}
      {data && (
        <>
          <Group gap="md" px={20} pt={10} wrap="nowrap" align="flex-start">
            <div style={{ minWidth: 0 }}>
              <Text size="sm" fw={550} truncate>
                {data.filename}
              </Text>
              <Text size="xs" c="dimmed" className="figure">
                {words.evidence.place(format.count(data.start), format.count(data.end))}
                {broken && ` · ${words.evidence.laidOut}`}
              </Text>
              <Text size="xs" c="dimmed" truncate title={data.sha256}>
                {words.evidence.fingerprint} {data.sha256}
              </Text>
            </div>
            <div style={{ marginLeft: "auto" }}>
              <DownloadButton
                caseId={caseId}
                documentId={place.document_id}
                filename={data.filename}
              />
            </div>
          </Group>
          <pre className={classes.source} tabIndex={0}>
            {lay(data.before)}
            {broken && "\n"}
            <mark ref={mark}>{lay(data.text)}</mark>
            {broken && "\n"}
            {lay(data.after)}
          </pre>
        </>
      )}
    </section>
  );
}
