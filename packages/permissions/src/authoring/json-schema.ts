import { ENDPOINT_NAMES, OPERATIONS } from '../catalogue/catalogue.js';
import {
  CATEGORIES,
  CATEGORY_PURPOSES,
  type Category,
  UNLISTED_CATEGORIES,
} from '../catalogue/categories.js';
import type { Operation } from '../catalogue/operation.js';

type Schema = { readonly [keyword: string]: unknown };

const PASSED_THROUGH: Schema = { description: 'Sent unchanged. Its effect is not documented.' };

const LARGEST = Number.MAX_SAFE_INTEGER;

/**
 * Returns the JSON Schema (2020-12) of permission documents, for editors. Only `validate` finds misspelled names,
 * empty ranges and duplicate keys, which a schema cannot express.
 */
export function permissionSchema(): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Vast.ai permission document',
    type: 'object',
    required: ['api'],
    additionalProperties: false,
    properties: {
      $schema: { description: 'For editors. Removed before the document is sent.' },
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
      endpoint: endpointSchema('An endpoint that Vast.ai does not document.', []),
      condition: conditionSchema(),
    },
  };
}

function categorySchema(category: Category): Schema {
  const own = OPERATIONS.filter((one) => one.category === category && one.endpoint !== undefined);
  const names = own.map(({ endpoint }) => endpoint);
  const foreign = ENDPOINT_NAMES.filter((name) => !names.includes(name));
  const unlisted = UNLISTED_CATEGORIES.has(category)
    ? ' Vast.ai\'s "Permissions" page does not list it.'
    : '';
  return {
    description: `For ${CATEGORY_PURPOSES[category]}.${unlisted} Write {} to allow everything in it, or list endpoints to allow only those.`,
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
        description: 'Conditions on the parameters. All of them must hold.',
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
    description: 'All operators must hold.',
    type: 'object',
    additionalProperties: false,
    properties: {
      eq: { type: ['string', 'number', 'boolean'], minimum: -LARGEST, maximum: LARGEST },
      gte: bound,
      lte: bound,
    },
  };
}
