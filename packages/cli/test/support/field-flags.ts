import fc from 'fast-check';

/** Names that brackets can hold and that are no other syntax. */
const NAME = fc.string({ minLength: 1, maxLength: 8 }).filter((name) => !/[[\]=]|:$/u.test(name));

const { VALUE } = fc.letrec((tie) => ({
  VALUE: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'grapheme' }),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('VALUE'), { maxLength: 4 }),
    fc.dictionary(NAME, tie('VALUE'), { maxKeys: 4 }),
  ),
}));

/** Any JSON object with at least one field. */
export const DOCUMENT = fc
  .dictionary(NAME, VALUE, { minKeys: 1 })
  .map((document) => JSON.parse(JSON.stringify(document)) as Record<string, unknown>);

/** A field as it is typed. */
export type FieldFlag = readonly [flag: '-f' | '-F', text: string];

/** Writes the flags for a document, with names in brackets wherever they can express it. */
export function flagsFor(document: Record<string, unknown>): FieldFlag[] {
  return Object.entries(document).flatMap(([name, value]) => flagsForValue(name, value));
}

function flagsForValue(name: string, value: unknown): FieldFlag[] {
  if (typeof value === 'string') return [['-f', `${name}=${value}`]];
  if (value === null || typeof value !== 'object') return [['-F', `${name}=${JSON.stringify(value)}`]];
  if (Array.isArray(value)) {
    if (value.length === 0) return [['-f', `${name}[]`]];
    if (value.every(isLeaf)) return value.flatMap((item) => flagsForValue(`${name}[]`, item));
  } else if (Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([inner, item]) => flagsForValue(`${name}[${inner}]`, item));
  }
  return [['-F', `${name}:=${JSON.stringify(value)}`]];
}

function isLeaf(value: unknown): boolean {
  return value === null || typeof value !== 'object';
}
