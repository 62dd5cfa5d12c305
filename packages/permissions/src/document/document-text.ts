/**
 * Writes a permission document as the text of a file: indented by two, with a final line break.
 *
 * @param schema put first as `$schema`, for editors
 */
export function documentText(document: object, schema?: string): string {
  const shown = schema === undefined ? document : { $schema: schema, ...document };
  return `${JSON.stringify(shown, null, 2)}\n`;
}
