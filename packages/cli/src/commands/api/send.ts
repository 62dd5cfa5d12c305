import { STATUS_CODES } from 'node:http';
import { isOutcomeUnknown } from '@vastai-cli/core/internal/api/unknown-outcome';
import { isVastaiError, type VastaiError, withDetails } from '@vastai-cli/core/internal/base/errors';
import { readStream, startingWith } from '@vastai-cli/core/internal/files/bounded-read';
import type { Client } from '@vastai-cli/core/internal/http/client';
import { note, type Result } from '@vastai-cli/kit/result';
import type { ApiCall } from './api-call.js';
import { type ApiFlagValues, isDocument } from './flags.js';
import type { Filter } from './jq.js';

/** A response that has begun to arrive. */
interface Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly error: VastaiError | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Sends a request, and returns what to print of its response: the body as it arrives, or what a filter makes of the whole of
 * it. The body of an error goes to standard error, so that `$(vastai api …)` holds results only.
 *
 * @throws what `Client.open` throws, with advice if a new key may be lost; UsageError if the filter does not fit the body, StorageError if a file cannot be written.
 */
export async function send(
  client: Client,
  request: ApiCall,
  flags: ApiFlagValues,
  filter: Filter | undefined,
): Promise<Result> {
  let isMade = false;
  const start = async () => {
    const response = await respond(client, request, flags);
    isMade = response.error === undefined;
    return response;
  };
  if (request.seenThrough === undefined) return receive(start, flags, filter);
  const advised = <E>(error: E) =>
    isVastaiError(error) && (isMade || isOutcomeUnknown(error)) ? withAdvice(client, error) : error;
  try {
    const { failure, stream, ...result } = await receive(start, flags, filter);
    if (stream === undefined) return { ...result, failure: failure && advised(failure) };
    return {
      ...result,
      stream: guarded(stream, advised),
      delivery: { lost: async (error) => advised(error) },
    };
  } catch (error) {
    throw advised(error);
  }
}

/** Adds to an error that a key may have been made, how to find it, and how to delete it. */
function withAdvice(client: Client, error: VastaiError): VastaiError {
  const [list, deletion] = [client.command('show api-keys'), client.command('delete api-key ID')];
  const made = 'A key may have been made, which is not shown again.';
  return withDetails(error, { hint: `${made} Find it: ${list}  Delete it: ${deletion}` });
}

async function* guarded(
  body: AsyncIterable<Uint8Array>,
  advised: (error: unknown) => unknown,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* body;
  } catch (error) {
    throw advised(error);
  }
}

async function receive(
  start: () => Promise<Response>,
  flags: ApiFlagValues,
  filter: Filter | undefined,
): Promise<Result> {
  const { output } = flags;
  // As curl does, `-` names standard output.
  if (output !== undefined && output !== '-') return save(output, start, flags, filter);
  const response = await start();
  if (response.error !== undefined) return failed(response, response.error, flags);
  const content = await contentOf(response, filter);
  if (flags.silent) await drain(content);
  const shown = flags.silent ? undefined : content;
  if (!isDocument(flags)) return printed(response, flags, shown);
  const body = shown === undefined ? undefined : await unlessEmpty(shown);
  return body === undefined ? received(response, null) : printed(response, flags, body);
}

/** Sends a request once it is certain that its response can be written into a file. */
async function save(
  path: string,
  start: () => Promise<Response>,
  flags: ApiFlagValues,
  filter: Filter | undefined,
): Promise<Result> {
  let response: Response | undefined;
  async function* content(): AsyncGenerator<Uint8Array, void, undefined> {
    response = await start();
    if (response.error !== undefined) throw response.error;
    yield* await contentOf(response, filter);
  }
  const { savePrivately } = await import('@vastai-cli/core/internal/files/saved-file');
  try {
    await savePrivately(path, content());
  } catch (error) {
    if (response?.error === undefined || error !== response.error) throw error;
    return failed(response, response.error, flags);
  }
  if (response === undefined) return { document: undefined, human: [] };
  return isDocument(flags) ? received(response, path) : printed(response, flags, undefined);
}

/** A response whose body is not printed. */
export interface Received {
  readonly status: number;
  /** The file that has the body; null if it is empty or `--silent` omits it. */
  readonly file: string | null;
}

function received({ status }: Response, file: string | null): Result {
  const document: Received = { status, file };
  return { document };
}

/** Returns a body, or `undefined` for one without a byte. */
async function unlessEmpty(body: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array> | undefined> {
  const parts = body[Symbol.asyncIterator]();
  const first = await parts.next();
  if (first.done) return undefined;
  return startingWith(first.value, parts);
}

async function failed(response: Response, failure: VastaiError, flags: ApiFlagValues): Promise<Result> {
  const body = flags.silent ? '' : await textOf(response.body);
  const text = (headIf(flags, response) + body).trimEnd();
  const remarks = text === '' ? [] : [{ ...note(text), verbatim: true }];
  return { document: undefined, human: [], failure, remarks };
}

function printed(
  response: Response,
  flags: ApiFlagValues,
  content: AsyncIterable<Uint8Array> | undefined,
): Result {
  const head = headIf(flags, response);
  const stream = head === '' && content !== undefined ? content : joined(head, content);
  return { document: undefined, human: [], stream };
}

/** Returns the body itself if there is no filter: each generator that it passes through takes time. */
async function contentOf({ body }: Response, filter: Filter | undefined): Promise<AsyncIterable<Uint8Array>> {
  return filter === undefined ? body : textParts(filter(await textOf(body)));
}

async function respond(
  client: Client,
  request: ApiCall,
  { paginate, max }: ApiFlagValues,
): Promise<Response> {
  if (!paginate) return client.open(request);
  const { allPages } = await import('@vastai-cli/core/internal/http/pages');
  const { text, ...pages } = await allPages(client, request, max === undefined ? {} : { max });
  return { ...pages, body: textParts(text) };
}

/** Returns the status line and the headers as curl prints them, if they are to be printed. */
function headIf({ include }: ApiFlagValues, { status, headers }: Response): string {
  if (!include) return '';
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`.trim(), ...lines, '', ''].join('\n');
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  return new TextDecoder().decode(await readStream(body, Number.POSITIVE_INFINITY));
}

async function* textParts(text: string): AsyncGenerator<Uint8Array, void, undefined> {
  if (text !== '') yield Buffer.from(text);
}

/** Reads a body to its end, so that one that breaks off is an error. */
async function drain(body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of body);
}

async function* joined(
  head: string,
  body: AsyncIterable<Uint8Array> | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* textParts(head);
  if (body !== undefined) yield* body;
}
