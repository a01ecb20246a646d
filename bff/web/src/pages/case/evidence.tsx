import { CloseButton, Drawer, Group, Loader, Pagination, Text, Title } from "@mantine/core";
import { useEffect, useState } from "react";
import type { Transaction } from "../../api/contract";
import { useI18n } from "../../i18n";
import { Failure } from "../../parts/failure";
import classes from "./evidence.module.css";
import { FilePlace } from "./file-place";
import type { Followed } from "./page";
import { useTransactions } from "./queries";
import { TransactionTable } from "./transactions";

type Props = { caseId: string; followed: Followed | undefined; onClose: () => void };

/** From a number to its bookings, and from a booking to the very place in the file. */
export function EvidenceDrawer({ caseId, followed, onClose }: Props) {
  const { words } = useI18n();
  return (
    <Drawer.Root opened={followed !== undefined} onClose={onClose} position="right" size="min(1560px, 92vw)">
      <Drawer.Overlay backgroundOpacity={0.25} />
      <Drawer.Content aria-label={words.evidence.file}>
        <Drawer.Body p={0} h="100%">
          {followed && (
            <Following key={followed.basis.figure} caseId={caseId} followed={followed} onClose={onClose} />
          )}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

type FollowingProps = { caseId: string; followed: Followed; onClose: () => void };

function Following({ caseId, followed, onClose }: FollowingProps) {
  const { words, format, say } = useI18n();
  const [page, setPage] = useState(1);
  const [selected, select] = useState<Transaction>();
  const { data, error, refetch } = useTransactions(caseId, followed.basis.figure, page);
  useEffect(() => select(data?.rows[0]), [data]);
  return (
    <div className={classes.drawer}>
      <header className={classes.header}>
        <div>
          <Title order={2} size="h4">
            {say(followed.title)}
          </Title>
          {followed.because && <Text c="dimmed">{say(followed.because)}</Text>}
        </div>
        <CloseButton ml="auto" aria-label={words.evidence.close} onClick={onClose} />
      </header>
      <div className={classes.bookings}>
        <div className={classes.list}>
          {error && !data && <Failure error={error} retry={refetch} />}
          {!data && !error && <Loader m="xl" />}
          {data && <TransactionTable rows={data.rows} selected={selected} onSelect={select} />}
        </div>
        {data && (
          <Group className={classes.total} justify="space-between">
            <Text size="sm" c="dimmed">
              {words.evidence.total(format.count(data.total))} · {words.evidence.keys}
            </Text>
            {data.total > data.per_page && (
              <Pagination
                size="xs"
                aria-label={words.inbox.pages}
                total={Math.ceil(data.total / data.per_page)}
                value={page}
                onChange={setPage}
              />
            )}
            <Text size="sm" className="figure">
              {words.evidence.sum} <b>{format.money(followed.basis.sum)}</b>
            </Text>
          </Group>
        )}
      </div>
      <FilePlace caseId={caseId} place={selected} />
    </div>
  );
}
