import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { it } from '@vastai-cli/testing/checkout/cli';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { describe } from 'vitest';

const require = createRequire(import.meta.url);
const sarifSchema = require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
const NAME = 'a b\n::error file=x::%.env';

/** Returns a check against the published schema of SARIF. */
function sarifCheck() {
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  formats.default(ajv);
  const {
    $schema: _,
    id: __,
    ...schema
  } = JSON.parse(readFileSync(sarifSchema, 'utf8')) as Record<string, unknown>;
  return ajv.compile(schema);
}

describe.concurrent('a format of scan', () => {
  it.runIf(process.platform !== 'win32')(
    'sarif follows the published schema, and is the same in every run',
    async ({ harness, expect }) => {
      const { vastai, home } = harness;
      const key = await harness.unknownKey();
      await home.write(`work/${NAME}`, `VAST_API_KEY=${key}\n`);
      await home.write('work/h', `vastai set api-key ${key}\n`);
      const run = () => vastai(['scan', '--format', 'sarif'], { cwd: home.at('work') });
      const ran = await run();
      expect(ran.status).toBe(10);
      const sarif = JSON.parse(ran.stdout);
      const accepts = sarifCheck();
      expect([accepts(sarif), accepts.errors ?? []]).toEqual([true, []]);
      const [{ tool, results }] = sarif.runs;
      expect(tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual([
        'vastai-key/assignment',
        'vastai-key/command',
      ]);
      expect(results[0]).toMatchObject({
        ruleId: 'vastai-key/assignment',
        ruleIndex: 0,
        level: 'error',
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: encodeURIComponent(NAME) },
              region: { startLine: 1, startColumn: 14 },
            },
          },
        ],
      });
      expect((await run()).stdout).toBe(ran.stdout);
    },
  );

  it.runIf(process.platform !== 'win32')(
    'github annotates lines, and no name starts a command',
    async ({ harness, expect }) => {
      const { vastai, home } = harness;
      const key = await harness.unknownKey();
      await home.write(`work/${NAME}`, `VAST_API_KEY=${key}\n`);
      const ran = await vastai(['scan', '--format', 'github'], { cwd: home.at('work') });
      expect(ran.status).toBe(10);
      expect(ran.stdout).toBe(
        `::error file=a b%0A%3A%3Aerror file=x%3A%3A%25.env,line=1,col=14,title=Leaked Vast.ai API key::The Vast.ai API key …${key.slice(-4)} is assigned to a name with “vast”. Delete it with: vastai revoke api-key\n`,
      );
    },
  );

  it.for(['sarif', 'github', 'pretty'] as const)(
    '%s is empty without a key',
    async (format, { harness, expect }) => {
      await harness.home.write('work/a.txt', 'x\n');
      const ran = await harness.vastai(['scan', 'work', '--format', format]);
      expect(ran.status).toBe(0);
      if (format === 'sarif') expect(JSON.parse(ran.stdout).runs[0].results).toEqual([]);
      else expect(ran.stdout).toBe('');
    },
  );
});
