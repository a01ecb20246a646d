import { CloseButton, Drawer, Group, Loader, Text, Title } from "@mantine/core";
import { useLocation, useSearchParams } from "react-router";
import type { Transaction } from "../../api/contract";
import { useI18n } from "../../i18n";
import { Failure } from "../../parts/failure";
import { Pager } from "../../parts/pager";
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
    <Drawer.Root opened={followed !== undefined} onClose={onClose} position="right" size="min(1560px, max(92vw, min(100vw, 720px)))">
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

/** Which page of bookings is open, and which booking: in the address, so that it can be shared. */
function usePlace() {
  const [params, setParams] = useSearchParams();
  const { state } = useLocation();
  const go = (name: string, value: string) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (name === "page") next.delete("booking");
        next.set(name, value);
        return next;
      },
      { replace: true, state },
    );
  return {
    page: Math.max(1, Number.parseInt(params.get("page") ?? "1", 10) || 1),
    turn: (page: number) => go("page", String(page)),
    booking: params.get("booking"),
    select: ({ id }: Transaction) => go("booking", id),
  };
}

type FollowingProps = { caseId: string; followed: Followed; onClose: () => void };

function Following({ caseId, followed, onClose }: FollowingProps) {
  const { words, format, say } = useI18n();
  const { page, turn, booking, select } = usePlace();
  const { data, error, refetch } = useTransactions(caseId, followed.basis.figure, page);
  const selected = data?.rows.find(({ id }) => id === booking) ?? data?.rows[0];
  return (
    <div className={classes.drawer}>
      <div className={classes.header}>
        <div>
          <Title order={2} size="h4">
            {say(followed.title)}
          </Title>
          {followed.because && <Text c="dimmed">{say(followed.because)}</Text>}
        </div>
        <CloseButton ml="auto" aria-label={words.evidence.close} onClick={onClose} />
      </div>
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
              <Pager
                size="xs"
                total={Math.ceil(data.total / data.per_page)}
                value={data.page}
                onChange={turn}
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
