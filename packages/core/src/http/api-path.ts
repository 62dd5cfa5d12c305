import { UsageError } from '../base/errors.js';
import { withoutInvisible } from '../base/terminal-safe.js';

/** Most layers of percent-encoding that are looked into for `..`. */
const LAYERS = 5;

/**
 * Reads the path of a request as a person types it: `/` and `/api/v0/` at the beginning are optional, and can be the URL of
 * the API.
 *
 * @returns the path from the root with its query, percent-encoded: `/api/v0/users/current`
 * @throws UsageError if it leads to another origin, or to another route than it says: with `..`, encoded or not
 */
export function apiPath(text: string, baseUrl: URL): string {
  // The parser of URLs would remove some of them, and encode others.
  if (/\s/u.test(text) || withoutInvisible(text) !== text)
    throw new UsageError(
      'The path has white space or an invisible character in it.',
      'Percent-encode it: %20 for a space.',
    );
  if (text.includes('#'))
    throw new UsageError('The path must not have a fragment (#).', 'Percent-encode it: %23.');
  if (text.includes('\\'))
    throw new UsageError('The path has a backslash in it.', 'Use /, or percent-encode it: %5C.');
  const local = withoutOrigin(text, baseUrl);
  const [, route = '', query = ''] = /^([^?]*)(.*)$/su.exec(local) ?? [];
  requirePlainSegments(route);
  const absolute = /^\/?api\/v\d+(?:\/|$)/u.test(route)
    ? route.replace(/^\/?/u, '/')
    : `/api/v0/${route.replace(/^\//u, '')}`;
  if (!URL.canParse(absolute + query, baseUrl.origin))
    throw new UsageError('The path of the request is not valid.');
  const url = new URL(absolute + query, baseUrl.origin);
  return url.pathname + url.search;
}

/** Adds parameters to the query of a path. */
export function withQuery(
  path: string,
  parameters: readonly (readonly [name: string, value: string])[],
): string {
  const added = parameters.map((pair) => pair.map(encoded).join('=')).join('&');
  if (added === '') return path;
  const between = !path.includes('?') ? '?' : /[?&]$/u.test(path) ? '' : '&';
  return path + between + added;
}

/** Replaces a parameter in the query of a path, or adds it. */
export function withParameter(path: string, name: string, value: string): string {
  const [, route = '', query = ''] = /^([^?]*)\??(.*)$/su.exec(path) ?? [];
  const others = query
    .split('&')
    .filter((one) => one !== '' && decoded(one.split('=')[0] as string) !== name);
  return withQuery(others.length === 0 ? route : `${route}?${others.join('&')}`, [[name, value]]);
}

function withoutOrigin(text: string, { origin }: URL): string {
  const isUrl = /^[a-z][a-z\d+.-]*:/iu.test(text);
  if (!isUrl && !text.startsWith('//')) return text;
  // Without a base, which would take `https:x` for a path.
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!isUrl || url?.origin !== origin || url.username !== '' || url.password !== '') {
    throw new UsageError(
      `The path leads to another host than ${origin}. The key is not sent there.`,
      'Pass only the path, such as users/current. To use another API, add --url.',
    );
  }
  // As it was typed: the parser resolves `..`.
  const [, after = ''] = /^[a-z][a-z\d+.-]*:\/*[^/?]*(.*)$/isu.exec(text) ?? [];
  return after.startsWith('/') ? after : `/${after}`;
}

/** @throws UsageError for a segment that a server could read as a way to another route */
function requirePlainSegments(route: string): void {
  let read = route;
  for (let layer = 0; layer < LAYERS; layer += 1) {
    if (read.split(/[/\\]/u).some((segment) => segment === '.' || segment === '..'))
      throw new UsageError('The path has “.” or “..” in it.', 'Write the path of the route directly.');
    const next = decoded(read);
    if (next === read) return;
    read = next;
  }
  throw new UsageError('The path is percent-encoded too often.');
}

/** Decodes what can be decoded. */
function decoded(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/giu, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('latin1');
    }
  });
}

function encoded(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    throw new UsageError('A parameter is not valid Unicode.');
  }
}
