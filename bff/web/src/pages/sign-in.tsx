import { Alert, Button, Group, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { Refused } from "../api/client";
import type { Language } from "../api/contract";
import { SIGN_IN_DRAFT, useSignIn } from "../api/queries";
import { useDraft } from "../drafts";
import { useI18n } from "../i18n";
import type { Words } from "../i18n/en";
import { Brand } from "../parts/brand";
import { explain } from "../parts/failure";
import { LanguageSwitch } from "../parts/shell";

function complaint(error: unknown, words: Words): string {
  const status = error instanceof Refused ? error.status : undefined;
  if (status === 401) return words.signIn.wrong;
  if (status === 429) return words.signIn.throttled;
  return explain(error, words);
}

export function SignInPage() {
  const { words } = useI18n();
  const [email, setEmail] = useDraft(SIGN_IN_DRAFT, "");
  const [password, setPassword] = useState(""); // a password is never written anywhere
  const [chosen, choose] = useState<Language>();
  const signIn = useSignIn();
  return (
    <Stack align="center" justify="center" mih="100vh" gap="lg" component="main">
      <Stack align="center" gap={4}>
        <Brand />
        <Text size="sm" c="dimmed">
          {words.signIn.lead}
        </Text>
      </Stack>
      <Paper withBorder p="xl" radius="md" w={380}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            signIn.mutate({ email, password, chosen });
          }}
        >
          <Stack gap="sm">
            <Title order={1} size="h4">
              {words.signIn.title}
            </Title>
            {signIn.error && (
              <Alert color="red" variant="light" p="xs" role="alert">
                {complaint(signIn.error, words)}
              </Alert>
            )}
            <TextInput
              label={words.signIn.email}
              type="email"
              autoComplete="username"
              required
              withAsterisk={false}
              autoFocus
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <PasswordInput
              label={words.signIn.password}
              autoComplete="current-password"
              required
              withAsterisk={false}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            <Button type="submit" loading={signIn.isPending} mt="xs">
              {words.signIn.submit}
            </Button>
          </Stack>
        </form>
      </Paper>
      <Group>
        <LanguageSwitch onChoose={choose} />
      </Group>
    </Stack>
  );
}
