/** What a spreadsheet copies has a tab between the values of a line. */
const separator = '\t';

/**
 * Reads what a spreadsheet copies: values in quotes may hold tabs, line breaks and doubled quotes. Lines
 * without values are passed over.
 */
export function readTable(given: string): readonly (readonly string[])[] {
  const text = given.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n');
  const rows: string[][] = [];
  let row: string[] = [];
  let place = 0;
  while (place <= text.length) {
    const isQuoted = text[place] === '"';
    const end = isQuoted ? endOfQuotes(text, place) : place;
    const stop = nextBreak(text, end);
    const value = isQuoted
      ? text.slice(place + 1, end - 1).replaceAll('""', '"') + text.slice(end, stop)
      : text.slice(place, stop);
    row.push(value);
    if (text[stop] !== separator) {
      rows.push(row);
      row = [];
    }
    place = stop + 1;
  }
  return rows.filter((values) => values.some((value) => value !== ''));
}

/** The place after the quote that closes what is opened here. */
function endOfQuotes(text: string, open: number): number {
  for (let place = open + 1; ; place++) {
    place = text.indexOf('"', place);
    if (place === -1) return text.length + 1;
    if (text[place + 1] !== '"') return place + 1;
    place++;
  }
}

function nextBreak(text: string, from: number): number {
  for (let place = from; place < text.length; place++) {
    if (text[place] === separator || text[place] === '\n') return place;
  }
  return text.length;
}
