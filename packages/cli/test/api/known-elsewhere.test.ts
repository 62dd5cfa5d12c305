import { it } from '@vastai-cli/testing/checkout/cli';
import { describe } from 'vitest';

/** Flags as people type them to gh, curl and HTTPie, and what we call them. */
const FLAGS = [
  ['-q .id', '--jq EXPR'],
  ['--query=.id', '--jq EXPR'],
  ['-t {{.id}}', '--jq EXPR'],
  ['--template {{.id}}', '--jq EXPR'],
  ['--input body.json', '-d @FILE, or -d - for standard input'],
  ['--input -', '-d @FILE, or -d - for standard input'],
  ['--data-raw {}', '-d JSON'],
  ['--data-binary {}', '-d JSON'],
  ['--body {}', '-d JSON'],
  ['--request POST', '-X METHOD'],
  ['--request=POST', '-X METHOD'],
  ['-G', '-X GET'],
  ['--get', '-X GET'],
  ['--form a=1', '-f KEY=STRING'],
  ['--paginate --slurp', '--paginate alone'],
  ['--limit 5', '--paginate --max N'],
  ['--hostname console.vast.ai', '--url URL'],
  ['-v', '--explain'],
  ['--verbose', '--explain'],
  ['-m 5', '--timeout SECONDS'],
  ['--max-time 5', '--timeout SECONDS'],
] as const;

const unknown = (words: string) =>
  words.split(/[ =]/u).find((word) => /^-/u.test(word) && !/pagin/u.test(word));

describe.concurrent('vastai api, typed as another program takes it', () => {
  it.for(FLAGS)('users/current %s: names our flag', async ([words, ours], { harness, expect }) => {
    const ran = await harness.vastai(['api', 'users/current', ...words.split(' ')]);
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toBe(
      `Error: Unknown flag: ${unknown(words)}.\nDid you mean: ${ours}\nAdd --help to see what this command takes.\n`,
    );
    expect(harness.asked()).toEqual([]);
  });

  it('otherwise names the most similar flag', async ({ harness, expect }) => {
    const { stderr } = await harness.vastai(['api', 'users/current', '--metod', 'PUT']);
    expect(stderr).toContain('Did you mean: --method\n');
  });

  it.for([
    ['DELETE', 'instances/5'],
    ['delete', 'instances/5', '--dry-run'],
    ['--describe', 'DELETE', 'instances/5'],
    ['DELETE instances/5'],
    ['-X', 'PUT', 'DELETE instances/5'],
  ])('%j: says where the method goes', async (args, { harness, expect }) => {
    const ran = await harness.vastai(['api', ...args]);
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toMatch(/^Error: .*\nGive the method with -X: -X DELETE\n$/u);
    expect(harness.asked()).toEqual([]);
  });

  it.for([
    ['instances/5', 'label=5ecret'],
    ['instances/5', 'label=5ecret', 'n:=5'],
    ['PUT', 'instances/5', 'label=5ecret'],
  ])('%j: says which flag a field needs, without its value', async (args, { harness, expect }) => {
    const ran = await harness.vastai(['api', ...args]);
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain(args[0] === 'PUT' ? '-X PUT\n' : '-f KEY=STRING, or -F KEY=VALUE\n');
    expect(ran.stderr).not.toContain('5ecret');
  });
});
