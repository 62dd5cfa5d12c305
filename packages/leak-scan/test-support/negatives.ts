import type { Random } from './random.js';

/** A file without a key in it. */
export interface Negative {
  form: string;
  path: string;
  text: string;
}

type Form = (random: Random) => { path?: string; text: string };

/** What looks like a key, or like a place for one, as it is in real files. */
const FORMS: Record<string, Form> = {
  'a list of checksums': (r) => ({
    text: `${r.hex(64)}  vastai-${r.below(9)}.${r.below(9)}.tar.gz\n${r.hex(64)} *vast_api_key\n${r.hex(64)}  LICENSE`,
  }),
  'checksums by file name': (r) => ({
    text: `"${r.of('vast.js', 'dist/vast', 'vast_api_key.txt', 'vastai-1.0.whl')}": "${r.hex(64)}"`,
  }),
  'a hash of pip': (r) => ({
    text: `vastai==0.${r.below(9)}.1 --hash=sha256:${r.hex(64)} \\\n    --hash=sha256:${r.hex(64)}`,
  }),
  'a lock file of Python': (r) => ({
    path: r.of('poetry.lock', 'uv.lock'),
    text: `[[package]]\nname = "vastai"\nfiles = [{file = "vastai.whl", hash = "sha256:${r.hex(64)}"}]`,
  }),
  'a lock file of Rust': (r) => ({
    path: 'Cargo.lock',
    text: `[[package]]\nname = "vast"\nchecksum = "${r.hex(64)}"`,
  }),
  'a checksum of Rust elsewhere': (r) => ({ text: `[[package]]\nname = "vast"\nchecksum = "${r.hex(64)}"` }),
  'go.sum': (r) => ({ path: 'go.sum', text: `github.com/vast/vast v1.0.0 h1:${r.mixed(43)}=` }),
  'the digest of an image': (r) => ({
    text: `image: vastai/${r.of('pytorch', 'base-image')}@sha256:${r.hex(64)}`,
  }),
  'the tag of an image': (r) => ({
    text: `docker pull vastai/pytorch:${r.hex(64)}\nimage: vast:${r.hex(64)}`,
  }),
  'the name of a container': (r) => ({
    text: `vast container ${r.hex(64)} exited\n${r.hex(64)}   vastai/base   "bash"`,
  }),
  'a commit': (r) => ({ text: `VAST_${r.of('COMMIT', 'CLI_REV', 'API_KEY', 'REF')}=${r.hex(40)}` }),
  'a commit with 64 digits': (r) => ({
    text: `vast_${r.of('commit', 'revision', 'sdk_ref', 'tree')}: ${r.hex(64)}`,
  }),
  'a log of git': (r) => ({
    text: `commit ${r.hex(r.of(40, 64))}\nAuthor: vast <me@vast.ai>\n\n    Set the vast api key`,
  }),
  'a checksum by its name': (r) => ({
    text: `${r.of('vast_sha256', 'VASTAI_CHECKSUM', 'vastHash', 'vast_key_sha256', 'VAST_API_KEY_HASH', 'vast-digest', 'vast_etag')}${r.of('=', ': ', ' = "')}${r.hex(64)}`,
  }),
  'the checksum of a key': (r) => ({
    text: r.of(
      `sha256 of VAST_API_KEY: ${r.hex(64)}`,
      `The hash of the vast api key: ${r.hex(64)}`,
      `${r.of('hashed_vast_api_key', 'encrypted_vast_key', 'VAST_API_KEY_ENC')} = "${r.hex(64)}"`,
      `echo "${r.hex(64)}" | sha256sum -c vast_api_key.sha256`,
    ),
  }),
  'checksums by the name of a project': (r) => ({
    text: r.of(
      `${r.of('HASHES', 'known_digests')} = {"vast": "${r.hex(64)}"}`,
      `${r.of('digests', 'image_ids')}:\n  vastai: ${r.hex(64)}`,
      `[checksums]\nvast = "${r.hex(64)}"`,
    ),
  }),
  'an SSH key': (r) => ({
    path: r.of('.ssh/vast_key', 'vast.key', 'vast-key.pem'),
    text: `-----BEGIN OPENSSH PRIVATE KEY-----\n${r.mixed(64)}\n${r.mixed(64)}\n${r.mixed(40)}=\n-----END OPENSSH PRIVATE KEY-----\n`,
  }),
  'something of Vast.ai that is no secret': (r) => ({
    text: `VAST_${r.of('CONTAINER', 'BUILD', 'SEED', 'MERKLE_ROOT', 'DATASET', 'PUBKEY')}=${r.hex(64)}`,
  }),
  'an ID': (r) => ({
    text: `vast_${r.of('template_hash_id', 'machine_id', 'key_id', 'instance_id')} = "${r.hex(64)}"`,
  }),
  'a public key': (r) => ({ text: `vast_public_key: "${r.hex(64)}"\nVAST_PUB_KEY=${r.hex(64)}` }),
  'a fingerprint of vastai': (r) => ({
    text: `{"profiles":{"vast":{"key_id":42,"fingerprint":"hmac-sha256:${r.hex(32)}:${r.hex(64)}"}}}`,
  }),
  'a key of another service': (r) => ({
    text: `${r.of('TOGETHER_API_KEY', 'api_key', 'SECRET_KEY', 'avast_api_key', 'devastating_token')}${r.of('=', ': ')}${r.hex(64)}`,
  }),
  'another bearer token': (r) => ({
    text: `curl -H "Authorization: Bearer ${r.hex(64)}" https://api.${r.of('example.com', 'notvast.ai', 'vast.ai.example.com')}/`,
  }),
  'a bearer token far from an address': (r) => ({
    text: `Bearer ${r.hex(64)}${'\n'.repeat(5)}https://console.vast.ai/`,
  }),
  'a parameter of another address': (r) => ({
    text: `https://example.com/?api_key=${r.hex(64)}\nmail: me@vast.ai`,
  }),
  'another backend': (r) => ({
    text: `backends:\n  - type: vastai\n  - type: ${r.of('runpod', 'lambda')}\n    creds:\n      type: api_key\n      api_key: ${r.hex(64)}`,
  }),
  'another section': (r) => ({
    text: `[vast]\nurl = "x"\n\n[${r.of('aws', 'runpod')}]\napi_key = "${r.hex(64)}"`,
  }),
  'another object': (r) => ({ text: `{vast:{url:"x"},together:{apiKey:"${r.hex(64)}"}}` }),
  'repeated digits': (r) => ({
    text: `VAST_API_KEY=${r.of(r.hex(1).repeat(64), r.hex(2).repeat(32), r.hex(8).repeat(8), r.hex(32).repeat(2), r.hex(16).repeat(4))}`,
  }),
  'a sample that was typed': (r) => ({ text: `VAST_API_KEY=${typed(r)}` }),
  'sequential digits': (r) => ({
    text: `vastai set api-key ${r.of('0123456789abcdef'.repeat(4), 'fedcba9876543210'.repeat(4), `${'1234567890'.repeat(6)}1234`, 'abcdef1234567890'.repeat(4), '00112233445566778899aabbccddeeff'.repeat(2), `deadbeef${r.hex(56)}`)}`,
  }),
  'a placeholder': (r) => ({
    text: `export VAST_API_KEY=${r.of('your_api_key_here', '<your-api-key>', '$VAST_API_KEY', 'x'.repeat(64), 'vast-123456789abcdef', `"$${'{{'} secrets.VAST_API_KEY }}"`, '…60e2')}`,
  }),
  'an allowed line': (r) => ({
    text: `VAST_API_KEY=${r.hex(64)} # vastai-scan:allow revoked in ${2020 + r.below(6)}`,
  }),
  'something about Vast.ai near a hash': (r) => ({
    text: `# runs on vast.ai\nmodel_sha256 = "${r.hex(64)}"\n# with vast ${r.hex(64)}`,
  }),
  'a longer run of digits': (r) => ({ text: `vast_blob = "${r.hex(65 + r.below(190))}"` }),
  'a shorter run of digits': (r) => ({ text: `vast_api_key = "${r.hex(20 + r.below(20))}"` }),
  Base64: (r) => ({
    text: `vast_logo = "data:image/png;base64,${r.mixed(60)}/${r.mixed(50)}+${r.mixed(30)}=="`,
  }),
  'a test of equality': (r) => ({
    text: `expect(sha256(vast)).toBe("${r.hex(64)}")\nassert vast_digest == "${r.hex(64)}"`,
  }),
};

/** Returns a number of files of each form. */
export function negatives(random: Random, each: number): Negative[] {
  return Object.entries(FORMS).flatMap(([form, make]) =>
    Array.from({ length: each }, () => ({ form, path: 'a.txt', ...make(random) })),
  );
}

/** Returns 64 digits as people make them up: a part that is repeated with slips, or letters and digits that take turns. */
function typed(random: Random): string {
  const part = random.hex(random.of(15, 17, 19, 21, 32));
  const repeated = `${random.hex(1)}${part}${part}${part}${part}${part}`.slice(0, 63) + random.hex(1);
  const from = random.below(16);
  const turns = Array.from(
    { length: 32 },
    (_, at) => (((from + at) % 6) + 10).toString(16) + ((from + at) % 10),
  ).join('');
  return random.of(repeated, turns);
}
