import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { Client } from '@vastai-cli/core/internal/http/client';
import type { Output } from '@vastai-cli/kit/render/output';
import { UNSTYLED } from '@vastai-cli/kit/render/styles';
import type { Terminal } from '@vastai-cli/kit/render/terminal';
import { onTestFinished } from 'vitest';
import { SecretInput } from '../../src/two-factor/secret-input.js';

/** The response to a request for a code. */
export const SENT = { success: true, secret: 'the-secret' };

/** The warning about a secret in an argument. */
export const ARGUMENTS =
  'Other users of this machine can see codes and secrets in arguments, and shell histories keep them. Pass "-" instead to read them from standard input.';

/** Returns the note about a code that was sent. */
export const codeSent = (kind: string) => `A code was sent by ${kind}. It is valid for ten minutes.`;

/** Returns a terminal on which questions can be asked, or not. */
export const terminal = (canAsk: boolean): Terminal => ({
  canAsk,
  obstacle: 'without a terminal',
  stdout: UNSTYLED,
  stderr: UNSTYLED,
  columns: undefined,
});

/** Answers questions in turn, and adds to `said` what a person would see. Without answers, nothing can be asked. */
export class Answers extends SecretInput {
  readonly #said: string[];
  readonly #answers: string[];
  constructor(said: string[], answers: readonly string[] = []) {
    const add = (text: string) => said.push(text);
    const output = {
      note: add,
      warn: add,
      show: (parts: readonly unknown[]) => add(`${parts.length} parts`),
    };
    super(terminal(answers.length > 0), output as unknown as Output, []);
    this.#said = said;
    this.#answers = [...answers];
  }
  override async ask(what: string, again = false): Promise<string> {
    this.#said.push(`${what}${again ? ', again' : ''}?`);
    return this.#answers.shift() ?? '';
  }
}

/** What the API is asked for: a method, a path, and a body that may be empty. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** Starts an API until the test ends, and returns a client for it. `respond` returns the status and the document. */
export async function clientFor(
  respond: (request: Request) => readonly [status: number, document: unknown],
): Promise<Client> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      const [status, document] = respond({ method: request.method ?? '', path: request.url ?? '', body });
      response.statusCode = status;
      response.setHeader('content-type', 'application/json').end(JSON.stringify(document));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return new Client({
    baseUrl: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    key: ApiKey.parse('own-key-0123456789abcd') as ApiKey,
    keySource: 'a test',
    retries: 0,
    timeoutMs: 10_000,
  });
}

/** Starts an API that answers the paths with one of these words in them, and adds each request to `requests`. */
export const routedClient = (routes: Readonly<Record<string, unknown>>, requests: string[]) =>
  clientFor(({ method, path, body }) => {
    const name = Object.keys(routes).find((one) => path.includes(one)) ?? '';
    requests.push(`${method} ${name}${body === '' ? '' : ` ${body}`}`);
    return [200, routes[name] ?? {}];
  });
