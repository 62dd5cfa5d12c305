/** The longest id that a recording holds, in characters. A longer one is cut off. */
export const LONGEST_ID = 100;

/** One call of a recording: what was asked, and what became of it. It holds no headers, bodies or query values. */
export interface RecordedCall {
  /** Seconds since 1970. */
  readonly time: number;
  /** The operation of the catalogue, or null for a route that is not in it. */
  readonly operation: string | null;
  readonly method: string;
  /** The route with its parameters in braces, or null if it is not known. */
  readonly route: string | null;
  /** The ids in the path, by the name of their parameter. */
  readonly ids: Readonly<Record<string, string>>;
  readonly verdict: 'allow' | 'deny';
  /** The status that the caller got, or null if it did not wait for one. */
  readonly status: number | null;
  /** Milliseconds from the request to its response. */
  readonly ms: number;
}

/** Returns a call as one line of a recording, with its line break. */
export function recordingLine(call: RecordedCall): string {
  const { time, operation, method, route, ids, verdict, status, ms } = call;
  return `${JSON.stringify({ time, operation, method, route, ids, verdict, status, ms })}\n`;
}

/** Every line of a recording begins with it. */
const BEGINNING = '{"time":';

/** Returns true for the first characters of a recording, of which a kill may have left less than a line. */
export function mayBeRecording(text: string): boolean {
  return text.startsWith(BEGINNING) || BEGINNING.startsWith(text);
}
