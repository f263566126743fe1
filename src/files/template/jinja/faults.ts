/** An error that a template makes; its line is known where it is caught first. */
export class JinjaFault extends Error {
  line: number | undefined;
}

/** An undefined value was used. `input` is the name of the input that is missing, if that is why. */
export class UndefinedFault extends JinjaFault {
  readonly input: string | undefined;

  constructor(input: string | undefined) {
    super('undefined value');
    this.input = input;
  }
}

/** A template that cannot be parsed. */
export function syntaxFault(message: string, line: number): JinjaFault {
  const fault = new JinjaFault(`syntax error: ${message}`);
  fault.line = line;
  return fault;
}
