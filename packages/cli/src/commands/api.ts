import { string } from '@oclif/core/args';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { ApiCommand, type ApiFlags } from '@vastai-cli/kit/command/api-command';
import type { Result } from '@vastai-cli/kit/result';
import type { ApiCall } from './api/api-call.js';
import { askBefore } from './api/ask.js';
import type { TypedField } from './api/fields.js';
import { API_FLAGS, isDocument } from './api/flags.js';
import type { Filter } from './api/jq.js';
import { readRequest } from './api/read-request.js';
import { send } from './api/send.js';

export default class Api extends ApiCommand {
  static override summary = 'Make a request to any route of the API.';
  static override description =
    'Sends your API key and prints the response body unchanged, except that API keys and session keys are masked. Error bodies go to standard error. You can leave out /api/v0/ in PATH.\n\n-f and -F build a JSON body and make the method POST unless -X sets another; with -X GET they are added to the query. The command asks before it sends a request that destroys something, costs money, changes who has access, or has an unknown effect.';
  static override usage = 'api PATH [FLAGS]';
  static override examples = [
    { description: 'Show the account:', command: '<%= config.bin %> api users/current' },
    {
      description: 'List the status of all instances:',
      command: "<%= config.bin %> api /api/v1/instances/ --paginate --jq '.instances[].actual_status'",
    },
    {
      description: 'Search for offers:',
      command: '<%= config.bin %> api bundles -F \'num_gpus[eq]=2\' -F \'order:=[["dph_total", "asc"]]\'',
    },
    {
      description: 'Label an instance:',
      command: '<%= config.bin %> api instances/5/ -X PUT -f label=train',
    },
    {
      description: 'See what a request would do and whether the key is allowed to make it:',
      command: '<%= config.bin %> api instances/5/ -X DELETE --dry-run',
    },
    { description: 'Find routes:', command: '<%= config.bin %> api --list instances' },
    {
      description: 'Describe a route:',
      command: "<%= config.bin %> api --describe 'DELETE /instances/5/'",
    },
  ];
  static override args = {
    path: string({
      name: 'PATH',
      ignoreStdin: true,
      description: 'The path of the route, such as users/current or /api/v1/instances/.',
    }),
  };
  static override flags = API_FLAGS;

  async run(): Promise<Result> {
    const { args, flags, raw } = await this.parse(Api);
    if (flags.list) return (await import('./api/catalogue.js')).listRoutes(args.path, flags.method);
    // A script whose variable is empty names no route either.
    if (args.path === undefined || args.path === '')
      throw new UsageError('api needs PATH.', 'To see all routes: vastai api --list');
    const context = await this.context(flags);
    if (flags.describe) {
      const { describeRoute } = await import('./api/catalogue.js');
      return describeRoute(args.path, flags.method, context.url);
    }
    const request = await readRequest(args.path, flags, typedFields(raw), context.url);
    const filter = flags.jq === undefined ? undefined : await this.#filter(flags.jq, isDocument(flags));
    if (flags['dry-run']) return this.#dryRun(flags, request, context);
    const { yes } = flags;
    const client = await this.connect(flags);
    const withProfile = (question: string) => this.withProfile(question);
    await askBefore(request, { yes, terminal: this.terminal, withProfile });
    const seenThrough = request.method === 'GET' ? undefined : await adviceIfLost(request);
    if (seenThrough === undefined) return send(client, request, flags, filter);
    return this.uninterrupted(() => send(client, { ...request, seenThrough }, flags, filter));
  }

  protected override async explain(error: Error): Promise<Error> {
    const { explain } = await import('./api/explain.js');
    return super.explain(await explain(error));
  }

  /** Returns a filter that can be interrupted: while jq runs, this process would not notice a signal that it listens to. */
  async #filter(expression: string, asArray: boolean): Promise<Filter> {
    const { loadFilter } = await import('./api/jq.js');
    const filter = await loadFilter(expression, asArray);
    return (document) => {
      if (!this.interruption.aborted) this.handOverSignals();
      return filter(document);
    };
  }

  async #dryRun(flags: ApiFlags, request: ApiCall, context: Context): Promise<Result> {
    const [{ dryRun }, { labelOf }, { notedIdOf }] = await Promise.all([
      import('./api/catalogue.js'),
      import('@vastai-cli/core/internal/credentials/chain'),
      import('@vastai-cli/core/internal/credentials/noted-key'),
    ]);
    const client = await this.connect(flags);
    const found = await this.keyOf(context);
    return dryRun(client, request, { name: labelOf(found), id: notedIdOf(context.record, found.key) });
  }
}

/** Returns what an interruption leaves open, for a request that makes a key. */
async function adviceIfLost(request: ApiCall): Promise<string | undefined> {
  return (await import('./api/catalogue.js')).adviceIfLost(request);
}

const FIELD_FLAGS: Readonly<Record<string, TypedField['flag']>> = { 'raw-field': '-f', field: '-F' };

/** Returns the fields in the order in which they were typed, which oclif keeps only in its tokens. */
function typedFields(tokens: readonly { type: string; flag?: string; input: string }[]): TypedField[] {
  return tokens.flatMap(({ flag: name = '', input: text }) => {
    const flag = FIELD_FLAGS[name];
    return flag === undefined ? [] : [{ flag, text }];
  });
}
