/** Regular expressions that are tried on short texts only, or that the checker misjudges, and why they are safe. */
export const knownSafe: readonly { readonly regex: string; readonly because: string }[] = [
  {
    regex:
      '/(?<!uselibpqcompat=true.*)([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)(?!.*uselibpqcompat=true)/',
    because: 'It is tried on DATABASE_URL, which the operator sets.',
  },
  {
    regex:
      '/shared memory.*(No space left|Cannot allocate|Permission denied)|could not (create|map|resize) (anonymous )?shared memory/i',
    because: 'It is tried on lines of our own Postgres.',
  },
  {
    regex: String.raw`/(?:^|\n)event: ?done\r?\n(?:[^\r\n]+\r?\n)*\r?\n/`,
    because: 'It is tried on the last 512 bytes of a stream.',
  },
  {
    regex:
      '/insufficient (balance|credit|funds)|context (length|window|size)|too many tokens|(model|path) .{0,80}not found|does not exist|invalid (param|request|argument)|not support/',
    because: 'It looks no further than 80 characters from any place.',
  },
  {
    regex: String.raw`/\[(\d+)\]|\[['"](.*?)['"]\]|\.([^.[\]]+)/g`,
    because: 'It is tried on 2,000 characters.',
  },
];
