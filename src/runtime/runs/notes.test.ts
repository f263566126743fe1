import { expect, test } from 'vitest';
import { Notes } from './notes.ts';

test('a note is there once, and one that is a part of another is there too', () => {
  const notes = new Notes('Acme ignored top_p and seed.\n');
  notes.add(['Acme ignored top_p', 'Acme ignored top_p and seed.', 'Two lines,\nof one note.']);
  notes.add(['Acme ignored top_p', 'Two lines,\nof one note.', 'seed.']);
  expect(notes.text).toBe(
    'Acme ignored top_p and seed.\nAcme ignored top_p\nTwo lines,\nof one note.\nseed.\n',
  );
});

test('no notes are null', () => {
  expect(new Notes(null).text).toBeNull();
});
