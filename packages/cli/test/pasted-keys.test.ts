import { it } from '@vastai-cli/testing/checkout/cli';
import { KEY_FILE, LEGACY_FILE, SETTINGS } from '@vastai-cli/testing/places';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, expect } from 'vitest';

/** How a key looks when more than the key was copied, and a word of the sentence that it gets. */
const FORMS: readonly (readonly [form: string, says: RegExp])[] = [
  ["'KEY'", /in quotation marks/],
  ['"KEY"', /in quotation marks/],
  ['“KEY”', /in quotation marks/],
  ['`KEY`', /in quotation marks/],
  ['VAST_API_KEY=KEY', /begins with the name of a variable/],
  ['export VAST_API_KEY="KEY"', /begins with the name of a variable/],
  ['Bearer KEY', /"Bearer"/],
  ['Authorization: Bearer KEY', /"Bearer"/],
  ['<KEY>', /in brackets/],
  ['KEY;', /comma or a semicolon/],
  ['KEY,', /comma or a semicolon/],
  ['YOUR_API_KEY', /placeholder/],
  ['<your-key>', /placeholder/],
  ['xxxxxxxxxxxxxxxx', /placeholder/],
  ['https://console.vast.ai/', /a URL/],
  ['ssh-rsa KEY you@host', /SSH or PEM/],
  ['KEYKEY', /more than one key/],
  ['you@example.com', /email/],
  ['{"api_key":"KEY"}', /JSON/],
  ['null', /such as "null"/],
  ['$VAST_API_KEY', /not replaced/],
];

describe.concurrent('a badly pasted key', () => {
  it.for(FORMS)(
    'is rejected with a specific message from every source: %s',
    async ([form, says], { harness }) => {
      const { vastai, home, sandbox, asked } = harness;
      const text = form.replaceAll('KEY', (word, at: number) =>
        /[_\w]/.test(form[at - 1] ?? ' ') && form !== 'KEYKEY' ? word : sandbox.key,
      );
      const named = await home.write('named', text);
      const ways = [
        [['set', 'api-key', '--', text], {}],
        [['set', 'api-key'], { input: `${text}\n` }],
        [['show', 'user', `--api-key=${text}`], {}],
        [['show', 'user'], { env: { VAST_API_KEY: text } }],
      ] as const;
      for (const [args, options] of ways) {
        const ran = await vastai(args, options);
        expect(ran, `${args[0]} ${JSON.stringify(Object.keys(options))}`).toMatchObject({
          status: 2,
          stdout: '',
        });
        expect(ran.stderr).toMatch(says);
        expect(ran.stderr).not.toContain(sandbox.key);
      }
      const stored = [{ VAST_API_KEY_FILE: named }, { place: KEY_FILE }, { place: LEGACY_FILE }];
      for (const { place, ...env } of stored as { place?: string; VAST_API_KEY_FILE?: string }[]) {
        if (place !== undefined) await home.write(place, text);
        const ran = await vastai(['show', 'user'], { env });
        expect(ran, place).toMatchObject({ status: 9, stdout: '' });
        expect(ran.stderr).toMatch(says);
      }
      expect(await home.read(SETTINGS)).toBeUndefined();
      expect(asked()).toEqual([]);
    },
  );

  it.runIf(canOpenTerminal())('is refused at the prompt too, and not shown', async ({ harness }) => {
    const { onTerminal, sandbox, home, saveKey, asked } = harness;
    await saveKey();
    const terminal = onTerminal(['set', 'api-key']);
    await terminal.see('API key:');
    terminal.type(`"${sandbox.key}"\r`);
    const { status, screen } = await terminal.ended;
    expect(status).toBe(2);
    expect(screen).toContain('The key that was typed is in quotation marks.');
    expect(screen).toContain('Nothing was changed.');
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    expect(asked()).toEqual([]);
  });
});
