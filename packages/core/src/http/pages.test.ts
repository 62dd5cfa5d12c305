import type { ServerResponse } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outermostOf } from './json-slices.js';
import { allPages } from './pages.js';
import { clientFor, errorOf, KEY_TEXT, serve } from './test-support/loopback-server.js';

const REQUEST = { method: 'GET', path: '/api/v1/instances/?limit=2' };

/** Serves texts as pages, each of which names the next. */
async function servePages(pages: readonly (string | ((response: ServerResponse) => void))[]) {
  const { url, seen } = await serve((response, { path }) => {
    const page = pages[Number(new URL(path, 'http://a').searchParams.get('after_token')?.slice(1) ?? 0)];
    if (typeof page === 'function') page(response);
    else response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(page);
  });
  return { client: clientFor(url), seen };
}

async function textOf(pages: readonly string[], options = {}) {
  const { client } = await servePages(pages);
  return (await allPages(client, REQUEST, options)).text;
}

const THREE = [
  '{ "success": true, "instances": [ {"id": 12345678901234567890}, 1.0 ], "next_token": "t1", "total": 5e0 }\n',
  '{"instances":[-0, 1e400],"next_token":"t2"}',
  '{"instances":["\\u00e9"],"next_token":null}',
];

describe('all pages of a list', () => {
  it('are the first one, with the items of all, and numbers as they are spelled', async () => {
    const { client, seen } = await servePages(THREE);
    const { text, status, headers, error } = await allPages(client, REQUEST);
    expect(text).toBe(
      '{ "success": true, "instances": [ {"id": 12345678901234567890}, 1.0,-0,1e400,"\\u00e9" ], "total": 5e0 }\n',
    );
    expect([status, error, headers['content-type']]).toEqual([200, undefined, 'application/json']);
    expect(seen.map(({ path }) => path)).toEqual([
      '/api/v1/instances/?limit=2',
      '/api/v1/instances/?limit=2&after_token=t1',
      '/api/v1/instances/?limit=2&after_token=t2',
    ]);
  });

  it('go on behind one without items, as a filter can leave it', async () => {
    const pages = ['{"a":[1],"next_token":"t1"}', '{"a":[],"next_token":"t2"}', '{"a":[2]}'];
    expect(await textOf(pages)).toBe('{"a":[1,2]}');
  });

  it('end with the item that was asked for', async () => {
    const upTo = async (max: number) => JSON.parse(await textOf(THREE, { max })).instances.length;
    expect([await upTo(1), await upTo(2), await upTo(3), await upTo(9)]).toEqual([1, 2, 3, 5]);
    const { client, seen } = await servePages(THREE);
    await allPages(client, REQUEST, { max: 2 });
    expect(seen).toHaveLength(1);
  });

  it.each([
    ['{"a":[],"next_token":"t1"}', '{"a":[1]}', '{"a":[1]}'],
    ['{"next_token":"t1","a":[]}', '[1,2]', '{"a":[1,2]}'],
    ['{"a":[1],"b":["x"],"next_token":"t1"}', '{"b":["y"],"a":[2]}', '{"a":[1,2],"b":["x"]}'],
    ['{"next_token":"t1","a":[0],"next_token":"t1"}', '{"a":[]}', '{"a":[0]}'],
    [
      '{"tags":[9],"instances":[1],"next_token":"t1"}',
      '{"tags":[8],"instances":[2]}',
      '{"tags":[9],"instances":[1,2]}',
    ],
    ['{"a":[{"next_token":"x"}],"next_token":"t1"}', '{"a":["]"]}', '{"a":[{"next_token":"x"},"]"]}'],
    ['{"next\\u005ftoken":"t1","a":[1]}', '{"a":[2]}', '{"a":[1,2]}'],
  ])('are put together from %s and %s', async (first, second, whole) => {
    expect(await textOf([first, second])).toBe(whole);
  });

  it.each(['[1, 2]', '{"a":1}', '{"success":true,"a":[1]}', '"text"', '7', 'no JSON', ''])(
    'are one page as it is: %j',
    async (text) => {
      expect(await textOf([text])).toBe(text);
    },
  );

  it('are asked for with a token as it is spelled', async () => {
    const { url, seen } = await serve((response, { path }) =>
      response.end(path.includes('after') ? '{"a":[]}' : '{"a":[1],"next_token":98765432109876543210}'),
    );
    await allPages(clientFor(url), REQUEST);
    expect(seen[1]?.path).toContain('after_token=98765432109876543210');
  });

  it('are an error if one is', async () => {
    const refuse = (response: ServerResponse) =>
      void response.writeHead(403).end('{"success":false,"msg":"Not authorized"}');
    const { client } = await servePages([THREE[0] as string, refuse]);
    const { error, text, status } = await allPages(client, REQUEST);
    expect([error?.code, text, status]).toEqual([
      'forbidden',
      '{"success":false,"msg":"Not authorized"}',
      403,
    ]);
  });

  it.each([
    ['comes again', '{"a":[1],"next_token":"t0"}'],
    ['names a token again', '{"a":[2],"next_token":"t1"}'],
    ['is no page', '{"b":1}'],
    ['is no JSON', 'no JSON'],
  ])('fail if one %s', async (_, second) => {
    const { client } = await servePages(['{"a":[1],"next_token":"t1"}', second]);
    expect(await errorOf(allPages(client, REQUEST))).toMatchObject({ code: 'unreachable' });
  });

  it('have their secrets masked', async () => {
    const pages = [
      `{"a":[{"api_key":"x"}],"next_token":"t1"}`,
      `{"a":["${KEY_TEXT}",{"instance_api_key":"y"}]}`,
    ];
    expect(await textOf(pages)).toBe('{"a":[{"api_key":"…"},"…A1b2",{"instance_api_key":"…"}]}');
  });
});

describe('the parts of a JSON text', () => {
  it('are those that the text has', () => {
    const json = fc.tuple(fc.json(), fc.constantFrom(undefined, 1, '\t'));
    fc.assert(
      fc.property(json, ([text, space]) => {
        const value = JSON.parse(text);
        const spaced = JSON.stringify(value, null, space);
        const parts = outermostOf(spaced);
        const read = ({ start, end }: { start: number; end: number }) => JSON.parse(spaced.slice(start, end));
        if (parts?.kind === 'array') expect(parts.items.map(read)).toEqual(value);
        else if (parts?.kind === 'object')
          expect(parts.members.map(({ name, value }) => [name, read(value)])).toEqual(Object.entries(value));
        else expect(typeof value !== 'object' || value === null).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
