/**
 * Formats a permission document for a file: indented by two spaces, with a final newline.
 *
 * @param schema the value of a `$schema` key to insert first, for editors
 */
export function documentText(document: object, schema?: string): string {
  const shown = schema === undefined ? document : { $schema: schema, ...document };
  return `${JSON.stringify(shown, null, 2)}\n`;
}
