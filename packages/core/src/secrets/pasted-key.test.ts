import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiKey } from '../base/api-key.js';
import { parsePastedKey } from './pasted-key.js';

const KEY = '3f2a9c51d07be86430f2a9c51d07be86430f2a9c51d07be86430f2a9c51d07be';

function whatOf(text: string): string {
  const parsed = parsePastedKey(text);
  return parsed instanceof ApiKey ? 'a key' : `${parsed.what} ${parsed.remedy}`;
}

describe('a pasted key', () => {
  it.each([
    KEY,
    ` ${KEY}\r\n`,
    'short',
    'vast-0123456789',
    'key-0123456789abcdef',
    'a-key-of-mine',
    'sk_live_AbC123+/xyz==',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln-bmF0dXJl_',
    '-4bDkeyQ==',
    'tokenA8f3==',
    'your2fa9c51d07be86430f2a9c51',
    '/9j4AAQSkZJRg',
    'user:pass@word',
  ])('that promises no format is taken as it is: %s', (text) => {
    expect(whatOf(text)).toBe('a key');
  });

  it.each([
    `"${KEY}"`,
    `'${KEY}'`,
    `“${KEY}”`,
    `‘${KEY}’`,
    `„${KEY}“`,
    `«${KEY}»`,
    `\`${KEY}\``,
    `"${KEY}`,
    `${KEY}'`,
    `"${KEY}";`,
    `"${KEY}",`,
    '""',
  ])('in quotation marks is rejected: %s', (text) => {
    expect(whatOf(text)).toContain('is in quotation marks');
  });

  it.each([
    `VAST_API_KEY=${KEY}`,
    `VAST_API_KEY="${KEY}"`,
    `VAST_API_KEY = ${KEY}`,
    'VAST_API_KEY=',
    `export VAST_API_KEY=${KEY}`,
    `export VAST_API_KEY='${KEY}'`,
    `set VAST_API_KEY=${KEY}`,
    `setx VAST_API_KEY ${KEY}`,
    `$env:VAST_API_KEY="${KEY}"`,
    `declare -x VAST_API_KEY=${KEY}`,
    `ENV VAST_API_KEY ${KEY}`,
    `VASTAI_KEY=${KEY}`,
    `api_key: ${KEY}`,
    `"api_key": "${KEY}",`,
    `apiKey=${KEY}`,
    `TOKEN=${KEY}`,
  ])('after the name of a variable is rejected: %s', (text) => {
    expect(whatOf(text)).toContain('begins with the name of a variable');
  });

  it.each([
    `Bearer ${KEY}`,
    `bearer ${KEY}`,
    `Authorization: Bearer ${KEY}`,
    `authorization:Bearer ${KEY}`,
    `"Authorization: Bearer ${KEY}"`,
    `Basic ${KEY}`,
  ])('after a part of a header is rejected: %s', (text) => {
    expect(whatOf(text)).toContain('begins with "Bearer" or another part of a header');
  });

  it.each([`<${KEY}>`, `<${KEY}`, `[${KEY}]`, `(${KEY})`, `{${KEY}}`, `<${KEY}>;`])(
    'in brackets is rejected: %s',
    (text) => {
      expect(whatOf(text)).toContain('is in brackets');
    },
  );

  it.each([`${KEY};`, `${KEY},`, `,${KEY}`])('with a comma or a semicolon is rejected: %s', (text) => {
    expect(whatOf(text)).toContain('a comma or a semicolon');
  });

  it.each([`${KEY}\\`, `${KEY}\\n`])('with a backslash at its end is rejected: %s', (text) => {
    expect(whatOf(text)).toContain('a backslash');
  });

  it.each([
    'YOUR_API_KEY',
    'your_api_key_here',
    'YOUR-API-KEY',
    'yourApiKey',
    'YOUR_VAST_API_KEY',
    '<your-key>',
    '<YOUR_API_KEY>',
    '<your api key>',
    '<key>',
    '"YOUR_API_KEY"',
    'VAST_API_KEY=YOUR_API_KEY',
    'export VAST_API_KEY="your_api_key_here"',
    'Bearer YOUR_API_KEY',
    'VAST_API_KEY',
    'API_KEY',
    'KEY',
    'insert-your-key-here',
    'paste_your_key_here',
    'replace-me',
    'changeme',
    'xxxx',
    'X'.repeat(64),
    '<xxxxxxxx>',
    '****************',
    '................',
    '•••••••',
  ])('that is a placeholder is rejected: %s', (text) => {
    expect(whatOf(text)).toContain('is a placeholder from an example');
  });

  it.each([
    ['null', 'a word such as "null"'],
    ['undefined', 'a word such as "null"'],
    ['None', 'a word such as "null"'],
    ['[object Object]', 'a word such as "null"'],
    ['https://console.vast.ai/', 'is a URL'],
    [`https://console.vast.ai/?api_key=${KEY}`, 'is a URL'],
    ['console.vast.ai', 'is a URL'],
    ['you@example.com', 'is an email address'],
    ['ssh-rsa AAAAB3NzaC1yc2E you@host', 'is an SSH or PEM key'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl', 'is an SSH or PEM key'],
    [`{"api_key": "${KEY}"}`, 'is a JSON document'],
    [`["${KEY}"]`, 'is a JSON document'],
    ['{}', 'is a JSON document'],
    ['<!DOCTYPE html><html></html>', 'is a web page'],
    ['~/.config/vastai/vast_api_key', 'is the path of a file'],
    ['/run/secrets/vast', 'is the path of a file'],
    ['$VAST_API_KEY', 'is a variable that was not replaced'],
    ['"$VAST_API_KEY"', 'is a variable that was not replaced'],
    [`\${VAST_API_KEY}`, 'is a variable that was not replaced'],
    ['$(pass show vast)', 'is a variable that was not replaced'],
    [`\${{ secrets.VAST_API_KEY }}`, 'is a variable that was not replaced'],
    ['{{ vast_key }}', 'is a variable that was not replaced'],
    ['%VAST_API_KEY%', 'is a variable that was not replaced'],
    [`${KEY}${KEY}`, 'is more than one key'],
    [`${KEY}\n${KEY.replace('3', '4')}`, 'is more than one key'],
    [`${KEY},${KEY}`, 'is more than one key'],
    ['…d07b', 'is a shortened key'],
    ['3f2a...d07b', 'is a shortened key'],
    ['****d07b', 'is a shortened key'],
    [`vastai set api-key ${KEY}`, 'is a command'],
    [`$ vastai set api-key ${KEY}`, 'is a command'],
    [`--api-key ${KEY}`, 'is a command'],
    [`curl -H "Authorization: Bearer ${KEY}"`, 'is a command'],
    ['two words', 'contains a space or a line break'],
    ['a\u001bb', 'contains a control character'],
    ['clé-01234567', 'contains a character outside ASCII'],
    ['', 'is empty'],
  ])('that is something else is reported as that: %s', (text, what) => {
    expect(whatOf(text)).toContain(what);
  });

  it('is never repaired, and never repeated in an error', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 16, maxLength: 90 }), (text) => {
        const parsed = parsePastedKey(text);
        if (parsed instanceof ApiKey) expect(parsed.reveal()).toBe(text.trim());
        else expect(JSON.stringify(parsed)).not.toContain(text.trim() || '\0');
      }),
    );
  });

  it('of 64 KiB is checked without delay', () => {
    for (const part of ['"', '[', 'key', '0'.repeat(32), '0 ', '-', '$', '{', 'a@', '.', ' '])
      expect(whatOf(part.repeat(65_536 / part.length))).toBeTypeOf('string');
  });
});
