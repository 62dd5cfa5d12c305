import type { Config } from '@oclif/core/config';
import { isInBroker, readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { isVastaiError, type VastaiError } from '@vastai-cli/core/internal/base/errors';
import { DEFAULT_URL } from '@vastai-cli/core/internal/base/origin';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { type CredentialStatus, inspectSources } from '@vastai-cli/core/internal/credentials/status';
import type { Client } from '@vastai-cli/core/internal/http/client';
import { explainAfterReset } from '../../keys/after-reset.js';
import { resetsToReport } from '../../keys/open-resets.js';
import { skipped, type Verification, verifyKey } from '../../keys/verify-key.js';
import { checkApi } from './check-api.js';
import { checkEphemeralKeys } from './check-ephemeral-keys.js';
import { checkExpired } from './check-expired.js';
import { checkExposure } from './check-exposure.js';
import { checkFiles } from './check-files.js';
import { checkForgotten } from './check-forgotten.js';
import { checkKeychain } from './check-keychain.js';
import { checkKeys } from './check-keys.js';
import { checkNetwork } from './check-network.js';
import { checkPath } from './check-path.js';
import { checkProgram } from './check-program.js';
import { checkRotations } from './check-rotations.js';
import { expected, type Finding, failed, problem, settled } from './finding.js';

/** Holds what the checks need. */
interface Means {
  readonly config: Config;
  /** True if the keychain may ask for its password. */
  readonly interactive: boolean;
  openContext(): Promise<Context>;
  /** Returns a client that sends the key that would be sent. */
  connect(context: Context, found: NonNullable<CredentialStatus['winner']>): Promise<Client>;
}

/** Runs all checks. @throws interruptions, and unexpected errors. */
export async function examine({ config, interactive, openContext, connect }: Means): Promise<Finding[]> {
  const program = [...checkProgram(config), ...checkPath(config.root)];
  const context = await openContext().catch(expected);
  if (isVastaiError(context)) return [...program, ...(await withoutContext(context, config, interactive))];
  const status = inspectSources(context);
  return withoutRepeats([
    ...program,
    ...(await settled('key', async () => checkKeys(await status, context.paths))),
    ...(isInBroker(context.environment) ? [] : await ofSavedKeys(context, config, interactive)),
    ...(await checkNetwork(context.url, context.environment)),
    ...(await settled('api', async () => {
      const { winner } = await status;
      if (winner === undefined)
        return [...checkApi(context, skipped), ...(await resets(context, winner, skipped))];
      const client = await connect(context, winner);
      const verification = await explainAfterReset(await verifyKey(client), context, winner);
      const mayCleanUp = verification.state === 'verified' && !isInBroker(context.environment);
      const ofRuns = mayCleanUp
        ? await settled('ephemeral', () => checkEphemeralKeys(context, winner.key, client))
        : [];
      return [
        ...checkApi(context, verification),
        ...ofRuns,
        ...(await checkExposure(context.environment, winner.key, client, verification)),
        ...(await resets(context, winner, verification)),
      ];
    })),
  ]);
}

/** The checks that read the ledger. */
const OF_LEDGER = ['rotation', 'expiry', 'ephemeral', 'reset'];

/** Says once that the ledger cannot be read, which every check that reads it finds. */
function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const isOfLedger = ({ check, state }: Finding) => state === 'problem' && OF_LEDGER.includes(check);
  const first = (message: string) => findings.find((one) => isOfLedger(one) && one.message === message);
  return findings.filter((one) => !isOfLedger(one) || first(one.message) === one);
}

/** Reports resets of saved keys whose outcome is not known. */
async function resets(
  context: Context,
  winner: CredentialStatus['winner'],
  verification: Verification,
): Promise<Finding[]> {
  if (isInBroker(context.environment)) return [];
  return settled('reset', async () =>
    (await resetsToReport(context, winner, verification)).map(({ message, fix }) =>
      problem('reset', message, fix),
    ),
  );
}

/** Runs the checks that read saved keys. */
async function ofSavedKeys(context: Context, { root }: Config, interactive: boolean): Promise<Finding[]> {
  return [
    ...(await settled('file', () => checkFiles(context))),
    ...(await settled('rotation', () => checkRotations(context.paths))),
    ...(await settled('keychain', () => checkKeychain(context, root, interactive))),
    ...(await settled('keychain', () => checkForgotten(context, root))),
    ...(await settled('expiry', () => checkExpired(context))),
  ];
}

/** Runs the checks that need neither a profile nor an API. */
async function withoutContext(
  error: VastaiError,
  { root }: Config,
  interactive: boolean,
): Promise<Finding[]> {
  const environment = readEnvironment(process.env);
  const anyProfile = { environment, record: undefined };
  return [
    failed('settings', error),
    ...(await settled('keychain', () => checkKeychain(anyProfile, root, interactive))),
    ...(await checkNetwork(new URL(DEFAULT_URL), environment)),
  ];
}
