import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BusEnvironment, SessionBus } from '@vastai-cli/testing/secret-service';

/** Changes bytes without changing their length, or only inspects them. */
type Change = (bytes: Buffer) => Buffer | undefined;

export interface Relay {
  /** Variables with which a program connects to the bus through the relay. */
  readonly env: BusEnvironment;
  stop(): Promise<void>;
}

/**
 * Stands between programs and a session bus: everything passes, as `change` leaves it.
 *
 * @param toBus changes what programs say
 * @param fromBus changes what they are told
 */
export async function startRelay(
  bus: SessionBus,
  toBus: Change,
  fromBus: Change = () => undefined,
): Promise<Relay> {
  const folder = await mkdtemp(join(tmpdir(), 'vastai-relay-'));
  const [, path = ''] = /path=([^,]+)/u.exec(bus.env.DBUS_SESSION_BUS_ADDRESS) ?? [];
  const server = createServer((program) => {
    const upstream = connect(path);
    program.on('data', (bytes: Buffer) => upstream.write(toBus(bytes) ?? bytes));
    upstream.on('data', (bytes: Buffer) => program.write(fromBus(bytes) ?? bytes));
    for (const [one, other] of [
      [program, upstream],
      [upstream, program],
    ] as const) {
      one.on('error', () => {});
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(join(folder, 'bus'), resolve));
  return {
    env: { ...bus.env, DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(folder, 'bus')}` },
    async stop() {
      server.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Imitates a service that returns no secret in a plain session, because it requires encryption. */
export async function withoutPlainSessions(bus: SessionBus): Promise<Relay> {
  return startRelay(bus, (bytes) => replaced(bytes, 'plain\0', 'nialp\0'));
}

/** Replaces characters with as many others. */
export function replaced(bytes: Buffer, from: string, to: string): Buffer {
  const text = bytes.toString('latin1').replaceAll(from, to);
  return Buffer.from(text, 'latin1');
}
