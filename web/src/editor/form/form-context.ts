import { createContext, useContext } from 'react';
import type { FieldName, Spec } from '../spec/spec.ts';
import { withField } from '../spec/spec.ts';
import { type Faults, faultAt, noFaults } from './faults.ts';

/** What the fields of the form show and change. */
export interface FormParts {
  readonly spec: Spec;
  readonly change: (spec: Spec) => void;
  readonly faults: Faults;
  /** Variables of the instructions that have no value in the inputs. */
  readonly unknownVariables: ReadonlySet<string>;
}

export const FormContext = createContext<FormParts>({
  spec: { kind: 'agent', model: '' },
  change: () => undefined,
  faults: noFaults,
  unknownVariables: new Set(),
});

export function useForm() {
  const parts = useContext(FormContext);
  return {
    ...parts,
    set: (name: FieldName, value: unknown) => parts.change(withField(parts.spec, name, value)),
    faultAt: (place: string) => faultAt(parts.faults, place),
  };
}
