/** Holds a part of a line and its style on terminals that support styles. */
export interface StyledSpan {
  readonly text: string;
  readonly style: 'dim' | 'magenta' | 'red' | 'yellow';
}

export type StyledText = readonly (string | StyledSpan)[];

/** One line of output, in the form that commands print. */
export type StyledLine =
  /** Wraps at spaces. */
  | { readonly kind: 'entries'; readonly text: StyledText }
  /** Never wraps, and adapts to the width. `columns` is undefined if the output is not a terminal. */
  | { readonly kind: 'sized'; readonly textFor: (columns: number | undefined) => StyledText };
