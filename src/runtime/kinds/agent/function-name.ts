/** The longest name that vendors accept for a function. */
const longestName = 64;

/** A function name that no other tool has, made from the name of a file or remote tool. */
export function freeName(fileName: string, isTaken: (name: string) => boolean): string {
  const name = fileName
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    // Gemini refuses a digit at the beginning.
    .replace(/^(?=[0-9])/, '_')
    .slice(0, longestName);
  for (let n = 2, free = name; ; n++) {
    if (!isTaken(free)) return free;
    const suffix = `_${n}`;
    free = name.slice(0, longestName - suffix.length) + suffix;
  }
}
