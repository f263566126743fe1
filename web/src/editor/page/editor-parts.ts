import type { InputTexts } from '../run/inputs.ts';
import type { Column } from './use-column.ts';

/** What both layouts of the editor show. */
export interface EditorParts {
  readonly columns: readonly [Column] | readonly [Column, Column];
  readonly inputs: InputTexts;
  readonly onInputs: (inputs: InputTexts) => void;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly run: () => void;
  readonly stop: () => void;
  readonly forget: () => void;
  /** Whether the answers of two columns are shown by what differs. */
  readonly showsDifferences: boolean;
  readonly onDifferences: () => void;
}
