import { applyEdits } from '../json/edits.js';
import { parseJson } from '../json/parse.js';
import { type DecodedText, decodeText, withoutMark } from '../json/source-text.js';
import { cleanJson } from './clean-json.js';
import type { Fix, FixedText } from './fixed-text.js';
import { repairs } from './repairs.js';

/** A repair can make room for another one in the same place, such as an operator and then its value. */
const MOST_ROUNDS = 10;

/**
 * Repairs what can be repaired without guessing: UTF-16, a byte order mark, comments, trailing commas,
 * categories and endpoint names that are but misspelt, operators in capitals, bounds in quotes, a value
 * in the place of a condition, and categories that only lack "api" around them. What a file means to say
 * is left alone, and so is one with bytes that are no text. The rest of its layout stays.
 *
 * @param input the bytes of the file, or its text
 */
export function fixDocument(input: Uint8Array | string): FixedText {
  const decoded = decodeText(input);
  const lossy = decoded.faults.some(({ kind }) => kind === 'not_utf8' || kind === 'too_large');
  if (lossy) return { text: decoded.text, fixes: [] };
  const cleaned = cleanJson(decoded.text);
  // A mark can stand behind a comment, and be the first character only now.
  const bare = withoutMark(cleaned.text, []);
  const fixes = [...encodingFixes(decoded), ...cleaned.fixes, ...encodingFixes(bare)];
  let { text } = bare;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const { root, faults } = parseJson(text);
    const found = root === undefined || faults.length > 0 ? [] : repairs(root);
    if (found.length === 0) break;
    text = applyEdits(
      text,
      found.flatMap(({ edits }) => edits),
    );
    fixes.push(...found.map(({ code, message }) => ({ code, message })));
  }
  return { text, fixes };
}

function encodingFixes({ faults }: DecodedText): Fix[] {
  return faults.map(({ kind }) =>
    kind === 'utf16'
      ? { code: 'VP005', message: 'Wrote the file as UTF-8.' }
      : { code: 'VP107', message: 'Removed the byte order mark.' },
  );
}
