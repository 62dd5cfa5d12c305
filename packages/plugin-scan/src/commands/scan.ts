import { string as argument } from '@oclif/core/args';
import { boolean, option, string } from '@oclif/core/flags';
import { readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { pathsOf } from '@vastai-cli/core/internal/config/paths';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import type { Result } from '@vastai-cli/kit/result';
import { openBaseline, saveBaseline } from '../keys/baseline-file.js';
import { Collected, type Found } from '../keys/collected.js';
import { hideKeysInPaths } from '../keys/hidden-paths.js';
import { type KnownKeys, readKnownKeys } from '../keys/known-keys.js';
import type { Verdict } from '../keys/verify-keys.js';
import { FORMATS, formatOf, formatReport } from '../output/formats.js';
import { remarksOf } from '../output/remarks.js';
import { findingOf } from '../output/scan-report.js';
import { requireOnePlace, scanPlace } from '../places/place.js';

type Flags = Awaited<ReturnType<Scan['flagsOf']>>;

export default class Scan extends ApiCommand {
  static override summary = 'Find leaked Vast.ai API keys in files and git.';
  static override description =
    'Finds keys that the surrounding text identifies as Vast.ai keys, and the saved keys of this machine anywhere. Skips files that .gitignore excludes, binary files, archives, links, files larger than 20 MiB, and lines with the comment "vastai-scan:allow REASON". Works offline, except with --verify. Exit status: 0, or 10 if a key was found.';
  static override examples = [
    { description: 'Check the current folder:', command: '<%= config.bin %> scan' },
    { description: 'Check what is about to be committed:', command: '<%= config.bin %> scan --staged' },
    {
      description: 'Check the commits of a branch:',
      command: '<%= config.bin %> scan --git origin/main..HEAD',
    },
    { description: 'Find out which keys still work:', command: '<%= config.bin %> scan --verify' },
    {
      description: 'Check a log of any length:',
      command: '<%= config.bin %> scan - < build.log',
    },
    {
      description: 'Accept all current keys, and fail only for new ones:',
      command:
        '<%= config.bin %> scan --write-baseline .vastai-scan.json && <%= config.bin %> scan --baseline .vastai-scan.json',
    },
  ];
  static override args = {
    path: argument({
      name: 'PATH',
      multiple: true,
      ignoreStdin: true,
      description: 'The files and folders to check; "-" reads standard input. [default: the current folder]',
    }),
  };
  static override flags = {
    staged: boolean({ description: 'Check what is staged in git instead of files.' }),
    git: string({
      helpValue: 'A..B',
      description: 'Check the commits in B that are not in A, or all commits up to a single revision.',
    }),
    verify: boolean({ description: 'Ask the API once about each key: live, revoked or unknown.' }),
    format: option({
      options: FORMATS,
      helpValue: 'FORMAT',
      description: 'The output format. [default: pretty]',
    })(),
    baseline: string({
      helpValue: 'FILE',
      description: 'Hide the keys in this baseline file.',
      exclusive: ['write-baseline'],
    }),
    'write-baseline': string({
      helpValue: 'FILE',
      description: 'Write keyed hashes of all keys to a baseline file, and hide those keys.',
    }),
  };

  async run(): Promise<Result> {
    const { paths, flags } = await this.flagsOf();
    const format = formatOf(flags);
    const place = requireOnePlace(paths, flags);
    const write = flags['write-baseline'];
    const baseline = await openBaseline(flags.baseline ?? write, write !== undefined);
    const known = await readKnownKeys(pathsOf(readEnvironment(process.env)), (text) =>
      this.output.warn(text),
    );
    const collected = new Collected(known.has);
    await scanPlace(place, collected, this.interruption);
    hideKeysInPaths(collected);
    if (write !== undefined) await saveBaseline(write, collected.found, baseline);
    const isNew = ({ lasting, key }: Found) => write === undefined && !baseline.has(lasting, key);
    const found = collected.found.filter(isNew);
    const verdicts = flags.verify ? await this.#verify(found, flags, known) : undefined;
    const findings = found.map((one) => findingOf(one, baseline.salt, verdicts?.get(one)));
    const report = { findings, skipped: collected.skipped };
    const human = await formatReport(report, format, this.config.version);
    return {
      document: report,
      ...(human === undefined ? {} : { human }),
      remarks: remarksOf(report, collected, write),
      endsWith: findings.length > 0 ? 'findings' : undefined,
    };
  }

  /** Returns the paths and the flags as they were typed. */
  async flagsOf() {
    const { argv, flags } = await this.parse(Scan);
    return { paths: argv as string[], flags };
  }

  /** Asks the API of the profile about each key. The key of the profile itself is not looked for. */
  async #verify(
    found: readonly Found[],
    flags: Flags['flags'],
    known: KnownKeys,
  ): Promise<Map<Found, Verdict>> {
    const { verifyKeys } = await import('../keys/verify-keys.js');
    const context = await this.context(flags);
    return verifyKeys(found, {
      mayAsk: (key) => known.originsOf(key).every((origin) => origin === context.url.origin),
      clientFor: (key) =>
        this.clientFor({ ...flags, retry: 0, redirects: 0 }, context, {
          key,
          source: { location: 'the found key' },
        }),
    });
  }
}
