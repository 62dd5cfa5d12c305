import { Agent, request as sendHttp } from 'node:http';
import { connect } from 'node:net';
import { ApiKey } from '@vastai-cli/core';
import { type Sandbox, type SandboxOptions, startSandbox } from '@vastai-cli/sandbox/server';
import { it as base, onTestFinished } from 'vitest';
import {
  type Broker,
  type BrokerOptions,
  type RecordedCall,
  type Refusal,
  startBroker,
} from '../../src/index.js';

/** The response to a request. */
export interface Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface Asking {
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly text?: string | Buffer;
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** By default, connections are kept; `false` makes a new one. */
  readonly agent?: Agent | false;
}

/** A broker in front of a sandbox. */
export interface Run {
  readonly sandbox: Sandbox;
  readonly broker: Broker;
  readonly refusals: Refusal[];
  readonly calls: RecordedCall[];
  /** Sends a request to the broker, with its token unless another one is given. */
  ask(method: string, path: string, asking?: Asking): Promise<Response>;
  /** Writes bytes to the broker, and returns all that comes back until it closes the connection. `null` disconnects. */
  raw(...parts: (string | Buffer | null)[]): Promise<string>;
  /** Returns the requests that reached the sandbox, each as `GET /path?query`. */
  reached(): string[];
}

export const it = base;

/** Starts a sandbox and a broker that end with the test. */
export async function startRun(
  options: Partial<BrokerOptions> = {},
  sandboxOptions: SandboxOptions = {},
): Promise<Run> {
  const sandbox = await startSandbox(sandboxOptions);
  const refusals: Refusal[] = [];
  const calls: RecordedCall[] = [];
  const broker = await startBroker({
    upstream: new URL(sandbox.url),
    key: keyOf(sandbox.key),
    onRefusal: (refusal) => refusals.push(refusal),
    record: (call) => calls.push(call),
    ...options,
  });
  const agent = new Agent({ keepAlive: true });
  onTestFinished(async () => {
    agent.destroy();
    await broker.close();
    await sandbox.close();
  });
  return {
    sandbox,
    broker,
    refusals,
    calls,
    ask: (method, path, asking = {}) =>
      send(broker.url, method, path, { token: broker.token, agent, ...asking }),
    raw: (...parts) => exchange(Number(new URL(broker.url).port), parts),
    reached: () =>
      sandbox.requests.map(({ method, path, query }) => `${method} ${path}${query && `?${query}`}`),
  };
}

function keyOf(text: string): ApiKey {
  const key = ApiKey.parse(text);
  if (typeof key === 'string') throw new Error(key);
  return key;
}

export function send(
  origin: string,
  method: string,
  path: string,
  { body, text, token, headers = {}, agent }: Asking,
): Promise<Response> {
  const sent = text ?? (body === undefined ? undefined : JSON.stringify(body));
  return new Promise((resolve, reject) => {
    const request = sendHttp(origin, {
      method,
      path,
      agent: agent ?? false,
      headers: {
        ...(token === null || token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(sent === undefined ? {} : { 'Content-Length': Buffer.byteLength(sent) }),
        ...headers,
      },
    });
    request.on('error', reject);
    request.on('response', async (response) => {
      try {
        const parts: Buffer[] = [];
        for await (const part of response) parts.push(part as Buffer);
        const { statusCode = 0, headers: got } = response;
        resolve({ status: statusCode, headers: got, text: Buffer.concat(parts).toString() });
      } catch (error) {
        reject(error as Error);
      }
    });
    request.end(sent);
  });
}

function exchange(port: number, parts: readonly (string | Buffer | null)[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let got = '';
    socket.setEncoding('latin1');
    socket.on('data', (text) => {
      got += text;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(got));
    socket.once('connect', () => {
      for (const part of parts) {
        if (part === null) socket.destroySoon();
        else socket.write(part);
      }
    });
  });
}
