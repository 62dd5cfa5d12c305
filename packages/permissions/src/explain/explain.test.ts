import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../catalogue/catalogue.js';
import { explain } from './explain.js';
import { explanationText } from './explain-text.js';

const document = {
  api: {
    instance_read: { 'api.instance.show': {}, 'api.x.y': {} },
    instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 5 } } } },
    billing_read: {},
  },
};

const category = (name: string) => explain(document).categories.find((one) => one.category === name);

describe('explain', () => {
  it('lists for each category what a key can do, what it cannot, and what is unknown', () => {
    expect(category('instance_write')?.can).toMatchObject([
      { operation: 'instance.destroy', conditions: ['id is 5'] },
    ]);
    expect(category('instance_write')?.notKnown).toEqual([]);
    expect(category('instance_read')?.can.map(({ operation }) => operation)).toEqual(['instance.show']);
    expect(category('instance_read')?.cannot.map(({ operation }) => operation)).toEqual([
      'instance.request_logs',
    ]);
    expect(category('instance_read')?.notKnown.map(({ operation }) => operation)).toContain('instance.list');
    expect(category('misc')?.can).toEqual([]);
    expect(category('unknown')?.notKnown).toHaveLength(3);
  });

  it('summarizes the risks, the most severe first', () => {
    const { risks, fullAccess } = explain(document);
    expect(fullAccess).toBe(false);
    expect(risks.map(({ kind }) => kind)).toEqual(['spends_money', 'destroys', 'write', 'read']);
    expect(risks[1]).toEqual({ kind: 'destroys', can: ['instance.destroy'], notKnown: [] });
  });

  it('allows everything to a key without a document', () => {
    const { fullAccess, categories } = explain(false);
    expect(fullAccess).toBe(true);
    expect(categories.flatMap(({ can }) => can)).toHaveLength(OPERATIONS.length);
    expect(explanationText(explain(false))).toMatch(/^Full access: the key can do everything\.\n/u);
  });

  it('is unknown for an undocumented constraint', () => {
    const odd = { api: { instance_write: { 'api.instance.destroy': { constraints: { 'i\u001bd': 5 } } } } };
    const found = explain(odd).categories.find((one) => one.category === 'instance_write');
    expect(found?.notKnown.map(({ operation }) => operation)).toEqual(['instance.destroy']);
    expect(explanationText(explain(odd))).not.toContain('\u001b');
  });

  it('prints one line for all categories that are denied entirely', () => {
    const text = explanationText(explain(document));
    expect(text).toMatch(/\n\nNothing in: misc, .+\n$/u);
    expect(text).toContain('\nbilling_read: everything\n  can\n    charge.chart: shows charges as a chart\n');
    expect(text).toContain('instance.destroy: destroys an instance and all data on it, only if id is 5\n');
  });

  it('says a reason that all unknown operations of a category share only once', () => {
    const text = explanationText(explain({ api: { user_write: true } }));
    expect(text.match(/The value of user_write is not an object/gu)).toHaveLength(1);
    expect(text).toContain('\nuser_write\n  unknown: The value of user_write is not an object\n');
  });
});
