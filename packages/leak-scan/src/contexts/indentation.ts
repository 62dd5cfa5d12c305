import { kindOfName, speaksOfVast } from '../names.js';
import type { Reason } from '../reasons.js';
import { namesKey, pairReason } from './pairs.js';

const MOST_LINES = 80;
const MOST_LINES_BEHIND = 4;

/**
 * Finds the section that a value is in by the indentation of the lines before it, in YAML, JSON and code, or by the last
 * `[section]` of TOML and INI.
 *
 * @param text what is before the value, its own line last
 * @param isValue true if the value is named by the line before: `name: VAST_API_KEY`, `value: X`
 */
export function inSection(text: string, isValue: boolean): Reason | undefined {
  if (!text.includes('\n')) return undefined;
  const lines = text.split('\n').slice(-MOST_LINES).reverse();
  const own = measure(lines[0] ?? '');
  let level = own.isItem ? own.indent : own.key;
  let isOpen = !own.isItem;
  for (const line of lines.slice(1)) {
    const content = line.trim();
    if (content === '' || content.startsWith('#') || content.startsWith('//')) continue;
    const section = /^\[{1,2}\s*"?(?<name>[^\]"]{1,100})"?\]{1,2}\s*(?:#|$)/u.exec(content)?.groups?.name;
    if (section !== undefined) return speaksOfVast(section) ? 'block' : undefined;
    const { indent, key, isItem } = measure(line);
    if (isOpen && key === level) {
      if (isValue && namesKey(content)) return 'assignment';
      const reason = isValue ? undefined : pairReason(content);
      if (reason !== undefined) return reason;
      isOpen = !isItem;
      if (isItem) level = indent;
    } else if (key < level || (!isOpen && !isItem && key === level)) {
      if (isValue) return isItem && isOpen && namesKey(content) ? 'assignment' : namedValue(content);
      if (speaksOfVast(nameOf(content))) return 'block';
      const reason = pairReason(content);
      if (reason !== undefined) return reason;
      isOpen = !isItem;
      level = isItem ? indent : key;
    }
  }
  return undefined;
}

/** Returns the name of the section that a value is directly in, or an empty string. */
export function sectionName(text: string): string {
  const lines = text.split('\n').slice(-MOST_LINES).reverse();
  const { indent } = measure(lines[0] ?? '');
  const outer = lines.slice(1).find((line) => {
    const content = line.trim();
    return content !== '' && (content.startsWith('[') || measure(line).indent < indent);
  });
  const content = outer?.trim() ?? '';
  return content.startsWith('[') ? content : nameOf(content);
}

/**
 * Finds what the section of a value is about where that is said behind it: `creds: { api_key: X }`, then `type: vastai`.
 *
 * @param text what is before the value
 * @param after what is behind it
 */
export function saidBehind(text: string, after: string): Reason | undefined {
  const level = measure(text.slice(text.lastIndexOf('\n') + 1)).key;
  const [rest = '', ...lines] = after.split('\n', 1 + MOST_LINES_BEHIND);
  const closed = /^["']?[ \t]{0,4}\}[ \t]{0,4},(?<fields>[^{}]{1,80})/u.exec(rest)?.groups?.fields;
  if (closed !== undefined) return pairReason(closed);
  for (const line of lines) {
    const { indent, isItem } = measure(line);
    if (isItem || line.trim() === '') return undefined;
    const reason = indent < level ? pairReason(line) : undefined;
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** Returns the indentation of a line, and that of the name in it, which may be behind the dash of a list. */
function measure(line: string): { indent: number; key: number; isItem: boolean } {
  const indent = line.length - line.trimStart().length;
  const item = /^-[ \t]{1,20}/u.exec(line.slice(indent, indent + 21));
  return { indent, key: indent + (item?.[0].length ?? 0), isItem: item !== null };
}

/** Finds the name of an object with a value: `VAST_API_KEY:`, then `value: X`. */
function namedValue(content: string): Reason | undefined {
  return kindOfName(nameOf(content).replaceAll(/["'\s]/gu, '')) === 'credential' ? 'assignment' : undefined;
}

/** Returns what a line gives a name to: what is before the colon, the equals sign or the bracket. */
function nameOf(content: string): string {
  const end = content.search(/[:={(]/u);
  return end === -1 ? '' : content.slice(0, Math.min(end, 80));
}
