/** Characters of an address that every server and proxy takes. */
const longest = 6_000;

/** Ids as queries of addresses, as many in each as an address has room for. */
export function idChunks(
  name: string,
  ids: Iterable<string>,
): readonly { readonly query: URLSearchParams; readonly count: number }[] {
  const chunks: { query: URLSearchParams; count: number; length: number }[] = [];
  for (const id of ids) {
    const length = name.length + encodeURIComponent(id).length + 2;
    let last = chunks.at(-1);
    if (!last || last.length + length > longest) {
      last = { query: new URLSearchParams(), count: 0, length: 0 };
      chunks.push(last);
    }
    last.query.append(name, id);
    last.count++;
    last.length += length;
  }
  return chunks;
}
