/** What stands for a value while its text is not JSON. */
export class UnreadableJson {
  readonly text: string;
  readonly fault: string;

  constructor(text: string, error: unknown) {
    this.text = text;
    this.fault = `This is not JSON yet: ${error instanceof Error ? error.message : error}`;
  }
}
