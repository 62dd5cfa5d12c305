import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { run } from '../registry/support/run.js';
import { ROOT } from './repository-copy.js';

/** A registry that has the official plugins of this checkout, as they are packed, and nothing else. */
export interface PluginRegistry {
  readonly url: string;
  close(): Promise<void>;
}

/** Packs the plugins, which gives the tarballs that the CLI was built with the hashes of. */
export async function startPluginRegistry(): Promise<PluginRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'vastai-packed-'));
  await run(process.execPath, [join(ROOT, 'scripts', 'pack.mjs'), folder]);
  const tarballs = new Map<string, Buffer>();
  for (const name of await readdir(folder)) tarballs.set(name, await readFile(join(folder, name)));
  await rm(folder, { recursive: true });
  const { version } = JSON.parse(await readFile(join(ROOT, 'packages', 'cli', 'package.json'), 'utf8'));

  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '/');
    const tarball = tarballs.get(basename(path));
    if (tarball !== undefined) return response.end(tarball);
    const short = /^\/@vastai-cli\/(?<short>plugin-[a-z]+)$/u.exec(path)?.groups?.short;
    const file = `vastai-cli-${short}-${version}.tgz`;
    const bytes = tarballs.get(file);
    if (bytes === undefined) return response.writeHead(404).end('{}');
    const name = `@vastai-cli/${short}`;
    const dist = {
      tarball: `${url()}${file}`,
      integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
    };
    const document = {
      name,
      'dist-tags': { latest: version },
      versions: { [version]: { name, version, dist } },
    };
    return response.setHeader('content-type', 'application/json').end(JSON.stringify(document));
  });
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: url(),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
