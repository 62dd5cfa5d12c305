import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { type KeychainHealth, keychainHealth } from '@vastai-cli/core/internal/secrets/keychain/health';
import { type Finding, info, ok, problem } from './finding.js';

/** Checks the keychain. Its faults are problems if the key of the profile is in it; otherwise they are only worth knowing. */
export async function checkKeychain(
  { environment, record }: Pick<Context, 'environment' | 'record'>,
  cliRoot: string,
  interactive: boolean,
): Promise<Finding[]> {
  const health = await keychainHealth({ environment, cliRoot, interactive });
  const needed = record?.storage === 'keychain';
  const findings = health.problems.map(({ message, fix }) =>
    needed
      ? problem('keychain', message, fix)
      : info('keychain', `${message} Keys are saved in files instead.`),
  );
  if (health.locked === true) {
    const message = 'The keychain is locked.';
    findings.push(
      needed ? problem('keychain', message, [{ do: 'unlock-keychain' }]) : info('keychain', message),
    );
  }
  return findings.length > 0 ? findings : [ok('keychain', describe(health))];
}

function describe({ bus }: KeychainHealth): string {
  return bus === 'not_needed'
    ? 'The keychain is available.'
    : 'The keychain is available on the D-Bus session bus.';
}
