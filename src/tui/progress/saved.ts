/** What is kept of an open lesson or sandbox: the step it was at and the session's own text. */
const FORMAT = 1

export interface Saved {
  /** Null in the sandbox. */
  readonly step: string | null
  readonly session: string
}

export function writeSaved({ step, session }: Saved): string {
  return `${JSON.stringify({ format: FORMAT, step })}\n${session}`
}

/** Null for what this version cannot read: the world is built anew then. */
export function readSaved(text: string | null): Saved | null {
  const end = text?.indexOf('\n') ?? -1
  if (text === null || end < 0) return null
  try {
    const head = JSON.parse(text.slice(0, end)) as { format?: unknown; step?: unknown }
    if (head.format !== FORMAT || !(head.step === null || typeof head.step === 'string')) return null
    return { step: head.step, session: text.slice(end + 1) }
  } catch {
    return null
  }
}
