/** What ends a command without a stack: wrong words, files that cannot be read. */

/** What went wrong and what to do about it, for the person at the keyboard. */
export class Refusal extends Error {
  readonly status: number
  constructor(message: string, status: number) {
    super(message)
    this.status = status
  }
}

export function attempt<T>(what: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new Refusal(`${what} (${(error as NodeJS.ErrnoException).code ?? String(error)}).`, 1)
  }
}

export function print(text: string): void {
  process.stdout.write(text)
}

export function describeFailure(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `docker-net-tutor: something went wrong; your progress is saved.\n${text}\n`
}
