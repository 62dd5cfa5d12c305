import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import type { Harness } from '@vastai-cli/testing/harness';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe } from 'vitest';

const sh = (script: string) => ['--', 'sh', '-c', script];
const masked = ({ sandbox }: Harness) => `${sandbox.key.slice(0, 3)}…`;
const env = ({ sandbox }: Harness) => ({ VAST_API_KEY: sandbox.key });

/** Runs a line of Bash in which `vastai` is the CLI with a key. */
async function inBash(harness: Harness, line: string) {
  const script = `vastai() { '${process.execPath}' '${BIN}' "$@"; }\n${line}`;
  const all = { ...harness.home.env, ...env(harness) };
  const child = spawn('bash', ['-c', script], {
    env: all,
    cwd: harness.home.path,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
  const [status] = await once(child, 'close');
  return { status, ...texts };
}

/** Runs a program with a key, in a process that leaves the most memory it had, in kB. */
async function startMeasured({ home }: Harness, key: string, program: readonly string[]) {
  const preload = await home.write(
    'peak.cjs',
    'process.on("exit",()=>require("node:fs").writeFileSync("peak-"+process.pid,String(process.resourceUsage().maxRSS)))',
  );
  return spawn(process.execPath, ['--require', preload, BIN, 'exec', '--', ...program], {
    env: { ...home.env, VAST_API_KEY: key },
    cwd: home.path,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function peakOf(child: ReturnType<typeof spawn>, { home }: Harness): Promise<number> {
  if (child.exitCode === null) await once(child, 'exit');
  return Number(await home.read(`peak-${child.pid}`));
}

describe
  .runIf(process.platform !== 'win32')
  .concurrent('the output of a program that vastai exec runs', () => {
    it('has the key masked in a pipe and in a file', async ({ harness, expect }) => {
      const ran = await harness.vastai(['exec', ...sh('echo "<$VAST_API_KEY>"; echo "!$VAST_API_KEY" >&2')], {
        env: env(harness),
      });
      expect(ran).toMatchObject({ stdout: `<${masked(harness)}>\n`, stderr: `!${masked(harness)}\n` });
      const { status } = await inBash(harness, `vastai exec -- sh -c 'echo "$VAST_API_KEY"; exit 3' > file`);
      expect(status).toBe(3);
      expect(await harness.home.read('file')).toBe(`${masked(harness)}\n`);
    });

    it.for([
      ['base64', 'printf "%s" "$VAST_API_KEY" | base64'],
      ['base64 without line breaks', 'printf "a%s" "$VAST_API_KEY" | base64 -w 0'],
      ['upper case', 'echo "$VAST_API_KEY" | tr a-f A-F'],
      [
        'slow pieces',
        'for i in $(seq 0 15); do printf "%s" "$VAST_API_KEY" | cut -c $((i*4+1))-$((i*4+4)) | tr -d "\\n"; done',
      ],
    ] as const)('has the key masked in %s', async ([, script], { harness, expect }) => {
      const { stdout, status } = await harness.vastai(['exec', ...sh(script)], { env: env(harness) });
      expect(status).toBe(0);
      expect(stdout).toMatch(/^.{3,7}….{0,6}\n?$/u);
    });

    it('is left alone with --mask never', async ({ harness, expect }) => {
      const ran = await harness.vastai(['exec', '--mask', 'never', '--', 'printenv', 'VAST_API_KEY'], {
        env: env(harness),
        printsKey: true,
      });
      expect(ran.stdout).toBe(`${harness.sandbox.key}\n`);
    });

    it.runIf(canOpenTerminal())('keeps its terminal, unless --mask always', async ({ harness, expect }) => {
      const script = 'test -t 0 && test -t 1 && test -t 2 && echo all; test -t 1 || echo "$VAST_API_KEY"';
      const plain = await harness.onTerminal(['exec', ...sh(script)], { env: env(harness) }).ended;
      expect(plain).toEqual({ status: 0, screen: 'all\r\n' });
      const always = await harness.onTerminal(['exec', '--mask', 'always', ...sh(script)], {
        env: env(harness),
      }).ended;
      expect(always).toEqual({ status: 0, screen: `${masked(harness)}\r\n` });
    });

    it('keeps the order of both streams in one pipe or file', async ({ harness, expect }) => {
      const script = 'for i in 1 2 3 4 5 6 7 8 9; do echo out $i; echo err $i >&2; done';
      const lines = '123456789'.replace(/./gu, 'out $&\nerr $&\n');
      const { stdout } = await inBash(
        harness,
        `vastai exec -- sh -c '${script}' 2>&1 | cat; vastai exec -- sh -c '${script}' > file 2>&1`,
      );
      expect(stdout).toBe(lines);
      expect(await harness.home.read('file')).toBe(lines);
    });

    it('can be opened again by name', async ({ harness, expect }) => {
      const script = 'echo out > /dev/stdout; echo err > /dev/stderr; echo tee | tee /dev/stderr';
      const ran = await harness.vastai(['exec', ...sh(script)], { env: env(harness) });
      expect(ran).toMatchObject({ status: 0, stdout: 'out\ntee\n', stderr: 'err\ntee\n' });
    });

    it('passes at once what is not the key', async ({ harness, expect }) => {
      const child = spawn(
        process.execPath,
        [BIN, 'exec', ...sh('printf "password: "; read x; echo "got $x"')],
        {
          env: { ...harness.home.env, ...env(harness) },
          stdio: ['pipe', 'pipe', 'ignore'],
        },
      );
      const [prompt] = await once(child.stdout, 'data');
      expect(String(prompt)).toBe('password: ');
      child.stdin.end('yes\n');
      const [reply] = await once(child.stdout, 'data');
      expect(String(reply)).toBe('got yes\n');
      await once(child, 'close');
    });

    it('ends the program when nobody reads it any more', async ({ harness, expect }) => {
      const { stdout, stderr } = await inBash(harness, 'vastai exec -- yes | head -n 2; echo $PIPESTATUS');
      expect({ stdout, stderr }).toEqual({ stdout: 'y\ny\n141\n', stderr: '' });
    });

    it('is the same in 100 MB of binary data, without keeping it', async ({ harness, expect }) => {
      const script =
        'const c=require("node:crypto"),h=c.createHash("sha256");let b=c.randomBytes(1<<20);for(let i=0;i<100;i++){h.update(b);let n=0;while(n<b.length)n+=require("node:fs").writeSync(1,b,n);b[i]^=i+1}require("node:fs").writeFileSync("hash",h.digest("hex"))';
      const child = await startMeasured(harness, harness.sandbox.key, [process.execPath, '-e', script]);
      const hash = createHash('sha256');
      for await (const chunk of child.stdout) hash.update(chunk as Buffer);
      expect(await peakOf(child, harness)).toBeLessThan(200_000);
      expect(hash.digest('hex')).toBe(await readFile(harness.home.at('hash'), 'utf8'));
    });

    it('has a key of 100 kB masked, with little memory', async ({ harness, expect }) => {
      const key = createHash('shake256', { outputLength: 50_000 }).update('a key').digest('hex');
      const child = await startMeasured(harness, key, ['printenv', 'VAST_API_KEY']);
      let text = '';
      for await (const chunk of child.stdout) text += String(chunk);
      expect(await peakOf(child, harness)).toBeLessThan(200_000);
      expect(text).toBe(`${key.slice(0, 3)}…\n`);
    });

    it('says if it could not be written', async ({ harness, expect }) => {
      const child = spawn(process.execPath, [BIN, 'exec', '--mask', 'always', '--', 'echo', 'text'], {
        env: { ...harness.home.env, ...env(harness) },
        stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
      });
      let text = '';
      child.stderr?.setEncoding('utf8').on('data', (more: string) => {
        text += more;
      });
      const [status] = await once(child, 'close');
      expect(status).toBe(1);
      expect(text).toContain('Output of the program was lost. ENOSPC');
    });

    it('is not masked for a stream that is a device', async ({ harness, expect }) => {
      const { stdout } = await inBash(harness, 'vastai exec -- readlink /proc/self/fd/2 2> /dev/null');
      expect(stdout).toBe('/dev/null\n');
    });
  });
