/** A message of Postgres's wire, https://www.postgresql.org/docs/current/protocol-message-formats.html */
export interface WireMessage {
  /** Its letter; empty for the first message of a connection. */
  readonly type: string;
  /** The whole message, its letter and length included. */
  readonly bytes: Buffer;
}

/** Cuts what comes over a connection into messages. */
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

/** What a client asks in one go: all messages up to the one after which it waits for an answer. */
export interface Unit {
  readonly bytes: Buffer;
  /** Its statement; empty when it is none, as when a connection begins. */
  readonly text: string;
}

/** Puts the messages of a client together, and finds the texts of the statements it has prepared. */
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
        const [name = '', text = ''] = stringsOf(message, 5, 2);
        this.#texts.set(name, text);
      } else if (type === 'B') {
        const [, name = ''] = stringsOf(message, 5, 2);
        this.#text = this.#texts.get(name) ?? '';
      } else if (type === 'Q') [this.#text = ''] = stringsOf(message, 5, 1);
      // Sync, Query, Terminate, a password, the first message: now the client waits, or is gone.
      if (!['S', 'Q', 'X', 'p', ''].includes(type)) continue;
      units.push({ bytes: Buffer.concat(this.#messages), text: this.#text });
      this.#messages = [];
      this.#text = '';
    }
    return units;
  }
}

/** Texts that end with a zero byte, one after the other. */
function stringsOf(message: Buffer, from: number, count: number): readonly string[] {
  const texts: string[] = [];
  for (let at = from; texts.length < count; ) {
    const end = message.indexOf(0, at);
    if (end === -1) break;
    texts.push(message.toString('utf8', at, end));
    at = end + 1;
  }
  return texts;
}
