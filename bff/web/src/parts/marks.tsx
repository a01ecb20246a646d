import { Badge, ThemeIcon } from "@mantine/core";
import type { DocumentStatus, Reconciles, ApplicationStatus, Verdict } from "../api/contract";
import { useI18n } from "../i18n";
import { Icon, type IconName } from "./icon";

const STATUS: Record<ApplicationStatus, string> = {
  received: "gray",
  reading: "blue",
  needs_documents: "orange",
  in_review: "petrol",
  approved: "green",
  declined: "red",
  withdrawn: "gray",
};

const DOCUMENT: Record<DocumentStatus, string> = {
  queued: "gray",
  reading: "blue",
  read: "green",
  unreadable: "red",
};

const RECONCILES: Record<Reconciles, string> = {
  reconciles: "green",
  differs: "red",
  no_balance: "gray",
};

/** An answer's colour is never alone: each verdict has its own sign as well. */
export type Judgement = Verdict | "unanswered";

export const JUDGEMENT: Record<Judgement, { colour: string; icon: IconName }> = {
  bad: { colour: "red", icon: "cross" },
  watch: { colour: "orange", icon: "eye" },
  unanswered: { colour: "gray", icon: "question" },
  good: { colour: "green", icon: "check" },
  none: { colour: "gray", icon: "dot" },
};

function Mark({ colour, label }: { colour: string; label: string }) {
  return (
    <Badge variant="light" color={colour} tt="none" fw={550} miw="max-content" radius="sm">
      {label}
    </Badge>
  );
}

export function StatusMark({ status }: { status: ApplicationStatus }) {
  const { words } = useI18n();
  return <Mark colour={STATUS[status]} label={words.status[status]} />;
}

export function DocumentMark({ status }: { status: DocumentStatus }) {
  const { words } = useI18n();
  return <Mark colour={DOCUMENT[status]} label={words.documentStatus[status]} />;
}

export function ReconcilesMark({ state, label }: { state: Reconciles; label: string }) {
  return <Mark colour={RECONCILES[state]} label={label} />;
}

/** A value that something may still change. */
export function ProvisionalMark() {
  const { words } = useI18n();
  return <Mark colour="orange" label={words.answers.provisional} />;
}

export function AccountMark({ counted, label }: { counted: boolean; label: string }) {
  return <Mark colour={counted ? "gray" : "orange"} label={label} />;
}

export function JudgementMark({ judgement, label }: { judgement: Judgement; label?: string }) {
  const { colour, icon } = JUDGEMENT[judgement];
  return (
    <ThemeIcon
      variant="light"
      color={colour}
      size={22}
      radius="xl"
      {...(label ? { role: "img", "aria-label": label } : {})}
    >
      <Icon name={icon} size={14} />
    </ThemeIcon>
  );
}
