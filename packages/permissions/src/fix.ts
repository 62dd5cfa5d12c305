import { cleanJson } from './clean-json.js';
import type { DiagnosticCode } from './diagnostics.js';
import { applyEdits } from './edits.js';
import { parseJson } from './parse.js';
import { repairs } from './repairs.js';
import { type DecodedText, decodeText, withoutMark } from './source-text.js';

/** One repair that was made. */
export interface Fix {
  /** The diagnostic that is gone. */
  readonly code: DiagnosticCode;
  /** What was done, in a sentence. */
  readonly message: string;
}

export interface FixedText {
  /** The text to write as UTF-8; the decoded input where nothing was repaired. */
  readonly text: string;
  /** Empty where nothing was repaired: then the file is to be left alone. */
  readonly fixes: readonly Fix[];
}

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
      : { code: 'VP107', message: 'Took the byte order mark out.' },
  );
}
