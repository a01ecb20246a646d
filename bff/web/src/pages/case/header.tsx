import { ActionIcon, Button, Group, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link } from "react-router";
import type { Case } from "../../api/contract";
import { useI18n } from "../../i18n";
import { Icon } from "../../parts/icon";
import { StatusMark } from "../../parts/marks";
import { Sandbox } from "../../parts/sandbox";
import { inboxAddress } from "../inbox/address";
import classes from "./case.module.css";
import { DecisionDialog } from "./decision";
import { ReportButton } from "./download";

export function CaseHeader({ shown }: { shown: Case }) {
  const { words, format } = useI18n();
  const [deciding, dialog] = useDisclosure(false);
  const { application } = shown;
  return (
    <div className={classes.header}>
      <ActionIcon
        component={Link}
        to={inboxAddress(application.sandbox)}
        variant="subtle"
        color="gray"
        aria-label={words.case.back}
        title={words.case.back}
      >
        <Icon name="left" />
      </ActionIcon>
      <div>
        <Group gap="sm">
          <Title order={1} size="h3" lineClamp={1}>
            {application.legal_name}
          </Title>
          <StatusMark status={application.status} />
          {application.sandbox && <Sandbox size="md" />}
        </Group>
        <Text size="sm" c="dimmed">
          {[
            words.product[application.product],
            application.external_reference,
            application.partner ? words.case.via(application.partner) : words.case.direct,
            words.case.received(format.moment(application.received_at)),
          ]
            .filter(Boolean)
            .join(" · ")}
        </Text>
      </div>
      <div className={`figure ${classes.asked}`}>
        <Text size="lg" fw={600}>
          {format.money(application.amount)}
        </Text>
        <Text size="sm" c="dimmed">
          {words.case.over(application.term_months)}
        </Text>
      </div>
      <ReportButton shown={shown} />
      {shown.may_decide && <Button onClick={dialog.open}>{words.decision.decide}</Button>}
      <DecisionDialog shown={shown} opened={deciding} onClose={dialog.close} />
    </div>
  );
}
