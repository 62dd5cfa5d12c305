import { statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Environment } from '../../../base/environment.js';
import { KeychainError, NO_BUS } from '../errors.js';
import { type BusArgument, type BusValue, encodeCall, readMessage } from './dbus-message.js';

const BUS = 'org.freedesktop.DBus';
const MAX_LINE = 4096;

/** An open connection to the session bus. Several calls can wait for their responses at the same time. */
export interface Bus {
  /** Calls a method. @param method its interface and name, as `org.freedesktop.DBus.Hello` @throws BusError */
  call(service: string, object: string, method: string, ...args: BusArgument[]): Promise<BusValue[]>;
  /** Does what `call` does, and also returns the sender of the response. */
  ask(service: string, object: string, method: string, ...args: BusArgument[]): Promise<BusResponse>;
}

/** The response to a call. */
export interface BusResponse {
  readonly values: BusValue[];
  /** Unique name of the connection that responded. */
  readonly sender: string | undefined;
}

/** Reports an error from the bus or a service on it. `kind` is the D-Bus name of the error. */
export class BusError extends Error {
  readonly kind: string;

  constructor(kind: string, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Returns true if this system's keychain is on a session bus: everywhere except on macOS and Windows. */
export function keychainIsOnBus(): boolean {
  return process.platform !== 'darwin' && process.platform !== 'win32';
}

/** Returns the address of the session bus: DBUS_SESSION_BUS_ADDRESS, or else the socket `bus` in XDG_RUNTIME_DIR. */
export function sessionBusAddress(environment: Environment): string | undefined {
  if (!keychainIsOnBus()) return undefined;
  if (environment.DBUS_SESSION_BUS_ADDRESS !== undefined) return environment.DBUS_SESSION_BUS_ADDRESS;
  if (environment.XDG_RUNTIME_DIR === undefined) return undefined;
  const path = join(environment.XDG_RUNTIME_DIR, 'bus');
  return isSocket(path) ? `unix:path=${encodeURIComponent(path).replaceAll('%2F', '/')}` : undefined;
}

/** Returns true if a path is a socket. */
export function isSocket(path: string): boolean {
  try {
    return statSync(path).isSocket();
  } catch {
    // It does not exist, or is in a folder of another user, as after `su`.
    return false;
  }
}

/**
 * Runs `work` with a connection to the session bus (D-Bus specification: addresses, SASL EXTERNAL).
 *
 * @param signal closes the connection, so that a pending call fails
 * @throws KeychainError `keychain_missing` if no bus responds.
 */
export async function withSessionBus<T>(
  environment: Environment,
  signal: AbortSignal,
  work: (bus: Bus) => Promise<T>,
): Promise<T> {
  const socket = await connectTo(socketsOf(sessionBusAddress(environment)), signal);
  try {
    const calls = new Calls(socket, await logIn(socket));
    // The first calls of `work` are sent together with Hello, which the bus requires first.
    const hello = calls.call(BUS, '/org/freedesktop/DBus', `${BUS}.Hello`).catch(refused);
    const result = work(calls);
    result.catch(() => {});
    await hello;
    return await result;
  } finally {
    socket.destroy();
  }
}

/** Authenticates as this user. Returns the stream of messages after that. */
async function logIn(socket: Socket): Promise<Incoming> {
  try {
    const incoming = new Incoming(socket);
    const user = Buffer.from(String(process.geteuid?.() ?? 0)).toString('hex');
    socket.write(`\0AUTH EXTERNAL ${user}\r\n`);
    const answer = await incoming.line();
    if (!answer.startsWith('OK ')) throw new Error('refused');
    socket.write('BEGIN\r\n');
    return incoming;
  } catch (error) {
    return refused(error);
  }
}

function refused(error: unknown): never {
  throw new KeychainError(
    'keychain_missing',
    'No keychain: the D-Bus session refused the connection.',
    error,
  );
}

async function connectTo(paths: readonly string[], signal: AbortSignal): Promise<Socket> {
  let cause: unknown;
  for (const path of paths) {
    try {
      const socket = connect({ path, signal });
      await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
      return socket;
    } catch (error) {
      cause = error;
    }
  }
  throw new KeychainError('keychain_missing', NO_BUS, cause);
}

/** Returns the Unix sockets of an address such as `unix:path=/run/user/1000/bus;unix:abstract=/tmp/x,guid=…`. */
function socketsOf(address: string | undefined): string[] {
  const paths: string[] = [];
  for (const entry of (address ?? '').split(';')) {
    const [, kind, place] = /^unix:(?:.*,)?(path|abstract)=([^,]+)/.exec(entry) ?? [];
    if (place === undefined) continue;
    const path = Buffer.from(
      place.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
      'latin1',
    );
    paths.push(`${kind === 'abstract' ? '\0' : ''}${path.toString()}`);
  }
  return paths;
}

interface Pending {
  resolve(answer: BusResponse): void;
  reject(error: unknown): void;
}

/** Sends calls, and assigns each response to its call. */
class Calls implements Bus {
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  #latest = 0;
  /** Error that ended the connection. */
  #end: { readonly error: unknown } | undefined;

  constructor(socket: Socket, incoming: Incoming) {
    this.#socket = socket;
    this.#listen(incoming).catch((error: unknown) => {
      this.#end = { error };
      for (const { reject } of this.#pending.values()) reject(error);
    });
  }

  async call(...call: Parameters<Bus['call']>): Promise<BusValue[]> {
    return (await this.ask(...call)).values;
  }

  async ask(service: string, object: string, method: string, ...args: BusArgument[]): Promise<BusResponse> {
    if (this.#end !== undefined) throw this.#end.error;
    this.#latest += 1;
    const serial = this.#latest;
    const answered = new Promise<BusResponse>((resolve, reject) =>
      this.#pending.set(serial, { resolve, reject }),
    );
    this.#socket.write(encodeCall(serial, service, object, method, args));
    return answered;
  }

  async #listen(incoming: Incoming): Promise<never> {
    for (;;) {
      const { replyTo = 0, error, values, sender } = await incoming.message();
      const call = this.#pending.get(replyTo);
      this.#pending.delete(replyTo);
      if (error === undefined) call?.resolve({ values, sender });
      else call?.reject(new BusError(error, String(values[0] ?? error)));
    }
  }
}

/** Reads lines and messages from a socket. */
class Incoming {
  readonly #chunks: AsyncIterator<Buffer>;
  #bytes = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.#chunks = socket[Symbol.asyncIterator]();
  }

  async line(): Promise<string> {
    while (!this.#bytes.includes('\r\n')) {
      if (this.#bytes.length > MAX_LINE) throw new Error('the session bus sent an invalid login line');
      await this.#more();
    }
    return this.#take(this.#bytes.indexOf('\r\n') + 2).toString('latin1');
  }

  async message(): Promise<ReturnType<typeof readMessage>> {
    return readMessage(async (length) => {
      while (this.#bytes.length < length) await this.#more();
      return this.#take(length);
    });
  }

  async #more(): Promise<void> {
    const chunk = await this.#chunks.next();
    if (chunk.done === true) throw new BusError('closed', 'the session bus closed the connection');
    this.#bytes = Buffer.concat([this.#bytes, chunk.value]);
  }

  #take(length: number): Buffer {
    const taken = this.#bytes.subarray(0, length);
    this.#bytes = this.#bytes.subarray(length);
    return taken;
  }
}
