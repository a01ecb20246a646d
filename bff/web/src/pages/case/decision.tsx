import { Alert, Button, Checkbox, Group, List, Modal, SegmentedControl, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { Refused } from "../../api/client";
import type { Case, Outcome } from "../../api/contract";
import { type Ruling, useDecide } from "../../api/queries";
import { useDraft } from "../../drafts";
import { useI18n } from "../../i18n";
import { explain } from "../../parts/failure";

const EMPTY: Ruling = { outcome: "approved", reasons: [], note: "" };

type Props = { shown: Case; opened: boolean; onClose: () => void };

/** Two steps, because a decision is final: say it, then look at it once more. */
export function DecisionDialog({ shown, opened, onClose }: Props) {
  const { words } = useI18n();
  const [ruling, setRuling, forget] = useDraft(`decision.${shown.application.id}`, EMPTY);
  const [confirming, setConfirming] = useState(false);
  const close = () => {
    setConfirming(false);
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title={words.decision.title} size="lg" centered>
      {confirming ? (
        <Confirmation
          shown={shown}
          ruling={ruling}
          onChange={() => setConfirming(false)}
          onDone={() => {
            forget();
            close();
          }}
        />
      ) : (
        <RulingForm
          shown={shown}
          ruling={ruling}
          onChange={setRuling}
          onCancel={close}
          onReview={() => setConfirming(true)}
        />
      )}
    </Modal>
  );
}

type FormProps = {
  shown: Case;
  ruling: Ruling;
  onChange: (ruling: Ruling) => void;
  onCancel: () => void;
  onReview: () => void;
};

function RulingForm({ shown, ruling, onChange, onCancel, onReview }: FormProps) {
  const { words, say } = useI18n();
  const [complained, setComplained] = useState(false);
  const reasons = shown.reasons.filter(({ outcome }) => outcome === ruling.outcome);
  const lacksReason = ruling.reasons.length === 0;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (lacksReason) setComplained(true);
        else onReview();
      }}
    >
      <Stack gap="md">
        <SegmentedControl
          fullWidth
          aria-label={words.decision.outcome}
          value={ruling.outcome}
          color={ruling.outcome === "approved" ? "green.8" : "red.8"}
          onChange={(next) => onChange({ ...ruling, outcome: next as Outcome, reasons: [] })}
          data={[
            { value: "approved", label: words.outcome.approved },
            { value: "declined", label: words.outcome.declined },
          ]}
        />
        <Checkbox.Group
          label={words.decision.reasons}
          error={complained && lacksReason ? words.decision.needReason : undefined}
          value={ruling.reasons}
          onChange={(next) => onChange({ ...ruling, reasons: next })}
        >
          <Stack gap={8} my={8}>
            {reasons.map(({ id, text }) => (
              <Checkbox key={id} value={id} label={say(text)} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Textarea
          label={words.decision.note}
          placeholder={words.decision.noteHint}
          autosize
          minRows={3}
          maxRows={8}
          maxLength={4000}
          value={ruling.note}
          onChange={(event) => onChange({ ...ruling, note: event.currentTarget.value })}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="subtle" color="gray" onClick={onCancel}>
            {words.decision.cancel}
          </Button>
          <Button type="submit">{words.decision.review}</Button>
        </Group>
      </Stack>
    </form>
  );
}

type ConfirmationProps = {
  shown: Case;
  ruling: Ruling;
  onChange: () => void;
  onDone: () => void;
};

function Confirmation({ shown, ruling, onChange, onDone }: ConfirmationProps) {
  const { words, format, say } = useI18n();
  const decide = useDecide(shown.application.id);
  const { legal_name, amount } = shown.application;
  const colour = ruling.outcome === "approved" ? "green.8" : "red.8";
  const decidedAlready = decide.error instanceof Refused && decide.error.status === 409;
  return (
    <Stack gap="md">
      <div>
        <Text fw={600} c={colour}>
          {words.outcome[ruling.outcome]}
        </Text>
        <Text size="lg">{words.decision.confirmTitle(legal_name, format.money(amount))}</Text>
      </div>
      <List size="sm">
        {shown.reasons
          .filter(({ id }) => ruling.reasons.includes(id))
          .map(({ id, text }) => (
            <List.Item key={id}>{say(text)}</List.Item>
          ))}
      </List>
      {ruling.note && (
        <Text size="sm" c="dimmed" style={{ whiteSpace: "pre-wrap" }}>
          {ruling.note}
        </Text>
      )}
      <Text size="sm">{words.decision.confirmHint}</Text>
      {decide.error && (
        <Alert color="red" variant="light" role="alert">
          {decidedAlready ? words.decision.superseded : explain(decide.error, words)}
        </Alert>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="subtle" color="gray" onClick={onChange}>
          {words.decision.change}
        </Button>
        <Button
          color={colour}
          data-autofocus
          loading={decide.isPending}
          onClick={() => decide.mutate(ruling, { onSuccess: onDone })}
        >
          {words.decision.confirm[ruling.outcome]}
        </Button>
      </Group>
    </Stack>
  );
}
