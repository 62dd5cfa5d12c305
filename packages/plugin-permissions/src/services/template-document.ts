import { documentText } from '@vastai-cli/permissions/document/document-text';
import { requirePreset } from './required-preset.js';

/** Where `permissions schema` is meant to be kept, as seen from the permission file. */
const SCHEMA = './vast-permissions.schema.json';

/** A permission file to start from. */
export interface TemplateDocument {
  readonly document: Readonly<Record<string, unknown>>;
  /** As it is written. */
  readonly text: string;
  /** What to know about it, each a sentence. */
  readonly notes: readonly string[];
}

/** The document of a preset with the line for editors. @throws UsageError where there is no such preset. */
export function templateDocument(name: string): TemplateDocument {
  const preset = requirePreset(name);
  const text = documentText(preset.document, SCHEMA);
  return { document: JSON.parse(text), text, notes: [preset.purpose, ...preset.notes] };
}
