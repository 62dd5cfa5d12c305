/** Lists the first of many, such as `a, b and 3 more`. */
export function firstOf(items: readonly (string | number)[], most: number): string {
  const more = items.length > most ? ` and ${items.length - most} more` : '';
  return `${items.slice(0, most).join(', ')}${more}`;
}
