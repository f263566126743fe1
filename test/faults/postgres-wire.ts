/**
 * A message of Postgres's protocol,
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export interface WireMessage {
  /** The letter of its type; empty for the first message of a connection. */
  readonly type: string;
  /** The whole message, including its type and length. */
  readonly bytes: Buffer;
}

/** Splits the bytes of a connection into messages. */
export class MessageReader {
  #rest: Buffer = Buffer.alloc(0);
  #isFirst: boolean;

  /** @param fromClient true: the first message has no letter. */
  constructor(fromClient: boolean) {
    this.#isFirst = fromClient;
  }

  /** The messages that these bytes complete. */
  read(bytes: Buffer): readonly WireMessage[] {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const messages: WireMessage[] = [];
    for (;;) {
      const header = this.#isFirst ? 0 : 1;
      if (this.#rest.length < header + 4) return messages;
      const length = header + this.#rest.readInt32BE(header);
      if (this.#rest.length < length) return messages;
      const whole = this.#rest.subarray(0, length);
      this.#rest = this.#rest.subarray(length);
      messages.push({
        type: this.#isFirst ? '' : String.fromCharCode(whole[0] ?? 0),
        bytes: whole,
      });
      this.#isFirst = false;
    }
  }
}

/** Messages that a client sends together, up to the one after which it waits for an answer. */
export interface Unit {
  readonly bytes: Buffer;
  /** The text of its statement; empty when it has none, e.g. at the start of a connection. */
  readonly text: string;
}

/** Groups the messages of a client into units, and remembers the texts of prepared statements. */
export class UnitReader {
  readonly #texts = new Map<string, string>();
  readonly #reader = new MessageReader(true);
  #messages: Buffer[] = [];
  #text = '';

  read(bytes: Buffer): readonly Unit[] {
    const units: Unit[] = [];
    for (const { type, bytes: message } of this.#reader.read(bytes)) {
      this.#messages.push(message);
      if (type === 'P') {
        const [name = '', text = ''] = readStrings(message, 5, 2);
        this.#texts.set(name, text);
      } else if (type === 'B') {
        const [, name = ''] = readStrings(message, 5, 2);
        this.#text = this.#texts.get(name) ?? '';
      } else if (type === 'Q') [this.#text = ''] = readStrings(message, 5, 1);
      // Sync, Query, Terminate, a password, or the first message: the client now waits, or has
      // left.
      if (!['S', 'Q', 'X', 'p', ''].includes(type)) continue;
      units.push({ bytes: Buffer.concat(this.#messages), text: this.#text });
      this.#messages = [];
      this.#text = '';
    }
    return units;
  }
}

/** Zero-terminated texts, one after the other. */
function readStrings(message: Buffer, from: number, count: number): readonly string[] {
  const texts: string[] = [];
  for (let at = from; texts.length < count; ) {
    const end = message.indexOf(0, at);
    if (end === -1) break;
    texts.push(message.toString('utf8', at, end));
    at = end + 1;
  }
  return texts;
}
