import { readFileSync } from 'node:fs';
import { it } from '@vastai-cli/testing/checkout/cli';
import { describe } from 'vitest';
import { shellOf } from '../support/shell.js';

const PAGE = new URL('../../../../docs/api-command.md', import.meta.url);

describe.runIf(process.platform !== 'win32')('docs/api-command.md', () => {
  it('has only commands that work', { timeout: 60_000 }, async ({ harness, expect }) => {
    const { sandbox } = harness;
    const shell = await shellOf(harness);
    const text = readFileSync(PAGE, 'utf8').replaceAll('\r\n', '\n');
    const lines = [...text.matchAll(/^```(?:console|sh)\n(.*?)^```$/gmsu)].flatMap(([, code = '']) =>
      code.trim().split('\n'),
    );
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) {
      const { status, output } = await shell(line.replace(/^\$ /u, ''), {
        env: { VAST_API_KEY: sandbox.key },
      });
      expect([line, status, output]).toEqual([line, 0, output]);
    }
  });

  it('and the help have examples that work against the sandbox', { timeout: 60_000 }, async ({
    harness,
    expect,
  }) => {
    const shell = await shellOf(harness);
    const help = await harness.vastai(['api', '--help']);
    const [, shown = ''] = help.stdout.split('EXAMPLES\n');
    const examples = [...shown.matchAll(/^ {4}\$ (vastai (?:.*\\\n)*.*)/gmu)].map(([, text = '']) => text);
    expect(examples.length).toBeGreaterThan(5);
    for (const example of examples) {
      // A person is asked instead.
      const { status, output } = await shell(`${example} --yes`, {
        env: { VAST_API_KEY: harness.sandbox.key },
      });
      expect([example, status, output]).toEqual([example, 0, output]);
    }
  });

  it('shows the bodies that the fields of its table make', async ({ harness, expect }) => {
    const { sandbox, home } = harness;
    await home.write('run.sh', 'echo hi\n');
    const shell = await shellOf(harness);
    const rows = readFileSync(PAGE, 'utf8').matchAll(/^\| `(-[fF] [^|]*)` \| `("[^`]*)`/gmu);
    const checked: string[] = [];
    for (const [, typed = '', shown] of rows) {
      const quoted = typed.replace(/(?<=-[fF] )[^ ']+/gu, "'$&'");
      await shell(`vastai api bundles ${quoted}`, { env: { VAST_API_KEY: sandbox.key } });
      expect([typed, sandbox.requests.at(-1)?.bodyText]).toEqual([typed, `{${shown}}`]);
      checked.push(typed);
    }
    expect(checked.length).toBe(5);
  });
});
