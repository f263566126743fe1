/** What JSON is made of, by the codes of its characters. */
export const quote = 34;
export const plus = 43;
export const comma = 44;
export const minus = 45;
export const point = 46;
export const zero = 48;
export const nine = 57;
export const colon = 58;
export const capitalE = 69;
export const bracket = 91;
export const backslash = 92;
export const closingBracket = 93;
export const smallE = 101;
export const brace = 123;
export const closingBrace = 125;
