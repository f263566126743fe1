import { fileKinds } from '../../files/kinds/index.ts';

/** The kinds of files that are evaluated: those that have logs. */
export const evaluatedKinds = new Set(fileKinds.filter(({ log }) => log).map(({ type }) => type));
