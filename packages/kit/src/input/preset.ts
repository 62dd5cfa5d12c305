import { type Environment, instanceIdOf } from '@vastai-cli/core/internal/base/environment';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import {
  documentOfPreset,
  PRESETS,
  type Preset,
  type PresetDocument,
  presetNamed,
} from '@vastai-cli/permissions/authoring/presets';
import { quote } from '@vastai-cli/permissions/json/quote';

/** A preset with its document, which may be about the instance in `CONTAINER_ID`. */
export type ReadyPreset = Omit<Preset, 'document'> & { readonly document: PresetDocument };

/**
 * Returns the preset with this name.
 *
 * @throws UsageError if there is no such preset, or if it needs the ID of an instance and `CONTAINER_ID` has none.
 */
export function requirePreset(name: string, environment: Environment): ReadyPreset {
  const preset = presetNamed(name);
  if (preset === undefined) {
    const names = PRESETS.map((one) => one.name).join(', ');
    throw new UsageError(`Unknown preset ${quote(name)}.`, `The presets are ${names}.`);
  }
  const document = documentOfPreset(preset, instanceIdOf(environment));
  if (document !== undefined) return { ...preset, document };
  const value = environment.CONTAINER_ID === undefined ? 'is not set' : 'is not the ID of an instance';
  throw new UsageError(
    `The preset ${name} is for one instance, but CONTAINER_ID ${value}.`,
    'Vast.ai sets CONTAINER_ID on a rented machine. Elsewhere, set it to the ID of the instance yourself.',
  );
}
