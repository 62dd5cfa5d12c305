/** A stretch of text that has a style on terminals that show one. */
export interface StyledSpan {
  readonly text: string;
  readonly style: 'dim' | 'magenta' | 'red' | 'yellow';
}

export type StyledText = readonly (string | StyledSpan)[];

/** One line for a person, of the shape that commands print. */
export type StyledLine =
  /** A terminal breaks it at spaces. */
  | { readonly kind: 'entries'; readonly text: StyledText }
  /** Stays whole, and fits the width that it is given; undefined where there is none. */
  | { readonly kind: 'sized'; readonly textFor: (columns: number | undefined) => StyledText };
