import { readFile } from 'node:fs/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect } from 'vitest';

const PAGE = new URL('../../../docs/permissions-in-ci.md', import.meta.url);
const SCHEMA_FILE = 'vast-permissions.schema.json';

/** Documents that an editor has to judge as `validate` does. */
const SAMPLES: readonly (readonly [string, boolean])[] = [
  ['{"api":{"instance_read":{}}}', true],
  ['{"$schema":"../vast-permissions.schema.json","api":{"billing_read":{}}}', true],
  ['{"api":{"instance_write":{"api.instance.destroy":{"constraints":{"id":{"eq":5}}}}}}', true],
  ['{"api":{"agents_read":{},"agents_write":{}}}', true],
  ['{"api":{"instance_reed":{}}}', false],
  ['{"api":{"instance_read":true}}', false],
  ['{"api":[]}', false],
  ['{"instance_read":{}}', false],
  ['{"permissions":{"api":{"instance_read":{}}}}', false],
  ['{"api":{"instance_write":{"api.instance.destroy":{"constraints":{"id":{"EQ":5}}}}}}', false],
  ['{"api":{"instance_write":{"api.instance.destroy":{"constraints":{"id":5}}}}}', false],
  ['null', false],
];

describe.concurrent('the schema that the page sets up', () => {
  it('accepts and refuses what validate does', async ({ harness: { vastai, home } }) => {
    const schema = (await vastai(['permissions', 'schema'])).stdout;
    const accepts = new Ajv2020({ strict: true, allowUnionTypes: true, strictTypes: false }).compile(
      JSON.parse(schema),
    );
    for (const [text, valid] of SAMPLES) {
      await home.write('sample.json', text);
      const { status } = await vastai(['permissions', 'validate', 'sample.json']);
      expect([text, accepts(JSON.parse(text)), status]).toEqual([text, valid, valid ? 0 : 10]);
    }
  });

  it('has one name on the page and in new files', async ({ harness: { vastai, home } }) => {
    const page = await readFile(PAGE, 'utf8');
    const blocks = [...page.matchAll(/^```json\n(.*?)^```/gmsu)].map(([, text]) =>
      JSON.parse(text as string),
    );
    const [document, settings] = blocks;
    expect(document.$schema).toBe(`../${SCHEMA_FILE}`);
    expect(settings['json.schemas']).toEqual([{ fileMatch: ['/keys/*.json'], url: `./${SCHEMA_FILE}` }]);
    expect(page).toContain(`$ vastai permissions schema > ${SCHEMA_FILE}\n`);
    await vastai(['permissions', 'init', 'perms.json', '--preset', 'monitoring']);
    const made = JSON.parse(await readFile(home.at('perms.json'), 'utf8'));
    expect(made.$schema).toBe(`./${SCHEMA_FILE}`);
  });
});
