import { Badge } from "@mantine/core";
import { useI18n } from "../i18n";

/** What stands beside it is a test and nobody's work. */
export function Sandbox({ size = "xs" }: { size?: "xs" | "md" }) {
  const { words } = useI18n();
  return (
    <Badge size={size} color="orange" variant="light" title={words.inbox.sandboxHint}>
      {words.inbox.sandbox}
    </Badge>
  );
}
