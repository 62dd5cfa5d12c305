import { openRecording, type Policy, type RecordedCall, startBroker } from '@vastai-cli/broker';
import { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { DEFAULT_URL } from '@vastai-cli/core/internal/base/origin';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { explainFileError } from '@vastai-cli/core/internal/files/file-error';
import { Output } from '@vastai-cli/kit/render/output';
import type { Terminal } from '@vastai-cli/kit/render/terminal';
import { SERVERLESS_URL } from '@vastai-cli/permissions/catalogue/other-routes';
import type { Access } from '../../child/access.js';
import { brokerEnvironment } from '../../child/broker-environment.js';
import type { ProgramToRun } from '../../child/run-program.js';
import type { BrokerFlagValues } from './broker-flags.js';
import { kindOfRefusal, refusalNote } from './refusal-note.js';

/** A broker for one program. */
export interface BrokerRun {
  /** The token and the address, which the program gets instead of the key. */
  readonly access: Access;
  /** Returns a program as it runs behind the broker: with nothing that leads to the key. */
  behind(program: ProgramToRun): ProgramToRun;
  /** Ends the broker, and returns the reason if its recording is not complete. */
  close(): Promise<Error | undefined>;
}

interface Means {
  readonly policy: Policy;
  readonly context: Context;
  /** The key that is sent first, then the one that it stands in for, if it is a two-factor session. */
  readonly keys: readonly [ApiKey, ...ApiKey[]];
  /** Gets a note for each kind of refusal, while the program runs. */
  readonly terminal: Terminal;
}

/**
 * Starts a broker for one program.
 *
 * @throws UsageError if the recording cannot be opened, or the proxy is not valid.
 */
export async function startBrokerRun(
  flags: BrokerFlagValues,
  { policy, context, keys, terminal }: Means,
): Promise<BrokerRun> {
  const output = new Output(terminal, 'human');
  // Opened after the program has started, standard error would stop blocking for the program too.
  void terminal.stderr;
  const recording = flags.record === undefined ? undefined : openRecording(flags.record);
  let lost: Error | undefined;
  const record = (call: RecordedCall) => {
    try {
      recording?.write(call);
    } catch (error) {
      if (lost === undefined) output.warn(`${lostMessage(error)} All further requests are refused.`);
      lost ??= new Error(lostMessage(error));
      throw error;
    }
  };
  const reported = new Set<string>();
  const source = flags.permission_file === undefined ? 'flags' : 'file';
  const isDefault = context.url.origin === new URL(DEFAULT_URL).origin;
  const broker = await startBroker({
    upstream: context.url,
    serverless: isDefault ? new URL(SERVERLESS_URL) : undefined,
    key: keys[0],
    standsFor: keys[1],
    policy,
    record,
    environment: context.environment,
    onRefusal: (refusal) => {
      const kind = kindOfRefusal(refusal);
      if (!reported.has(kind)) output.note(refusalNote(refusal, source));
      reported.add(kind);
    },
  });
  return {
    access: { key: ApiKey.parse(broker.token) as ApiKey, url: new URL(broker.url), isUrlImplied: false },
    behind: (program) => ({
      ...program,
      env: brokerEnvironment(program.env, keys),
      withheld: context.environment.VAST_API_KEY_FILE,
      diesWithUs: true,
    }),
    async close() {
      await broker.close();
      recording?.close();
      return lost;
    },
  };
}

function lostMessage(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined ? message : explainFileError('write', 'the recording', error).message;
}
