import { closeSync, constants, fstatSync, readdirSync, readlinkSync } from 'node:fs';
import { accessMode } from '@vastai-cli/kit/render/standard-streams';

/** The property of the process with the descriptors. Each command is a bundle with its own modules. */
const INHERITED = Symbol.for('vastai.inherited-descriptors');
const FIRST = 3;
/** Node closes what it inherited up to here for every program that it starts, and what follows without a gap. */
const LAST_CLOSED = 15;

/**
 * Remembers which file descriptors this process inherited besides its standard streams, so that a program can have them
 * too: Node would close them. Call it before anything is opened. Only Linux shows what Node opened itself.
 */
export function noteInheritedDescriptors(): void {
  if (process.platform !== 'linux') return;
  const open = new Map(linksOf('self').filter(([fd]) => isOpen(fd)));
  const ofParent = new Set(linksOf(process.ppid).map(([, link]) => link));
  // Node has taken this one out of the environment, and reads from it.
  const { fd: channel } = (process.channel ?? {}) as { fd?: number };
  const value: number[] = [];
  for (let fd = FIRST; fd <= LAST_CLOSED || open.has(fd); fd += 1) {
    if (open.has(fd) && fd !== channel && !isOfNode(fd, open, ofParent)) value.push(fd);
  }
  Object.defineProperty(process, INHERITED, { value });
}

/** Returns the file descriptors that this process inherited, and that Node would close for a program. */
export function inheritedDescriptors(): readonly number[] {
  return (process as { [INHERITED]?: readonly number[] })[INHERITED] ?? [];
}

/**
 * Closes what a program has got from us: the reader of a pipe waits for every process that can write to it. Pipes of which we have
 * both ends stay open, since that is how the next vastai knows them.
 */
export function closeInherited(): void {
  const places = inheritedDescriptors().map((fd) => ({ fd, place: fstatSync(fd).ino }));
  for (const { fd, place } of places) {
    if (places.filter((other) => other.place === place).length === 1) closeSync(fd);
  }
}

/** Returns true for what Node opens for itself: event queues, the null device to read, and pipes to itself. */
function isOfNode(fd: number, open: ReadonlyMap<number, string>, ofParent: ReadonlySet<string>): boolean {
  const link = open.get(fd) ?? '';
  if (link.startsWith('anon_inode:')) return true;
  if (link === '/dev/null') return accessMode(fd) === constants.O_RDONLY;
  // Make gives both ends of a pipe to what it starts, and keeps them. So do we.
  if (!link.startsWith('pipe:') || ofParent.has(link)) return false;
  const mode = accessMode(fd);
  return [...open].some(([other, to]) => to === link && accessMode(other) !== mode);
}

/** Returns the open file descriptors of a process, and what each leads to. */
function linksOf(pid: number | 'self'): [number, string][] {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).map((fd) => [Number(fd), linkAt(`${folder}/${fd}`)]);
  } catch {
    // Processes of other users show nothing.
    return [];
  }
}

function linkAt(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** Returns false for the descriptor with which the folder was read. */
function isOpen(fd: number): boolean {
  try {
    fstatSync(fd);
    return true;
  } catch {
    return false;
  }
}
