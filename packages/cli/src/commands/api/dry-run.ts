import type { Client } from '@vastai-cli/core/internal/http/client';
import { line, type Part, type Result, sentence } from '@vastai-cli/kit/result';
import type { ApiCall } from './api-call.js';
import { decideForKey, type KeyDecision } from './key-decision.js';
import { type Description, descriptionOf, partsOf } from './routes.js';

/** A request that was not sent. */
export interface DryRun extends Description {
  readonly url: string;
  /** The headers, with the key masked. */
  readonly headers: Readonly<Record<string, string>>;
  /** The text of the body, with the key masked; null without one. */
  readonly body: string | null;
  readonly key: KeyDecision & {
    /** The key and its place, as `VAST_API_KEY …a1b2`. */
    readonly name: string;
  };
}

/**
 * Shows a request without sending it, what is known about its route, and whether the key may make it, which the API is asked.
 *
 * @param key the name of the key, and its id if it is noted
 */
export async function dryRun(
  client: Client,
  request: ApiCall,
  key: { readonly name: string; readonly id: number | undefined },
): Promise<Result> {
  const { url, headers, body } = await client.preview(request);
  const document: DryRun = {
    ...descriptionOf(request.method, request.path),
    url: String(url),
    headers,
    body: body ?? null,
    key: { name: key.name, ...(await decideForKey(client, key.id, request)) },
  };
  return { document, human: humanOf(document) };
}

function humanOf(document: DryRun): readonly Part[] {
  const { method, url, headers, body, key } = document;
  return [
    line(`${method} ${url}`),
    ...Object.entries(headers).map(([name, value]) => line(`${name}: ${value}`)),
    ...(body === null ? [] : [line(''), line(body)]),
    line(''),
    ...partsOf(document),
    line(''),
    sentence(`${SAID[key.verdict].replace('KEY', key.name)} ${key.reason}`),
  ];
}

const SAID: Readonly<Record<KeyDecision['verdict'], string>> = {
  allow: 'The key KEY may make this request.',
  deny: 'The key KEY may not make this request.',
  unknown: 'Whether the key KEY may make this request is unknown.',
};
