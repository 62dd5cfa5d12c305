import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { it } from '@vastai-cli/testing/checkout/cli';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import type { Harness } from '@vastai-cli/testing/harness';
import { installed } from '@vastai-cli/testing/programs';
import { describe } from 'vitest';

/** Runs a line of Bash in which `"$@"` is `vastai exec` with these flags, and returns what it prints. */
async function inBash({ home, sandbox }: Harness, flags: readonly string[], line: string) {
  const words = [process.execPath, BIN, 'exec', ...flags, '--'];
  const child = spawn('bash', ['-c', line, 'bash', ...words], {
    env: { ...home.env, VAST_URL: sandbox.url, VAST_API_KEY: sandbox.key },
    cwd: home.path,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (more: string) => {
      text += more;
    });
  await once(child, 'close');
  return text;
}

/** Lists the file descriptors that are open, besides the standard streams. */
const LIST = `"$@" bash -c 'for n in {3..30}; do [ ! -e /proc/$$/fd/$n ] || echo -n "$n "; done'`;
const MANY = Array.from({ length: 16 }, (_, at) => at + 3);

const lines: Readonly<Record<string, readonly [line: string, text: string]>> = {
  'a file': ['echo text > text; "$@" cat /dev/fd/3 3< text', 'text\n'],
  'a pipe to read': ['exec 3< <(echo piped); "$@" sh -c "cat <&3"', 'piped\n'],
  'a pipe to write': ['"$@" sh -c "echo written >&3" 3> >(cat) | cat', 'written\n'],
  'the null device to write': ['"$@" sh -c "echo >&3 && echo written" 3> /dev/null', 'written\n'],
  'what has a gap before it': [`${LIST} 9< /etc/passwd 12< /etc/passwd 20< /etc/passwd`, '9 12 20 '],
  'many files': [`${LIST} ${MANY.map((fd) => `${fd}< /etc/passwd`).join(' ')}`, `${MANY.join(' ')} `],
  'nothing else': [LIST, ''],
};

describe
  .runIf(process.platform === 'linux' && installed('bash'))
  .concurrent('a program of vastai exec', () => {
    for (const flags of [[], ['--mask', 'auto'], ['--mask', 'never'], ['--broker', '--record', 'calls']]) {
      it.for(Object.entries(lines))(
        `inherits %s: exec ${flags.join(' ')}`,
        async ([, [line, text]], { harness, expect }) => {
          expect(await inBash(harness, flags, line)).toBe(text);
        },
      );
    }

    it.for([0, 3])(
      'does not inherit the file of the key behind a broker: descriptor %i',
      async (fd, { harness, expect }) => {
        const script = 'for fd in /proc/$$/fd/*; do readlink $fd; done; echo over';
        const line = `printf %s "$VAST_API_KEY" > of-the-key; unset VAST_API_KEY
          export VAST_API_KEY_FILE=/dev/fd/${fd}; "$@" sh -c '${script}' ${fd}< of-the-key 9< of-the-key`;
        const text = await inBash(harness, ['--broker'], line);
        expect(text).toContain('over');
        expect(text).not.toContain('of-the-key');
      },
    );

    it('is alone with what it inherits', async ({ harness, expect }) => {
      const script = 'echo text >&3; exec 3>&-; read line; echo "then $line" >&2';
      const line = `mkfifo pipe; (cat pipe > read; echo over) | "$@" sh -c '${script}' 3> pipe`;
      expect(await inBash(harness, [], line)).toBe('then over\n');
    });

    it('does not get the channel of a parent that is in Node too', async ({ harness, expect }) => {
      const { home, sandbox } = harness;
      const script = 'for n in 3 4; do [ ! -e /proc/$$/fd/$n ] || echo $n; done';
      const child = spawn(process.execPath, [BIN, 'exec', '--', 'sh', '-c', script], {
        env: { ...home.env, VAST_API_KEY: sandbox.key },
        stdio: ['ignore', 'pipe', 'inherit', 'ipc', 'pipe'],
      });
      let text = '';
      child.stdout?.setEncoding('utf8').on('data', (more: string) => {
        text += more;
      });
      const [status] = await once(child, 'close');
      expect({ status, text }).toEqual({ status: 0, text: '4\n' });
    });

    it.runIf(installed('make'))(
      'shares the jobs of make, also inside itself',
      async ({ harness, expect }) => {
        const rules = 'all:\n\t@$(EXEC) $(EXEC) $(MAKE) leaf\nleaf:\n\t@echo "$(MAKEFLAGS)"\n';
        await harness.home.write('Makefile', rules);
        const text = await inBash(harness, [], 'EXEC="$*" make --no-print-directory -j3 all');
        expect(text).toContain('-j3 --jobserver-auth=');
      },
    );
  });
