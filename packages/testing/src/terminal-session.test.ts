import { writeFile } from 'node:fs/promises';
import { describe, expect, it as plainIt } from 'vitest';
import { createHome, type TestHome } from './home.js';
import { canOpenTerminal, openTerminalSession } from './terminal-session.js';

const WORDS = ['', 'two words', `it's "quoted"`, '$HOME `id` \\', 'two\nlines', '*', '--flag=é'];
const PROGRAM = `
  console.log([process.stdin.isTTY, process.stdout.isTTY ?? false, process.stdout.columns ?? 0].join(' '));
  console.log(JSON.stringify(process.argv.slice(2)));
  console.log(Object.keys(process.env).filter((name) => name.startsWith('TEST_')).join());
  process.exitCode = 3;
`;

const it = plainIt.extend<{ home: TestHome; program: string }>({
  home: async ({ onTestFinished }, use) => {
    const home = await createHome();
    onTestFinished(() => home.remove());
    await use(home);
  },
  program: async ({ home }, use) => {
    const program = home.at('program.mjs');
    await writeFile(program, PROGRAM);
    await use(program);
  },
});

describe.runIf(canOpenTerminal())('a program on a terminal', () => {
  it('gets its arguments unchanged, and no variable that passed them on', async ({ home, program }) => {
    const { env, path: cwd } = home;
    const { status, screen } = await openTerminalSession(program, WORDS, { env, cwd, columns: 400 }).ended;
    expect(status).toBe(3);
    expect(screen.split('\r\n')).toEqual(['true true 400', JSON.stringify(WORDS), '', '']);
  });

  it('can write its standard output to a file', async ({ home, program }) => {
    const { env, path: cwd } = home;
    const stdoutTo = home.at(`what it's called.txt`);
    const { status, screen } = await openTerminalSession(program, WORDS, { env, cwd, stdoutTo }).ended;
    expect([status, screen]).toEqual([3, '']);
    expect(await home.read(`what it's called.txt`)).toBe(`true false 0\n${JSON.stringify(WORDS)}\n\n`);
  });
});
