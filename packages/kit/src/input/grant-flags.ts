import { option, string } from '@oclif/core/flags';
import { PRESETS } from '@vastai-cli/permissions/authoring/presets';

/** The flags that grant permissions to a key or a role without a permission file. */
export const grantFlags = {
  preset: option({
    options: PRESETS.map(({ name }) => name),
    description: 'Grant the permissions for a common task; see "permissions init".',
  })(),
  allow: string({
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'CATEGORY[:ENDPOINT[:param=value]]',
    description: 'Grant a category, an endpoint, or an endpoint for one parameter value. Can be repeated.',
  }),
};
