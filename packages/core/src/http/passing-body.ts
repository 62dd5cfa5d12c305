import { BoundedBytes } from '../files/bounded-read.js';

/** The beginning of a body, and how to read on. */
export interface Beginning {
  readonly bytes: Buffer;
  /** The rest; undefined if the beginning is all of it. */
  readonly rest: AsyncIterator<Uint8Array> | undefined;
}

/** Reads a body until more than `most` bytes are there, or to its end. */
export async function readBeginning(body: AsyncIterable<Uint8Array>, most: number): Promise<Beginning> {
  const read = new BoundedBytes(Number.POSITIVE_INFINITY);
  const rest = body[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await rest.next();
    if (done === true) return { bytes: read.bytes(), rest: undefined };
    read.add(value);
    if (read.length > most) return { bytes: read.bytes(), rest };
  }
}

/** Receives reports about a body that is passed on. */
export interface Watch {
  /** Is called when the next part is waited for, and when it is there. */
  readonly waits: (isWaiting: boolean) => void;
  /** Turns an error of the connection into the one to throw. */
  readonly explain: (error: unknown) => Promise<unknown>;
  /** Is called at the end, however it comes. */
  readonly ended: () => void;
}

/** Passes a body on as it arrives. */
export async function* passOn(
  { bytes, rest }: Beginning,
  { waits, explain, ended }: Watch,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield bytes;
    while (rest !== undefined) {
      waits(true);
      const { done, value } = await rest.next();
      waits(false);
      if (done === true) return;
      yield value;
    }
  } catch (error) {
    throw await explain(error);
  } finally {
    ended();
  }
}
