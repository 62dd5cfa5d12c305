import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CAPABILITIES } from '@vastai-cli/permissions/decision/capability-names';
import { describe, expect, it } from 'vitest';
import { useWorkingFolder } from '../../test/support/working-folder.js';
import { POLICY_NAME } from './find-policy.js';
import { readPolicy } from './read-policy.js';

const folder = useWorkingFolder();
const { put } = folder;

describe('a policy', () => {
  it('is read with the line of each allowance', async () => {
    put(
      POLICY_NAME,
      '{\n"$schema": "x",\n"failLevel": "security",\n"allow": [\n{ "finding": "VP205", "reason": "r" },\n\n{ "finding": "destroy", "files": ["a/**"], "path": "$.api", "reason": "r", "expires": "2028-02-29" }]}',
    );
    expect(await readPolicy(POLICY_NAME)).toEqual({
      file: POLICY_NAME,
      policy: {
        failLevel: 'security',
        allow: [
          { finding: 'VP205', reason: 'r' },
          { finding: 'destroy', files: ['a/**'], path: '$.api', reason: 'r', expires: '2028-02-29' },
        ],
      },
      allowLines: [5, 7],
    });
    put(
      POLICY_NAME,
      '\ufeff{"levels":{"VP101":"off"},"failOn":[],"overrides":[{"files":["x"],"levels":{}}]}',
    );
    expect(await readPolicy(POLICY_NAME)).toMatchObject({ allowLines: [] });
  });

  const allow = (more: object) => ({ allow: [{ finding: 'VP205', reason: 'r', ...more }] });
  const date = 'Write a date such as "2027-03-31".';
  it.each<[unknown, string, string?]>([
    ['', '1:1: The file is empty. Write an object.'],
    ['[]', '1:1: Write an object.'],
    ['{"levls":{}}', '1:2: Unknown key "levls". Did you mean "levels"?'],
    ['{"xyz":{}}', '1:2: Unknown key "xyz".'],
    ['{"constructor":{}}', '1:2: Unknown key "constructor".'],
    ['{"levels":{"__proto__":"off"}}', '1:12: Unknown key "__proto__".'],
    ['{"levels":{},"levels":{}}', '1:14: Duplicate key "levels".'],
    ['{"overrides":[{"files":["a"],"files":["b"]}]}', '1:30: Duplicate key "files".'],
    [
      '{"levels":{"VP999":"off"}}',
      '1:12: "VP999": Unknown code. See docs/permission-diagnostics.md for all codes.',
    ],
    [
      '{"levels":{"VP014":"off"}}',
      '1:12: "VP014": It is an error, so its level cannot be changed. Accept it with "allow", or correct the file.',
    ],
    ['{"levels":{"VP101":"low"}}', '1:20: "VP101": The levels are off, warning, security, error.'],
    ['{"levels":["VP101"]}', '1:11: "levels": Write an object.'],
    ['{"failLevel":"low"}', '1:14: "failLevel": The levels are error, security, warning.'],
    ['{"failOn":["destroy","fly"]}', `1:22: The gates are ${CAPABILITIES.join(', ')}.`],
    ['{"failOn":5}', `1:11: "failOn": Write an array of ${CAPABILITIES.join(', ')}.`],
    ['{"allow":{}}', '1:10: "allow": Write an array.'],
    ['{"allow":[5]}', '1:11: Write an object.'],
    ['{"allow":[\n{"finding":"VP205"}]}', '2:1: Missing key "reason".'],
    [allow({ reason: ' ' }), '1:39: "reason": Say why it is allowed.'],
    [allow({ reason: 5 }), '1:39: "reason": Write a sentence.'],
    [
      allow({ finding: 5 }),
      '1:22: "finding": Write a code such as "VP205", or a gate such as "spend-money".',
    ],
    [
      allow({ finding: 'VP999' }),
      `1:22: "finding": Write a code such as VP205, or one of ${CAPABILITIES.join(', ')}.`,
    ],
    [allow({ path: 5 }), '1:50: "path": Write a JSONPath such as "$.api.misc".'],
    [allow({ expires: '2027-02-29' }), `1:53: "expires": ${date}`],
    [allow({ expires: '2027-2-2' }), `1:53: "expires": ${date}`],
    [allow({ expires: 'x2027-03-31' }), `1:53: "expires": ${date}`],
    [allow({ expires: '2027-03-31x' }), `1:53: "expires": ${date}`],
    [allow({ expires: 5 }), `1:53: "expires": ${date}`],
    [allow({ files: [] }), '1:51: "files": Write at least one glob.'],
    [allow({ files: 'x' }), '1:51: "files": Write an array of globs.'],
    [allow({ files: [5] }), '1:52: A glob must be a string.'],
    [allow({ files: [''] }), '1:52: A glob must not be empty.'],
    [allow({ files: ['a\\b'] }), '1:52: Use "/" between folders.'],
    [allow({ files: ['x'.repeat(501)] }), '1:52: A glob has at most 500 characters.'],
    [allow({ files: Array(101).fill('x') }), '1:51: "files": Write at most 100 globs.'],
    ['{"overrides":5}', '1:14: "overrides": Write an array.'],
    ['{"overrides":[5]}', '1:15: Write an object.'],
    ['{"overrides":[{"levels":{}}]}', '1:15: Missing key "files".'],
    ['{"overrides":[{"files":["a"],"file":1}]}', '1:30: Unknown key "file". Did you mean "files"?'],
    ['{"$schema":5}', '1:12: "$schema": '],
  ])('is rejected with the position of the problem: %j', async (content, message) => {
    put(POLICY_NAME, content);
    await expect(readPolicy(POLICY_NAME)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(`${POLICY_NAME}:${message}`),
    });
    if (!message.endsWith(': '))
      await expect(readPolicy(POLICY_NAME)).rejects.toThrow(
        new RegExp(`${message.replaceAll(/[$.()[\]\\^*+?|{}]/gu, '\\$&')}$`, 'u'),
      );
  });

  it('may have 500 characters in a glob, and 100 globs', async () => {
    put(POLICY_NAME, allow({ files: Array(100).fill('x'.repeat(500)) }));
    expect((await readPolicy(POLICY_NAME)).policy.allow?.[0]?.files).toHaveLength(100);
  });

  it('is rejected with a list of up to six problems', async () => {
    put(POLICY_NAME, '{"levels":5,"failLevel":5}');
    await expect(readPolicy(POLICY_NAME)).rejects.toMatchObject({
      message: `${POLICY_NAME}:1:11: "levels": Write an object.`,
      hint: `${POLICY_NAME}:1:25: "failLevel": The levels are error, security, warning.`,
    });
    const linesOf = async (count: number) => {
      put(POLICY_NAME, `{"allow":[${Array(count).fill('1').join(',')}]}`);
      const error = await readPolicy(POLICY_NAME).then(
        (): { hint?: string } => ({}),
        (thrown: { hint?: string }) => thrown,
      );
      return error.hint?.split('\n') ?? [];
    };
    expect(await linesOf(6)).toHaveLength(5);
    expect(await linesOf(8)).toHaveLength(6);
    expect((await linesOf(8)).at(-1)).toBe('and 2 more.');
  });

  it('must be UTF-8 text of at most 1 MiB', async () => {
    put(POLICY_NAME, `{${' '.repeat(1024 * 1024 - 2)}}`);
    expect(await readPolicy(POLICY_NAME)).toMatchObject({ policy: {} });
    put(POLICY_NAME, `{${' '.repeat(1024 * 1024 - 1)}}`);
    await expect(readPolicy(POLICY_NAME)).rejects.toThrow(`${POLICY_NAME} is larger than 1 MiB.`);
    writeFileSync(join(folder.path, POLICY_NAME), Buffer.from([0x7b, 0xff, 0x7d]));
    await expect(readPolicy(POLICY_NAME)).rejects.toThrow(`${POLICY_NAME} is not UTF-8.`);
  });
});
