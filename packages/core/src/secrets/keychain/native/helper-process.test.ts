import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cliRoot } from '@vastai-cli/testing/checkout/paths';
import {
  type SecretService,
  secretServiceInstalled,
  startSecretService,
} from '@vastai-cli/testing/secret-service';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const KEY = 'hidden-key-0123456789abcdef';
const OTHER_SECRET = 'another-secret-9876543210';

/** Saves the key from its standard input, bundled into one file like a plugin. */
const PROGRAM = `
import { readFileSync } from 'node:fs';
import { readEnvironment } from '../../base/environment.js';
import { ApiKey } from '../../base/api-key.js';
import { keychainStore } from './store.js';

const environment = readEnvironment(process.env);
const store = keychainStore({ environment, cliRoot: process.argv[2], interactive: true });
const key = ApiKey.parse(readFileSync(0, 'utf8'));
store.write('default', key).then(() => console.log('saved'), (error) => console.log(error.message));
`;

describe.runIf(secretServiceInstalled())('the process that calls the keychain', () => {
  let folder: string;
  let service: SecretService;
  let parent: ChildProcess | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vastai-bundle-'));
    await build({
      stdin: { contents: PROGRAM, resolveDir: fileURLToPath(new URL('..', import.meta.url)), loader: 'ts' },
      outfile: join(folder, 'program.cjs'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
    });
    await writeFile(join(folder, 'hook.cjs'), 'console.log("hooked");');
  });
  afterAll(() => rm(folder, { recursive: true }));

  beforeEach(async () => {
    service = await startSecretService({ prompter: 'silent' });
  });
  afterEach(async () => {
    parent?.kill('SIGKILL');
    parent = undefined;
    await service.stop();
  });

  function save(limit: string): ChildProcess & { output: Promise<string> } {
    const env = {
      PATH: process.env.PATH,
      ...service.env,
      VASTAI_KEYCHAIN_TIMEOUT: limit,
      VAST_API_KEY: OTHER_SECRET,
      NODE_OPTIONS: `--require ${join(folder, 'hook.cjs')}`,
    };
    const started = spawn(process.execPath, [join(folder, 'program.cjs'), cliRoot], {
      cwd: folder,
      env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    parent = started;
    started.stdin.end(KEY);
    return Object.assign(started, { output: textOf(started) });
  }

  /** Its native call hangs: the collection is locked, and the prompt for its password never responds. */
  async function hangingChild(limit: string): Promise<{ parent: ReturnType<typeof save>; pid: number }> {
    await service.store('default', 'the key from before');
    await service.lock();
    const started = save(limit);
    return { parent: started, pid: await childOf(started.pid) };
  }

  it('saves a key from a bundle, untouched by the options of Node that its user set', async () => {
    expect(await save('10').output).toBe('hooked\nsaved\n');
    expect(await service.lookup('default')).toBe(KEY);
  });

  it('has no key in its arguments or its environment', async () => {
    const { pid } = await hangingChild('30');
    const shown = `${await readFile(`/proc/${pid}/cmdline`, 'utf8')}${await readFile(`/proc/${pid}/environ`, 'utf8')}`;
    expect(shown).toContain('keytar');
    expect(shown).toContain(service.env.DBUS_SESSION_BUS_ADDRESS);
    for (const secret of [KEY, OTHER_SECRET, 'VAST_API_KEY', 'NODE_OPTIONS'])
      expect(shown).not.toContain(secret);
  });

  it('ends after the time limit', async () => {
    const { parent, pid } = await hangingChild('1.5');
    expect(await parent.output).toMatch(/did not respond within 1\.5 s/);
    await gone(pid);
  });

  it('ends soon after its parent was killed', async () => {
    const { parent, pid } = await hangingChild('30');
    parent.kill('SIGKILL');
    await gone(pid);
  });

  it('ends itself if its parent is suspended', async () => {
    const { parent, pid } = await hangingChild('2');
    parent.kill('SIGSTOP');
    await gone(pid);
  });
});

async function textOf(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (part) => {
    text += part;
  });
  await once(child, 'close');
  return text;
}

async function childOf(pid: number | undefined): Promise<number> {
  return eventually(async () => {
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    const child = Number(children.trim().split(' ')[0]);
    // Before exec, a new process still shows the arguments of its parent.
    const program = child > 0 ? await readFile(`/proc/${child}/cmdline`, 'utf8').catch(() => '') : '';
    return program.includes('keytar') ? child : undefined;
  });
}

async function gone(pid: number): Promise<void> {
  await eventually(async () => {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    // A zombie has the state Z.
    return status === undefined || /\) Z /.test(status) ? true : undefined;
  });
}

/** Polls until the condition holds. The time limit of the test ends it. */
async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(20);
  }
}
