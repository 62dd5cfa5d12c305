import { boolean, string } from '@oclif/core/flags';
import { readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { isVastaiError, UsageError } from '@vastai-cli/core/internal/base/errors';
import { keysOfProfiles } from '@vastai-cli/core/internal/context/profile-keys';
import { ApiCommand, type ApiFlags } from '@vastai-cli/kit/command/api-command';
import { durationFlag } from '@vastai-cli/kit/input/duration-flag';
import { confirm, requireAnswerable } from '@vastai-cli/kit/input/prompts';
import type { Result } from '@vastai-cli/kit/result';
import { deleteKeys, inTurn } from '../delete/delete-keys.js';
import { questionAbout } from '../delete/question.js';
import { findKeysToPrune, forgetPruned, type PruneMeans } from './prune-keys.js';
import { nameInQuestion, nothingToPrune, prunePreview, pruneResult } from './prune-result.js';
import { deleteKeysOfRunsLeft } from './runs-left.js';

export default class PruneApiKeys extends ApiCommand {
  static override summary = 'Delete API keys that are unused or expired.';
  static override description =
    'The audit log shows when each key was last used. It records only important actions, so a key that only reads never appears in it and is never deleted as unused. Expiry dates come from "create api-key --expires" on this machine; Vast.ai does not store them. Never deletes the key in use, the primary key, the key of a profile on this machine, or a key that a running program or an unfinished rotation needs. Also deletes keys left behind by "exec --ephemeral" runs that were killed. The API limits how fast you can delete keys; the command waits as long as necessary. You can interrupt it and run it again.';
  static override examples = [
    {
      description: 'See which keys have not been used for 90 days:',
      command: '<%= config.bin %> prune api-keys --unused-for 90d --dry-run',
    },
    {
      description: 'Delete the expired keys of CI without confirmation:',
      command: "<%= config.bin %> prune api-keys --expired --name 'ci-*' --yes",
    },
  ];
  static override flags = {
    'unused-for': durationFlag({
      description: 'Delete keys that were used, but not for this long, such as 90d.',
    }),
    'include-unseen': boolean({
      description: 'Also delete keys that are older than that and never appear in the audit log.',
      dependsOn: ['unused-for'],
    }),
    expired: boolean({
      description: 'Delete keys that have expired, according to the dates kept on this machine.',
    }),
    name: string({
      helpValue: 'GLOB',
      description: 'Delete only keys whose name matches. "*" stands for any characters.',
    }),
    'dry-run': boolean({ description: 'Show what would be deleted, without deleting anything.' }),
    yes: boolean({ char: 'y', description: 'Skip the confirmation.' }),
  };

  async run(): Promise<Result> {
    const { flags } = await this.parse(PruneApiKeys);
    const { expired, name, yes, 'unused-for': unusedFor, 'include-unseen': includeUnseen } = flags;
    if (unusedFor === undefined && !expired)
      throw new UsageError('prune api-keys needs --unused-for DURATION, --expired, or both.');
    requireAnswerable(yes || flags['dry-run'], this.terminal);
    const means = await this.#means(flags);
    if (!flags['dry-run']) await deleteKeysOfRunsLeft(means, this.output);
    const criteria = { unusedFor, includeUnseen, expired, name };
    const { doomed, kept, ids } = await findKeysToPrune(criteria, Date.now() / 1000, means);
    if (flags['dry-run']) return prunePreview(doomed, kept);
    if (doomed.length === 0) {
      await this.#forget(means, ids, []);
      return nothingToPrune(kept);
    }
    if (!yes) {
      const question = questionAbout(doomed.map(nameInQuestion), this.output);
      await confirm(this.withProfile(question), false, this.terminal);
    }
    const deletion = await deleteKeys(
      means.client,
      doomed.map(({ key }) => key.id),
      this.output,
    );
    await this.#forget(means, ids, [...deletion.deleted, ...deletion.absent]);
    return pruneResult(deletion, kept);
  }

  async #means(flags: ApiFlags): Promise<PruneMeans> {
    const context = await this.context(flags);
    const found = await this.keyOf(context);
    const request = {
      environment: readEnvironment(process.env),
      cliRoot: this.config.root,
      interactive: this.terminal.canAsk,
      notify: (text: string) => this.output.note(text),
      signal: this.interruption,
    };
    return {
      context,
      found,
      client: await this.clientFor(inTurn(flags), context, found),
      connect: (other) => this.clientFor(flags, context, other),
      readProfiles: () => keysOfProfiles(context, request),
    };
  }

  /** Forgets what is noted of keys that are gone. The keys are what matters, so a failure is only a warning. */
  async #forget(
    means: PruneMeans,
    ids: ReadonlySet<number> | undefined,
    gone: readonly number[],
  ): Promise<void> {
    try {
      await forgetPruned(means, ids, gone);
    } catch (error) {
      if (!isVastaiError(error)) throw error;
      this.output.warn(`Deleted keys could not be removed from the ledger. ${error.message}`);
    }
  }
}
