import { ENDPOINT_NAMES, OPERATIONS } from '../catalogue/catalogue.js';
import { CATEGORIES, CATEGORY_PURPOSES, type Category } from '../catalogue/categories.js';
import type { Operation } from '../catalogue/operation.js';

type Schema = { readonly [keyword: string]: unknown };

const PASSED_THROUGH: Schema = { description: 'Sent as it is; its effect is not documented.' };

const LARGEST = Number.MAX_SAFE_INTEGER;

/**
 * Returns the grammar of permission documents as JSON Schema 2020-12, for editors. What a schema cannot say is
 * left to `validate`: names that are close to a known one, ranges that nothing fits, keys that stand twice.
 */
export function permissionSchema(): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Vast.ai permission document',
    type: 'object',
    required: ['api'],
    additionalProperties: false,
    properties: {
      $schema: { description: 'For editors; removed before the document is sent.' },
      api: {
        description: 'The categories that a key may use.',
        type: 'object',
        additionalProperties: false,
        properties: {
          ...Object.fromEntries(CATEGORIES.map((category) => [category, categorySchema(category)])),
          constraints: PASSED_THROUGH,
          params: PASSED_THROUGH,
        },
      },
      constraints: PASSED_THROUGH,
      params: PASSED_THROUGH,
    },
    $defs: {
      endpoint: endpointSchema('An endpoint whose name is not published.', []),
      condition: conditionSchema(),
    },
  };
}

function categorySchema(category: Category): Schema {
  const own = OPERATIONS.filter((one) => one.category === category && one.endpoint !== undefined);
  const names = own.map(({ endpoint }) => endpoint);
  const foreign = ENDPOINT_NAMES.filter((name) => !names.includes(name));
  return {
    description: `For ${CATEGORY_PURPOSES[category]}. {} allows everything in it, endpoints only those.`,
    type: 'object',
    properties: {
      ...Object.fromEntries(own.map((operation) => [operation.endpoint, publishedEndpoint(operation)])),
      constraints: PASSED_THROUGH,
      params: PASSED_THROUGH,
    },
    propertyNames: { not: { enum: foreign } },
    additionalProperties: { $ref: '#/$defs/endpoint' },
  };
}

function publishedEndpoint({ risks, parameters }: Operation): Schema {
  const does = risks.map(({ reason }) => reason).join('; ');
  return endpointSchema(`${does[0]?.toUpperCase()}${does.slice(1)}.`, parameters);
}

function endpointSchema(description: string, parameters: readonly string[]): Schema {
  return {
    description,
    type: 'object',
    additionalProperties: false,
    properties: {
      constraints: {
        description: 'What the parameters must be; all conditions have to hold.',
        type: 'object',
        properties: {
          ...Object.fromEntries(parameters.map((name) => [name, { $ref: '#/$defs/condition' }])),
          params: PASSED_THROUGH,
        },
        additionalProperties: { $ref: '#/$defs/condition' },
      },
      params: PASSED_THROUGH,
    },
  };
}

function conditionSchema(): Schema {
  const bound = { type: 'number', minimum: -LARGEST, maximum: LARGEST };
  return {
    description: 'All operators have to hold.',
    type: 'object',
    additionalProperties: false,
    properties: {
      eq: { type: ['string', 'number', 'boolean'], minimum: -LARGEST, maximum: LARGEST },
      gte: bound,
      lte: bound,
    },
  };
}
