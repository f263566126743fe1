import type { CodeFault } from './code-fault.ts';
import type { CodeLanguage } from './languages.ts';

/** What a field for code shows, and what it tells. */
export interface CodeFieldProps {
  /** The name of the field. */
  readonly label: string;
  readonly value: string;
  /** Undefined: the text is only read. */
  readonly onChange?: ((value: string) => void) | undefined;
  readonly language: CodeLanguage;
  readonly placeholder?: string;
  /** What is wrong with the text, and where. */
  readonly faults?: readonly CodeFault[];
  /** Variables of a template that have no value. */
  readonly unknownVariables?: ReadonlySet<string>;
  /** Of the editor: its heights, as classes. It grows with the text. */
  readonly className?: string;
  /** Without a frame: what it stands in has one. */
  readonly isBare?: boolean;
}
