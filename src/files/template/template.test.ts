import { describe, expect, test } from 'vitest';
import type { ChatMessage } from '../../contract/chat.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { ExactNumber } from '../../kernel/exact-number.ts';
import type { Snippets } from './rendering.ts';
import {
  needsSnippets,
  populateTemplate,
  renderTemplate,
  type TemplateLanguage,
  templateVariables,
} from './template.ts';

async function render(
  text: string,
  inputs = {},
  language: TemplateLanguage = 'default',
): Promise<unknown> {
  return (await renderTemplate(text, language, inputs))[0]?.content;
}

async function faultsOf(run: () => Promise<unknown>): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    if (error instanceof PlatformError && error.category === 'invalid') return error.faults;
    throw error;
  }
  throw new Error('It did not fail.');
}

describe('a template', () => {
  test('that is a text becomes one system message', async () => {
    expect(await renderTemplate('Hello {{name}}', 'default', { name: 'Alice' })).toEqual([
      { role: 'system', content: 'Hello Alice' },
    ]);
  });

  test('that is not there gives no messages', async () => {
    expect(await renderTemplate(null, 'default', {})).toEqual([]);
    expect(templateVariables(null, 'jinja')).toEqual([]);
  });

  test.each<TemplateLanguage>(['default', 'jinja'])(
    'in %s has its texts and the URLs of images rendered, and the rest left alone',
    async (language) => {
      const template: ChatMessage[] = [
        { role: 'system', content: 'You are {{ who }}.', name: '{{ who }}' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this, {{ who }}?' },
            { type: 'image_url', image_url: { url: 'https://example.com/{{ who }}.png' } },
            { type: 'text', text: 'And this?' },
          ],
        },
        {
          role: 'assistant',
          content: null,
          tool_calls: [
            { id: 'a', type: 'function', function: { name: 'look', arguments: '{{ who }}' } },
          ],
          thinking: [{ type: 'thinking', thinking: '{{ who }}', signature: '{{ who }}' }],
        },
      ];
      const before = structuredClone(template);
      const rendered = await renderTemplate(template, language, { who: 'Ada' });

      expect(rendered[0]).toEqual({ ...template[0], content: 'You are Ada.' });
      expect(rendered[1]?.content).toEqual([
        { type: 'text', text: 'What is this, Ada?' },
        { type: 'image_url', image_url: { url: 'https://example.com/Ada.png' } },
        { type: 'text', text: 'And this?' },
      ]);
      expect(rendered[2]).toEqual(template[2]);
      expect(template).toEqual(before);
    },
  );

  test.each<TemplateLanguage>(['default', 'jinja'])(
    'in %s names each variable once, in the order of first use',
    async (language) => {
      const template: ChatMessage[] = [
        { role: 'system', content: '{{ b }} {{a}} {{ b }}' },
        { role: 'user', content: [{ type: 'text', text: '{{ c }}{{ a }}' }] },
      ];
      expect(templateVariables(template, language)).toEqual(['b', 'a', 'c']);
    },
  );

  test.each<TemplateLanguage>(['default', 'jinja'])(
    'in %s never renders what an input brings in',
    async (language) => {
      expect(await render('{{ a }}{{ b }}', { a: '{{ b }}', b: '{% x' }, language)).toBe(
        '{{ b }}{% x',
      );
    },
  );

  test.each<TemplateLanguage>(['default', 'jinja'])(
    'in %s finds nothing that the inputs only inherit',
    async (language) => {
      for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
        expect(await faultsOf(() => render(`{{ ${name} }}`, {}, language))).toEqual([
          {
            loc: ['body', 'inputs', name],
            msg: `The template needs an input named ${name}.`,
            type: 'missing',
          },
        ]);
        await expect(render(`{{ a.${name} }}`, { a: {} }, language)).rejects.toThrow(PlatformError);
      }
      const own: unknown = JSON.parse('{"__proto__": "a", "constructor": "b"}');
      expect(await render('{{ __proto__ }}{{ constructor }}', own as object, language)).toBe('ab');
    },
  );

  test.each<TemplateLanguage>(['default', 'jinja'])(
    'in %s has a limit on its length',
    async (language) => {
      expect(
        await faultsOf(() => render('{{ a }}'.repeat(1_000), { a: 'x'.repeat(100_000) }, language)),
      ).toMatchObject([{ type: 'template_limit' }]);
    },
  );

  test.each<TemplateLanguage>(['default', 'jinja'])(
    'in %s is refused when an input is nested too deeply',
    async (language) => {
      let deep: unknown[] = [];
      for (let depth = 0; depth < 200_000; depth++) deep = [deep];
      expect(await faultsOf(() => render('{{ deep }}', { deep }, language))).toMatchObject([
        { type: 'template_limit' },
      ]);
      expect(await render('{{ a }}', { a: 1 }, language)).toBe('1');
    },
  );
});

describe('the default language', () => {
  test('takes any space on each side of a name', async () => {
    const inputs = { name: 'Ada' };
    expect(await render('{{name}} {{ name }} {{\nname }} {{  name}}', inputs)).toBe(
      'Ada Ada Ada Ada',
    );
    expect(await render('{name} {{{name}}} {{}} {{ }}', inputs)).toBe('{name} {Ada} {{}} {{ }}');
  });

  test.each(['имя', '名前', 'na-me', 'first name', 'name|upper', '#if name', 'né', 'a/b', '$x'])(
    'takes a name with any letters and signs: %s',
    async (name) => {
      expect(await render(`{{${name}}} {{ ${name} }}`, { [name]: 'Ada' })).toBe('Ada Ada');
      expect(templateVariables(`{{ ${name} }}`, 'default')).toEqual([name]);
      expect(await faultsOf(() => render(`{{ ${name} }}`))).toEqual([
        {
          loc: ['body', 'inputs', name],
          msg: `The template needs an input named ${name}.`,
          type: 'missing',
        },
      ]);
    },
  );

  test('leaves JSON in double braces alone, unless an input has such a name', async () => {
    const json = 'Answer {{"a": 1}} or {{\n  "b": 2\n}}.';
    expect(await render(json)).toBe(json);
    expect(templateVariables(json, 'default')).toEqual([]);
    expect(await render(`{{ "a" }}`, { '"a"': 'Ada' })).toBe('Ada');
  });

  test('reaches a member by a whole path only', async () => {
    const inputs = { log: { a: { b: 1 } } };
    expect(await render(`{{log.a.b}} {{ log[a].b }} {{ log['a']["b"] }}`, inputs)).toBe('1 1 1');
    for (const name of ['log.', '.log', 'log..a', 'log[a', 'log.a]', 'log[]']) {
      expect(await faultsOf(() => render(`{{${name}}}`, inputs))).toMatchObject([
        { loc: ['body', 'inputs', name], type: 'missing' },
      ]);
    }
    expect(await render('{{log.}}', { 'log.': 'whole' })).toBe('whole');
  });

  test('keeps the digits that a number came with', async () => {
    const id = new ExactNumber('9007199254740993');
    expect(await render('{{id}} {{deep}}', { id, deep: { id } })).toBe(
      '9007199254740993 {"id":9007199254740993}',
    );
  });

  test('has no variables in references to tools, which stay where no snippets are at hand', async () => {
    const text = '{{ search(query) }} {{ greet("Ada") }}';
    expect(await render(text)).toBe(text);
    expect(templateVariables(text, 'default')).toEqual([]);
  });

  test('looks a name up whole first, then as a path', async () => {
    const inputs = {
      'user.name': 'whole',
      user: { name: 'part', tags: ['first', { id: 7 }] },
    };
    expect(await render('{{user.name}} {{user.tags[0]}} {{user.tags[1].id}}', inputs)).toBe(
      'whole first 7',
    );
    expect(templateVariables('{{user.name}} {{user.tags[0]}}', 'default')).toEqual([
      'user.name',
      'user.tags[0]',
    ]);
  });

  test('puts strings in as they are, null as nothing, and the rest as JSON', async () => {
    const inputs = {
      text: '<"a">',
      no: null,
      yes: true,
      number: 1.5,
      list: [1, 'b'],
      map: { c: {} },
    };
    expect(await render('{{text}}|{{no}}|{{yes}}|{{number}}|{{list}}|{{map}}', inputs)).toBe(
      '<"a">||true|1.5|[1,"b"]|{"c":{}}',
    );
  });

  test('says of all missing inputs at once which they are', async () => {
    expect(
      await faultsOf(() => render('{{b}} {{a.c}} {{b}} {{there}} {{...}}', { there: 1, a: {} })),
    ).toMatchObject([
      { loc: ['body', 'inputs', 'b'], type: 'missing' },
      { loc: ['body', 'inputs', 'a.c'], type: 'missing' },
      { loc: ['body', 'inputs', '...'], type: 'missing' },
    ]);
  });

  test('is not confused by the signs of a replacement', async () => {
    expect(await render('{{a}}', { a: '$& $1 $$ \\' })).toBe('$& $1 $$ \\');
  });

  test('takes time in proportion to the text, whatever it is', async () => {
    const hostile = ['{', '{{', '{{ ', '{{a', '{{a ', '{{ a}', '[].', ' '];
    const started = performance.now();
    for (const piece of hostile) {
      const text = `{{${piece.repeat(300_000)}`;
      templateVariables(text, 'default');
      templateVariables(`${text}}}`, 'default');
    }
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('references to tools', () => {
  const snippets: Snippets = new Map([
    ['tone', { formal: 'Dear {{name}}, {{ tone(brief) }}', brief: 'Hi $1', 'a, b': 'list' }],
    ['odd', { nothing: null, number: 7, object: { a: [1] } }],
    ['search', null],
  ]);
  const insert = async (text: string, inputs = {}) =>
    (await renderTemplate(text, 'default', inputs, { snippets }))[0]?.content;

  test('insert the snippet of that key, in quotes or without', async () => {
    expect(await insert('{{tone(brief)}} {{ tone("brief") }} {{ tone( brief ) }}')).toBe(
      'Hi $1 Hi $1 Hi $1',
    );
    expect(await insert('{{ tone(a, b) }} {{ tone("a, b") }}')).toBe('list list');
    expect(await insert('{{ odd(nothing) }}|{{ odd(number) }}|{{ odd(object) }}')).toBe(
      '|7|{"a":[1]}',
    );
  });

  test('stand beside variables, and what they insert is not rendered again', async () => {
    expect(await insert('{{name}}: {{ tone(formal) }}', { name: '{{ tone(brief) }}' })).toBe(
      '{{ tone(brief) }}: Dear {{name}}, {{ tone(brief) }}',
    );
  });

  test('that name no snippet are told of all at once', async () => {
    const text =
      '{{ tone(rude) }} {{ tone("rude") }} {{ search(x) }} {{ none(a) }} {{ tone(__proto__) }}';
    const fault = (reference: string, reason: string) => ({
      loc: ['body', 'template', reference],
      msg: `The template refers to \`${reference}\`, but ${reason}.`,
      type: 'template_error',
    });
    expect(await faultsOf(() => insert(text))).toEqual([
      fault('tone(rude)', '`tone` has no snippet named `rude`'),
      fault('search(x)', '`search` is not a tool of type `snippet`'),
      fault('none(a)', 'no tool named `none` is linked'),
      fault('tone(__proto__)', '`tone` has no snippet named `__proto__`'),
    ]);
  });

  test('are limited in what they insert', async () => {
    const long: Snippets = new Map([['long', { text: 'x'.repeat(1_000_000) }]]);
    const text = '{{ long(text) }}'.repeat(9);
    expect(
      await faultsOf(() => renderTemplate(text, 'default', {}, { snippets: long })),
    ).toMatchObject([{ type: 'template_limit' }]);
  });

  test('are looked for in the default language alone', async () => {
    expect(needsSnippets({ template: 'Say {{ tone(brief) }}' })).toBe(true);
    expect(needsSnippets({ template: [{ role: 'user', content: '{{ tone("brief") }}' }] })).toBe(
      true,
    );
    expect(needsSnippets({ template: 'Say {{ tone }}' })).toBe(false);
    expect(needsSnippets({ template: '{{ tone(brief) }}', template_language: 'jinja' })).toBe(
      false,
    );
    expect(needsSnippets({})).toBe(false);
  });

  test('are found in time in proportion to the text, whatever it is', async () => {
    const texts = ['{{a(', '{{a(b ', '{{ab', '{{a(b) ', '{{a("'].map((text) =>
      text.repeat(200_000),
    );
    for (const text of [...texts, `{{${'a'.repeat(500_000)}`, `{{a(${'b '.repeat(500_000)}`]) {
      expect(await insert(text)).toBe(text);
    }
  }, 2_000);
});

describe('a template in its own form', () => {
  const snippets: Snippets = new Map([['tone', { brief: 'Hi' }]]);

  test('is a text, messages or nothing, as it was', async () => {
    const inputs = { name: 'Ada' };
    const template = '{{ tone(brief) }} {{name}}';
    expect(await populateTemplate({ template }, inputs, { snippets })).toBe('Hi Ada');
    const messages: ChatMessage[] = [{ role: 'user', content: template, name: '{{name}}' }];
    expect(await populateTemplate({ template: messages }, inputs, { snippets })).toEqual([
      { role: 'user', content: 'Hi Ada', name: '{{name}}' },
    ]);
    expect(
      await populateTemplate({ template: '{{ name|upper }}', template_language: 'jinja' }, inputs, {
        snippets,
      }),
    ).toBe('ADA');
    expect(await populateTemplate({ template: '' }, inputs, { snippets })).toBe('');
    expect(await populateTemplate({ template: null }, inputs, { snippets })).toBeNull();
    expect(await populateTemplate({}, inputs, { snippets })).toBeNull();
  });

  test.each(['default', 'jinja'] as const)(
    'misses inputs in the body itself: %s',
    async (language) => {
      const spec = { template: '{{ a }}{{ b }}', template_language: language };
      expect(await faultsOf(() => populateTemplate(spec, { a: 1 }, { snippets }))).toEqual([
        { loc: ['body', 'b'], msg: 'The template needs an input named b.', type: 'missing' },
      ]);
    },
  );
});

describe('Jinja', () => {
  const jinja = (text: string, inputs = {}) => render(text, inputs, 'jinja');

  test('has conditions, loops, filters and the methods of Python', async () => {
    expect(await jinja('{% if a %}yes{% else %}no{% endif %}', { a: 0 })).toBe('no');
    expect(
      await jinja('{% for i in list %}{{ loop.index }}{{ i|upper }} {% endfor %}', {
        list: ['a', 'b'],
      }),
    ).toBe('1A 2B ');
    expect(
      await jinja('{% for k, v in map.items() %}{{ k }}={{ v }}{% endfor %}', { map: { a: 1 } }),
    ).toBe('a=1');
    expect(
      await jinja('{{ list }} {{ map|tojson }} {{ none }}', { list: [1, 'a'], map: { b: 1 } }),
    ).toBe('[1, \'a\'] {"b": 1} None');
  });

  test('escapes nothing and keeps the final newline', async () => {
    expect(await jinja('<{{ a }}>\n', { a: '<&"' })).toBe('<<&">\n');
  });

  test('may ask whether an input is there, but not print what is not', async () => {
    const text = '{% if coupon %}Coupon {{ coupon }}.{% endif %}{{ plan == "gold" }}';
    expect(await jinja(text)).toBe('False');
    expect(await jinja('{{ a or b or "neither" }} {{ not a }}')).toBe('neither True');
  });

  test('says which inputs are missing, wherever they are used', async () => {
    expect(
      await faultsOf(() =>
        jinja('{{ a }}\n{{ b }}{% for c in list %}{{ c }}{% endfor %}{{ d|upper }}'),
      ),
    ).toMatchObject([
      { loc: ['body', 'inputs', 'a'] },
      { loc: ['body', 'inputs', 'b'] },
      { loc: ['body', 'inputs', 'list'] },
    ]);
    expect(await faultsOf(() => jinja('{{ user.name }}'))).toMatchObject([
      { loc: ['body', 'inputs', 'user'] },
    ]);
  });

  test('keeps the digits that a number came with', async () => {
    const inputs = {
      id: new ExactNumber('9007199254740993'),
      one: new ExactNumber('1.0'),
      list: [12n, new ExactNumber('1e2')],
    };
    expect(await jinja('{{ id }} {{ id + 1 }} {{ one }} {{ list }}', inputs)).toBe(
      '9007199254740993 9007199254740994 1.0 [12, 100.0]',
    );
  });

  test('says which input is missing', async () => {
    const text = 'Hi {{ name }},\n{{ greeting }} {{ time|default("now") }} {{ place }}';
    expect(await faultsOf(() => jinja(text, { name: 'Ada' }))).toEqual([
      {
        loc: ['body', 'inputs', 'greeting'],
        msg: 'The template needs an input named greeting.',
        type: 'missing',
      },
      {
        loc: ['body', 'inputs', 'place'],
        msg: 'The template needs an input named place.',
        type: 'missing',
      },
    ]);
  });

  test('lets a template ask whether an input is there', async () => {
    expect(await jinja('{% if a is defined %}{{ a }}{% endif %}{{ b|default("-") }}')).toBe('-');
  });

  test('says where something inside an input is not defined', async () => {
    expect(await faultsOf(() => jinja('\n{{ a.b }}', { a: {} }))).toEqual([
      {
        loc: ['body', 'template', 0, 'content'],
        msg: 'The template fails on line 2: undefined value.',
        type: 'template_error',
      },
    ]);
  });

  test('says where a template does not parse, without its text', async () => {
    const template: ChatMessage[] = [
      { role: 'system', content: 'fine' },
      { role: 'user', content: [{ type: 'text', text: 'secret\n\n{{ secret secret }}' }] },
    ];
    expect(await faultsOf(() => renderTemplate(template, 'jinja', { secret: 1 }))).toEqual([
      {
        loc: ['body', 'template', 1, 'content', 0, 'text'],
        msg: 'The template fails on line 3: syntax error: unexpected identifier, expected end of variable block.',
        type: 'template_error',
      },
    ]);
  });

  test.each(['{% include "a" %}', '{% extends "a" %}', '{% import "/etc/passwd" as b %}'])(
    'loads no other template: %s',
    async (text) => {
      expect(await faultsOf(() => jinja(text))).toMatchObject([{ type: 'template_error' }]);
    },
  );

  test('shows nothing of its insides', async () => {
    expect(await faultsOf(() => jinja('{{ debug() }}'))).toMatchObject([
      { type: 'template_error' },
    ]);
  });

  test.each([
    [
      'an endless loop',
      '{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}',
    ],
    [
      'a text that doubles',
      '{% set n = namespace(a="x") %}{% for i in range(40) %}{% set n.a = n.a ~ n.a %}{% endfor %}',
    ],
    ['a huge text', '{{ "x" * 400000000 }}'],
    ['a long text', '{{ "x" * 9000000 }}'],
    [
      'slow steps',
      '{% set a = "x" * 9000000 %}{% for i in range(20000) %}{% set b = a|upper %}{% endfor %}',
    ],
    ['deep signs', `{{ ${'-'.repeat(100_000)}1 }}`],
    ['deep filters', `{{ 1${'|abs'.repeat(100_000)} }}`],
  ])('gives up %s, and renders the next template as if nothing had been', async (_name, text) => {
    const started = performance.now();
    expect(await faultsOf(() => jinja(text))).toMatchObject([{ type: 'template_limit' }]);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(await jinja('{{ a }}', { a: 'fine' })).toBe('fine');
  });

  test('is rendered in a thread when it takes long, and the server answers others meanwhile', async () => {
    let turns = 0;
    const counting = setInterval(() => void turns++, 1);
    const text = '{% for i in range(20000) %}{% if i == n - 1 %}{{ n }}{% endif %}{% endfor %}';
    expect(await jinja(text, { n: new ExactNumber('20000') })).toBe('20000');
    clearInterval(counting);
    expect(turns).toBeGreaterThan(5);
    expect(await faultsOf(() => jinja(`${text}{{ missing }}`, { n: 1 }))).toMatchObject([
      { loc: ['body', 'inputs', 'missing'] },
    ]);
    expect(await faultsOf(() => jinja(`${text}\n{{ n.a.b }}`, { n: 1 }))).toMatchObject([
      { msg: 'The template fails on line 2: undefined value.' },
    ]);
  });

  test('gives up a macro that calls itself', async () => {
    const macro = '{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}';
    await expect(jinja(macro)).rejects.toThrow(PlatformError);
  });
});
