/** Takes text in pieces, and calls `use` with each complete line. */
export function lineReader(use: (line: string) => void): (text: string) => void {
  let parts: string[] = [];
  return (text) => {
    const [first = '', ...rest] = text.split('\n');
    parts.push(first);
    for (const piece of rest) {
      use(parts.join(''));
      parts = [piece];
    }
  };
}
