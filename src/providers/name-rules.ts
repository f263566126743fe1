/** Which texts a vendor accepts as a name or an id. */
export interface NameRule {
  /** Matches one character that it does not accept. */
  readonly bad: RegExp;
  /** Matches a beginning that it does not accept. */
  readonly badStart?: RegExp;
  readonly longest: number;
}

/** What a vendor accepts of tools and calls. Undefined: it accepts any. */
export interface NameRules {
  readonly functions: NameRule;
  /** Ids of tool calls that another vendor or a client made. */
  readonly callIds?: NameRule;
  /** Whether two calls of a conversation may have one id, as those of different turns. */
  readonly hasRepeatedIds: boolean;
  /** Names of the authors of messages. */
  readonly authors?: NameRule;
  /** The most characters in the description of a tool. */
  readonly longestDescription?: number;
}

const word = /[^\w-]/;

/** https://platform.openai.com/docs/api-reference/chat/create, read in November 2026. */
export const openaiNames: NameRules = {
  functions: { bad: word, longest: 64 },
  hasRepeatedIds: true,
  authors: { bad: /[\s<|\\/>]/, longest: 64 },
  longestDescription: 1_024,
};

/** OpenAI's own servers; a compatible server may keep more in an id, such as a signature. */
export const openaiOwnNames: NameRules = {
  ...openaiNames,
  callIds: { bad: /[^\x20-\x7e]/, longest: 40 },
};

/** https://platform.claude.com/docs/en/api/messages, read in November 2026. */
export const anthropicNames: NameRules = {
  functions: { bad: word, longest: 128 },
  callIds: { bad: word, longest: 1_000 },
  hasRepeatedIds: false,
};

/** https://ai.google.dev/api/caching#FunctionDeclaration, read in November 2026. */
export const googleNames: NameRules = {
  functions: { bad: /[^\w.-]/, badStart: /^[^a-z_]/i, longest: 64 },
  hasRepeatedIds: true,
};

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolUseBlock.html. */
export const bedrockNames: NameRules = {
  functions: { bad: word, longest: 64 },
  callIds: { bad: word, longest: 64 },
  hasRepeatedIds: false,
};

/** A vendor of which nothing is known but that it follows OpenAI in the names of functions. */
export const commonNames: NameRules = {
  functions: openaiNames.functions,
  hasRepeatedIds: true,
};

/** Whether a vendor accepts a name. */
export function isAccepted(name: string, { bad, badStart, longest }: NameRule): boolean {
  return name !== '' && name.length <= longest && !bad.test(name) && !badStart?.test(name);
}

/** A name that a vendor accepts, as near to the given one as can be. Two names may become one. */
export function acceptedName(name: string, { bad, badStart, longest }: NameRule): string {
  const clean = name.replace(new RegExp(bad.source, `${bad.flags}g`), '_') || '_';
  return (badStart?.test(clean) ? `_${clean}` : clean).slice(0, longest);
}
