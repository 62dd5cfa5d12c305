import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { PRESETS, type Preset, presetNamed } from '@vastai-cli/permissions/authoring/presets';
import { quote } from '@vastai-cli/permissions/json/quote';

/** Returns the preset with this name. @throws UsageError if there is no such preset. */
export function requirePreset(name: string): Preset {
  const preset = presetNamed(name);
  if (preset !== undefined) return preset;
  throw new UsageError(
    `Unknown preset ${quote(name)}.`,
    `The presets are ${PRESETS.map((one) => one.name).join(', ')}.`,
  );
}
