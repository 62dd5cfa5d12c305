import { it } from '@vastai-cli/testing/checkout/cli';
import { describe } from 'vitest';

describe.concurrent('a program without --', () => {
  // What is typed behind `vastai`, the first word of the program, and what the message says to type instead.
  it.for([
    ['exec ls', 'ls', 'exec -- ls'],
    ['exec ls -l', 'ls', 'exec -- ls -l'],
    ['exec python3 s.py', 'python3', 'exec -- python3 s.py'],
    ['exec ./deploy.sh --gpus 4 -v', './deploy.sh', 'exec -- ./deploy.sh --gpus 4 -v'],
    ['exec --profile work make deploy', 'make', 'exec --profile work -- make deploy'],
    ['--profile work exec make deploy', 'make', 'exec --profile work -- make deploy'],
    ['exec make --profile work', 'make', 'exec -- make --profile work'],
    ['exec ls --json', 'ls', 'exec -- ls --json'],
    ['exec --env TOKEN={{key}} ./run', './run', 'exec --env … -- ./run'],
    ['exec curl https://a.example/?b=c -s', 'curl', 'exec -- curl …'],
    [
      'exec --broker --only instance.list user.show ./a.sh -v',
      './a.sh',
      'exec --broker --only instance.list user.show -- ./a.sh -v',
    ],
    [
      'exec --broker --only instance.list python a.py',
      'python',
      'exec --broker --only instance.list -- python a.py',
    ],
    ['exec A=1', undefined, 'exec -- COMMAND'],
    ['official search offers -o dph', 'search', 'official -- search offers -o dph'],
    ['official --profile work --raw show user', 'show', 'official --profile work --raw -- show user'],
  ] as const)('vastai %s', async ([typed, first, meant], { harness, expect }) => {
    const { vastai, saveKey } = harness;
    await saveKey();
    for (const env of [{}, { VASTAI_DEBUG: '1' }]) {
      const ran = await vastai(typed.split(' '), { env });
      expect(ran.status).toBe(2);
      const message = `Unexpected argument${first === undefined ? '' : ` "${first}"`}.`;
      const what = typed.includes('official') ? 'command' : 'program';
      const hint = `Put -- before the ${what}: vastai ${meant}`;
      if (/--(?:json|raw)/u.test(typed))
        expect(ran.json()).toEqual({ error: { code: 'usage', message, hint } });
      else expect(ran).toMatchObject({ stdout: '', stderr: `Error: ${message}\n${hint}\n` });
    }
  });

  it.for([
    ['exec work -- ls -l', 'exec --profile work -- ls -l', 'exec -- work -- ls -l'],
    [
      'exec --mask never work -- ls',
      'exec --mask never --profile work -- ls',
      'exec --mask never -- work -- ls',
    ],
    ['official work -- show user', 'official --profile work -- show user', 'official -- work -- show user'],
  ] as const)('may be a profile, as in vastai %s', async ([typed, profile, program], { harness, expect }) => {
    const ran = await harness.vastai(typed.split(' '));
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain(`\nIf it is a profile: vastai ${profile}\n`);
    expect(ran.stderr).toMatch(new RegExp(`\nPut -- before the \\w+: vastai ${program}\n$`));
  });

  it('repeats no key, and no half of one', async ({ harness, expect }) => {
    const key = await harness.unknownKey();
    const half = key.slice(0, 32);
    for (const args of [
      [half],
      ['curl', half],
      ['curl', '-u', half],
      [half, 'ls'],
      ['--env', `A=${half}`, 'ls'],
    ]) {
      for (const name of ['exec', 'official']) {
        const ran = await harness.vastai([name, ...args]);
        expect(ran).toMatchObject({ status: 2, stdout: '' });
        expect(ran.stderr).not.toContain(half.slice(0, 12));
      }
    }
  });

  it('is not guessed behind a flag that exec does not have', async ({ harness, expect }) => {
    const ran = await harness.vastai(['exec', '--verbose', 'ls']);
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toMatch(/^Error: Unknown flag: --verbose\.\n/);
  });
});
