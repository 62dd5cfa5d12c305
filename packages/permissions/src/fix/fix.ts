import { applyEdits } from '../json/edits.js';
import { parseJson } from '../json/parse.js';
import { type DecodedText, decodeText, withoutMark } from '../json/source-text.js';
import { cleanJson } from './clean-json.js';
import type { Fix, FixedText } from './fixed-text.js';
import { repairs } from './repairs.js';

/** One repair can make another possible in the same place, such as an operator and then its value. */
const MOST_ROUNDS = 10;

/**
 * Repairs everything that needs no guessing: UTF-16, a byte order mark, comments, trailing commas, misspelled category
 * and endpoint names, operators in upper case, bounds in quotes, a bare value instead of a condition, categories
 * without "api" around them, what is around a document, and formats that the API ignores. Keeps the rest of the layout. Does not touch a file whose bytes cannot be decoded.
 *
 * @param input the content of the file, as bytes or text
 */
export function fixDocument(input: Uint8Array | string): FixedText {
  const decoded = decodeText(input);
  const lossy = decoded.faults.some(({ kind }) => kind === 'not_utf8' || kind === 'too_large');
  if (lossy) return { text: decoded.text, fixes: [] };
  const cleaned = cleanJson(decoded.text);
  // Removing a leading comment can leave a byte order mark as the first character.
  const bare = withoutMark(cleaned.text, []);
  const fixes = [...encodingFixes(decoded), ...cleaned.fixes, ...encodingFixes(bare)];
  let { text } = bare;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const { root, faults } = parseJson(text);
    const found = root === undefined || faults.length > 0 ? [] : repairs(root, text);
    if (found.length === 0) break;
    text = applyEdits(
      text,
      found.flatMap(({ edits }) => edits),
    );
    for (const { code, message } of found) fixes.push({ code, message });
  }
  return { text, fixes };
}

function encodingFixes({ faults }: DecodedText): Fix[] {
  return faults.map(({ kind }) =>
    kind === 'utf16'
      ? { code: 'VP005', message: 'Converted the file to UTF-8.' }
      : { code: 'VP107', message: 'Removed the byte order mark.' },
  );
}
