/** Something that the bench is not to blame for: a program that is missing or fails. The message says it all. */
export class BenchError extends Error {}
