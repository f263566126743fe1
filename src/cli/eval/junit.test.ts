import { expect, test } from 'vitest';
import { junitReport } from './junit.ts';
import { markdownComment } from './markdown.ts';
import type { EvalOutcome } from './outcome.ts';

const outcome: EvalOutcome = {
  name: 'a <b> & "c"',
  evaluation_id: 'evr_1',
  run_id: 'run_1',
  url: 'http://localhost/evaluations/evr_1',
  status: 'completed',
  reason: null,
  passed: false,
  checks: [
    {
      evaluator: 'odd\u0000 \n |\u009b path',
      rule: 'min',
      value: 0.86666,
      threshold: 0.9,
      passed: false,
      note: 'No <note>.',
    },
    { evaluator: null, rule: 'max_errors', value: null, threshold: 0, passed: true, note: null },
  ],
  report: '\n📊 A report\n| x | y |\n\nNavigate to Evaluation:  http://localhost/evaluations/evr_1',
  stats: null,
  seconds: 1.5,
};

test('a JUnit report has a case for the Run and one for each check', () => {
  expect(junitReport(outcome)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="a &lt;b&gt; &amp; &quot;c&quot;" tests="3" failures="1" errors="0" time="1.500">
    <properties><property name="url" value="http://localhost/evaluations/evr_1"/></properties>
    <testcase classname="loopwright eval" name="Run completed" time="0"/>
    <testcase classname="loopwright eval" name="odd\uFFFD &#10; |\uFFFD path: min 0.9" time="0"><failure message="It is 0.8667. No &lt;note&gt;."/></testcase>
    <testcase classname="loopwright eval" name="max_errors 0" time="0"/>
  </testsuite>
</testsuites>
`);
});

test('a Run that did not end is a failure', () => {
  const cancelled = { ...outcome, status: 'cancelled', reason: 'It took too long.' };
  expect(junitReport(cancelled)).toContain('<failure message="It took too long."/>');
});

test('a comment has the checks, the report and the address', () => {
  const comment = markdownComment(outcome);
  expect(comment).toContain('### ❌ Failed: a \\<b\\> & "c"');
  expect(comment).toContain(
    '| ❌ | odd\u0000 \\|\u009b path `min` | 0.8667 | 0.9 | No \\<note\\>. |',
  );
  expect(comment).toContain('```text\n📊 A report\n| x | y |\n\n```');
  expect(comment).toContain('[All results](http://localhost/evaluations/evr_1)');
});
