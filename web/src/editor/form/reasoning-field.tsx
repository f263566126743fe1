import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { Select } from '../../ui/select.tsx';
import { useForm } from './form-context.ts';

const choices = [
  { value: '', name: 'Default' },
  { value: 'low', name: 'Low' },
  { value: 'medium', name: 'Medium' },
  { value: 'high', name: 'High' },
  { value: 'tokens', name: 'Tokens…' },
] as const;

/** How much the model thinks: a word, or a number of tokens. */
export function ReasoningField() {
  const { spec, set, faultAt } = useForm();
  const effort = spec.reasoning_effort ?? '';
  const isTokens = typeof effort === 'number';
  return (
    <Field label="Reasoning" fault={faultAt('reasoning_effort')}>
      {(attributes) => (
        <span className="flex flex-wrap gap-1">
          <Select
            {...attributes}
            className="flex-[1_1_5.5rem]"
            value={isTokens ? 'tokens' : effort}
            choices={choices}
            onChange={(value) =>
              set('reasoning_effort', value === '' ? undefined : value === 'tokens' ? 1024 : value)
            }
          />
          {isTokens && (
            <Input
              aria-label="Tokens for reasoning"
              className="num flex-[1_1_3.5rem]"
              inputMode="numeric"
              value={effort}
              onChange={({ target }) =>
                set('reasoning_effort', Number(target.value.replace(/\D/g, '')))
              }
            />
          )}
        </span>
      )}
    </Field>
  );
}
