/** Takes text as it comes, and hands on its lines, each when it is whole. */
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
