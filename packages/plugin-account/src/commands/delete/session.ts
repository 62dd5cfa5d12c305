import { string } from '@oclif/core/args';
import { boolean } from '@oclif/core/flags';
import { deleteSession, isOtherId } from '@vastai-cli/core/internal/api/sessions';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { confirm, requireAnswerable } from '@vastai-cli/kit/input/prompts';
import { line, type Result } from '@vastai-cli/kit/result';
import { sessionQuestion } from './session-question.js';

const NOT_DOCUMENTED =
  'Vast.ai does not document this request: it may end other sessions too, or all of them.';

export default class DeleteSession extends ApiCommand {
  static override summary = 'End a login session of the account.';
  static override description = `Sends {"id": ID}. ${NOT_DOCUMENTED}`;
  static override examples = [
    { description: 'End one session:', command: '<%= config.bin %> delete session 9001' },
    { description: 'End it without confirmation:', command: '<%= config.bin %> delete session 9001 --yes' },
  ];
  static override args = {
    id: string({
      name: 'ID',
      required: true,
      ignoreStdin: true,
      description: 'The ID of the session, as listed by "show sessions".',
    }),
  };
  static override flags = { yes: boolean({ char: 'y', description: 'Skip the confirmation.' }) };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(DeleteSession);
    const id = parseSessionId(args.id);
    requireAnswerable(flags.yes, this.terminal);
    const client = await this.connect(flags);
    const question = flags.yes ? undefined : await sessionQuestion(client, id);
    this.output.warn(NOT_DOCUMENTED);
    if (question !== undefined) await confirm(this.withProfile(question), false, this.terminal);
    const { raw } = await deleteSession(client, id);
    return { document: { deleted: id }, raw, human: [line(`Ended session ${id}`)] };
  }
}

/** Parses the id of a session. @throws UsageError, which does not repeat what may be the key of one. */
function parseSessionId(text: string): number | string {
  if (/^[1-9]\d{0,14}$/u.test(text)) return Number(text);
  if (isOtherId(text)) return text;
  throw new UsageError('This is not the ID of a session.', [{ do: 'list-sessions' }]);
}
