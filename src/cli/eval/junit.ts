import { checkName, type EvalOutcome, valueText } from './outcome.ts';

/** An outcome as a JUnit report: one test case for each check, and one for the Run itself. */
export function junitReport(outcome: EvalOutcome): string {
  const { name, status, reason, checks, seconds, url } = outcome;
  const cases = [
    testCase(`Run ${status}`, status === 'completed' ? null : (reason ?? `It is ${status}.`)),
    ...checks.map((check) => {
      const said = `It is ${valueText(check.value)}.${check.note ? ` ${check.note}` : ''}`;
      return testCase(checkName(check), check.passed ? null : said);
    }),
  ];
  const failures = cases.filter((text) => text.includes('<failure')).length;
  const suite = `name="${escaped(name)}" tests="${cases.length}" failures="${failures}" errors="0" time="${seconds.toFixed(3)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite ${suite}>`,
    `    <properties><property name="url" value="${escaped(url)}"/></properties>`,
    ...cases.map((text) => `    ${text}`),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

/** @param failure why it failed; null when it passed. */
function testCase(name: string, failure: string | null): string {
  const opening = `<testcase classname="loopwright eval" name="${escaped(name)}" time="0"`;
  if (failure === null) return `${opening}/>`;
  return `${opening}><failure message="${escaped(failure)}"/></testcase>`;
}

/** A text for an attribute. XML 1.0 has no way to write most control characters: they are replaced. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[&<>"'\p{Cc}\uFFFE\uFFFF]/gu, (character) => entities[character] ?? '\uFFFD');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};
