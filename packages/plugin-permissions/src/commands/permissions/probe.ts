import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import type { Result } from '@vastai-cli/kit/result';
import { categoryProbes } from '@vastai-cli/permissions/decision/probes';
import { probeParts } from '../../probe/probe-parts.js';
import { probeCategories } from '../../probe/probe-report.js';

export default class PermissionsProbe extends ApiCommand {
  static override summary = 'Ask the API which categories this key can read.';
  static override description =
    'Sends one harmless GET request for each category that can be read, and never prints a response. Write categories are not probed; to see those, run "permissions explain key:ID". Exit status: 0 if the API responded to all requests, even if it denied them.';
  static override examples = [
    {
      description: 'Probe the key in VAST_API_KEY:',
      command: '<%= config.bin %> permissions probe',
    },
    {
      description: 'List the categories that a saved key can read:',
      command:
        '<%= config.bin %> permissions probe --profile work --json | jq -r \'.categories[] | select(.access == "yes").category\'',
    },
  ];

  async run(): Promise<Result> {
    const { flags } = await this.parse(PermissionsProbe);
    const client = await this.connect(flags);
    const probes = categoryProbes();
    const count = probes.filter(({ operation }) => operation !== undefined).length;
    if (this.terminal.canAsk) this.output.note(`Sends ${count} GET requests, which change nothing.`);
    let sent = 0;
    const report = await probeCategories(client, probes, () => {
      sent += 1;
      this.output.progress(`Request ${sent} of ${count}`);
    });
    this.output.endProgress();
    return { document: report, human: probeParts(report) };
  }
}
