import { EntryPage } from '../../session/entry-page.tsx';
import { Button } from '../../ui/button.tsx';
import { SecretBox } from '../../ui/secret-box.tsx';

/** The first key: shown once, with the call that makes the first log. */
export function FirstKeyStep({
  value,
  onDone,
}: {
  readonly value: string;
  readonly onDone: () => void;
}) {
  const body = JSON.stringify({
    path: 'Banking/Teller Agent',
    messages: [{ role: 'user', content: 'What is the balance of account ACC-4711?' }],
  });
  const command = [
    `curl ${location.origin}/v5/agents/call \\`,
    `  -H "X-API-KEY: ${value}" \\`,
    '  -H "Content-Type: application/json" \\',
    `  -d '${body}'`,
  ].join('\n');
  return (
    <EntryPage title="Your first API key" step={[2, 3]} isWide>
      <p className="text-fg-2">
        Programs call the API with it. It is shown only now: keep it where your programs keep
        secrets.
      </p>
      <SecretBox label="API key" text={value} />
      <SecretBox label="Try it: run the example agent" text={command} />
      <Button look="primary" onClick={onDone} className="h-8">
        I have kept it
      </Button>
    </EntryPage>
  );
}
