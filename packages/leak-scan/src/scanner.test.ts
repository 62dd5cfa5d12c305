import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../test-support/random.js';
import { KeyScanner, scanBytes } from './scanner.js';

const random = new Random(7);
const KEY = random.hex(64);
const OTHER = random.hex(64);

const scan = (text: string, path?: string) =>
  scanBytes(Buffer.from(text), path === undefined ? {} : { path });
const places = (text: string, path?: string) =>
  scan(text, path).found.map(({ line, column, reason }) => `${line}:${column} ${reason}`);

describe('a key', () => {
  it('has a line and a column, which count as editors do', () => {
    expect(places(`a\n\nVAST_API_KEY=${KEY}`)).toEqual(['3:14 assignment']);
    expect(places(`é😀 VAST_API_KEY=${KEY}`)).toEqual(['1:18 assignment']);
    expect(places(`\ufeffVAST_API_KEY=${KEY}`)).toEqual(['1:14 assignment']);
    expect(places(`x\r\nVAST_API_KEY=${KEY}\r\nVAST_KEY="${OTHER}"\r\n`)).toEqual([
      '2:14 assignment',
      '3:11 assignment',
    ]);
  });

  it('shows no more than its last four characters, however it is printed', () => {
    const [found] = scan(`VAST_API_KEY=${KEY}`).found;
    const printed = [
      JSON.stringify(found),
      String(found),
      inspect(found, { showHidden: true, depth: 9 }),
      Object.keys(found ?? {}).join(),
    ];
    for (const one of printed) expect(one).not.toContain(KEY.slice(0, 60));
    expect(found?.suffix).toBe(KEY.slice(-4));
    expect(found?.reveal()).toBe(KEY);
    expect(found?.why).toBe('assigned to a name with “vast”');
  });

  it.each([
    ['in two strings', `vast_key = "${KEY.slice(0, 20)}" + "${KEY.slice(20)}"`],
    ['over three lines', `VAST_API_KEY=${KEY.slice(0, 22)}\n${KEY.slice(22, 44)}\n${KEY.slice(44)}`],
    ['in a quoted-printable mail', `VAST_API_KEY=3D${KEY.slice(0, 50)}=\r\n${KEY.slice(50)}`],
    ['in the quotes of a word processor', `VAST_API_KEY = “${KEY}”`],
    ['behind an escape', `{"cmd":"VAST_API_KEY=\\n${KEY}"}`],
    ['in a form', `VAST_API_KEY%3D${KEY}&x=1`],
  ])('is whole %s', (_, text) => {
    expect(scan(text).found.map((key) => key.reveal())).toEqual([KEY]);
  });

  it('is not joined over an empty line, nor with words that are not digits', () => {
    const [one, two] = [KEY.slice(0, 32), KEY.slice(32)];
    for (const text of [
      `VAST_API_KEY=${one}\n\n${two}`,
      `VAST_API_KEY=${one}\nzz${two}`,
      `VAST_API_KEY=${one} ${two}`,
    ])
      expect(places(text)).toEqual([]);
  });

  it('of another length is found only where nothing else can be meant', () => {
    for (const word of [random.hex(48), random.mixed(44)]) {
      expect(places(`VAST_API_KEY=${word}`)).toEqual(['1:14 assignment']);
      expect(places(`vastai set api-key ${word}`)).toEqual(['1:20 command']);
      expect(places(`vast = "${word}"`)).toEqual([]);
      expect(places(`--api-key ${word}`)).toEqual([]);
    }
  });
});

describe('a known key', () => {
  const isKnown = (word: string) => word === OTHER;
  const known = (text: string, path = '') =>
    scanBytes(Buffer.from(text), { isKnown, path }).found.map(({ reason }) => reason);

  it('is found wherever it is', () => {
    expect(known(`sha256:${OTHER}`)).toEqual(['known']);
    expect(known(`"integrity": "${OTHER}"`, 'package-lock.json')).toEqual(['known']);
    expect(known(`VAST_API_KEY=${OTHER}`)).toEqual(['known']);
    expect(known(`a ${OTHER.slice(0, 30)}\n${OTHER.slice(30)}`)).toEqual(['known']);
    expect(known(`a ${KEY}`)).toEqual([]);
  });

  it('can be allowed like any other', () => {
    expect(known(`a ${OTHER} # vastai-scan:allow revoked`)).toEqual([]);
  });
});

describe('vastai-scan:allow', () => {
  it('takes out the keys of its line, and counts them', () => {
    const result = scan(`VAST_API_KEY=${KEY} # vastai-scan:allow revoked\nVAST_KEY=${OTHER}`);
    expect(result.found.map(({ line }) => line)).toEqual([2]);
    expect(result.allowed).toBe(1);
  });

  it('speaks of the next line if its own has nothing else', () => {
    expect(places(`# vastai-scan:allow a sample\nVAST_API_KEY=${KEY}`)).toEqual([]);
    expect(places(`x=1 # vastai-scan:allow a sample\nVAST_API_KEY=${KEY}`)).toHaveLength(1);
    expect(places(`# vastai-scan:allow a sample\n\nVAST_API_KEY=${KEY}`)).toHaveLength(1);
  });

  it('needs a reason', () => {
    for (const end of ['', ' ', ' */', ' -->'])
      expect(places(`VAST_API_KEY=${KEY} # vastai-scan:allow${end}`)).toHaveLength(1);
  });
});

describe('a file', () => {
  it('is a key file by its name', () => {
    expect(places(`${KEY}\n`, 'home/.vast_api_key')).toEqual(['1:1 key-file']);
    expect(places(`${KEY}\n`, 'C:\\Users\\me\\.config\\vastai\\vast_api_key')).toEqual(['1:1 key-file']);
    expect(places(`${random.mixed(44)}\n`, 'vast.key')).toEqual(['1:1 key-file']);
    expect(places(`${random.mixed(64)}\n${random.mixed(64)}\n`, '.ssh/vast_key')).toEqual([]);
    for (const path of ['vast_api_key.py', 'vast_api_key.sha256', 'api_key', 'vast_public_key.pub'])
      expect(places(`${KEY}\n`, path)).toEqual([]);
  });

  it('of 50 MB on a single line is searched to its end, in parts too', () => {
    const filler = Buffer.alloc(50_000_000, 'a="0123456789abcdef";\t\t\t\t');
    const whole = Buffer.concat([filler, Buffer.from(`vastKey="${KEY}"`)]);
    expect(scanBytes(whole).found.map(({ line, column }) => [line, column])).toEqual([[1, 50_000_010]]);
    const scanner = new KeyScanner();
    const found = [];
    for (let at = 0; at < whole.length; at += 65_536)
      found.push(...scanner.push(whole.subarray(at, at + 65_536)));
    found.push(...scanner.end());
    expect(found.map(({ line, column }) => [line, column])).toEqual([[1, 50_000_010]]);
  });

  it.each([
    ['one run of digits', 'a1b2c3d4'],
    ['keys of no name', `vast ${KEY} `],
    ['names without keys', 'VAST_API_KEY="" '],
    ['opened brackets', 'vast={api_key:('],
    ['quotes and parts', `vast"${KEY.slice(0, 30)}"+"`],
    ['addresses', `https://vast.ai/?api_key=x&Bearer ${KEY} `],
    ['lines of a list', `\n  - vast\n  - api_key: ${KEY}`],
    ['values without names', `vast {"value": "${KEY}", `],
    ['lists of keys', `vast, "${KEY}"`],
    ['sections of checksums', `vast = "${KEY}"\n`],
  ])('of megabytes that are made to be slow is searched: %s', (_, part) => {
    // A search that is not linear does not end within the time limit of a test.
    const bytes = Buffer.alloc(4_000_000, part);
    expect(scanBytes(bytes).allowed).toBe(0);
  });

  it('of any bytes is searched without an error, and alike in parts', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        KEY,
        OTHER.slice(0, 32),
        'VAST_API_KEY',
        'vast',
        'api_key',
        '=',
        ': ',
        '"',
        '\n',
        '\r\n',
        '\\',
        '{',
        '(',
        ' ',
        '%3D',
        'Bearer ',
        '- ',
        '\0',
        '\ufeff',
        'é',
      ),
      fc.string({ maxLength: 12 }),
    );
    const bytes = fc.oneof(
      fc.array(piece, { maxLength: 40 }).map((pieces) => Buffer.from(pieces.join(''))),
      fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
    );
    fc.assert(
      fc.property(bytes, fc.nat({ max: 50 }), (all, size) => {
        const scanner = new KeyScanner();
        const found = [];
        for (let at = 0; at < all.length; at += size + 1)
          found.push(...scanner.push(all.subarray(at, at + size + 1)));
        found.push(...scanner.end());
        expect(found.map(({ line, column }) => [line, column])).toEqual(
          scanBytes(all).found.map(({ line, column }) => [line, column]),
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe('500,000 lines', () => {
  it('are searched; the figure is printed', () => {
    const line =
      'export const answer = (question: string): number => question.length * 42; // a usual line\n';
    const file = Buffer.from(`${line.repeat(99)}const vastKey = process.env.VAST_API_KEY;\n`);
    const begun = process.cpuUsage();
    let found = 0;
    for (let count = 0; count < 5_000; count++) found += scanBytes(file).found.length;
    const { user, system } = process.cpuUsage(begun);
    console.log(`500,000 lines in 5,000 files: ${Math.round((user + system) / 1_000)} ms of processor time`);
    expect(found).toBe(0);
  });
});
