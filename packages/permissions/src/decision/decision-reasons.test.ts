import { describe, expect, it } from 'vitest';
import { combineDecisions, type Decision, decide, decideOperation } from './decide.js';

const leaf = (node: unknown): unknown => ({ api: { instance_read: { 'api.instance.show': node } } });
const AT = "$.api.instance_read['api.instance.show']";

describe('a decision', () => {
  const undocumented = (key: string) => `The effect of "${key}" here is not documented.`;

  it.each<[document: unknown, verdict: string, reason: string, path: string | undefined]>([
    [false, 'allow', 'A key without a permission document has full access.', undefined],
    [[], 'unknown', 'The document does not have the format that Vast.ai documents.', '$'],
    [{ api: [] }, 'unknown', 'The document does not have the format that Vast.ai documents.', '$'],
    [{ api: {} }, 'unknown', 'What an "api" without categories grants is not documented.', '$.api'],
    [
      { api: { params: {} } },
      'unknown',
      'What an "api" without categories grants is not documented.',
      '$.api',
    ],
    [{ api: { misc: {} } }, 'deny', 'The document does not grant instance_read.', '$.api'],
    [
      { api: { instance_read: {} }, read: 1 },
      'unknown',
      'The effect of "read" beside "api" is not documented.',
      '$.read',
    ],
    [{ api: { misc: {} }, $schema: 'x' }, 'deny', 'The document does not grant instance_read.', '$.api'],
    [
      { api: { 'instance_*': {} } },
      'unknown',
      'The pattern "instance_*" may cover instance_read.',
      "$.api['instance_*']",
    ],
    [
      { api: { Instance_Read: {} } },
      'unknown',
      '"Instance_Read" may mean instance_read.',
      '$.api.Instance_Read',
    ],
    [
      { api: { instance_read: { 'api.instance.': {}, 'api.instance.show': {} } } },
      'unknown',
      'The pattern "api.instance." may cover api.instance.show.',
      "$.api.instance_read['api.instance.']",
    ],
    [
      { api: { instance_read: { show: {} } } },
      'unknown',
      '"show" may mean api.instance.show.',
      '$.api.instance_read.show',
    ],
    [
      leaf({ constraints: { id: { eq: '5' } } }),
      'unknown',
      'How the constraint on "id" compares "5" is not documented.',
      `${AT}.constraints.id`,
    ],
    [
      leaf({ constraints: { '*': { eq: 5 } } }),
      'unknown',
      'The parameter "*" looks like a pattern, which is not documented.',
      `${AT}.constraints['*']`,
    ],
    [
      { api: { instance_read: {} } },
      'allow',
      'The document allows everything in instance_read.',
      '$.api.instance_read',
    ],
    [
      { api: { instance_read: 5 } },
      'unknown',
      'The value of instance_read is not an object.',
      '$.api.instance_read',
    ],
    [{ api: { instance_read: {} }, params: 1 }, 'unknown', undocumented('params'), '$.params'],
    [{ api: { instance_read: {} }, constraints: 1 }, 'unknown', undocumented('constraints'), '$.constraints'],
    [{ api: { instance_read: {}, params: 1 } }, 'unknown', undocumented('params'), '$.api.params'],
    [
      { api: { instance_read: { params: 1 } } },
      'unknown',
      undocumented('params'),
      '$.api.instance_read.params',
    ],
    [leaf({}), 'allow', 'The document allows api.instance.show.', AT],
    [leaf(5), 'unknown', 'The value of "api.instance.show" is not an object.', AT],
    [leaf({ x: 1 }), 'unknown', 'The effect of "x" in an endpoint is not documented.', `${AT}.x`],
    [
      leaf({ constraints: 1 }),
      'unknown',
      'The constraints of api.instance.show are not an object.',
      `${AT}.constraints`,
    ],
    [
      leaf({ constraints: {} }),
      'allow',
      'The document allows api.instance.show within its constraints.',
      `${AT}.constraints`,
    ],
    [
      leaf({ constraints: { id: { eq: 6 } } }),
      'deny',
      'The constraint on "id" does not allow "5".',
      `${AT}.constraints.id`,
    ],
    [
      leaf({ constraints: { id: { in: [5] } } }),
      'unknown',
      'The form of the constraint on "id" is not documented.',
      `${AT}.constraints.id`,
    ],
    [
      leaf({ constraints: { label: { eq: 'a' } } }),
      'unknown',
      'It depends on "label", which was not given.',
      `${AT}.constraints.label`,
    ],
    [
      { api: { instance_read: { 'api.instance.request_logs': {} } } },
      'deny',
      'The document grants instance_read only for other endpoints, not for api.instance.show.',
      '$.api.instance_read',
    ],
    [
      { api: { instance_read: { params: 1, 'api.instance.show': {} } } },
      'unknown',
      undocumented('params'),
      '$.api.instance_read.params',
    ],
  ])('on %j gives the reason and its position', (document, verdict, reason, path) => {
    expect(decide(document, { method: 'GET', path: '/api/v0/instances/5/' })).toEqual({
      verdict,
      reason,
      operation: 'instance.show',
      category: 'instance_read',
      endpoint: 'api.instance.show',
      ...(path === undefined ? {} : { path }),
    });
  });

  it.each<[document: unknown, verdict: string, reason: string, path: string]>([
    [
      { api: { instance_read: { 'api.instance.show': {} } } },
      'deny',
      'The document grants instance_read only for other endpoints.',
      '$.api.instance_read',
    ],
    [
      { api: { instance_read: { 'api.x': {}, '*': {} } } },
      'unknown',
      'The pattern "*" may cover instance.list.',
      "$.api.instance_read['*']",
    ],
    [
      { api: { instance_read: { 'api.instance.show': {}, 'api.x': {} } } },
      'unknown',
      'The endpoint name of instance.list is not published; it may be "api.x".',
      "$.api.instance_read['api.x']",
    ],
  ])('on an operation without a published endpoint name says so: %j', (document, verdict, reason, path) => {
    const { operation, category } = { operation: 'instance.list', category: 'instance_read' };
    expect(decideOperation(document, operation)).toStrictEqual({
      verdict,
      reason,
      operation,
      category,
      path,
    });
  });

  it('on something that is not in the catalogue says so', () => {
    const request = { method: 'GET', path: '/nothing/' };
    const full = { verdict: 'allow', reason: 'A key without a permission document has full access.' };
    expect(decide({ api: { misc: {} } }, request)).toEqual({
      verdict: 'unknown',
      reason: 'This route is not in the catalogue.',
    });
    expect(decide(null, request)).toEqual(full);
    expect(decideOperation({ api: {} }, 'no\u001b')).toEqual({
      verdict: 'unknown',
      reason: 'The operation "no\\u001b" is not in the catalogue.',
    });
    expect(decideOperation(undefined, 'no')).toEqual(full);
  });

  it('on an operation whose category is unknown says so', () => {
    expect(decideOperation({ api: { unknown: {} } }, 'notification.types')).toEqual({
      verdict: 'unknown',
      reason: 'The category of notification.types is unknown.',
      operation: 'notification.types',
      category: 'unknown',
      path: '$.api',
    });
  });

  it('denies if a condition fails, even if something else is unknown', () => {
    const request = { method: 'GET', path: '/api/v0/instances/5/' };
    const failing = { label: { eq: 'a' }, id: { eq: 6 } };
    expect(decide(leaf({ constraints: failing, params: 1 }), request)).toMatchObject({
      verdict: 'deny',
      path: `${AT}.constraints.id`,
    });
    expect(decide(leaf({ constraints: { label: { eq: 'a' } }, params: 1 }), request)).toMatchObject({
      verdict: 'unknown',
      path: `${AT}.params`,
    });
  });

  it('does not deny for a condition that an unknown key next to it could lift', () => {
    const request = { method: 'GET', path: '/api/v0/instances/5/' };
    expect(decide(leaf({ constraints: { id: { eq: 6 } }, or: {} }), request)).toMatchObject({
      verdict: 'unknown',
      path: `${AT}.or`,
    });
  });

  it('combines several into the first that denies, else the first unknown one, else the first', () => {
    const [allow, other, unknown, deny] = (['allow', 'allow', 'unknown', 'deny'] as const).map(
      (verdict, index): Decision => ({ verdict, reason: String(index) }),
    ) as [Decision, Decision, Decision, Decision];
    expect(combineDecisions([allow, unknown, deny])).toBe(deny);
    expect(combineDecisions([allow, unknown, other])).toBe(unknown);
    expect(combineDecisions([allow, other])).toBe(allow);
    expect(combineDecisions([])).toEqual({
      verdict: 'unknown',
      reason: 'No request was given.',
    });
  });
});
