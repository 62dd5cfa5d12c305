import { expect, it } from 'vitest';
import { OPERATIONS } from '../catalogue/catalogue.js';
import { accessReader } from './access.js';
import { capabilitiesOf } from './capabilities.js';
import { undocumentedParts } from './undocumented-parts.js';

const COUNT = 50_000;
const many = (name: (index: number) => string, value: unknown): Record<string, unknown> =>
  Object.fromEntries(Array.from({ length: COUNT }, (_, index) => [name(index), value]));

// Every operation against every key would take minutes.
it.each<[what: string, document: unknown]>([
  [
    'endpoints',
    {
      api: {
        misc: many((index) => `api.x.y${index}`, {}),
        user_write: many((index) => `api.z.y${index}`, {}),
      },
    },
  ],
  [
    'endpoints of another category',
    { api: { misc: many((index) => `api.x.y${index}`, {}), instance_read: {} } },
  ],
  [
    'endpoints beside a published one',
    { api: { instance_write: { ...many((index) => `api.x.y${index}`, {}), 'api.instance.destroy': {} } } },
  ],
  ['patterns', { api: { instance_write: many((index) => `api.x${index}.*`, {}) } }],
  ['categories', { api: { ...many((index) => `x_${index}`, {}), misc: {} } }],
  ['keys beside "api"', { ...many((index) => `x${index}`, {}), api: { misc: {} } }],
  [
    'constraints',
    {
      api: {
        instance_read: { 'api.instance.show': { constraints: many((index) => `x${index}`, { eq: 'a' }) } },
      },
    },
  ],
])('reads a document with 50,000 %s once for all operations', (_, document) => {
  const start = performance.now();
  const accessTo = accessReader(document);
  for (const operation of OPERATIONS) accessTo(operation);
  capabilitiesOf(document);
  undocumentedParts(document);
  // It takes less than a second where nothing else runs.
  expect(performance.now() - start).toBeLessThan(20_000);
});
