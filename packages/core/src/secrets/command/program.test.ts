import { describe, expect, it } from 'vitest';
import { type FileKind, findProgram, type Program } from './program.js';

/** Returns a system with these files. */
function machine(
  platform: NodeJS.Platform,
  files: Readonly<Record<string, FileKind>>,
  env: NodeJS.ProcessEnv,
) {
  const key = (path: string) => (platform === 'win32' ? path.toLowerCase() : path);
  const kinds = new Map(Object.entries(files).map(([path, kind]) => [key(path), kind]));
  return (...command: string[]) =>
    findProgram(command, { platform, env, kindOf: (path) => kinds.get(key(path)) ?? 'missing' });
}

describe('the program of a key command', () => {
  const find = machine(
    'linux',
    {
      '/opt/op': 'program',
      '/usr/bin/op': 'program',
      'op-here': 'program',
      './op': 'program',
      'bin/op-here': 'program',
      '/opt/notes': 'other',
      '/usr/bin/notes': 'program',
      '/opt/plain': 'other',
      '/opt': 'folder',
    },
    { PATH: '::.:bin:/opt:/usr/bin' },
  );

  it('is the first one in PATH that can be started', () => {
    expect(find('op', 'read', 'x')).toEqual({ file: '/opt/op', args: ['read', 'x'], verbatim: false });
    expect(find('notes')).toEqual({ file: '/usr/bin/notes', args: [], verbatim: false });
    expect(find('/usr/bin/op')).toEqual({ file: '/usr/bin/op', args: [], verbatim: false });
  });

  it('never comes from the folder one works in', () => {
    expect(find('op-here')).toMatchObject({ code: 'command_missing' });
    for (const path of ['./op', 'bin/op-here'])
      expect(find(path)).toMatchObject({ code: 'command_not_safe' });
  });

  it('may have a tilde or a dollar sign in its name', () => {
    const odd = machine('linux', { '/opt/op~1': 'program', '/opt/$op': 'program' }, { PATH: '/opt' });
    expect(odd('op~1')).toMatchObject({ file: '/opt/op~1' });
    expect(odd('/opt/$op')).toMatchObject({ file: '/opt/$op' });
  });

  it('is not found without a PATH', () => {
    expect(machine('linux', { op: 'program', '/opt/op': 'program' }, {})('op')).toEqual({
      failure: 'was not found',
      code: 'command_missing',
    });
  });

  const absolute = 'Use an absolute path in config.json.';
  const unexpanded = {
    failure: 'was not found: it runs without a shell, so "~" and variables are not expanded',
    code: 'command_missing',
    fix: absolute,
  };
  const missing = { failure: 'was not found', code: 'command_missing' };
  const failed = (why: string) => ({ failure: `could not be started: ${why}`, code: 'command_failed' });
  it.each([
    ['', failed('its name is empty')],
    ['~/bin/op', unexpanded],
    ['$HOME/bin/op', unexpanded],
    [
      './op',
      {
        failure: 'is not run: a relative path leads to a different program in each folder',
        code: 'command_not_safe',
        fix: absolute,
      },
    ],
    ['nothing', missing],
    ['/nothing', missing],
    ['/opt', failed('/opt is a folder')],
    ['/opt/plain', failed('/opt/plain is not executable')],
    ['plain', failed('/opt/plain is not executable')],
  ])('says what is wrong with %j', (name, fault) => {
    expect(find(name)).toEqual(fault);
  });
});

describe('the program of a key command on Windows', () => {
  const files: Readonly<Record<string, FileKind>> = {
    'C:\\op\\op.exe': 'program',
    'C:\\op\\op.cmd': 'program',
    'C:\\npm\\bw': 'program',
    'C:\\npm\\bw.cmd': 'program',
    'C:\\npm\\gcloud.CMD': 'program',
    'C:\\100%\\odd.bat': 'program',
    'bw.cmd': 'program',
    '.\\bw.cmd': 'program',
  };
  const env = { Path: '.;"C:\\op";C:\\npm;C:\\100%', PATHEXT: '.EXE;.CMD;.BAT', SystemRoot: 'D:\\Windows' };
  const find = machine('win32', files, env);
  const shell = 'D:\\Windows\\System32\\cmd.exe';
  const line = (text: string) => ['/e:on', '/v:off', '/d', '/s', '/c', text];

  it('is found by the extensions of PATHEXT, in their order', () => {
    expect(find('op', 'read')).toEqual({ file: 'C:\\op\\op.EXE', args: ['read'], verbatim: false });
    const both = { 'C:\\x\\op.exe': 'program', 'C:\\x\\op.cmd': 'program', 'C:\\x\\op': 'program' } as const;
    const usual = machine('win32', both, { PATH: 'C:\\x' });
    expect(usual('op')).toMatchObject({ file: 'C:\\x\\op.EXE' });
    expect(usual('OP.CMD')).toMatchObject({ verbatim: true });
    expect(machine('win32', both, { PATH: 'C:\\x', PATHEXT: ';;cmd' })('op')).toMatchObject({
      code: 'command_missing',
    });
  });

  it('is run by cmd.exe where it is a batch file, every word in quotation marks', () => {
    for (const name of ['bw', 'bw.cmd', 'C:\\npm\\bw.cmd']) {
      const found = find(name, 'get', 'a & b | c > d ^ (e) !f!', 'C:\\my keys\\');
      expect(found).toMatchObject({ file: shell, verbatim: true });
      expect((found as Program).args).toEqual([
        ...line(
          expect.stringMatching(
            /^""C:\\npm\\bw\.cmd" "get" "a & b \| c > d \^ \(e\) !f!" "C:\\my keys\\\\""$/i,
          ),
        ),
      ]);
    }
  });

  it('is run by the cmd.exe of Windows, even without SystemRoot', () => {
    const { SystemRoot: _, ...rest } = env;
    expect(machine('win32', files, rest)('bw', 'a\\b\\\\')).toEqual({
      file: 'C:\\Windows\\System32\\cmd.exe',
      args: line('""C:\\npm\\bw.CMD" "a\\b\\\\\\\\""'),
      verbatim: true,
    });
  });

  it.each(['say "x"', '%PATH%', 'two\nlines'])('is not given %j through cmd.exe', (argument) => {
    expect(find('bw', argument)).toEqual({
      failure:
        'is not run: it is a batch file, and quotation marks, % and line breaks cannot be passed to one safely',
      code: 'command_not_safe',
      fix: 'Use the program that the batch file starts.',
    });
    expect(find('op', argument)).toMatchObject({ args: [argument] });
  });

  it('is not run where its own path cannot be passed safely', () => {
    expect(find('odd')).toMatchObject({ code: 'command_not_safe' });
  });

  it('never comes from the folder one works in', () => {
    expect(machine('win32', files, { Path: '.;;' })('bw')).toMatchObject({ code: 'command_missing' });
    for (const path of ['.\\bw.cmd', 'npm\\bw', 'C:bw.cmd'])
      expect(find(path)).toMatchObject({ code: 'command_not_safe' });
    expect(find('%USERPROFILE%\\bw.cmd')).toMatchObject({ failure: expect.stringMatching(/not expanded/) });
  });
});
