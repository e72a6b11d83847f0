/** From a key to its character on the terminal, in the lesson screen of the built program at 120×36. */
import { KEYS, newHome, Program } from '../e2e/program.ts'
import { median } from './start.ts'

export interface KeysResult {
  readonly keys: number
  readonly medianMs: number
  readonly p95Ms: number
  readonly bytesPerKey: number
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'

/** `lesson`: the id of the lesson to open. */
export async function measureKeys(lesson: string, keys = 300): Promise<KeysResult> {
  const home = newHome()
  const program = new Program({ home: home.folder, columns: 120, rows: 36, args: ['lesson', lesson] })
  try {
    await program.until('LESSON')
    await program.until(/[#$>] *$/m, 30_000)
    program.type(KEYS.switch)
    await program.until('SHELL')
    const times: number[] = []
    let bytes = 0
    for (let i = 0; i < keys + 20; i++) {
      if (i % 40 === 0) {
        program.type('\u0015')
        await new Promise((resolve) => setTimeout(resolve, 60))
      }
      const before = program.output.length
      const took = await echo(program, LETTERS[i % LETTERS.length]!)
      // The first ones warm up.
      if (i >= 20) {
        times.push(took)
        bytes += program.output.length - before
      }
      await new Promise((resolve) => setTimeout(resolve, 12))
    }
    const sorted = times.sort((a, b) => a - b)
    return {
      keys,
      medianMs: median(sorted),
      p95Ms: sorted[Math.floor(sorted.length * 0.95)]!,
      bytesPerKey: Math.round(bytes / keys),
    }
  } finally {
    program.dispose()
    home.remove()
  }
}

function echo(program: Program, letter: string): Promise<number> {
  return new Promise((resolve) => {
    let output = ''
    const began = performance.now()
    const heard = program.pty.onData((data) => {
      output += data
      if (!output.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').includes(letter)) return
      heard.dispose()
      resolve(performance.now() - began)
    })
    program.type(letter)
  })
}
