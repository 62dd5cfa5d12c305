/** The operations whose body carries another request, which Vast.ai sends later. */
const CARRIERS: ReadonlySet<string> = new Set(['scheduled_job.create', 'scheduled_job.update']);

/** Returns true if a call of this operation carries another request, so that allowing the call alone is not enough. */
export function carriesRequest(operation: string): boolean {
  return CARRIERS.has(operation);
}
