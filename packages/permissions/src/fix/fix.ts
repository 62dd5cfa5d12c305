import { applyEdits, type Edit } from '../json/edits.js';
import { parseJson } from '../json/parse.js';
import { type DecodedText, decodeText, MAX_BYTES, withoutMark } from '../json/source-text.js';
import { cleanJson } from './clean-json.js';
import type { Fix, FixedText } from './fixed-text.js';
import { repairs } from './repairs.js';

/** One repair can make another possible in the same place, such as an operator and then its value. */
const MOST_ROUNDS = 10;

/**
 * Repairs everything that needs no guessing: UTF-16, a byte order mark, comments, trailing commas, misspelled category
 * and endpoint names, operators in upper case, bounds in quotes, a bare value instead of a condition, categories
 * without "api" around them, what is around a document, and formats that the API ignores. Keeps the rest of the layout.
 * Does not touch a file whose bytes cannot be decoded, and makes none larger than a file may be.
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
    if (root === undefined || faults.length > 0) break;
    const found: Fix[] = [];
    const edits: Edit[] = [];
    let room = MAX_BYTES - Buffer.byteLength(text);
    for (const { code, message, edits: ones } of repairs(root, text)) {
      found.push({ code, message });
      for (const edit of ones) {
        edits.push(edit);
        room -= Buffer.byteLength(edit.text) - (edit.end - edit.start);
      }
      // A file that becomes too large would be of no use.
      if (room < 0) return { text, fixes };
    }
    if (found.length === 0) break;
    text = applyEdits(text, edits);
    for (const fix of found) fixes.push(fix);
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
