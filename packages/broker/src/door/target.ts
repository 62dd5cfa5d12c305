/** The target of a request, in the one form that is judged and sent. */
export interface Target {
  /** Begins with `/`. Each segment is percent-encoded anew; a final slash stays. */
  readonly path: string;
  /** Names and values of the query, decoded. */
  readonly query: readonly (readonly [name: string, value: string])[];
}

/** Matches a segment (RFC 3986), without `;`, at which some servers cut it. */
const SEGMENT = /^(?:[\w.~!$&'()*+,:=@-]|%[0-9A-Fa-f]{2})+$/u;

/** Encoded control characters, and `. / \ % ? # ; { }`: decoded once or twice, they lead to another route. */
const MISLEADING = /%(?:[01][0-9a-f]|7f|2[ef35]|5c|3[bf]|7[bd])/iu;

/**
 * Parses the target of a request. What a server could read in another way is refused rather than repaired, so that the path
 * that the policy judges is the path that is sent.
 *
 * @returns undefined for anything but a plain path: an absolute URL, `//`, `.` and `..`, encoded dots and slashes
 */
export function parseTarget(text: string): Target | undefined {
  if (!/^\/[!-~]*$/u.test(text) || text.includes('#')) return undefined;
  const cut = text.indexOf('?');
  const raw = cut === -1 ? text : text.slice(0, cut);
  const search = cut === -1 ? '' : text.slice(cut + 1);
  if (/%00/u.test(search)) return undefined;
  const segments = raw.slice(1).replace(/\/$/u, '').split('/').map(canonical);
  if (segments.includes(undefined)) return undefined;
  return {
    path: `/${segments.join('/')}${raw.endsWith('/') ? '/' : ''}`,
    query: [...new URLSearchParams(search)],
  };
}

function canonical(segment: string): string | undefined {
  if (segment === '.' || segment === '..' || !SEGMENT.test(segment) || MISLEADING.test(segment))
    return undefined;
  try {
    return encodeURIComponent(decodeURIComponent(segment));
  } catch {
    return undefined;
  }
}

/** Returns a path with its query, as it is sent. */
export function targetText(path: string, query: Target['query']): string {
  const search = new URLSearchParams(
    query.map(([name, value]): [string, string] => [name, value]),
  ).toString();
  return search === '' ? path : `${path}?${search}`;
}
