import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from './registry.js';

/** Describes how a registry changes its responses; `count` is the number of equal requests before. */
export interface Lies {
  packument?(document: Packument, count: number): unknown;
  tarball?(bytes: Buffer, count: number): Buffer;
}

/** Describes the part of a package's metadata that the tests change. */
export interface Packument {
  readonly versions: Record<string, { readonly dist: { integrity?: string; shasum?: string } }>;
}

export interface LyingRegistry {
  readonly url: string;
  /** The paths that were asked for. */
  readonly asked: readonly string[];
  close(): void;
}

/** A registry in front of an honest one. It lies about the packages of the scope @vastai-cli only. */
export async function startLyingRegistry(honest: Registry, lies: Lies): Promise<LyingRegistry> {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(request.url ?? '/');
    const count = asked.filter((one) => one === path).length;
    asked.push(path);
    const answer = await fetch(new URL(request.url ?? '/', honest.url));
    const bytes = Buffer.from(await answer.arrayBuffer());
    const isOurs = answer.ok && path.startsWith('/@vastai-cli/');
    response.statusCode = answer.status;
    if (path.endsWith('.tgz')) {
      response.end(isOurs ? (lies.tarball?.(bytes, count) ?? bytes) : bytes);
      return;
    }
    const own = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const document = JSON.parse(bytes.toString().replaceAll(honest.url, own));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(isOurs ? (lies.packument?.(document, count) ?? document) : document));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
