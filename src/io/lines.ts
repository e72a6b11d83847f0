/** Lines in, text out: the course without a screen. */
import { createInterface } from 'node:readline'

export interface Lines {
  /** The next line, null at the end of input. */
  next(): Promise<string | null>
  print(text: string): void
  complain(text: string): void
  /** No more lines are wanted, though more may come: the program may end. */
  close(): void
}

export function openLines(): Lines {
  const reader = createInterface({ input: process.stdin, terminal: false })
  const waiting: string[] = []
  const asking: ((line: string | null) => void)[] = []
  let ended = false
  reader.on('line', (line) => {
    const ask = asking.shift()
    if (ask === undefined) waiting.push(line)
    else ask(line)
  })
  reader.on('close', () => {
    ended = true
    for (const ask of asking.splice(0)) ask(null)
  })
  return {
    next() {
      const line = waiting.shift()
      if (line !== undefined) return Promise.resolve(line)
      if (ended) return Promise.resolve(null)
      return new Promise((resolve) => asking.push(resolve))
    },
    print: (text) => void process.stdout.write(text),
    complain: (text) => void process.stderr.write(text),
    close() {
      reader.close()
      process.stdin.destroy()
    },
  }
}
