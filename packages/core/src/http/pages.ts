import { TransportError, type VastaiError } from '../base/errors.js';
import { BoundedBytes } from '../files/bounded-read.js';
import { withParameter } from './api-path.js';
import type { Client } from './client.js';
import { foreignResponse } from './errors/foreign-response.js';
import { type Member, outermostOf, type Slice } from './json-slices.js';
import type { OpenRequest, OpenResponse } from './open-response.js';
import { readBody } from './response-body.js';

/** Longest page, in bytes. */
const LONGEST_PAGE = 64 * 2 ** 20;
/** Longest document of all pages, in characters. JavaScript has no strings of twice this length. */
const LONGEST_TEXT = 256 * 2 ** 20;

/** All pages of a list. */
export interface Pages {
  /** Of the first page; after an error, of the page with the error. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The error that the API reported instead of a page. */
  readonly error: VastaiError | undefined;
  /** One document; after an error, the body of the page with the error. */
  readonly text: string;
}

/**
 * Asks for all pages of a list, and puts them into one document: the first page, its list extended by those of the later
 * ones, without `next_token`. Pages follow by `next_token` in a response and `after_token` in the query of the next request
 * (Vast.ai's API documentation, “show instances (v1)”). Numbers stay as they are spelled.
 *
 * A response without a list is returned as it is.
 *
 * @param options `max` is the number of items after which to stop
 * @throws what `Client.open` throws, and TransportError if a response is not a page, a page repeats, or the document is too long
 */
export async function allPages(
  client: Client,
  request: OpenRequest,
  { max = Number.POSITIVE_INFINITY }: { readonly max?: number } = {},
): Promise<Pages> {
  const first = await ask(client, request);
  const { status, headers, error } = first;
  const page = error === undefined ? readPage(first.text, request.path) : undefined;
  if (page === undefined) return first;
  const items = page.items.slice(0, max).map(({ start, end }) => first.text.slice(start, end));
  let length = first.text.length;
  const seen = new Set<string>();
  for (let token = page.token; token !== undefined && items.length < max; ) {
    const path = withParameter(request.path, 'after_token', token);
    if (seen.has(token)) throw repeated(request, path);
    seen.add(token);
    const next = await ask(client, { ...request, path });
    if (next.error !== undefined) return next;
    const later = readPage(next.text, request.path, page.name);
    if (later === undefined)
      throw foreignResponse({ method: request.method, path }, 'is not a page of a list');
    length += next.text.length;
    if (length > LONGEST_TEXT) {
      throw new TransportError('All pages together are too large.', false, {
        hint: 'Request fewer items, with --max or a filter.',
      });
    }
    const texts = later.items.map(({ start, end }) => next.text.slice(start, end));
    if (next.text === first.text) throw repeated(request, path);
    items.push(...texts.slice(0, max - items.length));
    token = later.token;
  }
  return { status, headers, error: undefined, text: page.around(items) };
}

/** A page of a list. */
interface Page {
  /** Name of the field with the list. */
  readonly name?: string | undefined;
  readonly items: readonly Slice[];
  /** Token of the page that follows. */
  readonly token: string | undefined;
  /** Returns the page with other items, and without a token. */
  around(items: readonly string[]): string;
}

async function ask(client: Client, request: OpenRequest): Promise<Pages> {
  const response = await client.open(request);
  const { status, headers, error } = response;
  return { status, headers, error, text: await textOf(response, request) };
}

async function textOf(response: OpenResponse, { method, path }: OpenRequest): Promise<string> {
  const read = new BoundedBytes(LONGEST_PAGE);
  try {
    for await (const part of response.body) {
      if (!read.add(part))
        throw new TransportError(
          `The response to ${method} ${path} is longer than ${LONGEST_PAGE / 2 ** 20} MiB.`,
          false,
        );
    }
  } finally {
    response.close();
  }
  return new TextDecoder().decode(read.bytes());
}

/**
 * Finds the list of a page. Returns undefined for what has none.
 *
 * @param before name of the field with the list in the first page
 */
function readPage(text: string, path: string, before?: string): Page | undefined {
  if (!('json' in readBody(Buffer.from(text)))) return undefined;
  const outermost = outermostOf(text);
  if (outermost === undefined) return undefined;
  if (outermost.kind === 'array') {
    const { items, inside } = outermost;
    return { items, token: undefined, around: (texts) => replaced(text, [edit(inside, items, texts, text)]) };
  }
  const { members } = outermost;
  const list = listOf(text, members, path, before);
  const parts = list === undefined ? undefined : outermostOf(text, list.value.start);
  if (parts?.kind !== 'array') return undefined;
  const { items, inside } = parts;
  return {
    name: list?.name,
    items,
    token: tokenOf(text, members),
    around: (texts) => replaced(text, [edit(inside, items, texts, text), ...withoutTokens(members)]),
  };
}

/** Returns the field with the list: that of the first page, or the one that the route is named after, or the first. */
function listOf(
  text: string,
  members: readonly Member[],
  path: string,
  before: string | undefined,
): Member | undefined {
  const lists = members.filter(({ value }) => text[value.start] === '[');
  const named = path.replace(/\?.*$/su, '').split('/').filter(Boolean).at(-1);
  const listNamed = (wanted: string | undefined) => lists.find(({ name }) => name === wanted);
  return listNamed(before) ?? listNamed(named) ?? lists[0];
}

function tokenOf(text: string, members: readonly Member[]): string | undefined {
  const member = members.findLast(({ name }) => name === TOKEN);
  if (member === undefined) return undefined;
  const raw = text.slice(member.value.start, member.value.end);
  // A number keeps its spelling.
  const token = raw.startsWith('"') ? String(JSON.parse(raw)) : raw;
  return ['', 'null', 'false'].includes(token) ? undefined : token;
}

const TOKEN = 'next_token';

interface Edit extends Slice {
  readonly text: string;
}

/** Replaces the items of a list, of which the first ones are those that were there. */
function edit(inside: number, items: readonly Slice[], texts: readonly string[], text: string): Edit {
  const start = items[0]?.start ?? inside;
  const end = items.at(-1)?.end ?? inside;
  const last = items[Math.min(items.length, texts.length) - 1];
  const same = last === undefined ? [] : [text.slice(start, last.end)];
  return { start, end, text: [...same, ...texts.slice(items.length)].join(',') };
}

/** Removes the fields with a token, each with one comma. */
function withoutTokens(members: readonly Member[]): Edit[] {
  const lastKept = members.findLastIndex(({ name }) => name !== TOKEN);
  const edits = members.flatMap(({ name, start }, at) => {
    const next = members[at + 1];
    return name === TOKEN && at < lastKept && next !== undefined
      ? [{ start, end: next.start, text: '' }]
      : [];
  });
  const [kept, last] = [members[lastKept], members.at(-1)];
  if (kept === undefined || last === undefined || kept === last) return edits;
  return [...edits, { start: kept.end, end: last.end, text: '' }];
}

function replaced(text: string, edits: readonly Edit[]): string {
  const ordered = [...edits].sort((a, b) => a.start - b.start);
  const starts = [0, ...ordered.map(({ end }) => end)];
  const between = starts.map((start, at) => text.slice(start, ordered[at]?.start ?? text.length));
  return between.map((part, at) => part + (ordered[at]?.text ?? '')).join('');
}

function repeated({ method }: OpenRequest, path: string): TransportError {
  return new TransportError(`The response to ${method} ${path} repeats an earlier page.`, false, {
    hint: 'The API may not know after_token on this route. Without --paginate, you get the first page.',
  });
}
