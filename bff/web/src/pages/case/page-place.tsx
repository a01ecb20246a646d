import { Loader } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { Box } from "../../api/contract";
import { useI18n } from "../../i18n";
import { Failure } from "../../parts/failure";
import classes from "./evidence.module.css";
import { PlaceHead } from "./place-head";
import { usePage } from "./queries";

const MARGIN = 2; // points around the words, so that the frame does not touch them

type Props = { caseId: string; documentId: string; box: Box };

/** The page that a booking stands on, as it looks, with the booking marked. */
export function PagePlace({ caseId, documentId, box }: Props) {
  const { words } = useI18n();
  const { data, error, refetch } = usePage(caseId, documentId, box.page);
  const mark = useRef<HTMLElement>(null);
  useEffect(() => {
    if (data) mark.current?.scrollIntoView({ block: "center" });
  }, [data, box]);
  const label = data && words.evidence.page(box.page, data.pages);
  return (
    <section className={classes.place} aria-label={words.evidence.file}>
      {error && <Failure error={error} retry={refetch} />}
      {!data && !error && <Loader m="md" size="sm" />}
      {data && (
        <>
          <PlaceHead caseId={caseId} documentId={documentId} file={data}>
            {label}
          </PlaceHead>
          <div className={classes.sheet} tabIndex={0}>
            <figure className={classes.page}>
              <img
                src={data.image}
                alt={label}
                style={{ aspectRatio: `${data.width} / ${data.height}` }} // known before it is drawn
              />
              <mark
                ref={mark}
                style={{
                  left: share(box.left - MARGIN, data.width),
                  top: share(box.top - MARGIN, data.height),
                  width: share(box.right - box.left + 2 * MARGIN, data.width),
                  height: share(box.bottom - box.top + 2 * MARGIN, data.height),
                }}
              />
            </figure>
          </div>
        </>
      )}
    </section>
  );
}

function share(part: number, whole: number) {
  return `${(100 * part) / whole}%`;
}
