import { type Lead, readLead, readNameBefore } from '../lead.js';
import { isClient, isHash, kindOfName } from '../names.js';
import { type Place, REACH } from '../place.js';
import type { Reason } from '../reasons.js';
import { type Shape, shapeOf } from '../shape.js';
import { enclosingName, inEnclosure } from './enclosure.js';
import { hasVastHost } from './host.js';
import { inSection, saidBehind, sectionName } from './indentation.js';
import { namesKey } from './pairs.js';

/** Limits the functions and lists to look through around a value: `keys = [str("X")]`. */
const WRAPPERS = 3;
/** Limits the distance, in lines, between an address and the key of a script. */
const NEAR_LINES = 3;

/** Finds a value that is assigned to a name, is its default, or is passed to a function. */
export function byName(place: Place, shape: Shape): Reason | undefined {
  let text = place.before;
  for (let count = 0; count < WRAPPERS; count++) {
    const lead = readLead(text);
    if (lead === undefined) return undefined;
    const reason = reasonOf(lead, text, place, shape);
    if (reason !== undefined) return reason;
    const outer = outerOf(lead, text);
    if (outer === undefined) return undefined;
    text = outer;
  }
  return undefined;
}

/** Returns what is before the function, the list or the variable that a value is in; undefined if it is in none. */
function outerOf({ link, name, rest }: Lead, text: string): string | undefined {
  if (link === 'call' || link === 'element') return text.slice(0, rest.at);
  const variable = rest.copy();
  if (variable.eat('${') !== undefined) return text.slice(0, variable.at);
  // The keys before this one in a list say what it is.
  if (link !== 'argument' || shapeOf(name) !== 'key') return undefined;
  const opening = Math.max(text.lastIndexOf('['), text.lastIndexOf('('), text.lastIndexOf('{'));
  return opening !== -1 && /^[\s"'`,\da-f]*$/iu.test(text.slice(opening + 1))
    ? text.slice(0, opening + 1)
    : undefined;
}

function reasonOf(lead: Lead, text: string, place: Place, shape: Shape): Reason | undefined {
  if (lead.link === 'call') return called(lead, place);
  if (isHashOf(lead)) return undefined;
  const kind = kindOfName(lead.name);
  const isDefault =
    lead.link === 'default' || lead.link === 'argument' || lead.rest.copy().eat('${') !== undefined;
  if (kind === 'credential' && !isProse(lead)) return isDefault ? 'default' : 'assignment';
  if (shape !== 'key') return kind === 'plain' && isInCall(text, lead) ? 'call' : undefined;
  if (kind === 'vast') {
    if (isWeak(lead) || isHash(enclosingName(text.slice(0, lead.rest.at)) ?? '')) return undefined;
    if (isHash(sectionName(whole(place, text, lead)))) return undefined;
    return isDefault ? 'default' : 'assignment';
  }
  if (kind === 'plain') return byPhrase(lead, text) ?? byOption(lead, text) ?? aroundPlain(lead, text, place);
  return (
    byPhrase(lead, text) ??
    byDefault(lead, text) ??
    byType(lead, text) ??
    byOption(lead, text) ??
    byTag(text) ??
    byItem(text, place)
  );
}

/** A key is passed to a client of Vast.ai, to one that is told the address of its server, or as what a variable is otherwise. */
function called({ name, rest }: Lead, place: Place): Reason | undefined {
  if (isClient(name)) return 'call';
  const written = name.endsWith('.write') ? openedBefore(place) : undefined;
  if (written !== undefined) return written;
  if (/^\.write/u.test(name) && kindOfName(readNameBefore(rest.copy())) === 'credential') return 'redirect';
  if (/^\.\w*(?:or|else|default)/iu.test(name)) {
    return kindOfName(readNameBefore(rest.copy())) === 'credential' ? 'default' : undefined;
  }
  return /^[A-Za-z_$.]+$/u.test(name) && /^["'],[^\n]{0,300}\bvast_server\b/u.test(place.after)
    ? 'call'
    : undefined;
}

/** Finds the file that a value is written to: `open("~/.vast_api_key", "w") as f:` on the line before. */
function openedBefore({ before }: Place): Reason | undefined {
  const line = before.split('\n').at(-2) ?? '';
  const names = line.includes('open(') ? line.split(/[^\w.-]+/u) : [];
  return names.some((name) => kindOfName(name) === 'credential') ? 'redirect' : undefined;
}

/** `SHA256 (vast_api_key) = X` is the hash of a file, and `sha256 of VAST_API_KEY: X` that of a key. */
function isHashOf({ rest }: Lead): boolean {
  const before = rest.copy();
  const words = before.text.slice(Math.max(0, before.at - 60), before.at).split(/[^\w\n]+/u);
  const of = words.lastIndexOf('of');
  if (of > 0 && of >= words.length - 6 && isHash(words[of - 1] ?? '')) return true;
  if (before.eat('(') === undefined) return false;
  before.take(' ');
  return isHash(readNameBefore(before));
}

/** A name and a value that only white space separates are a sentence, unless the name is one of a program. */
function isProse({ link, name }: Lead): boolean {
  return link === 'space' && !/[a-z][_-][a-z]|[a-z][A-Z]/u.test(name) && !/[A-Z]_[A-Z]/u.test(name);
}

/** A name without a word for a secret counts only where nothing but an assignment looks like that. */
function isWeak({ link, isCompact }: Lead): boolean {
  return (link !== 'assignment' && link !== 'default') || isCompact;
}

function isInCall(text: string, lead: Lead): boolean {
  return inEnclosure(text.slice(0, lead.rest.at)) === 'call';
}

/** Judges a name such as `api_key`, which says nothing of Vast.ai, by what is around it. */
function aroundPlain(lead: Lead, text: string, place: Place): Reason | undefined {
  if (lead.link === 'space')
    return /password|token/iu.test(lead.name) && (hasVastHost(place.lines(0)) || inNetrc(lead, text))
      ? 'query'
      : undefined;
  const isValue = /(?:value|contents?)$/iu.test(lead.name);
  if (isValue)
    return namesKey(sameEntry(text.slice(0, lead.rest.at))) || isNamedBehind(place)
      ? 'assignment'
      : inSection(whole(place, text, lead), true);
  if (hasVastHost(place.lines(0))) return 'query';
  if (/^["']?,?[^\n]{0,300}\bvast_server\b/u.test(place.after)) return 'call';
  const before = whole(place, text, lead);
  return (
    inEnclosure(before) ??
    inSection(before, false) ??
    saidBehind(before, place.after) ??
    nearHost(lead, text, place)
  );
}

/** Finds the key of a script that has the address of the API a few lines away: `API_KEY = "X"`, `BASE = "https://…"`. */
function nearHost({ link, name }: Lead, text: string, place: Place): Reason | undefined {
  const isKey = link === 'assignment' && /^\W*api[-_]?key$/iu.test(name) && /["'`]$/u.test(text);
  return isKey && hasVastHost(place.lines(NEAR_LINES)) ? 'host' : undefined;
}

/** Returns true for the password of a machine in `.netrc`: `machine console.vast.ai`, `login x`, `password X`. */
function inNetrc({ rest }: Lead, text: string): boolean {
  const words = text
    .slice(Math.max(0, rest.at - 200), rest.at)
    .split(/\s+/u)
    .slice(-6);
  return hasVastHost(words[words.lastIndexOf('machine') + 1] ?? '') && words.includes('machine');
}

/** Returns true for `value: X` with `name: VAST_API_KEY` behind it, in the same object or on the next line. */
function isNamedBehind({ after }: Place): boolean {
  const own = /^["']?[ \t]*,?[ \t]*(?:\r?\n[ \t]*)?(?<next>["']?\w[^\n{}]{0,200})/u.exec(after.slice(0, 300));
  return namesKey(own?.groups?.next ?? '');
}

/** Returns everything within reach that is before the name. */
function whole(place: Place, text: string, lead: Lead): string {
  const cut = text.length - lead.rest.at;
  const far = place.farBefore;
  const own = far.slice(0, far.length - (place.before.length - text.length) - cut);
  return own.slice(-REACH);
}

/** Returns what is before a value in the same entry of a list: `{"name": "VAST_API_KEY", "value": X}`, `key="…" value=X`. */
function sameEntry(before: string): string {
  const entry = before.slice(
    Math.max(before.lastIndexOf('{'), before.lastIndexOf('<'), before.lastIndexOf('(')) + 1,
  );
  return entry.includes('\n') ? '' : entry;
}

/** Reads a name of several words: `Vast.ai API key: X`, `my vast key is X`. */
function byPhrase(lead: Lead, text: string): Reason | undefined {
  const isSaid = lead.link === 'assignment' || lead.link === 'space';
  if (!isSaid || !/^(?:key|token|secret|is)$/iu.test(lead.name)) return undefined;
  const line =
    text
      .slice(Math.max(0, lead.rest.at - 60), lead.rest.at)
      .split('\n')
      .at(-1) ?? '';
  const words = line.split(/[^\w.]+/u).filter((word) => word !== '');
  const last = words.slice(-4);
  return last.some((word) => /^vast(?:ai|\.ai)?$/iu.test(word)) && !last.some(isHash)
    ? 'assignment'
    : undefined;
}

/** Reads what a default is for: `add_argument("--vast-api-key", default=X)`, `variable "vast_api_key" { default = X }`. */
function byDefault(lead: Lead, text: string): Reason | undefined {
  if (lead.link !== 'assignment' || !/^(?:default|default_?value|fallback)$/iu.test(lead.name))
    return undefined;
  const names = text.slice(Math.max(0, lead.rest.at - 200), lead.rest.at).split(/[^\w.-]+/u);
  return names.slice(-12).some((name) => kindOfName(name) === 'credential') ? 'default' : undefined;
}

/** Reads a name with a type behind it: `const VAST_KEY: &str = X`. */
function byType(lead: Lead, text: string): Reason | undefined {
  if (lead.link !== 'assignment') return undefined;
  const line =
    text
      .slice(Math.max(0, lead.rest.at - 80), lead.rest.at + lead.name.length)
      .split('\n')
      .at(-1) ?? '';
  const go = /\b(?:var|const)[ \t]{1,8}(?<name>\w{1,80})[ \t]{1,8}[\w.[\]*]{1,40}$/u.exec(line)?.groups?.name;
  if (go !== undefined && kindOfName(go) === 'credential') return 'assignment';
  const colon = line.lastIndexOf(':');
  if (colon === -1 || /[^\w\s[\]|.&'<>?]/u.test(line.slice(colon + 1))) return undefined;
  const name = /[\w$.-]{1,80}$/u.exec(line.slice(0, colon).slice(-80))?.[0] ?? '';
  const kind = kindOfName(name);
  return kind === 'credential' || kind === 'vast' ? 'assignment' : undefined;
}

/** Reads a name before an option: `gh secret set VAST_API_KEY --body X`. */
function byOption(lead: Lead, text: string): Reason | undefined {
  if (!/^-{1,2}(?:b|body|value|string-value|secret-string|from-literal)$/iu.test(lead.name)) return undefined;
  const words = text.slice(Math.max(0, lead.rest.at - 200), lead.rest.at).split(/[\s"'=]+/u);
  const last = words.filter((word) => word !== '').slice(-4);
  return last.some((name) => kindOfName(name) === 'credential') ? 'assignment' : undefined;
}

/** Reads the name of an element: `<VAST_API_KEY>X<`, `<string name="vast_api_key">X<`, `<key>VAST_API_KEY</key><string>X<`. */
function byTag(text: string): Reason | undefined {
  const tag = text.slice(-200);
  if (!tag.endsWith('>')) return undefined;
  const start = tag.lastIndexOf('<');
  if (start === -1) return undefined;
  const inside = tag.slice(start + 1, -1);
  const closed = /<key>(?<name>[\w.-]{1,80})<\/key>\s{0,40}$/u.exec(tag.slice(0, start).slice(-140))?.groups
    ?.name;
  const names = [inside, closed ?? '', ...inside.split(/["']/u)];
  return names.some((name) => kindOfName(name) === 'credential') ? 'assignment' : undefined;
}

/** Reads the name of a list of keys, one on each line. */
function byItem(text: string, place: Place): Reason | undefined {
  const line = text.slice(text.lastIndexOf('\n') + 1);
  return /^[ \t]{0,40}-[ \t]["']?$/u.test(line) ? inSection(place.farBefore, false) : undefined;
}
