import { Pagination } from "@mantine/core";
import { useI18n } from "../i18n";

type Props = { size: "xs" | "sm"; total: number; value: number; onChange: (page: number) => void };

/** Pages by their numbers, each of which says what it is to those who do not see where it stands. */
export function Pager({ size, total, value, onChange }: Props) {
  const { words } = useI18n();
  return (
    <Pagination
      size={size}
      aria-label={words.pager.pages}
      total={total}
      value={value}
      onChange={onChange}
      getItemProps={(page) => ({ "aria-label": words.pager.page(page) })}
      getControlProps={(control) => ({ "aria-label": words.pager[control] })}
    />
  );
}
