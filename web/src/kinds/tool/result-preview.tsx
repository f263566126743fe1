import type { JsonSchema } from '../../schema-form/field-schema.ts';
import { SchemaForm } from '../../schema-form/schema-form.tsx';
import { useSchemaForm } from '../../schema-form/use-schema-form.ts';

/** The form in which people answer a call of a tool. Nothing is sent. */
export function ResultPreview({ schema }: { readonly schema: JsonSchema }) {
  return <SchemaForm label="Result" form={useSchemaForm(schema)} />;
}
