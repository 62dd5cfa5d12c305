import { readFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { it } from '@vastai-cli/testing/checkout/cli';
import { totpCode } from '@vastai-cli/testing/totp-code';
import { describe, expect } from 'vitest';
import { shellOf } from './support/shell.js';

const PAGE = readFileSync(fileURLToPath(new URL('../../../docs/two-factor.md', import.meta.url)), 'utf8');
const SCRIPTS = [...PAGE.matchAll(/^```sh\n(.*?)^```/gmsu)].map(([, script = '']) =>
  script.trimEnd().split('\n'),
);

/** Prints the code of the file behind `@`, from what the test wrote beside it, as the program of that name does. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is a variable of the shell
const OATHTOOL = '#!/bin/sh\nfor file; do :; done\ncat "${file#@}.code"\n';

describe.skipIf(process.platform === 'win32')('a script of docs/two-factor.md', () => {
  it('is one of three', () => {
    expect(SCRIPTS.map(([first]) => first?.split(' ')[0])).toEqual(['oathtool', 'vastai', 'vastai']);
  });

  it.for([0, 1, 2])('runs as printed: number %i', async (at, { harness }) => {
    const { home, sandbox, saveKey } = harness;
    await saveKey();
    const { secret } = sandbox.twoFactor.add({ method: 'totp' });
    await chmod(await home.write('bin/oathtool', OATHTOOL), 0o755);
    await home.write('totp.secret', secret);
    await home.write('totp.secret.code', `${totpCode(secret, sandbox.clock.now())}\n`);
    const shell = await shellOf(harness);
    for (const line of SCRIPTS[at] ?? []) {
      const pending = sandbox.twoFactor.pendingSecret();
      if (pending !== undefined)
        await home.write('new.secret.code', `${totpCode(pending, sandbox.clock.now())}\n`);
      await home.write('code.txt', `${sandbox.twoFactor.messages().at(-1)?.code}\n`);
      const ran = await shell(line);
      expect([line, ran.status, ran.output]).toEqual([line, 0, ran.output]);
    }
    expect(sandbox.twoFactor.sessions().length + sandbox.twoFactor.methods().length).toBe(2);
  });
});
