import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon";

type Props = { icon: IconName; title: string; hint?: string; children?: ReactNode };

/** Nothing is here, and what would change that. */
export function Empty({ icon, title, hint, children }: Props) {
  return (
    <Stack align="center" gap={6} py={56} c="dimmed">
      <Icon name={icon} size={28} />
      <Text fw={500} size="md" c="var(--mantine-color-text)">
        {title}
      </Text>
      {hint && (
        <Text size="sm" ta="center" maw={420}>
          {hint}
        </Text>
      )}
      {children}
    </Stack>
  );
}
