import { string as argument } from '@oclif/core/args';
import { boolean } from '@oclif/core/flags';
import { BaseCommand } from '@vastai-cli/kit/command/base-command';
import { type Column, type Part, type Result, sentence, table } from '@vastai-cli/kit/result';
import { type ListedOperation, listOperations } from '@vastai-cli/permissions/catalogue/list-operations';
import { quote } from '@vastai-cli/permissions/json/quote';

export default class PermissionsOperations extends BaseCommand {
  static override summary = 'List the operations of the Vast.ai API and their categories.';
  static override description =
    'Without WORD, lists every operation found in public sources. "exec --broker" refuses sensitive operations unless you allow them. --json adds the endpoint names and the commands of the official CLI. Works offline.';
  static override examples = [
    {
      description: 'Find what a category grants:',
      command: '<%= config.bin %> permissions operations machine_read',
    },
    {
      description: 'Find what a program behind a broker cannot do by default:',
      command: '<%= config.bin %> permissions operations --sensitive',
    },
    {
      description: 'Find what a command of the official CLI calls:',
      command: "<%= config.bin %> permissions operations 'destroy instance'",
    },
  ];
  static override flags = {
    sensitive: boolean({ description: 'List only sensitive operations.' }),
  };
  static override args = {
    word: argument({
      name: 'WORD',
      ignoreStdin: true,
      description: 'A part of a name, route, category, endpoint name or command.',
    }),
  };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(PermissionsOperations);
    const operations = listOperations(args.word, flags.sensitive);
    return {
      document: operations,
      human: [
        operations.length === 0 ? nothingWith(args.word ?? '', flags.sensitive) : table(COLUMNS, operations),
      ],
    };
  }
}

const COLUMNS: readonly Column<ListedOperation>[] = [
  { title: 'OPERATION', value: ({ operation }) => operation },
  { title: 'REQUEST', value: ({ method, route }) => `${method} ${route}`, whole: true },
  { title: 'CATEGORY', value: ({ category }) => category },
  {
    title: 'WHAT IT DOES',
    value: ({ risks, sensitive }) =>
      `${sensitive ? 'sensitive: ' : ''}${risks.map(({ reason }) => reason).join('; ')}`,
    wraps: true,
  },
];

function nothingWith(word: string, sensitive: boolean): Part {
  const what = sensitive
    ? 'No sensitive operation, or its route, category or command,'
    : 'No operation, route, category or command';
  return sentence(`${what} contains ${quote(word)}.`);
}
