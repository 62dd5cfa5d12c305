import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { captureOutput } from '@oclif/test';
import { VastaiError } from '@vastai-cli/core/internal/base/errors';
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
import { STYLED, UNSTYLED } from './styles.js';

/** Prints to streams that are not terminals, in colour only if a test asks for it. */
async function print(result: Result, format: Format, { colour = false, failure = result.failure } = {}) {
  const terminal = {
    canAsk: false,
    obstacle: 'without a terminal',
    stdout: colour ? STYLED : UNSTYLED,
    stderr: UNSTYLED,
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

  it('prints its document in every format if it has nothing else', async () => {
    const plain = { document: [1] };
    const document = '[\n  1\n]\n';
    for (const format of ['human', 'json', 'raw'] as const)
      expect((await print(plain, format)).stdout).toBe(document);
  });

  it('can print nothing for a person', async () => {
    expect(await printed()).toBe('');
  });

  it('prints its parts in order, each with its line break', async () => {
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

  it('prints the same text with and without colour', async () => {
    const human = [line(['a ', { text: 'red', style: 'red' }, ' word'])] as const;
    const document = {};
    expect((await print({ document, human }, 'human')).stdout).toBe('a red word\n');
    expect((await print({ document, human }, 'human', { colour: true })).stdout).toBe(
      'a \u001b[31mred\u001b[39m word\n',
    );
  });
});

describe('remarks', () => {
  it('follow the result on standard error, in order', async () => {
    const remarks = [warning('First.'), note('Second.'), warning('Third.')];
    const { stdout, stderr } = await print({ ...RESULT, remarks }, 'json');
    expect(JSON.parse(stdout)).toEqual({ id: 1 });
    expect(stderr).toBe('Warning: First.\nSecond.\nWarning: Third.\n');
  });

  it('are omitted if the document says the same, or with --raw if they are about the document', async () => {
    const remarks = [
      { ...note('For people.'), forPeople: true },
      { ...note('Of the document.'), unlessRaw: true },
      note('For all.'),
    ];
    const said = async (format: Format) => (await print({ ...RESULT, remarks }, format)).stderr.split('\n');
    expect(await said('human')).toEqual(['For people.', 'Of the document.', 'For all.', '']);
    expect(await said('json')).toEqual(['Of the document.', 'For all.', '']);
    expect(await said('raw')).toEqual(['For all.', '']);
  });
});

describe('an error in addition to the result', () => {
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
  /** Prints a result with a delivery in a separate process, to a pipe or to the given redirection. */
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

  it('reports that it arrived, and adds its messages after the remarks', () => {
    const stderr = 'Keep it.\nThe copy is removed.\n';
    expect(deliver('human', '')).toEqual({ stdout: 'key\n', stderr });
    expect(deliver('json', '')).toEqual({ stdout: '{\n  "key": 1\n}\n', stderr });
  });

  it.runIf(existsSync('/dev/full')).each(['human', 'json'] as const)(
    'reports the error that it returns on standard error if it was lost (%s)',
    (format) => {
      expect(deliver(format, ' > /dev/full').stderr).toBe(
        'Error: The new key could not be written to standard output (ENOSPC).\nIt is in a file.\n',
      );
    },
  );
});

describe('text that could control a terminal or hide there', () => {
  const HOSTILE = '\u001b[31mred\u0000 \u202egnp.\u{e0041}\u009b2J\u0007';
  /** The harmless rest of it. */
  const HARMLESS = '[31mred gnp.2J';
  const CONTROLS = /[\p{Cc}\p{Cf}]/u;

  it.each([
    ['a line', line(HOSTILE)],
    ['a line of several pieces', line(['', HOSTILE])],
    ['a sentence', sentence(HOSTILE)],
    ['entries', entries(`${HOSTILE}\n`)],
    ['styled text', line({ text: HOSTILE, style: 'red' })],
  ] as const)('is removed from %s', async (_, part) => {
    expect(await printed(part)).toBe(`${HARMLESS}\n`);
  });

  it('is removed from the prefix of a sentence', async () => {
    expect(await printed(sentence('Text.', [HOSTILE, ' ']))).toBe(`${HARMLESS} Text.\n`);
  });

  it('is removed from table cells, including whole sequences', async () => {
    const rows = (await printed(table([{ title: 'NAME', value: () => HOSTILE }], [1]))).split('\n');
    expect(rows).toEqual(['NAME', 'red gnp.', '']);
  });

  it('does not affect the sequences of a style', async () => {
    const human = [line({ text: HOSTILE, style: 'yellow' }), sentence({ text: HOSTILE, style: 'dim' })];
    const { stdout } = await print({ document: {}, human }, 'human', { colour: true });
    expect(stdout).toBe(`\u001b[33m${HARMLESS}\u001b[39m\n\u001b[2m${HARMLESS}\u001b[22m\n`);
  });

  it.each([
    ['human', 'document'],
    ['json', 'document'],
    ['raw', 'document'],
    ['human', 'part'],
  ] as const)('is escaped in JSON with the same value (%s, %s)', async (format, where) => {
    const document = { [HOSTILE]: HOSTILE };
    const human = where === 'part' ? { human: [json(document)] } : {};
    const { stdout } = await print({ document, ...human }, format);
    expect(stdout.replaceAll('\n', '')).not.toMatch(CONTROLS);
    expect(JSON.parse(stdout)).toEqual(document);
  });

  it('is removed from remarks and errors', async () => {
    const remarks = [note(HOSTILE), warning(HOSTILE)];
    const failure = new VastaiError('usage', HOSTILE, { hint: HOSTILE });
    const { stderr } = await print({ document: {}, human: [], remarks, failure }, 'human');
    expect(stderr.replaceAll('\n', '')).not.toMatch(CONTROLS);
    expect(stderr.split('\n')).toHaveLength(5);
  });

  it('stays in verbatim parts', async () => {
    expect(await printed(verbatim(HOSTILE))).toBe(HOSTILE);
  });
});
