import {
  ActionIcon,
  Button,
  Group,
  Menu,
  SegmentedControl,
  Text,
  useComputedColorScheme,
  useMantineColorScheme,
} from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import { Link, NavLink } from "react-router";
import type { Language, Person } from "../api/contract";
import { useSignOut, useSpeak } from "../api/queries";
import { useI18n } from "../i18n";
import type { Page } from "../pages";
import { Brand } from "./brand";
import { Connection } from "./connection";
import { Icon } from "./icon";
import { Notice } from "./notice";
import classes from "./shell.module.css";

type Props = { person: Person; pages: Page[]; children: ReactNode };

export function Shell({ person, pages, children }: Props) {
  const { words, choose } = useI18n();
  const speak = useSpeak();
  useEffect(() => choose(person.locale), [choose, person.locale]);
  return (
    <>
      <a href="#content" className="skip">
        {words.shell.skipToContent}
      </a>
      <header className={classes.header}>
        <Link to="/" aria-label={`Beleg, ${words.inbox.title}`} className={classes.home}>
          <Brand />
        </Link>
        <Navigation pages={pages} person={person} />
        <Group gap="xs" ml="auto">
          <LanguageSwitch onChoose={speak.mutate} />
          <ColourSwitch />
          <PersonMenu person={person} />
        </Group>
      </header>
      <Connection />
      <main id="content" tabIndex={-1} className={classes.content}>
        {children}
      </main>
    </>
  );
}

function Navigation({ pages, person }: { pages: Page[]; person: Person }) {
  const { words } = useI18n();
  const linked = pages.filter(({ link }) => link && person.permissions.includes(link.permission));
  if (linked.length < 2) return null; // the brand leads to the only one
  return (
    <nav aria-label={words.shell.pages} className={classes.pages}>
      {linked.map(({ path, link }) => (
        <NavLink key={path} to={path} end={path === "/"}>
          {link?.label(words)}
        </NavLink>
      ))}
    </nav>
  );
}

export function LanguageSwitch({ onChoose }: { onChoose?: (language: Language) => void }) {
  const { language, choose, words } = useI18n();
  return (
    <SegmentedControl
      size="xs"
      aria-label={words.shell.language}
      value={language}
      onChange={(next) => {
        choose(next as Language);
        onChoose?.(next as Language);
      }}
      data={[
        { value: "en", label: <abbr title={words.languages.en}>EN</abbr> },
        { value: "de", label: <abbr title={words.languages.de}>DE</abbr> },
      ]}
      classNames={{ label: classes.language }}
    />
  );
}

function ColourSwitch() {
  const { words } = useI18n();
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme("light") === "dark";
  const label = dark ? words.shell.light : words.shell.dark;
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={label}
      title={label}
      onClick={() => setColorScheme(dark ? "light" : "dark")}
    >
      <Icon name={dark ? "sun" : "moon"} />
    </ActionIcon>
  );
}

function PersonMenu({ person }: { person: Person }) {
  const { words } = useI18n();
  const signOut = useSignOut();
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <Button variant="subtle" color="gray" size="sm" rightSection={<Icon name="down" />}>
            {person.name}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            <Text size="xs" truncate>
              {person.email}
            </Text>
          </Menu.Label>
          <Menu.Item onClick={() => signOut.mutate()}>{words.shell.signOut}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {signOut.error && (
        <Notice title={words.failure.signedIn} error={signOut.error} onClose={signOut.reset} />
      )}
    </>
  );
}
