import { Alert, Button, Checkbox, Group, List, Modal, SegmentedControl, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { Refused } from "../../api/client";
import type { Case, DecisionOutcome, DecisionReason } from "../../api/contract";
import { useDraft } from "../../drafts";
import { useI18n } from "../../i18n";
import type { Words } from "../../i18n/en";
import { explain } from "../../parts/failure";
import { CaseChanged } from "./changes";
import { type Ruling, useDecide } from "./queries";

/** Nothing is chosen beforehand: neither outcome should be the one that happens by itself. */
type Draft = Omit<Ruling, "outcome"> & { outcome: DecisionOutcome | null };
const EMPTY: Draft = { outcome: null, reasons: [], note: "" };
const COLOUR: Record<DecisionOutcome, string> = { approved: "green.8", declined: "red.8" };

type Props = { shown: Case; opened: boolean; onClose: () => void };

/** Two steps, because a decision is final: say it, then look at it once more. */
export function DecisionDialog({ shown, opened, onClose }: Props) {
  const { words } = useI18n();
  const [ruling, setRuling, forget] = useDraft(`decision.${shown.application.id}`, EMPTY);
  const [confirming, setConfirming] = useState(false);
  const seen = useSeen(shown, opened);
  const close = () => {
    setConfirming(false);
    onClose();
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={<b>{words.decision.title}</b>}
      closeButtonProps={{ "aria-label": words.evidence.close }}
      attributes={{ header: { role: "presentation" } }} // the page has a banner of its own
      size="lg"
      centered
    >
      {seen.moved && <CaseChanged before={seen.case} after={shown} onAccept={seen.accept} />}
      {confirming && ruling.outcome ? (
        <Confirmation
          key={seen.case.revision}
          shown={seen.case}
          moved={seen.moved}
          ruling={{ ...ruling, outcome: ruling.outcome }}
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

/** The case as the person was shown it when the dialog opened, while the page goes on with it. */
function useSeen(shown: Case, opened: boolean) {
  const [seen, setSeen] = useState<Case>();
  if (opened && !seen) setSeen(shown);
  if (!opened && seen) setSeen(undefined);
  const current = seen ?? shown;
  const moved = current.revision !== shown.revision && !shown.decision;
  return { case: current, moved, accept: () => setSeen(shown) };
}

type FormProps = {
  shown: Case;
  ruling: Draft;
  onChange: (ruling: Draft) => void;
  onCancel: () => void;
  onReview: () => void;
};

function RulingForm({ shown, ruling, onChange, onCancel, onReview }: FormProps) {
  const { words } = useI18n();
  const [complained, setComplained] = useState(false);
  const lacksReason = ruling.reasons.length === 0;
  const lacksNote = ruling.reasons.includes("other") && ruling.note.trim() === "";
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!ruling.outcome || lacksReason || lacksNote) setComplained(true);
        else onReview();
      }}
    >
      <Stack gap="md">
        <SegmentedControl
          fullWidth
          aria-label={words.decision.outcome}
          value={ruling.outcome ?? ""}
          {...(ruling.outcome && { color: COLOUR[ruling.outcome] })}
          onChange={(next) => {
            setComplained(false);
            onChange({ ...ruling, outcome: next as DecisionOutcome, reasons: [] });
          }}
          data={[
            { value: "approved", label: words.outcome.approved },
            { value: "declined", label: words.outcome.declined },
          ]}
        />
        {complained && !ruling.outcome && (
          <Text size="xs" c="red" role="alert">
            {words.decision.needOutcome}
          </Text>
        )}
        {ruling.outcome && (
          <Checkbox.Group
            label={words.decision.reasons}
            error={complained && lacksReason ? words.decision.needReason : undefined}
            value={ruling.reasons}
            onChange={(next) => onChange({ ...ruling, reasons: next as DecisionReason[] })}
          >
            <Stack gap={8} my={8}>
              {shown.reasons[ruling.outcome].map((reason) => (
                <Checkbox key={reason} value={reason} label={words.reason[reason]} />
              ))}
            </Stack>
          </Checkbox.Group>
        )}
        <Textarea
          label={words.decision.note}
          placeholder={words.decision.noteHint}
          autosize
          minRows={3}
          maxRows={8}
          maxLength={2000}
          error={complained && lacksNote ? words.decision.needNote : undefined}
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

function complaint(error: unknown, words: Words): string {
  const code = error instanceof Refused ? error.code : "";
  if (code === "application_closed") return words.decision.superseded;
  if (code === "case_changed") return words.changed.title;
  if (code === "not_ready") return words.decision.notReady;
  return explain(error, words);
}

type ConfirmationProps = {
  shown: Case;
  moved: boolean;
  ruling: Ruling;
  onChange: () => void;
  onDone: () => void;
};

function Confirmation({ shown, moved, ruling, onChange, onDone }: ConfirmationProps) {
  const { words, format } = useI18n();
  const decide = useDecide(shown.application.id, shown.revision);
  const { legal_name, amount } = shown.application;
  const colour = COLOUR[ruling.outcome];
  return (
    <Stack gap="md">
      <div>
        <Text fw={600} c={colour}>
          {words.outcome[ruling.outcome]}
        </Text>
        <Text size="lg">{words.decision.confirmTitle(legal_name, format.money(amount))}</Text>
      </div>
      <List size="sm">
        {ruling.reasons.map((reason) => (
          <List.Item key={reason}>{words.reason[reason]}</List.Item>
        ))}
      </List>
      {ruling.note && (
        <Text size="sm" c="dimmed" style={{ whiteSpace: "pre-wrap" }}>
          {ruling.note}
        </Text>
      )}
      <Text size="sm">{words.decision.confirmHint}</Text>
      {decide.error && !moved && (
        <Alert color="red" variant="light" role="alert">
          {complaint(decide.error, words)}
        </Alert>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="subtle" color="gray" onClick={onChange}>
          {words.decision.change}
        </Button>
        <Button
          color={colour}
          data-autofocus
          disabled={moved}
          loading={decide.isPending}
          onClick={() => decide.mutate(ruling, { onSuccess: onDone })}
        >
          {words.decision.confirm[ruling.outcome]}
        </Button>
      </Group>
    </Stack>
  );
}
