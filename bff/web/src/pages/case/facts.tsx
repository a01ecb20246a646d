import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import type { Case, Decision } from "../../api/contract";
import { type I18n, useI18n } from "../../i18n";
import classes from "./case.module.css";

export type Fact = [label: string, value: string | null];

/** What the partner said of the application, and the applicant of itself. */
export function factsOf({ application }: Case, { words, format }: I18n) {
  const { declared } = application;
  const register = [application.register_court, application.register_number].filter(Boolean);
  const said: Fact[] = [
    [words.facts.legalForm, application.legal_form],
    [words.facts.register, register.join(" ") || null],
    [words.facts.vatId, application.vat_id],
    [words.facts.lei, application.lei],
    [words.facts.country, format.country(application.country)],
    [words.facts.purpose, application.purpose],
    [words.facts.propertyAddress, application.property_address],
    [
      words.facts.propertyValue,
      application.property_value && format.money(application.property_value),
    ],
    [words.facts.reference, application.external_reference],
  ];
  const own: Fact[] = [
    [words.facts.revenue, declared.annual_revenue && format.money(declared.annual_revenue)],
    [
      words.facts.service,
      declared.monthly_debt_service && format.money(declared.monthly_debt_service),
    ],
    [
      words.facts.lenders,
      declared.existing_lenders &&
        (declared.existing_lenders.join(", ") || words.facts.noLenders),
    ],
  ];
  return { said, own };
}

/** What the applicant and the partner said, beside everything that was found. */
export function Facts({ shown }: { shown: Case }) {
  const i18n = useI18n();
  const { words, say } = i18n;
  const { said, own } = factsOf(shown, i18n);
  const missing = shown.answers.flatMap((answer) => answer.missing);
  const asked = [...new Map(missing.map((each) => [each.en, each])).values()];
  return (
    <Stack component="aside" gap="md" className={classes.facts}>
      {shown.decision && <Decided decision={shown.decision} />}
      {asked.length > 0 && (
        <Panel title={words.facts.missing}>
          <ul className={classes.missing}>
            {asked.map((each) => (
              <li key={each.en}>{say(each)}</li>
            ))}
          </ul>
        </Panel>
      )}
      <Panel title={words.facts.title} facts={said} />
      <Panel title={words.facts.declared} facts={own} />
    </Stack>
  );
}

function Decided({ decision }: { decision: Decision }) {
  const { words, format } = useI18n();
  const { outcome, reasons, note, decided_by, decided_at } = decision;
  return (
    <Panel title={words.decided[outcome]}>
      <ul className={classes.reasons}>
        {reasons.map((reason) => (
          <li key={reason}>{words.reason[reason]}</li>
        ))}
      </ul>
      {note && (
        <Text size="sm" className={classes.note}>
          {note}
        </Text>
      )}
      <Text size="xs" c="dimmed" mt={6}>
        {words.decision.by(decided_by, format.moment(decided_at))}
      </Text>
    </Panel>
  );
}

type PanelProps = { title: string; facts?: Fact[]; children?: ReactNode };

function Panel({ title, facts, children }: PanelProps) {
  const told = facts?.filter(([, value]) => value) ?? [];
  if (facts && told.length === 0) return null;
  return (
    <section className="panel" style={{ padding: "12px 16px" }}>
      <Title order={2} size="h6" mb={8}>
        {title}
      </Title>
      {facts && (
        <Text size="sm" component="dl">
          {told.map(([label, value]) => (
            <FactLine key={label} label={label} value={value} />
          ))}
        </Text>
      )}
      {children}
    </section>
  );
}

function FactLine({ label, value }: { label: string; value: string | null }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </>
  );
}
