/**
 * Pads the cells of rows to the width of their columns, so that they can be coloured and then
 * joined.
 *
 * @param toTheRight the columns to align right, such as numbers.
 */
export function aligned(
  rows: readonly (readonly string[])[],
  toTheRight: readonly number[] = [],
): string[][] {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, index) => Math.max(cell.length, widest[index] ?? 0)),
    [],
  );
  return rows.map((row) =>
    row.map((cell, index) => {
      const width = widths[index] ?? 0;
      return toTheRight.includes(index) ? cell.padStart(width) : cell.padEnd(width);
    }),
  );
}
