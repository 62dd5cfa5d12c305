import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { captureOutput } from '@oclif/test';
import { VastaiError } from '@vastai-cli/core/internal/base/errors';
import { Ansis } from 'ansis';
import { describe, expect, it } from 'vitest';
import {
  entries,
  json,
  line,
  note,
  type Part,
  type Result,
  sentence,
  table,
  verbatim,
  warning,
} from '../result.js';
import { failureOf } from './failure.js';
import { type Format, Output } from './output.js';

/** Prints on streams that are no terminals; colour is there only where a test wants it. */
async function print(result: Result, format: Format, { colour = false, failure = result.failure } = {}) {
  const terminal = {
    canAsk: false,
    stdout: new Ansis(colour ? 1 : 0),
    stderr: new Ansis(0),
    columns: undefined,
  };
  const output = new Output(terminal, format);
  const reported = failure === undefined ? undefined : failureOf(failure);
  const { stdout, stderr, error } = await captureOutput(() => output.print(result, reported), {
    stripAnsi: false,
  });
  return { stdout, stderr, error };
}

const printed = async (...human: Part[]) => (await print({ document: {}, human }, 'human')).stdout;

const RESULT: Result = { document: { id: 1 }, raw: { success: true, id: 1 }, human: [line('One.')] };

describe('a result', () => {
  it.each([
    ['human', 'One.\n'],
    ['json', '{\n  "id": 1\n}\n'],
    ['raw', '{\n  "success": true,\n  "id": 1\n}\n'],
  ] as const)('is printed in the format %s', async (format, stdout) => {
    expect(await print(RESULT, format)).toEqual({ stdout, stderr: '', error: undefined });
  });

  it('is its document, where it says nothing else', async () => {
    const plain = { document: [1] };
    const document = '[\n  1\n]\n';
    for (const format of ['human', 'json', 'raw'] as const)
      expect((await print(plain, format)).stdout).toBe(document);
  });

  it('can print nothing for a person', async () => {
    expect(await printed()).toBe('');
  });

  it('has its parts in order, each with its line break', async () => {
    const COLUMNS = [
      { title: 'ID', value: (id: number) => String(id) },
      { title: 'HOST', value: () => 'a' },
    ];
    expect(
      await printed(
        sentence('Two machines:', '> '),
        table(COLUMNS, [7, 42]),
        line(''),
        entries('one\ntwo\n'),
        json({ id: 7 }),
        verbatim('no break'),
      ),
    ).toBe('> Two machines:\nID  HOST\n7   a\n42  a\n\none\ntwo\n{\n  "id": 7\n}\nno break');
  });

  it('has styles where they are shown, and the same text where not', async () => {
    const human = [line(['a ', { text: 'red', style: 'red' }, ' word'])] as const;
    const document = {};
    expect((await print({ document, human }, 'human')).stdout).toBe('a red word\n');
    expect((await print({ document, human }, 'human', { colour: true })).stdout).toBe(
      'a \u001b[31mred\u001b[39m word\n',
    );
  });
});

describe('remarks', () => {
  it('follow the result in their order, on standard error', async () => {
    const remarks = [warning('First.'), note('Second.'), warning('Third.')];
    const { stdout, stderr } = await print({ ...RESULT, remarks }, 'json');
    expect(JSON.parse(stdout)).toEqual({ id: 1 });
    expect(stderr).toBe('Warning: First.\nSecond.\nWarning: Third.\n');
  });

  it('are left out where the document says it, or does not have what they are about', async () => {
    const remarks = [
      { ...note('For people.'), forPeople: true },
      { ...note('Of our shape.'), unlessRaw: true },
      note('For all.'),
    ];
    const said = async (format: Format) => (await print({ ...RESULT, remarks }, format)).stderr.split('\n');
    expect(await said('human')).toEqual(['For people.', 'Of our shape.', 'For all.', '']);
    expect(await said('json')).toEqual(['Of our shape.', 'For all.', '']);
    expect(await said('raw')).toEqual(['For all.', '']);
  });
});

describe('an error beside the result', () => {
  const failure = new VastaiError('storage', 'Two keys differ.', {
    hint: 'Choose one.',
    data: { applied: false },
  });

  it('comes last for a person, after the remarks', async () => {
    const { stdout, stderr } = await print({ ...RESULT, failure, remarks: [note('A note.')] }, 'human');
    expect(stdout).toBe('One.\n');
    expect(stderr).toBe('A note.\nError: Two keys differ.\nChoose one.\n');
  });

  it.each(['json', 'raw'] as const)('is the one document with --%s, with its data', async (format) => {
    const { stdout, stderr } = await print({ ...RESULT, failure }, format);
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'storage', message: 'Two keys differ.', hint: 'Choose one.' },
      applied: false,
    });
    expect(stderr).toBe('');
  });
});

describe('a delivery', () => {
  /** Prints a result that exists nowhere else in a process of its own, to a file or the end of this pipe. */
  function deliver(format: Format, to: string) {
    const from = (file: string) => JSON.stringify(new URL(`../../dist/${file}`, import.meta.url).href);
    const program = `
      import { line, note } from ${from('result.js')};
      import { failureOf } from ${from('render/failure.js')};
      import { guardStreams } from ${from('render/lost-output.js')};
      import { Output } from ${from('render/output.js')};
      import { openTerminal } from ${from('render/terminal.js')};
      guardStreams();
      const output = new Output(openTerminal(true), '${format}');
      const delivery = {
        arrived: async () => [note('The copy is removed.')],
        lost: async (error) => Object.assign(error, { hint: 'It is in a file.' }),
      };
      const result = { document: { key: 1 }, human: [line('key')], remarks: [note('Keep it.')], delivery };
      await output.print(result).catch((error) => output.failure(failureOf(error)));
    `;
    const command = `"$0" --input-type=module -e "$1"${to}`;
    const { stdout, stderr } = spawnSync('sh', ['-c', command, process.execPath, program], {
      encoding: 'utf8',
    });
    return { stdout, stderr };
  }

  it('that arrived is told, and what it says follows the remarks', () => {
    const stderr = 'Keep it.\nThe copy is removed.\n';
    expect(deliver('human', '')).toEqual({ stdout: 'key\n', stderr });
    expect(deliver('json', '')).toEqual({ stdout: '{\n  "key": 1\n}\n', stderr });
  });

  it.runIf(existsSync('/dev/full')).each(['human', 'json'] as const)(
    'that was lost is told, and what it returns is reported where it can be read, as %s',
    (format) => {
      expect(deliver(format, ' > /dev/full').stderr).toBe(
        'Error: The new key could not be written to standard output (ENOSPC).\nIt is in a file.\n',
      );
    },
  );
});

describe('what could steer a terminal, or hide there', () => {
  const HOSTILE = '\u001b[31mred\u0000 \u202egnp.\u{e0041}\u009b2J\u0007';
  /** Nothing steers any more, and nothing is hidden; the letters remain. */
  const HARMLESS = '[31mred gnp.2J';
  const STEERS = /[\p{Cc}\p{Cf}]/u;

  it.each([
    ['a line', line(HOSTILE)],
    ['a line of stretches', line(['', HOSTILE])],
    ['a sentence', sentence(HOSTILE)],
    ['entries', entries(`${HOSTILE}\n`)],
    ['a text that has a style', line({ text: HOSTILE, style: 'red' })],
  ] as const)('is taken out of %s', async (_, part) => {
    expect(await printed(part)).toBe(`${HARMLESS}\n`);
  });

  it('is taken out of what stands before a sentence', async () => {
    expect(await printed(sentence('Text.', [HOSTILE, ' ']))).toBe(`${HARMLESS} Text.\n`);
  });

  it('is taken out of the cells of a table, sequences as a whole', async () => {
    const rows = (await printed(table([{ title: 'NAME', value: () => HOSTILE }], [1]))).split('\n');
    expect(rows).toEqual(['NAME', 'red gnp.', '']);
  });

  it('leaves a style as it is: only its own sequences are there', async () => {
    const human = [line({ text: HOSTILE, style: 'yellow' }), sentence({ text: HOSTILE, style: 'dim' })];
    const { stdout } = await print({ document: {}, human }, 'human', { colour: true });
    expect(stdout).toBe(`\u001b[33m${HARMLESS}\u001b[39m\n\u001b[2m${HARMLESS}\u001b[22m\n`);
  });

  it.each([
    ['human', 'document'],
    ['json', 'document'],
    ['raw', 'document'],
    ['human', 'part'],
  ] as const)('is escaped in JSON, as %s (%s), which has the same value', async (format, where) => {
    const document = { [HOSTILE]: HOSTILE };
    const human = where === 'part' ? { human: [json(document)] } : {};
    const { stdout } = await print({ document, ...human }, format);
    expect(stdout.replaceAll('\n', '')).not.toMatch(STEERS);
    expect(JSON.parse(stdout)).toEqual(document);
  });

  it('is taken out of remarks and errors', async () => {
    const remarks = [note(HOSTILE), warning(HOSTILE)];
    const failure = new VastaiError('usage', HOSTILE, { hint: HOSTILE });
    const { stderr } = await print({ document: {}, human: [], remarks, failure }, 'human');
    expect(stderr.replaceAll('\n', '')).not.toMatch(STEERS);
    expect(stderr.split('\n')).toHaveLength(5);
  });

  it('stays in what is printed byte for byte', async () => {
    expect(await printed(verbatim(HOSTILE))).toBe(HOSTILE);
  });
});
