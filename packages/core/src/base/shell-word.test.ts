import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { shellWord } from './shell-word.js';

describe('shellWord', () => {
  it('leaves alone what a shell takes as it is', () => {
    for (const word of ['/home/me/.config/vastai/unsaved-key.work.0a1b2c3d', 'a%b+c,d:e=f@g-h', 'x'])
      expect(shellWord(word)).toBe(word);
  });

  it.skipIf(process.platform === 'win32').each(['', 'two words', "it's", '$HOME; `id` "x" #\\', '~', '*'])(
    'comes out of a shell as it was: %j',
    (text) => {
      const { stdout } = spawnSync('sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' });
      expect(stdout).toBe(text);
    },
  );
});
