import { describe, expect, it } from 'vitest';
import { naiveVerdict, text } from '../../test-support/naive-decision.js';
import { RandomDocuments } from '../../test-support/random-documents.js';
import { OPERATIONS } from '../catalogue/catalogue.js';
import { formatPath } from '../json/json-path.js';
import { accessReader, isFullAccess } from './access.js';
import { undocumentedParts } from './undocumented-parts.js';

const list = (document: unknown): string[] =>
  undocumentedParts(document).map(({ path, kind }) => `${formatPath(path)}: ${kind}`);
const show = (leaf: unknown): unknown => ({ api: { instance_read: { 'api.instance.show': leaf } } });
const AT = "$.api.instance_read['api.instance.show']";

describe('undocumentedParts', () => {
  it.each<[document: unknown, parts: string[]]>([
    [null, []],
    [{ api: { misc: {}, instance_read: { 'api.instance.show': { constraints: { id: { eq: 5 } } } } } }, []],
    [{ $schema: 'x', api: { misc: {} } }, []],
    [{ id: { eq: 5 } }, ['$: format']],
    [[], ['$: format']],
    [{ api: [] }, ['$: format']],
    [{ api: {} }, ['$.api: empty']],
    [{ api: { params: 1 } }, ['$.api: empty', '$.api.params: undocumented_key']],
    [
      { id: 5, api: { misc: {} }, constraints: 1, Constraints: 2 },
      ['$.id: unknown_key', '$.constraints: undocumented_key', '$.Constraints: unknown_key'],
    ],
    [
      { api: { template_read: { 'api.x.y': {} }, '*': {}, misc: 5, Params: 1 } },
      [
        '$.api.template_read: category',
        "$.api['*']: name",
        '$.api.misc: format',
        '$.api.Params: undocumented_key',
      ],
    ],
    [
      { api: { misc: { 'api.x.y': {}, 'api.*': {}, 'api.instance.show': {}, show: {}, params: 1 } } },
      [
        "$.api.misc['api.x.y']: endpoint_name",
        "$.api.misc['api.*']: name",
        "$.api.misc['api.instance.show']: endpoint_name",
        '$.api.misc.show: endpoint_name',
        '$.api.misc.params: undocumented_key',
      ],
    ],
    [show(true), [`${AT}: format`]],
    [show({ constraints: 5 }), [`${AT}.constraints: format`]],
    [
      show({ params: 1, x: 1, Params: 1 }),
      [`${AT}.params: undocumented_key`, `${AT}.x: unknown_key`, `${AT}.Params: unknown_key`],
    ],
    [
      show({ constraints: { id: { in: [5] }, '*': { eq: 5 }, label: { eq: '5' }, tail: { gte: 1 } } }),
      [
        `${AT}.constraints.id: condition`,
        `${AT}.constraints['*']: condition`,
        `${AT}.constraints.label: condition`,
      ],
    ],
  ])('of %j are %j', (document, parts) => {
    expect(list(document)).toEqual(parts);
  });

  it('have a reason, a value, and say whether they can only take access away', () => {
    expect(undocumentedParts({ api: { misc: {} }, params: { a: 1 }, id: { eq: 5 } })).toMatchObject([
      { value: { a: 1 }, reason: 'The effect of "params" here is not documented.', narrowsOnly: true },
      { value: { eq: 5 }, reason: 'The effect of "id" beside "api" is not documented.', narrowsOnly: false },
    ]);
  });

  it('are found in every document that leaves an operation with a known category unknown', () => {
    const known = OPERATIONS.filter(({ category }) => category !== 'unknown');
    const random = new RandomDocuments(1);
    for (let index = 0; index < 1000; index += 1) {
      const document = random.document();
      const accessTo = accessReader(document);
      if (known.some((operation) => accessTo(operation).grant === 'unknown')) {
        expect(undocumentedParts(document), text(document)).not.toEqual([]);
      }
      if (isFullAccess(document)) expect(undocumentedParts(document)).toEqual([]);
    }
  });

  it('are found wherever the naive procedure is unsure for a plain value', () => {
    const random = new RandomDocuments(2);
    for (let index = 0; index < 5000; index += 1) {
      const [document, operation] = [random.document(), random.operation()];
      if (operation.category === 'unknown') continue;
      if (naiveVerdict(document, operation, { id: 5, tail: 5, label: 'a', ID: 5 }) === 'unknown') {
        expect(undocumentedParts(document), text(document)).not.toEqual([]);
      }
    }
  });
});
