import { toast } from '../ui/toasts.tsx';

type Given = Readonly<Record<string, unknown>>;

let lastNote = '';

/** Reads what stands behind the `?` of an address, and tells the reader what of it was left out. */
export function noted<Search extends object>(
  read: (given: Given) => Search,
): (given: Given) => Search {
  return (given) => {
    const search = read(given);
    const note = leftOut(given, search).join(', ');
    // An address is read several times before it is written anew.
    if (note !== '' && note !== lastNote) {
      queueMicrotask(() => toast(`Left out of the address, which nothing here knows: ${note}`));
    }
    if (note !== '') lastNote = note;
    return search;
  };
}

/** The names and values that were given and are not in what was read. */
export function leftOut(given: Given, read: object): readonly string[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const known = [(read as Given)[name] ?? []].flat().map(String);
    return [value]
      .flat()
      .filter((one) => one !== undefined && one !== '' && !isKnown(known, String(one)))
      .map((one) => `${name}=${String(one).slice(0, 60)}`);
  });
}

/** Numbers are written in several ways. */
function isKnown(known: readonly string[], text: string): boolean {
  return known.some((one) => one === text || Number(one) === Number(text));
}
