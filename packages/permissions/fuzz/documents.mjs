// Arbitrary permission documents for fast-check: valid ones, nearly valid ones, and files that are broken.
import fc from 'fast-check';

const categories = [
  'misc',
  'user_read',
  'user_write',
  'instance_read',
  'instance_write',
  'billing_read',
  'billing_write',
  'machine_read',
  'machine_write',
  'team_read',
  'team_write',
];

const published = {
  instance_read: ['api.instance.show', 'api.instance.request_logs'],
  instance_write: ['api.instance.destroy', 'api.instance.reboot'],
  team_read: ['api.team.members'],
};

const scalar = fc.oneof(
  fc.integer({ min: -20, max: 20 }),
  fc.boolean(),
  fc.constantFrom('5', '-3', 'abc', ''),
);
const bound = fc.integer({ min: -20, max: 20 });

/** A condition that at least one value meets. */
const validCondition = fc.oneof(
  scalar.map((eq) => ({ eq })),
  bound.map((gte) => ({ gte })),
  bound.map((lte) => ({ lte })),
  fc.tuple(bound, fc.nat(20)).map(([gte, width]) => ({ gte, lte: gte + width })),
  fc
    .tuple(bound, fc.nat(9), fc.nat(9))
    .map(([eq, below, above]) => ({ gte: eq - below, eq, lte: eq + above })),
);

const validLeaf = fc.oneof(
  fc.constant({}),
  fc
    .dictionary(fc.constantFrom('id', 'machine_id', 'name'), validCondition)
    .map((constraints) => ({ constraints })),
);

const unpublished = fc.constantFrom('api.instance.list', 'api.volume.rent', 'api.misc.search_all');

function validCategory(category) {
  const known = published[category];
  const name = known === undefined ? unpublished : fc.oneof(fc.constantFrom(...known), unpublished);
  return fc.oneof(fc.constant({}), fc.dictionary(name, validLeaf, { maxKeys: 3 }));
}

/** A parsed document without errors. */
export const validDocument = fc
  .record(Object.fromEntries(categories.map((category) => [category, validCategory(category)])), {
    requiredKeys: [],
  })
  .map((api) => ({ api: { ...api } }));

const anyText = fc.oneof(
  fc.constantFrom(
    'constraints',
    'params',
    '__proto__',
    'constructor',
    'toString',
    '$schema',
    'api',
    '*',
    '\ud800',
    '',
  ),
  fc.string({ maxLength: 8, unit: 'binary' }),
);
const anyJson = fc.jsonValue({ maxDepth: 2 });

const odd = (usual, key = anyText) =>
  fc.oneof(
    { weight: 9, arbitrary: usual },
    { weight: 1, arbitrary: fc.dictionary(key, anyJson, { maxKeys: 2 }) },
    { weight: 1, arbitrary: anyJson },
  );

const nearCondition = odd(
  fc.dictionary(
    fc.constantFrom('eq', 'gte', 'lte', 'EQ', 'lt', 'in'),
    fc.oneof(bound, scalar, fc.constant(null)),
    {
      maxKeys: 3,
    },
  ),
);
const nearLeaf = odd(
  fc.record(
    {
      constraints: odd(
        fc.dictionary(fc.oneof(fc.constantFrom('id', 'params'), anyText), nearCondition, { maxKeys: 2 }),
      ),
      params: anyJson,
      id: nearCondition,
    },
    { requiredKeys: [] },
  ),
);
const nearEndpoint = fc.oneof(
  fc.constantFrom(
    ...Object.values(published).flat(),
    'api.instance.shwo',
    'api.instances.show',
    'api.team.member',
  ),
  unpublished,
  fc.constantFrom('*', 'api.instance.*', 'api.instance.', 'API.instance.show', 'show'),
  anyText,
);
const nearCategory = odd(fc.dictionary(nearEndpoint, nearLeaf, { maxKeys: 3 }));
const nearName = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...categories) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'instances_read',
      'Billing-Read',
      'billing',
      'team',
      'instance_*',
      'constraints',
      'params',
    ),
  },
  { weight: 1, arbitrary: anyText },
);

/** A parsed document with every kind of mistake that is still valid JSON. */
const nearDocument = odd(
  fc
    .tuple(
      odd(fc.dictionary(nearName, nearCategory, { maxKeys: 4 })),
      fc.dictionary(anyText, anyJson, { maxKeys: 1 }),
    )
    .chain(([api, extra]) => fc.constantFrom({ api }, { ...extra, api }, { $schema: 'x', api }, api)),
);

/** A valid or nearly valid document. */
export const anyDocument = fc.oneof(validDocument, nearDocument);

const indented = fc
  .tuple(anyDocument, fc.constantFrom(0, 2, '\t'))
  .map(([value, space]) => JSON.stringify(value, null, space));

const piece = fc.oneof(
  fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ',}',
    ':',
    '"',
    "'",
    '//',
    '/*',
    '*/',
    '// x\n',
    '/* x */',
    '\r\n',
    '\r',
  ),
  fc.constantFrom(
    '\0',
    '\ufeff',
    '\ud83d',
    '\\u',
    '\\ud800',
    '1e999',
    '01',
    '-',
    'tru',
    'null',
    '9007199254740993',
  ),
  fc.string({ maxLength: 4, unit: 'binary' }),
);

/** The JSON of a document with a few pieces inserted, removed or repeated. */
const brokenText = fc
  .tuple(indented, fc.array(fc.tuple(fc.nat(), fc.nat(6), piece, fc.boolean()), { maxLength: 4 }))
  .map(([text, changes]) =>
    changes.reduce((sofar, [where, length, put, doubled]) => {
      const at = where % (sofar.length + 1);
      const taken = sofar.slice(at, at + length);
      return sofar.slice(0, at) + (doubled ? taken + taken : put) + sofar.slice(at + length);
    }, text),
  );

/** A file: text in some encoding, possibly cut off, or random bytes. */
export const anyFile = fc.oneof(
  { weight: 4, arbitrary: brokenText },
  { weight: 2, arbitrary: indented },
  {
    weight: 2,
    arbitrary: fc
      .tuple(brokenText, fc.constantFrom('utf8', 'utf16le', 'latin1'), fc.boolean(), fc.nat(3))
      .map(([text, encoding, mark, lost]) => {
        const bytes = Buffer.from((mark ? '\ufeff' : '') + text, encoding);
        return new Uint8Array(bytes.subarray(0, bytes.length - lost));
      }),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }) },
);

/** Returns every document that is one step narrower than a valid one. */
export function narrowings(document) {
  return Object.entries(document.api)
    .flatMap(([category, node]) => [
      without(document.api, category),
      ...narrowerCategories(category, node).map((narrower) => ({ ...document.api, [category]: narrower })),
    ])
    .map((api) => ({ api }));
}

function narrowerCategories(category, node) {
  const names = Object.keys(node);
  if (names.length === 0) {
    return [...(published[category] ?? []), 'api.something.else'].map((name) => ({ [name]: {} }));
  }
  const shorter = names.length > 1 ? names.map((name) => without(node, name)) : [];
  return [
    ...shorter,
    ...names.flatMap((name) => narrowerLeaves(node[name]).map((leaf) => ({ ...node, [name]: leaf }))),
  ];
}

function narrowerLeaves({ constraints = {} }) {
  const added = { constraints: { ...constraints, further: { eq: 1 } } };
  const tightened = Object.entries(constraints).flatMap(([name, condition]) =>
    narrowerConditions(condition).map((narrower) => ({ constraints: { ...constraints, [name]: narrower } })),
  );
  return [added, ...tightened];
}

function narrowerConditions({ eq, gte, lte }) {
  if (eq !== undefined) return [];
  const high = lte ?? (gte ?? 0) + 10;
  const low = gte ?? high - 10;
  return [{ gte: low, lte: high }, { eq: low }, { gte: low, eq: high, lte: high }];
}

function without(object, key) {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}
