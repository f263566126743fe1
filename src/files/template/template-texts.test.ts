import { expect, test } from 'vitest';
import type { ChatMessage } from '../../contract/chat.ts';
import { renderTemplate, templateVariables } from './template.ts';

const showing = (url: string): ChatMessage[] => [
  {
    role: 'user',
    content: [
      { type: 'text', text: 'A {{thing}}?' },
      { type: 'image_url', image_url: { url, detail: 'low' } },
      { type: 'text', text: 'Or {{thing}}s?' },
    ],
  },
];

test.each(['default', 'jinja'] as const)(
  'the URL of an image may be a variable: %s',
  async (language) => {
    const inputs = { thing: 'cat', photo: 'https://example.com/cat.png' };
    expect(await renderTemplate(showing('{{photo}}'), language, inputs)).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'A cat?' },
          { type: 'image_url', image_url: { url: inputs.photo, detail: 'low' } },
          { type: 'text', text: 'Or cats?' },
        ],
      },
    ]);
    expect(templateVariables(showing('{{photo}}'), language)).toEqual(['thing', 'photo']);
  },
);

test('an image whose variable is missing is refused at its place', async () => {
  await expect(renderTemplate(showing('{{photo}}'), 'default', { thing: 'cat' })).rejects.toThrow(
    expect.objectContaining({
      faults: [expect.objectContaining({ loc: ['body', 'inputs', 'photo'] })],
    }),
  );
});

test('an image without a variable stays as it is', async () => {
  const [message] = await renderTemplate(showing('data:image/png;base64,AA=='), 'default', {
    thing: 'cat',
  });
  expect(message?.content).toContainEqual({
    type: 'image_url',
    image_url: { url: 'data:image/png;base64,AA==', detail: 'low' },
  });
});
