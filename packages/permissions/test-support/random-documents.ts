import { OPERATIONS } from '../src/catalogue/catalogue.js';
import { CATEGORIES } from '../src/catalogue/categories.js';
import type { Operation } from '../src/catalogue/operation.js';
import type { Values } from './naive-decision.js';

/** Returns random numbers from 0 to 1, the same ones for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const PUBLISHED = OPERATIONS.filter(({ endpoint }) => endpoint !== undefined);
const ENDPOINTS = PUBLISHED.map(({ endpoint }) => endpoint as string);
/** The categories with published endpoints, in which most decisions are interesting. */
const USUAL = ['instance_read', 'instance_write', 'team_read'] as const;
const ODD_CATEGORIES = [
  '*',
  'instance_*',
  '*_write',
  'team.*',
  'Instance_Write',
  'template_read',
  'all',
  'instance.',
];
const ODD_ENDPOINTS = [
  '*',
  'api.*',
  'api.instance.*',
  'api.instance.',
  'api.instance.(show|destroy)',
  'API.instance.show',
  'api.instance.destroy ',
  'show',
  'api.volume.list',
  'api.volume.*',
  'api.x.y',
  '%',
];
const VALUES = [
  5,
  6,
  '5',
  '6',
  '05',
  '+5',
  '5.0',
  ' 5',
  '0x5',
  '5e0',
  '５',
  '9007199254740993',
  9007199254740992,
  'abc',
  'ABC',
  '',
  true,
  1,
  -3,
  '010',
] as const;
const OPERANDS = [5, 5, 6, '5', '05', '5*', 'abc', 'Abc', true, 9007199254740992, 8, '', 0] as const;

/** Makes random permission documents and requests. Many documents have a part that is not documented, few have several. */
export class RandomDocuments {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = randomNumbers(seed);
  }

  operation(): Operation {
    return this.#chance(0.6) ? this.#pick(PUBLISHED) : this.#pick(OPERATIONS);
  }

  values(): Values {
    const values: Record<string, string | number | boolean> = {};
    if (this.#chance(0.9)) values.id = this.#pick(VALUES);
    if (this.#chance(0.2)) values[this.#pick(['tail', '*'])] = this.#pick(VALUES);
    return values;
  }

  document(): unknown {
    if (this.#chance(0.02)) return this.#pick([null, false, undefined]);
    if (this.#chance(0.02)) return this.#odd();
    const document: Record<string, unknown> = { api: this.#chance(0.02) ? this.#odd() : this.#api() };
    if (this.#chance(0.03)) document[this.#pick(['constraints', 'params'])] = this.#odd();
    if (this.#chance(0.03)) document[this.#pick(['id', '*', 'read', 'instance_read'])] = this.#odd();
    if (this.#chance(0.03)) document.$schema = 'x';
    return document;
  }

  /** Returns a document and one that differs from it in a few places, or in everything. */
  pair(): [before: unknown, after: unknown] {
    const before = this.document();
    if (this.#chance(0.2)) return [before, this.document()];
    const after = structuredClone(before);
    for (let changes = 1 + this.#below(2); changes > 0; changes -= 1) this.#change(after);
    return this.#chance(0.5) ? [before, after] : [after, before];
  }

  #api(): Record<string, unknown> {
    const api: Record<string, unknown> = {};
    const count = this.#chance(0.05) ? 0 : 1 + this.#below(3);
    for (let index = 0; index < count; index += 1) {
      const usual = this.#chance(0.8) ? this.#pick(USUAL) : this.#pick(CATEGORIES);
      api[this.#chance(0.15) ? this.#pick(ODD_CATEGORIES) : usual] = this.#category(usual);
    }
    if (this.#chance(0.04)) api[this.#pick(['constraints', 'params', 'Constraints'])] = this.#odd();
    return api;
  }

  #category(category: string): unknown {
    if (this.#chance(0.04)) return this.#odd();
    const node: Record<string, unknown> = {};
    const count = this.#chance(0.3) ? 0 : 1 + this.#below(2);
    for (let index = 0; index < count; index += 1) {
      node[this.#endpoint(category)] = this.#leaf();
    }
    if (this.#chance(0.06)) node[this.#pick(['constraints', 'params', 'Params'])] = this.#odd();
    return node;
  }

  #endpoint(category: string): string {
    if (this.#chance(0.2)) return this.#pick(ODD_ENDPOINTS);
    const own = PUBLISHED.filter((one) => one.category === category).map(
      ({ endpoint }) => endpoint as string,
    );
    return this.#pick(own.length > 0 && this.#chance(0.8) ? own : ENDPOINTS);
  }

  #leaf(): unknown {
    if (this.#chance(0.04)) return this.#odd();
    const leaf: Record<string, unknown> = {};
    if (this.#chance(0.7)) leaf.constraints = this.#chance(0.04) ? this.#odd() : this.#constraints();
    if (this.#chance(0.06)) leaf[this.#pick(['params', 'id', 'Constraints'])] = this.#odd();
    return leaf;
  }

  #constraints(): Record<string, unknown> {
    const constraints: Record<string, unknown> = {};
    if (this.#chance(0.9)) constraints.id = this.#condition();
    if (this.#chance(0.15)) constraints[this.#pick(['tail', '*', 'i*', 'label', 'ID'])] = this.#condition();
    return constraints;
  }

  #condition(): unknown {
    if (this.#chance(0.04)) return this.#odd();
    const condition: Record<string, unknown> = {};
    if (this.#chance(0.6)) condition.eq = this.#pick(OPERANDS);
    if (this.#chance(0.25)) condition.gte = this.#pick([0, 5, 6, 8, -4, 9007199254740992]);
    if (this.#chance(0.25)) condition.lte = this.#pick([4, 5, 9, 9007199254740992]);
    if (this.#chance(0.03)) condition[this.#pick(['in', 'gt', 'EQ'])] = 5;
    return condition;
  }

  /** Returns a value where another shape is documented. */
  #odd(): unknown {
    return this.#pick<unknown>([null, 5, 'full', true, [], [{}], { eq: 5 }, {}, { a: { b: 1 } }]);
  }

  /** Adds, replaces or removes one member somewhere in a document. */
  #change(document: unknown): void {
    let node: unknown = document;
    for (let depth = this.#below(5); depth >= 0; depth -= 1) {
      if (!isFields(node)) return;
      const keys = Object.keys(node);
      const key = this.#pick(keys.length === 0 ? ['api'] : keys);
      const next = node[key];
      if (depth > 0 && isFields(next)) {
        node = next;
        continue;
      }
      if (this.#chance(0.4)) delete node[key];
      else this.#add(node, key);
      return;
    }
  }

  #add(node: Record<string, unknown>, key: string): void {
    if (key === 'api') node.api = this.#api();
    else if (key.includes('_') && !key.includes('.')) node[key] = this.#category(key);
    else if (key.startsWith('api.')) node[this.#chance(0.5) ? this.#pick(ODD_ENDPOINTS) : key] = this.#leaf();
    else if (key === 'id') node.id = this.#condition();
    else node[this.#chance(0.5) ? 'constraints' : key] = this.#odd();
  }

  #chance(share: number): boolean {
    return this.#random() < share;
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #pick<T>(items: readonly T[]): T {
    return items[this.#below(items.length)] as T;
  }
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
