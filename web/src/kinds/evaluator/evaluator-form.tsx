import { CodeField } from '../../code/code-field.tsx';
import { type Faults, faultAt } from '../../editor/form/faults.ts';
import { FormContext } from '../../editor/form/form-context.ts';
import { Instructions } from '../../editor/form/instructions.tsx';
import { ModelFields } from '../../editor/form/model-fields.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Field } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import { AttributesField } from '../editor/attributes-field.tsx';
import type { EditedFields } from '../editor/use-fields.ts';
import type { EvaluatorFields, Judge, ReturnType } from './evaluator-fields.ts';
import { NumberFields } from './number-fields.tsx';
import { OptionRows } from './option-rows.tsx';

const judges: readonly { readonly value: Judge; readonly name: string }[] = [
  { value: 'python', name: 'Python code' },
  { value: 'llm', name: 'A model' },
  { value: 'human', name: 'People' },
  { value: 'external', name: 'Your own program' },
];

const aboutJudges: Readonly<Record<Judge, string>> = {
  python: 'The server runs a function on each log, in a sandbox.',
  llm: 'The server asks a model about each log.',
  human: 'Judgments are made in a review, or in your own product.',
  external: 'Your own program sends its judgments.',
};

const returns: readonly { readonly value: ReturnType; readonly name: string }[] = [
  { value: 'boolean', name: 'Yes or no' },
  { value: 'number', name: 'A number' },
  { value: 'select', name: 'One of some options' },
  { value: 'multi_select', name: 'Some of some options' },
  { value: 'text', name: 'A text' },
];

/** The fields of an evaluator. */
export function EvaluatorForm({
  edited,
  faults,
}: {
  readonly edited: EditedFields<EvaluatorFields>;
  readonly faults: Faults;
}) {
  const { version, fields, change } = edited;
  return (
    <div
      tabIndex={0}
      role="region"
      aria-label={`Configuration of ${version.name}`}
      className="@container min-h-0 min-w-0 flex-1 overflow-y-auto -outline-offset-2"
    >
      <div className="mx-auto grid max-w-190 gap-6 p-4">
        <div className="grid items-start gap-3 @md:grid-cols-2">
          <Field label="Who judges" hint={aboutJudges[fields.judge]}>
            {(attributes) => (
              <Select
                {...attributes}
                value={fields.judge}
                choices={judges}
                onChange={(judge) => change({ judge })}
              />
            )}
          </Field>
          <Field label="A judgment is" fault={faultAt(faults, 'spec.return_type')}>
            {(attributes) => (
              <Select
                {...attributes}
                value={fields.returns}
                choices={returns}
                onChange={(next) => change({ returns: next })}
              />
            )}
          </Field>
        </div>
        {fields.returns === 'number' && <NumberFields fields={fields} onChange={change} />}
        {(fields.returns === 'select' || fields.returns === 'multi_select') && (
          <OptionRows
            options={fields.options}
            fault={faultAt(faults, 'spec.options')}
            onChange={(options) => change({ options })}
          />
        )}
        <Checkbox
          checked={fields.needsTarget}
          onChange={(needsTarget) => change({ needsTarget })}
          hint="It then judges runs on a dataset, and cannot monitor logs, which have no target."
        >
          It needs the target of a datapoint
        </Checkbox>
        <Way edited={edited} faults={faults} />
        <AttributesField
          label="Attributes"
          value={fields.attributes}
          onChange={(attributes) => change({ attributes })}
        />
      </div>
    </div>
  );
}

/** How it judges. */
function Way({
  edited: { fields, change },
  faults,
}: {
  readonly edited: EditedFields<EvaluatorFields>;
  readonly faults: Faults;
}) {
  switch (fields.judge) {
    case 'python': {
      const fault = faultAt(faults, 'spec.code');
      return (
        <section aria-labelledby="evaluator-code" className="grid gap-1.5">
          <h2 id="evaluator-code" className="font-medium">
            Code
          </h2>
          <p className="text-xs text-fg-3">
            The last function at the top level is called with the log, and with the testcase if it
            takes two. It returns the judgment, or None to abstain.
          </p>
          <CodeField
            label="Code"
            language="python"
            value={fields.code}
            className="max-h-[60vh] [&_.cm-content]:min-h-32"
            onChange={(code) => change({ code })}
          />
          {fault && <p className="text-xs text-err">{fault}</p>}
        </section>
      );
    }
    case 'llm':
      return (
        <FormContext
          value={{
            spec: fields.prompt,
            change: (prompt) => change({ prompt }),
            faults: inPrompt(faults),
            unknownVariables: none,
          }}
        >
          <section aria-labelledby="evaluator-model" className="grid gap-3">
            <h2 id="evaluator-model" className="font-medium">
              Model
            </h2>
            <ModelFields />
          </section>
          <Instructions />
          <p className="-mt-3 text-xs text-fg-3">
            {'{{log.output}}'}, {'{{log.inputs}}'} and the other fields of the log are filled in,
            and {'{{testcase.target}}'} where there is one.
          </p>
        </FormContext>
      );
    case 'human':
      return (
        <Field label="Instructions for whoever judges">
          {(attributes) => (
            <TextArea
              {...attributes}
              rows={5}
              value={fields.instructions}
              onChange={({ target }) => change({ instructions: target.value })}
            />
          )}
        </Field>
      );
    case 'external':
      return (
        <p className="text-fg-2">
          Your program judges, and sends each judgment with POST /v5/evaluators/log. The page About
          has the request.
        </p>
      );
  }
}

const none: ReadonlySet<string> = new Set();

/** The faults of the prompt, by their places in it. */
function inPrompt(faults: Faults): Faults {
  return new Map([...faults].map(([place, says]) => [place.replace(/^spec\.prompt\./, ''), says]));
}
