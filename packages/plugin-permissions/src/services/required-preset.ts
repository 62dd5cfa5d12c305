import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { PRESETS, type Preset, presetNamed } from '@vastai-cli/permissions/authoring/presets';

/** The preset of a name. @throws UsageError where there is none. */
export function requirePreset(name: string): Preset {
  const preset = presetNamed(name);
  if (preset !== undefined) return preset;
  throw new UsageError(
    'There is no such preset.',
    `The presets are ${PRESETS.map((one) => one.name).join(', ')}.`,
  );
}
