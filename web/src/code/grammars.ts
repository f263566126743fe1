import type { Extension } from '@codemirror/state';
import type { CodeLanguage } from './languages.ts';

/** The grammar of a language. Each is loaded with its first text. */
export async function grammarOf(language: CodeLanguage): Promise<Extension> {
  switch (language) {
    case 'json':
      return (await import('@codemirror/lang-json')).json();
    case 'python':
      return (await import('@codemirror/lang-python')).python();
    case 'template':
    case 'file':
      return [];
  }
}
