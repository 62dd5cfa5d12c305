/** Returns the final content of a screen: text after a carriage return overwrites the line. */
export function leftOnScreen(sent: string): string[] {
  return sent
    .split('\r\n')
    .map((line) =>
      line
        .split('\r')
        .reduce((shown, part) => part + shown.slice(part.length), '')
        .trimEnd(),
    )
    .filter((line) => line !== '');
}
