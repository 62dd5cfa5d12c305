import type { Harness } from '@vastai-cli/testing/harness';
import { installOfficialCli } from '@vastai-cli/testing/official-cli';

/** Installs the stand-in for Vast.ai's own CLI in a home, and returns it with the environment in which it is on PATH. */
export function withOfficialCli({ home }: Pick<Harness, 'home'>) {
  const official = installOfficialCli(home.at('python'));
  return { official, env: { PATH: `${official.bin}:${home.env.PATH}` } };
}
