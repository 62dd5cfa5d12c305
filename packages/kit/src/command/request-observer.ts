import type { ClientObserver } from '@vastai-cli/core/internal/http/observer';
import { SignOfLife } from '../input/sign-of-life.js';
import { toJson } from '../render/json.js';
import type { Output } from '../render/output.js';

/** The shortest wait that is worth a message. */
const NOTICEABLE_MS = 1000;

/**
 * Reports what an interruption leaves open and, on a terminal, long waits. With `--explain` it also prints each request
 * and response, which the client has masked.
 */
export function requestObserver(output: Output, explain: boolean): ClientObserver {
  const life = new SignOfLife(output);
  const quiet: ClientObserver = {
    onBegin(url) {
      life.begin(new URL(url).host);
    },
    onEnd(url) {
      life.end(new URL(url).host);
    },
    onInterrupted(advice) {
      output.warn(
        `Interrupted; still waiting for the response (interrupt again to stop). Until it arrives: ${advice}`,
      );
    },
    onWait(milliseconds, reason) {
      // A progress line already shows that the work goes on.
      const isNews = process.stderr.isTTY && milliseconds >= NOTICEABLE_MS && !output.showsProgress;
      if (explain || isNews) {
        output.note(`Waiting ${(milliseconds / 1000).toFixed(1)} s: ${reason}`);
      }
    },
  };
  if (!explain) return quiet;
  const headerLines = (headers: Readonly<Record<string, string>>) =>
    Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`);
  return {
    ...quiet,
    onRequest({ method, url, headers, body }) {
      const lines = [
        `> ${method} ${url}`,
        ...headerLines(headers),
        ...(body === undefined ? [] : [toJson(body)]),
      ];
      output.note(lines.join('\n'));
    },
    onResponse({ status, headers, body }) {
      const text = typeof body === 'string' ? toJson(body) : toJson(body ?? null);
      output.note([`< ${status}`, ...headerLines(headers), text].join('\n'));
    },
  };
}
