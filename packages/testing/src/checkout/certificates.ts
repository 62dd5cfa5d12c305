import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

const run = promisify(execFile);

const CONFIGURATION = `
[req]
prompt = no
distinguished_name = name
[name]
commonName = api.vast.test
[ca]
default_ca = own
[own]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = extensions
[any]
commonName = supplied
[extensions]
basicConstraints = critical, CA:TRUE
subjectAltName = DNS:api.vast.test, DNS:console.vast.ai, IP:127.0.0.1
`;

/** Makes a self-signed certificate for api.vast.test, console.vast.ai and 127.0.0.1, for one test. */
export async function makeCertificate(
  validity: 'valid' | 'expired',
): Promise<{ key: Buffer; cert: Buffer; file: string; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'vastai-certificate-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'openssl.cnf'), CONFIGURATION);
  await writeFile(join(folder, 'index.txt'), '');
  const openssl = (...parameters: string[]) => run('openssl', parameters, { cwd: folder });
  await openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', 'key.pem');
  await openssl('req', '-new', '-config', 'openssl.cnf', '-key', 'key.pem', '-out', 'request.pem');
  const years = validity === 'valid' ? [2020, 2120] : [2020, 2021];
  const [start, end] = years.map((year) => `${year}0101000000Z`) as [string, string];
  const dates = ['-startdate', start, '-enddate', end];
  await openssl(
    'ca',
    '-batch',
    '-notext',
    '-selfsign',
    '-config',
    'openssl.cnf',
    '-keyfile',
    'key.pem',
    '-in',
    'request.pem',
    '-out',
    'cert.pem',
    ...dates,
  );
  const file = join(folder, 'cert.pem');
  return { key: await readFile(join(folder, 'key.pem')), cert: await readFile(file), file, folder };
}
