import { Group, Stack, Text, Title, UnstyledButton } from "@mantine/core";
import type { Answer, Case } from "../../api/contract";
import { useI18n } from "../../i18n";
import { Empty } from "../../parts/empty";
import { Icon } from "../../parts/icon";
import { type Judgement, JudgementMark, ProvisionalMark } from "../../parts/marks";
import classes from "./case.module.css";
import type { Follow } from "./page";
import { Reservations } from "./reservations";
import { restsOn } from "./rests-on";

/** What wants a look comes first. */
const ORDER: Judgement[] = ["bad", "watch", "unanswered", "good", "none"];

const judgementOf = ({ state, verdict }: Answer): Judgement =>
  state === "not_answerable" ? "unanswered" : verdict;

type Props = { shown: Case; onFollow: Follow };

export function Answers({ shown, onFollow }: Props) {
  const { words, format } = useI18n();
  if (shown.answers.length === 0) return <NoAnswers shown={shown} />;
  return (
    <Stack gap="lg">
      {ORDER.map((judgement) => {
        const group = shown.answers.filter((answer) => judgementOf(answer) === judgement);
        if (group.length === 0) return null;
        return (
          <section key={judgement} aria-label={words.answers.groups[judgement]}>
            <Group gap={6} mb={6}>
              <Title order={2} size="h6">
                {words.answers.groups[judgement]}
              </Title>
              <Text size="sm" c="dimmed">
                {group.length}
              </Text>
            </Group>
            <div className="panel">
              {group.map((answer) => (
                <AnswerRow key={answer.question} answer={answer} onFollow={onFollow} />
              ))}
            </div>
          </section>
        );
      })}
      <Text size="xs" c="dimmed">
        {shown.window
          ? words.case.window(format.day(shown.window.starts_on), format.day(shown.window.ends_on))
          : words.case.noWindow}
      </Text>
    </Stack>
  );
}

type RowProps = { answer: Answer; onFollow: Follow };

function AnswerRow({ answer, onFollow }: RowProps) {
  const { words } = useI18n();
  const { basis } = answer;
  if (!basis || !restsOn(basis, words)) {
    return (
      <div className={classes.answer}>
        <AnswerText answer={answer} />
      </div>
    );
  }
  return (
    <UnstyledButton
      className={classes.answer}
      onClick={() => onFollow("answer", answer.question, basis)}
    >
      <AnswerText answer={answer} />
    </UnstyledButton>
  );
}

function AnswerText({ answer }: { answer: Answer }) {
  const { words, format, say } = useI18n();
  const judgement = judgementOf(answer);
  const support = restsOn(answer.basis, words);
  const label = judgement === "unanswered" ? undefined : words.verdict[judgement];
  return (
    <>
      <JudgementMark judgement={judgement} {...(label ? { label } : {})} />
      <div>
        <Text size="md" fw={500}>
          {say(answer.wording)} {answer.provisional && <ProvisionalMark />}
        </Text>
        <Text size="sm" c="dimmed">
          {say(answer.because)}
        </Text>
        <Reservations of={answer.reservations} />
        {answer.missing.length > 0 && (
          <ul className={classes.missing} aria-label={words.answers.missing}>
            {answer.missing.map((each) => (
              <li key={each.en}>{say(each)}</li>
            ))}
          </ul>
        )}
      </div>
      <Text className="figure" size="md" fw={600}>
        {answer.value && format.value(answer.value)}
      </Text>
      <Text className="figure" size="xs" c="dimmed" ta="right">
        {support}
      </Text>
      {support && <Icon name="right" />}
    </>
  );
}

function NoAnswers({ shown }: { shown: Case }) {
  const { words } = useI18n();
  const hint = shown.document_count
    ? words.answers.emptyReading
    : words.answers.emptyDocuments;
  return (
    <div className="panel">
      <Empty icon="question" title={words.answers.empty} hint={hint} />
    </div>
  );
}
