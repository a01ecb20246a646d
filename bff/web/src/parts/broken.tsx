import { Alert, Button, Text } from "@mantine/core";
import { Component, type ReactNode } from "react";
import { useI18n } from "../i18n";

type Props = { children: ReactNode };

/** Shows that a page failed in its place, rather than nothing at all; `src/watch.js` tells of it. */
export class Unbroken extends Component<Props, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override componentDidCatch() {
    dispatchEvent(new Event("beleg:broken"));
  }

  override render() {
    return this.state.broken ? <Broken /> : this.props.children;
  }
}

function Broken() {
  const { words } = useI18n();
  return (
    <Alert color="red" variant="light" role="alert" title={words.failure.title} maw={560} mx="auto" my="xl">
      <Text size="sm">{words.failure.broken}</Text>
      <Button mt="sm" size="xs" variant="light" color="red" onClick={() => location.reload()}>
        {words.failure.reloadPage}
      </Button>
    </Alert>
  );
}
