import { isUtf8 } from 'node:buffer';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { invalid, PlatformError } from '../../kernel/errors.ts';
import { requireStorable } from '../../kernel/read-json.ts';
import { notAForm } from './errors.ts';
import { nameBoundary } from './form-boundary.ts';
import { bodyLimit } from './json-body.ts';

/** Maximum number of fields beside the file. The form is read whole before any is checked. */
const mostFields = 20;
/** Bytes of a field. */
const largestField = 1024 * 1024;

/**
 * Makes the routes of a scope accept a form (`multipart/form-data`) instead of JSON. The body
 * becomes an object: the text of the file (UTF-8) as the member `fileField`, and the other fields
 * as texts. Empty fields are left out.
 */
export async function takeForms(app: FastifyInstance, fileField: string): Promise<void> {
  app.removeAllContentTypeParsers();
  await app.register(multipart, {
    isPartAFile: (name) => name === fileField,
    limits: {
      files: 1,
      fields: mostFields,
      parts: mostFields + 1,
      fileSize: bodyLimit,
      fieldSize: largestField,
    },
  });
  app.addHook('onRequest', async ({ headers }) => {
    const type = headers['content-type'] ?? '';
    if (!/^multipart\/form-data\s*(;|$)/i.test(type)) throw notAForm();
  });
  app.addHook('preValidation', async (request) => {
    await nameBoundary(request.raw);
    request.body = Object.fromEntries(await readForm(request));
  });
}

async function readForm(request: FastifyRequest): Promise<ReadonlyMap<string, string>> {
  const fields = new Map<string, string>();
  for (const [name, value] of await readParts(request)) {
    const loc = ['body', name];
    if (typeof value === 'string') {
      requireStorable(value, loc);
      if (value !== '') fields.set(name, value);
    } else {
      if (!isUtf8(value)) throw invalid(loc, 'The file is not UTF-8.', 'unicode_error');
      fields.set(name, value.toString('utf8'));
    }
  }
  return fields;
}

/** The parts of a form: texts, and the bytes of the file. */
async function readParts(request: FastifyRequest): Promise<(readonly [string, string | Buffer])[]> {
  const parts: (readonly [string, string | Buffer])[] = [];
  try {
    for await (const part of request.parts()) {
      const name = String(part.fieldname);
      if (part.type === 'file') {
        parts.push([name, await part.toBuffer()]);
      } else if (part.valueTruncated) {
        throw invalid(['body', name], `A field can have at most ${largestField} bytes.`);
      } else {
        parts.push([name, String(part.value)]);
      }
    }
  } catch (error) {
    if (error instanceof PlatformError) throw error;
    const { code = '' } = error as { readonly code?: string };
    // Rethrow, so that a file that is too large is answered like any other body that is too large.
    if (code === 'FST_REQ_FILE_TOO_LARGE') throw error;
    throw invalid(['body'], misreadings[code] ?? 'The form cannot be read.');
  }
  return parts;
}

/** What is wrong with a form, by the error code of the form parser. */
const misreadings: Readonly<Record<string, string>> = {
  FST_FILES_LIMIT: 'The form has more than one file.',
  FST_FIELDS_LIMIT: `The form has more than ${mostFields} fields.`,
  FST_PARTS_LIMIT: `The form has more than ${mostFields} fields.`,
  FST_PROTO_VIOLATION: 'A field of the form has a name that is not allowed.',
};
