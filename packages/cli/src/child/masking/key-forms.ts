import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';

/** One spelling of a key, as the bytes that a program may print. */
export interface KeyForm {
  readonly text: string;
  /** True if a line may break anywhere inside, as programs break base64. */
  readonly wraps: boolean;
}

/** Length from which a key is masked. A shorter one would match too much other output by chance. */
const SURE_LENGTH = 8;

/** Returns false for a key that is too short to be masked. */
export function isMaskable(key: ApiKey): boolean {
  return key.reveal().length >= SURE_LENGTH;
}

/**
 * Returns the spellings in which a key is masked: as it is, in upper case, percent-encoded, and in base64 and base64url
 * at each of the three places of a group. Returns none for a key that is too short.
 */
export function keyForms(key: ApiKey): KeyForm[] {
  if (!isMaskable(key)) return [];
  const value = key.reveal();
  const plain = [value, value.toUpperCase(), ...percentEncoded(value)].map((text) => ({
    text,
    wraps: false,
  }));
  const encoded = base64Forms(value).flatMap((text) => [
    text,
    text.replaceAll('+', '-').replaceAll('/', '_'),
  ]);
  const forms = [...plain, ...encoded.map((text) => ({ text, wraps: true }))];
  return forms.filter(({ text }, at) => forms.findIndex((form) => form.text === text) === at);
}

/** Encoders differ in the characters that they leave alone, and in the case of the digits. */
function percentEncoded(value: string): string[] {
  const encode = (character: string) =>
    `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  const spellings = [
    encodeURIComponent(value),
    value.replace(/[^\w.~-]/gu, encode),
    value.replace(/[^\w.~/-]/gu, encode),
    value.replace(/[^A-Za-z0-9]/gu, encode),
    value.replace(/./gu, encode),
  ];
  const lowerDigits = (text: string) => text.replace(/%[0-9A-F]{2}/gu, (one) => one.toLowerCase());
  return spellings.flatMap((text) => [text, lowerDigits(text)]);
}

/** Leaves out the digits at both ends that also depend on the bytes next to the key. */
function base64Forms(value: string): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.from('\0'.repeat(offset) + value).toString('base64');
    return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + value.length) * 8) / 6));
  });
}
