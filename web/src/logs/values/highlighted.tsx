/** JSON text in colours: names grey, numbers and words in the colour of data. Text stays plain. */
export function Highlighted({ text }: { readonly text: string }) {
  // Of a long text only the head is coloured: each piece is an element.
  const coloured = text.slice(0, mostColoured);
  const parts = [...coloured.matchAll(token)];
  let end = 0;
  return (
    <>
      {parts.flatMap(({ 0: whole, 1: name, 2: data, index }) => {
        const before = coloured.slice(end, index);
        end = index + whole.length;
        const look = name ? 'text-fg-3' : data ? 'text-prompt' : '';
        return [
          before,
          <span key={index} className={look}>
            {whole}
          </span>,
        ];
      })}
      {text.slice(end)}
    </>
  );
}

const mostColoured = 20_000;

/** A name with its colon, or a number or word at the end of its line. */
const token = /("(?:[^"\\\n]|\\.)*"(?=:))|\b(true|false|null|-?\d[\d.eE+-]*)(?=,?$)/gm;
