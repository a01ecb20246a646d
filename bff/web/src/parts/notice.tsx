import { Affix, Notification } from "@mantine/core";
import { useI18n } from "../i18n";
import { explain } from "./failure";

type Props = { title: string; error: unknown; onClose: () => void };

/** Says that what was clicked did not come about, over whatever the page shows. */
export function Notice({ title, error, onClose }: Props) {
  const { words } = useI18n();
  return (
    <Affix position={{ bottom: 16, right: 16 }}>
      <Notification
        role="alert"
        color="red"
        withBorder
        maw={420}
        title={title}
        onClose={onClose}
        closeButtonProps={{ "aria-label": words.documents.dismiss }}
      >
        {explain(error, words)}
      </Notification>
    </Affix>
  );
}
