import type { KeyPlace } from '@vastai-cli/core/internal/credentials/remove';
import type { ReplacedKey } from '@vastai-cli/core/internal/credentials/save';
import type { SourceName } from '@vastai-cli/core/internal/credentials/source';
import type { Change } from '@vastai-cli/core/internal/operations/migrate/step';
import type { KeyStore } from '@vastai-cli/core/internal/secrets/store';
import type { Rendered } from '@vastai-cli/kit/render/advice';
import type { DryRun } from './commands/api/dry-run.js';
import type { Description, ListedRoute } from './commands/api/routes.js';
import type { Received } from './commands/api/send.js';
import type { AuthReport } from './commands/auth/report.js';
import type { Shell } from './commands/autocomplete/completion/completion-script.js';
import type { Finding } from './commands/doctor/finding.js';
import type { ListedProfile } from './commands/profile/listed-profiles.js';
import type { VersionDetails } from './commands/version.js';
import type { ShownSession } from './keys/shown-session.js';
import type { Verification } from './keys/verify-key.js';

/** Maps each command to the document that it prints with `--json`. Source of the schemas in packages/cli/contract. */
export interface Documents {
  /** The body of the response as it came, or the results of --jq; for no body, `Received`. Otherwise what is known about routes. */
  api: unknown | Received | readonly ListedRoute[] | Description | DryRun;
  'auth status': AuthReport;
  'auth token': Token;
  autocomplete: SwitchedOn | Script | WrittenScripts;
  'autocomplete create': WrittenScripts;
  /** The names of the profiles. */
  'autocomplete profiles': readonly string[];
  'autocomplete script': Script;
  'config migrate': Migration;
  doctor: { readonly checks: readonly Rendered<Finding>[] };
  'profile list': readonly ListedProfile[];
  'profile remove': Removal;
  'profile use': {
    /** The profile that is used from now on. */
    readonly current: string;
  };
  'set api-key': SavedKeyReport;
  'unset api-key': Removal;
  version: VersionDetails;
}

/** Maps commands to the fields that a failure adds next to `error`. */
export interface Failures {
  'config migrate': Partial<Migration>;
  'profile remove': Partial<Pick<Removal, 'removed'>>;
  'unset api-key': Partial<Pick<Removal, 'removed'>>;
}

interface Token {
  readonly key: string;
  readonly source: SourceName;
  readonly location: string;
  /** The two-factor session that "key" is, if the key of the source has one. */
  readonly session?: ShownSession;
}

interface SwitchedOn {
  readonly shell: Shell;
  /** The steps that turn on completion in this shell. */
  readonly instructions: string;
}

interface Script {
  readonly shell: Shell;
  readonly script: string;
}

interface WrittenScripts {
  /** The paths of the scripts that were written. */
  readonly written: readonly string[];
}

interface Migration {
  /** True if the changes were made; false if they were only planned. */
  readonly applied: boolean;
  readonly changes: readonly Rendered<Change>[];
}

interface Removal {
  readonly profile: string;
  /** The places from which a key was removed. */
  readonly removed: readonly KeyPlace[];
}

interface SavedKeyReport {
  readonly profile: string;
  readonly url: string;
  readonly storage: KeyStore['kind'];
  readonly location: string;
  /** The last four characters of the key. */
  readonly suffix: string;
  readonly verified: Exclude<Verification['state'], 'rejected' | 'two_factor'>;
  /** The other keys that were there before. */
  readonly replaced?: readonly ReplacedKey[];
}
