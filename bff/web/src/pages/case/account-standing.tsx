import { Alert, Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { Refused } from "../../api/client";
import type { Account, Case } from "../../api/contract";
import { useI18n } from "../../i18n";
import type { Words } from "../../i18n/en";
import { explain } from "../../parts/failure";
import { AccountMark } from "../../parts/marks";
import { useRule } from "./queries";

type Action = "letIn" | "keepOut";
type Props = { shown: Case; account: Account };

/** Whose an account is, where it is not the applicant's, and what was said of it. */
export function AccountStanding({ shown, account }: Props) {
  const { words, format } = useI18n();
  const [action, setAction] = useState<Action>();
  const { ownership, counted, ruling } = account;
  if (ownership === "applicant") return null;
  const another = ownership === "another";
  return (
    <Group gap={8} mb={6}>
      <AccountMark counted={counted} label={words.accounts.ownership[ownership]} />
      {another && <Text size="sm">{words.accounts[counted ? "letIn" : "leftOut"]}</Text>}
      {ruling && (
        <Text size="xs" c="dimmed">
          {words.accounts.ruled(ruling.by, format.moment(ruling.at), ruling.reason)}
        </Text>
      )}
      {another && shown.may_rule && (
        <Actions shown={shown} account={account} onChoose={setAction} />
      )}
      {action && (
        <RulingDialog
          shown={shown}
          account={account}
          action={action}
          onClose={() => setAction(undefined)}
        />
      )}
    </Group>
  );
}

function Actions({ shown, account, onChoose }: Props & { onChoose: (action: Action) => void }) {
  const { words } = useI18n();
  const rule = useRule(shown.application.id, shown.revision);
  if (account.ruling) {
    const takeBack = () => rule.mutate({ account: account.number, counted: null });
    return (
      <>
        <Button size="compact-xs" variant="light" loading={rule.isPending} onClick={takeBack}>
          {words.accounts.actions.takeBack}
        </Button>
        {rule.error && (
          <Text size="sm" c="red" role="alert">
            {complaint(rule.error, words)}
          </Text>
        )}
      </>
    );
  }
  return (["letIn", "keepOut"] as const).map((action) => (
    <Button key={action} size="compact-xs" variant="light" onClick={() => onChoose(action)}>
      {words.accounts.actions[action]}
    </Button>
  ));
}

function complaint(error: unknown, words: Words): string {
  const changed = error instanceof Refused && error.code === "case_changed";
  return changed ? words.accounts.changed : explain(error, words);
}

type DialogProps = Props & { action: Action; onClose: () => void };

function RulingDialog({ shown, account, action, onClose }: DialogProps) {
  const { words } = useI18n();
  const [seen] = useState(shown.revision); // when it opened, while the page goes on with the case
  const rule = useRule(shown.application.id, seen);
  const [reason, setReason] = useState("");
  const [complained, setComplained] = useState(false);
  const said = { account: account.number, counted: action === "letIn", reason };
  return (
    <Modal
      opened
      onClose={onClose}
      title={<b>{words.accounts.title[action]}</b>}
      closeButtonProps={{ "aria-label": words.evidence.close }}
      attributes={{ header: { role: "presentation" } }} // the page has a banner of its own
      centered
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.trim() === "") setComplained(true);
          else rule.mutate(said, { onSuccess: onClose });
        }}
      >
        <Stack gap="md">
          <Text size="sm">{account.holder}</Text>
          <Text size="sm" c="dimmed">
            {words.accounts.hint}
          </Text>
          <Textarea
            label={words.accounts.reason}
            autosize
            minRows={3}
            maxLength={2000}
            value={reason}
            error={complained && reason.trim() === "" ? words.accounts.needReason : undefined}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {rule.error && (
            <Alert color="red" role="alert">
              {complaint(rule.error, words)}
            </Alert>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="subtle" color="gray" onClick={onClose}>
              {words.accounts.cancel}
            </Button>
            <Button type="submit" loading={rule.isPending}>
              {words.accounts.actions[action]}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
