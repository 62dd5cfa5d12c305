import { kindOfName, speaksOfVast } from '../names.js';
import type { Place } from '../place.js';

/** Returns true for the first line of a string that a shell puts into a key file: `cat > ~/.vast_api_key <<EOF`. */
export function isHereDocument(place: Place): boolean {
  if (!place.before.endsWith('\n')) return false;
  const line = place.before.split('\n').at(-2) ?? '';
  if (!line.includes('<<')) return false;
  return line.split(/[^\w.-]+/u).some((name) => kindOfName(name) === 'credential');
}

/** Returns true for a word that a shell gives to a command: `gh secret set VAST_API_KEY <<< X`. */
export function isHereString({ before }: Place): boolean {
  const line = before.slice(before.lastIndexOf('\n') + 1);
  return /<<<[ \t]{0,8}["']?$/u.test(line.slice(-12)) && namesCredential(line);
}

/** Returns true if a word of a command is the name of a key; a command that computes or compares hashes keeps none. */
function namesCredential(command: string): boolean {
  const words = command.split(/[^\w.-]+/u).filter((word) => word !== '');
  return (
    !/^(?:sha\d*sum|md5sum|grep|openssl)$/u.test(words[0] ?? '') &&
    words.some((name) => kindOfName(name) === 'credential')
  );
}

/** Returns true for `echo X > ~/.vast_api_key` and `echo X | vastai set api-key`. */
export function isRedirected(place: Place): boolean {
  const found = /^(?:\\n)?\\?["']?[ \t]{0,8}(?<operator>>>?|\|)(?<target>[^\n;&]{1,200})/u.exec(place.after);
  if (found === null) return false;
  const words = (found.groups?.target ?? '')
    .split(/[\s"'<]+/u)
    .filter((word) => word !== '' && word !== 'tee' && word !== '-a');
  const target = words.find((word) => !['sudo', '>', '>>', '|'].includes(word)) ?? '';
  const name = target.split('/').at(-1) ?? '';
  if (kindOfName(name) === 'credential') return true;
  if (found.groups?.operator !== '|') return false;
  const [command = ''] = (found.groups.target ?? '').split('|');
  return speaksOfVast(name) || namesCredential(command);
}
