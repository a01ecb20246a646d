import { Loader } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useI18n } from "../../i18n";
import { Failure } from "../../parts/failure";
import { isOneLine, laidOut } from "../../parts/xml";
import classes from "./evidence.module.css";
import { PagePlace } from "./page-place";
import { PlaceHead } from "./place-head";
import { type Place, useEvidence } from "./queries";

type Props = { caseId: string; place: Place | undefined };

/** Where in the file a booking stands: marked on the page, or in the text where there are none. */
export function FilePlace({ caseId, place }: Props) {
  if (!place) return null;
  return place.box ? (
    <PagePlace caseId={caseId} documentId={place.document_id} box={place.box} />
  ) : (
    <BytePlace caseId={caseId} place={place} />
  );
}

/** The bytes of the file that a booking rests on, marked between what stands around them. */
function BytePlace({ caseId, place }: { caseId: string; place: Place }) {
  const { words, format } = useI18n();
  const { document_id, start, end } = place;
  const { data, error, refetch } = useEvidence(caseId, { document_id, start, end, box: null });
  const mark = useRef<HTMLElement>(null);
  useEffect(() => {
    if (data) mark.current?.scrollIntoView({ block: "nearest" });
  }, [data]);
  const broken = data !== undefined && isOneLine(data.text);
  const lay = (text: string) => (broken ? laidOut(text.trim()) : text);
  return (
    <section className={classes.place} aria-label={words.evidence.file}>
      {error && <Failure error={error} retry={refetch} />}
      {!data && !error && <Loader m="md" size="sm" />}
      {data && (
        <>
          <PlaceHead caseId={caseId} documentId={document_id} file={data}>
            {words.evidence.place(format.count(data.start), format.count(data.end))}
            {broken && ` · ${words.evidence.laidOut}`}
          </PlaceHead>
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
